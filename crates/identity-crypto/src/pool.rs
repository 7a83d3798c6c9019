//! Password hashing on threads of its own.
//!
//! A hash takes tens of milliseconds of CPU and megabytes of memory on purpose, so it must neither
//! run on the threads that serve requests nor as often as clients please. A [`HashingPool`] has a
//! fixed number of threads at low priority, each with its working memory, and a bounded queue in
//! front of them.

mod pace;
mod priority;
mod queue;
mod scratch;
mod stored;
mod worker;

#[cfg(test)]
mod tests;

use std::{
    hint::black_box,
    io,
    num::NonZeroUsize,
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use argon2::password_hash::phc::{Output, Salt};
use secrecy::{ExposeSecret, SecretSlice};
use thiserror::Error;
use tokio::{
    sync::{Semaphore, oneshot},
    time::timeout,
};

use self::{
    pace::Pace,
    queue::{Claim, Job, Queue},
    scratch::Scratch,
    stored::{Recipe, Standard, Stored},
};
use crate::{
    params::{HashParams, SALT_LEN},
    pepper::Peppers,
};

/// The longest password, in bytes. NIST SP 800-63B-4 §3.1.1.2 and ASVS 5.0 §6.2 ask for at least 64
/// characters; the limit only bounds what waits in the queue. No byte under it is ignored.
pub const MAX_PASSWORD_LEN: usize = 4096;

/// The salt where there is no stored hash. Its value does not matter, only its length.
const DUMMY_SALT: [u8; SALT_LEN] = *b"no such account!";

/// Waiting jobs per thread, by default. At 30 ms a hash they take about two seconds.
const DEFAULT_QUEUE_PER_THREAD: usize = 64;

/// How a [`HashingPool`] works.
#[derive(Clone, Debug)]
pub struct PoolConfig {
    /// Cost of new hashes. Stored hashes with any other are verified and reported as outdated.
    pub params: HashParams,
    /// Keys outside of the database that hashes take in. Stored hashes without the first of them are verified and reported as
    /// outdated. By default none.
    pub peppers: Peppers,
    /// Number of threads, each of which keeps [`HashParams::memory_kib`] of memory. By default one
    /// per core.
    pub threads: NonZeroUsize,
    /// Jobs that may wait for a thread, besides one running on each. By default 64 per thread.
    pub queue_len: NonZeroUsize,
    /// How long a job may wait for a thread before its caller gets [`HashError::Busy`]. By default
    /// 2 seconds.
    pub max_wait: Duration,
    /// How much nicer than the rest of the process the threads are on Linux, from 0 (not at all) to
    /// 19. By default 10.
    pub niceness: u8,
    /// Stored hashes that need more memory than this, in KiB, are refused. The memory above that of
    /// `params` is allocated for one verification only. By default 64 MiB; never less than `params`.
    pub max_stored_memory_kib: u32,
}

impl Default for PoolConfig {
    fn default() -> Self {
        let threads = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self {
            params: HashParams::default(),
            peppers: Peppers::default(),
            threads,
            queue_len: threads.saturating_mul(NonZeroUsize::MIN.saturating_add(DEFAULT_QUEUE_PER_THREAD - 1)),
            max_wait: Duration::from_secs(2),
            niceness: 10,
            max_stored_memory_kib: 64 * 1024,
        }
    }
}

/// Why a pool could not be set up.
#[derive(Debug, Error)]
pub enum PoolError {
    /// There is not enough memory for all threads.
    #[error("no memory for {threads} hashing threads of {memory_kib} KiB")]
    OutOfMemory {
        /// Threads asked for.
        threads: NonZeroUsize,
        /// Memory of each, in KiB.
        memory_kib: u32,
    },
    /// The operating system did not start a thread.
    #[error("could not start a hashing thread")]
    Spawn(#[source] io::Error),
}

/// Why a password was neither hashed nor compared.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HashError {
    /// The queue is full, or no thread became free in time.
    #[error("too many passwords to hash, retry after {} s", retry_after.as_secs())]
    Busy {
        /// Estimated time until the present queue is done, in whole seconds, at least 1.
        retry_after: Duration,
    },
    /// The password is longer than [`MAX_PASSWORD_LEN`].
    #[error("the password has {0} bytes, more than the limit of {MAX_PASSWORD_LEN}")]
    PasswordTooLong(usize),
    /// The stored hash is not an Argon2id PHC string of version 19.
    #[error("the stored password hash is malformed")]
    Malformed,
    /// The stored hash took in a pepper that this pool does not have.
    #[error("the stored password hash names the pepper `{id}`, which is not configured: add it after the current one")]
    UnknownPepper {
        /// The id that it names.
        id: String,
    },
    /// The stored hash costs more than this pool is willing to spend.
    #[error(
        "the stored password hash is too expensive: {memory_kib} KiB, {iterations} iterations, \
         {lanes} lanes"
    )]
    TooExpensive {
        /// Its memory, in KiB.
        memory_kib: u32,
        /// Its iterations.
        iterations: u32,
        /// Its lanes.
        lanes: u32,
    },
    /// No memory for a stored hash with larger parameters than the current ones.
    #[error("no memory for the stored password hash")]
    OutOfMemory,
    /// The pool is shut down.
    #[error("password hashing is shut down")]
    Closed,
    /// A fault in this program.
    #[error("password hashing failed")]
    Internal,
}

