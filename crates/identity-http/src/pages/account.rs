//! One's own account: the profile.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use identity_core::{
    flow::account::{Edit, EditAccountCommand, EditAccountError},
    model::{
        account::Account,
        custom_field::FieldPlace,
        session::{Client, CurrentUser},
    },
    value::{PersonName, ProfileText, TextError},
};

use super::{
    common::{PageContext, SignedInPage},
    declared::{self, FieldView},
    error::PageError,
};
use crate::{
    app::App,
    text::Texts,
    view::{Avatar, Frame, Moment, RoleText},
    web::{
        client::From as ClientOf,
        feedback::Feedback,
        form::{Form, FormState},
    },
};

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    frame: Frame,
    form: FormState,
    /// Whether no step of the set-up waits.
    is_set_up: bool,
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

/// The fields of a profile, as forms name them.
pub(super) const PROFILE: [&str; 5] = ["first_name", "last_name", "phone", "department", "job_title"];

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

/// The form of a profile, from a page of ours.
pub(super) fn accepted(app: &App, context: &PageContext, form: Form) -> Result<Form, PageError> {
    let declared = declared::names(app, FieldPlace::Profile);
    let known = PROFILE.into_iter().chain(declared.iter().map(String::as_str)).collect::<Vec<_>>();
    context.accept(form, &known, &[])
}

/// Reads a profile, and says what is wrong with it.
pub(super) fn read(
    app: &App,
    (filled, form): (&mut FormState, &Form),
    texts: &Texts,
    client: Client,
) -> Option<EditAccountCommand> {
    // The flow judges it too; here, so that everything wrong is said at once.
    let phone = form.optional("phone");
    let known = phone.is_none_or(|phone| app.phone_numbers().read(phone).is_some());
    filled.read("phone", known.then_some(()).ok_or(()), |()| texts.get("phone-form"));
    let mut name = |field, label| filled.read(field, PersonName::parse(form.get(field)), |error| texts.name(label, error));
    let (first_name, last_name) = (name("first_name", "first-name"), name("last_name", "last-name"));
    let mut text = |field: &'static str, message: &str| {
        let read = form.optional(field).map_or(Ok(Edit::Clear), |text| ProfileText::parse(text).map(Edit::Set));
        filled.read(field, read, |_: TextError| texts.get(message))
    };
    let (department, job_title) = (text("department", "department-form"), text("job_title", "job-title-form"));
    let (again, fields) = declared::read(app, FieldPlace::Profile, form, std::mem::take(filled));
    *filled = again;
    let wrong = declared::validate(app, FieldPlace::Profile, &fields);
    declared::say_what_is_wrong(app, FieldPlace::Profile, texts, &wrong, filled);
    (known && wrong.is_empty()).then_some(EditAccountCommand {
        first_name: Some(first_name?),
        last_name: Some(last_name?),
        phone: phone.map_or(Edit::Clear, |phone| Edit::Set(phone.to_owned())),
        department: department?,
        job_title: job_title?,
        fields,
        client,
        ..EditAccountCommand::default()
    })
}

/// Makes the edit that was read; `None` where something has to be mended, which the form then says.
pub(super) async fn save(
    app: &App,
    signed_in: &CurrentUser,
    filled: &mut FormState,
    texts: &Texts,
    command: Option<EditAccountCommand>,
) -> Result<Option<Account>, PageError> {
    let Some(command) = command else { return Ok(None) };
    match app.flows().edit_account.run(signed_in, command).await {
        Ok(account) => Ok(Some(account)),
        Err(EditAccountError::Refused(refused)) => {
            if refused.phone {
                filled.wrong("phone", texts.get("phone-form"));
            }
            if refused.language {
                filled.wrong("language", texts.get("language-form"));
            }
            declared::say_what_is_wrong(app, FieldPlace::Profile, texts, &refused.fields, filled);
            if !refused.notifications.is_empty() {
                filled.wrong("notifications", texts.get("notifications-form"));
            }
            Ok(None)
        }
        Err(EditAccountError::Conflict) => Err(PageError::Conflict),
        Err(EditAccountError::Fault(fault)) => Err(fault.into()),
    }
}

async fn page(
    app: &App,
    context: &PageContext,
    signed_in: &CurrentUser,
    (status, form): (StatusCode, FormState),
) -> Result<Response, PageError> {
    let account = &signed_in.account;
    let company = app.flows().companies.own(signed_in).await?.map(|company| company.name.to_string()).unwrap_or_default();
    let catalogue = &app.flows().catalogue;
    let roles = catalogue.roles().await?.into_iter().filter(|role| account.roles.contains(&role.key));
    let subscriptions = catalogue.subscriptions().await?.into_iter().filter(|entry| account.subscriptions.contains(&entry.key));
    let texts = context.frame.texts();
    let page = AccountPage {
        form,
        is_set_up: app.flows().onboarding.progress(account).await?.is_finished,
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
    let form = accepted(&app, &context, form)?;
    let texts = context.frame.texts();
    let mut filled = FormState::again(&form, &PROFILE);
    let command = read(&app, (&mut filled, &form), texts, client);
    match save(&app, &signed_in, &mut filled, texts, command).await? {
        Some(_) => Ok(context.done(&app, "/account", &Feedback::ProfileSaved)),
        None => page(&app, &context, &signed_in, (StatusCode::UNPROCESSABLE_ENTITY, filled)).await,
    }
}
