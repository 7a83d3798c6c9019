//! Who acts in the tests, and what they can do.

mod admin;
mod mail;
mod records;
mod visitor;
mod wanted;
mod world;

use identity_core::value::{EmailAddress, Lifetime, RoleKey, SignedDuration};

pub(crate) use self::{
    admin::{Admin, entry_command},
    mail::link_in,
    visitor::Visitor,
    wanted::Wanted,
    world::World,
};

/// The first operator.
pub(crate) const OPERATOR: &str = "ada@example.org";
/// The company administrator of the first company.
pub(crate) const ADMINISTRATOR: &str = "carl@example.org";
/// Somebody to invite.
pub(crate) const GRACE: &str = "grace@example.org";
/// A password that keeps every rule.
pub(crate) const PASSWORD: &str = "Zr7-mnbvq!";

pub(crate) fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

pub(crate) fn role(key: &str) -> RoleKey {
    RoleKey::parse(key).unwrap()
}

pub(crate) fn seconds(text: &str) -> SignedDuration {
    SignedDuration::from_secs(Lifetime::parse(text).unwrap().as_seconds())
}
