//! The first login: its steps, each done or skipped, and when it is over.

use std::collections::BTreeMap;

use identity_core::{
    flow::{
        Fault,
        onboarding::{CloseStepCommand, CloseStepError},
    },
    model::{
        account::RequiredAction,
        audit::{Action, Actor, Subject},
        custom_field::Words,
        onboarding::{BuiltInStep, Closing, DeclaredStep, Progress, Step, Tutorial},
        session::{Client, CurrentUser},
    },
    value::{Language, StepKey},
};

use crate::{
    actors::{GRACE, World},
    faults::{Stopped, survives_every_fault},
};

const DONE: Closing = Closing::Done;
const SKIPPED: Closing = Closing::Skipped;

impl World {
    async fn closes(&self, who: &CurrentUser, step: &str, closing: Closing) -> Result<Progress, CloseStepError> {
        let client = Client::new("192.0.2.7".parse().ok(), None);
        self.flows().onboarding.close(who, &CloseStepCommand { step: step.to_owned(), closing, client }).await
    }

    async fn progress(&self) -> Progress {
        self.flows().onboarding.progress(&self.account(GRACE).await).await.unwrap()
    }

    /// With a tutorial and a step of the host's.
    fn with_more_steps(&self) -> Self {
        let english = Language::english();
        let label = Words::new(BTreeMap::from([(english.clone(), "Your team".to_owned())])).unwrap();
        let key = StepKey::parse("team").unwrap();
        self.under(|settings| {
            settings.onboarding.tutorial = Tutorial::new(BTreeMap::from([(english, vec!["# Hello".to_owned()])]));
            settings.onboarding.declared = vec![DeclaredStep { key, label, href: "https://app.example.org/team".to_owned() }];
        })
    }
}

fn told(progress: &Progress) -> Vec<(String, Option<Closing>)> {
    progress.steps.iter().map(|(step, closing)| (step.key().to_string(), *closing)).collect()
}

fn states<const N: usize>(states: [(&str, Option<Closing>); N]) -> Vec<(String, Option<Closing>)> {
    states.map(|(step, closing)| (step.to_owned(), closing)).to_vec()
}

async fn with_grace() -> (World, CurrentUser) {
    let world = World::new().await;
    world.hires(GRACE).await;
    let grace = world.signed_in(GRACE).await;
    (world, grace)
}

#[tokio::test]
async fn a_newcomer_goes_from_step_to_step_and_finishes_once() {
    let (world, grace) = with_grace().await;
    let world = world.with_more_steps();
    let progress = world.progress().await;
    let open = ["profile", "picture", "settings", "tutorial", "team"];
    assert_eq!(told(&progress), states(open.map(|step| (step, None))));
    assert_eq!((progress.is_finished, progress.first_open()), (false, Some(&Step::BuiltIn(BuiltInStep::Profile))));
    let before = world.history().len();
    for (number, (step, closing)) in
        [("profile", DONE), ("picture", SKIPPED), ("tutorial", DONE), ("settings", SKIPPED)].into_iter().enumerate()
    {
        let progress = world.closes(&grace, step, closing).await.unwrap();
        assert_eq!(world.history().len(), before + number + 1, "each is one commit");
        assert_eq!(progress, world.progress().await, "what is answered is what is kept");
        assert_eq!(progress.step(step).unwrap().1, Some(closing));
        assert!(!progress.is_finished && world.recorded(Action::OnboardingFinished).is_empty());
    }
    assert!(matches!(world.progress().await.first_open(), Some(Step::Declared(step)) if step.key.as_str() == "team"));
    let finished = world.closes(&grace, "team", DONE).await.unwrap();
    assert!(finished.is_finished && finished.first_open().is_none());
    let events = world.recorded(Action::OnboardingFinished);
    let id = grace.account.id;
    assert_eq!(
        events.iter().map(|event| (event.actor, &event.subject)).collect::<Vec<_>>(),
        [(Actor::Account(id), &Subject::Account(id))]
    );
    // What was skipped can still be done, and it is over only once.
    let finished_at = world.store().onboarding(id).await.unwrap().unwrap().finished_at;
    world.passes("PT1H");
    let later = world.signed_in(GRACE).await;
    let progress = world.closes(&later, "picture", DONE).await.unwrap();
    assert_eq!((progress.step("picture").unwrap().1, progress.is_finished), (Some(DONE), true));
    assert_eq!(world.store().onboarding(id).await.unwrap().unwrap().finished_at, finished_at);
    assert_eq!(world.recorded(Action::OnboardingFinished).len(), 1);
}

