//! All adapters of a test at once.

use std::{collections::BTreeMap, sync::Arc};

use identity_core::{
    flow::Flows,
    model::{
        Settings,
        outbox::DeliveryLimits,
        registration::{RegistrationMode, RegistrationSettings},
    },
    port::{Ports, Store},
    value::{Language, Lifetime, PublicUrl},
};

use crate::{
    Faults, ManualClock, MemoryStore, PlainHasher, PlainPhoneNumbers, RecordingMailer, ScriptedBreaches, ScriptedDomains,
    ScriptedFitter, ScriptedMeter, SeededEntropy,
};

/// The in-memory adapters, and the flows over them.
#[derive(Clone)]
pub struct Kit {
    /// The clock; move it.
    pub clock: Arc<ManualClock>,
    /// The mails that were sent.
    pub mailer: RecordingMailer,
    /// Which calls fail, and which were made.
    pub faults: Faults,
    /// The ports that flows are made over.
    pub ports: Ports,
    /// The settings that flows are made with.
    pub settings: Arc<Settings>,
}

impl Default for Kit {
    fn default() -> Self {
        Self::new()
    }
}

impl Kit {
    /// Everything in memory.
    #[must_use]
    pub fn new() -> Self {
        let faults = Faults::default();
        let store = Arc::new(MemoryStore::with_faults(faults.clone()));
        Self::over(store, faults)
    }

    /// Everything in memory but the store.
    #[must_use]
    pub fn over(store: Arc<dyn Store>, faults: Faults) -> Self {
        let clock = Arc::new(ManualClock::default());
        let mailer = RecordingMailer::with_faults(faults.clone());
        let ports = Ports {
            store,
            hasher: Arc::new(PlainHasher::with_faults(faults.clone())),
            meter: Arc::new(ScriptedMeter),
            breached: Arc::new(ScriptedBreaches),
            disposable: Arc::new(ScriptedDomains),
            pictures: Arc::new(ScriptedFitter::with_faults(faults.clone())),
            phone_numbers: Arc::new(PlainPhoneNumbers),
            mailer: Arc::new(mailer.clone()),
            clock: clock.clone(),
            entropy: Arc::new(SeededEntropy::with_faults(7, faults.clone())),
        };
        let settings = Arc::new(settings().unwrap_or_else(|error| unreachable!("{error}")));
        Self { clock, mailer, faults, ports, settings }
    }

    /// The same adapters under other settings.
    #[must_use]
    pub fn with(&self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings::clone(&self.settings);
        change(&mut settings);
        Self { settings: Arc::new(settings), ..self.clone() }
    }

    /// Every flow over these adapters.
    #[must_use]
    pub fn flows(&self) -> Flows {
        Flows::new(&self.ports, &self.settings)
    }

    /// A placeholder text of the terms.
    #[must_use]
    pub fn terms() -> BTreeMap<Language, String> {
        BTreeMap::from([(Language::english(), "Be kind.".to_owned())])
    }
}

fn settings() -> Result<Settings, Box<dyn std::error::Error>> {
    let standard = Settings::new("Identity", PublicUrl::parse("https://id.example.org")?);
    Ok(Settings {
        languages: vec![Language::english(), Language::parse("ar")?],
        delivery: DeliveryLimits { lease: Lifetime::parse("PT5M")?, attempts: 5, ..standard.delivery },
        registration: RegistrationSettings { mode: RegistrationMode::Open, ..RegistrationSettings::default() },
        ..standard
    })
}
