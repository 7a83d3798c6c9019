//! Everything that is kept, and what a change set does to it.

use std::collections::{BTreeMap, BTreeSet};

use identity_core::{
    change::{Change, ChangeSet, Rejection},
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

/// Everything that a store keeps: a pure state machine. With the feature `serde` it can be written down and read back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct State {
    pub(super) commits: BTreeMap<ChangeSetId, Timestamp>,
    pub(super) companies: BTreeMap<CompanyId, Company>,
    pub(super) roles: BTreeMap<RoleKey, Role>,
    pub(super) subscriptions: BTreeMap<SubscriptionKey, Subscription>,
    pub(super) terms: BTreeMap<TermsNumber, TermsVersion>,
    pub(super) accounts: BTreeMap<AccountId, (Account, Password)>,
    pub(super) grants: BTreeMap<AccountId, Grants>,
    pub(super) retired_passwords: BTreeMap<RetiredPasswordId, RetiredPassword>,
    pub(super) registrations: BTreeMap<RegistrationId, Registration>,
    pub(super) throttles: BTreeMap<Bucket, Throttle>,
    pub(super) acceptances: BTreeMap<AccountId, BTreeMap<TermsNumber, TermsAcceptance>>,
    pub(super) invitations: BTreeMap<InvitationId, Invitation>,
    pub(super) tokens: BTreeMap<TokenId, Token>,
    pub(super) sessions: BTreeMap<SessionId, Session>,
    pub(super) messages: BTreeMap<OutboxMessageId, OutboxMessage>,
    pub(super) events: BTreeMap<EventId, AuditEvent>,
    pub(super) email_changes: BTreeMap<EmailChangeId, EmailChange>,
    pub(super) pictures: BTreeMap<PictureName, Picture>,
    pub(super) setups: BTreeMap<AccountId, Onboarding>,
    pub(super) security_answers: BTreeMap<AccountId, BTreeMap<QuestionKey, SecurityAnswer>>,
    pub(super) tombstones: BTreeMap<AccountId, Tombstone>,
}

/// Who gave an account its roles and subscriptions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Grants {
    roles: BTreeMap<RoleKey, Grant>,
    subscriptions: BTreeMap<SubscriptionKey, Grant>,
}

/// Who gave something, and when; nobody where the installation itself gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Grant {
    pub(super) by: Option<AccountId>,
    pub(super) at: Timestamp,
}

impl Grants {
    /// What an account holds from now on: what it keeps stays as it was given, what is new is `grant`.
    pub(super) fn of(&self, account: &Account, grant: Grant) -> Self {
        Self {
            roles: held(&account.roles, &self.roles, grant),
            subscriptions: held(&account.subscriptions, &self.subscriptions, grant),
        }
    }
}

fn held<K: Ord + Clone>(keys: &BTreeSet<K>, before: &BTreeMap<K, Grant>, new: Grant) -> BTreeMap<K, Grant> {
    keys.iter().map(|key| (key.clone(), before.get(key).copied().unwrap_or(new))).collect()
}

impl State {
    /// Applies a change set as a whole, once: a set whose id was applied before changes nothing. After a rejection the state is the one
    /// before.
    ///
    /// # Errors
    /// The [`Rejection`] of the first change whose guard does not hold.
    pub fn apply(&mut self, set: &ChangeSet) -> Result<(), Rejection> {
        let mut next = self.clone();
        next.apply_to_copy(set)?;
        *self = next;
        Ok(())
    }

    /// [`apply`](Self::apply) to a copy that is thrown away after a rejection.
    pub(super) fn apply_to_copy(&mut self, set: &ChangeSet) -> Result<(), Rejection> {
        if self.commits.contains_key(&set.id()) {
            return Ok(());
        }
        for change in set.changes() {
            self.apply_one(change, set.at())?;
        }
        self.commits.insert(set.id(), set.at());
        Ok(())
    }

    fn apply_one(&mut self, change: &Change, at: Timestamp) -> Result<(), Rejection> {
        match change {
            Change::Company(change) => self.apply_to_company(change),
            Change::Role(change) => self.apply_to_role(change),
            Change::Subscription(change) => self.apply_to_subscription(change),
            Change::Terms(change) => self.apply_to_terms(change),
            Change::Account(change) => self.apply_to_account(change, at),
            Change::Password(change) => self.apply_to_password(change),
            Change::Registration(change) => self.apply_to_registration(change),
            Change::Invitation(change) => self.apply_to_invitation(change),
            Change::Link(change) => self.apply_to_link(change),
            Change::Session(change) => self.apply_to_session(change),
            Change::Throttle(change) => self.apply_to_throttle(change),
            Change::Outbox(change) => self.apply_to_outbox(change),
            Change::Audit(change) => self.apply_to_audit(change),
            Change::EmailChange(change) => self.apply_to_email_change(change),
            Change::Picture(change) => self.apply_to_picture(change),
            Change::Onboarding(change) => self.apply_to_onboarding(change),
            Change::Question(change) => self.apply_to_question(change),
        }
    }

    pub(super) fn sweep(&mut self, sweep: &Sweep) -> u64 {
        let count = |state: &Self| {
            let swept = [state.sessions.len(), state.tokens.len(), state.commits.len(), state.registrations.len()];
            swept.iter().sum::<usize>() + state.throttles.len() + state.email_changes.len() + state.messages.len()
        };
        let before = count(self);
        self.sessions.retain(|_, session| session.expires_at >= sweep.sessions_before);
        self.tokens.retain(|_, token| token.expires_at >= sweep.links_before);
        self.registrations.retain(|_, registration| registration.expires_at >= sweep.registrations_before);
        self.throttles.retain(|_, throttle| throttle.expires_at >= sweep.throttles_before);
        self.email_changes.retain(|_, change| change.undo_until >= sweep.email_changes_before);
        self.commits.retain(|_, at| *at >= sweep.change_sets_before);
        self.messages.retain(|_, message| message.settled_at.is_none_or(|at| at >= sweep.messages_before));
        (before - count(self)) as u64
    }
}
