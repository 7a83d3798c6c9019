//! The session check for proxies, and the way to the login and back.

use identity_http::{CookieDomain, ReturnToOrigins};
use serde_json::json;

use crate::{
    html::tags,
    support::{ADMINISTRATOR, Answer, Browser, MEMBER, OPERATOR, OTHER_PASSWORD, PASSWORD, RequestExt as _, World, ask, encoded},
};

const CHECK: &str = "/api/v1/forward-auth";
const APPLICATION: &str = "https://app.example.org";
const PLACE: &str = "https://app.example.org/orders/7?tab=lines&q=a%20b";
/// What a browser says that it takes when it opens a page.
const PAGE: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

/// An installation that leads on to an application on another host, and shares its session with it.
async fn shared() -> World {
    World::new().await.with_http(|http| {
        http.return_to_origins = ReturnToOrigins::parse([APPLICATION]).unwrap();
        http.cookie_domain = Some(CookieDomain::parse("example.org", &"https://id.example.org".parse().unwrap()).unwrap());
    })
}

/// The address of the login, with that way back.
fn login(place: &str) -> String {
    format!("https://id.example.org/login?{}", encoded(&[("return_to", place)]))
}

#[tokio::test]
async fn a_proxy_learns_who_is_signed_in() {
    let world = shared().await;
    let id = world.account_id(ADMINISTRATOR).await.to_string();
    let api = world.api().logs_in(ADMINISTRATOR).await;
    let browser = world.browser_of(ADMINISTRATOR).await;
    assert!(browser.cookies.contains_key("__Secure-shared-session"), "{:?}", browser.cookies);
    for method in ["GET", "HEAD"] {
        for request in [api.request(method, "/forward-auth"), browser.request(method, CHECK)] {
            let answer = world.send(request).await.expect(204);
            let said = ["identity-account", "identity-email", "identity-roles", "identity-subscriptions"]
                .map(|name| answer.headers.get(name).expect("each header is there, if it is empty").to_str().unwrap().to_owned());
            assert_eq!(said, [id.as_str(), ADMINISTRATOR, "company_administrator", ""]);
            assert_eq!(answer.header("cache-control"), "no-store");
        }
    }
    for method in ["POST", "PUT", "DELETE"] {
        world.send(browser.request(method, CHECK)).await.expect(405);
    }
}

#[tokio::test]
async fn several_keys_stand_with_commas_between_them() {
    let world = World::new().await;
    let ada = world.api().logs_in(OPERATOR).await;
    ada.post("/subscriptions", json!({ "key": "maps", "name": "Maps", "grantable_by": "administrator" })).await.expect(201);
    let invitation = json!({ "email": "Jo+x'y@b\u{fc}cher.example", "roles": ["editor"], "subscriptions": ["news", "maps"] });
    ada.post("/invitations", invitation).await.expect(201);
    world.delivers().await;
    let token = world.link_to("Jo+x'y@xn--bcher-kva.example");
    world.api().accepts(&token, json!({})).await.expect(201);
    let answer = world.api().logs_in("jo+x'y@b\u{fc}cher.example").await.get("/forward-auth").await.expect(204);
    assert_eq!(answer.header("identity-email"), "Jo+x'y@xn--bcher-kva.example", "always ASCII");
    assert_eq!((answer.header("identity-roles"), answer.header("identity-subscriptions")), ("editor", "maps,news"));
}

