//! Resetting somebody's password, after making sure of who is asking.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::{
    recovery::{AssistedResetError, CheckMethod, IdentityCheck},
    value::AccountId,
};

use super::{
    AdministratorPage,
    detail::{found, page_of},
};
use crate::{
    app::App,
    pages::{PageError, Segment},
    problem::Problem,
    view::{Frame, Moment},
    web::form::{Filled, Form},
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
            AssistedResetError::Disabled => Self::Conflict,
            AssistedResetError::Busy { retry_after } => Self::Busy(retry_after),
            AssistedResetError::Unavailable(error) => Self::Unavailable(error),
        }
    }
}

pub(crate) async fn reset(
    State(app): State<App>,
    page: AdministratorPage,
    Segment(id): Segment,
    form: Result<Form, Problem>,
) -> Result<Response, Response> {
    let answer = async {
        let form = page.visit.accept(form?, &["method", "check_method", "check_note"], &[])?;
        let details = found(&app, &page, &id).await?;
        let texts = page.visit.frame.texts();
        let mut filled = Filled::again(&form, &["check_method", "check_note"]);
        let method = CheckMethod::parse(form.get("check_method")).ok_or(());
        let method = filled.read("check_method", method, |()| texts.get("choose-from-list"));
        let check = IdentityCheck::new(method.unwrap_or(CheckMethod::Other), form.get("check_note"));
        let check = filled.read("check_note", check, |_| texts.get("check-note-form"));
        let (Some(_), Some(check)) = (method, check) else {
            return page_of(&app, &page, StatusCode::UNPROCESSABLE_ENTITY, &details, filled).await;
        };
        let flow = &app.flows().reset_for_somebody;
        let id = details.account.id;
        let temporary = match form.get("method") {
            "link" => flow.by_link(&page.by, id, &check).await.map(|()| None)?,
            "temporary_password" => {
                let (password, ends_at) = flow.by_temporary_password(&page.by, id, &check).await?;
                Some((password.expose().to_owned(), Moment::of(ends_at, texts)))
            }
            _ => return Err(Problem::field("method", "invalid", "Use link or temporary_password.").into()),
        };
        let view = DonePage { frame: page.visit.frame.clone(), id, name: details.account.full_name(), temporary };
        Ok(page.visit.page(StatusCode::ACCEPTED, &view))
    };
    page.answer(&app, answer).await
}
