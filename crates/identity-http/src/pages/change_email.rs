//! Changing one's own address, and the pages of the links that confirm and undo it.

use std::ops::ControlFlow;

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::{
    flow::email_change::{EmailChangeCommand, EmailChangeError, EmailChangeLinkError},
    model::{
        password::Candidate,
        session::{Client, CurrentUser},
    },
    value::{AccountId, EmailAddress, Language, TokenId, TokenKind, TokenSecret},
};

use super::{
    common::{MessageParts, PageContext, PathParam, SignedInPage},
    error::PageError,
    link::{Holder, Opened, no_cookie, not_yours, opened, used},
};
use crate::{
    app::App,
    view::{Action, Frame, Message, MessageKind, Moment},
    web::{
        client::From as ClientOf,
        feedback::Feedback,
        form::{Form, FormState},
    },
};

#[derive(Template)]
#[template(path = "change_email.html")]
struct ChangeEmailPage {
    frame: Frame,
    form: FormState,
    current: String,
    /// The address that waits to be confirmed, and until when.
    waits: Option<(String, Moment)>,
}

async fn page_of(
    app: &App,
    context: &PageContext,
    signed_in: &CurrentUser,
    status: StatusCode,
    form: FormState,
) -> Result<Response, PageError> {
    let waits = app.flows().pending_email_change.find(signed_in).await?;
    let texts = context.frame.texts();
    let page = ChangeEmailPage {
        form,
        current: signed_in.account.email.as_str().to_owned(),
        waits: waits.map(|waits| (waits.to.as_str().to_owned(), Moment::of(waits.expires_at, texts))),
        frame: context.frame.clone(),
    };
    Ok(context.page(status, &page))
}

pub(crate) async fn show(State(app): State<App>, page: SignedInPage) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = page;
    page_of(&app, &context, &signed_in, StatusCode::OK, FormState::default()).await
}

pub(crate) async fn submit(
    State(app): State<App>,
    page: SignedInPage,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = page;
    let form = context.accept(form, &["email", "current_password"], &[])?;
    let texts = context.frame.texts();
    let mut filled = FormState::again(&form, &["email"]);
    let email = filled.read("email", EmailAddress::parse(form.get("email").trim()), |_| texts.get("email-form"));
    let is_missing = form.get("current_password").is_empty();
    let wrong = || texts.get(if is_missing { "password-missing" } else { "current-password-wrong" });
    let current = filled.read("current_password", Candidate::new(form.get("current_password")), |_| wrong());
    if let Some((email, current)) = email.zip(current) {
        let command = EmailChangeCommand { email, current, client };
        match app.flows().request_email_change.run(&signed_in, command).await {
            Ok(()) => {
                let action = Some(Action::Link { to: "/account/security".to_owned(), label: context.frame.t("go-on") });
                let parts = MessageParts { key: "email-asked", kind: MessageKind::Good, action, links: Vec::new() };
                return Ok(context.message(StatusCode::OK, parts));
            }
            Err(EmailChangeError::Same) => filled.wrong("email", texts.get("email-same")),
            Err(EmailChangeError::WrongPassword) => filled.wrong("current_password", wrong()),
            Err(EmailChangeError::Conflict) => return Err(PageError::Conflict),
            Err(EmailChangeError::Fault(fault)) => return Err(fault.into()),
        }
    }
    page_of(&app, &context, &signed_in, StatusCode::UNPROCESSABLE_ENTITY, filled).await
}

pub(crate) async fn cancel(
    State(app): State<App>,
    page: SignedInPage,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = page;
    context.accept(form, &[], &[])?;
    app.flows().pending_email_change.cancel(&signed_in, &client).await?;
    Ok(context.done(&app, "/account/security", &Feedback::EmailChangeCancelled))
}

fn dead(context: &PageContext) -> Response {
    let action = Some(Action::Link { to: "/account/security".to_owned(), label: context.frame.t("account-security") });
    let links = vec![("/help".to_owned(), context.frame.t("help-still"))];
    context.message(StatusCode::GONE, MessageParts { key: "dead-email", kind: MessageKind::Warning, action, links })
}

/// A page that says what its button will do with an address.
fn offer(context: &PageContext, key: &str, address: &EmailAddress, to: String) -> Response {
    let frame = context.frame.clone();
    let page = Message {
        heading: frame.t(&format!("{key}-heading")),
        paragraphs: vec![frame.ta(&format!("{key}-text"), "address", address.as_str())],
        kind: MessageKind::Warning,
        action: Some(Action::Submit { to, label: frame.t(key) }),
        links: Vec::new(),
        frame,
    };
    context.page(StatusCode::OK, &page)
}

/// The secret of a link whose clean page is shown or whose form was sent; otherwise the answer.
fn secret_of(app: &App, context: &PageContext, kind: TokenKind, link: &str) -> ControlFlow<Response, (TokenId, TokenSecret)> {
    match opened(app, context, kind, link) {
        Opened::Page(id, secret) => ControlFlow::Continue((id, secret)),
        Opened::Link(response) => ControlFlow::Break(response),
        Opened::Dead(_) => ControlFlow::Break(dead(context)),
        Opened::NoCookie => ControlFlow::Break(no_cookie(context)),
    }
}

