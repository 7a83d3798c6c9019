//! The reads, and the claims of workers.

use async_trait::async_trait;
use identity_core::{
    access::{Role, Scope, Subscription},
    account::Account,
    change::Unavailable,
    company::Company,
    invitation::Invitation,
    ledger::{Generation, LinkSubject, Token},
    notice::{Notice, Topic},
    port::{
        AccountReads, CatalogueReads, CompanyReads, Cursor, Delivery, InvitationFilter, InvitationQuery, InvitationReads,
        InvitationSummary, Lease, LedgerReads, LoginCandidate, Outbox, Page, SessionReads, TermsReads,
    },
    session::SignedIn,
    terms::{TermsNumber, TermsVersion},
    value::{AccountId, CompanyId, InvitationId, NoticeId, RoleKey, Timestamp, TokenDigest},
};

use super::{
    JsonStore,
    state::{State, is_pending_for},
};

#[async_trait]
impl AccountReads for JsonStore {
    async fn account(&self, id: AccountId) -> Result<Option<Account>, Unavailable> {
        Ok(self.committed().accounts.get(&id).cloned())
    }

    async fn account_by_address(&self, canonical: &str) -> Result<Option<Account>, Unavailable> {
        Ok(self.committed().account_by_address(canonical).cloned())
    }

    async fn login_candidate(&self, canonical: &str) -> Result<Option<LoginCandidate>, Unavailable> {
        let state = self.committed();
        let found = state.account_by_address(canonical).and_then(|account| {
            let password = state.passwords.get(&account.id)?.hash.clone();
            Some(LoginCandidate { account: account.clone(), password })
        });
        Ok(found)
    }

    async fn first_holder(&self, role: &RoleKey, company: Option<CompanyId>) -> Result<Option<Account>, Unavailable> {
        let holds = |account: &&Account| {
            account.is_active() && account.roles.contains(role) && company.is_none_or(|company| account.company == company)
        };
        // Ids are in the order of the times they were minted at.
        Ok(self.committed().accounts.rows().find(holds).cloned())
    }
}

impl State {
    fn account_by_address(&self, canonical: &str) -> Option<&Account> {
        self.accounts.rows().find(|account| account.email.canonical() == canonical)
    }

    fn summary(&self, invitation: &Invitation) -> InvitationSummary {
        let is_about_it =
            |notice: &&Notice| matches!(notice.topic, Topic::Invitation { invitation: about, .. } if about == invitation.id);
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
}

/// A part of a list: as many as were asked for, and where it goes on if there is more.
fn page<T, Id>(mut found: impl Iterator<Item = T>, limit: u16, id: impl Fn(&T) -> Id) -> Page<T, Id> {
    let items = found.by_ref().take(limit.into()).collect::<Vec<_>>();
    let next = found.next().and(items.last()).map(id);
    Page { items, next }
}

fn is_asked_for(invitation: &Invitation, query: &InvitationQuery) -> bool {
    let in_scope = match query.scope {
        Scope::Everywhere => invitation.company.is_some(),
        Scope::Company(company) => invitation.company == Some(company),
    };
    let in_filter = query.filter.is_none_or(|filter| match filter {
        InvitationFilter::Pending => invitation.is_open(query.now),
        InvitationFilter::Expired => invitation.is_expired(query.now),
        InvitationFilter::Ended(state) => invitation.state == state,
    });
    let has_address = query
        .address_prefix
        .as_ref()
        .is_none_or(|prefix| invitation.email.as_ref().is_some_and(|email| email.canonical().starts_with(prefix)));
    in_scope && in_filter && has_address
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

    async fn invitations(&self, query: &InvitationQuery) -> Result<Page<InvitationSummary, InvitationId>, Unavailable> {
        let state = self.committed();
        let asked_for = state.invitations.rows().filter(|invitation| is_asked_for(invitation, query));
        let found = listed(asked_for, query).into_iter();
        Ok(page(found.map(|invitation| state.summary(invitation)), query.limit, |summary| summary.invitation.id))
    }
}

#[async_trait]
impl LedgerReads for JsonStore {
    async fn token_by_digest(&self, digest: &TokenDigest) -> Result<Option<Token>, Unavailable> {
        Ok(self.committed().tokens.rows().find(|token| token.digest == *digest).cloned())
    }

    async fn unspent_tokens(&self, invitation: InvitationId, generation: Generation) -> Result<Vec<Token>, Unavailable> {
        let is_one = |token: &&Token| {
            token.subject == LinkSubject::Invitation(invitation) && token.generation == generation && token.spent_at.is_none()
        };
        Ok(self.committed().tokens.rows().filter(is_one).cloned().collect())
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
}

#[async_trait]
impl Outbox for JsonStore {
    async fn lease_notices(&self, lease: &Lease) -> Result<Vec<Notice>, Unavailable> {
        let lease = *lease;
        self.write(move |state| Ok(state.lease(&lease))).await
    }

    async fn notice(&self, id: NoticeId) -> Result<Option<Notice>, Unavailable> {
        Ok(self.committed().notices.get(&id).cloned())
    }
}
