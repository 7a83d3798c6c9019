//! Changing one's own password, and the rules that are the same wherever one is set.

use std::collections::BTreeMap;

use identity_core::{
    flow::{
        Fault,
        invitation::AcceptError,
        password::{ChangePasswordCommand, ChangePasswordError, Unacceptable},
        recovery::ResetError,
        registration::{CompleteCommand, CompleteError},
        session::LogInCommand,
    },
    model::{
        audit::{Action, Actor, Subject},
        password::RuleId,
        session::Client,
    },
    value::SignedDuration,
};

use crate::{
    actors::{GRACE, PASSWORD, World, address},
    visitors::{WRONG, another, candidate, completion, mails},
};

async fn with_grace() -> World {
    let world = World::new().await;
    world.hires(GRACE).await;
    world.passes("PT1M");
    world
}

#[tokio::test]
async fn a_person_who_knows_the_password_changes_it_and_stays_signed_in_while_the_others_go() {
    let world = with_grace().await;
    let own = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    let (other, phone) = (world.logs_in(GRACE, PASSWORD).await.unwrap().secret, world.logs_in_to_stay(GRACE).await.secret);
    let link = world.has_forgotten(GRACE).await.link;
    let before = world.history().len();
    world.changes_password(&own, PASSWORD, &another(1)).await.unwrap();
    assert_eq!(world.history().len(), before + 1, "all of it is one commit");
    assert!(world.session(&own).await.is_some());
    assert!(world.session(&other).await.is_none() && world.session(&phone).await.is_none());
    world.recovers_nothing(&link).await;
    assert!(world.guesses(GRACE, PASSWORD).await.is_err());
    assert!(world.guesses(GRACE, &another(1)).await.is_ok());
    assert_eq!(world.posts().await, mails([(GRACE, "password changed")]));
    let grace = world.account(GRACE).await.id;
    let event = world.recorded(Action::PasswordChanged).pop().unwrap();
    assert_eq!((event.actor, event.subject), (Actor::Account(grace), Subject::Account(grace)));
}

#[tokio::test]
async fn an_open_session_alone_does_not_change_the_password() {
    let world = with_grace().await;
    let session = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    let hash = world.hash_of(GRACE).await;
    let refused = world.changes_password(&session, WRONG, &another(1)).await;
    assert!(matches!(refused, Err(ChangePasswordError::WrongPassword(_))), "{refused:?}");
    assert_eq!(world.hash_of(GRACE).await, hash);
    assert!(world.posts().await.is_empty());
}

#[tokio::test]
async fn a_person_who_finds_an_open_session_does_not_get_to_guess_the_password() {
    let world = with_grace().await;
    let session = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    for _ in 0..5 {
        let refused = world.changes_password(&session, WRONG, &another(1)).await;
        assert!(matches!(refused, Err(ChangePasswordError::WrongPassword(_))), "{refused:?}");
    }
    world.kit().faults.none();
    let refused = world.changes_password(&session, PASSWORD, &another(1)).await;
    let second = SignedDuration::from_secs(1);
    assert!(
        matches!(refused, Err(ChangePasswordError::Fault(Fault::RateLimited { retry_after })) if retry_after == second),
        "{refused:?}"
    );
    assert_eq!(world.verifications(), 0);
    assert!(world.guesses(GRACE, PASSWORD).await.is_ok(), "signing in is counted by itself");
    world.passes("PT1S");
    world.changes_password(&session, PASSWORD, &another(1)).await.unwrap();
    for _ in 0..5 {
        let refused = world.changes_password(&session, WRONG, &another(2)).await;
        assert!(matches!(refused, Err(ChangePasswordError::WrongPassword(_))), "a success starts again: {refused:?}");
    }
}

#[tokio::test]
async fn a_new_password_that_has_to_be_mended_is_no_wrong_guess() {
    let world = with_grace().await;
    let session = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    for _ in 0..8 {
        let refused = world.changes_password(&session, PASSWORD, "hopper").await;
        assert!(matches!(refused, Err(ChangePasswordError::Refused(_))), "{refused:?}");
    }
    assert!(world.changes_password(&session, PASSWORD, &another(1)).await.is_ok());
}

#[tokio::test]
async fn what_is_wrong_with_a_new_password_comes_at_once() {
    let world = with_grace().await;
    let session = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    let signed_in = world.session(&session).await.unwrap();
    let command = ChangePasswordCommand {
        current: Some(candidate(PASSWORD)),
        password: candidate("hopper"),
        confirmation: candidate("something else"),
        client: Client::default(),
    };
    let refused = world.flows().change_password.run(&signed_in, command).await;
    let Err(ChangePasswordError::Refused(refusal)) = refused else { panic!("{refused:?}") };
    let password = vec![RuleId::MinLength, RuleId::Uppercase, RuleId::Digit, RuleId::Special, RuleId::NotPersonal];
    assert_eq!(refusal, Unacceptable { password, confirmation: true });
}

