//! Who acts in the tests, and what they can do.

use std::{collections::BTreeMap, io, sync::Arc};

use async_trait::async_trait;
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, header},
};
use http_body_util::BodyExt as _;
use identity_core::{
    change::{AccountChange, Change, ChangeSet, CompanyChange, OnboardingChange},
    flow::session::LogInCommand,
    model::{
        Settings,
        company::Company,
        custom_field::Words,
        onboarding::{DeclaredStep, Onboarding, OnboardingSettings, Tutorial},
        outbox::{AccountEmail, Email, EmailChangeEmail, EmailContent, InvitationEmail, PasswordEmail, RegistrationEmail},
        password::Candidate,
        registration::{Registration, RegistrationState},
        session::Client,
    },
    port::{Clock as _, IdSource, PasswordHasher, RegistrationQuery, Store},
    value::{
        AccountId, CompanyId, EmailAddress, InvitationId, Language, Lifetime, PublicUrl, RoleKey, SessionId, SignedDuration,
        StepKey, TokenKind, TokenSecret,
    },
};
use identity_http::{
    App, DevelopmentMailbox, DisplayedMail, HttpSettings, MailHead, ReturnToOrigins, SecurityTxt, TrustedProxies, router,
};
use identity_testkit::Kit;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::documented;

pub(crate) const OPERATOR: &str = "ada@acme.example";
pub(crate) const ADMINISTRATOR: &str = "carl@acme.example";
pub(crate) const MEMBER: &str = "grace@acme.example";
/// The company administrator of another company.
pub(crate) const OTHER_ADMINISTRATOR: &str = "olga@other.example";
/// Invited, and not registered yet.
pub(crate) const INVITED: &str = "ida@acme.example";
/// A person who signs up by themselves.
pub(crate) const SIGNING_UP: &str = "nina@newco.example";
/// Has signed up, and waits for an operator.
pub(crate) const WAITING: &str = "wanda@newco.example";
/// A password that keeps every rule.
pub(crate) const PASSWORD: &str = "Zr7-mnbvq!";
/// Another one.
pub(crate) const OTHER_PASSWORD: &str = "Kp4_wertz?";

pub(crate) const HTTPS: &str = "https://id.example.org";
pub(crate) const LOOPBACK: &str = "http://127.0.0.1:8080";

/// An installation in memory, cheap to clone.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) kit: Kit,
    pub(crate) app: App,
    router: Router,
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    /// The same as it came, where it is no text.
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    /// The same answer, which must have this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {:?}", self.body))
    }

    /// The kind of problem, without its prefix.
    #[track_caller]
    pub(crate) fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.body);
        self.json()["type"].as_str().unwrap().strip_prefix("urn:identity:problem:").unwrap().to_owned()
    }

    /// The codes of a field's errors.
    #[track_caller]
    pub(crate) fn codes(&self, field: &str) -> Vec<String> {
        let body = self.json();
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().filter(|error| error["field"] == field).map(|error| error["code"].as_str().unwrap().to_owned()).collect()
    }

    /// Every `Set-Cookie`.
    pub(crate) fn cookies(&self) -> Vec<String> {
        self.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
    }

    /// The `Set-Cookie` of that name.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies().into_iter().find(|cookie| cookie.split('=').next().unwrap().trim_start_matches("__Host-") == name)
    }
}

/// An answer as somebody sees it who does not know which request it was: without the request's id, the values of cookies and tokens,
/// and these words. How long the body is follows from the body.
pub(crate) fn seen(answer: &Answer, words: &[&str]) -> (u16, Vec<(String, String)>, String) {
    let mask = |text: &str| {
        let mut text = text.replace(answer.header("x-request-id"), "ID");
        for word in words {
            text = text.replace(word, "WORD");
        }
        text
    };
    let value = |name: &str, value: &str| match value.split_once('=') {
        Some((cookie, rest)) if name == "set-cookie" => {
            format!("{cookie}=…;{}", rest.split_once(';').map_or("", |(_, attributes)| attributes))
        }
        _ => mask(value),
    };
    let headers =
        answer.headers.iter().map(|(name, text)| (name.as_str().to_owned(), value(name.as_str(), text.to_str().unwrap())));
    let headers = headers.filter(|(name, _)| name != "content-length").collect();
    let mut body = mask(&answer.body);
    for (before, after) in [("name=\"csrf_token\" value=\"", "\""), ("\"flow\":\"", "\"")] {
        let parts = body.split(before).map(str::to_owned).collect::<Vec<_>>();
        let cut = |part: &String| part.split_once(after).map_or("", |(_, rest)| rest).to_owned();
        let rest = parts.iter().skip(1).map(|part| format!("{before}…{after}{}", cut(part))).collect::<String>();
        body = format!("{}{rest}", parts[0]);
    }
    (answer.status, headers, body)
}

