//! Which accounts an administrator may act on.

use crate::{
    change::CommitError,
    flow::Fault,
    model::{
        access::{Administrator, Scope},
        account::Account,
    },
    port::Ports,
    value::AccountId,
};

/// Why an administrator's act on an account was not done.
#[derive(Debug, thiserror::Error)]
pub enum AdministrationError {
    /// There is no such account where the administrator may act.
    #[error("there is no such account")]
    NotFound,
    /// Nobody does this to the account they are signed in with.
    #[error("you cannot do this to your own account")]
    OwnAccount,
    /// Only operators act on operators.
    #[error("only an operator can do this to an operator")]
    NotAllowed,
    /// The account, or the administrator's own, changed in the meantime.
    #[error("this has just been changed by somebody else: look again")]
    Conflict,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(AdministrationError);

impl From<CommitError> for AdministrationError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Rejected(_) => Self::Conflict,
            CommitError::Unavailable(error) => error.into(),
        }
    }
}

/// The account, where the administrator may act on it.
pub(crate) async fn reach(ports: &Ports, by: &Administrator, id: AccountId) -> Result<Account, AdministrationError> {
    let found = ports.store.account(id).await?;
    let account = found.filter(|account| by.may_administer(account.company)).ok_or(AdministrationError::NotFound)?;
    if account.id == by.account().id {
        return Err(AdministrationError::OwnAccount);
    }
    if account.is_operator() && by.scope() != Scope::Everywhere {
        return Err(AdministrationError::NotAllowed);
    }
    Ok(account)
}
