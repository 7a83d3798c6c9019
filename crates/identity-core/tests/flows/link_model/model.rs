//! What the model knows: times are seconds since the start, and one thing names another by its place.

use std::collections::BTreeSet;

use super::{links::Link, mails::MailKind};

pub(super) type Address = &'static str;

/// Every address that is had or wanted.
pub(super) const ADDRESSES: [Address; 4] = ["hedy@example.net", "Ida@example.com", "joan@example.org", "Kay@example.com"];

#[derive(Clone, Debug)]
pub(super) struct Code {
    /// `None` for one that was minted and mailed to nobody.
    pub(super) text: Option<String>,
    pub(super) ends: i64,
}

#[derive(Clone, Debug)]
pub(super) struct SignedUp {
    pub(super) address: Address,
    pub(super) ends: i64,
    pub(super) completed: bool,
    pub(super) generation: u32,
    pub(super) code: Option<Code>,
    pub(super) tries: u32,
    pub(super) mailed: Vec<String>,
    /// Swept, or erased with an account that had its address.
    pub(super) gone: bool,
}

/// By the operator, into her company.
#[derive(Clone, Debug)]
pub(super) struct Invited {
    pub(super) address: Address,
    pub(super) ends: i64,
    pub(super) waits_for_sending: bool,
    pub(super) pending: bool,
    pub(super) generation: u32,
    pub(super) account: Option<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct Account {
    pub(super) address: Address,
    /// Every address that it has or had.
    pub(super) had: BTreeSet<Address>,
    /// Whether it is in the company of the operator; else it has one of its own.
    pub(super) invited: bool,
    pub(super) active: bool,
    pub(super) password: String,
    pub(super) former: Option<String>,
    pub(super) password_ends: Option<i64>,
    pub(super) required: bool,
    pub(super) generation: u32,
    pub(super) since: i64,
    /// When security questions were answered.
    pub(super) answered: Option<i64>,
    pub(super) leaving: Option<Leaving>,
    pub(super) erased: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Leaving {
    pub(super) asked: i64,
    pub(super) erased: i64,
}

impl Account {
    pub(super) fn new(address: Address, invited: bool, password: String, now: i64) -> Self {
        Self {
            address,
            had: BTreeSet::from([address]),
            invited,
            active: true,
            password,
            former: None,
            password_ends: None,
            required: false,
            generation: 1,
            since: now,
            answered: None,
            leaving: None,
            erased: false,
        }
    }

    pub(super) const fn end_links(&mut self, now: i64) {
        self.generation += 1;
        self.since = now;
    }

    pub(super) fn choose(&mut self, password: String, now: i64) {
        self.former = Some(std::mem::replace(&mut self.password, password));
        (self.password_ends, self.required) = (None, false);
        self.end_links(now);
    }

    /// The password is another's, as are answers that are so young.
    pub(super) fn end_access(&mut self, now: i64, doubtful: i64) {
        self.required = true;
        self.password_ends = Some(self.password_ends.map_or(now, |ends| ends.min(now)));
        self.answered = self.answered.filter(|at| now > at + doubtful);
        self.end_links(now);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MoveState {
    Waiting,
    /// A newer one took its place, or its person took it back.
    Over,
    Confirmed,
    Undone,
    /// Swept, or erased with its account.
    Gone,
}

/// A change of address.
#[derive(Clone, Debug)]
pub(super) struct Move {
    pub(super) account: usize,
    pub(super) from: Address,
    pub(super) to: Address,
    pub(super) state: MoveState,
    pub(super) generation: u32,
    pub(super) session: usize,
    pub(super) asked: i64,
    pub(super) ends: i64,
    pub(super) undo_ends: i64,
}

#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) account: usize,
    pub(super) ended: bool,
    pub(super) ends: i64,
}

#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) now: i64,
    pub(super) accounts: Vec<Account>,
    pub(super) registrations: Vec<SignedUp>,
    pub(super) invitations: Vec<Invited>,
    pub(super) moves: Vec<Move>,
    pub(super) links: Vec<Link>,
    pub(super) sessions: Vec<Session>,
    pub(super) outbox: Vec<(Address, MailKind)>,
}

impl Model {
    pub(super) fn owner(&self, address: Address) -> Option<usize> {
        self.accounts.iter().position(|account| !account.erased && account.address == address)
    }

    pub(super) fn active(&self, at: usize) -> Option<&Account> {
        Some(&self.accounts[at]).filter(|account| account.active && !account.erased)
    }

    pub(super) fn active_mut(&mut self, at: usize) -> Option<&mut Account> {
        Some(&mut self.accounts[at]).filter(|account| account.active && !account.erased)
    }

    /// Whether an account may move to an address: no other has it, nor can have it back by an undo.
    pub(super) fn is_free(&self, address: Address, of: usize) -> bool {
        let is_had = self.owner(address).is_some_and(|owner| owner != of);
        let keeps = |change: &Move| {
            change.account != of && change.state == MoveState::Confirmed && change.from == address && self.now < change.undo_ends
        };
        !is_had && !self.moves.iter().any(keeps)
    }

    pub(super) fn is_open(&self, at: usize) -> bool {
        let registration = &self.registrations[at];
        !registration.gone && !registration.completed && self.now < registration.ends
    }

    pub(super) fn is_pending(&self, at: usize) -> bool {
        let invitation = &self.invitations[at];
        invitation.pending && self.now < invitation.ends
    }

    /// Whether a change of address waits to be confirmed.
    pub(super) fn waits(&self, at: usize) -> bool {
        let change = &self.moves[at];
        let is_as_it_was = |account: &Account| (account.generation, account.address) == (change.generation, change.from);
        change.state == MoveState::Waiting && self.now < change.ends && self.active(change.account).is_some_and(is_as_it_was)
    }

    pub(super) fn waiting_move(&self, of: usize) -> Option<usize> {
        (0..self.moves.len()).find(|at| self.moves[*at].account == of && self.waits(*at))
    }

    pub(super) fn is_signed_in(&self, at: usize) -> bool {
        let session = &self.sessions[at];
        !session.ended && self.now < session.ends && self.active(session.account).is_some()
    }

    pub(super) fn end_sessions(&mut self, of: usize, but: Option<usize>) {
        for (at, session) in self.sessions.iter_mut().enumerate() {
            session.ended |= session.account == of && Some(at) != but;
        }
    }

    /// To the address that an account has now.
    pub(super) fn tell(&mut self, account: usize, kind: MailKind) {
        self.outbox.push((self.accounts[account].address, kind));
    }
}
