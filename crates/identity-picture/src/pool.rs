//! Fitting on threads of its own: few of them, and a bounded queue in front.

use std::{
    io,
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Duration,
};

use async_trait::async_trait;
use identity_core::{
    change::Unavailable,
    port::{ImageProcessor, PictureError, Square},
    value::SignedDuration,
};
use thiserror::Error;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, oneshot},
    time::timeout,
};

use crate::fit::fit;

/// How a [`PicturePool`] works.
#[derive(Clone, Copy, Debug)]
pub struct PicturePoolConfig {
    /// How many uploads are worked on at a time, each with up to [`MEMORY_PER_THREAD`](crate::MEMORY_PER_THREAD). By default one.
    pub threads: NonZeroUsize,
    /// How many more may wait, each with its upload of up to 5 MiB. By default 16.
    pub waiting: usize,
    /// How long one may wait for a thread before its caller gets [`PictureError::Busy`]. By default 10 seconds.
    pub max_wait: Duration,
}

impl Default for PicturePoolConfig {
    fn default() -> Self {
        Self { threads: NonZeroUsize::MIN, waiting: 16, max_wait: Duration::from_secs(10) }
    }
}

/// The operating system did not start a thread.
#[derive(Debug, Error)]
#[error("could not start a thread for pictures")]
pub struct PicturePoolError(#[source] io::Error);

/// One upload. The permit lives and dies with it, not with its caller: a caller that goes away makes no room for another until its job
/// has left the queue or the thread.
struct Job {
    upload: Vec<u8>,
    square: Option<Square>,
    claim: Claim,
    reply: oneshot::Sender<Result<Vec<u8>, PictureError>>,
    permit: OwnedSemaphorePermit,
}

/// Who gets a job: the thread that starts it or the caller that gives it up, the first of the two.
#[derive(Clone, Default)]
struct Claim(Arc<AtomicBool>);

impl Claim {
    fn take(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }
}

/// Gives the job up when its caller goes away.
struct Caller(Claim);

impl Drop for Caller {
    fn drop(&mut self) {
        self.0.take();
    }
}

/// Threads that fit pictures. They end when the pool is dropped, each after the upload that it is working on.
pub struct PicturePool {
    jobs: Sender<Job>,
    places: Arc<Semaphore>,
    max_wait: Duration,
}

impl PicturePool {
    /// Starts the threads, named `picture-0` and so on.
    ///
    /// # Errors
    /// [`PicturePoolError`]
    pub fn new(config: &PicturePoolConfig) -> Result<Self, PicturePoolError> {
        let (jobs, queue) = channel();
        let queue = Arc::new(Mutex::new(queue));
        for number in 0..config.threads.get() {
            let queue = Arc::clone(&queue);
            let thread = thread::Builder::new().name(format!("picture-{number}"));
            thread.spawn(move || work(&queue)).map_err(PicturePoolError)?;
        }
        let places = config.threads.get().saturating_add(config.waiting).min(Semaphore::MAX_PERMITS);
        Ok(Self { jobs, places: Arc::new(Semaphore::new(places)), max_wait: config.max_wait })
    }
}

fn busy() -> PictureError {
    PictureError::Busy { retry_after: SignedDuration::from_secs(5) }
}

/// Serves the queue until nobody can add to it.
fn work(queue: &Mutex<Receiver<Job>>) {
    lower_priority();
    loop {
        // Nothing panics while it holds the lock.
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { upload, square, claim, reply, permit }) = next else { return };
        // Where its caller has gone, dropping the job gives its permit back.
        if claim.take() {
            let fitted = catch_unwind(AssertUnwindSafe(|| fit(&upload, square))).unwrap_or_else(|_| {
                tracing::error!("a picture made its decoder panic");
                Err(PictureError::Damaged)
            });
            drop((upload, permit));
            // An error means that the caller has gone away meanwhile.
            let _ = reply.send(fitted);
        }
    }
}

/// The rest of the process stays responsive while pictures keep a core busy.
fn lower_priority() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(10) {
        tracing::warn!(%error, "could not lower the priority of a thread for pictures");
    }
}

#[async_trait]
impl ImageProcessor for PicturePool {
    async fn fit(&self, upload: Vec<u8>, square: Option<Square>) -> Result<Vec<u8>, PictureError> {
        let permit = Arc::clone(&self.places).try_acquire_owned().map_err(|_| busy())?;
        let (reply, mut answer) = oneshot::channel();
        let claim = Claim::default();
        let stopped = |_| Unavailable::new("picture", "its threads have ended");
        self.jobs.send(Job { upload, square, claim: claim.clone(), reply, permit }).map_err(|_| stopped(()))?;
        let caller = Caller(claim);
        let answer = match timeout(self.max_wait, &mut answer).await {
            Ok(answer) => answer,
            // Not started yet, and now it never will be.
            Err(_) if caller.0.take() => return Err(busy()),
            // Started in time: it only takes one more picture.
            Err(_) => answer.await,
        };
        answer.map_err(|_| stopped(()))?
    }
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, ImageFormat, RgbImage};

    use super::*;

    fn png(side: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let picture = DynamicImage::ImageRgb8(RgbImage::new(side, side));
        picture.write_to(&mut std::io::Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
        bytes
    }

    fn pool(waiting: usize, max_wait: Duration) -> Arc<PicturePool> {
        Arc::new(PicturePool::new(&PicturePoolConfig { waiting, max_wait, ..PicturePoolConfig::default() }).unwrap())
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn of_a_crowd_as_many_are_served_as_may_wait_and_the_others_are_told_to_come_back() {
        let pool = pool(3, Duration::from_secs(600));
        let upload = png(1500);
        let crowd = (0..50).map(|_| {
            let (pool, upload) = (pool.clone(), upload.clone());
            tokio::spawn(async move { pool.fit(upload, None).await })
        });
        let mut served = 0;
        for one in crowd.collect::<Vec<_>>() {
            match one.await.unwrap() {
                Ok(_) => served += 1,
                Err(PictureError::Busy { .. }) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
        assert!((4..50).contains(&served), "{served}");
        assert!(pool.fit(png(9), None).await.is_ok(), "a caller who comes back is served");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_caller_who_waits_too_long_or_goes_away_is_not_worked_for() {
        let pool = pool(2, Duration::from_millis(1));
        let long = {
            let pool = pool.clone();
            tokio::spawn(async move { pool.fit(png(1500), None).await })
        };
        let mut outcomes = Vec::new();
        for _ in 0..2 {
            outcomes.push(pool.fit(png(9), None).await);
        }
        assert!(long.await.unwrap().is_ok() || outcomes.iter().any(Result::is_ok), "{outcomes:?}");
        // Whatever became of them, their places are free again once the thread has come to them.
        while pool.places.available_permits() < 3 {
            tokio::task::yield_now().await;
        }
        assert!(matches!(pool.fit(b"<svg/>".to_vec(), None).await, Err(PictureError::UnknownType | PictureError::Busy { .. })));
    }
}
