//! Mails about accounts.

use super::{Decider, Decision, Undecided};
use crate::{
    change::{AccountChange, AuditChange, Change, LinkChange},
    model::{
        access::Administrator,
        account::Account,
        audit::{Action, Actor, AuditEvent, Subject},
        link::{Generation, LinkPurpose},
        outbox::{EmailContent, ResetCause},
        recovery::Reported,
    },
    value::{AccountId, SessionId, TokenKind, TokenSecret},
};

/// What counts the mails that follow from "forgot password".
pub(crate) const KIND: &str = "recovery";

/// What counts the mails that follow from logins.
const SIGN_INS: &str = "sign-ins";

impl Decider<'_> {
    /// Somebody asked for a new password for an address: an active account gets a link, at the address that it has; a pending
    /// invitation is sent again, as it is; everybody else gets nothing.
    pub(super) async fn recovery(&self) -> Result<Decision, Undecided> {
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
    pub(super) async fn reset_of(
        &self,
        (id, generation): (AccountId, Generation),
        cause: ResetCause,
    ) -> Result<Decision, Undecided> {
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
        let content = EmailContent::Reset { first_name, secret, expires_at, report, cause, password_works };
        Ok(self.mail_at(account.email.clone(), &account, content))
    }

    pub(super) async fn temporary_password(&self, id: AccountId) -> Result<Decision, Undecided> {
        let Some(account) = self.active(id).await? else { return Ok(Decision::Drop) };
        let report = self.reportable(&account, LinkPurpose::ChangeReport(id), Vec::new()).await?;
        Ok(match report {
            Some(report) => {
                let first_name = account.first_name.clone();
                self.mail_for(&account, EmailContent::TemporaryPassword { first_name, report })
            }
            None => Decision::Drop,
        })
    }

    pub(super) async fn password_changed(&self, id: AccountId, by_link: bool) -> Result<Decision, Undecided> {
        let Some(account) = self.active(id).await? else { return Ok(Decision::Drop) };
        let report = self.reportable(&account, LinkPurpose::ChangeReport(id), Vec::new()).await?;
        let changed_at = self.message.queued_at;
        Ok(match report {
            Some(report) => {
                let first_name = account.first_name.clone();
                self.mail_for(&account, EmailContent::PasswordChanged { first_name, changed_at, by_link, report })
            }
            None => Decision::Drop,
        })
    }

    pub(super) async fn password_change_required(&self, id: AccountId) -> Result<Decision, Undecided> {
        Ok(match self.active(id).await? {
            Some(account) => {
                let first_name = account.first_name.clone();
                self.mail_for(&account, EmailContent::PasswordChangeRequired { first_name })
            }
            None => Decision::Drop,
        })
    }

    /// To a person who logged in with a password that is known from a data leak.
    pub(super) async fn password_breached(&self, id: AccountId) -> Result<Decision, Undecided> {
        Ok(match self.active(id).await? {
            Some(account) => {
                let first_name = account.first_name.clone();
                self.mail_for(&account, EmailContent::PasswordBreached { first_name })
            }
            None => Decision::Drop,
        })
    }

    pub(super) async fn security_questions_changed(&self, id: AccountId, is_first: bool) -> Result<Decision, Undecided> {
        let Some(account) = self.active(id).await? else { return Ok(Decision::Drop) };
        let report = self.reportable(&account, LinkPurpose::ChangeReport(id), Vec::new()).await?;
        let (first_name, changed_at) = (account.first_name.clone(), self.message.queued_at);
        Ok(report.map_or(Decision::Drop, |report| {
            self.mail_for(&account, EmailContent::SecurityQuestionsChanged { first_name, changed_at, is_first, report })
        }))
    }

    pub(super) async fn access_reported(&self, id: AccountId, reported: Reported) -> Result<Decision, Undecided> {
        let Some(account) = self.ports.store.account(id).await? else { return Ok(Decision::Drop) };
        let Some(told) = self.told_of(&account).await? else { return Ok(Decision::Drop) };
        let name = account.full_name();
        Ok(self.mail_for(&told, EmailContent::AccessReported { reported, name, address: account.email, account: id }))
    }

    /// The administrator whom the message goes to. Somebody who was disabled or demoted since learns nothing.
    pub(super) async fn told_of(&self, account: &Account) -> Result<Option<Account>, Undecided> {
        let may = |told: &Account| Administrator::by_roles(told).is_some_and(|told| told.may_administer(account.company));
        Ok(self.reader().await?.filter(may))
    }

    /// To the person who signed in, by a browser that was not known. Logging out again at once does not hold the mail back: it says what
    /// is known still.
    pub(super) async fn signed_in(&self, session: SessionId) -> Result<Decision, Undecided> {
        let Some(account) = self.reader().await?.filter(Account::is_active) else { return Ok(Decision::Drop) };
        let session = self.ports.store.session(session).await?.filter(|session| session.account == account.id);
        let permit = self.permit(SIGN_INS, &account.email).into_iter().collect();
        let Some(report) = self.reportable(&account, LinkPurpose::ChangeReport(account.id), permit).await? else {
            return Ok(Decision::Drop);
        };
        let (first_name, at) = (account.first_name.clone(), self.message.queued_at);
        let client = session.map(|session| session.client).unwrap_or_default();
        Ok(self.mail_for(&account, EmailContent::SignedIn { first_name, at, client, report }))
    }

    pub(super) async fn active(&self, id: AccountId) -> Result<Option<Account>, Undecided> {
        Ok(self.ports.store.account(id).await?.filter(Account::is_active))
    }

    /// Commits a link that says "this wasn't me", with what else the mail needs; `None` where the address has had its share.
    async fn reportable(
        &self,
        account: &Account,
        subject: LinkPurpose,
        mut changes: Vec<Change>,
    ) -> Result<Option<TokenSecret>, Undecided> {
        let report = self.ids().secret(TokenKind::Report)?;
        let expires_at = self.settings.recovery.report_lifetime.from(self.now);
        let token = self.token(&report, (subject, account.recovery.generation), &self.message.to, expires_at);
        changes.extend([
            Change::Account(AccountChange::Require { id: account.id, version: account.version }),
            Change::Link(LinkChange::Issue(token)),
        ]);
        Ok(self.commit(Subject::Account(account.id), changes).await?.then_some(report))
    }
}
