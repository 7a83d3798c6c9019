//! A small application on another host name, behind a real proxy that asks `identityd` who is there. The proxies run what stands in
//! docs/forward-auth.md.

use std::net::SocketAddr;

use axum::{
    Json, Router,
    http::{HeaderMap, Uri},
    response::Redirect,
    routing::get,
};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::support::{
    Api, Browser, Options, Server,
    api::{PASSWORD, token_of},
    client,
    database::{Database, Store},
    proxy::{Kind, Proxy, free_port},
};

const GRACE: &str = "grace@example.org";
/// Where people want to go.
const PAGE: &str = "/orders/7?tab=lines&q=a%20b";
/// What a browser says that it takes.
const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

/// `identityd` and an application on hosts of one domain, with a proxy before both.
struct Site {
    /// `http://id.sso.localhost:PORT`.
    id: String,
    /// `http://app.sso.localhost:PORT`.
    app: String,
    front: SocketAddr,
    server: Server,
    operator: Api,
    database: Database,
    _proxy: Proxy,
    application: JoinHandle<()>,
}

impl Drop for Site {
    fn drop(&mut self) {
        self.application.abort();
    }
}

/// Answers each request with what it sees of it.
async fn seen(uri: Uri, headers: HeaderMap) -> Json<Value> {
    let headers = headers.iter().map(|(name, value)| (name.as_str().to_owned(), json!(value.to_str().unwrap())));
    Json(json!({ "uri": uri.to_string(), "headers": headers.collect::<serde_json::Map<_, _>>() }))
}

/// The configuration of the documentation, with the names and ports of this machine.
fn documented(kind: Kind, names: &[(&str, &str)]) -> String {
    let text = include_str!("../../docs/forward-auth.md");
    let fence = match kind {
        Kind::Nginx => "```nginx\n",
        Kind::Caddy => "```caddyfile\n",
    };
    let (_, rest) = text.split_once(fence).expect("a block for it");
    let (block, _) = rest.split_once("\n```").unwrap();
    let certificates = |line: &&str| !line.trim_start().starts_with("ssl_certificate");
    let mut block = block.lines().filter(certificates).collect::<Vec<_>>().join("\n");
    for (theirs, ours) in names {
        assert!(block.contains(theirs), "the configuration says nothing of {theirs}");
        block = block.replace(theirs, ours);
    }
    block
}

