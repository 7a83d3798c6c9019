use async_trait::async_trait;
use identity_core::{
    change::Unavailable,
    model::{
        access::{Role, Scope, Subscription},
        account::{Account, Picture},
        company::Company,
        invitation::{Invitation, InvitationState},
        link::{Generation, LinkPurpose, Token},
        onboarding::Onboarding,
        outbox::{OutboxMessage, OutboxMessageState},
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
        InvitationFilter, InvitationQuery, InvitationReads, InvitationSummary, Lease, LinkReads, OnboardingReads, Outbox, Page,
        PictureReads, RegistrationQuery, RegistrationReads, SessionReads, TermsReads, ThrottleReads,
    },
    value::{
        AccountId, CompanyId, InvitationId, LeaseTicket, OutboxMessageId, PictureName, RegistrationId, RoleKey, SessionId,
        Timestamp, TokenDigest,
    },
};

use super::{MemoryStore, state::State};

#[async_trait]
impl AccountReads for MemoryStore {
    async fn account(&self, id: AccountId) -> Result<Option<Account>, Unavailable> {
        Ok(self.call("account")?.accounts.get(&id).map(|(account, _)| account.clone()))
    }

    async fn account_by_address(&self, canonical: &str) -> Result<Option<Account>, Unavailable> {
        Ok(self.call("account_by_address")?.login_candidate(canonical).map(|found| found.account))
    }

    async fn login_candidate(&self, canonical: &str) -> Result<Option<AccountWithPassword>, Unavailable> {
        Ok(self.call("login_candidate")?.login_candidate(canonical))
    }

    async fn credential(&self, id: AccountId) -> Result<Option<AccountWithPassword>, Unavailable> {
        let state = self.call("credential")?;
        let found = state.accounts.get(&id);
        Ok(found.map(|(account, password)| AccountWithPassword { account: account.clone(), password: password.clone() }))
    }

    async fn retired_passwords(&self, account: AccountId, limit: u32) -> Result<Vec<PasswordHash>, Unavailable> {
        let state = self.call("retired_passwords")?;
        let newest_first = state.retired_passwords.values().rev().filter(|retired| retired.account == account);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(newest_first.take(limit).map(|retired| retired.hash.clone()).collect())
    }

    async fn accounts(&self, query: &AccountQuery) -> Result<Page<Account, AccountId>, Unavailable> {
        let state = self.call("accounts")?;
        let asked_for = state.accounts.values().map(|(account, _)| account).filter(|account| is_in(account, query));
        let mut found = in_order(asked_for, query).into_iter();
        let items = found.by_ref().take(query.limit.into()).cloned().collect::<Vec<_>>();
        let next = found.next().and(items.last()).map(|account| account.id);
        Ok(Page { items, next })
    }

    async fn accounts_with_role(
        &self,
        role: &RoleKey,
        company: Option<CompanyId>,
        limit: u16,
    ) -> Result<Vec<Account>, Unavailable> {
        let holds = |account: &&Account| {
            account.is_active() && account.roles.contains(role) && company.is_none_or(|company| account.company == company)
        };
        let state = self.call("accounts_with_role")?;
        let accounts = state.accounts.values().map(|(account, _)| account);
        Ok(accounts.filter(holds).take(limit.into()).cloned().collect())
    }

    async fn first_account_with_role(&self, role: &RoleKey, company: Option<CompanyId>) -> Result<Option<Account>, Unavailable> {
        let holds = |account: &&Account| {
            account.is_active() && account.roles.contains(role) && company.is_none_or(|company| account.company == company)
        };
        Ok(self.call("first_account_with_role")?.accounts.values().map(|(account, _)| account).find(holds).cloned())
    }

