//! An invitation for somebody who has an account.

use identity_core::{
    change::{AccountChange, Change, InvitationChange, LinkChange, OutboxChange, SessionChange, TermsChange},
    flow::invitation::{AcceptAccessError, AcceptError, InviteError, Way},
    model::{
        audit::{Action, Actor, Subject},
        invitation::InvitationState,
        outbox::{EmailContent, InvitationEmail, OutboxMessageState},
    },
    value::SubscriptionKey,
};

use crate::{
    actors::{ADMINISTRATOR, GRACE, OPERATOR, PASSWORD, Wanted, World, role},
    faults::survives_every_fault,
    visitors::{about, mails},
};

/// Grace is in, and Carl offers her more.
async fn offered() -> World {
    let world = World::new().await;
    world.hires(GRACE).await;
    world.administrator().await.invites(Wanted::new(GRACE).role("editor").subscription("news").note("More for you")).await.unwrap();
    world.delivers().await;
    world
}

#[tokio::test]
async fn who_has_an_account_is_offered_access_signs_in_and_agrees() {
    let world = offered().await;
    let mail = world.mails().pop().unwrap();
    let EmailContent::Invitation(InvitationEmail::AccessOffered { first_name, inviter, company, offered, note, .. }) =
        &mail.content
    else {
        panic!("{mail:?}")
    };
    assert_eq!((mail.to.as_str(), first_name.as_str(), inviter.as_str()), (GRACE, "Grace", "Grace Hopper"));
    assert_eq!((company.as_str(), note.as_ref().unwrap().as_str()), ("example.org", "More for you"));
    assert_eq!(offered.iter().map(ToString::to_string).collect::<Vec<_>>(), ["An entry", "An entry"]);
    let grace = world.invitee(GRACE);
    let page = grace.opens().await.unwrap();
    assert_eq!((page.way, page.roles, page.subscriptions.len()), (Way::SignIn, [role("editor")].into(), 1));

    let before = world.account(GRACE).await;
    let signed_in = world.signed_in(GRACE).await;
    let taken = grace.takes(&signed_in).await.unwrap();
    let account = world.account(GRACE).await;
    assert_eq!(account, taken.account, "the answer is what is kept");
    assert_eq!(account.roles, [role("editor")].into());
    assert_eq!(account.subscriptions, [SubscriptionKey::parse("news").unwrap()].into());
    assert_eq!((account.id, account.company, &account.email), (before.id, before.company, &before.email));
    assert!(world.logs_in(GRACE, PASSWORD).await.is_ok(), "the password is as it was");
    grace.is_locked_out().await;
    assert_eq!(world.posts().await, mails([(GRACE, "access granted")]));
    let EmailContent::Invitation(InvitationEmail::AccessGranted { inviter, granted, .. }) = world.mails().pop().unwrap().content
    else {
        panic!("a message")
    };
    assert_eq!((inviter.as_str(), granted.len()), ("Grace Hopper", 2));
}

#[tokio::test]
async fn what_is_granted_the_end_of_the_invitation_and_the_new_session_are_one_commit() {
    let world = offered().await;
    let (grace, signed_in) = (world.invitee(GRACE), world.signed_in(GRACE).await);
    world.operator().await.publishes_terms_with("Be kinder.", None, "P30D").await;
    let carl = world.account(ADMINISTRATOR).await.id;
    let before = world.history().len();
    let taken = grace.clone().agreeing_to(Some(2)).takes(&signed_in).await.unwrap();
    let history = world.history();
    assert_eq!(history.len(), before + 1);
    let changes = history.last().unwrap().changes();
    let has = |wanted: &dyn Fn(&Change) -> bool| assert!(changes.iter().any(wanted), "{changes:?}");
    has(&|change| matches!(change, Change::Invitation(InvitationChange::Advance(next)) if next.state == InvitationState::Accepted));
    has(&|change| matches!(change, Change::Link(LinkChange::Spend { id, .. }) if *id == grace.link.id()));
    has(&|change| matches!(change, Change::Account(AccountChange::Revise { by, .. }) if *by == Some(carl)));
    has(&|change| matches!(change, Change::Terms(TermsChange::Accept(terms)) if terms.number == 2));
    has(&|change| matches!(change, Change::Session(SessionChange::End(id)) if *id == signed_in.session.id));
    has(&|change| matches!(change, Change::Outbox(OutboxChange::Queue(_))));
    let event = world.recorded(Action::AccessGranted).pop().unwrap();
    let invitation = world.store().token_by_digest(&grace.link.digest()).await.unwrap().unwrap().subject;
    assert_eq!(event.actor, Actor::Account(taken.account.id));
    assert!(
        matches!((event.subject, invitation), (Subject::Invitation(one), identity_core::model::link::LinkPurpose::Invitation(other)) if one == other)
    );
}

