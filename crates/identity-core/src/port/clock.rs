use crate::value::Timestamp;

/// Tells the time. Flows read it once and pass the instant down.
pub trait Clock: Send + Sync {
    /// The time now, rounded down to microseconds: what every store keeps.
    fn now(&self) -> Timestamp;
}
