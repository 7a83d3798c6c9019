//! The names under which pictures are served.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// The name of a picture: 128 random bits, so that nobody finds one by trying; a new one for each upload, so that it can be cached.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PictureName(String);

impl PictureName {
    /// A name of 16 random bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads a name; `None` for what cannot be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self::from_bytes)
    }

    /// The name: 22 characters that need no escaping in a path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PictureName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_22_characters_with_one_spelling() {
        let name = PictureName::from_bytes([7; 16]);
        assert_eq!(PictureName::parse(name.as_str()), Some(name.clone()));
        assert_eq!(name.as_str().len(), 22);
        for bad in ["", "x", "../../etc/passwd", &format!("{name}="), &format!("{name}A")] {
            assert_eq!(PictureName::parse(bad), None, "{bad:?}");
        }
    }
}
