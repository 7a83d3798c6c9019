//! Mails about the deletion of one's own account.

use super::{Decider, Decision, Undecided};
use crate::{model::outbox::EmailContent, value::AccountId};

impl Decider<'_> {
    /// Unless it was undone meanwhile. There is no link in it: the person who signs in can undo it.
    pub(super) async fn deletion_requested(&self, id: AccountId) -> Result<Decision, Undecided> {
        let Some(account) = self.active(id).await? else { return Ok(Decision::Drop) };
        let Some(deletion) = account.deletion else { return Ok(Decision::Drop) };
        let (first_name, erase_at) = (account.first_name.clone(), deletion.erase_at);
        Ok(self.mail_for(&account, EmailContent::DeletionRequested { first_name, erase_at }))
    }

    pub(super) async fn deletion_undone(&self, id: AccountId, with_address: bool) -> Result<Decision, Undecided> {
        let found = self.active(id).await?.filter(|account| account.deletion.is_none());
        let Some(account) = found else { return Ok(Decision::Drop) };
        let first_name = account.first_name.clone();
        Ok(self.mail_for(&account, EmailContent::DeletionUndone { first_name, with_address }))
    }
}
