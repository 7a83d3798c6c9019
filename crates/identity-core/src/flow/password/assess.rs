//! Finding out what a policy says of a password, before anything is done with it.

use std::sync::Arc;

use crate::{
    flow::{
        Fault,
        throttle::{RateLimitedAction, RateLimits},
    },
    model::{
        Settings,
        password::{Candidate, ContextWords, Evidence, Readings, RuleId, Strength},
        session::Client,
    },
    port::{Ports, WorkError},
};

/// What is found of a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// The rules that it breaks, in the order in which they are shown.
    pub broken: Vec<RuleId>,
    /// How strong it is.
    pub strength: Strength,
}

/// Judges a password without keeping it or setting anything.
pub struct AssessPassword {
    ports: Ports,
    settings: Arc<Settings>,
}

impl AssessPassword {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Lets somebody from outside have a password judged, or not, before any work is done for it.
    ///
    /// # Errors
    /// [`Fault`]
    pub async fn enter(&self, client: &Client) -> Result<(), Fault> {
        RateLimits::of(RateLimitedAction::Check, client, &self.settings.throttle).consume(&self.ports, self.ports.clock.now()).await
    }

    /// Judges a candidate that is to be the password of somebody with these words.
    ///
    /// # Errors
    /// [`WorkError`]; nothing is known of the candidate.
    pub async fn run(&self, candidate: &Candidate, words: &ContextWords) -> Result<Assessment, WorkError> {
        let evidence = evidence(&self.ports, &self.settings, candidate, words).await?;
        let broken = self.settings.password_policy.broken_rules(candidate, words, &evidence);
        Ok(Assessment { broken, strength: evidence.measured.strength })
    }
}

/// What the policy needs to know of a candidate beyond its text.
pub(crate) async fn evidence(
    ports: &Ports,
    settings: &Settings,
    candidate: &Candidate,
    words: &ContextWords,
) -> Result<Evidence, WorkError> {
    let measured = ports.meter.measure(candidate, words.as_slice(), &Readings::of(candidate.expose())).await?;
    let breached = settings.password_policy.breached && ports.breached.is_breached(candidate).await;
    Ok(Evidence { measured, reused: false, breached })
}
