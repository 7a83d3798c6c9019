//! Changes of the terms.

use super::order::{Phase, Rank, Target, part};
use crate::model::terms::{TermsAcceptance, TermsVersion};

/// A change of the terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TermsChange {
    /// Guard: the number is free.
    Publish(TermsVersion),
    /// Guard: not yet accepted by that account.
    Accept(TermsAcceptance),
}

impl TermsChange {
    pub(super) fn target(&self) -> Target {
        match self {
            Self::Publish(terms) => (Phase::Insert, Rank::Terms, terms.number.to_be_bytes().into()),
            Self::Accept(acceptance) => {
                (Phase::Insert, Rank::Acceptance, part(acceptance.account.as_uuid(), &acceptance.number.to_be_bytes()))
            }
        }
    }
}
