//! Finding a company among many.

use super::ManageCompanies;
use crate::{
    change::Unavailable,
    model::{access::Administrator, company::Company},
    value::CompanyId,
};

/// What a search found.
#[derive(Clone, Debug, Default)]
pub struct FoundCompanies {
    /// The companies, by name.
    pub items: Vec<Company>,
    /// Whether there may be more: the search ended because enough were found, or because it looked at [`LOOKED_AT`] companies.
    pub is_cut: bool,
}

/// Companies read at a time.
const PART: u16 = 200;

/// The most companies that one search looks at, the newest first: fifty reads of the store.
pub const LOOKED_AT: usize = 10_000;

impl ManageCompanies {
    /// At most `limit` of the companies that the administrator may act in whose name contains a text, whatever its case. All
    /// companies contain an empty text.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn search(&self, by: &Administrator, text: &str, limit: usize) -> Result<FoundCompanies, Unavailable> {
        let wanted = text.trim().to_lowercase();
        let mut found = FoundCompanies::default();
        let (mut after, mut looked_at) = (None::<CompanyId>, 0_usize);
        while !found.is_cut {
            let part = self.list(by, after, PART).await?;
            looked_at = looked_at.saturating_add(part.items.len());
            found.items.extend(part.items.into_iter().filter(|company| company.name.as_str().to_lowercase().contains(&wanted)));
            after = part.next;
            let Some(_) = after else { break };
            found.is_cut = found.items.len() >= limit || looked_at >= LOOKED_AT;
        }
        found.is_cut |= found.items.len() > limit;
        found.items.truncate(limit);
        found.items.sort_by_cached_key(|company| company.name.as_str().to_lowercase());
        Ok(found)
    }
}
