//! Audit events: who did what to whom, when and from where.

mod own;

pub use own::{By, OwnEvent};

use sha2::{Digest as _, Sha256};

use crate::{
    model::{recovery::IdentityCheck, session::Client},
    value::{AccountId, CompanyId, EmailAddress, EventId, InvitationId, OutboxMessageId, RegistrationId, SessionId, Timestamp},
};

/// What happened. The words follow the OWASP Logging Vocabulary where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// A set-up link for the first operator was made.
    FirstOperatorLinkCreated,
    /// An invitation was issued.
    InvitationIssued,
    /// An invitation was sent again; its older links died.
    InvitationResent,
    /// An invitation was revoked.
    InvitationRevoked,
    /// An invitation's expiry was changed.
    InvitationExpiryChanged,
    /// An invitation was replaced by a newer one.
    InvitationSuperseded,
    /// An invitee declined.
    InvitationDeclined,
    /// An invitee asked for a new invitation.
    InvitationRenewalRequested,
    /// A link was made for a notice.
    LinkCreated,
    /// An account was opened.
    UserCreated,
    /// An account was disabled.
    AccountDisabled,
    /// An account was enabled again.
    AccountEnabled,
    /// A login succeeded.
    LoginSucceeded,
    /// A login failed.
    LoginFailed,
    /// A session was ended by its owner.
    SessionEnded,
    /// A company was opened or renamed.
    CompanyChanged,
    /// A role or subscription was defined or changed.
    CatalogueChanged,
    /// A version of the terms was published.
    TermsPublished,
    /// The terms were accepted.
    TermsAccepted,
    /// A message was given up.
    MessageFailed,
    /// Somebody signed up, or asked for the mail again.
    RegistrationRequested,
    /// A code was typed that was mailed.
    RegistrationVerified,
    /// A person set a password and waits for approval.
    RegistrationCompleted,
    /// An operator let a person in.
    RegistrationApproved,
    /// An operator did not let a person in.
    RegistrationRejected,
    /// Somebody asked for a new password.
    RecoveryRequested,
    /// A password was set by a mailed link.
    PasswordReset,
    /// A signed-in person changed the password.
    PasswordChanged,
    /// An administrator reset a password, after checking who asked.
    PasswordResetIssued,
    /// A new password was made a condition.
    PasswordChangeRequired,
    /// A person said "this wasn't me".
    AccessReported,
    /// A login was not tried because too many before it failed.
    LoginLocked,
    /// An administrator let an address try again.
    AccountUnlocked,
    /// The sessions of an account were ended: by an administrator, or all but one by their person.
    SessionsEnded,
    /// A person with an account accepted the roles and subscriptions of an invitation.
    AccessGranted,
    /// A signed-in person said the password again.
    Reauthenticated,
    /// A link to a new password was mailed to an account's address.
    RecoveryMailed,
    /// A signed-in person asked for another address.
    EmailChangeRequested,
    /// A person took that back.
    EmailChangeCancelled,
    /// A new address was confirmed.
    EmailChanged,
    /// A change of address was undone at the old one.
    EmailChangeUndone,
    /// A person set a picture.
    PictureChanged,
    /// A person took their picture away.
    PictureRemoved,
    /// A person changed the own profile; the subject names the fields.
    ProfileChanged,
    /// A person changed the own settings; the subject names them.
    SettingsChanged,
    /// A person closed the last step of the first login.
    OnboardingFinished,
    /// A person set the own security answers.
    SecurityQuestionsChanged,
    /// A security question was not answered right.
    SecurityAnswerFailed,
    /// A person took the own data along.
    OwnDataExported,
    /// A person asked for the deletion of the own account.
    DeletionRequested,
    /// A person took that back.
    DeletionUndone,
    /// An account was erased.
    AccountErased,
}

