//! The links of invitations, and the page of one that does not work any more.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use identity_core::{
    flow::invitation::InvitedBy,
    value::{TokenId, TokenKind, TokenSecret},
};

use super::{
    common::PageContext,
    error::PageError,
    link::{LinkPage, log_in},
};
use crate::{
    app::App,
    view::{Action, Frame},
};

/// The pages of invitation links.
pub(crate) struct Invitation;

impl LinkPage for Invitation {
    const KIND: TokenKind = TokenKind::Invitation;

    fn dead(app: &App, context: &PageContext) -> Response {
        DeadPage::answer(app, context, None, None)
    }
}

/// A link that does not work any more: most people who open one again have registered by it, so the way in comes first.
#[derive(Template)]
#[template(path = "dead_invitation.html")]
struct DeadPage {
    frame: Frame,
    log_in: Action,
    /// The link, where a new invitation can be asked for by it.
    link: Option<TokenId>,
    invited_by: Option<InvitedBy>,
}

impl DeadPage {
    fn answer(app: &App, context: &PageContext, link: Option<TokenId>, invited_by: Option<InvitedBy>) -> Response {
        let page = Self { frame: context.frame.clone(), log_in: log_in(app, context), link, invited_by };
        context.page(StatusCode::GONE, &page)
    }
}

/// The answer to a link that does not work any more, with what is known of who sent it: its holder is told whom to ask.
pub(super) fn dead_invitation(app: &App, context: &PageContext, link: TokenId, invited_by: Option<InvitedBy>) -> Response {
    DeadPage::answer(app, context, Some(link), invited_by)
}

/// The same, where the act was refused and did not say who sent it.
pub(super) async fn dead_link(
    app: &App,
    context: &PageContext,
    link: TokenId,
    secret: &TokenSecret,
) -> Result<Response, PageError> {
    Ok(DeadPage::answer(app, context, Some(link), app.flows().preview.invited_by(secret).await?))
}