#[tokio::test]
async fn a_program_is_answered_401_and_a_browser_is_led_to_the_login_where_the_proxy_wants_that() {
    let world = shared().await;
    let redirecting = format!("{CHECK}?redirect=true");
    let from = |path: &str| ask("GET", path).with("x-original-url", PLACE);
    for request in [
        from(CHECK),
        from(CHECK).with("accept", PAGE),
        from(&redirecting),
        from(&redirecting).with("accept", "*/*"),
        from(&redirecting).with("accept", "application/json"),
        from(&redirecting).with("accept", PAGE).with("sec-fetch-mode", "cors"),
        from(&format!("{CHECK}?redirect=false")).with("accept", PAGE),
    ] {
        let answer = world.send(request).await.expect(401);
        assert_eq!(answer.problem(), "not-signed-in");
        assert_eq!((answer.header("www-authenticate"), answer.header("identity-login")), ("Bearer", login(PLACE).as_str()));
        assert_eq!(answer.header("location"), "");
    }
    for request in [
        from(&redirecting).with("accept", PAGE),
        from(&redirecting).with("accept", PAGE).with("sec-fetch-mode", "navigate"),
        ask("GET", &redirecting)
            .with("accept", PAGE)
            .with("x-forwarded-proto", "https")
            .with("x-forwarded-host", "app.example.org")
            .with("x-forwarded-uri", "/orders/7?tab=lines&q=a%20b")
            .with("x-forwarded-method", "POST"),
    ] {
        assert_eq!(world.send(request).await.expect(303).header("location"), login(PLACE));
    }
    world.send(ask("GET", &format!("{CHECK}?redirect=true&redirect=true"))).await.expect(422);
    world.send(ask("GET", &format!("{CHECK}?return_to=https://evil.example"))).await.expect(422);
}

