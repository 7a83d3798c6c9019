//! What is written is what is read.

use std::{collections::BTreeSet, sync::Arc};

use identity_core::{
    change::{
        AccountChange, Change, CompanyChange, EmailChangeChange, InvitationChange, LinkChange, OutboxChange, RegistrationChange,
        RoleChange, SessionChange, TermsChange, ThrottleChange,
    },
    model::{
        access::{GrantableBy, Role, Scope},
        account::{Account, AccountState, Deletion, Preferences, Profile, Recovery, RequiredAction},
        email_change::EmailChange,
        invitation::{Invitation, InvitationState},
        link::{LinkPurpose, Token},
        registration::{Registration, RegistrationState},
        session::Session,
        terms::{TermsAcceptance, TermsVersion},
        throttle::{Bucket, Throttle},
    },
    port::{InvitationFilter, InvitationQuery, Store, Sweep},
    value::{AccessText, AccountId, CompanyName, Language, Lifetime, Note, PersonName, RoleKey, SignedDuration, SubscriptionKey},
};

use crate::Fixture;

/// Every field, at its limits and with its microseconds.
#[expect(clippy::unwrap_used, reason = "fixed texts that parse")]
pub async fn what_is_written_is_read_back(store: Arc<dyn Store>) {
    let mut fixture = Fixture::new(store.clone(), 41);
    fixture.now = fixture.now.checked_add(SignedDuration::from_micros(123_457)).unwrap();
    let mut company = fixture.company();
    company.name = CompanyName::parse(&"🦀".repeat(CompanyName::MAX)).unwrap();
    let mut account = fixture.account(company.id, "Ada.L+x@EXAMPLE.org");
    account.first_name = PersonName::parse(&"𝒜".repeat(PersonName::MAX)).unwrap();
    account.last_name = PersonName::parse("O’Brien-李 محمد").unwrap();
    account.language = Language::parse("zh-Hans").unwrap();
    account.state = AccountState::Disabled;
    account.roles = [RoleKey::operator(), RoleKey::parse("b").unwrap()].into();
    account.subscriptions = [SubscriptionKey::parse("pro").unwrap()].into();
    account.profile = fixture.profile();
    account.preferences = fixture.preferences();
    account.required_actions = RequiredAction::ALL.into();
    account.recovery = Recovery { generation: 5, since: fixture.later(7) };
    account.deletion = Some(Deletion { requested_at: fixture.later(8), erase_at: fixture.later(9) });
    fixture.commit(vec![Change::Company(CompanyChange::Open(company.clone())), fixture.open(&account)]).await;
    assert_eq!(store.company(company.id).await.ok().flatten(), Some(company.clone()));
    assert_eq!(store.account(account.id).await.ok().flatten(), Some(account.clone()));
    let candidate = store.login_candidate("ada.l+x@example.org").await.ok().flatten().unwrap();
    assert_eq!((&candidate.account, candidate.password.hash.expose()), (&account, "plain$secret"));

    let full = Invitation {
        first_name: Some(account.first_name.clone()),
        last_name: Some(account.last_name.clone()),
        roles: account.roles.clone(),
        subscriptions: account.subscriptions.clone(),
        note: Some(Note::parse(&"ن\n".repeat(Note::MAX / 2 - 1)).unwrap()),
        renewal_requested_at: Some(fixture.later(5)),
        account: Some(account.id),
        state: InvitationState::Accepted,
        generation: 7,
        ..fixture.invitation(company.id, account.id, "Grace@Example.org")
    };
    let first_operator = Invitation {
        id: Invitation::SET_UP,
        company: None,
        inviter: None,
        email: None,
        ..fixture.invitation(company.id, account.id, "x@example.org")
    };
    fixture
        .commit(vec![
            Change::Invitation(InvitationChange::Issue(full.clone())),
            Change::Invitation(InvitationChange::Issue(first_operator.clone())),
        ])
        .await;
    for invitation in [full, first_operator] {
        assert_eq!(store.invitation(invitation.id).await.ok().flatten(), Some(invitation));
    }
    let role = Role {
        key: RoleKey::parse("b").unwrap(),
        name: AccessText::parse("Ö").unwrap(),
        description: Some(AccessText::parse("…").unwrap()),
        grantable_by: GrantableBy::Administrator,
        version: 1,
    };
    fixture.commit(vec![Change::Role(RoleChange::Define(role.clone()))]).await;
    let revised = Role { description: None, grantable_by: GrantableBy::Operator, version: 2, ..role };
    fixture.commit(vec![Change::Role(RoleChange::Revise(revised.clone()))]).await;
    assert_eq!(store.roles().await.ok(), Some(vec![revised]));
}