/// Why a link did nothing, as a page.
fn ended(context: &PageContext, error: EmailChangeLinkError) -> Result<Response, PageError> {
    match error {
        EmailChangeLinkError::DeadLink => Ok(dead(context)),
        EmailChangeLinkError::Fault(fault) => Err(fault.into()),
    }
}

/// What a link leads to.
struct Preview {
    account: AccountId,
    /// The address that the account is to have.
    address: EmailAddress,
    /// The account's language.
    language: Language,
}

/// What a mailed link does.
#[derive(Clone, Copy)]
enum Side {
    Confirm,
    Undo,
}

impl Side {
    const fn kind(self) -> TokenKind {
        match self {
            Self::Confirm => TokenKind::EmailConfirmation,
            Self::Undo => TokenKind::EmailUndo,
        }
    }

    /// Its page, and the key of its texts.
    const fn key(self) -> &'static str {
        match self {
            Self::Confirm => "confirm-email",
            Self::Undo => "undo-email",
        }
    }

    async fn preview(self, app: &App, secret: &TokenSecret) -> Result<Preview, EmailChangeLinkError> {
        match self {
            Self::Confirm => {
                let preview = app.flows().confirm_email_change.preview(secret).await?;
                Ok(Preview { account: preview.account, address: preview.to, language: preview.language })
            }
            Self::Undo => {
                let preview = app.flows().undo_email_change.preview(secret).await?;
                Ok(Preview { account: preview.account, address: preview.from, language: preview.language })
            }
        }
    }

    async fn run(self, app: &App, secret: &TokenSecret, client: &Client) -> Result<(), EmailChangeLinkError> {
        match self {
            Self::Confirm => app.flows().confirm_email_change.run(secret, client).await,
            Self::Undo => app.flows().undo_email_change.run(secret, client).await,
        }
    }

    /// What is said when it is done.
    fn done(self, context: &PageContext) -> MessageParts {
        let kind = MessageKind::Good;
        match self {
            Self::Confirm => {
                let action = Some(Action::Link { to: "/account/security".to_owned(), label: context.frame.t("go-on") });
                MessageParts { key: "email-confirmed", kind, action, links: Vec::new() }
            }
            Self::Undo => {
                let links = vec![("/help".to_owned(), context.frame.t("help-still"))];
                MessageParts { key: "email-undone", kind, action: None, links }
            }
        }
    }
}

async fn show_link(side: Side, app: &App, context: &PageContext, link: &str) -> Result<Response, PageError> {
    let (id, secret) = match secret_of(app, context, side.kind(), link) {
        ControlFlow::Continue(found) => found,
        ControlFlow::Break(response) => return Ok(response),
    };
    match side.preview(app, &secret).await {
        Ok(Preview { account, address, language }) => {
            let page = format!("/{}/{id}", side.key());
            if let Some(another) = not_yours(context, Holder::Account(account, Some(&address)), &page) {
                return Ok(another);
            }
            let context = context.clone().in_language(&language);
            Ok(offer(&context, side.key(), &address, page))
        }
        Err(error) => ended(context, error),
    }
}

async fn use_link(
    side: Side,
    app: &App,
    context: &PageContext,
    client: &Client,
    link: &str,
    form: Form,
) -> Result<Response, PageError> {
    context.accept(form, &[], &[])?;
    let (id, secret) = match secret_of(app, context, side.kind(), link) {
        ControlFlow::Continue(found) => found,
        ControlFlow::Break(response) => return Ok(response),
    };
    match side.preview(app, &secret).await {
        Ok(Preview { account, address, .. }) => {
            let holder = Holder::Account(account, Some(&address));
            if let Some(another) = not_yours(context, holder, &format!("/{}/{id}", side.key())) {
                return Ok(another);
            }
        }
        Err(error) => return ended(context, error),
    }
    match side.run(app, &secret, client).await {
        Ok(()) => Ok(used(app, (side.kind(), id), context.message(StatusCode::OK, side.done(context)))),
        Err(error) => ended(context, error),
    }
}

pub(crate) async fn show_confirm(
    State(app): State<App>,
    context: PageContext,
    PathParam(link): PathParam,
) -> Result<Response, PageError> {
    show_link(Side::Confirm, &app, &context, &link).await
}

pub(crate) async fn show_undo(
    State(app): State<App>,
    context: PageContext,
    PathParam(link): PathParam,
) -> Result<Response, PageError> {
    show_link(Side::Undo, &app, &context, &link).await
}

pub(crate) async fn confirm(
    State(app): State<App>,
    context: PageContext,
    ClientOf(client): ClientOf,
    PathParam(link): PathParam,
    form: Form,
) -> Result<Response, PageError> {
    use_link(Side::Confirm, &app, &context, &client, &link, form).await
}

pub(crate) async fn undo(
    State(app): State<App>,
    context: PageContext,
    ClientOf(client): ClientOf,
    PathParam(link): PathParam,
    form: Form,
) -> Result<Response, PageError> {
    use_link(Side::Undo, &app, &context, &client, &link, form).await
}
