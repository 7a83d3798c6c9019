//! Rows by their keys, with the guards that every table has.

use std::collections::BTreeMap;

use identity_core::change::{Entity, Rejection};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::kept::{self, Kept};

/// A row of a table.
pub(super) trait Row: Kept {
    /// What tells it from others.
    type Key: Ord + Clone;
    /// What a rejection calls it.
    const ENTITY: Entity;

    fn key(&self) -> Self::Key;
}

/// Rows by their keys; an array in the file.
#[derive(Clone, PartialEq)]
pub(super) struct Table<R: Row>(BTreeMap<R::Key, R>);

impl<R: Row> Default for Table<R> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<R: Row> Table<R> {
    pub(super) fn get(&self, key: &R::Key) -> Option<&R> {
        self.0.get(key)
    }

    /// All rows, by key.
    pub(super) fn rows(&self) -> impl DoubleEndedIterator<Item = &R> {
        self.0.values()
    }

    /// All rows, to be changed in anything but their keys.
    pub(super) fn rows_mut(&mut self) -> impl Iterator<Item = &mut R> {
        self.0.values_mut()
    }

    /// Adds a row whose key is free.
    pub(super) fn insert(&mut self, row: R) -> Result<(), Rejection> {
        let key = row.key();
        if self.0.contains_key(&key) {
            return Err(Rejection::Exists(R::ENTITY));
        }
        self.0.insert(key, row);
        Ok(())
    }

    /// Puts a row in the place of the one with its key, or adds it.
    pub(super) fn put(&mut self, row: R) {
        self.0.insert(row.key(), row);
    }

    /// Changes the row with that key, if it is there and the guard holds for what is stored.
    pub(super) fn change(
        &mut self,
        key: &R::Key,
        guard: impl FnOnce(&R) -> bool,
        change: impl FnOnce(&mut R),
    ) -> Result<(), Rejection> {
        let row = self.0.get_mut(key).filter(|row| guard(row)).ok_or(Rejection::Changed(R::ENTITY))?;
        change(row);
        Ok(())
    }

    /// Takes the row with that key away.
    pub(super) fn remove(&mut self, key: &R::Key) -> Result<(), Rejection> {
        self.0.remove(key).map(drop).ok_or(Rejection::Changed(R::ENTITY))
    }

    /// Takes every other row away; answers how many went.
    pub(super) fn retain(&mut self, stays: impl Fn(&R) -> bool) -> usize {
        let before = self.0.len();
        self.0.retain(|_, row| stays(row));
        before - self.0.len()
    }
}

impl<R: Row> Serialize for Table<R> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.values().map(kept::Written))
    }
}

impl<'de, R: Row> Deserialize<'de> for Table<R> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(Vec::<R>::read(from)?.into_iter().map(|row| (row.key(), row)).collect()))
    }
}
