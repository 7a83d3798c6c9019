//! Terms in versions: who is asked for a new one, and when.

use std::collections::BTreeMap;

use identity_core::{
    change::{Change, TermsChange},
    flow::{
        session::LogInError,
        terms::{AcceptTermsCommand, AcceptTermsError, PublishTermsCommand, PublishTermsError},
    },
    model::{
        account::RequiredAction,
        audit::{Action, Actor, Subject},
        session::{Client, SignedIn},
        terms::{TermsVersion, text_hash},
    },
    value::Language,
};

use crate::{
    actors::{GRACE, PASSWORD, World},
    faults::{Stopped, survives_every_fault},
};

async fn with_grace() -> World {
    let world = World::new().await;
    world.hires(GRACE).await;
    world
}

async fn accepts(world: &World, signed_in: &SignedIn, number: u32) -> Result<(), AcceptTermsError> {
    let command = AcceptTermsCommand { number, client: Client::new("192.0.2.7".parse().ok(), None) };
    world.flows().accept_terms.run(signed_in, &command).await
}

async fn required(world: &World) -> Vec<RequiredAction> {
    world.account(GRACE).await.required_actions.into_iter().collect()
}

#[tokio::test]
async fn a_new_version_is_asked_for_at_the_next_login_and_accepted_once() {
    let world = with_grace().await;
    let open = world.signed_in_first(GRACE).await;
    world.operator().await.publishes_terms("Be kinder.").await;
    assert!(required(&world).await.is_empty(), "a session that is open goes on");
    let before = world.history().len();
    let signed_in = world.signed_in_first(GRACE).await;
    assert_eq!(world.history().len(), before + 1, "the requirement is in the commit of the login");
    assert_eq!(required(&world).await, [RequiredAction::AcceptTerms]);
    assert_eq!(signed_in.account, world.account(GRACE).await, "the answer is what is kept");
    assert_eq!(world.signed_in_first(GRACE).await.account.version, signed_in.account.version, "it is asked for once");

    let standing = world.flows().accept_terms.standing(&open).await.unwrap();
    assert_eq!((standing.accepted.as_ref().unwrap().number, standing.waiting().unwrap().number), (1, 2));
    accepts(&world, &signed_in, 2).await.unwrap();
    assert!(required(&world).await.is_empty());
    let kept = world.store().newest_acceptance(signed_in.account.id).await.unwrap().unwrap();
    assert_eq!((kept.number, kept.text_hash, kept.language.as_str()), (2, text_hash("Be kinder."), "en"));
    let event = world.recorded(Action::TermsAccepted).pop().unwrap();
    assert_eq!((event.actor, event.subject), (Actor::Account(signed_in.account.id), Subject::Entry("2".to_owned())));
    assert!(
        world.session(&world.logs_in(GRACE, PASSWORD).await.unwrap().secret).await.unwrap().account.required_actions.is_empty()
    );
    let standing = world.flows().accept_terms.standing(&signed_in).await.unwrap();
    assert!(standing.waiting().is_none());

    let before = world.history().len();
    accepts(&world, &signed_in, 2).await.unwrap();
    assert_eq!(world.history().len(), before, "accepted, they stay accepted as they were");
}

#[tokio::test]
async fn within_the_time_of_grace_a_login_offers_the_new_version_and_after_it_demands_it_to_the_second() {
    let world = with_grace().await;
    let effective = world.now() + crate::actors::seconds("P1D");
    let version = world.operator().await.publishes_terms_with("Be kinder.", Some(effective), "P7D").await;
    let due = version.schedule().due_at();
    world.it_is_just_before(effective);
    assert!(world.logs_in(GRACE, PASSWORD).await.unwrap().offered_terms.is_none(), "it does not hold yet");
    for time in [effective, due] {
        world.it_is(time);
        if time == due {
            world.it_is_just_before(due);
        }
        let offered = world.logs_in(GRACE, PASSWORD).await.unwrap();
        assert_eq!(offered.offered_terms, Some(version.schedule()));
        assert!(offered.account.required_actions.is_empty());
    }
    world.it_is(due);
    let demanded = world.logs_in(GRACE, PASSWORD).await.unwrap();
    assert!(demanded.offered_terms.is_none() && demanded.account.required_actions.contains(&RequiredAction::AcceptTerms));
    let world = with_grace().await;
    world.operator().await.publishes_terms_with("Be kinder.", None, "P7D").await;
    let signed_in = world.signed_in_first(GRACE).await;
    accepts(&world, &signed_in, 2).await.unwrap();
    world.passes("P8D");
    let later = world.logs_in(GRACE, PASSWORD).await.unwrap();
    assert!(later.offered_terms.is_none() && later.account.required_actions.is_empty());
}

