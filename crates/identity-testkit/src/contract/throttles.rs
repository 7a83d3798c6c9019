//! Throttles: permits, attempts, and what ends them.

use std::sync::Arc;

use identity_core::{
    change::{Change, CompanyChange, Entity, Rejection, ThrottleChange},
    model::throttle::{Bucket, LoginPace, Rate, Throttle},
    port::Store,
    value::{SignedDuration, Timestamp},
};

use super::guards::refused;
use crate::Fixture;

async fn stored(store: &Arc<dyn Store>, bucket: Bucket) -> Option<Throttle> {
    store.throttle(&bucket).await.ok().flatten()
}

fn after(at: Timestamp, micros: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_micros(micros)).unwrap_or(at)
}

/// Every permit is what the core says it is, to the microsecond; where there is none left, nothing is written.
pub async fn turns_are_counted_as_the_core_counts_them(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 121);
    let minute = SignedDuration::from_mins(1);
    let rates = [Rate::per(3, minute), Rate::per(1, minute), Rate::per(7, SignedDuration::from_hours(1))];
    for (rate, number) in rates.into_iter().zip(1..) {
        let bucket = Bucket::from_bytes([number; 32]);
        let every = i64::try_from(rate.every.as_micros()).unwrap_or(i64::MAX);
        let mut expected = None;
        let (mut taken, mut refusals) = (0, 0);
        // All at once and one more; a moment before there is another permit, then in time; after a long pause all at once again.
        let moments = [0, 0, 0, 0, 0, 0, 0, 0, every - 1, every, every, 100 * every, 100 * every, 99 * every, 101 * every + 1];
        for micros in moments {
            let at = after(fixture.now, 123_457 + micros);
            let permit = Change::Throttle(ThrottleChange::ConsumePermit { bucket, rate, at });
            if let Some(next) = Throttle::turned(expected.as_ref(), at, &rate) {
                fixture.commit(vec![permit]).await;
                expected = Some(next);
                taken += 1;
            } else {
                refused(&fixture, permit, Rejection::Throttled).await;
                refusals += 1;
            }
            assert_eq!(stored(&store, bucket).await, expected, "{rate:?} {micros}");
        }
        assert!(taken > 2 && refusals > 2, "{taken} {refusals}");
    }
    assert_eq!(stored(&store, Bucket::from_bytes([9; 32])).await, None);
}

/// The permits of a set are taken together or not at all.
pub async fn a_turn_that_is_refused_takes_the_others_back(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 122);
    let rate = Rate::per(1, SignedDuration::from_mins(1));
    let permit = |number| {
        Change::Throttle(ThrottleChange::ConsumePermit { bucket: Bucket::from_bytes([number; 32]), rate, at: fixture.now })
    };
    fixture.commit(vec![permit(2)]).await;
    let company = fixture.company();
    let answer =
        fixture.try_commit(vec![permit(1), permit(2), permit(3), Change::Company(CompanyChange::Open(company.clone()))]).await;
    assert_eq!(super::atomic::rejection(&answer), Rejection::Throttled);
    for number in [1, 3] {
        assert_eq!(stored(&store, Bucket::from_bytes([number; 32])).await, None);
    }
    assert_eq!(store.company(company.id).await.ok(), Some(None));
    fixture.commit(vec![permit(1), permit(3)]).await;
}

/// Of two who read the same, one counts.
pub async fn an_attempt_counts_from_what_was_read(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 123);
    let bucket = Bucket::from_bytes([7; 32]);
    let first = LoginPace::fresh(after(fixture.now, 123_457));
    let second = Throttle { free_at: after(first.free_at, 1_000_001), failures: 1, ..first };
    let count = |from: Option<Throttle>, to| Change::Throttle(ThrottleChange::CountAttempt { bucket, from, to });
    let changed = Rejection::Changed(Entity::Throttle);
    refused(&fixture, count(Some(first), second), changed).await;
    assert_eq!(stored(&store, bucket).await, None);
    fixture.commit(vec![count(None, first)]).await;
    assert_eq!(stored(&store, bucket).await, Some(first));
    refused(&fixture, count(None, second), changed).await;
    fixture.commit(vec![count(Some(first), second)]).await;
    assert_eq!(stored(&store, bucket).await, Some(second));
    for other in [
        first,
        Throttle { free_at: after(second.free_at, 1), ..second },
        Throttle { failures: 2, ..second },
        Throttle { expires_at: after(second.expires_at, 1), ..second },
    ] {
        refused(&fixture, count(Some(other), first), changed).await;
    }
    fixture.commit(vec![count(Some(second), second)]).await;
    assert_eq!(stored(&store, bucket).await, Some(second), "that nothing is to be changed is no rejection");
}

/// However it stood, and whether it was there or not; others stand as they stood.
pub async fn a_bucket_is_reset_and_emptied(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 124);
    let (bucket, other) = (Bucket::from_bytes([7; 32]), Bucket::from_bytes([8; 32]));
    let fresh = LoginPace::fresh(after(fixture.now, 123_457));
    let locked = Throttle { failures: 100, ..fresh };
    let reset = |bucket, to| Change::Throttle(ThrottleChange::Reset { bucket, to });
    fixture.commit(vec![Change::Throttle(ThrottleChange::Empty(bucket)), reset(other, locked)]).await;
    for to in [locked, fresh, fresh] {
        fixture.commit(vec![reset(bucket, to)]).await;
        assert_eq!(stored(&store, bucket).await, Some(to));
    }
    fixture.commit(vec![Change::Throttle(ThrottleChange::Empty(bucket))]).await;
    assert_eq!(stored(&store, bucket).await, None);
    assert_eq!(stored(&store, other).await, Some(locked));
    // What counted attempts counts permits as if none had failed.
    let permit = Change::Throttle(ThrottleChange::ConsumePermit {
        bucket: other,
        rate: Rate::per(1, SignedDuration::from_mins(1)),
        at: fixture.later(1),
    });
    fixture.commit(vec![permit]).await;
    assert_eq!(stored(&store, other).await.map(|read| (read.free_at, read.failures)), Some((fixture.later(61), 0)));
}
