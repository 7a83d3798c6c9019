//! Changes of the answers to security questions.

use super::order::{Phase, Rank, Target, part, whole};
use crate::{
    model::{password::PasswordHash, question::SecurityAnswer},
    value::{AccountId, QuestionKey, Timestamp},
};

/// A change of the security answers of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuestionChange {
    /// Puts security answers in the place of all that an account has; none takes them away. Guards: the account is there, where there
    /// are answers; no question has two.
    SetAnswers {
        /// The account.
        account: AccountId,
        /// Its answers, to a question each.
        answers: Vec<SecurityAnswer>,
    },
    /// Notes that a security question was answered. Guard: the stored hash is `from`.
    NoteAnswer {
        /// The account.
        account: AccountId,
        /// The question.
        question: QuestionKey,
        /// The hash that was verified.
        from: PasswordHash,
        /// When.
        at: Timestamp,
    },
}

impl QuestionChange {
    pub(super) fn target(&self) -> Target {
        match self {
            Self::SetAnswers { account, .. } => (Phase::Insert, Rank::SecurityAnswer, whole(account.as_uuid())),
            Self::NoteAnswer { account, question, .. } => {
                (Phase::Update, Rank::SecurityAnswer, part(account.as_uuid(), question.as_str().as_bytes()))
            }
        }
    }
}