#[tokio::test]
async fn a_wrong_current_password_hides_nothing_of_what_is_wrong_with_the_new_one() {
    let world = with_grace().await;
    let session = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    let tries = async |password: &str, confirmation: &str| {
        let signed_in = world.session(&session).await.unwrap();
        let command = ChangePasswordCommand {
            current: Some(candidate(WRONG)),
            password: candidate(password),
            confirmation: candidate(confirmation),
            client: Client::default(),
        };
        let before = world.verifications();
        let refused = world.flows().change_password.run(&signed_in, command).await;
        assert_eq!(world.verifications() - before, 1, "the current password's alone");
        let Err(ChangePasswordError::WrongPassword(faults)) = refused else { panic!("{refused:?}") };
        faults
    };
    let password = vec![RuleId::MinLength, RuleId::Uppercase, RuleId::Digit, RuleId::Special, RuleId::NotPersonal];
    assert_eq!(tries("hopper", "something else").await, Unacceptable { password, confirmation: true });
    let common = Unacceptable { password: vec![RuleId::NotCommon], confirmation: false };
    assert_eq!(tries("Dragon!Flies7", "Dragon!Flies7").await, common);
    // Whether a password was used before is for its owner to know.
    assert_eq!(tries(PASSWORD, PASSWORD).await, Unacceptable::default());
    for _ in 0..2 {
        tries(&another(1), &another(1)).await;
    }
    let refused = world.changes_password(&session, PASSWORD, &another(1)).await;
    assert!(
        matches!(refused, Err(ChangePasswordError::Fault(Fault::RateLimited { .. }))),
        "each of the five was counted: {refused:?}"
    );
}

#[tokio::test]
async fn the_password_in_force_and_the_four_before_it_are_not_chosen_again() {
    let world = with_grace().await;
    let session = world.logs_in_to_stay(GRACE).await.secret;
    let mut used = vec![PASSWORD.to_owned()];
    for number in 1..=7 {
        world.passes("PT1H");
        let current = used.last().unwrap().clone();
        for (before, older) in used.iter().rev().enumerate().take(5) {
            let refused = world.changes_password(&session, &current, older).await;
            let reused = Unacceptable { password: vec![RuleId::NotReused], confirmation: false };
            assert!(
                matches!(&refused, Err(ChangePasswordError::Refused(refusal)) if *refusal == reused),
                "number {}: {refused:?}",
                before + 1
            );
        }
        world.changes_password(&session, &current, &another(number)).await.unwrap();
        used.push(another(number));
    }
    world.passes("PT1H");
    assert!(world.changes_password(&session, &used[7], &used[2]).await.is_ok(), "the sixth before");
}

