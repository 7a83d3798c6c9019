//! Security questions: nowhere where an operator declares none, and a step beside another proof where some are.

use std::collections::BTreeMap;

use identity_core::{
    model::{
        Settings,
        custom_field::Words,
        question::{SecurityQuestion, SecurityQuestions},
    },
    value::{Language, QuestionKey},
};
use serde_json::{Value, json};

use crate::{
    html::{is_harmless, is_well_formed, is_wrong, main_button},
    support::{
        ADMINISTRATOR, Api, Browser, MEMBER, OPERATOR, OTHER_PASSWORD, PASSWORD, RequestExt as _, World, assisted, clean, reset,
        token_in,
    },
};

const PAGE: &str = "/account/security/questions";

/// What a page or a document would say of them, in whatever language.
pub(crate) const WORDS: [&str; 6] =
    ["security question", "security_question", "security-question", "security_answer", "answer_security", "أسئلة الأمان"];

fn questions(required: bool) -> SecurityQuestions {
    let texts = [
        ("pet", "What was your first pet called?", "ما اسم أول حيوان أليف لديك؟"),
        ("street", "In which street did you grow up?", "في أي شارع نشأت؟"),
        ("book", "Which book did you read first?", "ما أول كتاب قرأته؟"),
        ("teacher", "Who was your <favourite> teacher?", "من كان معلمك المفضل؟"),
    ];
    let declared = texts.map(|(key, english, arabic)| {
        let words =
            BTreeMap::from([(Language::english(), english.to_owned()), (Language::parse("ar").unwrap(), arabic.to_owned())]);
        SecurityQuestion { key: QuestionKey::parse(key).unwrap(), text: Words::new(words).unwrap() }
    });
    SecurityQuestions::new(declared.into(), 3, required).unwrap()
}

fn asking(settings: &mut Settings) {
    settings.security_questions = Some(questions(false));
}

fn demanding(settings: &mut Settings) {
    settings.security_questions = Some(questions(true));
}

fn answers() -> Value {
    json!({ "answers": [
        { "question": "pet", "answer": "Rex the Dog" },
        { "question": "street", "answer": "Elm Street" },
        { "question": "book", "answer": "Moby-Dick" },
    ] })
}

const FORM: [(&str, &str); 6] = [
    ("answers.1.question", "pet"),
    ("answers.1.answer", "Rex the Dog"),
    ("answers.2.question", "street"),
    ("answers.2.answer", "Elm Street"),
    ("answers.3.question", "book"),
    ("answers.3.answer", "Moby-Dick"),
];

/// Grace has answered.
async fn answered() -> (World, Api) {
    let world = World::new().await.with(asking);
    let grace = world.api().logs_in(MEMBER).await;
    grace.put("/me/security-questions", answers()).await.expect(204);
    grace.post("/sessions/current/reauthenticate", json!({ "password": PASSWORD })).await.expect(204);
    world.delivers().await;
    (world, grace)
}

fn with_answer(token: &str, answer: &str) -> Value {
    let mut body = reset(token);
    body["security_answer"] = json!(answer);
    body
}

fn message(answer: &crate::support::Answer) -> String {
    answer.json()["errors"][0]["message"].as_str().unwrap().to_owned()
}

// Where there are none.

