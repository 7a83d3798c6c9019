//! A meter that finds what it was told to find.

use async_trait::async_trait;
use identity_core::{
    password::Candidate,
    port::{Measured, Strength, StrengthMeter, WorkError},
};

/// Finds every password strong that does not hold the word `weak`, and `password` common.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScriptedMeter;

#[async_trait]
impl StrengthMeter for ScriptedMeter {
    async fn measure(&self, candidate: &Candidate, _words: &[String], guesses: &[String]) -> Result<Measured, WorkError> {
        let score = if candidate.expose().contains("weak") { 0 } else { 4 };
        let is_common = guesses.iter().any(|word| word == "password");
        Ok(Measured { strength: Strength { score, advice: Vec::new() }, is_common })
    }
}
