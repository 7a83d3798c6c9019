//! Random sequences of what people do with links, codes and passwords, against the flows and against a small pure model of the
//! ledger: a link opens what its rule allows and nothing else, and both agree after every act.

use std::collections::BTreeMap;

use identity_core::{
    account::{AccountState, RequiredAction},
    change::Change,
    email_change::EmailChangeLinkError,
    invitation::{AcceptAccessError, AcceptError, PreviewError},
    notice::LetterContent,
    recovery::{PreviewRecoveryError, ReportError, Reported, ResetError},
    registration::{CompleteError, PreviewRegistrationError, RegistrationState, VerifyCodeError},
    settings::Settings,
    value::{Lifetime, SignedDuration, Timestamp, TokenSecret},
};
use proptest::prelude::*;

use crate::{
    actors::{GRACE, OPERATOR, World},
    visitors::{WRONG, about, another, opened},
};

const PEOPLE: [&str; 2] = ["hedy@example.net", "Ida@example.com"];
/// The address that the operator asked for.
const MOVED: &str = "ada@engines.example";
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

#[derive(Clone, Copy, Debug)]
enum Guess {
    /// The code that was mailed last.
    Newest,
    /// The code that was mailed first.
    Oldest,
    /// None that was ever mailed.
    Wrong,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    SignUp { person: usize },
    AskAgainByFlow { registration: usize },
    AskAgainByAddress { person: usize },
    Deliver,
    TypeCode { registration: usize, guess: Guess },
    Complete { link: usize },
    Forget { person: usize },
    Reset { link: usize },
    Report { link: usize },
    LogIn { person: usize, right: bool },
    Change { session: usize, right: bool },
    MailReset { person: usize },
    SetTemporary { person: usize },
    Switch { person: usize, on: bool },
    Pass { seconds: i64 },
    Sweep,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let person = || 0..PEOPLE.len();
    let which = || 0..64_usize;
    // Most acts are on what is newest.
    let link = || prop_oneof![2 => Just(usize::MAX), 3 => which()];
    let guess = prop_oneof![4 => Just(Guess::Newest), 1 => Just(Guess::Oldest), 2 => Just(Guess::Wrong)];
    let seconds = prop_oneof![
        3 => Just(1),
        3 => Just(10 * MINUTE),
        3 => Just(HOUR - 2),
        2 => Just(HOUR),
        2 => Just(DAY),
        1 => Just(30 * DAY),
    ];
    let step = prop_oneof![
        4 => person().prop_map(|person| Step::SignUp { person }),
        2 => link().prop_map(|registration| Step::AskAgainByFlow { registration }),
        1 => person().prop_map(|person| Step::AskAgainByAddress { person }),
        10 => Just(Step::Deliver),
        4 => (link(), guess).prop_map(|(registration, guess)| Step::TypeCode { registration, guess }),
        6 => link().prop_map(|link| Step::Complete { link }),
        4 => person().prop_map(|person| Step::Forget { person }),
        6 => link().prop_map(|link| Step::Reset { link }),
        4 => link().prop_map(|link| Step::Report { link }),
        4 => (person(), prop::bool::weighted(0.8)).prop_map(|(person, right)| Step::LogIn { person, right }),
        2 => (link(), prop::bool::weighted(0.8)).prop_map(|(session, right)| Step::Change { session, right }),
        2 => person().prop_map(|person| Step::MailReset { person }),
        2 => person().prop_map(|person| Step::SetTemporary { person }),
        2 => (person(), prop::bool::weighted(0.6)).prop_map(|(person, on)| Step::Switch { person, on }),
        4 => seconds.prop_map(|seconds| Step::Pass { seconds }),
        1 => Just(Step::Sweep),
    ];
    prop::collection::vec(step, 1..60)
}

// The model: times are seconds since the start.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    Registration(usize),
    Recovery(usize),
    ResetReport(usize),
    ChangeReport(usize),
}

#[derive(Clone, Debug)]
struct Link {
    about: About,
    generation: u32,
    ends: i64,
    used: bool,
}

