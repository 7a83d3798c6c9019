//! Forgotten passwords: asking for a link, and setting a new one by it.

use askama::Template;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::Response,
};
use identity_core::{
    flow::{
        password::Unacceptable,
        recovery::{PreviewRecoveryError, RecoveryError, RecoveryPreview, ResetError},
    },
    value::{TokenId, TokenKind},
};

use super::{
    common::{MessageParts, PageContext, QueryOrDefault, Wanted, Way},
    error::PageError,
    link::{Holder, LinkForm, LinkPage, OpenedLink, OtherAccount, ends_other_session, log_in_link, logs_in_with, used},
    new_password::{self, NewPasswordView, Owner},
};
use crate::{
    app::App,
    view::{Action, Frame, MessageKind},
    web::{
        client::From as ClientOf,
        cookies::CookieKind,
        form::{Form, FormState},
        return_to::{FIELD, ReturnTo, on_the_way},
    },
    wire::{CompleteReset, CompleteResetWithAnswer, RequestReset},
};

#[derive(Template)]
#[template(path = "forgot_password.html")]
struct ForgotPage {
    frame: Frame,
    form: FormState,
    way: Way,
}

#[derive(Template)]
#[template(path = "forgot_sent.html")]
struct SentPage {
    frame: Frame,
    email: String,
    way: Way,
}

pub(crate) async fn show_forgot(
    State(app): State<App>,
    context: PageContext,
    QueryOrDefault(query): QueryOrDefault<Wanted>,
) -> Response {
    let way = Way::of(&app, &query.return_to);
    context.page(StatusCode::OK, &ForgotPage { frame: context.frame.clone(), form: FormState::default(), way })
}

