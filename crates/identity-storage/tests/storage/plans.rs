//! How the databases go about each statement once they have grown: every one of them by an index, and the lists in the order in
//! which the index has them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use identity_core::{
    change::{
        AccountChange, AuditChange, Change, CommitError, CompanyChange, EmailChangeChange, InvitationChange, LinkChange,
        OnboardingChange, OutboxChange, PasswordChange, PictureChange, QuestionChange, RegistrationChange, Rejection, RoleChange,
        SessionChange, SubscriptionChange, TermsChange, ThrottleChange,
    },
    model::{
        access::{GrantableBy, Role, Scope, Subscription},
        account::{Account, AccountState, Deletion, Picture},
        audit::{Action, Actor, AuditEvent, Subject},
        email_change::{EmailChange, EmailChangeState},
        invitation::InvitationState,
        link::LinkPurpose,
        onboarding::Onboarding,
        outbox::DeliveryOutcome,
        password::{Password, PasswordHash, RetiredPassword},
        registration::{IssuedCode, RegistrationState},
        terms::{TermsAcceptance, TermsVersion},
        throttle::{Bucket, LoginPace, Rate},
    },
    port::{AccountQuery, InvitationFilter, InvitationQuery, Lease, RegistrationQuery, Store, Sweep},
    value::{
        AccessText, AccountId, CompanyId, EventId, InvitationId, Language, PictureName, RegistrationId, RoleKey, SignedDuration,
        SubscriptionKey, TokenDigest, TokenKind,
    },
};
use identity_storage::{
    DatabaseUrl, PoolLimits, Storage,
    testing::{Asked, Population, connect_as_the_store, populate},
};
use identity_testkit::Fixture;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};

use crate::database::Place;

/// How many people there are: enough that no database prefers to read everything.
const PEOPLE: u64 = 10_000;

/// The tables that grow with the people. The others are as small as ever.
const GROWN: &[&str] = &[
    "accounts",
    "grants",
    "acceptances",
    "invitations",
    "links",
    "sessions",
    "notices",
    "audit_events",
    "audit_personal",
    "change_sets",
    "registrations",
    "retired_passwords",
    "throttles",
    "email_changes",
    "pictures",
    "setups",
    "security_answers",
    "erased_accounts",
];

/// What was asked of the database, and which call of the port asked it.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Record>>);

#[derive(Default)]
struct Record {
    call: String,
    calls: BTreeSet<String>,
    /// By their text: the first of each.
    asked: BTreeMap<String, (String, Asked)>,
}

impl Seen {
    fn record(&self) -> std::sync::MutexGuard<'_, Record> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, call: &str) {
        let mut record = self.record();
        call.clone_into(&mut record.call);
        record.calls.insert(call.to_owned());
    }

    fn note(&self, asked: &Asked) {
        let mut record = self.record();
        let call = record.call.clone();
        record.asked.entry(asked.sql.clone()).or_insert_with(|| (call, asked.clone()));
    }
}

struct Scenario {
    seen: Seen,
    store: Arc<dyn Store>,
    fixture: Fixture,
    population: Population,
}

/// Calls a read, by its name in the port.
macro_rules! reads {
    ($scenario:ident: $($call:ident($($argument:expr),*);)+) => {$(
        $scenario.seen.begin(stringify!($call));
        $scenario.store.$call($($argument),*).await.expect(stringify!($call));
    )+};
}

impl Scenario {
    async fn over(place: &Place) -> Self {
        place.open().await.migrate().await.expect("the schema is laid");
        let seen = Seen::default();
        let observe = {
            let seen = seen.clone();
            move |asked: &Asked| seen.note(asked)
        };
        let url = DatabaseUrl::new(place.url().into());
        let storage = Storage::open_observed(&url, PoolLimits { max_connections: 2 }, observe).await.expect("the database opens");
        let store: Arc<dyn Store> = Arc::new(storage);
        let fixture = Fixture::new(store.clone(), 81);
        let password = PasswordHash::from_phc("plain$secret".to_owned());
        let population = Population { accounts: PEOPLE, password, now: fixture.now };
        populate(&url, &population).await.expect("people come");
        Self { seen, store, fixture, population }
    }