/// Roles go and come, everything else is replaced, the address stays.
#[expect(clippy::unwrap_used, reason = "fixed texts that parse")]
pub async fn an_account_is_revised_in_place(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 42);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let first = ada.with_roles([RoleKey::operator()].into());
    fixture.commit(vec![Change::Account(AccountChange::Revise { account: first.clone(), by: None })]).await;
    let second = first.with_roles([RoleKey::company_administrator()].into()).with_password_ended(fixture.later(9));
    let second = Account {
        first_name: PersonName::parse("Augusta").unwrap(),
        language: Language::parse("ar").unwrap(),
        profile: fixture.profile(),
        preferences: fixture.preferences(),
        version: first.version + 1,
        ..second
    };
    fixture.commit(vec![Change::Account(AccountChange::Revise { account: second.clone(), by: Some(ada.id) })]).await;
    assert_eq!(store.account(ada.id).await.ok().flatten(), Some(second.clone()));
    assert!(!second.required_actions.is_empty() && second.recovery.generation > first.recovery.generation);
    let none = second.with_roles(BTreeSet::new()).with_password_chosen(fixture.later(10));
    let none = Account { profile: Profile::default(), preferences: Preferences::default(), version: second.version + 1, ..none };
    fixture.commit(vec![Change::Account(AccountChange::Revise { account: none.clone(), by: None })]).await;
    assert_eq!(store.account_by_address("ada@example.org").await.ok().flatten(), Some(none));
}

/// Session and account come from one read; an ended session is gone.
pub async fn a_session_is_read_with_its_account(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 43);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let ada = ada.with_roles([RoleKey::operator(), RoleKey::company_administrator()].into());
    let (one, other) = (fixture.session(ada.id), fixture.session(ada.id));
    fixture.commit(vec![Change::Account(AccountChange::Revise { account: ada.clone(), by: None })]).await;
    fixture
        .commit(vec![Change::Session(SessionChange::Start(one.clone())), Change::Session(SessionChange::Start(other.clone()))])
        .await;
    fixture.commit(vec![Change::Session(SessionChange::Touch { id: one.id, at: fixture.later(90) })]).await;
    let read = store.session_by_digest(&one.digest).await.ok().flatten();
    assert_eq!(read.as_ref().map(|read| &read.account), Some(&ada));
    assert_eq!(read.map(|read| (read.session.used_at, read.session.client)), Some((fixture.later(90), one.client.clone())));
    let by_id = store.session(one.id).await.ok().flatten();
    assert_eq!(
        by_id.map(|found| (found.account, found.used_at, found.client)),
        Some((ada.id, fixture.later(90), one.client.clone()))
    );
    fixture.commit(vec![Change::Session(SessionChange::End(one.id))]).await;
    assert_eq!(store.session_by_digest(&one.digest).await.ok(), Some(None));
    assert_eq!(store.session(one.id).await.ok(), Some(None));
    assert_eq!(store.session(other.id).await.ok().flatten().map(|found| found.id), Some(other.id));
    assert!(store.session_by_digest(&other.digest).await.is_ok_and(|found| found.is_some()));
    fixture.commit(vec![Change::Session(SessionChange::EndAll(fixture.id()))]).await;
    assert!(store.session_by_digest(&other.digest).await.is_ok_and(|found| found.is_some()));
    fixture.commit(vec![Change::Session(SessionChange::EndAll(ada.id))]).await;
    assert_eq!(store.session_by_digest(&other.digest).await.ok(), Some(None));
}

fn query(fixture: &Fixture, scope: Scope) -> InvitationQuery {
    InvitationQuery { scope, filter: None, address_prefix: None, now: fixture.later(1), after: None, limit: 3 }
}

