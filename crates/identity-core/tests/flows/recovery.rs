//! "Forgot password?", the link that follows, and "this wasn't me".

use identity_core::{
    change::{AuditChange, Change, LinkChange, OutboxChange, PasswordChange, SessionChange},
    flow::{
        Fault,
        password::Unacceptable,
        recovery::{ReportError, ResetCommand, ResetError},
        session::LogInError,
    },
    model::{
        account::RequiredAction,
        audit::{Action, Actor, PersonalKind, Subject},
        link::{LinkPurpose, Token},
        outbox::{EmailContent, PasswordEmail, ResetCause},
        password::{PasswordPolicy, Preset, RuleId},
        recovery::Reported,
        session::Client,
        throttle::Rate,
    },
    value::SignedDuration,
};
use tokio::task::JoinSet;

use crate::{
    actors::{ADMINISTRATOR, GRACE, OPERATOR, PASSWORD, World, address},
    visitors::{WRONG, another, at, candidate, mails},
};

async fn with_grace() -> World {
    let world = World::new().await;
    world.hires(GRACE).await;
    world.passes("PT1M");
    world
}

#[tokio::test]
async fn the_whole_way_from_a_forgotten_password_to_a_login() {
    let world = with_grace().await;
    let before = world.account(GRACE).await;
    let (desk, phone) = (world.logs_in(GRACE, PASSWORD).await.unwrap(), world.logs_in_to_stay(GRACE).await);
    let mail = world.has_forgotten(GRACE).await;
    assert_eq!((mail.cause, mail.password_works), (ResetCause::Asked, true));
    assert_eq!(world.account(GRACE).await, before, "asking changes nothing of the account");
    assert!(world.session(&desk.secret).await.is_some());

    let page = world.flows().preview_recovery.run(&mail.link).await.unwrap();
    assert_eq!((page.email.as_str(), page.expires_at), (GRACE, world.now() + SignedDuration::from_hours(1)));
    assert!(page.words.as_slice().iter().any(|word| word == "Hopper"));

    let sessions = world.sessions_started();
    world.resets(&mail.link, &another(1)).await.unwrap();
    assert_eq!(world.sessions_started(), sessions, "nobody is signed in by a link");
    for session in [desk.secret, phone.secret] {
        assert!(world.session(&session).await.is_none(), "a session survived");
    }
    world.recovers_nothing(&mail.link).await;
    assert!(world.guesses(GRACE, PASSWORD).await.is_err(), "the older password still works");
    assert!(world.guesses(GRACE, &another(1)).await.is_ok());
    assert_eq!(world.posts().await, mails([(GRACE, "password reset")]));
    let event = world.recorded(Action::PasswordReset).pop().unwrap();
    assert_eq!((event.actor, event.subject), (Actor::Account(before.id), Subject::Account(before.id)));
}

#[tokio::test]
async fn everything_that_a_new_password_ends_ends_in_one_commit() {
    let world = with_grace().await;
    let mail = world.has_forgotten(GRACE).await;
    let before = world.history().len();
    world.resets(&mail.link, &another(1)).await.unwrap();
    let history = world.history();
    assert_eq!(history.len(), before + 1);
    let changes = history.last().unwrap().changes();
    let has = |is: fn(&Change) -> bool| changes.iter().any(is);
    assert!(has(|change| matches!(change, Change::Link(LinkChange::Spend { .. }))));
    assert!(has(|change| matches!(change, Change::Password(PasswordChange::Set { .. }))));
    assert!(has(|change| matches!(change, Change::Password(PasswordChange::Retire { keep: 4, .. }))));
    assert!(has(|change| matches!(change, Change::Session(SessionChange::EndAll(_)))));
    assert!(has(|change| matches!(change, Change::Outbox(OutboxChange::Queue(_)))));
    assert!(has(|change| matches!(change, Change::Audit(AuditChange::Record(_)))));
}

#[tokio::test]
async fn a_link_goes_to_the_address_as_it_is_kept_and_not_as_it_was_typed() {
    let world = World::new().await;
    world.hires("Grace@example.org").await;
    world.passes("PT1M");
    world.forgets("gRACE@example.org").await.unwrap();
    assert_eq!(world.posts().await, mails([("Grace@example.org", "reset")]));
}