    /// Every read that there is, found and not found, of the first and the last.
    async fn reads(&self) {
        let (population, fixture) = (&self.population, &self.fixture);
        let company = CompanyId::from_uuid(population.company_id(PEOPLE / 2));
        let address = Population::address(PEOPLE / 2);
        let session = TokenDigest::from_bytes(Population::session_digest(PEOPLE / 2));
        let link = TokenDigest::from_bytes(Population::waiting_digest(PEOPLE / 2));
        let invitation = InvitationId::from_uuid(population.invitation_id(PEOPLE / 2));
        reads! { self:
            account(AccountId::from_uuid(population.account_id(7)));
            account_by_address(&address);
            login_candidate(&address);
            credential(AccountId::from_uuid(population.account_id(7)));
            retired_passwords(AccountId::from_uuid(population.account_id(5)), 24);
            accounts_with_role(&RoleKey::company_administrator(), Some(company), 20);
            accounts_with_role(&RoleKey::operator(), None, 20);
            first_account_with_role(&RoleKey::operator(), None);
            first_account_with_role(&RoleKey::company_administrator(), Some(company));
            session_by_digest(&session);
            invitation(invitation);
            invitation_summary(invitation);
            pending_invitation(company, "nobody@example.org");
            open_invitation(&format!("waiting{}", Population::address(0)), fixture.now);
            open_invitation("nobody@example.org", fixture.now);
            token_by_digest(&link);
            unspent_tokens(LinkPurpose::Invitation(invitation), 1);
            registration(RegistrationId::from_uuid(population.requested_id(PEOPLE / 2)));
            registration_by_flow(&TokenDigest::from_bytes(Population::requested_flow(PEOPLE / 2)));
            newest_registration(&Population::requested_address(PEOPLE / 2), RegistrationState::Requested, fixture.now);
            newest_registration(&Population::requested_address(PEOPLE / 2), RegistrationState::AwaitingApproval, fixture.now);
            picture(&Population::picture(PEOPLE / 2));
            security_answers(AccountId::from_uuid(population.account_id(PEOPLE / 2)));
            throttle(&Bucket::from_bytes(Population::bucket(PEOPLE / 2)));
            company(company);
            companies(None, 50);
            companies(Some(company), 50);
            roles();
            subscriptions();
            terms_in_force(fixture.now);
            terms_versions();
            newest_terms_number();
            terms_schedule(fixture.now);
            newest_acceptance(AccountId::from_uuid(population.account_id(7)));
            message(fixture.id());
            session(fixture.id());
            onboarding(AccountId::from_uuid(population.account_id(7)));
        }
        self.own_security().await;
        // Several at a time are looked up together.
        let (one, other) = tokio::join!(self.store.session_by_digest(&session), self.store.session_by_digest(&link));
        assert!(one.expect("a session").is_some() && other.expect("none").is_none());
        self.seen.begin("ping");
        self.store.ping().await.expect("it is there");
        self.lists(company, invitation).await;
    }

    /// What somebody is shown of the security of the own account.
    async fn own_security(&self) {
        let (population, now) = (&self.population, self.fixture.now);
        let account = AccountId::from_uuid(population.account_id(7));
        let event = EventId::from_uuid(population.account_id(8));
        reads! { self:
            sessions_of(account, now);
            email_change(self.fixture.id());
            pending_email_change(account);
            address_undo_until(&format!("before.{}", Population::address(4)), Some(account), now);
            address_undo_until(&format!("before.{}", Population::address(4)), None, now);
            events_of(account, None, 20);
            events_of(account, Some(event), 20);
            acceptances_of(account);
            invitations_received(account, &Population::address(7));
            invitations_sent(account, None, 20);
            invitations_sent(account, Some(self.fixture.id()), 20);
            accounts_to_erase(now, None, 20);
            accounts_to_erase(now, Some((now, account)), 20);
            tombstone(account);
        }
    }

