//! The way of a newcomer from the first login to the account, on a phone: by keyboard alone, and without JavaScript from right to
//! left.

use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf};

use serde_json::json;
use tempfile::TempDir;

use crate::support::{
    Api, Browser, Options, Server,
    api::{PASSWORD, token_of},
};

const ADDRESS: &str = "grace@example.org";

const ENTER: &str = "\u{e007}";
const SPACE: &str = " ";
const RIGHT: &str = "\u{e014}";
/// Control and A, and nothing pressed any more.
const EVERYTHING: &str = "\u{e009}a\u{e000}";

/// A tutorial of two pages, in both languages.
pub(crate) fn tutorial() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (language, pages) in [
        (
            "en",
            [
                "# Where things are\n\nEverything you need is in **your account**.",
                "# Who helps\n\n- Your administrator\n- The help page",
            ],
        ),
        ("ar", ["# أين تجد الأشياء\n\nكل ما تحتاجه في **حسابك**.", "# من يساعدك\n\n- المسؤول\n- صفحة المساعدة"]),
    ] {
        fs::create_dir(folder.path().join(language)).unwrap();
        for (number, page) in pages.into_iter().enumerate() {
            fs::write(folder.path().join(format!("{language}/{}.md", number + 1)), page).unwrap();
        }
    }
    folder
}

/// A picture that the browser may read.
pub(crate) fn picture() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let path = folder.path().join("me.png");
    image::RgbImage::from_pixel(60, 40, image::Rgb([30, 90, 160])).save(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    (folder, path)
}

struct Newcomer {
    server: Server,
    browser: Browser,
    language: &'static str,
    has_scripts: bool,
    _tutorial: TempDir,
}

