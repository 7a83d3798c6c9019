//! Changes of addresses, sessions and events as their account's person is shown them.

use std::sync::Arc;

use identity_core::{
    change::{AccountChange, AuditChange, Change, CommitError, EmailChangeChange, Entity, Rejection, SessionChange},
    model::{
        account::Account,
        audit::{Action, Actor, AuditEvent, By, OwnEvent, Subject},
        email_change::{EmailChange, EmailChangeState},
        session::{Client, Session},
    },
    port::Store,
    value::{EmailAddress, EventId, TokenKind},
};

use super::{atomic::rejection, guards::refused, races::race};
use crate::Fixture;

#[expect(clippy::unwrap_used, reason = "fixed texts that parse")]
fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn change_email(account: &Account, from: &str, to: &str) -> Change {
    Change::Account(AccountChange::ChangeEmail { id: account.id, from: address(from), to: address(to) })
}

fn in_state(change: &EmailChange, state: EmailChangeState) -> EmailChange {
    EmailChange { state, version: change.version + 1, ..change.clone() }
}

/// Every field, and the two that change.
pub async fn a_change_of_address_is_read_back_as_it_was_written(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 121);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let mut change = fixture.email_change(&ada, "Ada.New@example.org");
    fixture.commit(vec![Change::EmailChange(EmailChangeChange::Open(change.clone()))]).await;
    assert_eq!(store.email_change(change.id).await.ok(), Some(Some(change.clone())));
    assert_eq!(store.email_change(fixture.id()).await.ok(), Some(None));
    for state in EmailChangeState::ALL {
        change = EmailChange { undo_until: fixture.later(99), ..in_state(&change, state) };
        fixture.commit(vec![Change::EmailChange(EmailChangeChange::Advance(change.clone()))]).await;
        assert_eq!(store.email_change(change.id).await.ok(), Some(Some(change.clone())));
    }
    refused(&fixture, Change::EmailChange(EmailChangeChange::Advance(change)), Rejection::Changed(Entity::EmailChange)).await;
}

/// One at a time; what is over makes room for the next, in the same commit too.
pub async fn one_change_of_an_account_is_pending(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 122);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let (_, grace) = fixture.inhabited("grace@example.org").await;
    let (first, second) = (fixture.email_change(&ada, "one@example.org"), fixture.email_change(&ada, "two@example.org"));
    let hers = fixture.email_change(&grace, "one@example.org");
    fixture
        .commit(vec![
            Change::EmailChange(EmailChangeChange::Open(first.clone())),
            Change::EmailChange(EmailChangeChange::Open(hers.clone())),
        ])
        .await;
    let exists = Rejection::Exists(Entity::EmailChange);
    refused(&fixture, Change::EmailChange(EmailChangeChange::Open(second.clone())), exists).await;
    let superseded = Change::EmailChange(EmailChangeChange::Advance(in_state(&first, EmailChangeState::Superseded)));
    fixture.commit(vec![Change::EmailChange(EmailChangeChange::Open(second.clone())), superseded]).await;
    assert_eq!(store.pending_email_change(ada.id).await.ok(), Some(Some(second.clone())));
    assert_eq!(store.pending_email_change(grace.id).await.ok(), Some(Some(hers)));
    fixture.commit(vec![Change::EmailChange(EmailChangeChange::Advance(in_state(&second, EmailChangeState::Cancelled)))]).await;
    assert_eq!(store.pending_email_change(ada.id).await.ok(), Some(None));
    let nobodys = EmailChange { account: fixture.id(), ..fixture.email_change(&ada, "three@example.org") };
    let nobodys = fixture.try_commit(vec![Change::EmailChange(EmailChangeChange::Open(nobodys))]).await;
    assert_eq!(rejection(&nobodys), Rejection::Orphaned(Entity::EmailChange));
}

/// By the address that was read, and not to one that another account has.
pub async fn an_account_is_given_an_address_that_is_free(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 123);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    fixture.inhabited("grace@example.org").await;
    refused(&fixture, change_email(&ada, "ada@example.org", "Grace@Example.org"), Rejection::AddressTaken).await;
    refused(&fixture, change_email(&ada, "other@example.org", "new@example.org"), Rejection::Changed(Entity::Account)).await;
    // The version is the set's to raise: both concern the account, and neither is in the other's way.
    let revised = Change::Account(AccountChange::Revise { account: ada.with_recovery_ended(fixture.now), by: None });
    fixture.commit(vec![change_email(&ada, "ada@example.org", "New@example.org"), revised]).await;
    let found = store.account_by_address("new@example.org").await.ok().flatten();
    assert_eq!(found, Some(Account { email: address("New@example.org"), ..ada.with_recovery_ended(fixture.now) }));
    assert!(store.account_by_address("ada@example.org").await.is_ok_and(|found| found.is_none()));
}

