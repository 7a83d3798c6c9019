//! Asking for the deletion of one's own account, and taking that back.

use std::sync::Arc;

use super::operator::operator_beside;
use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, CommitError, OutboxChange, SessionChange, Unavailable},
    flow::{
        Fault,
        retry::{retry, taken},
    },
    model::{
        Settings,
        account::{Account, Deletion},
        audit::{Action, Actor, AuditEvent, Subject},
        outbox::{AccountMail, MailKind, OutboxMessage},
        session::{Client, CurrentUser},
    },
    port::{EntropyError, IdSource, Ports},
    value::{EmailAddress, Timestamp},
};

/// Why no deletion was asked for.
#[derive(Debug, thiserror::Error)]
pub enum DeleteAccountError {
    /// The password has to be said again before.
    #[error("say your password again first")]
    NotProved,
    /// Accounts are not deleted by their persons here.
    #[error("accounts are not deleted here: ask the people who run this installation")]
    NotOffered,
    /// The installation would be left without an operator.
    #[error("you are the only operator: make somebody else one first")]
    LastOperator,
    /// The account changed in the meantime.
    #[error("the account has just been changed: try again")]
    Conflict,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(DeleteAccountError);

/// Why no deletion was taken back.
#[derive(Debug, thiserror::Error)]
pub enum UndoDeletionError {
    /// The account changed in the meantime, or is gone.
    #[error("the account has just been changed: try again")]
    Conflict,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(UndoDeletionError);

/// Asks for the deletion of one's own account, and takes that back until the account is erased. Asking needs the password of a moment
/// ago; taking it back needs only that one is signed in.
pub struct DeleteAccount {
    ports: Ports,
    settings: Arc<Settings>,
}

impl DeleteAccount {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Asks: every other session ends, and a mail says until when it can be undone. Asking again moves nothing.
    ///
    /// # Errors
    /// [`DeleteAccountError`]; nothing was changed.
    pub async fn request(&self, user: &CurrentUser, client: &Client) -> Result<Deletion, DeleteAccountError> {
        let now = self.ports.clock.now();
        if !self.settings.deletion.enabled {
            return Err(DeleteAccountError::NotOffered);
        }
        if !user.session.is_proved(&self.settings.session_limits, now) {
            return Err(DeleteAccountError::NotProved);
        }
        retry(DeleteAccountError::Conflict, || async {
            let found = self.ports.store.account(user.account.id).await?;
            let account = found.filter(Account::is_active).ok_or(DeleteAccountError::Conflict)?;
            if let Some(deletion) = account.deletion {
                return Ok(Some(deletion));
            }
            let deletion = Deletion::request(now, &self.settings.deletion);
            let next = account.with_deletion(Some(deletion));
            let keep = user.session.id;
            let mut changes =
                vec![Change::Session(SessionChange::EndOthers { account: account.id, keep, epoch: next.session_epoch })];
            if account.is_operator() {
                // Two operators who leave at once: the person who stays is still there and stays.
                let other = operator_beside(&self.ports, &account).await?.ok_or(DeleteAccountError::LastOperator)?;
                changes.push(Change::Account(AccountChange::Require { id: other.id, version: other.version }));
            }
            changes.extend(self.revised(&account, Some(deletion), client, now)?);
            taken(self.commit(changes, now).await, deletion)
        })
        .await
    }

    /// Takes it back; that none was asked for is no error.
    ///
    /// # Errors
    /// [`UndoDeletionError`]; nothing was changed.
    pub async fn undo(&self, user: &CurrentUser, client: &Client) -> Result<(), UndoDeletionError> {
        let now = self.ports.clock.now();
        retry(UndoDeletionError::Conflict, || async {
            let found = self.ports.store.account(user.account.id).await?;
            let account = found.filter(Account::is_active).ok_or(UndoDeletionError::Conflict)?;
            if account.deletion.is_none() {
                return Ok(Some(()));
            }
            taken(self.commit(self.revised(&account, None, client, now)?, now).await, ())
        })
        .await
    }

    /// The account with that deletion or none, what is mailed of it, and what is recorded.
    fn revised(
        &self,
        account: &Account,
        deletion: Option<Deletion>,
        client: &Client,
        now: Timestamp,
    ) -> Result<[Change; 3], Unavailable> {
        let id = account.id;
        let about = match deletion {
            Some(_) => (MailKind::Account(AccountMail::DeletionRequested { account: id }), Action::DeletionRequested),
            None => (MailKind::Account(AccountMail::DeletionUndone { account: id }), Action::DeletionUndone),
        };
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let [told, recorded] = told(account, &account.email, about, (Actor::Account(id), client), &ids)?;
        Ok([Change::Account(AccountChange::Revise { account: account.with_deletion(deletion), by: None }), told, recorded])
    }

    async fn commit(&self, changes: impl IntoIterator<Item = Change>, now: Timestamp) -> Result<(), CommitError> {
        let id = IdSource::new(now, self.ports.entropy.as_ref()).id().map_err(Unavailable::from)?;
        self.ports.store.commit(&ChangeSet::new(id, now, changes.into_iter().collect())?).await
    }
}

/// What is mailed to an address, and recorded, where a change of the address is undone, and the deletion of the account with it.
pub(crate) fn deletion_undone(
    account: &Account,
    to: &EmailAddress,
    client: &Client,
    ids: &IdSource<'_>,
) -> Result<[Change; 2], EntropyError> {
    let about = (MailKind::Account(AccountMail::DeletionUndoneWithAddress { account: account.id }), Action::DeletionUndone);
    told(account, to, about, (Actor::Anonymous, client), ids)
}

fn told(
    account: &Account,
    to: &EmailAddress,
    (kind, action): (MailKind, Action),
    (by, client): (Actor, &Client),
    ids: &IdSource<'_>,
) -> Result<[Change; 2], EntropyError> {
    let (event, now) = (ids.event()?, ids.now());
    let recorded = AuditEvent::new(&event, now, action, by, Subject::Account(account.id)).from_client(&event, client);
    let told = OutboxMessage::queue(ids.id()?, to.clone(), account.language.clone(), kind, now);
    Ok([Change::Outbox(OutboxChange::Queue(told)), Change::Audit(AuditChange::Record(recorded))])
}
