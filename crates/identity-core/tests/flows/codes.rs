//! Codes: eight digits that a mail brings and a page takes.

use identity_core::{
    change::{Change, RegistrationChange},
    flow::{Fault, registration::VerifyCodeError},
    model::{
        audit::Action,
        registration::{AddressVerification, RegistrationState},
        throttle::Rate,
    },
    value::{SignedDuration, TokenKind, TokenSecret},
};
use tokio::task::JoinSet;

use crate::{
    actors::{GRACE, World},
    visitors::mails,
};

const HEDY: &str = "hedy@example.net";

fn is_wrong<T>(answer: &Result<T, VerifyCodeError>) -> bool {
    matches!(answer, Err(VerifyCodeError::Wrong))
}

/// A code that is not this one.
fn not(code: &str) -> String {
    let last = if code.ends_with('0') { '1' } else { '0' };
    format!("{}{last}", &code.chars().take(7).collect::<String>())
}

#[tokio::test]
async fn a_code_is_exchanged_once_for_a_link_that_completes_the_registration() {
    let world = World::new().await;
    let (flow, mail) = world.signed_up(HEDY).await;
    let code = mail.code.unwrap();
    let spaced = format!("{} {}", code.chars().take(4).collect::<String>(), code.chars().skip(4).collect::<String>());
    let link = world.types(&flow, &spaced).await.unwrap();
    assert_eq!(world.recorded(Action::RegistrationVerified).len(), 1);
    assert!(is_wrong(&world.types(&flow, &code).await), "a code is used once");
    assert!(world.completes(&link).await.is_ok());
    assert!(is_wrong(&world.types(&flow, &code).await));
}

#[tokio::test]
async fn after_five_wrong_tries_the_right_code_does_not_work_any_more() {
    for wrong_tries in [4, 5] {
        let world = World::new().await;
        let (flow, mail) = world.signed_up(HEDY).await;
        let code = mail.code.unwrap();
        for _ in 0..wrong_tries {
            assert!(is_wrong(&world.types(&flow, &not(&code)).await));
        }
        assert_eq!(world.types(&flow, &code).await.is_ok(), wrong_tries < 5);
        world.activations_to(HEDY);
        assert!(world.completes(&mail.link.unwrap()).await.is_ok(), "the link in the same mail works all the same");
    }
}

#[tokio::test]
async fn what_is_no_code_counts_as_a_try_too() {
    let world = World::new().await;
    let (flow, mail) = world.signed_up(HEDY).await;
    for typed in ["", "x", "1234567", "123456789", "the code"] {
        assert!(is_wrong(&world.types(&flow, typed).await));
    }
    assert!(is_wrong(&world.types(&flow, &mail.code.unwrap()).await));
}

#[tokio::test]
async fn another_mail_brings_a_new_code_that_works_and_the_older_does_not() {
    let world = World::new().await;
    let (flow, first) = world.signed_up(HEDY).await;
    for _ in 0..5 {
        world.types(&flow, "00000000").await.unwrap_err();
    }
    world.asks_again_by(&flow).await.unwrap();
    world.posts().await;
    let second = world.activation_to(HEDY).code.unwrap();
    assert_ne!(first.code, Some(second.clone()));
    assert!(is_wrong(&world.types(&flow, &first.code.unwrap()).await), "the older code");
    assert!(world.types(&flow, &second).await.is_ok());
}

/// A person who knows an address, but holds no flow of it, neither takes a code away nor uses its tries up.
#[tokio::test]
async fn a_stranger_who_asks_for_the_mail_again_does_not_replace_the_code_that_somebody_is_typing() {
    for verification in [AddressVerification::LinkAndCode, AddressVerification::Code] {
        let world = World::new().await.under(|settings| settings.registration.verification = verification);
        let (flow, mail) = world.signed_up(HEDY).await;
        let before = world.registration_of(&flow).await;
        let code = mail.code.unwrap();
        for _ in 0..4 {
            world.types(&flow, &not(&code)).await.unwrap_err();
        }
        world.passes("PT1M");
        world.asks_again_for(HEDY).await.unwrap();
        let posted = world.posts().await;
        if verification == AddressVerification::Code {
            assert!(posted.is_empty(), "a mail without anything in it");
        } else {
            assert_eq!(posted, mails([(HEDY, "activation")]));
            assert!(world.activation_to(HEDY).code.is_none());
        }
        let after = world.registration_of(&flow).await;
        assert_eq!((after.code, after.code_tries), (before.code, 4), "{verification:?}");
        assert!(world.types(&flow, &code).await.is_ok(), "{verification:?}");
    }
}

