//! Reads of pictures.

use async_trait::async_trait;

use crate::{change::Unavailable, model::account::Picture, value::PictureName};

/// Reads of pictures.
#[async_trait]
pub trait PictureReads: Send + Sync {
    /// The picture of that name.
    async fn picture(&self, name: &PictureName) -> Result<Option<Picture>, Unavailable>;
}