#[tokio::test]
async fn nothing_of_them_is_taken_where_none_are_declared() {
    let world = World::new().await;
    let grace = world.api().logs_in(MEMBER).await;
    grace.get("/me/security-questions").await.expect(404);
    grace.put("/me/security-questions", answers()).await.expect(404);
    let mut browser = world.browser_of(MEMBER).await;
    browser.get(PAGE).await.expect(404);
    browser.submit(PAGE, &FORM).await.expect(404);
    let link = world.recovery().await;
    let unknown = world.api().post("/password-resets/complete", with_answer(&link, "Rex the Dog")).await.expect(422);
    assert_eq!(unknown.codes("security_answer"), ["unknown_field"]);
    let mut visitor = world.browser();
    visitor.opens(&link).await;
    let passwords = [("password", OTHER_PASSWORD), ("password_confirmation", OTHER_PASSWORD), ("security_answer", "Rex the Dog")];
    visitor.submit(&clean(&link), &passwords).await.expect(422);
    let ada = world.api().logs_in(OPERATOR).await;
    let path = format!("/accounts/{}/password-reset", world.account_id(MEMBER).await);
    let mut by_question = assisted("link");
    by_question["identity_check"]["method"] = json!("security_question");
    let refused = ada.post(&path, by_question.clone()).await.expect(422);
    assert_eq!(refused.codes("identity_check.method"), ["invalid"]);
    assert!(!refused.body.contains("question"), "{}", refused.body);
    by_question["identity_check"]["security_answer"] = json!("Rex the Dog");
    let unknown = ada.post(&path, by_question).await.expect(422);
    assert_eq!(unknown.codes("identity_check.security_answer"), ["unknown_field"]);
    let document = world.get("/openapi.json").await.expect(200).body;
    for word in WORDS {
        assert!(!document.contains(word), "the document says {word}");
    }
}

#[tokio::test]
async fn the_document_says_what_is_there_where_they_are_declared() {
    let world = World::new().await.with(asking);
    let document = world.get("/openapi.json").await.expect(200).json();
    assert!(document.pointer("/paths/~1api~1v1~1me~1security-questions/put").is_some());
    let schemas = &document["components"]["schemas"];
    assert!(schemas.pointer("/CompleteResetWithAnswer/properties/security_answer").is_some());
    assert!(schemas.pointer("/IdentityCheckWithAnswer/properties/security_answer").is_some());
    assert!(schemas["CompleteReset"].is_null() && schemas["AssistedReset"].is_null(), "one of each");
    for name in ["CompleteResetWithAnswer", "IdentityCheckWithAnswer", "AssistedResetWithAnswer", "SetSecurityAnswers"] {
        assert_eq!(schemas[name]["additionalProperties"], json!(false), "{name}");
    }
}

// Answering.

#[tokio::test]
async fn a_program_is_told_the_questions_and_never_the_answers() {
    let world = World::new().await.with(asking);
    world.api().get("/me/security-questions").await.expect(401);
    world.api().put("/me/security-questions", answers()).await.expect(401);
    let grace = world.api().logs_in(MEMBER).await;
    let none = grace.get("/me/security-questions").await.expect(200).json();
    assert_eq!((&none["required_answers"], &none["set_at"]), (&json!(3), &Value::Null));
    assert_eq!(none["questions"][3], json!({ "key": "teacher", "text": "Who was your <favourite> teacher?", "answered": false }));
    world.passes("PT1S");
    grace.put("/me/security-questions", answers()).await.expect(204);
    let some = grace.get("/me/security-questions").await.expect(200);
    for answer in ["Rex", "rex", "Elm Street", "Moby"] {
        assert!(!some.body.contains(answer), "{}", some.body);
    }
    let keys = some.json()["questions"].as_array().unwrap().iter().map(|one| one["answered"] == json!(true)).collect::<Vec<_>>();
    assert_eq!(keys, [true, true, true, false]);
    assert!(some.json()["set_at"].is_string());
    let events = grace.get("/me/events?limit=1").await.expect(200).json();
    assert_eq!(events["items"][0]["action"], "security_questions_changed");
}

