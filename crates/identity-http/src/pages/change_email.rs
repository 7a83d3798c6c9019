//! Changing one's own address, and the pages of the links that confirm and undo it.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::{
    flow::email_change::{EmailChangeError, EmailChangeLinkError},
    model::session::{Client, CurrentUser},
    value::{AccountId, EmailAddress, Language, TokenKind, TokenSecret},
};

use super::{
    common::{MessageParts, PageContext, SignedInPage},
    error::PageError,
    link::{Holder, LinkForm, LinkPage, OpenedLink, not_yours, used},
};
use crate::{
    app::App,
    view::{Action, Frame, Message, MessageKind, Moment},
    web::{
        client::From as ClientOf,
        feedback::Feedback,
        form::{Form, FormState},
    },
    wire::RequestEmailChange,
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
    let form = context.accept(form)?;
    let texts = context.frame.texts();
    let mut filled = FormState::again(&form);
    let input: RequestEmailChange = form.input()?;
    match input.read(client) {
        Ok(command) => match app.flows().request_email_change.run(&signed_in, command).await {
            Ok(()) => {
                let action = Some(Action::Link { to: "/account/security".to_owned(), label: context.frame.t("go-on") });
                let parts = MessageParts { key: "email-asked", kind: MessageKind::Good, action, links: Vec::new() };
                return Ok(context.message(StatusCode::OK, parts));
            }
            Err(EmailChangeError::Same) => filled.wrong("email", texts.get("email-same")),
            Err(EmailChangeError::WrongPassword) => {
                let is_missing = input.current_password.expose().is_empty();
                filled.wrong("current_password", texts.get(if is_missing { "password-missing" } else { "current-password-wrong" }));
            }
            Err(EmailChangeError::Conflict) => return Err(PageError::Conflict),
            Err(EmailChangeError::Fault(fault)) => return Err(fault.into()),
        },
        Err(errors) => filled.say(errors, texts),
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
    context.accept_only(form, &[])?;
    app.flows().pending_email_change.cancel(&signed_in, &client).await?;
    Ok(context.done(&app, "/account/security", &Feedback::EmailChangeCancelled))
}

/// What a link leads to.
pub(crate) struct Preview {
    account: AccountId,
    /// The address that the account is to have.
    address: EmailAddress,
    /// The account's language.
    language: Language,
}

/// One of the two links of a change of address.
pub(crate) trait ChangeLink: LinkPage + Send {
    /// Its page, and the key of its texts.
    const KEY: &'static str;

    fn preview(app: &App, secret: &TokenSecret) -> impl Future<Output = Result<Preview, EmailChangeLinkError>> + Send;

    fn run(app: &App, secret: &TokenSecret, client: &Client) -> impl Future<Output = Result<(), EmailChangeLinkError>> + Send;

    /// What is said when it is done.
    fn done(context: &PageContext) -> MessageParts;
}

/// The link to the new address, which confirms it.
pub(crate) struct Confirm;

impl LinkPage for Confirm {
    const KIND: TokenKind = TokenKind::EmailConfirmation;

    fn dead(_: &App, context: &PageContext) -> Response {
        dead(context)
    }
}

impl ChangeLink for Confirm {
    const KEY: &'static str = "confirm-email";

    async fn preview(app: &App, secret: &TokenSecret) -> Result<Preview, EmailChangeLinkError> {
        let preview = app.flows().confirm_email_change.preview(secret).await?;
        Ok(Preview { account: preview.account, address: preview.to, language: preview.language })
    }

    async fn run(app: &App, secret: &TokenSecret, client: &Client) -> Result<(), EmailChangeLinkError> {
        app.flows().confirm_email_change.run(secret, client).await
    }

    fn done(context: &PageContext) -> MessageParts {
        let action = Some(Action::Link { to: "/account/security".to_owned(), label: context.frame.t("go-on") });
        MessageParts { key: "email-confirmed", kind: MessageKind::Good, action, links: Vec::new() }
    }
}

/// The link to the old address, which undoes the change.
pub(crate) struct Undo;

impl LinkPage for Undo {
    const KIND: TokenKind = TokenKind::EmailUndo;

    fn dead(_: &App, context: &PageContext) -> Response {
        dead(context)
    }
}

impl ChangeLink for Undo {
    const KEY: &'static str = "undo-email";

    async fn preview(app: &App, secret: &TokenSecret) -> Result<Preview, EmailChangeLinkError> {
        let preview = app.flows().undo_email_change.preview(secret).await?;
        Ok(Preview { account: preview.account, address: preview.from, language: preview.language })
    }

    async fn run(app: &App, secret: &TokenSecret, client: &Client) -> Result<(), EmailChangeLinkError> {
        app.flows().undo_email_change.run(secret, client).await
    }

    fn done(context: &PageContext) -> MessageParts {
        let links = vec![("/help".to_owned(), context.frame.t("help-still"))];
        MessageParts { key: "email-undone", kind: MessageKind::Good, action: None, links }
    }
}

fn dead(context: &PageContext) -> Response {
    let action = Some(Action::Link { to: "/account/security".to_owned(), label: context.frame.t("account-security") });
    let links = vec![("/help".to_owned(), context.frame.t("help-still"))];
    context.message(StatusCode::GONE, MessageParts { key: "dead-email", kind: MessageKind::Warning, action, links })
}

/// Why a link did nothing, as a page.
fn ended<L: ChangeLink>(app: &App, context: &PageContext, error: EmailChangeLinkError) -> Result<Response, PageError> {
    match error {
        EmailChangeLinkError::DeadLink => Ok(L::dead(app, context)),
        EmailChangeLinkError::Fault(fault) => Err(fault.into()),
    }
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

pub(crate) async fn show_link<L: ChangeLink>(State(app): State<App>, link: OpenedLink<L>) -> Result<Response, PageError> {
    let OpenedLink { context, id, secret, .. } = link;
    match L::preview(&app, &secret).await {
        Ok(Preview { account, address, language }) => {
            let page = format!("/{}/{id}", L::KEY);
            if let Some(another) = not_yours(&context, Holder::Account(account, Some(&address)), &page) {
                return Ok(another);
            }
            let context = context.in_language(&language);
            Ok(offer(&context, L::KEY, &address, page))
        }
        Err(error) => ended::<L>(&app, &context, error),
    }
}

pub(crate) async fn use_link<L: ChangeLink>(
    State(app): State<App>,
    ClientOf(client): ClientOf,
    form: LinkForm<L>,
) -> Result<Response, PageError> {
    let LinkForm { link: OpenedLink { context, id, secret, .. }, form } = form;
    form.only(&[])?;
    match L::preview(&app, &secret).await {
        Ok(Preview { account, address, .. }) => {
            let holder = Holder::Account(account, Some(&address));
            if let Some(another) = not_yours(&context, holder, &format!("/{}/{id}", L::KEY)) {
                return Ok(another);
            }
        }
        Err(error) => return ended::<L>(&app, &context, error),
    }
    match L::run(&app, &secret, &client).await {
        Ok(()) => Ok(used(&app, (L::KIND, id), context.message(StatusCode::OK, L::done(&context)))),
        Err(error) => ended::<L>(&app, &context, error),
    }
}
