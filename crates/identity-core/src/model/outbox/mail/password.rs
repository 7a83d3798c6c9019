//! Mails about passwords, and getting back in without one.

use crate::{
    model::recovery::Reported,
    value::{AccountId, EmailAddress, PersonName, Timestamp, TokenSecret},
};

super::mail_kinds! {
    /// What happened that a mail about passwords, and getting back in without one, tells of.
    pub enum PasswordMail {
        /// Somebody asked for a new password for an address.
        RecoveryRequested = "recovery_requested";
        /// A person said "this wasn't me", which ended the password: send a link to a new one.
        ResetAfterReport { account: AccountId as Account, generation } = "reset_after_report";
        /// A person undid a change of the address, which ended the password: send a link to a new one.
        ResetAfterEmailUndo { account: AccountId as Account, generation } = "reset_after_email_undo";
        /// An administrator reset a password by a link.
        ResetByAdministrator { account: AccountId as Account, generation } = "reset_by_administrator";
        /// An administrator set a temporary password.
        Temporary { account: AccountId as Account } = "temporary_password";
        /// An administrator made a new password a condition.
        ChangeRequired { account: AccountId as Account } = "password_change_required";
        /// Somebody logged in with a password that is known from a data leak, which made a new one a condition.
        Breached { account: AccountId as Account } = "password_breached";
        /// A person who is logged in changed the password.
        Changed { account: AccountId as Account } = "password_changed";
        /// A password was set by a mailed link.
        ChangedByLink { account: AccountId as Account } = "password_reset";
        /// A person said "this wasn't me" of a link to a new password: tell an administrator.
        ResetReported { account: AccountId as Account } = "reset_reported";
        /// A person said "this wasn't me" of a login, or of a new password or new security answers: tell an administrator.
        AccessReported { account: AccountId as Account } = "access_reported";
    }
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

/// What a mail about passwords, and getting back in without one, says.
#[derive(Clone, Debug)]
pub enum PasswordEmail {
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
    Temporary {
        /// The person's first name.
        first_name: PersonName,
        /// The secret of "this wasn't me".
        report: TokenSecret,
    },
    /// An administrator asks you to choose a new password.
    ChangeRequired {
        /// The person's first name.
        first_name: PersonName,
    },
    /// Your password is known from a data leak: choose a new one.
    Breached {
        /// The person's first name.
        first_name: PersonName,
    },
    /// Your password was changed.
    Changed {
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
}