#[tokio::test]
async fn only_an_active_account_gets_a_link() {
    let world = with_grace().await;
    let grace = world.account(GRACE).await.id;
    world.operator().await.disables(grace).await.unwrap();
    world.passes("PT1M");
    for email in [GRACE, "nobody@example.org"] {
        world.forgets(email).await.unwrap();
        assert!(world.posts().await.is_empty(), "{email}");
    }
    world.signed_up("hedy@example.net").await;
    world.forgets("hedy@example.net").await.unwrap();
    assert!(world.posts().await.is_empty(), "somebody who only signed up has nothing to recover");
}

#[tokio::test]
async fn asking_takes_the_same_calls_and_is_recorded_the_same_no_matter_who_has_the_address() {
    let world = with_grace().await;
    world.invited("ida@example.com").await;
    let mut seen = Vec::new();
    for email in [GRACE, "nobody@example.org", "ida@example.com"] {
        world.kit().faults.none();
        world.forgets(email).await.unwrap();
        let changes = world.history().last().unwrap().changes().len();
        seen.push((world.kit().faults.trace(), changes));
    }
    assert!(seen.iter().all(|observed| *observed == seen[0]), "{seen:?}");
    assert!(seen[0].0.iter().all(|call| matches!(*call, "entropy" | "commit")), "{seen:?}");
    for event in world.recorded(Action::RecoveryRequested) {
        assert_eq!((event.actor, event.subject), (Actor::Anonymous, Subject::Nothing));
        assert_eq!(event.personal[0].kind, PersonalKind::Address);
    }
}

/// Nobody can keep another from recovering by asking too.
#[tokio::test]
async fn every_link_that_was_asked_for_works_until_one_is_used_and_then_none() {
    for used in 0..3 {
        let world = with_grace().await;
        let generation = world.account(GRACE).await.recovery.generation;
        for _ in 0..3 {
            world.has_forgotten(GRACE).await;
            world.passes("PT1M");
        }
        assert_eq!(world.account(GRACE).await.recovery.generation, generation, "a stranger's request raised something");
        let links = world.resets_to(GRACE).into_iter().map(|mail| mail.link).collect::<Vec<_>>();
        assert_eq!(links.len(), 3);
        for link in &links {
            assert!(world.recovers(link).await);
        }
        world.resets(&links[used], &another(1)).await.unwrap();
        for link in &links {
            world.recovers_nothing(link).await;
        }
    }
}

