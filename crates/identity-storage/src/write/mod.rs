//! The one write: change sets, leases and sweeps, as each kind of database does them best.

mod apply;
mod group;
mod lease;
mod pool;
mod sweep;
mod work;

use async_trait::async_trait;
use identity_core::{
    change::{ChangeSet, CommitError, Unavailable},
    notice::Notice,
    port::{Commit, Lease, SessionReads as _, Sweep},
    value::TokenDigest,
};
use sea_orm::DatabaseConnection;

use self::work::Work;
use crate::Storage;

/// Where writes go.
#[derive(Clone)]
pub(crate) enum Writes {
    /// Through one writer.
    Grouped(group::Writer),
    /// Through a pool of connections.
    Pooled(pool::Pool),
}

impl Writes {
    pub(crate) fn grouped(connection: DatabaseConnection) -> Self {
        Self::Grouped(group::Writer::start(connection))
    }

    pub(crate) const fn pooled(connection: DatabaseConnection) -> Self {
        Self::Pooled(pool::Pool::new(connection))
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

    pub(crate) async fn lease(&self, lease: &Lease) -> Result<Vec<Notice>, Unavailable> {
        self.run_unguarded(lease).await
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
        if let Writes::Grouped(writer) = &self.writes {
            writer.check()?;
        }
        // By the way of what is asked most: where that is stuck, nobody gets in.
        self.session_by_digest(&TokenDigest::from_bytes([0; 32])).await.map(drop)
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
