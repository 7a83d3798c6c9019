//! How often passwords may be tried, and by whom.

use identity_core::{
    change::{Change, ThrottleChange},
    flow::{
        Fault,
        company::{CompanyCommand, CompanyError},
        invitation::{InviteError, ManageError},
        session::LogInError,
    },
    model::{
        account::RequiredAction,
        audit::{Action, Actor},
        outbox::{Email, EmailContent, InvitationEmail},
        session::Client,
        throttle::Rate,
    },
    value::SignedDuration,
};
use tokio::task::JoinSet;

use crate::{
    actors::{ADMINISTRATOR, GRACE, PASSWORD, Wanted, World},
    visitors::{WRONG, another, at, mails},
};

const NOBODY: &str = "nobody@example.org";
const STRANGER: &str = "stranger@evil.example";

async fn with_grace() -> World {
    let world = World::new().await;
    world.hires(GRACE).await;
    world.passes("PT1M");
    world
}

/// After how long the next guess is taken; `None` where one is taken now.
async fn pause(world: &World, email: &str) -> Option<i64> {
    match world.guesses(email, WRONG).await {
        Err(LogInError::Refused) => None,
        Err(LogInError::Fault(Fault::RateLimited { retry_after })) => Some(retry_after.as_secs()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn five_guesses_are_free_and_then_each_waits_twice_as_long_no_matter_who_has_the_address() {
    for email in [GRACE, NOBODY] {
        let world = with_grace().await;
        for guess in 1..=5 {
            assert_eq!(pause(&world, email).await, None, "{email}, guess {guess}");
        }
        for expected in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
            assert_eq!(pause(&world, email).await, Some(expected), "{email}");
            world.it_is_just_before(world.now() + SignedDuration::from_secs(expected));
            assert_eq!(pause(&world, email).await, Some(1), "{email}: a second too early");
            world.passes("PT1S");
            assert_eq!(pause(&world, email).await, None, "{email}: after {expected} s");
        }
    }
}

#[tokio::test]
async fn a_guess_that_is_not_taken_is_neither_verified_nor_counted_and_tells_nothing_of_the_account() {
    let world = with_grace().await;
    let disabled = world.hires("dora@example.org").await;
    world.operator().await.disables(disabled.id).await.unwrap();
    let mut seen = Vec::new();
    for email in [GRACE, NOBODY, "dora@example.org"] {
        for _ in 0..5 {
            pause(&world, email).await;
        }
        for password in [PASSWORD, WRONG] {
            world.kit().faults.none();
            let refused = world.guesses(email, password).await.unwrap_err();
            seen.push((format!("{refused:?}"), world.kit().faults.trace()));
            assert_eq!(world.verifications(), 0, "{email}");
        }
    }
    assert!(seen.iter().all(|observed| *observed == seen[0]), "{seen:?}");
    let locked = world.recorded(Action::LoginLocked);
    assert_eq!((locked.len(), locked[0].actor), (6, Actor::Anonymous));
    world.passes("PT1S");
    assert!(world.guesses(GRACE, PASSWORD).await.is_ok(), "what was not taken made no pause longer");
}

#[tokio::test]
async fn a_success_starts_the_count_anew() {
    let world = with_grace().await;
    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(pause(&world, GRACE).await, None);
        }
        assert!(world.guesses(GRACE, PASSWORD).await.is_ok());
    }
    for _ in 0..5 {
        assert_eq!(pause(&world, GRACE).await, None);
    }
    assert_eq!(pause(&world, GRACE).await, Some(1));
}

#[tokio::test]
async fn one_spelling_of_an_address_is_counted_with_the_others() {
    let world = with_grace().await;
    for email in ["grace@example.org", "GRACE@example.org", "Grace@EXAMPLE.org", "grace@Example.Org", "gracE@example.org"] {
        assert_eq!(pause(&world, email).await, None);
    }
    assert_eq!(pause(&world, GRACE).await, Some(1));
    assert_eq!(pause(&world, ADMINISTRATOR).await, None, "another address");
}

