//! A meter that finds what it was told to find.

use async_trait::async_trait;
use identity_core::{
    model::password::{Candidate, CommonWords, Measured, Readings, Strength},
    port::{StrengthMeter, WorkError},
};

/// Finds every password strong that does not hold the word `weak`, `password` common, and `dragon` a common word with nothing beside it.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScriptedMeter;

#[async_trait]
impl StrengthMeter for ScriptedMeter {
    async fn measure(&self, candidate: &Candidate, _words: &[String], readings: &Readings) -> Result<Measured, WorkError> {
        let score = if candidate.expose().contains("weak") { 0 } else { 4 };
        let is_common = readings.whole().iter().any(|word| word == "password");
        let holds_dragon = readings.texts().iter().any(|text| text.contains("dragon"));
        let inside = holds_dragon.then(|| CommonWords { words: vec!["dragon".to_owned()], without_one: 0 });
        Ok(Measured { strength: Strength { score, advice: Vec::new() }, is_common, inside })
    }
}
