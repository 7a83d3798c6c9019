//! Reads of the audit log.

use async_trait::async_trait;

use super::{Cursor, Page};
use crate::{
    change::Unavailable,
    model::audit::OwnEvent,
    value::{AccountId, EventId},
};

/// Reads of events.
#[async_trait]
pub trait AuditReads: Send + Sync {
    /// A part of the list of the security events of an account, newest first; `limit` from 1 to 200. The network of another account is
    /// not in it.
    async fn events_of(
        &self,
        account: AccountId,
        after: Cursor<EventId>,
        limit: u16,
    ) -> Result<Page<OwnEvent, EventId>, Unavailable>;
}
