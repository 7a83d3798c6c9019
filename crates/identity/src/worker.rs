//! Background work: mail, accounts that are to be erased, and what has lapsed.

use std::{pin::pin, sync::Arc, time::Duration};

use identity_core::{
    change::Unavailable,
    flow::{
        bootstrap::SweepLapsed,
        outbox::{Claim, DeliverOutbox, Delivered},
        privacy::EraseAccounts,
    },
    model::Settings,
    port::Ports,
    value::Lifetime,
};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{Instant, MissedTickBehavior, interval, interval_at, timeout},
};

/// How long it takes a queued message to be found.
const EVERY: Duration = Duration::from_millis(250);
/// How long the mail under way may take when the process is told to stop.
const LAST_MAIL: Duration = Duration::from_secs(30);
/// How often a claim is renewed: two renewals may fail before it is lost.
const RENEWALS_PER_LEASE: u32 = 3;
/// How often what has lapsed is taken away.
const SWEEP_EVERY: Duration = Duration::from_secs(600);
/// How often accounts are looked for whose time has come.
const ERASE_EVERY: Duration = Duration::from_secs(60);

/// Delivers mail until `stop` says so; what is under way is finished.
async fn deliver(ports: Ports, settings: Arc<Settings>, mut stop: watch::Receiver<bool>) {
    let lease = as_long_as(settings.delivery.lease);
    let flow = DeliverOutbox::new(ports, settings);
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            _ = ticks.tick() => {}
        }
        match round(&flow, lease, || *stop.borrow()).await {
            Ok(delivered) if delivered.claimed > 0 => {
                tracing::info!(claimed = delivered.claimed, sent = delivered.sent, "sent mail");
            }
            Ok(_) => {}
            Err(error) => log(&error),
        }
    }
}

/// Claims a batch and works it off, and renews the claim while it does.
async fn round(flow: &DeliverOutbox, lease: Duration, stopping: impl Fn() -> bool + Send + Sync) -> Result<Delivered, Unavailable> {
    let claiming = timeout(lease, flow.claim()).await;
    let claim = claiming.unwrap_or_else(|elapsed| Err(Unavailable::new("outbox", elapsed)))?;
    let mut work = pin!(flow.work_off(&claim, stopping));
    tokio::select! {
        done = &mut work => return done,
        () = hold(flow, &claim, lease) => {}
    }
    // Another worker may claim what is left when the lease ends; until then the work under way may still settle.
    timeout(lease, work).await.unwrap_or_else(|elapsed| Err(Unavailable::new("outbox", elapsed)))
}

/// Renews a claim, until there is nothing left to renew.
async fn hold(flow: &DeliverOutbox, claim: &Claim, lease: Duration) {
    let every = lease / RENEWALS_PER_LEASE;
    let mut ticks = interval_at(Instant::now() + every, every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match flow.renew(claim).await {
            Ok(true) => {}
            Ok(false) => return,
            // The claim lasts a while yet: the next renewal may work.
            Err(error) => log(&error),
        }
    }
}

/// Takes away what has lapsed, until `stop` says so.
async fn sweep(ports: Ports, settings: Arc<Settings>, mut stop: watch::Receiver<bool>) {
    let flow = SweepLapsed::new(ports, settings);
    let mut ticks = interval(SWEEP_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            _ = ticks.tick() => {}
        }
        // However much has lapsed: what is under way is finished or taken back, and the rest is there the next time.
        let Some(swept) = unless_told(&mut stop, flow.run()).await else { return };
        match swept {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "took away what has lapsed"),
            Err(error) => log(&error),
        }
    }
}

/// Erases the accounts whose time has come, until `stop` says so.
async fn erase(ports: Ports, mut stop: watch::Receiver<bool>) {
    let flow = EraseAccounts::new(ports);
    let mut ticks = interval(ERASE_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            _ = ticks.tick() => {}
        }
        // However many are due: each is a commit of its own, which takes place or does not.
        let Some(erased) = unless_told(&mut stop, flow.run()).await else { return };
        match erased {
            Ok(done) => {
                if done.accounts > 0 {
                    tracing::info!(accounts = done.accounts, "erased accounts as their persons had asked");
                }
                if done.kept > 0 {
                    tracing::warn!(accounts = done.kept, "accounts stay that are to be erased: nobody else would be an operator");
                }
            }
            Err(error) => log(&error),
        }
    }
}

/// Does work, or gives it up once `stop` says so.
async fn unless_told<T>(stop: &mut watch::Receiver<bool>, work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        _ = stop.wait_for(|stop| *stop) => None,
        done = work => Some(done),
    }
}

fn as_long_as(lifetime: Lifetime) -> Duration {
    Duration::from_secs(lifetime.as_seconds().unsigned_abs())
}

fn log(error: &dyn std::error::Error) {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let text = causes.map(ToString::to_string).collect::<Vec<_>>().join(": ");
    tracing::error!(error = %text, "background work failed; it is tried again");
}

/// The background work: it sends mail, takes away what has lapsed, and erases accounts that are due. Several processes may do it for one
/// database.
pub struct Worker {
    stop: watch::Sender<bool>,
    tasks: [JoinHandle<()>; 3],
}

impl Worker {
    /// Starts it on the Tokio runtime of the caller.
    #[must_use]
    pub fn start(ports: &Ports, settings: &Arc<Settings>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let tasks = [
            tokio::spawn(deliver(ports.clone(), settings.clone(), stopped.clone())),
            tokio::spawn(sweep(ports.clone(), settings.clone(), stopped.clone())),
            tokio::spawn(erase(ports.clone(), stopped)),
        ];
        Self { stop, tasks }
    }

    /// Resolves when a part of it has ended by itself, which none should.
    pub async fn ended(&mut self) {
        let [mail, sweeping, erasing] = &mut self.tasks;
        tokio::select! {
            _ = mail => {}
            _ = sweeping => {}
            _ = erasing => {}
        }
    }

    /// Ends it: what is under way is finished. What a worker that takes too long has claimed is free again when its lease ends.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for task in self.tasks {
            if timeout(LAST_MAIL, task).await.is_err() {
                tracing::warn!("a worker was still busy; its leases end by themselves");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test]
    async fn work_without_end_is_given_up_when_it_is_told_to_stop() {
        let (stop, mut told) = watch::channel(false);
        assert_eq!(unless_told(&mut told, ready(7)).await, Some(7));
        let (given_up, sent) = tokio::join!(unless_told(&mut told, pending::<()>()), async { stop.send(true) });
        assert!(given_up.is_none() && sent.is_ok());
    }
}
