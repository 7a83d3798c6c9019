//! Kinds of notifications that people may switch off.

use super::MailKind;
use crate::{
    model::{Settings, access::Administrator, account::Account},
    value::{CatalogueText, NotificationKey},
};

/// A kind of notifications that people may switch off. What keeps an account safe, and what somebody has asked for, is of no kind: it is
/// always mailed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotificationKind {
    /// A login by a browser that was not known.
    SignIns,
    /// Somebody accepted one's invitation.
    InvitationAccepted,
    /// A person waits for approval.
    RegistrationWaits,
}

impl NotificationKind {
    /// Every kind, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::SignIns, Self::InvitationAccepted, Self::RegistrationWaits];

    /// The key under which it is switched.
    #[must_use]
    pub fn key(self) -> NotificationKey {
        match self {
            Self::SignIns => NotificationKey::sign_ins(),
            Self::InvitationAccepted => NotificationKey::invitation_accepted(),
            Self::RegistrationWaits => NotificationKey::registration_waits(),
        }
    }

    /// Whether an account gets notifications of the kind at all.
    #[must_use]
    pub fn concerns(self, account: &Account) -> bool {
        match self {
            Self::SignIns => true,
            Self::InvitationAccepted => Administrator::by_roles(account).is_some(),
            Self::RegistrationWaits => account.is_active() && account.is_operator(),
        }
    }
}

impl MailKind {
    /// The kind under which the message may be switched off, if it may.
    #[must_use]
    pub const fn kind(&self) -> Option<NotificationKind> {
        match self {
            Self::SignedIn { .. } => Some(NotificationKind::SignIns),
            Self::InvitationAccepted { .. } => Some(NotificationKind::InvitationAccepted),
            Self::RegistrationWaits { .. } => Some(NotificationKind::RegistrationWaits),
            Self::Invitation { .. }
            | Self::RenewalRequested { .. }
            | Self::Activation { .. }
            | Self::ActivationAgain
            | Self::RegistrationApproved { .. }
            | Self::RegistrationRejected { .. }
            | Self::RecoveryRequested
            | Self::ResetAfterReport { .. }
            | Self::ResetAfterEmailUndo { .. }
            | Self::ResetByAdministrator { .. }
            | Self::TemporaryPassword { .. }
            | Self::PasswordChangeRequired { .. }
            | Self::PasswordBreached { .. }
            | Self::PasswordChanged { .. }
            | Self::PasswordReset { .. }
            | Self::ResetReported { .. }
            | Self::AccessReported { .. }
            | Self::EmailChangeUndone { .. }
            | Self::AccessGranted { .. }
            | Self::EmailConfirmation { .. }
            | Self::EmailChangeAnnounced { .. }
            | Self::EmailChanged { .. }
            | Self::SecurityQuestionsSet { .. }
            | Self::SecurityQuestionsChanged { .. }
            | Self::DeletionRequested { .. }
            | Self::DeletionUndone { .. }
            | Self::DeletionUndoneWithAddress { .. } => None,
        }
    }
}

/// A kind of notifications that the host sends by itself: here it is only kept who wants none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredKind {
    /// The key under which it is switched.
    pub key: NotificationKey,
    /// What it is called, where it is called other than its key.
    pub label: Option<CatalogueText>,
}

impl Settings {
    /// Every kind that an account may switch, in the order in which they are shown.
    #[must_use]
    pub fn switchable(&self, account: &Account) -> Vec<NotificationKey> {
        let built_in = NotificationKind::ALL.into_iter().filter(|kind| kind.concerns(account)).map(NotificationKind::key);
        built_in.chain(self.notifications.iter().map(|kind| kind.key.clone())).collect()
    }
}
