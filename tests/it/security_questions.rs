//! Security questions on a real server: answered, asked for after the link, asked for by the help desk. With `IDENTITY_SCREENSHOTS`
//! set to a folder, pictures are kept there.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::{
    Api, Browser, Options, Server,
    api::{PASSWORD, token_of},
    server::command,
};

const NEW_PASSWORD: &str = "Walrus-pantry-31";
const ADDRESS: &str = "grace@example.org";
pub(crate) const QUESTIONS: &str = r#"[
    { key = "pet", text = { en = "What was your first pet called?", ar = "ما اسم أول حيوان أليف لديك؟" } },
    { key = "street", text = { en = "In which street did you grow up?", ar = "في أي شارع نشأت؟" } },
    { key = "book", text = { en = "Which book did you read first all by yourself, from its first page to its last?", ar = "ما أول كتاب قرأته؟" } },
    { key = "teacher", text = { en = "Who was your favourite teacher?", ar = "من كان معلمك المفضل؟" } },
]"#;
const ON: [(&str, &str); 2] = [("security_questions.enabled", "true"), ("security_questions.questions", QUESTIONS)];

fn answers() -> Value {
    json!({ "answers": [
        { "question": "pet", "answer": "Rex the Dog" },
        { "question": "street", "answer": "Elm Street" },
        { "question": "book", "answer": "Moby-Dick" },
    ] })
}

/// A server that asks, its operator, and the id of Grace's account.
async fn start(languages: &str) -> (Server, Api, String) {
    let server = Server::with(&[&ON[..], &[("languages", languages)]].concat()).await;
    let operator = server.first_operator().await;
    operator.invites(ADDRESS).await;
    let link = server.mail_to(ADDRESS).await.link();
    let joined = server.api().accepts(token_of(&link), json!({})).await.expect(201);
    let id = joined["account"]["id"].as_str().unwrap().to_owned();
    (server, operator, id)
}

#[tokio::test]
async fn a_reset_takes_the_right_answer_after_wrong_ones() {
    let (server, operator, id) = start("en,ar").await;
    let grace = server.api().logs_in(ADDRESS, PASSWORD).await;
    grace.send(reqwest::Method::PUT, "/me/security-questions", Some(answers())).await.expect(204);
    let told = server.mail_about(ADDRESS, "security questions").await;
    assert!(told.text.contains("/not-me/") && !told.text.contains("Rex"), "{}", told.text);
    server.api().forgets(ADDRESS).await;
    let link = server.mail_about(ADDRESS, "eset").await.link_to("reset-password");
    let complete = async |answer: Option<&str>| {
        let mut body = json!({ "token": token_of(&link), "password": NEW_PASSWORD, "password_confirmation": NEW_PASSWORD });
        if let Some(answer) = answer {
            body["security_answer"] = json!(answer);
        }
        server.api().post("/password-resets/complete", body).await
    };
    assert_eq!(complete(None).await.codes("security_answer"), ["answer_needed"]);
    for wrong in ["Rover", "Elm Street", "rex"] {
        assert_eq!(complete(Some(wrong)).await.codes("security_answer"), ["wrong_answer"], "{wrong}");
    }
    server.api().logs_in(ADDRESS, PASSWORD).await;
    complete(Some(" REX  the dog ")).await;
    assert_eq!(complete(Some("rex the dog")).await.problem(), "dead-link");
    server.api().logs_in(ADDRESS, NEW_PASSWORD).await;
    // The help desk is told the next question, and its answer is checked here.
    let check = |answer: &str| {
        let check = json!({ "method": "security_question", "note": "Called back", "security_answer": answer });
        json!({ "method": "link", "identity_check": check })
    };
    let path = format!("/accounts/{id}/password-reset");
    let wrong = operator.post(&path, check("Rex the Dog")).await;
    assert_eq!(wrong.codes("identity_check.security_answer"), ["wrong_answer"]);
    assert!(wrong.body["errors"][0]["message"].as_str().unwrap().contains("In which street"), "{}", wrong.body);
    operator.post(&path, check("elm street")).await.expect(202);
    // Nothing that is kept says an answer.
    let files = std::fs::read_dir(server.folder()).unwrap().map(|file| file.unwrap().path()).filter(|path| path.is_file());
    let kept = files.flat_map(|path| std::fs::read(path).unwrap()).collect::<Vec<_>>();
    let holds = |text: &str| kept.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text.as_bytes()));
    assert!(holds("security_question: Called back"), "how she was recognised stands in the event");
    for answer in ["rex the dog", "elm street", "moby-dick"] {
        assert!(!holds(answer), "{answer}");
    }
}

#[tokio::test]
async fn the_doctor_says_what_security_questions_do_not_meet() {
    let folder = tempfile::tempdir().unwrap();
    let said = async |settings: &[(&str, &str)]| {
        let output = command(folder.path(), settings).arg("doctor").output().await.unwrap();
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
    };
    assert!(said(&ON).await.contains("V6.4.2 is NOT MET"));
    let off = said(&[]).await;
    assert!(!off.contains("security_questions") && !off.contains("6.4.2"), "{off}");
    let none = said(&ON[..1]).await;
    assert!(none.contains("declare 3 to 30 questions"), "{none}");
}

