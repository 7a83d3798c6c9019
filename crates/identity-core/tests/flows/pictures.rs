//! One's picture: set, replaced, shown to whom it may be shown, and taken away.

use std::sync::Arc;

use identity_core::{
    flow::{
        Fault,
        account::{RefusedPicture, SetPictureCommand, SetPictureError},
    },
    model::{
        account::Picture,
        audit::{Action, Actor, Subject},
        session::{Client, CurrentUser},
    },
    port::{ImageProcessor as _, NoPictures, PictureError, Square},
    value::PictureName,
};

use crate::{
    actors::{ADMINISTRATOR, GRACE, OPERATOR, Wanted, World},
    faults::{Stopped, survives_every_fault},
};

impl World {
    async fn sets(&self, who: &CurrentUser, upload: &str, square: Option<Square>) -> Result<PictureName, SetPictureError> {
        let flow = &self.flows().picture;
        let permit = flow.enter(who, &Client::default()).await.unwrap();
        let upload = upload.as_bytes().to_vec();
        flow.set(permit, who, SetPictureCommand { upload, square, client: Client::default() }).await
    }

    async fn shown(&self, name: &PictureName) -> Option<String> {
        let found = self.flows().picture.show(name).await.unwrap();
        found.map(|picture: Picture| String::from_utf8(picture.bytes.to_vec()).unwrap())
    }
}

async fn with_grace() -> (World, CurrentUser) {
    let world = World::new().await;
    world.hires(GRACE).await;
    let grace = world.signed_in(GRACE).await;
    (world, grace)
}

#[tokio::test]
async fn a_picture_takes_the_place_of_the_one_before_under_another_name() {
    let (world, grace) = with_grace().await;
    let before = world.history().len();
    let first = world.sets(&grace, "picture 1", None).await.unwrap();
    let second = world.sets(&grace, "picture 2", Some(Square { x: 1, y: 2, size: 3 })).await.unwrap();
    assert_eq!(world.history().len(), before + 2, "each is one commit");
    assert_ne!(first, second);
    assert_eq!(world.shown(&first).await, None);
    assert_eq!(world.shown(&second).await.as_deref(), Some("fitted 1 2 3 of picture 2"));
    assert_eq!(world.account(GRACE).await.profile.picture, Some(second.clone()));
    let (id, client) = (grace.account.id, Client::default());
    for _ in 0..2 {
        world.flows().picture.remove(&grace, &client).await.unwrap();
    }
    assert_eq!(world.history().len(), before + 3, "what is not there is not taken away again");
    assert_eq!((world.shown(&second).await, world.account(GRACE).await.profile.picture), (None, None));
    for (action, times) in [(Action::PictureChanged, 2), (Action::PictureRemoved, 1)] {
        let events = world.recorded(action);
        assert_eq!(events.len(), times);
        assert!(events.iter().all(|event| (event.actor, &event.subject) == (Actor::Account(id), &Subject::Account(id))));
    }
}

#[tokio::test]
async fn what_is_no_picture_changes_nothing_and_says_why() {
    let (world, grace) = with_grace().await;
    let name = world.sets(&grace, "picture", None).await.unwrap();
    let before = world.history().len();
    let outside = Some(Square { x: 0, y: 0, size: 0 });
    for (upload, square, why) in [
        ("bomb", None, RefusedPicture::TooManyPixels),
        ("damaged", None, RefusedPicture::Damaged),
        ("<svg/>", None, RefusedPicture::UnknownType),
        ("picture", outside, RefusedPicture::SquareOutside),
    ] {
        let refused = world.sets(&grace, upload, square).await;
        assert!(matches!(refused, Err(SetPictureError::Refused(reason)) if reason == why), "{refused:?}");
    }
    assert_eq!(world.history().len(), before);
    assert!(world.shown(&name).await.is_some());
    let none = NoPictures.fit(b"picture".to_vec(), None).await;
    assert!(matches!(none, Err(PictureError::NotOffered)));
}

#[tokio::test]
async fn the_person_and_a_person_who_administers_the_company_see_it() {
    let (world, grace) = with_grace().await;
    world.sets(&grace, "picture", None).await.unwrap();
    let other = world.operator().await.opens_company("Other").await;
    world.hires(Wanted::new("olga@example.org").role("company_administrator").company(other.id)).await;
    world.hires("eve@example.org").await;
    for (who, sees) in
        [(GRACE, true), (ADMINISTRATOR, true), (OPERATOR, true), ("olga@example.org", false), ("eve@example.org", false)]
    {
        let by = world.signed_in(who).await;
        assert_eq!(world.flows().picture.of(&by, grace.account.id).await.unwrap().is_some(), sees, "{who}");
        let of_nobody = world.flows().picture.of(&by, by.account.id).await.unwrap();
        assert_eq!(of_nobody.is_some(), who == GRACE, "{who}");
    }
}