/// Page by page, newest first, nothing twice and nothing left out.
pub async fn lists_go_on_where_they_stopped(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 44);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let mut issued = Vec::new();
    for number in 0..7 {
        let invitation = fixture.invitation(company.id, ada.id, &format!("n{number}@example.org"));
        fixture.commit(vec![Change::Invitation(InvitationChange::Issue(invitation.clone()))]).await;
        issued.push(invitation.id);
    }
    issued.sort();
    issued.reverse();
    let (mut after, mut seen) = (None, Vec::new());
    for expected in [3, 3, 1] {
        let page = store.invitations(&InvitationQuery { after, ..query(&fixture, Scope::Company(company.id)) }).await;
        let Ok(page) = page else { unreachable!("{page:?}") };
        assert_eq!(page.items.len(), expected);
        seen.extend(page.items.iter().map(|summary| summary.invitation.id));
        after = page.next;
    }
    assert_eq!((seen, after), (issued, None));
    let companies = store.companies(None, 200).await.ok().map(|page| page.items);
    assert_eq!(companies, Some(vec![company]));
}

/// By the beginning of an address, part by part, in the order of addresses: nothing twice and nothing left out.
pub async fn a_search_by_address_goes_on_where_it_stopped(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 49);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let (other, grace) = fixture.inhabited("grace@example.org").await;
    let mut issued = Vec::new();
    // One address is invited by both companies, and one letter of it by nobody.
    for (company, inviter, address) in [
        (company.id, ada.id, "nb@example.org"),
        (other.id, grace.id, "na@example.org"),
        (company.id, ada.id, "na@example.org"),
        (company.id, ada.id, "m@example.org"),
        (company.id, ada.id, "n@example.org"),
        (other.id, grace.id, "nc@example.org"),
        (other.id, grace.id, "o@example.org"),
    ] {
        let invitation = fixture.invitation(company, inviter, address);
        fixture.commit(vec![Change::Invitation(InvitationChange::Issue(invitation.clone()))]).await;
        issued.push((address, invitation.id));
    }
    let mut expected = issued.iter().filter(|(address, _)| address.starts_with('n')).copied().collect::<Vec<_>>();
    expected.sort_unstable();
    let (mut after, mut seen) = (None, Vec::new());
    for _ in 0..3 {
        let search =
            InvitationQuery { address_prefix: Some("n".to_owned()), after, limit: 2, ..query(&fixture, Scope::Everywhere) };
        let page = store.invitations(&search).await;
        let Ok(page) = page else { unreachable!("{page:?}") };
        seen.extend(page.items.iter().map(|summary| summary.invitation.id));
        after = page.next;
    }
    assert_eq!((seen, after), (expected.into_iter().map(|(_, id)| id).collect::<Vec<_>>(), None));
}

