//! What a mailed link's page is reached by.

use std::marker::PhantomData;

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use identity_core::{
    model::session::SignedIn,
    value::{AccountId, EmailAddress, TokenId, TokenKind, TokenSecret},
};

use super::common::{MessageParts, PageContext, PathParam};
use super::error::PageError;
use crate::{
    app::App,
    view::{Action, Frame, Message, MessageKind},
    web::{
        cookies::CookieKind,
        forgery,
        form::Form,
        hint::Hint,
        return_to::{self, on_the_way},
    },
};

/// What the page of a mailed link is reached by.
pub(super) enum Opened {
    /// The link itself: its secret goes into a cookie, and the address bar is cleaned.
    Link(Response),
    /// The clean address, with the secret from the cookie.
    Page(TokenId, TokenSecret),
    /// Nothing that works.
    Dead,
    /// The clean address without its cookie.
    NoCookie,
}

/// Reads the last part of the address of a page for links of one kind.
pub(super) fn opened(app: &App, context: &PageContext, kind: TokenKind, text: &str) -> Opened {
    let url = &app.settings().public_url;
    if let Some(secret) = TokenSecret::parse(kind, text) {
        return Opened::Link(kept(app, context, &secret));
    }
    let Ok(id) = text.parse::<TokenId>() else { return Opened::Dead };
    match CookieKind::Link(kind, id).read(context.headers(), url).filter(|secret| secret.id() == id) {
        Some(secret) => Opened::Page(id, secret),
        None => Opened::NoCookie,
    }
}

/// The pages of one kind of mailed links.
pub(super) trait LinkPage {
    const KIND: TokenKind;

    /// The page of a link that does not work any more.
    fn dead(app: &App, context: &PageContext) -> Response;
}

/// A mailed link on its clean page, with the secret from the browser's cookie. Where the link itself is opened, the browser is led
/// there; every other address is answered by the page that says why it does not work.
pub(crate) struct OpenedLink<P> {
    pub(super) context: PageContext,
    pub(super) id: TokenId,
    pub(super) secret: TokenSecret,
    page: PhantomData<P>,
}

impl<P: LinkPage> OpenedLink<P> {
    #[expect(clippy::result_large_err, reason = "the error is the answer, as the extractors of axum have it")]
    fn of(app: &App, context: PageContext, method: &Method, text: &str) -> Result<Self, Response> {
        match opened(app, &context, P::KIND, text) {
            Opened::Page(id, secret) => Ok(Self { context, id, secret, page: PhantomData }),
            Opened::Link(to_clean_page) if method != Method::POST => Err(to_clean_page),
            Opened::Link(_) | Opened::Dead => Err(P::dead(app, &context)),
            Opened::NoCookie => Err(no_cookie(&context)),
        }
    }
}

impl<P: LinkPage> FromRequestParts<App> for OpenedLink<P> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let context = PageContext::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        let PathParam(text) = PathParam::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        Self::of(app, context, &parts.method, &text)
    }
}

/// A form of a mailed link's page, sent by the browser that has the link.
pub(crate) struct LinkForm<P> {
    pub(super) link: OpenedLink<P>,
    pub(super) form: Form,
}

impl<P: LinkPage> FromRequest<App> for LinkForm<P> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let context = PageContext::from_request_parts(&mut parts, app).await.map_err(IntoResponse::into_response)?;
        let PathParam(text) = PathParam::from_request_parts(&mut parts, app).await.map_err(IntoResponse::into_response)?;
        let method = parts.method.clone();
        let form = Form::from_request(Request::from_parts(parts, body), app).await.map_err(IntoResponse::into_response)?;
        context.sent(&form).map_err(IntoResponse::into_response)?;
        Ok(Self { link: OpenedLink::of(app, context, &method, &text)?, form })
    }
}

