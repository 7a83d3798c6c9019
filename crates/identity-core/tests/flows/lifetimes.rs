//! Until when links of invitations work, and who moves that.

use identity_core::model::{
    invitation::InvitationState,
    outbox::{EmailContent, InvitationEmail},
};

use crate::{
    actors::{GRACE, Wanted, World, seconds},
    stage::Weather,
};

#[tokio::test]
async fn the_lifetime_starts_when_the_mail_is_sent() {
    let world = World::new().await;
    let issued = world.operator().await.invites(Wanted::new(GRACE).lasting("P2D")).await.unwrap();
    world.passes("P3D");
    let mail = world.delivers().await.pop().expect("a mail that waited is sent all the same");
    let end = world.now() + seconds("P2D");
    let EmailContent::Invitation(InvitationEmail::Invited { expires_at, .. }) = mail.content else { panic!("{mail:?}") };
    assert_eq!((expires_at, world.invitation(issued.id).await.expires_at), (end, end));
    world.it_is_just_before(end);
    world.invitee(GRACE).is_welcome().await;
    world.it_is(end);
    world.invitee(GRACE).is_locked_out().await;
}

#[tokio::test]
async fn a_retry_does_not_start_the_lifetime_anew() {
    let world = World::new().await;
    let invitation = world.operator().await.invites(GRACE).await.unwrap();
    let end = world.now() + seconds("P7D");
    world.weather(Weather::Storm);
    world.delivers().await;
    world.passes("PT15S");
    world.weather(Weather::Fair);
    world.delivers().await;
    assert_eq!(world.entry(&world.link_to(GRACE)).await.expires_at, end);
    assert_eq!(world.invitation(invitation.id).await.expires_at, end);
}

#[tokio::test]
async fn a_change_of_expiry_reaches_links_already_sent() {
    let world = World::new().await;
    let (invitation, grace) = world.invited(GRACE).await;
    let later = world.now() + seconds("P20D");
    world.operator().await.moves_the_end(invitation.id, later).await.unwrap();
    world.it_is_just_before(later);
    assert_eq!(grace.looks().await.unwrap().expires_at, later);
    let sooner = world.now() + seconds("PT1H");
    world.operator().await.moves_the_end(invitation.id, sooner).await.unwrap();
    world.it_is_just_before(sooner);
    grace.is_welcome().await;
    world.it_is(sooner);
    grace.is_locked_out().await;
}

#[tokio::test]
async fn an_expired_invitation_works_again_when_its_end_is_moved() {
    let world = World::new().await;
    let (invitation, grace) = world.invited(GRACE).await;
    world.passes("P8D");
    grace.is_locked_out().await;
    world.operator().await.moves_the_end(invitation.id, world.now() + seconds("P1D")).await.unwrap();
    assert!(grace.registers().await.is_ok());
}

#[tokio::test]
async fn an_end_that_was_set_before_the_mail_went_out_stays() {
    let world = World::new().await;
    let invitation = world.operator().await.invites(GRACE).await.unwrap();
    let end = world.now() + seconds("P2D");
    world.operator().await.moves_the_end(invitation.id, end).await.unwrap();
    world.passes("P1D");
    world.delivers().await;
    assert_eq!(world.entry(&world.link_to(GRACE)).await.expires_at, end);
}

#[tokio::test]
async fn an_end_lies_in_the_future_and_within_the_longest_lifetime() {
    let world = World::new().await;
    let (invitation, _) = world.invited(GRACE).await;
    let ada = world.operator().await;
    let longest = world.now() + seconds("P30D");
    for end in [world.now(), world.now() - seconds("PT1S"), longest + seconds("PT1S")] {
        assert!(ada.moves_the_end(invitation.id, end).await.is_err(), "{end}");
    }
    assert!(ada.moves_the_end(invitation.id, longest).await.is_ok());
}

/// The worker has read the invitation for a retry when an administrator moves its end.
#[tokio::test]
async fn a_link_that_is_minted_while_the_end_is_moved_lasts_as_long_as_its_invitation() {
    let world = World::new().await;
    let invitation = world.operator().await.invites(GRACE).await.unwrap();
    world.weather(Weather::Storm);
    world.delivers().await;
    world.weather(Weather::Fair);
    world.passes("PT15S");
    let (ada, later) = (world.operator().await, world.now() + seconds("P20D"));
    world.stage().just_before("commit", async move {
        ada.moves_the_end(invitation.id, later).await.unwrap();
    });
    world.delivers().await;
    assert_eq!(world.invitation(invitation.id).await.expires_at, later);
    assert_eq!(world.entry(&world.link_to(GRACE)).await.expires_at, later, "the link dies before its invitation");
}

/// An administrator has read which links there are when the worker mints another.
#[tokio::test]
async fn a_change_of_expiry_misses_no_link_that_is_minted_meanwhile() {
    let world = World::new().await;
    let invitation = world.operator().await.invites(GRACE).await.unwrap();
    world.weather(Weather::Storm);
    world.delivers().await;
    world.weather(Weather::Fair);
    world.passes("PT15S");
    let (worker, later) = (world.clone(), world.now() + seconds("P20D"));
    world.stage().just_before("commit", async move {
        worker.delivers().await;
    });
    let moved = world.operator().await.moves_the_end(invitation.id, later).await;
    let link = world.entry(&world.link_to(GRACE)).await;
    assert!(moved.is_err() || link.expires_at == later, "the end was moved, and a link was left behind");
}

#[tokio::test]
async fn a_person_who_declines_while_the_end_is_moved_has_declined() {
    let world = World::new().await;
    let (issued, grace) = world.invited(GRACE).await;
    let (ada, end) = (world.operator().await, world.now() + seconds("P9D"));
    world.stage().just_before("commit", async move {
        ada.moves_the_end(issued.id, end).await.unwrap();
    });
    let declined = grace.declines().await;
    assert!(declined.is_ok(), "the link works, and its holder was told that it does not: {declined:?}");
    assert_eq!(world.invitation(issued.id).await.state, InvitationState::Declined);
}

#[tokio::test]
async fn a_person_who_registers_while_the_end_is_moved_is_in() {
    let world = World::new().await;
    let (issued, grace) = world.invited(GRACE).await;
    let (ada, end) = (world.operator().await, world.now() + seconds("P9D"));
    world.stage().just_before("commit", async move {
        ada.moves_the_end(issued.id, end).await.unwrap();
    });
    assert!(grace.registers().await.is_ok());
}
