//! Inviting somebody.

use std::collections::BTreeSet;

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::{flow::invitation::InviteError, value::Lifetime};
use serde::Deserialize;

use super::{
    super::{
        AdministratorPage,
        company_choice::{self, CompanyChoice, asks_for_companies},
    },
    manage::page_path,
};
use crate::{
    app::App,
    pages::{PageError, QueryOrDefault},
    text::Texts,
    view::{Choice, Frame, RoleText},
    web::{
        feedback::Feedback,
        form::{Form, FormState},
    },
    wire::Invite,
};

#[derive(Template)]
#[template(path = "invite.html")]
struct InvitePage {
    frame: Frame,
    form: FormState,
    roles: Vec<Choice>,
    subscriptions: Vec<Choice>,
    companies: CompanyChoice,
    languages: Vec<Choice>,
    lifetimes: Vec<Choice>,
    /// How many invitations a company can send that no operator trusts yet. It writes no notes.
    few: Option<String>,
}

/// What the form offers: only what this administrator may grant.
async fn invite_page(app: &App, page: &AdministratorPage, form: FormState) -> Result<InvitePage, PageError> {
    let flows = app.flows();
    let texts = page.context.frame.texts();
    let roles = flows.access.roles().await?.into_iter().filter(|role| page.by.may_grant_role(role));
    let subscriptions = flows.access.subscriptions().await?.into_iter().filter(|entry| page.by.may_grant_subscription(entry));
    let chosen = form.value("company_id").parse().ok();
    let companies = CompanyChoice::of(app, &page.by, texts, chosen, form.value(company_choice::QUERY)).await?;
    let languages = app
        .settings()
        .languages
        .iter()
        .map(|language| Choice::new(language, &texts.get(&format!("language-{language}")), None::<&String>));
    let offered = ["P1D", "P3D", "P7D", "P14D", "P30D"];
    let longest = app.settings().max_invitation_lifetime;
    let default = app.settings().invitation_lifetime;
    let mut lifetimes =
        offered.iter().filter_map(|text| Lifetime::parse(text).ok()).filter(|one| *one <= longest).collect::<BTreeSet<_>>();
    lifetimes.insert(default);
    let days = |lifetime: &Lifetime| u32::try_from(lifetime.as_seconds() / 86_400).unwrap_or(0);
    let lifetimes = lifetimes.iter().map(|lifetime| {
        let label = if days(lifetime) > 0 { texts.counted("days", days(lifetime)) } else { lifetime.to_string() };
        Choice::new(lifetime, &label, None::<&String>)
    });
    let own = flows.companies.one(&page.by, page.by.account().company).await?;
    let is_bounded = own.is_some_and(|company| company.bounds_invitations_by(&page.by));
    Ok(InvitePage {
        few: is_bounded.then(|| texts.counted("invite-few", app.settings().throttle.invitations_per_untrusted_company.burst)),
        roles: roles
            .map(|role| {
                let text = RoleText::of(&role, texts);
                Choice::new(&role.key, &text.name, text.description.as_ref())
            })
            .collect(),
        subscriptions: subscriptions.map(|entry| Choice::new(&entry.key, &entry.name, entry.description.as_ref())).collect(),
        companies,
        languages: languages.collect(),
        lifetimes: lifetimes.collect(),
        frame: page.context.frame.clone(),
        form,
    })
}

/// The form of `/admin/invitations/new`, prefilled where a link says so.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct AskQuery {
    #[serde(default)]
    email: String,
}

pub(crate) async fn ask(
    State(app): State<App>,
    page: AdministratorPage,
    QueryOrDefault(query): QueryOrDefault<AskQuery>,
) -> Result<Response, PageError> {
    let form = FormState::default()
        .with("email", Some(query.email.as_str()))
        .with("language", Some(app.settings().default_language()))
        .with("company_id", Some(page.by.account().company))
        .with("expires_in", Some(app.settings().invitation_lifetime));
    Ok(page.context.page(StatusCode::OK, &invite_page(&app, &page, form).await?))
}

pub(crate) async fn invite(State(app): State<App>, page: AdministratorPage, form: Form) -> Result<Response, PageError> {
    let mut form = page.context.accept(form)?;
    let mut filled = FormState::again(&form);
    if asks_for_companies(&form) {
        return Ok(page.context.page(StatusCode::OK, &invite_page(&app, &page, filled).await?));
    }
    for search in [company_choice::QUERY, company_choice::SEARCHED, company_choice::SEARCH] {
        form.take(search);
    }
    let texts = page.context.frame.texts();
    let refused = match form.input::<Invite>()?.read() {
        Ok(command) => match app.flows().invite.run(&page.by, &command).await {
            Ok(invitation) => return Ok(page.context.done(&app, &page_path(invitation.id), &Feedback::InvitationQueued)),
            Err(error) => say_what_is_wrong(&mut filled, error, texts)?,
        },
        Err(errors) => {
            filled.say(errors, texts);
            StatusCode::UNPROCESSABLE_ENTITY
        }
    };
    Ok(page.context.page(refused, &invite_page(&app, &page, filled).await?))
}

fn say_what_is_wrong(filled: &mut FormState, error: InviteError, texts: &Texts) -> Result<StatusCode, PageError> {
    let field = match error {
        InviteError::Fault(fault) => return Err(fault.into()),
        InviteError::OwnAddress => {
            filled.wrong("email", texts.get("invite-own-address"));
            return Ok(StatusCode::UNPROCESSABLE_ENTITY);
        }
        InviteError::AccountDisabled => {
            filled.wrong("email", texts.get("invite-account-disabled"));
            return Ok(StatusCode::UNPROCESSABLE_ENTITY);
        }
        InviteError::Note => {
            filled.wrong("note", texts.get("invite-company-not-trusted"));
            return Ok(StatusCode::UNPROCESSABLE_ENTITY);
        }
        InviteError::Conflict => {
            filled.wrong("email", texts.get("invite-conflict"));
            return Ok(StatusCode::CONFLICT);
        }
        InviteError::UnknownCompany => "company_id",
        InviteError::Roles(_) => "roles",
        InviteError::Subscriptions(_) => "subscriptions",
        InviteError::Language => "language",
        InviteError::Lifetime(_) => "expires_in",
    };
    filled.wrong(field, texts.get("choose-from-list"));
    Ok(StatusCode::UNPROCESSABLE_ENTITY)
}
