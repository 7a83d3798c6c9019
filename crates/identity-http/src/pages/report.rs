//! "This wasn't me".

use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::{flow::recovery::ReportError, model::recovery::Reported, value::TokenKind};

use super::{
    common::{MessageParts, PageContext, PathParam},
    error::PageError,
    link::{Holder, Opened, no_cookie, not_yours, opened, used},
};
use crate::{
    app::App,
    view::{Action, MessageKind},
    web::{client::From as ClientOf, form::Form},
};

/// The links of this page.
const KIND: TokenKind = TokenKind::Report;

fn dead(context: &PageContext) -> Response {
    let frame = &context.frame;
    let action = Some(Action::Link { to: "/forgot-password".to_owned(), label: frame.t("ask-for-new-link") });
    let links = vec![("/help".to_owned(), frame.t("help-still"))];
    context.message(StatusCode::GONE, MessageParts { key: "dead-report", kind: MessageKind::Warning, action, links })
}

/// Why a link did nothing, as a page.
fn ended(context: &PageContext, error: ReportError) -> Result<Response, PageError> {
    match error {
        ReportError::DeadLink => Ok(dead(context)),
        ReportError::Fault(fault) => Err(fault.into()),
    }
}

pub(crate) async fn show(State(app): State<App>, context: PageContext, PathParam(link): PathParam) -> Result<Response, PageError> {
    let (id, secret) = match opened(&app, &context, KIND, &link) {
        Opened::Link(response) => return Ok(response),
        Opened::Dead(_) => return Ok(dead(&context)),
        Opened::NoCookie => return Ok(no_cookie(&context)),
        Opened::Page(id, secret) => (id, secret),
    };
    match app.flows().report_access.preview(&secret).await {
        Ok(preview) => {
            if let Some(another) = not_yours(&context, Holder::Account(preview.account, None), &format!("/not-me/{id}")) {
                return Ok(another);
            }
            let context = context.clone().in_language(&preview.language);
            let key = match preview.reported {
                Reported::Reset => "report-reset",
                Reported::Change => "report-change",
            };
            let action = Some(Action::Submit { to: format!("/not-me/{id}"), label: context.frame.t("report") });
            Ok(context.message(StatusCode::OK, MessageParts { key, kind: MessageKind::Warning, action, links: Vec::new() }))
        }
        Err(error) => ended(&context, error),
    }
}

pub(crate) async fn submit(
    State(app): State<App>,
    context: PageContext,
    ClientOf(client): ClientOf,
    PathParam(link): PathParam,
    form: Form,
) -> Result<Response, PageError> {
    context.accept(form, &[], &[])?;
    let (id, secret) = match opened(&app, &context, KIND, &link) {
        Opened::Page(id, secret) => (id, secret),
        Opened::NoCookie => return Ok(no_cookie(&context)),
        Opened::Link(_) | Opened::Dead(_) => return Ok(dead(&context)),
    };
    match app.flows().report_access.preview(&secret).await {
        Ok(preview) => {
            if let Some(another) = not_yours(&context, Holder::Account(preview.account, None), &format!("/not-me/{id}")) {
                return Ok(another);
            }
        }
        Err(error) => return ended(&context, error),
    }
    match app.flows().report_access.run(&secret, &client).await {
        Ok(reported) => {
            let key = match reported {
                Reported::Reset => "reported-reset",
                Reported::Change => "reported-change",
            };
            let links = vec![("/help".to_owned(), context.frame.t("help-still"))];
            let parts = MessageParts { key, kind: MessageKind::Good, action: None, links };
            Ok(used(&app, (KIND, id), context.message(StatusCode::OK, parts)))
        }
        Err(error) => ended(&context, error),
    }
}
