//! Security questions, where an operator declares some.

use std::collections::BTreeMap;

use identity_core::{
    change::{Change, QuestionChange},
    flow::{
        Fault,
        question::{SetSecurityAnswersCommand, SetSecurityAnswersError},
        recovery::{AssistedResetError, ResetCommand, ResetDone, ResetError},
        session::ReauthenticateError,
    },
    model::{
        Settings,
        account::RequiredAction,
        audit::{Action, Actor, Subject},
        custom_field::Words,
        question::{
            AnswerFault, GivenAnswer, QuestionsError, RefusedAnswers, SecretAnswer, SecurityAnswer, SecurityQuestion,
            SecurityQuestions,
        },
        recovery::{CheckMethod, IdentityCheck},
        session::{Client, SignedIn},
    },
    value::{Language, QuestionKey, TokenSecret},
};

use crate::{
    actors::{ADMINISTRATOR, Admin, GRACE, OPERATOR, PASSWORD, World},
    faults::{Stopped, survives_every_fault},
    visitors::{WRONG, another, candidate, check, mails},
};

pub(crate) const ANSWERS: [(&str, &str); 3] = [("pet", "Rex the Dog"), ("street", "Elm Street"), ("book", "Moby-Dick")];

fn question(key: &str, text: &str) -> SecurityQuestion {
    let words = BTreeMap::from([(Language::english(), text.to_owned()), (Language::parse("ar").unwrap(), format!("؟ {text}"))]);
    SecurityQuestion { key: QuestionKey::parse(key).unwrap(), text: Words::new(words).unwrap() }
}

fn questions(required: bool) -> SecurityQuestions {
    let declared = vec![
        question("pet", "What was your first pet called?"),
        question("street", "In which street did you grow up?"),
        question("book", "Which book did you read first?"),
        question("teacher", "Who was your favourite teacher?"),
    ];
    SecurityQuestions::new(declared, 3, required).unwrap()
}

pub(crate) fn asking(settings: &mut Settings) {
    settings.security_questions = Some(questions(false));
}

fn demanding(settings: &mut Settings) {
    settings.security_questions = Some(questions(true));
}

fn given(answers: &[(&str, &str)]) -> Vec<GivenAnswer> {
    answers.iter().map(|(key, text)| GivenAnswer { question: (*key).to_owned(), answer: SecretAnswer::new(text) }).collect()
}

async fn with_grace() -> World {
    let world = World::new().await.under(asking);
    world.hires(GRACE).await;
    world.passes("PT1M");
    world
}

/// Grace has answered, and the mail that says so is delivered; the password that she said since forgets that she tried.
async fn with_answers() -> World {
    let world = with_grace().await;
    let (grace, _) = world.sits_down(GRACE).await;
    world.answers(&grace, &ANSWERS).await.unwrap();
    world.flows().reauthenticate.keep(&grace, &candidate(PASSWORD), &Client::default()).await.unwrap();
    world.posts().await;
    world
}

impl World {
    pub(crate) async fn answers(&self, signed_in: &SignedIn, answers: &[(&str, &str)]) -> Result<(), SetSecurityAnswersError> {
        let command = SetSecurityAnswersCommand { answers: given(answers), client: Client::default() };
        self.flows().set_security_answers.run(signed_in, command).await
    }

    async fn kept_answers(&self, email: &str) -> Vec<SecurityAnswer> {
        self.store().security_answers(self.account(email).await.id).await.unwrap()
    }

    pub(crate) async fn resets_answering(
        &self,
        link: &TokenSecret,
        password: &str,
        answer: Option<&str>,
    ) -> Result<ResetDone, ResetError> {
        let command = ResetCommand {
            secret: link.clone(),
            password: candidate(password),
            confirmation: candidate(password),
            answer: answer.map(SecretAnswer::new),
            client: Client::default(),
        };
        self.flows().reset_password.run(command).await
    }

    async fn asks_by(&self, link: &TokenSecret) -> Option<String> {
        self.flows().preview_recovery.run(link).await.unwrap().question.map(|question| question.key.as_str().to_owned())
    }
}

