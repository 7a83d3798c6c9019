//! Reads of invitations.

use async_trait::async_trait;

use super::{Cursor, Page};
use crate::{
    change::Unavailable,
    model::{
        access::Scope,
        invitation::{Invitation, InvitationState},
        outbox::OutboxMessageState,
    },
    value::{AccountId, CompanyId, InvitationId, OutboxMessageId, Timestamp},
};

/// How far the newest message of an invitation has come; nothing is known of it once that message was swept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The message.
    pub message: OutboxMessageId,
    /// `queued`, `leased`, `sent`, `failed` or `dropped`.
    pub state: OutboxMessageState,
    /// How often sending was begun.
    pub attempts: u32,
    /// What the last attempt failed with.
    pub last_error: Option<String>,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
}

/// An invitation as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationSummary {
    /// The invitation.
    pub invitation: Invitation,
    /// How far its newest message has come.
    pub delivery: Option<Delivery>,
}

/// Which invitations to list, by what is seen of them at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationFilter {
    /// Pending and not expired.
    Pending,
    /// Pending, but expired.
    Expired,
    /// In a state that ended it.
    Ended(InvitationState),
}

/// A question for a list of invitations; those of first operators are in none.
#[derive(Clone, Debug)]
pub struct InvitationQuery {
    /// Of all companies or of one.
    pub scope: Scope,
    /// Which of them.
    pub filter: Option<InvitationFilter>,
    /// Only addresses that start with this canonical text.
    pub address_prefix: Option<String>,
    /// The time that decides what has expired.
    pub now: Timestamp,
    /// Only those after this one in the order of the list.
    pub after: Cursor<InvitationId>,
    /// The most rows, from 1 to 200.
    pub limit: u16,
}

/// Reads of invitations.
#[async_trait]
pub trait InvitationReads: Send + Sync {
    /// The invitation with that id.
    async fn invitation(&self, id: InvitationId) -> Result<Option<Invitation>, Unavailable>;

    /// The invitation with that id, as a list shows it.
    async fn invitation_summary(&self, id: InvitationId) -> Result<Option<InvitationSummary>, Unavailable>;

    /// The pending invitation of a company for a canonical address.
    async fn pending_invitation(&self, company: CompanyId, canonical: &str) -> Result<Option<Invitation>, Unavailable>;

    /// The newest invitation of any company for a canonical address that is pending and not expired at `now`.
    async fn open_invitation(&self, canonical: &str, now: Timestamp) -> Result<Option<Invitation>, Unavailable>;

    /// A part of the list: newest first; where the beginning of an address is asked for, by address, byte by byte, and oldest first
    /// among those of one address, where nothing comes after an invitation that is not there.
    async fn invitations(&self, query: &InvitationQuery) -> Result<Page<InvitationSummary, InvitationId>, Unavailable>;

    /// The invitations that an account accepted, or that went to a canonical address, oldest first.
    async fn invitations_received(&self, account: AccountId, canonical: &str) -> Result<Vec<Invitation>, Unavailable>;

    /// A part of the list of the invitations that an account answers for, newest first; `limit` from 1 to 200.
    async fn invitations_sent(
        &self,
        inviter: AccountId,
        after: Cursor<InvitationId>,
        limit: u16,
    ) -> Result<Page<Invitation, InvitationId>, Unavailable>;
}
