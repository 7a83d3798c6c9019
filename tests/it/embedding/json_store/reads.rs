//! The reads, and the claims of workers.

use async_trait::async_trait;
use identity_core::{
    change::Unavailable,
    model::{
        access::{Role, Subscription},
        account::{Account, Picture},
        company::Company,
        invitation::Invitation,
        link::{Generation, LinkPurpose, Token},
        onboarding::Onboarding,
        outbox::{MailKind, OutboxMessage},
        password::PasswordHash,
        privacy::Tombstone,
        question::SecurityAnswer,
        registration::{Registration, RegistrationState},
        session::{Session, SignedIn},
        terms::{TermsAcceptance, TermsNumber, TermsSchedule, TermsVersion},
        throttle::{Bucket, Throttle},
    },
    port::{
        AccountQuery, AccountReads, AccountWithPassword, AnswerReads, CatalogueReads, CompanyReads, Cursor, Delivery,
        InvitationQuery, InvitationReads, InvitationSummary, Lease, LinkReads, OnboardingReads, Outbox, Page, PictureReads,
        RegistrationQuery, RegistrationReads, SessionReads, TermsReads, ThrottleReads,
    },
    value::{
        AccountId, CompanyId, InvitationId, LeaseTicket, OutboxMessageId, PictureName, RegistrationId, RoleKey, SessionId,
        Timestamp, TokenDigest,
    },
};

use super::{
    JsonStore,
    lists::{is_account_asked_for, is_invitation_asked_for, listed, page},
    state::{State, is_pending_for},
    ways_in::count,
};

#[async_trait]
impl AccountReads for JsonStore {
    async fn account(&self, id: AccountId) -> Result<Option<Account>, Unavailable> {
        Ok(self.committed().accounts.get(&id).cloned())
    }

    async fn account_by_address(&self, canonical: &str) -> Result<Option<Account>, Unavailable> {
        Ok(self.committed().account_by_address(canonical).cloned())
    }

    async fn login_candidate(&self, canonical: &str) -> Result<Option<AccountWithPassword>, Unavailable> {
        let state = self.committed();
        Ok(state.account_by_address(canonical).and_then(|account| state.with_password(account)))
    }

    async fn credential(&self, id: AccountId) -> Result<Option<AccountWithPassword>, Unavailable> {
        let state = self.committed();
        Ok(state.accounts.get(&id).and_then(|account| state.with_password(account)))
    }

    async fn retired_passwords(&self, account: AccountId, limit: u32) -> Result<Vec<PasswordHash>, Unavailable> {
        let state = self.committed();
        let of_account = state.retired_passwords.rows().rev().filter(|retired| retired.account == account);
        Ok(of_account.take(count(limit)).map(|retired| retired.hash.clone()).collect())
    }

    async fn accounts(&self, query: &AccountQuery) -> Result<Page<Account, AccountId>, Unavailable> {
        let state = self.committed();
        let asked_for = state.accounts.rows().filter(|account| is_account_asked_for(account, query));
        let found = listed(asked_for, query.address_prefix.is_some(), query.after).into_iter();
        Ok(page(found.cloned(), query.limit, |account| account.id))
    }

    async fn accounts_with_role(
        &self,
        role: &RoleKey,
        company: Option<CompanyId>,
        limit: u16,
    ) -> Result<Vec<Account>, Unavailable> {
        Ok(self.committed().accounts_with_role(role, company).take(limit.into()).cloned().collect())
    }

    async fn first_account_with_role(&self, role: &RoleKey, company: Option<CompanyId>) -> Result<Option<Account>, Unavailable> {
        Ok(self.committed().accounts_with_role(role, company).next().cloned())
    }

    async fn accounts_to_erase(
        &self,
        now: Timestamp,
        after: Option<(Timestamp, AccountId)>,
        limit: u16,
    ) -> Result<Vec<Account>, Unavailable> {
        let state = self.committed();
        let due = state.accounts.rows().filter_map(|account| Some(((account.deletion?.erase_at, account.id), account)));
        let mut due = due.filter(|(at, _)| at.0 <= now && after.is_none_or(|after| *at > after)).collect::<Vec<_>>();
        due.sort_by_key(|(at, _)| *at);
        Ok(due.into_iter().take(limit.into()).map(|(_, account)| account.clone()).collect())
    }

    async fn tombstone(&self, id: AccountId) -> Result<Option<Tombstone>, Unavailable> {
        Ok(self.committed().tombstones.get(&id).copied())
    }
}

impl State {
    fn with_password(&self, account: &Account) -> Option<AccountWithPassword> {
        let password = self.passwords.get(&account.id)?.password.clone();
        Some(AccountWithPassword { account: account.clone(), password })
    }

    /// The longest there first: ids are in the order of the times they were minted at.
    fn accounts_with_role(&self, role: &RoleKey, company: Option<CompanyId>) -> impl Iterator<Item = &Account> {
        self.accounts.rows().filter(move |account| {
            account.is_active() && account.roles.contains(role) && company.is_none_or(|company| account.company == company)
        })
    }

