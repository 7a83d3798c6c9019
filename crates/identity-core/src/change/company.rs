//! Changes of companies.

use super::order::{Phase, Rank, Target, whole};
use crate::model::company::Company;

/// A change of a company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompanyChange {
    /// Guard: the id is free.
    Open(Company),
    /// Writes the company's name, and whether it is trusted. Guard: the stored version is the one before `version`.
    Revise(Company),
}

impl CompanyChange {
    pub(super) fn target(&self) -> Target {
        match self {
            Self::Open(company) => (Phase::Insert, Rank::Company, whole(company.id.as_uuid())),
            Self::Revise(company) => (Phase::Update, Rank::Company, whole(company.id.as_uuid())),
        }
    }
}
