//! The one write: change sets, leases and sweeps, as each kind of database does them best.

mod apply;
mod group;
mod lease;
mod pool;
mod probe;
mod sweep;
mod work;

use std::time::Duration;

use async_trait::async_trait;
use identity_core::{
    change::{ChangeSet, CommitError, Unavailable},
    model::outbox::OutboxMessage,
    port::{Commit, Lease, SessionReads as _, Sweep},
    value::TokenDigest,
};
use sea_orm::DatabaseConnection;
use tokio::time::timeout;

use self::work::Work;
pub(crate) use self::{lease::Renewal, probe::Probe};
use crate::{Storage, connections::Connections, open::OpenedFile};

/// How long each half of a ping may take.
const LONGEST_PING: Duration = Duration::from_secs(5);

/// Where writes go.
#[derive(Clone)]
pub(crate) enum Writes {
    /// Through one writer.
    Grouped(group::Writer),
    /// Through a pool of connections.
    Pooled(pool::Pool),
}

impl Writes {
    pub(crate) fn grouped(connection: DatabaseConnection, file: OpenedFile) -> Self {
        Self::Grouped(group::Writer::start(connection, file))
    }

    pub(crate) const fn pooled(connections: Connections) -> Self {
        Self::Pooled(pool::Pool::new(connections))
    }

    async fn run<W: Work>(&self, work: &W) -> Result<W::Done, CommitError> {
        match self {
            Self::Grouped(writer) => writer.run(work).await,
            Self::Pooled(pool) => pool.run(work).await,
        }
    }

    /// As [`run`](Self::run), of work that has no guard.
    async fn run_unguarded<W: Work>(&self, work: &W) -> Result<W::Done, Unavailable> {
        self.run(work).await.map_err(|error| match error {
            CommitError::Unavailable(error) => error,
            CommitError::Rejected(rejection) => Unavailable::new("storage", rejection),
        })
    }

    pub(crate) async fn lease(&self, lease: &Lease) -> Result<Vec<OutboxMessage>, Unavailable> {
        self.run_unguarded(lease).await
    }

    pub(crate) async fn renew(&self, renewal: Renewal) -> Result<u64, Unavailable> {
        self.run_unguarded(&renewal).await
    }

    pub(crate) async fn close(self) -> Result<(), Unavailable> {
        match self {
            Self::Grouped(writer) => writer.close().await,
            Self::Pooled(pool) => pool.close().await,
        }
    }
}

#[async_trait]
impl Commit for Storage {
    async fn commit(&self, set: &ChangeSet) -> Result<(), CommitError> {
        self.writes.run(set).await
    }

    async fn ping(&self) -> Result<(), Unavailable> {
        // By the way of what is asked most: where that is stuck, nobody gets in.
        let nobody = TokenDigest::from_bytes([0; 32]);
        let read = self.session_by_digest(&nobody);
        timeout(LONGEST_PING, read).await.unwrap_or_else(|silence| Err(Unavailable::new("storage", silence)))?;
        self.probe.ask(&self.writes).await
    }

    async fn sweep(&self, sweep: &Sweep) -> Result<u64, Unavailable> {
        let mut rows = 0;
        loop {
            let swept = self.writes.run_unguarded(sweep).await?;
            rows += swept.rows;
            if swept.is_all {
                return Ok(rows);
            }
        }
    }
}
