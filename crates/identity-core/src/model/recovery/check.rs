//! How an administrator made sure of who was asking for a new password.

use std::fmt;

use crate::{
    model::question::SecretAnswer,
    value::{Note, TextError},
};

crate::value::vocabulary! {
    /// How the administrator recognised the person.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum CheckMethod {
        /// Face to face.
        InPerson = "in_person",
        /// On a video call.
        VideoCall = "video_call",
        /// By calling back a number that was known before.
        CallBack = "call_back",
        /// By a document.
        Document = "document",
        /// Another way, which the note says.
        Other = "other",
        /// By a security question, whose answer is checked here. Never enough alone: the note says what else speaks for it.
        SecurityQuestion = "security_question",
    }
}

/// How somebody was recognised, and what speaks for it. It stands in the audit log beside who did it.
#[derive(Clone, Debug)]
pub struct IdentityCheck {
    method: CheckMethod,
    note: Note,
    answer: Option<SecretAnswer>,
}

impl IdentityCheck {
    /// The most characters of a note.
    pub const MAX_NOTE: usize = 200;

    /// A check with its note, which is never empty.
    ///
    /// # Errors
    /// [`TextError`] says what to mend of the note.
    pub fn new(method: CheckMethod, note: &str) -> Result<Self, TextError> {
        let note = Note::parse(note)?;
        if note.as_str().chars().count() > Self::MAX_NOTE {
            return Err(TextError::TooLong { max: Self::MAX_NOTE });
        }
        Ok(Self { method, note, answer: None })
    }

    /// The check with what the person answered to the security question.
    #[must_use]
    pub fn answered(self, answer: SecretAnswer) -> Self {
        Self { answer: Some(answer), ..self }
    }

    /// How the administrator recognised the person.
    #[must_use]
    pub const fn method(&self) -> CheckMethod {
        self.method
    }

    /// What the person answered.
    pub(crate) const fn answer(&self) -> Option<&SecretAnswer> {
        self.answer.as_ref()
    }
}

impl fmt::Display for IdentityCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.method.as_str(), self.note)
    }
}
