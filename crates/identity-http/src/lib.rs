//! The JSON API and the pages. Handlers parse, call a flow of the core, and render: no rule lives here.
//!
//! - `api`: the JSON API under `/api/v1`; `wire`: its types; `problem`: its errors;
//! - `pages`: pages for everyone; `admin`: pages for administrators; `view`: what their templates are filled with; `text`: their texts;
//! - `web`: extractors and layers: cookies, anti-forgery, headers, the client, the way back after a login;
//! - `app`: what handlers share; `settings`: what a host sets; `router` and `request`: what stands around every request.

mod admin;
mod api;
mod app;
mod assets;
mod pages;
mod problem;
mod request;
mod router;
mod settings;
mod text;
mod view;
mod web;
mod wire;

pub use app::{App, DevelopmentMailbox, DisplayedMail, MailHead};
pub use router::{openapi, router};
pub use settings::{CookieDomain, HttpSettings, ReturnToOrigins, SecurityTxt, StartUrl, TrustedProxies};
pub use web::patience::Patience;
