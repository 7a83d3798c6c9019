//! How figures are taken and printed.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

/// What a run of many callers came to.
pub(crate) struct Run {
    /// Calls a second.
    pub(crate) rate: f64,
    latencies: Vec<Duration>,
}

impl Run {
    /// The latency that this share of the calls stays under, in milliseconds.
    pub(crate) fn percentile(&self, share: f64) -> f64 {
        percentile(&self.latencies, share)
    }
}

/// What this share of latencies, sorted, stays under, in milliseconds.
pub(crate) fn percentile(latencies: &[Duration], share: f64) -> f64 {
    let last = latencies.len().saturating_sub(1);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index from a share"
    )]
    let at = (last as f64 * share).round() as usize;
    latencies.get(at).map_or(0.0, |latency| latency.as_secs_f64() * 1000.0)
}

/// Calls as fast as `callers` can, one after the other each, for a time. A failed call ends the run.
pub(crate) async fn hammer<F, Fut, E>(callers: usize, lasting: Duration, call: F) -> Result<Run, E>
where
    F: Fn(u64) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<(), E>> + Send,
    E: Send + 'static,
{
    let call = Arc::new(call);
    let number = Arc::new(AtomicU64::new(0));
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..callers {
        let (call, number) = (call.clone(), number.clone());
        tasks.spawn(async move {
            let mut latencies = Vec::new();
            while started.elapsed() < lasting {
                let before = Instant::now();
                call(number.fetch_add(1, Ordering::Relaxed)).await?;
                latencies.push(before.elapsed());
            }
            Ok::<_, E>(latencies)
        });
    }
    let mut latencies = Vec::new();
    for done in tasks.join_all().await {
        latencies.extend(done?);
    }
    let took = started.elapsed().as_secs_f64();
    latencies.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let rate = latencies.len() as f64 / took;
    Ok(Run { rate, latencies })
}

/// One figure beside its goal.
pub(crate) fn print(name: &str, value: &str, goal: &str, holds: bool) {
    println!("{:<62} {value:>16}   goal {goal:<12} {}", name, if holds { "ok" } else { "MISSED" });
}

/// A figure without a goal of its own.
pub(crate) fn note(name: &str, value: &str) {
    println!("{name:<62} {value:>16}");
}

/// The median of several values.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
