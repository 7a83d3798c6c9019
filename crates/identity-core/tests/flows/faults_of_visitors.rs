//! What people do for themselves, and what is done for them, with the n-th port call failing, for every n.

use std::collections::BTreeSet;

use identity_core::{
    flow::{
        Fault,
        password::ChangePasswordError,
        recovery::ResetError,
        registration::{Completed, VerifyCodeError},
        session::LogInError,
    },
    model::{Settings, account::RequiredAction, recovery::Reported, registration::RegistrationState, session::Client},
    value::Lifetime,
};

use crate::{
    actors::{ADMINISTRATOR, GRACE, PASSWORD, World},
    faults::{Stopped, survives_every_fault},
    visitors::{WRONG, another, mails},
};

const HEDY: &str = "hedy@example.net";

async fn met_grace() -> World {
    let world = World::new().await;
    world.hires(GRACE).await;
    world.passes("PT1M");
    // Somebody to act on, in place of the company administrator.
    world.meets(GRACE).await;
    world
}

async fn signed_up(change: impl FnOnce(&mut Settings)) -> World {
    let world = World::met().await.under(change);
    let (flow, mail) = world.signed_up(HEDY).await;
    world.keeps(flow.clone());
    world.keeps_text(&mail.code.unwrap());
    world.keeps_registration(world.registration_of(&flow).await.id);
    world
}

async fn with_activation_link(change: impl FnOnce(&mut Settings)) -> World {
    let world = signed_up(change).await;
    world.keeps(world.activation_link(HEDY));
    world
}

async fn with_reset_link() -> World {
    let world = met_grace().await;
    world.keeps(world.has_forgotten(GRACE).await.link);
    world
}

async fn with_session() -> World {
    let world = met_grace().await;
    let secret = world.guesses(GRACE, PASSWORD).await.unwrap().secret;
    world.keeps_signed_in(world.whoami(&secret).await.unwrap());
    world
}

const fn as_it_is(_: &mut Settings) {}

const fn with_approval(settings: &mut Settings) {
    settings.registration.approval = true;
}

