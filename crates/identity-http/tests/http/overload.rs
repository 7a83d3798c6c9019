//! What people and programs are told when more passwords are typed than can be hashed.

use async_trait::async_trait;
use identity_core::{
    password::{AcceptedPassword, Candidate, PasswordHash},
    port::{PasswordHasher, Verification, WorkError},
    value::SignedDuration,
};
use serde_json::json;

use crate::support::{INVITED, MEMBER, PASSWORD, World};

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

    async fn verify(&self, _candidate: &Candidate, _stored: Option<&PasswordHash>) -> Result<Verification, WorkError> {
        full()
    }
}

#[tokio::test]
async fn programs_are_told_when_to_try_again() {
    let world = World::new().await;
    let link = world.link_to(INVITED);
    let world = world.hashing_with(Busy);
    let login = world.api().post("/sessions", json!({ "email": MEMBER, "password": PASSWORD })).await;
    let accepted = world.api().accepts(&link, json!({})).await;
    for answer in [login, accepted] {
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
async fn whoever_was_too_many_registers_with_the_same_link_later() {
    let world = World::new().await;
    let link = world.link_to(INVITED);
    let busy = world.hashing_with(Busy);
    busy.api().accepts(&link, json!({})).await.expect(503);
    let calm = busy.hashing_with(identity_testkit::PlainHasher::default());
    calm.api().accepts(&link, json!({})).await.expect(201);
}
