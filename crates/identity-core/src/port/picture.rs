use async_trait::async_trait;

use crate::{change::Unavailable, port::WorkError, value::SignedDuration};

/// The most bytes of an upload: 5 MiB.
pub const MAX_UPLOAD: usize = 5 * 1024 * 1024;

/// A square of a picture as people see it, upright, in its own pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Square {
    /// How far it is from the left.
    pub x: u32,
    /// How far it is from the top.
    pub y: u32,
    /// How long its sides are.
    pub size: u32,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The upload has more bytes than [`MAX_UPLOAD`].
    #[error("the picture is larger than 5 MiB")]
    TooLarge,
    /// It would take more memory to decode than there is for it.
    #[error("the picture has more than 4096 × 4096 pixels")]
    TooManyPixels,
    /// It is not of a kind that is taken.
    #[error("the file is not a PNG, JPEG or WebP picture")]
    UnknownType,
    /// It cannot be decoded.
    #[error("the picture is damaged")]
    Damaged,
    /// The square is empty or reaches out of the picture.
    #[error("the square is not inside the picture")]
    SquareOutside,
    /// There are no pictures here.
    #[error("pictures are not taken here")]
    NotOffered,
    /// More pictures are waiting than can be worked on in time.
    #[error("too busy: try again in {retry_after:#}")]
    Busy {
        /// When trying again makes sense.
        retry_after: SignedDuration,
    },
    /// A part of the system could not do its work.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<WorkError> for PictureError {
    fn from(error: WorkError) -> Self {
        match error {
            WorkError::Busy { retry_after } => Self::Busy { retry_after },
            WorkError::Unavailable(error) => Self::Unavailable(error),
        }
    }
}

/// Makes the picture that is kept out of what somebody uploaded, bounded: it never takes more memory or threads than it was given.
#[async_trait]
pub trait ImageProcessor: Send + Sync {
    /// A square JPEG without anything but its pixels: of the square that the person chose, or of the middle.
    ///
    /// # Errors
    /// [`PictureError`]; nothing of the upload is kept.
    async fn fit(&self, upload: Vec<u8>, square: Option<Square>) -> Result<Vec<u8>, PictureError>;
}

/// No pictures: everybody has their initials.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPictures;

#[async_trait]
impl ImageProcessor for NoPictures {
    async fn fit(&self, _: Vec<u8>, _: Option<Square>) -> Result<Vec<u8>, PictureError> {
        Err(PictureError::NotOffered)
    }
}
