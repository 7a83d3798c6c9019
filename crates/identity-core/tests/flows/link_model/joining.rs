//! Getting in: sign-ups, codes, invitations.

use identity_core::{
    flow::{
        invitation::{AcceptAccessError, AcceptError, InviteError},
        registration::{CompleteCommand, CompleteError, VerifyCodeError},
    },
    model::session::Client,
};

use super::{
    DAY,
    acts::Guess,
    links::{About, Door, Link},
    mails::MailKind,
    model::{Account, Address, Code, Invited, Model, Session, SignedUp},
    pair::Pair,
};
use crate::visitors::{candidate, completion, opened};

/// What an account that is there gets by an invitation.
#[derive(Debug, PartialEq, Eq)]
enum Access {
    Granted,
    Dead,
    AnothersAddress,
    OtherCompany,
}

impl Model {
    fn sign_up(&mut self, address: Address) {
        let (ends, generation) = (self.now + DAY, 1);
        let (completed, code, tries, mailed, gone) = (false, None, 0, Vec::new(), false);
        self.registrations.push(SignedUp { address, ends, completed, generation, code, tries, mailed, gone });
        self.ask_again(self.registrations.len() - 1);
    }

    fn ask_again(&mut self, registration: usize) {
        let SignedUp { address, generation, .. } = self.registrations[registration];
        self.outbox.push((address, MailKind::Activation { registration, generation }));
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
        let bound = (registration.generation, registration.address);
        self.links.push(Link::new(About::Registration(at), bound, now + DAY));
        true
    }

    fn complete(&mut self, link: usize, password: String) -> Door {
        let registration = |about| if let About::Registration(at) = about { Some(at) } else { None };
        let Some(at) = self.behind(link, registration) else { return Door::Shut };
        let address = self.registrations[at].address;
        if self.owner(address).is_some() {
            return Door::Taken;
        }
        self.links[link].used = true;
        let registration = &mut self.registrations[at];
        (registration.completed, registration.generation) = (true, registration.generation + 1);
        self.accounts.push(Account::new(address, false, password, self.now));
        Door::Open
    }

    /// Not for an account of the operator's company that is disabled.
    fn invite_anew(&mut self, address: Address) -> bool {
        if self.owner(address).is_some_and(|owner| self.accounts[owner].invited && !self.accounts[owner].active) {
            return false;
        }
        for older in self.invitations.iter_mut().filter(|older| older.pending && older.address == address) {
            (older.pending, older.generation) = (false, older.generation + 1);
        }
        let (ends, generation) = (self.now + 7 * DAY, 1);
        let (waits_for_sending, pending, account) = (true, true, None);
        self.invitations.push(Invited { address, ends, waits_for_sending, pending, generation, account });
        self.outbox.push((address, MailKind::Invited { invitation: self.invitations.len() - 1, generation }));
        true
    }

    fn register(&mut self, link: usize, password: String) -> Door {
        let Some(at) = self.behind(link, About::invitation) else { return Door::Shut };
        let address = self.invitations[at].address;
        if self.owner(address).is_some() {
            return Door::Taken;
        }
        self.accept(link, at, self.accounts.len());
        self.accounts.push(Account::new(address, true, password, self.now));
        Door::Open
    }

    fn accept(&mut self, link: usize, at: usize, account: usize) {
        self.links[link].used = true;
        let invited = &mut self.invitations[at];
        (invited.pending, invited.generation, invited.account) = (false, invited.generation + 1, Some(account));
    }

    /// Somebody who is signed in agrees; another session takes the place of theirs.
    fn take_access(&mut self, link: usize, session: usize) -> Access {
        let Some(at) = self.behind(link, About::invitation) else { return Access::Dead };
        let Session { account, ends, .. } = self.sessions[session];
        let taker = &self.accounts[account];
        if taker.address != self.invitations[at].address {
            return Access::AnothersAddress;
        }
        if !taker.invited {
            return Access::OtherCompany;
        }
        self.accept(link, at, account);
        self.sessions[session].ended = true;
        self.sessions.push(Session { account, ended: false, ends });
        self.tell(account, MailKind::Granted { invitation: at });
        Access::Granted
    }
}

impl Pair {
    pub(super) async fn signs_up(&mut self, address: Address) {
        self.flows.push(self.world.signs_up(address).await.unwrap());
        self.model.sign_up(address);
    }

    pub(super) async fn asks_again_by_flow(&mut self, registration: usize) {
        self.world.flows().resend_activation.by_flow(&self.flows[registration], &Client::default()).await.unwrap();
        self.model.ask_again(registration);
    }

    pub(super) async fn asks_again_by_address(&mut self, address: Address) {
        self.world.asks_again_for(address).await.unwrap();
        self.model.outbox.push((address, MailKind::ActivationAgain));
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
        self.links.extend(answer);
    }

    pub(super) async fn completes(&mut self, link: usize) {
        let password = self.fresh_password();
        let (chosen, again) = (candidate(&password), candidate(&password));
        let command = CompleteCommand { password: chosen, password_confirmation: again, ..completion(&self.links[link]) };
        let door = match self.world.completes_as(command).await {
            Ok(completed) => {
                let account = opened(completed);
                assert!(account.is_company_administrator());
                self.accounts.push(account.id);
                Door::Open
            }
            Err(CompleteError::AddressTaken) => Door::Taken,
            Err(CompleteError::DeadLink) => Door::Shut,
            Err(other) => panic!("{other:?}"),
        };
        assert_eq!(door, self.model.complete(link, password));
    }

    pub(super) async fn invites(&mut self, address: Address) {
        let invited = self.world.operator().await.invites(address).await;
        assert!(matches!(invited, Ok(_) | Err(InviteError::AccountDisabled)), "{invited:?}");
        assert_eq!(invited.is_ok(), self.model.invite_anew(address));
    }

    pub(super) async fn registers(&mut self, link: usize) {
        let password = self.fresh_password();
        let door = match self.world.visitor(&self.links[link]).registers_with(&password).await {
            Ok(account) => {
                assert!(account.roles.is_empty());
                self.accounts.push(account.id);
                Door::Open
            }
            Err(AcceptError::AddressTaken) => Door::Taken,
            Err(AcceptError::DeadLink) => Door::Shut,
            Err(other) => panic!("{other:?}"),
        };
        assert_eq!(door, self.model.register(link, password));
    }

    pub(super) async fn takes_access(&mut self, link: usize, session: usize) {
        let Some(user) = self.user(session).await else { return };
        let access = match self.world.visitor(&self.links[link]).takes(&user).await {
            Ok(accepted) => {
                self.sessions.push(accepted.secret);
                Access::Granted
            }
            Err(AcceptAccessError::DeadLink) => Access::Dead,
            Err(AcceptAccessError::WrongAccount) => Access::AnothersAddress,
            Err(AcceptAccessError::OtherCompany) => Access::OtherCompany,
            Err(other) => panic!("{other:?}"),
        };
        assert_eq!(access, self.model.take_access(link, session));
    }
}
