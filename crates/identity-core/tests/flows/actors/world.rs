//! An installation and the people in it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use identity_core::{
    flow::{
        Flows,
        session::{LogInCommand, LogInError, LoggedIn},
    },
    model::{
        Settings,
        access::{Administrator, GrantableBy},
        account::Account,
        custom_field::RawInput,
        invitation::Invitation,
        password::Candidate,
        session::{Client, CurrentUser, Session, SignedIn},
    },
    port::{Clock as _, IdSource, Store},
    value::{AccountId, InvitationId, RegistrationId, SignedDuration, Timestamp, TokenKind, TokenSecret},
};
use identity_testkit::Kit;

use super::{ADMINISTRATOR, Admin, GRACE, OPERATOR, PASSWORD, Visitor, Wanted, address, seconds};
use crate::stage::{Post, Stage, Weather};

/// An installation with its stage, cheap to clone.
#[derive(Clone)]
pub(crate) struct World(Arc<Inner>);

struct Inner {
    kit: Kit,
    flows: Flows,
    stage: Arc<Stage>,
    post: Arc<Post>,
    kept: Mutex<Kept>,
}

/// What a test remembers of its preparation, so that its own look-ups are not among the calls that are counted.
#[derive(Clone, Default)]
struct Kept {
    link: Option<TokenSecret>,
    invitation: Option<InvitationId>,
    text: Option<String>,
    signed_in: Option<SignedIn>,
    registration: Option<RegistrationId>,
    operator: Option<Admin>,
    carl: Option<AccountId>,
}

impl World {
    /// Nothing but the foundation: nobody is in.
    pub(crate) async fn empty() -> Self {
        let world = Self::bare();
        world.flows().prepare.run(Kit::terms()).await.unwrap();
        world
    }

    /// Not even the foundation.
    pub(crate) fn bare() -> Self {
        let faults = identity_testkit::Faults::default();
        let stage = Arc::new(Stage::new(faults.clone()));
        let mut kit = Kit::over(stage.clone(), faults);
        let post = Arc::new(Post::new(kit.mailer.clone()));
        kit.ports.mailer = post.clone();
        let flows = kit.flows();
        Self(Arc::new(Inner { kit, flows, stage, post, kept: Mutex::default() }))
    }

    /// An operator and a company administrator are in. Administrators grant the role `editor` and the subscription `news`,
    /// operators the role `auditor` and the subscription `press` too.
    pub(crate) async fn new() -> Self {
        let world = Self::empty().await;
        let link = world.flows().first_operator.run().await.unwrap().unwrap();
        world.visitor(&link).named("Ada", "Byron").from(OPERATOR).registers_with(PASSWORD).await.unwrap();
        let ada = world.operator().await;
        ada.defines_role("editor", GrantableBy::Administrator).await;
        ada.defines_role("auditor", GrantableBy::Operator).await;
        ada.defines_subscription("news", GrantableBy::Administrator).await;
        ada.defines_subscription("press", GrantableBy::Operator).await;
        world.hires(Wanted::new(ADMINISTRATOR).role("company_administrator")).await;
        world
    }

    /// As [`new`](Self::new), with the operator and the company administrator met.
    pub(crate) async fn met() -> Self {
        let world = Self::new().await;
        let (operator, carl) = (world.operator().await, world.account(ADMINISTRATOR).await.id);
        let mut kept = world.memory();
        (kept.operator, kept.carl) = (Some(operator), Some(carl));
        drop(kept);
        world
    }

    /// The operator is met, and that account is whom [`carl`](Self::carl) names.
    pub(crate) async fn meets(&self, email: &str) {
        let (operator, acted_on) = (self.operator().await, self.account(email).await.id);
        let mut kept = self.memory();
        (kept.operator, kept.carl) = (Some(operator), Some(acted_on));
    }

