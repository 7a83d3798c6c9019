//! Reads of links.

use async_trait::async_trait;

use crate::{
    change::Unavailable,
    model::link::{Generation, LinkPurpose, Token},
    value::TokenDigest,
};

/// Reads of links.
#[async_trait]
pub trait LinkReads: Send + Sync {
    /// The link with that digest.
    async fn token_by_digest(&self, digest: &TokenDigest) -> Result<Option<Token>, Unavailable>;

    /// The unspent links of a subject in one generation.
    async fn unspent_tokens(&self, subject: LinkPurpose, generation: Generation) -> Result<Vec<Token>, Unavailable>;
}