#[tokio::test]
async fn the_placeholder_is_not_published_in_any_language_and_no_version_is_written_from_it() {
    let world = with_grace().await;
    let ada = world.operator().await;
    let flow = &world.flows().terms;
    let language = |text: &str| Language::parse(text).unwrap();
    for (of, placeholder) in TermsVersion::placeholder() {
        let mut texts = BTreeMap::from([(language("en"), "Be kinder.".to_owned())]);
        texts.insert(of.clone(), placeholder.replace('\n', "\r\n"));
        let refused = flow.validate(&PublishTermsCommand { effective_at: None, grace: None, texts });
        assert!(matches!(&refused, Err(PublishTermsError::Placeholder(found)) if *found == of), "{refused:?}");
        let refused = ada.tries_to_publish_terms(&placeholder).await;
        assert!(matches!(refused, Err(PublishTermsError::Placeholder(_))), "in the place of another language: {refused:?}");
    }
    assert_eq!(flow.to_write_from().await.unwrap(), world.flows().terms.current().await.unwrap().texts);
    let number = 2;
    let mut texts = TermsVersion::placeholder();
    texts.insert(language("fr"), "Soyez gentils.".to_owned());
    let laid = TermsVersion { number, effective_at: world.now(), grace: None, texts };
    world.commits(vec![Change::Terms(TermsChange::Publish(laid))]).await;
    assert_eq!(flow.to_write_from().await.unwrap().into_keys().collect::<Vec<_>>(), [language("fr")]);
}

#[tokio::test]
async fn only_the_version_in_force_is_accepted() {
    let world = with_grace().await;
    world.operator().await.publishes_terms("Be kinder.").await;
    let signed_in = world.signed_in_first(GRACE).await;
    world.operator().await.publishes_terms("Be kindest.").await;
    for number in [0, 1, 2, 4] {
        let refused = accepts(&world, &signed_in, number).await;
        assert!(matches!(refused, Err(AcceptTermsError::NotInForce(3))), "{refused:?}");
    }
    assert_eq!(required(&world).await, [RequiredAction::AcceptTerms]);
    accepts(&world, &signed_in, 3).await.unwrap();
}

#[tokio::test]
async fn the_password_comes_first() {
    let world = with_grace().await;
    let ada = world.operator().await;
    ada.publishes_terms("Be kinder.").await;
    ada.requires_a_new_password(world.account(GRACE).await.id).await.unwrap();
    let signed_in = world.signed_in_first(GRACE).await;
    assert_eq!(required(&world).await, [RequiredAction::ChangePassword, RequiredAction::AcceptTerms]);
    let refused = accepts(&world, &signed_in, 2).await;
    assert!(matches!(refused, Err(AcceptTermsError::First(RequiredAction::ChangePassword))), "{refused:?}");
    world.changes_password_of(&signed_in, PASSWORD, &crate::visitors::another(1)).await.unwrap();
    assert_eq!(required(&world).await, [RequiredAction::AcceptTerms], "choosing one does not accept the terms");
    accepts(&world, &signed_in, 2).await.unwrap();
    assert!(required(&world).await.is_empty());
}

