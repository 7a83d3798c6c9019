//! The flows and the model, side by side.

use identity_core::{
    account::{AccountState, RequiredAction},
    notice::LetterContent,
    recovery::{ReportError, ResetError},
    registration::{CompleteError, RegistrationState, VerifyCodeError},
    settings::Settings,
    value::{Lifetime, SignedDuration, Timestamp, TokenSecret},
};

use super::{
    DAY, HOUR, MOVED, PEOPLE,
    acts::{Guess, Step},
    links::Door,
    model::{Model, SignedUp, Topic},
};
use crate::{
    actors::{GRACE, OPERATOR, World},
    visitors::{WRONG, about, another, opened},
};

pub(super) struct Pair {
    pub(super) world: World,
    pub(super) model: Model,
    pub(super) start: Timestamp,
    pub(super) flows: Vec<TokenSecret>,
    pub(super) secrets: Vec<TokenSecret>,
    pub(super) sessions: Vec<TokenSecret>,
    /// The link of an invitation, which opens none of these flows.
    pub(super) invitation: TokenSecret,
    /// The links that confirm and undo another's change of address, which open none of them either.
    pub(super) confirmation: TokenSecret,
    pub(super) undo: TokenSecret,
    pub(super) passwords: usize,
}

pub(super) fn at(index: usize, of: usize) -> usize {
    if index == usize::MAX { of - 1 } else { index % of }
}

impl Pair {
    pub(super) async fn new() -> Self {
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

    pub(super) fn time(&self, seconds: i64) -> Timestamp {
        self.start + SignedDuration::from_secs(seconds)
    }

    pub(super) fn fresh_password(&mut self) -> String {
        self.passwords += 1;
        another(self.passwords)
    }

    pub(super) async fn id(&self, person: usize) -> Option<identity_core::value::AccountId> {
        self.world.find_account(PEOPLE[person]).await.map(|account| account.id)
    }

    pub(super) async fn takes(&mut self, step: Step) {
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

    pub(super) async fn types(&mut self, registration: usize, guess: Guess) {
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

    pub(super) async fn completes(&mut self, link: usize) {
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

    pub(super) async fn resets(&mut self, link: usize) {
        let password = self.fresh_password();
        let answer = self.world.resets(&self.secrets[link], &password).await;
        assert!(matches!(answer, Ok(_) | Err(ResetError::DeadLink)), "{answer:?}");
        assert_eq!(answer.is_ok(), self.model.reset(link, password));
    }

    pub(super) async fn reports(&mut self, link: usize) {
        let answer = self.world.reports(&self.secrets[link]).await;
        assert!(matches!(answer, Ok(_) | Err(ReportError::DeadLink)), "{answer:?}");
        assert_eq!(answer.ok(), self.model.report(link));
    }

    pub(super) async fn changes(&mut self, session: usize, right: bool) {
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

    pub(super) async fn sets_a_temporary_password(&mut self, person: usize, id: identity_core::value::AccountId) {
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

    pub(super) async fn switches(&mut self, person: usize, id: identity_core::value::AccountId, on: bool) {
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

    pub(super) async fn delivers(&mut self) {
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

    pub(super) async fn agrees(&self) {
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
