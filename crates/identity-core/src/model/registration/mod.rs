//! Self-registration: how a person gets in without being invited, where that is allowed.

mod code;
mod settings;

pub use code::{Code, IssuedCode};
pub use settings::{AddressVerification, NotAdmitted, RegistrationMode, RegistrationSettings};

use crate::{
    model::{account::CustomFieldValues, link::Generation, password::PasswordHash, terms::TermsNumber},
    value::{
        AccountId, CompanyName, CountryCode, EmailAddress, Language, PersonName, RegistrationId, TimeZone, Timestamp, TokenDigest,
    },
};

crate::value::vocabulary! {
    /// Where a registration stands. That it has lapsed is seen by the clock, not stored.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum RegistrationState {
        /// Somebody typed an address: nothing is known of them yet.
        Requested = "requested",
        /// The person behind the address set a password, and waits to be let in.
        AwaitingApproval = "awaiting_approval",
        /// The account is open.
        Completed = "completed",
        /// An operator did not let the person in.
        Rejected = "rejected",
    }
}

/// What the person behind the address set, kept until an operator has decided.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Application {
    /// The password's hash.
    pub password: PasswordHash,
    /// The terms that were agreed to.
    pub terms: TermsNumber,
    /// In which language they were shown.
    pub terms_language: Language,
    /// SHA-256 of the text that was shown.
    pub text_hash: [u8; 32],
    /// The zone of the person's browser, for the account.
    pub time_zone: TimeZone,
    /// When.
    pub submitted_at: Timestamp,
}

/// A registration. A person who typed the address decides nothing: name and company are what the person behind it submits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Registration {
    /// Its id.
    pub id: RegistrationId,
    /// The digest of the flow that the sign-up was answered with: who holds it may type the code.
    pub flow: TokenDigest,
    /// The address.
    pub email: EmailAddress,
    /// First name.
    pub first_name: PersonName,
    /// Last name.
    pub last_name: PersonName,
    /// The name of the new company.
    pub company_name: CompanyName,
    /// Where the company is.
    pub country: CountryCode,
    /// The language to write in.
    pub language: Language,
    /// What was answered to the fields that the operator asks for.
    pub answers: CustomFieldValues,
    /// Where it stands.
    pub state: RegistrationState,
    /// The generation of the links that count.
    pub generation: Generation,
    /// The code that was mailed last, and is not used yet.
    pub code: Option<IssuedCode>,
    /// How often codes were tried since the last one was mailed.
    pub code_tries: u32,
    /// What waits for approval.
    pub application: Option<Application>,
    /// The account that it opened.
    pub account: Option<AccountId>,
    /// When somebody signed up.
    pub requested_at: Timestamp,
    /// When it lapses by itself.
    pub expires_at: Timestamp,
    /// Raised by every change but those of the code.
    pub version: u32,
}

/// The registration is over: nothing can be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the registration is {}", .0.as_str())]
pub struct Over(pub RegistrationState);

impl Registration {
    /// Whether its person can still activate it.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.state == RegistrationState::Requested && now < self.expires_at
    }

    fn next(&self) -> Self {
        Self { version: self.version.saturating_add(1), ..self.clone() }
    }

    fn ended(&self, state: RegistrationState, from: RegistrationState) -> Result<Self, Over> {
        if self.state != from {
            return Err(Over(self.state));
        }
        // The links of the generation die with the state that they belong to.
        Ok(Self { state, generation: self.generation.saturating_add(1), ..self.next() })
    }

    /// A mail is about to be sent: it lasts as long as its links do.
    ///
    /// # Errors
    /// [`Over`]
    pub fn sending(&self, expires_at: Timestamp) -> Result<Self, Over> {
        if self.state != RegistrationState::Requested {
            return Err(Over(self.state));
        }
        Ok(Self { expires_at: self.expires_at.max(expires_at), ..self.next() })
    }

    /// Completed by its person, who is in.
    ///
    /// # Errors
    /// [`Over`]
    pub fn completed(&self, account: AccountId) -> Result<Self, Over> {
        Ok(Self { account: Some(account), ..self.ended(RegistrationState::Completed, RegistrationState::Requested)? })
    }

    /// Completed by its person, who waits to be let in.
    ///
    /// # Errors
    /// [`Over`]
    pub fn applied(&self, application: Application, expires_at: Timestamp) -> Result<Self, Over> {
        let next = self.ended(RegistrationState::AwaitingApproval, RegistrationState::Requested)?;
        Ok(Self { application: Some(application), expires_at, ..next })
    }

    /// Let in. Nothing of the application stays here.
    ///
    /// # Errors
    /// [`Over`]
    pub fn approved(&self, account: AccountId) -> Result<Self, Over> {
        let next = self.ended(RegistrationState::Completed, RegistrationState::AwaitingApproval)?;
        Ok(Self { account: Some(account), application: None, ..next })
    }

    /// Not let in. Nothing of the application stays here.
    ///
    /// # Errors
    /// [`Over`]
    pub fn rejected(&self) -> Result<Self, Over> {
        Ok(Self { application: None, ..self.ended(RegistrationState::Rejected, RegistrationState::AwaitingApproval)? })
    }

    /// First and last name as one text.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}