/// Scope, state, address and delivery.
pub async fn lists_show_what_is_asked_for(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 45);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let (other, grace) = fixture.inhabited("grace@example.org").await;
    let pending = fixture.invitation(company.id, ada.id, "pending@example.org");
    let expired = Invitation { expires_at: fixture.now, ..fixture.invitation(company.id, ada.id, "pe%nding@example.org") };
    let revoked = Invitation { state: InvitationState::Revoked, ..fixture.invitation(company.id, ada.id, "revoked@example.org") };
    let elsewhere = fixture.invitation(other.id, grace.id, "pending@example.org");
    let first_operator = Invitation {
        id: Invitation::SET_UP,
        company: None,
        inviter: None,
        email: None,
        ..fixture.invitation(company.id, ada.id, "x@example.org")
    };
    let (older, newer) = (fixture.message(pending.id), fixture.message(pending.id));
    let newest = if older.id > newer.id { older.id } else { newer.id };
    let mut changes = [&pending, &expired, &revoked, &elsewhere, &first_operator]
        .map(|one| Change::Invitation(InvitationChange::Issue(one.clone())))
        .to_vec();
    changes.extend([older, newer].map(OutboxChange::Queue).map(Change::Outbox));
    fixture.commit(changes).await;
    let ids = async |query: InvitationQuery| {
        let page = store.invitations(&InvitationQuery { limit: 200, ..query }).await;
        page.map(|page| page.items.into_iter().map(|summary| summary.invitation.id).collect::<BTreeSet<_>>()).ok()
    };
    let own = query(&fixture, Scope::Company(company.id));
    let filtered = |filter| InvitationQuery { filter: Some(filter), ..own.clone() };
    let by_address = |prefix: &str| InvitationQuery { address_prefix: Some(prefix.to_owned()), ..own.clone() };
    assert_eq!(ids(own.clone()).await, Some([pending.id, expired.id, revoked.id].into()));
    let everywhere = ids(query(&fixture, Scope::Everywhere)).await;
    assert_eq!(everywhere, Some([pending.id, expired.id, revoked.id, elsewhere.id].into()));
    assert_eq!(ids(filtered(InvitationFilter::Pending)).await, Some([pending.id].into()));
    assert_eq!(ids(filtered(InvitationFilter::Expired)).await, Some([expired.id].into()));
    assert_eq!(ids(filtered(InvitationFilter::Ended(InvitationState::Revoked))).await, Some([revoked.id].into()));
    assert_eq!(ids(by_address("pe")).await, Some([pending.id, expired.id].into()));
    assert_eq!(ids(by_address("pe%")).await, Some([expired.id].into()), "no character of a search is a pattern");
    assert_eq!(ids(by_address("p_nd")).await, Some(BTreeSet::new()));
    let summary = store.invitation_summary(pending.id).await.ok().flatten();
    assert_eq!(summary.and_then(|summary| summary.delivery).map(|delivery| delivery.message), Some(newest));
    let summary = store.invitation_summary(revoked.id).await.ok().flatten();
    assert!(summary.is_some_and(|summary| summary.delivery.is_none()));
}

/// The newest that can still be accepted, of whatever company, of exactly that address.
pub async fn the_newest_open_invitation_of_an_address_is_found(store: Arc<dyn Store>) {
    let mut fixture = Fixture::new(store.clone(), 50);
    let open = async |canonical: &str, at| {
        store.open_invitation(canonical, at).await.map(|found| found.map(|invitation| invitation.id)).ok()
    };
    let mut issued = Vec::new();
    for number in 0..3 {
        let (company, inviter) = fixture.inhabited(&format!("inviter{number}@example.org")).await;
        fixture.now = fixture.later(60);
        let invitation = fixture.invitation(company.id, inviter.id, "Ada@Example.org");
        let near = fixture.invitation(company.id, inviter.id, "ada+@example.org");
        fixture
            .commit(vec![
                Change::Invitation(InvitationChange::Issue(invitation.clone())),
                Change::Invitation(InvitationChange::Issue(near)),
            ])
            .await;
        issued.push(invitation);
    }
    let [first, second, third] = issued.as_slice() else { unreachable!("three of them") };
    assert_eq!(open("ada@example.org", fixture.now).await, Some(Some(third.id)));
    assert_eq!(open("ADA@example.org", fixture.now).await, Some(None), "addresses are compared byte by byte");
    assert_eq!(open("nobody@example.org", fixture.now).await, Some(None));
    fixture.commit(third.revoked().ok().map(InvitationChange::Advance).map(Change::Invitation).into_iter().collect()).await;
    assert_eq!(open("ada@example.org", fixture.now).await, Some(Some(second.id)), "what is revoked is open no more");
    let over = Invitation { expires_at: fixture.now, version: 2, ..second.clone() };
    fixture.commit(vec![Change::Invitation(InvitationChange::Advance(over))]).await;
    assert_eq!(open("ada@example.org", fixture.now).await, Some(Some(first.id)), "nor is what has expired");
    assert_eq!(open("ada@example.org", first.expires_at).await, Some(None));
}

