//! Companies: the tenants that accounts and invitations belong to.

mod manage;
mod search;

pub use manage::{CompanyCommand, CompanyError, ManageCompanies};
pub use search::{FoundCompanies, LOOKED_AT};