    /// Every list that can be asked for.
    async fn lists(&self, company: CompanyId, after: InvitationId) {
        self.lists_of_people(company).await;
        let ended =
            InvitationState::ALL.into_iter().filter(|state| *state != InvitationState::Pending).map(InvitationFilter::Ended);
        let filters = [InvitationFilter::Pending, InvitationFilter::Expired].into_iter().chain(ended).map(Some).chain([None]);
        for filter in filters {
            for scope in [Scope::Everywhere, Scope::Company(company)] {
                for address_prefix in [None, Some("person50".to_owned())] {
                    for after in [None, Some(after)] {
                        let address_prefix = address_prefix.clone();
                        let query = InvitationQuery { scope, filter, address_prefix, now: self.fixture.now, after, limit: 25 };
                        reads! { self: invitations(&query); }
                    }
                }
            }
        }
    }

    async fn lists_of_people(&self, company: CompanyId) {
        let someone = AccountId::from_uuid(self.population.account_id(PEOPLE / 2));
        for state in [None, Some(AccountState::Active), Some(AccountState::Disabled)] {
            for scope in [Scope::Everywhere, Scope::Company(company)] {
                for address_prefix in [None, Some("person50".to_owned())] {
                    for after in [None, Some(someone)] {
                        for role in [None, Some(RoleKey::company_administrator())] {
                            let address_prefix = address_prefix.clone();
                            reads! { self: accounts(&AccountQuery { scope, state, role, address_prefix, after, limit: 25 }); }
                        }
                    }
                }
            }
        }
        for state in RegistrationState::ALL {
            for after in [None, Some(RegistrationId::from_uuid(self.population.requested_id(PEOPLE / 2)))] {
                reads! { self: registrations(&RegistrationQuery { state, after, limit: 25 }); }
            }
        }
    }

    async fn commit(&self, changes: Vec<Change>) {
        for change in &changes {
            self.seen.begin(&variant(change));
        }
        self.seen.begin("commit");
        self.fixture.commit(changes).await;
    }

