//! Where an operator lets each person in.

use identity_core::{
    change::{AccountChange, Change, TermsChange},
    flow::{
        registration::{CompleteCommand, Completed, DecisionError},
        session::LogInError,
    },
    model::{
        audit::{Action, Actor, By, Subject},
        registration::{Registration, RegistrationState},
        terms::text_hash,
    },
    value::{CompanyName, PersonName, TimeZone},
};

use crate::{
    actors::{ADMINISTRATOR, GRACE, OPERATOR, PASSWORD, Wanted, World},
    visitors::{completion, mails},
};

const HEDY: &str = "hedy@example.net";

async fn world() -> World {
    World::new().await.under(|settings| settings.registration.approval = true)
}

/// Somebody signed up, completed, and waits; the operators were told.
async fn applied(world: &World, email: &str) -> Registration {
    let (flow, mail) = world.signed_up(email).await;
    let completed = world.completes(&mail.link.unwrap()).await.unwrap();
    assert!(matches!(completed, Completed::AwaitingApproval), "{completed:?}");
    world.posts().await;
    world.registration_of(&flow).await
}

#[tokio::test]
async fn a_person_who_completed_waits_and_every_operator_is_told() {
    let world = world().await;
    world.hires(Wanted::new("olga@example.org").role("operator")).await;
    let off = world.hires(Wanted::new("off@example.org").role("operator")).await;
    let (flow, mail) = world.signed_up(HEDY).await;
    let link = mail.link.unwrap();
    assert!(world.looks_at_registration(&link).await.unwrap().approval);
    let before = world.accounts_opened();
    let command = CompleteCommand { last_name: PersonName::parse("Lamarr").ok(), ..completion(&link) };
    assert!(matches!(world.completes_as(command).await.unwrap(), Completed::AwaitingApproval));
    assert_eq!(world.accounts_opened(), before);
    assert!(world.guesses(HEDY, PASSWORD).await.is_err());
    world.activates_nothing(&link).await;
    assert!(world.types(&flow, &mail.code.unwrap()).await.is_err());

    // Somebody who is no operator any more when the mail is written learns nothing.
    world.operator().await.disables(off.id).await.unwrap();
    let mut posted = world.posts().await;
    posted.sort();
    assert_eq!(posted, mails([(OPERATOR, "registration waits"), ("olga@example.org", "registration waits")]));
    let waiting = world.operator().await.sees_waiting().await;
    assert_eq!(waiting.len(), 1);
    assert_eq!((waiting[0].full_name().as_str(), waiting[0].state), ("Grace Lamarr", RegistrationState::AwaitingApproval));
    assert_eq!(world.recorded(Action::RegistrationCompleted).len(), 1);
    assert!(!world.posts().await.iter().any(|(to, _)| to == ADMINISTRATOR), "no company administrator is asked");
}

#[tokio::test]
async fn with_the_right_password_and_no_other_a_login_says_that_it_waits_for_approval() {
    let world = world().await;
    applied(&world, HEDY).await;
    assert!(matches!(world.logs_in(HEDY, PASSWORD).await, Err(LogInError::AwaitingApproval)));
    assert!(matches!(world.logs_in(HEDY, "wr0ng Horse-battery").await, Err(LogInError::Refused)));
    assert!(matches!(world.logs_in("nobody@example.org", PASSWORD).await, Err(LogInError::Refused)));
    assert_eq!((world.sessions_started(), world.recorded(Action::LoginFailed).len()), (0, 3));
    // The right password is no guess: it counts against nobody.
    for _ in 0..20 {
        assert!(matches!(world.logs_in(HEDY, PASSWORD).await, Err(LogInError::AwaitingApproval)));
    }
    world.passes("P31D");
    assert!(matches!(world.logs_in(HEDY, PASSWORD).await, Err(LogInError::Refused)), "it has lapsed");
}

