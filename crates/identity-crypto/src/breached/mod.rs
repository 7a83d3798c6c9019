//! Passwords that breaches have made known, by their SHA-1: asked of a service, or looked up in a file.

mod digest;
mod file;
mod range;

use std::time::Duration;

pub use file::{BreachFile, BreachFileError, BuildError, Built, LineFault};
pub use range::{PWNED_PASSWORDS, RangeError, RangeService, RangeSetupError};

/// How long a source may take before the password passes without it.
const TIME_LIMIT: Duration = Duration::from_secs(1);