#[tokio::test]
async fn uploads_are_counted_before_anything_is_read() {
    let (world, grace) = with_grace().await;
    for _ in 0..20 {
        world.flows().picture.enter(&grace, &Client::default()).await.unwrap();
    }
    let closed = world.flows().picture.enter(&grace, &Client::default()).await;
    assert!(matches!(closed, Err(Fault::RateLimited { retry_after }) if retry_after.as_secs() == 180), "{closed:?}");
    let carl = world.signed_in(ADMINISTRATOR).await;
    world.flows().picture.enter(&carl, &Client::default()).await.unwrap();
    world.passes("PT3M");
    world.flows().picture.enter(&grace, &Client::default()).await.unwrap();
}

#[tokio::test]
async fn an_account_that_changed_meanwhile_keeps_its_change_and_gets_its_picture() {
    let (world, grace) = with_grace().await;
    let other = world.clone();
    world.stage().just_before("commit", async move {
        other.keeps_only(["editor"], GRACE).await;
    });
    let name = world.sets(&grace, "picture", None).await.unwrap();
    let account = world.account(GRACE).await;
    assert_eq!(account.profile.picture, Some(name));
    assert!(account.roles.contains(&crate::actors::role("editor")));
}

#[tokio::test]
async fn a_person_who_is_disabled_while_the_picture_is_made_gets_none() {
    let (world, grace) = with_grace().await;
    let (other, id) = (world.clone(), grace.account.id);
    world.stage().just_before("account", async move {
        other.operator().await.disables(id).await.unwrap();
    });
    let refused = world.sets(&grace, "picture", None).await;
    assert!(matches!(refused, Err(SetPictureError::Conflict)), "{refused:?}");
    assert_eq!(world.account(GRACE).await.profile.picture, None);
}

#[tokio::test]
async fn of_two_at_once_one_is_kept_and_both_are_answered() {
    let (world, grace) = with_grace().await;
    world.stage().gather("commit", 2);
    let (one, other) = tokio::join!(world.sets(&grace, "picture 1", None), world.sets(&grace, "picture 2", None));
    let names = [one.unwrap(), other.unwrap()];
    let kept = world.account(GRACE).await.profile.picture.unwrap();
    for name in names {
        assert_eq!(world.shown(&name).await.is_some(), name == kept);
    }
}

async fn with_signed_in_grace() -> World {
    let (world, grace) = with_grace().await;
    world.sets(&grace, "picture 0", None).await.unwrap();
    world.keeps_signed_in(grace);
    world
}

#[tokio::test]
async fn setting_a_picture_survives_every_fault() {
    let flow = async |world: &World| -> Result<(), Stopped> {
        let (grace, client, picture) = (world.kept_user(), Client::default(), &world.flows().picture);
        let permit = match picture.enter(&grace, &client).await {
            Ok(permit) => permit,
            Err(Fault::Unavailable(error)) => return Err(error.into()),
            Err(closed) => panic!("{closed:?}"),
        };
        let command = SetPictureCommand { upload: b"picture 1".to_vec(), square: None, client };
        picture.set(permit, &grace, command).await.map(drop)?;
        Ok(())
    };
    survives_every_fault(with_signed_in_grace, flow, async |world| {
        let name = world.account(GRACE).await.profile.picture.unwrap();
        assert_eq!(world.shown(&name).await.as_deref(), Some("fitted middle of picture 1"));
    })
    .await;
}

#[tokio::test]
async fn taking_a_picture_away_survives_every_fault() {
    let flow = async |world: &World| Ok(world.flows().picture.remove(&world.kept_user(), &Client::default()).await?);
    survives_every_fault(with_signed_in_grace, flow, async |world| {
        assert_eq!(world.account(GRACE).await.profile.picture, None);
    })
    .await;
}

#[test]
fn debug_output_holds_no_picture() {
    let name = PictureName::from_bytes([7; 16]);
    let account = uuid_of_nobody();
    let picture = Picture { name, account, bytes: Arc::from(*b"secret"), created_at: identity_core::value::Timestamp::UNIX_EPOCH };
    assert_eq!(format!("{picture:?}"), "Picture(6 bytes)");
}

fn uuid_of_nobody() -> identity_core::value::AccountId {
    "01890000-0000-7000-8000-000000000000".parse().unwrap()
}