fn faults(refused: Result<(), SetSecurityAnswersError>) -> RefusedAnswers {
    match refused {
        Err(SetSecurityAnswersError::Refused(refused)) => refused,
        other => panic!("{other:?}"),
    }
}

// What is declared.

#[test]
fn three_questions_and_three_answers_are_the_least() {
    let declared = |number: usize| (0..number).map(|n| question(&format!("q{n}"), "Why?")).collect::<Vec<_>>();
    for (number, answers, why) in [
        (2, 2, QuestionsError::Number),
        (2, 3, QuestionsError::Number),
        (31, 3, QuestionsError::Number),
        (3, 2, QuestionsError::Answers),
        (3, 4, QuestionsError::Answers),
        (12, 11, QuestionsError::Answers),
    ] {
        assert_eq!(SecurityQuestions::new(declared(number), answers, false), Err(why), "{number} {answers}");
    }
    let twice = vec![question("pet", "A?"), question("book", "B?"), question("pet", "C?")];
    assert!(matches!(SecurityQuestions::new(twice, 3, false), Err(QuestionsError::Twice(key)) if key.as_str() == "pet"));
    assert!(SecurityQuestions::new(declared(3), 3, true).is_ok());
}

// Answering.

#[tokio::test]
async fn answers_are_kept_as_hashes_of_their_folded_form_and_the_person_is_told() {
    let world = with_grace().await;
    let (grace, _) = world.sits_down(GRACE).await;
    let before = world.history().len();
    world.answers(&grace, &ANSWERS).await.unwrap();
    assert_eq!(world.history().len(), before + 1, "all of it is one commit");
    let kept = world.kept_answers(GRACE).await;
    let texts = kept.iter().map(|kept| (kept.question.as_str(), kept.hash.expose())).collect::<Vec<_>>();
    assert_eq!(texts, [("pet", "plain$rex the dog"), ("street", "plain$elm street"), ("book", "plain$moby-dick")]);
    let own = world.flows().security_questions.run(&grace).await.unwrap().unwrap();
    assert_eq!(own.answered.iter().map(QuestionKey::as_str).collect::<Vec<_>>(), ["book", "pet", "street"]);
    assert_eq!(own.set_at, Some(world.now()));
    let event = world.recorded(Action::SecurityQuestionsChanged).pop().unwrap();
    let id = grace.account.id;
    assert_eq!((event.actor, event.subject), (Actor::Account(id), Subject::Account(id)));
    assert_eq!(world.posts().await, mails([(GRACE, "security questions set")]));
    assert!(world.account(GRACE).await.version > grace.account.version);
    world.passes("PT1M");
    let (again, _) = world.sits_down(GRACE).await;
    world.answers(&again, &ANSWERS).await.unwrap();
    assert_eq!(world.posts().await, mails([(GRACE, "security questions changed")]), "there were some before");
}

#[tokio::test]
async fn new_answers_take_the_place_of_all_before() {
    let world = with_answers().await;
    let (grace, _) = world.sits_down(GRACE).await;
    world.answers(&grace, &[("teacher", "Miss Honey"), ("book", "Emma Woodhouse"), ("pet", "Tom Cat")]).await.unwrap();
    let kept = world.kept_answers(GRACE).await;
    assert_eq!(kept.iter().map(|kept| kept.question.as_str()).collect::<Vec<_>>(), ["teacher", "book", "pet"]);
}

#[tokio::test]
async fn an_open_session_alone_sets_no_answers() {
    let world = with_grace().await;
    let (_, secret) = world.sits_down(GRACE).await;
    world.passes("PT5M");
    let grace = world.whoami(&secret).await.unwrap();
    let refused = world.answers(&grace, &ANSWERS).await;
    assert!(matches!(refused, Err(SetSecurityAnswersError::NotProved)), "{refused:?}");
    world.flows().reauthenticate.keep(&grace, &candidate(PASSWORD), &Client::default()).await.unwrap();
    let grace = world.whoami(&secret).await.unwrap();
    world.answers(&grace, &ANSWERS).await.unwrap();
}

