//! The passwords of accounts: the one that counts, and those before it.

use std::sync::Arc;

use identity_core::{
    change::{AccountChange, Change, CompanyChange, Entity, PasswordChange, Rejection},
    model::password::{Password, PasswordHash, RetiredPassword},
    port::Store,
    value::AccountId,
};

use super::{atomic::rejection, guards::refused};
use crate::Fixture;

fn hash(text: &str) -> PasswordHash {
    PasswordHash::from_phc(format!("plain${text}"))
}

async fn stored(store: &Arc<dyn Store>, account: AccountId) -> Option<Password> {
    store.credential(account).await.ok().flatten().map(|found| found.password)
}

/// Its hash, its age and its end, by the address and by the id; a better hash of it is the same password.
pub async fn a_password_is_read_back_with_its_end(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 101);
    let company = fixture.company();
    let ada = fixture.account(company.id, "ada@example.org");
    let mut password = Password { hash: hash("secret"), set_at: fixture.later(1), ends_at: Some(fixture.later(60)) };
    let opened = Change::Account(AccountChange::Open { account: ada.clone(), password: password.clone(), granted_by: None });
    fixture.commit(vec![Change::Company(CompanyChange::Open(company)), opened]).await;
    for _ in 0..2 {
        let by_address = store.login_candidate("ada@example.org").await.ok().flatten();
        let by_id = store.credential(ada.id).await.ok().flatten();
        for found in [by_address, by_id] {
            assert_eq!(found.map(|found| (found.account, found.password)), Some((ada.clone(), password.clone())));
        }
        fixture
            .commit(vec![Change::Password(PasswordChange::Rehash { id: ada.id, from: password.hash.clone(), to: hash("better") })])
            .await;
        password.hash = hash("better");
    }
    assert!(store.credential(fixture.id()).await.is_ok_and(|found| found.is_none()));
}

/// A person who read another one is refused, and so is the person who read none.
pub async fn a_password_takes_the_place_of_the_one_that_was_read(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 102);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let (_, grace) = fixture.inhabited("grace@example.org").await;
    let temporary = Password { hash: hash("temporary"), set_at: fixture.later(1), ends_at: Some(fixture.later(60)) };
    let chosen = Password::chosen(hash("chosen"), fixture.later(2));
    let set = |id, from: &str, to: &Password| Change::Password(PasswordChange::Set { id, from: hash(from), to: to.clone() });
    fixture.commit(vec![set(ada.id, "secret", &temporary)]).await;
    assert_eq!(stored(&store, ada.id).await, Some(temporary.clone()));
    let changed = Rejection::Changed(Entity::Account);
    refused(&fixture, set(ada.id, "secret", &chosen), changed).await;
    refused(&fixture, set(fixture.id(), "secret", &chosen), changed).await;
    assert_eq!(stored(&store, ada.id).await, Some(temporary));
    fixture
        .commit(vec![set(ada.id, "temporary", &chosen), Change::Account(AccountChange::Require { id: ada.id, version: 1 })])
        .await;
    assert_eq!(stored(&store, ada.id).await, Some(chosen), "what ended does so no more");
    assert_eq!(stored(&store, grace.id).await, Some(Password::chosen(hash("secret"), fixture.now)));
}

/// The last one first, and no more than are kept; those of others stay.
pub async fn the_newest_of_the_passwords_before_are_kept(store: Arc<dyn Store>) {
    let mut fixture = Fixture::new(store.clone(), 103);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let (_, grace) = fixture.inhabited("grace@example.org").await;
    let read = async |account: AccountId, limit| store.retired_passwords(account, limit).await.ok();
    let retired = |fixture: &Fixture, account, text: &str| RetiredPassword {
        id: fixture.id(),
        account,
        hash: hash(text),
        retired_at: fixture.now,
    };
    assert_eq!(read(ada.id, 10).await, Some(Vec::new()));
    let of_grace = retired(&fixture, grace.id, "hers");
    fixture.commit(vec![Change::Password(PasswordChange::Retire { retired: of_grace.clone(), keep: 3 })]).await;
    for number in 1..=5 {
        fixture.now = fixture.later(1);
        let one = retired(&fixture, ada.id, &number.to_string());
        fixture.commit(vec![Change::Password(PasswordChange::Retire { retired: one, keep: 3 })]).await;
    }
    assert_eq!(read(ada.id, 10).await, Some(vec![hash("5"), hash("4"), hash("3")]));
    assert_eq!(read(ada.id, 2).await, Some(vec![hash("5"), hash("4")]));
    fixture.now = fixture.later(1);
    let last = retired(&fixture, ada.id, "6");
    fixture.commit(vec![Change::Password(PasswordChange::Retire { retired: last.clone(), keep: 1 })]).await;
    assert_eq!(read(ada.id, 10).await, Some(vec![hash("6")]));
    assert_eq!(read(grace.id, 10).await, Some(vec![hash("hers")]));

    let again = Change::Password(PasswordChange::Retire { retired: last.clone(), keep: 1 });
    refused(&fixture, again, Rejection::Exists(Entity::RetiredPassword)).await;
    let nobodys = RetiredPassword { id: fixture.id(), account: fixture.id(), ..last };
    let nobodys = fixture.try_commit(vec![Change::Password(PasswordChange::Retire { retired: nobodys, keep: 9 })]).await;
    assert_eq!(rejection(&nobodys), Rejection::Orphaned(Entity::RetiredPassword));
}
