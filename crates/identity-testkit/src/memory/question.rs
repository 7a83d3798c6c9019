//! The rows of security answers.

use async_trait::async_trait;
use std::collections::BTreeMap;

use identity_core::{
    change::{Entity, QuestionChange, Rejection, Unavailable},
    model::question::SecurityAnswer,
    port::QuestionReads,
    value::AccountId,
};

use super::{MemoryStore, Persist, guard::insert, state::State};

impl State {
    pub(super) fn apply_to_question(&mut self, change: &QuestionChange) -> Result<(), Rejection> {
        match change.clone() {
            QuestionChange::SetAnswers { account, answers } => self.set_answers(account, answers),
            QuestionChange::NoteAnswer { account, question, from, at } => {
                let stored = self.security_answers.get_mut(&account).and_then(|answers| answers.get_mut(&question));
                let stored = stored.filter(|stored| stored.hash == from);
                stored.ok_or(Rejection::Changed(Entity::SecurityAnswer))?.given_at = Some(at);
                Ok(())
            }
        }
    }

    fn set_answers(&mut self, account: AccountId, answers: Vec<SecurityAnswer>) -> Result<(), Rejection> {
        self.security_answers.remove(&account);
        if !answers.is_empty() && !self.accounts.contains_key(&account) {
            return Err(Rejection::Orphaned(Entity::SecurityAnswer));
        }
        let mut answers = answers.into_iter();
        answers.try_for_each(|answer| {
            let of_account = self.security_answers.entry(account).or_default();
            insert(of_account, answer.question.clone(), answer, Entity::SecurityAnswer)
        })
    }
}

#[async_trait]
impl<P: Persist> QuestionReads for MemoryStore<P> {
    async fn security_answers(&self, account: AccountId) -> Result<Vec<SecurityAnswer>, Unavailable> {
        let state = self.read("security_answers")?;
        let mut found = state.security_answers.get(&account).into_iter().flat_map(BTreeMap::values).cloned().collect::<Vec<_>>();
        found.sort_by_key(|kept| kept.place);
        Ok(found)
    }
}
