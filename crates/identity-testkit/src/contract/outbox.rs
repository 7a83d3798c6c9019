//! Messages and their leases.

use std::sync::Arc;

use identity_core::{
    change::{Change, OutboxChange, Rejection},
    model::outbox::{DeliveryOutcome, MailKind, OutboxMessage, OutboxMessageState},
    port::{Lease, Store, Sweep},
    value::{AccountId, Timestamp},
};

use super::atomic::rejection;
use crate::Fixture;

async fn with_messages(store: &Arc<dyn Store>, seed: u64, count: usize) -> (Fixture, Vec<OutboxMessage>) {
    let fixture = Fixture::new(store.clone(), seed);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let invitation = fixture.invitation(company.id, ada.id, "x@example.org").id;
    let messages = (0..count).map(|_| fixture.message(invitation)).collect::<Vec<_>>();
    fixture.commit(messages.iter().cloned().map(OutboxChange::Queue).map(Change::Outbox).collect()).await;
    (fixture, messages)
}

fn lease(fixture: &Fixture, after: i64) -> Lease {
    Lease { ticket: fixture.id(), now: fixture.later(after), until: fixture.later(after + 60), limit: 10 }
}

/// Claimed, settled, and never given out again.
pub async fn a_message_is_claimed_settled_and_gone(store: Arc<dyn Store>) {
    let (fixture, messages) = with_messages(&store, 31, 2).await;
    let claim = lease(&fixture, 1);
    let claimed = store.lease_messages(&claim).await.unwrap_or_default();
    assert_eq!(claimed.len(), 2);
    for message in &claimed {
        assert_eq!((message.attempts, &message.state), (1, &OutboxMessageState::Leased(claim.ticket)));
        let outcome = if message.id == messages.first().map_or(message.id, |first| first.id) {
            DeliveryOutcome::Sent
        } else {
            DeliveryOutcome::Dropped
        };
        let settled = Change::Outbox(OutboxChange::Settle { id: message.id, ticket: claim.ticket, at: claim.now, outcome });
        fixture.commit(vec![settled.clone()]).await;
        assert_eq!(rejection(&fixture.try_commit(vec![settled]).await), Rejection::LeaseLost);
    }
    assert_eq!(store.lease_messages(&lease(&fixture, 100_000)).await.ok(), Some(Vec::new()));
    let mut states = Vec::new();
    for message in &messages {
        states.extend(store.message(message.id).await.ok().flatten().map(|read| (read.state, read.settled_at)));
    }
    assert_eq!(states, [(OutboxMessageState::Sent, Some(claim.now)), (OutboxMessageState::Dropped, Some(claim.now))]);
}

/// A worker that died keeps its messages until its lease ends, not longer.
pub async fn a_lease_that_ends_is_taken_over(store: Arc<dyn Store>) {
    let (fixture, _) = with_messages(&store, 32, 1).await;
    let first = lease(&fixture, 1);
    assert_eq!(store.lease_messages(&first).await.map(|claimed| claimed.len()).ok(), Some(1));
    assert_eq!(store.lease_messages(&lease(&fixture, 60)).await.ok(), Some(Vec::new()));
    let second = lease(&fixture, 61);
    let claimed = store.lease_messages(&second).await.unwrap_or_default();
    assert_eq!(claimed.first().map(|message| message.attempts), Some(2));
    for message in claimed {
        let settle = |ticket| {
            Change::Outbox(OutboxChange::Settle { id: message.id, ticket, at: second.now, outcome: DeliveryOutcome::Sent })
        };
        assert_eq!(rejection(&fixture.try_commit(vec![settle(first.ticket)]).await), Rejection::LeaseLost);
        fixture.commit(vec![settle(second.ticket)]).await;
    }
}

/// A worker that is still at it keeps what it has not settled; what another has claimed since is not taken back.
pub async fn a_lease_is_renewed_by_its_claim_alone(store: Arc<dyn Store>) {
    let (fixture, _) = with_messages(&store, 37, 2).await;
    let first = lease(&fixture, 1);
    let claimed = store.lease_messages(&first).await.unwrap_or_default();
    assert_eq!(claimed.len(), 2);
    for message in claimed.iter().take(1) {
        let settled = Change::Outbox(OutboxChange::Settle {
            id: message.id,
            ticket: first.ticket,
            at: first.now,
            outcome: DeliveryOutcome::Sent,
        });
        fixture.commit(vec![settled]).await;
    }
    assert_eq!(store.renew_lease(first.ticket, fixture.later(200)).await.ok(), Some(1), "but for what is settled");
    assert_eq!(store.renew_lease(fixture.id(), fixture.later(900)).await.ok(), Some(0), "a claim that never was");
    assert_eq!(store.lease_messages(&lease(&fixture, 199)).await.ok(), Some(Vec::new()));
    let second = lease(&fixture, 200);
    assert_eq!(store.lease_messages(&second).await.unwrap_or_default().len(), 1);
    assert_eq!(store.renew_lease(first.ticket, fixture.later(900)).await.ok(), Some(0), "another has it");
    assert_eq!(store.lease_messages(&lease(&fixture, 260)).await.unwrap_or_default().len(), 1, "whose lease ends as it was");
}