#[tokio::test]
async fn nothing_is_there_where_no_questions_are_declared() {
    let world = World::new().await;
    world.hires(GRACE).await;
    let (grace, _) = world.sits_down(GRACE).await;
    assert!(world.flows().security_questions.run(&grace).await.unwrap().is_none());
    let refused = world.answers(&grace, &ANSWERS).await;
    assert!(matches!(refused, Err(SetSecurityAnswersError::Off)), "{refused:?}");
}

#[tokio::test]
async fn what_is_wrong_with_answers_comes_at_once() {
    let world = with_grace().await;
    let (grace, _) = world.sits_down(GRACE).await;
    let before = world.history().len();
    let few = faults(world.answers(&grace, &[("pet", "Rex the Dog"), ("colour", "Mauve")]).await);
    assert_eq!(few, RefusedAnswers { number: Some(3), faults: vec![(1, AnswerFault::UnknownQuestion)] });
    let long = "x".repeat(101);
    let account = world.account(GRACE).await;
    for (text, fault) in [
        ("ab", AnswerFault::TooShort),
        ("  a  ", AnswerFault::TooShort),
        ("", AnswerFault::TooShort),
        (long.as_str(), AnswerFault::TooLong),
        (account.first_name.as_str(), AnswerFault::Personal),
        (&account.full_name().to_uppercase(), AnswerFault::Personal),
        (GRACE, AnswerFault::Personal),
        ("G.r.a.c.e", AnswerFault::Personal),
        ("123", AnswerFault::TooSimple),
        ("aaaa", AnswerFault::TooSimple),
        ("Password", AnswerFault::TooSimple),
        ("which book did you read first", AnswerFault::TooSimple),
        ("REX  the dog!", AnswerFault::SameAnswer),
    ] {
        let refused = world.answers(&grace, &[("pet", "Rex the Dog"), ("street", "Elm Street"), ("book", text)]).await;
        assert!(refused.is_err(), "{text}");
        let refused = faults(refused);
        assert_eq!(refused, RefusedAnswers { number: None, faults: vec![(2, fault)] }, "{text}");
    }
    let twice = faults(world.answers(&grace, &[("pet", "Rex"), ("pet", "Rover"), ("book", "Emma Woodhouse")]).await);
    assert_eq!(twice.faults, [(1, AnswerFault::SameQuestion)]);
    assert_eq!(world.history().len(), before);
    assert!(world.kept_answers(GRACE).await.is_empty());
}

#[tokio::test]
async fn the_password_is_no_answer_and_is_not_guessed_at_by_answers() {
    let world = with_grace().await;
    let (grace, _) = world.sits_down(GRACE).await;
    let told = async |last: &str| world.answers(&grace, &[("pet", "Rex the Dog"), ("street", "Elm Street"), ("book", last)]).await;
    assert_eq!(faults(told(PASSWORD).await).faults, [(2, AnswerFault::Password)]);
    let mut tries = 1;
    let refused = loop {
        match told(&format!("a guess, the {tries}th")).await {
            Ok(()) => tries += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, SetSecurityAnswersError::Fault(Fault::RateLimited { .. })), "{refused:?}");
    assert_eq!(tries, 5);
    let again = world.flows().reauthenticate.keep(&grace, &candidate(PASSWORD), &Client::default()).await;
    assert!(matches!(again, Err(ReauthenticateError::Fault(Fault::RateLimited { .. }))), "{again:?}");
}

#[tokio::test]
async fn of_two_who_answer_at_once_one_does() {
    let world = with_grace().await;
    let (grace, _) = world.sits_down(GRACE).await;
    let (other, rival) = (world.clone(), grace.clone());
    world.stage().just_before("commit", async move {
        other.answers(&rival, &[("teacher", "Miss Honey"), ("book", "Emma Woodhouse"), ("pet", "Tom Cat")]).await.unwrap();
    });
    let refused = world.answers(&grace, &ANSWERS).await;
    assert!(matches!(refused, Err(SetSecurityAnswersError::Conflict)), "{refused:?}");
    assert_eq!(world.kept_answers(GRACE).await[0].question.as_str(), "teacher");
}

