//! What people and programs are told when more passwords are typed than can be hashed.

use async_trait::async_trait;
use identity_core::{
    model::{
        password::{AcceptedPassword, Candidate, PasswordHash},
        question::AcceptedAnswer,
        registration::Code,
    },
    port::{PasswordHasher, PasswordVerification, WorkError},
    value::SignedDuration,
};
use serde_json::json;

use crate::{
    html::tags,
    support::{Api, Browser, INVITED, MEMBER, OPERATOR, PASSWORD, REGISTRATION, World, assisted, change, completion, reset},
};

/// A hasher whose queue is full.
struct Busy;

fn full<T>() -> Result<T, WorkError> {
    Err(WorkError::Busy { retry_after: SignedDuration::from_secs(7) })
}

#[async_trait]
impl PasswordHasher for Busy {
    async fn hash(&self, _password: &AcceptedPassword, _salt: [u8; 16]) -> Result<PasswordHash, WorkError> {
        full()
    }

    async fn rehash(&self, _verified: &Candidate, _salt: [u8; 16]) -> Result<PasswordHash, WorkError> {
        full()
    }

    async fn hash_code(&self, _code: &Code, _salt: [u8; 16]) -> Result<PasswordHash, WorkError> {
        full()
    }

    async fn hash_answer(&self, _answer: &AcceptedAnswer, _salt: [u8; 16]) -> Result<PasswordHash, WorkError> {
        full()
    }

    async fn verify(&self, _candidate: &Candidate, _stored: Option<&PasswordHash>) -> Result<PasswordVerification, WorkError> {
        full()
    }
}

#[tokio::test]
async fn programs_are_told_when_to_try_again() {
    let world = World::new().await;
    let link = world.link_to(INVITED);
    let (activation, recovery) = (world.activation().await, world.recovery().await);
    let flow = world.signs_up("nora@newco.example").await;
    let grace = world.api().logs_in(MEMBER).await;
    let ada = world.api().logs_in(OPERATOR).await;
    let member = world.account_id(MEMBER).await;
    let busy = world.hashing_with(Busy);
    let api = busy.api();
    let as_before = |user: Api| Api { token: user.token, ..busy.api() };
    for answer in [
        api.post("/sessions", json!({ "email": MEMBER, "password": PASSWORD })).await,
        api.accepts(&link, json!({})).await,
        api.post("/registrations/verify-code", json!({ "flow": flow, "code": "12345678" })).await,
        api.post("/registrations/complete", completion(&activation)).await,
        api.post("/password-resets/complete", reset(&recovery)).await,
        as_before(grace).put("/me/password", change()).await,
        as_before(ada).post(&format!("/accounts/{member}/password-reset"), assisted("temporary_password")).await,
    ] {
        let answer = answer.expect(503);
        assert_eq!((answer.problem().as_str(), answer.header("retry-after")), ("busy", "7"));
    }
}

#[tokio::test]
async fn people_are_asked_to_try_again_on_a_page() {
    let world = World::new().await.hashing_with(Busy);
    let answer = world.browser().logs_in(MEMBER, PASSWORD).await.expect(503);
    assert_eq!(answer.header("retry-after"), "7");
    assert!(answer.body.contains("Too much is going on right now"), "{}", answer.body);
}

#[tokio::test]
async fn what_was_typed_is_kept_but_for_secrets() {
    let world = World::new().await;
    let link = world.link_to(INVITED);
    let busy = world.hashing_with(Busy);
    let mut browser = busy.browser();
    let place = browser.opens(&link).await;
    let typed = [("first_name", "Ida \"&\" Co"), ("last_name", "Rhodes")];
    let form = REGISTRATION.into_iter().filter(|(name, _)| !typed.iter().any(|(other, _)| name == other)).chain(typed);
    let refused = browser.submit(&place, &form.collect::<Vec<_>>()).await.expect(503);
    assert!(!refused.body.contains(PASSWORD), "{}", refused.body);
    let calm = busy.hashing_with(identity_testkit::PlainHasher::default());
    let mut browser = Browser { world: calm, cookies: browser.cookies.clone() };
    let asked = browser.sends_again(&refused).await.expect(422);
    let fields = tags(&asked.body);
    let value = |name| fields.iter().find(|tag| tag.attribute("name") == Some(name)).and_then(|tag| tag.attribute("value"));
    assert_eq!((value("first_name"), value("last_name"), value("password")), (Some("Ida \"&\" Co"), Some("Rhodes"), None));
    browser.submit(&place, &REGISTRATION).await.expect(201);
}

#[tokio::test]
async fn a_person_who_was_too_many_registers_with_the_same_link_later() {
    let world = World::new().await;
    let link = world.link_to(INVITED);
    let busy = world.hashing_with(Busy);
    busy.api().accepts(&link, json!({})).await.expect(503);
    let calm = busy.hashing_with(identity_testkit::PlainHasher::default());
    calm.api().accepts(&link, json!({})).await.expect(201);
}
