//! What an administrator does for somebody who cannot get in, or whose account is in danger.

use identity_core::{
    flow::{
        Fault,
        account::AdministrationError,
        password::{ChangePasswordCommand, ChangePasswordError},
        recovery::{AssistedResetError, ResetError},
        session::LogInError,
    },
    model::{
        account::RequiredAction,
        audit::{Action, Actor, PersonalKind, Subject},
        outbox::ResetCause,
        password::{ContextWords, PasswordPolicy, Preset},
        recovery::{CheckMethod, IdentityCheck, Reported},
        session::Client,
    },
    port::AccountQuery,
    value::{SignedDuration, TokenSecret},
};
use secrecy::ExposeSecret as _;

use crate::{
    actors::{ADMINISTRATOR, GRACE, OPERATOR, PASSWORD, Wanted, World},
    visitors::{WRONG, another, candidate, mails},
};

async fn with_grace() -> World {
    let world = World::new().await;
    world.hires(GRACE).await;
    world.passes("PT1M");
    world
}

#[tokio::test]
async fn a_link_by_an_administrator_replaces_older_ones_and_is_mailed_to_the_person_alone() {
    let world = with_grace().await;
    let (carl, grace) = (world.administrator().await, world.account(GRACE).await);
    let asked = world.has_forgotten(GRACE).await;
    carl.mails_a_reset(grace.id).await.unwrap();
    world.recovers_nothing(&asked.link).await;
    assert_eq!(world.account(GRACE).await.recovery.generation, grace.recovery.generation + 1);
    assert_eq!(world.posts().await, mails([(GRACE, "reset")]));
    let first = world.reset_to(GRACE);
    assert!(first.cause == ResetCause::Administrator && world.recovers(&first.link).await);
    world.passes("PT1M");
    carl.mails_a_reset(grace.id).await.unwrap();
    world.recovers_nothing(&first.link).await;
    world.posts().await;
    let second = world.reset_to(GRACE);
    assert!(world.guesses(GRACE, PASSWORD).await.is_ok(), "until it is used the password stays");
    world.resets(&second.link, &another(1)).await.unwrap();
    world.recovers_nothing(&second.link).await;
}

#[tokio::test]
async fn a_link_by_an_administrator_that_was_replaced_before_it_was_mailed_is_not_mailed() {
    let world = with_grace().await;
    let (carl, grace) = (world.administrator().await, world.account(GRACE).await.id);
    carl.mails_a_reset(grace).await.unwrap();
    world.passes("PT1S");
    carl.mails_a_reset(grace).await.unwrap();
    assert_eq!(world.posts().await.len(), 1);
    assert!(world.recovers(&world.reset_to(GRACE).link).await);
    world.passes("PT1S");
    carl.mails_a_reset(grace).await.unwrap();
    carl.disables(grace).await.unwrap();
    assert!(world.posts().await.is_empty());
}

#[tokio::test]
async fn strangers_who_ask_for_mails_do_not_keep_an_administrators_link_back() {
    let world = with_grace().await;
    for _ in 0..5 {
        world.forgets(GRACE).await.unwrap();
    }
    world.posts().await;
    let (carl, grace) = (world.administrator().await, world.account(GRACE).await.id);
    for _ in 0..4 {
        world.passes("PT1S");
        carl.mails_a_reset(grace).await.unwrap();
        assert_eq!(world.posts().await, mails([(GRACE, "reset")]));
    }
}

