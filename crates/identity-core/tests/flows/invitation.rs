//! From an invitation to an account.

use std::collections::BTreeSet;

use identity_core::{
    change::{Change, LinkChange, TermsChange},
    flow::{
        invitation::{AcceptError, InviteError},
        submission::Refusal,
    },
    model::{
        audit::{Action, Actor, Subject},
        invitation::InvitationState,
        outbox::{EmailContent, InvitationEmail},
        password::RuleId,
        terms::text_hash,
    },
    value::SubscriptionKey,
};

use crate::actors::{ADMINISTRATOR, GRACE, OPERATOR, PASSWORD, Wanted, World, role};

#[tokio::test]
async fn the_whole_way_from_an_invitation_to_a_login() {
    let world = World::new().await;
    let carl = world.administrator().await;
    let wanted = Wanted::new(GRACE)
        .named("Gracie", "H.")
        .role("editor")
        .subscription("news")
        .language("ar")
        .lasting("P3D")
        .note("Welcome aboard!");
    let invitation = carl.invites(wanted).await.unwrap();

    let mail = world.delivers().await.pop().expect("a mail");
    assert_eq!((mail.to.as_str(), mail.language.as_str()), (GRACE, "ar"));
    let EmailContent::Invitation(InvitationEmail::Invited {
        first_name, inviter, inviter_address, company, note, expires_at, ..
    }) = &mail.content
    else {
        panic!("{mail:?}")
    };
    assert_eq!(first_name.as_ref().unwrap().as_str(), "Gracie");
    assert_eq!((inviter.as_str(), inviter_address.as_str()), ("Grace Hopper", ADMINISTRATOR));
    assert_eq!((company.as_str(), note.as_ref().unwrap().as_str()), ("example.org", "Welcome aboard!"));

    let grace = world.invitee(GRACE).named("Grace", "Murray Hopper");
    let page = grace.looks().await.unwrap();
    assert_eq!(page.email.unwrap().as_str(), GRACE);
    assert_eq!((page.first_name.unwrap().as_str(), page.last_name.unwrap().as_str()), ("Gracie", "H."));
    assert_eq!((page.inviter.as_deref(), page.language.as_str()), (Some("Grace Hopper"), "ar"));
    assert_eq!((page.expires_at, page.terms.number), (*expires_at, 1));

    let account = grace.registers_with(PASSWORD).await.unwrap();
    assert_eq!(account, world.account(GRACE).await, "the answer is what is kept");
    assert_eq!(account.full_name(), "Grace Murray Hopper", "the names are the invitee's to correct");
    assert_eq!(account.roles, BTreeSet::from([role("editor")]));
    assert_eq!(account.subscriptions, BTreeSet::from([SubscriptionKey::parse("news").unwrap()]));
    assert_eq!(account.company, carl.account().company);
    let kept = world.invitation(invitation.id).await;
    assert_eq!((kept.state, kept.account), (InvitationState::Accepted, Some(account.id)));

    let signed_in = world.logs_in("GRACE@example.org", PASSWORD).await.unwrap();
    assert_eq!(world.whoami(&signed_in.secret).await.unwrap().account.id, account.id);
}

#[tokio::test]
async fn the_account_the_end_of_the_invitation_and_the_acceptance_of_the_terms_are_one_commit() {
    let world = World::new().await;
    let (invitation, grace) = world.invited(GRACE).await;
    let before = world.history().len();
    let account = grace.registers().await.unwrap();
    let history = world.history();
    assert_eq!(history.len(), before + 1);
    let changes = history.last().unwrap().changes();
    let agreed = changes.iter().find_map(|change| match change {
        Change::Terms(TermsChange::Accept(acceptance)) => Some(acceptance.clone()),
        _ => None,
    });
    let agreed = agreed.expect("the acceptance of the terms is kept");
    assert_eq!((agreed.account, agreed.number, agreed.language.as_str()), (account.id, 1, "en"));
    assert_eq!((agreed.text_hash, agreed.accepted_at), (text_hash("Be kind."), world.now()));
    let spends = |change: &Change| matches!(change, Change::Link(LinkChange::Spend { id, .. }) if *id == grace.link.id());
    assert!(changes.iter().any(spends));
    let event = world.recorded(Action::UserCreated).pop().unwrap();
    assert_eq!((event.actor, event.subject), (Actor::Account(account.id), Subject::Invitation(invitation.id)));
}

#[tokio::test]
async fn an_address_in_the_form_is_ignored_where_the_invitation_names_one() {
    let world = World::new().await;
    let (_, grace) = world.invited(GRACE).await;
    let account = grace.from("eve@example.net").registers().await.unwrap();
    assert_eq!(account.email.as_str(), GRACE);
    assert!(world.find_account("eve@example.net").await.is_none());
}