#[derive(Clone, Debug)]
struct Code {
    /// `None` for one that was minted and mailed to nobody.
    text: Option<String>,
    ends: i64,
}

#[derive(Clone, Debug)]
struct SignedUp {
    person: usize,
    ends: i64,
    completed: bool,
    generation: u32,
    code: Option<Code>,
    tries: u32,
    mailed: Vec<String>,
}

#[derive(Clone, Debug)]
struct Person {
    active: bool,
    password: String,
    password_ends: Option<i64>,
    required: bool,
    generation: u32,
    since: i64,
}

impl Person {
    fn end_links(&mut self, now: i64) {
        self.generation += 1;
        self.since = now;
    }

    fn choose(&mut self, password: String, now: i64) {
        (self.password, self.password_ends, self.required) = (password, None, false);
        self.end_links(now);
    }
}

#[derive(Clone, Copy, Debug)]
enum Topic {
    Activation { registration: usize, generation: u32 },
    ActivationAgain,
    Recovery { queued: i64 },
    ByAdministrator { generation: u32 },
    Temporary,
    Changed,
    Reported,
}

#[derive(Clone, Debug)]
struct Session {
    person: usize,
    ended: bool,
    /// With the temporary password that it was started by.
    ends: Option<i64>,
}

#[derive(Debug, Default)]
struct Model {
    now: i64,
    people: BTreeMap<usize, Person>,
    registrations: Vec<SignedUp>,
    links: Vec<Link>,
    sessions: Vec<Session>,
    outbox: Vec<(usize, Topic)>,
}

/// A mail, with the links and the code that it is to bring.
struct Mail {
    to: &'static str,
    about: &'static str,
    links: Vec<Link>,
    code_for: Option<usize>,
}

#[derive(Debug, PartialEq, Eq)]
enum Door {
    Open,
    Taken,
    Shut,
}

impl Model {
    fn is_open(&self, at: usize) -> bool {
        let registration = &self.registrations[at];
        !registration.completed && self.now < registration.ends
    }

    fn link(&self, about: About, generation: u32, lasting: i64) -> Link {
        Link { about, generation, ends: self.now + lasting, used: false }
    }

    /// What a link opens at its own flow; at every other it opens nothing.
    fn door(&self, link: &Link) -> Door {
        if link.used || self.now >= link.ends {
            return Door::Shut;
        }
        match link.about {
            About::Registration(at) if !self.is_open(at) || self.registrations[at].generation != link.generation => Door::Shut,
            About::Registration(at) if self.people.contains_key(&self.registrations[at].person) => Door::Taken,
            About::Recovery(person) => {
                let person = &self.people[&person];
                if person.active && person.generation == link.generation { Door::Open } else { Door::Shut }
            }
            About::Registration(_) | About::ResetReport(_) | About::ChangeReport(_) => Door::Open,
        }
    }

    fn end_sessions(&mut self, of: usize, but: Option<usize>) {
        for (at, session) in self.sessions.iter_mut().enumerate() {
            session.ended |= session.person == of && Some(at) != but;
        }
    }

    fn person(&mut self, at: usize) -> Option<&mut Person> {
        self.people.get_mut(&at).filter(|person| person.active)
    }

    /// Works the outbox off, in the order in which it was filled.
    fn deliver(&mut self) -> Vec<Mail> {
        let queued = std::mem::take(&mut self.outbox);
        queued.into_iter().filter_map(|(person, topic)| self.decide(person, topic)).collect()
    }

