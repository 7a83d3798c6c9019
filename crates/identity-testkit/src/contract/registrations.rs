//! Registrations and their codes.

use std::sync::Arc;

use identity_core::{
    change::{Change, Entity, RegistrationChange, Rejection},
    model::{
        password::PasswordHash,
        registration::{Application, IssuedCode, Registration, RegistrationState},
    },
    port::{RegistrationQuery, Store},
    value::{CompanyName, CountryCode, EmailAddress, Language, PersonName, RegistrationId, SignedDuration, TimeZone},
};

use super::guards::refused;
use crate::Fixture;

fn code(fixture: &Fixture, digits: &str) -> IssuedCode {
    IssuedCode { hash: PasswordHash::from_phc(format!("plain${digits}")), expires_at: fixture.later(600) }
}

async fn opened(fixture: &Fixture, email: &str) -> Registration {
    let registration = fixture.registration(email);
    fixture.commit(vec![Change::Registration(RegistrationChange::Open(registration.clone()))]).await;
    registration
}

async fn stored(store: &Arc<dyn Store>, id: RegistrationId) -> Option<Registration> {
    store.registration(id).await.ok().flatten()
}

/// Every field, at its limits and with its microseconds, by the id and by the flow.
#[expect(clippy::unwrap_used, reason = "fixed texts that parse")]
pub async fn a_registration_is_read_back_as_it_was_written(store: Arc<dyn Store>) {
    let mut fixture = Fixture::new(store.clone(), 111);
    fixture.now = fixture.now.checked_add(SignedDuration::from_micros(123_457)).unwrap();
    let bare = fixture.registration("Bare@Example.org");
    let application = Application {
        password: PasswordHash::from_phc("plain$chosen".to_owned()),
        terms: 7,
        terms_language: Language::parse("zh-Hans").unwrap(),
        text_hash: [0xa5; 32],
        time_zone: TimeZone::parse("America/Argentina/Buenos_Aires").unwrap(),
        submitted_at: fixture.later(3),
    };
    let full = Registration {
        email: EmailAddress::parse("Ada.L+x@EXAMPLE.org").unwrap(),
        first_name: PersonName::parse(&"𝒜".repeat(PersonName::MAX)).unwrap(),
        last_name: PersonName::parse("O’Brien-李 محمد").unwrap(),
        company_name: CompanyName::parse(&"🦀".repeat(CompanyName::MAX)).unwrap(),
        country: CountryCode::parse("AQ").unwrap(),
        language: Language::parse("ar").unwrap(),
        answers: fixture.profile().answers,
        state: RegistrationState::AwaitingApproval,
        generation: 9,
        code: Some(code(&fixture, "12345678")),
        code_tries: 4,
        application: Some(application),
        account: Some(fixture.id()),
        version: 12,
        ..fixture.registration("x@example.org")
    };
    for registration in [bare, full] {
        fixture.commit(vec![Change::Registration(RegistrationChange::Open(registration.clone()))]).await;
        let by_flow = store.registration_by_flow(&registration.flow).await.ok().flatten();
        assert_eq!(stored(&store, registration.id).await, Some(registration.clone()));
        assert_eq!(by_flow, Some(registration));
    }
    let unknown = fixture.registration("x@example.org");
    assert_eq!(store.registration(unknown.id).await.ok(), Some(None));
    assert_eq!(store.registration_by_flow(&unknown.flow).await.ok(), Some(None));
}

/// An address may sign up as often as it likes: what a registration has for itself is its id and its flow.
pub async fn a_registration_has_an_id_and_a_flow_of_its_own(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 112);
    let first = opened(&fixture, "ada@example.org").await;
    opened(&fixture, "ada@example.org").await;
    let exists = Rejection::Exists(Entity::Registration);
    let other = fixture.registration("grace@example.org");
    refused(&fixture, Change::Registration(RegistrationChange::Open(Registration { id: first.id, ..other.clone() })), exists).await;
    refused(&fixture, Change::Registration(RegistrationChange::Open(Registration { flow: first.flow, ..other })), exists).await;
}

