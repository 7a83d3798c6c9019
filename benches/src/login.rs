//! Logins, beside the bare hashes that they cannot be faster than.

use std::{
    error::Error,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use identity_storage::testing::Population;
use tokio::sync::Mutex;

use crate::{
    Ran,
    figure::{Run, hammer, median, note, print},
    http::{Connection, get},
    place::{Kind, kinds},
    subject::{Subject, log_in_request},
};

const LASTING: Duration = Duration::from_secs(4);
const ROUNDS: usize = 3;
/// As many as log in at once in a storm, and one who is logged in meanwhile.
const PEOPLE: u64 = 257;

/// What many callers came to.
struct Logins {
    /// Granted and refused ones.
    run: Run,
    /// The share that was refused, as too many at a time, in percent.
    refused: f64,
}

/// Hashes a second on all cores, with memory that is reused: the denominator.
fn raw_hashes() -> Result<f64, Box<dyn Error + Send + Sync>> {
    let cores = thread::available_parallelism()?.get();
    let started = Instant::now();
    let threads = (0..cores).map(|_| {
        thread::spawn(move || -> Result<u32, argon2::Error> {
            let params = Params::new(19_456, 2, 1, Some(32))?;
            let mut memory = vec![Block::new(); params.block_count()];
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            let mut hashes = 0;
            while started.elapsed() < LASTING {
                let mut out = [0; 32];
                argon2.hash_password_into_with_memory(b"Plinth-gargoyle-7", b"a salt of 16 byt", &mut out, &mut memory)?;
                hashes += 1;
            }
            Ok(hashes)
        })
    });
    let mut hashes = 0;
    for thread in threads.collect::<Vec<_>>() {
        hashes += thread.join().map_err(|_| "a thread panicked")?.map_err(|error| error.to_string())?;
    }
    Ok(f64::from(hashes) / started.elapsed().as_secs_f64())
}

/// Each caller keeps one connection and is a person of its own: the attempts at one address are counted one after the other, and of
/// many at once some are refused.
async fn logins(subject: &Subject, callers: usize) -> Result<Logins, Box<dyn Error + Send + Sync>> {
    let mut connections = Vec::new();
    for _ in 0..callers {
        connections.push(Mutex::new(Connection::open(subject.address).await?));
    }
    let connections = Arc::new(connections);
    let counted = Arc::new((AtomicU32::new(0), AtomicU32::new(0)));
    let count = counted.clone();
    let run = hammer(callers, LASTING, move |number| {
        let (connections, count) = (connections.clone(), count.clone());
        async move {
            let who = number % u64::try_from(connections.len())?;
            let connection = connections.get(usize::try_from(who)?).ok_or("no connection")?;
            match connection.lock().await.send(&log_in_request(&Population::address(who))).await? {
                201 => count.0.fetch_add(1, Ordering::Relaxed),
                503 => count.1.fetch_add(1, Ordering::Relaxed),
                status => return Err(format!("a login was answered {status}").into()),
            };
            Ok::<_, Box<dyn Error + Send + Sync>>(())
        }
    })
    .await?;
    let (granted, refused) = (f64::from(counted.0.load(Ordering::Relaxed)), f64::from(counted.1.load(Ordering::Relaxed)));
    Ok(Logins { run, refused: refused * 100.0 / (granted + refused) })
}

pub(crate) async fn run() -> Ran {
    for kind in kinds() {
        on(kind).await?;
    }
    Ok(())
}

async fn on(kind: Kind) -> Ran {
    let subject = Subject::start_with_people(kind, PEOPLE).await?;
    let idle = subject.resident()?;
    print(&format!("login: {kind}, memory idle"), &format!("{idle:.1} MiB"), "<= 20 + hash", idle <= 20.0 + 38.0);
    let _ = logins(&subject, 8).await?;
    let at_8 = subject.resident()?;
    let (mut shares, mut spreads) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let raw = tokio::task::spawn_blocking(raw_hashes).await??;
        let Logins { run, refused } = logins(&subject, 64).await?;
        if refused > 0.0 {
            return Err(format!("{refused:.1} % of 64 logins at a time were refused").into());
        }
        note(&format!("login: {kind}, logins/s at c=64, bare hashes/s"), &format!("{:.1}, {raw:.1}", run.rate));
        shares.push(run.rate / raw * 100.0);
        spreads.push(run.percentile(0.99) / run.percentile(0.5));
    }
    let share = median(&mut shares);
    print(
        &format!("login: {kind}, logins/s at c=64 / bare hashes with reused memory"),
        &format!("{share:.1} %"),
        ">= 95 %",
        share >= 95.0,
    );
    let spread = median(&mut spreads);
    print(&format!("login: {kind}, p99 / p50 at c=64"), &format!("{spread:.2}"), "<= 1.3", spread <= 1.3);
    let at_64 = subject.resident()?;
    print(&format!("login: {kind}, memory at c=64"), &format!("{at_64:.1} MiB"), "<= 100 MiB", at_64 <= 100.0);
    print(
        &format!("login: {kind}, memory grown from c=8 to c=64"),
        &format!("{:.1} MiB", at_64 - at_8),
        "<= 2 MiB",
        at_64 - at_8 <= 2.0,
    );
    beside_logins(&subject, kind, 64, 1.0).await?;
    beside_logins(&subject, kind, 256, 5.0).await
}

/// Session checks while so many logins run.
async fn beside_logins(subject: &Subject, kind: Kind, callers: usize, goal: f64) -> Ran {
    let token = subject.log_in(&Population::address(PEOPLE - 1)).await?;
    let request = Arc::new(get("/api/v1/sessions/current", Some(&token)));
    let connection = Arc::new(Mutex::new(Connection::open(subject.address).await?));
    let checks = hammer(1, LASTING, move |_| {
        let (connection, request) = (connection.clone(), request.clone());
        async move {
            match connection.lock().await.send(&request).await? {
                200 => Ok::<_, Box<dyn Error + Send + Sync>>(()),
                status => Err(format!("a check was answered {status}").into()),
            }
        }
    });
    let (checks, load) = tokio::join!(checks, logins(subject, callers));
    let (checks, load) = (checks?, load?);
    let p99 = checks.percentile(0.99);
    let what = format!("login: {kind}, session check p99 beside {callers} logins");
    print(&what, &format!("{p99:.2} ms"), &format!("<= {goal} ms"), p99 <= goal);
    note("  checks/s, logins/s, refused", &format!("{:.0}, {:.0}, {:.0} %", checks.rate, load.run.rate, load.refused));
    Ok(())
}
