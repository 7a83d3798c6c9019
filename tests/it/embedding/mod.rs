//! What `docs/embedding.md` says, done: a store of one's own that keeps the contract, and a host that stands on it.

mod host;
mod json_store;

use std::{path::Path, sync::Arc};

use identity_core::{
    change::{AccountChange, Change, CommitError, CompanyChange},
    port::{CompanyReads as _, Store},
    value::RoleKey,
};
use identity_testkit::{Fixture, contract};
use serde_json::{Value, json};
use tempfile::TempDir;

/// An empty store, and the folder that goes with it.
async fn json_file() -> (Arc<dyn Store>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (Arc::new(json_store::open(folder.path()).unwrap()), folder)
}

contract!(json_file, json_file());

#[tokio::test]
async fn a_file_belongs_to_one_store_at_a_time() {
    let (store, folder) = json_file().await;
    assert!(json_store::open(folder.path()).is_err());
    drop(store);
    assert!(json_store::open(folder.path()).is_ok());
}

#[tokio::test]
async fn a_set_that_could_not_be_written_left_nothing_and_holds_when_it_is_tried_again() {
    let (store, folder) = json_file().await;
    let in_the_way = folder.path().join("identity.json.next");
    std::fs::create_dir(&in_the_way).unwrap();
    let fixture = Fixture::new(store.clone(), 71);
    let company = fixture.company();
    let set = fixture.set(vec![Change::Company(CompanyChange::Open(company.clone()))]);
    assert!(matches!(store.commit(&set).await, Err(CommitError::Unavailable(_))));
    assert_eq!(store.company(company.id).await.unwrap(), None);
    std::fs::remove_dir(&in_the_way).unwrap();
    store.commit(&set).await.unwrap();
    drop((fixture, store));
    let reopened = json_store::open(folder.path()).unwrap();
    assert_eq!(reopened.company(company.id).await.unwrap(), Some(company));
}

#[tokio::test]
async fn who_gave_a_role_stays_with_it_when_others_come_and_go() {
    let (store, folder) = json_file().await;
    let fixture = Fixture::new(store, 72);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let holding = |roles: &[&str]| roles.iter().map(|key| RoleKey::parse(key).unwrap()).collect();
    let first = ada.with_roles(holding(&["editor", "guest"]));
    let second = first.with_roles(holding(&["editor", "author"]));
    fixture.commit(vec![Change::Account(AccountChange::Revise { account: first, by: None })]).await;
    fixture.commit(vec![Change::Account(AccountChange::Revise { account: second, by: Some(ada.id) })]).await;
    let file = serde_json::from_slice::<Value>(&std::fs::read(folder.path().join("identity.json")).unwrap()).unwrap();
    let roles = &file["grants"][ada.id.to_string()]["roles"];
    assert_eq!(roles.as_object().unwrap().keys().collect::<Vec<_>>(), ["author", "editor"]);
    assert_eq!((&roles["author"]["by"], &roles["editor"]["by"]), (&json!(ada.id.to_string()), &json!(null)));
}

/// Whatever the page shows as Rust is compiled and run here.
#[test]
fn the_page_quotes_what_is_compiled() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(folder.join("../docs/embedding.md")).unwrap();
    let compiled = [
        include_str!("mod.rs"),
        include_str!("json_store.rs"),
        include_str!("host/mod.rs"),
        include_str!("../../../crates/identity/examples/minimal.rs"),
        include_str!("../../../crates/identity/examples/axum_host.rs"),
        include_str!("../../../crates/identity/examples/own_pages.rs"),
    ];
    let quotes = page.split("```rust\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect::<Vec<_>>();
    assert!(!quotes.is_empty());
    for quote in quotes {
        assert!(
            compiled.iter().any(|file| file.contains(quote)),
            "this is nowhere in tests/it/embedding or crates/identity/examples:\n{quote}"
        );
    }
}