#[tokio::test]
async fn a_temporary_password_and_new_terms_are_asked_for_by_one_login() {
    let world = with_grace().await;
    let ada = world.operator().await;
    let id = world.account(GRACE).await.id;
    let password = ada.sets_a_temporary_password(id).await.unwrap();
    ada.publishes_terms("Be kinder.").await;
    let signed_in = world.logs_in(GRACE, &password).await.unwrap();
    assert_eq!(signed_in.account, world.account(GRACE).await);
    assert_eq!(required(&world).await, [RequiredAction::ChangePassword, RequiredAction::AcceptTerms]);
}

#[tokio::test]
async fn two_logins_at_once_that_both_ask_for_the_terms_both_succeed() {
    let world = with_grace().await;
    world.operator().await.publishes_terms("Be kinder.").await;
    let other = world.clone();
    world.stage().just_before("commit", async move {
        other.logs_in(GRACE, PASSWORD).await.unwrap();
    });
    let answer = world.logs_in(GRACE, PASSWORD).await;
    assert!(answer.is_ok(), "the password is right: {answer:?}");
    assert_eq!(required(&world).await, [RequiredAction::AcceptTerms]);
}

#[tokio::test]
async fn an_account_that_is_disabled_while_its_login_asks_for_the_terms_gets_no_session() {
    let world = with_grace().await;
    let (ada, id) = (world.operator().await, world.account(GRACE).await.id);
    ada.publishes_terms("Be kinder.").await;
    world.stage().just_before("commit", async move {
        ada.disables(id).await.unwrap();
    });
    let refused = world.logs_in(GRACE, PASSWORD).await;
    assert!(matches!(refused, Err(LogInError::Refused)), "{refused:?}");
    assert_eq!(world.sessions_started(), 0);
}

#[tokio::test]
async fn a_login_that_fails_does_the_same_no_matter_who_owes_an_acceptance() {
    let world = with_grace().await;
    let mut seen = Vec::new();
    for publishes in [false, true] {
        if publishes {
            world.operator().await.publishes_terms("Be kinder.").await;
        }
        for email in [GRACE, "nobody@example.org"] {
            world.kit().faults.none();
            world.logs_in(email, "Wrong-password-1").await.unwrap_err();
            seen.push((world.kit().faults.trace(), world.history().last().unwrap().changes().len()));
        }
    }
    assert!(seen.iter().all(|one| *one == seen[0]), "{seen:?}");
    assert!(required(&world).await.is_empty(), "a wrong password asks for nothing");
}

#[tokio::test]
async fn two_who_accept_at_once_accept_once() {
    let world = with_grace().await;
    world.operator().await.publishes_terms("Be kinder.").await;
    let signed_in = world.signed_in_first(GRACE).await;
    let (other, session) = (world.clone(), signed_in.clone());
    world.stage().just_before("commit", async move {
        accepts(&other, &session, 2).await.unwrap();
    });
    accepts(&world, &signed_in, 2).await.unwrap();
    let accepted = |change: &&Change| matches!(change, Change::Terms(TermsChange::Accept(terms)) if terms.number == 2);
    assert_eq!(world.changes().iter().filter(accepted).count(), 1);
}

#[tokio::test]
async fn accepting_terms_survives_every_fault() {
    let prepare = async || {
        let world = with_grace().await;
        world.operator().await.publishes_terms("Be kinder.").await;
        world.keeps_signed_in(world.signed_in_first(GRACE).await);
        world
    };
    let flow = async |world: &World| -> Result<(), Stopped> { Ok(accepts(world, &world.kept_signed_in(), 2).await?) };
    survives_every_fault(prepare, flow, async |world| assert!(required(world).await.is_empty())).await;
}

#[tokio::test]
async fn a_login_that_asks_for_terms_survives_every_fault() {
    let prepare = async || {
        let world = with_grace().await;
        world.operator().await.publishes_terms("Be kinder.").await;
        world
    };
    let flow = async |world: &World| -> Result<(), Stopped> { Ok(world.logs_in(GRACE, PASSWORD).await.map(drop)?) };
    survives_every_fault(prepare, flow, async |world| {
        assert_eq!(required(world).await, [RequiredAction::AcceptTerms]);
        assert_eq!(world.sessions_started(), 1);
    })
    .await;
}
