//! Signing in, staying signed in, signing out.

use identity_core::{
    flow::{
        account::EditAccountCommand,
        password::ChangePasswordCommand,
        session::{LogInCommand, LogInError},
    },
    model::{
        audit::{Action, Actor, PersonalKind, Subject},
        password::Candidate,
        session::{Client, CurrentUser},
    },
    value::{PersonName, SignedDuration, TokenSecret},
};

use crate::actors::{GRACE, PASSWORD, World, address};

async fn world_with_grace() -> World {
    let world = World::new().await;
    world.hires(GRACE).await;
    world
}

#[tokio::test]
async fn a_wrong_password_an_unknown_address_and_a_disabled_account_cannot_be_told_apart() {
    let world = world_with_grace().await;
    let disabled = world.hires("dora@example.org").await;
    world.operator().await.disables(disabled.id).await.unwrap();
    let attempts = [
        ("wrong", GRACE, "Wrong-password-1"),
        ("unknown", "nobody@example.org", PASSWORD),
        ("disabled", "dora@example.org", PASSWORD),
        ("disabled and wrong", "dora@example.org", "Wrong-password-1"),
    ];
    let mut seen = Vec::new();
    for (name, email, password) in attempts {
        world.kit().faults.none();
        let refused = world.logs_in(email, password).await.unwrap_err();
        assert!(matches!(refused, LogInError::Refused), "{name}: {refused:?}");
        let trace = world.kit().faults.trace();
        // The attempt is counted before it is verified, and recorded after.
        let expected = ["commit", "verify", "commit"];
        let order = trace.iter().filter(|call| expected.contains(call)).copied().collect::<Vec<_>>();
        assert_eq!(order, expected, "{name}: {trace:?}");
        let written = world.history().last().unwrap().changes().len();
        seen.push((name, (refused.to_string(), trace, written)));
    }
    for (name, observed) in &seen {
        assert_eq!(observed, &seen[0].1, "{name} can be told apart");
    }
    assert_eq!(world.sessions_started(), 0);
}

#[tokio::test]
async fn an_outdated_hash_makes_no_difference_to_a_login_that_fails() {
    let world = world_with_grace().await;
    world.kit().faults.none();
    world.logs_in("nobody@example.org", PASSWORD).await.unwrap_err();
    let unknown = world.kit().faults.trace();
    world.has_an_old_hash(GRACE).await;
    let disabled = world.account(GRACE).await.id;
    world.operator().await.disables(disabled).await.unwrap();
    for password in [PASSWORD, "Wrong-password-1"] {
        world.kit().faults.none();
        world.logs_in(GRACE, password).await.unwrap_err();
        assert_eq!(world.kit().faults.trace(), unknown);
    }
}

#[tokio::test]
async fn failures_and_successes_are_recorded_with_the_address_and_the_network() {
    let world = world_with_grace().await;
    let grace = world.account(GRACE).await.id;
    world.logs_in(GRACE, "Wrong-password-1").await.unwrap_err();
    world.logs_in("nobody@example.org", PASSWORD).await.unwrap_err();
    let failures = world.recorded(Action::LoginFailed);
    assert_eq!(failures.len(), 2);
    assert_eq!((failures[0].actor, &failures[0].subject), (Actor::Anonymous, &Subject::Account(grace)));
    assert_eq!((failures[1].actor, &failures[1].subject), (Actor::Anonymous, &Subject::Nothing));
    world.logs_in(GRACE, PASSWORD).await.unwrap();
    let successes = world.recorded(Action::LoginSucceeded);
    assert_eq!((successes.len(), successes[0].actor), (1, Actor::Account(grace)));
    for event in failures.iter().chain(&successes) {
        let kinds = event.personal.iter().map(|field| field.kind).collect::<Vec<_>>();
        assert_eq!(kinds, [PersonalKind::Address, PersonalKind::Network]);
    }
}