#[tokio::test]
async fn a_stranger_who_signs_up_with_the_same_address_does_not_burn_the_code_of_the_first() {
    let world = World::new().await;
    let (flow, mail) = world.signed_up(HEDY).await;
    let (strangers, _) = world.signed_up(HEDY).await;
    for _ in 0..6 {
        world.types(&strangers, "00000000").await.unwrap_err();
    }
    let code = mail.code.unwrap();
    assert!(is_wrong(&world.types(&strangers, &code).await), "a code belongs to its flow");
    assert!(world.types(&flow, &code).await.is_ok());
}

#[tokio::test]
async fn a_code_works_until_the_second_before_its_end_and_not_at_its_end() {
    for early in [true, false] {
        let world = World::new().await;
        let (flow, mail) = world.signed_up(HEDY).await;
        let end = world.registration_of(&flow).await.code.unwrap().expires_at;
        assert_eq!(end, world.now() + SignedDuration::from_mins(10));
        if early {
            world.it_is_just_before(end);
        } else {
            world.it_is(end);
        }
        assert_eq!(world.types(&flow, &mail.code.unwrap()).await.is_ok(), early);
    }
}

#[tokio::test]
async fn a_flow_that_never_was_is_answered_like_a_wrong_code_and_costs_as_much() {
    let world = World::new().await;
    let (flow, mail) = world.signed_up(HEDY).await;
    let code = mail.code.unwrap();
    let never = TokenSecret::from_entropy(TokenKind::Flow, [7; 32].into());
    let link_as_flow = mail.link.unwrap();
    let mut seen = Vec::new();
    for flow in [&flow, &never, &link_as_flow] {
        world.kit().faults.none();
        let refused = world.types(flow, &not(&code)).await.unwrap_err();
        seen.push((refused.to_string(), world.kit().faults.trace()));
        assert_eq!(world.verifications(), 1);
    }
    assert!(seen.iter().all(|observed| *observed == seen[0]), "{seen:?}");
    assert!(is_wrong(&world.types(&never, &code).await));
    assert!(world.types(&flow, &code).await.is_ok());
}

/// A person who signs up with the address of somebody who is in holds a flow that behaves as every other, to the last call.
#[tokio::test]
async fn a_flow_for_an_address_that_has_an_account_or_an_invitation_cannot_be_told_from_another() {
    let world = World::new().await;
    world.hires(GRACE).await;
    world.invited("ida@example.com").await;
    let mut seen = Vec::new();
    for email in [HEDY, GRACE, "ida@example.com"] {
        let flow = world.signs_up(email).await.unwrap();
        world.posts().await;
        world.passes("PT1M");
        let mut observed = Vec::new();
        for round in 0..2 {
            for _ in 0..7 {
                world.kit().faults.none();
                let answer = world.types(&flow, "12345678").await.unwrap_err().to_string();
                observed.push((answer, world.kit().faults.trace()));
            }
            if round == 0 {
                world.kit().faults.none();
                world.asks_again_by(&flow).await.unwrap();
                observed.push((String::new(), world.kit().faults.trace()));
                world.posts().await;
            }
        }
        seen.push(observed);
    }
    for observed in &seen {
        assert_eq!(observed, &seen[0], "an address can be told apart");
    }
    assert_eq!(world.recorded(Action::RegistrationVerified).len(), 0);
}

