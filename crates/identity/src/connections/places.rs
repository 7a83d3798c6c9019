//! Who has a place, and who gives one up.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

use super::phase::Phase;

/// What waits for its peer for less is not asked to leave: it has hardly come.
const LEFT_ALONE: Duration = Duration::from_secs(1);

/// The network that a connection comes from: an address of IPv4, or a /64 of IPv6, which is what one household gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Network(IpAddr);

impl Network {
    pub(super) fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        })
    }
}

/// The places of a process: so many in all, and so many for one network. Where there is none left, the connection that has waited longest
/// for its peer gives its place up: one of the same network where that has its share, else one of the network that has most.
#[derive(Clone)]
pub(super) struct Places(Arc<Inner>);

struct Inner {
    most: usize,
    share: usize,
    epoch: Instant,
    taken: Mutex<Taken>,
    freed: Notify,
}

#[derive(Default)]
struct Taken {
    next: u64,
    all: usize,
    by_network: HashMap<Network, Vec<(u64, Phase)>>,
}

/// A place, until it is dropped.
pub(super) struct Place {
    places: Places,
    network: Network,
    number: u64,
    pub(super) phase: Phase,
}

impl Places {
    /// `most` places in all, `share` for one network.
    pub(super) fn new(most: usize, share: usize) -> Self {
        let epoch = Instant::now();
        Self(Arc::new(Inner { most, share, epoch, taken: Mutex::default(), freed: Notify::new() }))
    }

    /// A place for a connection from `network`, whose share does not count where `is_shared`, as a proxy's does not: waits where every
    /// place is at work. `None` where the network has its share and all of it is at work.
    pub(super) async fn take(&self, network: Network, is_shared: bool) -> Option<Place> {
        loop {
            let freed = self.0.freed.notified();
            {
                let mut taken = self.lock();
                if !is_shared && taken.of(network) >= self.0.share && !taken.ask_one_to_leave(Some(network)) {
                    return None;
                }
                if taken.all < self.0.most || taken.ask_one_to_leave(None) {
                    return Some(self.give(&mut taken, network));
                }
            }
            freed.await;
        }
    }

    fn give(&self, taken: &mut Taken, network: Network) -> Place {
        let (number, phase) = (taken.next, Phase::start(self.0.epoch));
        taken.next += 1;
        taken.all += 1;
        taken.by_network.entry(network).or_default().push((number, phase.clone()));
        Place { places: self.clone(), network, number, phase }
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn of(&self, network: Network) -> usize {
        self.by_network.get(&network).map_or(0, Vec::len)
    }

    /// Whether one was found that leaves; it does not count any more.
    fn ask_one_to_leave(&mut self, network: Option<Network>) -> bool {
        let largest = || self.by_network.iter().max_by_key(|(_, held)| held.len()).map(|(network, _)| *network);
        let Some(network) = network.or_else(largest) else { return false };
        let held = self.by_network.get(&network).into_iter().flatten();
        let waiting = held.filter_map(|(number, phase)| Some((phase.waited()?, *number, phase.clone())));
        let longest = waiting.filter(|(waited, ..)| *waited >= LEFT_ALONE).max_by_key(|(waited, ..)| *waited);
        let Some((_, number, phase)) = longest else { return false };
        phase.ask_to_leave();
        self.forget(network, number);
        true
    }

    fn forget(&mut self, network: Network, number: u64) {
        let Some(held) = self.by_network.get_mut(&network) else { return };
        let before = held.len();
        held.retain(|(other, _)| *other != number);
        self.all -= before - held.len();
        if held.is_empty() {
            self.by_network.remove(&network);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.lock().forget(self.network, self.number);
        self.places.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn network(last: u8) -> Network {
        Network::of(Ipv4Addr::new(192, 0, 2, last).into())
    }

    /// Whether it was asked to leave while it waits.
    async fn leaves(place: &Place) -> bool {
        tokio::time::timeout(Duration::from_millis(1), place.phase.left()).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn a_network_over_its_share_gives_up_the_place_that_waited_longest() {
        let places = Places::new(10, 2);
        let first = places.take(network(1), false).await.unwrap();
        tokio::time::advance(Duration::from_secs(2)).await;
        let second = places.take(network(1), false).await.unwrap();
        let other = places.take(network(2), false).await.unwrap();
        tokio::time::advance(Duration::from_secs(2)).await;
        let third = places.take(network(1), false).await.unwrap();
        assert!(leaves(&first).await && !leaves(&second).await && !leaves(&other).await && !leaves(&third).await);
        assert_eq!(places.lock().of(network(1)), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_at_work_keeps_its_place() {
        let places = Places::new(10, 1);
        let only = places.take(network(1), false).await.unwrap();
        tokio::time::advance(Duration::from_secs(60)).await;
        only.phase.work();
        assert!(places.take(network(1), false).await.is_none(), "its share is at work");
        assert!(places.take(network(1), true).await.is_some(), "a proxy has no share");
        assert!(places.take(network(2), false).await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn where_all_are_taken_the_largest_network_gives_one_up_or_the_next_one_waits() {
        let places = Places::new(3, 3);
        let [a, b] = [places.take(network(1), false).await.unwrap(), places.take(network(1), false).await.unwrap()];
        let c = places.take(network(2), false).await.unwrap();
        tokio::time::advance(Duration::from_secs(5)).await;
        [&a, &c].iter().for_each(|place| place.phase.work());
        let d = places.take(network(3), false).await.unwrap();
        assert!(leaves(&b).await && !leaves(&c).await);
        d.phase.work();
        let waiting = tokio::time::timeout(Duration::from_secs(60), places.take(network(4), false)).await;
        assert!(waiting.is_err(), "all are at work");
        drop(a);
        assert!(places.take(network(4), false).await.is_some());
    }

    #[test]
    fn one_household_is_one_network() {
        let network = |text: &str| Network::of(text.parse().unwrap());
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:1:2:3"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }
}