#[tokio::test]
async fn a_temporary_password_is_good_for_one_login_and_for_choosing_another() {
    let world = with_grace().await;
    let (carl, grace) = (world.administrator().await, world.account(GRACE).await.id);
    let (session, asked) = (world.logs_in(GRACE, PASSWORD).await.unwrap().secret, world.has_forgotten(GRACE).await);
    let temporary = carl.sets_a_temporary_password(grace).await.unwrap();
    assert!(world.session(&session).await.is_none(), "sessions survive");
    world.recovers_nothing(&asked.link).await;
    assert!(world.guesses(GRACE, PASSWORD).await.is_err(), "the older password still works");
    assert_eq!(world.account(GRACE).await.required_actions, [RequiredAction::ChangePassword].into());

    let signed_in = world.guesses(GRACE, &temporary).await.unwrap();
    assert_eq!(signed_in.account.required_actions, [RequiredAction::ChangePassword].into());
    assert!(matches!(world.guesses(GRACE, &temporary).await, Err(LogInError::Refused)), "it is good for one login");
    world.changes_password(&signed_in.secret, &temporary, &another(1)).await.unwrap();
    assert!(world.account(GRACE).await.required_actions.is_empty());
    assert!(world.session(&signed_in.secret).await.is_some(), "a person who chose a password goes on");
    assert!(world.guesses(GRACE, &another(1)).await.is_ok());
}

#[tokio::test]
async fn a_person_who_logged_in_with_a_temporary_password_a_moment_ago_does_not_type_it_again() {
    let world = with_grace().await;
    let (carl, grace) = (world.administrator().await, world.account(GRACE).await.id);
    let chooses = async |secret: &TokenSecret, current: Option<&str>| {
        let signed_in = world.session(secret).await.unwrap();
        let knows = world.flows().change_password.knows_current(&signed_in).await.unwrap();
        let command = ChangePasswordCommand {
            current: current.map(candidate),
            password: candidate(&another(1)),
            confirmation: candidate(&another(1)),
            client: Client::default(),
        };
        (knows, world.flows().change_password.run(&signed_in, command).await)
    };
    // A session of a password that its person chose shows nothing, also where another is required.
    let session = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    assert!(matches!(chooses(&session, None).await, (false, Err(ChangePasswordError::WrongPassword(_)))));
    carl.requires_a_new_password(grace).await.unwrap();
    assert!(matches!(chooses(&session, None).await, (false, Err(ChangePasswordError::WrongPassword(_)))));

    let temporary = carl.sets_a_temporary_password(grace).await.unwrap();
    let session = world.guesses(GRACE, &temporary).await.unwrap().secret;
    world.passes("PT20M");
    assert!(matches!(chooses(&session, None).await, (false, Err(ChangePasswordError::WrongPassword(_)))), "that was long ago");
    assert!(matches!(chooses(&session, Some("Wrong-one-7!")).await, (_, Err(ChangePasswordError::WrongPassword(_)))));

    let temporary = carl.sets_a_temporary_password(grace).await.unwrap();
    let session = world.guesses(GRACE, &temporary).await.unwrap().secret;
    assert!(matches!(chooses(&session, Some("Wrong-one-7!")).await, (true, Err(ChangePasswordError::WrongPassword(_)))));
    assert!(matches!(chooses(&session, None).await, (true, Ok(()))));
    assert!(world.guesses(GRACE, &another(1)).await.is_ok());
    assert!(
        matches!(chooses(&session, None).await, (false, Err(ChangePasswordError::WrongPassword(_)))),
        "it shows nothing any more"
    );
}

#[tokio::test]
async fn of_two_logins_at_once_with_a_temporary_password_one_succeeds() {
    let world = with_grace().await;
    let grace = world.account(GRACE).await.id;
    let temporary = world.administrator().await.sets_a_temporary_password(grace).await.unwrap();
    let before = world.sessions_started();
    let (other, same) = (world.clone(), temporary.clone());
    world.stage().just_before("commit", async move {
        other.guesses(GRACE, &same).await.unwrap();
    });
    let refused = world.guesses(GRACE, &temporary).await;
    assert!(matches!(refused, Err(LogInError::Refused)), "it was good for two: {refused:?}");
    assert_eq!(world.sessions_started(), before + 1);
}

#[tokio::test]
async fn a_temporary_password_ends_by_itself_and_is_verified_all_the_same() {
    for early in [true, false] {
        let world = with_grace().await;
        let grace = world.account(GRACE).await.id;
        let temporary = world.administrator().await.sets_a_temporary_password(grace).await.unwrap();
        let end = world.now() + SignedDuration::from_hours(1);
        if early {
            world.it_is_just_before(end);
        } else {
            world.it_is(end);
        }
        world.kit().faults.none();
        assert_eq!(world.guesses(GRACE, &temporary).await.is_ok(), early);
        assert_eq!(world.verifications(), 1);
    }
}