/// What failed for now waits, with its error; what failed for good stays.
pub async fn a_retry_waits_for_its_time(store: Arc<dyn Store>) {
    let (fixture, _) = with_messages(&store, 33, 1).await;
    let claim = lease(&fixture, 1);
    for message in store.lease_messages(&claim).await.unwrap_or_default() {
        let outcome = DeliveryOutcome::Retry { due_at: fixture.later(500), error: "busy".to_owned() };
        fixture
            .commit(vec![Change::Outbox(OutboxChange::Settle { id: message.id, ticket: claim.ticket, at: claim.now, outcome })])
            .await;
    }
    assert_eq!(store.lease_messages(&lease(&fixture, 499)).await.ok(), Some(Vec::new()));
    let claim = lease(&fixture, 500);
    let claimed = store.lease_messages(&claim).await.unwrap_or_default();
    assert_eq!(claimed.len(), 1);
    for message in claimed {
        assert_eq!((message.attempts, message.last_error.as_deref()), (2, Some("busy")));
        let outcome = DeliveryOutcome::Failed { error: "no such user".to_owned() };
        fixture
            .commit(vec![Change::Outbox(OutboxChange::Settle { id: message.id, ticket: claim.ticket, at: claim.now, outcome })])
            .await;
        let read = store.message(message.id).await.ok().flatten();
        assert_eq!(
            read.map(|read| (read.state, read.last_error)),
            Some((OutboxMessageState::Failed, Some("no such user".to_owned())))
        );
    }
}

/// A worker that stops gives back what it has not begun.
pub async fn what_is_returned_is_due_at_once_and_counts_as_no_attempt(store: Arc<dyn Store>) {
    let (fixture, _) = with_messages(&store, 34, 1).await;
    let claim = lease(&fixture, 1);
    let claimed = store.lease_messages(&claim).await.unwrap_or_default();
    assert_eq!(claimed.len(), 1);
    for message in claimed {
        let settle = Change::Outbox(OutboxChange::Settle {
            id: message.id,
            ticket: claim.ticket,
            at: claim.now,
            outcome: DeliveryOutcome::Returned,
        });
        fixture.commit(vec![settle]).await;
        let read = store.message(message.id).await.ok().flatten();
        assert_eq!(read.map(|read| (read.state, read.attempts, read.settled_at)), Some((OutboxMessageState::Queued, 0, None)));
    }
    let again = store.lease_messages(&lease(&fixture, 1)).await.unwrap_or_default();
    assert_eq!(again.first().map(|message| message.attempts), Some(1));
}

/// What a message is about is read back, whatever it is.
pub async fn every_mail_kind_is_read_back(store: Arc<dyn Store>) {
    let (fixture, _) = with_messages(&store, 35, 0).await;
    let invitation = fixture.id();
    let subject = fixture.id::<AccountId>();
    let kinds = MailKind::each(*subject.as_uuid(), 3);
    let messages = kinds.into_iter().map(|kind| OutboxMessage { kind, ..fixture.message(invitation) }).collect::<Vec<_>>();
    fixture.commit(messages.iter().cloned().map(OutboxChange::Queue).map(Change::Outbox).collect()).await;
    for message in &messages {
        assert_eq!(store.message(message.id).await.ok().flatten().as_ref(), Some(message));
    }
    let claimed = store.lease_messages(&Lease { limit: 50, ..lease(&fixture, 1) }).await.unwrap_or_default();
    assert_eq!(claimed.len(), messages.len(), "and each of them is given out");
}

/// Settled, whatever became of them, and before that time; what waits stays, however long it has.
pub async fn settled_messages_are_swept_and_no_others(store: Arc<dyn Store>) {
    let (fixture, messages) = with_messages(&store, 36, 6).await;
    let claim = Lease { limit: 5, ..lease(&fixture, 1) };
    let claimed = store.lease_messages(&claim).await.unwrap_or_default();
    let error = "no".to_owned();
    let outcomes = [
        DeliveryOutcome::Sent,
        DeliveryOutcome::Dropped,
        DeliveryOutcome::Failed { error: error.clone() },
        DeliveryOutcome::Retry { due_at: fixture.later(2), error },
    ];
    let mut settled = Vec::new();
    for (message, outcome) in claimed.iter().zip(outcomes) {
        settled.push(message.id);
        fixture
            .commit(vec![Change::Outbox(OutboxChange::Settle { id: message.id, ticket: claim.ticket, at: claim.now, outcome })])
            .await;
    }
    settled.truncate(3);
    let before = |messages_before| Sweep {
        sessions_before: Timestamp::MIN,
        links_before: Timestamp::MIN,
        change_sets_before: Timestamp::MIN,
        registrations_before: Timestamp::MIN,
        throttles_before: Timestamp::MIN,
        email_changes_before: Timestamp::MIN,
        messages_before,
    };
    assert_eq!(store.sweep(&before(claim.now)).await.ok(), Some(0), "what was settled at a time was not settled before it");
    assert_eq!(store.sweep(&before(fixture.later(2))).await.ok(), Some(3));
    assert_eq!(store.sweep(&before(fixture.later(100_000))).await.ok(), Some(0));
    for message in &messages {
        let is_there = store.message(message.id).await.is_ok_and(|found| found.is_some());
        assert_eq!(is_there, !settled.contains(&message.id));
    }
    let waiting = store.lease_messages(&lease(&fixture, 100_000)).await.unwrap_or_default();
    assert_eq!(waiting.len(), 3, "one that was never claimed, one that was tried, one whose worker died");
}
