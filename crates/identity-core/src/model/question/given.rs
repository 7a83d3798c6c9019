//! An answer as it was sent.

use std::fmt;

use super::SecretAnswer;

/// One answer of a person.
#[derive(Clone)]
pub struct GivenAnswer {
    /// The key of the question, as it was sent.
    pub question: String,
    /// The answer.
    pub answer: SecretAnswer,
}

impl fmt::Debug for GivenAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GivenAnswer(…)")
    }
}
