//! Recovery: how a person who cannot sign in gets back in, and says so when it was somebody else.

mod check;
mod reported;

pub use check::{CheckMethod, IdentityCheck};
pub use reported::Reported;

use crate::value::Lifetime;

/// What an operator sets of recovery.
#[derive(Clone, Copy, Debug)]
pub struct RecoverySettings {
    /// How long a mailed link works; at most 24 hours (NIST SP 800-63B-4 §4.2.1.2).
    pub lifetime: Lifetime,
    /// How long a temporary password works, if it is not used before; at most 24 hours.
    pub temporary_lifetime: Lifetime,
    /// How long "this wasn't me" works.
    pub report_lifetime: Lifetime,
}

/// One hour for a link and for a temporary password (NIST SP 800-63B-4 §4.2.1.2 allows a day), 30 days for "this wasn't me".
impl Default for RecoverySettings {
    fn default() -> Self {
        Self { lifetime: Lifetime::of_hours(1), temporary_lifetime: Lifetime::of_hours(1), report_lifetime: Lifetime::of_days(30) }
    }
}
