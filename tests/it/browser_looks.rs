//! Every page, at every size, in the dark and from right to left. With `IDENTITY_SCREENSHOTS` set to a folder, pictures are kept
//! there.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    onboarding::tutorial,
    support::{
        Api, Browser, Options, Server,
        api::{PASSWORD, token_of},
        eventually,
    },
};

const NEW_PASSWORD: &str = "Walrus-pantry-31";

struct Looks {
    server: Server,
    operator: Api,
    browser: Browser,
    language: &'static str,
    /// What the pictures' names end in.
    name: &'static str,
    /// Every page as it was sent.
    sources: TempDir,
}

impl Looks {
    /// A page as it is in the browser now.
    async fn at(&self, page: &str) {
        self.browser.is_sound(self.language).await;
        self.browser.is_accessible().await;
        std::fs::write(self.sources.path().join(format!("{page}.html")), self.browser.source().await).unwrap();
        if let Some(folder) = std::env::var_os("IDENTITY_SCREENSHOTS").map(PathBuf::from) {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(format!("{page}-{}.png", self.name)), self.browser.screenshot().await).unwrap();
        }
    }

    async fn goes_to(&self, path: &str, page: &str) {
        self.browser.goto(&format!("{}{path}", self.server.url)).await;
        self.at(page).await;
    }

    async fn invites(&self, invitation: Value) -> String {
        self.operator.post("/invitations", invitation).await.expect(201)["id"].as_str().unwrap().to_owned()
    }

    async fn submits(&self) {
        self.browser.click_on("main form button[type=submit]").await;
    }

    async fn logs_in(&self, email: &str, password: &str) {
        self.browser.fill("email", email).await;
        self.browser.fill("password", password).await;
        self.submits().await;
    }

    /// What people see who do not administer anything.
    async fn pages_for_everyone(&self) {
        let Self { browser, server, .. } = self;
        self.goes_to("/login", "login").await;
        self.logs_in("ada@acme.example", "wrong").await;
        browser.find(".summary").await;
        self.at("login-errors").await;
        // The waits grow until one is longer than a page takes to load.
        while browser.count(".seal.is-warn").await == 0 {
            browser.goto(&format!("{}/login", server.url)).await;
            self.logs_in("nobody@acme.example", "wrong").await;
            browser.find(".summary, .seal.is-warn").await;
        }
        self.at("login-throttled").await;
        self.goes_to("/terms", "terms").await;
        self.goes_to("/nothing/here", "not-found").await;

        let note = "Welcome. We start on Monday at nine, in the small room behind the kitchen.";
        let grace = json!({ "email": "grace@example.org", "first_name": "Grace", "last_name": "Hopper", "roles": ["editor"], "note": note });
        self.invites(grace).await;
        let link = server.mail_to("grace@example.org").await.link();
        browser.goto(&link).await;
        self.at("register").await;
        browser.fill("first_name", "").await;
        browser.fill("password", "grace").await;
        browser.fill("password_confirmation", "other").await;
        self.submits().await;
        browser.find(".summary").await;
        self.at("register-errors").await;
        browser.goto(&link).await;
        browser.fill("password", "Plinth").await;
        self.at("register-typing").await;
        let page = browser.path().await;
        self.goes_to(&format!("{page}/decline"), "decline").await;
        browser.goto(&link).await;
        browser.fill("password", PASSWORD).await;
        browser.fill("password_confirmation", PASSWORD).await;
        browser.tick("accept_terms").await;
        self.submits().await;
        browser.find("main a.button[href='/login']").await;
        self.at("registered").await;
        knows_the_way(&server.api().logs_in("grace@example.org", PASSWORD).await).await;
        browser.goto(&link).await;
        self.at("dead-link").await;
        self.submits().await;
        browser.find(".seal:not(.is-warn)").await;
        self.at("renewal-asked").await;
        browser.forget_cookies().await;
        self.goes_to(&page, "no-cookie").await;
    }

    /// Signing up, as far as it comes.
    async fn signing_up(&self) {
        let Self { browser, server, .. } = self;
        self.goes_to("/signup", "signup").await;
        self.submits().await;
        browser.find(".summary").await;
        self.at("signup-errors").await;
        for (field, value) in [("first_name", "Katherine"), ("last_name", "Johnson"), ("company_name", "Langley")] {
            browser.fill(field, value).await;
        }
        browser.fill("email", "katherine@langley.example").await;
        browser.eval("document.getElementById('country').value = 'DE'").await;
        self.submits().await;
        browser.find("#code").await;
        self.at("signup-sent").await;
        browser.fill("code", "1234").await;
        self.submits().await;
        browser.find(".summary").await;
        self.at("signup-code-errors").await;
        let link = server.mail_to("katherine@langley.example").await.link_to("activate");
        browser.goto(&link).await;
        browser.find("#password_confirmation").await;
        self.at("activate").await;
        browser.fill("password", "katherine").await;
        self.submits().await;
        browser.find(".summary").await;
        self.at("activate-errors").await;
        browser.fill("password", PASSWORD).await;
        browser.fill("password_confirmation", PASSWORD).await;
        browser.tick("accept_terms").await;
        self.submits().await;
        browser.find(".seal:not(.is-warn)").await;
        self.at("awaiting-approval").await;
        browser.goto(&link).await;
        self.at("activate-dead").await;
    }

    /// The way back in.
    async fn recovering(&self) {
        let Self { browser, server, .. } = self;
        self.goes_to("/help", "help").await;
        self.goes_to("/forgot-password", "forgot").await;
        browser.fill("email", "grace@example.org").await;
        self.submits().await;
        browser.find(".seal").await;
        self.at("forgot-sent").await;
        let mails = async || server.mails().into_iter().find(|mail| mail.text.contains("/reset-password/"));
        let mail = eventually("a mail", mails).await;
        browser.goto(&mail.link_to("not-me")).await;
        browser.find("main form button").await;
        self.at("not-me").await;
        browser.goto(&mail.link_to("reset-password")).await;
        browser.find("#password_confirmation").await;
        self.at("reset").await;
        browser.fill("password", PASSWORD).await;
        browser.fill("password_confirmation", "other").await;
        self.submits().await;
        browser.find(".summary").await;
        self.at("reset-errors").await;
        browser.fill("password", NEW_PASSWORD).await;
        browser.fill("password_confirmation", NEW_PASSWORD).await;
        self.submits().await;
        browser.find(".seal:not(.is-warn)").await;
        self.at("reset-done").await;
        browser.goto(&mail.link_to("reset-password")).await;
        self.at("reset-dead").await;
        self.goes_to("/login", "login").await;
        self.logs_in("grace@example.org", NEW_PASSWORD).await;
        browser.find("form[action='/logout']").await;
        self.goes_to("/change-password", "change-password").await;
        self.submits().await;
        browser.find(".summary").await;
        self.at("change-password-errors").await;
        browser.forget_cookies().await;
    }

    /// What administrators see of people.
    async fn people(&self) {
        let Self { browser, operator, .. } = self;
        self.goes_to("/admin/registrations", "registrations").await;
        browser.click_on("main a.button.is-danger").await;
        browser.find("main form button.is-danger").await;
        self.at("reject").await;
        operator.post("/companies", json!({ "name": "Society for the Advancement of Analytical Engines" })).await.expect(201);
        self.goes_to("/admin/accounts", "accounts").await;
        self.goes_to("/admin/accounts?state=active&role=operator", "accounts-by-role").await;
        let found = operator.get("/accounts?q=grace").await.expect(200);
        let id = found["items"][0]["id"].as_str().unwrap();
        self.goes_to(&format!("/admin/accounts/{id}"), "account-detail").await;
        self.goes_to(&format!("/admin/accounts/{id}/end-sessions"), "end-sessions").await;
        self.goes_to(&format!("/admin/accounts/{id}/disable"), "disable").await;
        self.submits().await;
        browser.find(".notice.done form").await;
        self.at("disabled").await;
        browser.click_on(".notice.done button").await;
        browser.find("main form[action$='/reset']").await;
        self.goes_to(&format!("/admin/accounts/{id}"), "account-detail").await;
        browser.click_on("main button[value=temporary_password]").await;
        browser.find(".summary").await;
        self.at("account-detail-errors").await;
        browser.fill("identity_check.note", "Showed the badge").await;
        browser.click_on("main button[value=temporary_password]").await;
        browser.find(".secret").await;
        self.at("temporary-password").await;
        self.goes_to("/admin/accounts?q=nobody", "accounts-empty").await;
    }

    /// What keeps one's own account safe.
    async fn security(&self) {
        let Self { browser, server, .. } = self;
        self.goes_to("/account/security", "security").await;
        self.goes_to("/account/security/sessions/end-others", "end-others").await;
        self.goes_to("/account/security/email", "change-email").await;
        self.submits().await;
        browser.find(".summary").await;
        self.at("change-email-errors").await;
        browser.fill("email", "ada@engines.example").await;
        browser.fill("current_password", PASSWORD).await;
        self.submits().await;
        let mail = server.mail_to("ada@engines.example").await;
        self.at("change-email-sent").await;
        self.goes_to("/account/security/email", "change-email-waits").await;
        self.goes_to("/reauthenticate", "reauthenticate").await;
        browser.goto(&mail.link_to("confirm-email")).await;
        browser.find("main form button").await;
        self.at("confirm-email").await;
        let told = async || {
            let mut mails = server.mails().into_iter().filter(|mail| mail.to == "ada@acme.example");
            mails.find(|mail| mail.text.contains("/undo-email/"))
        };
        browser.goto(&eventually("the mail to the old address", told).await.link_to("undo-email")).await;
        browser.find("main form button").await;
        self.at("undo-email").await;
    }

    /// Terms, and an invitation for somebody who has an account.
    async fn terms_and_access(&self) {
        let Self { browser, operator, server, .. } = self;
        self.invites(json!({ "email": "grace@example.org", "roles": ["editor"], "subscriptions": ["pro"] })).await;
        let mails = async || {
            let mut mails = server.mails().into_iter().filter(|mail| mail.to == "grace@example.org");
            mails.find(|mail| mail.text.contains("Pro"))
        };
        browser.goto(&eventually("the mail of an offer", mails).await.link()).await;
        browser.find("main form[action='/logout']").await;
        self.at("access-another").await;
        self.goes_to("/admin/terms", "terms-versions").await;
        self.goes_to("/admin/terms/new", "terms-new").await;
        browser.eval("document.querySelector('textarea').value = ''").await;
        browser.click_on("main button[value=preview]").await;
        browser.find(".summary").await;
        self.at("terms-new-errors").await;
        let text = "# Terms\\n\\nBe kind, and *kinder* to machines.\\n\\n- One\\n- Two";
        browser.eval(&format!("document.querySelector('textarea').value = '{text}'")).await;
        browser.click_on("main button[value=preview]").await;
        browser.find("main button[value=publish]").await;
        self.at("terms-preview").await;
        let texts = json!({ "en": "# Terms\n\nBe kind.", "ar": "# الشروط\n\nكن لطيفًا." });
        operator.post("/terms", json!({ "grace": "P30D", "texts": texts })).await.expect(201);
        self.goes_to("/admin/terms/2", "terms-version").await;
        self.goes_to("/terms/accept", "new-terms").await;
        self.submits().await;
        browser.find(".summary").await;
        self.at("new-terms-errors").await;
    }

    /// Somebody leaves, and stays after all: Katherine, since the operator is the only one.
    async fn leaving(&self) {
        let Self { browser, server, .. } = self;
        self.goes_to("/account/data", "data-operator").await;
        browser.click_on("form[action='/account/data/delete'] button").await;
        browser.find(".summary").await;
        self.at("data-errors").await;
        browser.forget_cookies().await;
        let link = server.mail_to("katherine@example.org").await.link();
        server
            .api()
            .accepts(token_of(&link), json!({ "first_name": "Katherine", "last_name": "Johnson", "accept_terms": 2 }))
            .await
            .expect(201);
        browser.goto(&format!("{}/login", server.url)).await;
        self.logs_in("katherine@example.org", PASSWORD).await;
        browser.find("main form[action='/welcome/profile']").await;
        self.goes_to("/account/data", "data").await;
        browser.click_on("#confirm").await;
        browser.click_on("form[action='/account/data/delete'] button").await;
        browser.find("form[action='/account/data/undo']").await;
        self.at("data-leaving").await;
        self.goes_to("/account", "account-leaving").await;
        self.goes_to("/account/data", "data-leaving").await;
        browser.click_on("form[action='/account/data/undo'] button").await;
        browser.find("form[action='/account/data/delete']").await;
    }

    /// What administrators see.
    async fn console(&self) {
        let Self { browser, server, .. } = self;
        self.goes_to("/login", "login").await;
        self.logs_in("ada@acme.example", PASSWORD).await;
        browser.find("form[action='/logout']").await;
        self.at("account").await;
        browser.click_on("[popovertarget=person]").await;
        self.at("account-menu").await;
        self.goes_to("/admin/invitations?state=declined", "nothing-found").await;
        self.goes_to("/admin/invitations/new", "invite").await;
        browser.fill("email", "nobody").await;
        self.submits().await;
        browser.find(".summary").await;
        self.at("invite-errors").await;

        let long = "a.very.long.local.part.that.does.not.end.where.one.would.like.it@department.of.long.names.example.org";
        self.invites(json!({ "email": long })).await;
        let revoked = self.invites(json!({ "email": "joan@example.org", "first_name": "جوان", "last_name": "كلارك" })).await;
        self.operator.post(&format!("/invitations/{revoked}/revoke"), json!({})).await.expect(200);
        let pending = json!({ "email": "katherine@example.org", "first_name": "Katherine", "last_name": "Johnson",
            "roles": ["editor"], "subscriptions": ["pro"], "note": "Bring your slide rule." });
        let pending = self.invites(pending).await;
        server.mail_to("katherine@example.org").await;
        self.goes_to("/admin/invitations", "invitations").await;
        self.goes_to(&format!("/admin/invitations/{pending}"), "invitation").await;
        self.goes_to(&format!("/admin/invitations/{pending}/revoke"), "revoke").await;
        self.people().await;
        self.terms_and_access().await;
        self.goes_to("/account", "account").await;
        browser.fill("phone", "030 1").await;
        self.submits().await;
        browser.find(".summary").await;
        self.at("account-errors").await;
        browser.fill("phone", "+49 30 123456").await;
        browser.fill("department", "Analytical engines").await;
        self.submits().await;
        browser.find(".notice.done").await;
        self.at("account-saved").await;
        self.goes_to("/account/settings", "settings").await;
        self.goes_to("/account/picture", "picture").await;
        self.security().await;
        self.leaving().await;
        self.goes_to("/logout", "log-out").await;
        self.goes_to("/dev/mailbox", "mailbox").await;
        browser.click_on("main nav a").await;
        browser.find("article iframe").await;
        self.at("mail").await;
    }
}

