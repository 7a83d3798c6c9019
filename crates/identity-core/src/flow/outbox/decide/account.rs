//! Mails about an account, its logins and its deletion.

use super::{Decider, Decision, Undecided};
use crate::{
    model::{
        account::Account,
        link::LinkPurpose,
        outbox::{AccountEmail, AccountMail, EmailContent},
    },
    value::{AccountId, SessionId},
};

/// What counts the mails that follow from logins.
const SIGN_INS: &str = "sign-ins";

impl Decider<'_> {
    pub(super) async fn about_account(&self, kind: AccountMail) -> Result<Decision, Undecided> {
        match kind {
            AccountMail::SignedIn { session } => self.signed_in(session).await,
            AccountMail::SecurityQuestionsSet { account } => self.security_questions_changed(account, true).await,
            AccountMail::SecurityQuestionsChanged { account } => self.security_questions_changed(account, false).await,
            AccountMail::DeletionRequested { account } => self.deletion_requested(account).await,
            AccountMail::DeletionUndone { account } => self.deletion_undone(account, false).await,
            AccountMail::DeletionUndoneWithAddress { account } => self.deletion_undone(account, true).await,
        }
    }

    async fn security_questions_changed(&self, id: AccountId, is_first: bool) -> Result<Decision, Undecided> {
        let Some(account) = self.active(id).await? else { return Ok(Decision::Drop) };
        let report = self.reportable(&account, LinkPurpose::ChangeReport(id), Vec::new()).await?;
        let (first_name, changed_at) = (account.first_name.clone(), self.message.queued_at);
        Ok(report.map_or(Decision::Drop, |report| {
            self.mail_for(
                &account,
                EmailContent::Account(AccountEmail::SecurityQuestionsChanged { first_name, changed_at, is_first, report }),
            )
        }))
    }

    /// To the person who signed in, by a browser that was not known. Logging out again at once does not hold the mail back: it says what
    /// is known still.
    async fn signed_in(&self, session: SessionId) -> Result<Decision, Undecided> {
        let Some(account) = self.reader().await?.filter(Account::is_active) else { return Ok(Decision::Drop) };
        let session = self.ports.store.session(session).await?.filter(|session| session.account == account.id);
        let permit = self.permit(SIGN_INS, &account.email).into_iter().collect();
        let Some(report) = self.reportable(&account, LinkPurpose::ChangeReport(account.id), permit).await? else {
            return Ok(Decision::Drop);
        };
        let (first_name, at) = (account.first_name.clone(), self.message.queued_at);
        let client = session.map(|session| session.client).unwrap_or_default();
        Ok(self.mail_for(&account, EmailContent::Account(AccountEmail::SignedIn { first_name, at, client, report })))
    }

    /// Unless it was undone meanwhile. There is no link in it: the person who signs in can undo it.
    async fn deletion_requested(&self, id: AccountId) -> Result<Decision, Undecided> {
        let Some(account) = self.active(id).await? else { return Ok(Decision::Drop) };
        let Some(deletion) = account.deletion else { return Ok(Decision::Drop) };
        let (first_name, erase_at) = (account.first_name.clone(), deletion.erase_at);
        Ok(self.mail_for(&account, EmailContent::Account(AccountEmail::DeletionRequested { first_name, erase_at })))
    }

    async fn deletion_undone(&self, id: AccountId, with_address: bool) -> Result<Decision, Undecided> {
        let found = self.active(id).await?.filter(|account| account.deletion.is_none());
        let Some(account) = found else { return Ok(Decision::Drop) };
        let first_name = account.first_name.clone();
        Ok(self.mail_for(&account, EmailContent::Account(AccountEmail::DeletionUndone { first_name, with_address })))
    }
}