/// What was decided by an older version is refused; the code is not this change's to write.
#[expect(clippy::unwrap_used, reason = "it is open, and texts that parse")]
pub async fn a_registration_advances_from_the_version_that_was_read(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 113);
    let registration = opened(&fixture, "ada@example.org").await;
    let issued = code(&fixture, "12345678");
    let issue = Change::Registration(RegistrationChange::ReplaceCode { id: registration.id, from: None, to: Some(issued.clone()) });
    let tried = Change::Registration(RegistrationChange::TryCode { id: registration.id, limit: 5 });
    fixture.commit(vec![issue]).await;
    fixture.commit(vec![tried]).await;
    // It was read before the code was there.
    let sent = registration.sending(fixture.later(90_000)).unwrap();
    fixture.commit(vec![Change::Registration(RegistrationChange::Advance(sent.clone()))]).await;
    let expected = Registration { code: Some(issued.clone()), code_tries: 1, ..sent.clone() };
    assert_eq!(stored(&store, registration.id).await, Some(expected));
    let changed = Rejection::Changed(Entity::Registration);
    refused(&fixture, Change::Registration(RegistrationChange::Advance(sent.clone())), changed).await;
    let unknown = Registration { version: 2, ..fixture.registration("x@example.org") };
    refused(&fixture, Change::Registration(RegistrationChange::Advance(unknown)), changed).await;

    // What its person submits takes the place of what the person who signed up had typed.
    let renamed = Registration {
        first_name: PersonName::parse("Augusta").unwrap(),
        last_name: PersonName::parse("King").unwrap(),
        company_name: CompanyName::parse("Engines").unwrap(),
        country: CountryCode::parse("GB").unwrap(),
        language: Language::parse("ar").unwrap(),
        ..sent
    };
    let application = Application {
        password: PasswordHash::from_phc("plain$chosen".to_owned()),
        terms: 1,
        terms_language: Language::english(),
        text_hash: [7; 32],
        time_zone: TimeZone::default(),
        submitted_at: fixture.now,
    };
    let applied = renamed.applied(application, fixture.later(100_000)).unwrap();
    fixture.commit(vec![Change::Registration(RegistrationChange::Advance(applied.clone()))]).await;
    let expected = Registration { code: Some(issued.clone()), code_tries: 1, ..applied.clone() };
    assert_eq!(stored(&store, registration.id).await, Some(expected));
    let approved = applied.approved(fixture.id()).unwrap();
    fixture.commit(vec![Change::Registration(RegistrationChange::Advance(approved.clone()))]).await;
    let expected = Registration { code: Some(issued), code_tries: 1, ..approved };
    assert_eq!(stored(&store, registration.id).await, Some(expected), "nothing of the application stays");
}

/// Of two who mail a code, one has read what the other replaced. A new code has not been tried yet.
pub async fn a_code_takes_the_place_of_the_one_that_was_read(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 114);
    let registration = opened(&fixture, "ada@example.org").await;
    let bystander = opened(&fixture, "grace@example.org").await;
    let (first, second) = (code(&fixture, "11111111"), code(&fixture, "22222222"));
    let replace = |id, from: Option<&IssuedCode>, to: Option<&IssuedCode>| {
        Change::Registration(RegistrationChange::ReplaceCode { id, from: from.map(|code| code.hash.clone()), to: to.cloned() })
    };
    let tried = Change::Registration(RegistrationChange::TryCode { id: registration.id, limit: 5 });
    let changed = Rejection::Changed(Entity::Registration);
    refused(&fixture, replace(registration.id, Some(&first), Some(&second)), changed).await;
    for (from, to) in [(None, Some(&first)), (Some(&first), Some(&second)), (Some(&second), None), (None, None)] {
        fixture.commit(vec![replace(registration.id, from, to)]).await;
        let expected = Registration { code: to.cloned(), code_tries: 0, ..registration.clone() };
        assert_eq!(stored(&store, registration.id).await, Some(expected));
        fixture.commit(vec![tried.clone()]).await;
    }
    fixture.commit(vec![replace(registration.id, None, Some(&first))]).await;
    refused(&fixture, replace(registration.id, None, Some(&second)), changed).await;
    refused(&fixture, replace(registration.id, Some(&second), None), changed).await;
    refused(&fixture, replace(fixture.id(), None, None), changed).await;
    assert_eq!(stored(&store, bystander.id).await, Some(bystander));
}

/// Whether there is one or not, and however it was issued.
pub async fn a_code_is_tried_so_often_and_no_more(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 115);
    let registration = opened(&fixture, "ada@example.org").await;
    let tries = async |id, limit, times: usize| {
        for _ in 0..times {
            fixture.commit(vec![Change::Registration(RegistrationChange::TryCode { id, limit })]).await;
        }
        refused(&fixture, Change::Registration(RegistrationChange::TryCode { id, limit }), Rejection::CodeSpent).await;
    };
    tries(registration.id, 3, 3).await;
    tries(registration.id, 5, 2).await;
    assert_eq!(stored(&store, registration.id).await.map(|read| (read.code_tries, read.version)), Some((5, 1)));
    let issue = Change::Registration(RegistrationChange::ReplaceCode {
        id: registration.id,
        from: None,
        to: Some(code(&fixture, "12345678")),
    });
    fixture.commit(vec![issue]).await;
    tries(registration.id, 5, 5).await;
    tries(fixture.id(), 5, 0).await;
}