#[tokio::test]
async fn a_link_works_for_an_hour_to_the_second() {
    for early in [true, false] {
        let world = with_grace().await;
        let mail = world.has_forgotten(GRACE).await;
        let end = world.entry(&mail.link).await.expires_at;
        if early {
            world.it_is_just_before(end);
            assert!(world.resets(&mail.link, &another(1)).await.is_ok());
        } else {
            world.it_is(end);
            world.recovers_nothing(&mail.link).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_who_use_one_link_at_once_set_one_password() {
    let world = with_grace().await;
    let mail = world.has_forgotten(GRACE).await;
    world.stage().gather("commit", 16);
    let mut crowd = JoinSet::new();
    for at in 0..16 {
        let (world, link) = (world.clone(), mail.link.clone());
        crowd.spawn(async move { (at, world.resets(&link, &another(at)).await) });
    }
    let answers = crowd.join_all().await;
    let winners = answers.iter().filter(|(_, answer)| answer.is_ok()).map(|(at, _)| *at).collect::<Vec<_>>();
    assert_eq!(winners.len(), 1);
    assert!(answers.iter().all(|(_, answer)| matches!(answer, Ok(_) | Err(ResetError::DeadLink))), "{answers:?}");
    assert!(world.guesses(GRACE, &another(winners[0])).await.is_ok());
    assert_eq!(world.recorded(Action::PasswordReset).len(), 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_new_password_comes_at_once_and_the_link_survives_it() {
    let world = with_grace().await;
    let mail = world.has_forgotten(GRACE).await;
    let before = world.history().len();
    let command = ResetCommand {
        secret: mail.link.clone(),
        password: candidate("hopper"),
        confirmation: candidate("something else"),
        answer: None,
        client: Client::default(),
    };
    let refused = world.flows().reset_password.run(command).await;
    let Err(ResetError::Refused(refusal)) = refused else { panic!("{refused:?}") };
    let password = vec![RuleId::MinLength, RuleId::Uppercase, RuleId::Digit, RuleId::Special, RuleId::NotPersonal];
    assert_eq!(refusal, Unacceptable { password, confirmation: true });
    assert_eq!(world.history().len(), before);
    assert!(world.resets(&mail.link, &another(1)).await.is_ok());
}

#[tokio::test]
async fn a_link_of_an_account_that_is_disabled_is_dead_and_stays_so() {
    let world = with_grace().await;
    let grace = world.account(GRACE).await.id;
    let mail = world.has_forgotten(GRACE).await;
    let ada = world.operator().await;
    ada.disables(grace).await.unwrap();
    world.recovers_nothing(&mail.link).await;
    ada.enables(grace).await.unwrap();
    world.recovers_nothing(&mail.link).await;
    world.passes("PT1M");
    let again = world.has_forgotten(GRACE).await;
    assert!(world.resets(&again.link, &another(1)).await.is_ok());
}

#[tokio::test]
async fn an_account_that_is_disabled_while_its_password_is_reset_keeps_the_old_one() {
    let world = with_grace().await;
    let (ada, grace) = (world.operator().await, world.account(GRACE).await.id);
    let mail = world.has_forgotten(GRACE).await;
    let hash = world.hash_of(GRACE).await;
    world.stage().just_before("commit", async move {
        ada.disables(grace).await.unwrap();
    });
    let refused = world.resets(&mail.link, &another(1)).await;
    assert!(matches!(refused, Err(ResetError::DeadLink)), "{refused:?}");
    assert_eq!(world.hash_of(GRACE).await, hash);
}

#[tokio::test]
async fn a_role_that_changes_while_a_password_is_reset_does_not_spoil_it() {
    let world = with_grace().await;
    let mail = world.has_forgotten(GRACE).await;
    let other = world.clone();
    world.stage().just_before("commit", async move { other.keeps_only(["editor"], GRACE).await });
    assert!(world.resets(&mail.link, &another(1)).await.is_ok());
    assert_eq!(world.account(GRACE).await.roles.len(), 1, "and the reset does not undo it");
}

#[tokio::test]
async fn a_request_that_was_made_before_the_password_was_changed_leads_to_nothing() {
    let world = with_grace().await;
    let mail = world.has_forgotten(GRACE).await;
    world.passes("PT1M");
    world.forgets(GRACE).await.unwrap();
    world.passes("PT1M");
    world.resets(&mail.link, &another(1)).await.unwrap();
    assert_eq!(world.posts().await, mails([(GRACE, "password reset")]));
    world.passes("PT1M");
    let later = world.has_forgotten(GRACE).await;
    assert!(world.recovers(&later.link).await, "a later one does");
}

#[tokio::test]
async fn a_password_that_changes_while_the_mail_is_written_leaves_no_link_that_works() {
    let world = with_grace().await;
    let mail = world.has_forgotten(GRACE).await;
    world.passes("PT1M");
    world.forgets(GRACE).await.unwrap();
    let (other, link) = (world.clone(), mail.link);
    world.stage().just_before("commit", async move {
        other.passes("PT1M");
        other.resets(&link, &another(1)).await.unwrap();
    });
    world.posts().await;
    assert_eq!(world.resets_to(GRACE).len(), 1, "a link that never worked was mailed");
}

// Passwords of before.

#[tokio::test]
async fn the_last_five_passwords_are_refused_and_no_more() {
    let world = with_grace().await;
    let mut used = vec![PASSWORD.to_owned()];
    for number in 1..=6 {
        world.passes("PT1H");
        let mail = world.has_forgotten(GRACE).await;
        for (before, older) in used.iter().rev().enumerate() {
            let refused = world.resets(&mail.link, older).await;
            let reused = Unacceptable { password: vec![RuleId::NotReused], confirmation: false };
            match refused {
                Err(ResetError::Refused(refusal)) if before < 5 => assert_eq!(refusal, reused),
                Ok(_) if before >= 5 => return,
                other => panic!("the {}. password before: {other:?}", before + 1),
            }
        }
        world.resets(&mail.link, &another(number)).await.unwrap();
        used.push(another(number));
    }
    panic!("the sixth password before was never taken");
}

#[tokio::test]
async fn a_temporary_password_is_one_of_the_last_five_too() {
    let world = with_grace().await;
    let grace = world.account(GRACE).await.id;
    let temporary = world.operator().await.sets_a_temporary_password(grace).await.unwrap();
    for number in 1..=5 {
        world.passes("PT1H");
        let mail = world.has_forgotten(GRACE).await;
        let refused = world.resets(&mail.link, &temporary).await;
        assert!(matches!(refused, Err(ResetError::Refused(_))), "after {number}: {refused:?}");
        world.resets(&mail.link, &another(number)).await.unwrap();
    }
    world.passes("PT1H");
    let mail = world.has_forgotten(GRACE).await;
    assert!(world.resets(&mail.link, &temporary).await.is_ok(), "five others came after it");
}

#[tokio::test]
async fn where_nothing_is_remembered_a_temporary_password_is_refused_all_the_same() {
    let world = with_grace().await;
    let nist = world.under(|settings| settings.password_policy = PasswordPolicy::preset(Preset::Nist));
    let grace = nist.account(GRACE).await.id;
    let long = "a long and quiet sentence";
    nist.resets(&nist.has_forgotten(GRACE).await.link, long).await.unwrap();
    nist.passes("PT1H");
    nist.resets(&nist.has_forgotten(GRACE).await.link, long).await.unwrap();
    nist.passes("PT1H");
    let temporary = nist.operator().await.sets_a_temporary_password(grace).await.unwrap();
    nist.passes("PT1H");
    let mail = nist.has_forgotten(GRACE).await;
    let refused = nist.resets(&mail.link, &temporary).await;
    assert!(matches!(refused, Err(ResetError::Refused(_))), "{refused:?}");
    assert!(nist.resets(&mail.link, long).await.is_ok());
}

// Strangers who ask, and strangers who guess.

#[tokio::test]
async fn an_address_gets_three_mails_of_a_kind_in_an_hour_while_every_request_is_answered_the_same() {
    let world = with_grace().await;
    for _ in 0..6 {
        world.forgets(GRACE).await.unwrap();
        world.signs_up(GRACE).await.unwrap();
        world.forgets("nobody@example.org").await.unwrap();
        world.passes("PT1S");
    }
    let posted = world.posts().await;
    let count = |about| posted.iter().filter(|mail| **mail == (GRACE.to_owned(), about)).count();
    assert_eq!((count("reset"), count("already registered"), posted.len()), (3, 3, 6), "each kind has its own share");
    world.passes("PT20M");
    world.forgets(GRACE).await.unwrap();
    assert_eq!(world.posts().await.len(), 1, "after a third of an hour one more");
}

#[tokio::test]
async fn mails_to_a_new_address_and_to_an_invitee_are_limited_too() {
    let world = with_grace().await;
    world.invited("ida@example.com").await;
    for email in ["hedy@example.net", "ida@example.com"] {
        for _ in 0..6 {
            world.signs_up(email).await.unwrap();
        }
        assert_eq!(world.posts().await.len(), 3, "{email}");
    }
}

#[tokio::test]
async fn a_mail_that_is_tried_again_takes_no_second_share() {
    let world = with_grace().await;
    world.forgets(GRACE).await.unwrap();
    world.weather(crate::stage::Weather::Storm);
    for _ in 0..3 {
        world.works_the_outbox_off().await.unwrap();
        world.passes("PT5M");
    }
    world.weather(crate::stage::Weather::Fair);
    assert_eq!(world.posts().await.len(), 1);
    for _ in 0..2 {
        world.has_forgotten(GRACE).await;
    }
    assert_eq!(world.resets_to(GRACE).len(), 3);
}

#[tokio::test]
async fn too_many_requests_for_an_address_are_refused_no_matter_who_has_it() {
    let world = with_grace().await;
    for email in [GRACE, "nobody@example.org"] {
        for _ in 0..10 {
            world.forgets(email).await.unwrap();
        }
    }
    let mut seen = Vec::new();
    for email in [GRACE, "nobody@example.org"] {
        let before = world.history().len();
        world.kit().faults.none();
        let refused = world.forgets(email).await.unwrap_err();
        seen.push((format!("{refused:?}"), world.kit().faults.trace()));
        assert_eq!(world.history().len(), before, "and nothing is kept of it");
    }
    assert_eq!(seen[0], seen[1]);
    assert!(seen[0].0.contains("RateLimited"), "{seen:?}");
    assert!(world.signs_up(GRACE).await.is_ok(), "another kind of request has its own limit");
    world.passes("PT6M");
    assert!(world.forgets(GRACE).await.is_ok());
    assert!(world.forgets(GRACE).await.is_err());
}

#[tokio::test]
async fn too_many_requests_from_a_network_are_refused_whatever_addresses_they_name() {
    let world = with_grace().await;
    let from = async |network: &str, email: &str| world.flows().request_recovery.run(address(email), None, &at(network)).await;
    for number in 0..10 {
        from("2001:db8:1:2::7", &format!("a{number}@example.net")).await.unwrap();
    }
    let mut seen = Vec::new();
    for email in [GRACE, "nobody@example.org"] {
        // A neighbour in the same customer's network counts as the same.
        world.kit().faults.none();
        let refused = from("2001:db8:1:2:ffff::9", email).await.unwrap_err();
        seen.push((format!("{refused:?}"), world.kit().faults.trace()));
    }
    assert!(seen[0].0.contains("RateLimited") && seen[0] == seen[1], "{seen:?}");
    assert!(from("2001:db8:1:3::7", GRACE).await.is_ok(), "another network");
}

#[tokio::test]
async fn uses_of_links_from_one_network_are_limited() {
    let one = Rate::per(1, SignedDuration::from_mins(1));
    let world = with_grace().await.under(|settings| settings.throttle.links_per_network = one);
    let mail = world.has_forgotten(GRACE).await;
    let reset = async |link, network| {
        let password = candidate(&another(1));
        let (confirmation, client) = (password.clone(), at(network));
        let command = ResetCommand { secret: link, password, confirmation, answer: None, client };
        world.flows().reset_password.run(command).await
    };
    assert!(matches!(reset(mail.report.clone(), "192.0.2.9").await, Err(ResetError::DeadLink)));
    let refused = reset(mail.link.clone(), "192.0.2.9").await;
    assert!(matches!(refused, Err(ResetError::Fault(Fault::RateLimited { .. }))), "{refused:?}");
    assert!(reset(mail.link, "192.0.2.10").await.is_ok(), "and the link is none the worse for it");
}

#[tokio::test]
async fn a_person_who_resets_a_password_signs_in_though_strangers_locked_the_address() {
    let world = with_grace().await;
    for _ in 0..5 {
        world.guesses(GRACE, WRONG).await.unwrap_err();
    }
    let locked = world.guesses(GRACE, PASSWORD).await;
    assert!(matches!(locked, Err(LogInError::Fault(Fault::RateLimited { .. }))), "{locked:?}");
    let mail = world.has_forgotten(GRACE).await;
    let device = world.resets(&mail.link, &another(1)).await.unwrap().device;
    // The lock is forgotten; the stranger locks the address again, and the browser of the reset is let in all the same.
    for _ in 0..5 {
        assert!(matches!(world.guesses(GRACE, WRONG).await, Err(LogInError::Refused)));
    }
    assert!(matches!(world.guesses(GRACE, &another(1)).await, Err(LogInError::Fault(Fault::RateLimited { .. }))));
    let trusted = world.tries(GRACE, &another(1), (Some(&device), Client::default())).await;
    assert!(trusted.unwrap().device.is_none(), "it is known already");
}

#[tokio::test]
async fn a_reset_clears_what_was_required() {
    let world = with_grace().await;
    let grace = world.account(GRACE).await.id;
    world.operator().await.requires_a_new_password(grace).await.unwrap();
    let mail = world.has_forgotten(GRACE).await;
    world.resets(&mail.link, &another(1)).await.unwrap();
    assert!(world.account(GRACE).await.required_actions.is_empty());
}

// "This wasn't me."

#[tokio::test]
async fn a_person_who_did_not_ask_for_a_link_ends_it_and_an_administrator_is_told() {
    let world = with_grace().await;
    let session = world.logs_in(GRACE, PASSWORD).await.unwrap().secret;
    let mail = world.has_forgotten(GRACE).await;
    let shown = world.flows().report_access.preview(&mail.report).await.unwrap();
    assert_eq!((shown.reported, shown.language.as_str()), (Reported::Reset, "en"));
    assert!(world.recovers(&mail.link).await, "looking ends nothing");
    world.passes("PT1M");
    world.forgets(GRACE).await.unwrap();
    world.passes("PT1M");
    assert_eq!(world.reports(&mail.report).await.unwrap(), Reported::Reset);
    world.recovers_nothing(&mail.link).await;
    assert_eq!(world.posts().await, mails([(ADMINISTRATOR, "reset reported")]), "and what was asked for before leads to nothing");
    assert!(world.session(&session).await.is_some() && world.guesses(GRACE, PASSWORD).await.is_ok(), "nobody got in");
    let again = world.reports(&mail.report).await;
    assert!(matches!(again, Err(ReportError::DeadLink)), "{again:?}");
    assert_eq!(world.recorded(Action::AccessReported).len(), 1);
}

#[tokio::test]
async fn a_person_who_did_not_change_the_password_gets_the_account_back() {
    let world = with_grace().await;
    let mail = world.has_forgotten(GRACE).await;
    // Somebody who reads her mail, or her screen.
    world.resets(&mail.link, &another(1)).await.unwrap();
    world.posts().await;
    let report = world.change_reports_to(GRACE).pop().unwrap();
    let stranger = world.guesses(GRACE, &another(1)).await.unwrap();
    world.passes("PT1M");
    assert_eq!(world.reports(&report).await.unwrap(), Reported::Change);
    assert!(world.session(&stranger.secret).await.is_none(), "the stranger is still in");
    assert!(world.guesses(GRACE, &another(1)).await.is_err(), "the stranger's password still works");
    assert_eq!(world.account(GRACE).await.required_actions, [RequiredAction::ChangePassword].into());
    let mut posted = world.posts().await;
    posted.sort();
    assert_eq!(posted, mails([(ADMINISTRATOR, "access reported"), (GRACE, "reset after a report")]));
    assert!(!world.reset_to(GRACE).password_works);
    // A person who lets that link lapse and asks for another one is told the same of the password.
    let asked = world.has_forgotten(GRACE).await;
    assert_eq!((asked.cause, asked.password_works), (ResetCause::Asked, false));
    let link = world.reset_to(GRACE).link;
    let refused = world.resets(&link, &another(1)).await;
    assert!(matches!(refused, Err(ResetError::Refused(_))), "the stranger's password is not chosen again: {refused:?}");
    world.resets(&link, &another(2)).await.unwrap();
    assert!(world.guesses(GRACE, &another(2)).await.is_ok());
    let again = world.reports(&report).await;
    assert!(matches!(again, Err(ReportError::DeadLink)), "{again:?}");
}

/// A stranger who used the address's share of mails up leaves the person who reports without a link otherwise.
#[tokio::test]
async fn a_person_who_reports_gets_a_link_whatever_strangers_asked_for_before() {
    let world = with_grace().await;
    world.resets(&world.has_forgotten(GRACE).await.link, &another(1)).await.unwrap();
    world.posts().await;
    let report = world.change_reports_to(GRACE).pop().unwrap();
    for _ in 0..5 {
        world.passes("PT1S");
        world.forgets(GRACE).await.unwrap();
    }
    world.posts().await;
    world.passes("PT1S");
    let before = world.resets_to(GRACE).len();
    world.reports(&report).await.unwrap();
    world.posts().await;
    assert_eq!(world.resets_to(GRACE).len(), before + 1, "the person who reported is shut out");
    assert!(world.resets(&world.reset_to(GRACE).link, &another(2)).await.is_ok());
}

#[tokio::test]
async fn a_report_works_whatever_becomes_of_the_account_until_its_end() {
    let world = with_grace().await;
    let grace = world.account(GRACE).await.id;
    world.resets(&world.has_forgotten(GRACE).await.link, &another(1)).await.unwrap();
    world.posts().await;
    let report = world.change_reports_to(GRACE).pop().unwrap();
    let end = world.entry(&report).await.expires_at;
    assert_eq!(end, world.now() + SignedDuration::from_hours(30 * 24));
    let ada = world.operator().await;
    ada.disables(grace).await.unwrap();
    ada.enables(grace).await.unwrap();
    world.keeps_only(["editor"], GRACE).await;
    world.passes("PT1M");
    world.resets(&world.has_forgotten(GRACE).await.link, &another(2)).await.unwrap();
    ada.mails_a_reset(grace).await.unwrap();
    ada.sets_a_temporary_password(grace).await.unwrap();
    world.posts().await;
    assert!(world.flows().report_access.preview(&report).await.is_ok());
    world.it_is(end);
    let late = world.flows().report_access.preview(&report).await;
    assert!(matches!(late, Err(ReportError::DeadLink)), "{late:?}");
    world.it_is_just_before(end);
    assert_eq!(world.reports(&report).await.unwrap(), Reported::Change);
}

#[tokio::test]
async fn a_report_that_comes_while_the_account_changes_counts_all_the_same() {
    let world = with_grace().await;
    world.resets(&world.has_forgotten(GRACE).await.link, &another(1)).await.unwrap();
    world.posts().await;
    let report = world.change_reports_to(GRACE).pop().unwrap();
    let other = world.clone();
    world.stage().just_before("commit", async move { other.keeps_only(["editor"], GRACE).await });
    assert_eq!(world.reports(&report).await.unwrap(), Reported::Change);
    assert!(world.guesses(GRACE, &another(1)).await.is_err());
}

#[tokio::test]
async fn where_nobody_else_administers_the_company_the_operators_are_told_and_never_the_person() {
    let world = with_grace().await;
    world.resets(&world.has_forgotten(ADMINISTRATOR).await.link, &another(1)).await.unwrap();
    world.posts().await;
    world.reports(&world.change_reports_to(ADMINISTRATOR).pop().unwrap()).await.unwrap();
    let mut posted = world.posts().await;
    posted.sort();
    assert_eq!(posted, mails([(OPERATOR, "access reported"), (ADMINISTRATOR, "reset after a report")]));
    let EmailContent::Password(PasswordEmail::AccessReported { address, account, .. }) =
        &world.mails_to(OPERATOR).pop().unwrap().content
    else {
        panic!("another mail came after it")
    };
    assert_eq!((address.as_str(), *account), (ADMINISTRATOR, world.account(ADMINISTRATOR).await.id));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_report_sent_at_once_from_many_windows_is_one_report() {
    let world = with_grace().await;
    let mail = world.has_forgotten(GRACE).await;
    world.stage().gather("commit", 8);
    let mut crowd = JoinSet::new();
    for _ in 0..8 {
        let (world, report) = (world.clone(), mail.report.clone());
        crowd.spawn(async move { world.reports(&report).await });
    }
    let answers = crowd.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert!(answers.iter().all(|answer| matches!(answer, Ok(_) | Err(ReportError::DeadLink))), "{answers:?}");
}

/// Each bond of a link holds by itself: here all the others are sound.
#[tokio::test]
async fn a_link_that_is_over_used_up_of_another_generation_for_another_address_or_another_thing_recovers_nothing() {
    let world = with_grace().await;
    let mail = world.has_forgotten(GRACE).await;
    let sound = world.entry(&mail.link).await;
    let grace = world.account(GRACE).await.id;
    let link = world.forges(sound.clone()).await.link;
    assert!(world.recovers(&link).await);
    for (bond, forged) in [
        ("its own end", Token { expires_at: world.now(), ..sound.clone() }),
        ("its use", Token { spent_at: Some(world.now()), ..sound.clone() }),
        ("an older generation", Token { generation: sound.generation - 1, ..sound.clone() }),
        ("a later generation", Token { generation: sound.generation + 1, ..sound.clone() }),
        ("the address", Token { sent_to: Some(address("eve@example.net")), ..sound.clone() }),
        ("no address", Token { sent_to: None, ..sound.clone() }),
        ("what it is about", Token { subject: LinkPurpose::ResetReport(grace), ..sound.clone() }),
        ("whom it is about", Token { subject: LinkPurpose::Recovery(world.account(OPERATOR).await.id), ..sound.clone() }),
    ] {
        let link = world.forges(forged).await.link;
        assert!(!world.recovers(&link).await, "{bond} does not bind");
        world.recovers_nothing(&link).await;
    }
    assert!(world.recovers(&link).await);
}
