use identity_core::{
    model::onboarding::{Closing, Progress, Step},
    value::Language,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Reader;
use crate::problem::Problem;

/// A step of the first login.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SetupStep)]
pub(crate) struct OnboardingStep {
    /// Its key: `profile`, `picture`, `settings`, `tutorial`, or one of the host's.
    key: String,
    /// `open`, `done` or `skipped`.
    state: String,
    /// What a step of the host's is called, in the person's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    /// The page of a step of the host's.
    #[serde(skip_serializing_if = "Option::is_none")]
    href: Option<String>,
}

/// How far one has come in the first login.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Setup)]
pub(crate) struct Onboarding {
    /// The steps, in their order.
    steps: Vec<OnboardingStep>,
    /// Whether the login leads there no more: every step was closed, or was at some time.
    is_finished: bool,
}

impl Onboarding {
    pub(crate) fn of(progress: &Progress, language: &Language) -> Self {
        let step = |(step, closing): &(Step, Option<Closing>)| {
            let (label, href) = match step {
                Step::BuiltIn(_) => (None, None),
                Step::Declared(declared) => (Some(declared.label.for_reader(language).to_owned()), Some(declared.href.clone())),
            };
            OnboardingStep { key: step.key().to_string(), state: closing.map_or("open", Closing::as_str).to_owned(), label, href }
        };
        Self { steps: progress.steps.iter().map(step).collect(), is_finished: progress.is_finished }
    }
}

/// Closes a step.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CloseStep {
    /// `done` or `skipped`.
    state: String,
}

impl CloseStep {
    pub(crate) fn read(&self) -> Result<Closing, Problem> {
        let mut reader = Reader::default();
        let closing = reader.read("state", Closing::parse(&self.state).ok_or("use done or skipped"));
        Ok(reader.finish(closing)?)
    }
}