/// The same page whatever the address is.
pub(crate) async fn ask(
    State(app): State<App>,
    context: PageContext,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    let mut form = context.accept(form)?;
    let way = Way::of(&app, &form.take(FIELD));
    let texts = context.frame.texts();
    let mut filled = FormState::again(&form);
    let input = RequestReset { language: Some(texts.language().to_string()), ..form.input()? };
    let (email, language) = match input.read() {
        Ok(read) => read,
        Err(errors) => {
            filled.say(errors, texts);
            let page = ForgotPage { frame: context.frame.clone(), form: filled, way };
            return Ok(context.page(StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
    };
    let shown = email.as_str().to_owned();
    match app.flows().request_recovery.run(email, language, &client).await {
        Ok(()) => {
            let wanted = way.wanted.clone();
            let page = SentPage { frame: context.frame.clone(), email: shown, way };
            Ok(context.keeps_way(&app, wanted.as_ref(), context.page(StatusCode::ACCEPTED, &page)))
        }
        Err(RecoveryError::Fault(fault)) => Err(fault.into()),
    }
}

/// The pages of reset links.
pub(crate) struct Reset;

#[derive(Template)]
#[template(path = "reset_password.html")]
struct ResetPage {
    frame: Frame,
    form: FormState,
    link: TokenId,
    other_account: Option<OtherAccount>,
    email: String,
    new_password: NewPasswordView,
    /// The security question that has to be answered as well.
    question: Option<String>,
}

impl LinkPage for Reset {
    const KIND: TokenKind = TokenKind::Recovery;

    fn dead(app: &App, context: &PageContext) -> Response {
        let frame = &context.frame;
        let ask = on_the_way("/forgot-password", context.was_going_to(app).as_ref());
        let action = Some(Action::Link { to: ask, label: frame.t("ask-for-new-link") });
        let links = vec![log_in_link(app, context), ("/help".to_owned(), frame.t("help-still"))];
        context.message(StatusCode::GONE, MessageParts { key: "dead-reset", kind: MessageKind::Warning, action, links })
    }
}

fn page_of(
    app: &App,
    context: &PageContext,
    status: StatusCode,
    (link, preview): (TokenId, &RecoveryPreview),
    mut form: FormState,
    wrong: Option<&Unacceptable>,
) -> Response {
    let texts = context.frame.texts();
    if let Some(wrong) = wrong {
        new_password::say_what_is_wrong(&mut form, texts, &wrong.password, wrong.confirmation);
    }
    let page = ResetPage {
        frame: context.frame.clone(),
        form,
        other_account: OtherAccount::of(context, holder(preview), format!("/reset-password/{link}")),
        link,
        email: preview.email.as_str().to_owned(),
        new_password: NewPasswordView::of(app, texts, Owner::Known, &preview.words, wrong),
        question: preview.question.as_ref().map(|question| question.text.clone()),
    };
    context.page(status, &page)
}

const fn holder(preview: &RecoveryPreview) -> Holder<'_> {
    Holder::Account(preview.account, Some(&preview.email))
}

pub(crate) async fn show_reset(State(app): State<App>, link: OpenedLink<Reset>) -> Result<Response, PageError> {
    let OpenedLink { context, id, secret, .. } = link;
    match app.flows().preview_recovery.run(&secret).await {
        Ok(preview) => {
            let context = context.in_language(&preview.language);
            Ok(page_of(&app, &context, StatusCode::OK, (id, &preview), FormState::default(), None))
        }
        Err(PreviewRecoveryError::DeadLink) => Ok(Reset::dead(&app, &context)),
        Err(PreviewRecoveryError::Fault(fault)) => Err(fault.into()),
    }
}

pub(crate) async fn reset(
    State(app): State<App>,
    ClientOf(client): ClientOf,
    form: LinkForm<Reset>,
) -> Result<Response, PageError> {
    let LinkForm { link: OpenedLink { context, id, secret, .. }, mut form } = form;
    // It is on the page for password managers.
    form.take("email");
    let input: CompleteResetWithAnswer = match app.settings().security_questions {
        Some(_) => form.input()?,
        None => form.input::<CompleteReset>()?.into(),
    };
    let preview = match app.flows().preview_recovery.run(&secret).await {
        Ok(preview) => preview,
        Err(PreviewRecoveryError::DeadLink) => return Ok(Reset::dead(&app, &context)),
        Err(PreviewRecoveryError::Fault(fault)) => return Err(fault.into()),
    };
    let context = context.in_language(&preview.language);
    let mut filled = FormState::default();
    let again = |filled, wrong: Option<&Unacceptable>| {
        page_of(&app, &context, StatusCode::UNPROCESSABLE_ENTITY, (id, &preview), filled, wrong)
    };
    let command = match input.read(secret, client) {
        Ok(command) => command,
        Err(errors) => {
            filled.say(errors, context.frame.texts());
            return Ok(again(filled, None));
        }
    };
    match app.flows().reset_password.run(command).await {
        Ok(done) => {
            // People who had lost the way in go on to where they were going; those who were going nowhere look at what happened
            // meanwhile.
            let review = || ReturnTo::Own("/account/security?review=true".to_owned());
            let to = context.was_going_to(&app).unwrap_or_else(review).by("/login");
            let action = Some(Action::Link { to, label: context.frame.t("log-in") });
            let parts = MessageParts { key: "reset-done", kind: MessageKind::Good, action, links: Vec::new() };
            let mut response = used(&app, (Reset::KIND, id), context.message(StatusCode::OK, parts));
            let kept = CookieKind::keep_device(&done.device, &app.settings().public_url);
            response.headers_mut().append(header::SET_COOKIE, kept);
            let response = logs_in_with(&app, &preview.email, response);
            ends_other_session(&app, &context, holder(&preview), response).await
        }
        Err(ResetError::DeadLink) => Ok(Reset::dead(&app, &context)),
        Err(ResetError::Refused(wrong)) => Ok(again(filled, Some(&wrong))),
        Err(ResetError::AnswerNeeded(_)) => {
            filled.wrong("security_answer", context.frame.t("security-answer-needed"));
            Ok(again(filled, None))
        }
        Err(ResetError::WrongAnswer(_)) => {
            filled.wrong("security_answer", context.frame.t("security-answer-wrong"));
            Ok(again(filled, None))
        }
        Err(ResetError::Fault(fault)) => Err(fault.into()),
    }
}