impl Action {
    /// Every action, for adapters that read words back.
    pub const ALL: [Self; 52] = [
        Self::FirstOperatorLinkCreated,
        Self::InvitationIssued,
        Self::InvitationResent,
        Self::InvitationRevoked,
        Self::InvitationExpiryChanged,
        Self::InvitationSuperseded,
        Self::InvitationDeclined,
        Self::InvitationRenewalRequested,
        Self::LinkCreated,
        Self::UserCreated,
        Self::AccountDisabled,
        Self::AccountEnabled,
        Self::LoginSucceeded,
        Self::LoginFailed,
        Self::SessionEnded,
        Self::CompanyChanged,
        Self::CatalogueChanged,
        Self::TermsPublished,
        Self::TermsAccepted,
        Self::MessageFailed,
        Self::RegistrationRequested,
        Self::RegistrationVerified,
        Self::RegistrationCompleted,
        Self::RegistrationApproved,
        Self::RegistrationRejected,
        Self::RecoveryRequested,
        Self::PasswordReset,
        Self::PasswordChanged,
        Self::PasswordResetIssued,
        Self::PasswordChangeRequired,
        Self::AccessReported,
        Self::LoginLocked,
        Self::AccountUnlocked,
        Self::SessionsEnded,
        Self::AccessGranted,
        Self::Reauthenticated,
        Self::RecoveryMailed,
        Self::EmailChangeRequested,
        Self::EmailChangeCancelled,
        Self::EmailChanged,
        Self::EmailChangeUndone,
        Self::PictureChanged,
        Self::PictureRemoved,
        Self::ProfileChanged,
        Self::SettingsChanged,
        Self::OnboardingFinished,
        Self::SecurityQuestionsChanged,
        Self::SecurityAnswerFailed,
        Self::OwnDataExported,
        Self::DeletionRequested,
        Self::DeletionUndone,
        Self::AccountErased,
    ];

    /// Events whose address was, at that time, the one of the account that caused them or that they are about. An erasure knows by them
    /// which addresses an account had, however long ago: nobody but a login begins a session, and no address changes without one.
    pub const OF_ADDRESSES_HAD: [Self; 3] = [Self::LoginSucceeded, Self::EmailChanged, Self::EmailChangeUndone];

    /// The stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FirstOperatorLinkCreated => "set_up_link_created",
            Self::InvitationIssued => "invitation_issued",
            Self::InvitationResent => "invitation_resent",
            Self::InvitationRevoked => "invitation_revoked",
            Self::InvitationExpiryChanged => "invitation_expiry_changed",
            Self::InvitationSuperseded => "invitation_superseded",
            Self::InvitationDeclined => "invitation_declined",
            Self::InvitationRenewalRequested => "invitation_renewal_requested",
            Self::LinkCreated => "authn_token_created",
            Self::UserCreated => "user_created",
            Self::AccountDisabled => "user_disabled",
            Self::AccountEnabled => "user_enabled",
            Self::LoginSucceeded => "authn_login_success",
            Self::LoginFailed => "authn_login_fail",
            Self::SessionEnded => "session_ended",
            Self::CompanyChanged => "company_changed",
            Self::CatalogueChanged => "authz_catalogue_changed",
            Self::TermsPublished => "terms_published",
            Self::TermsAccepted => "terms_accepted",
            Self::MessageFailed => "notice_failed",
            Self::RegistrationRequested => "registration_requested",
            Self::RegistrationVerified => "registration_verified",
            Self::RegistrationCompleted => "registration_completed",
            Self::RegistrationApproved => "registration_approved",
            Self::RegistrationRejected => "registration_rejected",
            Self::RecoveryRequested => "authn_password_reset_requested",
            Self::PasswordReset => "authn_password_reset",
            Self::PasswordChanged => "authn_password_change",
            Self::PasswordResetIssued => "authn_password_reset_issued",
            Self::PasswordChangeRequired => "authn_password_change_required",
            Self::AccessReported => "access_reported",
            Self::LoginLocked => "authn_login_lock",
            Self::AccountUnlocked => "authn_login_unlock",
            Self::SessionsEnded => "sessions_ended",
            Self::AccessGranted => "privilege_permissions_changed",
            Self::Reauthenticated => "authn_reauthenticated",
            Self::RecoveryMailed => "authn_password_reset_mailed",
            Self::EmailChangeRequested => "email_change_requested",
            Self::EmailChangeCancelled => "email_change_cancelled",
            Self::EmailChanged => "email_changed",
            Self::EmailChangeUndone => "email_change_undone",
            Self::PictureChanged => "picture_changed",
            Self::PictureRemoved => "picture_removed",
            Self::ProfileChanged => "profile_changed",
            Self::SettingsChanged => "settings_changed",
            Self::OnboardingFinished => "setup_finished",
            Self::SecurityQuestionsChanged => "security_questions_changed",
            Self::SecurityAnswerFailed => "security_answer_fail",
            Self::OwnDataExported => "own_data_exported",
            Self::DeletionRequested => "deletion_requested",
            Self::DeletionUndone => "deletion_undone",
            Self::AccountErased => "user_deleted",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == text)
    }
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The installation itself, or the operator who runs its commands.
    System,
    /// Somebody who is not signed in.
    Anonymous,
    /// A signed-in person.
    Account(AccountId),
}

