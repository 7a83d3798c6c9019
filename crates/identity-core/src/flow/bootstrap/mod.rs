//! An installation: its first minutes, and what keeps it small.

mod prepare;
mod set_up;
mod sweep;

pub use prepare::Prepare;
pub use set_up::{SetUp, SetUpError};
pub use sweep::SweepLapsed;
