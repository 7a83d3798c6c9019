//! Accounts: the persons that are in.

mod deletion;
mod picture;
mod profile;

pub use deletion::{Deletion, DeletionSettings};
pub use picture::Picture;
pub use profile::{CustomFieldValues, Preferences, Profile};

use std::collections::BTreeSet;

use crate::{
    model::link::Generation,
    value::{AccountId, CompanyId, EmailAddress, Language, PersonName, PictureName, RoleKey, SubscriptionKey, TimeZone, Timestamp},
};

crate::value::vocabulary! {
    /// What a person has to do before anything else.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum RequiredAction {
        /// Choose a new password.
        ChangePassword = "change_password",
        /// Accept the terms in force.
        AcceptTerms = "accept_terms",
        /// Answer security questions.
        AnswerSecurityQuestions = "answer_security_questions",
    }
}

/// The recovery of an account: which of its links count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Recovery {
    /// The generation of the links that count.
    pub generation: Generation,
    /// When it was last raised: what was asked for before leads to nothing any more.
    pub since: Timestamp,
}

crate::value::vocabulary! {
    /// Whether an account may be used.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum AccountState {
        /// Usable.
        Active = "active",
        /// Switched off by an administrator: no login, no session, no invitation of its holds.
        Disabled = "disabled",
    }
}

/// A person's account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Account {
    /// The account's id.
    pub id: AccountId,
    /// The company it belongs to.
    pub company: CompanyId,
    /// The confirmed address; unique by its canonical spelling.
    pub email: EmailAddress,
    /// First name.
    pub first_name: PersonName,
    /// Last name.
    pub last_name: PersonName,
    /// The language of pages and mails.
    pub language: Language,
    /// What the person says of themselves.
    pub profile: Profile,
    /// How the person wants to be written to.
    pub preferences: Preferences,
    /// Whether it may be used.
    pub state: AccountState,
    /// The roles it holds.
    pub roles: BTreeSet<RoleKey>,
    /// The subscriptions it has.
    pub subscriptions: BTreeSet<SubscriptionKey>,
    /// What its person has to do before anything else.
    pub required_actions: BTreeSet<RequiredAction>,
    /// Which links to a new password count.
    pub recovery: Recovery,
    /// Raised by whatever ends sessions: a session counts only in the epoch that it was started in.
    pub session_epoch: u32,
    /// The deletion that its person has asked for.
    pub deletion: Option<Deletion>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// Raised by every change, of state, rights, address and password as of name and settings: what was decided by an older version is refused.
    pub version: u32,
}

/// What an account begins with.
pub(crate) struct NewAccount {
    pub(crate) id: AccountId,
    pub(crate) company: CompanyId,
    pub(crate) email: EmailAddress,
    pub(crate) first_name: PersonName,
    pub(crate) last_name: PersonName,
    pub(crate) language: Language,
    pub(crate) answers: CustomFieldValues,
    pub(crate) time_zone: TimeZone,
    pub(crate) roles: BTreeSet<RoleKey>,
    pub(crate) subscriptions: BTreeSet<SubscriptionKey>,
}

impl Account {
    /// A new account: active, with nothing to do first.
    pub(crate) fn opened(new: NewAccount, now: Timestamp) -> Self {
        Self {
            id: new.id,
            company: new.company,
            email: new.email,
            first_name: new.first_name,
            last_name: new.last_name,
            language: new.language,
            profile: Profile { answers: new.answers, ..Profile::default() },
            preferences: Preferences { time_zone: new.time_zone, ..Preferences::default() },
            state: AccountState::Active,
            roles: new.roles,
            subscriptions: new.subscriptions,
            required_actions: BTreeSet::new(),
            recovery: Recovery { generation: 1, since: now },
            session_epoch: 0,
            deletion: None,
            created_at: now,
            version: 1,
        }
    }

