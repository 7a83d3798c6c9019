//! Defining roles and subscriptions.

use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, CommitError, Rejection, RoleChange, SubscriptionChange, Unavailable},
    flow::Fault,
    model::{
        access::{GrantableBy, Operator, Role, Subscription},
        audit::{Action, Actor, AuditEvent, Subject},
    },
    port::{IdSource, Ports},
    value::{AccessText, RoleKey, SubscriptionKey},
};

/// A role or a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A role.
    Role(Role),
    /// A subscription.
    Subscription(Subscription),
}

/// Which entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DefineEntry {
    /// A role.
    Role(RoleKey),
    /// A subscription.
    Subscription(SubscriptionKey),
}

/// What an entry is to say.
#[derive(Clone, Debug)]
pub struct AccessCommand {
    /// Which entry.
    pub entry: DefineEntry,
    /// Its name for people.
    pub name: AccessText,
    /// What it is for.
    pub description: Option<AccessText>,
    /// Who may grant it.
    pub grantable_by: GrantableBy,
}

/// Why nothing was defined.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// The key is taken.
    #[error("the key is taken")]
    KeyTaken,
    /// There is no such entry.
    #[error("there is no such entry")]
    NotFound,
    /// The built-in roles keep who may grant them.
    #[error("who may grant a built-in role cannot be changed")]
    BuiltIn,
    /// The entry or the operator's own account changed in the meantime.
    #[error("this has just been changed by somebody else: look again")]
    Conflict,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(AccessError);

/// Defines and revises roles and subscriptions.
pub struct ManageAccess {
    ports: Ports,
}

impl ManageAccess {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Defines a new entry.
    ///
    /// # Errors
    /// [`AccessError`]; nothing was changed.
    pub async fn define(&self, by: &Operator, command: AccessCommand) -> Result<Entry, AccessError> {
        let entry = entry_of(command, 1);
        let change = match entry.clone() {
            Entry::Role(role) => Change::Role(RoleChange::Define(role)),
            Entry::Subscription(subscription) => Change::Subscription(SubscriptionChange::Define(subscription)),
        };
        self.commit(by, entry, change).await
    }

    /// Gives an entry another name, description or level.
    ///
    /// # Errors
    /// [`AccessError`]; nothing was changed.
    pub async fn revise(&self, by: &Operator, command: AccessCommand) -> Result<Entry, AccessError> {
        let before = self.version(&command.entry).await?.ok_or(AccessError::NotFound)?;
        let entry = entry_of(command, before.saturating_add(1));
        let change = match entry.clone() {
            Entry::Role(role) => {
                let fixed =
                    [(RoleKey::operator(), GrantableBy::Operator), (RoleKey::company_administrator(), GrantableBy::Administrator)];
                if fixed.iter().any(|(key, level)| *key == role.key && *level != role.grantable_by) {
                    return Err(AccessError::BuiltIn);
                }
                Change::Role(RoleChange::Revise(role))
            }
            Entry::Subscription(subscription) => Change::Subscription(SubscriptionChange::Revise(subscription)),
        };
        self.commit(by, entry, change).await
    }

    /// All roles, by key.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn roles(&self) -> Result<Vec<Role>, Unavailable> {
        self.ports.store.roles().await
    }

    /// All subscriptions, by key.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn subscriptions(&self) -> Result<Vec<Subscription>, Unavailable> {
        self.ports.store.subscriptions().await
    }

    async fn version(&self, entry: &DefineEntry) -> Result<Option<u32>, Unavailable> {
        Ok(match entry {
            DefineEntry::Role(key) => self.roles().await?.iter().find(|role| role.key == *key).map(|role| role.version),
            DefineEntry::Subscription(key) => {
                self.subscriptions().await?.iter().find(|entry| entry.key == *key).map(|entry| entry.version)
            }
        })
    }

    async fn commit(&self, by: &Operator, entry: Entry, change: Change) -> Result<Entry, AccessError> {
        let now = self.ports.clock.now();
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let event = ids.event()?;
        let key = match &entry {
            Entry::Role(role) => role.key.to_string(),
            Entry::Subscription(subscription) => subscription.key.to_string(),
        };
        let account = by.account();
        let recorded =
            AuditEvent::new(&event, now, Action::RoleOrSubscriptionChanged, Actor::Account(account.id), Subject::Entry(key));
        let required = Change::Account(AccountChange::Require { id: account.id, version: account.version });
        let set = ChangeSet::new(ids.id()?, now, vec![required, change, Change::Audit(AuditChange::Record(recorded))])?;
        match self.ports.store.commit(&set).await {
            Ok(()) => Ok(entry),
            Err(CommitError::Rejected(Rejection::Exists(_))) => Err(AccessError::KeyTaken),
            Err(CommitError::Rejected(_)) => Err(AccessError::Conflict),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }
}

fn entry_of(command: AccessCommand, version: u32) -> Entry {
    let AccessCommand { entry, name, description, grantable_by } = command;
    match entry {
        DefineEntry::Role(key) => Entry::Role(Role { key, name, description, grantable_by, version }),
        DefineEntry::Subscription(key) => Entry::Subscription(Subscription { key, name, description, grantable_by, version }),
    }
}
