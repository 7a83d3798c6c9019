//! Changes of addresses: asked for, taken back, confirmed at the new one, undone at the old one.

use identity_core::{
    flow::email_change::{EmailChangeError, EmailChangeLinkError},
    model::session::Client,
};

use super::{
    DAY,
    links::About,
    mails::MailKind,
    model::{Address, Model, Move, MoveState},
    pair::Pair,
};
use crate::visitors::WRONG;

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Done,
    Same,
    WrongPassword,
}

impl Model {
    /// Asks for an address; a change that waits is over, whether or not it could still be confirmed.
    fn ask_for_address(&mut self, session: usize, to: Address, right: bool) -> Asked {
        let (now, account) = (self.now, self.sessions[session].account);
        let (from, generation) = (self.accounts[account].address, self.accounts[account].generation);
        if from == to {
            return Asked::Same;
        }
        if !right {
            return Asked::WrongPassword;
        }
        for older in self.moves.iter_mut().filter(|older| older.account == account && older.state == MoveState::Waiting) {
            older.state = MoveState::Over;
        }
        let (change, state) = (self.moves.len(), MoveState::Waiting);
        let (ends, undo_ends) = (now + DAY, now + 7 * DAY);
        self.moves.push(Move { account, from, to, state, generation, session, asked: now, ends, undo_ends });
        self.outbox.push((to, MailKind::ToConfirm { change }));
        self.outbox.push((from, MailKind::Announced { change }));
        Asked::Done
    }

    fn take_back(&mut self, session: usize) {
        if let Some(waiting) = self.waiting_move(self.sessions[session].account) {
            self.moves[waiting].state = MoveState::Over;
        }
    }

    fn confirm(&mut self, link: usize) -> bool {
        let confirmation = |about| if let About::Confirmation(at) = about { Some(at) } else { None };
        let Some(change) = self.behind(link, confirmation) else { return false };
        let Move { account, from, to, session, undo_ends, .. } = self.moves[change];
        if !self.is_free(to, account) {
            return false;
        }
        self.links[link].used = true;
        let now = self.now;
        let done = &mut self.moves[change];
        (done.state, done.undo_ends) = (MoveState::Confirmed, undo_ends.max(now + 7 * DAY));
        self.accounts[account].address = to;
        self.accounts[account].had.insert(to);
        self.accounts[account].end_links(now);
        self.end_sessions(account, Some(session));
        self.outbox.push((from, MailKind::Moved { change }));
        self.outbox.push((to, MailKind::Moved { change }));
        true
    }

    /// Gives the old address back, and ends what was asked for since: changes of the address, and a deletion.
    fn undo_move(&mut self, link: usize) -> bool {
        let undo = |about| if let About::Undo(at) = about { Some(at) } else { None };
        let Some(change) = self.behind(link, undo) else { return false };
        let now = self.now;
        let Move { account, from, asked, .. } = self.moves[change];
        if self.accounts[account].address != from && !self.is_free(from, account) {
            return false;
        }
        self.links[link].used = true;
        for since in self.moves[change..].iter_mut().filter(|since| since.account == account && since.state != MoveState::Gone) {
            since.state = MoveState::Undone;
        }
        let owner = &mut self.accounts[account];
        owner.address = from;
        owner.end_access(now, 7 * DAY);
        let stays = owner.leaving.take_if(|leaving| leaving.asked >= asked).is_some();
        let generation = owner.generation;
        self.end_sessions(account, None);
        if stays {
            self.tell(account, MailKind::Stays { account, with_address: true });
        }
        self.tell(account, MailKind::ResetOf { account, generation, about: "reset after an undone address" });
        self.tell_who_administers(account, MailKind::MoveUndone { change });
        true
    }
}

impl Pair {
    pub(super) async fn asks_for_address(&mut self, session: usize, address: Address, right: bool) {
        let Some(user) = self.user(session).await else { return };
        let password = if right { self.password_of(session) } else { WRONG.to_owned() };
        let asked = match self.world.asks_for(&user, address, &password).await {
            Ok(()) => Asked::Done,
            Err(EmailChangeError::Same) => Asked::Same,
            Err(EmailChangeError::WrongPassword) => Asked::WrongPassword,
            Err(other) => panic!("{other:?}"),
        };
        assert_eq!(asked, self.model.ask_for_address(session, address, right));
    }

    pub(super) async fn takes_back(&mut self, session: usize) {
        let Some(user) = self.user(session).await else { return };
        self.world.flows().pending_email_change.cancel(&user, &Client::default()).await.unwrap();
        self.model.take_back(session);
    }

    pub(super) async fn confirms(&mut self, link: usize) {
        let confirmed = self.world.confirms(&self.links[link]).await;
        assert!(matches!(confirmed, Ok(()) | Err(EmailChangeLinkError::DeadLink)), "{confirmed:?}");
        assert_eq!(confirmed.is_ok(), self.model.confirm(link), "confirming by link {link}");
    }

    pub(super) async fn undoes(&mut self, link: usize) {
        let undone = self.world.undoes(&self.links[link]).await;
        assert!(matches!(undone, Ok(()) | Err(EmailChangeLinkError::DeadLink)), "{undone:?}");
        assert_eq!(undone.is_ok(), self.model.undo_move(link), "undoing by link {link}");
    }
}