    fn decide(&mut self, at: usize, topic: Topic) -> Option<Mail> {
        let to = PEOPLE[at];
        let account = self.people.get(&at).cloned();
        let active = account.clone().filter(|account| account.active);
        let report = |about| self.link(about, 0, 30 * DAY);
        let mail = |about, links| Some(Mail { to, about, links, code_for: None });
        let resets = |account: Person| {
            mail("reset", vec![self.link(About::Recovery(at), account.generation, HOUR), report(About::ResetReport(at))])
        };
        match topic {
            Topic::Activation { registration, generation } => {
                if !self.is_open(registration) || self.registrations[registration].generation != generation {
                    return None;
                }
                self.activate(registration, true)
            }
            Topic::ActivationAgain => {
                let newest = (0..self.registrations.len())
                    .rev()
                    .find(|other| self.registrations[*other].person == at && self.is_open(*other));
                match newest {
                    Some(registration) => self.activate(registration, false),
                    None => active.and_then(|_| mail("already registered", Vec::new())),
                }
            }
            Topic::Recovery { queued } => active.filter(|account| queued >= account.since).and_then(resets),
            Topic::ByAdministrator { generation } => active.filter(|account| account.generation == generation).and_then(resets),
            Topic::Temporary => active.and_then(|_| mail("temporary password", vec![report(About::ChangeReport(at))])),
            Topic::Changed => active.and_then(|_| mail("password changed", vec![report(About::ChangeReport(at))])),
            Topic::Reported => Some(Mail { to: OPERATOR, about: "access reported", links: Vec::new(), code_for: None }),
        }
    }

    fn activate(&mut self, at: usize, by_flow: bool) -> Option<Mail> {
        let person = self.registrations[at].person;
        let (now, to) = (self.now, PEOPLE[person]);
        let link = self.link(About::Registration(at), self.registrations[at].generation, DAY);
        let registration = &mut self.registrations[at];
        if by_flow {
            (registration.code, registration.tries) = (Some(Code { text: None, ends: now + 10 * MINUTE }), 0);
        }
        // Whatever follows, so that nobody can tell by it what did.
        registration.ends = registration.ends.max(now + DAY);
        if let Some(account) = self.people.get(&person) {
            return account.active.then(|| Mail { to, about: "already registered", links: Vec::new(), code_for: None });
        }
        Some(Mail { to, about: "activation", links: vec![link], code_for: by_flow.then_some(at) })
    }

    /// Types a code; whether it brought a link.
    fn type_code(&mut self, at: usize, text: &str) -> bool {
        let (now, open) = (self.now, self.is_open(at));
        let registration = &mut self.registrations[at];
        if registration.tries >= 5 {
            return false;
        }
        registration.tries += 1;
        let is_it = |code: &Code| code.text.as_deref() == Some(text) && now < code.ends;
        if !open || !registration.code.as_ref().is_some_and(is_it) {
            return false;
        }
        (registration.code, registration.tries) = (None, 0);
        let generation = registration.generation;
        self.links.push(self.link(About::Registration(at), generation, DAY));
        true
    }

    fn complete(&mut self, at: usize, password: String) -> Door {
        let link = self.links[at].clone();
        let About::Registration(registration) = link.about else { return Door::Shut };
        let door = self.door(&link);
        if door == Door::Open {
            self.links[at].used = true;
            let now = self.now;
            let registration = &mut self.registrations[registration];
            (registration.completed, registration.generation) = (true, registration.generation + 1);
            let person = Person { active: true, password, password_ends: None, required: false, generation: 1, since: now };
            self.people.insert(registration.person, person);
        }
        door
    }

    fn reset(&mut self, at: usize, password: String) -> bool {
        let link = self.links[at].clone();
        let About::Recovery(person) = link.about else { return false };
        if self.door(&link) != Door::Open {
            return false;
        }
        self.links[at].used = true;
        let now = self.now;
        self.people.get_mut(&person).unwrap().choose(password, now);
        self.end_sessions(person, None);
        self.outbox.push((person, Topic::Changed));
        true
    }

    fn report(&mut self, at: usize) -> Option<Reported> {
        let link = self.links[at].clone();
        let (person, reported) = match link.about {
            About::ResetReport(person) => (person, Reported::Reset),
            About::ChangeReport(person) => (person, Reported::Change),
            About::Registration(_) | About::Recovery(_) => return None,
        };
        if self.door(&link) != Door::Open {
            return None;
        }
        self.links[at].used = true;
        let now = self.now;
        let account = self.people.get_mut(&person).unwrap();
        account.end_links(now);
        if reported == Reported::Change {
            account.required = true;
            account.password_ends = Some(account.password_ends.map_or(now, |ends| ends.min(now)));
            self.end_sessions(person, None);
            self.outbox.push((person, Topic::Recovery { queued: now }));
        }
        self.outbox.push((person, Topic::Reported));
        Some(reported)
    }

