//! Mails: the kinds that there are, and what each says. A file for each aggregate declares its own.

mod account;
mod email_change;
mod invitation;
mod password;
mod registration;

pub use account::{AccountEmail, AccountMail};
pub use email_change::{EmailChangeEmail, EmailChangeMail};
pub use invitation::{InvitationEmail, InvitationMail};
pub use password::{PasswordEmail, PasswordMail, ResetCause};
pub use registration::{RegistrationEmail, RegistrationMail};

use uuid::Uuid;

use super::NotificationKind;
use crate::{
    model::link::Generation,
    value::{
        AccountId, EmailAddress, EmailChangeId, InvitationId, Language, OutboxMessageId, RegistrationId, SessionId, TimeZone,
        Timestamp,
    },
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

/// Declares the kinds of mails of an aggregate: what each is about, whether its link has a generation, its word, and the kind of
/// notifications under which people may switch it off, if they may.
macro_rules! mail_kinds {
    ($(#[$meta:meta])* pub enum $kind:ident { $(
        $(#[doc = $doc:literal])+
        $name:ident $({ $field:ident: $id:ident as $subject:ident $(, $generation:ident)? })? = $word:literal
        $(switched by $notification:ident)?;
    )+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
        pub enum $kind {
            $(
                $(#[doc = $doc])+
                $name $({
                    /// What it is about.
                    $field: $id,
                    $(
                        /// Its generation when the message was queued.
                        $generation: $crate::model::link::Generation,
                    )?
                })?,
            )+
        }

        impl $kind {
            /// One of each kind, about this and of this generation.
            pub(super) const fn each(subject: uuid::Uuid, generation: $crate::model::link::Generation) -> [Self; [$($word),+].len()] {
                // Not every aggregate has links with a generation.
                let _ = generation;
                [$(Self::$name $({ $field: $id::from_uuid(subject) $(, $generation: generation)? })?),+]
            }

            /// What the message is about.
            pub(super) const fn subject(&self) -> $crate::model::outbox::MailSubject {
                match self { $(Self::$name $({ $field, .. })? => $crate::model::outbox::mail::mail_kinds!(@subject $($subject $field)?),)+ }
            }

            /// The generation of what it is about, where its links have one.
            pub(super) const fn generation(&self) -> Option<$crate::model::link::Generation> {
                match self {
                    $($($(Self::$name { $generation, .. } => Some(*$generation),)?)?)+
                    _ => None,
                }
            }

            /// The word in answers, logs and tables.
            pub(super) const fn as_str(&self) -> &'static str {
                match self { $(Self::$name { .. } => $word,)+ }
            }

            /// Reads [`as_str`](Self::as_str) back, with what stands beside it; `None` where these do not belong together.
            pub(super) fn parse(word: &str, subject: uuid::Uuid, generation: Option<$crate::model::link::Generation>) -> Option<Self> {
                let _ = generation;
                match word {
                    $($word => Some(Self::$name $({ $field: $id::from_uuid(subject) $(, $generation: generation?)? })?),)+
                    _ => None,
                }
            }

            /// The kind of notifications under which it may be switched off, if it may.
            pub(super) const fn notification(&self) -> Option<$crate::model::outbox::NotificationKind> {
                match self { $(Self::$name { .. } => $crate::model::outbox::mail::mail_kinds!(@notification $($notification)?),)+ }
            }
        }
    };
    (@subject) => { $crate::model::outbox::MailSubject::Address };
    (@subject $subject:ident $field:ident) => { $crate::model::outbox::MailSubject::$subject(*$field) };
    (@notification) => { None };
    (@notification $notification:ident) => { Some($crate::model::outbox::NotificationKind::$notification) };
}

use mail_kinds;

/// The kinds of all aggregates as one.
macro_rules! all_mail_kinds {
    ($($(#[doc = $doc:literal])+ $aggregate:ident($kind:ident),)+) => {
        /// What a message is about: what happened, not how it reads. It is rendered when it is sent.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
        pub enum MailKind {
            $($(#[doc = $doc])+ $aggregate($kind),)+
        }

        impl MailKind {
            /// One of each kind, about this and of this generation.
            #[must_use]
            pub fn each(subject: Uuid, generation: Generation) -> Vec<Self> {
                let mut all = Vec::new();
                $(all.extend($kind::each(subject, generation).map(Self::$aggregate));)+
                all
            }

            /// What the message is about.
            #[must_use]
            pub const fn subject(&self) -> MailSubject {
                match self { $(Self::$aggregate(kind) => kind.subject(),)+ }
            }

            /// The generation of what it is about, where its links have one.
            #[must_use]
            pub const fn generation(&self) -> Option<Generation> {
                match self { $(Self::$aggregate(kind) => kind.generation(),)+ }
            }

            /// The word in answers, logs and tables.
            #[must_use]
            pub const fn as_str(&self) -> &'static str {
                match self { $(Self::$aggregate(kind) => kind.as_str(),)+ }
            }

            /// Reads [`as_str`](Self::as_str) back, with what stands beside it; `None` where these do not belong together.
            #[must_use]
            pub fn parse(word: &str, subject: Uuid, generation: Option<Generation>) -> Option<Self> {
                $(if let Some(kind) = $kind::parse(word, subject, generation) {
                    return Some(Self::$aggregate(kind));
                })+
                None
            }

            /// The kind of notifications under which it may be switched off, if it may.
            #[must_use]
            pub const fn notification(&self) -> Option<NotificationKind> {
                match self { $(Self::$aggregate(kind) => kind.notification(),)+ }
            }
        }
    };
}

all_mail_kinds! {
    /// About invitations.
    Invitation(InvitationMail),
    /// About registrations.
    Registration(RegistrationMail),
    /// About passwords, and getting back in without one.
    Password(PasswordMail),
    /// About changes of addresses.
    EmailChange(EmailChangeMail),
    /// About an account, its logins and its deletion.
    Account(AccountMail),
}

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

/// What a mail says.
#[derive(Clone, Debug)]
pub enum EmailContent {
    /// About invitations.
    Invitation(InvitationEmail),
    /// About registrations.
    Registration(RegistrationEmail),
    /// About passwords, and getting back in without one.
    Password(PasswordEmail),
    /// About changes of addresses.
    EmailChange(EmailChangeEmail),
    /// About an account, its logins and its deletion.
    Account(AccountEmail),
}
