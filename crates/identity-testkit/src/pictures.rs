//! A fitter that takes what says that it is a picture.

use async_trait::async_trait;
use identity_core::port::{ImageProcessor, PictureError, Square, WorkError};

use crate::Faults;

/// Takes uploads that hold the word `picture`, and makes `fitted`, the square and the upload of them; of `bomb`, `damaged` and anything
/// else it says that they have too many pixels, are damaged, or are of no kind it knows.
#[derive(Clone, Debug, Default)]
pub struct ScriptedFitter {
    faults: Faults,
}

impl ScriptedFitter {
    /// Fails when `faults` says so, and counts its calls there.
    #[must_use]
    pub const fn with_faults(faults: Faults) -> Self {
        Self { faults }
    }
}

#[async_trait]
impl ImageProcessor for ScriptedFitter {
    async fn fit(&self, upload: Vec<u8>, square: Option<Square>) -> Result<Vec<u8>, PictureError> {
        self.faults.port("fit").map_err(WorkError::from)?;
        match upload.as_slice() {
            b"bomb" => return Err(PictureError::TooManyPixels),
            b"damaged" => return Err(PictureError::Damaged),
            upload if !upload.windows(7).any(|word| word == b"picture") => return Err(PictureError::UnknownType),
            _ => {}
        }
        if square.is_some_and(|square| square.size == 0) {
            return Err(PictureError::SquareOutside);
        }
        let square = square.map_or_else(|| "middle".to_owned(), |Square { x, y, size }| format!("{x} {y} {size}"));
        Ok([format!("fitted {square} of ").as_bytes(), &upload].concat())
    }
}