/// The newest that its person can still activate, of exactly that address.
#[expect(clippy::unwrap_used, reason = "it is open")]
pub async fn the_newest_open_registration_of_an_address_is_found(store: Arc<dyn Store>) {
    let mut fixture = Fixture::new(store.clone(), 116);
    let newest_in = async |canonical: &str, state, at| {
        let found = store.newest_registration(canonical, state, at).await;
        found.map(|found| found.map(|registration| registration.id)).ok()
    };
    let newest = async |canonical: &str, at| newest_in(canonical, RegistrationState::Requested, at).await;
    assert_eq!(newest("ada@example.org", fixture.now).await, Some(None));
    let mut registrations = Vec::new();
    for _ in 0..3 {
        fixture.now = fixture.later(1);
        registrations.push(opened(&fixture, "Ada@Example.org").await);
    }
    fixture.now = fixture.later(1);
    opened(&fixture, "ada+@example.org").await;
    let [first, second, third] = registrations.as_slice() else { unreachable!("three of them") };
    let (before, at) = (first.expires_at.checked_sub(SignedDuration::from_micros(1)).unwrap(), fixture.now);
    assert_eq!(newest("ada@example.org", at).await, Some(Some(third.id)));
    assert_eq!(newest("ADA@example.org", at).await, Some(None), "addresses are compared byte by byte");
    fixture.commit(vec![Change::Registration(RegistrationChange::Advance(third.completed(fixture.id()).unwrap()))]).await;
    assert_eq!(newest("ada@example.org", at).await, Some(Some(second.id)), "what is completed is open no more");
    let lapsed = Registration { expires_at: at, version: 2, ..second.clone() };
    fixture.commit(vec![Change::Registration(RegistrationChange::Advance(lapsed))]).await;
    assert_eq!(newest("ada@example.org", before).await, Some(Some(first.id)));
    assert_eq!(newest("ada@example.org", first.expires_at).await, Some(None));
    let waiting = async |at| newest_in("ada@example.org", RegistrationState::AwaitingApproval, at).await;
    assert_eq!(waiting(at).await, Some(None));
    let applied = Registration { state: RegistrationState::AwaitingApproval, version: 2, ..first.clone() };
    fixture.commit(vec![Change::Registration(RegistrationChange::Advance(applied))]).await;
    assert_eq!(waiting(at).await, Some(Some(first.id)), "what waits for approval is found as what waits");
    assert_eq!(newest("ada@example.org", before).await, Some(None));
    assert_eq!(waiting(first.expires_at).await, Some(None), "nobody waits for ever");
}

/// The one who has waited longest comes first; part by part, nothing twice and nothing left out.
pub async fn registrations_are_listed_by_state_oldest_first(store: Arc<dyn Store>) {
    let mut fixture = Fixture::new(store.clone(), 117);
    let mut waiting = Vec::new();
    for number in 0..14 {
        fixture.now = fixture.later(1);
        let state = if number % 2 == 0 { RegistrationState::AwaitingApproval } else { RegistrationState::Requested };
        let registration = Registration { state, ..fixture.registration(&format!("n{number}@example.org")) };
        fixture.commit(vec![Change::Registration(RegistrationChange::Open(registration.clone()))]).await;
        waiting.extend((state == RegistrationState::AwaitingApproval).then_some(registration));
    }
    let query = |state, after, limit| RegistrationQuery { state, after, limit };
    let (mut after, mut seen) = (None, Vec::new());
    for expected in [3, 3, 1] {
        let page = store.registrations(&query(RegistrationState::AwaitingApproval, after, 3)).await;
        let Ok(page) = page else { unreachable!("{page:?}") };
        assert_eq!(page.items.len(), expected);
        seen.extend(page.items);
        after = page.next;
    }
    assert_eq!((seen, after), (waiting, None));
    let whole = store.registrations(&query(RegistrationState::Requested, None, 7)).await.ok();
    assert_eq!(whole.map(|page| (page.items.len(), page.next)), Some((7, None)));
    let rejected = store.registrations(&query(RegistrationState::Rejected, None, 7)).await.ok();
    assert_eq!(rejected.map(|page| page.items), Some(Vec::new()));
}
