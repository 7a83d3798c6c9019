//! Which links work, and until when.

use identity_core::{
    invitation::{AcceptError, Invitation, InvitationState, PreviewError},
    ledger::Token,
    notice::LetterContent,
    port::InvitationFilter,
    value::{SignedDuration, TokenKind, TokenSecret},
};
use secrecy::ExposeSecret as _;
use tokio::task::JoinSet;

use crate::{
    actors::{ADMINISTRATOR, GRACE, OPERATOR, PASSWORD, Wanted, World, address, seconds},
    stage::Weather,
};

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
    assert!(world.whoami(&grace.link).await.is_none());
    let text = grace.link.to_text();
    assert!(TokenSecret::parse(TokenKind::Session, text.expose_secret()).is_none());
    let bare = text.expose_secret().strip_prefix(TokenKind::Invitation.prefix()).unwrap();
    let disguised = TokenSecret::parse(TokenKind::Session, &format!("{}{bare}", TokenKind::Session.prefix())).unwrap();
    assert!(world.whoami(&disguised).await.is_none());
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

/// An invitation's link with no address to it is the set-up's alone.
#[tokio::test]
async fn a_link_of_an_invitation_is_not_the_set_up() {
    let world = World::empty().await;
    let link = world.flows().set_up.run().await.unwrap().unwrap();
    let bound = Token { sent_to: Some(address("eve@example.net")), ..world.entry(&link).await };
    world.forges(bound).await.is_locked_out().await;
}

#[tokio::test]
async fn whoever_declined_cannot_accept_any_more() {
    let world = World::new().await;
    let (invitation, grace) = world.invited(GRACE).await;
    grace.declines().await.unwrap();
    assert_eq!(world.invitation(invitation.id).await.state, InvitationState::Declined);
    assert!(world.entry(&grace.link).await.spent_at.is_some(), "the link is used up");
    grace.is_locked_out().await;
    assert!(world.operator().await.resends(invitation.id).await.is_err());
    let (_, again) = world.invited(GRACE).await;
    assert!(again.registers().await.is_ok(), "who declined can be invited anew");
}

