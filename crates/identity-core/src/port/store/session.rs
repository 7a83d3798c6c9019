//! Reads of sessions.

use async_trait::async_trait;

use crate::{
    change::Unavailable,
    model::session::{Session, SignedIn},
    value::{AccountId, SessionId, Timestamp, TokenDigest},
};

/// Reads of sessions.
#[async_trait]
pub trait SessionReads: Send + Sync {
    /// The session with that digest and its account, as of one statement that starts after the call. Whether it is live is the
    /// caller's to decide.
    async fn session_by_digest(&self, digest: &TokenDigest) -> Result<Option<SignedIn>, Unavailable>;

    /// The sessions of an account that end after `now` at the latest, the last started first, at most 200. Whether one was left unused
    /// for too long is the caller's to decide.
    async fn sessions_of(&self, account: AccountId, now: Timestamp) -> Result<Vec<Session>, Unavailable>;
    /// The session with that id.
    async fn session(&self, id: SessionId) -> Result<Option<Session>, Unavailable>;
}
