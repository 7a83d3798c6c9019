//! Secrets, which the file names by themselves or by the file that holds them.

use std::path::PathBuf;

use anyhow::{Context as _, Error, anyhow};
use secrecy::{ExposeSecret as _, SecretString};

use super::typed::Secret;

/// A secret, or the contents of the file that holds it.
pub(super) fn secret(key: &str, text: Option<&Secret>, file: Option<&PathBuf>) -> Result<Option<SecretString>, Error> {
    let is_set = |secret: &&Secret| !secret.0.expose_secret().is_empty();
    let file = file.filter(|file| !file.as_os_str().is_empty());
    match (text.filter(is_set), file) {
        (None, None) => Ok(None),
        (Some(secret), None) => Ok(Some(secret.0.clone())),
        (None, Some(file)) => {
            let text = std::fs::read_to_string(file).context(format!("{key}: the file {} cannot be read", file.display()))?;
            Ok(Some(SecretString::from(text.trim().to_owned())))
        }
        (Some(_), Some(_)) => Err(anyhow!("{key} and {key}_file are both set: use one of them")),
    }
}
