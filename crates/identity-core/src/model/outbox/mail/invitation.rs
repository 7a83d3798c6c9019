//! Mails about invitations.

use crate::value::{AccessText, CompanyName, EmailAddress, InvitationId, Note, PersonName, Timestamp, TokenSecret};

super::mail_kinds! {
    /// What happened that a mail about invitations tells of.
    pub enum InvitationMail {
        /// Somebody is invited: send the link.
        Invited { invitation: InvitationId as Invitation, generation } = "invitation";
        /// An invitee asks the inviter for a new invitation.
        RenewalRequested { invitation: InvitationId as Invitation } = "renewal_requested";
        /// A person with an account accepted what an invitation gives: tell them.
        AccessGranted { invitation: InvitationId as Invitation } = "access_granted";
        /// Somebody accepted an invitation: tell the inviter.
        Accepted { invitation: InvitationId as Invitation } = "invitation_accepted" switched by InvitationAccepted;
    }
}

/// What a mail about invitations says.
#[derive(Clone, Debug)]
pub enum InvitationEmail {
    /// You are invited.
    Invited {
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
    /// Somebody accepted your invitation.
    Accepted {
        /// The person's full name.
        name: String,
        /// The person's address.
        address: EmailAddress,
        /// The company.
        company: CompanyName,
    },
}
