//! An installation: its first minutes, and what keeps it small.

mod first_operator;
mod prepare;
mod sweep;

pub use first_operator::{FirstOperator, FirstOperatorError};
pub use prepare::Prepare;
pub use sweep::SweepLapsed;