    async fn accounts_to_erase(
        &self,
        now: Timestamp,
        after: Option<(Timestamp, AccountId)>,
        limit: u16,
    ) -> Result<Vec<Account>, Unavailable> {
        let state = self.call("accounts_to_erase")?;
        let due = state.accounts.values().filter_map(|(account, _)| Some((account.deletion?.erase_at, account)));
        let mut due = due.filter(|(erase_at, _)| *erase_at <= now).collect::<Vec<_>>();
        due.sort_by_key(|(erase_at, account)| (*erase_at, account.id));
        let behind = due.into_iter().filter(|(erase_at, account)| after.is_none_or(|after| (*erase_at, account.id) > after));
        Ok(behind.take(limit.into()).map(|(_, account)| account.clone()).collect())
    }

    async fn tombstone(&self, id: AccountId) -> Result<Option<Tombstone>, Unavailable> {
        Ok(self.call("tombstone")?.tombstones.get(&id).copied())
    }
}

fn is_in(account: &Account, query: &AccountQuery) -> bool {
    let in_scope = match query.scope {
        Scope::Everywhere => true,
        Scope::Company(company) => account.company == company,
    };
    let prefix = query.address_prefix.as_ref();
    in_scope
        && query.state.is_none_or(|state| account.state == state)
        && query.role.as_ref().is_none_or(|role| account.roles.contains(role))
        && prefix.is_none_or(|prefix| account.email.canonical().starts_with(prefix.as_str()))
}

/// In the order of the list, what comes after the cursor.
fn in_order<'a>(asked_for: impl DoubleEndedIterator<Item = &'a Account>, query: &AccountQuery) -> Vec<&'a Account> {
    if query.address_prefix.is_none() {
        return asked_for.rev().filter(|account| query.after.is_none_or(|after| account.id < after)).collect();
    }
    let mut by_address = asked_for.collect::<Vec<_>>();
    by_address.sort_by_key(|account| account.email.canonical());
    match query.after {
        None => by_address,
        Some(after) => by_address.into_iter().skip_while(|account| account.id != after).skip(1).collect(),
    }
}

impl State {
    fn login_candidate(&self, canonical: &str) -> Option<AccountWithPassword> {
        let found = self.accounts.values().find(|(account, _)| account.email.canonical() == canonical);
        found.map(|(account, password)| AccountWithPassword { account: account.clone(), password: password.clone() })
    }

    fn summary(&self, invitation: &Invitation) -> InvitationSummary {
        let newest = self
            .notices
            .values()
            .rev()
            .find(|notice| matches!(notice.topic, identity_core::model::outbox::MailKind::Invitation { invitation: about, .. } if about == invitation.id));
        InvitationSummary {
            invitation: invitation.clone(),
            delivery: newest.map(|notice| Delivery {
                notice: notice.id,
                state: notice.state.clone(),
                attempts: notice.attempts,
                last_error: notice.last_error.clone(),
                settled_at: notice.settled_at,
            }),
        }
    }
}

#[async_trait]
impl SessionReads for MemoryStore {
    async fn session_by_digest(&self, digest: &TokenDigest) -> Result<Option<SignedIn>, Unavailable> {
        let state = self.call("session_by_digest")?;
        let session = state.sessions.values().find(|session| session.digest == *digest);
        Ok(session.and_then(|session| {
            let (account, _) = state.accounts.get(&session.account)?;
            Some(SignedIn { session: session.clone(), account: account.clone() })
        }))
    }

    async fn sessions_of(&self, account: AccountId, now: Timestamp) -> Result<Vec<Session>, Unavailable> {
        let state = self.call("sessions_of")?;
        let last_first = state.sessions.values().rev().filter(|session| session.account == account && now < session.expires_at);
        Ok(last_first.take(200).cloned().collect())
    }
    async fn session(&self, id: SessionId) -> Result<Option<Session>, Unavailable> {
        Ok(self.call("session")?.sessions.get(&id).cloned())
    }
}

