//! What the links of a change of address open: one place decides whether they still count.

use crate::{
    change::Unavailable,
    flow::Fault,
    model::{
        email_change::{EmailChange, EmailChangeState},
        link::{LinkPurpose, Token},
    },
    port::{AccountWithPassword, Ports},
    value::{EmailChangeId, Timestamp, TokenSecret},
};

/// Why a link neither confirmed nor undid anything.
#[derive(Debug, thiserror::Error)]
pub enum EmailChangeLinkError {
    /// The link is unknown, expired or used, a later act ended it, or somebody else has the address by now: nobody is told which.
    #[error("this link does not work any more")]
    DeadLink,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(EmailChangeLinkError);

/// Everything that a link leads to, as it was read.
pub(super) struct ResolvedEmailChangeLink {
    pub(super) token: Token,
    pub(super) change: EmailChange,
    pub(super) owner: AccountWithPassword,
}

/// Reads what a link leads to; `None` where it leads nowhere, or to something else than `subject` says.
pub(super) async fn load(
    ports: &Ports,
    secret: &TokenSecret,
    subject: impl FnOnce(EmailChangeId) -> LinkPurpose,
) -> Result<Option<ResolvedEmailChangeLink>, Unavailable> {
    let Some(token) = ports.store.token_by_digest(&secret.digest()).await? else { return Ok(None) };
    let (LinkPurpose::EmailConfirmation(id) | LinkPurpose::EmailUndo(id)) = token.subject else { return Ok(None) };
    if token.subject != subject(id) {
        return Ok(None);
    }
    let Some(change) = ports.store.email_change(id).await? else { return Ok(None) };
    let owner = ports.store.credential(change.account).await?;
    Ok(owner.map(|owner| ResolvedEmailChangeLink { token, change, owner }))
}

impl ResolvedEmailChangeLink {
    /// Whether it confirms: unspent, unexpired, mailed to the very address that the change is to, and the change open.
    pub(super) fn confirms(&self, now: Timestamp) -> bool {
        self.token.is_live(now)
            && self.token.generation == self.change.generation
            && self.token.sent_to.as_ref() == Some(&self.change.to)
            && self.change.is_open(&self.owner.account, now)
    }

    /// Whether it undoes: unspent, unexpired, mailed to the address that the account had, the change not undone yet, and the account
    /// active. No generation ends it, and neither does a newer change: an attacker would make one.
    pub(super) fn undoes(&self, now: Timestamp) -> bool {
        self.token.is_live(now)
            && self.token.sent_to.as_ref() == Some(&self.change.from)
            && self.change.state != EmailChangeState::Undone
            && self.owner.account.is_active()
    }
}