    fn log_in(&mut self, at: usize, password: &str) -> bool {
        let now = self.now;
        let Some(person) = self.person(at) else { return false };
        if person.password != password || person.password_ends.is_some_and(|ends| now >= ends) {
            return false;
        }
        let ends = person.password_ends;
        if ends.is_some() {
            person.password_ends = Some(now);
        }
        self.sessions.push(Session { person: at, ended: false, ends });
        true
    }

    fn is_signed_in(&self, at: usize) -> bool {
        let session = &self.sessions[at];
        !session.ended && session.ends.is_none_or(|ends| self.now < ends) && self.people[&session.person].active
    }

    fn change(&mut self, at: usize, password: String) {
        let (person, now) = (self.sessions[at].person, self.now);
        self.people.get_mut(&person).unwrap().choose(password, now);
        self.end_sessions(person, Some(at));
        self.outbox.push((person, Topic::Changed));
    }
}

/// The flows and the model, side by side.
struct Pair {
    world: World,
    model: Model,
    start: Timestamp,
    flows: Vec<TokenSecret>,
    secrets: Vec<TokenSecret>,
    sessions: Vec<TokenSecret>,
    /// The link of an invitation, which opens none of these flows.
    invitation: TokenSecret,
    /// The links that confirm and undo another's change of address, which open none of them either.
    confirmation: TokenSecret,
    undo: TokenSecret,
    passwords: usize,
}

fn at(index: usize, of: usize) -> usize {
    if index == usize::MAX { of - 1 } else { index % of }
}

impl Pair {
    async fn new() -> Self {
        let settle = |settings: &mut Settings| {
            // Throttles and the ends of sessions have tests of their own.
            settings.throttle.enabled = false;
            let long = Lifetime::parse("P300D").unwrap();
            (settings.session_limits.idle, settings.session_limits.absolute) = (long, long);
        };
        let world = World::new().await.under(settle);
        let invitation = world.invited(GRACE).await.1.link;
        let (ada, _) = world.sits_down(OPERATOR).await;
        world.asks_for(&ada, MOVED, crate::actors::PASSWORD).await.unwrap();
        while world.works_the_outbox_off().await.unwrap().claimed > 0 {}
        let [confirmation, undo] = [world.confirmations_to(MOVED), world.undos_to(OPERATOR)].map(|mut links| links.remove(0));
        let start = world.now();
        let (flows, secrets, sessions) = (Vec::new(), Vec::new(), Vec::new());
        Self { world, model: Model::default(), start, flows, secrets, sessions, invitation, confirmation, undo, passwords: 0 }
    }

    fn time(&self, seconds: i64) -> Timestamp {
        self.start + SignedDuration::from_secs(seconds)
    }

    fn fresh_password(&mut self) -> String {
        self.passwords += 1;
        another(self.passwords)
    }

    async fn id(&self, person: usize) -> Option<identity_core::value::AccountId> {
        self.world.find_account(PEOPLE[person]).await.map(|account| account.id)
    }

