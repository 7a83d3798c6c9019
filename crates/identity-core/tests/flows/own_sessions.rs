//! One's own sessions, the password said again, and the events that one is shown.

use identity_core::{
    change::{AccountChange, Change, ChangeSet},
    flow::{
        Fault,
        session::{ManageSessionsError, ReauthenticateError},
    },
    model::{
        access::Administrator,
        account::RequiredAction,
        audit::{Action, By},
        session::{Client, CurrentUser},
    },
    port::IdSource,
};

use crate::{
    actors::{GRACE, OPERATOR, PASSWORD, World},
    visitors::{WRONG, at, candidate},
};

async fn with_grace() -> World {
    let world = World::new().await;
    world.hires(GRACE).await;
    world.passes("PT1M");
    world
}

#[tokio::test]
async fn live_sessions_are_listed_the_one_that_asks_first() {
    let world = with_grace().await;
    let (desk, _) = world.sits_down(GRACE).await;
    world.passes("PT20M");
    let (phone, _) = world.sits_down(GRACE).await;
    world.sits_down(OPERATOR).await;
    let listed = async |signed_in| {
        let sessions = world.flows().sessions.list(signed_in).await.unwrap();
        sessions.into_iter().map(|session| session.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(&desk).await, [desk.session.id, phone.session.id]);
    assert_eq!(listed(&phone).await, [phone.session.id, desk.session.id]);
    // Left unused for too long, it is over though its end has not come.
    world.passes("PT15M");
    assert_eq!(listed(&phone).await, [phone.session.id]);
}

#[tokio::test]
async fn ending_others_asks_for_the_password_of_a_moment_ago() {
    let world = with_grace().await;
    let (flows, nobody) = (world.flows(), Client::default());
    let (desk, at_desk) = world.sits_down(GRACE).await;
    let (_, on_phone) = world.sits_down(GRACE).await;
    let (operator, at_operators) = world.sits_down(OPERATOR).await;
    world.passes("PT5M");
    let desk = world.whoami(&at_desk).await.unwrap_or(desk);
    let phone = world.whoami(&on_phone).await.unwrap();
    assert!(matches!(flows.sessions.end(&desk, phone.session.id, &nobody).await, Err(ManageSessionsError::NotProved)));
    assert!(matches!(flows.sessions.end_others(&desk, &nobody).await, Err(ManageSessionsError::NotProved)));
    assert!(world.session(&on_phone).await.is_some());

    flows.reauthenticate.keep(&desk, &candidate(PASSWORD), &nobody).await.unwrap();
    let desk = world.whoami(&at_desk).await.unwrap();
    let others = operator.session.id;
    assert!(matches!(flows.sessions.end(&desk, others, &nobody).await, Err(ManageSessionsError::NotFound)), "not one's own");
    flows.sessions.end(&desk, phone.session.id, &nobody).await.unwrap();
    assert!(world.session(&on_phone).await.is_none());
    assert!(matches!(flows.sessions.end(&desk, phone.session.id, &nobody).await, Err(ManageSessionsError::NotFound)));
    let (_, on_tablet) = world.sits_down(GRACE).await;
    flows.sessions.end_others(&desk, &nobody).await.unwrap();
    assert!(world.session(&on_tablet).await.is_none());
    assert!(world.session(&at_desk).await.is_some() && world.session(&at_operators).await.is_some());
    assert_eq!((world.recorded(Action::SessionEnded).len(), world.recorded(Action::SessionsEnded).len()), (1, 1));
}

#[tokio::test]
async fn a_login_proves_and_ones_own_session_ends_without_proof() {
    let world = with_grace().await;
    let (desk, secret) = world.sits_down(GRACE).await;
    world.flows().sessions.end_others(&desk, &Client::default()).await.unwrap();
    world.passes("PT10M");
    let desk = world.whoami(&secret).await.unwrap();
    world.flows().sessions.end(&desk, desk.session.id, &Client::default()).await.unwrap();
    assert!(world.session(&secret).await.is_none());
}

#[tokio::test]
async fn a_renewed_session_goes_on_under_another_secret_alone() {
    let world = with_grace().await;
    let (desk, secret) = world.sits_down(GRACE).await;
    world.passes("PT10M");
    let renewed = world.flows().reauthenticate.renew(&desk, &candidate(PASSWORD), &Client::default()).await.unwrap();
    assert!(world.session(&secret).await.is_none(), "the older secret still opens the session");
    let found = world.whoami(&renewed).await.unwrap();
    assert_eq!((found.session.id, found.session.proved_at), (desk.session.id, world.now()));
    let again = world.flows().reauthenticate.keep(&desk, &candidate(PASSWORD), &Client::default()).await;
    assert!(matches!(again, Err(ReauthenticateError::Conflict)), "it was read under the older secret");
}

#[tokio::test]
async fn wrong_passwords_are_counted_and_recorded_before_they_prove_anything() {
    let world = with_grace().await;
    let (desk, _) = world.sits_down(GRACE).await;
    let say = async |text| world.flows().reauthenticate.keep(&desk, &candidate(text), &at("192.0.2.9")).await;
    for _ in 0..5 {
        assert!(matches!(say(WRONG).await, Err(ReauthenticateError::WrongPassword)));
    }
    assert!(matches!(say(PASSWORD).await, Err(ReauthenticateError::Fault(Fault::RateLimited { .. }))));
    assert_eq!(world.recorded(Action::LoginFailed).len(), 5);
    assert!(world.recorded(Action::Reauthenticated).is_empty());
}

#[tokio::test]
async fn one_sees_the_events_of_ones_own_account_and_of_no_other() {
    let world = with_grace().await;
    let (grace, _) = world.sits_down(GRACE).await;
    assert!(world.guesses(GRACE, WRONG).await.is_err());
    assert!(world.guesses(OPERATOR, WRONG).await.is_err());
    world.operator().await.ends_sessions(grace.account.id).await.unwrap();
    world.has_forgotten(GRACE).await;
    let found = world.flows().own_events.run(&grace, None, 200).await.unwrap();
    let seen = found.items.iter().map(|event| (event.action, event.by)).collect::<Vec<_>>();
    for expected in [
        (Action::LoginSucceeded, By::Oneself),
        (Action::LoginFailed, By::Somebody),
        (Action::SessionsEnded, By::Administrator),
        (Action::RecoveryMailed, By::System),
    ] {
        assert_eq!(seen.iter().filter(|event| **event == expected).count(), 1, "{expected:?} in {seen:?}");
    }
    let first = world.flows().own_events.run(&grace, None, 1).await.unwrap();
    let second = world.flows().own_events.run(&grace, first.next, 1).await.unwrap();
    assert_eq!([first.items, second.items].concat(), found.items[..2]);
}

/// A host that only checks sessions lets nobody past a temporary password, overdue terms or a required change.
#[tokio::test]
async fn a_person_who_has_something_to_do_first_is_nobody_to_a_host() {
    let world = World::new().await;
    let operator = world.logs_in(OPERATOR, PASSWORD).await.unwrap().secret;
    let user = world.whoami(&operator).await.expect("nothing is to do");
    assert!(Administrator::of(&user).is_some());
    let account = world.account(OPERATOR).await.with_terms_required();
    let revised = Change::Account(AccountChange::Revise { account, by: None });
    let ids = IdSource::new(world.now(), world.kit().ports.entropy.as_ref());
    world.store().commit(&ChangeSet::new(ids.id().unwrap(), world.now(), vec![revised]).unwrap()).await.unwrap();
    assert_eq!(world.whoami(&operator).await, None, "the session is there, and opens nothing");
    let signed_in = world.session(&operator).await.expect("it leads to what is to do");
    let pending = CurrentUser::of(signed_in, &world.kit().settings).unwrap_err();
    assert_eq!(pending.first, RequiredAction::AcceptTerms);
}
