//! The whole way of an invited person, in Chromium.

use serde_json::json;

use crate::support::{Browser, Options, Server, api::PASSWORD};

/// Who goes the way, and how.
struct Journey {
    server: Server,
    browser: Browser,
    language: &'static str,
    javascript: bool,
}

impl Journey {
    async fn start(options: Options) -> Self {
        // The first operator's page speaks the installation's first language.
        let languages = if options.languages == "ar" { "ar,en" } else { "en,ar" };
        let server = Server::with(&[("languages", languages), ("setup.enabled", "true")]).await;
        let browser = Browser::start(options).await;
        Self { server, browser, language: options.languages, javascript: options.javascript }
    }

    /// A field's label in English, and its name where the page speaks another language.
    fn field(&self, label: &'static str, name: &'static str) -> &'static str {
        if self.language == "en" { label } else { name }
    }

    /// Presses the button that sends the page's form.
    async fn submit(&self, words: &str) {
        if self.language == "en" {
            self.browser.click(words).await;
        } else {
            self.browser.click_on("main form button[type=submit]").await;
        }
    }

    async fn goto(&self, path: &str) {
        self.browser.goto(&format!("{}{path}", self.server.url)).await;
    }

    async fn types_password(&self, password: &str, confirmation: &str) {
        self.browser.fill(self.field("Password", "password"), password).await;
        self.browser.fill(self.field("Confirm password", "password_confirmation"), confirmation).await;
    }

    async fn logs_in(&self, email: &str) {
        assert_eq!(self.browser.path().await, "/login");
        self.browser.is_sound(self.language).await;
        self.browser.fill(self.field("E-mail", "email"), email).await;
        self.browser.fill(self.field("Password", "password"), PASSWORD).await;
        self.submit("Log In").await;
        self.browser.find("[aria-current=step]").await;
    }

    /// The steps that a first login leads through.
    async fn is_welcomed(&self) {
        let Self { browser, .. } = self;
        for (step, way) in [("profile", ""), ("picture", "/skip"), ("settings", "")] {
            browser.find(&format!("main form[action='/welcome/{step}']")).await;
            browser.is_sound(self.language).await;
            browser.click_on(&format!("main form[action='/welcome/{step}{way}'] button[type=submit]")).await;
        }
        browser.find("form[action='/logout']").await;
    }

    /// Registers through the link that the server printed, and logs in.
    async fn first_operator(&self) {
        let Self { browser, .. } = self;
        browser.goto(self.server.first_operator_link.as_deref().expect("the link of the first operator was printed")).await;
        browser.is_sound(self.language).await;
        browser.fill(self.field("First name", "first_name"), "Ada").await;
        browser.fill(self.field("Last name", "last_name"), "Lovelace").await;
        browser.fill(self.field("E-mail", "email"), "ada@acme.example").await;
        browser.fill(self.field("Company name", "company_name"), "Acme").await;
        self.types_password(PASSWORD, PASSWORD).await;
        browser.tick("accept_terms").await;
        self.submit("Register").await;
        browser.click_on("main a.button[href='/login']").await;
        self.logs_in("ada@acme.example").await;
        // Later: the account says that it waits.
        browser.click_on("main .links a[href='/account']").await;
        browser.find("main .notice a[href='/welcome']").await;
        assert_eq!(browser.path().await, "/account");
        browser.is_sound(self.language).await;
    }

    /// Invites on the page that is for it.
    async fn invites(&self) {
        let Self { browser, .. } = self;
        self.goto("/admin/invitations").await;
        browser.is_sound(self.language).await;
        browser.click_on("main a.button[href='/admin/invitations/new']").await;
        browser.find("#note").await;
        browser.is_sound(self.language).await;
        browser.fill(self.field("E-mail", "email"), "grace@example.org").await;
        browser.fill(self.field("First name", "first_name"), "Grace").await;
        browser.fill(self.field("Last name", "last_name"), "Hopper").await;
        browser.tick("Editor").await;
        browser.fill(self.field("Language", "language"), if self.language == "ar" { "العربية" } else { "English" }).await;
        browser.fill(self.field("Personal note", "note"), "See you on Monday.").await;
        self.submit("Send invitation").await;
        browser.reads("Grace Hopper").await;
        browser.is_sound(self.language).await;
    }

    /// Follows the button of the mail in the development mailbox, which opens a tab.
    async fn follows_the_mail(&self) {
        let Self { browser, server, .. } = self;
        let mail = server.mail_to("grace@example.org").await;
        self.goto("/dev/mailbox").await;
        browser.is_sound(self.language).await;
        browser.click_on("main nav a").await;
        browser.find("article iframe").await;
        browser.is_sound(self.language).await;
        browser.enter_frame("article iframe").await;
        browser.reads("See you on Monday.").await;
        let button = browser.find("a[href*='/register/']").await;
        assert_eq!(button.attr("href").await.unwrap(), Some(mail.link()), "the button and the text part have the same link");
        button.click().await.unwrap();
        browser.switch_to_tab(1).await;
    }

    async fn is_on_the_registration_page(&self) {
        let Self { browser, .. } = self;
        browser.find("#password_confirmation").await;
        let toggles = browser.count(".toggle:not([hidden])").await;
        assert_eq!(toggles, if self.javascript { 2 } else { 0 }, "what needs a script is there only with one");
        assert_eq!(browser.value("first_name").await, "Grace");
        assert_eq!(browser.value("last_name").await, "Hopper");
        assert_eq!(browser.value("email").await, "grace@example.org");
        assert!(
            browser.field("email").await.attr("readonly").await.unwrap().is_some(),
            "the address is not the visitor's to change"
        );
        assert!(!browser.url().await.contains("idinv_"), "the secret is gone from the address bar: {}", browser.url().await);
        browser.is_sound(self.language).await;
    }

    /// A password that breaks rules is answered with all of them at once.
    async fn is_told_what_is_wrong(&self) {
        let Self { browser, .. } = self;
        browser.fill(self.field("First name", "first_name"), "Gracie").await;
        self.types_password("grace", "other").await;
        self.submit("Register").await;
        browser.find(".summary").await;
        browser.is_sound(self.language).await;
        assert_eq!(browser.value("first_name").await, "Gracie", "what was typed stays");
        assert_eq!((browser.value("password").await, browser.value("password_confirmation").await), (String::new(), String::new()));
        let broken = ["min_length", "uppercase", "digit", "special", "not_personal", "not_common", "strength", "confirmation"];
        let shown =
            browser.eval("return [...document.querySelectorAll('.rules .is-broken')].map((rule) => rule.dataset.rule)").await;
        assert_eq!(shown, json!(broken), "each broken rule is marked in the list");
        let linked =
            browser.eval("return [...document.querySelectorAll('.summary a')].map((link) => link.getAttribute('href'))").await;
        assert_eq!(linked, json!(["#password", "#password_confirmation", "#accept_terms"]), "the summary links to the fields");
        for name in ["password", "password_confirmation", "accept_terms"] {
            let field = browser.field(name).await;
            assert_eq!(field.attr("aria-invalid").await.unwrap().as_deref(), Some("true"), "{name}");
            let described = field.attr("aria-describedby").await.unwrap().unwrap_or_default();
            assert!(described.split(' ').any(|id| id == format!("{name}-message")), "{name}: {described:?}");
        }
        if self.language == "en" {
            assert!(browser.title().await.starts_with("Error:"), "{}", browser.title().await);
            let message = browser.find("#password-message").await.text().await.unwrap();
            assert_eq!(message, "The password does not meet 7 of the rules listed below.");
            for rule in [
                "At least 8 characters (not met yet)",
                "An uppercase letter (not met yet)",
                "A lowercase letter (met)",
                "A digit (not met yet)",
                "A special character, such as ! or a space (not met yet)",
            ] {
                browser.reads(rule).await;
            }
        }
        browser.click_on(".summary a[href='#password']").await;
        assert_eq!(browser.focused().await, "password", "the link in the summary leads into the field");

        // A name that will not do hides nothing of it.
        browser.fill(self.field("First name", "first_name"), "Gr@ce").await;
        self.types_password("grace", "other").await;
        self.submit("Register").await;
        browser.find(".summary a[href='#first_name']").await;
        browser.is_sound(self.language).await;
        assert_eq!(browser.value("first_name").await, "Gr@ce");
        let linked =
            browser.eval("return [...document.querySelectorAll('.summary a')].map((link) => link.getAttribute('href'))").await;
        assert_eq!(linked, json!(["#first_name", "#password", "#password_confirmation", "#accept_terms"]));
        let shown =
            browser.eval("return [...document.querySelectorAll('.rules .is-broken')].map((rule) => rule.dataset.rule)").await;
        assert_eq!(shown, json!(broken));
    }

    async fn registers(&self) {
        let Self { browser, .. } = self;
        browser.fill(self.field("First name", "first_name"), "Grace").await;
        self.types_password(PASSWORD, PASSWORD).await;
        browser.tick("accept_terms").await;
        self.submit("Register").await;
        browser.find("main a.button[href='/login']").await;
        browser.is_sound(self.language).await;
    }

    async fn sees_the_account(&self) {
        let Self { browser, .. } = self;
        browser.click_on("main a.button[href='/login']").await;
        self.logs_in("grace@example.org").await;
        self.is_welcomed().await;
        assert_eq!(browser.path().await, "/account");
        for words in ["Grace Hopper", "grace@example.org", "Acme", "Editor"] {
            browser.reads(words).await;
        }
        browser.is_sound(self.language).await;
        browser.logs_out().await;
        browser.find("form[action='/login']").await;
        self.goto("/account").await;
        assert_eq!(browser.path().await, "/login", "a person who logged out is sent to the login");
        browser.is_sound(self.language).await;
    }

    /// From the printed link to the log-out.
    async fn whole(&self) {
        self.first_operator().await;
        let operator = self.server.api().logs_in("ada@acme.example", PASSWORD).await;
        operator.post("/roles", json!({ "key": "editor", "name": "Editor", "grantable_by": "administrator" })).await.expect(201);
        self.invites().await;
        self.goto("/logout").await;
        self.browser.is_sound(self.language).await;
        self.submit("Log out").await;
        self.browser.find("form[action='/login']").await;
        self.follows_the_mail().await;
        self.is_on_the_registration_page().await;
        self.is_told_what_is_wrong().await;
        self.registers().await;
        self.sees_the_account().await;
    }
}