#[tokio::test]
async fn a_temporary_password_keeps_every_policy_however_long_it_asks_for() {
    for preset in [Preset::Classic, Preset::Nist] {
        for min_length in [8, 15, 24, 25, 39, 40, 41, 64, 200] {
            let policy = PasswordPolicy { min_length, breached: true, ..PasswordPolicy::preset(preset) };
            let world = with_grace().await.under(|settings| settings.password_policy = policy.clone());
            let grace = world.account(GRACE).await.id;
            let temporary = world.administrator().await.sets_a_temporary_password(grace).await;
            let temporary = temporary.unwrap_or_else(|error| panic!("{preset:?}, at least {min_length}: {error:?}"));
            let broken = world.flows().assess_password.run(&candidate(&temporary), &ContextWords::default()).await.unwrap().broken;
            assert!(broken.is_empty(), "{preset:?}, at least {min_length}: {broken:?}");
            assert!(world.guesses(GRACE, &temporary).await.is_ok());
        }
    }
}

#[tokio::test]
async fn two_temporary_passwords_are_two() {
    let world = with_grace().await;
    let (carl, grace) = (world.administrator().await, world.account(GRACE).await.id);
    let first = carl.sets_a_temporary_password(grace).await.unwrap();
    world.passes("PT1S");
    let second = carl.sets_a_temporary_password(grace).await.unwrap();
    assert_ne!(first, second);
    assert!(world.guesses(GRACE, &first).await.is_err());
    assert!(world.guesses(GRACE, &second).await.is_ok());
}

#[tokio::test]
async fn a_temporary_password_stands_in_no_mail_and_the_person_can_say_that_it_was_somebody_else() {
    let world = with_grace().await;
    let grace = world.account(GRACE).await.id;
    let temporary = world.administrator().await.sets_a_temporary_password(grace).await.unwrap();
    assert_eq!(world.posts().await, mails([(GRACE, "temporary password")]));
    let report = world.change_reports_to(GRACE).pop().unwrap();
    assert!(!report.to_text().expose_secret().contains(&temporary));
    assert_eq!(world.reports(&report).await.unwrap(), Reported::Change);
    assert!(world.guesses(GRACE, &temporary).await.is_err(), "and ends it");
    world.posts().await;
    let refused = world.resets(&world.reset_to(GRACE).link, &temporary).await;
    assert!(matches!(refused, Err(ResetError::Refused(_))), "{refused:?}");
}

#[tokio::test]
async fn how_the_person_was_recognised_is_recorded_beside_who_did_it() {
    for by_link in [true, false] {
        let world = with_grace().await;
        let (carl, grace) = (world.administrator().await, world.account(GRACE).await.id);
        if by_link {
            carl.mails_a_reset(grace).await.unwrap();
        } else {
            carl.sets_a_temporary_password(grace).await.unwrap();
        }
        let event = world.recorded(Action::PasswordResetIssued).pop().unwrap();
        assert_eq!((event.actor, event.subject), (Actor::Account(carl.account().id), Subject::Account(grace)));
        let check = event.personal.iter().find(|field| field.kind == PersonalKind::IdentityCheck).expect("the check");
        assert_eq!(check.value, "video_call: Knew the number of the badge");
    }
    assert!(IdentityCheck::new(CheckMethod::Other, " ").is_err(), "a check says what speaks for it");
    assert!(IdentityCheck::new(CheckMethod::Other, &"x".repeat(201)).is_err());
}

#[tokio::test]
async fn a_temporary_password_lets_an_address_try_again_that_strangers_locked() {
    let world = with_grace().await;
    for _ in 0..5 {
        world.guesses(GRACE, WRONG).await.unwrap_err();
    }
    let grace = world.account(GRACE).await.id;
    let temporary = world.administrator().await.sets_a_temporary_password(grace).await.unwrap();
    assert!(world.guesses(GRACE, &temporary).await.is_ok());
}

