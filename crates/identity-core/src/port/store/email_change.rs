//! Reads of changes of addresses.

use async_trait::async_trait;

use crate::{
    change::Unavailable,
    model::email_change::EmailChange,
    value::{AccountId, EmailChangeId, Timestamp},
};

/// Reads of changes of addresses.
#[async_trait]
pub trait EmailChangeReads: Send + Sync {
    /// The change with that id.
    async fn email_change(&self, id: EmailChangeId) -> Result<Option<EmailChange>, Unavailable>;

    /// The change of an account that is pending, whether or not it still counts.
    async fn pending_email_change(&self, account: AccountId) -> Result<Option<EmailChange>, Unavailable>;

    /// Until when a confirmed change of another account than `but` can be undone, which then has that canonical address again: the latest
    /// such time after `now`.
    async fn address_undo_until(
        &self,
        canonical: &str,
        but: Option<AccountId>,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Unavailable>;
}
