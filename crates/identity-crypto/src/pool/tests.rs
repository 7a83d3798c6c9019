//! Tests of the pool as a whole.

#![expect(clippy::disallowed_methods, reason = "the pool has threads of its own: a test looks again until they got there")]

use std::{
    collections::HashSet,
    fs,
    path::Path,
    sync::{
        Condvar, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Instant,
};

use super::*;

const SALT: [u8; 16] = [7; 16];

fn secret(bytes: impl AsRef<[u8]>) -> SecretSlice<u8> {
    bytes.as_ref().to_vec().into()
}

fn config(threads: usize, queue_len: usize) -> PoolConfig {
    PoolConfig {
        threads: NonZeroUsize::new(threads).unwrap(),
        queue_len: NonZeroUsize::new(queue_len).unwrap(),
        ..PoolConfig::default()
    }
}

fn pool() -> HashingPool {
    HashingPool::new(&config(2, 64)).unwrap()
}

/// Holds every computation back until it is opened.
#[derive(Default)]
struct Gate {
    open: Mutex<bool>,
    changed: Condvar,
    inside: AtomicUsize,
    started: AtomicUsize,
}

impl Gate {
    fn pass(&self) {
        self.inside.fetch_add(1, Ordering::SeqCst);
        self.started.fetch_add(1, Ordering::SeqCst);
        let mut open = self.open.lock().unwrap();
        while !*open {
            open = self.changed.wait(open).unwrap();
        }
        self.inside.fetch_sub(1, Ordering::SeqCst);
    }

    fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.changed.notify_all();
    }

    async fn wait_inside(&self, n: usize) {
        while self.inside.load(Ordering::SeqCst) != n {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

fn gated(config: &PoolConfig) -> (Arc<HashingPool>, Arc<Gate>) {
    let gate = Arc::new(Gate::default());
    let inner = Arc::clone(&gate);
    let pool = HashingPool::with_hook(
        config,
        Box::new(move |stage| {
            if let Stage::Started { .. } = stage {
                inner.pass();
            }
        }),
    )
    .unwrap();
    (Arc::new(pool), gate)
}

fn spawn(pool: &Arc<HashingPool>) -> tokio::task::JoinHandle<Result<String, HashError>> {
    let pool = Arc::clone(pool);
    tokio::spawn(async move { pool.hash(secret("x"), SALT).await })
}

async fn wait_queued(pool: &HashingPool, free: usize) {
    while pool.slots.available_permits() != free {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn known_vectors_of_other_implementations() {
    let pool = pool();
    // The reference implementation's own test: src/test.c of P-H-C/phc-winner-argon2.
    let reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ\
                     $CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    assert_eq!(pool.verify(secret("password"), Some(reference)).await, Ok(PasswordVerification::Matches { outdated: true }));
    assert_eq!(pool.verify(secret("differentpassword"), Some(reference)).await, Ok(PasswordVerification::Differs));
    // Made with argon2-cffi, which wraps the reference implementation.
    let cffi = "$argon2id$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw\
                $cTLmpgKLeruU6za+t2cUZ3fNfHVCYhGoJ8inpcUNcwc";
    assert_eq!(pool.hash(secret("correct horse"), SALT).await.as_deref(), Ok(cffi));
    let lanes = "$argon2id$v=19$m=12288,t=3,p=4$BwcHBwcHBwcHBwcHBwcHBw\
                 $sCAPsOaW+jCNXkQrD28BW5U46lhzAXtRr8PM0qnXcxw";
    assert_eq!(pool.verify(secret("x"), Some(lanes)).await, Ok(PasswordVerification::Matches { outdated: true }));
}

#[tokio::test]
async fn a_hash_verifies_and_is_a_standard_string() {
    let pool = pool();
    let hash = pool.hash(secret("correct horse"), SALT).await.unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$"));
    assert_eq!(hash.rsplit('$').next().unwrap().len(), 43);
    assert_eq!(pool.verify(secret("correct horse"), Some(&hash)).await, Ok(PasswordVerification::Matches { outdated: false }));
    let other = pool.hash(secret("correct horse"), [8; 16]).await.unwrap();
    assert_ne!(hash.rsplit('$').next(), other.rsplit('$').next());
}

#[tokio::test]
async fn every_changed_character_differs() {
    let pool = pool();
    let password = "Tr0ub4dor&3 ünïcode";
    let hash = pool.hash(secret(password), SALT).await.unwrap();
    for i in 0..password.chars().count() {
        let mutated: String = password.chars().enumerate().map(|(j, c)| if i == j { '#' } else { c }).collect();
        assert_ne!(mutated, password);
        assert_eq!(pool.verify(secret(mutated), Some(&hash)).await, Ok(PasswordVerification::Differs));
    }
    for near in ["", "Tr0ub4dor&3 ünïcod", "Tr0ub4dor&3 ünïcode ", "Tr0ub4dor&3 ünïcode\0"] {
        assert_eq!(pool.verify(secret(near), Some(&hash)).await, Ok(PasswordVerification::Differs));
    }
}

#[tokio::test]
async fn long_passwords_count_to_the_last_byte() {
    let pool = pool();
    let long = vec![b'a'; MAX_PASSWORD_LEN];
    let hash = pool.hash(secret(&long), SALT).await.unwrap();
    for i in [71, 72, 1023, 1024, MAX_PASSWORD_LEN - 1] {
        let mut other = long.clone();
        other[i] = b'b';
        assert_eq!(pool.verify(secret(&other), Some(&hash)).await, Ok(PasswordVerification::Differs), "{i}");
    }
    assert_eq!(pool.verify(secret(&long), Some(&hash)).await, Ok(PasswordVerification::Matches { outdated: false }));
    let too_long = vec![b'a'; MAX_PASSWORD_LEN + 1];
    assert_eq!(pool.verify(secret(too_long), Some(&hash)).await, Err(HashError::PasswordTooLong(MAX_PASSWORD_LEN + 1)));
}

#[tokio::test]
async fn every_path_computes_exactly_once() {
    let count = Arc::new(AtomicUsize::new(0));
    let inner = Arc::clone(&count);
    let pool = HashingPool::with_hook(
        &config(1, 8),
        Box::new(move |stage| {
            if matches!(stage, Stage::Finished) {
                inner.fetch_add(1, Ordering::SeqCst);
            }
        }),
    )
    .unwrap();
    let hash = pool.hash(secret("x"), SALT).await.unwrap();
    assert_eq!(count.swap(0, Ordering::SeqCst), 1);
    let too_expensive = hash.replace("m=19456", "m=1048576");
    for (stored, expected) in [
        (Some(hash.as_str()), Ok(PasswordVerification::Matches { outdated: false })),
        (None, Ok(PasswordVerification::Differs)),
        (Some("garbage"), Err(HashError::Malformed)),
        (Some(too_expensive.as_str()), Err(HashError::TooExpensive { memory_kib: 1_048_576, iterations: 2, lanes: 1 })),
    ] {
        assert_eq!(pool.verify(secret("x"), stored).await, expected);
        assert_eq!(count.swap(0, Ordering::SeqCst), 1, "{stored:?}");
    }
    // The dummy's own password, if it had one, must not match either.
    assert_eq!(pool.verify(secret(""), None).await, Ok(PasswordVerification::Differs));
}

#[tokio::test]
async fn other_parameters_are_outdated() {
    let old = HashingPool::new(&PoolConfig { params: HashParams::new(12_288, 3, 4).unwrap(), ..config(1, 4) }).unwrap();
    let hash = old.hash(secret("x"), SALT).await.unwrap();
    assert!(hash.contains("$m=12288,t=3,p=4$"));
    let pool = pool();
    assert_eq!(pool.verify(secret("x"), Some(&hash)).await, Ok(PasswordVerification::Matches { outdated: true }));
    assert_eq!(pool.verify(secret("y"), Some(&hash)).await, Ok(PasswordVerification::Differs));
    let new = pool.hash(secret("x"), SALT).await.unwrap();
    assert_eq!(old.verify(secret("x"), Some(&new)).await, Ok(PasswordVerification::Matches { outdated: true }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn never_more_hashes_at_once_than_threads() {
    let inside = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let (i, m) = (Arc::clone(&inside), Arc::clone(&most));
    let pool = HashingPool::with_hook(
        &PoolConfig { max_wait: Duration::from_mins(1), ..config(2, 64) },
        Box::new(move |stage| match stage {
            Stage::Started { .. } => {
                m.fetch_max(i.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            }
            Stage::Finished => {
                i.fetch_sub(1, Ordering::SeqCst);
            }
        }),
    )
    .unwrap();
    let pool = Arc::new(pool);
    let callers: Vec<_> = (0..50).map(|_| spawn(&pool)).collect();
    for caller in callers {
        assert!(caller.await.unwrap().is_ok());
    }
    assert_eq!(most.load(Ordering::SeqCst), 2);
    assert_eq!(pool.slots.available_permits(), 66);
}

#[tokio::test]
async fn a_full_queue_answers_busy_at_once() {
    let (pool, gate) = gated(&PoolConfig { max_wait: Duration::from_mins(1), ..config(2, 3) });
    let callers: Vec<_> = (0..5).map(|_| spawn(&pool)).collect();
    gate.wait_inside(2).await;
    wait_queued(&pool, 0).await;
    let start = Instant::now();
    let answer = pool.hash(secret("x"), SALT).await;
    assert!(matches!(answer, Err(HashError::Busy { retry_after }) if retry_after >= Duration::from_secs(1)));
    assert!(start.elapsed() < Duration::from_millis(100));
    gate.open();
    for caller in callers {
        assert!(caller.await.unwrap().is_ok());
    }
    assert!(pool.hash(secret("x"), SALT).await.is_ok());
}

#[tokio::test]
async fn a_late_job_answers_busy_and_keeps_its_place_occupied() {
    let (pool, gate) = gated(&PoolConfig { max_wait: Duration::from_millis(50), ..config(1, 2) });
    let running = spawn(&pool);
    gate.wait_inside(1).await;
    let start = Instant::now();
    assert!(matches!(pool.hash(secret("x"), SALT).await, Err(HashError::Busy { .. })));
    let took = start.elapsed();
    assert!(took >= Duration::from_millis(50) && took < Duration::from_millis(500), "{took:?}");
    assert_eq!(pool.slots.available_permits(), 1);
    // A job that has started in time is not late, however long it takes.
    tokio::time::sleep(Duration::from_millis(100)).await;
    gate.open();
    assert!(running.await.unwrap().is_ok());
    wait_queued(&pool, 3).await;
    assert_eq!(gate.started.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn dropped_callers_free_nothing_early_and_are_skipped() {
    let (pool, gate) = gated(&PoolConfig { max_wait: Duration::from_mins(1), ..config(1, 2) });
    let callers: Vec<_> = (0..3).map(|_| spawn(&pool)).collect();
    gate.wait_inside(1).await;
    wait_queued(&pool, 0).await;
    for caller in callers {
        caller.abort();
        assert!(caller.await.is_err());
    }
    // One is running, two are queued, and all three callers are gone.
    assert_eq!(pool.slots.available_permits(), 0);
    assert!(matches!(pool.hash(secret("x"), SALT).await, Err(HashError::Busy { .. })));
    gate.open();
    wait_queued(&pool, 3).await;
    // The running one was computed, the queued ones were not.
    assert_eq!(gate.started.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn first_come_first_served() {
    let (pool, gate) = gated(&config(1, 32));
    let order = Arc::new(Mutex::new(Vec::new()));
    let first = spawn(&pool);
    gate.wait_inside(1).await;
    let mut callers = Vec::new();
    for i in 0..10 {
        let (shared, order) = (Arc::clone(&pool), Arc::clone(&order));
        callers.push(tokio::spawn(async move {
            shared.hash(secret("x"), SALT).await.unwrap();
            order.lock().unwrap().push(i);
        }));
        wait_queued(&pool, 32 - 1 - i).await;
    }
    gate.open();
    first.await.unwrap().unwrap();
    for caller in callers {
        caller.await.unwrap();
    }
    assert_eq!(*order.lock().unwrap(), (0..10).collect::<Vec<_>>());
}

#[tokio::test]
async fn closing_answers_waiting_callers_and_ends_the_threads() {
    let (pool, gate) = gated(&config(1, 8));
    let running = spawn(&pool);
    gate.wait_inside(1).await;
    let waiting: Vec<_> = (0..5).map(|_| spawn(&pool)).collect();
    wait_queued(&pool, 3).await;
    pool.close();
    for caller in waiting {
        assert_eq!(caller.await.unwrap(), Err(HashError::Closed));
    }
    assert_eq!(pool.hash(secret("x"), SALT).await, Err(HashError::Closed));
    gate.open();
    assert!(running.await.unwrap().is_ok());
    let shared = Arc::downgrade(&pool.shared);
    drop(Arc::into_inner(pool).unwrap());
    assert_eq!(shared.strong_count(), 0);
}

#[tokio::test]
async fn a_panic_is_an_error_for_one_caller_only() {
    let broken = Arc::new(AtomicBool::new(true));
    let inner = Arc::clone(&broken);
    let pool = HashingPool::with_hook(
        &config(1, 8),
        Box::new(move |_| assert!(!inner.load(Ordering::SeqCst), "a test asked for this panic")),
    )
    .unwrap();
    assert_eq!(pool.hash(secret("x"), SALT).await, Err(HashError::Internal));
    assert_eq!(pool.slots.available_permits(), 9);
    broken.store(false, Ordering::SeqCst);
    assert!(pool.hash(secret("x"), SALT).await.is_ok());
}

#[cfg(target_os = "linux")]
#[derive(Default, Debug)]
struct Seen {
    buffers: HashSet<usize>,
    tids: HashSet<String>,
    nice: HashSet<i64>,
    names: HashSet<String>,
    faults: Vec<u64>,
    at_start: u64,
}

/// The fields of `/proc/…/stat` after the command, from field 3 on.
#[cfg(target_os = "linux")]
fn stat() -> Vec<String> {
    let text = fs::read_to_string("/proc/thread-self/stat").unwrap();
    let (_, rest) = text.rsplit_once(')').unwrap();
    rest.split_whitespace().map(str::to_owned).collect()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn one_buffer_no_page_faults_low_priority_and_the_thread_ends() {
    let seen = Arc::new(Mutex::new(Seen::default()));
    let inner = Arc::clone(&seen);
    let pool = HashingPool::with_hook(
        &config(1, 64),
        Box::new(move |stage| {
            let stat = stat();
            let mut seen = inner.lock().unwrap();
            match stage {
                Stage::Started { buffer } => {
                    let link = fs::read_link("/proc/thread-self").unwrap();
                    seen.tids.insert(link.file_name().unwrap().to_str().unwrap().to_owned());
                    seen.names.insert(thread::current().name().unwrap().to_owned());
                    seen.buffers.insert(*buffer);
                    seen.nice.insert(stat[16].parse().unwrap());
                    seen.at_start = self::stat()[7].parse().unwrap();
                }
                Stage::Finished => {
                    let faults = stat[7].parse::<u64>().unwrap() - seen.at_start;
                    seen.faults.push(faults);
                }
            }
        }),
    )
    .unwrap();
    for i in 0..20 {
        let larger = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ\
                      $CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        pool.hash(secret("x"), [i; 16]).await.unwrap();
        if i == 9 {
            assert_eq!(pool.verify(secret("password"), Some(larger)).await, Ok(PasswordVerification::Matches { outdated: true }));
            let mut seen = seen.lock().unwrap();
            // The larger hash had its own memory.
            assert_eq!(seen.buffers.len(), 2);
            seen.buffers.clear();
            seen.faults.pop();
        }
    }
    let (tids, faults) = {
        let seen = seen.lock().unwrap();
        assert_eq!(seen.buffers.len(), 1);
        let mine: i64 = stat()[16].parse().unwrap();
        assert_eq!(seen.nice, [(mine + 10).min(19)].into());
        assert_eq!(seen.names, ["hash-0".to_owned()].into());
        (seen.tids.clone(), seen.faults.clone())
    };
    // The first may fault in code and stack pages, and the kernel may have its own reasons for a
    // few more; fresh memory would be 4864 faults for every hash.
    assert_eq!(faults.len(), 20);
    assert!(faults.iter().sum::<u64>() < 50, "{faults:?}");
    assert!(faults.iter().filter(|f| **f == 0).count() >= 10, "{faults:?}");
    let alive = |tid: &String| Path::new("/proc/self/task").join(tid).exists();
    assert!(tids.iter().all(alive));
    drop(pool);
    // A thread that was joined leaves /proc a moment later.
    let until = Instant::now() + Duration::from_secs(10);
    while tids.iter().any(alive) && Instant::now() < until {
        thread::sleep(Duration::from_millis(5));
    }
    assert!(!tids.iter().any(alive));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_other_threads_keep_their_priority() {
    let pool = pool();
    pool.hash(secret("x"), SALT).await.unwrap();
    let mine: i64 = stat()[16].parse().unwrap();
    let started: i64 = thread::spawn(|| stat()[16].parse().unwrap()).join().unwrap();
    assert_eq!(mine, started);
}

fn peppered(peppers: &str) -> HashingPool {
    HashingPool::new(&PoolConfig { peppers: crate::Peppers::parse(peppers).unwrap(), ..config(1, 8) }).unwrap()
}

/// what stands in the database is not enough to try passwords on.
#[tokio::test]
async fn a_hash_is_verified_by_the_pepper_that_it_names_and_by_none_else() {
    let [one, other] = [[1; 32], [2; 32]].map(|key| base64::Engine::encode(&base64::engine::general_purpose::STANDARD, key));
    let first = peppered(&format!("2025:{one}"));
    let hash = first.hash(secret("x"), SALT).await.unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1,keyid=MjAyNQ$"), "{hash}");
    assert_eq!(first.verify(secret("x"), Some(&hash)).await, Ok(PasswordVerification::Matches { outdated: false }));
    assert_eq!(first.verify(secret("y"), Some(&hash)).await, Ok(PasswordVerification::Differs));

    let rotated = peppered(&format!("2026:{other} 2025:{one}"));
    assert_eq!(rotated.verify(secret("x"), Some(&hash)).await, Ok(PasswordVerification::Matches { outdated: true }));
    let renewed = rotated.hash(secret("x"), SALT).await.unwrap();
    assert_ne!(renewed.rsplit('$').next(), hash.rsplit('$').next(), "the key went in");
    assert_eq!(rotated.verify(secret("x"), Some(&renewed)).await, Ok(PasswordVerification::Matches { outdated: false }));

    let bare = pool();
    assert!(matches!(bare.verify(secret("x"), Some(&hash)).await, Err(HashError::UnknownPepper { .. })));
    assert!(first.can_compare(&hash) && rotated.can_compare(&hash) && !bare.can_compare(&hash));
    // Not even where somebody takes its name away, or has another key under it.
    let unnamed = hash.replace(",keyid=MjAyNQ", "");
    assert_eq!(bare.verify(secret("x"), Some(&unnamed)).await, Ok(PasswordVerification::Differs));
    let guessed = peppered(&format!("2025:{other}"));
    assert_eq!(guessed.verify(secret("x"), Some(&hash)).await, Ok(PasswordVerification::Differs));

    // What was hashed before there was one is verified, and renewed.
    let before = bare.hash(secret("x"), SALT).await.unwrap();
    assert_eq!(first.verify(secret("x"), Some(&before)).await, Ok(PasswordVerification::Matches { outdated: true }));
}