    /// As [`met`](Self::met), with Grace invited.
    pub(crate) async fn met_with_invited_grace() -> Self {
        let world = Self::met().await;
        let (invitation, grace) = world.invited(GRACE).await;
        world.keeps(grace.link);
        world.memory().invitation = Some(invitation.id);
        world
    }

    /// The same installation under other settings from now on.
    pub(crate) fn under(&self, change: impl FnOnce(&mut Settings)) -> Self {
        let kit = self.kit().with(change);
        let (flows, kept) = (kit.flows(), Mutex::new(self.memory().clone()));
        Self(Arc::new(Inner { kit, flows, stage: self.0.stage.clone(), post: self.0.post.clone(), kept }))
    }

    fn memory(&self) -> MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn keeps(&self, link: TokenSecret) {
        self.memory().link = Some(link);
    }

    pub(crate) fn kept(&self) -> TokenSecret {
        self.memory().link.clone().expect("a link or a session")
    }

    pub(crate) fn keeps_text(&self, text: &str) {
        self.memory().text = Some(text.to_owned());
    }

    /// A code or a password.
    pub(crate) fn kept_text(&self) -> String {
        self.memory().text.clone().expect("a text")
    }

    pub(crate) fn keeps_signed_in(&self, signed_in: impl Into<SignedIn>) {
        self.memory().signed_in = Some(signed_in.into());
    }

    pub(crate) fn kept_signed_in(&self) -> SignedIn {
        self.memory().signed_in.clone().expect("somebody who is logged in")
    }

    pub(crate) fn kept_user(&self) -> CurrentUser {
        CurrentUser::of(self.kept_signed_in(), &self.kit().settings).expect("nothing to do first")
    }

    pub(crate) fn keeps_registration(&self, id: RegistrationId) {
        self.memory().registration = Some(id);
    }

    pub(crate) fn kept_registration(&self) -> RegistrationId {
        self.memory().registration.expect("a registration")
    }

    pub(crate) fn kept_invitation(&self) -> InvitationId {
        self.memory().invitation.expect("an invitation")
    }

    pub(crate) fn met_operator(&self) -> Admin {
        self.memory().operator.clone().expect("an operator")
    }

    pub(crate) fn carl(&self) -> AccountId {
        self.memory().carl.expect("a company administrator")
    }

    pub(crate) fn flows(&self) -> &Flows {
        &self.0.flows
    }

    pub(crate) fn kit(&self) -> &Kit {
        &self.0.kit
    }

    pub(crate) fn stage(&self) -> &Stage {
        &self.0.stage
    }

    pub(crate) fn store(&self) -> &dyn Store {
        self.0.kit.ports.store.as_ref()
    }

    pub(crate) fn weather(&self, weather: Weather) {
        self.0.post.turns(weather);
    }

    // Time.

    pub(crate) fn now(&self) -> Timestamp {
        self.kit().clock.now()
    }

    /// Time passes: `P7D`, `PT30M`.
    pub(crate) fn passes(&self, duration: &str) {
        self.kit().clock.advance(seconds(duration));
    }

    pub(crate) fn it_is(&self, time: Timestamp) {
        self.kit().clock.set(time);
    }

    /// It is one second before that time.
    pub(crate) fn it_is_just_before(&self, time: Timestamp) {
        self.it_is(time.checked_sub(SignedDuration::from_secs(1)).unwrap());
    }

    // People.

    pub(crate) async fn operator(&self) -> Admin {
        self.acting(OPERATOR).await
    }

    pub(crate) async fn administrator(&self) -> Admin {
        self.acting(ADMINISTRATOR).await
    }

    /// The administrator with that address, as he is now: what changes later does not reach him.
    pub(crate) async fn acting(&self, email: &str) -> Admin {
        let account = self.account(email).await;
        let user = self.is_here(account);
        Admin { proof: Administrator::of(&user).expect("an administrator"), user, world: self.clone() }
    }

