//! Registering by invitation.

use askama::Template;
use axum::{
    extract::State,
    http::{Method, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use identity_core::{
    flow::{
        invitation::{AcceptDone, AcceptError, DeclineError, Preview, PreviewError, Way},
        submission::Refusal,
    },
    model::{custom_field::FieldPlace, password::ContextWords},
    value::{EmailAddress, TimeZone, TokenId},
};

use super::{
    access,
    common::{MessageParts, PageContext, PathParam},
    dead_invitation::{Invitation, dead_invitation, dead_link},
    declared::{self, FieldView},
    error::PageError,
    link::{
        Holder, LinkForm, LinkPage, Opened, OpenedLink, OtherAccount, ends_other_session, logs_in_with, no_cookie, opened, used,
    },
    new_password::{self, NewPasswordView, Owner},
};
use crate::{
    app::App,
    pages::legal::rendered,
    text::Texts,
    view::{Action, Frame, MessageKind, Moment},
    web::{
        client::From as ClientOf,
        cookies::CookieKind,
        form::{Form, FormState},
    },
    wire::AcceptInvitation,
};

#[derive(Template)]
#[template(path = "register.html")]
struct RegisterPage {
    frame: Frame,
    form: FormState,
    link: TokenId,
    other_account: Option<OtherAccount>,
    /// Until when an account that had the address before can have it back.
    address_undo_until: Option<Moment>,
    invited: Option<Invited>,
    fields: Vec<FieldView>,
    terms: String,
    terms_version: u32,
    new_password: NewPasswordView,
    /// The first operator registers: the address and the company's name are asked for.
    is_first_operator: bool,
}

/// Who invites, and until when.
struct Invited {
    inviter: String,
    company: String,
    until: Moment,
}

fn holder(preview: &Preview) -> Holder<'_> {
    preview.email.as_ref().map_or(Holder::Anyone, Holder::Address)
}

pub(crate) async fn show(State(app): State<App>, method: Method, link: OpenedLink<Invitation>) -> Result<Response, PageError> {
    let OpenedLink { context, id, secret, .. } = link;
    let found =
        if method == Method::HEAD { app.flows().preview.run(&secret).await } else { app.flows().preview.open(&secret).await };
    match found {
        Ok(preview) if preview.way != Way::Register => {
            access::page_of(&app, &context, StatusCode::OK, id, &preview, FormState::default()).await
        }
        Ok(preview) => {
            let context = context.in_language(&preview.language);
            let form = FormState::default()
                .with("first_name", preview.first_name.as_ref())
                .with("last_name", preview.last_name.as_ref())
                .with("email", preview.email.as_ref().map(EmailAddress::as_str));
            Ok(page_of(&app, &context, StatusCode::OK, id, &preview, form, None))
        }
        Err(PreviewError::DeadLink(invited_by)) => Ok(dead_invitation(&app, &context, id, invited_by)),
        Err(PreviewError::Fault(fault)) => Err(fault.into()),
    }
}

/// The registration page, filled in.
fn page_of(
    app: &App,
    context: &PageContext,
    status: StatusCode,
    link: TokenId,
    preview: &Preview,
    form: FormState,
    refusal: Option<&Refusal>,
) -> Response {
    let texts = context.frame.texts();
    let judged = refusal.and_then(|refusal| new_password::judged(refusal, &form));
    let mut words = ContextWords::default();
    words.add(&app.settings().product_name);
    if let Some(company) = &preview.company {
        words.add(company.as_str());
    }
    let (_, markdown) = preview.terms.text_for(texts.language()).unwrap_or((texts.language(), ""));
    let invited = preview.inviter.as_ref().zip(preview.company.as_ref()).map(|(inviter, company)| Invited {
        inviter: inviter.clone(),
        company: company.to_string(),
        until: Moment::of(preview.expires_at, texts),
    });
    let page = RegisterPage {
        frame: context.frame.clone(),
        form,
        address_undo_until: preview.address_undo_until.map(|until| Moment::of(until, texts)),
        other_account: OtherAccount::of(context, holder(preview), format!("/register/{link}")),
        link,
        invited,
        fields: declared::views(app, FieldPlace::Registration, texts),
        terms: rendered(markdown),
        terms_version: preview.terms.number,
        new_password: NewPasswordView::of(app, texts, Owner::New, &words, judged.as_ref()),
        is_first_operator: preview.email.is_none(),
    };
    context.page(status, &page)
}

pub(crate) async fn submit(
    State(app): State<App>,
    ClientOf(client): ClientOf,
    form: LinkForm<Invitation>,
) -> Result<Response, PageError> {
    let LinkForm { link: OpenedLink { context, id, secret, .. }, form } = form;
    let input: AcceptInvitation = form.input()?;
    let preview = match app.flows().preview.run(&secret).await {
        Ok(preview) => preview,
        Err(PreviewError::DeadLink(invited_by)) => return Ok(dead_invitation(&app, &context, id, invited_by)),
        Err(PreviewError::Fault(fault)) => return Err(fault.into()),
    };
    let context = context.in_language(&preview.language);
    let texts = context.frame.texts();
    let mut filled = FormState::again(&form);
    if let Some(email) = &preview.email {
        filled = filled.with("email", Some(email.as_str()));
    }
    let answer = match of_the_page(&app, input, texts).read(secret.clone(), client.clone()) {
        Ok(command) => match app.flows().accept.run(command).await {
            Ok(AcceptDone { account, device }) => {
                let mut done = logs_in_with(&app, &account.email, registered(&app, &context, id));
                let kept = CookieKind::keep_device(&device, &app.settings().public_url);
                done.headers_mut().append(header::SET_COOKIE, kept);
                return ends_other_session(&app, &context, holder(&preview), done).await;
            }
            Err(error) => Err(error),
        },
        Err(unread) => {
            filled.say(unread.errors, texts);
            app.flows().accept.check(&secret, *unread.rest, &client).await
        }
    };
    match answer {
        Ok(refusal) | Err(AcceptError::Refused(refusal)) => {
            say_what_is_wrong(&app, &mut filled, &refusal, &context);
            Ok(page_of(&app, &context, StatusCode::UNPROCESSABLE_ENTITY, id, &preview, filled, Some(&refusal)))
        }
        Err(AcceptError::DeadLink) => dead_link(&app, &context, id, &secret).await,
        // The page says how it can be accepted now.
        Err(AcceptError::AddressTaken) => Ok(Redirect::to(&format!("/register/{id}")).into_response()),
        Err(AcceptError::Fault(fault)) => Err(fault.into()),
    }
}

/// The input with what the page knows and nobody types.
fn of_the_page(app: &App, mut input: AcceptInvitation, texts: &Texts) -> AcceptInvitation {
    declared::complete(app, FieldPlace::Registration, &mut input.fields);
    AcceptInvitation {
        language: Some(texts.language().to_string()),
        // As the browser says it; where that is no time zone, nothing is said.
        time_zone: input.time_zone.filter(|zone| TimeZone::parse(zone).is_ok()),
        ..input
    }
}

fn say_what_is_wrong(app: &App, filled: &mut FormState, refusal: &Refusal, context: &PageContext) {
    let texts = context.frame.texts();
    if refusal.email && filled.error("email").is_none() {
        filled.wrong("email", texts.get("email-form"));
    }
    declared::say_what_is_wrong(app, FieldPlace::Registration, texts, &refusal.fields, filled);
    new_password::say_what_is_wrong(filled, texts, &refusal.password, refusal.confirmation);
    if refusal.terms {
        filled.wrong("accept_terms", texts.get("accept-terms-form"));
    }
}

fn registered(app: &App, context: &PageContext, link: TokenId) -> Response {
    let action = Some(Action::Link { to: "/login".to_owned(), label: context.frame.t("log-in") });
    let parts = MessageParts { key: "registered", kind: MessageKind::Good, action, links: Vec::new() };
    used(app, (Invitation::KIND, link), context.message(StatusCode::CREATED, parts))
}

pub(crate) async fn ask_decline(State(app): State<App>, link: OpenedLink<Invitation>) -> Result<Response, PageError> {
    let OpenedLink { context, id, secret, .. } = link;
    match app.flows().preview.run(&secret).await {
        Ok(preview) => {
            let context = context.in_language(&preview.language);
            let frame = &context.frame;
            let action = Some(Action::Submit { to: format!("/register/{id}/decline"), label: frame.t("decline") });
            let links = vec![(format!("/register/{id}"), frame.t("decline-back"))];
            let key = if preview.way == Way::Register { "ask-decline" } else { "ask-decline-access" };
            Ok(context.message(StatusCode::OK, MessageParts { key, kind: MessageKind::Warning, action, links }))
        }
        Err(PreviewError::DeadLink(invited_by)) => Ok(dead_invitation(&app, &context, id, invited_by)),
        Err(PreviewError::Fault(fault)) => Err(fault.into()),
    }
}

pub(crate) async fn decline(
    State(app): State<App>,
    ClientOf(client): ClientOf,
    form: LinkForm<Invitation>,
) -> Result<Response, PageError> {
    let LinkForm { link: OpenedLink { context, id, secret, .. }, form } = form;
    form.only(&[])?;
    match app.flows().decline.run(&secret, &client).await {
        Ok(()) => {
            let parts = MessageParts { key: "declined", kind: MessageKind::Good, action: None, links: Vec::new() };
            Ok(used(&app, (Invitation::KIND, id), context.message(StatusCode::OK, parts)))
        }
        Err(DeclineError::DeadLink) => dead_link(&app, &context, id, &secret).await,
        Err(DeclineError::Fault(fault)) => Err(fault.into()),
    }
}

pub(crate) async fn request_renewal(
    State(app): State<App>,
    context: PageContext,
    ClientOf(client): ClientOf,
    PathParam(link): PathParam,
    form: Form,
) -> Result<Response, PageError> {
    context.accept_only(form, &[])?;
    // The same page whatever the link was; a browser that did not keep it cannot ask.
    match opened(&app, &context, Invitation::KIND, &link) {
        Opened::Page(_, secret) => app.flows().request_renewal.run(&secret, &client).await?,
        Opened::NoCookie => return Ok(no_cookie(&context)),
        Opened::Link(_) | Opened::Dead => {}
    }
    let parts = MessageParts { key: "renewal-asked", kind: MessageKind::Good, action: None, links: Vec::new() };
    Ok(context.message(StatusCode::ACCEPTED, parts))
}
