//! "This wasn't me".

use std::sync::Arc;

use super::{access_ended, administrators_told};
use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, LinkChange},
    flow::{
        Fault,
        question::doubtful_forgotten,
        retry::{retry, taken},
        throttle::{RateLimitedAction, RateLimits},
    },
    model::{
        Settings,
        audit::{Action, Actor, AuditEvent, Subject},
        link::{LinkPurpose, Token},
        outbox::{MailKind, PasswordMail},
        recovery::Reported,
        session::Client,
    },
    port::{AccountWithPassword, IdSource, Ports},
    value::{AccountId, Language, Timestamp, TokenSecret},
};

/// What a link reports.
#[derive(Clone, Debug)]
pub struct ReportPreview {
    /// The account.
    pub account: AccountId,
    /// What is reported.
    pub reported: Reported,
    /// The account's language.
    pub language: Language,
}

/// Why nothing was reported.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The link is unknown, expired or used.
    #[error("this link does not work any more")]
    DeadLink,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(ReportError);

/// Takes a report. The links for it outlive every change of the account, or an attacker would switch them off first.
pub struct ReportAccess {
    ports: Ports,
    settings: Arc<Settings>,
}

struct ResolvedReportLink {
    token: Token,
    owner: AccountWithPassword,
    reported: Reported,
}

impl ReportAccess {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// What a link reports, without a trace.
    ///
    /// # Errors
    /// [`ReportError`]
    pub async fn preview(&self, secret: &TokenSecret) -> Result<ReportPreview, ReportError> {
        let ResolvedReportLink { owner, reported, .. } = self.live(secret, self.ports.clock.now()).await?;
        Ok(ReportPreview { account: owner.account.id, reported, language: owner.account.language })
    }

    /// Reports; administrators are told.
    ///
    /// # Errors
    /// [`ReportError`]; nothing was changed.
    pub async fn run(&self, secret: &TokenSecret, client: &Client) -> Result<Reported, ReportError> {
        let now = self.ports.clock.now();
        RateLimits::of(RateLimitedAction::Link, client, &self.settings.throttle).consume(&self.ports, now).await?;
        retry(ReportError::DeadLink, || async {
            let resolved = self.live(secret, now).await?;
            let set = self.decide(&resolved, client, now).await?;
            // Something it stood on has changed: what the link leads to now decides.
            taken(self.ports.store.commit(&set).await, resolved.reported)
        })
        .await
    }

    async fn live(&self, secret: &TokenSecret, now: Timestamp) -> Result<ResolvedReportLink, ReportError> {
        let token = self.ports.store.token_by_digest(&secret.digest()).await?;
        let token = token.filter(|token| token.is_live(now)).ok_or(ReportError::DeadLink)?;
        let (id, reported) = match token.subject {
            LinkPurpose::ResetReport(id) => (id, Reported::Reset),
            LinkPurpose::ChangeReport(id) => (id, Reported::Change),
            LinkPurpose::Invitation(_)
            | LinkPurpose::Registration(_)
            | LinkPurpose::Recovery(_)
            | LinkPurpose::EmailConfirmation(_)
            | LinkPurpose::EmailUndo(_) => return Err(ReportError::DeadLink),
        };
        let owner = self.ports.store.credential(id).await?.ok_or(ReportError::DeadLink)?;
        Ok(ResolvedReportLink { token, owner, reported })
    }

    async fn decide(&self, resolved: &ResolvedReportLink, client: &Client, now: Timestamp) -> Result<ChangeSet, ReportError> {
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let account = &resolved.owner.account;
        let id: AccountId = account.id;
        let event = ids.event()?;
        let recorded = AuditEvent::new(&event, now, Action::AccessReported, Actor::Anonymous, Subject::Account(id))
            .concerning(&event, &account.email)
            .from_client(&event, client);
        let (next, told) = match resolved.reported {
            Reported::Reset => (account.with_recovery_ended(now), MailKind::Password(PasswordMail::ResetReported { account: id })),
            Reported::Change => {
                (account.with_password_ended(now), MailKind::Password(PasswordMail::AccessReported { account: id }))
            }
        };
        let link = MailKind::Password(PasswordMail::ResetAfterReport { account: id, generation: next.recovery.generation });
        let mut changes = vec![
            Change::Link(LinkChange::Spend { id: resolved.token.id, at: now }),
            Change::Account(AccountChange::Revise { account: next, by: None }),
            Change::Audit(AuditChange::Record(recorded)),
        ];
        if resolved.reported == Reported::Change {
            changes.extend(access_ended(&resolved.owner, (&account.email, link), &ids)?);
            changes.extend(
                doubtful_forgotten(&self.ports, &self.settings, account, self.settings.recovery.report_lifetime, now).await?,
            );
        }
        changes.extend(administrators_told(&self.ports, account, told, &ids).await?);
        Ok(ChangeSet::new(ids.id()?, now, changes)?)
    }
}