    /// Somebody as they would be in a session of theirs, without one.
    pub(crate) fn is_here(&self, account: Account) -> CurrentUser {
        let ids = IdSource::new(self.now(), self.kit().ports.entropy.as_ref());
        let digest = ids.secret(TokenKind::Session).unwrap().digest();
        let of = (account.id, account.session_epoch);
        let limits = (&self.kit().settings.session_limits, false);
        let session = Session::start(ids.id().unwrap(), digest, of, self.now(), limits, Client::default());
        CurrentUser::of(SignedIn { session, account }, &self.kit().settings).expect("nothing to do first")
    }

    /// The holder of that link.
    pub(crate) fn visitor(&self, link: &TokenSecret) -> Visitor {
        Visitor {
            world: self.clone(),
            link: link.clone(),
            name: ("Grace", "Hopper"),
            email: None,
            company: None,
            confirmation: None,
            agrees_to: Some(1),
            answers: RawInput::new(),
        }
    }

    /// A person who got the newest link that was mailed to that address.
    pub(crate) fn invitee(&self, email: &str) -> Visitor {
        self.visitor(&self.link_to(email))
    }

    /// An operator invites, the mail is delivered, the invitee registers.
    pub(crate) async fn hires(&self, wanted: impl Into<Wanted>) -> Account {
        let wanted = wanted.into();
        let email = wanted.email.clone();
        self.operator().await.invites(wanted).await.unwrap();
        self.delivers().await;
        let account = self.invitee(&email).registers_with(PASSWORD).await.unwrap();
        // The inviter is told at once: nothing of it is left in the outbox.
        self.delivers().await;
        account
    }

    /// An operator invites and the mail is delivered.
    pub(crate) async fn invited(&self, wanted: impl Into<Wanted>) -> (Invitation, Visitor) {
        let wanted = wanted.into();
        let email = wanted.email.clone();
        let invitation = self.operator().await.invites(wanted).await.unwrap();
        self.delivers().await;
        (self.invitation(invitation.id).await, self.invitee(&email))
    }

    // Signing in.

    pub(crate) async fn logs_in(&self, email: &str, password: &str) -> Result<LoggedIn, LogInError> {
        self.signs_in(email, password, false).await
    }

    pub(crate) async fn logs_in_to_stay(&self, email: &str) -> LoggedIn {
        self.signs_in(email, PASSWORD, true).await.unwrap()
    }

    async fn signs_in(&self, email: &str, password: &str, remember: bool) -> Result<LoggedIn, LogInError> {
        let command = LogInCommand {
            replaces: None,
            email: address(email),
            password: Candidate::new(password).unwrap(),
            remember,
            device: None,
            client: Client::new("192.0.2.7".parse().ok(), Some("Test/1.0")),
        };
        self.flows().log_in.run(command).await
    }

    /// Somebody signs in from nowhere in particular, and is met.
    pub(crate) async fn signed_in(&self, email: &str) -> CurrentUser {
        let signed_in = self.signed_in_first(email).await;
        CurrentUser::of(signed_in, &self.kit().settings).expect("nothing to do first")
    }

    /// The same, whatever has to be done first.
    pub(crate) async fn signed_in_first(&self, email: &str) -> SignedIn {
        let command = LogInCommand {
            replaces: None,
            email: address(email),
            password: Candidate::new(PASSWORD).unwrap(),
            remember: false,
            device: None,
            client: Client::default(),
        };
        let secret = self.flows().log_in.run(command).await.unwrap().secret;
        self.session(&secret).await.unwrap()
    }

    /// The session with that secret, whatever has to be done first.
    pub(crate) async fn session(&self, secret: &TokenSecret) -> Option<SignedIn> {
        self.flows().check_session.signed_in(secret).await.unwrap()
    }

    /// Who is logged in with that secret, with nothing to do first.
    pub(crate) async fn whoami(&self, secret: &TokenSecret) -> Option<CurrentUser> {
        self.flows().check_session.run(secret).await.unwrap()
    }
}
