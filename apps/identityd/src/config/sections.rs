//! The configuration as it is written: one struct for each table. The reference and the schema are made of it.

use std::path::PathBuf;

use anyhow::{Error, anyhow};
use identity_core::value::Language;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    branding::Branding,
    database::Database,
    deletion::Deletion,
    email_change::EmailChange,
    fields::DeclaredField,
    http::Http,
    invitation::Invitation,
    log::Log,
    mail::Mail,
    notifications::Notifications,
    onboarding::Setup,
    password::Password,
    picture::Picture,
    questions::Questions,
    registration::{Activation, Registration},
    reset::Reset,
    security::Security,
    session::Session,
    throttle::Throttle,
    typed::{List, Tables, Text, TextValue, one_of},
};

/// Every table and key there is.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct Sections {
    /// The folder of the SQLite database and of the development mailbox.
    #[schemars(with = "Text<String>")]
    pub(super) data_dir: PathBuf,
    /// The languages of pages and mails, the default first.
    pub(super) languages: List<Text<Spoken>>,
    /// Fields of your own that people are asked for, at most 30. See [fields of your own](operating.md#fields-of-your-own).
    pub(super) fields: Tables<DeclaredField>,
    pub(super) branding: Branding,
    pub(super) http: Http,
    pub(super) database: Database,
    pub(super) log: Log,
    pub(super) mail: Mail,
    pub(super) session: Session,
    pub(super) invitation: Invitation,
    pub(super) registration: Registration,
    pub(super) activation: Activation,
    pub(super) reset: Reset,
    pub(super) password: Password,
    pub(super) email_change: EmailChange,
    pub(super) picture: Picture,
    pub(super) notifications: Notifications,
    pub(super) setup: Setup,
    pub(super) security_questions: Questions,
    pub(super) deletion: Deletion,
    pub(super) throttle: Throttle,
    pub(super) security: Security,
}

/// A language that the program has texts in.
#[derive(Debug)]
pub(super) struct Spoken(Language);

impl TextValue for Spoken {
    const WORDS: &'static [&'static str] = &["en", "ar"];

    fn read(text: &str) -> Result<Self, String> {
        let is_there = Self::WORDS.contains(&text);
        let language = Language::parse(text).ok().filter(|_| is_there);
        language.map(Self).ok_or_else(|| format!("choose from {}, each once", one_of(Self::WORDS)))
    }

    fn show(&self) -> String {
        self.0.as_str().to_owned()
    }
}

impl Default for Sections {
    fn default() -> Self {
        let spoken = Spoken::WORDS.iter().filter_map(|tag| Spoken::read(tag).ok());
        Self {
            data_dir: PathBuf::from("./data"),
            languages: List(spoken.map(Text).collect()),
            fields: Tables::default(),
            branding: Branding::default(),
            http: Http::default(),
            database: Database::default(),
            log: Log::default(),
            mail: Mail::default(),
            session: Session::default(),
            invitation: Invitation::default(),
            registration: Registration::default(),
            activation: Activation::default(),
            reset: Reset::default(),
            password: Password::default(),
            email_change: EmailChange::default(),
            picture: Picture::default(),
            notifications: Notifications::default(),
            setup: Setup::default(),
            security_questions: Questions::default(),
            deletion: Deletion::default(),
            throttle: Throttle::default(),
            security: Security::default(),
        }
    }
}

impl Sections {
    pub(super) fn data_dir(&self) -> Result<PathBuf, Error> {
        // A shell would have replaced it; here it would be a folder of that name.
        if self.data_dir.starts_with("~") {
            return Err(anyhow!("data_dir: write the whole path, since ~ stands for your home folder in a shell only"));
        }
        if self.data_dir.as_os_str().to_string_lossy().trim().is_empty() {
            return Err(anyhow!("data_dir: name a folder, such as /var/lib/identity"));
        }
        Ok(self.data_dir.clone())
    }

    pub(super) fn languages(&self) -> Result<Vec<Language>, Error> {
        let languages = self.languages.0.iter().map(|Text(Spoken(language))| language.clone()).collect::<Vec<_>>();
        let is_twice =
            languages.iter().enumerate().any(|(at, language)| languages.iter().take(at).any(|before| before == language));
        if languages.is_empty() || is_twice {
            return Err(anyhow!("languages: choose from {}, each once", one_of(Spoken::WORDS)));
        }
        Ok(languages)
    }
}