/// Leads to the clean address of a link's page, with the secret in a cookie.
pub(super) fn kept(app: &App, context: &PageContext, secret: &TokenSecret) -> Response {
    let page = secret.kind().page().unwrap_or_default();
    let mut response = Redirect::to(&format!("/{page}/{}", secret.id())).into_response();
    for cookie in CookieKind::keep_link(secret, context.headers(), &app.settings().public_url) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    // The address of this answer holds the secret: it is named to nobody, not even to ourselves.
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// The answer with the link's cookie taken away: it is used up.
pub(super) fn used(app: &App, (kind, id): (TokenKind, TokenId), mut response: Response) -> Response {
    let gone = CookieKind::Link(kind, id).forget(&app.settings().public_url);
    response.headers_mut().append(header::SET_COOKIE, gone);
    response
}

pub(super) fn no_cookie(context: &PageContext) -> Response {
    let parts = MessageParts { key: "no-cookie", kind: MessageKind::Warning, action: None, links: Vec::new() };
    context.message(StatusCode::BAD_REQUEST, parts)
}

/// Whom a link is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Holder<'a> {
    /// The person of an account, by the address that the page may show.
    Account(AccountId, Option<&'a EmailAddress>),
    /// A person who has an address.
    Address(&'a EmailAddress),
    /// The holder of the link, for an account that is not there yet.
    Anyone,
}

impl<'a> Holder<'a> {
    const fn address(self) -> Option<&'a EmailAddress> {
        match self {
            Self::Account(_, address) => address,
            Self::Address(address) => Some(address),
            Self::Anyone => None,
        }
    }
}

/// Who is logged in, where that is another person than the one whom a link is for.
fn logged_in_as_another<'a>(context: &'a PageContext, holder: Holder<'_>) -> Option<&'a SignedIn> {
    context.signed_in.as_ref().filter(|SignedIn { account, .. }| match holder {
        Holder::Account(id, _) => id != account.id,
        Holder::Address(address) => address.canonical() != account.email.canonical(),
        Holder::Anyone => true,
    })
}

/// What a form says above it where somebody else is logged in, with the way to log out and come back.
pub(super) struct OtherAccount {
    pub(super) text: String,
    /// Where logging out leads.
    pub(super) page: String,
}

impl OtherAccount {
    pub(super) fn of(context: &PageContext, holder: Holder<'_>, page: String) -> Option<Self> {
        logged_in_as_another(context, holder).map(|other| Self { text: said(&context.frame, "form", holder, other), page })
    }
}

/// Says who is logged in and whom the link is for.
fn said(frame: &Frame, kind: &str, holder: Holder<'_>, other: &SignedIn) -> String {
    let other = other.account.email.as_str();
    match holder.address() {
        Some(address) => frame.texts().with(&format!("{kind}-for-address"), &[("address", address.as_str()), ("other", other)]),
        None => frame.ta(&format!("{kind}-for-another"), "other", other),
    }
}

/// Ends the session of somebody else in this browser, once the link's form is taken: the login that follows is that of the link's
/// account, and leads into no other.
pub(super) async fn ends_other_session(
    app: &App,
    context: &PageContext,
    holder: Holder<'_>,
    mut response: Response,
) -> Result<Response, PageError> {
    if let Some(other) = logged_in_as_another(context, holder) {
        app.flows().log_out.run(other).await?;
        for cookie in app.session_cookie().forget(context.headers()) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    Ok(response)
}

/// The page that stands in place of a link's, where somebody else is logged in: it says so, and offers to log out and come back.
pub(super) fn not_yours(context: &PageContext, holder: Holder<'_>, page: &str) -> Option<Response> {
    let other = logged_in_as_another(context, holder)?;
    let frame = context.frame.clone();
    let text = said(&frame, "link", holder, other);
    let message = Message {
        heading: frame.t("link-for-another-heading"),
        paragraphs: vec![text],
        kind: MessageKind::Warning,
        action: Some(log_out(context, page)),
        links: vec![("/account".to_owned(), frame.t("stay-logged-in"))],
        frame,
    };
    Some(context.page(StatusCode::OK, &message))
}

/// A button that logs out and leads back to the page of a link.
fn log_out(context: &PageContext, page: &str) -> Action {
    let fields = [(forgery::FIELD, context.frame.csrf.as_str()), (return_to::FIELD, page)];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    Action::Again { to: "/logout".to_owned(), label: context.frame.t("log-out-and-continue"), fields, wait: None }
}

/// The way in from a page that does not know whose link it was; the page says who is logged in, if anybody.
pub(super) fn log_in(app: &App, context: &PageContext) -> Action {
    match context.signed_in {
        Some(_) => Action::Link { to: "/account".to_owned(), label: context.frame.t("your-account") },
        None => Action::Link { to: on_the_way("/login", context.was_going_to(app).as_ref()), label: context.frame.t("log-in") },
    }
}

/// The answer to a link's form that is done, with the address of the login that follows.
pub(super) fn logs_in_with(app: &App, email: &EmailAddress, mut response: Response) -> Response {
    let kept = Hint::Address.keep(email.as_str(), &app.settings().public_url);
    response.headers_mut().append(header::SET_COOKIE, kept);
    response
}

/// The same way, as a quiet link.
pub(super) fn log_in_link(app: &App, context: &PageContext) -> (String, String) {
    match context.signed_in {
        Some(_) => ("/logout".to_owned(), context.frame.t("log-out-and-log-in")),
        None => (on_the_way("/login", context.was_going_to(app).as_ref()), context.frame.t("dead-link-log-in")),
    }
}

/// The address has an account already.
pub(super) fn account_exists(app: &App, context: &PageContext) -> Response {
    let action = Some(log_in(app, context));
    let forgot = on_the_way("/forgot-password", context.was_going_to(app).as_ref());
    let links = vec![(forgot, context.frame.t("forgot-password"))];
    context.message(StatusCode::CONFLICT, MessageParts { key: "account-exists", kind: MessageKind::Warning, action, links })
}