#[tokio::test]
async fn a_code_is_minted_and_mailed_to_nobody_for_an_address_that_is_known() {
    let world = World::new().await;
    world.hires(GRACE).await;
    let flow = world.signs_up(GRACE).await.unwrap();
    assert_eq!(world.posts().await, mails([(GRACE, "already registered")]));
    assert!(world.registration_of(&flow).await.code.is_some());
    assert!(world.activations_to(GRACE).is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_thirty_two_tries_at_once_five_at_most_are_compared_with_the_code() {
    let world = World::new().await;
    let (flow, mail) = world.signed_up(HEDY).await;
    let wrong = not(&mail.code.unwrap());
    world.kit().faults.none();
    let counted = || {
        world
            .stage()
            .committed()
            .iter()
            .flat_map(|set| set.changes().to_vec())
            .filter(|change| matches!(change, Change::Registration(RegistrationChange::TryCode { .. })))
            .count()
    };
    let before = counted();
    world.stage().gather("count", 32);
    let mut crowd = JoinSet::new();
    for _ in 0..32 {
        let (world, flow, wrong) = (world.clone(), flow.clone(), wrong.clone());
        crowd.spawn(async move { world.types(&flow, &wrong).await });
    }
    assert!(crowd.join_all().await.iter().all(is_wrong));
    assert_eq!((counted() - before, world.verifications()), (5, 32), "each is verified, five of them against the code");
    assert_eq!(world.registration_of(&flow).await.code_tries, 5);
}

/// The right code, typed sixteen times at once: one link.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_code_typed_at_once_in_many_windows_makes_one_link() {
    let world = World::new().await.under(|settings| settings.throttle.code_tries = 16);
    let (flow, mail) = world.signed_up(HEDY).await;
    let code = mail.code.unwrap();
    world.stage().gather("commit", 16);
    let mut crowd = JoinSet::new();
    for _ in 0..16 {
        let (world, flow, code) = (world.clone(), flow.clone(), code.clone());
        crowd.spawn(async move { world.types(&flow, &code).await });
    }
    let answers = crowd.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert!(answers.iter().all(|answer| answer.is_ok() || is_wrong(answer)));
}

#[tokio::test]
async fn a_code_of_a_registration_that_was_completed_by_its_link_opens_nothing() {
    let world = World::new().await;
    let (flow, mail) = world.signed_up(HEDY).await;
    world.completes(&mail.link.unwrap()).await.unwrap();
    assert!(is_wrong(&world.types(&flow, &mail.code.unwrap()).await));
    assert_eq!(world.registration_of(&flow).await.state, RegistrationState::Completed);
}

#[tokio::test]
async fn a_code_that_is_typed_while_its_registration_is_completed_opens_nothing() {
    let world = World::new().await;
    let (flow, mail) = world.signed_up(HEDY).await;
    let (other, link) = (world.clone(), mail.link.unwrap());
    world.stage().just_before("commit", async move {
        other.completes(&link).await.unwrap();
    });
    if let Ok(late) = world.types(&flow, &mail.code.unwrap()).await {
        world.activates_nothing(&late).await;
    }
}

#[tokio::test]
async fn a_code_that_is_replaced_while_it_is_typed_opens_nothing() {
    let world = World::new().await;
    let (flow, mail) = world.signed_up(HEDY).await;
    world.asks_again_by(&flow).await.unwrap();
    let other = world.clone();
    world.stage().just_before("commit", async move {
        other.posts().await;
    });
    assert!(is_wrong(&world.types(&flow, &mail.code.unwrap()).await));
    assert!(world.types(&flow, &world.activation_to(HEDY).code.unwrap()).await.is_ok());
}

#[tokio::test]
async fn tries_from_one_network_are_limited_whatever_flows_they_are_for() {
    let one_a_minute = Rate::per(1, SignedDuration::from_mins(1));
    let world = World::new().await.under(|settings| settings.throttle.links_per_network = one_a_minute);
    let (flow, mail) = world.signed_up(HEDY).await;
    let client = crate::visitors::at("192.0.2.9");
    let never = TokenSecret::from_entropy(TokenKind::Flow, [7; 32].into());
    assert!(is_wrong(&world.flows().verify_code.run(&never, "12345678", &client).await));
    world.kit().faults.none();
    let code = mail.code.unwrap();
    let refused = world.flows().verify_code.run(&flow, &code, &client).await;
    assert!(matches!(refused, Err(VerifyCodeError::Fault(Fault::RateLimited { .. }))), "{refused:?}");
    assert_eq!(world.verifications(), 0);
    world.passes("PT1M");
    assert!(world.flows().verify_code.run(&flow, &code, &client).await.is_ok(), "a refused try is no try");
}