    /// Every change that there is.
    async fn writes(&self) {
        let fixture = &self.fixture;
        let company = fixture.company();
        let (ada, grace) = (fixture.account(company.id, "ada@x.example"), fixture.account(company.id, "grace@x.example"));
        self.commit(vec![Change::Company(CompanyChange::Open(company.clone())), fixture.open(&ada), fixture.open(&grace)]).await;
        self.commit(vec![Change::Company(CompanyChange::Revise(identity_core::model::company::Company {
            version: 2,
            ..company.clone()
        }))])
        .await;
        self.catalogue().await;
        self.account(&ada).await;
        self.sessions(&grace).await;
        self.passwords(&grace).await;
        self.registrations().await;
        self.throttles().await;
        self.email_changes(&ada, &grace).await;
        self.pictures(&grace).await;
        self.setups(&grace).await;
        self.security_answers(&grace).await;
        self.erasure(company.id).await;
        let invitation = fixture.invitation(company.id, ada.id, "new@x.example");
        let token = fixture.token(invitation.id, 1);
        self.commit(vec![
            Change::Invitation(InvitationChange::Issue(invitation.clone())),
            Change::Link(LinkChange::Issue(token.clone())),
        ])
        .await;
        let opened = Change::Invitation(InvitationChange::RecordFirstOpen { id: invitation.id, at: fixture.now });
        self.commit(vec![opened, Change::Link(LinkChange::Extend { id: token.id, expires_at: fixture.later(99) })]).await;
        let over = invitation.revoked().expect("it is pending");
        self.commit(vec![
            Change::Invitation(InvitationChange::Advance(over)),
            Change::Link(LinkChange::Spend { id: token.id, at: fixture.now }),
        ])
        .await;
        let messages = (0..5).map(|_| fixture.message(invitation.id)).collect::<Vec<_>>();
        self.commit(
            messages
                .into_iter()
                .map(OutboxChange::Queue)
                .map(Change::Outbox)
                .chain([Change::Audit(AuditChange::Record(fixture.event()))])
                .collect(),
        )
        .await;
        self.seen.begin("lease_messages");
        let lease = Lease { ticket: fixture.id(), now: fixture.now, until: fixture.later(60), limit: 5 };
        let retry = DeliveryOutcome::Retry { due_at: fixture.later(9), error: "busy".to_owned() };
        let outcomes = [
            DeliveryOutcome::Sent,
            DeliveryOutcome::Dropped,
            DeliveryOutcome::Returned,
            DeliveryOutcome::Failed { error: "no".to_owned() },
            retry,
        ];
        let claimed = self.store.lease_messages(&lease).await.expect("notices");
        self.seen.begin("renew_lease");
        assert_eq!(self.store.renew_lease(lease.ticket, fixture.later(90)).await.ok(), Some(5));
        for (message, outcome) in claimed.into_iter().zip(outcomes) {
            self.commit(vec![Change::Outbox(OutboxChange::Settle {
                id: message.id,
                ticket: lease.ticket,
                at: fixture.now,
                outcome,
            })])
            .await;
        }
        self.seen.begin("sweep");
        let far = fixture.now.checked_sub(SignedDuration::from_secs(9_000)).expect("a time");
        let sweep = Sweep {
            sessions_before: far,
            links_before: far,
            change_sets_before: far,
            registrations_before: far,
            throttles_before: far,
            email_changes_before: far,
            messages_before: far,
        };
        assert!(self.store.sweep(&sweep).await.expect("a sweep") > 0, "nothing had lapsed");
    }

    async fn catalogue(&self) {
        let (name, description) = (AccessText::parse("Pro").expect("a text"), None);
        let role = Role {
            key: RoleKey::parse("pro").expect("a key"),
            name: name.clone(),
            description: description.clone(),
            grantable_by: GrantableBy::Operator,
            version: 1,
        };
        let key = SubscriptionKey::parse("pro").expect("a key");
        let subscription = Subscription { key, name, description, grantable_by: GrantableBy::Operator, version: 1 };
        self.commit(vec![
            Change::Role(RoleChange::Define(role.clone())),
            Change::Subscription(SubscriptionChange::Define(subscription.clone())),
        ])
        .await;
        let (role, subscription) = (Role { version: 2, ..role }, Subscription { version: 2, ..subscription });
        self.commit(vec![
            Change::Role(RoleChange::Revise(role.clone())),
            Change::Subscription(SubscriptionChange::Revise(subscription.clone())),
        ])
        .await;
        let required = Change::Subscription(SubscriptionChange::Require { key: subscription.key, version: 2 });
        self.commit(vec![Change::Role(RoleChange::Require { key: role.key, version: 2 }), required]).await;
    }

    async fn account(&self, ada: &Account) {
        let fixture = &self.fixture;
        let texts = [(Language::english(), "Text".to_owned())].into();
        self.commit(vec![Change::Terms(TermsChange::Publish(TermsVersion {
            number: 1,
            effective_at: fixture.now,
            grace: None,
            texts,
        }))])
        .await;
        let revised = ada.with_roles([RoleKey::operator()].into());
        self.commit(vec![Change::Account(AccountChange::Revise { account: revised.clone(), by: None })]).await;
        let none = revised.with_roles(BTreeSet::new());
        self.commit(vec![Change::Account(AccountChange::Revise { account: none, by: None })]).await;
        let (from, to) = (PasswordHash::from_phc("plain$secret".to_owned()), PasswordHash::from_phc("plain$new".to_owned()));
        let acceptance = TermsAcceptance {
            account: ada.id,
            number: 1,
            language: Language::english(),
            text_hash: [7; 32],
            accepted_at: fixture.now,
        };
        let required = Change::Account(AccountChange::Require { id: ada.id, version: 3 });
        self.commit(vec![
            required,
            Change::Password(PasswordChange::Rehash { id: ada.id, from, to }),
            Change::Terms(TermsChange::Accept(acceptance)),
        ])
        .await;
    }

