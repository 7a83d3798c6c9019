//! What an operator sets, as far as the domain is concerned.

use crate::{
    model::{
        account::{Account, DeletionSettings, RequiredAction},
        custom_field::Fields,
        email_change::EmailChangeSettings,
        onboarding::OnboardingSettings,
        outbox::{DeclaredKind, DeliveryLimits},
        password::{PasswordPolicy, Preset},
        question::SecurityQuestions,
        recovery::RecoverySettings,
        registration::RegistrationSettings,
        session::SessionLimits,
        throttle::ThrottleSettings,
    },
    value::{Language, Lifetime, PublicUrl},
};

/// The settings of one installation.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The product's name, as pages and mails say it.
    pub product_name: String,
    /// The base of every link.
    pub public_url: PublicUrl,
    /// The languages that pages and mails exist in, the default first; never empty.
    pub languages: Vec<Language>,
    /// The one policy of every path that sets a password.
    pub password_policy: PasswordPolicy,
    /// How long an invitation lasts where the inviter says nothing.
    pub invitation_lifetime: Lifetime,
    /// The longest that an invitation may last.
    pub max_invitation_lifetime: Lifetime,
    /// How long sessions last.
    pub session_limits: SessionLimits,
    /// How mail is worked off.
    pub delivery: DeliveryLimits,
    /// Who may sign up by themselves, and how.
    pub registration: RegistrationSettings,
    /// What people are asked for, beyond what every installation asks.
    pub fields: Fields,
    /// How passwords are recovered.
    pub recovery: RecoverySettings,
    /// The kinds of notifications that the host sends and people may switch off, beside those that are built in.
    pub notifications: Vec<DeclaredKind>,
    /// How often what may be tried.
    pub throttle: ThrottleSettings,
    /// How addresses are changed.
    pub email_change: EmailChangeSettings,
    /// What newcomers are led through.
    pub onboarding: OnboardingSettings,
    /// The security questions that people may answer; nothing of them is anywhere where there are none.
    pub security_questions: Option<SecurityQuestions>,
    /// How accounts are deleted by their persons.
    pub deletion: DeletionSettings,
}

impl Settings {
    /// How long an invitation lasts by default.
    pub const INVITATION_LIFETIME: Lifetime = Lifetime::of_days(7);
    /// How long an invitation lasts at most by default.
    pub const MAX_INVITATION_LIFETIME: Lifetime = Lifetime::of_days(30);

    /// The defaults for a product at this address: in English, by invitation only. An invitation lasts 7 days, and 30 at most. Each other
    /// part is the `Default` of its type.
    #[must_use]
    pub fn new(product_name: impl Into<String>, public_url: PublicUrl) -> Self {
        Self {
            product_name: product_name.into(),
            public_url,
            languages: vec![Language::english()],
            password_policy: PasswordPolicy::preset(Preset::Classic),
            invitation_lifetime: Self::INVITATION_LIFETIME,
            max_invitation_lifetime: Self::MAX_INVITATION_LIFETIME,
            session_limits: SessionLimits::default(),
            delivery: DeliveryLimits::default(),
            registration: RegistrationSettings::default(),
            fields: Fields::default(),
            recovery: RecoverySettings::default(),
            notifications: Vec::new(),
            throttle: ThrottleSettings::default(),
            email_change: EmailChangeSettings::default(),
            onboarding: OnboardingSettings::default(),
            security_questions: None,
            deletion: DeletionSettings::default(),
        }
    }

    /// The language where nothing else is known.
    #[must_use]
    pub fn default_language(&self) -> Language {
        self.languages.first().cloned().unwrap_or_else(Language::english)
    }

    /// The language of pages and mails that is meant by a tag: `ar` by `ar-EG`. None where there are no texts in it.
    #[must_use]
    pub fn spoken(&self, language: &Language) -> Option<Language> {
        language.best_of(&self.languages).cloned()
    }

    /// What an account has to do before anything else, by what is set now: nobody has to answer questions that are not asked any more.
    pub fn required_of(&self, account: &Account) -> impl Iterator<Item = RequiredAction> {
        let asks = self.security_questions.as_ref().is_some_and(SecurityQuestions::are_required);
        account.required_actions.iter().copied().filter(move |action| asks || *action != RequiredAction::AnswerSecurityQuestions)
    }

    /// Whether an account is in use, and its person has nothing to do first.
    #[must_use]
    pub fn may_go_on(&self, account: &Account) -> bool {
        account.is_active() && self.required_of(account).next().is_none()
    }
}