#[tokio::test]
async fn a_person_who_is_let_in_is_told_and_signs_in_with_the_password_of_the_application() {
    let world = world().await;
    let waiting = applied(&world, HEDY).await;
    let submitted = world.now();
    world.passes("P2D");
    let account = world.operator().await.approves(waiting.id).await.unwrap();
    assert_eq!(account, world.account(HEDY).await);
    assert!(account.is_company_administrator() && !account.is_operator());
    let granted = world.changes().into_iter().find_map(|change| match change {
        Change::Account(AccountChange::Open { account: opened, granted_by, .. }) if opened.id == account.id => Some(granted_by),
        _ => None,
    });
    assert_eq!(granted, Some(Some(world.account(OPERATOR).await.id)), "the operator who let the person in answers for the role");
    assert_eq!(world.store().company(account.company).await.unwrap().unwrap().name.as_str(), "Navy");
    assert_eq!(world.posts().await, mails([(HEDY, "registration approved")]));
    assert!(world.guesses(HEDY, PASSWORD).await.is_ok());
    let agreed = world.changes().into_iter().find_map(|change| match change {
        Change::Terms(TermsChange::Accept(acceptance)) if acceptance.account == account.id => Some(acceptance),
        _ => None,
    });
    let agreed = agreed.expect("the acceptance of the terms is kept");
    assert_eq!((agreed.number, agreed.text_hash, agreed.accepted_at), (1, text_hash("Be kind."), submitted));
    let kept = world.store().registration(waiting.id).await.unwrap().unwrap();
    assert_eq!((kept.state, kept.account, kept.application), (RegistrationState::Completed, Some(account.id), None));
    let event = world.recorded(Action::RegistrationApproved).pop().unwrap();
    let ada = world.account(OPERATOR).await.id;
    assert_eq!((event.actor, event.subject), (Actor::Account(ada), Subject::Registration(waiting.id)));
    assert!(world.operator().await.sees_waiting().await.is_empty());
}

#[tokio::test]
async fn the_time_zone_of_the_browser_outlives_the_wait() {
    let world = world().await;
    let (flow, mail) = world.signed_up(HEDY).await;
    let zone = TimeZone::parse("America/Lima").unwrap();
    let command = CompleteCommand { time_zone: Some(zone.clone()), ..completion(&mail.link.unwrap()) };
    world.completes_as(command).await.unwrap();
    let waiting = world.registration_of(&flow).await;
    let account = world.operator().await.approves(waiting.id).await.unwrap();
    assert_eq!(account.preferences.time_zone, zone);
}

#[tokio::test]
async fn that_an_account_was_opened_is_told_to_its_person_and_not_to_the_operator_who_let_them_in() {
    let world = world().await;
    let waiting = applied(&world, HEDY).await;
    let opened = async |email: &str| {
        let signed_in = world.signed_in(email).await;
        let events = world.flows().own_events.run(&signed_in, None, 200).await.unwrap().items;
        events.into_iter().filter(|event| event.action == Action::UserCreated).map(|event| event.by).collect::<Vec<_>>()
    };
    let before = opened(OPERATOR).await;
    world.operator().await.approves(waiting.id).await.unwrap();
    assert_eq!(opened(OPERATOR).await, before);
    assert_eq!(opened(HEDY).await, [By::Administrator]);
}

#[tokio::test]
async fn a_person_who_is_not_let_in_is_told_and_nothing_of_the_application_is_kept() {
    let world = world().await;
    let waiting = applied(&world, HEDY).await;
    let before = world.accounts_opened();
    let rejected = world.operator().await.rejects(waiting.id).await.unwrap();
    assert_eq!((rejected.state, &rejected.application), (RegistrationState::Rejected, &None));
    assert_eq!(world.store().registration(waiting.id).await.unwrap().unwrap(), rejected);
    assert_eq!(world.posts().await, mails([(HEDY, "registration rejected")]));
    assert_eq!(world.accounts_opened(), before);
    assert!(world.guesses(HEDY, PASSWORD).await.is_err());
    assert_eq!(world.recorded(Action::RegistrationRejected).len(), 1);
    // Signing up again is allowed, and waits again.
    world.passes("PT1H");
    applied(&world, HEDY).await;
}

#[tokio::test]
async fn what_was_decided_stays_decided() {
    let world = world().await;
    let ada = world.operator().await;
    let (in_, out) = (applied(&world, HEDY).await, applied(&world, GRACE).await);
    ada.approves(in_.id).await.unwrap();
    ada.rejects(out.id).await.unwrap();
    for id in [in_.id, out.id] {
        let refused = ada.approves(id).await;
        assert!(matches!(refused, Err(DecisionError::Over(_))), "{refused:?}");
        let refused = ada.rejects(id).await;
        assert!(matches!(refused, Err(DecisionError::Over(_))), "{refused:?}");
    }
    assert!(world.find_account(GRACE).await.is_none());
}

