//! Mails about an account, its logins and its deletion.

use crate::{
    model::session::Client,
    value::{AccountId, PersonName, SessionId, Timestamp, TokenSecret},
};

super::mail_kinds! {
    /// What happened that a mail about an account, its logins and its deletion tells of.
    pub enum AccountMail {
        /// Somebody signed in by a browser that was not known.
        SignedIn { session: SessionId as Session } = "signed_in" switched by SignIns;
        /// A person who had no security answers set some: tell them.
        SecurityQuestionsSet { account: AccountId as Account } = "security_questions_set";
        /// A person replaced the own security answers: tell them.
        SecurityQuestionsChanged { account: AccountId as Account } = "security_questions_changed";
        /// A person asked for the deletion of the own account: say until when it can be undone.
        DeletionRequested { account: AccountId as Account } = "deletion_requested";
        /// A person took that back.
        DeletionUndone { account: AccountId as Account } = "deletion_undone";
        /// A person undid a change of the address, which undid the deletion that was asked for after it.
        DeletionUndoneWithAddress { account: AccountId as Account } = "deletion_undone_with_address";
    }
}

/// What a mail about an account, its logins and its deletion says.
#[derive(Clone, Debug)]
pub enum AccountEmail {
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