    async fn sessions(&self, grace: &Account) {
        let (one, other) = (self.fixture.session(grace.id), self.fixture.session(grace.id));
        self.commit(vec![Change::Session(SessionChange::Start(one.clone())), Change::Session(SessionChange::Start(other.clone()))])
            .await;
        self.commit(vec![Change::Session(SessionChange::Touch { id: one.id, at: self.fixture.later(61) })]).await;
        let in_its_epoch = Change::Account(AccountChange::RequireSessionEpoch { id: grace.id, epoch: grace.session_epoch });
        self.commit(vec![in_its_epoch]).await;
        self.commit(vec![Change::Session(SessionChange::EndOthers { account: grace.id, keep: one.id, epoch: 1 })]).await;
        self.commit(vec![Change::Session(SessionChange::End(one.id))]).await;
        self.commit(vec![Change::Session(SessionChange::EndAll(grace.id))]).await;
    }

    async fn passwords(&self, grace: &Account) {
        let fixture = &self.fixture;
        let hash = |number: u32| PasswordHash::from_phc(format!("plain${number}"));
        let mut from = PasswordHash::from_phc("plain$secret".to_owned());
        for number in 0..3 {
            let retired = RetiredPassword { id: fixture.id(), account: grace.id, hash: from.clone(), retired_at: fixture.now };
            let to = Password { hash: hash(number), set_at: fixture.now, ends_at: Some(fixture.later(60)) };
            let set = Change::Password(PasswordChange::Set { id: grace.id, from, to });
            self.commit(vec![set, Change::Password(PasswordChange::Retire { retired, keep: 2 })]).await;
            from = hash(number);
        }
    }

    async fn registrations(&self) {
        let fixture = &self.fixture;
        let registration = fixture.registration("signed.up@x.example");
        self.commit(vec![Change::Registration(RegistrationChange::Open(registration.clone()))]).await;
        let code = IssuedCode { hash: PasswordHash::from_phc("plain$12345678".to_owned()), expires_at: fixture.later(600) };
        let issued =
            Change::Registration(RegistrationChange::ReplaceCode { id: registration.id, from: None, to: Some(code.clone()) });
        let sent = registration.sending(fixture.later(900)).expect("it is open");
        self.commit(vec![issued, Change::Registration(RegistrationChange::Advance(sent))]).await;
        self.commit(vec![Change::Registration(RegistrationChange::TryCode { id: registration.id, limit: 5 })]).await;
        self.commit(vec![Change::Registration(RegistrationChange::ReplaceCode {
            id: registration.id,
            from: Some(code.hash),
            to: None,
        })])
        .await;
    }

    async fn throttles(&self) {
        let fixture = &self.fixture;
        let (bucket, at) = (Bucket::from_bytes([7; 32]), fixture.now);
        let rate = Rate::per(3, SignedDuration::from_mins(1));
        for _ in 0..3 {
            self.commit(vec![Change::Throttle(ThrottleChange::ConsumePermit { bucket, rate, at })]).await;
        }
        let refused = fixture.try_commit(vec![Change::Throttle(ThrottleChange::ConsumePermit { bucket, rate, at })]).await;
        assert!(matches!(refused, Err(CommitError::Rejected(Rejection::Throttled))), "{refused:?}");
        let (bucket, fresh) = (Bucket::from_bytes([8; 32]), LoginPace::fresh(at));
        let tried = LoginPace::default().attempt(Some(&fresh), at).expect("it is free");
        self.commit(vec![Change::Throttle(ThrottleChange::CountAttempt { bucket, from: None, to: fresh })]).await;
        self.commit(vec![Change::Throttle(ThrottleChange::CountAttempt { bucket, from: Some(fresh), to: tried })]).await;
        self.commit(vec![Change::Throttle(ThrottleChange::Reset { bucket, to: fresh })]).await;
        self.commit(vec![Change::Throttle(ThrottleChange::Empty(bucket))]).await;
    }

