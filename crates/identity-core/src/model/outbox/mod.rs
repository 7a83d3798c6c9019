//! Notices: what the system has to tell somebody by mail, and how far that has come.

mod email;
mod kind;
mod schedule;

pub use email::{Email, EmailContent, ResetCause};
pub use kind::{DeclaredKind, NotificationKind};
pub use schedule::{DeliveryLimits, retry_after};

use uuid::Uuid;

use crate::{
    model::link::Generation,
    value::{
        AccountId, EmailAddress, EmailChangeId, InvitationId, Language, LeaseTicket, OutboxMessageId, RegistrationId, SessionId,
        Timestamp,
    },
};

/// What a message is about: what happened, not how it reads. It is rendered when it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailKind {
    /// Somebody is invited: send the link.
    Invitation {
        /// The invitation.
        invitation: InvitationId,
        /// Its generation when the message was queued.
        generation: Generation,
    },
    /// An invitee asks the inviter for a new invitation.
    RenewalRequested {
        /// The invitation that no longer works.
        invitation: InvitationId,
    },
    /// Somebody signed up with an address, or asked for the mail again.
    Activation {
        /// The registration.
        registration: RegistrationId,
        /// Its generation when the message was queued.
        generation: Generation,
    },
    /// Somebody who knows the address asked for the activation mail again.
    ActivationAgain,
    /// A person waits for approval: tell an operator.
    RegistrationWaits {
        /// The registration.
        registration: RegistrationId,
    },
    /// An operator let a person in.
    RegistrationApproved {
        /// The registration.
        registration: RegistrationId,
    },
    /// An operator did not let a person in.
    RegistrationRejected {
        /// The registration.
        registration: RegistrationId,
    },
    /// Somebody asked for a new password for an address.
    RecoveryRequested,
    /// A person said "this wasn't me", which ended the password: send a link to a new one.
    ResetAfterReport {
        /// The account.
        account: AccountId,
        /// The generation of its recovery when the message was queued.
        generation: Generation,
    },
    /// A person undid a change of the address, which ended the password: send a link to a new one.
    ResetAfterEmailUndo {
        /// The account.
        account: AccountId,
        /// The generation of its recovery when the message was queued.
        generation: Generation,
    },
    /// An administrator reset a password by a link.
    ResetByAdministrator {
        /// The account.
        account: AccountId,
        /// The generation of its recovery when the message was queued.
        generation: Generation,
    },
    /// An administrator set a temporary password.
    TemporaryPassword {
        /// The account.
        account: AccountId,
    },
    /// An administrator made a new password a condition.
    PasswordChangeRequired {
        /// The account.
        account: AccountId,
    },
    /// Somebody logged in with a password that is known from a data leak, which made a new one a condition.
    PasswordBreached {
        /// The account.
        account: AccountId,
    },
    /// A person who is logged in changed the password.
    PasswordChanged {
        /// The account.
        account: AccountId,
    },
    /// A password was set by a mailed link.
    PasswordReset {
        /// The account.
        account: AccountId,
    },
    /// A person said "this wasn't me" of a link to a new password: tell an administrator.
    ResetReported {
        /// The account.
        account: AccountId,
    },
    /// A person said "this wasn't me" of a login, or of a new password or new security answers: tell an administrator.
    AccessReported {
        /// The account.
        account: AccountId,
    },
    /// A person undid a change of the address: tell an administrator.
    EmailChangeUndone {
        /// The change.
        change: EmailChangeId,
    },
    /// A person with an account accepted what an invitation gives: tell them.
    AccessGranted {
        /// The invitation.
        invitation: InvitationId,
    },
    /// Somebody asked for a new address: send the link that confirms it there.
    EmailConfirmation {
        /// The change.
        change: EmailChangeId,
    },
    /// The same, for the old address: announce it with a link that undoes it.
    EmailChangeAnnounced {
        /// The change.
        change: EmailChangeId,
    },
    /// A new address was confirmed: tell both, the old one with a link that undoes it.
    EmailChanged {
        /// The change.
        change: EmailChangeId,
    },
    /// Somebody signed in by a browser that was not known.
    SignedIn {
        /// The session.
        session: SessionId,
    },
    /// Somebody accepted an invitation: tell the inviter.
    InvitationAccepted {
        /// The invitation.
        invitation: InvitationId,
    },
    /// A person who had no security answers set some: tell them.
    SecurityQuestionsSet {
        /// The account.
        account: AccountId,
    },
    /// A person replaced the own security answers: tell them.
    SecurityQuestionsChanged {
        /// The account.
        account: AccountId,
    },
    /// A person asked for the deletion of the own account: say until when it can be undone.
    DeletionRequested {
        /// The account.
        account: AccountId,
    },
    /// A person took that back.
    DeletionUndone {
        /// The account.
        account: AccountId,
    },
    /// A person undid a change of the address, which undid the deletion that was asked for after it.
    DeletionUndoneWithAddress {
        /// The account.
        account: AccountId,
    },
}

