//! Mailed links: what was sent to whom, for what purpose, and whether it is still valid.

use crate::value::{
    AccountId, EmailAddress, EmailChangeId, InvitationId, RegistrationId, Timestamp, TokenDigest, TokenId, TokenKind,
};

/// A number that each subject of links carries. A link is valid only while its generation is its subject's.
pub type Generation = u32;

/// What a link is for, and whom or what it concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum LinkPurpose {
    /// An invitation.
    Invitation(InvitationId),
    /// A registration: activates it.
    Registration(RegistrationId),
    /// The recovery of an account: sets a new password.
    Recovery(AccountId),
    /// A reset that was asked for: says that it was somebody else. No generation ends it.
    ResetReport(AccountId),
    /// A password that was changed: says that it was somebody else. No generation ends it.
    ChangeReport(AccountId),
    /// A change of address: confirms it at the new one.
    EmailConfirmation(EmailChangeId),
    /// A change of address: undoes it at the old one. No generation ends it.
    EmailUndo(EmailChangeId),
}

impl LinkPurpose {
    /// The kind of secret that a link about this carries.
    #[must_use]
    pub const fn kind(self) -> TokenKind {
        match self {
            Self::Invitation(_) => TokenKind::Invitation,
            Self::Registration(_) => TokenKind::Activation,
            Self::Recovery(_) => TokenKind::Recovery,
            Self::ResetReport(_) | Self::ChangeReport(_) => TokenKind::Report,
            Self::EmailConfirmation(_) => TokenKind::EmailConfirmation,
            Self::EmailUndo(_) => TokenKind::EmailUndo,
        }
    }
}

/// A link, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Token {
    /// The link's public name.
    pub id: TokenId,
    /// The digest of its secret.
    pub digest: TokenDigest,
    /// Its purpose.
    pub subject: LinkPurpose,
    /// The subject's generation when the link was made.
    pub generation: Generation,
    /// The address it was mailed to; `None` for the link of the first operator, which is printed.
    pub sent_to: Option<EmailAddress>,
    /// When it was made.
    pub issued_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When it was used up.
    pub spent_at: Option<Timestamp>,
}

impl Token {
    /// Whether the link is valid, as far as it can be told without what it is about.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.spent_at.is_none() && now < self.expires_at
    }
}
