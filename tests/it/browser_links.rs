//! What a mailed link does in a browser: once, for one person, until it is dead.

use serde_json::{Value, json};

use crate::support::{Api, Browser, Options, Response, Server, api::PASSWORD, api::token_of, client, eventually};

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const DEAD: &str = "This link does not work any more";

struct Links {
    server: Server,
    operator: Api,
    browser: Browser,
}

impl Links {
    async fn start() -> Self {
        let server = Server::start().await;
        let operator = server.first_operator().await;
        Self { server, operator, browser: Browser::start(Options::default()).await }
    }

    /// Invites somebody; the invitation's id and its link.
    async fn invited(&self, email: &str) -> (String, String) {
        let id = self.operator.invites(email).await["id"].as_str().unwrap().to_owned();
        (id, self.server.mail_to(email).await.link())
    }

    async fn invitation(&self, id: &str) -> Value {
        self.operator.get(&format!("/invitations/{id}")).await.expect(200)
    }

    /// The invitation once its mail counts as sent. The mail can be read a moment before that is written down.
    async fn sent_invitation(&self, id: &str) -> Value {
        eventually("that the mail is sent", async || {
            let invitation = self.invitation(id).await;
            (invitation["delivery"]["state"] == "sent").then_some(invitation)
        })
        .await
    }

    /// Fills in the registration page that is open, and sends it.
    async fn registers(&self, first_name: &str) {
        let Self { browser, .. } = self;
        browser.fill("First name", first_name).await;
        browser.fill("Last name", "Hopper").await;
        browser.fill("Password", PASSWORD).await;
        browser.fill("Confirm password", PASSWORD).await;
        browser.tick("I accept the terms and conditions").await;
        browser.click("Register").await;
    }

    async fn is_dead(&self, link: &str) {
        self.browser.goto(link).await;
        self.browser.reads(DEAD).await;
        self.browser.is_sound("en").await;
        assert_eq!(self.browser.count("#password").await, 0);
        let refused: Response = self.server.api().accepts(token_of(link), json!({})).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (410, "dead-link"), "the API says the same");
        assert_eq!(refused.headers["cache-control"], "no-store");
    }

    /// Asks for a new invitation on the dead link's page.
    async fn asks_again(&self) {
        self.browser.click("Ask for a new invitation").await;
        self.browser.reads("We have passed it on").await;
        self.browser.is_sound("en").await;
    }

    fn mails_to_the_inviter(&self) -> usize {
        self.server.mails().iter().filter(|mail| mail.to == "ada@acme.example").count()
    }
}

#[tokio::test]
async fn a_browser_registers_with_a_link_once() {
    let links = Links::start().await;
    let (id, link) = links.invited("grace@example.org").await;
    links.browser.goto(&link).await;
    let page = links.browser.url().await;
    links.registers("Grace").await;
    links.browser.reads("Your account is ready").await;
    assert_eq!(links.invitation(&id).await["state"], "accepted");
    links.is_dead(&link).await;
    links.asks_again().await;
    links.browser.goto(&page).await;
    links.browser.reads(DEAD).await;
    // Nobody is bothered for somebody who is in. A mail that is queued later has overtaken any that was queued then.
    links.invited("joan@example.org").await;
    assert_eq!(links.mails_to_the_inviter(), 0);
}

#[tokio::test]
async fn a_browser_with_a_revoked_link_can_ask_the_inviter_for_another() {
    let links = Links::start().await;
    let (id, link) = links.invited("grace@example.org").await;
    links.operator.post(&format!("/invitations/{id}/revoke"), json!({})).await;
    assert_eq!(links.invitation(&id).await["state"], "revoked");
    links.is_dead(&link).await;
    links.asks_again().await;
    let mail = links.server.mail_to("ada@acme.example").await;
    assert_eq!(mail.subject, "grace@example.org asks for a new invitation");
    // Asked again on the same day, the inviter gets no second mail.
    links.is_dead(&link).await;
    links.asks_again().await;
    links.operator.invites("grace@example.org").await;
    let newest = links.server.nth_mail_to("grace@example.org", 2).await.link();
    assert_eq!(links.mails_to_the_inviter(), 1);
    links.browser.goto(&newest).await;
    links.registers("Grace").await;
    links.browser.reads("Your account is ready").await;
}

#[tokio::test]
async fn a_browser_is_let_in_by_the_newest_link_only() {
    let links = Links::start().await;
    let (id, link) = links.invited("grace@example.org").await;
    links.browser.goto(&link).await;
    links.browser.find("#password").await;
    links.operator.post(&format!("/invitations/{id}/resend"), json!({})).await;
    let newest = links.server.nth_mail_to("grace@example.org", 2).await.link();
    // Also the page that was open already.
    links.registers("Grace").await;
    links.browser.reads(DEAD).await;
    links.is_dead(&link).await;
    links.browser.goto(&newest).await;
    links.registers("Grace").await;
    links.browser.reads("Your account is ready").await;
}

#[tokio::test]
async fn a_browser_is_not_let_in_by_a_link_with_one_other_character() {
    let links = Links::start().await;
    let (id, link) = links.invited("grace@example.org").await;
    let token = token_of(&link);
    let start = link.len() - token.len();
    for at in [6, 20, token.len() - 2] {
        let mut other = link.clone();
        let change = if link.as_bytes()[start + at] == b'A' { "B" } else { "A" };
        other.replace_range(start + at..=start + at, change);
        links.is_dead(&other).await;
        links.asks_again().await;
    }
    for other in [
        format!("{link}A"),
        link.strip_suffix(|_: char| true).unwrap().to_owned(),
        link.to_uppercase().replace("HTTP", "http").replace("REGISTER", "register"),
    ] {
        links.browser.goto(&other).await;
        links.browser.reads(DEAD).await;
        links.browser.is_sound("en").await;
    }
    assert_eq!(links.invitation(&id).await["opened_at"], Value::Null);
    links.browser.goto(&link).await;
    links.registers("Grace").await;
    links.browser.reads("Your account is ready").await;
    links.invited("joan@example.org").await;
    assert_eq!(links.mails_to_the_inviter(), 0, "a link that never was asks nobody");
}