fn is_asked_for(invitation: &Invitation, query: &InvitationQuery) -> bool {
    let in_scope = match query.scope {
        Scope::Everywhere => invitation.company.is_some(),
        Scope::Company(company) => invitation.company == Some(company),
    };
    let in_filter = match query.filter {
        None => true,
        Some(InvitationFilter::Pending) => invitation.is_open(query.now),
        Some(InvitationFilter::Expired) => invitation.is_expired(query.now),
        Some(InvitationFilter::Ended(state)) => invitation.state == state,
    };
    let by_address = query
        .address_prefix
        .as_ref()
        .is_none_or(|prefix| invitation.email.as_ref().is_some_and(|email| email.canonical().starts_with(prefix.as_str())));
    in_scope && in_filter && by_address
}

/// In the order of the list, what comes after the cursor.
fn listed<'a>(asked_for: impl DoubleEndedIterator<Item = &'a Invitation>, query: &InvitationQuery) -> Vec<&'a Invitation> {
    if query.address_prefix.is_none() {
        return asked_for.rev().filter(|invitation| query.after.is_none_or(|after| invitation.id < after)).collect();
    }
    let mut by_address = asked_for.collect::<Vec<_>>();
    // Oldest first as they come, which a stable order keeps.
    by_address.sort_by_key(|invitation| invitation.email.as_ref().map(|email| email.canonical().to_owned()));
    match query.after {
        None => by_address,
        Some(after) => by_address.into_iter().skip_while(|invitation| invitation.id != after).skip(1).collect(),
    }
}

#[async_trait]
impl InvitationReads for MemoryStore {
    async fn invitation(&self, id: InvitationId) -> Result<Option<Invitation>, Unavailable> {
        Ok(self.call("invitation")?.invitations.get(&id).cloned())
    }

    async fn invitation_summary(&self, id: InvitationId) -> Result<Option<InvitationSummary>, Unavailable> {
        let state = self.call("invitation_summary")?;
        Ok(state.invitations.get(&id).map(|invitation| state.summary(invitation)))
    }

    async fn pending_invitation(&self, company: CompanyId, canonical: &str) -> Result<Option<Invitation>, Unavailable> {
        let is_it = |invitation: &&Invitation| {
            invitation.state == InvitationState::Pending
                && invitation.company == Some(company)
                && invitation.email.as_ref().is_some_and(|email| email.canonical() == canonical)
        };
        Ok(self.call("pending_invitation")?.invitations.values().find(is_it).cloned())
    }

    async fn open_invitation(&self, canonical: &str, now: Timestamp) -> Result<Option<Invitation>, Unavailable> {
        let is_it = |invitation: &&Invitation| {
            invitation.is_open(now) && invitation.email.as_ref().is_some_and(|email| email.canonical() == canonical)
        };
        Ok(self.call("open_invitation")?.invitations.values().rev().find(is_it).cloned())
    }

    async fn invitations(&self, query: &InvitationQuery) -> Result<Page<InvitationSummary, InvitationId>, Unavailable> {
        let state = self.call("invitations")?;
        let asked_for = state.invitations.values().filter(|invitation| is_asked_for(invitation, query));
        let mut found = listed(asked_for, query).into_iter();
        let items = found.by_ref().take(query.limit.into()).map(|invitation| state.summary(invitation)).collect::<Vec<_>>();
        let next = found.next().and(items.last()).map(|summary| summary.invitation.id);
        Ok(Page { items, next })
    }

    async fn invitations_received(&self, account: AccountId, canonical: &str) -> Result<Vec<Invitation>, Unavailable> {
        let is_one = |invitation: &&Invitation| {
            invitation.account == Some(account) || invitation.email.as_ref().is_some_and(|email| email.canonical() == canonical)
        };
        Ok(self.call("invitations_received")?.invitations.values().filter(is_one).cloned().collect())
    }

