//! Confirming a change at the new address.

use std::sync::Arc;

use super::link::{self, EmailChangeLinkError, ResolvedEmailChangeLink};
use crate::{
    change::{
        AccountChange, AuditChange, Change, ChangeSet, CommitError, EmailChangeChange, LinkChange, OutboxChange, Rejection,
        SessionChange,
    },
    flow::{
        retry::{retry, taken},
        throttle::{RateLimitedAction, RateLimits},
    },
    model::{
        Settings,
        audit::{Action, Actor, AuditEvent, Subject},
        link::LinkPurpose,
        outbox::{EmailChangeMail, MailKind, OutboxMessage},
        session::Client,
    },
    port::{IdSource, Ports},
    value::{AccountId, EmailAddress, Language, PersonName, Timestamp, TokenSecret},
};

/// What a link confirms.
#[derive(Clone, Debug)]
pub struct EmailChangePreview {
    /// The account whose address changes.
    pub account: AccountId,
    /// The first name of the account's person.
    pub first_name: PersonName,
    /// The address that the account is to have.
    pub to: EmailAddress,
    /// The account's language.
    pub language: Language,
}

/// Gives an account its new address. Links to a new password die, and every session but the one that asked ends.
pub struct ConfirmEmailChange {
    ports: Ports,
    settings: Arc<Settings>,
}

impl ConfirmEmailChange {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// What a link confirms, without a trace.
    ///
    /// # Errors
    /// [`EmailChangeLinkError`]
    pub async fn preview(&self, secret: &TokenSecret) -> Result<EmailChangePreview, EmailChangeLinkError> {
        let ResolvedEmailChangeLink { change, owner, .. } = self.live(secret, self.ports.clock.now()).await?;
        let account = owner.account;
        Ok(EmailChangePreview { account: account.id, first_name: account.first_name, to: change.to, language: account.language })
    }

    /// Confirms; both addresses are told.
    ///
    /// # Errors
    /// [`EmailChangeLinkError`]; nothing was changed.
    pub async fn run(&self, secret: &TokenSecret, client: &Client) -> Result<(), EmailChangeLinkError> {
        let now = self.ports.clock.now();
        RateLimits::of(RateLimitedAction::Link, client, &self.settings.throttle).consume(&self.ports, now).await?;
        retry(EmailChangeLinkError::DeadLink, || async {
            let resolved = self.live(secret, now).await?;
            let set = self.decide(&resolved, client, now)?;
            match self.ports.store.commit(&set).await {
                Err(CommitError::Rejected(Rejection::AddressTaken)) => Err(EmailChangeLinkError::DeadLink),
                // Something it stood on has changed: what the link leads to now decides.
                answer => taken(answer, ()),
            }
        })
        .await
    }

    async fn live(&self, secret: &TokenSecret, now: Timestamp) -> Result<ResolvedEmailChangeLink, EmailChangeLinkError> {
        let found = link::load(&self.ports, secret, LinkPurpose::EmailConfirmation).await?;
        found.filter(|resolved| resolved.confirms(now)).ok_or(EmailChangeLinkError::DeadLink)
    }

    fn decide(
        &self,
        resolved: &ResolvedEmailChangeLink,
        client: &Client,
        now: Timestamp,
    ) -> Result<ChangeSet, EmailChangeLinkError> {
        let ResolvedEmailChangeLink { token, change, owner } = resolved;
        let account = &owner.account;
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let event = ids.event()?;
        // The holder of the link need not be signed in.
        let recorded = AuditEvent::new(&event, now, Action::EmailChanged, Actor::Anonymous, Subject::Account(account.id))
            .concerning(&event, &change.to)
            .from_client(&event, client);
        let next = account.with_address_moved(now);
        let mut changes = vec![
            Change::Link(LinkChange::Spend { id: token.id, at: now }),
            Change::Session(SessionChange::EndOthers { account: account.id, keep: change.session, epoch: next.session_epoch }),
            Change::Account(AccountChange::Revise { account: next, by: None }),
            Change::Account(AccountChange::ChangeEmail { id: account.id, from: account.email.clone(), to: change.to.clone() }),
            Change::EmailChange(EmailChangeChange::Advance(change.confirmed(now, &self.settings.email_change))),
            Change::Audit(AuditChange::Record(recorded)),
        ];
        for to in [&change.from, &change.to] {
            let kind = MailKind::EmailChange(EmailChangeMail::Changed { change: change.id });
            changes.push(Change::Outbox(OutboxChange::Queue(OutboxMessage::queue(
                ids.id()?,
                to.clone(),
                account.language.clone(),
                kind,
                now,
            ))));
        }
        Ok(ChangeSet::new(ids.id()?, now, changes)?)
    }
}
