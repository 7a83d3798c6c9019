//! Who acts in the tests, and what they can do.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use identity_core::{
    access::{Administrator, CatalogueCommand, CatalogueError, DefineEntry, Entry, GrantableBy, Operator},
    account::{Account, AccountState, AdministrationError},
    audit::{Action, AuditEvent},
    change::{Change, ChangeSet, Unavailable},
    company::{Company, CompanyCommand, CompanyError},
    field::Typed,
    flows::Flows,
    invitation::{
        AcceptAccessCommand, AcceptAccessError, AcceptCommand, AcceptError, AcceptedAccess, DeclineError, Invitation,
        InviteCommand, InviteError, ManageError, Preview, PreviewError,
    },
    ledger::Token,
    notice::{Delivered, Letter, LetterContent},
    password::{Candidate, PasswordHash},
    port::{Clock as _, InvitationFilter, InvitationSummary, Store},
    session::{Client, LogInCommand, LogInError, LoggedIn, SignedIn},
    settings::Settings,
    terms::{PublishTermsCommand, PublishTermsError, TermsNumber, TermsVersion},
    value::{
        AccountId, CatalogueText, CompanyId, CompanyName, EmailAddress, InvitationId, Language, Lifetime, Note, PersonName,
        RegistrationId, RoleKey, SignedDuration, SubscriptionKey, Timestamp, TokenSecret,
    },
};
use identity_testkit::{Fixture, Kit};

use crate::stage::{Post, Stage, Weather, only_counts};

/// The first operator.
pub(crate) const OPERATOR: &str = "ada@example.org";
/// The company administrator of the first company.
pub(crate) const ADMINISTRATOR: &str = "carl@example.org";
/// Somebody to invite.
pub(crate) const GRACE: &str = "grace@example.org";
/// A password that keeps every rule.
pub(crate) const PASSWORD: &str = "Zr7-mnbvq!";

pub(crate) fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

pub(crate) fn role(key: &str) -> RoleKey {
    RoleKey::parse(key).unwrap()
}

pub(crate) fn seconds(text: &str) -> SignedDuration {
    SignedDuration::from_secs(Lifetime::parse(text).unwrap().as_seconds())
}

