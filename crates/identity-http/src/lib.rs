//! The JSON API and the pages. Handlers parse, call a flow of the core, and render: no rule lives here.
//!
//! - `api`: the JSON API under `/api/v1`; `wire`: its types; `problem`: its errors;
//! - `pages`: pages for everyone; `admin`: pages for administrators; `view`: what their templates are filled with;
//! - `web`: what stands around every request: cookies, anti-forgery, headers, the client, the request's id, the way back after a login.

mod admin;
mod api;
mod app;
mod assets;
mod countries;
mod pages;
mod problem;
mod router;
mod security_txt;
mod text;
mod view;
mod web;
mod wire;

pub use app::{App, DevelopmentMailbox, DisplayedMail, HttpSettings, MailHead};
pub use router::{openapi, router};
pub use security_txt::SecurityTxt;
pub use web::{
    client::TrustedProxies,
    cookies::CookieDomain,
    patience::Patience,
    return_to::{ReturnToOrigins, StartUrl},
};