    async fn email_changes(&self, ada: &Account, grace: &Account) {
        let fixture = &self.fixture;
        let change = fixture.email_change(ada, "ada.new@x.example");
        self.commit(vec![Change::EmailChange(EmailChangeChange::Open(change.clone()))]).await;
        let moved = Change::Account(AccountChange::ChangeEmail { id: ada.id, from: change.from.clone(), to: change.to.clone() });
        let confirmed = EmailChange { state: EmailChangeState::Confirmed, version: 2, ..change.clone() };
        self.commit(vec![moved, Change::EmailChange(EmailChangeChange::Advance(confirmed))]).await;
        self.commit(vec![Change::EmailChange(EmailChangeChange::Undo { account: ada.id, since: change.id })]).await;
        let session = fixture.session(grace.id);
        self.commit(vec![Change::Session(SessionChange::Start(session.clone()))]).await;
        let (from, to) = (session.digest, fixture.secret(TokenKind::Session).digest());
        self.commit(vec![Change::Session(SessionChange::ConfirmReauthentication { id: session.id, from, to, at: fixture.now })])
            .await;
    }
    async fn pictures(&self, grace: &Account) {
        for number in 1..3 {
            let name = PictureName::from_bytes([number; 16]);
            let picture = Picture { name, account: grace.id, bytes: [number; 9].into(), created_at: self.fixture.now };
            self.commit(vec![Change::Picture(PictureChange::Store(picture))]).await;
        }
        self.commit(vec![Change::Picture(PictureChange::Remove(grace.id))]).await;
    }

    async fn setups(&self, grace: &Account) {
        let onboarding = Onboarding { account: grace.id, steps: BTreeMap::new(), finished_at: None, version: 1 };
        self.commit(vec![Change::Onboarding(OnboardingChange::Open(onboarding.clone()))]).await;
        self.commit(vec![Change::Onboarding(OnboardingChange::Advance(Onboarding {
            finished_at: Some(self.fixture.now),
            version: 2,
            ..onboarding
        }))])
        .await;
    }
    async fn security_answers(&self, grace: &Account) {
        let (fixture, account) = (&self.fixture, grace.id);
        let answer = fixture.security_answer(account, "book");
        self.commit(vec![Change::Question(QuestionChange::SetAnswers { account, answers: vec![answer.clone()] })]).await;
        let (question, from) = (answer.question, answer.hash);
        self.commit(vec![Change::Question(QuestionChange::NoteAnswer { account, question, from, at: fixture.now })]).await;
        self.commit(vec![Change::Question(QuestionChange::SetAnswers { account, answers: Vec::new() })]).await;
    }
    /// Of somebody who has all that there is to be looked for.
    async fn erasure(&self, company: CompanyId) {
        let fixture = &self.fixture;
        let leaver = fixture.account(company, "leaver@x.example");
        let event = AuditEvent { actor: Actor::Account(leaver.id), ..fixture.event() };
        let change = EmailChange { version: 1, ..fixture.email_change(&leaver, "leaver.new@x.example") };
        let received = fixture.invitation(company, leaver.id, "Leaver@x.example");
        let token = fixture.token(received.id, 1);
        let about = AuditEvent { subject: Subject::Invitation(received.id), ..fixture.event() };
        let concerning =
            AuditEvent::new(&fixture.fresh_event(), fixture.now, Action::LoginFailed, Actor::Anonymous, Subject::Nothing)
                .concerning(&fixture.fresh_event(), &leaver.email);
        let fresh = fixture.fresh_event();
        let requested =
            AuditEvent::new(&fresh, fixture.now, Action::EmailChangeRequested, Actor::Anonymous, Subject::Account(leaver.id));
        let requested = requested.concerning(&fresh, &change.to);
        let registration = fixture.registration("leaver@x.example");
        self.commit(vec![
            fixture.open(&leaver),
            Change::EmailChange(EmailChangeChange::Open(change)),
            Change::Invitation(InvitationChange::Issue(received.clone())),
            Change::Link(LinkChange::Issue(token)),
            Change::Outbox(OutboxChange::Queue(fixture.message(received.id))),
            Change::Registration(RegistrationChange::Open(registration)),
            Change::Audit(AuditChange::Record(event)),
            Change::Audit(AuditChange::Record(about)),
            Change::Audit(AuditChange::Record(concerning)),
            Change::Audit(AuditChange::Record(requested)),
        ])
        .await;
        let deletion = Deletion { requested_at: fixture.now, erase_at: fixture.now };
        let leaving = leaver.with_deletion(Some(deletion));
        self.commit(vec![Change::Account(AccountChange::Revise { account: leaving.clone(), by: None })]).await;
        self.commit(vec![Change::Account(AccountChange::Erase { id: leaver.id, version: leaving.version, at: fixture.now })]).await;
    }

