//! The one write: a writer that groups waiting change sets into one durable transaction, with a savepoint for each.

use async_trait::async_trait;
use identity_core::{
    change::{Change, ChangeSet, CommitError, Unavailable},
    notice::Notice,
    port::{Commit, Lease, Sweep},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _, SqlErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait as _,
};
use tokio::sync::{mpsc, oneshot};

use crate::{
    Storage, account, audit, catalogue, company,
    convert::micros,
    entity::rows::{change_sets, links, sessions},
    error::{Failure, commit_error, is_worth_a_retry, unavailable},
    invitation, ledger, outbox, session, terms,
};

/// The most jobs in one durable transaction.
const GROUP: usize = 128;
/// How often a group is tried again after a failure that may pass.
const RETRIES: u32 = 5;

/// Work for the writer.
enum Job {
    Commit(ChangeSet, oneshot::Sender<Result<(), CommitError>>),
    Lease(Lease, oneshot::Sender<Result<Vec<Notice>, Unavailable>>),
    Sweep(Sweep, oneshot::Sender<Result<u64, Unavailable>>),
}

/// What a job came to inside the transaction; it counts once the transaction is durable.
enum Done {
    Committed(Result<(), CommitError>),
    Leased(Vec<Notice>),
    Swept(u64),
}

/// Hands jobs to the one task that writes.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    connection: DatabaseConnection,
    jobs: mpsc::Sender<Job>,
}

#[derive(Debug, thiserror::Error)]
#[error("the writer has ended")]
struct Ended;

impl Writer {
    pub(crate) fn start(connection: DatabaseConnection) -> Self {
        let (jobs, waiting) = mpsc::channel(4 * GROUP);
        tokio::spawn(work(connection.clone(), waiting));
        Self { connection, jobs }
    }

    pub(crate) const fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    pub(crate) async fn close(self) -> Result<(), Unavailable> {
        drop(self.jobs);
        self.connection.close().await.map_err(unavailable)
    }

    async fn ask<T>(&self, job: impl FnOnce(oneshot::Sender<T>) -> Job) -> Result<T, Unavailable> {
        let (answer, answered) = oneshot::channel();
        self.jobs.send(job(answer)).await.map_err(|_| Unavailable::new("storage", Ended))?;
        answered.await.map_err(|_| Unavailable::new("storage", Ended))
    }

    pub(crate) async fn lease(&self, lease: Lease) -> Result<Vec<Notice>, Unavailable> {
        self.ask(|answer| Job::Lease(lease, answer)).await?
    }
}

#[async_trait]
impl Commit for Storage {
    async fn commit(&self, set: &ChangeSet) -> Result<(), CommitError> {
        self.writer.ask(|answer| Job::Commit(set.clone(), answer)).await?
    }

    async fn ping(&self) -> Result<(), Unavailable> {
        if self.writer.jobs.is_closed() {
            return Err(Unavailable::new("storage", Ended));
        }
        self.ping_reads().await
    }

    async fn sweep(&self, sweep: &Sweep) -> Result<u64, Unavailable> {
        self.writer.ask(|answer| Job::Sweep(*sweep, answer)).await?
    }
}

/// Takes whatever waits, makes it durable together, and answers each by itself.
async fn work(connection: DatabaseConnection, mut waiting: mpsc::Receiver<Job>) {
    let mut jobs = Vec::with_capacity(GROUP);
    while waiting.recv_many(&mut jobs, GROUP).await > 0 {
        let mut outcome = group(&connection, &jobs).await;
        for _ in 0..RETRIES {
            match &outcome {
                Err(error) if is_worth_a_retry(error) => outcome = group(&connection, &jobs).await,
                _ => break,
            }
        }
        match outcome {
            Ok(done) => jobs.drain(..).zip(done).for_each(|(job, done)| answer(job, done)),
            Err(error) => {
                tracing::error!(jobs = jobs.len(), error = %error, "a group of writes failed: each is tried by itself");
                for job in jobs.drain(..) {
                    alone(&connection, job).await;
                }
            }
        }
    }
}

/// One job in a transaction of its own: a failure of its making is not its neighbours'.
async fn alone(connection: &DatabaseConnection, job: Job) {
    match group(connection, std::slice::from_ref(&job)).await.map(|mut done| done.pop()) {
        Ok(Some(done)) => answer(job, done),
        Ok(None) => tracing::error!("a job came to nothing"),
        Err(error) => refuse(job, &error),
    }
}

// Whoever asked may have gone away; what was written stays written.
fn answer(job: Job, done: Done) {
    match (job, done) {
        (Job::Commit(_, to), Done::Committed(result)) => drop(to.send(result)),
        (Job::Lease(_, to), Done::Leased(notices)) => drop(to.send(Ok(notices))),
        (Job::Sweep(_, to), Done::Swept(rows)) => drop(to.send(Ok(rows))),
        _ => tracing::error!("a job was answered with another job's outcome"),
    }
}

fn refuse(job: Job, error: &DbErr) {
    let error = DbErr::Custom(error.to_string());
    match job {
        Job::Commit(_, to) => drop(to.send(Err(commit_error(error)))),
        Job::Lease(_, to) => drop(to.send(Err(unavailable(error)))),
        Job::Sweep(_, to) => drop(to.send(Err(unavailable(error)))),
    }
}

