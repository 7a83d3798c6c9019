//! Resetting somebody's password, after making sure of who is asking.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::{flow::recovery::AssistedResetError, value::AccountId};

use super::{
    AdministratorPage,
    detail::{found, page_of},
};
use crate::{
    app::App,
    pages::{PageError, PathParam},
    view::{Frame, Moment},
    web::form::{Form, FormState},
    wire::{AssistedReset, AssistedResetWithAnswer, ResetMethod},
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
    let form = page.context.accept(form)?;
    let asks = app.settings().security_questions.is_some();
    let input = if asks { form.input()? } else { AssistedResetWithAnswer::from(form.input::<AssistedReset>()?) };
    let details = found(&app, &page, &id).await?;
    let texts = page.context.frame.texts();
    let mut filled = FormState::again(&form);
    let (method, check) = match input.read(asks) {
        Ok(read) => read,
        Err(errors) => {
            filled.say(errors, texts);
            return page_of(&app, &page, StatusCode::UNPROCESSABLE_ENTITY, &details, filled).await;
        }
    };
    let flow = &app.flows().reset_for_somebody;
    let id = details.account.id;
    let reset = match method {
        ResetMethod::Link => flow.by_link(&page.by, id, &check).await.map(|()| None),
        ResetMethod::TemporaryPassword => flow.by_temporary_password(&page.by, id, &check).await.map(Some),
    };
    let temporary = match reset {
        Ok(temporary) => temporary.map(|(password, ends_at)| (password.expose().to_owned(), Moment::of(ends_at, texts))),
        Err(error @ (AssistedResetError::AnswerNeeded(_) | AssistedResetError::WrongAnswer(_))) => {
            let is_wrong = matches!(error, AssistedResetError::WrongAnswer(_));
            filled.wrong(
                "identity_check.security_answer",
                texts.get(if is_wrong { "check-answer-wrong" } else { "check-answer-needed" }),
            );
            return page_of(&app, &page, StatusCode::UNPROCESSABLE_ENTITY, &details, filled).await;
        }
        Err(error) => return Err(error.into()),
    };
    let view = DonePage { frame: page.context.frame.clone(), id, name: details.account.full_name(), temporary };
    Ok(page.context.page(StatusCode::ACCEPTED, &view))
}