    async fn takes(&mut self, step: Step) {
        let (links, registrations, sessions) = (self.secrets.len(), self.flows.len(), self.sessions.len());
        match step {
            Step::SignUp { person } => {
                self.flows.push(self.world.signs_up(PEOPLE[person]).await.unwrap());
                let ends = self.model.now + DAY;
                let (completed, generation, code, tries) = (false, 1, None, 0);
                let mailed = Vec::new();
                self.model.registrations.push(SignedUp { person, ends, completed, generation, code, tries, mailed });
                self.model.outbox.push((person, Topic::Activation { registration: registrations, generation }));
            }
            Step::AskAgainByFlow { registration } if registrations > 0 => {
                let registration = at(registration, registrations);
                let flow = &self.flows[registration];
                self.world.flows().resend_activation.by_flow(flow, &identity_core::session::Client::default()).await.unwrap();
                let SignedUp { person, generation, .. } = self.model.registrations[registration];
                self.model.outbox.push((person, Topic::Activation { registration, generation }));
            }
            Step::AskAgainByAddress { person } => {
                self.world.asks_again_for(PEOPLE[person]).await.unwrap();
                self.model.outbox.push((person, Topic::ActivationAgain));
            }
            Step::Deliver => self.delivers().await,
            Step::TypeCode { registration, guess } if registrations > 0 => {
                self.types(at(registration, registrations), guess).await;
            }
            Step::Complete { link } if links > 0 => self.completes(at(link, links)).await,
            Step::Forget { person } => {
                self.world.forgets(PEOPLE[person]).await.unwrap();
                self.model.outbox.push((person, Topic::Recovery { queued: self.model.now }));
            }
            Step::Reset { link } if links > 0 => self.resets(at(link, links)).await,
            Step::Report { link } if links > 0 => self.reports(at(link, links)).await,
            Step::LogIn { person, right } => {
                let known = self.model.people.get(&person).map(|person| person.password.clone());
                let password = known.filter(|_| right).unwrap_or_else(|| WRONG.to_owned());
                let signed_in = self.world.guesses(PEOPLE[person], &password).await;
                assert_eq!(signed_in.is_ok(), self.model.log_in(person, &password), "{signed_in:?}");
                self.sessions.extend(signed_in.map(|signed_in| signed_in.secret));
            }
            Step::Change { session, right } if sessions > 0 => self.changes(at(session, sessions), right).await,
            Step::MailReset { person } => {
                if let Some(id) = self.id(person).await {
                    let now = self.model.now;
                    let mailed = self.world.operator().await.mails_a_reset(id).await.is_ok();
                    let generation = self.model.person(person).map(|person| {
                        person.end_links(now);
                        person.generation
                    });
                    assert_eq!(mailed, generation.is_some());
                    let topic = generation.map(|generation| (person, Topic::ByAdministrator { generation }));
                    self.model.outbox.extend(topic);
                }
            }
            Step::SetTemporary { person } => {
                if let Some(id) = self.id(person).await {
                    self.sets_a_temporary_password(person, id).await;
                }
            }
            Step::Switch { person, on } => {
                if let Some(id) = self.id(person).await {
                    self.switches(person, id, on).await;
                }
            }
            Step::Pass { seconds } => self.model.now += seconds,
            Step::Sweep => drop(self.world.flows().sweep_lapsed.run().await.unwrap()),
            // There is no link, registration or session yet.
            _ => {}
        }
        // No two acts are at one time, so that what is newest is newest.
        self.model.now += 1;
        self.world.it_is(self.time(self.model.now));
    }

    async fn types(&mut self, registration: usize, guess: Guess) {
        let mailed = &self.model.registrations[registration].mailed;
        let code = match guess {
            Guess::Newest => mailed.last(),
            Guess::Oldest => mailed.first(),
            Guess::Wrong => None,
        };
        let code = code.cloned().unwrap_or_else(|| "00000000".to_owned());
        let answer = self.world.types(&self.flows[registration], &code).await;
        assert!(matches!(answer, Ok(_) | Err(VerifyCodeError::Wrong)), "{answer:?}");
        assert_eq!(answer.is_ok(), self.model.type_code(registration, &code), "{code} of {registration}");
        self.secrets.extend(answer);
    }

    async fn completes(&mut self, link: usize) {
        let door = match self.world.completes(&self.secrets[link]).await {
            Ok(completed) => {
                assert!(opened(completed).is_company_administrator());
                Door::Open
            }
            Err(CompleteError::AddressTaken) => Door::Taken,
            Err(CompleteError::DeadLink) => Door::Shut,
            Err(other) => panic!("{other:?}"),
        };
        assert_eq!(door, self.model.complete(link, crate::actors::PASSWORD.to_owned()));
    }