#[tokio::test]
async fn a_company_in_the_form_is_ignored_where_the_invitation_names_one() {
    let world = World::new().await;
    let (_, grace) = world.invited(GRACE).await;
    let account = grace.company("Mine").registers().await.unwrap();
    assert_eq!(account.company, world.account(OPERATOR).await.company);
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_submission_comes_at_once_and_the_link_survives_it() {
    let world = World::new().await;
    let (_, grace) = world.invited(GRACE).await;
    let before = world.history().len();
    let refused = grace.clone().confirming("something else").agreeing_to(None).registers_with("grace").await;
    let Err(AcceptError::Refused(refusal)) = refused else { panic!("{refused:?}") };
    let password = vec![RuleId::MinLength, RuleId::Uppercase, RuleId::Digit, RuleId::Special, RuleId::NotPersonal];
    assert_eq!(refusal, Refusal { password, confirmation: true, terms: true, ..Refusal::default() });
    assert_eq!(world.history().len(), before);
    assert!(grace.registers().await.is_ok());
}

#[tokio::test]
async fn only_the_terms_in_force_can_be_agreed_to() {
    let world = World::new().await;
    let (_, grace) = world.invited(GRACE).await;
    let shown = grace.looks().await.unwrap().terms.number;
    world.operator().await.publishes_terms("Be kinder.").await;
    for agreed in [None, Some(0), Some(shown), Some(3)] {
        let refused = grace.clone().agreeing_to(agreed).registers().await;
        let terms_only = Refusal { terms: true, ..Refusal::default() };
        assert!(matches!(&refused, Err(AcceptError::Refused(refusal)) if *refusal == terms_only), "{agreed:?}: {refused:?}");
    }
    assert!(grace.agreeing_to(Some(2)).registers().await.is_ok());
}

#[tokio::test]
async fn an_invitation_carries_the_installations_defaults_where_nothing_is_said() {
    let world = World::new().await;
    let invitation = world.operator().await.invites(GRACE).await.unwrap();
    assert_eq!((invitation.language.as_str(), invitation.lifetime.to_string().as_str()), ("en", "P7D"));
    assert_eq!(invitation.company, Some(world.account(OPERATOR).await.company));
}

#[tokio::test]
async fn what_cannot_be_invited_is_refused_with_its_reason() {
    let world = World::new().await;
    let ada = world.operator().await;
    let before = world.history().len();
    let refused = ada.invites(Wanted::new(GRACE).role("no-such-role").role("editor")).await;
    assert!(matches!(&refused, Err(InviteError::Roles(keys)) if *keys == [role("no-such-role")]), "{refused:?}");
    let refused = ada.invites(Wanted::new(GRACE).subscription("no-such-plan")).await;
    assert!(matches!(&refused, Err(InviteError::Subscriptions(keys)) if keys.len() == 1), "{refused:?}");
    let refused = ada.invites(Wanted::new(GRACE).language("fr")).await;
    assert!(matches!(refused, Err(InviteError::Language)), "{refused:?}");
    let refused = ada.invites(Wanted::new(GRACE).lasting("P31D")).await;
    assert!(matches!(refused, Err(InviteError::Lifetime(_))), "{refused:?}");
    assert_eq!(world.history().len(), before);
    assert!(ada.invites(Wanted::new(GRACE).lasting("P30D")).await.is_ok());
}

#[tokio::test]
async fn nobody_invites_themselves() {
    let world = World::new().await;
    let refused = world.operator().await.invites("Ada@EXAMPLE.org").await;
    assert!(matches!(refused, Err(InviteError::OwnAddress)), "{refused:?}");
}

#[tokio::test]
async fn two_administrators_who_invite_one_person_at_once_leave_one_pending_invitation() {
    let world = World::new().await;
    let (ada, carl) = (world.operator().await, world.administrator().await);
    world.stage().just_before("commit", async move {
        carl.invites(GRACE).await.unwrap();
    });
    let latest = ada.invites(GRACE).await.unwrap();
    let company = ada.account().company;
    assert_eq!(world.store().pending_invitation(company, GRACE).await.unwrap().unwrap().id, latest.id);
    assert_eq!(world.delivers().await.len(), 1, "the superseded invitation's mail is dropped");
    assert!(world.invitee(GRACE).registers().await.is_ok());
}

#[tokio::test]
async fn an_address_that_got_an_account_elsewhere_in_the_meantime_is_told_so_and_opens_no_second() {
    let world = World::new().await;
    let other = world.operator().await.opens_company("Other").await;
    let (_, here) = world.invited(GRACE).await;
    let (_, there) = world.invited(Wanted::new("GRACE@example.org").company(other.id)).await;
    there.registers().await.unwrap();
    let refused = here.registers().await;
    assert!(matches!(refused, Err(AcceptError::AddressTaken)), "{refused:?}");
    assert_eq!(world.account(GRACE).await.company, other.id);
}

#[tokio::test]
async fn of_two_invitations_of_one_address_accepted_at_once_one_opens_the_account() {
    let world = World::new().await;
    let other = world.operator().await.opens_company("Other").await;
    let (_, here) = world.invited(GRACE).await;
    let (_, there) = world.invited(Wanted::new("GRACE@example.org").company(other.id)).await;
    world.stage().just_before("commit", async move {
        there.registers().await.unwrap();
    });
    let refused = here.registers().await;
    assert!(matches!(refused, Err(AcceptError::AddressTaken)), "{refused:?}");
    assert_eq!(world.account(GRACE).await.company, other.id);
}
