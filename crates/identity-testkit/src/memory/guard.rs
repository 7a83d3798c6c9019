//! The guards of rows in maps.

use std::collections::BTreeMap;

use identity_core::change::{Entity, Rejection};

pub(super) fn insert<K: Ord, V>(rows: &mut BTreeMap<K, V>, key: K, row: V, entity: Entity) -> Result<(), Rejection> {
    if rows.contains_key(&key) {
        return Err(Rejection::Exists(entity));
    }
    rows.insert(key, row);
    Ok(())
}

pub(super) fn replace<K: Ord, V>(
    rows: &mut BTreeMap<K, V>,
    key: &K,
    row: V,
    guard: impl FnOnce(&V) -> bool,
    entity: Entity,
) -> Result<(), Rejection> {
    let stored = rows.get_mut(key).filter(|stored| guard(stored)).ok_or(Rejection::Changed(entity))?;
    *stored = row;
    Ok(())
}

pub(super) fn require(holds: bool, entity: Entity) -> Result<(), Rejection> {
    if holds { Ok(()) } else { Err(Rejection::Changed(entity)) }
}
