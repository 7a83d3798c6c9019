//! "This wasn't me".

use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::{
    recovery::{ReportError, Reported},
    value::TokenKind,
};

use super::{
    common::{MessageParts, PageError, Segment, Visit},
    link::{Holder, Opened, no_cookie, not_yours, opened, used},
};
use crate::{
    app::App,
    problem::Problem,
    view::{Action, MessageKind},
    web::{client::From as ClientOf, form::Form},
};

/// The links of this page.
const KIND: TokenKind = TokenKind::Report;

fn dead(visit: &Visit) -> Response {
    let frame = &visit.frame;
    let action = Some(Action::Link { to: "/forgot-password".to_owned(), label: frame.t("ask-for-new-link") });
    let links = vec![("/help".to_owned(), frame.t("help-still"))];
    visit.message(StatusCode::GONE, MessageParts { key: "dead-report", kind: MessageKind::Warning, action, links })
}

/// Why a link did nothing, as a page.
fn ended(visit: &Visit, error: ReportError) -> Result<Response, PageError> {
    match error {
        ReportError::DeadLink => Ok(dead(visit)),
        ReportError::Throttled { retry_after } => Err(PageError::Throttled(retry_after)),
        ReportError::Unavailable(error) => Err(error.into()),
    }
}

pub(crate) async fn show(State(app): State<App>, visit: Visit, Segment(link): Segment) -> Result<Response, Response> {
    let answer = async {
        let (id, secret) = match opened(&app, &visit, KIND, &link) {
            Opened::Link(response) => return Ok(response),
            Opened::Dead(_) => return Ok(dead(&visit)),
            Opened::NoCookie => return Ok(no_cookie(&visit)),
            Opened::Page(id, secret) => (id, secret),
        };
        match app.flows().report_access.preview(&secret).await {
            Ok(preview) => {
                if let Some(another) = not_yours(&visit, Holder::Account(preview.account, None), &format!("/not-me/{id}")) {
                    return Ok(another);
                }
                let visit = visit.clone().in_language(&preview.language);
                let key = match preview.reported {
                    Reported::Reset => "report-reset",
                    Reported::Change => "report-change",
                };
                let action = Some(Action::Submit { to: format!("/not-me/{id}"), label: visit.frame.t("report") });
                Ok(visit.message(StatusCode::OK, MessageParts { key, kind: MessageKind::Warning, action, links: Vec::new() }))
            }
            Err(error) => ended(&visit, error),
        }
    };
    answer.await.map_err(|error: PageError| error.answer_in(&app, visit.frame.texts().language()))
}

pub(crate) async fn submit(
    State(app): State<App>,
    visit: Visit,
    ClientOf(client): ClientOf,
    Segment(link): Segment,
    form: Result<Form, Problem>,
) -> Result<Response, Response> {
    let answer = async {
        visit.accept(form?, &[], &[])?;
        let (id, secret) = match opened(&app, &visit, KIND, &link) {
            Opened::Page(id, secret) => (id, secret),
            Opened::NoCookie => return Ok(no_cookie(&visit)),
            Opened::Link(_) | Opened::Dead(_) => return Ok(dead(&visit)),
        };
        match app.flows().report_access.preview(&secret).await {
            Ok(preview) => {
                if let Some(another) = not_yours(&visit, Holder::Account(preview.account, None), &format!("/not-me/{id}")) {
                    return Ok(another);
                }
            }
            Err(error) => return ended(&visit, error),
        }
        match app.flows().report_access.run(&secret, &client).await {
            Ok(reported) => {
                let key = match reported {
                    Reported::Reset => "reported-reset",
                    Reported::Change => "reported-change",
                };
                let links = vec![("/help".to_owned(), visit.frame.t("help-still"))];
                let parts = MessageParts { key, kind: MessageKind::Good, action: None, links };
                Ok(used(&app, (KIND, id), visit.message(StatusCode::OK, parts)))
            }
            Err(error) => ended(&visit, error),
        }
    };
    answer.await.map_err(|error: PageError| error.answer_in(&app, visit.frame.texts().language()))
}
