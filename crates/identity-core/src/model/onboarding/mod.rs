//! The first login: what a person is led through once, step by step. Every step is open until it is done or skipped; where the
//! person goes away in between, it goes on there at the next login.

mod tutorial;

pub use tutorial::Tutorial;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    model::{Settings, custom_field::Words},
    value::{AccountId, StepKey, Timestamp},
};

crate::value::vocabulary! {
    /// A step that there is a page of ours for. One more has a variant here, its condition in [`Settings::onboarding_steps`], and a page.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum BuiltInStep {
        /// Name, phone number, department, job title.
        Profile = "profile",
        /// A picture.
        Picture = "picture",
        /// Language, time zone, notifications.
        Settings = "settings",
        /// Answers to security questions.
        SecurityQuestions = "security_questions",
        /// What the operator tells newcomers.
        Tutorial = "tutorial",
    }
}

/// A step that the host has a page for: it says when the step is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredStep {
    /// Its key; none of a built-in step.
    pub key: StepKey,
    /// What it is called.
    pub label: Words,
    /// The host's page: an `https` address, or a path at our own.
    pub href: String,
}

/// A step of this installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// One of ours.
    BuiltIn(BuiltInStep),
    /// One of the host's.
    Declared(DeclaredStep),
}

impl Step {
    /// Its key, in answers, addresses and tables.
    #[must_use]
    pub fn key(&self) -> StepKey {
        match self {
            Self::BuiltIn(step) => StepKey::built_in(step.as_str()),
            Self::Declared(declared) => declared.key.clone(),
        }
    }
}

/// What an operator sets of the first login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnboardingSettings {
    /// Whether anybody is led through anything.
    pub enabled: bool,
    /// Built-in steps that are not wanted.
    pub left_out: BTreeSet<BuiltInStep>,
    /// What newcomers are told; there is no such step where it is empty.
    pub tutorial: Tutorial,
    /// The host's own steps, which come last, in this order; no key twice.
    pub declared: Vec<DeclaredStep>,
}

impl OnboardingSettings {
    /// The most steps that a host declares.
    pub const MAX_DECLARED: usize = 20;
}

impl Default for OnboardingSettings {
    fn default() -> Self {
        Self { enabled: true, left_out: BTreeSet::new(), tutorial: Tutorial::default(), declared: Vec::new() }
    }
}

impl Settings {
    /// The steps of a first login, in their order.
    #[must_use]
    pub fn onboarding_steps(&self) -> Vec<Step> {
        let onboarding = &self.onboarding;
        if !onboarding.enabled {
            return Vec::new();
        }
        let is_there = |step: &BuiltInStep| match step {
            BuiltInStep::Profile | BuiltInStep::Picture | BuiltInStep::Settings => true,
            BuiltInStep::SecurityQuestions => self.security_questions.is_some(),
            BuiltInStep::Tutorial => !onboarding.tutorial.is_empty(),
        };
        let wanted = BuiltInStep::ALL.into_iter().filter(|step| !onboarding.left_out.contains(step) && is_there(step));
        wanted.map(Step::BuiltIn).chain(onboarding.declared.iter().cloned().map(Step::Declared)).collect()
    }
}

crate::value::vocabulary! {
    /// How a step was closed.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Closing {
        /// It was done.
        Done = "done",
        /// The person went past it.
        Skipped = "skipped",
    }
}

/// A step that was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ClosedStep {
    /// How.
    pub closing: Closing,
    /// When.
    pub at: Timestamp,
}

/// How far an account has come. One that has closed nothing yet has none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Onboarding {
    /// Whose.
    pub account: AccountId,
    /// The steps that were closed, also those that there are no more.
    pub steps: BTreeMap<StepKey, ClosedStep>,
    /// When the last step was closed. It stays finished, whichever steps there are later.
    pub finished_at: Option<Timestamp>,
    /// Raised by every change.
    pub version: u32,
}

impl Onboarding {
    /// With a step closed; `None` where that changes nothing. What was done stays done.
    pub(crate) fn with_closed(&self, step: &StepKey, closing: Closing, now: Timestamp) -> Option<Self> {
        let stays = |closed: &ClosedStep| closed.closing == Closing::Done || closed.closing == closing;
        if self.steps.get(step).is_some_and(stays) {
            return None;
        }
        let mut next = Self { version: self.version.saturating_add(1), ..self.clone() };
        next.steps.insert(step.clone(), ClosedStep { closing, at: now });
        Some(next)
    }
}

/// How far somebody has come, over the steps that there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The steps, and how each was closed; `None` while it is open.
    pub steps: Vec<(Step, Option<Closing>)>,
    /// Whether nobody is led there any more.
    pub is_finished: bool,
}

impl Progress {
    pub(crate) fn of(steps: Vec<Step>, onboarding: Option<&Onboarding>) -> Self {
        let closing = |step: &Step| onboarding?.steps.get(&step.key()).map(|closed| closed.closing);
        let steps = steps.into_iter().map(|step| (closing(&step), step)).map(|(closing, step)| (step, closing)).collect::<Vec<_>>();
        let is_finished = onboarding.is_some_and(|onboarding| onboarding.finished_at.is_some())
            || steps.iter().all(|(_, closing)| closing.is_some());
        Self { steps, is_finished }
    }

    /// The first step that is open.
    #[must_use]
    pub fn first_open(&self) -> Option<&Step> {
        self.steps.iter().find(|(_, closing)| closing.is_none()).map(|(step, _)| step)
    }

    /// The step of that name, and how it was closed.
    #[must_use]
    pub fn step(&self, name: &str) -> Option<(&Step, Option<Closing>)> {
        self.steps.iter().find(|(step, _)| step.key().as_str() == name).map(|(step, closing)| (step, *closing))
    }
}
