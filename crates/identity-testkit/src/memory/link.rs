//! The rows of links.

use async_trait::async_trait;
use identity_core::{
    change::{Entity, LinkChange, Rejection, Unavailable},
    model::link::{Generation, LinkPurpose, Token},
    port::LinkReads,
    value::TokenDigest,
};

use super::{MemoryStore, Persist, guard::insert, state::State};

impl State {
    pub(super) fn apply_to_link(&mut self, change: &LinkChange) -> Result<(), Rejection> {
        match change.clone() {
            LinkChange::Issue(token) => self.issue_token(token),
            LinkChange::Spend { id, at } => {
                let token = self.tokens.get_mut(&id).filter(|token| token.is_live(at)).ok_or(Rejection::TokenSpent)?;
                token.spent_at = Some(at);
                Ok(())
            }
            LinkChange::Extend { id, expires_at } => {
                let token = self.tokens.get_mut(&id).filter(|token| token.spent_at.is_none()).ok_or(Rejection::TokenSpent)?;
                token.expires_at = expires_at;
                Ok(())
            }
        }
    }

    fn issue_token(&mut self, token: Token) -> Result<(), Rejection> {
        if self.tokens.values().any(|other| other.digest == token.digest) {
            return Err(Rejection::Exists(Entity::Token));
        }
        insert(&mut self.tokens, token.id, token, Entity::Token)
    }
}

#[async_trait]
impl<P: Persist> LinkReads for MemoryStore<P> {
    async fn token_by_digest(&self, digest: &TokenDigest) -> Result<Option<Token>, Unavailable> {
        Ok(self.read("token_by_digest")?.tokens.values().find(|token| token.digest == *digest).cloned())
    }

    async fn unspent_tokens(&self, subject: LinkPurpose, generation: Generation) -> Result<Vec<Token>, Unavailable> {
        let is_one = |token: &&Token| token.subject == subject && token.generation == generation && token.spent_at.is_none();
        Ok(self.read("unspent_tokens")?.tokens.values().filter(is_one).cloned().collect())
    }
}
