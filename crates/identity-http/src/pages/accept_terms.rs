//! Accepting a new version of the terms.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::{
    flow::terms::{AcceptTermsCommand, AcceptTermsError},
    model::{account::RequiredAction, session::SignedIn},
};

use super::{
    common::{LoggedInOrPendingPage, PageContext, QueryOrDefault, Wanted, first},
    error::PageError,
    legal::rendered,
    login::lead_on,
};
use crate::{
    app::App,
    view::{Frame, Moment},
    web::{
        client::From as ClientOf,
        feedback::Feedback,
        form::{Form, FormState},
        return_to::{FIELD, ReturnTo},
    },
};

#[derive(Template)]
#[template(path = "accept_terms.html")]
struct AcceptPage {
    frame: Frame,
    form: FormState,
    text: String,
    language: String,
    version: u32,
    effective: Moment,
    /// Nothing where it may not wait any longer.
    due: Option<Moment>,
    return_to: String,
}

async fn page_of(
    app: &App,
    context: &PageContext,
    status: StatusCode,
    signed_in: &SignedIn,
    form: FormState,
    return_to: &ReturnTo,
) -> Result<Response, PageError> {
    let texts = context.frame.texts();
    let terms = app.flows().terms.current().await?;
    let (language, markdown) = terms.text_for(texts.language()).ok_or(PageError::NotFound)?;
    let is_required = signed_in.account.required_actions.contains(&RequiredAction::AcceptTerms);
    let page = AcceptPage {
        form,
        text: rendered(markdown),
        language: language.to_string(),
        version: terms.number,
        effective: Moment::of(terms.effective_at, texts),
        due: (!is_required).then(|| Moment::of(terms.schedule().due_at(), texts)),
        return_to: return_to.as_str().to_owned(),
        frame: context.frame.clone(),
    };
    Ok(context.page(status, &page))
}

pub(crate) async fn show(
    State(app): State<App>,
    page: LoggedInOrPendingPage,
    QueryOrDefault(query): QueryOrDefault<Wanted>,
) -> Result<Response, PageError> {
    let LoggedInOrPendingPage { context, signed_in } = page;
    let return_to = beyond(&app, &query.return_to);
    match app.first_required(&signed_in.account) {
        Some(RequiredAction::AcceptTerms) => {}
        Some(action) => return Ok(first(action, &return_to)),
        None if app.flows().accept_terms.standing(&signed_in).await?.waiting().is_some() => {}
        None => return Ok(lead_on(&context, &return_to)),
    }
    page_of(&app, &context, StatusCode::OK, &signed_in, FormState::default(), &return_to).await
}

/// Where to go on from here, which is never here again.
fn beyond(app: &App, wanted: &str) -> ReturnTo {
    app.return_to(wanted).filter(|place| !place.as_str().starts_with("/terms/accept")).unwrap_or_default()
}

pub(crate) async fn submit(
    State(app): State<App>,
    page: LoggedInOrPendingPage,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    let LoggedInOrPendingPage { context, signed_in } = page;
    let form = context.accept_only(form, &["accept_terms", FIELD])?;
    let return_to = beyond(&app, form.get(FIELD));
    let mut filled = FormState::default();
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(action) = app.first_required(&signed_in.account).filter(|action| *action < RequiredAction::AcceptTerms) {
        return Ok(first(action, &return_to));
    }
    if form.is_ticked("accept_terms") {
        // The box has the number of the version that it is beside.
        let number = form.get("accept_terms").parse().unwrap_or(0);
        match app.flows().accept_terms.run(&signed_in, &AcceptTermsCommand { number, client }).await {
            Ok(()) => return Ok(context.saying(&app, lead_on(&context, &return_to), &Feedback::TermsAccepted)),
            Err(AcceptTermsError::NotInForce(_)) => {
                status = StatusCode::CONFLICT;
                filled.wrong("accept_terms", context.frame.t("terms-replaced"));
            }
            Err(AcceptTermsError::First(action)) => return Ok(first(action, &return_to)),
            Err(AcceptTermsError::Conflict) => return Err(PageError::Conflict),
            Err(AcceptTermsError::Fault(fault)) => return Err(fault.into()),
        }
    } else {
        filled.wrong("accept_terms", context.frame.t("accept-new-terms-form"));
    }
    page_of(&app, &context, status, &signed_in, filled, &return_to).await
}