/// A crash after the mail was sent: the notice is sent again with another link.
#[tokio::test]
async fn both_links_of_one_notice_work_until_one_is_used() {
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
async fn the_lifetime_starts_when_the_mail_is_sent() {
    let world = World::new().await;
    let issued = world.operator().await.invites(Wanted::new(GRACE).lasting("P2D")).await.unwrap();
    world.passes("P3D");
    let letter = world.delivers().await.pop().expect("a mail that waited is sent all the same");
    let end = world.now() + seconds("P2D");
    let LetterContent::Invitation { expires_at, .. } = letter.content else { panic!("{letter:?}") };
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
    assert!(grace.registers().await.is_ok(), "whoever opened it first did not bind it");
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

#[tokio::test]
async fn whoever_declines_while_the_end_is_moved_has_declined() {
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
async fn whoever_registers_while_the_end_is_moved_is_in() {
    let world = World::new().await;
    let (issued, grace) = world.invited(GRACE).await;
    let (ada, end) = (world.operator().await, world.now() + seconds("P9D"));
    world.stage().just_before("commit", async move {
        ada.moves_the_end(issued.id, end).await.unwrap();
    });
    assert!(grace.registers().await.is_ok());
}

// Asking for a new invitation.

async fn renewal_letters(world: &World) -> usize {
    let mut letters = Vec::new();
    loop {
        let round = world.delivers().await;
        if round.is_empty() {
            break;
        }
        letters.extend(round);
    }
    letters.iter().filter(|letter| matches!(letter.content, LetterContent::RenewalRequested { .. })).count()
}

#[tokio::test]
async fn whoever_answers_for_an_expired_invitation_is_asked_for_a_new_one_once_a_day() {
    let world = World::new().await;
    world.administrator().await.invites(GRACE).await.unwrap();
    world.delivers().await;
    let grace = world.invitee(GRACE);
    world.passes("P7D");
    for _ in 0..5 {
        grace.asks_for_a_new_one().await;
    }
    let letters = world.delivers().await;
    assert_eq!(letters.len(), 1);
    let LetterContent::RenewalRequested { invitee, company } = &letters[0].content else { panic!("{letters:?}") };
    assert_eq!((letters[0].to.as_str(), invitee.as_str(), company.as_str()), (ADMINISTRATOR, GRACE, "example.org"));

    world.it_is(world.now() + seconds("P1D") - SignedDuration::from_secs(1));
    grace.asks_for_a_new_one().await;
    assert_eq!(renewal_letters(&world).await, 0);
    world.passes("PT1S");
    grace.asks_for_a_new_one().await;
    assert_eq!(renewal_letters(&world).await, 1);
}

#[tokio::test]
async fn two_requests_at_once_make_one_mail() {
    let world = World::new().await;
    let (_, grace) = world.invited(GRACE).await;
    world.passes("P7D");
    let other = grace.clone();
    world.stage().just_before("commit", async move { other.asks_for_a_new_one().await });
    grace.asks_for_a_new_one().await;
    assert_eq!(renewal_letters(&world).await, 1);
}

#[tokio::test]
async fn asking_for_a_new_one_never_brings_a_link_back_to_life() {
    let world = World::new().await;
    let (invitation, grace) = world.invited(GRACE).await;
    world.passes("P7D");
    grace.asks_for_a_new_one().await;
    world.delivers().await;
    grace.is_locked_out().await;
    assert_eq!(world.operator().await.lists(Some(InvitationFilter::Expired)).await, [GRACE]);
    world.operator().await.resends(invitation.id).await.unwrap();
    world.delivers().await;
    assert!(world.invitee(GRACE).registers().await.is_ok());
}

#[tokio::test]
async fn nobody_is_asked_for_an_accepted_a_working_or_an_unknown_invitation() {
    let world = World::new().await;
    let before = world.history().len();
    let session = world.logs_in(OPERATOR, PASSWORD).await.unwrap().secret;
    world.visitor(&session).asks_for_a_new_one().await;
    let (_, grace) = world.invited(GRACE).await;
    grace.asks_for_a_new_one().await;
    grace.registers().await.unwrap();
    grace.asks_for_a_new_one().await;
    world.passes("P9D");
    grace.asks_for_a_new_one().await;
    assert!(world.history().len() > before);
    assert_eq!(renewal_letters(&world).await, 0);
}

#[tokio::test]
async fn nobody_is_asked_for_a_superseded_invitation_whose_successor_was_accepted() {
    let world = World::new().await;
    let (_, older) = world.invited(GRACE).await;
    let (_, newer) = world.invited(GRACE).await;
    newer.registers().await.unwrap();
    older.asks_for_a_new_one().await;
    assert_eq!(renewal_letters(&world).await, 0, "the account is there");
}

/// Who was asked, after the outbox was worked off.
async fn asked(world: &World) -> Vec<String> {
    let letters = world.delivers().await;
    letters
        .into_iter()
        .filter(|letter| matches!(letter.content, LetterContent::RenewalRequested { .. }))
        .map(|letter| letter.to.as_str().to_owned())
        .collect()
}

#[tokio::test]
async fn where_the_inviter_may_not_invite_any_more_an_administrator_who_may_is_asked() {
    for (others, expected) in [(true, "dana@example.org"), (false, OPERATOR)] {
        let world = World::new().await;
        let carl = world.administrator().await;
        if others {
            world.hires(Wanted::new(expected).role("company_administrator")).await;
        }
        carl.invites(GRACE).await.unwrap();
        world.delivers().await;
        world.operator().await.disables(carl.account().id).await.unwrap();
        let grace = world.invitee(GRACE);
        grace.is_locked_out().await;
        grace.asks_for_a_new_one().await;
        assert_eq!(asked(&world).await, [expected]);
    }
}

#[tokio::test]
async fn where_nobody_administers_the_company_an_operator_is_asked() {
    let world = World::new().await;
    let company = world.operator().await.opens_company("Elsewhere").await;
    world.hires(Wanted::new("dana@elsewhere.example").company(company.id).role("company_administrator")).await;
    let dana = world.acting("dana@elsewhere.example").await;
    dana.invites(GRACE).await.unwrap();
    world.hires(Wanted::new("erik@elsewhere.example").company(company.id).role("company_administrator")).await;
    world.delivers().await;
    let ada = world.operator().await;
    ada.disables(dana.account().id).await.unwrap();
    let grace = world.invitee(GRACE);
    grace.asks_for_a_new_one().await;
    assert_eq!(asked(&world).await, ["erik@elsewhere.example"], "whoever administers the company comes first");
    ada.disables(world.account("erik@elsewhere.example").await.id).await.unwrap();
    world.passes("P1D");
    grace.asks_for_a_new_one().await;
    assert_eq!(asked(&world).await, [OPERATOR]);
}

#[tokio::test]
async fn whoever_holds_an_older_link_of_an_open_invitation_can_ask_too() {
    let world = World::new().await;
    let carl = world.administrator().await;
    let invitation = carl.invites(GRACE).await.unwrap();
    world.delivers().await;
    let older = world.invitee(GRACE);
    carl.resends(invitation.id).await.unwrap();
    world.delivers().await;
    older.is_locked_out().await;
    older.asks_for_a_new_one().await;
    assert_eq!(asked(&world).await, [ADMINISTRATOR]);
    assert!(world.invitee(GRACE).registers().await.is_ok(), "the newer link still works");
}

#[tokio::test]
async fn an_inviter_who_is_disabled_before_the_request_is_mailed_gets_no_mail() {
    let world = World::new().await;
    let carl = world.administrator().await;
    carl.invites(GRACE).await.unwrap();
    world.delivers().await;
    world.passes("P7D");
    world.invitee(GRACE).asks_for_a_new_one().await;
    world.operator().await.disables(carl.account().id).await.unwrap();
    assert_eq!(renewal_letters(&world).await, 0);
}

#[tokio::test]
async fn a_link_that_nobody_has_ever_had_is_answered_like_a_dead_one() {
    let world = World::new().await;
    let (invitation, grace) = world.invited(GRACE).await;
    world.operator().await.revokes(invitation.id).await.unwrap();
    let unknown = TokenSecret::from_entropy(TokenKind::Invitation, [7; 32].into());
    for link in [&grace.link, &unknown] {
        let looked = world.visitor(link).looks().await;
        assert!(matches!(looked, Err(PreviewError::DeadLink)), "{looked:?}");
    }
    let dead = grace.registers().await.unwrap_err();
    let never = world.visitor(&unknown).registers().await.unwrap_err();
    assert_eq!((format!("{dead:?}"), dead.to_string()), (format!("{never:?}"), never.to_string()));
}