const fn is_news(letter: &Letter) -> bool {
    matches!(letter.content, LetterContent::SignedIn { .. } | LetterContent::InvitationAccepted { .. })
}

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
        let link = world.flows().set_up.run().await.unwrap().unwrap();
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

    pub(crate) fn keeps_signed_in(&self, signed_in: SignedIn) {
        self.memory().signed_in = Some(signed_in);
    }

    pub(crate) fn kept_signed_in(&self) -> SignedIn {
        self.memory().signed_in.clone().expect("somebody who is signed in")
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
        Admin { proof: Administrator::of(&account).expect("an administrator"), world: self.clone() }
    }

    /// Whoever holds that link.
    pub(crate) fn visitor(&self, link: &TokenSecret) -> Visitor {
        Visitor {
            world: self.clone(),
            link: link.clone(),
            name: ("Grace", "Hopper"),
            email: None,
            company: None,
            confirmation: None,
            agrees_to: Some(1),
            answers: Typed::new(),
        }
    }

    /// Whoever got the newest link that was mailed to that address.
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

    // Mail.

    /// One round of the outbox, which must not fail; the letters that it sent.
    pub(crate) async fn delivers(&self) -> Vec<Letter> {
        let before = self.letters().len();
        self.works_the_outbox_off().await.unwrap();
        self.letters().split_off(before)
    }

    pub(crate) async fn works_the_outbox_off(&self) -> Result<Delivered, Unavailable> {
        self.flows().deliver.run(|| false).await
    }

    /// Every letter but the [`news`](Self::news).
    pub(crate) fn letters(&self) -> Vec<Letter> {
        self.kit().mailer.letters().into_iter().filter(|letter| !is_news(letter)).collect()
    }

    /// What follows from every login in a new browser and from every accepted invitation; tests of other things look past it.
    pub(crate) fn news(&self) -> Vec<Letter> {
        self.kit().mailer.letters().into_iter().filter(is_news).collect()
    }

    /// The links that were mailed to an address, the newest last.
    pub(crate) fn links_to(&self, email: &str) -> Vec<TokenSecret> {
        self.letters().iter().filter(|letter| letter.to.as_str() == email).filter_map(link_in).collect()
    }

    pub(crate) fn link_to(&self, email: &str) -> TokenSecret {
        self.links_to(email).pop().expect("a link in a letter")
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
            email: address(email),
            password: Candidate::new(password).unwrap(),
            remember,
            device: None,
            client: Client::new("192.0.2.7".parse().ok(), Some("Test/1.0")),
        };
        self.flows().log_in.run(command).await
    }

    /// Somebody signs in from nowhere in particular, and is met.
    pub(crate) async fn signed_in(&self, email: &str) -> SignedIn {
        let command = LogInCommand {
            email: address(email),
            password: Candidate::new(PASSWORD).unwrap(),
            remember: false,
            device: None,
            client: Client::default(),
        };
        let secret = self.flows().log_in.run(command).await.unwrap().secret;
        self.whoami(&secret).await.unwrap()
    }

    /// Who is signed in with that secret.
    pub(crate) async fn whoami(&self, secret: &TokenSecret) -> Option<SignedIn> {
        self.flows().check_session.run(secret).await.unwrap()
    }

    // What is kept.

    pub(crate) async fn find_account(&self, email: &str) -> Option<Account> {
        self.store().account_by_address(address(email).canonical()).await.unwrap()
    }

    pub(crate) async fn account(&self, email: &str) -> Account {
        self.find_account(email).await.expect("an account")
    }

    pub(crate) async fn invitation(&self, id: InvitationId) -> Invitation {
        self.store().invitation(id).await.unwrap().expect("an invitation")
    }

    pub(crate) async fn entry(&self, link: &TokenSecret) -> Token {
        self.store().token_by_digest(&link.digest()).await.unwrap().expect("a link in the ledger")
    }

    pub(crate) async fn hash_of(&self, email: &str) -> PasswordHash {
        self.store().login_candidate(email).await.unwrap().expect("an account").password.hash
    }

    /// The hash of that account's password, as if it had been made under older parameters.
    pub(crate) async fn has_an_old_hash(&self, email: &str) {
        let (account, from) = (self.account(email).await, self.hash_of(email).await);
        let to = PasswordHash::from_phc(from.expose().replacen("plain$", "old$", 1));
        self.commits(vec![Change::Rehash { id: account.id, from, to }]).await;
    }

    /// Another system takes an account's roles away.
    pub(crate) async fn strips(&self, email: &str) {
        self.keeps_only([], email).await;
    }

    /// Another system takes all roles of an account away but these.
    pub(crate) async fn keeps_only<const N: usize>(&self, roles: [&str; N], email: &str) {
        let account = self.account(email).await.with_roles(roles.map(role).into());
        self.commits(vec![Change::ReviseAccount { account, by: None }]).await;
    }

    /// Puts a link into the ledger that no worker made; whoever holds it.
    pub(crate) async fn forges(&self, entry: Token) -> Visitor {
        let mut bytes = [0; 32];
        self.kit().ports.entropy.fill(&mut bytes).unwrap();
        let secret = TokenSecret::from_entropy(entry.subject.kind(), bytes.into());
        self.commits(vec![Change::IssueToken(Token { id: secret.id(), digest: secret.digest(), ..entry })]).await;
        self.visitor(&secret).from("eve@example.net")
    }

    async fn commits(&self, changes: Vec<Change>) {
        let seed = 1000 + self.stage().committed().len() as u64;
        Fixture::new(self.kit().ports.store.clone(), seed).commit(changes).await;
    }

    /// Every change set that was applied so far, but those that only count how often something is tried.
    pub(crate) fn history(&self) -> Vec<ChangeSet> {
        self.stage().committed().into_iter().filter(|set| !only_counts(set)).collect()
    }

    /// Every change that was applied so far.
    pub(crate) fn changes(&self) -> Vec<Change> {
        self.history().iter().flat_map(|set| set.changes().to_vec()).collect()
    }

    /// What the audit trail says of an action.
    pub(crate) fn recorded(&self, action: Action) -> Vec<AuditEvent> {
        let events = self.changes().into_iter().filter_map(|change| match change {
            Change::Record(event) => Some(event),
            _ => None,
        });
        events.filter(|event| event.action == action).collect()
    }

    /// How many accounts were ever opened.
    pub(crate) fn accounts_opened(&self) -> usize {
        self.changes().iter().filter(|change| matches!(change, Change::OpenAccount { .. })).count()
    }

    /// How many sessions were ever started.
    pub(crate) fn sessions_started(&self) -> usize {
        self.changes().iter().filter(|change| matches!(change, Change::StartSession(_))).count()
    }
}

