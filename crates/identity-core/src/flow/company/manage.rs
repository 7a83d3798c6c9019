//! Opening, renaming and trusting companies.

use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, CommitError, CompanyChange, Unavailable},
    flow::Fault,
    model::{
        access::{Administrator, Scope},
        audit::{Action, Actor, AuditEvent, Subject},
        company::Company,
        session::SignedIn,
    },
    port::{Cursor, IdSource, Page, Ports},
    value::{CompanyId, CompanyName},
};

/// What to do with companies.
#[derive(Clone, Debug)]
pub enum CompanyCommand {
    /// Open one.
    Open(CompanyName),
    /// Give one another name.
    Rename(CompanyId, CompanyName),
    /// Trust one that a person opened by signing up.
    Trust(CompanyId),
}

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum CompanyError {
    /// Only operators open companies and trust them.
    #[error("only an operator can open or trust a company")]
    NotAllowed,
    /// There is no such company where the administrator may act.
    #[error("there is no such company")]
    NotFound,
    /// It changed in the meantime.
    #[error("this has just been changed by somebody else: look again")]
    Conflict,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(CompanyError);

/// Opens, renames, trusts and lists companies.
pub struct ManageCompanies {
    ports: Ports,
}

impl ManageCompanies {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Does what is asked.
    ///
    /// # Errors
    /// [`CompanyError`]; nothing was changed.
    pub async fn run(&self, by: &Administrator, command: CompanyCommand) -> Result<Company, CompanyError> {
        let now = self.ports.clock.now();
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let (company, change) = match command {
            CompanyCommand::Open(name) => {
                if by.scope() != Scope::Everywhere {
                    return Err(CompanyError::NotAllowed);
                }
                let company = Company { id: ids.id()?, name, created_at: now, is_trusted: true, version: 1 };
                (company.clone(), Change::Company(CompanyChange::Open(company)))
            }
            CompanyCommand::Rename(id, name) => {
                let found = self.one(by, id).await?.ok_or(CompanyError::NotFound)?;
                let company = Company { name, version: found.version.saturating_add(1), ..found };
                (company.clone(), Change::Company(CompanyChange::Revise(company)))
            }
            CompanyCommand::Trust(id) => {
                if by.scope() != Scope::Everywhere {
                    return Err(CompanyError::NotAllowed);
                }
                let found = self.one(by, id).await?.ok_or(CompanyError::NotFound)?;
                if found.is_trusted {
                    return Ok(found);
                }
                let company = Company { is_trusted: true, version: found.version.saturating_add(1), ..found };
                (company.clone(), Change::Company(CompanyChange::Revise(company)))
            }
        };
        let event = ids.event()?;
        let account = by.account();
        let recorded =
            AuditEvent::new(&event, now, Action::CompanyChanged, Actor::Account(account.id), Subject::Company(company.id));
        let required = Change::Account(AccountChange::Require { id: account.id, version: account.version });
        let set = ChangeSet::new(ids.id()?, now, vec![required, change, Change::Audit(AuditChange::Record(recorded))])?;
        match self.ports.store.commit(&set).await {
            Ok(()) => Ok(company),
            Err(CommitError::Rejected(_)) => Err(CompanyError::Conflict),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }

    /// One company, where the administrator may act in it.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn one(&self, by: &Administrator, id: CompanyId) -> Result<Option<Company>, Unavailable> {
        Ok(self.ports.store.company(id).await?.filter(|company| by.may_administer(company.id)))
    }

    /// The company of the person who is signed in.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn own(&self, signed_in: &SignedIn) -> Result<Option<Company>, Unavailable> {
        self.ports.store.company(signed_in.account.company).await
    }

    /// A part of the list of companies that the administrator may act in. `limit` is brought between 1 and 200.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn list(
        &self,
        by: &Administrator,
        after: Cursor<CompanyId>,
        limit: u16,
    ) -> Result<Page<Company, CompanyId>, Unavailable> {
        match by.scope() {
            Scope::Everywhere => self.ports.store.companies(after, limit.clamp(1, 200)).await,
            Scope::Company(own) => Ok(Page { items: self.ports.store.company(own).await?.into_iter().collect(), next: None }),
        }
    }
}
