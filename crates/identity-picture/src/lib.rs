#![doc = include_str!("../README.md")]

mod fit;
mod pool;

pub use fit::{MAX_PIXELS, MAX_SIDE, MEMORY_PER_THREAD, SIDE};
pub use pool::{PicturePool, PicturePoolConfig, PicturePoolError};
