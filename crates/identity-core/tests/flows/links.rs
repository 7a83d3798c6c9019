//! Which links of invitations work.

use identity_core::{
    flow::invitation::AcceptError,
    model::{
        invitation::{Invitation, InvitationState},
        link::Token,
    },
    value::{TokenKind, TokenSecret},
};
use secrecy::ExposeSecret as _;
use tokio::task::JoinSet;

use crate::actors::{GRACE, OPERATOR, PASSWORD, Wanted, World, address, seconds};

#[tokio::test]
async fn a_link_works_once() {
    let world = World::new().await;
    let (_, grace) = world.invited(GRACE).await;
    grace.registers().await.unwrap();
    grace.is_locked_out().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_who_use_one_link_at_once_open_one_account() {
    let world = World::new().await;
    let (invitation, grace) = world.invited(GRACE).await;
    let before = world.accounts_opened();
    world.stage().gather("commit", 64);
    let mut crowd = JoinSet::new();
    for _ in 0..64 {
        let grace = grace.clone();
        crowd.spawn(async move { grace.registers().await });
    }
    let answers = crowd.join_all().await;
    let winners = answers.iter().flatten().collect::<Vec<_>>();
    assert_eq!(winners.len(), 1);
    assert!(answers.iter().all(|answer| matches!(answer, Ok(_) | Err(AcceptError::DeadLink))), "{answers:?}");
    assert_eq!(world.accounts_opened(), before + 1);
    assert_eq!(world.invitation(invitation.id).await.account, Some(winners[0].id));
}

#[tokio::test]
async fn a_link_works_until_the_second_before_its_end_and_not_at_its_end() {
    for early in [true, false] {
        let world = World::new().await;
        let (invitation, grace) = world.invited(Wanted::new(GRACE).lasting("PT1H")).await;
        if early {
            world.it_is_just_before(invitation.expires_at);
            grace.is_welcome().await;
            assert!(grace.registers().await.is_ok());
        } else {
            world.it_is(invitation.expires_at);
            grace.is_locked_out().await;
        }
    }
}

#[tokio::test]
async fn a_link_that_expires_between_the_page_and_the_button_is_refused_at_the_button() {
    let world = World::new().await;
    let (invitation, grace) = world.invited(GRACE).await;
    world.it_is_just_before(invitation.expires_at);
    grace.opens().await.unwrap();
    world.passes("PT1S");
    grace.is_locked_out().await;
}

#[tokio::test]
async fn a_revoked_invitation_lets_nobody_in() {
    let world = World::new().await;
    let (invitation, grace) = world.invited(GRACE).await;
    world.operator().await.revokes(invitation.id).await.unwrap();
    grace.is_locked_out().await;
}

#[tokio::test]
async fn a_revocation_that_comes_while_the_invitee_registers_counts() {
    let world = World::new().await;
    let (invitation, grace) = world.invited(GRACE).await;
    let ada = world.operator().await;
    world.stage().just_before("commit", async move {
        ada.revokes(invitation.id).await.unwrap();
    });
    let refused = grace.registers().await;
    assert!(matches!(refused, Err(AcceptError::DeadLink)), "{refused:?}");
    assert!(world.find_account(GRACE).await.is_none());
}

#[tokio::test]
async fn resending_kills_the_older_link_at_once_and_the_new_one_works() {
    let world = World::new().await;
    let (invitation, older) = world.invited(GRACE).await;
    world.operator().await.resends(invitation.id).await.unwrap();
    older.is_locked_out().await;
    world.delivers().await;
    older.is_locked_out().await;
    assert!(world.invitee(GRACE).registers().await.is_ok());
}

#[tokio::test]
async fn resending_an_expired_invitation_makes_it_work_again() {
    let world = World::new().await;
    let (invitation, older) = world.invited(GRACE).await;
    world.passes("P8D");
    world.operator().await.resends(invitation.id).await.unwrap();
    world.delivers().await;
    older.is_locked_out().await;
    assert!(world.invitee(GRACE).registers().await.is_ok());
}

#[tokio::test]
async fn a_new_invitation_supersedes_the_pending_one_and_its_roles() {
    let world = World::new().await;
    let (first, older) = world.invited(Wanted::new(GRACE).role("auditor")).await;
    let (_, newer) = world.invited(Wanted::new(GRACE).role("editor")).await;
    assert_eq!(world.invitation(first.id).await.state, InvitationState::Superseded);
    older.is_locked_out().await;
    let grace = newer.registers().await.unwrap();
    assert_eq!(grace.roles.iter().map(ToString::to_string).collect::<Vec<_>>(), ["editor"]);
}

#[tokio::test]
async fn a_session_is_no_link_and_a_link_is_no_session() {
    let world = World::new().await;
    let session = world.logs_in(OPERATOR, PASSWORD).await.unwrap().secret;
    world.visitor(&session).is_locked_out().await;
    let (_, grace) = world.invited(GRACE).await;
    assert!(world.session(&grace.link).await.is_none());
    let text = grace.link.to_text();
    assert!(TokenSecret::parse(TokenKind::Session, text.expose_secret()).is_none());
    let bare = text.expose_secret().strip_prefix(TokenKind::Invitation.prefix()).unwrap();
    let disguised = TokenSecret::parse(TokenKind::Session, &format!("{}{bare}", TokenKind::Session.prefix())).unwrap();
    assert!(world.session(&disguised).await.is_none());
    world.visitor(&disguised).is_locked_out().await;
}

#[tokio::test]
async fn a_link_with_one_character_changed_opens_nothing() {
    let world = World::new().await;
    let (_, grace) = world.invited(GRACE).await;
    let text = grace.link.to_text().expose_secret().to_owned();
    for at in 0..text.len() {
        let other = if text.as_bytes()[at] == b'A' { "B" } else { "A" };
        let mut changed = text.clone();
        changed.replace_range(at..=at, other);
        if let Some(link) = TokenSecret::parse(TokenKind::Invitation, &changed) {
            world.visitor(&link).is_locked_out().await;
        }
    }
    let mut short = text.clone();
    short.pop();
    for text in ["", "idinv_", &short, &format!("{text}A"), &format!("{text}="), &format!(" {text}")] {
        assert!(TokenSecret::parse(TokenKind::Invitation, text).is_none(), "{text:?}");
    }
    assert!(grace.registers().await.is_ok());
}

/// Each bond of a link holds by itself: here all the others are sound.
#[tokio::test]
async fn a_link_that_is_over_used_up_of_another_generation_or_for_another_address_opens_nothing() {
    let world = World::new().await;
    let (_, grace) = world.invited(GRACE).await;
    let sound = world.entry(&grace.link).await;
    world.forges(sound.clone()).await.is_welcome().await;
    for (bond, forged) in [
        ("its own end", Token { expires_at: world.now(), ..sound.clone() }),
        ("its use", Token { spent_at: Some(world.now()), ..sound.clone() }),
        ("an older generation", Token { generation: 0, ..sound.clone() }),
        ("a later generation", Token { generation: 2, ..sound.clone() }),
        ("the address", Token { sent_to: Some(address("eve@example.net")), ..sound.clone() }),
        ("no address", Token { sent_to: None, ..sound.clone() }),
    ] {
        let looked = world.forges(forged).await;
        assert!(looked.looks().await.is_err(), "{bond} does not bind");
        looked.is_locked_out().await;
    }
    let lasting = world.forges(Token { expires_at: world.now() + seconds("P30D"), ..sound }).await;
    lasting.is_welcome().await;
    world.passes("P7D");
    lasting.is_locked_out().await;
}

/// An invitation's link with no address to it is the first operator's alone.
#[tokio::test]
async fn a_link_of_an_invitation_is_not_the_set_up() {
    let world = World::empty().await;
    let link = world.flows().first_operator.run().await.unwrap().unwrap();
    let bound = Token { sent_to: Some(address("eve@example.net")), ..world.entry(&link).await };
    world.forges(bound).await.is_locked_out().await;
}

#[tokio::test]
async fn a_person_who_declined_cannot_accept_any_more() {
    let world = World::new().await;
    let (invitation, grace) = world.invited(GRACE).await;
    grace.declines().await.unwrap();
    assert_eq!(world.invitation(invitation.id).await.state, InvitationState::Declined);
    assert!(world.entry(&grace.link).await.spent_at.is_some(), "the link is used up");
    grace.is_locked_out().await;
    assert!(world.operator().await.resends(invitation.id).await.is_err());
    let (_, again) = world.invited(GRACE).await;
    assert!(again.registers().await.is_ok(), "who declined can be invited again");
}

/// A crash after the mail was sent: the message is sent again with another link.
#[tokio::test]
async fn both_links_of_one_message_work_until_one_is_used() {
    for used in [0, 1] {
        let world = World::new().await;
        world.operator().await.invites(GRACE).await.unwrap();
        world.sends_but_does_not_settle().await;
        world.passes("PT5M");
        world.delivers().await;
        let links = world.links_to(GRACE);
        assert_eq!(links.len(), 2);
        for link in &links {
            world.visitor(link).is_welcome().await;
        }
        world.visitor(&links[used]).registers().await.unwrap();
        for link in &links {
            world.visitor(link).is_locked_out().await;
        }
    }
}

#[tokio::test]
async fn declining_by_one_of_two_links_ends_both() {
    let world = World::new().await;
    world.operator().await.invites(GRACE).await.unwrap();
    world.sends_but_does_not_settle().await;
    world.passes("PT5M");
    world.delivers().await;
    let links = world.links_to(GRACE);
    world.visitor(&links[1]).declines().await.unwrap();
    for link in &links {
        world.visitor(link).is_locked_out().await;
    }
}

#[tokio::test]
async fn looking_changes_nothing_and_opening_notes_the_first_time_only() {
    let world = World::new().await;
    let (issued, grace) = world.invited(GRACE).await;
    let commits = world.history().len();
    for _ in 0..3 {
        grace.looks().await.unwrap();
    }
    assert_eq!(world.history().len(), commits);

    let first = world.now();
    grace.opens().await.unwrap();
    world.passes("PT1H");
    grace.opens().await.unwrap();
    assert_eq!(world.history().len(), commits + 1);
    assert_eq!(world.invitation(issued.id).await, Invitation { opened_at: Some(first), ..issued });
    assert!(grace.registers().await.is_ok(), "a person who opened it first did not bind it");
}

#[tokio::test]
async fn the_first_opening_survives_what_happens_to_the_invitation_meanwhile() {
    let world = World::new().await;
    let (issued, grace) = world.invited(GRACE).await;
    let opened = world.now();
    world.stage().just_before("commit", async move {
        grace.opens().await.unwrap();
    });
    world.operator().await.moves_the_end(issued.id, world.now() + seconds("P9D")).await.unwrap();
    assert_eq!(world.invitation(issued.id).await.opened_at, Some(opened));
}