#[tokio::test]
async fn a_program_is_told_everything_that_is_wrong_by_place() {
    let world = World::new().await.with(asking);
    let grace = world.api().logs_in(MEMBER).await;
    let wrong = json!({ "answers": [
        { "question": "colour", "answer": "Mauve" },
        { "question": "street", "answer": "123" },
        { "question": "street", "answer": "x" },
    ] });
    let refused = grace.put("/me/security-questions", wrong).await.expect(422);
    assert_eq!(refused.codes("answers[0].question"), ["unknown_question"]);
    assert_eq!(refused.codes("answers[1].answer"), ["too_simple"]);
    assert_eq!(refused.codes("answers[2].question"), ["same_question"]);
    assert_eq!(refused.codes("answers[2].answer"), ["too_short"]);
    let few = grace.put("/me/security-questions", json!({ "answers": [] })).await.expect(422);
    assert_eq!(few.codes("answers"), ["number"]);
    let mut known = answers();
    known["answers"][1]["answer"] = json!(PASSWORD);
    let password = grace.put("/me/security-questions", known).await.expect(422);
    assert_eq!(password.codes("answers[1].answer"), ["password"]);
    assert!(!password.body.contains(PASSWORD));
    world.passes("PT6M");
    let again = grace.put("/me/security-questions", answers()).await.expect(403);
    assert_eq!(again.problem(), "reauthentication-required");
}

#[tokio::test]
async fn a_person_answers_on_a_page_that_keeps_the_questions_and_no_answer() {
    let world = World::new().await.with(asking);
    let mut nobody = world.browser();
    assert!(nobody.get(PAGE).await.expect(303).header("location").starts_with("/login?return_to="));
    let mut browser = world.browser_of(MEMBER).await;
    let page = browser.get("/account/security").await.expect(200).body;
    assert!(page.contains(&format!("href=\"{PAGE}\"")), "{page}");
    let shown = browser.get(PAGE).await.expect(200).body;
    is_harmless(PAGE, &shown);
    is_well_formed(PAGE, &shown);
    assert!(shown.contains("&lt;favourite&gt;") || shown.contains("&#60;favourite&#62;"), "{shown}");
    // A form that was opened when fewer were asked for.
    let few = browser.submit(PAGE, FORM.get(..4).unwrap()).await.expect(422).body;
    assert!(is_wrong(&few, "answers.3.question") && !is_wrong(&few, "answers.1.answer"), "{few}");
    let mut wrong = FORM;
    (wrong[0].1, wrong[3].1) = ("teacher", "123");
    let again = browser.submit(PAGE, &wrong).await.expect(422).body;
    is_well_formed(PAGE, &again);
    assert!(is_wrong(&again, "answers.2.answer") && !is_wrong(&again, "answers.1.answer"), "{again}");
    assert!(again.contains("<option value=\"teacher\" selected>"), "{again}");
    for typed in ["Rex the Dog", "Moby-Dick", "value=\"123\""] {
        assert!(!again.contains(typed), "{typed} stands there again");
    }
    let saved = browser.submit(PAGE, &FORM).await.expect(303);
    let page = browser.get(saved.header("location")).await.expect(200).body;
    assert!(page.contains("Your answers are kept.") && !page.contains("Rex"), "{page}");
    is_well_formed("saved", &page);
}