impl Site {
    async fn behind(kind: Kind) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let application = listener.local_addr().unwrap();
        let (identity, front) = (format!("127.0.0.1:{}", free_port().await), free_port().await);
        let [id, app] = ["id", "app"].map(|host| format!("http://{host}.sso.localhost:{front}"));
        // An application that sends its visitors on, to a host that is listed nowhere.
        let away = format!("http://{application}/arrived");
        let router = Router::new().route("/moved", get(async move || Redirect::to(&away))).fallback(seen);
        let application_task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let names = match kind {
            Kind::Nginx => vec![
                ("listen 443 ssl;", format!("listen 127.0.0.1:{front};")),
                ("id.example.org", "id.sso.localhost".to_owned()),
                ("app.example.org", "app.sso.localhost".to_owned()),
            ],
            Kind::Caddy => vec![("id.example.org {", format!("{id} {{")), ("app.example.org {", format!("{app} {{"))],
        };
        let upstreams = [("127.0.0.1:8080", identity.clone()), ("127.0.0.1:3000", application.to_string())];
        let names = names.iter().chain(&upstreams).map(|(theirs, ours)| (*theirs, ours.as_str())).collect::<Vec<_>>();
        let configuration = documented(kind, &names);
        let database = Store::Sqlite.fresh().await;
        let mut server = Server::with(&[
            ("http.listen", &identity),
            ("http.public_url", &id),
            ("http.trusted_proxies", "127.0.0.1"),
            ("http.return_to_origins", &app),
            ("session.cookie_domain", "sso.localhost"),
            ("database.url", &database.url),
        ])
        .await;
        // Its name is for browsers.
        server.url = format!("http://{identity}");
        let operator = server.first_operator().await;
        operator.post("/roles", json!({ "key": "editor", "name": "Editor", "grantable_by": "administrator" })).await.expect(201);
        operator.post("/invitations", json!({ "email": GRACE, "roles": ["editor"] })).await.expect(201);
        let link = server.mail_to(GRACE).await.link();
        server.api().accepts(token_of(&link), json!({})).await.expect(201);
        Self {
            id,
            app,
            front: SocketAddr::from(([127, 0, 0, 1], front)),
            server,
            operator,
            database,
            _proxy: Proxy::start(kind, &configuration, front).await,
            application: application_task,
        }
    }

    /// A client that finds both hosts and keeps cookies.
    fn visitor(&self) -> Client {
        let client = client().cookie_store(true).redirect(reqwest::redirect::Policy::none());
        ["id.sso.localhost", "app.sso.localhost"]
            .into_iter()
            .fold(client, |client, host| client.resolve(host, self.front))
            .build()
            .unwrap()
    }

    fn page(&self, visitor: &Client) -> RequestBuilder {
        visitor.get(format!("{}{PAGE}", self.app)).header("accept", HTML)
    }

    /// Where the visitor is led who asks the application for its page.
    async fn led_to(&self, visitor: &Client) -> (StatusCode, String) {
        let answer = self.page(visitor).send().await.unwrap();
        let to = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned()).unwrap_or_default();
        (answer.status(), to)
    }

    /// Logs in on the page that the application led to; where that leads to.
    async fn logs_in(&self, visitor: &Client) -> String {
        let (status, login) = self.led_to(visitor).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert!(login.starts_with(&format!("{}/login?return_to=", self.id)), "{login}");
        let page = visitor.get(&login).send().await.unwrap().text().await.unwrap();
        let field = |name: &str| {
            let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).expect("the field");
            rest.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&")
        };
        let (token, place) = (field("csrf_token"), field("return_to"));
        let form = [("email", GRACE), ("password", PASSWORD), ("return_to", &place), ("csrf_token", &token)];
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = visitor.post(format!("{}/login", self.id)).header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(body).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let text = answer.text().await.unwrap();
        let (_, rest) = text.split_once("content=\"0; url=").expect("it leads on");
        rest.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&")
    }

    /// What the application saw of a request that was let past.
    async fn seen(&self, request: RequestBuilder) -> Value {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json().await.unwrap()
    }

    async fn grace(&self) -> String {
        let found = self.operator.get("/accounts?q=grace").await.expect(200);
        found["items"][0]["id"].as_str().unwrap().to_owned()
    }
}