#[tokio::test]
async fn answering_survives_every_fault() {
    let prepare = async || {
        let world = with_grace().await;
        let (grace, _) = world.sits_down(GRACE).await;
        world.keeps_signed_in(grace);
        world
    };
    let flow = async |world: &World| match world.answers(&world.kept_user(), &ANSWERS).await {
        Ok(()) => Ok(()),
        Err(SetSecurityAnswersError::Fault(Fault::Unavailable(error))) => Err(Stopped::from(error)),
        Err(other) => panic!("an outcome that lies: {other:?}"),
    };
    survives_every_fault(prepare, flow, async |world| assert_eq!(world.kept_answers(GRACE).await.len(), 3)).await;
    let flow = async |world: &World| {
        assert!(world.flows().security_questions.run(&world.kept_user()).await?.is_some());
        Ok(())
    };
    survives_every_fault(prepare, flow, async |_| ()).await;
}

// After a link.

#[tokio::test]
async fn a_link_alone_sets_no_password_and_neither_does_a_wrong_answer() {
    let world = with_answers().await;
    let hash = world.hash_of(GRACE).await;
    let link = world.has_forgotten(GRACE).await.link;
    for _ in 0..3 {
        let none = world.resets_answering(&link, &another(1), None).await;
        assert!(
            matches!(&none, Err(ResetError::AnswerNeeded(asked)) if asked.text == "What was your first pet called?"),
            "{none:?}"
        );
    }
    for wrong in ["Elm Street", "Moby-Dick", "", &"x".repeat(500)] {
        let refused = world.resets_answering(&link, &another(1), Some(wrong)).await;
        assert!(matches!(&refused, Err(ResetError::WrongAnswer(asked)) if asked.key.as_str() == "pet"), "{refused:?}");
        assert_eq!(world.asks_by(&link).await.as_deref(), Some("pet"), "the question stays the same");
    }
    assert_eq!(world.hash_of(GRACE).await, hash);
    let grace = world.account(GRACE).await.id;
    let failed = world.recorded(Action::SecurityAnswerFailed);
    assert_eq!(failed.len(), 4);
    assert!(failed.iter().all(|event| (event.actor, &event.subject) == (Actor::Anonymous, &Subject::Account(grace))));
    world.resets_answering(&link, &another(1), Some(" rex THE  dog ")).await.unwrap();
    assert!(world.guesses(GRACE, &another(1)).await.is_ok());
    let next = world.has_forgotten(GRACE).await.link;
    assert_eq!(world.asks_by(&next).await.as_deref(), Some("street"), "once it was answered, another one is asked");
}

#[tokio::test]
async fn an_answer_needs_the_link_and_nobody_sees_the_question_without_it() {
    let world = with_answers().await;
    let mail = world.has_forgotten(GRACE).await;
    for other in [&mail.report, &world.logs_in(GRACE, PASSWORD).await.unwrap().secret] {
        let refused = world.resets_answering(other, &another(1), Some("Rex the Dog")).await;
        assert!(matches!(refused, Err(ResetError::DeadLink)), "{refused:?}");
    }
    world.passes("PT2H");
    let refused = world.resets_answering(&mail.link, &another(1), Some("Rex the Dog")).await;
    assert!(matches!(refused, Err(ResetError::DeadLink)), "{refused:?}");
}

#[tokio::test]
async fn a_person_who_answered_nothing_is_asked_nothing() {
    let world = with_grace().await;
    let link = world.has_forgotten(GRACE).await.link;
    assert_eq!(world.asks_by(&link).await, None);
    world.resets_answering(&link, &another(1), None).await.unwrap();
}

