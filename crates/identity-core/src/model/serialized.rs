//! The serialized form of what derives none, with the feature `serde`.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{password::PasswordHash, throttle::Bucket};
use crate::value::serde_text;

serde_text!(|hash| hash.expose().to_owned(), |text| Some(Self::from_phc(text.to_owned())) => PasswordHash);
serde_text!(|bucket| URL_SAFE_NO_PAD.encode(bucket.as_bytes()), |text| {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self::from_bytes)
} => Bucket);

/// Bytes as Base64url without padding (RFC 4648 section 5), for `#[serde(with)]`.
pub(super) mod base64url {
    use std::sync::Arc;

    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(in crate::model) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&URL_SAFE_NO_PAD.encode(bytes))
    }

    pub(in crate::model) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<[u8]>, D::Error> {
        let text = String::deserialize(deserializer)?;
        URL_SAFE_NO_PAD.decode(text).map(Arc::from).map_err(D::Error::custom)
    }
}