/// For the account that had it, until its time is over: no other account moves to it. Who proves to have its mailbox by registering may
/// have it at once, and then it is theirs.
pub async fn an_address_is_kept_for_an_undo(store: Arc<dyn Store>) {
    let mut fixture = Fixture::new(store.clone(), 124);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let (_, grace) = fixture.inhabited("grace@example.org").await;
    let change = EmailChange { undo_until: fixture.later(600), ..fixture.email_change(&ada, "new@example.org") };
    fixture.commit(vec![Change::EmailChange(EmailChangeChange::Open(change.clone()))]).await;
    let until = async |but, now| store.address_undo_until("ada@example.org", but, now).await.ok();
    assert_eq!(until(Some(grace.id), fixture.now).await, Some(None), "it has it");
    let confirmed = Change::EmailChange(EmailChangeChange::Advance(in_state(&change, EmailChangeState::Confirmed)));
    fixture.commit(vec![change_email(&ada, "ada@example.org", "new@example.org"), confirmed]).await;
    for others in [Some(grace.id), None] {
        assert_eq!(until(others, fixture.now).await, Some(Some(change.undo_until)));
    }
    assert_eq!(until(Some(ada.id), fixture.now).await, Some(None), "it is its own");
    refused(&fixture, change_email(&grace, "grace@example.org", "ada@example.org"), Rejection::AddressTaken).await;
    fixture.commit(vec![change_email(&ada, "new@example.org", "ada@example.org")]).await;
    fixture.commit(vec![change_email(&ada, "ada@example.org", "new@example.org")]).await;
    assert_eq!(until(None, fixture.later(600)).await, Some(None));
    fixture.commit(vec![fixture.open(&fixture.account(company.id, "ada@example.org"))]).await;
    refused(&fixture, change_email(&ada, "new@example.org", "ada@example.org"), Rejection::AddressTaken).await;
    let later = EmailChange { undo_until: fixture.later(900), ..fixture.email_change(&grace, "other@example.org") };
    fixture.commit(vec![Change::EmailChange(EmailChangeChange::Open(later.clone()))]).await;
    let confirmed = Change::EmailChange(EmailChangeChange::Advance(in_state(&later, EmailChangeState::Confirmed)));
    fixture.commit(vec![change_email(&grace, "grace@example.org", "other@example.org"), confirmed]).await;
    fixture.now = later.undo_until;
    fixture.commit(vec![change_email(&ada, "new@example.org", "grace@example.org")]).await;
}

/// Of all who register with an address in the moment in which it is given up, one gets it at most.
pub async fn an_address_that_is_given_up_goes_to_one_account(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 125);
    for round in 0..25 {
        let (old, new) = (format!("old{round}@example.org"), format!("new{round}@example.org"));
        let (company, ada) = fixture.inhabited(&old).await;
        let change = fixture.email_change(&ada, &new);
        fixture.commit(vec![Change::EmailChange(EmailChangeChange::Open(change.clone()))]).await;
        let confirmed = Change::EmailChange(EmailChangeChange::Advance(in_state(&change, EmailChangeState::Confirmed)));
        let sets = [vec![change_email(&ada, &old, &new), confirmed]].into_iter();
        let newcomers = (0..7).map(|_| fixture.account(company.id, &old)).collect::<Vec<_>>();
        let others = newcomers.iter().map(|newcomer| vec![fixture.open(newcomer)]);
        let answers = race(&store, sets.chain(others).map(|changes| fixture.set(changes)).collect()).await;
        let done = answers.iter().filter(|answer| answer.is_ok()).count();
        let taken = |answer: &&Result<(), CommitError>| matches!(answer, Err(CommitError::Rejected(Rejection::AddressTaken)));
        assert!(done <= 2 && done + answers.iter().filter(taken).count() == 8, "{answers:?}");
        let found = store.account_by_address(&new).await.ok().flatten().map(|found| found.id);
        assert_eq!(found, Some(ada.id), "the change holds");
        let successor = store.account_by_address(&old).await.ok().flatten().map(|found| found.id);
        assert_eq!(successor.is_some(), done == 2, "{answers:?}");
        assert!(successor.is_none_or(|successor| newcomers.iter().any(|newcomer| newcomer.id == successor)));
    }
}

/// It and what was asked for after it, whatever became of those; what came before stays, and so does what is another's.
pub async fn an_undo_takes_what_came_after_it(store: Arc<dyn Store>) {
    let mut fixture = Fixture::new(store.clone(), 126);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let (_, grace) = fixture.inhabited("grace@example.org").await;
    let mut changes = Vec::new();
    let states = [EmailChangeState::Confirmed, EmailChangeState::Confirmed, EmailChangeState::Cancelled, EmailChangeState::Pending];
    for state in states {
        fixture.now = fixture.later(1);
        let change = EmailChange { state, ..fixture.email_change(&ada, "new@example.org") };
        fixture.commit(vec![Change::EmailChange(EmailChangeChange::Open(change.clone()))]).await;
        changes.push(change);
    }
    fixture.now = fixture.later(1);
    let hers = fixture.email_change(&grace, "hers@example.org");
    fixture.commit(vec![Change::EmailChange(EmailChangeChange::Open(hers.clone()))]).await;
    let [_, since, ..] = changes.as_slice() else { unreachable!("there are four") };
    let undo = Change::EmailChange(EmailChangeChange::Undo { account: ada.id, since: since.id });
    fixture.commit(vec![undo.clone()]).await;
    let mut states = Vec::new();
    for change in changes.iter().chain([&hers]) {
        states.extend(store.email_change(change.id).await.ok().flatten().map(|change| (change.state, change.version)));
    }
    let undone = (EmailChangeState::Undone, 2);
    assert_eq!(states, [(EmailChangeState::Confirmed, 1), undone, undone, undone, (EmailChangeState::Pending, 1)]);
    assert_eq!(store.pending_email_change(ada.id).await.ok(), Some(None));
    fixture.commit(vec![undo]).await;
    assert!(store.email_change(since.id).await.is_ok_and(|found| found.is_some_and(|found| found.version == 2)), "once");
}

