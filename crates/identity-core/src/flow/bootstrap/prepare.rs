//! What every installation has from the start.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::{
    change::{Change, ChangeSet, CommitError, RoleChange, TermsChange, Unavailable},
    model::{
        access::{GrantableBy, Role},
        terms::TermsVersion,
    },
    port::Ports,
    value::{AccessText, ChangeSetId, Language, RoleKey, TextError},
};

/// Lays the foundation: the built-in roles and a first version of the terms. Doing it again changes nothing.
pub struct Prepare {
    ports: Ports,
}

impl Prepare {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Lays it; `placeholder` is the text of the first terms, by language.
    ///
    /// # Errors
    /// [`Unavailable`]; nothing was laid.
    pub async fn run(&self, placeholder: BTreeMap<Language, String>) -> Result<(), Unavailable> {
        let now = self.ports.clock.now();
        // Two sets, each with an id of its own that never changes: what stands is left as it is.
        let roles = built_in_roles().map_err(|error| Unavailable::new("roles", error))?;
        self.lay(1, roles.into_iter().map(RoleChange::Define).map(Change::Role).collect(), now).await?;
        let terms = TermsVersion { number: 1, effective_at: now, grace: None, texts: placeholder };
        self.lay(2, vec![Change::Terms(TermsChange::Publish(terms))], now).await
    }

    async fn lay(&self, part: u128, changes: Vec<Change>, now: crate::value::Timestamp) -> Result<(), Unavailable> {
        const FOUNDATION: u128 = 0x0000_0000_0000_7000_8000_0000_0000_0100;
        let id = ChangeSetId::from_uuid(Uuid::from_u128(FOUNDATION + part));
        match self.ports.store.commit(&ChangeSet::new(id, now, changes)?).await {
            Ok(()) | Err(CommitError::Rejected(_)) => Ok(()),
            Err(CommitError::Unavailable(error)) => Err(error),
        }
    }
}

fn built_in_roles() -> Result<[Role; 2], TextError> {
    let text = AccessText::parse;
    Ok([
        Role {
            key: RoleKey::operator(),
            name: text("Operator")?,
            description: Some(text("Runs this installation: may do everything, in every company")?),
            grantable_by: GrantableBy::Operator,
            version: 1,
        },
        Role {
            key: RoleKey::company_administrator(),
            name: text("Company administrator")?,
            description: Some(text("Invites and administers the people of one company")?),
            grantable_by: GrantableBy::Administrator,
            version: 1,
        },
    ])
}