    fn account_by_address(&self, canonical: &str) -> Option<&Account> {
        self.accounts.rows().find(|account| account.email.canonical() == canonical)
    }

    fn summary(&self, invitation: &Invitation) -> InvitationSummary {
        let is_about_it = |notice: &&OutboxMessage| matches!(notice.topic, MailKind::Invitation { invitation: about, .. } if about == invitation.id);
        let delivery = self.notices.rows().rev().find(is_about_it).map(|notice| Delivery {
            notice: notice.id,
            state: notice.state.clone(),
            attempts: notice.attempts,
            last_error: notice.last_error.clone(),
            settled_at: notice.settled_at,
        });
        InvitationSummary { invitation: invitation.clone(), delivery }
    }
}

#[async_trait]
impl SessionReads for JsonStore {
    async fn session_by_digest(&self, digest: &TokenDigest) -> Result<Option<SignedIn>, Unavailable> {
        let state = self.committed();
        let session = state.sessions.rows().find(|session| session.digest == *digest);
        Ok(session.and_then(|session| {
            let account = state.accounts.get(&session.account)?.clone();
            Some(SignedIn { session: session.clone(), account })
        }))
    }

    async fn sessions_of(&self, account: AccountId, now: Timestamp) -> Result<Vec<Session>, Unavailable> {
        let state = self.committed();
        let is_one = |session: &&Session| session.account == account && now < session.expires_at;
        Ok(state.sessions.rows().rev().filter(is_one).take(200).cloned().collect())
    }
    async fn session(&self, id: SessionId) -> Result<Option<Session>, Unavailable> {
        Ok(self.committed().sessions.get(&id).cloned())
    }
}

#[async_trait]
impl InvitationReads for JsonStore {
    async fn invitation(&self, id: InvitationId) -> Result<Option<Invitation>, Unavailable> {
        Ok(self.committed().invitations.get(&id).cloned())
    }

    async fn invitation_summary(&self, id: InvitationId) -> Result<Option<InvitationSummary>, Unavailable> {
        let state = self.committed();
        Ok(state.invitations.get(&id).map(|invitation| state.summary(invitation)))
    }

    async fn pending_invitation(&self, company: CompanyId, canonical: &str) -> Result<Option<Invitation>, Unavailable> {
        let state = self.committed();
        Ok(state.invitations.rows().find(|invitation| is_pending_for(invitation, company, canonical)).cloned())
    }

    async fn open_invitation(&self, canonical: &str, now: Timestamp) -> Result<Option<Invitation>, Unavailable> {
        let is_one = |invitation: &&Invitation| {
            invitation.is_open(now) && invitation.email.as_ref().is_some_and(|email| email.canonical() == canonical)
        };
        Ok(self.committed().invitations.rows().rev().find(is_one).cloned())
    }

    async fn invitations(&self, query: &InvitationQuery) -> Result<Page<InvitationSummary, InvitationId>, Unavailable> {
        let state = self.committed();
        let asked_for = state.invitations.rows().filter(|invitation| is_invitation_asked_for(invitation, query));
        let found = listed(asked_for, query.address_prefix.is_some(), query.after).into_iter();
        Ok(page(found.map(|invitation| state.summary(invitation)), query.limit, |summary| summary.invitation.id))
    }

    async fn invitations_received(&self, account: AccountId, canonical: &str) -> Result<Vec<Invitation>, Unavailable> {
        let is_one = |invitation: &&Invitation| {
            invitation.account == Some(account) || invitation.email.as_ref().is_some_and(|email| email.canonical() == canonical)
        };
        Ok(self.committed().invitations.rows().filter(is_one).cloned().collect())
    }

    async fn invitations_sent(
        &self,
        inviter: AccountId,
        after: Cursor<InvitationId>,
        limit: u16,
    ) -> Result<Page<Invitation, InvitationId>, Unavailable> {
        let state = self.committed();
        let sent = state.invitations.rows().filter(|invitation| invitation.inviter == Some(inviter));
        Ok(page(listed(sent, false, after).into_iter().cloned(), limit, |invitation| invitation.id))
    }
}

#[async_trait]
impl LinkReads for JsonStore {
    async fn token_by_digest(&self, digest: &TokenDigest) -> Result<Option<Token>, Unavailable> {
        Ok(self.committed().tokens.rows().find(|token| token.digest == *digest).cloned())
    }

    async fn unspent_tokens(&self, subject: LinkPurpose, generation: Generation) -> Result<Vec<Token>, Unavailable> {
        let is_one = |token: &&Token| token.subject == subject && token.generation == generation && token.spent_at.is_none();
        Ok(self.committed().tokens.rows().filter(is_one).cloned().collect())
    }
}

#[async_trait]
impl RegistrationReads for JsonStore {
    async fn registration(&self, id: RegistrationId) -> Result<Option<Registration>, Unavailable> {
        Ok(self.committed().registrations.get(&id).cloned())
    }