#[tokio::test]
async fn what_was_done_stays_done_and_is_written_once() {
    let (world, grace) = with_grace().await;
    world.closes(&grace, "profile", SKIPPED).await.unwrap();
    let before = world.history().len();
    world.closes(&grace, "profile", SKIPPED).await.unwrap();
    assert_eq!(world.history().len(), before);
    world.closes(&grace, "profile", DONE).await.unwrap();
    let kept = world.store().onboarding(grace.account.id).await.unwrap();
    world.passes("PT1M");
    for closing in [SKIPPED, DONE] {
        let progress = world.closes(&grace, "profile", closing).await.unwrap();
        assert_eq!(progress.step("profile").unwrap().1, Some(DONE));
    }
    assert_eq!(world.history().len(), before + 1);
    assert_eq!(world.store().onboarding(grace.account.id).await.unwrap(), kept);
}

#[tokio::test]
async fn there_are_no_other_steps_than_those_of_the_installation() {
    let (world, grace) = with_grace().await;
    let before = world.history().len();
    for step in ["tutorial", "team", "security", "", "Profile", "profile "] {
        let refused = world.closes(&grace, step, DONE).await;
        assert!(matches!(refused, Err(CloseStepError::UnknownStep)), "{step:?}: {refused:?}");
    }
    let without = world.under(|settings| settings.onboarding.left_out = [BuiltInStep::Picture].into());
    assert_eq!(told(&without.progress().await), states([("profile", None), ("settings", None)]));
    assert!(matches!(without.closes(&grace, "picture", SKIPPED).await, Err(CloseStepError::UnknownStep)));
    let off = world.under(|settings| settings.onboarding.enabled = false).with_more_steps();
    let progress = off.progress().await;
    assert!(progress.is_finished && progress.steps.is_empty());
    assert!(matches!(off.closes(&grace, "profile", DONE).await, Err(CloseStepError::UnknownStep)));
    assert_eq!(world.history().len(), before);
}

#[tokio::test]
async fn a_step_that_comes_later_leads_nobody_back_who_has_finished() {
    let (world, grace) = with_grace().await;
    for step in ["profile", "picture", "settings"] {
        world.closes(&grace, step, SKIPPED).await.unwrap();
    }
    let later = world.with_more_steps();
    let progress = later.progress().await;
    assert!(progress.is_finished);
    assert_eq!(progress.step("team").unwrap().1, None, "the host is told that it is open");
    let progress = later.closes(&grace, "team", DONE).await.unwrap();
    assert_eq!((progress.step("team").unwrap().1, progress.is_finished), (Some(DONE), true));
    assert_eq!(later.recorded(Action::OnboardingFinished).len(), 1);
}

#[tokio::test]
async fn a_step_that_is_gone_holds_nobody_up() {
    let (world, grace) = with_grace().await;
    let world = world.with_more_steps();
    for step in ["profile", "picture", "settings", "tutorial"] {
        world.closes(&grace, step, DONE).await.unwrap();
    }
    assert!(!world.progress().await.is_finished);
    let without = world.under(|settings| settings.onboarding.declared.clear());
    assert!(without.progress().await.is_finished);
}