    /// Whether the account may be used.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.state == AccountState::Active
    }

    /// Whether it holds the role of an operator.
    #[must_use]
    pub fn is_operator(&self) -> bool {
        self.roles.contains(&RoleKey::operator())
    }

    /// Whether it holds the role of a company administrator.
    #[must_use]
    pub fn is_company_administrator(&self) -> bool {
        self.roles.contains(&RoleKey::company_administrator())
    }

    /// The account in another state. The version rises, so that what was decided by the older one is refused, and links to a new
    /// password die.
    #[must_use]
    pub fn switched(&self, state: AccountState, now: Timestamp) -> Self {
        Self { state, ..self.with_recovery_ended(now) }.in_next_epoch()
    }

    /// The account with every session of before dead.
    #[must_use]
    pub fn with_sessions_ended(&self) -> Self {
        Self { version: self.version.saturating_add(1), ..self.clone() }.in_next_epoch()
    }

    /// The account as it is when its address moves: links to a new password and sessions die.
    #[must_use]
    pub fn with_address_moved(&self, now: Timestamp) -> Self {
        self.with_recovery_ended(now).in_next_epoch()
    }

    fn in_next_epoch(self) -> Self {
        Self { session_epoch: self.session_epoch.saturating_add(1), ..self }
    }

    /// The account with every link to a new password dead.
    #[must_use]
    pub fn with_recovery_ended(&self, now: Timestamp) -> Self {
        let recovery = Recovery { generation: self.recovery.generation.saturating_add(1), since: now };
        Self { recovery, version: self.version.saturating_add(1), ..self.clone() }
    }

    /// The account with a password that its person has just chosen.
    #[must_use]
    pub fn with_password_chosen(&self, now: Timestamp) -> Self {
        let mut next = self.with_recovery_ended(now).in_next_epoch();
        next.required_actions.remove(&RequiredAction::ChangePassword);
        next
    }

    /// The account of somebody whose password is another's: links to a new one die, and one has to be chosen before anything else.
    #[must_use]
    pub fn with_password_ended(&self, now: Timestamp) -> Self {
        let mut next = self.with_recovery_ended(now).in_next_epoch();
        next.required_actions.insert(RequiredAction::ChangePassword);
        next
    }

    /// The account of somebody who has to choose a new password before anything else. Links to one stay.
    #[must_use]
    pub fn with_password_change_required(&self) -> Self {
        let mut next = Self { version: self.version.saturating_add(1), ..self.clone() };
        next.required_actions.insert(RequiredAction::ChangePassword);
        next
    }

    /// The account with other roles.
    #[must_use]
    pub fn with_roles(&self, roles: BTreeSet<RoleKey>) -> Self {
        Self { roles, version: self.version.saturating_add(1), ..self.clone() }
    }

    /// The account of somebody who has to accept the terms in force before anything else.
    #[must_use]
    pub fn with_terms_required(&self) -> Self {
        let mut next = Self { version: self.version.saturating_add(1), ..self.clone() };
        next.required_actions.insert(RequiredAction::AcceptTerms);
        next
    }

    /// The account of somebody who has accepted the terms in force.
    #[must_use]
    pub fn with_terms_accepted(&self) -> Self {
        let mut next = Self { version: self.version.saturating_add(1), ..self.clone() };
        next.required_actions.remove(&RequiredAction::AcceptTerms);
        next
    }

    /// The account with more roles and subscriptions; it keeps those that it has.
    #[must_use]
    pub fn with_access(&self, roles: &BTreeSet<RoleKey>, subscriptions: &BTreeSet<SubscriptionKey>) -> Self {
        let mut next = Self { version: self.version.saturating_add(1), ..self.clone() };
        next.roles.extend(roles.iter().cloned());
        next.subscriptions.extend(subscriptions.iter().cloned());
        next
    }
    /// The account with another picture, or none.
    #[must_use]
    pub fn with_picture(&self, picture: Option<PictureName>) -> Self {
        let profile = Profile { picture, ..self.profile.clone() };
        Self { profile, version: self.version.saturating_add(1), ..self.clone() }
    }

    /// The account of somebody who has to answer security questions before anything else.
    #[must_use]
    pub fn with_questions_required(&self) -> Self {
        let mut next = Self { version: self.version.saturating_add(1), ..self.clone() };
        next.required_actions.insert(RequiredAction::AnswerSecurityQuestions);
        next
    }

    /// The account of somebody who has answered security questions.
    #[must_use]
    pub fn with_questions_answered(&self) -> Self {
        let mut next = Self { version: self.version.saturating_add(1), ..self.clone() };
        next.required_actions.remove(&RequiredAction::AnswerSecurityQuestions);
        next
    }

    /// First and last name as one text.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}
