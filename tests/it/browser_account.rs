//! One's own profile and settings in a browser on a phone, and the mails that follow them.

use reqwest::Method;
use serde_json::json;

use crate::support::{Browser, Options, Server, api::PASSWORD};

struct Words {
    saved: &'static str,
    settings_saved: &'static str,
    title: &'static str,
}

const ENGLISH: Words = Words { saved: "Your profile is saved.", settings_saved: "Your settings are saved.", title: "Settings" };
const ARABIC: Words =
    Words { saved: "حُفظ ملفك الشخصي.", settings_saved: "حُفظت إعداداتك.", title: "الإعدادات" };

async fn saves(browser: &Browser, form: &str, words: &str) {
    browser.click_on(&format!("main form[action='{form}'] button[type=submit]")).await;
    browser.find(".notice.done").await;
    browser.reads(words).await;
}

async fn sets_up(options: Options) {
    let (from, to) = if options.languages == "ar" { (("ar", ARABIC), ("en", ENGLISH)) } else { (("en", ENGLISH), ("ar", ARABIC)) };
    let javascript = options.javascript;
    let languages = format!("{},{}", from.0, to.0);
    let server = Server::with(&[("languages", &languages), ("notifications.kinds", "news=News & more")]).await;
    let operator = server.first_operator().await;
    operator.send(Method::PATCH, "/me", Some(json!({ "language": from.0 }))).await.expect(200);
    let browser = Browser::start(options).await;
    browser.goto(&format!("{}/login", server.url)).await;
    browser.fill("email", "ada@acme.example").await;
    browser.fill("password", PASSWORD).await;
    browser.click_on("main form button[type=submit]").await;
    browser.find("form[action='/account']").await;
    browser.is_sound(from.0).await;
    // The profile.
    browser.fill("phone", "+49 (0)30 / 12 34 56").await;
    browser.fill("department", "<script>alert(1)</script>").await;
    browser.fill("job_title", "Countess").await;
    saves(&browser, "/account", from.1.saved).await;
    assert_eq!(browser.value("phone").await, "+49 30 123456");
    assert_eq!(browser.value("department").await, "<script>alert(1)</script>");
    browser.is_sound(from.0).await;
    // The settings: a city is enough, and the other language is there at once.
    browser.click_on("main a[href='/account/settings']").await;
    browser.find("#time_zone").await;
    browser.is_sound(from.0).await;
    browser.reads("News & more").await;
    if javascript {
        browser.find("button[data-zone]").await;
    }
    browser.fill("time_zone", "tokyo").await;
    browser.eval(&format!("document.getElementById('language').value = '{}'", to.0)).await;
    saves(&browser, "/account/settings", to.1.settings_saved).await;
    assert_eq!(browser.value("time_zone").await, "Asia/Tokyo");
    assert!(browser.title().await.starts_with(to.1.title), "{}", browser.title().await);
    browser.is_sound(to.0).await;
    // And in the next mail: the earlier ones were written in the language and the time zone of before.
    let before = server.every_mail().len();
    server.api().logs_in("ada@acme.example", PASSWORD).await;
    let subject = if to.0 == "ar" { "تسجيل دخول جديد" } else { "New sign-in" };
    let mail = crate::support::eventually("the mail", async || {
        server.every_mail().into_iter().skip(before).find(|mail| mail.to == "ada@acme.example" && mail.subject.contains(subject))
    })
    .await;
    assert!(mail.text.contains("JST"), "{}", mail.text);
}

#[tokio::test]
async fn a_person_sets_up_the_own_account_in_a_browser_on_a_phone() {
    sets_up(Options { phone: true, ..Options::default() }).await;
}

#[tokio::test]
async fn a_person_sets_up_the_own_account_in_a_browser_without_javascript() {
    sets_up(Options { phone: true, javascript: false, ..Options::default() }).await;
}

#[tokio::test]
async fn a_person_sets_up_the_own_account_in_a_browser_from_right_to_left() {
    sets_up(Options { phone: true, languages: "ar", ..Options::default() }).await;
}