/// Links are told apart by what they are about, even where that has the same id.
pub async fn links_are_found_by_what_they_are_about(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 52);
    let (invitation, registration, account) = (fixture.id(), fixture.id(), fixture.id());
    let subjects = [
        LinkPurpose::Invitation(invitation),
        LinkPurpose::Registration(registration),
        LinkPurpose::Recovery(account),
        LinkPurpose::ResetReport(account),
        LinkPurpose::ChangeReport(account),
    ];
    let mut tokens = Vec::new();
    for subject in subjects {
        for generation in [1, 2] {
            let secret = fixture.secret(subject.kind());
            tokens.push(Token { id: secret.id(), digest: secret.digest(), subject, ..fixture.token(invitation, generation) });
        }
    }
    fixture.commit(tokens.iter().cloned().map(LinkChange::Issue).map(Change::Link).collect()).await;
    for token in &tokens {
        assert_eq!(store.token_by_digest(&token.digest).await.ok().flatten().as_ref(), Some(token));
        assert_eq!(store.unspent_tokens(token.subject, token.generation).await.ok(), Some(vec![token.clone()]));
        fixture.commit(vec![Change::Link(LinkChange::Spend { id: token.id, at: fixture.now })]).await;
        assert_eq!(store.unspent_tokens(token.subject, token.generation).await.ok(), Some(Vec::new()));
    }
}

/// A person who changes a password stays where they are, and is out everywhere else.
pub async fn the_other_sessions_end_and_one_stays(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 51);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let (_, grace) = fixture.inhabited("grace@example.org").await;
    let mine = [(); 4].map(|()| fixture.session(ada.id));
    let hers = fixture.session(grace.id);
    fixture.commit(mine.iter().chain([&hers]).cloned().map(SessionChange::Start).map(Change::Session).collect()).await;
    let [kept, ..] = &mine;
    let end_others = || Change::Session(SessionChange::EndOthers { account: ada.id, keep: kept.id, epoch: 7 });
    // Again there is none to end.
    for _ in 0..2 {
        fixture.commit(vec![end_others()]).await;
        for session in mine.iter().chain([&hers]) {
            let is_there = store.session_by_digest(&session.digest).await.is_ok_and(|found| found.is_some());
            assert_eq!(is_there, session.id == kept.id || session.id == hers.id);
        }
    }
    fixture.commit(vec![Change::Session(SessionChange::EndOthers { account: ada.id, keep: hers.id, epoch: 8 })]).await;
    assert_eq!(store.session_by_digest(&kept.digest).await.ok(), Some(None), "another's session is none to keep");
    assert!(store.session_by_digest(&hers.digest).await.is_ok_and(|found| found.is_some()));
}

/// Whatever ends sessions raises the account's epoch: a session that starts at the same moment is of the one before, and dead, in
/// whatever order the two are committed.
pub async fn a_session_is_of_an_epoch_of_its_account(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 152);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let holds =
        async |id, epoch| fixture.try_commit(vec![Change::Account(AccountChange::RequireSessionEpoch { id, epoch })]).await.is_ok();
    assert!(holds(ada.id, 0).await && !holds(ada.id, 1).await && !holds(fixture.id(), 0).await);
    let read = async |session: &Session| {
        let found = store.session_by_digest(&session.digest).await.ok().flatten();
        found.map(|found| (found.session.epoch, found.account.session_epoch, found.is_valid(fixture.now)))
    };
    let [kept, late] = [(); 2].map(|()| fixture.session(ada.id));
    fixture.commit(vec![Change::Session(SessionChange::Start(kept.clone()))]).await;
    assert_eq!(read(&kept).await, Some((0, 0, true)));
    let next = ada.with_sessions_ended();
    let ended = Change::Session(SessionChange::EndOthers { account: ada.id, keep: kept.id, epoch: next.session_epoch });
    fixture.commit(vec![ended, Change::Account(AccountChange::Revise { account: next.clone(), by: None })]).await;
    assert!(!holds(ada.id, 0).await && holds(ada.id, 1).await);
    fixture.commit(vec![Change::Session(SessionChange::Start(late.clone()))]).await;
    assert_eq!((read(&kept).await, read(&late).await), (Some((1, 1, true)), Some((0, 1, false))));
    fixture
        .commit(vec![
            Change::Session(SessionChange::EndAll(ada.id)),
            Change::Account(AccountChange::Revise { account: next.with_sessions_ended(), by: None }),
        ])
        .await;
    assert_eq!((read(&kept).await, read(&late).await), (None, None));
    assert_eq!(store.account(ada.id).await.ok().flatten().map(|account| account.session_epoch), Some(2));
}

