//! Where a form cannot be taken right now, the page that says so offers to send it again.

use axum::{
    extract::Request,
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
};

use crate::{
    view::{Action, Message, page},
    web::{forgery, typed::Typed},
};

/// Travels beside a page that says that something cannot be done now, but can be in so many seconds.
#[derive(Clone, Debug)]
pub(crate) struct Later {
    pub(crate) message: Message,
    pub(crate) seconds: u32,
    /// Where the form's own token does not count any more.
    pub(crate) fresh: Option<FreshToken>,
}

/// The token that forms of a browser carry now, with the cookies of its page: the one that it is derived from, where the browser has
/// none yet.
#[derive(Clone, Debug)]
pub(crate) struct FreshToken {
    pub(crate) token: String,
    pub(crate) cookies: Vec<HeaderValue>,
}

/// The longest wait that a button counts down, in seconds.
const LONGEST_COUNT: u32 = 120;

/// Where a form cannot be taken now, its page carries what was typed, but for secrets, in a form that sends it again.
pub(crate) async fn offer_again(mut request: Request, next: Next) -> Response {
    let typed = Typed::default();
    request.extensions_mut().insert(typed.clone());
    let to = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let mut response = next.run(request).await;
    let later = response.extensions_mut().remove::<Later>();
    let Some((Later { mut message, seconds, fresh }, kept)) = later.zip(typed.kept()) else { return response };
    let mut fields = kept.fields.clone();
    if kept.leaves_out {
        message.paragraphs.push(message.frame.t("typed-is-kept-but-secrets"));
    } else if kept.fields.iter().any(|(name, _)| name != forgery::FIELD) {
        message.paragraphs.push(message.frame.t("typed-is-kept"));
    }
    if let Some(FreshToken { token, cookies }) = fresh {
        fields.retain(|(name, _)| name != forgery::FIELD);
        fields.push((forgery::FIELD.to_owned(), token));
        for cookie in cookies {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    let label = message.frame.t("try-again");
    let wait = Some(seconds).filter(|seconds| (1..=LONGEST_COUNT).contains(seconds));
    message.action = Some(Action::Again { to, label, fields, wait });
    *response.body_mut() = page(response.status(), &message).into_body();
    response
}