#[tokio::test]
async fn a_hash_under_older_parameters_is_replaced_at_the_next_success_only() {
    let world = world_with_grace().await;
    world.has_an_old_hash(GRACE).await;
    world.logs_in(GRACE, "Wrong-password-1").await.unwrap_err();
    assert!(world.hash_of(GRACE).await.expose().starts_with("old$"));
    world.logs_in(GRACE, PASSWORD).await.unwrap();
    assert!(world.hash_of(GRACE).await.expose().starts_with("plain$"));
    assert!(world.logs_in(GRACE, PASSWORD).await.is_ok());
}

#[tokio::test]
async fn two_logins_at_once_on_a_hash_under_older_parameters_both_succeed() {
    let world = world_with_grace().await;
    world.has_an_old_hash(GRACE).await;
    let other = world.clone();
    world.stage().just_before("commit", async move {
        other.logs_in(GRACE, PASSWORD).await.unwrap();
    });
    let answer = world.logs_in(GRACE, PASSWORD).await;
    assert!(answer.is_ok(), "the password is right: {answer:?}");
    assert!(world.hash_of(GRACE).await.expose().starts_with("plain$"));
}

#[tokio::test]
async fn an_account_that_is_disabled_while_its_password_is_verified_gets_no_session() {
    let world = world_with_grace().await;
    let (ada, grace) = (world.operator().await, world.account(GRACE).await.id);
    world.stage().just_before("commit", async move {
        ada.disables(grace).await.unwrap();
    });
    let refused = world.logs_in(GRACE, PASSWORD).await;
    assert!(matches!(refused, Err(LogInError::Refused)), "{refused:?}");
    assert_eq!(world.sessions_started(), 0);
    assert_eq!(world.recorded(Action::LoginFailed).len(), 1, "a failure is recorded whatever its reason");
}

#[tokio::test]
async fn a_right_password_lets_in_whatever_harmless_changes_while_it_is_verified() {
    let world = world_with_grace().await;
    let (ada, grace) = (world.operator().await, world.account(GRACE).await.id);
    // She saves her profile, in another browser.
    let (other, in_another_browser) = (world.clone(), world.signed_in(GRACE).await);
    world.stage().just_before("commit", async move {
        let first_name = Some(PersonName::parse("Brewster").unwrap());
        let command = EditAccountCommand { first_name, ..EditAccountCommand::default() };
        other.flows().edit_account.run(&in_another_browser, command).await.unwrap();
    });
    world.logs_in(GRACE, PASSWORD).await.expect("the password is right");
    // She is disabled and enabled again.
    world.stage().just_before("commit", async move {
        ada.disables(grace).await.unwrap();
        ada.enables(grace).await.unwrap();
    });
    world.logs_in(GRACE, PASSWORD).await.expect("the password is right");
    assert_eq!(world.recorded(Action::LoginFailed).len(), 0);
}

/// What ends every session of Grace but that of another browser, or all.
#[derive(Clone, Copy, Debug)]
enum End {
    ByAnAdministrator,
    Disabled,
    PasswordChanged,
    OthersEnded,
    DeletionRequested,
}

