//! Asking for another address. The new one is not looked up: the worker decides what mail follows.

use std::{ops::ControlFlow, sync::Arc};

use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, CommitError, EmailChangeChange, OutboxChange},
    flow::{
        Fault,
        retry::retry_from,
        session::attempt,
        throttle::{RateLimitedAction, RateLimits},
    },
    model::{
        Settings,
        audit::{Action, Actor, AuditEvent, Subject},
        email_change::{EmailChange, EmailChangeState},
        outbox::{EmailChangeMail, MailKind, OutboxMessage},
        password::Candidate,
        session::{Client, CurrentUser},
    },
    port::{AccountWithPassword, IdSource, PasswordVerification, Ports},
    value::{EmailAddress, Timestamp},
};

/// What a signed-in person submits.
#[derive(Debug)]
pub struct EmailChangeCommand {
    /// The new address.
    pub email: EmailAddress,
    /// The password in force.
    pub current: Candidate,
    /// Where the request came from.
    pub client: Client,
}

/// Why no change was asked for.
#[derive(Debug, thiserror::Error)]
pub enum EmailChangeError {
    /// The account has that address.
    #[error("this is your address already")]
    Same,
    /// The current password is not right.
    #[error("the current password is not right")]
    WrongPassword,
    /// The account changed in the meantime.
    #[error("the account has just been changed: sign in again")]
    Conflict,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(EmailChangeError);

/// Asks for another address, by the person who is signed in and knows the password. The work is the same for a free address and a taken
/// one. A change that waits is superseded.
pub struct RequestEmailChange {
    ports: Ports,
    settings: Arc<Settings>,
}

impl RequestEmailChange {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Asks; the address stays until the new one is confirmed.
    ///
    /// # Errors
    /// [`EmailChangeError`]; nothing was changed.
    pub async fn run(&self, user: &CurrentUser, command: EmailChangeCommand) -> Result<(), EmailChangeError> {
        let now = self.ports.clock.now();
        let id = user.account.id;
        let owner = self.owner(user).await?;
        if owner.account.email.canonical() == command.email.canonical() {
            return Err(EmailChangeError::Same);
        }
        RateLimits::of(RateLimitedAction::EmailChange(id), &command.client, &self.settings.throttle)
            .consume(&self.ports, now)
            .await?;
        let attempt = attempt::reserve_for_session(&self.ports, &self.settings, user, now).await?;
        let verified = owner.password.hash.clone();
        if self.ports.hasher.verify(&command.current, Some(&verified)).await? == PasswordVerification::Differs {
            return Err(EmailChangeError::WrongPassword);
        }
        let (command, attempt, verified) = (&command, &attempt, &verified);
        retry_from(owner, EmailChangeError::Conflict, |owner| async move {
            let pending = self.ports.store.pending_email_change(id).await?;
            let mut changes = attempt.succeeded(now);
            changes.extend(self.decide(&owner, pending, user, command, now)?);
            let set = IdSource::new(now, self.ports.entropy.as_ref()).id()?;
            match self.ports.store.commit(&ChangeSet::new(set, now, changes)?).await {
                Ok(()) => Ok(ControlFlow::Break(())),
                // Another request of this moment, or the account changed: what is there now decides.
                Err(CommitError::Rejected(_)) => {
                    let owner = self.owner(user).await?;
                    let is_same = owner.password.hash == *verified;
                    if is_same { Ok(ControlFlow::Continue(owner)) } else { Err(EmailChangeError::Conflict) }
                }
                Err(CommitError::Unavailable(error)) => Err(error.into()),
            }
        })
        .await
    }

    async fn owner(&self, user: &CurrentUser) -> Result<AccountWithPassword, EmailChangeError> {
        let owner = self.ports.store.credential(user.account.id).await?;
        owner.filter(|owner| owner.account.is_active()).ok_or(EmailChangeError::Conflict)
    }

    fn decide(
        &self,
        owner: &AccountWithPassword,
        pending: Option<EmailChange>,
        user: &CurrentUser,
        command: &EmailChangeCommand,
        now: Timestamp,
    ) -> Result<Vec<Change>, EmailChangeError> {
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let account = &owner.account;
        let settings = &self.settings.email_change;
        let change = EmailChange {
            id: ids.id()?,
            account: account.id,
            from: account.email.clone(),
            to: command.email.clone(),
            state: EmailChangeState::Pending,
            generation: account.recovery.generation,
            session: user.session.id,
            requested_at: now,
            expires_at: settings.lifetime.from(now),
            undo_until: settings.undo_lifetime.from(now),
            version: 1,
        };
        let message = |to: &EmailAddress, kind| -> Result<_, EmailChangeError> {
            Ok(Change::Outbox(OutboxChange::Queue(OutboxMessage::queue(
                ids.id()?,
                to.clone(),
                account.language.clone(),
                kind,
                now,
            ))))
        };
        let event = ids.event()?;
        let recorded =
            AuditEvent::new(&event, now, Action::EmailChangeRequested, Actor::Account(account.id), Subject::Account(account.id))
                .concerning(&event, &change.to)
                .from_client(&event, &command.client);
        let superseded =
            pending.map(|pending| Change::EmailChange(EmailChangeChange::Advance(pending.advanced(EmailChangeState::Superseded))));
        let confirm = message(&change.to, MailKind::EmailChange(EmailChangeMail::Confirmation { change: change.id }))?;
        let announce = message(&change.from, MailKind::EmailChange(EmailChangeMail::Announced { change: change.id }))?;
        let required = Change::Account(AccountChange::Require { id: account.id, version: account.version });
        let opened = Change::EmailChange(EmailChangeChange::Open(change));
        Ok([required, opened, confirm, announce, Change::Audit(AuditChange::Record(recorded))]
            .into_iter()
            .chain(superseded)
            .collect())
    }
}