impl Looks {
    /// What a newcomer is led through, up to the account.
    async fn first_login(&self) {
        let Self { browser, server, .. } = self;
        let invitation =
            json!({ "email": "mary@example.org", "first_name": "Mary", "last_name": "Jackson", "language": self.language });
        self.invites(invitation).await;
        let link = server.mail_to("mary@example.org").await.link();
        server.api().accepts(token_of(&link), json!({ "first_name": "Mary", "last_name": "Jackson" })).await.expect(201);
        browser.forget_cookies().await;
        browser.goto(&format!("{}/login", server.url)).await;
        self.logs_in("mary@example.org", PASSWORD).await;
        browser.find("#phone").await;
        self.at("welcome-profile").await;
        browser.click_on(".person-menu summary").await;
        self.at("welcome-menu").await;
        browser.fill("phone", "030 1").await;
        self.submits().await;
        browser.find(".summary").await;
        self.at("welcome-profile-errors").await;
        browser.fill("phone", "+49 30 123456").await;
        self.submits().await;
        browser.find("#picture").await;
        self.at("welcome-picture").await;
        browser.click_on("form[action='/welcome/picture/skip'] button").await;
        browser.find("#time_zone").await;
        self.at("welcome-settings").await;
        self.goes_to("/welcome/tutorial?page=2", "welcome-tutorial").await;
        self.goes_to("/welcome/team", "welcome-team").await;
        let mary = server.api().logs_in("mary@example.org", PASSWORD).await;
        mary.post("/me/setup/team", json!({ "state": "done" })).await.expect(200);
        self.goes_to("/welcome/team", "welcome-team-done").await;
        browser.click_on("main .links a[href='/account']").await;
        browser.find("form[action='/account']").await;
        self.at("account-welcome").await;
        browser.forget_cookies().await;
    }
}