    /// Whatever the port can be asked was asked.
    fn is_whole(&self) {
        let port = sources("port/store");
        let calls = port.lines().filter_map(|line| line.trim_start().strip_prefix("async fn ")?.split('(').next());
        let calls = calls.map(str::to_owned).collect::<Vec<_>>();
        let variants = declared_variants();
        assert!(calls.len() > 20 && variants.len() > 40, "{calls:?} {variants:?}");
        let seen = self.seen.record();
        for name in calls.into_iter().chain(variants) {
            assert!(
                seen.calls.contains(&name),
                "{name} of the port is not in this scenario: add it, so that its statements are explained"
            );
        }
    }
}

/// A change as its aggregate and what is done to it: `Session(Start`.
fn variant(change: &Change) -> String {
    let text = format!("{change:?}");
    let mut names = text.split(|character: char| !character.is_alphanumeric());
    format!("{}({}", names.next().expect("the aggregate"), names.next().expect("what is done"))
}

/// The files of a folder of the core, one after the other.
fn sources(folder: &str) -> String {
    let folder = format!("{}/../identity-core/src/{folder}", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).expect("a folder of the core");
    files.map(|file| std::fs::read_to_string(file.expect("a file").path()).expect("a source")).collect()
}

/// All that the sources of the core declare, in the same form.
fn declared_variants() -> Vec<String> {
    let mut variants = Vec::new();
    for declared in sources("change").split("pub enum ").skip(1) {
        let (name, body) = declared.split_once(" {\n").expect("its variants");
        let Some(aggregate) = name.strip_suffix("Change").filter(|aggregate| !aggregate.is_empty()) else { continue };
        let (body, _) = body.split_once("\n}\n").expect("its end");
        let names = body.lines().filter_map(|line| {
            let name = line.strip_prefix("    ")?;
            let end = name.find(|character: char| !character.is_alphanumeric())?;
            name.starts_with(char::is_uppercase).then(|| &name[..end])
        });
        variants.extend(names.map(|name| format!("{aggregate}({name}")));
    }
    variants
}

