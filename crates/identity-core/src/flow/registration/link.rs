//! What an activation link opens: one place decides whether it still counts.

use super::admit;
use crate::{
    change::Unavailable,
    model::{
        Settings,
        link::{LinkPurpose, Token},
        registration::Registration,
    },
    port::Ports,
    value::{Timestamp, TokenSecret},
};

/// Everything that a link leads to, as it was read.
pub(super) struct ResolvedRegistrationLink {
    pub(super) token: Token,
    pub(super) registration: Registration,
}

/// Reads what a link leads to; `None` where it leads nowhere.
pub(super) async fn load(ports: &Ports, secret: &TokenSecret) -> Result<Option<ResolvedRegistrationLink>, Unavailable> {
    let Some(token) = ports.store.token_by_digest(&secret.digest()).await? else { return Ok(None) };
    let LinkPurpose::Registration(id) = token.subject else { return Ok(None) };
    Ok(ports.store.registration(id).await?.map(|registration| ResolvedRegistrationLink { token, registration }))
}

impl ResolvedRegistrationLink {
    /// Whether the link counts: unspent, unexpired, of the current generation, its registration open, and its address still one
    /// that may sign up here.
    pub(super) fn is_valid(&self, ports: &Ports, settings: &Settings, now: Timestamp) -> bool {
        self.token.is_live(now)
            && self.token.generation == self.registration.generation
            && self.token.sent_to.as_ref() == Some(&self.registration.email)
            && self.registration.is_open(now)
            && admit(ports, &settings.registration, &self.registration.email).is_ok()
    }
}
