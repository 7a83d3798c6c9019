//! Reads of companies.

use async_trait::async_trait;

use super::{Cursor, Page};
use crate::{change::Unavailable, model::company::Company, value::CompanyId};

/// Reads of companies.
#[async_trait]
pub trait CompanyReads: Send + Sync {
    /// The company with that id.
    async fn company(&self, id: CompanyId) -> Result<Option<Company>, Unavailable>;

    /// A part of the list of all companies, newest first; `limit` from 1 to 200.
    async fn companies(&self, after: Cursor<CompanyId>, limit: u16) -> Result<Page<Company, CompanyId>, Unavailable>;
}
