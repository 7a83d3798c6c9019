//! Asking for a new invitation.

use identity_core::{
    flow::invitation::PreviewError,
    model::outbox::{EmailContent, InvitationEmail},
    port::InvitationFilter,
    value::{SignedDuration, TokenKind, TokenSecret},
};

use crate::actors::{ADMINISTRATOR, GRACE, OPERATOR, PASSWORD, Wanted, World, seconds};

async fn renewal_mails(world: &World) -> usize {
    let mut mails = Vec::new();
    loop {
        let round = world.delivers().await;
        if round.is_empty() {
            break;
        }
        mails.extend(round);
    }
    mails.iter().filter(|mail| matches!(mail.content, EmailContent::Invitation(InvitationEmail::RenewalRequested { .. }))).count()
}

#[tokio::test]
async fn a_person_who_answers_for_an_expired_invitation_is_asked_for_a_new_one_once_a_day() {
    let world = World::new().await;
    world.administrator().await.invites(GRACE).await.unwrap();
    world.delivers().await;
    let grace = world.invitee(GRACE);
    world.passes("P7D");
    for _ in 0..5 {
        grace.asks_for_a_new_one().await;
    }
    let mails = world.delivers().await;
    assert_eq!(mails.len(), 1);
    let EmailContent::Invitation(InvitationEmail::RenewalRequested { invitee, company }) = &mails[0].content else {
        panic!("{mails:?}")
    };
    assert_eq!((mails[0].to.as_str(), invitee.as_str(), company.as_str()), (ADMINISTRATOR, GRACE, "example.org"));

    world.it_is(world.now() + seconds("P1D") - SignedDuration::from_secs(1));
    grace.asks_for_a_new_one().await;
    assert_eq!(renewal_mails(&world).await, 0);
    world.passes("PT1S");
    grace.asks_for_a_new_one().await;
    assert_eq!(renewal_mails(&world).await, 1);
}

#[tokio::test]
async fn two_requests_at_once_make_one_mail() {
    let world = World::new().await;
    let (_, grace) = world.invited(GRACE).await;
    world.passes("P7D");
    let other = grace.clone();
    world.stage().just_before("commit", async move { other.asks_for_a_new_one().await });
    grace.asks_for_a_new_one().await;
    assert_eq!(renewal_mails(&world).await, 1);
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
    assert_eq!(renewal_mails(&world).await, 0);
}

#[tokio::test]
async fn nobody_is_asked_for_a_superseded_invitation_whose_successor_was_accepted() {
    let world = World::new().await;
    let (_, older) = world.invited(GRACE).await;
    let (_, newer) = world.invited(GRACE).await;
    newer.registers().await.unwrap();
    older.asks_for_a_new_one().await;
    assert_eq!(renewal_mails(&world).await, 0, "the account is there");
}

/// Who was asked, after the outbox was worked off.
async fn asked(world: &World) -> Vec<String> {
    let mails = world.delivers().await;
    mails
        .into_iter()
        .filter(|mail| matches!(mail.content, EmailContent::Invitation(InvitationEmail::RenewalRequested { .. })))
        .map(|mail| mail.to.as_str().to_owned())
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
    assert_eq!(asked(&world).await, ["erik@elsewhere.example"], "a person who administers the company comes first");
    ada.disables(world.account("erik@elsewhere.example").await.id).await.unwrap();
    world.passes("P1D");
    grace.asks_for_a_new_one().await;
    assert_eq!(asked(&world).await, [OPERATOR]);
}

#[tokio::test]
async fn a_person_who_holds_an_older_link_of_an_open_invitation_can_ask_too() {
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
    assert_eq!(renewal_mails(&world).await, 0);
}

#[tokio::test]
async fn a_link_that_nobody_has_ever_had_is_answered_like_a_dead_one() {
    let world = World::new().await;
    let (invitation, grace) = world.invited(GRACE).await;
    world.operator().await.revokes(invitation.id).await.unwrap();
    let unknown = TokenSecret::from_entropy(TokenKind::Invitation, [7; 32].into());
    for link in [&grace.link, &unknown] {
        let looked = world.visitor(link).looks().await;
        assert!(matches!(looked, Err(PreviewError::DeadLink(_))), "{looked:?}");
    }
    let dead = grace.registers().await.unwrap_err();
    let never = world.visitor(&unknown).registers().await.unwrap_err();
    assert_eq!((format!("{dead:?}"), dead.to_string()), (format!("{never:?}"), never.to_string()));
}