#[tokio::test]
async fn after_a_hundred_failures_in_a_row_only_a_new_password_helps() {
    let world = with_grace().await;
    for _ in 0..100 {
        assert_eq!(pause(&world, GRACE).await, None);
        world.passes("PT15M");
    }
    for _ in 0..3 {
        world.kit().faults.none();
        let refused = world.guesses(GRACE, PASSWORD).await;
        assert!(matches!(refused, Err(LogInError::Fault(Fault::RateLimited { .. }))), "{refused:?}");
        assert_eq!(world.verifications(), 0);
        world.passes("P5D");
    }
    let mail = world.has_forgotten(GRACE).await;
    world.resets(&mail.link, &another(1)).await.unwrap();
    assert!(world.guesses(GRACE, &another(1)).await.is_ok());
}

#[tokio::test]
async fn an_administrator_unlocks_an_address_after_a_hundred_failures_too() {
    let world = with_grace().await;
    for _ in 0..100 {
        pause(&world, GRACE).await;
        world.passes("PT15M");
    }
    let grace = world.account(GRACE).await.id;
    world.administrator().await.unlocks(grace).await.unwrap();
    assert!(world.guesses(GRACE, PASSWORD).await.is_ok());
}

#[tokio::test]
async fn strangers_do_not_lock_out_a_browser_that_somebody_signed_in_with() {
    let world = with_grace().await;
    let device = world.guesses(GRACE, PASSWORD).await.unwrap().device.expect("for the browser to keep");
    for _ in 0..100 {
        pause(&world, GRACE).await;
        world.passes("PT15M");
    }
    let known = (Some(&device), Client::default());
    assert!(world.tries(GRACE, PASSWORD, known.clone()).await.is_ok());
    // It has its own count, and its success does not unlock the address for strangers.
    assert!(matches!(world.guesses(GRACE, PASSWORD).await, Err(LogInError::Fault(Fault::RateLimited { .. }))));
    for _ in 0..5 {
        assert!(matches!(world.tries(GRACE, WRONG, known.clone()).await, Err(LogInError::Refused)));
    }
    let refused = world.tries(GRACE, PASSWORD, known.clone()).await;
    assert!(
        matches!(refused, Err(LogInError::Fault(Fault::RateLimited { .. }))),
        "a thief of the browser has a limit, too: {refused:?}"
    );
    world.passes("PT1S");
    assert!(world.tries(GRACE, PASSWORD, known).await.is_ok());
}

#[tokio::test]
async fn a_browser_is_trusted_for_the_address_it_signed_in_with_and_no_other() {
    let world = with_grace().await;
    let device = world.guesses(ADMINISTRATOR, PASSWORD).await.unwrap().device.unwrap();
    for _ in 0..5 {
        pause(&world, GRACE).await;
    }
    let refused = world.tries(GRACE, PASSWORD, (Some(&device), Client::default())).await;
    assert!(matches!(refused, Err(LogInError::Fault(Fault::RateLimited { .. }))), "{refused:?}");
    // A made-up one, and a secret of another kind, are worth nothing either.
    let session = world.guesses(ADMINISTRATOR, PASSWORD).await.unwrap().secret;
    let refused = world.tries(GRACE, PASSWORD, (Some(&session), Client::default())).await;
    assert!(matches!(refused, Err(LogInError::Fault(Fault::RateLimited { .. }))), "{refused:?}");
}

