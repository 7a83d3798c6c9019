//! What an administrator does to keep an account safe, or to help its person back in.

use super::{AdministrationError, reach::reach};
use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, OutboxChange, SessionChange, ThrottleChange},
    model::{
        access::Administrator,
        account::Account,
        audit::{Action, Actor, AuditEvent, Subject},
        outbox::{MailKind, OutboxMessage, PasswordMail},
        throttle::Bucket,
    },
    port::{IdSource, Ports},
    value::{AccountId, Timestamp},
};

/// Requires a new password, ends sessions, and lets an address try again.
pub struct AccountSecurity {
    ports: Ports,
}

impl AccountSecurity {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Makes a new password a condition of everything else; the person is told by mail, and open sessions are led there.
    ///
    /// # Errors
    /// [`AdministrationError`]; nothing was changed.
    pub async fn require_password_change(&self, by: &Administrator, id: AccountId) -> Result<Account, AdministrationError> {
        let now = self.ports.clock.now();
        let account = reach(&self.ports, by, id).await?;
        let next = account.with_password_change_required();
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let kind = MailKind::Password(PasswordMail::ChangeRequired { account: id });
        let told = OutboxMessage::queue(ids.id()?, account.email, account.language, kind, now);
        let changes = vec![
            Change::Account(AccountChange::Revise { account: next.clone(), by: Some(by.account().id) }),
            Change::Outbox(OutboxChange::Queue(told)),
        ];
        self.commit(by, id, Action::PasswordChangeRequired, now, changes).await?;
        Ok(next)
    }

    /// Ends every session of an account.
    ///
    /// # Errors
    /// [`AdministrationError`]; nothing was changed.
    pub async fn end_sessions(&self, by: &Administrator, id: AccountId) -> Result<(), AdministrationError> {
        let now = self.ports.clock.now();
        let account = reach(&self.ports, by, id).await?;
        let next = account.with_sessions_ended();
        let changes =
            vec![Change::Session(SessionChange::EndAll(id)), Change::Account(AccountChange::Revise { account: next, by: None })];
        self.commit(by, id, Action::SessionsEnded, now, changes).await
    }

    /// Forgets the failed logins of an account's address.
    ///
    /// # Errors
    /// [`AdministrationError`]; nothing was changed.
    pub async fn unlock(&self, by: &Administrator, id: AccountId) -> Result<(), AdministrationError> {
        let now = self.ports.clock.now();
        let account = reach(&self.ports, by, id).await?;
        let changes = vec![
            Change::Throttle(ThrottleChange::Empty(Bucket::logins_of(&account.email))),
            Change::Throttle(ThrottleChange::Empty(Bucket::changes_of(id))),
            Change::Account(AccountChange::Require { id, version: account.version }),
        ];
        self.commit(by, id, Action::AccountUnlocked, now, changes).await
    }

    async fn commit(
        &self,
        by: &Administrator,
        id: AccountId,
        action: Action,
        now: Timestamp,
        mut changes: Vec<Change>,
    ) -> Result<(), AdministrationError> {
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let event = ids.event()?;
        let actor = by.account();
        changes.extend([
            Change::Account(AccountChange::Require { id: actor.id, version: actor.version }),
            Change::Audit(AuditChange::Record(AuditEvent::new(
                &event,
                now,
                action,
                Actor::Account(actor.id),
                Subject::Account(id),
            ))),
        ]);
        Ok(self.ports.store.commit(&ChangeSet::new(ids.id()?, now, changes)?).await?)
    }
}