    async fn resets(&mut self, link: usize) {
        let password = self.fresh_password();
        let answer = self.world.resets(&self.secrets[link], &password).await;
        assert!(matches!(answer, Ok(_) | Err(ResetError::DeadLink)), "{answer:?}");
        assert_eq!(answer.is_ok(), self.model.reset(link, password));
    }

    async fn reports(&mut self, link: usize) {
        let answer = self.world.reports(&self.secrets[link]).await;
        assert!(matches!(answer, Ok(_) | Err(ReportError::DeadLink)), "{answer:?}");
        assert_eq!(answer.ok(), self.model.report(link));
    }

    async fn changes(&mut self, session: usize, right: bool) {
        let signed_in = self.world.whoami(&self.sessions[session]).await;
        assert_eq!(signed_in.is_some(), self.model.is_signed_in(session));
        let Some(signed_in) = signed_in else { return };
        let person = self.model.sessions[session].person;
        let current = if right { self.model.people[&person].password.clone() } else { WRONG.to_owned() };
        let password = self.fresh_password();
        let changed = self.world.changes_password_of(&signed_in, &current, &password).await;
        assert_eq!(changed.is_ok(), right, "{changed:?}");
        if right {
            self.model.change(session, password);
        }
    }

    async fn sets_a_temporary_password(&mut self, person: usize, id: identity_core::value::AccountId) {
        let set = self.world.operator().await.sets_a_temporary_password(id).await;
        let now = self.model.now;
        let account = self.model.person(person);
        assert_eq!(set.is_ok(), account.is_some(), "{set:?}");
        if let (Some(account), Ok(shown)) = (account, set) {
            account.choose(shown, now);
            (account.required, account.password_ends) = (true, Some(now + HOUR));
            self.model.end_sessions(person, None);
            self.model.outbox.push((person, Topic::Temporary));
        }
    }

    async fn switches(&mut self, person: usize, id: identity_core::value::AccountId, on: bool) {
        let ada = self.world.operator().await;
        if on {
            ada.enables(id).await.unwrap()
        } else {
            ada.disables(id).await.unwrap()
        };
        let now = self.model.now;
        let account = self.model.people.get_mut(&person).unwrap();
        if account.active != on {
            account.active = on;
            account.end_links(now);
            if !on {
                self.model.end_sessions(person, None);
            }
        }
    }

    async fn delivers(&mut self) {
        let before = self.world.letters().len();
        while self.world.works_the_outbox_off().await.unwrap().claimed > 0 {}
        let letters = self.world.letters().split_off(before);
        let mails = self.model.deliver();
        let found = letters.iter().map(|letter| (letter.to.as_str(), about(letter))).collect::<Vec<_>>();
        let expected = mails.iter().map(|mail| (mail.to, mail.about)).collect::<Vec<_>>();
        assert_eq!(sorted(found.clone()), sorted(expected));
        let mut letters = letters;
        for mail in mails {
            // Two notices of one time are in no order, but they go to different people.
            let which = letters.iter().position(|letter| (letter.to.as_str(), about(letter)) == (mail.to, mail.about));
            let letter = letters.remove(which.unwrap());
            let (secrets, code) = brought(letter.content);
            assert_eq!((secrets.len(), code.is_some()), (mail.links.len(), mail.code_for.is_some()));
            self.secrets.extend(secrets);
            self.model.links.extend(mail.links);
            if let (Some(at), Some(text)) = (mail.code_for, code) {
                let registration = &mut self.model.registrations[at];
                registration.mailed.push(text.clone());
                registration.code.as_mut().unwrap().text = Some(text);
            }
        }
    }

