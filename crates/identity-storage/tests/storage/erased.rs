//! What an erasure leaves of the log, as it stands in the table.

use identity_core::{
    change::{AccountChange, AuditChange, Change},
    model::{
        account::{Account, Deletion},
        audit::{Action, Actor, AuditEvent, Subject},
    },
    value::EmailAddress,
};
use identity_testkit::Fixture;
use sea_orm::{ConnectionTrait as _, Statement};

use crate::database::Place;

/// The addresses that the log tells.
async fn told(place: &Place) -> Vec<String> {
    let connection = place.beside().await;
    let query = "SELECT value FROM audit_personal WHERE kind = 'address' ORDER BY value";
    let rows = connection.query_all_raw(Statement::from_string(connection.get_database_backend(), query)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// A person who asked for an address and never had it leaves what failed on the way to it, and no more: it may be somebody else's.
async fn mails_that_failed_at_an_address_that_was_asked_for_are_forgotten(place: Place) {
    let storage = place.open().await;
    storage.migrate().await.unwrap();
    let fixture = Fixture::new(std::sync::Arc::new(storage), 91);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let heir = fixture.account(company.id, "heir@example.org");
    let deletion = Deletion { requested_at: fixture.now, erase_at: fixture.now };
    let leaving: Account = ada.with_deletion(Some(deletion));
    let mut changes = vec![fixture.open(&heir), Change::Account(AccountChange::Revise { account: leaving.clone(), by: None })];
    let mut record = |action, subject, address: &str| {
        let fresh = fixture.fresh_event();
        let event = AuditEvent::new(&fresh, fixture.now, action, Actor::System, subject);
        changes.push(Change::Audit(AuditChange::Record(event.concerning(&fresh, &EmailAddress::parse(address).unwrap()))));
    };
    for wanted in ["typo@example.org", "heir@example.org"] {
        record(Action::EmailChangeRequested, Subject::Account(ada.id), wanted);
    }
    for address in ["typo@example.org", "heir@example.org", "other@example.org"] {
        record(Action::MessageFailed, Subject::OutboxMessage(fixture.id()), address);
    }
    record(Action::LoginFailed, Subject::Nothing, "typo@example.org");
    record(Action::LoginFailed, Subject::Nothing, "ada@example.org");
    fixture.commit(changes).await;
    assert_eq!(told(&place).await.len(), 7);
    fixture.commit(vec![Change::Account(AccountChange::Erase { id: ada.id, version: leaving.version, at: fixture.now })]).await;
    assert_eq!(told(&place).await, ["heir@example.org", "other@example.org", "typo@example.org"]);
}

#[tokio::test]
async fn mails_that_failed_at_an_address_that_was_asked_for_are_forgotten_sqlite() {
    mails_that_failed_at_an_address_that_was_asked_for_are_forgotten(Place::folder()).await;
}

#[tokio::test]
async fn mails_that_failed_at_an_address_that_was_asked_for_are_forgotten_postgres() {
    mails_that_failed_at_an_address_that_was_asked_for_are_forgotten(Place::postgres().await).await;
}

#[tokio::test]
async fn mails_that_failed_at_an_address_that_was_asked_for_are_forgotten_mariadb() {
    mails_that_failed_at_an_address_that_was_asked_for_are_forgotten(Place::mariadb().await).await;
}
