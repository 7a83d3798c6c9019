//! Mails: messages with everything their text needs.

use crate::{
    model::{recovery::Reported, registration::Code, session::Client},
    value::{
        AccessText, AccountId, CompanyName, EmailAddress, Language, Note, OutboxMessageId, PersonName, TimeZone, Timestamp,
        TokenSecret,
    },
};

/// A message with everything its text needs, ready to be rendered and sent.
#[derive(Clone, Debug)]
pub struct Email {
    /// The message's id, for the Message-ID.
    pub id: OutboxMessageId,
    /// Who gets it.
    pub to: EmailAddress,
    /// The language to write in.
    pub language: Language,
    /// The time zone in which times are said.
    pub time_zone: TimeZone,
    /// When it is written.
    pub written_at: Timestamp,
    /// What to say.
    pub content: EmailContent,
}

/// Why a link to a new password is mailed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetCause {
    /// Somebody asked for it: "forgot password".
    Asked,
    /// An administrator started it, on the person's word.
    Administrator,
    /// The person said "this wasn't me", which ended the password.
    Reported,
    /// The person undid a change of the address, which ended the password.
    EmailChangeUndone,
}

/// What a mail says.
#[derive(Clone, Debug)]
pub enum EmailContent {
    /// You are invited.
    Invitation {
        /// The invitee's first name, where the inviter gave one.
        first_name: Option<PersonName>,
        /// The inviter's full name.
        inviter: String,
        /// The inviter's address, to answer to.
        inviter_address: EmailAddress,
        /// The company that the invitation is to; its inviter may be of another.
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
    /// Somebody signed up with your address: activate it. A stranger may have typed all of the sign-up, so nothing of it is said.
    Activation {
        /// The secret of the link and until when it works, where mails carry one.
        link: Option<(TokenSecret, Timestamp)>,
        /// The code and until when it works, where mails carry one.
        code: Option<(Code, Timestamp)>,
    },
    /// Somebody signed up with your address, and you have an account.
    AlreadyRegistered {
        /// The account's first name.
        first_name: PersonName,
    },
    /// A person waits for approval.
    RegistrationWaits {
        /// The person's full name.
        name: String,
        /// The person's address.
        address: EmailAddress,
        /// The company to be opened.
        company: CompanyName,
    },
    /// You are in.
    RegistrationApproved {
        /// The person's first name.
        first_name: PersonName,
    },
    /// You were not let in.
    RegistrationRejected {
        /// The person's first name.
        first_name: PersonName,
    },
    /// Set a new password.
    Reset {
        /// The person's first name.
        first_name: PersonName,
        /// The secret of the link.
        secret: TokenSecret,
        /// Until when the link works.
        expires_at: Timestamp,
        /// The secret of "this wasn't me".
        report: TokenSecret,
        /// Why.
        cause: ResetCause,
        /// Whether the password that the account has lets its person in.
        password_works: bool,
    },
    /// An administrator set a temporary password, and tells it in another way.
    TemporaryPassword {
        /// The person's first name.
        first_name: PersonName,
        /// The secret of "this wasn't me".
        report: TokenSecret,
    },
    /// An administrator asks you to choose a new password.
    PasswordChangeRequired {
        /// The person's first name.
        first_name: PersonName,
    },
    /// Your password is known from a data leak: choose a new one.
    PasswordBreached {
        /// The person's first name.
        first_name: PersonName,
    },
    /// Your password was changed.
    PasswordChanged {
        /// The person's first name.
        first_name: PersonName,
        /// When.
        changed_at: Timestamp,
        /// Whether a mailed link did it, and not somebody who was logged in.
        by_link: bool,
        /// The secret of "this wasn't me".
        report: TokenSecret,
    },
    /// A person said "this wasn't me".
    AccessReported {
        /// Of what.
        reported: Reported,
        /// The person's full name.
        name: String,
        /// The person's address.
        address: EmailAddress,
        /// The account's id, for the link to its page.
        account: AccountId,
    },
    /// A person undid a change of the address.
    EmailChangeUndone {
        /// The person's full name.
        name: String,
        /// The address that the account has again, or still.
        address: EmailAddress,
        /// The address that it was to have.
        undone: EmailAddress,
        /// The account's id, for the link to its page.
        account: AccountId,
    },
    /// Somebody gives you access: sign in and agree.
    AccessOffered {
        /// The person's first name, as the account has it.
        first_name: PersonName,
        /// The inviter's full name.
        inviter: String,
        /// The inviter's address, to answer to.
        inviter_address: EmailAddress,
        /// The person's company; the inviter may be of another.
        company: CompanyName,
        /// What is offered, by name.
        offered: Vec<AccessText>,
        /// The inviter's personal note.
        note: Option<Note>,
        /// The secret of the link.
        secret: TokenSecret,
        /// Until when the link works.
        expires_at: Timestamp,
    },
    /// Confirm that this is to be your address. It may be a stranger's, so nothing of the account is said.
    EmailConfirmation {
        /// The secret of the link.
        secret: TokenSecret,
        /// Until when the link works.
        expires_at: Timestamp,
    },
    /// You have accepted what was offered.
    AccessGranted {
        /// The person's first name.
        first_name: PersonName,
        /// Who gave it.
        inviter: String,
        /// What was given, by name.
        granted: Vec<AccessText>,
        /// When it was accepted.
        granted_at: Timestamp,
    },
    /// Your address is to be changed.
    EmailChangeAnnounced {
        /// The person's first name.
        first_name: PersonName,
        /// The new address.
        new_address: EmailAddress,
        /// The secret of the link that undoes it.
        undo: TokenSecret,
        /// Until when that link works.
        expires_at: Timestamp,
    },
    /// Your address was changed.
    EmailChanged {
        /// The person's first name.
        first_name: PersonName,
        /// The new address.
        new_address: EmailAddress,
        /// The secret of the link that undoes it and until when it works, in the mail to the old address.
        undo: Option<(TokenSecret, Timestamp)>,
    },
    /// Somebody signed in by a browser that was not known.
    SignedIn {
        /// The person's first name.
        first_name: PersonName,
        /// When.
        at: Timestamp,
        /// From where, as far as that is known still.
        client: Client,
        /// The secret of "this wasn't me".
        report: TokenSecret,
    },
    /// Somebody accepted your invitation.
    InvitationAccepted {
        /// The person's full name.
        name: String,
        /// The person's address.
        address: EmailAddress,
        /// The company.
        company: CompanyName,
    },
    /// Your security answers were set or replaced.
    SecurityQuestionsChanged {
        /// The person's first name.
        first_name: PersonName,
        /// When.
        changed_at: Timestamp,
        /// Whether there were none before.
        is_first: bool,
        /// The secret of "this wasn't me".
        report: TokenSecret,
    },
    /// Your account is going to be erased.
    DeletionRequested {
        /// The person's first name.
        first_name: PersonName,
        /// When; until then it can be undone.
        erase_at: Timestamp,
    },
    /// Your account stays.
    DeletionUndone {
        /// The person's first name.
        first_name: PersonName,
        /// Whether undoing a change of the address undid it, which also ended the password.
        with_address: bool,
    },
}