async fn visitors_are_led_to_the_login_and_back_and_the_application_learns_who_they_are(kind: Kind) {
    let site = Site::behind(kind).await;
    let visitor = site.visitor();
    let program = visitor.get(format!("{}{PAGE}", site.app)).header("accept", "application/json");
    let refused = program.try_clone().unwrap().send().await.unwrap();
    assert_eq!((refused.status(), &refused.headers()["www-authenticate"]), (StatusCode::UNAUTHORIZED, &"Bearer".parse().unwrap()));
    assert!(refused.headers().get("location").is_none());

    assert_eq!(site.logs_in(&visitor).await, format!("{}{PAGE}", site.app));
    let forged = ["identity-account", "identity-email", "identity-roles", "identity-subscriptions", "Identity_Roles"]
        .into_iter()
        .fold(site.page(&visitor), |request, name| request.header(name, "operator"));
    let seen = site.seen(forged).await;
    assert_eq!(seen["uri"], PAGE);
    let headers = seen["headers"].as_object().unwrap();
    // What is empty is not sent on by nginx, and sent on as it is by Caddy.
    let said = headers.iter().filter(|(name, value)| name.starts_with("identity") && **value != "").collect::<Vec<_>>();
    let (id, email, roles) = (json!(site.grace().await), json!(GRACE), json!("editor"));
    let expected = [("identity-account", &id), ("identity-email", &email), ("identity-roles", &roles)];
    assert_eq!(said.iter().map(|(name, value)| (name.as_str(), *value)).collect::<Vec<_>>(), expected);

    // A program with a token is let past too. Neither token nor session reaches the application.
    let api = site.server.api().logs_in(GRACE, PASSWORD).await;
    let stranger = site.visitor();
    let seen = site.seen(stranger.get(format!("{}/", site.app)).bearer_auth(api.token().unwrap())).await;
    assert_eq!((&seen["headers"]["identity-email"], seen["headers"].get("authorization")), (&json!(GRACE), None));
    let token = api.token().unwrap();
    for (sent, passed) in [
        (format!("shared-session={token}"), None),
        (format!("theme=dark; shared-session={token}; size=2"), Some("theme=dark; size=2")),
        (format!("theme=dark; shared-session={token}"), Some("theme=dark")),
    ] {
        let seen = site.seen(stranger.get(format!("{}/", site.app)).header("cookie", &sent)).await;
        let cookie = seen["headers"].get("cookie").map(|cookie| cookie.as_str().unwrap().trim_end_matches([';', ' ']));
        assert_eq!(cookie.filter(|cookie| !cookie.is_empty()), passed, "{sent}");
    }
    if kind == Kind::Nginx {
        // The check itself is for the proxy alone.
        let check = visitor.get(format!("{}/identity-check", site.app)).send().await.unwrap();
        assert_eq!(check.status(), StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn behind_nginx_visitors_are_led_to_the_login_and_back_and_the_application_learns_who_they_are() {
    visitors_are_led_to_the_login_and_back_and_the_application_learns_who_they_are(Kind::Nginx).await;
}

#[tokio::test]
async fn behind_caddy_visitors_are_led_to_the_login_and_back_and_the_application_learns_who_they_are() {
    visitors_are_led_to_the_login_and_back_and_the_application_learns_who_they_are(Kind::Caddy).await;
}

async fn what_changes_counts_at_the_very_next_request(kind: Kind) {
    let site = Site::behind(kind).await;
    let visitor = site.visitor();
    let id = site.grace().await;
    site.logs_in(&visitor).await;
    assert_eq!(site.seen(site.page(&visitor)).await["headers"]["identity-roles"], "editor");
    let takes = "DELETE FROM grants WHERE account_id IN (SELECT id FROM accounts WHERE first_name = 'Grace')";
    site.database.run(takes).await;
    let headers = site.seen(site.page(&visitor)).await["headers"].clone();
    assert!(headers.get("identity-roles").is_none_or(|roles| roles == ""), "{headers}");
    assert_eq!(headers["identity-account"], json!(id));
    for act in ["end-sessions", "require-password-change", "disable"] {
        let path = format!("/accounts/{id}/{act}");
        site.operator.send(Method::POST, &path, None).await.expect(204);
        let (status, to) = site.led_to(&visitor).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{act}: {to}");
        if act == "end-sessions" {
            site.logs_in(&visitor).await;
            site.seen(site.page(&visitor)).await;
        }
    }
}

#[tokio::test]
async fn behind_nginx_what_changes_counts_at_the_very_next_request() {
    what_changes_counts_at_the_very_next_request(Kind::Nginx).await;
}

#[tokio::test]
async fn behind_caddy_what_changes_counts_at_the_very_next_request() {
    what_changes_counts_at_the_very_next_request(Kind::Caddy).await;
}

#[tokio::test]
async fn a_browser_is_led_by_nginx_to_the_login_and_back_to_the_exact_address() {
    let site = Site::behind(Kind::Nginx).await;
    for javascript in [true, false] {
        let browser = Browser::start(Options { javascript, ..Options::default() }).await;
        let wanted = format!("{}{PAGE}", site.app);
        browser.goto(&wanted).await;
        browser.reads("Log in to").await;
        browser.is_sound("en").await;
        browser.fill("email", GRACE).await;
        browser.fill("password", "Wrong-password-7").await;
        browser.click("Log In").await;
        browser.find(".summary").await;
        browser.fill("password", PASSWORD).await;
        browser.click("Log In").await;
        browser.reads("identity-email").await;
        browser.reads(GRACE).await;
        assert_eq!(browser.url().await, wanted);
        assert_eq!(browser.console_errors().await, Vec::<String>::new());
        // Signed in, one is sent on at once, and the pages of ours know who it is.
        browser.goto(&format!("{}/login?return_to={}%2Fagain", site.id, site.app)).await;
        browser.reads(GRACE).await;
        assert_eq!(browser.url().await, format!("{}/again", site.app));
        browser.goto(&format!("{}/logout", site.id)).await;
        browser.click("Log out").await;
        browser.reads("Log in to").await;
        // Our policy for forms does not hold up what the application does next.
        browser.goto(&format!("{}/moved", site.app)).await;
        browser.fill("email", GRACE).await;
        browser.fill("password", PASSWORD).await;
        browser.click("Log In").await;
        browser.reads("/arrived").await;
        assert_eq!(browser.console_errors().await, Vec::<String>::new());
    }
}
