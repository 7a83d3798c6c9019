use std::{collections::BTreeMap, sync::Arc};

use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, ContradictingChanges, OnboardingChange, Unavailable},
    flow::{
        Fault,
        retry::{retry, taken},
    },
    model::{
        Settings,
        account::Account,
        audit::{Action, Actor, AuditEvent, NewEventIds, Subject},
        onboarding::{Closing, Onboarding, Progress, Step},
        session::{Client, CurrentUser},
    },
    port::{IdSource, Ports},
    value::{ChangeSetId, StepKey, Timestamp},
};

/// Which step is closed, and how.
#[derive(Clone, Debug)]
pub struct CloseStepCommand {
    /// The step, by its word.
    pub step: String,
    /// How it is closed.
    pub closing: Closing,
    /// Where the request came from.
    pub client: Client,
}

/// Why a step was not closed.
#[derive(Debug, thiserror::Error)]
pub enum CloseStepError {
    /// There is no such step.
    #[error("there is no such step")]
    UnknownStep,
    /// The account changed in the meantime, or may not be used any more.
    #[error("the account has just been changed: try again")]
    Conflict,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(CloseStepError);

/// Leads a person through a first login.
pub struct ManageOnboarding {
    ports: Ports,
    settings: Arc<Settings>,
}

struct NewIds {
    set: ChangeSetId,
    event: NewEventIds,
}

impl ManageOnboarding {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// How far an account has come. Where there are no steps, nothing is read.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn progress(&self, account: &Account) -> Result<Progress, Unavailable> {
        let steps = self.settings.onboarding_steps();
        let onboarding = if steps.is_empty() { None } else { self.ports.store.onboarding(account.id).await? };
        Ok(Progress::of(steps.clone(), onboarding.as_ref()))
    }

    /// Closes a step, and answers how far the person has come then. What was done stays done; what is so already is not written
    /// again.
    ///
    /// # Errors
    /// [`CloseStepError`]; nothing was changed.
    pub async fn close(&self, user: &CurrentUser, command: &CloseStepCommand) -> Result<Progress, CloseStepError> {
        let steps = self.settings.onboarding_steps();
        let step = steps.iter().map(Step::key).find(|key| key.as_str() == command.step).ok_or(CloseStepError::UnknownStep)?;
        let now = self.ports.clock.now();
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let store = &self.ports.store;
        retry(CloseStepError::Conflict, || async {
            let account = store
                .account(user.account.id)
                .await?
                .filter(|account| self.settings.may_go_on(account))
                .ok_or(CloseStepError::Conflict)?;
            let onboarding = store.onboarding(account.id).await?;
            let fresh = NewIds { set: ids.id()?, event: ids.event()? };
            let Some((next, set)) = decide(&account, onboarding.as_ref(), (&steps, &step), command, now, &fresh)? else {
                return Ok(Some(Progress::of(steps.clone(), onboarding.as_ref())));
            };
            // Another tab was faster, or something else of the account was changed: it is read again.
            taken(store.commit(&set).await, Progress::of(steps.clone(), Some(&next)))
        })
        .await
    }
}

fn decide(
    account: &Account,
    onboarding: Option<&Onboarding>,
    (steps, step): (&[Step], &StepKey),
    command: &CloseStepCommand,
    now: Timestamp,
    fresh: &NewIds,
) -> Result<Option<(Onboarding, ChangeSet)>, ContradictingChanges> {
    let none = Onboarding { account: account.id, steps: BTreeMap::new(), finished_at: None, version: 0 };
    let Some(mut next) = onboarding.unwrap_or(&none).with_closed(step, command.closing, now) else { return Ok(None) };
    let mut changes = vec![Change::Account(AccountChange::Require { id: account.id, version: account.version })];
    if next.finished_at.is_none() && Progress::of(steps.to_vec(), Some(&next)).is_finished {
        next.finished_at = Some(now);
        let finished = AuditEvent::new(
            &fresh.event,
            now,
            Action::OnboardingFinished,
            Actor::Account(account.id),
            Subject::Account(account.id),
        );
        changes.push(Change::Audit(AuditChange::Record(finished.from_client(&fresh.event, &command.client))));
    }
    changes.push(if onboarding.is_none() {
        Change::Onboarding(OnboardingChange::Open(next.clone()))
    } else {
        Change::Onboarding(OnboardingChange::Advance(next.clone()))
    });
    Ok(Some((next, ChangeSet::new(fresh.set, now, changes)?)))
}