    async fn registration_by_flow(&self, flow: &TokenDigest) -> Result<Option<Registration>, Unavailable> {
        Ok(self.committed().registrations.rows().find(|registration| registration.flow == *flow).cloned())
    }

    async fn newest_registration(
        &self,
        canonical: &str,
        state: RegistrationState,
        now: Timestamp,
    ) -> Result<Option<Registration>, Unavailable> {
        let is_one = |registration: &&Registration| {
            registration.state == state && now < registration.expires_at && registration.email.canonical() == canonical
        };
        Ok(self.committed().registrations.rows().rev().find(is_one).cloned())
    }

    async fn registrations(&self, query: &RegistrationQuery) -> Result<Page<Registration, RegistrationId>, Unavailable> {
        let state = self.committed();
        let in_state = state.registrations.rows().filter(|registration| registration.state == query.state);
        let found = in_state.filter(|registration| query.after.is_none_or(|after| registration.id > after));
        Ok(page(found.cloned(), query.limit, |registration| registration.id))
    }
}

#[async_trait]
impl ThrottleReads for JsonStore {
    async fn throttle(&self, bucket: &Bucket) -> Result<Option<Throttle>, Unavailable> {
        Ok(self.committed().throttle(bucket))
    }
}

#[async_trait]
impl CompanyReads for JsonStore {
    async fn company(&self, id: CompanyId) -> Result<Option<Company>, Unavailable> {
        Ok(self.committed().companies.get(&id).cloned())
    }

    async fn companies(&self, after: Cursor<CompanyId>, limit: u16) -> Result<Page<Company, CompanyId>, Unavailable> {
        let state = self.committed();
        let found = state.companies.rows().rev().filter(|company| after.is_none_or(|after| company.id < after));
        Ok(page(found.cloned(), limit, |company| company.id))
    }
}

#[async_trait]
impl CatalogueReads for JsonStore {
    async fn roles(&self) -> Result<Vec<Role>, Unavailable> {
        Ok(self.committed().roles.rows().cloned().collect())
    }

    async fn subscriptions(&self) -> Result<Vec<Subscription>, Unavailable> {
        Ok(self.committed().subscriptions.rows().cloned().collect())
    }
}

#[async_trait]
impl TermsReads for JsonStore {
    async fn terms_in_force(&self, now: Timestamp) -> Result<Option<TermsVersion>, Unavailable> {
        Ok(self.committed().terms.rows().rev().find(|terms| terms.effective_at <= now).cloned())
    }

    async fn terms_versions(&self) -> Result<Vec<TermsVersion>, Unavailable> {
        Ok(self.committed().terms.rows().rev().take(50).cloned().collect())
    }

    async fn newest_terms_number(&self) -> Result<Option<TermsNumber>, Unavailable> {
        Ok(self.committed().terms.rows().next_back().map(|terms| terms.number))
    }

    async fn terms_schedule(&self, now: Timestamp) -> Result<Option<TermsSchedule>, Unavailable> {
        Ok(self.committed().terms.rows().rev().find(|terms| terms.effective_at <= now).map(TermsVersion::schedule))
    }

    async fn newest_acceptance(&self, account: AccountId) -> Result<Option<TermsAcceptance>, Unavailable> {
        Ok(self.committed().acceptances.rows().rev().find(|acceptance| acceptance.account == account).cloned())
    }

    async fn acceptances_of(&self, account: AccountId) -> Result<Vec<TermsAcceptance>, Unavailable> {
        Ok(self.committed().acceptances.rows().filter(|acceptance| acceptance.account == account).cloned().collect())
    }
}

#[async_trait]
impl Outbox for JsonStore {
    async fn lease_messages(&self, lease: &Lease) -> Result<Vec<OutboxMessage>, Unavailable> {
        let lease = *lease;
        self.write(move |state| Ok(state.lease(&lease))).await
    }

    async fn renew_lease(&self, ticket: LeaseTicket, until: Timestamp) -> Result<u64, Unavailable> {
        self.write(move |state| Ok(state.renew_lease(ticket, until))).await
    }

    async fn notice(&self, id: OutboxMessageId) -> Result<Option<OutboxMessage>, Unavailable> {
        Ok(self.committed().notices.get(&id).cloned())
    }
}

#[async_trait]
impl AnswerReads for JsonStore {
    async fn security_answers(&self, account: AccountId) -> Result<Vec<SecurityAnswer>, Unavailable> {
        let mut found =
            self.committed().security_answers.rows().filter(|kept| kept.account == account).cloned().collect::<Vec<_>>();
        found.sort_by_key(|kept| kept.place);
        Ok(found)
    }
}

#[async_trait]
impl PictureReads for JsonStore {
    async fn picture(&self, name: &PictureName) -> Result<Option<Picture>, Unavailable> {
        Ok(self.committed().pictures.get(name).cloned())
    }
}

#[async_trait]
impl OnboardingReads for JsonStore {
    async fn onboarding(&self, account: AccountId) -> Result<Option<Onboarding>, Unavailable> {
        Ok(self.committed().setups.get(&account).cloned())
    }
}