    async fn invitations_sent(
        &self,
        inviter: AccountId,
        after: Cursor<InvitationId>,
        limit: u16,
    ) -> Result<Page<Invitation, InvitationId>, Unavailable> {
        let state = self.call("invitations_sent")?;
        let sent = state.invitations.values().rev().filter(|invitation| invitation.inviter == Some(inviter));
        let mut found = sent.filter(|invitation| after.is_none_or(|after| invitation.id < after));
        let items = found.by_ref().take(limit.into()).cloned().collect::<Vec<_>>();
        let next = found.next().and(items.last()).map(|invitation| invitation.id);
        Ok(Page { items, next })
    }
}

#[async_trait]
impl LinkReads for MemoryStore {
    async fn token_by_digest(&self, digest: &TokenDigest) -> Result<Option<Token>, Unavailable> {
        Ok(self.call("token_by_digest")?.tokens.values().find(|token| token.digest == *digest).cloned())
    }

    async fn unspent_tokens(&self, subject: LinkPurpose, generation: Generation) -> Result<Vec<Token>, Unavailable> {
        let is_one = |token: &&Token| token.subject == subject && token.generation == generation && token.spent_at.is_none();
        Ok(self.call("unspent_tokens")?.tokens.values().filter(is_one).cloned().collect())
    }
}

#[async_trait]
impl RegistrationReads for MemoryStore {
    async fn registration(&self, id: RegistrationId) -> Result<Option<Registration>, Unavailable> {
        Ok(self.call("registration")?.registrations.get(&id).cloned())
    }

    async fn registration_by_flow(&self, flow: &TokenDigest) -> Result<Option<Registration>, Unavailable> {
        Ok(self.call("registration_by_flow")?.registrations.values().find(|registration| registration.flow == *flow).cloned())
    }

    async fn newest_registration(
        &self,
        canonical: &str,
        state: RegistrationState,
        now: Timestamp,
    ) -> Result<Option<Registration>, Unavailable> {
        let is_it = |registration: &&Registration| {
            registration.state == state && now < registration.expires_at && registration.email.canonical() == canonical
        };
        Ok(self.call("newest_registration")?.registrations.values().rev().find(is_it).cloned())
    }

    async fn registrations(&self, query: &RegistrationQuery) -> Result<Page<Registration, RegistrationId>, Unavailable> {
        let state = self.call("registrations")?;
        let in_state = state.registrations.values().filter(|registration| registration.state == query.state);
        let mut found = in_state.filter(|registration| query.after.is_none_or(|after| registration.id > after));
        let items = found.by_ref().take(query.limit.into()).cloned().collect::<Vec<_>>();
        let next = found.next().and(items.last()).map(|registration| registration.id);
        Ok(Page { items, next })
    }
}

#[async_trait]
impl ThrottleReads for MemoryStore {
    async fn throttle(&self, bucket: &Bucket) -> Result<Option<Throttle>, Unavailable> {
        Ok(self.call("throttle")?.throttles.get(bucket).copied())
    }
}

#[async_trait]
impl CompanyReads for MemoryStore {
    async fn company(&self, id: CompanyId) -> Result<Option<Company>, Unavailable> {
        Ok(self.call("company")?.companies.get(&id).cloned())
    }

    async fn companies(&self, after: Cursor<CompanyId>, limit: u16) -> Result<Page<Company, CompanyId>, Unavailable> {
        let state = self.call("companies")?;
        let mut found = state.companies.values().rev().filter(|company| after.is_none_or(|after| company.id < after));
        let items = found.by_ref().take(limit.into()).cloned().collect::<Vec<_>>();
        let next = found.next().and(items.last()).map(|company| company.id);
        Ok(Page { items, next })
    }
}

#[async_trait]
impl CatalogueReads for MemoryStore {
    async fn roles(&self) -> Result<Vec<Role>, Unavailable> {
        Ok(self.call("roles")?.roles.values().cloned().collect())
    }

    async fn subscriptions(&self) -> Result<Vec<Subscription>, Unavailable> {
        Ok(self.call("subscriptions")?.subscriptions.values().cloned().collect())
    }
}

