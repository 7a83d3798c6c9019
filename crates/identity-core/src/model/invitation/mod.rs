//! Invitations: how a person is let in by somebody who may.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::{
    model::link::Generation,
    value::{
        AccountId, CompanyId, EmailAddress, InvitationId, Language, Lifetime, Note, PersonName, RoleKey, SignedDuration,
        SubscriptionKey, Timestamp,
    },
};

crate::value::vocabulary! {
    /// Where an invitation stands. That it has expired is seen by the clock, not stored.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum InvitationState {
        /// Waits for the invitee.
        Pending = "pending",
        /// An account was opened by it, or got what it gives.
        Accepted = "accepted",
        /// The invitee said no.
        Declined = "declined",
        /// An administrator took it back.
        Revoked = "revoked",
        /// A newer invitation took its place.
        Superseded = "superseded",
    }
}

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// The company that the account will belong to; `None` in the invitation of the first operator, which opens the first one.
    pub company: Option<CompanyId>,
    /// Who answers for it; `None` for the installation itself.
    pub inviter: Option<AccountId>,
    /// Who is invited; `None` in the invitation of the first operator, who says it.
    pub email: Option<EmailAddress>,
    /// The invitee's first name, as far as the inviter knows it.
    pub first_name: Option<PersonName>,
    /// The invitee's last name, as far as the inviter knows it.
    pub last_name: Option<PersonName>,
    /// The roles that the account will hold.
    pub roles: BTreeSet<RoleKey>,
    /// The subscriptions that the account will have.
    pub subscriptions: BTreeSet<SubscriptionKey>,
    /// The language to write in.
    pub language: Language,
    /// A few personal words of the inviter.
    pub note: Option<Note>,
    /// How long it lasts.
    pub lifetime: Lifetime,
    /// Whether the lifetime has yet to start, with the first sending.
    pub starts_at_sending: bool,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
    /// Where it stands.
    pub state: InvitationState,
    /// The generation of the links that count.
    pub generation: Generation,
    /// When it was issued.
    pub created_at: Timestamp,
    /// When its page was first opened.
    pub opened_at: Option<Timestamp>,
    /// When the invitee last asked for a new one.
    pub renewal_requested_at: Option<Timestamp>,
    /// The account that it opened, or that got what it gives.
    pub account: Option<AccountId>,
    /// Raised by every change but the first opening.
    pub version: u32,
}

/// The invitation is not pending any more: nothing can be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the invitation is {}", .0.as_str())]
pub struct NotPending(pub InvitationState);

/// How often an invitee can ask for a new invitation.
const RENEWAL_PAUSE: SignedDuration = SignedDuration::from_hours(24);

impl Invitation {
    /// The one invitation that sets an installation up.
    pub const SET_UP: InvitationId = InvitationId::from_uuid(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001));

    /// Whether it can be accepted.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.state == InvitationState::Pending && now < self.expires_at
    }

    /// Whether it is pending, but expired.
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.state == InvitationState::Pending && now >= self.expires_at
    }

    /// The state as people see it.
    #[must_use]
    pub fn visible_state(&self, now: Timestamp) -> &'static str {
        if self.is_expired(now) { "expired" } else { self.state.as_str() }
    }

    fn pending(&self) -> Result<Self, NotPending> {
        if self.state == InvitationState::Pending {
            Ok(Self { version: self.version.saturating_add(1), ..self.clone() })
        } else {
            Err(NotPending(self.state))
        }
    }

    fn ended(&self, state: InvitationState) -> Result<Self, NotPending> {
        // The links of the generation die with the state that they belong to.
        Ok(Self { state, generation: self.generation.saturating_add(1), ..self.pending()? })
    }

    /// A link is about to be sent. The lifetime starts with the first one; later ones move nothing. The version rises with
    /// each, so that nothing that is done to the invitation at the same time misses the link.
    ///
    /// # Errors
    /// [`NotPending`]
    pub fn sending(&self, now: Timestamp) -> Result<Self, NotPending> {
        let expires_at = if self.starts_at_sending { self.lifetime.from(now) } else { self.expires_at };
        Ok(Self { starts_at_sending: false, expires_at, ..self.pending()? })
    }

    /// Sent again by somebody who answers for it from now on: older links die, the lifetime starts again.
    ///
    /// # Errors
    /// [`NotPending`]
    pub fn resent(&self, by: AccountId, now: Timestamp) -> Result<Self, NotPending> {
        Ok(Self {
            inviter: Some(by),
            generation: self.generation.saturating_add(1),
            starts_at_sending: true,
            expires_at: self.lifetime.from(now),
            ..self.pending()?
        })
    }

    /// Taken back.
    ///
    /// # Errors
    /// [`NotPending`]
    pub fn revoked(&self) -> Result<Self, NotPending> {
        self.ended(InvitationState::Revoked)
    }

    /// Declined by the invitee.
    ///
    /// # Errors
    /// [`NotPending`]
    pub fn declined(&self) -> Result<Self, NotPending> {
        self.ended(InvitationState::Declined)
    }

    /// Replaced by a newer invitation.
    ///
    /// # Errors
    /// [`NotPending`]
    pub fn superseded(&self) -> Result<Self, NotPending> {
        self.ended(InvitationState::Superseded)
    }

    /// Accepted: the account was opened, or got what it gives.
    ///
    /// # Errors
    /// [`NotPending`]
    pub fn accepted(&self, account: AccountId) -> Result<Self, NotPending> {
        Ok(Self { account: Some(account), ..self.ended(InvitationState::Accepted)? })
    }

    /// With another end. Links already sent last as long.
    ///
    /// # Errors
    /// [`NotPending`]
    pub fn expiring(&self, at: Timestamp) -> Result<Self, NotPending> {
        Ok(Self { expires_at: at, starts_at_sending: false, ..self.pending()? })
    }

    /// The invitee, whose link does not work, asks for a new one. `None` where it was asked for within the last day, or where the
    /// account is there.
    #[must_use]
    pub fn renewal_requested(&self, now: Timestamp) -> Option<Self> {
        let asked = self.renewal_requested_at.is_some_and(|asked| now.duration_since(asked) < RENEWAL_PAUSE);
        let pointless = self.state == InvitationState::Accepted || self.inviter.is_none();
        (!asked && !pointless).then(|| Self {
            renewal_requested_at: Some(now),
            version: self.version.saturating_add(1),
            ..self.clone()
        })
    }

    /// The invitation of the first operator with its links renewed, pending whatever it was.
    #[must_use]
    pub fn reopened_for_set_up(&self, now: Timestamp) -> Self {
        Self {
            state: InvitationState::Pending,
            generation: self.generation.saturating_add(1),
            expires_at: self.lifetime.from(now),
            account: None,
            version: self.version.saturating_add(1),
            ..self.clone()
        }
    }
}