const IMMEDIATE: TransactionOptions = TransactionOptions {
    isolation_level: None,
    access_mode: None,
    sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
};

/// One durable transaction. An error loses the whole group: nothing of it was made durable, and nobody was answered.
async fn group(connection: &DatabaseConnection, jobs: &[Job]) -> Result<Vec<Done>, DbErr> {
    let transaction = connection.begin_with_options(IMMEDIATE).await?;
    let mut done = Vec::with_capacity(jobs.len());
    for job in jobs {
        done.push(match job {
            Job::Commit(set, _) => Done::Committed(by_itself(&transaction, set).await?),
            Job::Lease(lease, _) => Done::Leased(outbox::claim(&transaction, lease).await?),
            Job::Sweep(sweep, _) => Done::Swept(sweep_all(&transaction, sweep).await?),
        });
    }
    transaction.commit().await?;
    Ok(done)
}

/// Applies one set inside a savepoint of its own: its rejection takes back what it wrote, and nothing of its neighbours.
async fn by_itself(transaction: &DatabaseTransaction, set: &ChangeSet) -> Result<Result<(), CommitError>, DbErr> {
    let savepoint = transaction.begin().await?;
    match apply(&savepoint, set).await {
        Ok(()) => {
            savepoint.commit().await?;
            Ok(Ok(()))
        }
        Err(Failure::Rejected(rejection)) => {
            savepoint.rollback().await?;
            Ok(Err(CommitError::Rejected(rejection)))
        }
        Err(Failure::Database(error)) => Err(error),
    }
}

async fn apply(savepoint: &DatabaseTransaction, set: &ChangeSet) -> Result<(), Failure> {
    let applied = change_sets::ActiveModel { id: Set(*set.id().as_uuid()), committed_at: Set(micros(set.at())) };
    match change_sets::Entity::insert(applied).exec_without_returning(savepoint).await {
        Ok(_) => {}
        // Applied before: it answers what it answered then.
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => return Ok(()),
        Err(error) => return Err(error.into()),
    }
    for change in set.changes() {
        apply_one(savepoint, change, set).await?;
    }
    Ok(())
}

async fn apply_one(savepoint: &DatabaseTransaction, change: &Change, set: &ChangeSet) -> Result<(), Failure> {
    match change {
        Change::OpenCompany(company) => company::open(savepoint, company).await,
        Change::ReviseCompany(company) => company::revise(savepoint, company).await,
        Change::DefineRole(role) => catalogue::define(savepoint, role.into()).await,
        Change::ReviseRole(role) => catalogue::revise(savepoint, role.into()).await,
        Change::DefineSubscription(subscription) => catalogue::define(savepoint, subscription.into()).await,
        Change::ReviseSubscription(subscription) => catalogue::revise(savepoint, subscription.into()).await,
        Change::PublishTerms(version) => terms::publish(savepoint, version).await,
        Change::AcceptTerms(acceptance) => terms::accept(savepoint, acceptance).await,
        Change::RequireAccount { id, version } => account::require(savepoint, *id, *version).await,
        Change::OpenAccount { account, password, granted_by } => account::open(savepoint, account, password, *granted_by).await,
        Change::ReviseAccount { account, by } => account::revise(savepoint, account, *by, set.at()).await,
        Change::Rehash { id, from, to } => account::rehash(savepoint, *id, from, to).await,
        Change::IssueInvitation(invitation) => invitation::issue(savepoint, invitation).await,
        Change::AdvanceInvitation(invitation) => invitation::advance(savepoint, invitation).await,
        Change::NoteOpening { id, at } => invitation::note_opening(savepoint, *id, *at).await,
        Change::IssueToken(token) => ledger::issue(savepoint, token).await,
        Change::SpendToken { id, at } => ledger::spend(savepoint, *id, *at).await,
        Change::ExtendToken { id, expires_at } => ledger::extend(savepoint, *id, *expires_at).await,
        Change::StartSession(session) => session::start(savepoint, session).await,
        Change::TouchSession { id, at } => session::touch(savepoint, *id, *at).await,
        Change::EndSession(id) => session::end(savepoint, *id).await,
        Change::EndSessions(account) => session::end_all(savepoint, *account).await,
        Change::QueueNotice(notice) => outbox::queue(savepoint, notice).await,
        Change::SettleNotice { id, ticket, at, outcome } => outbox::settle(savepoint, *id, *ticket, *at, outcome).await,
        Change::Record(event) => audit::record(savepoint, event).await,
    }
}

async fn sweep_all(transaction: &DatabaseTransaction, sweep: &Sweep) -> Result<u64, DbErr> {
    let over = sessions::Column::ExpiresAt.lt(micros(sweep.sessions_before));
    let mut rows = sessions::Entity::delete_many().filter(over).exec(transaction).await?.rows_affected;
    let over = links::Column::ExpiresAt.lt(micros(sweep.links_before));
    rows += links::Entity::delete_many().filter(over).exec(transaction).await?.rows_affected;
    let over = change_sets::Column::CommittedAt.lt(micros(sweep.change_sets_before));
    rows += change_sets::Entity::delete_many().filter(over).exec(transaction).await?.rows_affected;
    Ok(rows)
}
