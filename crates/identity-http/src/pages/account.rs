//! One's own account: the profile.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use identity_core::{
    flow::account::EditAccountError,
    model::{
        account::Account,
        custom_field::FieldPlace,
        session::{Client, CurrentUser},
    },
};

use super::{
    common::{PageContext, SignedInPage},
    declared::{self, FieldView},
    error::PageError,
};
use crate::{
    app::App,
    problem::Problem,
    view::{Avatar, Frame, Moment, RoleText},
    web::{
        client::From as ClientOf,
        feedback::Feedback,
        form::{Form, FormState},
    },
    wire::EditAccount,
};

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    frame: Frame,
    form: FormState,
    /// Whether no step of the onboarding waits.
    is_onboarded: bool,
    avatar: Avatar,
    name: String,
    email: String,
    company: String,
    roles: Vec<String>,
    subscriptions: Vec<String>,
    since: Moment,
    fields: Vec<FieldView>,
}

/// The start leads to one's account, or to the login.
pub(crate) async fn start(context: PageContext) -> Response {
    Redirect::to(if context.signed_in.is_some() { "/account" } else { "/login" }).into_response()
}

/// The form with what the account says.
pub(super) fn filled(app: &App, account: &Account) -> FormState {
    let profile = &account.profile;
    let filled = FormState::default()
        .with("first_name", Some(&account.first_name))
        .with("last_name", Some(&account.last_name))
        .with("phone", profile.phone.as_ref().map(|phone| app.phone_numbers().grouped(phone)))
        .with("department", profile.department.as_ref())
        .with("job_title", profile.job_title.as_ref());
    declared::filled(app, FieldPlace::Profile, &profile.answers, filled)
}

/// Makes the edit of a form of ours; `None` where something has to be mended, which the state of the form then says.
pub(super) async fn save(
    app: &App,
    (context, signed_in): (&PageContext, &CurrentUser),
    input: EditAccount,
    filled: &mut FormState,
    client: Client,
) -> Result<Option<Account>, PageError> {
    let texts = context.frame.texts();
    let known = app.settings().switchable(&signed_in.account);
    let refused = match input.read(known, client) {
        Ok(command) => match app.flows().edit_account.run(signed_in, command).await {
            Ok(account) => return Ok(Some(account)),
            Err(EditAccountError::Refused(refused)) => refused,
            Err(EditAccountError::Conflict) => return Err(PageError::Conflict),
            Err(EditAccountError::Fault(fault)) => return Err(fault.into()),
        },
        Err(unread) => {
            filled.say(unread.errors, texts);
            app.flows().edit_account.check(signed_in, *unread.rest)
        }
    };
    for (is_wrong, field, text) in [
        (refused.phone, "phone", "phone-form"),
        (refused.language, "language", "language-form"),
        (!refused.notifications.is_empty(), "notifications", "notifications-form"),
    ] {
        if is_wrong {
            filled.wrong(field, texts.get(text));
        }
    }
    declared::say_what_is_wrong(app, FieldPlace::Profile, texts, &refused.fields, filled);
    Ok(None)
}

/// The profile that a form says.
pub(super) fn profile(app: &App, form: &Form) -> Result<EditAccount, Problem> {
    let mut input: EditAccount = form.input()?;
    declared::complete(app, FieldPlace::Profile, &mut input.fields);
    Ok(input)
}

async fn page(
    app: &App,
    context: &PageContext,
    signed_in: &CurrentUser,
    (status, form): (StatusCode, FormState),
) -> Result<Response, PageError> {
    let account = &signed_in.account;
    let company = app.flows().companies.own(signed_in).await?.map(|company| company.name.to_string()).unwrap_or_default();
    let access = &app.flows().access;
    let roles = access.roles().await?.into_iter().filter(|role| account.roles.contains(&role.key));
    let subscriptions = access.subscriptions().await?.into_iter().filter(|entry| account.subscriptions.contains(&entry.key));
    let texts = context.frame.texts();
    let page = AccountPage {
        form,
        is_onboarded: app.flows().onboarding.progress(account).await?.is_finished,
        avatar: account.into(),
        name: account.full_name(),
        email: account.email.as_str().to_owned(),
        company,
        roles: roles.map(|role| RoleText::of(&role, texts).name).collect(),
        subscriptions: subscriptions.map(|entry| entry.name.to_string()).collect(),
        since: Moment::of(account.created_at, texts),
        fields: declared::views(app, FieldPlace::Profile, texts),
        frame: context.frame.clone(),
    };
    Ok(context.page(status, &page))
}

pub(crate) async fn show(State(app): State<App>, page_of: SignedInPage) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = page_of;
    let shown = (StatusCode::OK, filled(&app, &signed_in.account));
    page(&app, &context, &signed_in, shown).await
}

pub(crate) async fn submit(
    State(app): State<App>,
    asked_page: SignedInPage,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = asked_page;
    let form = context.accept(form)?;
    let mut filled = FormState::again(&form);
    match save(&app, (&context, &signed_in), profile(&app, &form)?, &mut filled, client).await? {
        Some(_) => Ok(context.done(&app, "/account", &Feedback::ProfileSaved)),
        None => page(&app, &context, &signed_in, (StatusCode::UNPROCESSABLE_ENTITY, filled)).await,
    }
}
