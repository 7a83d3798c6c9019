//! Who may sign up by themselves, and how an address is proved.

use std::collections::BTreeSet;

use crate::value::{EmailAddress, Lifetime};

/// Who may sign up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistrationMode {
    /// Nobody: who is not invited does not get in.
    Closed,
    /// Everybody.
    Open,
    /// A person who has an address at one of these domains (lower-case A-labels); sub-domains are others.
    Domains(BTreeSet<String>),
}

crate::value::vocabulary! {
    /// How an address is proved.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum AddressVerification {
        /// By a link in a mail.
        Link = "link",
        /// By a code in a mail, typed on the page.
        Code = "code",
        /// By either: one mail carries both.
        LinkAndCode = "link_and_code",
    }
}

impl AddressVerification {
    /// Whether mails carry a link.
    #[must_use]
    pub const fn has_link(self) -> bool {
        matches!(self, Self::Link | Self::LinkAndCode)
    }

    /// Whether mails carry a code.
    #[must_use]
    pub const fn has_code(self) -> bool {
        matches!(self, Self::Code | Self::LinkAndCode)
    }
}

/// What an operator sets of self-registration.
#[derive(Clone, Debug)]
pub struct RegistrationSettings {
    /// Who may sign up.
    pub mode: RegistrationMode,
    /// How an address is proved.
    pub verification: AddressVerification,
    /// Whether an operator lets each person in.
    pub approval: bool,
    /// Whether addresses of services for disposable mail are refused.
    pub refuse_disposable: bool,
    /// How long a mailed link works.
    pub lifetime: Lifetime,
    /// How long a mailed code works.
    pub code_lifetime: Lifetime,
    /// How long somebody waits for approval at most.
    pub approval_lifetime: Lifetime,
}

/// Only invited people register. Where others may, a link and a code prove an address: a day for the link, 10 minutes for the code
/// (ASVS 5.0 V6.5.5). Addresses for disposable mail are refused; nobody has to be approved, and approval may take 30 days.
impl Default for RegistrationSettings {
    fn default() -> Self {
        Self {
            mode: RegistrationMode::Closed,
            verification: AddressVerification::LinkAndCode,
            approval: false,
            refuse_disposable: true,
            lifetime: Lifetime::of_days(1),
            code_lifetime: Lifetime::of_minutes(10),
            approval_lifetime: Lifetime::of_days(30),
        }
    }
}

/// Why an address may not be signed up with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAdmitted {
    /// Nobody may sign up.
    #[error("nobody can sign up here: ask for an invitation")]
    Closed,
    /// The address is not at one of the domains.
    #[error("addresses of this domain cannot sign up: use your company's address, or ask for an invitation")]
    Domain,
    /// The address is a disposable one.
    #[error("use an address that stays yours: this one is of a service for disposable mail")]
    Disposable,
}

impl RegistrationSettings {
    /// Whether an address may be signed up with, which may be of a service for disposable mail. Says nothing of who has an account.
    ///
    /// # Errors
    /// [`NotAdmitted`]
    pub fn admits(&self, email: &EmailAddress, is_disposable: bool) -> Result<(), NotAdmitted> {
        match &self.mode {
            RegistrationMode::Closed => return Err(NotAdmitted::Closed),
            RegistrationMode::Domains(domains) if !domains.contains(email.domain()) => return Err(NotAdmitted::Domain),
            RegistrationMode::Open | RegistrationMode::Domains(_) => {}
        }
        if self.refuse_disposable && is_disposable {
            return Err(NotAdmitted::Disposable);
        }
        Ok(())
    }
}
