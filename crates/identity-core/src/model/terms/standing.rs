//! How an account stands to the terms.

use super::{TermsAcceptance, TermsNumber};
use crate::value::{Lifetime, Timestamp};

/// A version of the terms without its texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermsSchedule {
    /// Its number.
    pub number: TermsNumber,
    /// From when on it holds.
    pub effective_at: Timestamp,
    /// How long from then on who accepted an older one may go on without accepting it.
    pub grace: Option<Lifetime>,
}

impl TermsSchedule {
    /// From when on nobody goes on without accepting it.
    #[must_use]
    pub fn due_at(&self) -> Timestamp {
        self.grace.map_or(self.effective_at, |grace| grace.from(self.effective_at))
    }
}

/// What an account accepted last, and what is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermsStanding {
    /// The version in force; `None` where none is, which an installation that was prepared never sees.
    pub in_force: Option<TermsSchedule>,
    /// What was accepted last.
    pub accepted: Option<TermsAcceptance>,
}

impl TermsStanding {
    /// The version that waits to be accepted.
    #[must_use]
    pub fn waiting(&self) -> Option<TermsSchedule> {
        self.in_force.filter(|in_force| self.accepted.as_ref().is_none_or(|accepted| accepted.number < in_force.number))
    }

    /// Whether its time of grace is over, too.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.waiting().is_some_and(|waiting| waiting.due_at() <= now)
    }
}