/// A request without a body.
pub(crate) fn ask(method: &str, path: &str) -> Request<Body> {
    Request::builder().method(method).uri(path).body(Body::empty()).unwrap()
}

pub(crate) trait RequestExt {
    fn with(self, name: &'static str, value: &str) -> Self;
    fn json(self, body: &Value) -> Self;
    fn text(self, body: impl Into<String>) -> Self;
    fn form(self, fields: &[(&str, &str)]) -> Self;
}

impl RequestExt for Request<Body> {
    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers_mut().append(name, value.parse().unwrap());
        self
    }

    fn json(self, body: &Value) -> Self {
        self.with("content-type", "application/json").text(body.to_string())
    }

    fn text(self, body: impl Into<String>) -> Self {
        self.map(|_| Body::from(body.into()))
    }

    fn form(self, fields: &[(&str, &str)]) -> Self {
        self.with("content-type", "application/x-www-form-urlencoded").text(encoded(fields))
    }
}

pub(crate) fn encoded(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn http_settings() -> HttpSettings {
    let expires = "2027-01-01T00:00:00Z".parse().unwrap();
    HttpSettings {
        trusted_proxies: TrustedProxies::default(),
        support: EmailAddress::parse("help@id.example.org").unwrap(),
        cookie_domain: None,
        return_to_origins: ReturnToOrigins::default(),
        start_url: None,
        security_txt: Some(SecurityTxt::new("mailto:security@example.org", expires).unwrap()),
    }
}

/// Every built-in step, and one of the host's.
fn onboarding() -> OnboardingSettings {
    let english = Language::english();
    let pages = vec!["# Hello\n\nThis is *how* it goes.".to_owned(), "The end.".to_owned()];
    let label = Words::new(BTreeMap::from([(english.clone(), "Your team".to_owned())])).unwrap();
    OnboardingSettings {
        tutorial: Tutorial::new(BTreeMap::from([(english, pages)])),
        declared: vec![DeclaredStep { key: StepKey::parse("team").unwrap(), label, href: "/team".to_owned() }],
        ..OnboardingSettings::default()
    }
}

impl World {
    /// An operator, a company administrator and a member are in one company, an administrator in another; Ida is invited to the
    /// first one and has her mail. People reach it by https.
    pub(crate) async fn new() -> Self {
        Self::at(HTTPS).await
    }

    /// The same at that address.
    pub(crate) async fn at(url: &str) -> Self {
        let world = Self::empty_at(url).await;
        world.people_move_in().await;
        world
    }

    /// Nothing but the foundation: nobody is in.
    pub(crate) async fn empty_at(url: &str) -> Self {
        let mut kit = Kit::new();
        kit.settings =
            Arc::new(Settings { public_url: PublicUrl::parse(url).unwrap(), onboarding: onboarding(), ..(*kit.settings).clone() });
        Box::new(kit.flows()).prepare.run(Kit::terms()).await.unwrap();
        Self::over(kit)
    }

    fn over(kit: Kit) -> Self {
        Self::behind(kit, TrustedProxies::default())
    }

    /// The same installation behind proxies that it trusts.
    pub(crate) fn trusting(&self, proxies: &[&str]) -> Self {
        Self::behind(self.kit.clone(), TrustedProxies::parse(proxies.iter().copied()).unwrap())
    }

    fn behind(kit: Kit, trusted_proxies: TrustedProxies) -> Self {
        let http = HttpSettings { trusted_proxies, ..http_settings() };
        Self::serving(kit, http)
    }

    /// The same installation with other settings of HTTP.
    pub(crate) fn with_http(&self, change: impl FnOnce(&mut HttpSettings)) -> Self {
        let mut http = http_settings();
        change(&mut http);
        Self::serving(self.kit.clone(), http)
    }

    fn serving(kit: Kit, http: HttpSettings) -> Self {
        let app = App::new(kit.ports.clone(), kit.settings.clone(), http, Some(Arc::new(OneMail)));
        Self { kit, router: router(app.clone()), app }
    }

    /// The same installation under other settings.
    pub(crate) fn with(&self, change: impl FnOnce(&mut Settings)) -> Self {
        Self::over(self.kit.with(change))
    }

    /// The same installation with another hasher.
    pub(crate) fn hashing_with(mut self, hasher: impl PasswordHasher + 'static) -> Self {
        self.kit.ports.hasher = Arc::new(hasher);
        Self::over(self.kit)
    }

    async fn people_move_in(&self) {
        let link = self.first_operator_link().await;
        let but = json!({ "email": OPERATOR, "first_name": "Ada", "last_name": "Lovelace", "company_name": "Acme" });
        self.api().accepts(&link, but).await.expect(201);
        let ada = self.api().logs_in(OPERATOR).await;
        ada.post("/roles", json!({ "key": "editor", "name": "Editor", "grantable_by": "administrator" })).await.expect(201);
        ada.post("/subscriptions", json!({ "key": "news", "name": "News", "grantable_by": "administrator" })).await.expect(201);
        let other = ada.post("/companies", json!({ "name": "Other" })).await.expect(201).json();
        self.hires(&ada, json!({ "email": ADMINISTRATOR, "roles": ["company_administrator"] })).await;
        self.hires(&ada, json!({ "email": MEMBER })).await;
        let olga = json!({ "email": OTHER_ADMINISTRATOR, "roles": ["company_administrator"], "company_id": other["id"] });
        self.hires(&ada, olga).await;
        ada.post("/invitations", json!({ "email": INVITED })).await.expect(201);
        self.delivers().await;
        for email in [OPERATOR, ADMINISTRATOR, MEMBER, OTHER_ADMINISTRATOR] {
            self.knows_the_way(email).await;
        }
        self.kit.faults.none();
    }

    /// Somebody has been here for long: the login leads them to no onboarding.
    pub(crate) async fn knows_the_way(&self, email: &str) {
        let (now, ids) = (self.kit.clock.now(), IdSource::new(self.kit.clock.now(), self.kit.ports.entropy.as_ref()));
        let account = self.account_id(email).await;
        let onboarding = Onboarding { account, steps: BTreeMap::new(), finished_at: Some(now), version: 1 };
        let set = ChangeSet::new(ids.id().unwrap(), now, vec![Change::Onboarding(OnboardingChange::Open(onboarding))]).unwrap();
        self.store().commit(&set).await.unwrap();
    }

    async fn hires(&self, by: &Api, invitation: Value) {
        let email = invitation["email"].as_str().unwrap().to_owned();
        by.post("/invitations", invitation).await.expect(201);
        self.delivers().await;
        self.api().accepts(&self.link_to(&email), json!({})).await.expect(201);
    }

    /// The token of a new link for the first operator.
    pub(crate) async fn first_operator_link(&self) -> String {
        text(&Box::new(self.kit.flows()).first_operator.run().await.unwrap().expect("no operator yet"))
    }

    /// The mail that is due goes out.
    pub(crate) async fn delivers(&self) {
        while Box::new(self.kit.flows()).deliver.run(|| false).await.unwrap().claimed > 0 {}
    }

    /// Every mail but those that follow from every login in a new browser and from every accepted invitation.
    pub(crate) fn mails(&self) -> Vec<Email> {
        let is_news = |mail: &Email| {
            matches!(
                mail.content,
                EmailContent::Account(AccountEmail::SignedIn { .. }) | EmailContent::Invitation(InvitationEmail::Accepted { .. })
            )
        };
        self.kit.mailer.mails().into_iter().filter(|mail| !is_news(mail)).collect()
    }

    /// The token of the invitation in the newest mail to that address.
    pub(crate) fn link_to(&self, email: &str) -> String {
        self.mailed(TokenKind::Invitation, email)
    }

    /// The newest token of that kind in a mail to that address.
    #[track_caller]
    pub(crate) fn mailed(&self, kind: TokenKind, email: &str) -> String {
        self.find_mailed(kind, email).expect("such a token in a mail")
    }

    pub(crate) fn find_mailed(&self, kind: TokenKind, email: &str) -> Option<String> {
        let mut secrets = self.mails_to(email).into_iter().rev().flat_map(|mail| secrets(&mail));
        secrets.find(|secret| secret.kind() == kind).map(|secret| text(&secret))
    }

    /// The newest code in a mail to that address.
    pub(crate) fn code_to(&self, email: &str) -> String {
        let codes = self.mails_to(email).into_iter().rev().filter_map(|mail| match mail.content {
            EmailContent::Registration(RegistrationEmail::Activation { code, .. }) => {
                code.map(|(code, _)| code.expose().to_owned())
            }
            _ => None,
        });
        codes.into_iter().next().expect("a code in a mail")
    }

    /// The mails to that address, the oldest first.
    pub(crate) fn mails_to(&self, email: &str) -> Vec<Email> {
        self.mails().into_iter().filter(|mail| mail.to.as_str() == email).collect()
    }

    /// Somebody signs up and the mail goes out; the flow.
    pub(crate) async fn signs_up(&self, email: &str) -> String {
        let answer = self.api().post("/registrations", sign_up(email)).await.expect(202).json();
        self.delivers().await;
        answer["flow"].as_str().unwrap().to_owned()
    }

    /// The link of an invitation for the operator, who has an account.
    pub(crate) async fn offered(&self) -> String {
        if self.find_mailed(TokenKind::Invitation, OPERATOR).is_none() {
            self.offers(OPERATOR).await;
        }
        self.link_to(OPERATOR)
    }

    /// The company's administrator offers somebody who is in a role and a subscription; the link in the mail.
    pub(crate) async fn offers(&self, email: &str) -> String {
        let carl = self.api().logs_in(ADMINISTRATOR).await;
        let invitation = json!({ "email": email, "roles": ["editor"], "subscriptions": ["news"] });
        carl.post("/invitations", invitation).await.expect(201);
        self.delivers().await;
        self.link_to(email)
    }

    /// Ada publishes terms; their number.
    pub(crate) async fn publishes_terms(&self, grace: Option<&str>) -> u64 {
        let ada = self.api().logs_in(OPERATOR).await;
        let terms = json!({ "grace": grace, "texts": { "en": "Be *kinder*." } });
        ada.post("/terms", terms).await.expect(201).json()["version"].as_u64().unwrap()
    }

    /// The activation link of a sign-up.
    pub(crate) async fn activation(&self) -> String {
        if self.find_mailed(TokenKind::Activation, SIGNING_UP).is_none() {
            self.signs_up(SIGNING_UP).await;
        }
        self.mailed(TokenKind::Activation, SIGNING_UP)
    }

    /// The member asks for a new password, and has the mail.
    pub(crate) async fn recovery(&self) -> String {
        if self.find_mailed(TokenKind::Recovery, MEMBER).is_none() {
            self.forgets(MEMBER).await;
        }
        self.mailed(TokenKind::Recovery, MEMBER)
    }

    /// "This wasn't me" of the same mail.
    pub(crate) async fn report(&self) -> String {
        self.recovery().await;
        self.mailed(TokenKind::Report, MEMBER)
    }

    /// The link that confirms a new address of Grace, as of the only time that she asked for one.
    pub(crate) async fn confirmation(&self) -> String {
        if let Some(link) = self.find_mailed(TokenKind::EmailConfirmation, NEW_ADDRESS) {
            return link;
        }
        self.asks_for_new_address(MEMBER).await;
        self.delivers().await;
        self.mailed(TokenKind::EmailConfirmation, NEW_ADDRESS)
    }

    pub(crate) async fn asks_for_new_address(&self, email: &str) {
        let person = self.api().logs_in(email).await;
        person.post("/me/email-change", json!({ "email": NEW_ADDRESS, "current_password": PASSWORD })).await.expect(202);
    }

    /// The link that undoes it.
    pub(crate) async fn undo(&self) -> String {
        self.confirmation().await;
        self.mailed(TokenKind::EmailUndo, MEMBER)
    }

    /// A session of somebody, other than those of the test.
    pub(crate) async fn session_id(&self, email: &str) -> SessionId {
        let account = self.account_id(email).await;
        let sessions = self.store().sessions_of(account, self.kit.clock.now()).await.unwrap();
        match sessions.iter().find(|session| session.client.device.as_deref() == Some(TABLET)) {
            Some(tablet) => tablet.id,
            None => {
                let command = LogInCommand {
                    replaces: None,
                    email: EmailAddress::parse(email).unwrap(),
                    password: Candidate::new(PASSWORD).unwrap(),
                    remember: false,
                    device: None,
                    client: Client::new(None, Some(TABLET)),
                };
                Box::new(self.kit.flows()).log_in.run(command).await.unwrap().session.id
            }
        }
    }

    /// Somebody asks for a new password for an address, and the mail goes out.
    pub(crate) async fn forgets(&self, email: &str) {
        self.api().post("/password-resets", json!({ "email": email })).await.expect(202);
        self.delivers().await;
    }

    /// Somebody waits to be let in, or waited.
    pub(crate) async fn waiting(&self) -> Registration {
        for state in [RegistrationState::AwaitingApproval, RegistrationState::Completed, RegistrationState::Rejected] {
            if let Some(found) = self.registration(WAITING, state).await {
                return found;
            }
        }
        self.applies(WAITING).await
    }

    /// Somebody signs up where an operator decides.
    pub(crate) async fn applies(&self, email: &str) -> Registration {
        let strict = self.with(|settings| settings.registration.approval = true);
        strict.signs_up(email).await;
        let token = strict.mailed(TokenKind::Activation, email);
        strict.api().post("/registrations/complete", completion(&token)).await.expect(202);
        strict.delivers().await;
        self.registration(email, RegistrationState::AwaitingApproval).await.expect("it waits")
    }

    /// The registration of that address in that state.
    pub(crate) async fn registration(&self, email: &str, state: RegistrationState) -> Option<Registration> {
        let query = RegistrationQuery { state, after: None, limit: 200 };
        self.store().registrations(&query).await.unwrap().items.into_iter().find(|found| found.email.as_str() == email)
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let is_archive = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/zip");
        let is_text = !is_archive && !parts.headers.contains_key(header::CONTENT_ENCODING);
        let body = match String::from_utf8(bytes.to_vec()) {
            Err(_) if !is_text => String::from_utf8_lossy(&bytes).into_owned(),
            text => text.expect("every answer is UTF-8"),
        };
        let answer = Answer { status: parts.status.as_u16(), headers: parts.headers, body, bytes: bytes.to_vec() };
        documented::check(&self.router, self.kit.settings.security_questions.is_some(), &method, &path, &answer).await;
        answer
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(ask("GET", path)).await
    }

    pub(crate) fn api(&self) -> Api {
        Api { world: self.clone(), token: None }
    }

    /// A browser without cookies.
    pub(crate) fn browser(&self) -> Browser {
        Browser { world: self.clone(), cookies: BTreeMap::new() }
    }

    /// A browser whose user has signed in.
    pub(crate) async fn browser_of(&self, email: &str) -> Browser {
        let mut browser = self.browser();
        browser.logs_in(email, PASSWORD).await.expect(303);
        browser
    }

    /// Time passes: `P7D`, `PT30M`.
    pub(crate) fn passes(&self, duration: &str) {
        self.passes_seconds(Lifetime::parse(duration).unwrap().as_seconds());
    }

    pub(crate) fn passes_seconds(&self, seconds: i64) {
        self.kit.clock.advance(SignedDuration::from_secs(seconds));
    }

    /// Somebody sets a picture; the path under which it is served.
    pub(crate) async fn sets_picture(&self, email: &str) -> String {
        let answer = self.api().logs_in(email).await.put("/me/picture", json!("picture of me")).await.expect(200);
        answer.json()["picture"].as_str().unwrap().to_owned()
    }

    /// Ada requires a new password of somebody.
    /// Makes somebody an operator, too.
    pub(crate) async fn promotes(&self, email: &str) {
        let account = self.store().account(self.account_id(email).await).await.unwrap().unwrap();
        let mut roles = account.roles.clone();
        roles.insert(RoleKey::operator());
        let now = self.kit.clock.now();
        let revised = Change::Account(AccountChange::Revise { account: account.with_roles(roles), by: None });
        let id = IdSource::new(now, self.kit.ports.entropy.as_ref()).id().unwrap();
        self.store().commit(&ChangeSet::new(id, now, vec![revised]).unwrap()).await.unwrap();
    }

    /// The company of somebody is as if they had opened it by signing up.
    pub(crate) async fn has_signed_up(&self, email: &str) {
        let company = self.store().company(self.company_id(email).await).await.unwrap().unwrap();
        let revised = Company { is_trusted: false, version: company.version + 1, ..company };
        let now = self.kit.clock.now();
        let id = IdSource::new(now, self.kit.ports.entropy.as_ref()).id().unwrap();
        self.store()
            .commit(&ChangeSet::new(id, now, vec![Change::Company(CompanyChange::Revise(revised))]).unwrap())
            .await
            .unwrap();
    }

    pub(crate) async fn requires_change(&self, email: &str) {
        let ada = self.api().logs_in(OPERATOR).await;
        let id = self.account_id(email).await;
        ada.send("POST", &format!("/accounts/{id}/require-password-change"), None).await.expect(204);
    }

    /// From now on calls of ports are counted anew.
    pub(crate) fn listens(&self) {
        self.kit.faults.none();
    }

    /// How often a port was called since.
    pub(crate) fn heard(&self, call: &str) -> usize {
        self.kit.faults.trace().iter().filter(|name| **name == call).count()
    }

    /// Nothing was changed and no password was hashed since.
    #[track_caller]
    pub(crate) fn heard_no_effect(&self, what: &str) {
        self.heard_no_more_than(0, what);
    }

    /// The same but for that many commits which count that something was tried.
    #[track_caller]
    pub(crate) fn heard_no_more_than(&self, counted: usize, what: &str) {
        for (call, most) in [("commit", counted), ("hash", 0), ("verify", 0), ("mail", 0)] {
            assert_eq!(self.heard(call), most, "{what}: {call} in {:?}", self.kit.faults.trace());
        }
    }

    pub(crate) fn store(&self) -> &dyn Store {
        self.kit.ports.store.as_ref()
    }

    pub(crate) async fn account_id(&self, email: &str) -> AccountId {
        let address = EmailAddress::parse(email).unwrap();
        self.store().account_by_address(address.canonical()).await.unwrap().expect("an account").id
    }

    pub(crate) async fn company_id(&self, email: &str) -> CompanyId {
        let id = self.account_id(email).await;
        self.store().account(id).await.unwrap().unwrap().company
    }

    /// The pending invitation of that address to the first company.
    pub(crate) async fn invitation_id(&self, email: &str) -> InvitationId {
        let company = self.company_id(OPERATOR).await;
        let address = EmailAddress::parse(email).unwrap();
        self.store().pending_invitation(company, address.canonical()).await.unwrap().expect("a pending invitation").id
    }
}

fn text(secret: &TokenSecret) -> String {
    secret.to_text().expose_secret().to_owned()
}

/// A secret that nothing stands behind.
pub(crate) fn stray(kind: TokenKind) -> String {
    text(&TokenSecret::from_entropy(kind, [9; 32].into()))
}

/// The kinds of links.
pub(crate) const LINKS: [TokenKind; 6] = [
    TokenKind::Invitation,
    TokenKind::Activation,
    TokenKind::Recovery,
    TokenKind::Report,
    TokenKind::EmailConfirmation,
    TokenKind::EmailUndo,
];

/// The address that Grace asks for.
pub(crate) const NEW_ADDRESS: &str = "grace.new@acme.example";

/// What a session of nobody in the test is known by.
const TABLET: &str = "Tablet/1.0";

/// A link's secret, whatever its kind.
fn link(token: &str) -> TokenSecret {
    LINKS.into_iter().find_map(|kind| TokenSecret::parse(kind, token)).expect("a link's token")
}

/// The name of a link in clean addresses.
pub(crate) fn link_id(token: &str) -> String {
    link(token).id().to_string()
}

/// The clean address of a link's page.
pub(crate) fn clean(token: &str) -> String {
    format!("/{}/{}", link(token).kind().page().unwrap(), link_id(token))
}

/// Every secret of a mail.
pub(crate) fn secrets(mail: &Email) -> Vec<TokenSecret> {
    match &mail.content {
        EmailContent::Invitation(InvitationEmail::Invited { secret, .. })
        | EmailContent::Invitation(InvitationEmail::AccessOffered { secret, .. }) => vec![secret.clone()],
        EmailContent::Registration(RegistrationEmail::Activation { link, .. }) => {
            link.iter().map(|(secret, _)| secret.clone()).collect()
        }
        EmailContent::Password(PasswordEmail::Reset { secret, report, .. }) => vec![secret.clone(), report.clone()],
        EmailContent::EmailChange(EmailChangeEmail::Confirmation { secret, .. }) => vec![secret.clone()],
        EmailContent::EmailChange(EmailChangeEmail::Announced { undo, .. }) => vec![undo.clone()],
        EmailContent::EmailChange(EmailChangeEmail::Changed { undo, .. }) => undo.iter().map(|(undo, _)| undo.clone()).collect(),
        EmailContent::Password(PasswordEmail::Temporary { report, .. })
        | EmailContent::Password(PasswordEmail::Changed { report, .. })
        | EmailContent::Account(AccountEmail::SecurityQuestionsChanged { report, .. })
        | EmailContent::Account(AccountEmail::SignedIn { report, .. }) => vec![report.clone()],
        _ => Vec::new(),
    }
}

/// A program that uses the API.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) world: World,
    pub(crate) token: Option<String>,
}

