//! Setting a new password by a mailed link.

use std::{ops::ControlFlow, sync::Arc};

use super::{demand::asked_of, link};
use crate::{
    change::{Change, ChangeSet, CommitError, LinkChange, Unavailable},
    flow::{
        Fault,
        password::{NewPassword, NewReplacementIds, NotChosen, Replacement, Sessions, Unacceptable, chosen},
        question::{Checked, NotChecked, check},
        retry::retry_from,
        session::attempt,
        throttle::{RateLimitedAction, RateLimits},
    },
    model::{
        Settings,
        account::Account,
        audit::{Action, Actor},
        password::Candidate,
        question::{AskedQuestion, SecretAnswer, SecurityAnswer},
        session::Client,
    },
    port::{IdSource, Ports, WorkError},
    value::{Timestamp, TokenKind, TokenSecret},
};

/// What the person submits.
#[derive(Debug)]
pub struct ResetCommand {
    /// The secret of the link.
    pub secret: TokenSecret,
    /// The new password.
    pub password: Candidate,
    /// The new password again.
    pub confirmation: Candidate,
    /// The answer to the security question, where one is asked.
    pub answer: Option<SecretAnswer>,
    /// Where the request came from.
    pub client: Client,
}

/// The password is set. Nobody is signed in by it.
#[derive(Debug)]
pub struct ResetDone {
    /// For the browser to keep: whatever strangers try for the address, this one may sign in.
    pub device: TokenSecret,
}

/// Why the password was not set.
#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    /// The link is unknown, expired or used, or a later act ended it: a stranger is not told which.
    #[error("this link does not work any more")]
    DeadLink,
    /// The new password has to be mended.
    #[error("the new password was refused")]
    Refused(Unacceptable),
    /// A security question has to be answered as well.
    #[error("a security question has to be answered as well")]
    AnswerNeeded(AskedQuestion),
    /// The answer to the security question is not right.
    #[error("the answer is not right")]
    WrongAnswer(AskedQuestion),
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(ResetError);

impl From<NotChosen> for ResetError {
    fn from(error: NotChosen) -> Self {
        match error {
            NotChosen::Unacceptable(unacceptable) => Self::Refused(unacceptable),
            NotChosen::Work(error) => WorkError::into(error),
        }
    }
}

/// Sets a new password: every session, every other link and what was required ends with the same commit, and a message is mailed.
pub struct ResetPassword {
    ports: Ports,
    settings: Arc<Settings>,
}

impl ResetPassword {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Sets it.
    ///
    /// # Errors
    /// [`ResetError`]; nothing was changed, and the link still works unless it is dead.
    pub async fn run(&self, command: ResetCommand) -> Result<ResetDone, ResetError> {
        let now = self.ports.clock.now();
        RateLimits::of(RateLimitedAction::Link, &command.client, &self.settings.throttle).consume(&self.ports, now).await?;
        let resolved = self.live(&command.secret, now).await?;
        let answered = self.answered(&resolved.owner.account, command.answer.as_ref(), &command.client, now).await?;
        let new = NewPassword { password: command.password, confirmation: command.confirmation };
        let chosen = match chosen(&self.ports, &self.settings, &resolved.owner, new, now).await {
            Ok(chosen) => chosen,
            Err(NotChosen::Work(WorkError::Unavailable(error))) => return Err(error.into()),
            Err(error) => {
                self.forget_attempt(answered.as_ref(), now).await?;
                return Err(error.into());
            }
        };
        let (secret, client, answered, chosen) = (&command.secret, &command.client, answered.as_ref(), &chosen);
        retry_from(resolved, ResetError::DeadLink, |resolved| async move {
            let ids = IdSource::new(now, self.ports.entropy.as_ref());
            let device = ids.secret(TokenKind::Device)?;
            let replacement =
                Replacement { owner: &resolved.owner, chosen, sessions: Sessions::All, action: Action::PasswordReset, client };
            let mut changes = replacement.changes(&self.settings, now, &NewReplacementIds::generate(&ids)?);
            changes.push(Change::Link(LinkChange::Spend { id: resolved.token.id, at: now }));
            // The attempts are forgotten with all that a new password ends.
            changes.extend(answered.map(|answered| answered.given(now)));
            changes.extend(attempt::known(&self.settings, &device, &resolved.owner.account.email, now));
            match self.ports.store.commit(&ChangeSet::new(ids.id()?, now, changes)?).await {
                Ok(()) => Ok(ControlFlow::Break(ResetDone { device })),
                // Something it stood on has changed: what the link leads to now decides.
                Err(CommitError::Rejected(_)) => {
                    let resolved = self.live(secret, now).await?;
                    self.is_answered(&resolved.owner.account, answered).await?;
                    Ok(ControlFlow::Continue(resolved))
                }
                Err(CommitError::Unavailable(error)) => Err(error.into()),
            }
        })
        .await
    }

    /// The answer to what is asked, checked; nothing where nothing is asked.
    async fn answered(
        &self,
        account: &Account,
        answer: Option<&SecretAnswer>,
        client: &Client,
        now: Timestamp,
    ) -> Result<Option<Checked>, ResetError> {
        let Some((question, kept)) = self.asked(account).await? else { return Ok(None) };
        let Some(answer) = answer else { return Err(ResetError::AnswerNeeded(question)) };
        match check(&self.ports, &self.settings, (account, &kept), answer, (Actor::Anonymous, client), now).await {
            Ok(checked) => Ok(Some(checked)),
            Err(NotChecked::Wrong) => Err(ResetError::WrongAnswer(question)),
            Err(NotChecked::Fault(fault)) => Err(fault.into()),
            Err(NotChecked::Work(error)) => Err(error.into()),
        }
    }

    /// Whether what is asked by now is what was answered.
    async fn is_answered(&self, account: &Account, answered: Option<&Checked>) -> Result<(), ResetError> {
        match self.asked(account).await? {
            Some((question, kept)) if !answered.is_some_and(|answered| answered.is_of(&kept)) => {
                Err(ResetError::AnswerNeeded(question))
            }
            _ => Ok(()),
        }
    }

    async fn asked(&self, account: &Account) -> Result<Option<(AskedQuestion, SecurityAnswer)>, Unavailable> {
        asked_of(&self.ports, &self.settings, account, &account.language).await
    }

    /// The answer was right: that is no failed attempt, whatever the new password is.
    async fn forget_attempt(&self, answered: Option<&Checked>, now: Timestamp) -> Result<(), ResetError> {
        let changes = answered.map(|answered| answered.succeeded(now)).unwrap_or_default();
        if !changes.is_empty() {
            let ids = IdSource::new(now, self.ports.entropy.as_ref());
            let set = ChangeSet::new(ids.id()?, now, changes)?;
            self.ports.store.commit(&set).await.map_err(|error| Unavailable::new("throttle", error))?;
        }
        Ok(())
    }

    async fn live(&self, secret: &TokenSecret, now: Timestamp) -> Result<link::ResolvedRecoveryLink, ResetError> {
        link::load(&self.ports, secret).await?.filter(|resolved| resolved.is_valid(now)).ok_or(ResetError::DeadLink)
    }
}
