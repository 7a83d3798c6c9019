//! Changing one's own password.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::{
    flow::password::{ChangePasswordError, Unacceptable},
    model::{account::RequiredAction, password::ContextWords, session::SignedIn},
};

use super::{
    common::{LoggedInOrPendingPage, MessageParts, PageContext, QueryOrDefault, Wanted},
    error::PageError,
    new_password::{self, NewPasswordView, Owner},
};
use crate::{
    app::App,
    view::{Action, Frame, MessageKind},
    web::{
        client::From as ClientOf,
        form::{Form, FormState},
        return_to::{FIELD, ReturnTo},
    },
    wire::ChangePassword,
};

#[derive(Template)]
#[template(path = "change_password.html")]
struct ChangePage {
    frame: Frame,
    form: FormState,
    email: String,
    new_password: NewPasswordView,
    is_required: bool,
    /// Whether the current password has to be typed.
    asks_current: bool,
    /// Where to go on afterwards, if that was said.
    return_to: Option<String>,
}

async fn page_of(
    app: &App,
    context: &PageContext,
    status: StatusCode,
    signed_in: &SignedIn,
    (mut form, return_to): (FormState, Option<&ReturnTo>),
    wrong: Option<&Unacceptable>,
) -> Result<Response, PageError> {
    let texts = context.frame.texts();
    if let Some(wrong) = wrong {
        new_password::say_what_is_wrong(&mut form, texts, &wrong.password, wrong.confirmation);
    }
    let account = &signed_in.account;
    let company = app.flows().companies.own(signed_in).await?.map(|company| company.name);
    let names = [&account.first_name, &account.last_name];
    let words = ContextWords::collect(&account.email, names, company.as_ref(), &app.settings().product_name);
    let page = ChangePage {
        frame: context.frame.clone(),
        form,
        email: account.email.as_str().to_owned(),
        new_password: NewPasswordView::of(app, texts, Owner::Known, &words, wrong),
        asks_current: !app.flows().change_password.knows_current(signed_in).await?,
        is_required: account.required_actions.contains(&RequiredAction::ChangePassword),
        return_to: return_to.map(|place| place.as_str().to_owned()),
    };
    Ok(context.page(status, &page))
}

pub(crate) async fn show(
    State(app): State<App>,
    page: LoggedInOrPendingPage,
    QueryOrDefault(query): QueryOrDefault<Wanted>,
) -> Result<Response, PageError> {
    let LoggedInOrPendingPage { context, signed_in } = page;
    let return_to = app.return_to(&query.return_to);
    let filled = (FormState::default(), return_to.as_ref());
    page_of(&app, &context, StatusCode::OK, &signed_in, filled, None).await
}

pub(crate) async fn submit(
    State(app): State<App>,
    page: LoggedInOrPendingPage,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    let LoggedInOrPendingPage { context, signed_in } = page;
    let mut form = context.accept(form)?;
    let return_to = app.return_to(&form.take(FIELD));
    // It is on the page for password managers.
    form.take("email");
    let texts = context.frame.texts();
    let mut filled = FormState::default();
    let mut wrong = None;
    match form.input::<ChangePassword>()?.read(client) {
        Ok(command) => match app.flows().change_password.run(&signed_in, command).await {
            Ok(()) => {
                let to = return_to.unwrap_or_default().as_str().to_owned();
                let action = Some(Action::Link { to, label: context.frame.t("go-on") });
                let parts = MessageParts { key: "password-changed", kind: MessageKind::Good, action, links: Vec::new() };
                return Ok(context.message(StatusCode::OK, parts));
            }
            Err(ChangePasswordError::WrongPassword(faults)) => {
                filled.wrong("current_password", texts.get("current-password-wrong"));
                wrong = Some(faults);
            }
            Err(ChangePasswordError::Refused(faults)) => wrong = Some(faults),
            Err(ChangePasswordError::Conflict) => return Err(PageError::Conflict),
            Err(ChangePasswordError::Fault(fault)) => return Err(fault.into()),
        },
        Err(errors) => filled.say(errors, texts),
    }
    page_of(&app, &context, StatusCode::UNPROCESSABLE_ENTITY, &signed_in, (filled, return_to.as_ref()), wrong.as_ref()).await
}
