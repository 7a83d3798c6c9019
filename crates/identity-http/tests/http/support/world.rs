//! An installation in memory.

use super::{HTTPS, PASSWORD, answer::Answer, api::Api, browser::Browser, mailbox::OneMail, request::ask};
use crate::documented;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::http::header;
use http_body_util::BodyExt as _;
use identity_core::model::Settings;
use identity_core::model::custom_field::Words;
use identity_core::model::onboarding::DeclaredStep;
use identity_core::model::onboarding::OnboardingSettings;
use identity_core::model::onboarding::Tutorial;
use identity_core::port::PasswordHasher;
use identity_core::port::Store;
use identity_core::value::EmailAddress;
use identity_core::value::Language;
use identity_core::value::Lifetime;
use identity_core::value::PublicUrl;
use identity_core::value::SignedDuration;
use identity_core::value::StepKey;
use identity_http::App;
use identity_http::HttpSettings;
use identity_http::ReturnToOrigins;
use identity_http::SecurityTxt;
use identity_http::TrustedProxies;
use identity_http::router;
use identity_testkit::Kit;
use std::collections::BTreeMap;
use std::sync::Arc;
use tower::ServiceExt as _;

/// An installation in memory, cheap to clone.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) kit: Kit,
    pub(crate) app: App,
    router: Router,
}

pub(super) fn http_settings() -> HttpSettings {
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
pub(super) fn onboarding() -> OnboardingSettings {
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

    /// From now on calls of ports are counted from zero.
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
}
