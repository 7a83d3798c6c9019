//! Mails about changes of addresses.

use super::{Decider, Decision, Undecided};
use crate::{
    change::{AccountChange, Change, LinkChange},
    model::{
        account::Account,
        audit::Subject,
        email_change::{EmailChange, EmailChangeState},
        link::LinkPurpose,
        outbox::{EmailChangeEmail, EmailChangeMail, EmailContent},
    },
    value::{EmailChangeId, Timestamp, TokenKind, TokenSecret},
};

/// What counts the mails that ask to confirm an address.
const KIND: &str = "email change";

impl Decider<'_> {
    pub(super) async fn about_email_change(&self, kind: EmailChangeMail) -> Result<Decision, Undecided> {
        match kind {
            EmailChangeMail::Confirmation { change } => self.email_confirmation(change).await,
            EmailChangeMail::Announced { change } => self.email_change_announced(change).await,
            EmailChangeMail::Changed { change } => self.email_changed(change).await,
            EmailChangeMail::Undone { change } => self.email_change_undone(change).await,
        }
    }

    /// Somebody asked for a new address: it gets a link, unless it is somebody else's. A person who asked learns neither.
    async fn email_confirmation(&self, id: EmailChangeId) -> Result<Decision, Undecided> {
        let Some((change, account)) = self.email_change(id).await? else { return Ok(Decision::Drop) };
        let canonical = change.to.canonical();
        let store = &self.ports.store;
        if !change.is_open(&account, self.now)
            || store.account_by_address(canonical).await?.is_some()
            || store.address_undo_until(canonical, Some(account.id), self.now).await?.is_some()
        {
            return Ok(Decision::Drop);
        }
        let secret = self.ids().secret(TokenKind::EmailConfirmation)?;
        let expires_at = change.expires_at;
        let token = self.token(&secret, (LinkPurpose::EmailConfirmation(id), change.generation), &change.to, expires_at);
        let changes = [
            Change::Account(AccountChange::Require { id: account.id, version: account.version }),
            Change::Link(LinkChange::Issue(token)),
        ];
        let changes = changes.into_iter().chain(self.permit(KIND, &change.to)).collect();
        if !self.commit(Subject::Account(account.id), changes).await? {
            return Ok(Decision::Drop);
        }
        Ok(self.mail_for(&account, EmailContent::EmailChange(EmailChangeEmail::Confirmation { secret, expires_at })))
    }

    /// The old address hears of it whatever became of the change meanwhile, and of no mail too many: or an attacker would see to that.
    async fn email_change_announced(&self, id: EmailChangeId) -> Result<Decision, Undecided> {
        let found = self.email_change(id).await?.filter(|(change, _)| change.state != EmailChangeState::Undone);
        let Some((change, account)) = found else { return Ok(Decision::Drop) };
        let (undo, expires_at) = self.undoable(&change, &account).await?;
        let (first_name, new_address) = (account.first_name.clone(), change.to);
        Ok(self.mail_for(
            &account,
            EmailContent::EmailChange(EmailChangeEmail::Announced { first_name, new_address, undo, expires_at }),
        ))
    }

    async fn email_changed(&self, id: EmailChangeId) -> Result<Decision, Undecided> {
        let found = self.email_change(id).await?.filter(|(change, _)| change.state == EmailChangeState::Confirmed);
        let Some((change, account)) = found else { return Ok(Decision::Drop) };
        let undo = if self.message.to == change.from { Some(self.undoable(&change, &account).await?) } else { None };
        let (first_name, new_address) = (account.first_name.clone(), change.to);
        Ok(self.mail_for(&account, EmailContent::EmailChange(EmailChangeEmail::Changed { first_name, new_address, undo })))
    }

    /// To an administrator.
    async fn email_change_undone(&self, id: EmailChangeId) -> Result<Decision, Undecided> {
        let Some(change) = self.ports.store.email_change(id).await? else { return Ok(Decision::Drop) };
        let Some(account) = self.ports.store.account(change.account).await? else { return Ok(Decision::Drop) };
        let Some(told) = self.told_of(&account).await? else { return Ok(Decision::Drop) };
        let content = EmailContent::EmailChange(EmailChangeEmail::Undone {
            name: account.full_name(),
            address: change.from,
            undone: change.to,
            account: account.id,
        });
        Ok(self.mail_for(&told, content))
    }

    /// A change, and its account where that is active.
    async fn email_change(&self, id: EmailChangeId) -> Result<Option<(EmailChange, Account)>, Undecided> {
        let Some(change) = self.ports.store.email_change(id).await? else { return Ok(None) };
        let account = self.ports.store.account(change.account).await?.filter(Account::is_active);
        Ok(account.map(|account| (change, account)))
    }

    /// Commits a link that undoes a change, mailed to the address that the account had.
    async fn undoable(&self, change: &EmailChange, account: &Account) -> Result<(TokenSecret, Timestamp), Undecided> {
        let undo = self.ids().secret(TokenKind::EmailUndo)?;
        let expires_at = change.undo_until;
        let token = self.token(&undo, (LinkPurpose::EmailUndo(change.id), change.generation), &change.from, expires_at);
        let required = Change::Account(AccountChange::Require { id: account.id, version: account.version });
        self.commit(Subject::Account(account.id), vec![required, Change::Link(LinkChange::Issue(token))]).await?;
        Ok((undo, expires_at))
    }
}
