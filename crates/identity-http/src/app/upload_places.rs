//! How many uploads are under way at a time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use identity_core::value::AccountId;

/// The most uploads that are read and worked on at a time, each of at most 5 MiB.
const ALL: usize = 16;

/// The most of one account, so that one person with idle connections keeps nobody else out.
const OF_ACCOUNT: usize = 2;

/// The places for uploads: each upload has one, from its first byte to its last pixel.
#[derive(Clone, Default)]
pub(crate) struct UploadPlaces(Arc<Mutex<Vec<AccountId>>>);

/// A place, until it is dropped.
pub(crate) struct UploadPlace {
    places: UploadPlaces,
    account: AccountId,
}

impl UploadPlaces {
    /// A place, or `None` where none is left for this account.
    pub(crate) fn take(&self, account: AccountId) -> Option<UploadPlace> {
        let mut taken = self.lock();
        let own = taken.iter().filter(|holder| **holder == account).count();
        if taken.len() >= ALL || own >= OF_ACCOUNT {
            return None;
        }
        taken.push(account);
        Some(UploadPlace { places: self.clone(), account })
    }

    fn lock(&self) -> MutexGuard<'_, Vec<AccountId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for UploadPlace {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        if let Some(at) = taken.iter().position(|holder| *holder == self.account) {
            taken.swap_remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(number: u64) -> AccountId {
        format!("01900000-0000-7000-8000-{number:012x}").parse().unwrap()
    }

    #[test]
    fn one_account_leaves_places_to_others() {
        let places = UploadPlaces::default();
        let mut held = vec![places.take(account(1)), places.take(account(1))];
        assert!(held.iter().all(Option::is_some) && places.take(account(1)).is_none());
        held.extend((2..16).map(|number| places.take(account(number))));
        assert!(held.iter().all(Option::is_some) && places.take(account(99)).is_none(), "all are taken");
        held.remove(0);
        assert!(places.take(account(1)).is_some());
    }
}
