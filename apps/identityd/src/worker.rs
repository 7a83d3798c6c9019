//! Background work: mail, and what has lapsed.

use std::time::Duration;

use identity_core::{
    notice::{DeliverNotices, DeliveryLimits},
    port::{Ports, Sweep},
    value::{SignedDuration, Timestamp},
};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

/// How long it takes a queued notice to be found.
const EVERY: Duration = Duration::from_millis(250);
/// How often what has lapsed is taken away.
const SWEEP_EVERY: Duration = Duration::from_secs(600);

/// Delivers mail until `stop` says so; what is under way is finished.
pub(crate) async fn deliver(ports: Ports, limits: DeliveryLimits, mut stop: watch::Receiver<bool>) {
    let flow = DeliverNotices::new(ports, limits);
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            _ = ticks.tick() => {}
        }
        match flow.run().await {
            Ok(delivered) if delivered.claimed > 0 => {
                tracing::info!(claimed = delivered.claimed, sent = delivered.sent, "worked off notices");
            }
            Ok(_) => {}
            Err(error) => log(&error),
        }
    }
}

/// Takes away what has lapsed, until `stop` says so.
pub(crate) async fn sweep(ports: Ports, mut stop: watch::Receiver<bool>) {
    let mut ticks = interval(SWEEP_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            _ = ticks.tick() => {}
        }
        match ports.store.sweep(&horizon(ports.clock.now())).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "took away what has lapsed"),
            Err(error) => log(&error),
        }
    }
}

/// Sessions go with their end. Links stay for a month, so that an old one can still ask for a new invitation. An answer that was
/// lost is asked for again within minutes, not days.
fn horizon(now: Timestamp) -> Sweep {
    let ago = |hours| now.checked_sub(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MIN);
    Sweep { sessions_before: now, links_before: ago(30 * 24), change_sets_before: ago(24) }
}

fn log(error: &dyn std::error::Error) {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let text = causes.map(ToString::to_string).collect::<Vec<_>>().join(": ");
    tracing::error!(error = %text, "background work failed; it is tried again");
}

/// The two that work in the background.
pub(crate) type Workers = [JoinHandle<()>; 2];

/// Resolves when one of them has ended.
pub(crate) async fn one_ended([mail, sweeping]: &mut Workers) {
    tokio::select! {
        _ = mail => {}
        _ = sweeping => {}
    }
}

/// Both, side by side.
pub(crate) fn start(ports: &Ports, limits: DeliveryLimits, stop: &watch::Receiver<bool>) -> Workers {
    [tokio::spawn(deliver(ports.clone(), limits, stop.clone())), tokio::spawn(sweep(ports.clone(), stop.clone()))]
}
