//! Fields that the operator asks people for: at the sign-up, where the password is set, and by invitation.

use identity_core::{
    flow::{
        account::{EditAccountCommand, EditAccountError, RefusedEdit},
        invitation::AcceptError,
        registration::{CompleteCommand, CompleteError, RegisterCommand, RegisterError},
        submission::Refusal,
    },
    model::{
        Settings,
        audit::{Action, Subject},
        custom_field::{AnswerError, Field, FieldKind, FieldPlace, Fields, RawInput, Words, WrongAnswer},
    },
    value::{FieldKey, Language},
};

use crate::{
    actors::{GRACE, World},
    visitors::{completion, sign_up},
};

const HEDY: &str = "hedy@example.net";

fn field(key: &str, kind: FieldKind, required: bool, shown: &[FieldPlace]) -> Field {
    let label = Words::new([(Language::english(), key.to_owned())].into()).unwrap();
    let shown = shown.iter().copied().collect();
    Field { key: FieldKey::parse(key).unwrap(), label, hint: None, kind, required, shown }
}

/// A team that has to be named, a size, and a desk that only the profile asks for.
fn declare(settings: &mut Settings) {
    let team = field("team", FieldKind::Text { max_length: 20 }, true, &FieldPlace::ALL);
    let size = field("size", FieldKind::Number { min: 1, max: 99 }, false, &[FieldPlace::Registration]);
    let desk = field("desk", FieldKind::Text { max_length: 20 }, true, &[FieldPlace::Profile]);
    settings.fields = Fields::new(vec![team, size, desk]).unwrap();
}

fn typed(pairs: &[(&str, &str)]) -> RawInput {
    pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
}

fn missing(key: &str) -> WrongAnswer {
    WrongAnswer { key: key.to_owned(), error: AnswerError::Missing }
}

fn unknown(key: &str) -> WrongAnswer {
    WrongAnswer { key: key.to_owned(), error: AnswerError::Unknown }
}

async fn answers_of(world: &World, email: &str) -> Vec<(String, String)> {
    let account = world.find_account(email).await.unwrap();
    account.profile.answers.iter().map(|(key, answer)| (key.to_string(), answer.to_string())).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
}

#[tokio::test]
async fn what_is_asked_at_the_sign_up_is_judged_before_anything_is_kept() {
    let world = World::new().await.under(declare);
    let before = world.stage().committed().len();
    for (given, wrong) in [
        (typed(&[]), vec![missing("team")]),
        (typed(&[("team", " "), ("desk", "7")]), vec![missing("team"), unknown("desk")]),
        (typed(&[("team", "Core"), ("role", "operator")]), vec![unknown("role")]),
    ] {
        let refused = world.signs_up_as(RegisterCommand { fields: given, ..sign_up(HEDY) }).await;
        assert!(matches!(&refused, Err(RegisterError::Fields(said)) if *said == wrong), "{refused:?}");
    }
    assert_eq!(world.stage().committed().len(), before, "no permit was taken, and nothing was written");
}

#[tokio::test]
async fn what_was_answered_at_the_sign_up_is_in_the_profile_unless_its_person_corrects_it() {
    let world = World::new().await.under(declare);
    let command = RegisterCommand { fields: typed(&[("team", " Core "), ("size", "07")]), ..sign_up(HEDY) };
    world.signs_up_as(command).await.unwrap();
    world.posts().await;
    world.completes_as(completion(&world.activation_link(HEDY))).await.unwrap();
    assert_eq!(answers_of(&world, HEDY).await, pairs(&[("size", "7"), ("team", "Core")]));

    // What somebody else typed first counts as little as the name does.
    let mallory = RegisterCommand { fields: typed(&[("team", "Mallory's"), ("size", "1")]), ..sign_up("ida@example.net") };
    world.signs_up_as(mallory).await.unwrap();
    world.posts().await;
    let link = world.activation_link("ida@example.net");
    let refused = world.completes_as(CompleteCommand { fields: Some(typed(&[("size", "100")])), ..completion(&link) }).await;
    let Err(CompleteError::Refused(refusal)) = refused else { panic!("{refused:?}") };
    let number = WrongAnswer { key: "size".to_owned(), error: AnswerError::Number { min: 1, max: 99 } };
    assert_eq!(refusal, Refusal { fields: vec![missing("team"), number], ..Refusal::default() });
    world.completes_as(CompleteCommand { fields: Some(typed(&[("team", "Ida's")])), ..completion(&link) }).await.unwrap();
    assert_eq!(answers_of(&world, "ida@example.net").await, pairs(&[("team", "Ida's")]));
}

#[tokio::test]
async fn an_operator_sees_the_answers_of_a_person_who_waits_and_they_stay() {
    let world = World::new().await.under(|settings| {
        declare(settings);
        settings.registration.approval = true;
    });
    world.signs_up_as(RegisterCommand { fields: typed(&[("team", "Core")]), ..sign_up(HEDY) }).await.unwrap();
    world.posts().await;
    world.completes_as(completion(&world.activation_link(HEDY))).await.unwrap();
    let operator = world.operator().await;
    let waiting = operator.sees_waiting().await.pop().unwrap();
    assert_eq!(waiting.answers.len(), 1);
    operator.approves(waiting.id).await.unwrap();
    assert_eq!(answers_of(&world, HEDY).await, pairs(&[("team", "Core")]));
}

#[tokio::test]
async fn an_invitee_is_asked_too() {
    let world = World::new().await.under(declare);
    let (_, grace) = world.invited(GRACE).await;
    let refused = grace.clone().answering(typed(&[("desk", "7")])).registers().await;
    let Err(AcceptError::Refused(refusal)) = refused else { panic!("{refused:?}") };
    assert_eq!(refusal, Refusal { fields: vec![missing("team"), unknown("desk")], ..Refusal::default() });
    grace.answering(typed(&[("team", "Core")])).registers().await.unwrap();
    assert_eq!(answers_of(&world, GRACE).await, pairs(&[("team", "Core")]));
}

#[tokio::test]
async fn the_profile_asks_for_its_own_and_leaves_the_others() {
    let world = World::new().await;
    world.hires(GRACE).await;
    let world = world.under(declare);
    let grace = world.signed_in(GRACE).await;
    let edit = |fields: RawInput| EditAccountCommand { fields, ..EditAccountCommand::default() };
    let edits = async |fields: RawInput| world.flows().edit_account.run(&grace, edit(fields)).await;
    edits(typed(&[("team", "Core"), ("desk", "7")])).await.unwrap();
    assert_eq!(answers_of(&world, GRACE).await, pairs(&[("desk", "7"), ("team", "Core")]));
    let before = world.history().len();
    for (given, wrong) in [
        (typed(&[("size", "5")]), vec![unknown("size")]),
        (typed(&[("desk", " "), ("role", "operator")]), vec![missing("desk"), unknown("role")]),
    ] {
        let refused = edits(given).await;
        let Err(EditAccountError::Refused(refused)) = refused else { panic!("{refused:?}") };
        assert_eq!(refused, RefusedEdit { fields: wrong, ..RefusedEdit::default() });
    }
    edits(typed(&[])).await.unwrap();
    assert_eq!(world.history().len(), before, "what has to be mended and what is not named changes nothing");
    edits(typed(&[("desk", "8")])).await.unwrap();
    assert_eq!(answers_of(&world, GRACE).await, pairs(&[("desk", "8"), ("team", "Core")]));
    let recorded = world.recorded(Action::ProfileChanged).pop().unwrap();
    assert_eq!(recorded.subject, Subject::Entry("fields".to_owned()), "what was answered is not told to the log");
}