#[tokio::test]
async fn signing_up() {
    let flow = async |world: &World| Ok(world.signs_up(HEDY).await.map(drop)?);
    survives_every_fault(World::met, flow, async |world| {
        assert_eq!(world.posts().await, mails([(HEDY, "activation")]));
        assert!(world.completes(&world.activation_link(HEDY)).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn asking_for_the_activation_mail_again() {
    let prepare = async || signed_up(as_it_is).await;
    let flow = async |world: &World| Ok(world.asks_again_by(&world.kept()).await?);
    survives_every_fault(prepare, flow, async |world| {
        assert_eq!(world.posts().await, mails([(HEDY, "activation")]));
        assert!(world.types(&world.kept(), &world.activation_to(HEDY).code.unwrap()).await.is_ok());
    })
    .await;
    let flow = async |world: &World| Ok(world.asks_again_for(HEDY).await?);
    survives_every_fault(prepare, flow, async |world| {
        assert_eq!(world.posts().await, mails([(HEDY, "activation")]));
        assert!(world.types(&world.kept(), &world.kept_text()).await.is_ok(), "the code of before still works");
    })
    .await;
}

#[tokio::test]
async fn typing_a_code() {
    let prepare = async || signed_up(as_it_is).await;
    let flow = async |world: &World| {
        let link = world.types(&world.kept(), &world.kept_text()).await?;
        world.keeps(link);
        Ok(())
    };
    survives_every_fault(prepare, flow, async |world| assert!(world.completes(&world.kept()).await.is_ok())).await;
    let flow = async |world: &World| match world.types(&world.kept(), "no code").await {
        Err(VerifyCodeError::Wrong) => Ok(()),
        other => Ok(other.map(drop)?),
    };
    survives_every_fault(prepare, flow, async |world| {
        assert!(world.types(&world.kept(), &world.kept_text()).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn looking_at_a_registration() {
    let prepare = async || with_activation_link(as_it_is).await;
    let flow = async |world: &World| Ok(world.looks_at_registration(&world.kept()).await.map(drop)?);
    survives_every_fault(prepare, flow, async |_| ()).await;
}

#[tokio::test]
async fn completing_a_registration() {
    let prepare = async || with_activation_link(as_it_is).await;
    let flow = async |world: &World| Ok(world.completes(&world.kept()).await.map(drop)?);
    survives_every_fault(prepare, flow, async |world| {
        assert!(world.account(HEDY).await.is_company_administrator());
        world.activates_nothing(&world.kept()).await;
        assert!(world.guesses(HEDY, PASSWORD).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn completing_a_registration_that_an_operator_decides_on() {
    let prepare = async || with_activation_link(with_approval).await;
    let flow = async |world: &World| Ok(world.completes(&world.kept()).await.map(drop)?);
    survives_every_fault(prepare, flow, async |world| {
        assert_eq!(world.posts().await.len(), 1, "the one operator is told once");
        let registration = world.store().registration(world.kept_registration()).await.unwrap().unwrap();
        assert_eq!(registration.state, RegistrationState::AwaitingApproval);
    })
    .await;
}

async fn applied() -> World {
    let world = with_activation_link(with_approval).await;
    let completed = world.completes(&world.kept()).await.unwrap();
    assert!(matches!(completed, Completed::AwaitingApproval));
    world.posts().await;
    world
}

#[tokio::test]
async fn approving_and_rejecting() {
    let flow = async |world: &World| Ok(world.met_operator().approves(world.kept_registration()).await.map(drop)?);
    survives_every_fault(applied, flow, async |world| {
        assert_eq!(world.posts().await, mails([(HEDY, "registration approved")]));
        assert!(world.guesses(HEDY, PASSWORD).await.is_ok());
    })
    .await;
    let flow = async |world: &World| Ok(world.met_operator().rejects(world.kept_registration()).await.map(drop)?);
    survives_every_fault(applied, flow, async |world| {
        assert_eq!(world.posts().await, mails([(HEDY, "registration rejected")]));
        assert!(world.find_account(HEDY).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn asking_for_a_new_password() {
    for (email, posted) in [(GRACE, 1), (HEDY, 0)] {
        let flow = async |world: &World| Ok(world.forgets(email).await?);
        survives_every_fault(met_grace, flow, async |world| assert_eq!(world.posts().await.len(), posted)).await;
    }
}

#[tokio::test]
async fn looking_at_a_link_to_a_new_password() {
    let flow = async |world: &World| Ok(world.flows().preview_recovery.run(&world.kept()).await.map(drop)?);
    survives_every_fault(with_reset_link, flow, async |_| ()).await;
}

#[tokio::test]
async fn resetting_a_password() {
    let flow = async |world: &World| Ok(world.resets(&world.kept(), &another(1)).await.map(drop)?);
    survives_every_fault(with_reset_link, flow, async |world| {
        world.recovers_nothing(&world.kept()).await;
        assert!(world.guesses(GRACE, PASSWORD).await.is_err());
        assert!(world.guesses(GRACE, &another(1)).await.is_ok());
        assert_eq!(world.posts().await, mails([(GRACE, "password reset")]));
    })
    .await;
    let flow = async |world: &World| match world.resets(&world.kept(), PASSWORD).await {
        Err(ResetError::Refused(_)) => Ok(()),
        other => Ok(other.map(drop)?),
    };
    survives_every_fault(with_reset_link, flow, async |world| assert!(world.recovers(&world.kept()).await)).await;
}

#[tokio::test]
async fn reporting() {
    let prepare = async || {
        let world = met_grace().await;
        world.keeps(world.has_forgotten(GRACE).await.report);
        world
    };
    let flow = async |world: &World| {
        assert_eq!(world.reports(&world.kept()).await?, Reported::Reset);
        Ok(())
    };
    survives_every_fault(prepare, flow, async |world| {
        world.recovers_nothing(&world.reset_to(GRACE).link).await;
        assert_eq!(world.posts().await, mails([(ADMINISTRATOR, "reset reported")]));
    })
    .await;
    let prepare = async || {
        let world = with_reset_link().await;
        world.resets(&world.kept(), &another(1)).await.unwrap();
        world.posts().await;
        world.keeps(world.change_reports_to(GRACE).pop().unwrap());
        world
    };
    let flow = async |world: &World| {
        assert_eq!(world.reports(&world.kept()).await?, Reported::Change);
        Ok(())
    };
    survives_every_fault(prepare, flow, async |world| {
        assert!(world.guesses(GRACE, &another(1)).await.is_err());
        assert_eq!(world.posts().await.len(), 2);
        assert!(world.resets(&world.reset_to(GRACE).link, &another(2)).await.is_ok());
    })
    .await;
    let flow = async |world: &World| Ok(world.flows().report_access.preview(&world.kept()).await.map(drop)?);
    survives_every_fault(prepare, flow, async |world| assert!(world.reports(&world.kept()).await.is_ok())).await;
}

#[tokio::test]
async fn changing_a_password() {
    let flow = async |world: &World| Ok(world.changes_password_of(&world.kept_user(), PASSWORD, &another(1)).await?);
    survives_every_fault(with_session, flow, async |world| {
        assert!(world.guesses(GRACE, PASSWORD).await.is_err());
        assert!(world.guesses(GRACE, &another(1)).await.is_ok());
        assert_eq!(world.posts().await, mails([(GRACE, "password changed")]));
    })
    .await;
    for (current, password) in [(WRONG, another(1)), (PASSWORD, "hopper".to_owned())] {
        let flow = async |world: &World| match world.changes_password_of(&world.kept_user(), current, &password).await {
            Err(ChangePasswordError::WrongPassword(_) | ChangePasswordError::Refused(_)) => Ok(()),
            other => Ok(other?),
        };
        survives_every_fault(with_session, flow, async |world| {
            assert!(world.guesses(GRACE, PASSWORD).await.is_ok());
            assert!(world.posts().await.is_empty());
        })
        .await;
    }
}

#[tokio::test]
async fn helping_somebody_back_in() {
    let flow = async |world: &World| Ok(world.met_operator().mails_a_reset(world.carl()).await?);
    survives_every_fault(met_grace, flow, async |world| {
        assert_eq!(world.posts().await, mails([(GRACE, "reset")]));
        assert!(world.recovers(&world.reset_to(GRACE).link).await);
    })
    .await;
    let flow = async |world: &World| {
        world.keeps_text(&world.met_operator().sets_a_temporary_password(world.carl()).await?);
        Ok(())
    };
    survives_every_fault(met_grace, flow, async |world| {
        assert!(world.guesses(GRACE, &world.kept_text()).await.is_ok(), "what was shown is what was set");
        assert!(world.guesses(GRACE, PASSWORD).await.is_err());
        assert_eq!(world.posts().await, mails([(GRACE, "temporary password")]));
    })
    .await;
}

#[tokio::test]
async fn protecting_an_account() {
    let flow = async |world: &World| Ok(world.met_operator().requires_a_new_password(world.carl()).await.map(drop)?);
    survives_every_fault(met_grace, flow, async |world| {
        assert_eq!(world.account(GRACE).await.required_actions, [RequiredAction::ChangePassword].into());
        assert_eq!(world.posts().await.len(), 1);
    })
    .await;
    let flow = async |world: &World| Ok(world.met_operator().ends_sessions(world.carl()).await?);
    survives_every_fault(with_session, flow, async |world| {
        let session = world.kept_user().session.clone();
        assert!(world.store().session_by_digest(&session.digest).await.unwrap().is_none());
    })
    .await;
    let prepare = async || {
        let world = met_grace().await;
        for _ in 0..5 {
            world.guesses(GRACE, WRONG).await.unwrap_err();
        }
        world
    };
    let flow = async |world: &World| Ok(world.met_operator().unlocks(world.carl()).await?);
    survives_every_fault(prepare, flow, async |world| assert!(world.guesses(GRACE, PASSWORD).await.is_ok())).await;
    let flow = async |world: &World| {
        let admin = world.met_operator();
        assert_eq!(world.flows().list_accounts.find(admin.proof(), world.carl()).await?.failed_logins, 5);
        Ok(())
    };
    survives_every_fault(prepare, flow, async |_| ()).await;
}

#[tokio::test]
async fn logging_in_with_a_temporary_password_a_breached_one_or_a_browser_that_is_known() {
    let temporary = async || {
        let world = met_grace().await;
        world.keeps_text(&world.met_operator().sets_a_temporary_password(world.carl()).await.unwrap());
        world
    };
    let flow = async |world: &World| Ok(world.guesses(GRACE, &world.kept_text()).await.map(drop)?);
    survives_every_fault(temporary, flow, async |world| {
        assert_eq!(world.sessions_started(), 1);
        assert!(world.guesses(GRACE, &world.kept_text()).await.is_err());
    })
    .await;
    let breached = async || {
        let world = World::met().await;
        let (_, grace) = world.invited(GRACE).await;
        grace.registers_with("Zr7-breached!").await.unwrap();
        world.keeps_text("Zr7-breached!");
        world.under(|settings| settings.password_policy.breached = true)
    };
    survives_every_fault(breached, flow, async |world| {
        assert_eq!(world.posts().await, mails([(GRACE, "password breached")]));
    })
    .await;
    let known = async || {
        let world = met_grace().await;
        world.keeps(world.guesses(GRACE, PASSWORD).await.unwrap().device.unwrap());
        for _ in 0..5 {
            world.guesses(GRACE, WRONG).await.unwrap_err();
        }
        world
    };
    let flow = async |world: &World| Ok(world.tries(GRACE, PASSWORD, (Some(&world.kept()), Client::default())).await.map(drop)?);
    survives_every_fault(known, flow, async |world| assert_eq!(world.sessions_started(), 2)).await;
}

/// A store that fails is no lock: nothing is recorded of one, and nothing else is called.
#[tokio::test]
async fn a_login_that_is_not_tried() {
    let locked = async || {
        let world = met_grace().await;
        for _ in 0..5 {
            world.guesses(GRACE, WRONG).await.unwrap_err();
        }
        world
    };
    let flow = async |world: &World| match world.guesses(GRACE, PASSWORD).await {
        Err(LogInError::Fault(Fault::RateLimited { .. })) => Ok(()),
        other => Ok(other.map(drop)?),
    };
    survives_every_fault(locked, flow, async |world| {
        assert_eq!(world.recorded(identity_core::model::audit::Action::LoginLocked).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn sweeping() {
    let lapsed = async || {
        let world = signed_up(as_it_is).await;
        world.passes("P40D");
        world
    };
    let flow = async |world: &World| Ok(world.flows().sweep_lapsed.run().await.map(drop)?);
    survives_every_fault(lapsed, flow, async |world| assert!(world.registrations().await.is_empty())).await;
}

/// At least once, under one Message-ID, and never a mail whose link is not stored.
async fn is_mailed(email: &str, prepare: impl AsyncFn() -> World, works: impl AsyncFn(&World)) {
    for index in 0.. {
        let world = prepare().await;
        let before = world.mails_to(email).len();
        world.kit().faults.fail_at(index);
        let outcome = world.works_the_outbox_off().await;
        let (calls, trace) = (world.kit().faults.calls(), world.kit().faults.trace());
        world.kit().faults.none();
        let reached = calls > index;
        let mail_failed = trace.get(usize::try_from(index).unwrap()) == Some(&"mail");
        assert_eq!(outcome.is_err(), reached && !mail_failed, "call {index} of {trace:?}: {outcome:?}");
        for _ in 0..2 {
            world.passes("PT5M");
            world.posts().await;
        }
        let mails = world.mails_to(email).split_off(before);
        assert!((1..=2).contains(&mails.len()), "call {index} of {trace:?}: {} mails", mails.len());
        assert_eq!(mails.iter().map(|mail| mail.id).collect::<BTreeSet<_>>().len(), 1, "call {index} of {trace:?}");
        works(&world).await;
        if !reached {
            return;
        }
    }
}

#[tokio::test]
async fn mailing_a_person_who_signed_up() {
    let signs_up = async || {
        // The code outlives the rounds of this test.
        let lasting = Lifetime::parse("PT1H").unwrap();
        let world = World::met().await.under(|settings| settings.registration.code_lifetime = lasting);
        world.keeps(world.signs_up(HEDY).await.unwrap());
        world
    };
    is_mailed(HEDY, signs_up, async |world| {
        assert!(world.types(&world.kept(), &world.activation_to(HEDY).code.unwrap()).await.is_ok(), "the newest code");
        for mail in world.activations_to(HEDY) {
            assert!(world.looks_at_registration(&mail.link.unwrap()).await.is_ok());
        }
        assert!(world.completes(&world.activation_link(HEDY)).await.is_ok());
    })
    .await;
    let again = async || {
        let world = signed_up(as_it_is).await;
        world.asks_again_for(HEDY).await.unwrap();
        world
    };
    is_mailed(HEDY, again, async |world| {
        assert!(world.completes(&world.activation_link(HEDY)).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn mailing_a_person_who_signed_up_and_is_known_or_invited() {
    let known = async || {
        let world = met_grace().await;
        world.signs_up(GRACE).await.unwrap();
        world
    };
    is_mailed(GRACE, known, async |world| assert!(world.guesses(GRACE, PASSWORD).await.is_ok())).await;
    for forgot in [true, false] {
        let invited = async || {
            let world = World::met_with_invited_grace().await;
            if forgot {
                world.forgets(GRACE).await.unwrap();
            } else {
                world.signs_up(GRACE).await.unwrap();
            }
            world
        };
        is_mailed(GRACE, invited, async |world| {
            for link in world.links_to(GRACE) {
                world.visitor(&link).is_welcome().await;
            }
            assert!(world.invitee(GRACE).registers().await.is_ok());
        })
        .await;
    }
}

#[tokio::test]
async fn mailing_what_an_operator_decided_and_who_waits() {
    let waits = async || {
        let world = with_activation_link(with_approval).await;
        world.completes(&world.kept()).await.unwrap();
        world
    };
    is_mailed(crate::actors::OPERATOR, waits, async |_| ()).await;
    for approved in [true, false] {
        let decided = async || {
            let world = applied().await;
            if approved {
                world.met_operator().approves(world.kept_registration()).await.unwrap();
            } else {
                world.met_operator().rejects(world.kept_registration()).await.unwrap();
            }
            world
        };
        is_mailed(HEDY, decided, async |_| ()).await;
    }
}

#[tokio::test]
async fn mailing_links_to_a_new_password() {
    let works = async |world: &World| {
        for mail in world.resets_to(GRACE) {
            assert!(world.recovers(&mail.link).await, "a link that does not work was mailed");
            assert!(world.flows().report_access.preview(&mail.report).await.is_ok());
        }
        assert!(world.resets(&world.reset_to(GRACE).link, &another(1)).await.is_ok());
    };
    let forgets = async || {
        let world = met_grace().await;
        world.forgets(GRACE).await.unwrap();
        world
    };
    is_mailed(GRACE, forgets, works).await;
    let by_administrator = async || {
        let world = met_grace().await;
        world.met_operator().mails_a_reset(world.carl()).await.unwrap();
        world
    };
    is_mailed(GRACE, by_administrator, works).await;
}

#[tokio::test]
async fn mailing_what_happened_to_a_password() {
    let reports_work = async |world: &World| {
        for report in world.change_reports_to(GRACE) {
            assert!(world.flows().report_access.preview(&report).await.is_ok());
        }
        let report = world.change_reports_to(GRACE).pop().unwrap();
        assert_eq!(world.reports(&report).await.unwrap(), Reported::Change);
    };
    let changed = async || {
        let world = with_reset_link().await;
        world.resets(&world.kept(), &another(1)).await.unwrap();
        world
    };
    is_mailed(GRACE, changed, reports_work).await;
    let temporary = async || {
        let world = met_grace().await;
        world.met_operator().sets_a_temporary_password(world.carl()).await.unwrap();
        world
    };
    is_mailed(GRACE, temporary, reports_work).await;
    let required = async || {
        let world = met_grace().await;
        world.met_operator().requires_a_new_password(world.carl()).await.unwrap();
        world
    };
    is_mailed(GRACE, required, async |_| ()).await;
    let reported = async || {
        let world = met_grace().await;
        let mail = world.has_forgotten(GRACE).await;
        world.reports(&mail.report).await.unwrap();
        world
    };
    is_mailed(ADMINISTRATOR, reported, async |_| ()).await;
}

// The commit was applied, and its answer was lost.

async fn loses_its_answer(world: &World, flow: impl AsyncFn(&World) -> Result<(), Stopped>) {
    world.stage().lose_the_next_answer();
    let outcome = flow(world).await;
    assert!(matches!(outcome, Err(Stopped)), "{outcome:?}");
}

#[tokio::test]
async fn a_reset_whose_answer_is_lost_is_a_reset() {
    let world = with_reset_link().await;
    let flow = async |world: &World| Ok(world.resets(&world.kept(), &another(1)).await.map(drop)?);
    loses_its_answer(&world, flow).await;
    world.recovers_nothing(&world.kept()).await;
    assert!(world.guesses(GRACE, &another(1)).await.is_ok());
    assert_eq!(world.posts().await, mails([(GRACE, "password reset")]));
}

#[tokio::test]
async fn a_completion_whose_answer_is_lost_is_a_completion() {
    let world = with_activation_link(as_it_is).await;
    let flow = async |world: &World| Ok(world.completes(&world.kept()).await.map(drop)?);
    loses_its_answer(&world, flow).await;
    world.activates_nothing(&world.kept()).await;
    assert!(world.guesses(HEDY, PASSWORD).await.is_ok());
}

#[tokio::test]
async fn a_sign_up_whose_answer_is_lost_and_that_is_sent_again_makes_two_mails_and_one_account() {
    let world = World::met().await;
    let flow = async |world: &World| Ok(world.signs_up(HEDY).await.map(drop)?);
    loses_its_answer(&world, flow).await;
    world.signs_up(HEDY).await.unwrap();
    assert_eq!(world.posts().await.len(), 2);
    let before = world.accounts_opened();
    world.completes(&world.activation_link(HEDY)).await.unwrap();
    assert_eq!(world.accounts_opened(), before + 1);
}
