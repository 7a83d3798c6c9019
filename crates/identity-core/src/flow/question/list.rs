//! One's own security questions.

use std::{collections::BTreeSet, sync::Arc};

use crate::{
    change::Unavailable,
    model::{Settings, session::SignedIn},
    port::Ports,
    value::{QuestionKey, Timestamp},
};

/// Which questions a person has answered; never how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnQuestions {
    /// The keys of the questions that are answered, among those that there are now.
    pub answered: BTreeSet<QuestionKey>,
    /// When they were answered.
    pub set_at: Option<Timestamp>,
}

/// Lists which security questions a person has answered.
pub struct ListSecurityQuestions {
    ports: Ports,
    settings: Arc<Settings>,
}

impl ListSecurityQuestions {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Lists; `None` where there are no security questions.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn run(&self, signed_in: &SignedIn) -> Result<Option<OwnQuestions>, Unavailable> {
        let Some(questions) = &self.settings.security_questions else { return Ok(None) };
        let kept = self.ports.store.security_answers(signed_in.account.id).await?;
        let mut own = OwnQuestions::default();
        for kept in kept.into_iter().filter(|kept| questions.find(kept.question.as_str()).is_some()) {
            own.set_at = own.set_at.max(Some(kept.set_at));
            own.answered.insert(kept.question);
        }
        Ok(Some(own))
    }
}