/// Somebody whom the login leads to no onboarding.
async fn knows_the_way(who: &Api) {
    for step in ["profile", "picture", "settings", "tutorial", "team"] {
        who.post(&format!("/me/setup/{step}"), json!({ "state": "skipped" })).await.expect(200);
    }
}

/// Every page in that folder is valid HTML. `passwordrules`, which is in no standard, is what password managers read.
fn is_valid(folder: &Path) {
    let checker = identity_testbed::html_checker().unwrap();
    let ignored = "Attribute .passwordrules. not allowed on element .input. at this point\\.";
    let mut command = Command::new("java");
    command.args(["-jar"]).arg(checker).args(["--errors-only", "--format", "gnu", "--filterpattern", ignored]).arg(folder);
    let checked = command.output().unwrap();
    let told = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success() && told.trim().is_empty(), "{told}");
    assert!(std::fs::read_dir(folder).unwrap().count() > 50, "pages are missing");
}

async fn every_page(name: &'static str, options: Options) {
    let language = options.languages;
    let languages = if language == "ar" { "ar,en" } else { "en,ar" };
    let tutorial = tutorial();
    let server = Server::with(&[
        ("languages", languages),
        ("registration.mode", "open"),
        ("registration.approval", "true"),
        ("setup.enabled", "true"),
        ("setup.tutorial", tutorial.path().to_str().unwrap()),
        ("setup.steps", r#"[{ key = "team", label = { en = "Your team", ar = "فريقك" }, href = "/help" }]"#),
    ])
    .await;
    let browser = Browser::start(options).await;
    browser.goto(server.first_operator_link.as_deref().expect("the link of the first operator was printed")).await;
    let operator = server.first_operator().await;
    operator.post("/roles", json!({ "key": "editor", "name": "Editor", "grantable_by": "administrator" })).await.expect(201);
    operator.post("/subscriptions", json!({ "key": "pro", "name": "Pro", "grantable_by": "operator" })).await.expect(201);
    knows_the_way(&operator).await;
    let looks = Looks { server, operator, browser, language, name, sources: tempfile::tempdir().unwrap() };
    looks.at("set-up").await;
    looks.goes_to("/dev/mailbox", "mailbox-empty").await;
    looks.goes_to("/login?return_to=/admin/invitations", "login").await;
    looks.logs_in("ada@acme.example", PASSWORD).await;
    looks.browser.find("main .empty").await;
    looks.at("invitations-empty").await;
    looks.browser.forget_cookies().await;
    looks.pages_for_everyone().await;
    looks.signing_up().await;
    looks.recovering().await;
    looks.first_login().await;
    looks.console().await;
    is_valid(looks.sources.path());
}

#[tokio::test]
async fn every_page_looks_right_in_a_browser_on_a_desktop() {
    every_page("desktop", Options::default()).await;
}

#[tokio::test]
async fn every_page_looks_right_in_a_browser_on_a_phone() {
    every_page("phone", Options { phone: true, ..Options::default() }).await;
}

#[tokio::test]
async fn every_page_looks_right_in_a_browser_in_the_dark() {
    every_page("dark", Options { dark: true, ..Options::default() }).await;
}

#[tokio::test]
async fn every_page_looks_right_in_a_browser_from_right_to_left() {
    every_page("rtl", Options { languages: "ar", ..Options::default() }).await;
}

#[tokio::test]
async fn every_page_looks_right_in_a_browser_from_right_to_left_on_a_phone_in_the_dark() {
    every_page("rtl-phone-dark", Options { phone: true, dark: true, languages: "ar", ..Options::default() }).await;
}
