//! Listing the security events of one's own account.

use crate::{
    change::Unavailable,
    model::{audit::OwnEvent, session::CurrentUser},
    port::{Cursor, Page, Ports},
    value::EventId,
};

/// Lists the security events of one's own account.
pub struct ListOwnEvents {
    ports: Ports,
}

impl ListOwnEvents {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// A part of the list, newest first. `limit` is brought between 1 and 200.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn run(
        &self,
        user: &CurrentUser,
        after: Cursor<EventId>,
        limit: u16,
    ) -> Result<Page<OwnEvent, EventId>, Unavailable> {
        self.ports.store.events_of(user.account.id, after, limit.clamp(1, 200)).await
    }
}
