//! Changes of the audit log.

use super::order::{Phase, Rank, Target, whole};
use crate::model::audit::AuditEvent;

/// A change of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditChange {
    /// Guard: the id is free.
    Record(AuditEvent),
}

impl AuditChange {
    pub(super) fn target(&self) -> Target {
        match self {
            Self::Record(event) => (Phase::Insert, Rank::Event, whole(event.id.as_uuid())),
        }
    }
}
