//! A meter that finds what it was told to find.

use identity_core::{
    password::Candidate,
    port::{Strength, StrengthMeter},
};

/// Finds every password strong that does not hold the word `weak`, and `password` common.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScriptedMeter;

impl StrengthMeter for ScriptedMeter {
    fn measure(&self, candidate: &Candidate, _words: &[String]) -> Strength {
        Strength { score: if candidate.expose().contains("weak") { 0 } else { 4 }, advice: Vec::new() }
    }

    fn is_common(&self, word: &str) -> bool {
        word == "password"
    }
}
