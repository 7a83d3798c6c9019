//! Which mail follows from a message, if any: decided when it is sent, by what holds then.

mod account;
mod email_change;
mod invitation;
mod password;
mod registration;

use std::sync::Arc;

pub(crate) use password::KIND as RECOVERY;

use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, CommitError, LinkChange, Rejection, ThrottleChange, Unavailable},
    model::{
        Settings,
        access::Administrator,
        account::Account,
        audit::{Action, Actor, AuditEvent, Subject},
        link::{Generation, LinkPurpose, Token},
        outbox::{Email, EmailContent, MailKind, NotificationKind, OutboxMessage},
        throttle::Bucket,
    },
    port::{IdSource, Ports, WorkError},
    value::{AccountId, EmailAddress, Language, TimeZone, Timestamp, TokenKind, TokenSecret},
};

/// What is done with a message.
pub(super) enum Decision {
    Send(Box<Email>),
    Drop,
}

/// Why nothing was decided.
pub(super) enum Undecided {
    /// What it was about changed between the read and the commit: it is read again.
    Changed,
    Unavailable(Unavailable),
}

impl From<Unavailable> for Undecided {
    fn from(error: Unavailable) -> Self {
        Self::Unavailable(error)
    }
}

impl From<crate::port::EntropyError> for Undecided {
    fn from(error: crate::port::EntropyError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl From<crate::change::ContradictingChanges> for Undecided {
    fn from(error: crate::change::ContradictingChanges) -> Self {
        Self::Unavailable(error.into())
    }
}

impl From<WorkError> for Undecided {
    fn from(error: WorkError) -> Self {
        match error {
            WorkError::Busy { .. } => Self::Unavailable(Unavailable::new("hashing", error)),
            WorkError::Unavailable(error) => Self::Unavailable(error),
        }
    }
}

/// Decides what mail follows from one message.
pub(super) struct Decider<'a> {
    pub(super) ports: &'a Ports,
    pub(super) settings: &'a Arc<Settings>,
    pub(super) message: &'a OutboxMessage,
    pub(super) now: Timestamp,
}

impl Decider<'_> {
    pub(super) async fn decide(&self) -> Result<Decision, Undecided> {
        match self.message.kind {
            MailKind::Invitation(kind) => self.about_invitation(kind).await,
            MailKind::Registration(kind) => self.about_registration(kind).await,
            MailKind::Password(kind) => self.about_password(kind).await,
            MailKind::EmailChange(kind) => self.about_email_change(kind).await,
            MailKind::Account(kind) => self.about_account(kind).await,
        }
    }