/// Terms hold from their time on, the newest of them, with and without their texts.
pub async fn the_terms_in_force_are_the_newest_effective(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 46);
    assert_eq!(store.terms_in_force(fixture.now).await.ok(), Some(None));
    assert_eq!(store.terms_schedule(fixture.now).await.ok(), Some(None));
    let version = |number, effective_at| TermsVersion {
        number,
        effective_at,
        grace: Lifetime::from_seconds(86_400).ok().filter(|_| number == 2),
        texts: Language::parse("ar")
            .into_iter()
            .chain([Language::english()])
            .map(|language| (language, format!("Text {number}")))
            .collect(),
    };
    let (first, second) = (version(1, fixture.now), version(2, fixture.later(60)));
    fixture
        .commit(vec![Change::Terms(TermsChange::Publish(second.clone())), Change::Terms(TermsChange::Publish(first.clone()))])
        .await;
    assert_eq!(store.terms_in_force(fixture.later(59)).await.ok().flatten(), Some(first.clone()));
    assert_eq!(store.terms_in_force(fixture.later(60)).await.ok().flatten(), Some(second.clone()));
    assert_eq!(store.terms_schedule(fixture.later(59)).await.ok().flatten(), Some(first.schedule()));
    assert_eq!(store.terms_schedule(fixture.later(60)).await.ok().flatten(), Some(second.schedule()));
    assert_eq!(store.terms_versions().await.ok(), Some(vec![second, first]));
    assert_eq!(store.newest_terms_number().await.ok(), Some(Some(2)));
}

/// Of what an account accepted, the version with the highest number is found, whatever other accounts accepted.
pub async fn the_newest_acceptance_of_an_account_is_found(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 91);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let grace = fixture.account(company.id, "grace@example.org");
    fixture.commit(vec![fixture.open(&grace)]).await;
    let acceptance = |account, number: u32| TermsAcceptance {
        account,
        number,
        language: Language::english(),
        text_hash: [u8::try_from(number % 256).unwrap_or_default(); 32],
        accepted_at: fixture.later(i64::from(number)),
    };
    // More than one byte, so that numbers are compared as numbers.
    for number in [2, 300, 10] {
        fixture.commit(vec![Change::Terms(TermsChange::Accept(acceptance(ada.id, number)))]).await;
    }
    fixture.commit(vec![Change::Terms(TermsChange::Accept(acceptance(grace.id, 301)))]).await;
    assert_eq!(store.newest_acceptance(ada.id).await.ok(), Some(Some(acceptance(ada.id, 300))));
    assert_eq!(store.newest_acceptance(grace.id).await.ok(), Some(Some(acceptance(grace.id, 301))));
    assert_eq!(store.newest_acceptance(fixture.id()).await.ok(), Some(None));
}

