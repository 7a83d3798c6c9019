//! Session checks: on SQLite beside a bare route of the same process, on servers beside one read by a pool like the server's.

use std::{error::Error, sync::Arc, time::Duration};

use identity_storage::PoolLimits;
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DbBackend, Statement};
use tokio::sync::Mutex;

use crate::{
    Ran,
    figure::{Run, hammer, median, note, print},
    http::{Connection, get},
    place::{Kind, kinds},
    subject::{EMAIL, Subject},
};

const CALLERS: usize = 64;
const LASTING: Duration = Duration::from_secs(3);
const ROUNDS: usize = 3;

async fn requests(subject: &Subject, request: Vec<u8>) -> Result<Run, Box<dyn Error + Send + Sync>> {
    let mut connections = Vec::new();
    for _ in 0..CALLERS {
        connections.push(Mutex::new(Connection::open(subject.address).await?));
    }
    let (connections, request) = (Arc::new(connections), Arc::new(request));
    hammer(CALLERS, LASTING, move |number| {
        let (connections, request) = (connections.clone(), request.clone());
        async move {
            let at = usize::try_from(number).unwrap_or(0) % connections.len();
            match connections.get(at).ok_or("no connection")?.lock().await.send(&request).await? {
                200 => Ok(()),
                status => Err(format!("answered {status}").into()),
            }
        }
    })
    .await
}

pub(crate) async fn run() -> Ran {
    for kind in kinds() {
        match kind {
            Kind::Sqlite => beside_a_bare_route().await?,
            Kind::Postgres | Kind::MariaDb => beside_a_bare_read(kind).await?,
        }
    }
    Ok(())
}

async fn beside_a_bare_route() -> Ran {
    let subject = Subject::start(Kind::Sqlite).await?.with_operator().await?;
    let token = subject.log_in(EMAIL).await?;
    let mut shares = Vec::new();
    for _ in 0..ROUNDS {
        let bare = requests(&subject, get("/healthz", None)).await?;
        let checks = requests(&subject, get("/api/v1/sessions/current", Some(&token))).await?;
        note("session: SQLite, checks/s, bare route/s at c=64", &format!("{:.0}, {:.0}", checks.rate, bare.rate));
        shares.push(checks.rate / bare.rate * 100.0);
    }
    let share = median(&mut shares);
    print("session: SQLite, checks / bare route of the same process", &format!("{share:.0} %"), ">= 55 %", share >= 55.0);
    Ok(())
}

/// Beside one prepared read of a session's row, by as many callers through a pool like the server's.
async fn beside_a_bare_read(kind: Kind) -> Ran {
    let subject = Subject::start(kind).await?.with_operator().await?;
    let token = subject.log_in(EMAIL).await?;
    let mut options = ConnectOptions::new(&subject.place.url);
    options.max_connections(PoolLimits::default().max_connections).sqlx_logging(false).test_before_acquire(false);
    options.max_lifetime(None::<Duration>).idle_timeout(None::<Duration>);
    let pool = Arc::new(Database::connect(options).await?);
    let backend = pool.get_database_backend();
    let read = if backend == DbBackend::Postgres {
        "SELECT * FROM sessions WHERE digest = $1"
    } else {
        "SELECT * FROM sessions WHERE digest = ?"
    };
    let digest = pool.query_one_raw(Statement::from_string(backend, "SELECT digest FROM sessions")).await?.ok_or("no session")?;
    let digest = digest.try_get_by_index::<Vec<u8>>(0)?;
    let mut shares = Vec::new();
    for _ in 0..ROUNDS {
        let (pool, digest) = (pool.clone(), digest.clone());
        let reads = hammer(CALLERS, LASTING, move |_| {
            let (pool, digest) = (pool.clone(), digest.clone());
            async move {
                let found = pool.query_one_raw(Statement::from_sql_and_values(backend, read, [digest.into()])).await?;
                found.map(drop).ok_or_else(|| Box::<dyn Error + Send + Sync>::from("the session is gone"))
            }
        })
        .await?;
        let checks = requests(&subject, get("/api/v1/sessions/current", Some(&token))).await?;
        note(&format!("session: {kind}, checks/s, prepared reads/s at c=64"), &format!("{:.0}, {:.0}", checks.rate, reads.rate));
        shares.push(checks.rate / reads.rate * 100.0);
    }
    let share = median(&mut shares);
    print(&format!("session: {kind}, checks / prepared reads of a like pool"), &format!("{share:.0} %"), ">= 60 %", share >= 60.0);
    Ok(())
}