#[tokio::test]
async fn somebody_who_only_signed_up_cannot_be_decided_on() {
    let world = world().await;
    let (flow, _) = world.signed_up(HEDY).await;
    let id = world.registration_of(&flow).await.id;
    let ada = world.operator().await;
    assert!(matches!(ada.approves(id).await, Err(DecisionError::Over(_))));
    assert!(matches!(ada.rejects(id).await, Err(DecisionError::Over(_))));
    assert!(ada.sees_waiting().await.is_empty());
}

#[tokio::test]
async fn of_two_operators_who_decide_at_once_one_decides() {
    let world = world().await;
    world.hires(Wanted::new("olga@example.org").role("operator")).await;
    let waiting = applied(&world, HEDY).await;
    let (ada, olga) = (world.operator().await, world.acting("olga@example.org").await);
    let id = waiting.id;
    world.stage().just_before("commit", async move {
        olga.rejects(id).await.unwrap();
    });
    let refused = ada.approves(id).await;
    assert!(matches!(refused, Err(DecisionError::Conflict)), "{refused:?}");
    assert!(world.find_account(HEDY).await.is_none());
    assert_eq!(world.posts().await, mails([(HEDY, "registration rejected")]));
}

#[tokio::test]
async fn an_operator_who_was_demoted_a_moment_ago_lets_nobody_in() {
    let world = world().await;
    world.hires(Wanted::new("olga@example.org").role("operator")).await;
    let waiting = applied(&world, HEDY).await;
    let olga = world.acting("olga@example.org").await;
    world.strips("olga@example.org").await;
    let refused = olga.approves(waiting.id).await;
    assert!(matches!(refused, Err(DecisionError::Conflict)), "{refused:?}");
    assert!(world.find_account(HEDY).await.is_none());
}

#[tokio::test]
async fn an_address_that_got_an_account_while_it_waited_gets_no_second() {
    let world = world().await;
    let waiting = applied(&world, GRACE).await;
    let invited = world.hires(GRACE).await;
    let refused = world.operator().await.approves(waiting.id).await;
    assert!(matches!(refused, Err(DecisionError::AddressTaken)), "{refused:?}");
    assert_eq!(world.account(GRACE).await, invited);
    assert!(world.operator().await.rejects(waiting.id).await.is_ok(), "it can still be taken off the list");
}

#[tokio::test]
async fn of_two_who_wait_with_one_address_one_gets_in() {
    let world = world().await;
    let (first, second) = (applied(&world, HEDY).await, applied(&world, HEDY).await);
    let ada = world.operator().await;
    ada.approves(second.id).await.unwrap();
    let refused = ada.approves(first.id).await;
    assert!(matches!(refused, Err(DecisionError::AddressTaken)), "{refused:?}");
}

#[tokio::test]
async fn a_person_who_has_waited_longest_comes_first() {
    let world = world().await;
    let mut emails = Vec::new();
    for email in ["c@example.net", "a@example.net", "b@example.net"] {
        emails.push(applied(&world, email).await.email);
        world.passes("PT1S");
    }
    let listed = world.operator().await.sees_waiting().await;
    assert_eq!(listed.into_iter().map(|waiting| waiting.email).collect::<Vec<_>>(), emails);
}

#[tokio::test]
async fn nobody_waits_for_ever() {
    let world = world().await;
    let waiting = applied(&world, HEDY).await;
    world.it_is_just_before(waiting.expires_at);
    assert_eq!(world.operator().await.sees_waiting().await.len(), 1);
    world.it_is(waiting.expires_at);
    let late = world.operator().await.approves(waiting.id).await;
    assert!(matches!(late, Err(DecisionError::NotFound)), "approved after it had lapsed: {late:?}");
    world.passes("P1DT1S");
    world.flows().sweep_lapsed.run().await.unwrap();
    assert!(world.store().registration(waiting.id).await.unwrap().is_none());
    assert!(matches!(world.operator().await.approves(waiting.id).await, Err(DecisionError::NotFound)));
}

#[tokio::test]
async fn two_companies_of_one_name_stay_two_however_people_get_in() {
    let world = world().await;
    let mut companies = std::collections::BTreeSet::new();
    for email in [HEDY, GRACE] {
        let (flow, mail) = world.signed_up(email).await;
        let command = CompleteCommand { company_name: CompanyName::parse("Navy").ok(), ..completion(&mail.link.unwrap()) };
        world.completes_as(command).await.unwrap();
        let id = world.registration_of(&flow).await.id;
        companies.insert(world.operator().await.approves(id).await.unwrap().company);
    }
    assert_eq!(companies.len(), 2);
}