#[tokio::test]
async fn wrong_answers_count_before_they_are_compared_with_the_wrong_passwords() {
    let world = with_answers().await;
    let link = world.has_forgotten(GRACE).await.link;
    for _ in 0..5 {
        let refused = world.resets_answering(&link, &another(1), Some("Rover")).await;
        assert!(matches!(refused, Err(ResetError::WrongAnswer(_))), "{refused:?}");
    }
    let right = world.resets_answering(&link, &another(1), Some("Rex the Dog")).await;
    assert!(matches!(right, Err(ResetError::Fault(Fault::RateLimited { .. }))), "not even the right one: {right:?}");
    let login = world.guesses(GRACE, PASSWORD).await;
    assert!(login.is_err(), "and the address is locked like after wrong passwords");
    world.passes("PT2S");
    world.resets_answering(&link, &another(1), Some("Rex the Dog")).await.unwrap();
    assert!(world.guesses(GRACE, &another(1)).await.is_ok(), "a new password forgets them all");
}

#[tokio::test]
async fn a_hundred_wrong_answers_are_the_last_until_somebody_helps() {
    let world = with_answers().await.under(|settings| settings.throttle.login.most = 7);
    let link = world.has_forgotten(GRACE).await.link;
    for _ in 0..7 {
        assert!(world.resets_answering(&link, &another(1), Some("Rover")).await.is_err());
        world.passes("PT1M");
    }
    let locked = world.resets_answering(&link, &another(1), Some("Rex the Dog")).await;
    assert!(matches!(locked, Err(ResetError::Fault(Fault::RateLimited { .. }))), "{locked:?}");
    world.operator().await.unlocks(world.account(GRACE).await.id).await.unwrap();
    world.resets_answering(&link, &another(1), Some("Rex the Dog")).await.unwrap();
}

#[tokio::test]
async fn what_strangers_try_at_the_login_bars_no_answer() {
    let world = with_answers().await;
    let link = world.has_forgotten(GRACE).await.link;
    while world.guesses(GRACE, WRONG).await.is_err_and(|error| matches!(error, identity_core::flow::session::LogInError::Refused)) {
    }
    world.resets_answering(&link, &another(1), Some("Rex the Dog")).await.unwrap();
}

#[tokio::test]
async fn a_right_answer_beside_a_password_to_mend_is_no_failed_attempt() {
    let world = with_answers().await;
    let link = world.has_forgotten(GRACE).await.link;
    for _ in 0..12 {
        let refused = world.resets_answering(&link, "weak", Some("Rex the Dog")).await;
        assert!(matches!(refused, Err(ResetError::Refused(_))), "{refused:?}");
        assert_eq!(world.asks_by(&link).await.as_deref(), Some("pet"));
    }
    world.resets_answering(&link, &another(1), Some("Rex the Dog")).await.unwrap();
}

#[tokio::test]
async fn answers_that_change_while_one_is_given_have_to_be_given_anew() {
    let world = with_answers().await;
    let (grace, _) = world.sits_down(GRACE).await;
    let link = world.has_forgotten(GRACE).await.link;
    let other = world.clone();
    world.stage().just_before("commit", async move {
        other.answers(&grace, &[("teacher", "Miss Honey"), ("book", "Emma Woodhouse"), ("street", "Elm Street")]).await.unwrap();
    });
    let refused = world.resets_answering(&link, &another(1), Some("Rex the Dog")).await;
    assert!(matches!(&refused, Err(ResetError::AnswerNeeded(asked)) if asked.key.as_str() == "teacher"), "{refused:?}");
    world.resets_answering(&link, &another(1), Some("miss honey")).await.unwrap();
}

#[tokio::test]
async fn answers_that_appear_while_a_password_is_set_are_asked_for() {
    let world = with_grace().await;
    let (grace, _) = world.sits_down(GRACE).await;
    let link = world.has_forgotten(GRACE).await.link;
    let other = world.clone();
    world.stage().just_before("commit", async move { other.answers(&grace, &ANSWERS).await.unwrap() });
    let refused = world.resets_answering(&link, &another(1), None).await;
    assert!(matches!(refused, Err(ResetError::AnswerNeeded(_))), "{refused:?}");
}

