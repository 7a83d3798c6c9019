//! Resetting somebody's password after making sure of who is asking.

use std::sync::Arc;

use super::demand::asked_of;
use crate::{
    change::{
        AccountChange, AuditChange, Change, ChangeSet, OutboxChange, PasswordChange, SessionChange, ThrottleChange, Unavailable,
    },
    flow::{
        Fault,
        account::{AdministrationError, reach::reach},
        password::words_of,
        question::{Checked, NotChecked, check},
    },
    model::{
        Settings,
        access::Administrator,
        account::Account,
        audit::{Action, Actor, AuditEvent, Subject},
        outbox::{MailKind, OutboxMessage, PasswordMail},
        password::{Candidate, Evidence, Password, RetiredPassword},
        question::AskedQuestion,
        recovery::{CheckMethod, IdentityCheck},
        session::Client,
        throttle::Bucket,
    },
    port::{IdSource, Ports},
    value::{AccountId, Timestamp},
};

/// Why nothing was reset.
#[derive(Debug, thiserror::Error)]
pub enum AssistedResetError {
    /// The account is out of reach, or changed.
    #[error(transparent)]
    Administration(#[from] AdministrationError),
    /// The account is disabled.
    #[error("the account is disabled: enable it first")]
    Disabled,
    /// The person has answered no security question, or there are none.
    #[error("this person has answered no security question: recognise them in another way")]
    NoQuestion,
    /// The answer to the security question is needed.
    #[error("say what the person answered to the security question")]
    AnswerNeeded(AskedQuestion),
    /// The answer to the security question is not right.
    #[error("the answer is not right")]
    WrongAnswer(AskedQuestion),
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(AssistedResetError);

/// Resets a password for somebody, by a mailed link or by a temporary password. How the person was recognised is recorded.
pub struct ResetForSomebody {
    ports: Ports,
    settings: Arc<Settings>,
}

/// How often a generated password is generated again because it holds a word of the person by chance.
const TRIES: usize = 8;

impl ResetForSomebody {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// The security question that the person may be asked, in the administrator's language; `None` where none was answered.
    ///
    /// # Errors
    /// [`AdministrationError`]
    pub async fn question(&self, by: &Administrator, id: AccountId) -> Result<Option<AskedQuestion>, AdministrationError> {
        let account = reach(&self.ports, by, id).await?;
        let asked = asked_of(&self.ports, &self.settings, &account, &by.account().language).await?;
        Ok(asked.map(|(question, _)| question))
    }

    /// Mails a link; older ones die. The administrator learns nothing of it.
    ///
    /// # Errors
    /// [`AssistedResetError`]; nothing was changed.
    pub async fn by_link(&self, by: &Administrator, id: AccountId, check: &IdentityCheck) -> Result<(), AssistedResetError> {
        let now = self.ports.clock.now();
        let account = reach(&self.ports, by, id).await?;
        if !account.is_active() {
            return Err(AssistedResetError::Disabled);
        }
        let answered = self.answered(by, &account, check, now).await?;
        let next = account.with_recovery_ended(now);
        let kind = MailKind::Password(PasswordMail::ResetByAdministrator { account: id, generation: next.recovery.generation });
        let mut changes = vec![Change::Account(AccountChange::Revise { account: next, by: Some(by.account().id) })];
        changes.extend(answered.iter().flat_map(|answered| answered.succeeded(now)));
        changes.extend(answered.map(|answered| answered.given(now)));
        self.commit(by, (&account, kind), check, now, changes).await
    }

    /// Sets a temporary password, which is good for one login and for choosing a new one. Every session ends, and every link to a
    /// new password dies. The answer is the one time that it is shown.
    ///
    /// # Errors
    /// [`AssistedResetError`]; nothing was changed.
    pub async fn by_temporary_password(
        &self,
        by: &Administrator,
        id: AccountId,
        check: &IdentityCheck,
    ) -> Result<(Candidate, Timestamp), AssistedResetError> {
        let now = self.ports.clock.now();
        let account = reach(&self.ports, by, id).await?;
        if !account.is_active() {
            return Err(AssistedResetError::Disabled);
        }
        let answered = self.answered(by, &account, check, now).await?;
        let owner = self.ports.store.credential(id).await?.ok_or(AdministrationError::NotFound)?;
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let words = words_of(&self.ports, &self.settings, &account).await?;
        let policy = &self.settings.password_policy;
        let mut drawn = None;
        for _ in 0..TRIES {
            let candidate = ids.temporary_password(policy.min_length)?;
            let shown = Candidate::new(candidate.expose()).map_err(|error| Unavailable::new("temporary password", error))?;
            let certain = Evidence::of_random();
            if let Ok(accepted) = policy.validate(candidate, &words, &certain) {
                drawn = Some((shown, accepted));
                break;
            }
        }
        let (shown, accepted) = drawn.ok_or_else(|| Unavailable::new("temporary password", "the policy refuses every one"))?;
        let hash = self.ports.hasher.hash(&accepted, ids.salt()?).await?;
        let ends_at = self.settings.recovery.temporary_lifetime.from(now);
        let next = account.with_password_ended(now);
        let kind = MailKind::Password(PasswordMail::Temporary { account: id });
        let from = owner.password.hash.clone();
        let mut changes = vec![
            Change::Account(AccountChange::Revise { account: next, by: Some(by.account().id) }),
            Change::Password(PasswordChange::Set {
                id,
                from: from.clone(),
                to: Password { hash, set_at: now, ends_at: Some(ends_at) },
            }),
            Change::Session(SessionChange::EndAll(id)),
            Change::Throttle(ThrottleChange::Empty(Bucket::logins_of(&account.email))),
            Change::Throttle(ThrottleChange::Empty(Bucket::changes_of(id))),
        ];
        changes.extend(answered.map(|answered| answered.given(now)));
        if policy.history > 1 {
            let retired = RetiredPassword { id: ids.id()?, account: id, hash: from, retired_at: now };
            changes.push(Change::Password(PasswordChange::Retire { retired, keep: policy.history - 1 }));
        }
        self.commit(by, (&account, kind), check, now, changes).await?;
        Ok((shown, ends_at))
    }

    /// The answer to the security question, checked, where the person was recognised by one.
    async fn answered(
        &self,
        by: &Administrator,
        account: &Account,
        made: &IdentityCheck,
        now: Timestamp,
    ) -> Result<Option<Checked>, AssistedResetError> {
        if made.method() != CheckMethod::SecurityQuestion {
            return Ok(None);
        }
        let asked = asked_of(&self.ports, &self.settings, account, &by.account().language).await?;
        let (question, kept) = asked.ok_or(AssistedResetError::NoQuestion)?;
        let Some(answer) = made.answer() else { return Err(AssistedResetError::AnswerNeeded(question)) };
        let who = (Actor::Account(by.account().id), &Client::default());
        match check(&self.ports, &self.settings, (account, &kept), answer, who, now).await {
            Ok(checked) => Ok(Some(checked)),
            Err(NotChecked::Wrong) => Err(AssistedResetError::WrongAnswer(question)),
            Err(NotChecked::Fault(fault)) => Err(fault.into()),
            Err(NotChecked::Work(error)) => Err(error.into()),
        }
    }

    async fn commit(
        &self,
        by: &Administrator,
        (account, kind): (&Account, MailKind),
        check: &IdentityCheck,
        now: Timestamp,
        mut changes: Vec<Change>,
    ) -> Result<(), AssistedResetError> {
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let event = ids.event()?;
        let actor = by.account();
        let recorded =
            AuditEvent::new(&event, now, Action::PasswordResetIssued, Actor::Account(actor.id), Subject::Account(account.id))
                .concerning(&event, &account.email)
                .after_check(&event, check);
        let told = OutboxMessage::queue(ids.id()?, account.email.clone(), account.language.clone(), kind, now);
        changes.extend([
            Change::Account(AccountChange::Require { id: actor.id, version: actor.version }),
            Change::Outbox(OutboxChange::Queue(told)),
            Change::Audit(AuditChange::Record(recorded)),
        ]);
        let set = ChangeSet::new(ids.id()?, now, changes)?;
        Ok(self.ports.store.commit(&set).await.map_err(AdministrationError::from)?)
    }
}
