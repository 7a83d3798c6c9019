//! The memory store and the mailer with a stage manager: acts between a flow's reads and its commit, lost answers, bad weather.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
};

use async_trait::async_trait;
use identity_core::{
    change::{
        AccountChange, Change, ChangeSet, CommitError, RegistrationChange, RoleChange, SubscriptionChange, ThrottleChange,
        Unavailable,
    },
    model::{
        access::{Role, Subscription},
        account::{Account, Picture},
        audit::OwnEvent,
        company::Company,
        email_change::EmailChange,
        invitation::Invitation,
        link::{Generation, LinkPurpose, Token},
        onboarding::Onboarding,
        outbox::{Email, OutboxMessage},
        password::PasswordHash,
        privacy::Tombstone,
        question::SecurityAnswer,
        registration::{Registration, RegistrationState},
        session::{Session, SignedIn},
        terms::{TermsAcceptance, TermsNumber, TermsSchedule, TermsVersion},
        throttle::{Bucket, Throttle},
    },
    port::{
        AccessReads, AccountQuery, AccountReads, AccountWithPassword, AuditReads, Commit, CompanyReads, Cursor, EmailChangeReads,
        InvitationQuery, InvitationReads, InvitationSummary, Lease, LinkReads, MailError, Mailer, OnboardingReads, Outbox, Page,
        PictureReads, QuestionReads, RegistrationQuery, RegistrationReads, SessionReads, Sweep, TermsReads, ThrottleReads,
    },
    value::{
        AccountId, CompanyId, EmailChangeId, EventId, InvitationId, LeaseTicket, OutboxMessageId, PictureName, RegistrationId,
        RoleKey, SessionId, Timestamp, TokenDigest,
    },
};
use identity_testkit::{Faults, MemoryStore, RecordingMailer};
use tokio::sync::Barrier;

type Act = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Whether a set does nothing but count how often something is tried. It is cued as `count`, every other as `commit`.
pub(crate) fn only_counts(set: &ChangeSet) -> bool {
    let counts = |change: &Change| {
        matches!(
            change,
            Change::Throttle(ThrottleChange::ConsumePermit { .. })
                | Change::Throttle(ThrottleChange::CountAttempt { .. })
                | Change::Registration(RegistrationChange::TryCode { .. })
                | Change::Throttle(ThrottleChange::Empty(_))
        )
    };
    set.changes().iter().all(counts)
}

