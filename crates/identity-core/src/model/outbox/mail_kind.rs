//! What mails are about.

use uuid::Uuid;

use super::NotificationKind;
use crate::{
    model::link::Generation,
    value::{AccountId, EmailChangeId, InvitationId, RegistrationId, SessionId},
};

/// What a mail is about, by its id.
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

/// Declares the kinds of mails: what each is about, whether its link has a generation, its word, and the kind of notifications under which
/// people may switch it off, if they may.
macro_rules! mail_kinds {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident $({ $field:ident: $id:ident as $subject:ident $(, $generation:ident)? })? = $word:literal
        $(switched by $notification:ident)?;
    )+) => {
        /// What a message is about: what happened, not how it reads. It is rendered when it is sent.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
        pub enum MailKind {
            $(
                $(#[doc = $doc])+
                $name $({
                    /// What it is about.
                    $field: $id,
                    $(
                        /// Its generation when the message was queued.
                        $generation: Generation,
                    )?
                })?,
            )+
        }

        impl MailKind {
            /// One of each kind, about this and of this generation.
            #[must_use]
            pub const fn each(subject: Uuid, generation: Generation) -> [Self; [$($word),+].len()] {
                [$(Self::$name $({ $field: $id::from_uuid(subject) $(, $generation: generation)? })?),+]
            }

            /// What the message is about.
            #[must_use]
            pub const fn subject(&self) -> MailSubject {
                match self { $(Self::$name $({ $field, .. })? => mail_kinds!(@subject $($subject $field)?),)+ }
            }

            /// The generation of what it is about, where its links have one.
            #[must_use]
            pub const fn generation(&self) -> Option<Generation> {
                match self {
                    $($($(Self::$name { $generation, .. } => Some(*$generation),)?)?)+
                    _ => None,
                }
            }

            /// The word in answers, logs and tables.
            #[must_use]
            pub const fn as_str(&self) -> &'static str {
                match self { $(Self::$name { .. } => $word,)+ }
            }

            /// Reads [`as_str`](Self::as_str) back, with what stands beside it; `None` where these do not belong together.
            #[must_use]
            pub fn parse(word: &str, subject: Uuid, generation: Option<Generation>) -> Option<Self> {
                match word {
                    $($word => Some(Self::$name $({ $field: $id::from_uuid(subject) $(, $generation: generation?)? })?),)+
                    _ => None,
                }
            }

            /// The kind of notifications under which it may be switched off, if it may.
            #[must_use]
            pub const fn notification(&self) -> Option<NotificationKind> {
                match self { $(Self::$name { .. } => mail_kinds!(@notification $($notification)?),)+ }
            }
        }
    };
    (@subject) => { MailSubject::Address };
    (@subject $subject:ident $field:ident) => { MailSubject::$subject(*$field) };
    (@notification) => { None };
    (@notification $notification:ident) => { Some(NotificationKind::$notification) };
}

mail_kinds! {
    /// Somebody is invited: send the link.
    Invitation { invitation: InvitationId as Invitation, generation } = "invitation";
    /// An invitee asks the inviter for a new invitation.
    RenewalRequested { invitation: InvitationId as Invitation } = "renewal_requested";
    /// Somebody signed up with an address, or asked for the mail again.
    Activation { registration: RegistrationId as Registration, generation } = "activation";
    /// Somebody who knows the address asked for the activation mail again.
    ActivationAgain = "activation_again";
    /// A person waits for approval: tell an operator.
    RegistrationWaits { registration: RegistrationId as Registration } = "registration_waits" switched by RegistrationWaits;
    /// An operator let a person in.
    RegistrationApproved { registration: RegistrationId as Registration } = "registration_approved";
    /// An operator did not let a person in.
    RegistrationRejected { registration: RegistrationId as Registration } = "registration_rejected";
    /// Somebody asked for a new password for an address.
    RecoveryRequested = "recovery_requested";
    /// A person said "this wasn't me", which ended the password: send a link to a new one.
    ResetAfterReport { account: AccountId as Account, generation } = "reset_after_report";
    /// A person undid a change of the address, which ended the password: send a link to a new one.
    ResetAfterEmailUndo { account: AccountId as Account, generation } = "reset_after_email_undo";
    /// An administrator reset a password by a link.
    ResetByAdministrator { account: AccountId as Account, generation } = "reset_by_administrator";
    /// An administrator set a temporary password.
    TemporaryPassword { account: AccountId as Account } = "temporary_password";
    /// An administrator made a new password a condition.
    PasswordChangeRequired { account: AccountId as Account } = "password_change_required";
    /// Somebody logged in with a password that is known from a data leak, which made a new one a condition.
    PasswordBreached { account: AccountId as Account } = "password_breached";
    /// A person who is logged in changed the password.
    PasswordChanged { account: AccountId as Account } = "password_changed";
    /// A password was set by a mailed link.
    PasswordReset { account: AccountId as Account } = "password_reset";
    /// A person said "this wasn't me" of a link to a new password: tell an administrator.
    ResetReported { account: AccountId as Account } = "reset_reported";
    /// A person said "this wasn't me" of a login, or of a new password or new security answers: tell an administrator.
    AccessReported { account: AccountId as Account } = "access_reported";
    /// A person undid a change of the address: tell an administrator.
    EmailChangeUndone { change: EmailChangeId as EmailChange } = "email_change_undone";
    /// A person with an account accepted what an invitation gives: tell them.
    AccessGranted { invitation: InvitationId as Invitation } = "access_granted";
    /// Somebody asked for a new address: send the link that confirms it there.
    EmailConfirmation { change: EmailChangeId as EmailChange } = "email_confirmation";
    /// The same, for the old address: announce it with a link that undoes it.
    EmailChangeAnnounced { change: EmailChangeId as EmailChange } = "email_change_announced";
    /// A new address was confirmed: tell both, the old one with a link that undoes it.
    EmailChanged { change: EmailChangeId as EmailChange } = "email_changed";
    /// Somebody signed in by a browser that was not known.
    SignedIn { session: SessionId as Session } = "signed_in" switched by SignIns;
    /// Somebody accepted an invitation: tell the inviter.
    InvitationAccepted { invitation: InvitationId as Invitation } = "invitation_accepted" switched by InvitationAccepted;
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
