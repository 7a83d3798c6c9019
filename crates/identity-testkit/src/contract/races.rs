//! Many at once.

use std::{collections::BTreeSet, sync::Arc};

use identity_core::{
    change::{
        AccountChange, AuditChange, Change, ChangeSet, CommitError, CompanyChange, Entity, LinkChange, OutboxChange,
        RegistrationChange, Rejection, SessionChange, ThrottleChange,
    },
    model::{
        account::{Account, AccountState},
        throttle::{Bucket, LoginPace, Rate},
    },
    port::{Lease, Store},
    value::SignedDuration,
};
use tokio::{sync::Barrier, task::JoinSet};

use crate::Fixture;

const ROUNDS: u64 = 25;
const RACERS: usize = 16;

/// Commits all sets at the same moment; answers come in any order.
pub(super) async fn race(store: &Arc<dyn Store>, sets: Vec<ChangeSet>) -> Vec<Result<(), CommitError>> {
    let barrier = Arc::new(Barrier::new(sets.len()));
    let mut racers = JoinSet::new();
    for set in sets {
        let (store, barrier) = (store.clone(), barrier.clone());
        racers.spawn(async move {
            barrier.wait().await;
            store.commit(&set).await
        });
    }
    racers.join_all().await
}

fn assert_one_winner(answers: &[Result<(), CommitError>], losers: Rejection) {
    assert_winners(1, answers, losers);
}

fn assert_winners(winners: usize, answers: &[Result<(), CommitError>], losers: Rejection) {
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), winners, "{answers:?}");
    for answer in answers {
        assert!(matches!(answer, Ok(()) | Err(CommitError::Rejected(_))), "{answer:?}");
        if let Err(CommitError::Rejected(rejection)) = answer {
            assert_eq!(*rejection, losers);
        }
    }
}

/// A link used by many at once is used once.
pub async fn one_link_has_one_winner(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 21);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    for round in 0..ROUNDS {
        let token = fixture.token(fixture.invitation(company.id, ada.id, "x@example.org").id, 1);
        fixture.commit(vec![Change::Link(LinkChange::Issue(token.clone()))]).await;
        let sets = (0..RACERS).map(|racer| {
            let account = fixture.account(company.id, &format!("r{round}.{racer}@example.org"));
            fixture.set(vec![fixture.open(&account), Change::Link(LinkChange::Spend { id: token.id, at: fixture.now })])
        });
        assert_one_winner(&race(&store, sets.collect()).await, Rejection::TokenSpent);
    }
}

/// An address taken by many at once is taken once.
pub async fn one_address_has_one_winner(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 22);
    let (company, _) = fixture.inhabited("ada@example.org").await;
    for round in 0..ROUNDS {
        let address = format!("round{round}@example.org");
        let sets = (0..RACERS).map(|_| fixture.set(vec![fixture.open(&fixture.account(company.id, &address))])).collect();
        assert_one_winner(&race(&store, sets).await, Rejection::AddressTaken);
    }
}

/// Of many decisions by one version, one holds.
pub async fn one_version_has_one_winner(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 23);
    let (company, mut ada) = fixture.inhabited("ada@example.org").await;
    for _ in 0..ROUNDS {
        let next = ada.switched(AccountState::Active, fixture.now);
        let sets = (0..RACERS).map(|racer| {
            let revised = Change::Account(AccountChange::Revise { account: next.clone(), by: None });
            let opened = Change::Company(CompanyChange::Open(fixture.company()));
            fixture.set(if racer % 2 == 0 { vec![revised, opened] } else { vec![opened, revised] })
        });
        assert_one_winner(&race(&store, sets.collect()).await, Rejection::Changed(Entity::Account));
        ada = next;
    }
    assert_eq!(store.account(ada.id).await.ok().flatten().map(|read| read.company), Some(company.id));
}

/// What a set requires stands until its commit is over: of two sets that each change what the other requires, one holds.
pub async fn what_is_required_stands_until_the_commit(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 27);
    let (company, mut ada) = fixture.inhabited("ada@example.org").await;
    let mut grace = fixture.account(company.id, "grace@example.org");
    fixture.commit(vec![fixture.open(&grace)]).await;
    for round in 0..ROUNDS {
        let (next_ada, next_grace) =
            (ada.switched(AccountState::Active, fixture.now), grace.switched(AccountState::Active, fixture.now));
        let set = |required: &Account, revised: &Account| {
            fixture.set(vec![
                Change::Account(AccountChange::Require { id: required.id, version: required.version }),
                Change::Account(AccountChange::Revise { account: revised.clone(), by: None }),
            ])
        };
        let sets = (0..RACERS).map(|racer| if racer % 2 == 0 { set(&ada, &next_grace) } else { set(&grace, &next_ada) });
        assert_one_winner(&race(&store, sets.collect()).await, Rejection::Changed(Entity::Account));
        let versions = async |account: &Account| store.account(account.id).await.ok().flatten().map(|read| read.version);
        if versions(&ada).await == Some(next_ada.version) {
            ada = next_ada;
        } else {
            assert_eq!(versions(&grace).await, Some(next_grace.version), "round {round}");
            grace = next_grace;
        }
    }
}

