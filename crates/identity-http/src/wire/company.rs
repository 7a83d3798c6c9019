use identity_core::{model::company, port::Page, value::CompanyId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::schema;

/// A company.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Company {
    /// The company's id.
    #[schema(value_type = schema::Id)]
    id: String,
    /// Its name.
    name: String,
    /// When it was opened (RFC 3339).
    #[schema(value_type = schema::Time)]
    created_at: String,
    /// Whether an operator answers for it. The administrators of a company that somebody opened by signing up invite few people a day
    /// and without a note, until an operator trusts it.
    trusted: bool,
}

impl From<&company::Company> for Company {
    fn from(company: &company::Company) -> Self {
        Self {
            id: company.id.to_string(),
            name: company.name.to_string(),
            created_at: company.created_at.to_string(),
            trusted: company.is_trusted,
        }
    }
}

/// A part of the list of companies, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CompanyPage {
    items: Vec<Company>,
    /// Where the next part starts, if there is more.
    next_cursor: Option<String>,
}

impl From<Page<company::Company, CompanyId>> for CompanyPage {
    fn from(page: Page<company::Company, CompanyId>) -> Self {
        Self { items: page.items.iter().map(Company::from).collect(), next_cursor: page.next.map(|id| id.to_string()) }
    }
}

/// A name for a company.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NameCompany {
    /// The name: one line, at most 200 characters.
    #[schema(value_type = schema::Name)]
    pub(crate) name: String,
}
