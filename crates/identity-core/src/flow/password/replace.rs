//! Putting a new password in the place of an old one: one way for every path.

use super::evidence;
use crate::{
    change::{AccountChange, AuditChange, Change, OutboxChange, PasswordChange, SessionChange, ThrottleChange, Unavailable},
    model::{
        Settings,
        account::{Account, RequiredAction},
        audit::{Action, Actor, AuditEvent, NewEventIds, Subject},
        outbox::{MailKind, OutboxMessage, PasswordMail},
        password::{Candidate, ContextWords, Password, PasswordHash, RetiredPassword, RuleId},
        session::Client,
        throttle::Bucket,
    },
    port::{AccountWithPassword, EntropyError, IdSource, PasswordVerification, Ports, WorkError},
    value::{AccountId, OutboxMessageId, RetiredPasswordId, SessionId, Timestamp},
};

/// A password and its confirmation, as they were typed.
#[derive(Debug)]
pub(crate) struct NewPassword {
    pub(crate) password: Candidate,
    pub(crate) confirmation: Candidate,
}

/// What is wrong with a new password, all at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unacceptable {
    /// The rules that it breaks.
    pub password: Vec<RuleId>,
    /// The confirmation is not the password.
    pub confirmation: bool,
}

/// A password that the policy accepted, hashed.
pub(crate) struct Chosen {
    pub(crate) hash: PasswordHash,
}

pub(crate) enum NotChosen {
    Unacceptable(Unacceptable),
    Work(WorkError),
}

impl From<WorkError> for NotChosen {
    fn from(error: WorkError) -> Self {
        Self::Work(error)
    }
}

impl From<Unavailable> for NotChosen {
    fn from(error: Unavailable) -> Self {
        Self::Work(error.into())
    }
}

impl From<EntropyError> for NotChosen {
    fn from(error: EntropyError) -> Self {
        Self::Work(Unavailable::from(error).into())
    }
}

/// The words of an account that its password must not be made of.
pub(crate) async fn words_of(ports: &Ports, settings: &Settings, account: &Account) -> Result<ContextWords, Unavailable> {
    let company = ports.store.company(account.company).await?;
    Ok(ContextWords::collect(
        &account.email,
        [&account.first_name, &account.last_name],
        company.as_ref().map(|company| &company.name),
        &settings.product_name,
    ))
}

/// Judges a new password for an account that has one, by every rule, and hashes it.
pub(crate) async fn chosen(
    ports: &Ports,
    settings: &Settings,
    owner: &AccountWithPassword,
    new: NewPassword,
    now: Timestamp,
) -> Result<Chosen, NotChosen> {
    let words = words_of(ports, settings, &owner.account).await?;
    let confirmed = new.password.is_same(&new.confirmation);
    let mut evidence = evidence(ports, settings, &new.password, &words).await?;
    evidence.reused = is_reused(ports, settings, owner, &new.password).await?;
    match settings.password_policy.validate(new.password, &words, &evidence) {
        Ok(accepted) if confirmed => {
            let salt = IdSource::new(now, ports.entropy.as_ref()).salt()?;
            Ok(Chosen { hash: ports.hasher.hash(&accepted, salt).await? })
        }
        judged => {
            Err(NotChosen::Unacceptable(Unacceptable { password: judged.err().unwrap_or_default(), confirmation: !confirmed }))
        }
    }
}

/// What is wrong with a new password by every rule but that of the passwords used before, which only their owner is told. Nothing is
/// hashed.
pub(crate) async fn faults(
    ports: &Ports,
    settings: &Settings,
    account: &Account,
    new: &NewPassword,
) -> Result<Unacceptable, WorkError> {
    let words = words_of(ports, settings, account).await?;
    let evidence = evidence(ports, settings, &new.password, &words).await?;
    let password = settings.password_policy.broken_rules(&new.password, &words, &evidence);
    Ok(Unacceptable { password, confirmation: !new.password.is_same(&new.confirmation) })
}