/// A sweep takes what is over, each kind by a time of its own, and nothing else.
pub async fn a_sweep_takes_what_has_lapsed(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 47);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let (session, token) = (fixture.session(ada.id), fixture.token(fixture.invitation(company.id, ada.id, "x@example.org").id, 1));
    let requested = Registration { expires_at: fixture.later(600), ..fixture.registration("grace@example.org") };
    let waiting = Registration {
        state: RegistrationState::AwaitingApproval,
        expires_at: fixture.later(600),
        ..fixture.registration("hedy@example.org")
    };
    let (bucket, lasting) = (Bucket::from_bytes([7; 32]), Bucket::from_bytes([8; 32]));
    let change = EmailChange { undo_until: fixture.later(600), ..fixture.email_change(&ada, "new@example.org") };
    let throttle = |expires_at| Throttle { free_at: fixture.now, failures: 1, expires_at };
    fixture
        .commit(vec![
            Change::Session(SessionChange::Start(session.clone())),
            Change::Link(LinkChange::Issue(token.clone())),
            Change::Registration(RegistrationChange::Open(requested.clone())),
            Change::Registration(RegistrationChange::Open(waiting.clone())),
            Change::EmailChange(EmailChangeChange::Open(change.clone())),
            Change::Throttle(ThrottleChange::Reset { bucket, to: throttle(fixture.later(600)) }),
            Change::Throttle(ThrottleChange::Reset { bucket: lasting, to: throttle(fixture.later(90_000)) }),
        ])
        .await;
    let horizon = |at| Sweep {
        sessions_before: at,
        links_before: at,
        change_sets_before: at,
        registrations_before: at,
        throttles_before: at,
        email_changes_before: at,
        messages_before: at,
    };
    assert_eq!(store.sweep(&horizon(fixture.now)).await.ok(), Some(0));
    let on_the_hour = Sweep {
        registrations_before: fixture.later(600),
        email_changes_before: fixture.later(600),
        throttles_before: fixture.later(600),
        ..horizon(fixture.now)
    };
    assert_eq!(store.sweep(&on_the_hour).await.ok(), Some(0), "what ends at a time has not ended before it");
    let registrations = Sweep { registrations_before: fixture.later(601), ..horizon(fixture.now) };
    assert_eq!(store.sweep(&registrations).await.ok(), Some(2), "whatever became of them");
    assert_eq!(store.registration(requested.id).await.ok(), Some(None));
    assert_eq!(store.registration(waiting.id).await.ok(), Some(None));
    assert_eq!(store.throttle(&bucket).await.ok(), Some(Some(throttle(fixture.later(600)))));
    let throttles = Sweep { throttles_before: fixture.later(601), ..horizon(fixture.now) };
    assert_eq!(store.sweep(&throttles).await.ok(), Some(1));
    assert_eq!(store.throttle(&bucket).await.ok(), Some(None));
    let changes = Sweep { email_changes_before: fixture.later(601), ..horizon(fixture.now) };
    assert_eq!(store.sweep(&changes).await.ok(), Some(1));
    assert_eq!(store.email_change(change.id).await.ok(), Some(None));
    assert_eq!(store.sweep(&horizon(fixture.later(86_400))).await.ok(), Some(4), "a session, a link, two change sets");
    assert_eq!(store.session_by_digest(&session.digest).await.ok(), Some(None));
    assert_eq!(store.token_by_digest(&token.digest).await.ok(), Some(None));
    assert_eq!(store.throttle(&lasting).await.ok(), Some(Some(throttle(fixture.later(90_000)))));
    assert!(store.account(ada.id).await.is_ok_and(|found| found.is_some()));
}

/// The one who has been there longest, is active, and holds the role in that company.
pub async fn the_first_holder_of_a_role_is_active_and_there(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 48);
    let (here, newer) = fixture.inhabited("newer@example.org").await;
    let (elsewhere, oldest) = fixture.inhabited("oldest@example.org").await;
    let role = RoleKey::company_administrator();
    let first =
        async |company| store.first_account_with_role(&role, company).await.map(|found| found.map(|account| account.id)).ok();
    assert_eq!(first(None).await, Some(None), "nobody holds it");
    let mut older = fixture.account(here.id, "older@example.org");
    older.id = AccountId::generate(fixture.now.checked_sub(SignedDuration::from_hours(1)).unwrap_or(fixture.now), &[7; 10]);
    let mut ancient = fixture.account(elsewhere.id, "ancient@example.org");
    ancient.id = AccountId::generate(fixture.now.checked_sub(SignedDuration::from_hours(2)).unwrap_or(fixture.now), &[7; 10]);
    fixture.commit(vec![fixture.open(&older), fixture.open(&ancient)]).await;
    let holding = [&newer, &older, &ancient].map(|account| account.with_roles([role.clone()].into()));
    let idle = oldest.with_roles([RoleKey::operator()].into());
    let changes =
        holding.iter().chain([&idle]).map(|account| Change::Account(AccountChange::Revise { account: account.clone(), by: None }));
    fixture.commit(changes.collect()).await;
    assert_eq!(first(None).await, Some(Some(ancient.id)));
    assert_eq!(first(Some(here.id)).await, Some(Some(older.id)));
    let [_, older, _] = holding;
    fixture
        .commit(vec![Change::Account(AccountChange::Revise {
            account: older.switched(AccountState::Disabled, fixture.now),
            by: None,
        })])
        .await;
    let found = store.first_account_with_role(&role, Some(here.id)).await.ok().flatten();
    assert_eq!(found, Some(newer.with_roles([role.clone()].into())), "the disabled one counts no more");
    assert_eq!(first(Some(fixture.company().id)).await, Some(None));
}
