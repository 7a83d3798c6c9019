//! The picture of a person.

use std::sync::Arc;

use crate::value::{AccountId, PictureName, Timestamp};

/// A picture: always a JPEG, whatever was uploaded.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Picture {
    /// The name it is served under.
    pub name: PictureName,
    /// Whose it is.
    pub account: AccountId,
    /// The JPEG.
    #[cfg_attr(feature = "serde", serde(with = "crate::model::serialized::base64url"))]
    pub bytes: Arc<[u8]>,
    /// When it was set.
    pub created_at: Timestamp,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({} bytes)", self.bytes.len())
    }
}
