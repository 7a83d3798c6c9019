//! First logins: how far each account has come.

use std::{collections::BTreeMap, sync::Arc};

use identity_core::{
    change::{Change, Entity, Rejection},
    model::setup::{ClosedStep, Closing, Setup},
    port::Store,
    value::{AccountId, StepKey},
};

use super::{atomic::rejection, guards::refused};
use crate::Fixture;

fn setup(fixture: &Fixture, account: AccountId, steps: &[(&str, Closing)]) -> Setup {
    let step = |(number, (key, closing)): (usize, &(&str, Closing))| {
        let at = fixture.later(1 + i64::try_from(number).unwrap_or_default());
        Some((StepKey::parse(key).ok()?, ClosedStep { closing: *closing, at }))
    };
    let steps = steps.iter().enumerate().filter_map(step).collect::<BTreeMap<_, _>>();
    Setup { account, steps, finished_at: None, version: 1 }
}

async fn stored(store: &Arc<dyn Store>, account: AccountId) -> Option<Setup> {
    store.setup(account).await.ok().flatten()
}

/// Each step with how and when it was closed, also the longest key.
pub async fn a_first_login_is_read_back_as_it_was_written(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 141);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let (_, grace) = fixture.inhabited("grace@example.org").await;
    assert_eq!(store.setup(ada.id).await.ok(), Some(None));
    let longest = "k".repeat(64);
    let first = setup(&fixture, ada.id, &[("profile", Closing::Done), ("picture", Closing::Skipped), (&longest, Closing::Done)]);
    assert_eq!(first.steps.len(), 3);
    let hers = Setup { finished_at: Some(fixture.later(9)), ..setup(&fixture, grace.id, &[]) };
    fixture.commit(vec![Change::OpenSetup(first.clone()), Change::OpenSetup(hers.clone())]).await;
    assert_eq!(stored(&store, ada.id).await, Some(first.clone()));
    let next = Setup { finished_at: Some(fixture.later(7)), version: 2, ..setup(&fixture, ada.id, &[("picture", Closing::Done)]) };
    fixture.commit(vec![Change::AdvanceSetup(next.clone())]).await;
    assert_eq!(stored(&store, ada.id).await, Some(next));
    assert_eq!(stored(&store, grace.id).await, Some(hers));
}

/// Whoever read an older one writes nothing.
pub async fn a_first_login_is_advanced_from_what_was_read(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 142);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let first = setup(&fixture, ada.id, &[("profile", Closing::Done)]);
    refused(&fixture, Change::AdvanceSetup(Setup { version: 2, ..first.clone() }), Rejection::Changed(Entity::Setup)).await;
    fixture.commit(vec![Change::OpenSetup(first.clone())]).await;
    refused(&fixture, Change::OpenSetup(setup(&fixture, ada.id, &[])), Rejection::Exists(Entity::Setup)).await;
    for version in [1, 3] {
        let other = Setup { version, ..setup(&fixture, ada.id, &[]) };
        refused(&fixture, Change::AdvanceSetup(other), Rejection::Changed(Entity::Setup)).await;
    }
    assert_eq!(stored(&store, ada.id).await, Some(first));
    let nobodys = fixture.try_commit(vec![Change::OpenSetup(setup(&fixture, fixture.id(), &[]))]).await;
    assert_eq!(rejection(&nobodys), Rejection::Orphaned(Entity::Setup));
}
