//! Who acts in the tests, and what they can do.

mod answer;
mod api;
mod browser;
mod mailbox;
mod mails;
mod people;
mod request;
mod submissions;
mod world;

pub(crate) use self::{answer::*, api::*, browser::*, mailbox::*, mails::*, request::*, submissions::*, world::*};

pub(crate) const OPERATOR: &str = "ada@acme.example";

pub(crate) const ADMINISTRATOR: &str = "carl@acme.example";

pub(crate) const MEMBER: &str = "grace@acme.example";

/// The company administrator of another company.
pub(crate) const OTHER_ADMINISTRATOR: &str = "olga@other.example";

/// Invited, and not registered yet.
pub(crate) const INVITED: &str = "ida@acme.example";

/// A person who signs up by themselves.
pub(crate) const SIGNING_UP: &str = "nina@newco.example";

/// Has signed up, and waits for an operator.
pub(crate) const WAITING: &str = "wanda@newco.example";

/// A password that keeps every rule.
pub(crate) const PASSWORD: &str = "Zr7-mnbvq!";

/// Another one.
pub(crate) const OTHER_PASSWORD: &str = "Kp4_wertz?";

pub(crate) const HTTPS: &str = "https://id.example.org";

pub(crate) const LOOPBACK: &str = "http://127.0.0.1:8080";

/// The address that Grace asks for.
pub(crate) const NEW_ADDRESS: &str = "grace.new@acme.example";
