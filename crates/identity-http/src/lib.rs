#![doc = include_str!("../README.md")]

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
