//! Audit events: who did what to whom, when and from where.

mod own;

pub use own::{By, OwnEvent};

use sha2::{Digest as _, Sha256};

use crate::{
    model::{recovery::IdentityCheck, session::Client},
    value::{AccountId, CompanyId, EmailAddress, EventId, InvitationId, OutboxMessageId, RegistrationId, SessionId, Timestamp},
};

crate::value::vocabulary! {
    /// What happened. The words follow the OWASP Logging Vocabulary where it has one.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Action {
        /// A link for the first operator was made.
        FirstOperatorLinkCreated = "set_up_link_created",
        /// An invitation was issued.
        InvitationIssued = "invitation_issued",
        /// An invitation was sent again; its older links died.
        InvitationResent = "invitation_resent",
        /// An invitation was revoked.
        InvitationRevoked = "invitation_revoked",
        /// An invitation's expiry was changed.
        InvitationExpiryChanged = "invitation_expiry_changed",
        /// An invitation was replaced by a newer one.
        InvitationSuperseded = "invitation_superseded",
        /// An invitee declined.
        InvitationDeclined = "invitation_declined",
        /// An invitee asked for a new invitation.
        InvitationRenewalRequested = "invitation_renewal_requested",
        /// A link was made for a message.
        LinkCreated = "authn_token_created",
        /// An account was opened.
        UserCreated = "user_created",
        /// An account was disabled.
        AccountDisabled = "user_disabled",
        /// An account was enabled again.
        AccountEnabled = "user_enabled",
        /// A login succeeded.
        LoginSucceeded = "authn_login_success",
        /// A login failed.
        LoginFailed = "authn_login_fail",
        /// A session was ended by its owner.
        SessionEnded = "session_ended",
        /// A company was opened or renamed.
        CompanyChanged = "company_changed",
        /// A role or subscription was defined or changed.
        RoleOrSubscriptionChanged = "authz_catalogue_changed",
        /// A version of the terms was published.
        TermsPublished = "terms_published",
        /// The terms were accepted.
        TermsAccepted = "terms_accepted",
        /// A message was given up.
        MessageFailed = "notice_failed",
        /// Somebody signed up, or asked for the mail again.
        RegistrationRequested = "registration_requested",
        /// A code was typed that was mailed.
        RegistrationVerified = "registration_verified",
        /// A person set a password and waits for approval.
        RegistrationCompleted = "registration_completed",
        /// An operator let a person in.
        RegistrationApproved = "registration_approved",
        /// An operator did not let a person in.
        RegistrationRejected = "registration_rejected",
        /// Somebody asked for a new password.
        RecoveryRequested = "authn_password_reset_requested",
        /// A password was set by a mailed link.
        PasswordReset = "authn_password_reset",
        /// A signed-in person changed the password.
        PasswordChanged = "authn_password_change",
        /// An administrator reset a password, after checking who asked.
        PasswordResetIssued = "authn_password_reset_issued",
        /// A new password was made a condition.
        PasswordChangeRequired = "authn_password_change_required",
        /// A person said "this wasn't me".
        AccessReported = "access_reported",
        /// A login was not tried because too many before it failed.
        LoginLocked = "authn_login_lock",
        /// An administrator let an address try again.
        AccountUnlocked = "authn_login_unlock",
        /// The sessions of an account were ended: by an administrator, or all but one by their person.
        SessionsEnded = "sessions_ended",
        /// A person with an account accepted the roles and subscriptions of an invitation.
        AccessGranted = "privilege_permissions_changed",
        /// A signed-in person said the password again.
        Reauthenticated = "authn_reauthenticated",
        /// A link to a new password was mailed to an account's address.
        RecoveryMailed = "authn_password_reset_mailed",
        /// A signed-in person asked for another address.
        EmailChangeRequested = "email_change_requested",
        /// A person took that back.
        EmailChangeCancelled = "email_change_cancelled",
        /// A new address was confirmed.
        EmailChanged = "email_changed",
        /// A change of address was undone at the old one.
        EmailChangeUndone = "email_change_undone",
        /// A person set a picture.
        PictureChanged = "picture_changed",
        /// A person took their picture away.
        PictureRemoved = "picture_removed",
        /// A person changed the own profile; the subject names the fields.
        ProfileChanged = "profile_changed",
        /// A person changed the own settings; the subject names them.
        SettingsChanged = "settings_changed",
        /// A person closed the last step of the first login.
        OnboardingFinished = "setup_finished",
        /// A person set the own security answers.
        SecurityQuestionsChanged = "security_questions_changed",
        /// A security question was not answered right.
        SecurityAnswerFailed = "security_answer_fail",
        /// A person took the own data along.
        OwnDataExported = "own_data_exported",
        /// A person asked for the deletion of the own account.
        DeletionRequested = "deletion_requested",
        /// A person took that back.
        DeletionUndone = "deletion_undone",
        /// An account was erased.
        AccountErased = "user_deleted",
    }
}

impl Action {
    /// Events whose address was, at that time, the one of the account that caused them or that they are about. An erasure knows by them
    /// which addresses an account had, however long ago: nobody but a login begins a session, and no address changes without one.
    pub const OF_ADDRESSES_HAD: [Self; 3] = [Self::LoginSucceeded, Self::EmailChanged, Self::EmailChangeUndone];
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
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
    /// A message.
    OutboxMessage(OutboxMessageId),
    /// A registration.
    Registration(RegistrationId),
    /// A role, a subscription or a version of the terms, by its key or number; fields of the actor's own account, by their names.
    Entry(String),
}

/// 16 random bytes that keep a digest of a short value from being guessed.
pub type Salt = [u8; 16];

crate::value::vocabulary! {
    /// What an event keeps of a person: a digest that stays, value and salt that erasure takes away.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum PersonalKind {
        /// An e-mail address.
        Address = "address",
        /// A network address.
        Network = "network",
        /// How an administrator made sure of who was asking.
        IdentityCheck = "identity_check",
    }
}

/// One personal field of an event.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
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
