//! All or nothing, once, in one order.

use std::sync::Arc;

use identity_core::{
    change::{
        AccountChange, AuditChange, Change, ChangeSet, CommitError, CompanyChange, Entity, InvitationChange, LinkChange,
        OutboxChange, Rejection, SessionChange,
    },
    model::{account::AccountState, company::Company},
    port::Store,
    value::{CompanyName, TokenKind},
};

use crate::Fixture;

/// The rejection that a commit was answered with.
///
/// # Panics
/// Where it was committed, or the store failed.
#[must_use]
pub fn rejection(answer: &Result<(), CommitError>) -> Rejection {
    match answer {
        Err(CommitError::Rejected(rejection)) => *rejection,
        other => unreachable!("expected a rejection, got {other:?}"),
    }
}

/// Everything in a set is there after its commit.
pub async fn all_changes_of_a_set_hold_together(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 1);
    let (company, account) = fixture.inhabited("ada@example.org").await;
    let invitation = fixture.invitation(company.id, account.id, "grace@example.org");
    let token = fixture.token(invitation.id, 1);
    let session = fixture.session(account.id);
    let message = fixture.message(invitation.id);
    fixture
        .commit(vec![
            Change::Audit(AuditChange::Record(fixture.event())),
            Change::Outbox(OutboxChange::Queue(message.clone())),
            Change::Session(SessionChange::Start(session.clone())),
            Change::Link(LinkChange::Issue(token.clone())),
            Change::Invitation(InvitationChange::Issue(invitation.clone())),
        ])
        .await;
    assert_eq!(store.invitation(invitation.id).await.ok().flatten(), Some(invitation));
    assert_eq!(store.token_by_digest(&token.digest).await.ok().flatten(), Some(token));
    assert_eq!(store.session_by_digest(&session.digest).await.ok().flatten().map(|found| found.session), Some(session));
    assert_eq!(store.message(message.id).await.ok().flatten(), Some(message));
}

/// Nothing of a set is there after its rejection, wherever in it the guard failed.
pub async fn a_rejected_set_leaves_no_trace(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 2);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let event = fixture.event();
    fixture.commit(vec![Change::Audit(AuditChange::Record(event.clone()))]).await;
    let (other, grace) = (fixture.company(), fixture.account(company.id, "grace@example.org"));
    let session = fixture.session(ada.id);
    // The event comes last in the order, so that everything else was written before the guard fails.
    let answer = fixture
        .try_commit(vec![
            Change::Company(CompanyChange::Open(other.clone())),
            fixture.open(&grace),
            Change::Session(SessionChange::Start(session.clone())),
            Change::Account(AccountChange::Revise {
                account: ada.with_roles([identity_core::value::RoleKey::operator()].into()),
                by: None,
            }),
            Change::Audit(AuditChange::Record(event)),
        ])
        .await;
    assert_eq!(rejection(&answer), Rejection::Exists(Entity::Event));
    assert_eq!(store.company(other.id).await.ok().flatten(), None);
    assert_eq!(store.account(grace.id).await.ok().flatten(), None);
    assert_eq!(store.account(ada.id).await.ok().flatten(), Some(ada));
    assert_eq!(store.session_by_digest(&session.digest).await.ok().flatten(), None);
}

/// A guard that fails after an update takes that back, too: no statement has failed then.
pub async fn an_update_before_a_failed_guard_is_taken_back(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 6);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let session = fixture.session(ada.id);
    fixture.commit(vec![Change::Session(SessionChange::Start(session.clone()))]).await;
    let renamed = Company { name: CompanyName::unnamed(), version: 2, ..company.clone() };
    let disabled = ada.switched(AccountState::Disabled, fixture.now);
    let spent = Change::Link(LinkChange::Spend { id: fixture.secret(TokenKind::Invitation).id(), at: fixture.now });
    // By the order of the set both updates come before the link that never was.
    let answer = fixture
        .try_commit(vec![
            Change::Company(CompanyChange::Revise(renamed)),
            Change::Account(AccountChange::Revise { account: disabled, by: None }),
            spent,
        ])
        .await;
    assert_eq!(rejection(&answer), Rejection::TokenSpent);
    assert_eq!(store.company(company.id).await.ok().flatten(), Some(company));
    assert_eq!(store.account(ada.id).await.ok().flatten(), Some(ada));
}

/// A set whose answer was lost is not applied twice.
pub async fn applying_a_set_again_answers_the_same(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 3);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let token = fixture.token(fixture.invitation(company.id, ada.id, "x@example.org").id, 1);
    fixture.commit(vec![Change::Link(LinkChange::Issue(token.clone()))]).await;
    let spending = fixture.set(vec![Change::Link(LinkChange::Spend { id: token.id, at: fixture.now })]);
    for _ in 0..3 {
        assert!(store.commit(&spending).await.is_ok());
    }
    let other = fixture.try_commit(vec![Change::Link(LinkChange::Spend { id: token.id, at: fixture.now })]).await;
    assert_eq!(rejection(&other), Rejection::TokenSpent);
}

/// A rejection is no trace either: the same set can hold later.
pub async fn a_rejected_set_may_be_applied_later(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 4);
    let company = fixture.company();
    let account = fixture.account(company.id, "ada@example.org");
    let set = fixture.set(vec![fixture.open(&account)]);
    assert_eq!(rejection(&store.commit(&set).await), Rejection::Orphaned(Entity::Account));
    fixture.commit(vec![Change::Company(CompanyChange::Open(company))]).await;
    assert!(store.commit(&set).await.is_ok());
    assert_eq!(store.account(account.id).await.ok().flatten(), Some(account));
}

/// Whatever order the changes were given in, parents come first and the same guard fails first.
pub async fn the_order_given_never_alters_the_answer(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 5);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let token = fixture.token(fixture.invitation(company.id, ada.id, "x@example.org").id, 1);
    let company = fixture.company();
    let account = fixture.account(company.id, "grace@example.org");
    let session = fixture.session(account.id);
    // Three guards fail: the version of ada (an update), the link (an update), ada's address (an insert).
    let twin = fixture.account(company.id, "ada@example.org");
    let failing = [
        Change::Link(LinkChange::Spend { id: token.id, at: fixture.now }),
        Change::Account(AccountChange::Require { id: ada.id, version: 9 }),
        fixture.open(&twin),
    ];
    for rotation in 0..failing.len() {
        let mut changes = failing.to_vec();
        changes.rotate_left(rotation);
        assert_eq!(rejection(&fixture.try_commit(changes).await), Rejection::Changed(Entity::Account));
    }
    let backwards =
        vec![Change::Session(SessionChange::Start(session)), fixture.open(&account), Change::Company(CompanyChange::Open(company))];
    assert!(store.commit(&fixture.set(backwards)).await.is_ok());
    let twice = ChangeSet::new(
        fixture.id(),
        fixture.now,
        vec![
            Change::Session(SessionChange::End(fixture.session(ada.id).id)),
            Change::Account(AccountChange::Require { id: ada.id, version: 1 }),
            fixture.open(&ada),
        ],
    );
    assert!(twice.is_err(), "two changes of one row are refused before any store sees them");
}