#[async_trait]
impl TermsReads for MemoryStore {
    async fn terms_in_force(&self, now: Timestamp) -> Result<Option<TermsVersion>, Unavailable> {
        Ok(self.call("terms_in_force")?.terms.values().rev().find(|terms| terms.effective_at <= now).cloned())
    }

    async fn terms_versions(&self) -> Result<Vec<TermsVersion>, Unavailable> {
        Ok(self.call("terms_versions")?.terms.values().rev().take(50).cloned().collect())
    }

    async fn newest_terms_number(&self) -> Result<Option<TermsNumber>, Unavailable> {
        Ok(self.call("newest_terms_number")?.terms.keys().next_back().copied())
    }

    async fn terms_schedule(&self, now: Timestamp) -> Result<Option<TermsSchedule>, Unavailable> {
        let state = self.call("terms_schedule")?;
        Ok(state.terms.values().rev().find(|terms| terms.effective_at <= now).map(TermsVersion::schedule))
    }

    async fn newest_acceptance(&self, account: AccountId) -> Result<Option<TermsAcceptance>, Unavailable> {
        let state = self.call("newest_acceptance")?;
        Ok(state.acceptances.values().rev().find(|acceptance| acceptance.account == account).cloned())
    }

    async fn acceptances_of(&self, account: AccountId) -> Result<Vec<TermsAcceptance>, Unavailable> {
        let state = self.call("acceptances_of")?;
        Ok(state.acceptances.values().filter(|acceptance| acceptance.account == account).cloned().collect())
    }
}

#[async_trait]
impl Outbox for MemoryStore {
    async fn lease_messages(&self, lease: &Lease) -> Result<Vec<OutboxMessage>, Unavailable> {
        let mut state = self.call("lease_messages")?;
        let mut due = state
            .notices
            .values_mut()
            .filter(|notice| {
                matches!(notice.state, OutboxMessageState::Queued | OutboxMessageState::Leased(_)) && notice.due_at <= lease.now
            })
            .collect::<Vec<_>>();
        due.sort_by_key(|notice| (notice.due_at, notice.id));
        Ok(due
            .into_iter()
            .take(lease.limit.into())
            .map(|notice| {
                notice.state = OutboxMessageState::Leased(lease.ticket);
                notice.due_at = lease.until;
                notice.attempts = notice.attempts.saturating_add(1);
                notice.clone()
            })
            .collect())
    }

    async fn renew_lease(&self, ticket: LeaseTicket, until: Timestamp) -> Result<u64, Unavailable> {
        let mut state = self.call("renew_lease")?;
        let held = state.notices.values_mut().filter(|notice| notice.state == OutboxMessageState::Leased(ticket));
        Ok(held.fold(0, |count, notice| {
            notice.due_at = until;
            count + 1
        }))
    }

    async fn notice(&self, id: OutboxMessageId) -> Result<Option<OutboxMessage>, Unavailable> {
        Ok(self.call("notice")?.notices.get(&id).cloned())
    }
}

#[async_trait]
impl AnswerReads for MemoryStore {
    async fn security_answers(&self, account: AccountId) -> Result<Vec<SecurityAnswer>, Unavailable> {
        let state = self.call("security_answers")?;
        let mut found = state.security_answers.values().filter(|kept| kept.account == account).cloned().collect::<Vec<_>>();
        found.sort_by_key(|kept| kept.place);
        Ok(found)
    }
}

#[async_trait]
impl PictureReads for MemoryStore {
    async fn picture(&self, name: &PictureName) -> Result<Option<Picture>, Unavailable> {
        Ok(self.call("picture")?.pictures.get(name).cloned())
    }
}

#[async_trait]
impl OnboardingReads for MemoryStore {
    async fn onboarding(&self, account: AccountId) -> Result<Option<Onboarding>, Unavailable> {
        Ok(self.call("setup")?.setups.get(&account).cloned())
    }
}
