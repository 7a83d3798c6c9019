//! The model: times are seconds since the start.

use std::collections::BTreeMap;

use identity_core::recovery::Reported;

use super::{
    DAY, HOUR, MINUTE, PEOPLE,
    links::{About, Door, Link},
};
use crate::actors::OPERATOR;

#[derive(Clone, Debug)]
pub(super) struct Code {
    /// `None` for one that was minted and mailed to nobody.
    pub(super) text: Option<String>,
    pub(super) ends: i64,
}

#[derive(Clone, Debug)]
pub(super) struct SignedUp {
    pub(super) person: usize,
    pub(super) ends: i64,
    pub(super) completed: bool,
    pub(super) generation: u32,
    pub(super) code: Option<Code>,
    pub(super) tries: u32,
    pub(super) mailed: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) active: bool,
    pub(super) password: String,
    pub(super) password_ends: Option<i64>,
    pub(super) required: bool,
    pub(super) generation: u32,
    pub(super) since: i64,
}

impl Person {
    pub(super) fn end_links(&mut self, now: i64) {
        self.generation += 1;
        self.since = now;
    }

    pub(super) fn choose(&mut self, password: String, now: i64) {
        (self.password, self.password_ends, self.required) = (password, None, false);
        self.end_links(now);
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Topic {
    Activation { registration: usize, generation: u32 },
    ActivationAgain,
    Recovery { queued: i64 },
    ByAdministrator { generation: u32 },
    Temporary,
    Changed,
    Reported,
}

#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) person: usize,
    pub(super) ended: bool,
    /// With the temporary password that it was started by.
    pub(super) ends: Option<i64>,
}

#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) now: i64,
    pub(super) people: BTreeMap<usize, Person>,
    pub(super) registrations: Vec<SignedUp>,
    pub(super) links: Vec<Link>,
    pub(super) sessions: Vec<Session>,
    pub(super) outbox: Vec<(usize, Topic)>,
}

/// A mail, with the links and the code that it is to bring.
pub(super) struct Mail {
    pub(super) to: &'static str,
    pub(super) about: &'static str,
    pub(super) links: Vec<Link>,
    pub(super) code_for: Option<usize>,
}

impl Model {
    pub(super) fn is_open(&self, at: usize) -> bool {
        let registration = &self.registrations[at];
        !registration.completed && self.now < registration.ends
    }

    pub(super) fn end_sessions(&mut self, of: usize, but: Option<usize>) {
        for (at, session) in self.sessions.iter_mut().enumerate() {
            session.ended |= session.person == of && Some(at) != but;
        }
    }

    pub(super) fn person(&mut self, at: usize) -> Option<&mut Person> {
        self.people.get_mut(&at).filter(|person| person.active)
    }

    /// Works the outbox off, in the order in which it was filled.
    pub(super) fn deliver(&mut self) -> Vec<Mail> {
        let queued = std::mem::take(&mut self.outbox);
        queued.into_iter().filter_map(|(person, topic)| self.decide(person, topic)).collect()
    }

    pub(super) fn decide(&mut self, at: usize, topic: Topic) -> Option<Mail> {
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

    pub(super) fn activate(&mut self, at: usize, by_flow: bool) -> Option<Mail> {
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
    pub(super) fn type_code(&mut self, at: usize, text: &str) -> bool {
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

    pub(super) fn complete(&mut self, at: usize, password: String) -> Door {
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

    pub(super) fn reset(&mut self, at: usize, password: String) -> bool {
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

    pub(super) fn report(&mut self, at: usize) -> Option<Reported> {
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

    pub(super) fn log_in(&mut self, at: usize, password: &str) -> bool {
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

    pub(super) fn is_signed_in(&self, at: usize) -> bool {
        let session = &self.sessions[at];
        !session.ended && session.ends.is_none_or(|ends| self.now < ends) && self.people[&session.person].active
    }

    pub(super) fn change(&mut self, at: usize, password: String) {
        let (person, now) = (self.sessions[at].person, self.now);
        self.people.get_mut(&person).unwrap().choose(password, now);
        self.end_sessions(person, Some(at));
        self.outbox.push((person, Topic::Changed));
    }
}