#[tokio::test]
async fn nobody_helps_themselves_or_operators_or_other_companies_or_the_disabled() {
    let world = with_grace().await;
    let (ada, carl) = (world.operator().await, world.administrator().await);
    let other = ada.opens_company("Other").await;
    let olga = world.hires(Wanted::new("olga@example.net").company(other.id)).await;
    let grace = world.account(GRACE).await;
    ada.disables(grace.id).await.unwrap();
    world.posts().await;
    let before = world.history().len();
    for (admin, id, reason) in [
        (&carl, carl.account().id, "own"),
        (&ada, ada.account().id, "own"),
        (&carl, ada.account().id, "operator"),
        (&carl, olga.id, "other"),
        (&carl, grace.id, "disabled"),
    ] {
        let refused = [admin.mails_a_reset(id).await, admin.sets_a_temporary_password(id).await.map(drop)];
        for refused in refused {
            let expected = match &refused {
                Err(AssistedResetError::Administration(AdministrationError::OwnAccount)) => "own",
                Err(AssistedResetError::Administration(AdministrationError::NotAllowed)) => "operator",
                Err(AssistedResetError::Administration(AdministrationError::NotFound)) => "other",
                Err(AssistedResetError::Disabled) => "disabled",
                other => panic!("{reason}: {other:?}"),
            };
            assert_eq!(expected, reason);
        }
        if reason == "disabled" {
            continue;
        }
        for refused in [admin.requires_a_new_password(id).await.map(drop), admin.ends_sessions(id).await, admin.unlocks(id).await] {
            let expected = match &refused {
                Err(AdministrationError::OwnAccount) => "own",
                Err(AdministrationError::NotAllowed) => "operator",
                Err(AdministrationError::NotFound) => "other",
                other => panic!("{reason}: {other:?}"),
            };
            assert_eq!(expected, reason);
        }
    }
    assert_eq!(world.history().len(), before, "nothing was changed");
    assert!(world.posts().await.is_empty());
    let olgas = world.hires(Wanted::new("second@example.org").role("operator")).await;
    assert!(ada.mails_a_reset(olgas.id).await.is_ok(), "an operator helps an operator");
}

#[tokio::test]
async fn an_administrator_who_was_demoted_a_moment_ago_helps_nobody() {
    let world = with_grace().await;
    let (carl, grace) = (world.administrator().await, world.account(GRACE).await.id);
    world.strips(ADMINISTRATOR).await;
    let conflict = |refused: &Result<(), AssistedResetError>| {
        matches!(refused, Err(AssistedResetError::Administration(AdministrationError::Conflict)))
    };
    assert!(conflict(&carl.mails_a_reset(grace).await));
    assert!(conflict(&carl.sets_a_temporary_password(grace).await.map(drop)));
    assert!(carl.requires_a_new_password(grace).await.is_err() && carl.ends_sessions(grace).await.is_err());
    assert!(carl.unlocks(grace).await.is_err());
    assert!(world.guesses(GRACE, PASSWORD).await.is_ok());
}

#[tokio::test]
async fn an_account_that_changes_while_its_password_is_reset_is_looked_at_again() {
    for disabled in [true, false] {
        let world = with_grace().await;
        let (ada, carl, grace) = (world.operator().await, world.administrator().await, world.account(GRACE).await.id);
        let (other, hash) = (world.clone(), world.hash_of(GRACE).await);
        world.stage().just_before("commit", async move {
            if disabled {
                ada.disables(grace).await.unwrap();
            } else {
                other.keeps_only(["editor"], GRACE).await;
            }
        });
        let refused = carl.sets_a_temporary_password(grace).await;
        assert!(matches!(refused, Err(AssistedResetError::Administration(AdministrationError::Conflict))), "{refused:?}");
        assert_eq!(world.hash_of(GRACE).await, hash);
    }
}