impl Api {
    pub(crate) fn request(&self, method: &str, path: &str) -> Request<Body> {
        let request = ask(method, &format!("/api/v1{path}"));
        match &self.token {
            Some(token) => request.with("authorization", &format!("Bearer {token}")),
            None => request,
        }
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let request = self.request(method, path);
        self.world
            .send(match body {
                Some(body) => request.json(body),
                None => request,
            })
            .await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, Some(&body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send("PUT", path, Some(&body)).await
    }

    /// Signs in; the client that is signed in.
    pub(crate) async fn logs_in(&self, email: &str) -> Self {
        self.logs_in_with(email, PASSWORD).await
    }

    pub(crate) async fn logs_in_with(&self, email: &str, password: &str) -> Self {
        let answer = self.post("/sessions", json!({ "email": email, "password": password })).await.expect(201).json();
        Self { token: Some(answer["token"].as_str().unwrap().to_owned()), ..self.clone() }
    }

    /// Registers by a token with good answers, changed by `but`.
    pub(crate) async fn accepts(&self, token: &str, but: Value) -> Answer {
        let mut body = registration(token);
        for (field, value) in but.as_object().unwrap() {
            body[field] = value.clone();
        }
        self.post("/invitations/accept", body).await
    }
}

/// Good answers of an invitee.
pub(crate) fn registration(token: &str) -> Value {
    json!({
        "token": token,
        "first_name": "Grace",
        "last_name": "Hopper",
        "password": PASSWORD,
        "password_confirmation": PASSWORD,
        "accept_terms": 1,
    })
}

/// Good answers of somebody who signs up.
pub(crate) fn sign_up(email: &str) -> Value {
    json!({ "first_name": "Nina", "last_name": "Simons", "company_name": "Newco", "country": "DE", "email": email, "language": "en" })
}

/// Good answers of somebody who completes a sign-up.
pub(crate) fn completion(token: &str) -> Value {
    json!({ "token": token, "password": PASSWORD, "password_confirmation": PASSWORD, "accept_terms": 1 })
}

/// Good answers of somebody who sets a new password by a link.
pub(crate) fn reset(token: &str) -> Value {
    json!({ "token": token, "password": OTHER_PASSWORD, "password_confirmation": OTHER_PASSWORD })
}

/// Good answers of somebody who changes the password.
pub(crate) fn change() -> Value {
    json!({ "current_password": PASSWORD, "password": OTHER_PASSWORD, "password_confirmation": OTHER_PASSWORD })
}

/// What an administrator says who mails a link to a new password.
pub(crate) fn assisted(method: &str) -> Value {
    json!({ "method": method, "identity_check": { "method": "video_call", "note": "Seen and known for years" } })
}

/// A browser: keeps cookies, and fills in the forms that it was sent.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) world: World,
    /// By their full names.
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    /// A request with this browser's cookies.
    pub(crate) fn request(&self, method: &str, path: &str) -> Request<Body> {
        let request = ask(method, path);
        if self.cookies.is_empty() {
            return request;
        }
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
        request.with("cookie", &pairs.join("; "))
    }