#[tokio::test]
async fn the_form_is_taken_from_our_own_page_alone_and_with_its_fields_alone() {
    let world = World::new().await.with(asking);
    let mut browser = world.browser_of(MEMBER).await;
    browser.post(PAGE, &FORM).await.expect(403);
    let mut more = FORM.to_vec();
    more.push(("answers.4.answer", "Miss Honey"));
    browser.submit(PAGE, &more).await.expect(422);
    let token = browser.token_of(PAGE).await;
    let mut fields = FORM.to_vec();
    fields.push(("csrf_token", &token));
    let request = browser.request("POST", PAGE).form(&fields).with("sec-fetch-site", "cross-site");
    assert_eq!(browser.send(request).await.status, 403);
    assert!(world.store().security_answers(world.account_id(MEMBER).await).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_page_asks_for_the_password_of_a_moment_ago_before_anything_is_typed() {
    let world = World::new().await.with(asking);
    let mut browser = world.browser_of(MEMBER).await;
    world.passes("PT6M");
    let by = browser.get(PAGE).await.expect(303);
    assert_eq!(by.header("location"), "/reauthenticate?return_to=/account/security/questions");
    assert_eq!(browser.submit(PAGE, &FORM).await.expect(303).header("location"), by.header("location"));
    let back = browser.submit("/reauthenticate", &[("password", PASSWORD), ("return_to", PAGE)]).await.expect(303);
    assert_eq!(back.header("location"), PAGE);
    browser.get(PAGE).await.expect(200);
}

// After a link.

#[tokio::test]
async fn a_program_is_told_the_question_by_who_holds_the_link() {
    let (world, _) = answered().await;
    let link = world.recovery().await;
    let complete = async |body| world.api().post("/password-resets/complete", body).await;
    let needed = complete(reset(&link)).await.expect(422);
    assert_eq!(needed.codes("security_answer"), ["answer_needed"]);
    assert!(message(&needed).ends_with("What was your first pet called?"), "{}", needed.body);
    let wrong = complete(with_answer(&link, "Rover the Dog")).await.expect(422);
    assert_eq!(wrong.codes("security_answer"), ["wrong_answer"]);
    assert!(!wrong.body.contains("Rover"), "{}", wrong.body);
    complete(with_answer(&link, "rex the dog")).await.expect(204);
    complete(with_answer(&link, "rex the dog")).await.expect(410);
    let dead = complete(reset(&link)).await.expect(410);
    assert!(!dead.body.contains("question"), "{}", dead.body);
}

#[tokio::test]
async fn asking_for_a_link_tells_nobody_who_has_answered() {
    let (world, _) = answered().await;
    let mut answers = Vec::new();
    for email in [MEMBER, OPERATOR, "nobody@example.org"] {
        let mut browser = world.browser();
        let page = browser.submit("/forgot-password", &[("email", email)]).await.expect(202).body;
        answers.push(page.replace(email, "…").replace(&token_in(&page), "…"));
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    assert!(WORDS.iter().all(|word| !answers[0].to_lowercase().contains(word)));
}

#[tokio::test]
async fn the_page_of_a_link_asks_one_question_until_it_is_answered() {
    let (world, _) = answered().await;
    let link = world.recovery().await;
    let mut visitor = world.browser();
    visitor.opens(&link).await;
    let page = clean(&link);
    let shown = visitor.get(&page).await.expect(200).body;
    is_well_formed("reset", &shown);
    assert!(shown.contains("What was your first pet called?") && !shown.contains("In which street"), "{shown}");
    let passwords = [("password", OTHER_PASSWORD), ("password_confirmation", OTHER_PASSWORD)];
    let with = |answer| [passwords[0], passwords[1], ("security_answer", answer)];
    let needed = visitor.submit(&page, &passwords).await.expect(422).body;
    assert!(is_wrong(&needed, "security_answer"), "{needed}");
    let wrong = visitor.submit(&page, &with("Elm Street")).await.expect(422).body;
    is_well_formed("a wrong answer", &wrong);
    assert!(is_wrong(&wrong, "security_answer") && !wrong.contains("Elm Street"), "{wrong}");
    assert!(wrong.contains("What was your first pet called?"));
    let done = visitor.submit(&page, &with(" REX the dog")).await.expect(200).body;
    // The next login looks at what happened meanwhile.
    let login = main_button(&done).unwrap();
    assert_eq!(login, "/login?return_to=%2Faccount%2Fsecurity%3Freview%3Dtrue");
    let place = "/account/security?review=true";
    let fields = [("email", MEMBER), ("password", OTHER_PASSWORD), ("return_to", place)];
    let token = visitor.token_of("/login").await;
    let fields = [fields.as_slice(), &[("csrf_token", &token)]].concat();
    assert_eq!(visitor.post("/login", &fields).await.expect(303).header("location"), place);
    let review = visitor.get(place).await.expect(200).body;
    is_well_formed("review", &review);
    assert!(review.contains("You have a new password.") && review.contains("/account/settings"), "{review}");
}

#[tokio::test]
async fn a_person_who_types_too_many_answers_waits() {
    let (world, _) = answered().await;
    let link = world.recovery().await;
    for _ in 0..5 {
        world.api().post("/password-resets/complete", with_answer(&link, "Rover")).await.expect(422);
    }
    let locked = world.api().post("/password-resets/complete", with_answer(&link, "rex the dog")).await.expect(429);
    assert!(!locked.header("retry-after").is_empty());
    world.api().post("/sessions", json!({ "email": MEMBER, "password": PASSWORD })).await.expect(429);
}

// By the help desk.

#[tokio::test]
async fn the_help_desk_sees_the_question_of_a_person_who_is_within_reach() {
    let (world, _) = answered().await;
    let id = world.account_id(MEMBER).await;
    let mut ada = world.browser_of(OPERATOR).await;
    let page = ada.get(&format!("/admin/accounts/{id}")).await.expect(200).body;
    is_well_formed("account", &page);
    assert!(page.contains("What was your first pet called?") && page.contains("value=\"security_question\""), "{page}");
    let other = world.account_id(ADMINISTRATOR).await;
    let unanswered = ada.get(&format!("/admin/accounts/{other}")).await.expect(200).body;
    assert!(!unanswered.contains("security_question") && !unanswered.contains("security_answer"), "{unanswered}");
    let reset = format!("/admin/accounts/{id}/reset");
    let by = |method, answer| {
        [
            ("method", "link"),
            ("identity_check.method", method),
            ("identity_check.note", "Called back"),
            ("identity_check.security_answer", answer),
        ]
    };
    for (method, answer) in [("security_question", ""), ("security_question", "Rover"), ("other", "Rex the Dog")] {
        let again = ada.submit(&reset, &by(method, answer)).await.expect(422).body;
        is_well_formed("again", &again);
        assert!(is_wrong(&again, "identity_check.security_answer"), "{method} {answer}");
        assert!(!again.contains("Rover"), "{again}");
    }
    let noteless =
        [("method", "link"), ("identity_check.method", "security_question"), ("identity_check.security_answer", "Rex the Dog")];
    assert!(is_wrong(&ada.submit(&reset, &noteless).await.expect(422).body, "identity_check.note"), "never enough alone");
    ada.submit(&reset, &by("security_question", "rex THE dog")).await.expect(202);
    ada.submit(&reset, &by("other", "")).await.expect(202);
}

#[tokio::test]
async fn a_program_of_the_help_desk_has_the_answer_checked() {
    let (world, _) = answered().await;
    let ada = world.api().logs_in(OPERATOR).await;
    let path = format!("/accounts/{}/password-reset", world.account_id(MEMBER).await);
    let body = |method: &str, answer: Option<&str>| {
        let mut body = assisted("temporary_password");
        body["identity_check"]["method"] = json!(method);
        if let Some(answer) = answer {
            body["identity_check"]["security_answer"] = json!(answer);
        }
        body
    };
    let field = "identity_check.security_answer";
    let needed = ada.post(&path, body("security_question", None)).await.expect(422);
    assert_eq!(needed.codes(field), ["answer_needed"]);
    assert!(message(&needed).ends_with("What was your first pet called?"), "{}", needed.body);
    assert_eq!(ada.post(&path, body("security_question", Some("Rover"))).await.expect(422).codes(field), ["wrong_answer"]);
    assert_eq!(ada.post(&path, body("in_person", Some("Rex the Dog"))).await.expect(422).codes(field), ["invalid"]);
    let done = ada.post(&path, body("security_question", Some("Rex the Dog"))).await.expect(202).json();
    assert!(done["temporary_password"].is_string());
    let other = format!("/accounts/{}/password-reset", world.account_id(ADMINISTRATOR).await);
    let none = ada.post(&other, body("security_question", Some("Rex the Dog"))).await.expect(422);
    assert_eq!(none.codes("identity_check.method"), ["no_question"]);
    let member = world.api().logs_in(ADMINISTRATOR).await;
    let operator = format!("/accounts/{}/password-reset", world.account_id(OPERATOR).await);
    member.post(&operator, body("security_question", Some("Rex the Dog"))).await.expect(403);
}

// Before anything else.

async fn demanded() -> (World, Browser) {
    let world = World::new().await.with(demanding);
    let browser = world.browser_of(MEMBER).await;
    (world, browser)
}

#[tokio::test]
async fn where_they_are_required_nothing_else_is_there_until_they_are_answered() {
    let (world, mut browser) = demanded().await;
    assert_eq!(
        browser.get("/account/settings").await.expect(303).header("location"),
        format!("{PAGE}?return_to=%2Faccount%2Fsettings")
    );
    let grace = world.api().logs_in(MEMBER).await;
    let refused = grace.get("/me").await.expect(403);
    assert_eq!(
        (refused.problem(), &refused.json()["required_action"]),
        ("required-action".to_owned(), &json!("answer_security_questions"))
    );
    assert_eq!(grace.get("/sessions/current").await.expect(200).json()["required_actions"], json!(["answer_security_questions"]));
    // Saying the password again is part of it.
    world.passes("PT6M");
    assert_eq!(browser.get(PAGE).await.expect(303).header("location"), "/reauthenticate?return_to=/account/security/questions");
    let token = browser.token_of("/reauthenticate").await;
    let fields = [("password", PASSWORD), ("return_to", PAGE), ("csrf_token", &token)];
    browser.post("/reauthenticate", &fields).await.expect(303);
    let page = browser.get(&format!("{PAGE}?return_to=%2Faccount%2Fsettings")).await.expect(200).body;
    is_well_formed(PAGE, &page);
    assert!(page.contains("before you go on") && page.contains("/logout"), "{page}");
    let token = crate::support::token_in(&page);
    let fields = [FORM.as_slice(), &[("return_to", "/account/settings"), ("csrf_token", &token)]].concat();
    let done = browser.post(PAGE, &fields).await;
    assert!(done.status == 303 && done.header("location") == "/account/settings", "{} {}", done.status, done.body);
    browser.get("/account/settings").await.expect(200);
    grace.get("/me").await.expect(200);
}

#[tokio::test]
async fn a_program_answers_what_is_required_and_goes_on() {
    let world = World::new().await.with(demanding);
    let grace = world.api().logs_in(MEMBER).await;
    grace.get("/me").await.expect(403);
    grace.get("/me/security-questions").await.expect(200);
    world.passes("PT6M");
    grace.put("/me/security-questions", answers()).await.expect(403);
    grace.post("/sessions/current/reauthenticate", json!({ "password": PASSWORD })).await.expect(204);
    grace.put("/me/security-questions", answers()).await.expect(204);
    grace.get("/me").await.expect(200);
}

#[tokio::test]
async fn nobody_is_kept_out_by_questions_that_were_switched_off() {
    let (world, _) = demanded().await;
    let off = world.with(|settings| settings.security_questions = None);
    let mut browser = off.browser_of(MEMBER).await;
    browser.get("/account").await.expect(200);
    let grace = off.api().logs_in(MEMBER).await;
    assert_eq!(grace.get("/sessions/current").await.expect(200).json()["required_actions"], json!([]));
    let ada = off.api().logs_in(OPERATOR).await;
    let details = ada.get(&format!("/accounts/{}", off.account_id(MEMBER).await)).await.expect(200).json();
    assert_eq!(details["required_actions"], json!([]));
}

#[tokio::test]
async fn a_new_password_comes_before_the_questions() {
    let world = World::new().await;
    world.requires_change(MEMBER).await;
    let world = world.with(demanding);
    let mut browser = world.browser_of(MEMBER).await;
    assert!(browser.get(PAGE).await.expect(303).header("location").starts_with("/change-password"));
    let grace = world.api().logs_in(MEMBER).await;
    assert_eq!(grace.get("/me/security-questions").await.expect(403).json()["required_action"], json!("change_password"));
}
