//! Pictures of people: the adapter of the core's [`ImageProcessor`](identity_core::port::ImageProcessor).
//!
//! `fit` makes a square JPEG out of an upload, within limits that are checked before anything is decoded; `pool` does that on threads
//! of its own, so that no number of uploads takes more than [`MEMORY_PER_THREAD`] for each of them.

mod fit;
mod pool;

pub use fit::{MAX_PIXELS, MAX_SIDE, MEMORY_PER_THREAD, SIDE};
pub use pool::{PicturePool, PicturePoolConfig, PicturePoolError};
