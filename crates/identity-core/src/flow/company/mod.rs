//! Companies: the tenants that accounts and invitations belong to.

mod catalogue;
mod search;

pub use catalogue::{CompanyCommand, CompanyError, ManageCompanies};
pub use search::{FoundCompanies, LOOKED_AT};
