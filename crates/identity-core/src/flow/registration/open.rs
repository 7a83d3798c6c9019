//! Opening the account of a registration, with its company.

use std::collections::BTreeSet;

use crate::{
    change::{AccountChange, AuditChange, Change, CompanyChange, TermsChange},
    model::{
        account::{Account, NewAccount},
        audit::{Action, Actor, AuditEvent, NewEventIds, Subject},
        company::Company,
        password::Password,
        registration::{Application, Registration},
        terms::TermsAcceptance,
    },
    port::{EntropyError, IdSource},
    value::{AccountId, CompanyId, RoleKey, Timestamp},
};

/// What a new account is made from that must be fresh.
pub(super) struct NewAccountIds {
    account: AccountId,
    company: CompanyId,
    pub(super) created: NewEventIds,
    agreed: NewEventIds,
}

impl NewAccountIds {
    pub(super) fn generate(ids: &IdSource<'_>) -> Result<Self, EntropyError> {
        Ok(Self { account: ids.id()?, company: ids.id()?, created: ids.event()?, agreed: ids.event()? })
    }
}

/// The account of a registration with its new company, which it administers, and the changes that open both. The company is trusted
/// where an operator (`by`) approved it.
pub(super) fn opened(
    registration: &Registration,
    application: &Application,
    by: Option<AccountId>,
    now: Timestamp,
    fresh: &NewAccountIds,
) -> (Account, Vec<Change>) {
    let name = registration.company_name.clone();
    let company = Company { id: fresh.company, name, created_at: now, is_trusted: by.is_some(), version: 1 };
    let new = NewAccount {
        id: fresh.account,
        company: company.id,
        email: registration.email.clone(),
        first_name: registration.first_name.clone(),
        last_name: registration.last_name.clone(),
        language: registration.language.clone(),
        answers: registration.answers.clone(),
        time_zone: application.time_zone.clone(),
        roles: BTreeSet::from([RoleKey::company_administrator()]),
        subscriptions: BTreeSet::new(),
    };
    let account = Account::opened(new, now);
    let actor = Actor::Account(account.id);
    let subject = Subject::Entry(application.terms.to_string());
    let agreed = AuditEvent::new(&fresh.agreed, now, Action::TermsAccepted, actor, subject);
    let changes = vec![
        Change::Company(CompanyChange::Open(company)),
        Change::Account(AccountChange::Open {
            account: account.clone(),
            password: Password::chosen(application.password.clone(), application.submitted_at),
            granted_by: by,
        }),
        Change::Terms(TermsChange::Accept(TermsAcceptance {
            account: account.id,
            number: application.terms,
            language: application.terms_language.clone(),
            text_hash: application.text_hash,
            accepted_at: application.submitted_at,
        })),
        Change::Audit(AuditChange::Record(agreed)),
    ];
    (account, changes)
}