/// What a topic names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailSubject {
    /// Nothing: it is about the address alone.
    Address,
    /// An invitation.
    Invitation(InvitationId),
    /// A registration.
    Registration(RegistrationId),
    /// An account.
    Account(AccountId),
    /// A change of an address.
    EmailChange(EmailChangeId),
    /// A session.
    Session(SessionId),
}

impl MailKind {
    /// What the topic names.
    #[must_use]
    pub const fn subject(&self) -> MailSubject {
        match self {
            Self::Invitation { invitation, .. }
            | Self::RenewalRequested { invitation }
            | Self::AccessGranted { invitation }
            | Self::InvitationAccepted { invitation } => MailSubject::Invitation(*invitation),
            Self::SignedIn { session } => MailSubject::Session(*session),
            Self::Activation { registration, .. }
            | Self::RegistrationWaits { registration }
            | Self::RegistrationApproved { registration }
            | Self::RegistrationRejected { registration } => MailSubject::Registration(*registration),
            Self::ResetAfterReport { account, .. }
            | Self::ResetAfterEmailUndo { account, .. }
            | Self::ResetByAdministrator { account, .. }
            | Self::TemporaryPassword { account }
            | Self::PasswordChangeRequired { account }
            | Self::PasswordBreached { account }
            | Self::PasswordChanged { account }
            | Self::PasswordReset { account }
            | Self::ResetReported { account }
            | Self::AccessReported { account }
            | Self::SecurityQuestionsSet { account }
            | Self::SecurityQuestionsChanged { account }
            | Self::DeletionRequested { account }
            | Self::DeletionUndone { account }
            | Self::DeletionUndoneWithAddress { account } => MailSubject::Account(*account),
            Self::ActivationAgain | Self::RecoveryRequested => MailSubject::Address,
            Self::EmailConfirmation { change }
            | Self::EmailChangeAnnounced { change }
            | Self::EmailChanged { change }
            | Self::EmailChangeUndone { change } => MailSubject::EmailChange(*change),
        }
    }

    /// The generation that a topic copies, where its links have one.
    #[must_use]
    pub const fn generation(&self) -> Option<Generation> {
        match self {
            Self::Invitation { generation, .. }
            | Self::Activation { generation, .. }
            | Self::ResetAfterReport { generation, .. }
            | Self::ResetAfterEmailUndo { generation, .. }
            | Self::ResetByAdministrator { generation, .. } => Some(*generation),
            _ => None,
        }
    }

