//! Messages: what the system has to tell somebody by mail, and how far that has come.

mod mail;
mod notification;
mod schedule;

pub use mail::{
    AccountEmail, AccountMail, Email, EmailChangeEmail, EmailChangeMail, EmailContent, InvitationEmail, InvitationMail, MailKind,
    MailSubject, PasswordEmail, PasswordMail, RegistrationEmail, RegistrationMail, ResetCause,
};
pub use notification::{DeclaredKind, NotificationKind};
pub use schedule::{DeliveryLimits, retry_after};

use crate::value::{EmailAddress, Language, LeaseTicket, OutboxMessageId, Timestamp};

/// How far a message has come.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum OutboxMessageState {
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

impl OutboxMessageState {
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

/// A message in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct OutboxMessage {
    /// The message's id: the Message-ID of its mail, the same at every attempt.
    pub id: OutboxMessageId,
    /// The address, copied when the message was queued: the account may change before it is sent.
    pub to: EmailAddress,
    /// The language to write in.
    pub language: Language,
    /// What it is about.
    pub kind: MailKind,
    /// When it was queued.
    pub queued_at: Timestamp,
    /// When it is next to be tried; for a leased one, when the lease ends.
    pub due_at: Timestamp,
    /// How often sending was begun.
    pub attempts: u32,
    /// How far it has come.
    pub state: OutboxMessageState,
    /// What the last attempt failed with, for the operator.
    pub last_error: Option<String>,
    /// When it was sent, given up or dropped.
    pub settled_at: Option<Timestamp>,
}

impl OutboxMessage {
    /// A message that waits to be sent at once.
    #[must_use]
    pub const fn queue(id: OutboxMessageId, to: EmailAddress, language: Language, kind: MailKind, now: Timestamp) -> Self {
        Self {
            id,
            to,
            language,
            kind,
            queued_at: now,
            due_at: now,
            attempts: 0,
            state: OutboxMessageState::Queued,
            last_error: None,
            settled_at: None,
        }
    }
}

/// What became of a leased message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryOutcome {
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