#[tokio::test]
async fn an_invited_person_registers_in_a_browser() {
    Journey::start(Options::default()).await.whole().await;
}

#[tokio::test]
async fn an_invited_person_registers_in_a_browser_without_javascript() {
    Journey::start(Options { javascript: false, ..Options::default() }).await.whole().await;
}

#[tokio::test]
async fn an_invited_person_registers_in_a_browser_as_narrow_as_a_phone_without_javascript() {
    let journey = Journey::start(Options { phone: true, javascript: false, ..Options::default() }).await;
    journey.whole().await;
    assert_eq!(journey.browser.width().await, 390);
}

#[tokio::test]
async fn an_invited_person_registers_in_a_browser_on_a_phone_in_arabic() {
    Journey::start(Options { phone: true, languages: "ar", ..Options::default() }).await.whole().await;
}

#[tokio::test]
async fn a_browser_with_javascript_helps_with_the_password() {
    let server = Server::start().await;
    let browser = Browser::start(Options::default()).await;
    browser.goto(server.first_operator_link.as_deref().unwrap()).await;
    let rule = async |rule: &str| {
        browser.find(&format!(".rules [data-rule={rule}]")).await.attr("class").await.unwrap().unwrap_or_default()
    };

    browser.fill("First name", "Ada").await;
    browser.fill("Password", "ada").await;
    assert_eq!([rule("lowercase").await, rule("digit").await, rule("uppercase").await], ["is-met", "", ""]);
    browser.field("Password").await.send_keys("X7").await.unwrap();
    assert_eq!([rule("digit").await, rule("uppercase").await, rule("min_length").await], ["is-met", "is-met", ""]);
    browser.fill("Password", PASSWORD).await;
    for met in ["min_length", "uppercase", "lowercase", "digit", "special"] {
        assert_eq!(rule(met).await, "is-met", "{met}");
    }
    assert_eq!(rule("confirmation").await, "");
    browser.fill("Confirm password", PASSWORD).await;
    assert_eq!(rule("confirmation").await, "is-met");
    browser.reads("All rules are met").await;
    for judged in ["not_personal", "not_common", "strength"] {
        assert_eq!(rule(judged).await, "is-met", "{judged}");
    }

    let strength = async || browser.find("#password-strength").await.text().await.unwrap();
    let place = async || browser.field("accept_terms").await.rectangle().await.unwrap().1;
    browser.fill("Password", "Welcome!to7").await;
    let before = place().await;
    browser.reads("Avoid common passwords and names.").await;
    assert_eq!(place().await.to_bits(), before.to_bits(), "the advice moves nothing under a finger");
    assert_eq!([rule("not_common").await, rule("not_personal").await], ["", "is-met"]);
    browser.fill("Password", "ada!Kq7zz#Wm2").await;
    browser.reads("Very strong").await;
    assert_eq!([rule("not_common").await, rule("not_personal").await], ["is-met", ""], "the name that was typed above");
    assert!(!strength().await.contains("Avoid"), "advice is for what can be better");
    // All of it marked (Control+A) and deleted by hand: what a driver clears tells nobody of it.
    browser.field("Password").await.send_keys("\u{e009}a\u{e009}\u{e003}").await.unwrap();
    assert_eq!([rule("not_common").await, strength().await], ["", ""], "nothing is left of what was judged");
    browser.fill("Password", PASSWORD).await;

    let kind = async || browser.field("Password").await.prop("type").await.unwrap().unwrap();
    assert_eq!(kind().await, "password");
    browser.click("Show password").await;
    assert_eq!(kind().await, "text");
    assert_eq!(browser.find("[aria-controls=password]").await.attr("aria-pressed").await.unwrap().as_deref(), Some("true"));
    browser.click("Show password").await;
    assert_eq!((kind().await.as_str(), browser.value("Password").await.as_str()), ("password", PASSWORD));

    browser.fill("Password", "weak").await;
    browser.click("Register").await;
    browser.find(".summary").await;
    let focused = browser.eval("return document.activeElement === document.querySelector('.summary')").await;
    assert_eq!(focused, true, "the summary takes the focus");
    browser.is_sound("en").await;
}

#[tokio::test]
async fn a_browser_is_told_of_a_company_name_that_will_not_do() {
    let server = Server::start().await;
    let browser = Browser::start(Options::default()).await;
    browser.goto(server.first_operator_link.as_deref().unwrap()).await;
    browser.fill("First name", "Ada").await;
    browser.fill("Last name", "Lovelace").await;
    browser.fill("E-mail", "ada@acme.example").await;
    browser.fill("Company name", &"Acme ".repeat(41)).await;
    browser.fill("Password", PASSWORD).await;
    browser.fill("Confirm password", PASSWORD).await;
    browser.tick("I accept the terms and conditions").await;
    browser.click("Register").await;
    browser.click("Enter the company's name on one line, with at most 200 characters").await;
    assert_eq!(browser.focused().await, "company_name");
    browser.is_sound("en").await;
}