pub(crate) fn link_in(letter: &Letter) -> Option<TokenSecret> {
    match &letter.content {
        LetterContent::Invitation { secret, .. } | LetterContent::AccessOffered { secret, .. } => Some(secret.clone()),
        _ => None,
    }
}

/// Whom somebody wants to invite.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    email: String,
    command: InviteCommand,
}

impl From<&str> for Wanted {
    fn from(email: &str) -> Self {
        Self::new(email)
    }
}

impl Wanted {
    pub(crate) fn new(email: &str) -> Self {
        let command = InviteCommand {
            email: address(email),
            first_name: None,
            last_name: None,
            roles: BTreeSet::new(),
            subscriptions: BTreeSet::new(),
            language: None,
            company: None,
            lifetime: None,
            note: None,
        };
        Self { email: email.to_owned(), command }
    }

    fn with(mut self, write: impl FnOnce(&mut InviteCommand)) -> Self {
        write(&mut self.command);
        self
    }

    pub(crate) fn role(self, key: &str) -> Self {
        self.with(|command| {
            command.roles.insert(role(key));
        })
    }

    pub(crate) fn subscription(self, key: &str) -> Self {
        self.with(|command| {
            command.subscriptions.insert(SubscriptionKey::parse(key).unwrap());
        })
    }

    pub(crate) fn named(self, first: &str, last: &str) -> Self {
        self.with(|command| {
            command.first_name = PersonName::parse(first).ok();
            command.last_name = PersonName::parse(last).ok();
        })
    }

    pub(crate) fn language(self, tag: &str) -> Self {
        self.with(|command| command.language = Language::parse(tag).ok())
    }

    pub(crate) fn company(self, company: CompanyId) -> Self {
        self.with(|command| command.company = Some(company))
    }

    pub(crate) fn lasting(self, lifetime: &str) -> Self {
        self.with(|command| command.lifetime = Lifetime::parse(lifetime).ok())
    }

    pub(crate) fn note(self, text: &str) -> Self {
        self.with(|command| command.note = Note::parse(text).ok())
    }
}

/// An administrator, as he was when the test met him.
#[derive(Clone)]
pub(crate) struct Admin {
    proof: Administrator,
    world: World,
}

impl Admin {
    fn flows(&self) -> &Flows {
        self.world.flows()
    }

    pub(crate) fn account(&self) -> &Account {
        self.proof.account()
    }

    fn operator(&self) -> Operator {
        Operator::of(self.account()).expect("an operator")
    }

    pub(crate) async fn invites(&self, wanted: impl Into<Wanted>) -> Result<Invitation, InviteError> {
        self.flows().invite.run(&self.proof, &wanted.into().command).await
    }

    pub(crate) async fn resends(&self, id: InvitationId) -> Result<Invitation, ManageError> {
        self.flows().resend.run(&self.proof, id).await
    }

    pub(crate) async fn revokes(&self, id: InvitationId) -> Result<Invitation, ManageError> {
        self.flows().revoke.run(&self.proof, id).await
    }

    pub(crate) async fn moves_the_end(&self, id: InvitationId, end: Timestamp) -> Result<Invitation, ManageError> {
        self.flows().change_expiry.run(&self.proof, id, end).await
    }

    pub(crate) async fn sees(&self, id: InvitationId) -> Option<InvitationSummary> {
        self.flows().list_invitations.one(&self.proof, id).await.unwrap().map(|(summary, _)| summary)
    }

    /// The addresses in the list, newest first.
    pub(crate) async fn lists(&self, filter: Option<InvitationFilter>) -> Vec<String> {
        let (page, _) = self.flows().list_invitations.run(&self.proof, filter, None, (None, 200)).await.unwrap();
        page.items.into_iter().filter_map(|summary| Some(summary.invitation.email?.as_str().to_owned())).collect()
    }