struct Journey {
    server: Server,
    browser: Browser,
    language: &'static str,
    name: &'static str,
}

impl Journey {
    async fn at(&self, page: &str) {
        self.browser.is_sound(self.language).await;
        self.browser.is_accessible().await;
        if let Some(folder) = std::env::var_os("IDENTITY_SCREENSHOTS").map(PathBuf::from) {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(format!("{page}-{}.png", self.name)), self.browser.screenshot().await).unwrap();
        }
    }

    async fn goes_to(&self, path: &str) {
        self.browser.goto(&format!("{}{path}", self.server.url)).await;
    }

    async fn submits(&self) {
        self.browser.click_on("main form button[type=submit]").await;
    }

    async fn fills(&self, fields: &[(&str, &str)]) {
        for (field, value) in fields {
            self.browser.fill(field, value).await;
        }
    }

    async fn logs_in(&self, email: &str, password: &str) {
        self.fills(&[("email", email), ("password", password)]).await;
        self.submits().await;
    }

    async fn answers(&self) {
        self.goes_to("/login?return_to=/account/security").await;
        self.logs_in(ADDRESS, PASSWORD).await;
        self.browser.find("#questions").await;
        self.at("security-questions-offered").await;
        self.browser.click_on("a[href='/account/security/questions']").await;
        self.browser.find("[id='answers.3.answer']").await;
        self.at("security-questions").await;
        self.fills(&[("answers.1.answer", "Rex the Dog"), ("answers.2.answer", "123"), ("answers.3.answer", "Moby-Dick")]).await;
        self.submits().await;
        self.browser.find(".summary").await;
        self.at("security-questions-errors").await;
        self.fills(&[("answers.1.answer", "Rex the Dog"), ("answers.2.answer", "Elm Street"), ("answers.3.answer", "Moby-Dick")])
            .await;
        self.submits().await;
        self.browser.find(".notice.is-good").await;
        self.at("security-questions-saved").await;
        self.browser.forget_cookies().await;
    }

    async fn resets(&self) {
        self.server.api().forgets(ADDRESS).await;
        let mails = async || self.server.mails().into_iter().find(|mail| mail.text.contains("/reset-password/"));
        let mail = crate::support::eventually("a mail", mails).await;
        self.browser.goto(&mail.link_to("reset-password")).await;
        self.browser.find("#security_answer").await;
        self.at("reset-with-question").await;
        let passwords = [("password", NEW_PASSWORD), ("password_confirmation", NEW_PASSWORD)];
        self.fills(&[("security_answer", "Rover"), passwords[0], passwords[1]]).await;
        self.submits().await;
        self.browser.find(".summary").await;
        self.at("reset-with-question-errors").await;
        self.fills(&[("security_answer", "rex the dog"), passwords[0], passwords[1]]).await;
        self.submits().await;
        self.browser.find(".seal:not(.is-warn)").await;
        self.browser.click_on("main a.button").await;
        self.browser.find("#password").await;
        self.logs_in(ADDRESS, NEW_PASSWORD).await;
        self.browser.find("main .notice").await;
        self.at("security-review").await;
        self.browser.forget_cookies().await;
    }

    async fn is_helped(&self, id: &str) {
        self.goes_to(&format!("/login?return_to=/admin/accounts/{id}")).await;
        self.logs_in("ada@acme.example", PASSWORD).await;
        self.browser.find("[id='identity_check.security_answer']").await;
        self.at("account-detail-with-question").await;
        self.browser.eval("document.getElementById('identity_check.method').value = 'security_question'").await;
        self.fills(&[("identity_check.note", "Called back"), ("identity_check.security_answer", "Rover")]).await;
        self.browser.click_on("main button[value=link]").await;
        self.browser.find(".summary").await;
        self.at("account-detail-with-question-errors").await;
        self.fills(&[("identity_check.security_answer", "elm street")]).await;
        self.browser.click_on("main button[value=link]").await;
        self.browser.find(&format!("main .actions a[href='/admin/accounts/{id}']")).await;
    }
}

async fn the_whole_way(name: &'static str, options: Options) {
    let language = options.languages;
    let (server, _, id) = start(if language == "ar" { "ar,en" } else { "en,ar" }).await;
    let journey = Journey { server, browser: Browser::start(options).await, language, name };
    journey.answers().await;
    journey.resets().await;
    journey.is_helped(&id).await;
}

#[tokio::test]
async fn the_whole_way_in_a_browser_on_a_desktop() {
    the_whole_way("desktop", Options::default()).await;
}

#[tokio::test]
async fn the_whole_way_in_a_browser_on_a_phone_in_the_dark() {
    the_whole_way("phone-dark", Options { phone: true, dark: true, ..Options::default() }).await;
}

#[tokio::test]
async fn the_whole_way_in_a_browser_from_right_to_left() {
    the_whole_way("rtl", Options { languages: "ar", ..Options::default() }).await;
}