#[tokio::test]
async fn nobody_is_led_back_to_a_place_that_is_not_listed() {
    let world = shared().await;
    let unlisted: [&[(&'static str, &str)]; 11] = [
        &[],
        &[("x-original-url", "https://evil.example/")],
        &[("x-original-url", "https://app.example.org.evil.example/")],
        &[("x-original-url", "https://app.example.org@evil.example/")],
        &[("x-original-url", "/account")],
        &[("x-original-url", PLACE), ("x-original-url", "https://evil.example/")],
        &[("x-forwarded-proto", "https"), ("x-forwarded-host", "evil.example"), ("x-forwarded-uri", "/")],
        &[("x-forwarded-proto", "https"), ("x-forwarded-host", "app.example.org"), ("x-forwarded-uri", "@evil.example/")],
        &[("x-forwarded-proto", "https"), ("x-forwarded-host", "app.example.org:444"), ("x-forwarded-uri", "/")],
        &[("x-forwarded-proto", "http"), ("x-forwarded-host", "app.example.org"), ("x-forwarded-uri", "/")],
        &[("x-forwarded-host", "app.example.org"), ("x-forwarded-uri", "/")],
    ];
    for headers in unlisted {
        let request = headers.iter().fold(ask("GET", CHECK), |request, (name, value)| request.with(name, value));
        let answer = world.send(request).await.expect(401);
        assert_eq!(answer.header("identity-login"), "https://id.example.org/login", "{headers:?}");
    }
    let strange = ask("GET", CHECK).with("x-original-url", "https://app.example.org/\u{e9}\u{fc}");
    assert_eq!(world.send(strange).await.expect(401).header("identity-login"), "https://id.example.org/login");
}

#[tokio::test]
async fn nobody_who_is_out_or_has_something_to_do_first_is_let_past() {
    let world = shared().await;
    let ada = world.api().logs_in(OPERATOR).await;
    let (api, browser) = (world.api().logs_in(MEMBER).await, world.browser_of(MEMBER).await);
    let asks = async || [api.get("/forward-auth").await.status, world.send(browser.request("GET", CHECK)).await.status];
    assert_eq!(asks().await, [204, 204]);
    world.requires_change(MEMBER).await;
    assert_eq!(asks().await, [401, 401], "a new password has to be chosen");
    let change = json!({ "current_password": PASSWORD, "password": OTHER_PASSWORD, "password_confirmation": OTHER_PASSWORD });
    api.put("/me/password", change).await.expect(204);
    assert_eq!(asks().await, [204, 401], "the other sessions ended with the old password");
    let id = world.account_id(MEMBER).await;
    ada.send("POST", &format!("/accounts/{id}/disable"), None).await.expect(204);
    assert_eq!(asks().await, [401, 401]);
}

#[tokio::test]
async fn asking_changes_nothing_but_the_last_use() {
    let world = shared().await;
    let api = world.api().logs_in(MEMBER).await;
    world.listens();
    api.get("/forward-auth").await.expect(204);
    world.get(CHECK).await.expect(401);
    world.heard_no_effect("the check of a session");
    world.passes("PT2M");
    world.listens();
    for _ in 0..3 {
        api.get("/forward-auth").await.expect(204);
    }
    world.heard_no_more_than(1, "the last use");
    world.passes("PT29M");
    api.get("/forward-auth").await.expect(204);
    world.passes("PT31M");
    api.get("/forward-auth").await.expect(401);
}

/// Where the page that follows a login leads to by itself, and by its link.
fn onward(answer: &Answer) -> (String, String) {
    let tags = tags(&answer.body);
    let refresh = tags.iter().find(|tag| tag.attribute("http-equiv") == Some("refresh")).expect("it leads on by itself");
    let (seconds, to) = refresh.attribute("content").unwrap().split_once("; url=").unwrap();
    assert_eq!(seconds, "0");
    let link = tags.iter().find(|tag| tag.attribute("class") == Some("button")).unwrap().attribute("href").unwrap();
    (to.to_owned(), link.to_owned())
}

async fn logs_in_for(browser: &mut Browser, place: &str, password: &str) -> Answer {
    browser.submit("/login", &[("email", MEMBER), ("password", password), ("return_to", place)]).await
}

#[tokio::test]
async fn a_login_leads_back_to_the_application_also_after_a_mistake() {
    let world = shared().await;
    let mut browser = world.browser();
    let path = login(PLACE).replace("https://id.example.org", "");
    let field = |answer: &Answer| {
        let field = tags(&answer.body).into_iter().find(|tag| tag.attribute("name") == Some("return_to")).unwrap();
        field.attribute("value").unwrap().to_owned()
    };
    assert_eq!(field(&browser.get(&path).await.expect(200)), PLACE.replace('&', "&amp;").replace("&amp;", "&"));
    let mistaken = logs_in_for(&mut browser, PLACE, "Zr7-mnbvqX").await.expect(401);
    assert_eq!(field(&mistaken), PLACE);
    let answer = logs_in_for(&mut browser, PLACE, PASSWORD).await.expect(200);
    assert_eq!(onward(&answer), (PLACE.to_owned(), PLACE.to_owned()));
    let cookie = answer.cookies().into_iter().find(|cookie| cookie.starts_with("__Secure-shared-session=idses_")).unwrap();
    assert!(cookie.contains("; Domain=example.org") && cookie.contains("; Secure"), "{cookie}");
    for other in answer.cookies().iter().filter(|cookie| !cookie.starts_with("__Secure-shared-session=")) {
        assert!(other.starts_with("__Host-") && !other.contains("Domain"), "{other}");
    }
    // A person who is signed in already is sent on at once.
    assert_eq!(browser.get(&path).await.expect(303).header("location"), PLACE);
    let elsewhere = format!("/login?{}", encoded(&[("return_to", "https://evil.example/")]));
    assert_eq!(browser.get(&elsewhere).await.expect(303).header("location"), "/account");
}

#[tokio::test]
async fn what_has_to_be_done_first_comes_before_the_application_and_leads_on_to_it() {
    let world = shared().await;
    world.requires_change(MEMBER).await;
    let mut browser = world.browser();
    let step = format!("/change-password?{}", encoded(&[("return_to", PLACE)]));
    assert_eq!(logs_in_for(&mut browser, PLACE, PASSWORD).await.expect(303).header("location"), step);
    // What the application's proxy answers leads here again, and not in a circle.
    let path = login(PLACE).replace("https://id.example.org", "");
    assert_eq!(browser.get(&path).await.expect(303).header("location"), step);
    let page = browser.get(&step).await.expect(200).body;
    let token = crate::support::token_in(&page);
    let field = tags(&page).into_iter().find(|tag| tag.attribute("name") == Some("return_to")).unwrap();
    let place = field.attribute("value").unwrap().to_owned();
    let form = |password| {
        [
            ("email", MEMBER),
            ("current_password", password),
            ("password", OTHER_PASSWORD),
            ("password_confirmation", OTHER_PASSWORD),
            ("return_to", place.as_str()),
            ("csrf_token", token.as_str()),
        ]
    };
    let mistaken = browser.post("/change-password", &form("Zr7-mnbvqX")).await.expect(422).body;
    let kept = tags(&mistaken).into_iter().any(|tag| tag.attribute("value") == Some(PLACE));
    assert!(kept, "{mistaken}");
    let done = browser.post("/change-password", &form(PASSWORD)).await.expect(200).body;
    assert!(tags(&done).into_iter().any(|tag| tag.attribute("href") == Some(PLACE)), "{done}");
    assert_eq!(browser.get(&path).await.expect(303).header("location"), PLACE);
}

#[tokio::test]
async fn a_page_of_ours_that_waits_for_a_new_password_is_led_to_afterwards() {
    let world = World::new().await;
    world.requires_change(ADMINISTRATOR).await;
    let mut browser = world.browser();
    let wanted = "/admin/accounts?q=grace";
    let form = [("email", ADMINISTRATOR), ("password", PASSWORD), ("return_to", wanted)];
    assert_eq!(browser.submit("/login", &form).await.expect(303).header("location"), wanted);
    let step = browser.get(wanted).await.expect(303).header("location").to_owned();
    assert_eq!(step, format!("/change-password?{}", encoded(&[("return_to", wanted)])));
    assert!(browser.get(&step).await.expect(200).body.contains("value=\"/admin/accounts?q=grace\""));
    // Whose session ends meanwhile comes back to the same step.
    let again = world.browser().get(&step).await.expect(303).header("location").to_owned();
    assert_eq!(again, format!("/login?{}", encoded(&[("return_to", &step)])));
    let mut other = world.browser();
    let form = [("email", ADMINISTRATOR), ("password", PASSWORD), ("return_to", step.as_str())];
    assert_eq!(other.submit("/login", &form).await.expect(303).header("location"), step);
}

#[tokio::test]
async fn a_browser_that_moves_between_the_two_kinds_of_cookies_is_signed_in_by_the_configured_one() {
    let shared = shared().await;
    let own = shared.with_http(|_| {});
    let mut browser = own.browser_of(MEMBER).await;
    let host = browser.cookies["__Host-session"].clone();
    browser.world = shared.clone();
    browser.get("/account").await.expect(303);
    let answer = browser.logs_in(MEMBER, PASSWORD).await.expect(303);
    assert!(answer.cookies().iter().any(|cookie| cookie.starts_with("__Host-session=;")), "{:?}", answer.cookies());
    assert!(!browser.cookies.contains_key("__Host-session") && browser.cookies.contains_key("__Secure-shared-session"));
    browser.get("/account").await.expect(200);
    // And back, with both.
    browser.cookies.insert("__Host-session".to_owned(), host);
    browser.world = own;
    browser.get("/account").await.expect(200);
    browser.submit("/logout", &[]).await.expect(303);
    assert!(!browser.cookies.keys().any(|name| name.ends_with("session")), "{:?}", browser.cookies);
}

#[tokio::test]
async fn whom_to_tell_of_a_weakness_is_said_where_it_is_configured() {
    let world = World::new().await;
    let answer = world.get("/.well-known/security.txt").await.expect(200);
    let lines = answer.body.lines().collect::<Vec<_>>();
    assert_eq!(
        lines,
        [
            "Contact: mailto:security@example.org",
            "Expires: 2027-01-01T00:00:00Z",
            "Canonical: https://id.example.org/.well-known/security.txt",
        ]
    );
    let silent = world.with_http(|http| http.security_txt = None);
    silent.get("/.well-known/security.txt").await.expect(404);
    let expires = "2027-01-01T00:00:00Z".parse().unwrap();
    for bad in ["", "security@example.org", "mailto:", "http://example.org", "mailto:a@b.example\r\nX: y", "javascript:1"] {
        assert!(identity_http::SecurityTxt::new(bad, expires).is_err(), "{bad}");
    }
}