#[tokio::test]
async fn two_tabs_at_once_lose_nothing() {
    let (world, grace) = with_grace().await;
    for (one, other) in [("profile", "picture"), ("settings", "settings")] {
        world.stage().gather("commit", 2);
        let (one, other) = tokio::join!(world.closes(&grace, one, DONE), world.closes(&grace, other, DONE));
        one.unwrap();
        other.unwrap();
    }
    let progress = world.progress().await;
    assert_eq!(told(&progress), states(["profile", "picture", "settings"].map(|step| (step, Some(DONE)))));
    assert!(progress.is_finished);
    assert_eq!(world.recorded(Action::OnboardingFinished).len(), 1);
}

#[tokio::test]
async fn a_step_is_closed_over_what_another_changed_meanwhile() {
    let (world, grace) = with_grace().await;
    let other = world.clone();
    world.stage().just_before("commit", async move {
        other.keeps_only(["editor"], GRACE).await;
    });
    assert_eq!(world.closes(&grace, "profile", DONE).await.unwrap().step("profile").unwrap().1, Some(DONE));
    assert!(world.account(GRACE).await.roles.contains(&crate::actors::role("editor")));
}

#[tokio::test]
async fn a_person_who_may_not_go_on_closes_nothing() {
    let (world, grace) = with_grace().await;
    let (other, id) = (world.clone(), grace.account.id);
    world.stage().just_before("commit", async move {
        other.operator().await.disables(id).await.unwrap();
    });
    assert!(matches!(world.closes(&grace, "profile", DONE).await, Err(CloseStepError::Conflict)));
    world.operator().await.enables(id).await.unwrap();
    world.operator().await.requires_a_new_password(id).await.unwrap();
    assert!(world.account(GRACE).await.required_actions.contains(&RequiredAction::ChangePassword));
    assert!(matches!(world.closes(&grace, "profile", DONE).await, Err(CloseStepError::Conflict)));
    assert_eq!(world.store().onboarding(id).await.unwrap(), None);
}

#[tokio::test]
async fn closing_a_step_survives_every_fault() {
    for steps_before in [0, 2] {
        let prepare = async || {
            let (world, grace) = with_grace().await;
            for step in ["profile", "picture"].into_iter().take(steps_before) {
                world.closes(&grace, step, SKIPPED).await.unwrap();
            }
            world.keeps_signed_in(grace);
            world
        };
        let flow = async |world: &World| -> Result<(), Stopped> {
            Ok(world.closes(&world.kept_user(), "settings", DONE).await.map(drop)?)
        };
        survives_every_fault(prepare, flow, async |world| {
            let progress = world.progress().await;
            assert_eq!((progress.step("settings").unwrap().1, progress.is_finished), (Some(DONE), steps_before == 2));
            assert_eq!(world.recorded(Action::OnboardingFinished).len(), usize::from(steps_before == 2));
        })
        .await;
    }
}

#[tokio::test]
async fn a_step_whose_answer_is_lost_is_closed_once() {
    let (world, grace) = with_grace().await;
    world.stage().lose_the_next_answer();
    assert!(matches!(world.closes(&grace, "profile", DONE).await, Err(CloseStepError::Fault(Fault::Unavailable(_)))));
    let before = world.history().len();
    world.closes(&grace, "profile", DONE).await.unwrap();
    assert_eq!(world.history().len(), before);
}

#[test]
fn the_tutorial_is_read_in_the_language_of_the_reader_or_in_one_that_is_there() {
    let language = |tag| Language::parse(tag).unwrap();
    let pages = |text: &str| vec![text.to_owned()];
    let tutorial = Tutorial::new(BTreeMap::from([
        (language("ar"), pages("arabic")),
        (Language::english(), pages("english")),
        (language("de"), Vec::new()),
    ]));
    for (reader, read) in [("ar", "arabic"), ("ar-EG", "arabic"), ("en", "english"), ("de", "english"), ("fr", "english")] {
        assert_eq!(tutorial.for_reader(&language(reader)).unwrap().1, [read], "{reader}");
    }
    assert!(Tutorial::new(BTreeMap::from([(language("de"), Vec::new())])).is_empty());
    assert_eq!(Tutorial::default().for_reader(&Language::english()), None);
}