    async fn agrees(&self) {
        for (person, email) in PEOPLE.iter().enumerate() {
            let found = self.world.store().login_candidate(&email.to_lowercase()).await.unwrap();
            let Some((found, expected)) = found.as_ref().zip(self.model.people.get(&person)) else {
                assert!(found.is_none() && !self.model.people.contains_key(&person), "{email}");
                continue;
            };
            assert_eq!(
                (
                    found.account.state == AccountState::Active,
                    found.account.required_actions.contains(&RequiredAction::ChangePassword),
                    found.account.recovery.generation,
                    found.account.recovery.since,
                    found.password.hash.expose(),
                    found.password.ends_at,
                ),
                (
                    expected.active,
                    expected.required,
                    expected.generation,
                    self.time(expected.since),
                    format!("plain${}", expected.password).as_str(),
                    expected.password_ends.map(|ends| self.time(ends)),
                ),
                "{email}"
            );
        }
        for (flow, expected) in self.flows.iter().zip(&self.model.registrations) {
            let Some(found) = self.world.store().registration_by_flow(&flow.digest()).await.unwrap() else {
                assert!(self.model.now > expected.ends + DAY, "a registration was swept too early");
                continue;
            };
            assert_eq!(
                (found.state == RegistrationState::Completed, found.generation, found.expires_at, found.code_tries),
                (expected.completed, expected.generation, self.time(expected.ends), expected.tries)
            );
        }
        for at in 0..self.sessions.len() {
            assert_eq!(self.world.whoami(&self.sessions[at]).await.is_some(), self.model.is_signed_in(at));
        }
        for (secret, link) in self.secrets.iter().zip(&self.model.links) {
            self.opens_its_own_door_alone(secret, link).await;
        }
    }

    /// Every flow that looks, for every link: its own says what the rule says, and the others that it is dead.
    async fn opens_its_own_door_alone(&self, secret: &TokenSecret, link: &Link) {
        let (own, shut) = (self.model.door(link), Door::Shut);
        let registration = match self.world.looks_at_registration(secret).await {
            Ok(_) => Door::Open,
            Err(PreviewRegistrationError::AddressTaken) => Door::Taken,
            Err(PreviewRegistrationError::DeadLink) => Door::Shut,
            Err(other) => panic!("{other:?}"),
        };
        let recovery = match self.world.flows().preview_recovery.run(secret).await {
            Ok(_) => Door::Open,
            Err(PreviewRecoveryError::DeadLink) => Door::Shut,
            Err(other) => panic!("{other:?}"),
        };
        let (report, reported) = match self.world.flows().report_access.preview(secret).await {
            Ok((reported, _)) => (Door::Open, Some(reported)),
            Err(ReportError::DeadLink) => (Door::Shut, None),
            Err(other) => panic!("{other:?}"),
        };
        let expected = match link.about {
            About::Registration(_) => (&own, &shut, &shut),
            About::Recovery(_) => (&shut, &own, &shut),
            About::ResetReport(_) | About::ChangeReport(_) => (&shut, &shut, &own),
        };
        assert_eq!((&registration, &recovery, &report), expected, "{link:?}");
        let is_change = matches!(link.about, About::ChangeReport(_));
        assert!(reported.is_none_or(|reported| (reported == Reported::Change) == is_change), "{link:?}");
        let confirmed = self.world.flows().confirm_email_change.preview(secret).await;
        assert!(matches!(confirmed, Err(EmailChangeLinkError::DeadLink)), "{link:?} is taken for a confirmation");
        let undone = self.world.flows().undo_email_change.preview(secret).await;
        assert!(matches!(undone, Err(EmailChangeLinkError::DeadLink)), "{link:?} is taken for an undo");
        let invited = self.world.visitor(secret).looks().await;
        assert!(matches!(invited, Err(PreviewError::DeadLink)), "{link:?} is taken for an invitation");
    }

