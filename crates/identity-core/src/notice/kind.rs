//! Kinds of notices that people may switch off.

use super::Topic;
use crate::{
    access::Administrator,
    account::Account,
    settings::Settings,
    value::{CatalogueText, NotificationKey},
};

/// A kind of notices that people may switch off. What keeps an account safe, and what somebody has asked for, is of no kind: it is
/// always mailed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// A login by a browser that was not known.
    SignIns,
    /// Somebody accepted one's invitation.
    InvitationAccepted,
    /// A person waits for approval.
    RegistrationWaits,
}

impl NoticeKind {
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

    /// Whether an account gets notices of the kind at all.
    #[must_use]
    pub fn concerns(self, account: &Account) -> bool {
        match self {
            Self::SignIns => true,
            Self::InvitationAccepted => Administrator::by_roles(account).is_some(),
            Self::RegistrationWaits => account.is_active() && account.is_operator(),
        }
    }
}

impl Topic {
    /// The kind under which the notice may be switched off, if it may.
    #[must_use]
    pub const fn kind(&self) -> Option<NoticeKind> {
        match self {
            Self::SignedIn { .. } => Some(NoticeKind::SignIns),
            Self::InvitationAccepted { .. } => Some(NoticeKind::InvitationAccepted),
            Self::RegistrationWaits { .. } => Some(NoticeKind::RegistrationWaits),
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

/// A kind of notices that the host sends by itself: here it is only kept who wants none.
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
        let built_in = NoticeKind::ALL.into_iter().filter(|kind| kind.concerns(account)).map(NoticeKind::key);
        built_in.chain(self.notifications.iter().map(|kind| kind.key.clone())).collect()
    }
}