#[tokio::test]
async fn a_browser_is_trusted_for_half_a_year() {
    for (days, trusted) in [(179, true), (180, false)] {
        let world = with_grace().await;
        let device = world.guesses(GRACE, PASSWORD).await.unwrap().device.unwrap();
        world.passes(&format!("P{days}D"));
        for _ in 0..5 {
            pause(&world, GRACE).await;
        }
        let answer = world.tries(GRACE, PASSWORD, (Some(&device), Client::default())).await;
        assert_eq!(answer.is_ok(), trusted, "after {days} days");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guesses_made_at_once_are_verified_no_more_often_than_the_pace_allows() {
    for email in [GRACE, NOBODY] {
        let world = with_grace().await;
        world.kit().faults.none();
        world.stage().gather("count", 32);
        let mut crowd = JoinSet::new();
        for _ in 0..32 {
            let world = world.clone();
            crowd.spawn(async move { world.guesses(email, WRONG).await });
        }
        let answers = crowd.join_all().await;
        let refused = answers.iter().filter(|answer| matches!(answer, Err(LogInError::Refused))).count();
        assert_eq!((refused, world.verifications()), (5, 5), "{email}");
        assert!(
            answers.iter().all(|answer| matches!(answer, Err(LogInError::Refused | LogInError::Fault(Fault::RateLimited { .. }))))
        );
    }
}

#[tokio::test]
async fn a_guess_is_counted_before_it_is_verified() {
    let world = with_grace().await;
    for _ in 0..6 {
        // The machine stops between the count and the verification.
        world.stage().fails("login_candidate");
        let stopped = world.guesses(GRACE, WRONG).await;
        assert!(
            matches!(stopped, Err(LogInError::Fault(Fault::Unavailable(_)) | LogInError::Fault(Fault::RateLimited { .. }))),
            "{stopped:?}"
        );
    }
    assert_eq!(pause(&world, GRACE).await, Some(1));
}

#[tokio::test]
async fn every_guess_that_is_taken_costs_one_verification() {
    let world = with_grace().await;
    let disabled = world.hires("dora@example.org").await;
    world.operator().await.disables(disabled.id).await.unwrap();
    for (email, password) in
        [(NOBODY, WRONG), (GRACE, WRONG), (GRACE, PASSWORD), ("dora@example.org", PASSWORD), ("dora@example.org", WRONG)]
    {
        world.kit().faults.none();
        drop(world.guesses(email, password).await);
        assert_eq!(world.verifications(), 1, "{email}");
    }
}

#[tokio::test]
async fn logins_from_one_network_are_limited_whatever_addresses_they_name() {
    let world = with_grace().await;
    let guess = async |number: u32, network: &str| world.tries(&format!("a{number}@example.net"), WRONG, (None, at(network))).await;
    for number in 0..30 {
        assert!(matches!(guess(number, "192.0.2.9").await, Err(LogInError::Refused)));
    }
    world.kit().faults.none();
    for (email, password) in [(GRACE, PASSWORD), (NOBODY, WRONG)] {
        // An IPv4 address in the clothes of IPv6 is the same.
        for network in ["192.0.2.9", "::ffff:192.0.2.9"] {
            let refused = world.tries(email, password, (None, at(network))).await;
            let two = SignedDuration::from_secs(2);
            assert!(
                matches!(refused, Err(LogInError::Fault(Fault::RateLimited { retry_after })) if retry_after == two),
                "{refused:?}"
            );
        }
    }
    assert_eq!(world.verifications(), 0);
    assert!(matches!(guess(30, "192.0.2.10").await, Err(LogInError::Refused)));
    world.passes("PT2S");
    assert!(world.tries(GRACE, PASSWORD, (None, at("192.0.2.9"))).await.is_ok());
}

#[tokio::test]
async fn sign_ups_from_one_network_are_limited() {
    let world = with_grace().await;
    let sign_up = async |number: u32| {
        let command = crate::visitors::sign_up(&format!("a{number}@example.net"));
        world.signs_up_as(identity_core::flow::registration::RegisterCommand { client: at("192.0.2.9"), ..command }).await
    };
    for number in 0..10 {
        sign_up(number).await.unwrap();
    }
    let before = world.history().len();
    assert!(matches!(sign_up(10).await, Err(identity_core::flow::registration::RegisterError::Fault(Fault::RateLimited { .. }))));
    assert_eq!(world.history().len(), before, "nothing is kept of it");
    assert_eq!(world.posts().await.len(), 10);
}

#[tokio::test]
async fn an_administrator_cannot_invite_without_end() {
    let few = identity_core::model::throttle::Rate::per(2, SignedDuration::from_hours(1));
    let world = with_grace().await.under(|settings| settings.throttle.invitations_per_account = few);
    let carl = world.administrator().await;
    let invitation = carl.invites("a@example.net").await.unwrap();
    carl.resends(invitation.id).await.unwrap();
    let refused = carl.invites("b@example.net").await;
    assert!(matches!(refused, Err(identity_core::flow::invitation::InviteError::Fault(Fault::RateLimited { .. }))), "{refused:?}");
    assert!(world.operator().await.invites("b@example.net").await.is_ok(), "another administrator");
    world.passes("PT30M");
    assert!(carl.invites("c@example.net").await.is_ok());
}

/// A stranger who signs up could mail anything to anybody, in the name of this installation.
#[tokio::test]
async fn a_company_that_signed_up_invites_few_and_writes_nothing_until_an_operator_trusts_it() {
    let world = with_grace().await;
    world.signed_up(STRANGER).await;
    world.completes(&world.activation_link(STRANGER)).await.unwrap();
    let stranger = world.acting(STRANGER).await;
    let noted = stranger.invites(Wanted::new("a@victims.example").note("Call this number now")).await;
    assert!(matches!(noted, Err(InviteError::Note)), "{noted:?}");
    let named = Wanted::new("v0@victims.example").named("Call +44 20 7946 0999", "Now");
    let first = stranger.invites(named).await.unwrap();
    for number in 1..9 {
        stranger.invites(Wanted::new(&format!("v{number}@victims.example"))).await.unwrap();
    }
    stranger.resends(first.id).await.unwrap();
    let refused = stranger.invites("v9@victims.example").await;
    assert!(matches!(refused, Err(InviteError::Fault(Fault::RateLimited { .. }))), "{refused:?}");
    let again = stranger.resends(first.id).await;
    assert!(matches!(again, Err(ManageError::Fault(Fault::RateLimited { .. }))), "{again:?}");
    let mails = world.delivers().await;
    let greets =
        |mail: &Email| matches!(&mail.content, EmailContent::Invitation(InvitationEmail::Invited { first_name: Some(_), .. }));
    assert!(mails.iter().filter(|mail| mail.to.as_str().ends_with("victims.example")).count() == 9, "{mails:?}");
    assert!(!mails.iter().any(greets), "{mails:?}");

    let company = stranger.account().company;
    let refused = world.flows().companies.run(stranger.proof(), CompanyCommand::Trust(company)).await;
    assert!(matches!(refused, Err(CompanyError::NotAllowed)), "{refused:?}");
    let operator = world.operator().await;
    let theirs = Wanted::new("w@example.net").company(company).note("Welcome");
    operator.invites(theirs).await.expect("an operator answers for it");
    let trusted = world.flows().companies.run(operator.proof(), CompanyCommand::Trust(company)).await.unwrap();
    assert!(trusted.is_trusted);
    for number in 10..30 {
        stranger.invites(Wanted::new(&format!("v{number}@example.net")).note("Welcome")).await.unwrap();
    }
}

#[tokio::test]
async fn where_throttles_are_off_nothing_is_counted() {
    let world = with_grace().await.under(|settings| settings.throttle.enabled = false);
    let before = world.stage().committed().len();
    for _ in 0..12 {
        assert_eq!(pause(&world, GRACE).await, None);
    }
    let signed_in = world.guesses(GRACE, PASSWORD).await.unwrap();
    for _ in 0..6 {
        assert!(world.changes_password(&signed_in.secret, WRONG, &another(1)).await.is_err());
    }
    world.changes_password(&signed_in.secret, PASSWORD, &another(1)).await.unwrap();
    for _ in 0..12 {
        world.forgets(GRACE).await.unwrap();
        world.signs_up(GRACE).await.unwrap();
    }
    let changes = world.stage().committed().split_off(before).iter().flat_map(|set| set.changes().to_vec()).collect::<Vec<_>>();
    let counts = |change: &Change| {
        matches!(
            change,
            Change::Throttle(ThrottleChange::ConsumePermit { .. })
                | Change::Throttle(ThrottleChange::CountAttempt { .. })
                | Change::Throttle(ThrottleChange::Reset { .. })
        )
    };
    assert!(!changes.iter().any(counts), "{changes:?}");
}

#[tokio::test]
async fn the_counts_name_nobody_and_are_swept_when_they_mean_nothing() {
    let world = with_grace().await;
    for _ in 0..5 {
        pause(&world, GRACE).await;
    }
    let counted = format!("{:?}", world.stage().committed().last());
    assert!(!counted.contains("grace"), "{counted}");
    world.passes("P29DT23H");
    world.flows().sweep_lapsed.run().await.unwrap();
    let grace = world.account(GRACE).await.id;
    let seen = world.flows().list_accounts.find(world.administrator().await.proof(), grace).await.unwrap();
    assert_eq!(seen.failed_logins, 5);
    world.passes("PT2H");
    let seen = world.flows().list_accounts.find(world.administrator().await.proof(), grace).await.unwrap();
    assert_eq!(seen.failed_logins, 0);
    assert!(world.flows().sweep_lapsed.run().await.unwrap() > 0);
    for _ in 0..5 {
        assert_eq!(pause(&world, GRACE).await, None);
    }
}

// Passwords that are known to others.

#[tokio::test]
async fn a_password_that_turns_up_in_a_breach_has_to_be_changed_and_its_person_is_told_once() {
    let known = "Zr7-breached!";
    let before = World::new().await;
    let (_, grace) = before.invited(GRACE).await;
    grace.registers_with(known).await.unwrap();
    assert!(before.guesses(GRACE, known).await.unwrap().account.required_actions.is_empty(), "nobody looked");
    let world = before.under(|settings| settings.password_policy.breached = true);
    world.passes("PT1M");
    world.guesses(GRACE, WRONG).await.unwrap_err();
    assert!(world.account(GRACE).await.required_actions.is_empty(), "a wrong password says nothing");
    let signed_in = world.guesses(GRACE, known).await.unwrap();
    assert_eq!(signed_in.account, world.account(GRACE).await, "the answer is what is kept");
    assert_eq!(signed_in.account.required_actions, [RequiredAction::ChangePassword].into());
    assert!(world.session(&signed_in.secret).await.is_some());
    world.guesses(GRACE, known).await.unwrap();
    assert_eq!(world.posts().await, mails([(GRACE, "password breached")]));
    let recorded = world.recorded(Action::PasswordChangeRequired);
    assert_eq!((recorded.len(), recorded[0].actor), (1, Actor::System));
    world.changes_password(&signed_in.secret, known, &another(1)).await.unwrap();
    assert!(world.guesses(GRACE, &another(1)).await.unwrap().account.required_actions.is_empty());
    assert_eq!(world.posts().await, mails([(GRACE, "password changed")]));
}

#[tokio::test]
async fn two_logins_at_once_with_a_breached_password_tell_its_person_once() {
    let known = "Zr7-breached!";
    let world = World::new().await;
    let (_, grace) = world.invited(GRACE).await;
    grace.registers_with(known).await.unwrap();
    let world = world.under(|settings| settings.password_policy.breached = true);
    let other = world.clone();
    world.stage().just_before("commit", async move {
        other.guesses(GRACE, known).await.unwrap();
    });
    drop(world.guesses(GRACE, known).await);
    assert_eq!(world.posts().await, mails([(GRACE, "password breached")]));
}

#[tokio::test]
async fn a_login_that_is_not_tried_takes_its_networks_turn_and_writes_no_more_than_that_allows() {
    let ten = Rate::per(10, SignedDuration::from_mins(1));
    let world = World::new().await.under(|settings| settings.throttle.logins_per_network = ten);
    let events = || world.history().len();
    let before = events();
    for _ in 0..50 {
        world.tries("nobody@example.org", "Wrong-guess-1", (None, at("192.0.2.7"))).await.unwrap_err();
    }
    assert_eq!(events() - before, 10, "five failures and five that were not tried, and nothing of the rest");
}