/// What a database says it would do.
async fn plan(connection: &DatabaseConnection, asked: &Asked) -> String {
    let explain = if connection.get_database_backend() == DbBackend::Sqlite { "EXPLAIN QUERY PLAN" } else { "EXPLAIN" };
    let statement = Statement { sql: format!("{explain} {}", asked.sql), ..asked.clone() };
    let rows = connection.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{}: {error}", asked.sql));
    let line = |row: &sea_orm::QueryResult| match connection.get_database_backend() {
        DbBackend::Sqlite => row.try_get::<String>("", "detail").expect("a detail"),
        DbBackend::Postgres => row.try_get_by_index::<String>(0).expect("a line"),
        _ => ["table", "type", "key", "Extra"]
            .map(|column| row.try_get::<Option<String>>("", column).expect(column).unwrap_or_default())
            .join(" | "),
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Whether a plan reads a grown table from one end to the other. Along an index that is no more than is answered, where the statement
/// has a limit and nothing is filtered out.
fn reads_everything(backend: DbBackend, sql: &str, plan: &str) -> bool {
    let is_limited = sql.contains(" LIMIT ");
    match backend {
        DbBackend::Sqlite => plan.lines().any(|line| {
            let by_index = line.contains("USING INDEX") || line.contains("USING COVERING INDEX");
            is_grown(line.strip_prefix("SCAN ")) && !(is_limited && by_index)
        }),
        // Each step begins with an arrow, and says below it what bounds an index and what is left for a filter.
        DbBackend::Postgres => plan.split("->").any(|step| {
            let step_reads = step.split_once(" Scan ").and_then(|(_, rest)| rest.split_once("on ")).map(|(_, table)| table);
            let is_bounded = ["Index Cond:", "Recheck Cond:"].iter().any(|bound| step.contains(bound));
            let is_bounded = is_bounded || (is_limited && !step.contains("Filter:"));
            is_grown(step_reads) && (step.contains("Seq Scan") || !is_bounded)
        }),
        _ => plan.lines().any(|line| {
            let (table, rest) = line.split_once(" | ").unwrap_or((line, ""));
            is_grown(Some(table)) && (rest.starts_with("ALL") || (rest.starts_with("index") && !is_limited))
        }),
    }
}

/// Whether this begins with the name of a table that has grown.
fn is_grown(rest: Option<&str>) -> bool {
    let name = rest.map(|rest| rest.trim_start_matches('"').split(|c: char| !c.is_alphanumeric() && c != '_').next());
    name.flatten().is_some_and(|name| GROWN.contains(&name))
}

async fn every_statement_uses_an_index(place: Place) {
    let scenario = Scenario::over(&place).await;
    scenario.reads().await;
    scenario.writes().await;
    scenario.is_whole();
    let connection = connect_as_the_store(&DatabaseUrl::new(place.url().into()), 1).await.expect("a connection");
    let backend = connection.get_database_backend();
    let asked = scenario.seen.record().asked.clone();
    let mut bad = Vec::new();
    let mut explained = 0;
    for (sql, (call, asked)) in asked {
        if !["SELECT", "UPDATE", "DELETE", "WITH"].iter().any(|verb| sql.starts_with(verb)) || sql == "SELECT 1" {
            continue;
        }
        explained += 1;
        let plan = plan(&connection, &asked).await;
        if reads_everything(backend, &sql, &plan) {
            bad.push(format!("{call}: {sql}\n{plan}"));
        }
    }
    println!("{explained} statements explained on {backend:?}");
    assert!(explained >= 60, "only {explained} statements were seen");
    assert!(bad.is_empty(), "{} of {explained} read a whole table:\n\n{}", bad.len(), bad.join("\n\n"));
}

#[tokio::test]
async fn every_statement_uses_an_index_of_sqlite() {
    every_statement_uses_an_index(Place::folder()).await;
}

#[tokio::test]
async fn every_statement_uses_an_index_of_postgres() {
    every_statement_uses_an_index(Place::postgres().await).await;
}

#[tokio::test]
async fn every_statement_uses_an_index_of_mariadb() {
    every_statement_uses_an_index(Place::mariadb().await).await;
}