#[tokio::test]
async fn a_history_that_is_switched_off_remembers_nothing() {
    let world = with_grace().await.under(|settings| settings.password_policy.history = 0);
    let session = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    assert!(world.changes_password(&session, PASSWORD, PASSWORD).await.is_ok());
    let grace = world.account(GRACE).await.id;
    assert!(world.store().retired_passwords(grace, 100).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_account_that_changes_while_its_password_is_changed_is_a_conflict() {
    for act in ["reset", "role", "disabled"] {
        let world = with_grace().await;
        let session = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
        let (other, ada, link) = (world.clone(), world.operator().await, world.has_forgotten(GRACE).await.link);
        let grace = world.account(GRACE).await.id;
        world.stage().just_before("retired_passwords", async move {
            match act {
                "reset" => drop(other.resets(&link, &another(2)).await.unwrap()),
                "role" => other.keeps_only(["editor"], GRACE).await,
                _ => drop(ada.disables(grace).await.unwrap()),
            }
        });
        let refused = world.changes_password(&session, PASSWORD, &another(1)).await;
        assert!(matches!(refused, Err(ChangePasswordError::Conflict)), "{act}: {refused:?}");
        assert!(world.guesses(GRACE, &another(1)).await.is_err(), "{act}");
    }
}

#[tokio::test]
async fn an_account_that_was_disabled_a_moment_ago_changes_no_password() {
    let world = with_grace().await;
    let session = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    let (ada, grace, hash) = (world.operator().await, world.account(GRACE).await.id, world.hash_of(GRACE).await);
    world.stage().just_before("credential", async move {
        ada.disables(grace).await.unwrap();
    });
    let refused = world.changes_password(&session, PASSWORD, &another(1)).await;
    assert!(matches!(refused, Err(ChangePasswordError::Conflict)), "{refused:?}");
    assert_eq!(world.hash_of(GRACE).await, hash);
}

#[tokio::test]
async fn changing_the_password_lets_an_address_try_again_that_strangers_locked() {
    let world = with_grace().await;
    let session = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    for _ in 0..5 {
        world.guesses(GRACE, WRONG).await.unwrap_err();
    }
    world.changes_password(&session, PASSWORD, &another(1)).await.unwrap();
    assert!(world.guesses(GRACE, &another(1)).await.is_ok());
}

/// Whatever way a password is set, the same rules are named for it, in the same order.
#[tokio::test]
async fn a_bad_password_breaks_the_same_rules_on_every_path() {
    let world = World::new().await.under(|settings| settings.password_policy.breached = true);
    let (_, invitee) = world.invited(GRACE).await;
    let (_, mail) = world.signed_up("grace@example.net").await;
    let activation = mail.link.unwrap();
    let bad =
        ["", "a", "hopper", "Password1!", "so-weak-2-X", "Zr7-breached!", "breached", "Identity-22!", "x".repeat(1000).as_str()]
            .map(ToOwned::to_owned);
    let mut broken = BTreeMap::<String, Vec<Vec<RuleId>>>::new();
    let mut note = |password: &str, rules: Vec<RuleId>| broken.entry(password.to_owned()).or_default().push(rules);
    for password in &bad {
        match invitee.registers_with(password).await {
            Err(AcceptError::Refused(refusal)) => note(password, refusal.password),
            other => panic!("{password:?}: {other:?}"),
        }
        let command = CompleteCommand {
            password: candidate(password),
            password_confirmation: candidate(password),
            ..completion(&activation)
        };
        match world.completes_as(command).await {
            Err(CompleteError::Refused(refusal)) => note(password, refusal.password),
            other => panic!("{password:?}: {other:?}"),
        }
    }
    invitee.registers().await.unwrap();
    world.passes("PT1M");
    let session = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    let link = world.has_forgotten(GRACE).await.link;
    let words = world.flows().preview_recovery.run(&link).await.unwrap().words;
    for password in &bad {
        match world.resets(&link, password).await {
            Err(ResetError::Refused(refusal)) => note(password, refusal.password),
            other => panic!("{password:?}: {other:?}"),
        }
        match world.changes_password(&session, PASSWORD, password).await {
            Err(ChangePasswordError::Refused(refusal)) => note(password, refusal.password),
            other => panic!("{password:?}: {other:?}"),
        }
        note(password, world.flows().assess_password.run(&candidate(password), &words).await.unwrap().broken);
    }
    let mut named = std::collections::BTreeSet::new();
    for (password, paths) in broken {
        assert_eq!(paths.len(), 5);
        assert!(!paths[0].is_empty() && paths.iter().all(|rules| *rules == paths[0]), "{password:?}: {paths:?}");
        named.extend(paths[0].iter().copied());
    }
    assert_eq!(named.len(), 9, "every rule but that of reuse was broken: {named:?}");
}

#[tokio::test]
async fn a_reset_forgets_the_wrong_passwords_of_a_person_who_sat_at_an_open_session() {
    let world = World::new().await;
    world.hires(GRACE).await;
    let session = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    for _ in 0..6 {
        world.changes_password(&session, "Not-the-one-17", &another(1)).await.unwrap_err();
    }
    assert!(matches!(
        world.changes_password(&session, PASSWORD, &another(1)).await,
        Err(ChangePasswordError::Fault(Fault::RateLimited { .. }))
    ));
    let mail = world.has_forgotten(GRACE).await;
    world.resets(&mail.link, &another(2)).await.unwrap();
    let session = world.logs_in(GRACE, &another(2)).await.unwrap().secret;
    world.changes_password(&session, &another(2), &another(3)).await.unwrap();
}

#[tokio::test]
async fn a_password_that_has_to_be_changed_is_not_kept_even_where_none_are_remembered() {
    let world = World::new().await.under(|settings| settings.password_policy.history = 0);
    world.hires(GRACE).await;
    let session = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    let carl = world.administrator().await;
    carl.requires_a_new_password(world.account(GRACE).await.id).await.unwrap();
    match world.changes_password(&session, PASSWORD, PASSWORD).await {
        Err(ChangePasswordError::Refused(refused)) => assert_eq!(refused.password, [RuleId::NotReused]),
        other => panic!("{other:?}"),
    }
    world.changes_password(&session, PASSWORD, &another(1)).await.unwrap();
}

#[tokio::test]
async fn a_session_of_a_temporary_password_ends_with_it_whatever_was_asked_for() {
    let world = World::new().await;
    world.hires(GRACE).await;
    let carl = world.administrator().await;
    let temporary = carl.sets_a_temporary_password(world.account(GRACE).await.id).await.unwrap();
    let command = LogInCommand {
        replaces: None,
        email: address(GRACE),
        password: candidate(&temporary),
        remember: true,
        device: None,
        client: Client::default(),
    };
    let session = world.flows().log_in.run(command).await.unwrap();
    assert!(!session.session.remembered);
    world.passes("PT29M");
    assert!(world.session(&session.secret).await.is_some());
    world.passes("PT29M");
    assert!(world.session(&session.secret).await.is_some());
    world.passes("PT3M");
    assert!(world.session(&session.secret).await.is_none(), "the password ended after an hour");
}
