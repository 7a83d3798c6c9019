//! Reads of registrations.

use async_trait::async_trait;

use super::{Cursor, Page};
use crate::{
    change::Unavailable,
    model::registration::{Registration, RegistrationState},
    value::{RegistrationId, Timestamp, TokenDigest},
};

/// A question for a list of registrations.
#[derive(Clone, Copy, Debug)]
pub struct RegistrationQuery {
    /// Only those in this state.
    pub state: RegistrationState,
    /// Only those after this one in the order of the list.
    pub after: Cursor<RegistrationId>,
    /// The most rows, from 1 to 200.
    pub limit: u16,
}

/// Reads of registrations.
#[async_trait]
pub trait RegistrationReads: Send + Sync {
    /// The registration with that id.
    async fn registration(&self, id: RegistrationId) -> Result<Option<Registration>, Unavailable>;

    /// The registration with that digest of its flow.
    async fn registration_by_flow(&self, flow: &TokenDigest) -> Result<Option<Registration>, Unavailable>;

    /// The newest registration for a canonical address that is in this state and has not lapsed at `now`.
    async fn newest_registration(
        &self,
        canonical: &str,
        state: RegistrationState,
        now: Timestamp,
    ) -> Result<Option<Registration>, Unavailable>;

    /// A part of the list, oldest first: the person who has waited longest comes first.
    async fn registrations(&self, query: &RegistrationQuery) -> Result<Page<Registration, RegistrationId>, Unavailable>;
}