/// What it was done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Nothing that exists.
    Nothing,
    /// An account.
    Account(AccountId),
    /// A company.
    Company(CompanyId),
    /// An invitation.
    Invitation(InvitationId),
    /// A session.
    Session(SessionId),
    /// A notice.
    OutboxMessage(OutboxMessageId),
    /// A registration.
    Registration(RegistrationId),
    /// An entry of the catalogue or the terms, by its key or number; fields of the actor's own account, by their names.
    Entry(String),
}

/// 16 random bytes that keep a digest of a short value from being guessed.
pub type Salt = [u8; 16];

/// What an event keeps of a person: a digest that stays, value and salt that erasure takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PersonalKind {
    /// An e-mail address.
    Address,
    /// A network address.
    Network,
    /// How an administrator made sure of who was asking.
    IdentityCheck,
}

impl PersonalKind {
    /// The word in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Network => "network",
            Self::IdentityCheck => "identity_check",
        }
    }
}

/// One personal field of an event.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonalField {
    /// Which field.
    pub kind: PersonalKind,
    /// Its salt.
    pub salt: Salt,
    /// Its value.
    pub value: String,
}

impl PersonalField {
    /// SHA-256 over the salt and the value: what the event itself keeps.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        Sha256::new().chain_update(self.salt).chain_update(self.value.as_bytes()).finalize().into()
    }
}

impl std::fmt::Debug for PersonalField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PersonalField({})", self.kind.as_str())
    }
}

/// One event, written in the commit of what it tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    /// The event's id.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub action: Action,
    /// Who.
    pub actor: Actor,
    /// To what.
    pub subject: Subject,
    /// Personal fields, each at most once.
    pub personal: Vec<PersonalField>,
}

/// What an event is made from that must be fresh.
#[derive(Clone, Copy, Debug)]
pub struct NewEventIds {
    /// Its id.
    pub id: EventId,
    /// A salt for each [`PersonalKind`].
    pub salts: [Salt; 3],
}

impl AuditEvent {
    /// An event without personal fields.
    #[must_use]
    pub const fn new(fresh: &NewEventIds, at: Timestamp, action: Action, actor: Actor, subject: Subject) -> Self {
        Self { id: fresh.id, at, action, actor, subject, personal: Vec::new() }
    }

    /// The event with the address it concerned.
    #[must_use]
    pub fn concerning(self, fresh: &NewEventIds, address: &EmailAddress) -> Self {
        let [salt, ..] = fresh.salts;
        self.with(PersonalField { kind: PersonalKind::Address, salt, value: address.canonical().to_owned() })
    }

    /// The event with the network it came from, where that is known.
    #[must_use]
    pub fn from_client(self, fresh: &NewEventIds, client: &Client) -> Self {
        let [_, salt, _] = fresh.salts;
        match client.address {
            Some(address) => self.with(PersonalField { kind: PersonalKind::Network, salt, value: address.to_string() }),
            None => self,
        }
    }

    /// The event with how an administrator made sure of who was asking.
    #[must_use]
    pub fn after_check(self, fresh: &NewEventIds, check: &IdentityCheck) -> Self {
        let [.., salt] = fresh.salts;
        self.with(PersonalField { kind: PersonalKind::IdentityCheck, salt, value: check.to_string() })
    }

    /// The account whose security the event is about, where it is one that its person is to know of.
    #[must_use]
    pub const fn security_of(&self) -> Option<AccountId> {
        if !self.action.concerns_security() {
            return None;
        }
        match (&self.subject, &self.actor) {
            (Subject::Account(id), _) | (_, Actor::Account(id)) => Some(*id),
            _ => None,
        }
    }

    fn with(mut self, field: PersonalField) -> Self {
        self.personal.push(field);
        self
    }
}
