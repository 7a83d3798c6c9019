use std::collections::BTreeMap;

use identity_core::{
    model::{
        access::{Role, Subscription},
        account::{Account, Picture},
        audit::AuditEvent,
        company::Company,
        email_change::EmailChange,
        invitation::Invitation,
        link::Token,
        onboarding::Onboarding,
        outbox::OutboxMessage,
        password::{Password, RetiredPassword},
        privacy::Tombstone,
        question::SecurityAnswer,
        registration::Registration,
        session::Session,
        terms::{TermsAcceptance, TermsNumber, TermsVersion},
        throttle::{Bucket, Throttle},
    },
    port::Sweep,
    value::{
        AccountId, ChangeSetId, CompanyId, EmailChangeId, EventId, InvitationId, OutboxMessageId, PictureName, QuestionKey,
        RegistrationId, RetiredPasswordId, RoleKey, SessionId, SubscriptionKey, Timestamp, TokenId,
    },
};

/// Everything that is kept.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    pub(super) commits: BTreeMap<ChangeSetId, Timestamp>,
    pub(super) companies: BTreeMap<CompanyId, Company>,
    pub(super) roles: BTreeMap<RoleKey, Role>,
    pub(super) subscriptions: BTreeMap<SubscriptionKey, Subscription>,
    pub(super) terms: BTreeMap<TermsNumber, TermsVersion>,
    pub(super) accounts: BTreeMap<AccountId, (Account, Password)>,
    pub(super) retired_passwords: BTreeMap<RetiredPasswordId, RetiredPassword>,
    pub(super) registrations: BTreeMap<RegistrationId, Registration>,
    pub(super) throttles: BTreeMap<Bucket, Throttle>,
    pub(super) acceptances: BTreeMap<(AccountId, TermsNumber), TermsAcceptance>,
    pub(super) invitations: BTreeMap<InvitationId, Invitation>,
    pub(super) tokens: BTreeMap<TokenId, Token>,
    pub(super) sessions: BTreeMap<SessionId, Session>,
    pub(super) notices: BTreeMap<OutboxMessageId, OutboxMessage>,
    pub(super) events: BTreeMap<EventId, AuditEvent>,
    pub(super) email_changes: BTreeMap<EmailChangeId, EmailChange>,
    pub(super) pictures: BTreeMap<PictureName, Picture>,
    pub(super) setups: BTreeMap<AccountId, Onboarding>,
    pub(super) security_answers: BTreeMap<(AccountId, QuestionKey), SecurityAnswer>,
    pub(super) tombstones: BTreeMap<AccountId, Tombstone>,
}

impl State {
    pub(super) fn sweep(&mut self, sweep: &Sweep) -> u64 {
        let count = |state: &Self| {
            let swept = [state.sessions.len(), state.tokens.len(), state.commits.len(), state.registrations.len()];
            swept.iter().sum::<usize>() + state.throttles.len() + state.email_changes.len() + state.notices.len()
        };
        let before = count(self);
        self.sessions.retain(|_, session| session.expires_at >= sweep.sessions_before);
        self.tokens.retain(|_, token| token.expires_at >= sweep.links_before);
        self.registrations.retain(|_, registration| registration.expires_at >= sweep.registrations_before);
        self.throttles.retain(|_, throttle| throttle.expires_at >= sweep.throttles_before);
        self.email_changes.retain(|_, change| change.undo_until >= sweep.email_changes_before);
        self.commits.retain(|_, at| *at >= sweep.change_sets_before);
        self.notices.retain(|_, notice| notice.settled_at.is_none_or(|at| at >= sweep.notices_before));
        (before - count(self)) as u64
    }
}
