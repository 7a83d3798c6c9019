use async_trait::async_trait;

use crate::{
    model::password::{Candidate, Measured, Readings},
    port::WorkError,
};

/// Measures how strong passwords are, bounded: whatever it is given takes a limited time, and it never takes more threads than it
/// was given.
#[async_trait]
pub trait StrengthMeter: Send + Sync {
    /// Measures a password. `words` are the person's own, which make it weaker; `readings` are the plain texts behind it.
    ///
    /// # Errors
    /// [`WorkError`]; nothing was measured.
    async fn measure(&self, candidate: &Candidate, words: &[String], readings: &Readings) -> Result<Measured, WorkError>;
}
