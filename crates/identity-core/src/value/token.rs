//! Secrets in links and sessions, and the digests that are kept of them.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::value::TokenId;

/// What a secret is for. The prefix in its text lets a leaked one be recognised, and one of another kind be refused
/// before anything is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenKind {
    /// The link of an invitation.
    Invitation,
    /// The link that activates a registration.
    Activation,
    /// The link that resets a password.
    Recovery,
    /// The link that says "this wasn't me".
    Report,
    /// What a sign-up answers with: its holder may type that registration's code.
    Flow,
    /// A browser that somebody has signed in with before.
    Device,
    /// A session of a signed-in person.
    Session,
    /// A browser's visit before anybody signs in: ties a form to the browser it was sent to, and opens nothing.
    Visit,
    /// The link that confirms an address.
    EmailConfirmation,
    /// The link that undoes a change of address.
    EmailUndo,
}

impl TokenKind {
    /// The text that a secret of this kind starts with.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Invitation => "idinv_",
            Self::Activation => "idact_",
            Self::Recovery => "idrec_",
            Self::Report => "idrep_",
            Self::Flow => "idflw_",
            Self::Device => "iddev_",
            Self::Session => "idses_",
            Self::Visit => "idvis_",
            Self::EmailConfirmation => "idcnf_",
            Self::EmailUndo => "idund_",
        }
    }

    /// The first path segment of the page that a link of this kind opens, where there is one.
    #[must_use]
    pub const fn page(self) -> Option<&'static str> {
        match self {
            Self::Invitation => Some("register"),
            Self::Activation => Some("activate"),
            Self::Recovery => Some("reset-password"),
            Self::Report => Some("not-me"),
            Self::EmailConfirmation => Some("confirm-email"),
            Self::EmailUndo => Some("undo-email"),
            Self::Flow | Self::Device | Self::Session | Self::Visit => None,
        }
    }
}

/// 256 random bits that let their holder do one thing. Shown once, never kept; see [`TokenDigest`].
///
/// There is no `PartialEq`: secrets are compared by looking up their digests.
#[derive(Clone)]
pub struct TokenSecret {
    kind: TokenKind,
    bytes: Zeroizing<[u8; 32]>,
}

impl TokenSecret {
    /// A new secret from 32 random bytes.
    #[must_use]
    pub const fn from_entropy(kind: TokenKind, bytes: Zeroizing<[u8; 32]>) -> Self {
        Self { kind, bytes }
    }

    /// Reads a secret of the expected kind; `None` for anything else, without a reason that could help a guesser.
    #[must_use]
    pub fn parse(kind: TokenKind, text: &str) -> Option<Self> {
        let encoded = text.strip_prefix(kind.prefix())?;
        // 43 characters of base64url hold 32 bytes; the engine refuses trailing bits, so one secret has one spelling.
        if encoded.len() != 43 {
            return None;
        }
        let mut bytes = Zeroizing::new([0; 32]);
        let length = URL_SAFE_NO_PAD.decode_slice_unchecked(encoded, bytes.as_mut_slice()).ok()?;
        (length == 32).then_some(Self { kind, bytes })
    }

    /// What the secret is for.
    #[must_use]
    pub const fn kind(&self) -> TokenKind {
        self.kind
    }

    /// The text for a link, cookie or header: prefix and 43 characters of base64url.
    #[must_use]
    pub fn to_text(&self) -> SecretString {
        let encoded = Zeroizing::new(URL_SAFE_NO_PAD.encode(self.bytes.as_slice()));
        SecretString::from(format!("{}{}", self.kind.prefix(), encoded.as_str()))
    }

    /// What is kept of the secret. A plain SHA-256 is enough for 256 random bits (ASVS 5.0 V6.5.2).
    #[must_use]
    pub fn digest(&self) -> TokenDigest {
        TokenDigest(Sha256::new().chain_update(self.kind.prefix()).chain_update(self.bytes.as_slice()).finalize().into())
    }

    /// The public name of this secret's link.
    #[must_use]
    pub fn id(&self) -> TokenId {
        let hash: [u8; 32] = Sha256::new().chain_update("token id").chain_update(self.digest().0).finalize().into();
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
        TokenId::derived(bytes)
    }

    /// 32 bytes derived from the secret for another use, such as a form's anti-forgery token.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        Sha256::new()
            .chain_update("derive")
            .chain_update(purpose)
            .chain_update([0])
            .chain_update(self.bytes.as_slice())
            .finalize()
            .into()
    }

    /// Reads a secret back from text that is already held as a secret.
    #[must_use]
    pub fn from_secret(kind: TokenKind, text: &SecretString) -> Option<Self> {
        Self::parse(kind, text.expose_secret())
    }
}

impl fmt::Debug for TokenSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenSecret({}…)", self.kind.prefix())
    }
}

/// The SHA-256 digest of a secret: what is stored and looked up.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenDigest([u8; 32]);

impl TokenDigest {
    /// A digest read back from where it was kept.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for TokenDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenDigest(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn secret(kind: TokenKind, bytes: [u8; 32]) -> TokenSecret {
        TokenSecret::from_entropy(kind, Zeroizing::new(bytes))
    }

    #[test]
    fn one_kind_is_never_taken_for_another() {
        let text = secret(TokenKind::Invitation, [7; 32]).to_text();
        assert!(TokenSecret::from_secret(TokenKind::Invitation, &text).is_some());
        assert!(TokenSecret::from_secret(TokenKind::Session, &text).is_none());
        assert_ne!(secret(TokenKind::Invitation, [7; 32]).digest(), secret(TokenKind::Session, [7; 32]).digest());
    }

    #[test]
    fn debug_output_holds_no_secret() {
        let secret = secret(TokenKind::Session, [0xab; 32]);
        assert_eq!(format!("{secret:?} {:?}", secret.digest()), "TokenSecret(idses_…) TokenDigest(…)");
    }

    proptest! {
        #[test]
        fn one_secret_has_one_spelling(bytes in any::<[u8; 32]>(), at in 0_usize..49, other in "[ -~]") {
            let secret = secret(TokenKind::Invitation, bytes);
            let text = secret.to_text().expose_secret().to_owned();
            prop_assert_eq!(TokenSecret::parse(TokenKind::Invitation, &text).unwrap().digest(), secret.digest());
            let mut changed = text.clone();
            changed.replace_range(at..=at, &other);
            if changed != text {
                prop_assert!(TokenSecret::parse(TokenKind::Invitation, &changed).is_none_or(|read| read.digest() != secret.digest()));
            }
        }
    }
}