    /// Every flow that acts, for every link that is another's; and the secrets that are no links at all.
    async fn no_link_acts_at_another_door(&self) {
        let ada = self.world.signed_in(OPERATOR).await;
        let before = self.world.history().len();
        for (secret, link) in self.secrets.iter().zip(&self.model.links) {
            if !matches!(link.about, About::Registration(_)) {
                assert!(matches!(self.world.completes(secret).await, Err(CompleteError::DeadLink)), "{link:?}");
            }
            if !matches!(link.about, About::Recovery(_)) {
                assert!(matches!(self.world.resets(secret, &another(0)).await, Err(ResetError::DeadLink)), "{link:?}");
            }
            if !matches!(link.about, About::ResetReport(_) | About::ChangeReport(_)) {
                assert!(matches!(self.world.reports(secret).await, Err(ReportError::DeadLink)), "{link:?}");
            }
        }
        let all = self.secrets.iter().chain(&self.flows).chain(&self.sessions);
        for secret in all.clone().chain([&self.invitation, &self.undo]) {
            assert!(matches!(self.world.confirms(secret).await, Err(EmailChangeLinkError::DeadLink)));
        }
        for secret in all.clone().chain([&self.invitation, &self.confirmation]) {
            assert!(matches!(self.world.undoes(secret).await, Err(EmailChangeLinkError::DeadLink)));
        }
        for secret in all.clone().chain([&self.confirmation, &self.undo]) {
            assert!(matches!(self.world.visitor(secret).registers().await, Err(AcceptError::DeadLink)));
            assert!(matches!(self.world.visitor(secret).takes(&ada).await, Err(AcceptAccessError::DeadLink)));
            let code = self.world.types(secret, "12345678").await;
            assert!(matches!(code, Err(VerifyCodeError::Wrong)));
        }
        for secret in self.flows.iter().chain(&self.sessions).chain([&self.invitation, &self.confirmation, &self.undo]) {
            assert!(matches!(self.world.completes(secret).await, Err(CompleteError::DeadLink)));
            assert!(matches!(self.world.resets(secret, &another(0)).await, Err(ResetError::DeadLink)));
            assert!(matches!(self.world.reports(secret).await, Err(ReportError::DeadLink)));
        }
        let others = self.world.visitor(&self.invitation).takes(&ada).await;
        assert!(matches!(others, Err(AcceptAccessError::WrongAccount | AcceptAccessError::DeadLink)), "{others:?}");
        for secret in self.secrets.iter().chain(&self.flows).chain([&self.invitation, &self.confirmation, &self.undo]) {
            assert!(self.world.whoami(secret).await.is_none());
        }
        assert_eq!(self.world.history().len(), before, "a link that is another's changed something");
    }

    /// Each link was used at most once, and each address has at most one account.
    fn nothing_happened_twice(&self) {
        let (mut spent, mut accounts) = (BTreeMap::new(), BTreeMap::new());
        for change in self.world.changes() {
            match change {
                Change::SpendToken { id, .. } => *spent.entry(id).or_insert(0) += 1,
                Change::OpenAccount { account, .. } => {
                    *accounts.entry(account.email.canonical().to_owned()).or_insert(0) += 1;
                }
                _ => {}
            }
        }
        assert!(spent.values().chain(accounts.values()).all(|times| *times == 1), "{accounts:?}");
        for link in self.secrets.iter().zip(&self.model.links).filter(|(_, link)| link.used) {
            assert_eq!(spent.get(&link.0.id()), Some(&1), "{:?}", link.1);
        }
    }
}

fn sorted<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    items.sort();
    items
}

/// The secrets and the code in a letter.
fn brought(content: LetterContent) -> (Vec<TokenSecret>, Option<String>) {
    match content {
        LetterContent::Activation { link, code, .. } => {
            (link.into_iter().map(|(secret, _)| secret).collect(), code.map(|(code, _)| code.expose().to_owned()))
        }
        LetterContent::Reset { secret, report, .. } => (vec![secret, report], None),
        LetterContent::TemporaryPassword { report, .. } | LetterContent::PasswordChanged { report, .. } => (vec![report], None),
        _ => (Vec::new(), None),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn links_and_the_model_of_the_ledger_agree_after_every_act(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut pair = Pair::new().await;
            for step in steps {
                pair.takes(step).await;
                pair.agrees().await;
            }
            pair.no_link_acts_at_another_door().await;
            pair.nothing_happened_twice();
        });
    }
}
