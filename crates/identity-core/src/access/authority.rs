//! Permission as a type: whoever holds an [`Administrator`] has been found to be one.

use super::{GrantableBy, Role, Subscription};
use crate::{account::Account, value::CompanyId};

/// Where an administrator may act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// In every company: an operator.
    Everywhere,
    /// In one company.
    Company(CompanyId),
}

/// An active account that administers its company or, as an operator, all of them.
#[derive(Clone, Debug)]
pub struct Administrator {
    account: Account,
    scope: Scope,
}

impl Administrator {
    /// The administrator that an account is, if it is one: active, and holding the role.
    #[must_use]
    pub fn of(account: &Account) -> Option<Self> {
        if !account.is_active() {
            return None;
        }
        let scope = if account.is_operator() {
            Scope::Everywhere
        } else if account.is_company_administrator() {
            Scope::Company(account.company)
        } else {
            return None;
        };
        Some(Self { account: account.clone(), scope })
    }

    /// The account that acts.
    #[must_use]
    pub const fn account(&self) -> &Account {
        &self.account
    }

    /// Where it may act.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        self.scope
    }

    /// What of a scope it may act in, if anything.
    #[must_use]
    pub fn within(&self, asked: Scope) -> Option<Scope> {
        match asked {
            Scope::Everywhere => Some(self.scope),
            Scope::Company(company) => self.may_administer(company).then_some(asked),
        }
    }

    /// Whether it may act in a company.
    #[must_use]
    pub fn may_administer(&self, company: CompanyId) -> bool {
        match self.scope {
            Scope::Everywhere => true,
            Scope::Company(own) => own == company,
        }
    }

    /// Whether it may grant a role.
    #[must_use]
    pub const fn may_grant_role(&self, role: &Role) -> bool {
        self.may_grant(role.grantable_by)
    }

    /// Whether it may grant a subscription.
    #[must_use]
    pub const fn may_grant_subscription(&self, subscription: &Subscription) -> bool {
        self.may_grant(subscription.grantable_by)
    }

    const fn may_grant(&self, level: GrantableBy) -> bool {
        match (self.scope, level) {
            (Scope::Everywhere, _) | (Scope::Company(_), GrantableBy::Administrator) => true,
            (Scope::Company(_), GrantableBy::Operator) => false,
        }
    }
}

/// An active account that runs the installation.
#[derive(Clone, Debug)]
pub struct Operator {
    account: Account,
}

impl Operator {
    /// The operator that an account is, if it is one.
    #[must_use]
    pub fn of(account: &Account) -> Option<Self> {
        (account.is_active() && account.is_operator()).then(|| Self { account: account.clone() })
    }

    /// The account that acts.
    #[must_use]
    pub const fn account(&self) -> &Account {
        &self.account
    }
}
