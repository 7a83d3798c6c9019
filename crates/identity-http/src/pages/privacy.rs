//! One's own data: taken along, deleted, and kept after all.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::{
    flow::privacy::{DeleteAccountError, ExportOwnDataError, UndoDeletionError},
    model::session::CurrentUser,
    value::Lifetime,
};

use super::common::{PageContext, SignedInPage};
use super::error::PageError;
use crate::{
    app::App,
    text::Texts,
    view::{Frame, Moment},
    web::{
        archive,
        client::From as ClientOf,
        feedback::Feedback,
        form::{Form, FormState},
    },
};

/// This page.
pub(super) const HERE: &str = "/account/data";
/// The box that is ticked before anything is deleted.
const CONFIRM: &str = "confirm";

#[derive(Template)]
#[template(path = "account_data.html")]
struct OwnDataPage {
    frame: Frame,
    form: FormState,
    is_offered: bool,
    /// When the account is erased, if that was asked for.
    erased: Option<Moment>,
    /// How long after it was asked for, in words; nothing where that is at once.
    grace: Option<String>,
}

/// In days, or in hours where it is not whole days.
fn grace_text(grace: Lifetime, texts: &Texts) -> String {
    let hours = u32::try_from(grace.as_seconds().max(0).unsigned_abs().div_ceil(3600)).unwrap_or(u32::MAX);
    if hours.is_multiple_of(24) {
        texts.counted("deletion-when-days", hours / 24)
    } else {
        texts.counted("deletion-when-hours", hours)
    }
}

fn page_of(app: &App, context: &PageContext, status: StatusCode, signed_in: &CurrentUser, form: FormState) -> Response {
    let settings = &app.settings().deletion;
    let texts = context.frame.texts();
    let page = OwnDataPage {
        form,
        is_offered: settings.enabled,
        erased: signed_in.account.deletion.map(|deletion| Moment::of(deletion.erase_at, texts)),
        grace: settings.grace.map(|grace| grace_text(grace, texts)),
        frame: context.frame.clone(),
    };
    context.page(status, &page)
}

pub(crate) async fn show(State(app): State<App>, page: SignedInPage) -> Response {
    page_of(&app, &page.context, StatusCode::OK, &page.signed_in, FormState::default())
}

pub(crate) async fn export(
    State(app): State<App>,
    page: SignedInPage,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = page;
    context.accept_only(form, &[])?;
    match app.flows().export_own_data.run(&signed_in, &client).await {
        Ok(data) => Ok(archive::answer(&data)?),
        Err(ExportOwnDataError::NotProved) => Ok(super::reauthenticate::lead_back_to(HERE)),
        Err(ExportOwnDataError::Conflict) => Err(PageError::Conflict),
        Err(ExportOwnDataError::Fault(fault)) => Err(fault.into()),
    }
}

pub(crate) async fn delete(
    State(app): State<App>,
    page: SignedInPage,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = page;
    let form = context.accept_only(form, &[CONFIRM])?;
    let mut filled = FormState::again(&form);
    let (status, key) = if form.is_ticked(CONFIRM) {
        match app.flows().delete_account.request(&signed_in, &client).await {
            Ok(_) => return Ok(context.done(&app, HERE, &Feedback::DeletionRequested)),
            Err(DeleteAccountError::NotProved) => return Ok(super::reauthenticate::lead_back_to(HERE)),
            Err(DeleteAccountError::NotOffered) => {
                return Err(PageError::Forbidden(Some(context.frame.t("deletion-not-offered"))));
            }
            Err(DeleteAccountError::LastOperator) => (StatusCode::CONFLICT, "deletion-last-operator"),
            Err(DeleteAccountError::Conflict) => return Err(PageError::Conflict),
            Err(DeleteAccountError::Fault(fault)) => return Err(fault.into()),
        }
    } else {
        (StatusCode::UNPROCESSABLE_ENTITY, "deletion-confirm-form")
    };
    filled.wrong(CONFIRM, context.frame.t(key));
    Ok(page_of(&app, &context, status, &signed_in, filled))
}

pub(crate) async fn undo(
    State(app): State<App>,
    page: SignedInPage,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = page;
    context.accept_only(form, &[])?;
    match app.flows().delete_account.undo(&signed_in, &client).await {
        Ok(()) => Ok(context.done(&app, HERE, &Feedback::DeletionCancelled)),
        Err(UndoDeletionError::Conflict) => Err(PageError::Conflict),
        Err(UndoDeletionError::Fault(fault)) => Err(fault.into()),
    }
}
