//! One's own data: taken along, deleted, and erased.

mod tombstone;

pub use tombstone::Tombstone;
