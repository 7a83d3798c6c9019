//! Undoing a change at the old address.

use std::sync::Arc;

use super::link::{self, EmailChangeLinkError, ResolvedEmailChangeLink};
use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, CommitError, EmailChangeChange, LinkChange, Rejection},
    flow::{
        privacy::deletion_undone,
        question::doubtful_forgotten,
        recovery::{access_ended, administrators_told},
        retry::{retry, taken},
        throttle::{RateLimitedAction, RateLimits},
    },
    model::{
        Settings,
        audit::{Action, Actor, AuditEvent, Subject},
        link::LinkPurpose,
        outbox::{EmailChangeMail, MailKind, PasswordMail},
        session::Client,
    },
    port::{IdSource, Ports},
    value::{AccountId, EmailAddress, Language, Timestamp, TokenSecret},
};

/// What a link undoes.
#[derive(Clone, Debug)]
pub struct UndoPreview {
    /// The account whose address changed.
    pub account: AccountId,
    /// The address that the account is to have again.
    pub from: EmailAddress,
    /// The account's language.
    pub language: Language,
}

/// Gives an account the address back that it had before a change was asked for. A person who asked knew the password: it lets nobody in
/// any more, every session ends, a link to a new one is mailed to that address, and administrators are told. What was asked for
/// afterwards is undone with it, or an attacker would undo the undoing: later changes, and the deletion of the account, whose mail went
/// to an address that the attacker reads.
pub struct UndoEmailChange {
    ports: Ports,
    settings: Arc<Settings>,
}

impl UndoEmailChange {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// What a link undoes, without a trace.
    ///
    /// # Errors
    /// [`EmailChangeLinkError`]
    pub async fn preview(&self, secret: &TokenSecret) -> Result<UndoPreview, EmailChangeLinkError> {
        let ResolvedEmailChangeLink { change, owner, .. } = self.live(secret, self.ports.clock.now()).await?;
        Ok(UndoPreview { account: owner.account.id, from: change.from, language: owner.account.language })
    }

    /// Undoes.
    ///
    /// # Errors
    /// [`EmailChangeLinkError`]; nothing was changed.
    pub async fn run(&self, secret: &TokenSecret, client: &Client) -> Result<(), EmailChangeLinkError> {
        let now = self.ports.clock.now();
        RateLimits::of(RateLimitedAction::Link, client, &self.settings.throttle).consume(&self.ports, now).await?;
        retry(EmailChangeLinkError::DeadLink, || async {
            let resolved = self.live(secret, now).await?;
            let set = self.decide(&resolved, client, now).await?;
            match self.ports.store.commit(&set).await {
                // Somebody who has the mailbox has opened an account with the address since.
                Err(CommitError::Rejected(Rejection::AddressTaken)) => Err(EmailChangeLinkError::DeadLink),
                answer => taken(answer, ()),
            }
        })
        .await
    }

    async fn live(&self, secret: &TokenSecret, now: Timestamp) -> Result<ResolvedEmailChangeLink, EmailChangeLinkError> {
        let found = link::load(&self.ports, secret, LinkPurpose::EmailUndo).await?;
        found.filter(|resolved| resolved.undoes(now)).ok_or(EmailChangeLinkError::DeadLink)
    }

    async fn decide(
        &self,
        resolved: &ResolvedEmailChangeLink,
        client: &Client,
        now: Timestamp,
    ) -> Result<ChangeSet, EmailChangeLinkError> {
        let ResolvedEmailChangeLink { token, change, owner } = resolved;
        let account = &owner.account;
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let event = ids.event()?;
        let recorded = AuditEvent::new(&event, now, Action::EmailChangeUndone, Actor::Anonymous, Subject::Account(account.id))
            .concerning(&event, &change.from)
            .from_client(&event, client);
        let mut next = account.with_password_ended(now);
        let link =
            MailKind::Password(PasswordMail::ResetAfterEmailUndo { account: account.id, generation: next.recovery.generation });
        let deletion = next.deletion.take_if(|deletion| deletion.requested_at >= change.requested_at);
        let mut changes = vec![
            Change::Link(LinkChange::Spend { id: token.id, at: now }),
            Change::EmailChange(EmailChangeChange::Undo { account: account.id, since: change.id }),
            Change::Account(AccountChange::Revise { account: next, by: None }),
            Change::Audit(AuditChange::Record(recorded)),
        ];
        if deletion.is_some() {
            changes.extend(deletion_undone(account, &change.from, client, &ids)?);
        }
        if account.email != change.from {
            changes.push(Change::Account(AccountChange::ChangeEmail {
                id: account.id,
                from: account.email.clone(),
                to: change.from.clone(),
            }));
        }
        changes.extend(access_ended(owner, (&change.from, link), &ids)?);
        let undone_within = self.settings.email_change.undo_lifetime;
        changes.extend(doubtful_forgotten(&self.ports, &self.settings, account, undone_within, now).await?);
        changes.extend(
            administrators_told(&self.ports, account, MailKind::EmailChange(EmailChangeMail::Undone { change: change.id }), &ids)
                .await?,
        );
        Ok(ChangeSet::new(ids.id()?, now, changes)?)
    }
}
