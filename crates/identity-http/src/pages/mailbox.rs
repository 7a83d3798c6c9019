//! The development mailbox: what was sent, without a mail program.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use super::common::{PageContext, PathParam};
use super::error::PageError;
use crate::{
    app::{App, DisplayedMail, MailHead},
    view::{Frame, Moment},
};

#[derive(Template)]
#[template(path = "mailbox.html")]
struct MailboxPage {
    frame: Frame,
    mails: Vec<Row>,
    opened: Option<DisplayedMail>,
}

struct Row {
    head: MailHead,
    written: Moment,
    is_opened: bool,
}

/// The mail's own page, inside a frame: it runs nothing, loads nothing, and its links open beside it.
const MAIL_POLICY: &str =
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";

async fn page(app: &App, context: &PageContext, id: Option<&str>) -> Result<Response, PageError> {
    let mailbox = app.mailbox().ok_or(PageError::NotFound)?;
    let unreadable = |error| PageError::from(identity_core::change::Unavailable::new("mailbox", error));
    let opened = match id {
        Some(id) => Some(mailbox.read(id).await.map_err(unreadable)?.ok_or(PageError::NotFound)?),
        None => None,
    };
    let texts = context.frame.texts();
    let mails = mailbox.list().await.map_err(unreadable)?.into_iter().map(|head| Row {
        written: Moment::of(identity_core::value::Timestamp::from_second(head.written_at).unwrap_or_default(), texts),
        is_opened: Some(head.id.as_str()) == id,
        head,
    });
    let page = MailboxPage { mails: mails.collect(), opened, frame: context.frame.clone() };
    Ok(context.page(StatusCode::OK, &page))
}

pub(crate) async fn list(State(app): State<App>, context: PageContext) -> Result<Response, PageError> {
    page(&app, &context, None).await
}

pub(crate) async fn show(State(app): State<App>, context: PageContext, PathParam(id): PathParam) -> Result<Response, PageError> {
    page(&app, &context, Some(&id)).await
}

pub(crate) async fn html(State(app): State<App>, PathParam(id): PathParam) -> Result<Response, PageError> {
    let mailbox = app.mailbox().ok_or(PageError::NotFound)?;
    let unreadable = |error| PageError::from(identity_core::change::Unavailable::new("mailbox", error));
    let mail = mailbox.read(&id).await.map_err(unreadable)?.ok_or(PageError::NotFound)?;
    let html = mail.html.replacen("<head>", "<head><base target=\"_blank\">", 1);
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    Ok(([kind, (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(MAIL_POLICY))], html).into_response())
}