#[derive(Default)]
struct Script {
    acts: Vec<(&'static str, Act)>,
    gate: Option<(&'static str, usize, Arc<Barrier>)>,
    loses_an_answer: bool,
    fails: Option<&'static str>,
    steps: bool,
    locks_nothing: bool,
    committed: Vec<ChangeSet>,
}

/// The memory store, with a script.
pub(crate) struct Stage {
    store: MemoryStore,
    script: Mutex<Script>,
}

impl Stage {
    pub(crate) fn new(faults: Faults) -> Self {
        Self { store: MemoryStore::with_faults(faults), script: Mutex::default() }
    }

    fn script(&self) -> std::sync::MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something just before the next call of this name is answered, once.
    pub(crate) fn just_before(&self, call: &'static str, act: impl Future<Output = ()> + Send + 'static) {
        self.script().acts.push((call, Box::pin(act)));
    }

    /// Lets the next `crowd` calls of this name through together, when all have come.
    pub(crate) fn gather(&self, call: &'static str, crowd: usize) {
        self.script().gate = Some((call, crowd, Arc::new(Barrier::new(crowd))));
    }

    /// Applies the next commit, and answers that the store is unavailable.
    pub(crate) fn lose_the_next_answer(&self) {
        self.script().loses_an_answer = true;
    }

    /// Fails the next call of this name.
    pub(crate) fn fails(&self, call: &'static str) {
        self.script().fails = Some(call);
    }

    /// From now on every call waits once before it is answered: the one that polls decides which of several flows goes on.
    pub(crate) fn goes_by_steps(&self) {
        self.script().steps = true;
    }

    /// From now on what a set only requires is not looked at: as where one node of a cluster does not see the read locks of another.
    pub(crate) fn read_locks_do_nothing(&self) {
        self.script().locks_nothing = true;
    }

    /// The set without what it only requires, where that is not looked at.
    fn guarded(&self, set: &ChangeSet) -> ChangeSet {
        let only_requires = |change: &&Change| {
            matches!(
                change,
                Change::Account(AccountChange::Require { .. })
                    | Change::Account(AccountChange::RequireSessionEpoch { .. })
                    | Change::Role(RoleChange::Require { .. })
                    | Change::Subscription(SubscriptionChange::Require { .. })
            )
        };
        if !self.script().locks_nothing {
            return set.clone();
        }
        let changes = set.changes().iter().filter(|change| !only_requires(change)).cloned().collect();
        ChangeSet::new(set.id(), set.at(), changes).unwrap()
    }

    /// Every change set that was applied.
    pub(crate) fn committed(&self) -> Vec<ChangeSet> {
        self.script().committed.clone()
    }

    async fn cue(&self, call: &str) -> Result<(), Unavailable> {
        let steps = self.script().steps;
        if steps {
            step().await;
        }
        let act = {
            let acts = &mut self.script().acts;
            acts.iter().position(|(name, _)| *name == call).map(|at| acts.remove(at).1)
        };
        if let Some(act) = act {
            act.await;
        }
        let barrier = match &mut self.script().gate {
            Some((name, awaited, barrier)) if *name == call && *awaited > 0 => {
                *awaited -= 1;
                Some(barrier.clone())
            }
            _ => None,
        };
        if let Some(barrier) = barrier {
            barrier.wait().await;
        }
        let fails = &mut self.script().fails;
        if fails.is_some_and(|name| name == call) {
            *fails = None;
            return Err(Unavailable::new("stage", "it failed because the test said so"));
        }
        Ok(())
    }
}

/// Pending once.
async fn step() {
    let mut is_next = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut is_next, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[async_trait]
impl Commit for Stage {
    async fn commit(&self, set: &ChangeSet) -> Result<(), CommitError> {
        let counts = only_counts(set);
        self.cue(if counts { "count" } else { "commit" }).await?;
        self.store.commit(&self.guarded(set)).await?;
        let mut script = self.script();
        script.committed.push(set.clone());
        if !counts && std::mem::take(&mut script.loses_an_answer) {
            return Err(Unavailable::new("commit", "the connection broke before the answer came").into());
        }
        Ok(())
    }

    async fn ping(&self) -> Result<(), Unavailable> {
        self.store.ping().await
    }

    async fn sweep(&self, sweep: &Sweep) -> Result<u64, Unavailable> {
        self.store.sweep(sweep).await
    }
}

macro_rules! staged {
    ($($port:ident { $($call:ident($($name:ident: $type:ty),*) -> $answer:ty;)+ })+) => {$(
        #[async_trait]
        impl $port for Stage {
            $(async fn $call(&self, $($name: $type),*) -> Result<$answer, Unavailable> {
                self.cue(stringify!($call)).await?;
                self.store.$call($($name),*).await
            })+
        }
    )+};
}

staged! {
    AccountReads {
        account(id: AccountId) -> Option<Account>;
        account_by_address(canonical: &str) -> Option<Account>;
        login_candidate(canonical: &str) -> Option<AccountWithPassword>;
        credential(id: AccountId) -> Option<AccountWithPassword>;
        retired_passwords(account: AccountId, limit: u32) -> Vec<PasswordHash>;
        accounts(query: &AccountQuery) -> Page<Account, AccountId>;
        accounts_with_role(role: &RoleKey, company: Option<CompanyId>, limit: u16) -> Vec<Account>;
        first_account_with_role(role: &RoleKey, company: Option<CompanyId>) -> Option<Account>;
        accounts_to_erase(now: Timestamp, after: Option<(Timestamp, AccountId)>, limit: u16) -> Vec<Account>;
        tombstone(id: AccountId) -> Option<Tombstone>;
    }
    SessionReads {
        session_by_digest(digest: &TokenDigest) -> Option<SignedIn>;
        sessions_of(account: AccountId, now: Timestamp) -> Vec<Session>;
        session(id: SessionId) -> Option<Session>;
    }
    InvitationReads {
        invitation(id: InvitationId) -> Option<Invitation>;
        invitation_summary(id: InvitationId) -> Option<InvitationSummary>;
        pending_invitation(company: CompanyId, canonical: &str) -> Option<Invitation>;
        open_invitation(canonical: &str, now: Timestamp) -> Option<Invitation>;
        invitations(query: &InvitationQuery) -> Page<InvitationSummary, InvitationId>;
        invitations_received(account: AccountId, canonical: &str) -> Vec<Invitation>;
        invitations_sent(inviter: AccountId, after: Cursor<InvitationId>, limit: u16) -> Page<Invitation, InvitationId>;
    }
    LinkReads {
        token_by_digest(digest: &TokenDigest) -> Option<Token>;
        unspent_tokens(subject: LinkPurpose, generation: Generation) -> Vec<Token>;
    }
    RegistrationReads {
        registration(id: RegistrationId) -> Option<Registration>;
        registration_by_flow(flow: &TokenDigest) -> Option<Registration>;
        newest_registration(canonical: &str, state: RegistrationState, now: Timestamp) -> Option<Registration>;
        registrations(query: &RegistrationQuery) -> Page<Registration, RegistrationId>;
    }
    ThrottleReads {
        throttle(bucket: &Bucket) -> Option<Throttle>;
    }
    CompanyReads {
        company(id: CompanyId) -> Option<Company>;
        companies(after: Cursor<CompanyId>, limit: u16) -> Page<Company, CompanyId>;
    }
    AccessReads {
        roles() -> Vec<Role>;
        subscriptions() -> Vec<Subscription>;
    }
    TermsReads {
        terms_in_force(now: Timestamp) -> Option<TermsVersion>;
        terms_versions() -> Vec<TermsVersion>;
        newest_terms_number() -> Option<TermsNumber>;
        terms_schedule(now: Timestamp) -> Option<TermsSchedule>;
        newest_acceptance(account: AccountId) -> Option<TermsAcceptance>;
        acceptances_of(account: AccountId) -> Vec<TermsAcceptance>;
    }
    PictureReads {
        picture(name: &PictureName) -> Option<Picture>;
    }
    OnboardingReads {
        onboarding(account: AccountId) -> Option<Onboarding>;
    }
    Outbox {
        lease_messages(lease: &Lease) -> Vec<OutboxMessage>;
        renew_lease(ticket: LeaseTicket, until: Timestamp) -> u64;
        message(id: OutboxMessageId) -> Option<OutboxMessage>;
    }
    EmailChangeReads {
        email_change(id: EmailChangeId) -> Option<EmailChange>;
        pending_email_change(account: AccountId) -> Option<EmailChange>;
        address_undo_until(canonical: &str, but: Option<AccountId>, now: Timestamp) -> Option<Timestamp>;
    }
    AuditReads {
        events_of(account: AccountId, after: Cursor<EventId>, limit: u16) -> Page<OwnEvent, EventId>;
    }
}

/// What the mail system is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Weather {
    /// Takes every mail.
    #[default]
    Fair,
    /// Takes none for now.
    Storm,
    /// Will never take any.
    Refusal,
}

/// The recording mailer, in all weathers.
pub(crate) struct Post {
    mailer: RecordingMailer,
    weather: Mutex<Weather>,
}

impl Post {
    pub(crate) fn new(mailer: RecordingMailer) -> Self {
        Self { mailer, weather: Mutex::default() }
    }

    pub(crate) fn turns(&self, weather: Weather) {
        *self.weather.lock().unwrap_or_else(PoisonError::into_inner) = weather;
    }
}

#[async_trait]
impl Mailer for Post {
    async fn send(&self, mail: &Email) -> Result<(), MailError> {
        let weather = *self.weather.lock().unwrap_or_else(PoisonError::into_inner);
        match weather {
            Weather::Fair => self.mailer.send(mail).await,
            Weather::Storm => Err(MailError::Temporary("451 try again later".into())),
            Weather::Refusal => Err(MailError::Permanent("550 no such mailbox".into())),
        }
    }
}

#[async_trait]
impl QuestionReads for Stage {
    async fn security_answers(&self, account: AccountId) -> Result<Vec<SecurityAnswer>, Unavailable> {
        self.cue("security_answers").await?;
        self.store.security_answers(account).await
    }
}