#[tokio::test]
async fn a_required_change_leaves_sessions_and_links_and_tells_the_person() {
    let world = with_grace().await;
    let grace = world.account(GRACE).await.id;
    let session = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    let asked = world.has_forgotten(GRACE).await;
    let account = world.administrator().await.requires_a_new_password(grace).await.unwrap();
    assert_eq!(account, world.account(GRACE).await);
    assert_eq!(account.required_actions, [RequiredAction::ChangePassword].into());
    let led_there = world.session(&session).await.expect("an open session is led there").account;
    assert_eq!(led_there.required_actions, [RequiredAction::ChangePassword].into());
    assert!(world.recovers(&asked.link).await);
    assert_eq!(world.posts().await, mails([(GRACE, "password change required")]));
    world.changes_password(&session, PASSWORD, &another(1)).await.unwrap();
    assert!(world.account(GRACE).await.required_actions.is_empty());
    assert_eq!(world.recorded(Action::PasswordChangeRequired).len(), 1);
}

#[tokio::test]
async fn an_administrator_ends_all_sessions_and_the_password_still_works() {
    let world = with_grace().await;
    let grace = world.account(GRACE).await.id;
    let (desk, phone) = (world.logs_in(GRACE, PASSWORD).await.unwrap().secret, world.logs_in_to_stay(GRACE).await.secret);
    let carls = world.logs_in(ADMINISTRATOR, PASSWORD).await.unwrap().secret;
    world.administrator().await.ends_sessions(grace).await.unwrap();
    assert!(world.session(&desk).await.is_none() && world.session(&phone).await.is_none());
    assert!(world.session(&carls).await.is_some());
    assert!(world.guesses(GRACE, PASSWORD).await.is_ok());
    assert_eq!(world.recorded(Action::SessionsEnded).len(), 1);
}

#[tokio::test]
async fn an_administrator_sees_that_an_address_is_locked_and_lets_it_try_again() {
    let world = with_grace().await;
    let (carl, grace) = (world.administrator().await, world.account(GRACE).await.id);
    let seen = world.flows().list_accounts.find(carl.proof(), grace).await.unwrap();
    assert_eq!((seen.failed_logins, seen.locked_until), (0, None));
    for _ in 0..5 {
        world.guesses(GRACE, WRONG).await.unwrap_err();
    }
    let seen = world.flows().list_accounts.find(carl.proof(), grace).await.unwrap();
    assert_eq!((seen.failed_logins, seen.locked_until), (5, Some(world.now() + SignedDuration::from_secs(1))));
    assert!(matches!(world.guesses(GRACE, PASSWORD).await, Err(LogInError::Fault(Fault::RateLimited { .. }))));
    carl.unlocks(grace).await.unwrap();
    assert!(world.guesses(GRACE, PASSWORD).await.is_ok());
    assert_eq!(world.recorded(Action::AccountUnlocked).len(), 1);
}

#[tokio::test]
async fn an_administrator_sees_the_accounts_of_the_own_company_whatever_is_asked_for() {
    let world = with_grace().await;
    let (ada, carl) = (world.operator().await, world.administrator().await);
    let other = ada.opens_company("Other").await;
    let olga = world.hires(Wanted::new("olga@example.net").company(other.id)).await;
    let everywhere = || AccountQuery {
        scope: identity_core::model::access::Scope::Everywhere,
        state: None,
        role: None,
        address_prefix: None,
        after: None,
        limit: 200,
    };
    let listed = async |admin| {
        let page = world.flows().list_accounts.run(admin, everywhere()).await.unwrap();
        let mut emails = page.items.into_iter().map(|account| account.email.as_str().to_owned()).collect::<Vec<_>>();
        emails.sort();
        emails
    };
    assert_eq!(listed(carl.proof()).await, [OPERATOR, ADMINISTRATOR, GRACE]);
    assert_eq!(listed(ada.proof()).await, [OPERATOR, ADMINISTRATOR, GRACE, "olga@example.net"]);
    let hidden = world.flows().list_accounts.find(carl.proof(), olga.id).await;
    assert!(matches!(hidden, Err(AdministrationError::NotFound)));
    assert!(world.flows().list_accounts.find(ada.proof(), olga.id).await.is_ok());
}
