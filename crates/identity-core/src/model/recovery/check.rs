//! How an administrator made sure of who was asking for a new password.

use std::fmt;

use crate::{
    model::question::SecretAnswer,
    value::{Note, TextError},
};

/// The way in which somebody was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckMethod {
    /// Face to face.
    InPerson,
    /// On a video call.
    VideoCall,
    /// By calling back a number that was known before.
    CallBack,
    /// By a document.
    Document,
    /// Another way, which the note says.
    Other,
    /// By a security question, whose answer is checked here. Never enough alone: the note says what else speaks for it.
    SecurityQuestion,
}

impl CheckMethod {
    /// Every method.
    pub const ALL: [Self; 6] =
        [Self::InPerson, Self::VideoCall, Self::CallBack, Self::Document, Self::Other, Self::SecurityQuestion];

    /// The word in requests and answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InPerson => "in_person",
            Self::VideoCall => "video_call",
            Self::CallBack => "call_back",
            Self::Document => "document",
            Self::Other => "other",
            Self::SecurityQuestion => "security_question",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == text)
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

    /// The way in which somebody was recognised.
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
