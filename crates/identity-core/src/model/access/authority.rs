//! Permission as a type: the holder of an [`Administrator`] has been found to be one.

use super::{GrantableBy, Role, Subscription};
use crate::{
    model::{account::Account, session::CurrentUser},
    value::CompanyId,
};

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
    /// The administrator that a person is, if they are one.
    #[must_use]
    pub fn of(user: &CurrentUser) -> Option<Self> {
        Self::by_roles(&user.account)
    }

    /// The administrator that an active account is by its roles, whatever its person has to do first: what was given before stands.
    pub(crate) fn by_roles(account: &Account) -> Option<Self> {
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
    /// The operator that a person is, if they are one.
    #[must_use]
    pub fn of(user: &CurrentUser) -> Option<Self> {
        let account = &user.account;
        (account.is_active() && account.is_operator()).then(|| Self { account: account.clone() })
    }

    /// The account that acts.
    #[must_use]
    pub const fn account(&self) -> &Account {
        &self.account
    }
}
