//! Resetting somebody's password, after making sure of who is asking.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::{
    flow::recovery::AssistedResetError,
    model::{
        question::SecretAnswer,
        recovery::{CheckMethod, IdentityCheck},
    },
    value::AccountId,
};

use super::{
    AdministratorPage,
    detail::{found, page_of},
};
use crate::{
    app::App,
    pages::{PageError, PathParam},
    problem::Problem,
    view::{Frame, Moment},
    web::form::{Form, FormState},
};

#[derive(Template)]
#[template(path = "account_reset.html")]
struct DonePage {
    frame: Frame,
    id: AccountId,
    name: String,
    /// The temporary password and when it ends; none where a link was mailed.
    temporary: Option<(String, Moment)>,
}

impl From<AssistedResetError> for PageError {
    fn from(error: AssistedResetError) -> Self {
        match error {
            AssistedResetError::Administration(error) => error.into(),
            AssistedResetError::Disabled | AssistedResetError::NoQuestion => Self::Conflict,
            // The form says so by itself.
            AssistedResetError::AnswerNeeded(_) | AssistedResetError::WrongAnswer(_) => Self::Problem(error.into()),
            AssistedResetError::Fault(fault) => fault.into(),
        }
    }
}

pub(crate) async fn reset(
    State(app): State<App>,
    page: AdministratorPage,
    PathParam(id): PathParam,
    form: Form,
) -> Result<Response, PageError> {
    let asks = app.settings().security_questions.is_some();
    let mut fields = vec!["method", "check_method", "check_note"];
    fields.extend(asks.then_some("security_answer"));
    let form = page.context.accept(form, &fields, &[])?;
    let details = found(&app, &page, &id).await?;
    let texts = page.context.frame.texts();
    let mut filled = FormState::again(&form, &["check_method", "check_note"]);
    let method = CheckMethod::parse(form.get("check_method")).filter(|one| asks || *one != CheckMethod::SecurityQuestion);
    let method = filled.read("check_method", method.ok_or(()), |()| texts.get("choose-from-list"));
    let check = IdentityCheck::new(method.unwrap_or(CheckMethod::Other), form.get("check_note"));
    let check = filled.read("check_note", check, |_| texts.get("check-note-form"));
    let answer = form.optional("security_answer").map(SecretAnswer::new);
    if answer.is_some() && method.is_some_and(|method| method != CheckMethod::SecurityQuestion) {
        filled.wrong("security_answer", texts.get("check-answer-stray"));
    }
    let (Some(_), Some(check), false) = (method, check, filled.is_wrong()) else {
        return page_of(&app, &page, StatusCode::UNPROCESSABLE_ENTITY, &details, filled).await;
    };
    let check = match answer {
        Some(answer) => check.answered(answer),
        None => check,
    };
    let flow = &app.flows().reset_for_somebody;
    let id = details.account.id;
    let reset = match form.get("method") {
        "link" => flow.by_link(&page.by, id, &check).await.map(|()| None),
        "temporary_password" => flow.by_temporary_password(&page.by, id, &check).await.map(Some),
        _ => return Err(Problem::field("method", "invalid", "Use link or temporary_password.").into()),
    };
    let temporary = match reset {
        Ok(temporary) => temporary.map(|(password, ends_at)| (password.expose().to_owned(), Moment::of(ends_at, texts))),
        Err(error @ (AssistedResetError::AnswerNeeded(_) | AssistedResetError::WrongAnswer(_))) => {
            let is_wrong = matches!(error, AssistedResetError::WrongAnswer(_));
            filled.wrong("security_answer", texts.get(if is_wrong { "check-answer-wrong" } else { "check-answer-needed" }));
            return page_of(&app, &page, StatusCode::UNPROCESSABLE_ENTITY, &details, filled).await;
        }
        Err(error) => return Err(error.into()),
    };
    let view = DonePage { frame: page.context.frame.clone(), id, name: details.account.full_name(), temporary };
    Ok(page.context.page(StatusCode::ACCEPTED, &view))
}
