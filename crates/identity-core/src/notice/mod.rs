//! Notices: what the system has to tell somebody by mail, and how far that has come.

mod deliver;
mod schedule;

pub use deliver::{DeliverNotices, Delivered, DeliveryLimits};
pub use schedule::retry_after;

use crate::{
    ledger::Generation,
    value::{CompanyName, EmailAddress, InvitationId, Language, LeaseTicket, Note, NoticeId, PersonName, Timestamp, TokenSecret},
};

/// What a notice is about: what happened, not how it reads. It is rendered when it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Somebody is invited: send the link.
    Invitation {
        /// The invitation.
        invitation: InvitationId,
        /// Its generation when the notice was queued.
        generation: Generation,
    },
    /// An invitee asks the inviter for a new invitation.
    RenewalRequested {
        /// The invitation that no longer works.
        invitation: InvitationId,
    },
}

impl Topic {
    /// The invitation that the notice is about.
    #[must_use]
    pub const fn invitation(&self) -> InvitationId {
        match self {
            Self::Invitation { invitation, .. } | Self::RenewalRequested { invitation } => *invitation,
        }
    }

    /// The word in answers, logs and tables.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Invitation { .. } => "invitation",
            Self::RenewalRequested { .. } => "renewal_requested",
        }
    }
}

/// How far a notice has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeState {
    /// Waiting for its time, or for a worker.
    Queued,
    /// A worker has it.
    Leased(LeaseTicket),
    /// The mail server took it.
    Sent,
    /// Given up.
    Failed,
    /// Not sent because what it was about is over.
    Dropped,
}

impl NoticeState {
    /// The word in answers and tables.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Leased(_) => "leased",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }
}

/// A notice in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The notice's id: the Message-ID of its mail, the same at every attempt.
    pub id: NoticeId,
    /// The address, copied when the notice was queued: the account may change before it is sent.
    pub to: EmailAddress,
    /// The language to write in.
    pub language: Language,
    /// What it is about.
    pub topic: Topic,
    /// When it was queued.
    pub queued_at: Timestamp,
    /// When it is next to be tried; for a leased one, when the lease ends.
    pub due_at: Timestamp,
    /// How often sending was begun.
    pub attempts: u32,
    /// How far it has come.
    pub state: NoticeState,
    /// What the last attempt failed with, for the operator.
    pub last_error: Option<String>,
    /// When it was sent, given up or dropped.
    pub settled_at: Option<Timestamp>,
}

impl Notice {
    /// A notice that waits to be sent at once.
    #[must_use]
    pub const fn queue(id: NoticeId, to: EmailAddress, language: Language, topic: Topic, now: Timestamp) -> Self {
        Self {
            id,
            to,
            language,
            topic,
            queued_at: now,
            due_at: now,
            attempts: 0,
            state: NoticeState::Queued,
            last_error: None,
            settled_at: None,
        }
    }
}

/// What became of a leased notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The mail server took it.
    Sent,
    /// It failed for now.
    Retry {
        /// When to try again.
        due_at: Timestamp,
        /// What went wrong.
        error: String,
    },
    /// It failed for good.
    Failed {
        /// What went wrong.
        error: String,
    },
    /// What it was about is over.
    Dropped,
    /// It was not begun: it is due at once, and the claim counts as no attempt.
    Returned,
}

/// A notice with everything its text needs, ready to be rendered and sent.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The notice's id, for the Message-ID.
    pub id: NoticeId,
    /// Who gets it.
    pub to: EmailAddress,
    /// The language to write in.
    pub language: Language,
    /// When it is written.
    pub written_at: Timestamp,
    /// What to say.
    pub content: LetterContent,
}

/// What a letter says.
#[derive(Clone, Debug)]
pub enum LetterContent {
    /// You are invited.
    Invitation {
        /// The invitee's first name, where the inviter gave one.
        first_name: Option<PersonName>,
        /// The inviter's full name.
        inviter: String,
        /// The inviter's address, to answer to.
        inviter_address: EmailAddress,
        /// The company that invites.
        company: CompanyName,
        /// The inviter's personal note.
        note: Option<Note>,
        /// The secret of the link.
        secret: TokenSecret,
        /// Until when the link works.
        expires_at: Timestamp,
    },
    /// Somebody whose invitation no longer works asks for a new one.
    RenewalRequested {
        /// The address that was invited.
        invitee: EmailAddress,
        /// The company.
        company: CompanyName,
    },
}
