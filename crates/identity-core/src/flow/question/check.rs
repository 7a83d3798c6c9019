//! Checking an answer, as a step beside another proof. The attempt is counted before it is verified.

use crate::{
    change::{AuditChange, Change, ChangeSet, QuestionChange, Unavailable},
    flow::{Fault, session::attempt},
    model::{
        Settings,
        account::Account,
        audit::{Action, Actor, AuditEvent, Subject},
        question::{SecretAnswer, SecurityAnswer},
        session::Client,
    },
    port::{IdSource, PasswordVerification, Ports, WorkError},
    value::Timestamp,
};

/// An answer that was right.
pub(crate) struct Checked {
    kept: SecurityAnswer,
    attempt: attempt::Attempt,
}

impl Checked {
    /// Whether this is the answer that was checked.
    pub(crate) fn is_of(&self, asked: &SecurityAnswer) -> bool {
        self.kept.question == asked.question && self.kept.hash == asked.hash
    }

    /// What its use leaves behind: the next time, another question is asked.
    pub(crate) fn given(&self, now: Timestamp) -> Change {
        let SecurityAnswer { account, question, hash, .. } = self.kept.clone();
        Change::Question(QuestionChange::NoteAnswer { account, question, from: hash, at: now })
    }

    /// What makes the attempt a success.
    pub(crate) fn succeeded(&self, now: Timestamp) -> Vec<Change> {
        self.attempt.succeeded(now)
    }
}

/// Why an answer does not count.
pub(crate) enum NotChecked {
    /// It is not the one that is kept. The failure is recorded.
    Wrong,
    /// Too many were tried, or nothing can be counted.
    Fault(Fault),
    /// It was not compared.
    Work(WorkError),
}

impl From<Fault> for NotChecked {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<WorkError> for NotChecked {
    fn from(error: WorkError) -> Self {
        Self::Work(error)
    }
}

impl From<Unavailable> for NotChecked {
    fn from(error: Unavailable) -> Self {
        Self::Work(error.into())
    }
}

/// Compares an answer to what is kept. Wrong ones count with the wrong passwords of the account and of its address.
pub(crate) async fn check(
    ports: &Ports,
    settings: &Settings,
    (account, asked): (&Account, &SecurityAnswer),
    answer: &SecretAnswer,
    (by, client): (Actor, &Client),
    now: Timestamp,
) -> Result<Checked, NotChecked> {
    let attempt = attempt::reserve_for_answer(ports, settings, account, now).await?;
    let verified = match answer.folded() {
        Some(folded) => ports.hasher.verify(folded, Some(&asked.hash)).await?,
        None => PasswordVerification::Differs,
    };
    if verified != PasswordVerification::Differs {
        return Ok(Checked { kept: asked.clone(), attempt });
    }
    let ids = IdSource::new(now, ports.entropy.as_ref());
    let event = ids.event().map_err(Unavailable::from)?;
    let recorded = AuditEvent::new(&event, now, Action::SecurityAnswerFailed, by, Subject::Account(account.id));
    let recorded = recorded.concerning(&event, &account.email).from_client(&event, client);
    let set = ChangeSet::new(ids.id().map_err(Unavailable::from)?, now, vec![Change::Audit(AuditChange::Record(recorded))]);
    let set = set.map_err(Unavailable::from)?;
    ports.store.commit(&set).await.map_err(|error| Unavailable::new("security answers", error))?;
    Err(NotChecked::Wrong)
}
