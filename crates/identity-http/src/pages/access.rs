//! Accepting an invitation with an account that is there.

use askama::Template;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use identity_core::{
    flow::invitation::{AcceptAccessCommand, AcceptAccessError, Preview, PreviewError, Way},
    model::session::CurrentUser,
    value::TokenId,
};

use super::{
    common::{MessageParts, PageContext, first},
    dead_invitation::{Invitation, dead_invitation, dead_link},
    error::PageError,
    legal::rendered,
    link::{Holder, LinkForm, LinkPage as _, OpenedLink, logs_in_with, not_yours, used},
};
use crate::{
    app::App,
    view::{Action, Frame, MessageKind, Moment, RoleText},
    web::{client::From as ClientOf, form::FormState, return_to::ReturnTo},
    wire::AcceptAccess,
};

#[derive(Template)]
#[template(path = "access.html")]
struct AccessPage {
    frame: Frame,
    form: FormState,
    link: TokenId,
    inviter: String,
    company: String,
    until: Moment,
    /// The invited address.
    email: String,
    /// What is offered, by name.
    offered: Vec<String>,
    who: Who,
    terms_version: u32,
    /// Where to log in, and to come back from.
    login: String,
}

/// Who looks at it.
enum Who {
    Nobody,
    /// The invitee; with the terms in force where they have to be accepted.
    Invitee(Option<String>),
}

/// The page of an invitation for an address that has an account.
pub(super) async fn page_of(
    app: &App,
    context: &PageContext,
    status: StatusCode,
    link: TokenId,
    preview: &Preview,
    form: FormState,
) -> Result<Response, PageError> {
    let page = format!("/register/{link}");
    // A person who is signed in reads in their language, everybody else in that of the invitation.
    let context = if context.signed_in.is_some() { context.clone() } else { context.clone().in_language(&preview.language) };
    if preview.way == Way::Elsewhere {
        let links = vec![(format!("{page}/decline"), context.frame.t("decline-link"))];
        let parts = MessageParts { key: "access-elsewhere", kind: MessageKind::Warning, action: None, links };
        return Ok(context.message(status, parts));
    }
    let email = preview.email.as_ref();
    if let Some(another) = not_yours(&context, email.map_or(Holder::Anyone, Holder::Address), &page) {
        return Ok(another);
    }
    let texts = context.frame.texts();
    let who = match &context.signed_in {
        None => Who::Nobody,
        Some(signed_in) => {
            if let Some(action) = app.first_required(&signed_in.account) {
                return Ok(first(action, &ReturnTo::Own(page)));
            }
            let waits = app.flows().accept_terms.standing(signed_in).await?.waiting().is_some();
            let text = preview.terms.text_for(texts.language()).filter(|_| waits);
            Who::Invitee(text.map(|(_, markdown)| rendered(markdown)))
        }
    };
    let access = &app.flows().access;
    let roles = access.roles().await?.into_iter().filter(|role| preview.roles.contains(&role.key));
    let subscriptions = access.subscriptions().await?.into_iter().filter(|entry| preview.subscriptions.contains(&entry.key));
    let offered = roles.map(|role| RoleText::of(&role, texts).name).chain(subscriptions.map(|entry| entry.name.to_string()));
    let view = AccessPage {
        form,
        link,
        inviter: preview.inviter.clone().unwrap_or_default(),
        company: preview.company.as_ref().map(ToString::to_string).unwrap_or_default(),
        until: Moment::of(preview.expires_at, texts),
        email: email.map(|email| email.as_str().to_owned()).unwrap_or_default(),
        offered: offered.collect(),
        who,
        terms_version: preview.terms.number,
        login: ReturnTo::Own(page).by("/login"),
        frame: context.frame.clone(),
    };
    let response = context.page(status, &view);
    Ok(match (email, &context.signed_in) {
        (Some(email), None) => logs_in_with(app, email, response),
        _ => response,
    })
}

pub(crate) async fn accept(
    State(app): State<App>,
    ClientOf(client): ClientOf,
    form: LinkForm<Invitation>,
) -> Result<Response, PageError> {
    let LinkForm { link: OpenedLink { context, id, secret, .. }, form } = form;
    let AcceptAccess { accept_terms: accepted_terms, .. } = form.input()?;
    let page = format!("/register/{id}");
    let Some(signed_in) = context.signed_in.clone() else { return Ok(Redirect::to(&page).into_response()) };
    let user = match CurrentUser::of(signed_in, app.settings()) {
        Ok(user) => user,
        Err(pending) => return Ok(first(pending.first, &ReturnTo::Own(page))),
    };
    let preview = match app.flows().preview.run(&secret).await {
        Ok(preview) => preview,
        Err(PreviewError::DeadLink(invited_by)) => return Ok(dead_invitation(&app, &context, id, invited_by)),
        Err(PreviewError::Fault(fault)) => return Err(fault.into()),
    };
    match app.flows().accept_access.run(&user, AcceptAccessCommand { secret: secret.clone(), accepted_terms, client }).await {
        Ok(accepted) => {
            let action = Some(Action::Link { to: "/account".to_owned(), label: context.frame.t("go-on") });
            let parts = MessageParts { key: "access-accepted", kind: MessageKind::Good, action, links: Vec::new() };
            let mut response = used(&app, (Invitation::KIND, id), context.message(StatusCode::OK, parts));
            for cookie in app.session_cookie().renew(&accepted.secret, &accepted.session, app.now(), context.headers()) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            Ok(response)
        }
        Err(AcceptAccessError::DeadLink) => dead_link(&app, &context, id, &secret).await,
        // Its page says what is in the way.
        Err(AcceptAccessError::WrongAccount | AcceptAccessError::OtherCompany) => Ok(Redirect::to(&page).into_response()),
        Err(AcceptAccessError::Terms) => {
            let mut filled = FormState::again(&form);
            filled.wrong("accept_terms", context.frame.t("accept-new-terms-form"));
            page_of(&app, &context, StatusCode::UNPROCESSABLE_ENTITY, id, &preview, filled).await
        }
        Err(AcceptAccessError::Conflict) => Err(PageError::Conflict),
        Err(AcceptAccessError::Fault(fault)) => Err(fault.into()),
    }
}