    pub(crate) async fn disables(&self, id: AccountId) -> Result<Account, AdministrationError> {
        self.flows().switch_account.run(&self.proof, id, AccountState::Disabled).await
    }

    pub(crate) async fn enables(&self, id: AccountId) -> Result<Account, AdministrationError> {
        self.flows().switch_account.run(&self.proof, id, AccountState::Active).await
    }

    pub(crate) async fn opens_company(&self, name: &str) -> Company {
        self.tries_to_open_company(name).await.unwrap()
    }

    pub(crate) async fn tries_to_open_company(&self, name: &str) -> Result<Company, CompanyError> {
        let name = CompanyName::parse(name).unwrap();
        self.flows().companies.run(&self.proof, CompanyCommand::Open(name)).await
    }

    pub(crate) async fn defines_role(&self, key: &str, grantable_by: GrantableBy) {
        self.defines(DefineEntry::Role(role(key)), grantable_by).await;
    }

    pub(crate) async fn defines_subscription(&self, key: &str, grantable_by: GrantableBy) {
        self.defines(DefineEntry::Subscription(SubscriptionKey::parse(key).unwrap()), grantable_by).await;
    }

    async fn defines(&self, entry: DefineEntry, grantable_by: GrantableBy) {
        self.flows().catalogue.define(&self.operator(), entry_command(entry, grantable_by)).await.unwrap();
    }

    /// From now on only operators grant that role.
    pub(crate) async fn reserves_role(&self, key: &str) {
        let command = entry_command(DefineEntry::Role(role(key)), GrantableBy::Operator);
        self.flows().catalogue.revise(&self.operator(), command).await.unwrap();
    }

    /// The role is called something else, and granted by the same people.
    pub(crate) async fn renames_role(&self, key: &str) {
        self.tries_to_rename_role(key).await.unwrap();
    }

    pub(crate) async fn tries_to_rename_role(&self, key: &str) -> Result<Entry, CatalogueError> {
        let command = entry_command(DefineEntry::Role(role(key)), GrantableBy::Administrator);
        self.flows().catalogue.revise(&self.operator(), command).await
    }

    pub(crate) async fn publishes_terms(&self, text: &str) -> TermsVersion {
        self.tries_to_publish_terms(text).await.unwrap()
    }

    pub(crate) async fn tries_to_publish_terms(&self, text: &str) -> Result<TermsVersion, PublishTermsError> {
        let texts = BTreeMap::from([(Language::english(), text.to_owned())]);
        self.flows().terms.run(&self.operator(), PublishTermsCommand { effective_at: None, grace: None, texts }).await
    }

    /// Publishes terms that one may go on without for so long.
    pub(crate) async fn publishes_terms_with(&self, text: &str, effective_at: Option<Timestamp>, grace: &str) -> TermsVersion {
        let texts = BTreeMap::from([(Language::english(), text.to_owned())]);
        let command = PublishTermsCommand { effective_at, grace: Lifetime::parse(grace).ok(), texts };
        self.flows().terms.run(&self.operator(), command).await.unwrap()
    }

    pub(crate) const fn world(&self) -> &World {
        &self.world
    }

    pub(crate) fn proof(&self) -> &Administrator {
        &self.proof
    }
}

pub(crate) fn entry_command(entry: DefineEntry, grantable_by: GrantableBy) -> CatalogueCommand {
    CatalogueCommand { entry, name: CatalogueText::parse("An entry").unwrap(), description: None, grantable_by }
}

/// Whoever holds a link, in front of the registration page.
#[derive(Clone)]
pub(crate) struct Visitor {
    world: World,
    pub(crate) link: TokenSecret,
    name: (&'static str, &'static str),
    email: Option<&'static str>,
    company: Option<&'static str>,
    confirmation: Option<&'static str>,
    agrees_to: Option<TermsNumber>,
    answers: Typed,
}

impl Visitor {
    /// Answers the operator's fields.
    pub(crate) fn answering(self, answers: Typed) -> Self {
        Self { answers, ..self }
    }

    pub(crate) fn named(self, first: &'static str, last: &'static str) -> Self {
        Self { name: (first, last), ..self }
    }

