//! Letting people in who wait for approval, or not.

use super::open::{NewAccountIds, opened};
use crate::{
    change::{
        AccountChange, AuditChange, Change, ChangeSet, CommitError, OutboxChange, RegistrationChange, Rejection, Unavailable,
    },
    flow::Fault,
    model::{
        access::Operator,
        account::Account,
        audit::{Action, Actor, AuditEvent, Subject},
        outbox::{MailKind, OutboxMessage, RegistrationMail},
        registration::{Over, Registration},
    },
    port::{IdSource, Page, Ports, RegistrationQuery},
    value::RegistrationId,
};

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum DecisionError {
    /// There is no such registration, or the person has waited too long to be let in.
    #[error("there is no such registration")]
    NotFound,
    /// It does not wait for approval.
    #[error(transparent)]
    Over(#[from] Over),
    /// The address has an account by now.
    #[error("this address has an account already")]
    AddressTaken,
    /// It was decided, or the operator's own account changed, in the meantime.
    #[error("this has just been changed by somebody else: look again")]
    Conflict,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(DecisionError);

/// Shows who waits for approval, and decides.
pub struct DecideRegistration {
    ports: Ports,
}

impl DecideRegistration {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// A part of the list.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn list(&self, _: &Operator, query: &RegistrationQuery) -> Result<Page<Registration, RegistrationId>, Unavailable> {
        self.ports.store.registrations(query).await
    }

    /// One of them.
    ///
    /// # Errors
    /// [`DecisionError::NotFound`], [`DecisionError::Fault`]
    pub async fn find(&self, _: &Operator, id: RegistrationId) -> Result<Registration, DecisionError> {
        self.ports.store.registration(id).await?.ok_or(DecisionError::NotFound)
    }

    /// Lets the person in, who is told by mail.
    ///
    /// # Errors
    /// [`DecisionError`]; nothing was changed.
    pub async fn approve(&self, by: &Operator, id: RegistrationId) -> Result<Account, DecisionError> {
        let now = self.ports.clock.now();
        let registration = self.find(by, id).await?;
        let application = registration.application.clone().ok_or(Over(registration.state))?;
        // What has lapsed counts as gone, though it is swept only later.
        if now >= registration.expires_at {
            return Err(DecisionError::NotFound);
        }
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let fresh = NewAccountIds::generate(&ids)?;
        let (account, mut changes) = opened(&registration, &application, Some(by.account().id), now, &fresh);
        // Of the account, so that its person is told, and not the person who let it in.
        let (actor, subject) = (Actor::Account(by.account().id), Subject::Account(account.id));
        let created = AuditEvent::new(&fresh.created, now, Action::UserCreated, actor, subject);
        changes.push(Change::Audit(AuditChange::Record(created.concerning(&fresh.created, &account.email))));
        changes.push(Change::Registration(RegistrationChange::Advance(registration.approved(account.id)?)));
        self.decided(
            by,
            &registration,
            (Action::RegistrationApproved, MailKind::Registration(RegistrationMail::Approved { registration: id })),
            changes,
        )
        .await?;
        Ok(account)
    }

    /// Does not let the person in, who is told by mail.
    ///
    /// # Errors
    /// [`DecisionError`]; nothing was changed.
    pub async fn reject(&self, by: &Operator, id: RegistrationId) -> Result<Registration, DecisionError> {
        let registration = self.find(by, id).await?;
        let next = registration.rejected()?;
        let changes = vec![Change::Registration(RegistrationChange::Advance(next.clone()))];
        self.decided(
            by,
            &registration,
            (Action::RegistrationRejected, MailKind::Registration(RegistrationMail::Rejected { registration: id })),
            changes,
        )
        .await?;
        Ok(next)
    }

    async fn decided(
        &self,
        by: &Operator,
        registration: &Registration,
        (action, kind): (Action, MailKind),
        mut changes: Vec<Change>,
    ) -> Result<(), DecisionError> {
        let now = self.ports.clock.now();
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let event = ids.event()?;
        let actor = by.account();
        let recorded = AuditEvent::new(&event, now, action, Actor::Account(actor.id), Subject::Registration(registration.id))
            .concerning(&event, &registration.email);
        let told = OutboxMessage::queue(ids.id()?, registration.email.clone(), registration.language.clone(), kind, now);
        changes.extend([
            Change::Account(AccountChange::Require { id: actor.id, version: actor.version }),
            Change::Audit(AuditChange::Record(recorded)),
            Change::Outbox(OutboxChange::Queue(told)),
        ]);
        match self.ports.store.commit(&ChangeSet::new(ids.id()?, now, changes)?).await {
            Ok(()) => Ok(()),
            Err(CommitError::Rejected(Rejection::AddressTaken)) => Err(DecisionError::AddressTaken),
            Err(CommitError::Rejected(_)) => Err(DecisionError::Conflict),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }
}