/// `docs/security.md`, A-61.
#[tokio::test]
async fn the_session_gets_another_secret_and_lasts_no_longer_than_before() {
    let world = offered().await;
    let older = world.logs_in_to_stay(GRACE).await;
    let signed_in = world.whoami(&older.secret).await.unwrap();
    world.passes("PT5M");
    let taken = world.invitee(GRACE).takes(&signed_in).await.unwrap();
    assert!(world.session(&older.secret).await.is_none(), "the older secret still works");
    let renewed = world.whoami(&taken.secret).await.unwrap();
    assert_ne!(renewed.session.id, older.session.id);
    assert_eq!((renewed.session.expires_at, renewed.session.remembered), (older.session.expires_at, true));
    assert_eq!(renewed.account.roles, [role("editor")].into());
}

#[tokio::test]
async fn an_inviter_does_not_learn_from_any_answer_who_has_an_account() {
    let world = World::new().await;
    let ada = world.operator().await;
    let other = ada.opens_company("Other").await;
    world.hires(Wanted::new("olga@example.net").company(other.id)).await;
    let carl = world.administrator().await;
    let mut seen = Vec::new();
    for email in ["olga@example.net", "nobody@example.net"] {
        world.kit().faults.none();
        let invitation = carl.invites(Wanted::new(email).role("editor")).await.unwrap();
        let trace = world.kit().faults.trace();
        world.delivers().await;
        let summary = carl.sees(invitation.id).await.unwrap();
        let delivery = summary.delivery.unwrap();
        assert_eq!((delivery.state, delivery.attempts), (OutboxMessageState::Sent, 1));
        seen.push((trace, about(world.mails().last().unwrap()), summary.invitation.state, summary.invitation.account));
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn an_account_of_another_company_is_not_moved() {
    let world = World::new().await;
    let other = world.operator().await.opens_company("Other").await;
    world.hires(Wanted::new(GRACE).company(other.id)).await;
    for inviter in [world.operator().await, world.administrator().await] {
        inviter.invites(Wanted::new(GRACE).role("editor")).await.unwrap();
        world.delivers().await;
        let grace = world.invitee(GRACE);
        assert_eq!(grace.looks().await.unwrap().way, Way::Elsewhere);
        let refused = grace.takes(&world.signed_in(GRACE).await).await;
        assert!(matches!(refused, Err(AcceptAccessError::OtherCompany)), "{refused:?}");
        assert!(grace.declines().await.is_ok(), "which is all that can be done with it");
    }
    let account = world.account(GRACE).await;
    assert!(account.company == other.id && account.roles.is_empty());
    // An operator grants into the company that the person is in.
    let (_, grace) = world.invited(Wanted::new(GRACE).company(other.id).role("auditor")).await;
    assert!(grace.takes(&world.signed_in(GRACE).await).await.is_ok());
    assert_eq!(world.account(GRACE).await.roles, [role("auditor")].into());
}

#[tokio::test]
async fn only_the_account_of_the_invited_address_agrees() {
    let world = offered().await;
    world.hires("eve@example.org").await;
    let grace = world.invitee(GRACE);
    for other in ["eve@example.org", OPERATOR, ADMINISTRATOR] {
        let signed_in = world.signed_in(other).await;
        let refused = grace.takes(&signed_in).await;
        assert!(matches!(refused, Err(AcceptAccessError::WrongAccount)), "{refused:?}");
        assert_eq!(world.account(other).await.version, signed_in.account.version);
    }
    // Somebody who is not in yet has nothing to sign in with, and a person who holds that link has no account of its address.
    let (_, hedy) = world.invited("hedy@example.net").await;
    let refused = hedy.takes(&world.signed_in(GRACE).await).await;
    assert!(matches!(refused, Err(AcceptAccessError::WrongAccount)), "{refused:?}");
    hedy.is_welcome().await;
}

#[tokio::test]
async fn an_account_that_came_to_be_in_the_meantime_takes_the_same_link() {
    let world = World::new().await;
    world.administrator().await.invites(Wanted::new(GRACE).role("editor")).await.unwrap();
    world.delivers().await;
    let first = world.invitee(GRACE);
    assert_eq!(first.looks().await.unwrap().way, Way::Register);
    // Two companies' invitations are open at once; here the account comes by one of its own company.
    let other = world.operator().await.opens_company("Other").await;
    let (_, elsewhere) = world.invited(Wanted::new(GRACE).company(other.id)).await;
    elsewhere.registers().await.unwrap();
    assert_eq!(first.looks().await.unwrap().way, Way::Elsewhere);
    let refused = first.registers().await;
    assert!(matches!(refused, Err(AcceptError::AddressTaken)), "{refused:?}");
    let world = World::new().await;
    let (_, grace) = world.invited(GRACE).await;
    let (other, late) = (world.clone(), grace.clone());
    world.stage().just_before("commit", async move {
        late.registers().await.unwrap();
        other.operator().await.invites(Wanted::new(GRACE).role("editor")).await.unwrap();
    });
    let refused = grace.registers().await;
    assert!(matches!(refused, Err(AcceptError::AddressTaken | AcceptError::DeadLink)), "{refused:?}");
    world.delivers().await;
    assert!(world.invitee(GRACE).takes(&world.signed_in(GRACE).await).await.is_ok());
}

#[tokio::test]
async fn an_inviter_who_is_disabled_or_demoted_gives_nothing() {
    for demoted in [false, true] {
        for meanwhile in [false, true] {
            let world = offered().await;
            let (signed_in, other, ada) = (world.signed_in(GRACE).await, world.clone(), world.operator().await);
            let act = async move {
                if demoted {
                    other.strips(ADMINISTRATOR).await;
                } else {
                    let carl = other.account(ADMINISTRATOR).await.id;
                    ada.disables(carl).await.unwrap();
                }
            };
            if meanwhile {
                world.stage().just_before("commit", act);
            } else {
                act.await;
            };
            let refused = world.invitee(GRACE).takes(&signed_in).await;
            assert!(matches!(refused, Err(AcceptAccessError::DeadLink)), "{refused:?}");
            assert!(world.account(GRACE).await.roles.is_empty());
        }
    }
}

#[tokio::test]
async fn what_is_reserved_while_it_is_accepted_is_not_granted() {
    let world = offered().await;
    let (signed_in, ada) = (world.signed_in(GRACE).await, world.operator().await);
    world.stage().just_before("commit", async move { ada.reserves_role("editor").await });
    let refused = world.invitee(GRACE).takes(&signed_in).await;
    assert!(matches!(refused, Err(AcceptAccessError::DeadLink)), "{refused:?}");
    assert!(world.account(GRACE).await.roles.is_empty());
}

#[tokio::test]
async fn who_is_disabled_or_has_something_to_do_first_gets_nothing() {
    for disabled in [false, true] {
        let world = offered().await;
        let (signed_in, ada, id) = (world.signed_in(GRACE).await, world.operator().await, world.account(GRACE).await.id);
        if disabled { ada.disables(id).await.map(drop) } else { ada.requires_a_new_password(id).await.map(drop) }.unwrap();
        let refused = world.invitee(GRACE).takes(&signed_in).await;
        assert!(matches!(refused, Err(AcceptAccessError::Conflict)), "{refused:?}");
        assert!(world.account(GRACE).await.roles.is_empty());
    }
}

#[tokio::test]
async fn who_is_disabled_is_enabled_and_not_invited() {
    let world = World::met_with_invited_grace().await;
    let ada = world.met_operator();
    ada.disables(world.carl()).await.unwrap();
    let carl = world.account(ADMINISTRATOR).await;
    let refused = ada.invites(Wanted::new(ADMINISTRATOR).company(carl.company)).await;
    assert!(matches!(refused, Err(InviteError::AccountDisabled)), "{refused:?}");
    let company = ada.opens_company("Globex").await.id;
    ada.invites(Wanted::new(ADMINISTRATOR).company(company)).await.expect("another company learns nothing of the account");
    ada.enables(carl.id).await.unwrap();
    ada.invites(Wanted::new(ADMINISTRATOR).company(carl.company)).await.unwrap();
}

#[tokio::test]
async fn somebody_who_was_disabled_is_offered_nothing() {
    let world = World::new().await;
    let id = world.hires(GRACE).await.id;
    world.administrator().await.invites(GRACE).await.unwrap();
    world.operator().await.disables(id).await.unwrap();
    assert!(world.posts().await.is_empty());
}

#[tokio::test]
async fn the_terms_in_force_are_agreed_to_where_they_are_newer_than_what_was_accepted() {
    let world = offered().await;
    let (grace, signed_in) = (world.invitee(GRACE), world.signed_in(GRACE).await);
    world.operator().await.publishes_terms_with("Be kinder.", None, "P30D").await;
    for agreed in [None, Some(1), Some(3)] {
        let refused = grace.clone().agreeing_to(agreed).takes(&signed_in).await;
        assert!(matches!(refused, Err(AcceptAccessError::Terms)), "{refused:?}");
    }
    grace.agreeing_to(Some(2)).takes(&signed_in).await.unwrap();
    let accepted = world.store().newest_acceptance(signed_in.account.id).await.unwrap().unwrap();
    assert_eq!(accepted.number, 2);
    // Accepted already, they are not asked for.
    let world = offered().await;
    assert!(world.invitee(GRACE).agreeing_to(None).takes(&world.signed_in(GRACE).await).await.is_ok());
}

#[tokio::test]
async fn of_sixty_four_who_accept_at_once_one_wins() {
    let world = offered().await;
    let mut racers = Vec::new();
    for _ in 0..64 {
        racers.push((world.invitee(GRACE), world.signed_in(GRACE).await));
    }
    world.stage().gather("commit", 64);
    let racing = racers.into_iter().map(|(grace, signed_in)| tokio::spawn(async move { grace.takes(&signed_in).await }));
    let mut won = 0;
    for racer in racing.collect::<Vec<_>>() {
        match racer.await.unwrap() {
            Ok(_) => won += 1,
            Err(AcceptAccessError::DeadLink) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!((won, world.recorded(Action::AccessGranted).len()), (1, 1));
}

#[tokio::test]
async fn an_administrator_who_sends_his_own_invitation_again_can_accept_it() {
    let world = World::new().await;
    let invitation = world.operator().await.invites(Wanted::new(ADMINISTRATOR).role("editor")).await.unwrap();
    world.administrator().await.resends(invitation.id).await.unwrap();
    world.delivers().await;
    let carl = world.signed_in(ADMINISTRATOR).await;
    let taken = world.invitee(ADMINISTRATOR).takes(&carl).await.unwrap();
    assert_eq!(taken.account.roles, [role("company_administrator"), role("editor")].into());
}

#[tokio::test]
async fn declining_needs_no_session_and_changes_nothing_of_the_account() {
    let world = offered().await;
    let before = world.account(GRACE).await;
    world.invitee(GRACE).declines().await.unwrap();
    assert_eq!(world.account(GRACE).await, before);
    world.invitee(GRACE).is_locked_out().await;
}

#[tokio::test]
async fn accepting_access_survives_every_fault() {
    let prepare = async || {
        let world = offered().await;
        world.keeps(world.link_to(GRACE));
        world.keeps_signed_in(world.signed_in(GRACE).await);
        world
    };
    let flow = async |world: &World| Ok(world.visitor(&world.kept()).takes(&world.kept_user()).await.map(drop)?);
    survives_every_fault(prepare, flow, async |world| {
        assert_eq!(world.account(GRACE).await.roles, [role("editor")].into());
        world.invitee(GRACE).is_locked_out().await;
        assert_eq!(world.posts().await, mails([(GRACE, "access granted")]));
    })
    .await;
}