#[tokio::test]
async fn questions_that_are_declared_no_more_are_not_asked() {
    let world = with_answers().await;
    let without_pet = world.under(|settings| {
        let rest = questions(false).as_slice()[1..].to_vec();
        settings.security_questions = Some(SecurityQuestions::new(rest, 3, false).unwrap());
    });
    let link = without_pet.has_forgotten(GRACE).await.link;
    assert_eq!(without_pet.asks_by(&link).await.as_deref(), Some("street"));
    let off = world.under(|settings| settings.security_questions = None);
    off.resets_answering(&link, &another(1), None).await.unwrap();
}

#[tokio::test]
async fn resetting_with_an_answer_survives_every_fault() {
    let prepare = async || {
        let world = with_answers().await;
        world.keeps(world.has_forgotten(GRACE).await.link);
        world
    };
    let flow = async |world: &World| Ok(world.resets_answering(&world.kept(), &another(1), Some("Rex the Dog")).await.map(drop)?);
    survives_every_fault(prepare, flow, async |world| assert!(world.guesses(GRACE, &another(1)).await.is_ok())).await;
    let flow = async |world: &World| match world.resets_answering(&world.kept(), &another(1), Some("Rover")).await {
        Err(ResetError::WrongAnswer(_)) => Ok(()),
        other => Ok(other.map(drop)?),
    };
    survives_every_fault(prepare, flow, async |world| {
        assert_eq!(world.recorded(Action::SecurityAnswerFailed).len(), 1);
        assert!(world.recovers(&world.kept()).await);
    })
    .await;
    let flow = async |world: &World| match world.resets_answering(&world.kept(), "weak", Some("Rex the Dog")).await {
        Err(ResetError::Refused(_)) => Ok(()),
        other => Ok(other.map(drop)?),
    };
    survives_every_fault(prepare, flow, async |world| assert!(world.recovers(&world.kept()).await)).await;
}

// By the help desk.

impl Admin {
    async fn mails_a_reset_after(&self, email: &str, check: &IdentityCheck) -> Result<(), AssistedResetError> {
        let id = self.world().account(email).await.id;
        self.world().flows().reset_for_somebody.by_link(self.proof(), id, check).await
    }
}

fn told(answer: &str) -> IdentityCheck {
    IdentityCheck::new(CheckMethod::SecurityQuestion, "Called from the number on file").unwrap().answered(SecretAnswer::new(answer))
}

#[tokio::test]
async fn the_help_desk_has_the_answer_checked_and_the_event_says_so() {
    let world = with_answers().await;
    let ada = world.operator().await;
    let id = world.account(GRACE).await.id;
    let asked = world.flows().reset_for_somebody.question(ada.proof(), id).await.unwrap().unwrap();
    assert_eq!((asked.key.as_str(), asked.text.as_str()), ("pet", "What was your first pet called?"));
    let none = IdentityCheck::new(CheckMethod::SecurityQuestion, "Knew it").unwrap();
    let refused = ada.mails_a_reset_after(GRACE, &none).await;
    assert!(matches!(refused, Err(AssistedResetError::AnswerNeeded(_))), "{refused:?}");
    let refused = ada.mails_a_reset_after(GRACE, &told("Rover")).await;
    assert!(matches!(refused, Err(AssistedResetError::WrongAnswer(_))), "{refused:?}");
    let failed = world.recorded(Action::SecurityAnswerFailed).pop().unwrap();
    assert_eq!((failed.actor, failed.subject), (Actor::Account(ada.account().id), Subject::Account(id)));
    assert!(world.posts().await.is_empty());
    ada.mails_a_reset_after(GRACE, &told("rex the dog")).await.unwrap();
    assert_eq!(world.posts().await, mails([(GRACE, "reset")]));
    let event = world.recorded(Action::PasswordResetIssued).pop().unwrap();
    assert!(event.personal.iter().any(|field| field.value == "security_question: Called from the number on file"));
    // The link asks for the next one.
    let link = world.reset_to(GRACE).link;
    assert_eq!(world.asks_by(&link).await.as_deref(), Some("street"));
    let flow = &world.flows().reset_for_somebody;
    flow.by_temporary_password(ada.proof(), id, &told("elm street")).await.unwrap();
    let book = flow.question(ada.proof(), id).await.unwrap().unwrap();
    assert_eq!(book.key.as_str(), "book");
}