#[tokio::test]
async fn a_browser_keeps_two_links_in_two_tabs_apart() {
    let links = Links::start().await;
    let (grace, grace_link) = links.invited("grace@example.org").await;
    let (joan, joan_link) = links.invited("joan@example.org").await;
    let browser = &links.browser;
    browser.goto(&grace_link).await;
    browser.find("#password").await;
    browser.new_tab().await;
    browser.goto(&joan_link).await;
    assert_eq!(browser.value("E-mail").await, "joan@example.org");

    browser.switch_to_tab(0).await;
    assert_eq!(browser.value("E-mail").await, "grace@example.org");
    links.registers("Grace").await;
    browser.reads("Your account is ready").await;
    assert_eq!(
        (&links.invitation(&grace).await["state"], &links.invitation(&joan).await["state"]),
        (&json!("accepted"), &json!("pending"))
    );

    browser.switch_to_tab(1).await;
    links.registers("Joan").await;
    browser.reads("Your account is ready").await;
    let joan = links.server.api().logs_in("joan@example.org", PASSWORD).await.get("/sessions/current").await.expect(200);
    assert_eq!(joan["account"]["first_name"], "Joan");
}

#[tokio::test]
async fn a_browser_without_the_cookie_is_sent_back_to_the_mail() {
    let links = Links::start().await;
    let (_, link) = links.invited("grace@example.org").await;
    let browser = &links.browser;
    browser.goto(&link).await;
    let page = browser.url().await;
    browser.forget_cookies().await;
    // The form that is still open is not taken either.
    links.registers("Grace").await;
    browser.reads("Please send that again").await;
    for page in [page.clone(), format!("{page}/decline")] {
        browser.goto(&page).await;
        browser.reads("Open the link in your mail again").await;
        browser.is_sound("en").await;
    }
    browser.goto(&link).await;
    links.registers("Grace").await;
    browser.reads("Your account is ready").await;
}

#[tokio::test]
async fn a_browser_can_decline() {
    let links = Links::start().await;
    let (id, link) = links.invited("grace@example.org").await;
    let browser = &links.browser;
    browser.goto(&link).await;
    browser.click("I do not want this invitation").await;
    browser.reads("Decline the invitation?").await;
    browser.is_sound("en").await;
    browser.click("Back to the invitation").await;
    browser.click("I do not want this invitation").await;
    assert_eq!(links.invitation(&id).await["state"], "pending");
    browser.click("Decline").await;
    browser.reads("You declined").await;
    browser.is_sound("en").await;
    assert_eq!(links.invitation(&id).await["state"], "declined");
    links.is_dead(&link).await;
}

#[tokio::test]
async fn a_browser_still_registers_after_mail_scanners_looked_at_the_link() {
    let links = Links::start().await;
    let (id, link) = links.invited("grace@example.org").await;
    let untouched = links.sent_invitation(&id).await;
    assert_eq!(untouched["opened_at"], Value::Null);

    // One that keeps cookies and goes where it is sent, and one that does not.
    let thorough = client().cookie_store(true).build().unwrap();
    let hasty = client().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    for _ in 0..5 {
        assert_eq!(thorough.head(&link).send().await.unwrap().status(), 200);
        assert_eq!(hasty.head(&link).send().await.unwrap().status(), 303);
        assert_eq!(hasty.get(&link).send().await.unwrap().status(), 303);
    }
    assert_eq!(links.invitation(&id).await, untouched, "the link itself, and HEAD, leave no trace");

    assert_eq!(thorough.get(&link).send().await.unwrap().status(), 200);
    let mut opened = links.invitation(&id).await;
    for _ in 0..5 {
        assert_eq!(thorough.get(&link).send().await.unwrap().status(), 200);
    }
    assert_eq!(links.invitation(&id).await, opened, "only the first opening counts");
    assert!(opened["opened_at"].is_string());
    opened["opened_at"] = Value::Null;
    assert_eq!(opened, untouched, "nothing else changed");

    links.browser.goto(&link).await;
    links.registers("Grace").await;
    links.browser.reads("Your account is ready").await;
}

#[tokio::test]
async fn a_browser_needs_nothing_but_the_keyboard_to_register() {
    let links = Links::start().await;
    let (id, link) = links.invited("grace@example.org").await;
    let browser = &links.browser;
    let tab_to = async |field: &str| {
        for _ in 0..15 {
            browser.types(TAB).await;
            if browser.focused().await == field {
                return;
            }
        }
        panic!("{field} cannot be reached with the tab key from {:?}", browser.focused().await)
    };
    browser.goto(&link).await;
    browser.find("#password").await;
    browser.types(TAB).await;
    assert_eq!(browser.eval("return document.activeElement.className").await, "skip", "the first stop leads past the header");
    for (field, text) in [
        ("first_name", "Grace"),
        ("last_name", "Hopper"),
        ("password", PASSWORD),
        ("password_confirmation", PASSWORD),
        ("accept_terms", " "),
    ] {
        tab_to(field).await;
        browser.types(text).await;
    }
    browser.types(TAB).await;
    let outline = browser.eval("return getComputedStyle(document.activeElement).outlineStyle").await;
    assert_eq!(outline, "solid", "where the focus is can be seen");
    browser.types(ENTER).await;
    browser.reads("Your account is ready").await;
    assert_eq!(links.invitation(&id).await["state"], "accepted");
}
