use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// A text of a request that no debug output shows.
#[derive(Debug, Deserialize)]
#[serde(from = "String")]
pub(crate) struct Secret(SecretString);

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(SecretString::from(text))
    }
}

impl Secret {
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}