/// The answer to a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordVerification {
    /// It is the right password.
    Matches {
        /// Whether the stored hash has other parameters than new ones get, so that it should be
        /// replaced by a new hash of this password.
        outdated: bool,
    },
    /// It is the wrong password, or there is none.
    Differs,
}

/// What the threads share with the callers.
struct Shared {
    queue: Queue,
    pace: Pace,
    niceness: u8,
    #[cfg(test)]
    hook: Option<Hook>,
}

/// Threads that hash passwords.
///
/// Dropping it refuses waiting jobs, waits for the running ones (one hash each), and ends the
/// threads.
pub struct HashingPool {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
    slots: Arc<Semaphore>,
    capacity: usize,
    standard: Standard,
    max_wait: Duration,
}

impl HashingPool {
    /// Starts the threads, named `hash-0` and so on, and allocates their memory.
    ///
    /// # Errors
    /// [`PoolError`] if there is not enough memory or a thread does not start.
    pub fn new(config: &PoolConfig) -> Result<Self, PoolError> {
        Self::start(
            config,
            Shared {
                queue: Queue::default(),
                pace: Pace::new(),
                niceness: config.niceness,
                #[cfg(test)]
                hook: None,
            },
        )
    }

    fn start(config: &PoolConfig, shared: Shared) -> Result<Self, PoolError> {
        let out_of_memory = || PoolError::OutOfMemory { threads: config.threads, memory_kib: config.params.memory_kib() };
        let blocks = usize::try_from(config.params.memory_kib()).map_err(|_| out_of_memory())?;
        let capacity = config.queue_len.saturating_add(config.threads.get()).get().min(Semaphore::MAX_PERMITS);
        let mut pool = Self {
            shared: Arc::new(shared),
            threads: Vec::new(),
            slots: Arc::new(Semaphore::new(capacity)),
            capacity,
            standard: Standard {
                params: config.params,
                peppers: config.peppers.clone(),
                max_memory_kib: config.max_stored_memory_kib.max(config.params.memory_kib()),
            },
            max_wait: config.max_wait,
        };
        // On an error, dropping the pool ends the threads started so far.
        for i in 0..config.threads.get() {
            let scratch = Scratch::new(blocks).map_err(|_| out_of_memory())?;
            let shared = Arc::clone(&pool.shared);
            let thread = thread::Builder::new()
                .name(format!("hash-{i}"))
                .spawn(move || worker::run(&shared, scratch))
                .map_err(PoolError::Spawn)?;
            pool.threads.push(thread);
        }
        Ok(pool)
    }

    /// Hashes `password` with the current parameters into a PHC string:
    /// `$argon2id$v=19$m=…,t=…,p=…$salt$hash`, 32 bytes of hash, with `keyid=…` after `p` where there is a pepper.
    ///
    /// `salt` must be random, and new for every call. The password is used byte for byte: normalise
    /// it first (NIST SP 800-63B-4 §3.1.1.2). Needs a Tokio runtime with time enabled. Dropping the
    /// future gives the job up if it has not started.
    ///
    /// # Errors
    /// [`HashError::Busy`], [`HashError::PasswordTooLong`], [`HashError::Closed`] or
    /// [`HashError::Internal`].
    pub async fn hash(&self, password: SecretSlice<u8>, salt: [u8; SALT_LEN]) -> Result<String, HashError> {
        let recipe = self.current_recipe(&salt)?;
        let output = self.compute(password, recipe.clone()).await?;
        stored::format(&recipe, output)
    }