#[tokio::test]
async fn what_the_help_desk_tries_is_counted_alike() {
    let world = with_answers().await;
    let ada = world.operator().await;
    for _ in 0..5 {
        assert!(matches!(ada.mails_a_reset_after(GRACE, &told("Rover")).await, Err(AssistedResetError::WrongAnswer(_))));
    }
    let locked = ada.mails_a_reset_after(GRACE, &told("rex the dog")).await;
    assert!(matches!(locked, Err(AssistedResetError::Fault(Fault::RateLimited { .. }))), "{locked:?}");
    ada.mails_a_reset_after(GRACE, &check()).await.unwrap();
}

#[tokio::test]
async fn there_is_no_recognising_by_questions_that_were_not_answered_or_out_of_reach() {
    let world = with_grace().await;
    let ada = world.operator().await;
    let refused = ada.mails_a_reset_after(GRACE, &told("rex the dog")).await;
    assert!(matches!(refused, Err(AssistedResetError::NoQuestion)), "{refused:?}");
    let off = world.under(|settings| settings.security_questions = None);
    let refused = off.operator().await.mails_a_reset_after(GRACE, &told("rex the dog")).await;
    assert!(matches!(refused, Err(AssistedResetError::NoQuestion)), "{refused:?}");
    let carl = world.administrator().await;
    let operator = world.account(OPERATOR).await.id;
    assert!(world.flows().reset_for_somebody.question(carl.proof(), operator).await.is_err());
    let own = world.account(ADMINISTRATOR).await.id;
    assert!(world.flows().reset_for_somebody.question(carl.proof(), own).await.is_err());
}

#[tokio::test]
async fn recognising_by_a_question_survives_every_fault() {
    let prepare = async || {
        let world = with_answers().await;
        world.meets(GRACE).await;
        world
    };
    let flow = async |world: &World| {
        let flow = &world.flows().reset_for_somebody;
        Ok(flow.by_link(world.met_operator().proof(), world.carl(), &told("rex the dog")).await?)
    };
    survives_every_fault(prepare, flow, async |world| assert_eq!(world.posts().await, mails([(GRACE, "reset")]))).await;
    let flow = async |world: &World| {
        let flow = &world.flows().reset_for_somebody;
        Ok(flow.by_temporary_password(world.met_operator().proof(), world.carl(), &told("rex the dog")).await.map(drop)?)
    };
    survives_every_fault(prepare, flow, async |world| {
        assert_eq!(world.posts().await, mails([(GRACE, "temporary password")]));
    })
    .await;
}

// "This wasn't me".

#[tokio::test]
async fn answers_that_may_be_anothers_go_with_the_report_and_old_ones_stay() {
    let world = with_grace().await;
    let (thief, _) = world.sits_down(GRACE).await;
    world.answers(&thief, &ANSWERS).await.unwrap();
    world.posts().await;
    let report = world.change_reports_to(GRACE).pop().unwrap();
    world.reports(&report).await.unwrap();
    world.posts().await;
    assert!(world.kept_answers(GRACE).await.is_empty());
    let link = world.reset_to(GRACE).link;
    world.resets_answering(&link, &another(1), None).await.unwrap();

    let world = with_answers().await;
    world.passes("P31D");
    let (_, secret) = world.sits_down(GRACE).await;
    world.changes_password(&secret, PASSWORD, &another(2)).await.unwrap();
    world.posts().await;
    let report = world.change_reports_to(GRACE).pop().unwrap();
    world.reports(&report).await.unwrap();
    world.posts().await;
    let link = world.reset_to(GRACE).link;
    assert_eq!(world.asks_by(&link).await.as_deref(), Some("pet"), "a person who reads her mail cannot do away with them");
}

// Before anything else.

async fn required(world: &World) -> Vec<RequiredAction> {
    let account = world.account(GRACE).await;
    world.kit().settings.required_of(&account).collect()
}