/// A bucket that many turn to at once lets in as many as it has permits, whether or not it was there.
pub async fn a_bucket_has_as_many_winners_as_permits(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 28);
    let rate = Rate::per(3, SignedDuration::from_mins(1));
    for round in 0..ROUNDS {
        let bucket = Bucket::from_bytes([u8::try_from(round).unwrap_or_default(); 32]);
        for at in [fixture.now, fixture.later(86_400)] {
            // A row beside the permit, so that a permit that was taken back would have left something.
            let sets = (0..RACERS)
                .map(|_| {
                    fixture.set(vec![
                        Change::Company(CompanyChange::Open(fixture.company())),
                        Change::Throttle(ThrottleChange::ConsumePermit { bucket, rate, at }),
                    ])
                })
                .collect();
            assert_winners(3, &race(&store, sets).await, Rejection::Throttled);
            let expected = at.checked_add(rate.every * 3).ok();
            assert_eq!(store.throttle(&bucket).await.ok().flatten().map(|read| read.free_at), expected);
        }
    }
}

/// A code that many try at once is tried as often as it may be.
pub async fn a_code_has_as_many_tries_as_it_may(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 29);
    for round in 0..ROUNDS {
        let registration = fixture.registration(&format!("round{round}@example.org"));
        fixture.commit(vec![Change::Registration(RegistrationChange::Open(registration.clone()))]).await;
        let sets = (0..RACERS)
            .map(|_| fixture.set(vec![Change::Registration(RegistrationChange::TryCode { id: registration.id, limit: 5 })]))
            .collect();
        assert_winners(5, &race(&store, sets).await, Rejection::CodeSpent);
        let read = store.registration(registration.id).await.ok().flatten();
        assert_eq!(read.map(|read| read.code_tries), Some(5));
    }
}

/// Of many attempts that were counted from the same, one counts.
pub async fn one_attempt_has_one_winner(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 30);
    for round in 0..ROUNDS {
        let bucket = Bucket::from_bytes([u8::try_from(round).unwrap_or_default(); 32]);
        let mut from = None;
        for second in 1..=3 {
            let to = LoginPace::default().attempt(from.as_ref(), fixture.later(second)).ok();
            let Some(to) = to else { unreachable!("the first few need no pause") };
            let sets = (0..RACERS)
                .map(|_| fixture.set(vec![Change::Throttle(ThrottleChange::CountAttempt { bucket, from, to })]))
                .collect();
            assert_one_winner(&race(&store, sets).await, Rejection::Changed(Entity::Throttle));
            from = Some(to);
        }
        assert_eq!(store.throttle(&bucket).await.ok().flatten(), from);
    }
}

/// Sets that touch the same rows, given in opposite orders, never lock each other out.
pub async fn opposite_orders_never_fail(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 24);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let sessions = (0..8).map(|_| fixture.session(ada.id)).collect::<Vec<_>>();
    fixture.commit(sessions.iter().cloned().map(SessionChange::Start).map(Change::Session).collect()).await;
    for _ in 0..40 {
        let sets = (0..8).map(|racer| {
            let mut changes = sessions
                .iter()
                .map(|session| Change::Session(SessionChange::Touch { id: session.id, at: fixture.now }))
                .collect::<Vec<_>>();
            changes.push(Change::Account(AccountChange::Require { id: ada.id, version: 1 }));
            changes.push(Change::Company(CompanyChange::Open(fixture.company())));
            if racer % 2 == 0 {
                changes.reverse();
            }
            fixture.set(changes)
        });
        for answer in race(&store, sets.collect()).await {
            assert!(answer.is_ok(), "{answer:?}");
        }
    }
    assert!(store.company(company.id).await.is_ok());
}

/// Sets that a store groups into one transaction stand and fall each by itself.
pub async fn a_rejected_neighbour_takes_nobody_along(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 25);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let taken = fixture.event();
    fixture.commit(vec![Change::Audit(AuditChange::Record(taken.clone()))]).await;
    for _ in 0..ROUNDS {
        let companies = (0..RACERS).map(|_| fixture.company()).collect::<Vec<_>>();
        let sets = companies.iter().enumerate().map(|(racer, company)| {
            // Every other set writes two rows before its last guard fails.
            let last = if racer % 2 == 0 { fixture.event() } else { taken.clone() };
            let session = Change::Session(SessionChange::Start(fixture.session(ada.id)));
            fixture.set(vec![
                Change::Company(CompanyChange::Open(company.clone())),
                session,
                Change::Audit(AuditChange::Record(last)),
            ])
        });
        let answers = race(&store, sets.collect()).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), RACERS / 2, "{answers:?}");
        for (racer, company) in companies.iter().enumerate() {
            let found = store.company(company.id).await.ok().flatten().is_some();
            assert_eq!(found, racer % 2 == 0, "set {racer}");
        }
    }
}

/// Several workers claim each message once.
pub async fn no_message_is_claimed_twice(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 26);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let invitation = fixture.invitation(company.id, ada.id, "x@example.org").id;
    let messages = (0..60).map(|_| fixture.message(invitation)).collect::<Vec<_>>();
    fixture.commit(messages.iter().cloned().map(OutboxChange::Queue).map(Change::Outbox).collect()).await;
    let mut workers = JoinSet::new();
    for _ in 0..6 {
        let store = store.clone();
        let leases = (0..10)
            .map(|_| Lease { ticket: fixture.id(), now: fixture.now, until: fixture.later(60), limit: 7 })
            .collect::<Vec<_>>();
        workers.spawn(async move {
            let mut claimed = Vec::new();
            for lease in &leases {
                claimed.extend(store.lease_messages(lease).await.unwrap_or_default().into_iter().map(|message| message.id));
            }
            claimed
        });
    }
    let claimed = workers.join_all().await.concat();
    assert_eq!(claimed.len(), messages.len());
    assert_eq!(claimed.into_iter().collect::<BTreeSet<_>>(), messages.iter().map(|message| message.id).collect());
}
