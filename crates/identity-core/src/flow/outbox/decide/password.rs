//! Mails about passwords, and getting back in without one.

use super::{Decider, Decision, Undecided};
use crate::{
    change::{AuditChange, Change, LinkChange},
    model::{
        account::Account,
        audit::{Action, Actor, AuditEvent, Subject},
        link::{Generation, LinkPurpose},
        outbox::{EmailContent, PasswordEmail, PasswordMail, ResetCause},
        recovery::Reported,
    },
    value::{AccountId, TokenKind},
};

/// What counts the mails that follow from "forgot password".
pub(crate) const KIND: &str = "recovery";

impl Decider<'_> {
    pub(super) async fn about_password(&self, kind: PasswordMail) -> Result<Decision, Undecided> {
        match kind {
            PasswordMail::RecoveryRequested => self.recovery().await,
            PasswordMail::ResetAfterReport { account, generation } => {
                self.reset_of((account, generation), ResetCause::Reported).await
            }
            PasswordMail::ResetAfterEmailUndo { account, generation } => {
                self.reset_of((account, generation), ResetCause::EmailChangeUndone).await
            }
            PasswordMail::ResetByAdministrator { account, generation } => {
                self.reset_of((account, generation), ResetCause::Administrator).await
            }
            PasswordMail::Temporary { account } => self.temporary_password(account).await,
            PasswordMail::ChangeRequired { account } => self.password_change_required(account).await,
            PasswordMail::Breached { account } => self.password_breached(account).await,
            PasswordMail::Changed { account } => self.password_changed(account, false).await,
            PasswordMail::ChangedByLink { account } => self.password_changed(account, true).await,
            PasswordMail::ResetReported { account } => self.access_reported(account, Reported::Reset).await,
            PasswordMail::AccessReported { account } => self.access_reported(account, Reported::Change).await,
        }
    }

    /// Somebody asked for a new password for an address: an active account gets a link, at the address that it has; a pending
    /// invitation is sent again, as it is; everybody else gets nothing.
    async fn recovery(&self) -> Result<Decision, Undecided> {
        let store = &self.ports.store;
        let asked = &self.message.to;
        if let Some(account) = store.account_by_address(asked.canonical()).await? {
            // What was asked for before the links last died leads to nothing.
            if !account.is_active() || self.message.queued_at < account.recovery.since {
                return Ok(Decision::Drop);
            }
            return self.reset(account, ResetCause::Asked).await;
        }
        match store.open_invitation(asked.canonical(), self.now).await? {
            Some(invitation) => self.invite(&invitation, self.permit(KIND, asked)).await,
            None => Ok(Decision::Drop),
        }
    }

    /// The link to a new password for an account, unless its links were ended after the message was queued.
    async fn reset_of(&self, (id, generation): (AccountId, Generation), cause: ResetCause) -> Result<Decision, Undecided> {
        match self.active(id).await?.filter(|account| account.recovery.generation == generation) {
            Some(account) => self.reset(account, cause).await,
            None => Ok(Decision::Drop),
        }
    }

    async fn reset(&self, account: Account, cause: ResetCause) -> Result<Decision, Undecided> {
        // It may have been ended before, too.
        let owner = self.ports.store.credential(account.id).await?;
        let password_works = owner.is_some_and(|owner| owner.password.is_valid(self.now));
        let secret = self.ids().secret(TokenKind::Recovery)?;
        let expires_at = self.settings.recovery.lifetime.from(self.now);
        let subject = (LinkPurpose::Recovery(account.id), account.recovery.generation);
        let link = Change::Link(LinkChange::Issue(self.token(&secret, subject, &account.email, expires_at)));
        // What an administrator does is no stranger's doing: neither takes the other's permits.
        let permit = match cause {
            ResetCause::Administrator => self.administrators_permit(&account.email),
            ResetCause::Asked | ResetCause::Reported | ResetCause::EmailChangeUndone => self.permit(KIND, &account.email),
        };
        let event = self.ids().event()?;
        let mailed = AuditEvent::new(&event, self.now, Action::RecoveryMailed, Actor::System, Subject::Account(account.id));
        let more = [link, Change::Audit(AuditChange::Record(mailed))].into_iter().chain(permit).collect();
        let Some(report) = self.reportable(&account, LinkPurpose::ResetReport(account.id), more).await? else {
            return Ok(Decision::Drop);
        };
        let first_name = account.first_name.clone();
        let content =
            EmailContent::Password(PasswordEmail::Reset { first_name, secret, expires_at, report, cause, password_works });
        Ok(self.mail_at(account.email.clone(), &account, content))
    }

    async fn temporary_password(&self, id: AccountId) -> Result<Decision, Undecided> {
        let Some(account) = self.active(id).await? else { return Ok(Decision::Drop) };
        let report = self.reportable(&account, LinkPurpose::ChangeReport(id), Vec::new()).await?;
        Ok(match report {
            Some(report) => {
                let first_name = account.first_name.clone();
                self.mail_for(&account, EmailContent::Password(PasswordEmail::Temporary { first_name, report }))
            }
            None => Decision::Drop,
        })
    }

    async fn password_changed(&self, id: AccountId, by_link: bool) -> Result<Decision, Undecided> {
        let Some(account) = self.active(id).await? else { return Ok(Decision::Drop) };
        let report = self.reportable(&account, LinkPurpose::ChangeReport(id), Vec::new()).await?;
        let changed_at = self.message.queued_at;
        Ok(match report {
            Some(report) => {
                let first_name = account.first_name.clone();
                self.mail_for(&account, EmailContent::Password(PasswordEmail::Changed { first_name, changed_at, by_link, report }))
            }
            None => Decision::Drop,
        })
    }

    async fn password_change_required(&self, id: AccountId) -> Result<Decision, Undecided> {
        Ok(match self.active(id).await? {
            Some(account) => {
                let first_name = account.first_name.clone();
                self.mail_for(&account, EmailContent::Password(PasswordEmail::ChangeRequired { first_name }))
            }
            None => Decision::Drop,
        })
    }

    /// To a person who logged in with a password that is known from a data leak.
    async fn password_breached(&self, id: AccountId) -> Result<Decision, Undecided> {
        Ok(match self.active(id).await? {
            Some(account) => {
                let first_name = account.first_name.clone();
                self.mail_for(&account, EmailContent::Password(PasswordEmail::Breached { first_name }))
            }
            None => Decision::Drop,
        })
    }

    async fn access_reported(&self, id: AccountId, reported: Reported) -> Result<Decision, Undecided> {
        let Some(account) = self.ports.store.account(id).await? else { return Ok(Decision::Drop) };
        let Some(told) = self.told_of(&account).await? else { return Ok(Decision::Drop) };
        let name = account.full_name();
        Ok(self.mail_for(
            &told,
            EmailContent::Password(PasswordEmail::AccessReported { reported, name, address: account.email, account: id }),
        ))
    }
}