#[tokio::test]
async fn where_they_are_required_the_next_login_demands_them_once() {
    let world = World::new().await;
    world.hires(GRACE).await;
    world.passes("PT1M");
    let world = world.under(demanding);
    let logged_in = world.guesses(GRACE, PASSWORD).await.unwrap();
    assert_eq!(logged_in.account.required_actions, [RequiredAction::AnswerSecurityQuestions].into());
    assert_eq!(required(&world).await, [RequiredAction::AnswerSecurityQuestions]);
    world.guesses(GRACE, PASSWORD).await.unwrap();
    let grace = world.session(&logged_in.secret).await.unwrap();
    world.answers(&grace, &ANSWERS).await.unwrap();
    assert_eq!(required(&world).await, []);
    assert!(world.guesses(GRACE, PASSWORD).await.unwrap().account.required_actions.is_empty());
}

#[tokio::test]
async fn nobody_is_held_up_by_questions_that_are_not_asked_any_more() {
    let world = World::new().await;
    world.hires(GRACE).await;
    let demanded = world.under(demanding);
    demanded.guesses(GRACE, PASSWORD).await.unwrap();
    assert_eq!(required(&demanded).await, [RequiredAction::AnswerSecurityQuestions]);
    for now in [world.under(asking), world.under(|settings| settings.security_questions = None)] {
        assert_eq!(required(&now).await, []);
    }
}

#[tokio::test]
async fn a_new_password_and_the_terms_come_first() {
    let world = World::met().await;
    world.hires(GRACE).await;
    let ada = world.operator().await;
    let grace = world.account(GRACE).await.id;
    let temporary = ada.sets_a_temporary_password(grace).await.unwrap();
    ada.publishes_terms("Be kinder.").await;
    world.passes("PT1M");
    let world = world.under(demanding);
    let before = world.account(GRACE).await.version;
    world.guesses(GRACE, &temporary).await.unwrap();
    let first = [RequiredAction::ChangePassword, RequiredAction::AcceptTerms, RequiredAction::AnswerSecurityQuestions];
    assert_eq!(required(&world).await, first);
    assert_eq!(world.account(GRACE).await.version, before + 1, "one commit raises the version once");
}

#[tokio::test]
async fn two_logins_at_once_that_both_demand_them_both_succeed() {
    let world = World::new().await;
    world.hires(GRACE).await;
    world.passes("PT1M");
    let world = world.under(demanding);
    let other = world.clone();
    world.stage().just_before("commit", async move { drop(other.guesses(GRACE, PASSWORD).await.unwrap()) });
    let logged_in = world.guesses(GRACE, PASSWORD).await.unwrap();
    assert_eq!(logged_in.account.required_actions, [RequiredAction::AnswerSecurityQuestions].into());
}

#[tokio::test]
async fn a_login_makes_the_same_calls_no_matter_who_has_the_address_where_questions_are_required() {
    let world = World::new().await;
    world.hires(GRACE).await;
    let world = world.under(demanding);
    let mut traces = Vec::new();
    for email in [GRACE, "nobody@example.org"] {
        world.kit().faults.none();
        assert!(world.guesses(email, WRONG).await.is_err());
        traces.push(world.kit().faults.trace());
    }
    assert!(traces[0].contains(&"security_answers") && traces[0] == traces[1], "{traces:?}");
}

#[tokio::test]
async fn nothing_that_is_committed_holds_an_answer() {
    let world = with_answers().await;
    let written = format!("{:?}", world.changes()).to_lowercase();
    for (_, answer) in ANSWERS {
        assert!(!written.contains(&answer.to_lowercase()), "{answer}");
    }
    assert!(world.changes().iter().any(|change| matches!(change, Change::Question(QuestionChange::SetAnswers { .. }))));
    let link = world.has_forgotten(GRACE).await.link;
    let refused = world.resets_answering(&link, &another(1), Some("Rover")).await;
    assert!(!format!("{refused:?}").contains("Rover"));
}