impl End {
    async fn happens(self, world: &World, signed_in: &CurrentUser) {
        let (ada, grace, flows) = (world.operator().await, signed_in.account.id, world.flows());
        match self {
            Self::ByAnAdministrator => {
                flows.account_security.end_sessions(ada.proof(), grace).await.unwrap();
            }
            Self::Disabled => {
                ada.disables(grace).await.unwrap();
                ada.enables(grace).await.unwrap();
            }
            Self::PasswordChanged => {
                let candidate = |text: &str| Candidate::new(text).unwrap();
                let new = || candidate("Zr7-another Horse");
                let (current, client) = (Some(candidate(PASSWORD)), Client::default());
                let command = ChangePasswordCommand { current, password: new(), confirmation: new(), client };
                flows.change_password.run(signed_in, command).await.unwrap();
            }
            Self::OthersEnded => flows.sessions.end_others(signed_in, &Client::default()).await.unwrap(),
            Self::DeletionRequested => {
                flows.delete_account.request(signed_in, &Client::default()).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn a_login_that_overlaps_the_end_of_all_sessions_leaves_none_even_where_read_locks_do_nothing() {
    for end in [End::ByAnAdministrator, End::Disabled, End::PasswordChanged, End::OthersEnded, End::DeletionRequested] {
        for locks_nothing in [false, true] {
            let world = world_with_grace().await;
            let (other, in_another_browser) = (world.clone(), world.signed_in(GRACE).await);
            if locks_nothing {
                world.stage().read_locks_do_nothing();
            }
            world.stage().just_before("commit", async move { end.happens(&other, &in_another_browser).await });
            match world.logs_in(GRACE, PASSWORD).await {
                // With locks the login is decided again, and comes after the end; without, it is of the epoch before.
                Ok(logged_in) if locks_nothing => {
                    assert!(world.session(&logged_in.secret).await.is_none(), "{end:?}");
                }
                Ok(logged_in) => {
                    assert!(!matches!(end, End::PasswordChanged), "{end:?}");
                    assert!(world.session(&logged_in.secret).await.is_some(), "{end:?}");
                }
                Err(error) => assert!(matches!((error, end), (LogInError::Refused, End::PasswordChanged)), "{end:?}"),
            }
        }
    }
}

#[tokio::test]
async fn the_session_that_ends_the_others_stays_and_so_does_what_comes_after() {
    let world = world_with_grace().await;
    let (kept, other) = (world.logs_in(GRACE, PASSWORD).await.unwrap(), world.logs_in(GRACE, PASSWORD).await.unwrap());
    let signed_in = world.whoami(&kept.secret).await.unwrap();
    world.flows().sessions.end_others(&signed_in, &Client::default()).await.unwrap();
    let later = world.logs_in(GRACE, PASSWORD).await.unwrap();
    assert!(world.session(&kept.secret).await.is_some() && world.session(&other.secret).await.is_none());
    let seen = world.whoami(&later.secret).await.unwrap();
    assert_eq!(world.flows().sessions.list(&seen).await.unwrap().len(), 2);
}

/// Uses a session every so often, as long as it lives; answers after how long it was dead.
async fn used_every(world: &World, secret: &TokenSecret, pause: SignedDuration) -> SignedDuration {
    let start = world.now();
    loop {
        world.kit().clock.advance(pause);
        let elapsed = world.now().duration_since(start);
        if world.session(secret).await.is_none() {
            return elapsed;
        }
        assert!(elapsed < SignedDuration::from_hours(24 * 30), "a session without end");
    }
}

#[tokio::test]
async fn a_login_ends_the_session_that_it_replaces_and_one_that_is_refused_ends_none() {
    let world = world_with_grace().await;
    let older = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    let enters = |password: &str, replaces| LogInCommand {
        replaces,
        ..LogInCommand::new(address(GRACE), Candidate::new(password).unwrap())
    };
    let replaced = world.session(&older).await;
    world.flows().log_in.run(enters("wrong", replaced.clone())).await.unwrap_err();
    assert!(world.session(&older).await.is_some());
    let newer = world.flows().log_in.run(enters(PASSWORD, replaced.clone())).await.unwrap().secret;
    assert!(world.session(&older).await.is_none() && world.session(&newer).await.is_some());
    // One that is over already keeps nobody out.
    world.flows().log_in.run(enters(PASSWORD, replaced)).await.unwrap();
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used() {
    let world = world_with_grace().await;
    let secret = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    world.passes("PT29M59S");
    assert!(world.session(&secret).await.is_some(), "a second before");
    world.passes("PT29M59S");
    assert!(world.session(&secret).await.is_some(), "a use starts the pause again");
    world.passes("PT30M");
    assert!(world.session(&secret).await.is_none(), "to the second");
}

#[tokio::test]
async fn a_session_ends_after_its_longest_time_however_much_it_is_used() {
    let world = world_with_grace().await;
    let secret = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    assert_eq!(used_every(&world, &secret, SignedDuration::from_mins(20)).await, SignedDuration::from_hours(12));
}

#[tokio::test]
async fn a_person_who_stays_signed_in_is_out_after_the_longer_time() {
    let world = world_with_grace().await;
    let unused = world.logs_in_to_stay(GRACE).await;
    let used = world.logs_in_to_stay(GRACE).await;
    assert!(used.session.remembered);
    assert_eq!(used_every(&world, &used.secret, SignedDuration::from_hours(24)).await, SignedDuration::from_hours(14 * 24));
    assert!(world.session(&unused.secret).await.is_none());
}

#[tokio::test]
async fn a_use_is_written_at_most_once_a_minute() {
    let world = world_with_grace().await;
    let secret = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    let before = world.history().len();
    world.passes("PT59S");
    world.whoami(&secret).await.unwrap();
    assert_eq!(world.history().len(), before);
    world.passes("PT1S");
    world.whoami(&secret).await.unwrap();
    world.whoami(&secret).await.unwrap();
    assert_eq!(world.history().len(), before + 1);
}

#[tokio::test]
async fn a_disabled_account_is_out_with_its_next_request() {
    let world = world_with_grace().await;
    let secret = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    let grace = world.whoami(&secret).await.unwrap().account.id;
    world.operator().await.disables(grace).await.unwrap();
    assert!(world.session(&secret).await.is_none());
}

/// `docs/security.md`, A-31: disabling the user ends all older tokens concerned.
#[tokio::test]
async fn enabling_an_account_again_brings_no_old_session_back() {
    let world = world_with_grace().await;
    let secret = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    let grace = world.account(GRACE).await.id;
    world.operator().await.disables(grace).await.unwrap();
    world.operator().await.enables(grace).await.unwrap();
    assert!(world.session(&secret).await.is_none(), "the session that the account was disabled for lives again");
    assert!(world.logs_in(GRACE, PASSWORD).await.is_ok());
}

#[tokio::test]
async fn a_changed_role_counts_with_the_next_request() {
    let world = World::new().await;
    let secret = world.logs_in(crate::actors::ADMINISTRATOR, PASSWORD).await.unwrap().secret;
    assert!(world.whoami(&secret).await.unwrap().account.is_company_administrator());
    world.strips(crate::actors::ADMINISTRATOR).await;
    assert!(!world.whoami(&secret).await.unwrap().account.is_company_administrator());
}

#[tokio::test]
async fn logging_out_ends_that_session_and_no_other() {
    let world = world_with_grace().await;
    let desk = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    let phone = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    let signed_in = world.whoami(&desk).await.unwrap();
    world.flows().log_out.run(&signed_in).await.unwrap();
    assert!(world.session(&desk).await.is_none());
    assert!(world.session(&phone).await.is_some());
    assert!(world.flows().log_out.run(&signed_in).await.is_ok(), "logging out twice is no error");
    assert_eq!(world.recorded(Action::SessionEnded).len(), 1);
}

#[tokio::test]
async fn a_session_that_is_ended_while_it_is_checked_lets_nobody_in() {
    let world = world_with_grace().await;
    let secret = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    world.passes("PT2M");
    let (other, signed_in) = (world.clone(), world.store().session_by_digest(&secret.digest()).await.unwrap().unwrap());
    world.stage().just_before("commit", async move {
        other.flows().log_out.run(&signed_in).await.unwrap();
    });
    assert!(world.session(&secret).await.is_none());
}

#[tokio::test]
async fn every_login_starts_a_session_with_a_secret_of_its_own() {
    let world = world_with_grace().await;
    let one = world.logs_in(GRACE, PASSWORD).await.unwrap();
    let two = world.logs_in(GRACE, PASSWORD).await.unwrap();
    assert_ne!(one.secret.digest(), two.secret.digest());
    assert_ne!(one.session.id, two.session.id);
}