impl Newcomer {
    /// Has registered, and is on the page of the login.
    async fn on_a_phone(options: Options) -> Self {
        let tutorial = tutorial();
        let languages = if options.languages == "ar" { "ar,en" } else { "en,ar" };
        let settings = [
            ("languages", languages),
            ("setup.enabled", "true"),
            ("setup.tutorial", tutorial.path().to_str().unwrap()),
            ("setup.steps", r#"[{ key = "team", label = { en = "Your team", ar = "فريقك" }, href = "/help" }]"#),
        ];
        let server = Server::with(&settings).await;
        let operator = server.first_operator().await;
        let invitation = json!({ "email": ADDRESS, "first_name": "Grace", "last_name": "Hopper", "language": options.languages });
        operator.post("/invitations", invitation).await.expect(201);
        let link = server.mail_to(ADDRESS).await.link();
        server.api().accepts(token_of(&link), json!({ "first_name": "Grace", "last_name": "Hopper" })).await.expect(201);
        let browser = Browser::start(Options { phone: true, ..options }).await;
        browser.goto(&format!("{}/login", server.url)).await;
        Self { server, browser, language: options.languages, has_scripts: options.javascript, _tutorial: tutorial }
    }

    /// The page is sound, and accessible as far as a script can tell where scripts run.
    async fn looks_right(&self) {
        self.browser.is_sound(self.language).await;
        if self.has_scripts {
            self.browser.is_accessible().await;
        }
    }

    /// Is on the page of that step, which says how far it is.
    async fn is_at(&self, step: &str, number: usize) {
        let Self { browser, .. } = self;
        browser.find(&format!("main a[href='/welcome/{step}'][aria-current=step]")).await;
        self.looks_right().await;
        assert_eq!(browser.path().await, format!("/welcome/{step}"));
        let far = if self.language == "en" { format!("Step {number} of 5") } else { "5".to_owned() };
        assert!(browser.text().await.contains(&far), "{far}");
    }

    /// As a keyboard does: the driver's own keys would be a name of a file where a file is chosen.
    async fn presses_tab(&self) {
        for kind in ["rawKeyDown", "keyUp"] {
            let key = json!({ "type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9 });
            self.browser.devtools("Input.dispatchKeyEvent", key).await;
        }
    }

    /// Presses Tab until the focus is on that.
    async fn tabs_to(&self, css: &str) {
        let mut passed = Vec::new();
        for _ in 0..60 {
            let focused = self.browser.eval(&format!("return document.activeElement.matches(\"{css}\")")).await;
            if focused == json!(true) {
                return;
            }
            self.presses_tab().await;
            passed.push(self.browser.eval("return document.activeElement.outerHTML.slice(0, 60)").await);
        }
        panic!("the focus never came to {css}: {passed:?}");
    }

    async fn types_into(&self, id: &str, text: &str) {
        self.tabs_to(&format!("#{id}")).await;
        self.browser.types(text).await;
    }

    async fn presses(&self, css: &str, key: &str) {
        self.tabs_to(css).await;
        self.browser.types(key).await;
    }

    /// The host says that its step is done.
    async fn the_host_ends_its_step(&self) -> Api {
        let api = self.server.api().logs_in(ADDRESS, PASSWORD).await;
        api.post("/me/setup/team", json!({ "state": "done" })).await.expect(200);
        api
    }

    async fn has_what_was_entered(&self, api: &Api, picture: bool) {
        let Self { browser, .. } = self;
        browser.find("form[action='/account']").await;
        assert_eq!(browser.path().await, "/account");
        self.looks_right().await;
        assert_eq!([browser.value("phone").await, browser.value("department").await], ["+49 30 123456", "Research"]);
        assert_eq!(browser.count("main img.avatar").await, usize::from(picture));
        assert_eq!(browser.count("main .notice").await, 0, "nothing waits");
        let me = api.get("/me").await.expect(200);
        assert_eq!(me["time_zone"], "Asia/Tokyo");
        assert_eq!(me["notifications"]["sign_ins"], false);
        assert_eq!(api.get("/me/setup").await.expect(200)["is_finished"], true);
    }
}

#[tokio::test]
async fn a_newcomer_is_led_to_the_account_by_keyboard_alone() {
    let newcomer = Newcomer::on_a_phone(Options::default()).await;
    let Newcomer { browser, .. } = &newcomer;
    newcomer.types_into("email", ADDRESS).await;
    newcomer.types_into("password", PASSWORD).await;
    browser.types(ENTER).await;

    newcomer.is_at("profile", 1).await;
    newcomer.types_into("phone", "+49 30 123456").await;
    newcomer.types_into("department", "Research").await;
    newcomer.presses("form[action='/welcome/profile'] button", ENTER).await;

    newcomer.is_at("picture", 2).await;
    let (_folder, path) = picture();
    newcomer.types_into("picture", path.to_str().unwrap()).await;
    browser.find("#crop:not([hidden])").await;
    newcomer.presses("#crop canvas", RIGHT).await;
    newcomer.presses("form[action='/welcome/picture'] button", SPACE).await;

    newcomer.is_at("settings", 3).await;
    newcomer.types_into("time_zone", EVERYTHING).await;
    newcomer.types_into("time_zone", "tokyo").await;
    newcomer.presses("#notifications-sign_ins", SPACE).await;
    newcomer.presses("form[action='/welcome/settings'] button[type=submit]", ENTER).await;

    newcomer.is_at("tutorial", 4).await;
    browser.reads("Where things are").await;
    newcomer.presses("main a[rel=next]", ENTER).await;
    browser.reads("Who helps").await;
    newcomer.looks_right().await;
    newcomer.presses("form[action='/welcome/tutorial'] button", SPACE).await;

    newcomer.is_at("team", 5).await;
    newcomer.presses("main a.button[href='/help']", ENTER).await;
    browser.find("main a[href^='mailto:']").await;
    assert_eq!(browser.path().await, "/help");
    let api = newcomer.the_host_ends_its_step().await;
    browser.goto(&format!("{}/welcome", newcomer.server.url)).await;
    newcomer.has_what_was_entered(&api, true).await;
}

#[tokio::test]
async fn a_newcomer_is_led_to_the_account_without_javascript_from_right_to_left() {
    let options = Options { javascript: false, languages: "ar", ..Options::default() };
    let newcomer = Newcomer::on_a_phone(options).await;
    let Newcomer { browser, .. } = &newcomer;
    browser.fill("email", ADDRESS).await;
    browser.fill("password", PASSWORD).await;
    browser.click_on("main form button[type=submit]").await;

    newcomer.is_at("profile", 1).await;
    browser.fill("phone", "030 1").await;
    browser.fill("department", "Research").await;
    browser.click_on("form[action='/welcome/profile'] button").await;
    browser.find(".summary a[href='#phone']").await;
    newcomer.is_at("profile", 1).await;
    assert_eq!(browser.value("department").await, "Research", "what was typed stays");
    browser.fill("phone", "+49 30 123456").await;
    browser.click_on("form[action='/welcome/profile'] button").await;

    // Put off, it goes on there.
    newcomer.is_at("picture", 2).await;
    browser.click_on("main .links a[href='/account']").await;
    browser.click_on("main .notice a[href='/welcome']").await;
    newcomer.is_at("picture", 2).await;
    browser.click_on("form[action='/welcome/picture/skip'] button").await;

    newcomer.is_at("settings", 3).await;
    browser.fill("time_zone", "tokyo").await;
    browser.click_on("#notifications-sign_ins").await;
    browser.click_on("form[action='/welcome/settings'] button[type=submit]").await;

    newcomer.is_at("tutorial", 4).await;
    browser.reads("أين تجد الأشياء").await;
    browser.click_on("main a[rel=next]").await;
    browser.reads("من يساعدك").await;
    browser.click_on("form[action='/welcome/tutorial'] button").await;

    newcomer.is_at("team", 5).await;
    browser.reads("فريقك").await;
    let api = newcomer.the_host_ends_its_step().await;
    browser.goto(&format!("{}/welcome/team", newcomer.server.url)).await;
    browser.click_on("main a.button[href='/welcome']").await;
    newcomer.has_what_was_entered(&api, false).await;
}
