//! The JSON API under `/api/v1`.

mod access;
mod accounts;
mod companies;
mod email_changes;
mod fields;
mod forward_auth;
mod invitations;
mod me;
mod onboarding;
mod passwords;
mod pictures;
mod privacy;
mod recovery;
mod registrations;
mod security;
mod security_questions;
mod sessions;
mod terms;

use identity_core::port::Cursor;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    app::App,
    problem::Problem,
    wire::{PageQuery, Reader},
};

/// Rows in a part of a list where nothing is said.
pub(crate) const DEFAULT_LIMIT: u16 = 50;

/// Where a list goes on, and how much of it is wanted.
fn page<Id: std::str::FromStr>(query: &PageQuery) -> Result<(Cursor<Id>, u16), Problem> {
    let mut reader = Reader::default();
    let after = reader
        .optional("cursor", query.cursor.as_deref(), |text| text.parse::<Id>().map_err(|_| "send next_cursor as it was answered"));
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let limit = reader.read("limit", if (1..=200).contains(&limit) { Ok(limit) } else { Err("use a number from 1 to 200") });
    Ok((after, reader.finish(limit)?))
}

/// `asks`: whether there are security questions; where there are none, nothing says that there could be.
pub(crate) fn routes(asks: bool) -> OpenApiRouter<App> {
    let routes = if asks {
        security_questions::routes()
    } else {
        OpenApiRouter::new().merge(accounts::reset_routes()).merge(recovery::complete_routes())
    };
    routes
        .merge(sessions::routes())
        .merge(invitations::routes())
        .merge(accounts::routes())
        .merge(companies::routes())
        .merge(access::routes())
        .merge(terms::routes())
        .merge(passwords::routes())
        .merge(registrations::routes())
        .merge(recovery::routes())
        .merge(fields::routes())
        .merge(forward_auth::routes())
        .merge(security::routes())
        .merge(email_changes::routes())
        .merge(pictures::routes())
        .merge(me::routes())
        .merge(onboarding::routes())
        .merge(privacy::routes())
}
