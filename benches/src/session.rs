//! Session checks, beside a bare route of the same process.

use std::{error::Error, sync::Arc, time::Duration};

use tokio::sync::Mutex;

use crate::{
    Outcome,
    figure::{Run, hammer, median, note, print},
    http::{Connection, get},
    subject::Subject,
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

pub(crate) async fn run() -> Outcome {
    let subject = Subject::start().await?.with_operator().await?;
    let token = subject.log_in().await?;
    let mut shares = Vec::new();
    for _ in 0..ROUNDS {
        let bare = requests(&subject, get("/healthz", None)).await?;
        let checks = requests(&subject, get("/api/v1/sessions/current", Some(&token))).await?;
        note("session: checks/s, bare route/s at c=64", &format!("{:.0}, {:.0}", checks.rate, bare.rate));
        shares.push(checks.rate / bare.rate * 100.0);
    }
    let share = median(&mut shares);
    print("session: checks / bare route of the same process, SQLite", &format!("{share:.0} %"), ">= 55 %", share >= 55.0);
    Ok(())
}
