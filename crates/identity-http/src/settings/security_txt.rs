//! `/.well-known/security.txt`: whom to tell of a weakness (RFC 9116).

use identity_core::value::{PublicUrl, Timestamp};

/// Whom to tell of a weakness, and until when that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityTxt {
    contact: String,
    expires: Timestamp,
}

impl SecurityTxt {
    /// A contact is `mailto:…`, `https://…` or `tel:…`.
    ///
    /// # Errors
    /// What to write instead.
    pub fn new(contact: &str, expires: Timestamp) -> Result<Self, &'static str> {
        let is_address =
            ["mailto:", "https://", "tel:"].iter().any(|scheme| contact.len() > scheme.len() && contact.starts_with(scheme));
        if is_address && contact.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self { contact: contact.to_owned(), expires })
        } else {
            Err("use an address that starts with mailto:, https:// or tel:")
        }
    }

    /// When it ends to hold.
    #[must_use]
    pub const fn expires(&self) -> Timestamp {
        self.expires
    }

    /// The file, at this address.
    pub(crate) fn text(&self, url: &PublicUrl) -> String {
        format!("Contact: {}\nExpires: {}\nCanonical: {url}/.well-known/security.txt\n", self.contact, self.expires)
    }
}