    /// The word in answers, logs and tables.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Invitation { .. } => "invitation",
            Self::RenewalRequested { .. } => "renewal_requested",
            Self::Activation { .. } => "activation",
            Self::ActivationAgain => "activation_again",
            Self::RegistrationWaits { .. } => "registration_waits",
            Self::RegistrationApproved { .. } => "registration_approved",
            Self::RegistrationRejected { .. } => "registration_rejected",
            Self::RecoveryRequested => "recovery_requested",
            Self::ResetAfterReport { .. } => "reset_after_report",
            Self::ResetAfterEmailUndo { .. } => "reset_after_email_undo",
            Self::ResetByAdministrator { .. } => "reset_by_administrator",
            Self::TemporaryPassword { .. } => "temporary_password",
            Self::PasswordChangeRequired { .. } => "password_change_required",
            Self::PasswordBreached { .. } => "password_breached",
            Self::PasswordChanged { .. } => "password_changed",
            Self::PasswordReset { .. } => "password_reset",
            Self::ResetReported { .. } => "reset_reported",
            Self::AccessReported { .. } => "access_reported",
            Self::EmailChangeUndone { .. } => "email_change_undone",
            Self::AccessGranted { .. } => "access_granted",
            Self::EmailConfirmation { .. } => "email_confirmation",
            Self::EmailChangeAnnounced { .. } => "email_change_announced",
            Self::EmailChanged { .. } => "email_changed",
            Self::SignedIn { .. } => "signed_in",
            Self::InvitationAccepted { .. } => "invitation_accepted",
            Self::SecurityQuestionsSet { .. } => "security_questions_set",
            Self::SecurityQuestionsChanged { .. } => "security_questions_changed",
            Self::DeletionRequested { .. } => "deletion_requested",
            Self::DeletionUndone { .. } => "deletion_undone",
            Self::DeletionUndoneWithAddress { .. } => "deletion_undone_with_address",
        }
    }

    /// Reads [`as_str`](Self::as_str) back, with what stands beside it; `None` where these do not belong together.
    #[must_use]
    pub fn parse(word: &str, subject: Uuid, generation: Option<Generation>) -> Option<Self> {
        let invitation = InvitationId::from_uuid(subject);
        let registration = RegistrationId::from_uuid(subject);
        let account = AccountId::from_uuid(subject);
        let change = EmailChangeId::from_uuid(subject);
        Some(match word {
            "invitation" => Self::Invitation { invitation, generation: generation? },
            "renewal_requested" => Self::RenewalRequested { invitation },
            "activation" => Self::Activation { registration, generation: generation? },
            "activation_again" => Self::ActivationAgain,
            "registration_waits" => Self::RegistrationWaits { registration },
            "registration_approved" => Self::RegistrationApproved { registration },
            "registration_rejected" => Self::RegistrationRejected { registration },
            "recovery_requested" => Self::RecoveryRequested,
            "reset_after_report" => Self::ResetAfterReport { account, generation: generation? },
            "reset_after_email_undo" => Self::ResetAfterEmailUndo { account, generation: generation? },
            "reset_by_administrator" => Self::ResetByAdministrator { account, generation: generation? },
            "temporary_password" => Self::TemporaryPassword { account },
            "password_change_required" => Self::PasswordChangeRequired { account },
            "password_breached" => Self::PasswordBreached { account },
            "password_changed" => Self::PasswordChanged { account },
            "password_reset" => Self::PasswordReset { account },
            "reset_reported" => Self::ResetReported { account },
            "access_reported" => Self::AccessReported { account },
            "email_change_undone" => Self::EmailChangeUndone { change },
            "access_granted" => Self::AccessGranted { invitation },
            "email_confirmation" => Self::EmailConfirmation { change },
            "email_change_announced" => Self::EmailChangeAnnounced { change },
            "email_changed" => Self::EmailChanged { change },
            "signed_in" => Self::SignedIn { session: SessionId::from_uuid(subject) },
            "invitation_accepted" => Self::InvitationAccepted { invitation },
            "security_questions_set" => Self::SecurityQuestionsSet { account },
            "security_questions_changed" => Self::SecurityQuestionsChanged { account },
            "deletion_requested" => Self::DeletionRequested { account },
            "deletion_undone" => Self::DeletionUndone { account },
            "deletion_undone_with_address" => Self::DeletionUndoneWithAddress { account },
            _ => return None,
        })
    }
}

/// How far a message has come.
#[derive(Clone, Debug, PartialEq, Eq)]
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
pub struct OutboxMessage {
    /// The message's id: the Message-ID of its mail, the same at every attempt.
    pub id: OutboxMessageId,
    /// The address, copied when the message was queued: the account may change before it is sent.
    pub to: EmailAddress,
    /// The language to write in.
    pub language: Language,
    /// What it is about.
    pub topic: MailKind,
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
    pub const fn queue(id: OutboxMessageId, to: EmailAddress, language: Language, topic: MailKind, now: Timestamp) -> Self {
        Self {
            id,
            to,
            language,
            topic,
            queued_at: now,
            due_at: now,
            attempts: 0,
            state: OutboxMessageState::Queued,
            last_error: None,
            settled_at: None,
        }
    }
}

/// What became of a leased notice.
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