    fn ids(&self) -> IdSource<'_> {
        IdSource::new(self.now, self.ports.entropy.as_ref())
    }

    /// Whose address the message goes to now, unless they want no notifications of its kind.
    async fn reader(&self) -> Result<Option<Account>, Undecided> {
        let found = self.ports.store.account_by_address(self.message.to.canonical()).await?;
        let kind = self.message.kind.notification().map(NotificationKind::key);
        Ok(found.filter(|reader| !kind.is_some_and(|kind| reader.preferences.silenced.contains(&kind))))
    }

    /// The mail to somebody who has no account.
    fn mail_to(&self, to: EmailAddress, language: Language, content: EmailContent) -> Decision {
        let (id, time_zone) = (self.message.id, TimeZone::default());
        Decision::Send(Box::new(Email { id, to, language, time_zone, written_at: self.now, content }))
    }

    /// The mail to the person of an account, as they want it by now, to where the message goes.
    fn mail_for(&self, reader: &Account, content: EmailContent) -> Decision {
        self.mail_at(self.message.to.clone(), reader, content)
    }

    /// The same, to an address that they have.
    fn mail_at(&self, to: EmailAddress, reader: &Account, content: EmailContent) -> Decision {
        let (language, time_zone) = (reader.language.clone(), reader.preferences.time_zone.clone());
        Decision::Send(Box::new(Email { id: self.message.id, to, language, time_zone, written_at: self.now, content }))
    }

    /// A link that goes out with this mail.
    fn token(
        &self,
        secret: &TokenSecret,
        (subject, generation): (LinkPurpose, Generation),
        sent_to: &EmailAddress,
        expires_at: Timestamp,
    ) -> Token {
        Token {
            id: secret.id(),
            digest: secret.digest(),
            subject,
            generation,
            sent_to: Some(sent_to.clone()),
            issued_at: self.now,
            expires_at,
            spent_at: None,
        }
    }

    /// The administrator whom the message goes to. Somebody who was disabled or demoted since learns nothing.
    async fn told_of(&self, account: &Account) -> Result<Option<Account>, Undecided> {
        let may = |told: &Account| Administrator::by_roles(told).is_some_and(|told| told.may_administer(account.company));
        Ok(self.reader().await?.filter(may))
    }

    async fn active(&self, id: AccountId) -> Result<Option<Account>, Undecided> {
        Ok(self.ports.store.account(id).await?.filter(Account::is_active))
    }

    /// Commits a link that says "this wasn't me", with what else the mail needs; `None` where the address has had its share.
    async fn reportable(
        &self,
        account: &Account,
        subject: LinkPurpose,
        mut changes: Vec<Change>,
    ) -> Result<Option<TokenSecret>, Undecided> {
        let report = self.ids().secret(TokenKind::Report)?;
        let expires_at = self.settings.recovery.report_lifetime.from(self.now);
        let token = self.token(&report, (subject, account.recovery.generation), &self.message.to, expires_at);
        changes.extend([
            Change::Account(AccountChange::Require { id: account.id, version: account.version }),
            Change::Link(LinkChange::Issue(token)),
        ]);
        Ok(self.commit(Subject::Account(account.id), changes).await?.then_some(report))
    }

    /// The permit that a mail takes which a stranger can cause. Only the first attempt takes one: the others are the same mail.
    fn permit(&self, kind: &str, to: &EmailAddress) -> Option<Change> {
        let throttle = &self.settings.throttle;
        (throttle.enabled && self.message.attempts <= 1).then(|| {
            Change::Throttle(ThrottleChange::ConsumePermit {
                bucket: Bucket::mails_to(kind, to),
                rate: throttle.mails_per_address,
                at: self.now,
            })
        })
    }

    /// The permit that a mail takes which an administrator sends to an address.
    fn administrators_permit(&self, to: &EmailAddress) -> Option<Change> {
        let throttle = &self.settings.throttle;
        (throttle.enabled && self.message.attempts <= 1).then(|| {
            Change::Throttle(ThrottleChange::ConsumePermit {
                bucket: Bucket::mails_to("administrators", to),
                rate: throttle.administrators_mails_per_address,
                at: self.now,
            })
        })
    }

    /// Commits what a mail needs before it is sent; `false` where its address has had its share of mails.
    async fn commit(&self, subject: Subject, mut changes: Vec<Change>) -> Result<bool, Undecided> {
        let ids = self.ids();
        if changes.iter().any(|change| matches!(change, Change::Link(LinkChange::Issue(_)))) {
            let event = ids.event()?;
            changes.push(Change::Audit(AuditChange::Record(AuditEvent::new(
                &event,
                self.now,
                Action::LinkCreated,
                Actor::System,
                subject,
            ))));
        }
        match self.ports.store.commit(&ChangeSet::new(ids.id()?, self.now, changes)?).await {
            Ok(()) => Ok(true),
            Err(CommitError::Rejected(Rejection::Throttled)) => Ok(false),
            Err(CommitError::Rejected(Rejection::Changed(_))) => Err(Undecided::Changed),
            Err(CommitError::Rejected(rejection)) => Err(Unavailable::new("outbox", rejection).into()),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }
}
