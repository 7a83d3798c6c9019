//! One account, and what can be done for it.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::{
    flow::account::AccountDetails,
    model::{
        access::Scope,
        account::{Account, RequiredAction},
        recovery::CheckMethod,
    },
    value::{AccountId, CompanyId},
};

use super::{AdministratorPage, StateView};
use crate::{
    app::App,
    pages::{PageError, PathParam, told},
    view::{Avatar, Choice, Frame, Moment, RoleText},
    web::form::FormState,
};

#[derive(Template)]
#[template(path = "account_detail.html")]
struct DetailPage {
    frame: Frame,
    form: FormState,
    id: AccountId,
    name: String,
    email: String,
    company: String,
    company_id: CompanyId,
    /// Whether there are other companies to look into.
    operates: bool,
    /// Whether the company waits for an operator to trust it.
    is_company_new: bool,
    state: StateView,
    is_active: bool,
    roles: Vec<String>,
    subscriptions: Vec<String>,
    since: Moment,
    avatar: Avatar,
    phone: Option<String>,
    department: Option<String>,
    job_title: Option<String>,
    /// What the operator's fields are called, and what was answered.
    answers: Vec<(String, String)>,
    must_change: bool,
    must_accept: bool,
    must_answer: bool,
    failed_logins: u32,
    locked_until: Option<Moment>,
    erased: Option<Moment>,
    methods: Vec<Choice>,
    /// The security question that the person may be asked.
    question: Option<String>,
    is_own: bool,
    is_within_reach: bool,
}

pub(super) async fn found(app: &App, page: &AdministratorPage, id: &str) -> Result<AccountDetails, PageError> {
    let id = id.parse::<AccountId>().map_err(|_| PageError::NotFound)?;
    Ok(app.flows().list_accounts.find(&page.by, id).await?)
}

/// Whether this administrator may act on it: nobody acts on their own, and only operators on operators.
pub(super) fn is_within_reach(page: &AdministratorPage, account: &Account) -> bool {
    let by = page.by.account();
    account.id != by.id && (!account.is_operator() || by.is_operator())
}

pub(super) async fn page_of(
    app: &App,
    page: &AdministratorPage,
    status: StatusCode,
    details: &AccountDetails,
    form: FormState,
) -> Result<Response, PageError> {
    let texts = page.context.frame.texts();
    let account = &details.account;
    let roles = app.flows().access.roles().await?.into_iter().filter(|role| account.roles.contains(&role.key));
    let subscriptions = app.flows().access.subscriptions().await?;
    let subscriptions = subscriptions.into_iter().filter(|entry| account.subscriptions.contains(&entry.key));
    let is_own = account.id == page.by.account().id;
    let is_within_reach = is_within_reach(page, account);
    let question = if is_within_reach { app.flows().reset_for_somebody.question(&page.by, account.id).await? } else { None };
    let methods = CheckMethod::ALL.into_iter().filter(|method| *method != CheckMethod::SecurityQuestion || question.is_some());
    let methods = methods.map(|method| Choice {
        value: method.as_str().to_owned(),
        label: texts.get(&format!("check-{}", method.as_str())),
        hint: None,
    });
    let view = DetailPage {
        id: account.id,
        name: account.full_name(),
        email: account.email.as_str().to_owned(),
        company: details.company.as_ref().map(|company| company.name.to_string()).unwrap_or_default(),
        company_id: account.company,
        operates: page.by.scope() == Scope::Everywhere,
        is_company_new: details.company.as_ref().is_some_and(|company| !company.is_trusted),
        state: StateView::of(account.state.as_str(), texts),
        is_active: account.is_active(),
        roles: roles.map(|role| RoleText::of(&role, texts).name).collect(),
        subscriptions: subscriptions.map(|entry| entry.name.to_string()).collect(),
        since: Moment::of(account.created_at, texts),
        avatar: account.into(),
        phone: account.profile.phone.as_ref().map(|phone| app.phone_numbers().grouped(phone)),
        department: account.profile.department.as_ref().map(ToString::to_string),
        job_title: account.profile.job_title.as_ref().map(ToString::to_string),
        answers: told(&app.settings().fields, &account.profile.answers, texts),
        must_change: account.required_actions.contains(&RequiredAction::ChangePassword),
        must_accept: account.required_actions.contains(&RequiredAction::AcceptTerms),
        must_answer: app.settings().required_of(account).any(|action| action == RequiredAction::AnswerSecurityQuestions),
        failed_logins: details.failed_logins,
        locked_until: details.locked_until.map(|until| Moment::of(until, texts)),
        methods: methods.collect(),
        question: question.as_ref().map(|question| question.text.clone()),
        erased: account.deletion.map(|deletion| Moment::of(deletion.erase_at, texts)),
        is_own,
        is_within_reach,
        form,
        frame: page.context.frame.clone(),
    };
    Ok(page.context.page(status, &view))
}

pub(crate) async fn show(State(app): State<App>, page: AdministratorPage, PathParam(id): PathParam) -> Result<Response, PageError> {
    let details = found(&app, &page, &id).await?;
    page_of(&app, &page, StatusCode::OK, &details, FormState::default()).await
}
