//! Kinds of notifications that people may switch off.

use crate::{
    model::{Settings, access::Administrator, account::Account},
    value::{AccessText, NotificationKey},
};

crate::value::vocabulary! {
    /// A kind of notifications that people may switch off. What keeps an account safe, and what somebody has asked for, is of no kind: it is
    /// always mailed.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum NotificationKind {
        /// A login by a browser that was not known.
        SignIns = "sign_ins",
        /// Somebody accepted one's invitation.
        InvitationAccepted = "invitation_accepted",
        /// A person waits for approval.
        RegistrationWaits = "registration_waits",
    }
}

impl NotificationKind {
    /// The key under which it is switched.
    #[must_use]
    pub fn key(self) -> NotificationKey {
        NotificationKey::built_in(self.as_str())
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

/// A kind of notifications that the host sends by itself: here it is only kept who wants none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredKind {
    /// The key under which it is switched.
    pub key: NotificationKey,
    /// What it is called, where it is called other than its key.
    pub label: Option<AccessText>,
}

impl Settings {
    /// Every kind that an account may switch, in the order in which they are shown.
    #[must_use]
    pub fn switchable(&self, account: &Account) -> Vec<NotificationKey> {
        let built_in = NotificationKind::ALL.into_iter().filter(|kind| kind.concerns(account)).map(NotificationKind::key);
        built_in.chain(self.notifications.iter().map(|kind| kind.key.clone())).collect()
    }
}