    pub(crate) async fn send(&mut self, request: Request<Body>) -> Answer {
        let answer = self.world.send(request).await;
        if answer.header("clear-site-data").contains("\"cookies\"") {
            self.cookies.clear();
        }
        for cookie in answer.cookies() {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(self.request("GET", path)).await
    }

    /// Sends a form as it is.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.request("POST", path).form(fields)).await
    }

    /// Sends a form with this browser's token.
    pub(crate) async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token().await;
        let mut fields = fields.to_vec();
        fields.push(("csrf_token", &token));
        self.post(path, &fields).await
    }

    /// Presses the button of a page that offers to send the same form again.
    pub(crate) async fn sends_again(&mut self, page: &Answer) -> Answer {
        let tags = crate::html::tags(&page.body);
        let form = tags.iter().position(|tag| tag.attribute("method") == Some("post")).expect("a form that is sent again");
        let fields = tags.iter().skip(form).filter(|tag| tag.attribute("type") == Some("hidden"));
        let fields = fields.map(|tag| (tag.attribute("name").unwrap(), tag.attribute("value").unwrap())).collect::<Vec<_>>();
        self.post(tags[form].attribute("action").unwrap(), &fields).await
    }

    /// The anti-forgery token in this browser's forms.
    pub(crate) async fn token(&mut self) -> String {
        let mut page = self.get("/login").await;
        if page.status == 303 {
            page = self.get("/account").await;
        }
        token_in(&page.expect(200).body)
    }

    /// The anti-forgery token in the form of that page.
    pub(crate) async fn token_of(&mut self, path: &str) -> String {
        token_in(&self.get(path).await.expect(200).body)
    }

    pub(crate) async fn logs_in(&mut self, email: &str, password: &str) -> Answer {
        self.submit("/login", &[("email", email), ("password", password), ("return_to", "")]).await
    }

    /// Opens a mailed link; the clean address that it leads to.
    pub(crate) async fn opens(&mut self, token: &str) -> String {
        let page = link(token).kind().page().unwrap();
        self.get(&format!("/{page}/{token}")).await.expect(303).header("location").to_owned()
    }
}