/// Whether a candidate is the password that is in force or one of the last before it. Each costs a computation of its own.
async fn is_reused(
    ports: &Ports,
    settings: &Settings,
    owner: &AccountWithPassword,
    candidate: &Candidate,
) -> Result<bool, NotChosen> {
    let remembered = settings.password_policy.history;
    // A password that somebody else chose or knows, or that has to be changed, is never kept, whatever the policy remembers.
    let is_foreign = owner.password.ends_at.is_some() || owner.account.required_actions.contains(&RequiredAction::ChangePassword);
    if remembered == 0 && !is_foreign {
        return Ok(false);
    }
    let older = match remembered.checked_sub(1).filter(|older| *older > 0) {
        Some(older) => ports.store.retired_passwords(owner.account.id, older).await?,
        None => Vec::new(),
    };
    // One that nothing can be compared with, such as one made with a pepper that was lost, must keep nobody from a new password.
    for hash in std::iter::once(&owner.password.hash).chain(&older).filter(|hash| ports.hasher.can_compare(hash)) {
        if matches!(ports.hasher.verify(candidate, Some(hash)).await?, PasswordVerification::Matches { .. }) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Which sessions go when a password was chosen.
#[derive(Clone, Copy)]
pub(crate) enum Sessions {
    All,
    AllBut(SessionId),
}

/// Everything that follows when a person has chosen a new password, whatever the path: the password in the place of the old one,
/// which is remembered; every session but that of the change ended; every link to a new password dead; what was required done; the
/// attempts of strangers forgotten; a message to the person; an event.
pub(crate) struct Replacement<'a> {
    pub(crate) owner: &'a AccountWithPassword,
    pub(crate) chosen: &'a Chosen,
    pub(crate) sessions: Sessions,
    pub(crate) action: Action,
    pub(crate) client: &'a Client,
}

pub(crate) struct NewReplacementIds {
    retired: RetiredPasswordId,
    message: OutboxMessageId,
    event: NewEventIds,
}

impl NewReplacementIds {
    pub(crate) fn generate(ids: &IdSource<'_>) -> Result<Self, EntropyError> {
        Ok(Self { retired: ids.id()?, message: ids.id()?, event: ids.event()? })
    }
}

impl Replacement<'_> {
    pub(crate) fn changes(&self, settings: &Settings, now: Timestamp, fresh: &NewReplacementIds) -> Vec<Change> {
        let account = &self.owner.account;
        let id: AccountId = account.id;
        let event = AuditEvent::new(&fresh.event, now, self.action, Actor::Account(id), Subject::Account(id))
            .concerning(&fresh.event, &account.email)
            .from_client(&fresh.event, self.client);
        let next = account.with_password_chosen(now);
        // Somebody who is logged in keeps that session; a mailed link is used by somebody who is not.
        let (ended, kind) = match self.sessions {
            Sessions::All => {
                (Change::Session(SessionChange::EndAll(id)), MailKind::Password(PasswordMail::ChangedByLink { account: id }))
            }
            Sessions::AllBut(keep) => {
                let others = Change::Session(SessionChange::EndOthers { account: id, keep, epoch: next.session_epoch });
                (others, MailKind::Password(PasswordMail::Changed { account: id }))
            }
        };
        let mut changes = vec![
            Change::Account(AccountChange::Revise { account: next, by: None }),
            Change::Password(PasswordChange::Set {
                id,
                from: self.owner.password.hash.clone(),
                to: Password::chosen(self.chosen.hash.clone(), now),
            }),
            ended,
            Change::Throttle(ThrottleChange::Empty(Bucket::logins_of(&account.email))),
            Change::Throttle(ThrottleChange::Empty(Bucket::changes_of(id))),
            Change::Outbox(OutboxChange::Queue(OutboxMessage::queue(
                fresh.message,
                account.email.clone(),
                account.language.clone(),
                kind,
                now,
            ))),
            Change::Audit(AuditChange::Record(event)),
        ];
        // As many are kept as the policy remembers beside the one in force.
        if let Some(keep) = settings.password_policy.history.checked_sub(1).filter(|keep| *keep > 0) {
            let hash = self.owner.password.hash.clone();
            changes.push(Change::Password(PasswordChange::Retire {
                retired: RetiredPassword { id: fresh.retired, account: id, hash, retired_at: now },
                keep,
            }));
        }
        changes
    }
}
