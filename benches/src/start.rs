//! From the start of the process over a migrated database to its first answer.

use std::time::Instant;

use crate::{
    Ran,
    figure::{median, print},
    http::{Connection, get},
    place::{Kind, kinds},
    subject::{Subject, launch},
};

const ROUNDS: usize = 7;

pub(crate) async fn run() -> Ran {
    for kind in kinds() {
        on(kind).await?;
    }
    Ok(())
}

async fn on(kind: Kind) -> Ran {
    let mut subject = Subject::start(kind).await?.with_operator().await?;
    subject.end().await?;
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let started = Instant::now();
        let (mut child, _lines, address) = launch(&subject.folder, &subject.place).await?;
        let status = Connection::open(address).await?.send(&get("/readyz", None)).await?;
        if status != 200 {
            return Err(format!("the server was not ready: {status}").into());
        }
        times.push(started.elapsed().as_secs_f64() * 1000.0);
        child.kill().await?;
    }
    let median = median(&mut times);
    print(&format!("start: {kind}, migrated database to first answer"), &format!("{median:.0} ms"), "<= 50 ms", median <= 50.0);
    Ok(())
}