/// The anti-forgery token in a page's form.
pub(crate) fn token_in(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"csrf_token\" value=\"").expect("a form with a token");
    rest.split('"').next().unwrap().to_owned()
}

/// Good answers of an invitee, as the page sends them.
pub(crate) const REGISTRATION: [(&str, &str); 5] = [
    ("first_name", "Ida"),
    ("last_name", "Rhodes"),
    ("password", PASSWORD),
    ("password_confirmation", PASSWORD),
    ("accept_terms", "1"),
];

/// Good answers of somebody who signs up, as the page sends them.
pub(crate) const SIGN_UP: [(&str, &str); 5] =
    [("first_name", "Nina"), ("last_name", "Simons"), ("company_name", "Newco"), ("country", "DE"), ("email", SIGNING_UP)];

/// Good answers of somebody who completes a sign-up, as the page sends them.
pub(crate) const ACTIVATION: [(&str, &str); 8] = [
    ("first_name", "Nina"),
    ("last_name", "Simons"),
    ("company_name", "Newco"),
    ("country", "DE"),
    ("email", SIGNING_UP),
    ("password", PASSWORD),
    ("password_confirmation", PASSWORD),
    ("accept_terms", "1"),
];

/// A development mailbox with one mail in it.
struct OneMail;

pub(crate) const MAIL: &str = "mail-1";

fn head() -> MailHead {
    MailHead {
        id: MAIL.to_owned(),
        subject: "<script>alert(1)</script> \" onload=\"x".to_owned(),
        to: INVITED.to_owned(),
        written_at: 1_767_603_600,
    }
}

#[async_trait]
impl DevelopmentMailbox for OneMail {
    async fn list(&self) -> io::Result<Vec<MailHead>> {
        Ok(vec![head()])
    }

    async fn read(&self, id: &str) -> io::Result<Option<DisplayedMail>> {
        let html = "<html><head></head><body><p>Hello</p></body></html>".to_owned();
        Ok((id == MAIL).then(|| DisplayedMail { head: head(), text: "<b>Hello</b>".to_owned(), html }))
    }
}
