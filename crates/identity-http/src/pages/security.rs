//! The security of one's own account: sessions and events.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::{
    flow::session::ManageSessionsError,
    model::{
        audit::{By, OwnEvent},
        session::Session,
    },
    value::{EventId, SessionId},
};
use serde::Deserialize;

use super::{
    common::{PageContext, PathParam, QueryOrDefault, SignedInPage},
    confirm::{ConfirmPage, Section},
    error::PageError,
};
use crate::{
    app::App,
    text::{Texts, device::Device},
    view::{Frame, Moment},
    web::{client::From as ClientOf, feedback::Feedback, form::Form},
};

/// This page.
const HERE: &str = "/account/security";
/// Events in a part of the list.
const EVENTS: u16 = 10;

#[derive(Template)]
#[template(path = "account_security.html")]
struct SecurityPage {
    frame: Frame,
    email: String,
    /// The address that waits to be confirmed.
    waits: Option<String>,
    sessions: Vec<SessionView>,
    events: Vec<EventView>,
    /// Whether security questions are answered, where there are any.
    questions: Option<bool>,
    /// Whether the password was just reset: everything is worth a look.
    is_review: bool,
    is_first: bool,
    next: Option<EventId>,
}

struct SessionView {
    id: SessionId,
    device: String,
    started: Moment,
    used: Moment,
    network: Option<String>,
    is_current: bool,
}

impl SessionView {
    fn of(session: &Session, current: SessionId, texts: &Texts) -> Self {
        let device = Device::of(session.client.device.as_deref().unwrap_or_default());
        Self {
            id: session.id,
            device: match (device.browser, device.system) {
                (Some(browser), Some(system)) => texts.with("device-both", &[("browser", browser), ("system", system)]),
                (Some(only), None) | (None, Some(only)) => only.to_owned(),
                (None, None) => texts.get("device-unknown"),
            },
            started: Moment::of(session.started_at, texts),
            used: Moment::of(session.used_at, texts),
            network: session.client.address.map(|address| address.to_string()),
            is_current: session.id == current,
        }
    }
}

struct EventView {
    at: Moment,
    what: String,
    by: Option<String>,
    network: Option<String>,
}

impl EventView {
    fn of(event: &OwnEvent, texts: &Texts) -> Self {
        Self {
            at: Moment::of(event.at, texts),
            what: texts.get(&format!("event-{}", event.action.as_str())),
            by: (event.by == By::Administrator).then(|| texts.get("event-by-administrator")),
            network: event.network.map(|network| network.to_string()),
        }
    }
}

/// Where the list of events goes on, and why the page is shown.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct After {
    cursor: Option<String>,
    #[serde(default)]
    review: String,
}

pub(crate) async fn show(
    State(app): State<App>,
    page: SignedInPage,
    QueryOrDefault(query): QueryOrDefault<After>,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = page;
    let (flows, texts) = (app.flows(), context.frame.texts());
    let after = query.cursor.and_then(|cursor| cursor.parse().ok());
    let events = flows.own_events.run(&signed_in, after, EVENTS).await?;
    let sessions = flows.sessions.list(&signed_in).await?;
    let questions = flows.security_questions.run(&signed_in).await?;
    let waits = flows.pending_email_change.find(&signed_in).await?;
    let page = SecurityPage {
        email: signed_in.account.email.as_str().to_owned(),
        waits: waits.map(|waits| waits.to.as_str().to_owned()),
        sessions: sessions.iter().map(|session| SessionView::of(session, signed_in.session.id, texts)).collect(),
        events: events.items.iter().map(|event| EventView::of(event, texts)).collect(),
        questions: questions.map(|own| !own.answered.is_empty()),
        is_review: query.review == "true",
        is_first: after.is_none(),
        next: events.next,
        frame: context.frame.clone(),
    };
    Ok(context.page(StatusCode::OK, &page))
}

/// Back to the page, or by way of the password.
fn done(app: &App, context: &PageContext, ended: Result<(), ManageSessionsError>, done: &Feedback) -> Result<Response, PageError> {
    match ended {
        // What is over already is what was asked for.
        Ok(()) | Err(ManageSessionsError::NotFound) => Ok(context.done(app, HERE, done)),
        Err(ManageSessionsError::NotProved) => Ok(super::reauthenticate::lead_back_to(HERE)),
        Err(ManageSessionsError::Fault(fault)) => Err(fault.into()),
    }
}

pub(crate) async fn end(
    State(app): State<App>,
    page: SignedInPage,
    PathParam(id): PathParam,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = page;
    context.accept_only(form, &[])?;
    let id = id.parse::<SessionId>().map_err(|_| PageError::NotFound)?;
    let ended = app.flows().sessions.end(&signed_in, id, &client).await;
    done(&app, &context, ended, &Feedback::SessionEnded)
}

/// Says what ending every other session does.
pub(crate) async fn ask_end_others(page: SignedInPage) -> Response {
    let frame = &page.context.frame;
    let back = (HERE.to_owned(), frame.t("account-security"));
    let act = ("end-others", ["devices", "password"].as_slice(), "");
    let view = ConfirmPage::new(frame, Section::Account, back, act, format!("{HERE}/sessions/end-others"));
    page.context.page(StatusCode::OK, &view)
}

pub(crate) async fn end_others(
    State(app): State<App>,
    page: SignedInPage,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = page;
    context.accept_only(form, &[])?;
    let ended = app.flows().sessions.end_others(&signed_in, &client).await;
    done(&app, &context, ended, &Feedback::OtherSessionsEnded)
}

#[cfg(test)]
mod tests {
    use identity_core::{model::audit::Action, value::Language};

    use super::*;

    #[test]
    fn every_event_that_is_shown_has_its_words() {
        for language in ["en", "ar"] {
            let texts = Texts::of(&Language::parse(language).unwrap());
            for action in Action::ALL.into_iter().filter(|action| action.concerns_security()) {
                let text = texts.get(&format!("event-{}", action.as_str()));
                assert!(!text.contains("event-") && !text.contains("Unknown"), "{text}");
            }
        }
    }
}
