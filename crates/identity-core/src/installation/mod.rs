//! The first minutes of an installation.

mod prepare;
mod set_up;

pub use prepare::Prepare;
pub use set_up::{SetUp, SetUpError};