    /// Compares `password` with a stored hash, or with none (no such account, or one without a
    /// password), which always differs.
    ///
    /// Every call computes exactly one hash, so its duration does not tell whether there is an
    /// account, unless the stored hash has other parameters than the current ones. The comparison
    /// takes constant time. Needs a Tokio runtime with time enabled. Dropping the future gives the
    /// job up if it has not started.
    ///
    /// # Errors
    /// [`HashError::Malformed`], [`HashError::UnknownPepper`] or [`HashError::TooExpensive`] for the stored hash, after computing
    /// one with the current parameters; [`HashError::Busy`], [`HashError::PasswordTooLong`],
    /// [`HashError::OutOfMemory`], [`HashError::Closed`] or [`HashError::Internal`] for the
    /// computation.
    pub async fn verify(&self, password: SecretSlice<u8>, stored: Option<&str>) -> Result<PasswordVerification, HashError> {
        let target = stored.map(|text| stored::parse(text, &self.standard)).transpose();
        let recipe = match &target {
            Ok(Some(stored)) => stored.recipe.clone(),
            Ok(None) | Err(_) => self.current_recipe(&DUMMY_SALT)?,
        };
        let output = black_box(self.compute(password, recipe).await?);
        match target? {
            // `Output` compares in constant time.
            Some(Stored { expected, outdated, .. }) if expected == output => Ok(PasswordVerification::Matches { outdated }),
            Some(_) | None => Ok(PasswordVerification::Differs),
        }
    }

    /// Whether a stored hash can be compared with a password: it is well-formed, not too expensive, and its pepper is here.
    #[must_use]
    pub fn can_compare(&self, stored: &str) -> bool {
        stored::parse(stored, &self.standard).is_ok()
    }

    /// Refuses new and waiting jobs from now on with [`HashError::Closed`]. Running ones finish.
    /// Unlike dropping the pool, it does not wait for them.
    pub fn close(&self) {
        self.shared.queue.close();
    }

    fn current_recipe(&self, salt: &[u8; SALT_LEN]) -> Result<Recipe, HashError> {
        let params = self.standard.params.to_argon2().map_err(|_| HashError::Internal)?;
        let salt = Salt::new(salt).map_err(|_| HashError::Internal)?;
        Ok(Recipe::new(params, salt, self.standard.peppers.current().cloned()))
    }

    /// One computation, in its turn.
    async fn compute(&self, password: SecretSlice<u8>, recipe: Recipe) -> Result<Output, HashError> {
        let len = password.expose_secret().len();
        if len > MAX_PASSWORD_LEN {
            return Err(HashError::PasswordTooLong(len));
        }
        let permit = Arc::clone(&self.slots).try_acquire_owned().map_err(|_| self.busy())?;
        let (reply, mut answer) = oneshot::channel();
        let claim = Claim::default();
        let job = Job { password, recipe, claim: claim.clone(), reply, permit };
        if !self.shared.queue.push(job) {
            return Err(HashError::Closed);
        }
        let caller = Caller(claim);
        let answer = match timeout(self.max_wait, &mut answer).await {
            Ok(answer) => answer,
            // Not started yet, and now it never will be.
            Err(_) if caller.0.take() => return Err(self.busy()),
            // Started in time: it only takes one more hash.
            Err(_) => answer.await,
        };
        answer.unwrap_or_else(|_| Err(if self.shared.queue.is_closed() { HashError::Closed } else { HashError::Internal }))
    }

    fn busy(&self) -> HashError {
        let jobs = self.capacity - self.slots.available_permits().min(self.capacity);
        HashError::Busy { retry_after: self.shared.pace.drain_time(jobs, self.threads.len()) }
    }
}

impl std::fmt::Debug for HashingPool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HashingPool")
            .field("standard", &self.standard)
            .field("threads", &self.threads.len())
            .field("capacity", &self.capacity)
            .finish_non_exhaustive()
    }
}

impl Drop for HashingPool {
    fn drop(&mut self) {
        self.close();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a hashing thread ended with a panic");
            }
        }
    }
}

/// Gives the job up when its caller goes away.
struct Caller(Claim);

impl Drop for Caller {
    fn drop(&mut self) {
        self.0.take();
    }
}

/// What tests see of a computation, on its thread.
#[cfg(test)]
#[derive(Debug)]
enum Stage {
    Started { buffer: usize },
    Finished,
}

#[cfg(test)]
type Hook = Box<dyn Fn(&Stage) + Send + Sync>;

#[cfg(test)]
impl Shared {
    fn observe(&self, stage: &Stage) {
        if let Some(hook) = &self.hook {
            hook(stage);
        }
    }
}

#[cfg(test)]
impl HashingPool {
    fn with_hook(config: &PoolConfig, hook: Hook) -> Result<Self, PoolError> {
        Self::start(config, Shared { queue: Queue::default(), pace: Pace::new(), niceness: config.niceness, hook: Some(hook) })
    }
}
