//! Mails about changes of addresses.

use crate::value::{AccountId, EmailAddress, EmailChangeId, PersonName, Timestamp, TokenSecret};

super::mail_kinds! {
    /// What happened that a mail about changes of addresses tells of.
    pub enum EmailChangeMail {
        /// A person undid a change of the address: tell an administrator.
        Undone { change: EmailChangeId as EmailChange } = "email_change_undone";
        /// Somebody asked for a new address: send the link that confirms it there.
        Confirmation { change: EmailChangeId as EmailChange } = "email_confirmation";
        /// The same, for the old address: announce it with a link that undoes it.
        Announced { change: EmailChangeId as EmailChange } = "email_change_announced";
        /// A new address was confirmed: tell both, the old one with a link that undoes it.
        Changed { change: EmailChangeId as EmailChange } = "email_changed";
    }
}

/// What a mail about changes of addresses says.
#[derive(Clone, Debug)]
pub enum EmailChangeEmail {
    /// A person undid a change of the address.
    Undone {
        /// The person's full name.
        name: String,
        /// The address that the account has again, or still.
        address: EmailAddress,
        /// The address that it was to have.
        undone: EmailAddress,
        /// The account's id, for the link to its page.
        account: AccountId,
    },
    /// Confirm that this is to be your address. It may be a stranger's, so nothing of the account is said.
    Confirmation {
        /// The secret of the link.
        secret: TokenSecret,
        /// Until when the link works.
        expires_at: Timestamp,
    },
    /// Your address is to be changed.
    Announced {
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
    Changed {
        /// The person's first name.
        first_name: PersonName,
        /// The new address.
        new_address: EmailAddress,
        /// The secret of the link that undoes it and until when it works, in the mail to the old address.
        undo: Option<(TokenSecret, Timestamp)>,
    },
}
