//! Pictures: one of an account, under a name of its own.

use std::sync::Arc;

use identity_core::{
    change::{AccountChange, Change, Entity, PictureChange, Rejection},
    model::account::Picture,
    port::Store,
    value::{AccountId, PictureName},
};

use super::{atomic::rejection, guards::refused};
use crate::Fixture;

fn picture(fixture: &Fixture, account: AccountId, number: u8, bytes: &[u8]) -> Picture {
    Picture { name: PictureName::from_bytes([number; 16]), account, bytes: bytes.into(), created_at: fixture.now }
}

async fn stored(store: &Arc<dyn Store>, number: u8) -> Option<Picture> {
    store.picture(&PictureName::from_bytes([number; 16])).await.ok().flatten()
}

/// Every byte of it, also where it is as large as it gets; names differ by the case of one letter.
pub async fn a_picture_is_read_back_by_its_name(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 131);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let (_, grace) = fixture.inhabited("grace@example.org").await;
    let every = (0..=u8::MAX).cycle().take(1 << 20).collect::<Vec<_>>();
    let (one, other) = (picture(&fixture, ada.id, 1, &every), picture(&fixture, grace.id, 2, b"\0"));
    // `AAAA…` and `aaaa…`: in base64, as names are written, they are no more than that.
    let (upper, lower) = (PictureName::from_bytes([0; 16]), PictureName::parse("aaaaaaaaaaaaaaaaaaaaaA"));
    let one = Picture { name: upper.clone(), ..one };
    fixture
        .commit(vec![Change::Picture(PictureChange::Store(one.clone())), Change::Picture(PictureChange::Store(other.clone()))])
        .await;
    assert_eq!(store.picture(&upper).await.ok().flatten(), Some(one));
    assert_eq!(stored(&store, 2).await, Some(other));
    assert!(lower.is_some());
    for name in lower.into_iter().chain([PictureName::from_bytes([3; 16])]) {
        assert_eq!(store.picture(&name).await.ok(), Some(None));
    }
}

/// The last one that was stored; those of others stay.
pub async fn an_account_has_one_picture(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 132);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let (_, grace) = fixture.inhabited("grace@example.org").await;
    let hers = picture(&fixture, grace.id, 9, b"hers");
    fixture.commit(vec![Change::Picture(PictureChange::Store(hers.clone()))]).await;
    for number in 1..=3 {
        let next = picture(&fixture, ada.id, number, &[number; 100]);
        fixture.commit(vec![Change::Picture(PictureChange::Store(next.clone()))]).await;
        assert_eq!(stored(&store, number).await, Some(next));
        assert_eq!(stored(&store, number - 1).await, None, "{number}");
    }
    for _ in 0..2 {
        fixture.commit(vec![Change::Picture(PictureChange::Remove(ada.id))]).await;
        assert_eq!(stored(&store, 3).await, None);
    }
    refused(
        &fixture,
        Change::Picture(PictureChange::Store(picture(&fixture, ada.id, 9, b"taken"))),
        Rejection::Exists(Entity::Picture),
    )
    .await;
    let nobodys =
        fixture.try_commit(vec![Change::Picture(PictureChange::Store(picture(&fixture, fixture.id(), 4, b"nobody's")))]).await;
    assert_eq!(rejection(&nobodys), Rejection::Orphaned(Entity::Picture));
    assert_eq!(stored(&store, 9).await, Some(hers));
}

/// Where the account changed meanwhile, the picture that was there stays.
pub async fn a_picture_stands_with_its_account_or_not_at_all(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 133);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let set = |account, number: u8| {
        let picture = picture(&fixture, ada.id, number, &[number]);
        vec![Change::Account(AccountChange::Revise { account, by: None }), Change::Picture(PictureChange::Store(picture))]
    };
    let first = ada.with_picture(Some(PictureName::from_bytes([1; 16])));
    fixture.commit(set(first.clone(), 1)).await;
    assert_eq!(store.account(ada.id).await.ok().flatten(), Some(first.clone()));
    let late = fixture.try_commit(set(ada.with_picture(Some(PictureName::from_bytes([2; 16]))), 2)).await;
    assert_eq!(rejection(&late), Rejection::Changed(Entity::Account));
    assert!(stored(&store, 1).await.is_some() && stored(&store, 2).await.is_none());
    let none = first.with_picture(None);
    fixture
        .commit(vec![
            Change::Account(AccountChange::Revise { account: none.clone(), by: None }),
            Change::Picture(PictureChange::Remove(ada.id)),
        ])
        .await;
    assert_eq!(store.account(ada.id).await.ok().flatten(), Some(none));
    assert_eq!(stored(&store, 1).await, None);
}