    /// Fills in an address, where the form asks for one.
    pub(crate) fn from(self, email: &'static str) -> Self {
        Self { email: Some(email), ..self }
    }

    /// Fills in a company's name, where the form asks for one.
    pub(crate) fn company(self, name: &'static str) -> Self {
        Self { company: Some(name), ..self }
    }

    pub(crate) fn confirming(self, password: &'static str) -> Self {
        Self { confirmation: Some(password), ..self }
    }

    pub(crate) fn agreeing_to(self, terms: Option<TermsNumber>) -> Self {
        Self { agrees_to: terms, ..self }
    }

    pub(crate) async fn registers(&self) -> Result<Account, AcceptError> {
        self.registers_with(PASSWORD).await
    }

    pub(crate) async fn registers_with(&self, password: &str) -> Result<Account, AcceptError> {
        let command = AcceptCommand {
            secret: self.link.clone(),
            email: self.email.map(address),
            company_name: self.company.map(|name| CompanyName::parse(name).unwrap()),
            first_name: PersonName::parse(self.name.0).unwrap(),
            last_name: PersonName::parse(self.name.1).unwrap(),
            password: Candidate::new(password).unwrap(),
            password_confirmation: Candidate::new(self.confirmation.unwrap_or(password)).unwrap(),
            accepted_terms: self.agrees_to,
            language: Some(Language::english()),
            fields: self.answers.clone(),
            client: Client::default(),
        };
        self.world.flows().accept.run(command).await
    }

    /// Looks, as a GET does.
    pub(crate) async fn looks(&self) -> Result<Preview, PreviewError> {
        self.world.flows().preview.run(&self.link).await
    }

    /// Looks, and is noticed.
    pub(crate) async fn opens(&self) -> Result<Preview, PreviewError> {
        self.world.flows().preview.open(&self.link).await
    }

    /// Agrees, with the account that is signed in.
    pub(crate) async fn takes(&self, signed_in: &SignedIn) -> Result<AcceptedAccess, AcceptAccessError> {
        let command = AcceptAccessCommand { secret: self.link.clone(), accepted_terms: self.agrees_to, client: Client::default() };
        self.world.flows().accept_access.run(signed_in, command).await
    }

    pub(crate) async fn declines(&self) -> Result<(), DeclineError> {
        self.world.flows().decline.run(&self.link, &Client::default()).await
    }

    pub(crate) async fn asks_for_a_new_one(&self) {
        self.tries_to_ask_for_a_new_one().await.unwrap();
    }

    pub(crate) async fn tries_to_ask_for_a_new_one(&self) -> Result<(), Unavailable> {
        self.world.flows().request_renewal.run(&self.link, &Client::default()).await
    }

    /// The link opens nothing: not the page, not the account, not the answer "no".
    pub(crate) async fn is_locked_out(&self) {
        let accounts = self.world.accounts_opened();
        let commits = self.world.history().len();
        let looked = self.looks().await;
        assert!(matches!(looked, Err(PreviewError::DeadLink)), "{looked:?}");
        let opened = self.opens().await;
        assert!(matches!(opened, Err(PreviewError::DeadLink)), "{opened:?}");
        let declined = self.declines().await;
        assert!(matches!(declined, Err(DeclineError::DeadLink)), "{declined:?}");
        let registered = self.registers().await;
        assert!(matches!(registered, Err(AcceptError::DeadLink)), "{registered:?}");
        assert_eq!(
            (self.world.accounts_opened(), self.world.history().len()),
            (accounts, commits),
            "a dead link changed something"
        );
    }

    /// The link opens the page.
    pub(crate) async fn is_welcome(&self) {
        let looked = self.looks().await;
        assert!(looked.is_ok(), "{looked:?}");
    }
}

impl World {
    /// A worker sends one mail and dies before it can say so.
    pub(crate) async fn sends_but_does_not_settle(&self) {
        let world = self.clone();
        // The first commit mints the link, the second would settle.
        self.stage().just_before("commit", async move {
            let faults = world.kit().faults.clone();
            world.stage().just_before("commit", async move { faults.fail_at(0) });
        });
        let died = self.works_the_outbox_off().await;
        assert!(died.is_err(), "{died:?}");
        self.kit().faults.none();
    }
}
