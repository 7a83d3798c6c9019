//! What a link to a new password opens: one place decides whether it still counts.

use crate::{
    change::Unavailable,
    model::link::{LinkPurpose, Token},
    port::{AccountWithPassword, Ports},
    value::{Timestamp, TokenSecret},
};

/// Everything that a link leads to, as it was read.
pub(super) struct ResolvedRecoveryLink {
    pub(super) token: Token,
    pub(super) owner: AccountWithPassword,
}

/// Reads what a link leads to; `None` where it leads nowhere.
pub(super) async fn load(ports: &Ports, secret: &TokenSecret) -> Result<Option<ResolvedRecoveryLink>, Unavailable> {
    let Some(token) = ports.store.token_by_digest(&secret.digest()).await? else { return Ok(None) };
    let LinkPurpose::Recovery(id) = token.subject else { return Ok(None) };
    Ok(ports.store.credential(id).await?.map(|owner| ResolvedRecoveryLink { token, owner }))
}

impl ResolvedRecoveryLink {
    /// Whether the link counts: unspent, unexpired, of the current generation, mailed to the address that the account has, and the
    /// account active.
    pub(super) fn is_valid(&self, now: Timestamp) -> bool {
        let account = &self.owner.account;
        self.token.is_live(now)
            && self.token.generation == account.recovery.generation
            && self.token.sent_to.as_ref() == Some(&account.email)
            && account.is_active()
    }
}
