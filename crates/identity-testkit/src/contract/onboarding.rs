//! First logins: how far each account has come.

use std::{collections::BTreeMap, sync::Arc};

use identity_core::{
    change::{Change, Entity, OnboardingChange, Rejection},
    model::onboarding::{ClosedStep, Closing, Onboarding},
    port::Store,
    value::{AccountId, StepKey},
};

use super::{atomic::rejection, guards::refused};
use crate::Fixture;

fn onboarding(fixture: &Fixture, account: AccountId, steps: &[(&str, Closing)]) -> Onboarding {
    let step = |(number, (key, closing)): (usize, &(&str, Closing))| {
        let at = fixture.later(1 + i64::try_from(number).unwrap_or_default());
        Some((StepKey::parse(key).ok()?, ClosedStep { closing: *closing, at }))
    };
    let steps = steps.iter().enumerate().filter_map(step).collect::<BTreeMap<_, _>>();
    Onboarding { account, steps, finished_at: None, version: 1 }
}

async fn stored(store: &Arc<dyn Store>, account: AccountId) -> Option<Onboarding> {
    store.onboarding(account).await.ok().flatten()
}

/// Each step with how and when it was closed, also the longest key.
pub async fn a_first_login_is_read_back_as_it_was_written(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 141);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let (_, grace) = fixture.inhabited("grace@example.org").await;
    assert_eq!(store.onboarding(ada.id).await.ok(), Some(None));
    let longest = "k".repeat(64);
    let first =
        onboarding(&fixture, ada.id, &[("profile", Closing::Done), ("picture", Closing::Skipped), (&longest, Closing::Done)]);
    assert_eq!(first.steps.len(), 3);
    let hers = Onboarding { finished_at: Some(fixture.later(9)), ..onboarding(&fixture, grace.id, &[]) };
    fixture
        .commit(vec![
            Change::Onboarding(OnboardingChange::Open(first.clone())),
            Change::Onboarding(OnboardingChange::Open(hers.clone())),
        ])
        .await;
    assert_eq!(stored(&store, ada.id).await, Some(first.clone()));
    let next = Onboarding {
        finished_at: Some(fixture.later(7)),
        version: 2,
        ..onboarding(&fixture, ada.id, &[("picture", Closing::Done)])
    };
    fixture.commit(vec![Change::Onboarding(OnboardingChange::Advance(next.clone()))]).await;
    assert_eq!(stored(&store, ada.id).await, Some(next));
    assert_eq!(stored(&store, grace.id).await, Some(hers));
}

/// A person who read an older one writes nothing.
pub async fn a_first_login_is_advanced_from_what_was_read(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 142);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let first = onboarding(&fixture, ada.id, &[("profile", Closing::Done)]);
    refused(
        &fixture,
        Change::Onboarding(OnboardingChange::Advance(Onboarding { version: 2, ..first.clone() })),
        Rejection::Changed(Entity::Onboarding),
    )
    .await;
    fixture.commit(vec![Change::Onboarding(OnboardingChange::Open(first.clone()))]).await;
    refused(
        &fixture,
        Change::Onboarding(OnboardingChange::Open(onboarding(&fixture, ada.id, &[]))),
        Rejection::Exists(Entity::Onboarding),
    )
    .await;
    for version in [1, 3] {
        let other = Onboarding { version, ..onboarding(&fixture, ada.id, &[]) };
        refused(&fixture, Change::Onboarding(OnboardingChange::Advance(other)), Rejection::Changed(Entity::Onboarding)).await;
    }
    assert_eq!(stored(&store, ada.id).await, Some(first));
    let nobodys =
        fixture.try_commit(vec![Change::Onboarding(OnboardingChange::Open(onboarding(&fixture, fixture.id(), &[])))]).await;
    assert_eq!(rejection(&nobodys), Rejection::Orphaned(Entity::Onboarding));
}