/// A person who read another secret is refused; the old one opens nothing any more.
pub async fn a_session_is_proved_under_the_secret_that_was_read(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 127);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let session = fixture.session(ada.id);
    fixture.commit(vec![Change::Session(SessionChange::Start(session.clone()))]).await;
    let next = fixture.secret(TokenKind::Session).digest();
    let prove = |from, to, seconds| {
        Change::Session(SessionChange::ConfirmReauthentication { id: session.id, from, to, at: fixture.later(seconds) })
    };
    fixture.commit(vec![prove(session.digest, session.digest, 60)]).await;
    fixture.commit(vec![prove(session.digest, next, 90)]).await;
    let found = store.session_by_digest(&next).await.ok().flatten().map(|found| found.session);
    assert_eq!(found, Some(Session { digest: next, proved_at: fixture.later(90), ..session.clone() }));
    assert_eq!(store.session_by_digest(&session.digest).await.ok(), Some(None));
    refused(&fixture, prove(session.digest, session.digest, 99), Rejection::Changed(Entity::Session)).await;
}

/// Those that have not come to their end, the last started first; nobody else's.
pub async fn the_sessions_of_an_account_are_listed(store: Arc<dyn Store>) {
    let mut fixture = Fixture::new(store.clone(), 128);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let (_, grace) = fixture.inhabited("grace@example.org").await;
    let mut started = Vec::new();
    for account in [&ada, &grace, &ada] {
        fixture.now = fixture.later(1);
        let session = fixture.session(account.id);
        fixture.commit(vec![Change::Session(SessionChange::Start(session.clone()))]).await;
        started.insert(0, session);
    }
    let over = Session { expires_at: fixture.now, ..fixture.session(ada.id) };
    fixture.commit(vec![Change::Session(SessionChange::Start(over))]).await;
    started.retain(|session| session.account == ada.id);
    assert_eq!(store.sessions_of(ada.id, fixture.now).await.ok(), Some(started));
    assert_eq!(store.sessions_of(fixture.id(), fixture.now).await.ok(), Some(Vec::new()));
}

/// What is for its person to know, newest first, part by part; not where another person acted from.
#[expect(clippy::unwrap_used, reason = "fixed texts that parse")]
pub async fn the_events_of_an_account_are_listed(store: Arc<dyn Store>) {
    let mut fixture = Fixture::new(store.clone(), 129);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let (_, grace) = fixture.inhabited("grace@example.org").await;
    let client = Client::new("2001:db8::7".parse().ok(), None);
    let of_session = Subject::Session(fixture.id());
    let events = [
        (Action::LoginSucceeded, Actor::Account(ada.id), of_session, Some(By::Oneself)),
        (Action::LoginFailed, Actor::Anonymous, Subject::Account(ada.id), Some(By::Somebody)),
        (Action::SessionsEnded, Actor::Account(grace.id), Subject::Account(ada.id), Some(By::Administrator)),
        (Action::PasswordChangeRequired, Actor::System, Subject::Account(ada.id), Some(By::System)),
        (Action::LoginFailed, Actor::Anonymous, Subject::Nothing, None),
        (Action::RoleOrSubscriptionChanged, Actor::Account(ada.id), Subject::Nothing, None),
        (Action::LinkCreated, Actor::System, Subject::Account(ada.id), None),
        (Action::LoginFailed, Actor::Anonymous, Subject::Account(grace.id), None),
    ];
    let mut expected = Vec::new();
    for (action, actor, subject, by) in events {
        fixture.now = fixture.later(1);
        let fresh = fixture.fresh_event();
        let event = AuditEvent::new(&fresh, fixture.now, action, actor, subject).concerning(&fresh, &grace.email);
        fixture.commit(vec![Change::Audit(AuditChange::Record(event.from_client(&fresh, &client)))]).await;
        let network = client.address.filter(|_| by != Some(By::Administrator));
        expected.extend(by.map(|by| OwnEvent { id: fresh.id, at: fixture.now, action, by, network }));
    }
    expected.reverse();
    let (mut seen, mut after) = (Vec::new(), None::<EventId>);
    loop {
        let part = store.events_of(ada.id, after, 3).await.unwrap();
        seen.extend(part.items);
        after = part.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, expected);
}
