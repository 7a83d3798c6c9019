//! "This wasn't me".

use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::{flow::recovery::ReportError, model::recovery::Reported, value::TokenKind};

use super::{
    common::{MessageParts, PageContext},
    error::PageError,
    link::{Holder, LinkForm, LinkPage, OpenedLink, not_yours, used},
};
use crate::{
    app::App,
    view::{Action, MessageKind},
    web::client::From as ClientOf,
};

/// The pages of the links to "This wasn't me".
pub(crate) struct NotMe;

impl LinkPage for NotMe {
    const KIND: TokenKind = TokenKind::Report;

    fn dead(_: &App, context: &PageContext) -> Response {
        let frame = &context.frame;
        let action = Some(Action::Link { to: "/forgot-password".to_owned(), label: frame.t("ask-for-new-link") });
        let links = vec![("/help".to_owned(), frame.t("help-still"))];
        context.message(StatusCode::GONE, MessageParts { key: "dead-report", kind: MessageKind::Warning, action, links })
    }
}

/// Why a link did nothing, as a page.
fn ended(app: &App, context: &PageContext, error: ReportError) -> Result<Response, PageError> {
    match error {
        ReportError::DeadLink => Ok(NotMe::dead(app, context)),
        ReportError::Fault(fault) => Err(fault.into()),
    }
}

pub(crate) async fn show(State(app): State<App>, link: OpenedLink<NotMe>) -> Result<Response, PageError> {
    let OpenedLink { context, id, secret, .. } = link;
    match app.flows().report_access.preview(&secret).await {
        Ok(preview) => {
            if let Some(another) = not_yours(&context, Holder::Account(preview.account, None), &format!("/not-me/{id}")) {
                return Ok(another);
            }
            let context = context.in_language(&preview.language);
            let key = match preview.reported {
                Reported::Reset => "report-reset",
                Reported::Change => "report-change",
            };
            let action = Some(Action::Submit { to: format!("/not-me/{id}"), label: context.frame.t("report") });
            Ok(context.message(StatusCode::OK, MessageParts { key, kind: MessageKind::Warning, action, links: Vec::new() }))
        }
        Err(error) => ended(&app, &context, error),
    }
}

pub(crate) async fn submit(
    State(app): State<App>,
    ClientOf(client): ClientOf,
    form: LinkForm<NotMe>,
) -> Result<Response, PageError> {
    let LinkForm { link: OpenedLink { context, id, secret, .. }, form } = form;
    form.only(&[])?;
    match app.flows().report_access.preview(&secret).await {
        Ok(preview) => {
            if let Some(another) = not_yours(&context, Holder::Account(preview.account, None), &format!("/not-me/{id}")) {
                return Ok(another);
            }
        }
        Err(error) => return ended(&app, &context, error),
    }
    match app.flows().report_access.run(&secret, &client).await {
        Ok(reported) => {
            let key = match reported {
                Reported::Reset => "reported-reset",
                Reported::Change => "reported-change",
            };
            let links = vec![("/help".to_owned(), context.frame.t("help-still"))];
            let parts = MessageParts { key, kind: MessageKind::Good, action: None, links };
            Ok(used(&app, (NotMe::KIND, id), context.message(StatusCode::OK, parts)))
        }
        Err(error) => ended(&app, &context, error),
    }
}
