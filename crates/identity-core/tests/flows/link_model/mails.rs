//! Mails: what waits to be sent, what follows from it when it is, and what came.

use identity_core::{
    model::outbox::{AccountEmail, Email, EmailChangeEmail, EmailContent, InvitationEmail, PasswordEmail, RegistrationEmail},
    value::TokenSecret,
};

use super::{
    DAY, HOUR, MINUTE,
    links::{About, Link},
    model::{Account, Address, Code, Model, MoveState},
    pair::Pair,
};
use crate::{
    actors::{ADMINISTRATOR, OPERATOR},
    visitors::about,
};

#[derive(Clone, Copy, Debug)]
pub(super) enum MailKind {
    Activation { registration: usize, generation: u32 },
    ActivationAgain,
    Invited { invitation: usize, generation: u32 },
    Granted { invitation: usize },
    SignedIn { session: usize },
    Recovery { queued: i64 },
    ResetOf { account: usize, generation: u32, about: &'static str },
    Temporary { account: usize },
    Changed { account: usize, by_link: bool },
    Answered { account: usize, is_first: bool },
    Reported { account: usize, about: &'static str },
    MoveUndone { change: usize },
    ToConfirm { change: usize },
    Announced { change: usize },
    Moved { change: usize },
    Leaves { account: usize },
    Stays { account: usize, with_address: bool },
}

/// A mail, with the links and the code that it is to bring.
pub(super) struct Mail {
    to: Address,
    about: &'static str,
    links: Vec<Link>,
    code_for: Option<usize>,
}

impl Mail {
    const fn new(to: Address, about: &'static str, links: Vec<Link>) -> Self {
        Self { to, about, links, code_for: None }
    }
}

impl Model {
    /// The administrator of an account beside its person.
    pub(super) fn tell_who_administers(&mut self, account: usize, kind: MailKind) {
        let told = if self.accounts[account].invited { ADMINISTRATOR } else { OPERATOR };
        self.outbox.push((told, kind));
    }

    /// Works the outbox off, in the order in which it was filled.
    fn deliver(&mut self) -> Vec<Mail> {
        let queued = std::mem::take(&mut self.outbox);
        queued.into_iter().filter_map(|(to, kind)| self.decide(to, kind)).collect()
    }

    fn decide(&mut self, to: Address, kind: MailKind) -> Option<Mail> {
        match kind {
            MailKind::Activation { registration, generation } => {
                let is_current = self.is_open(registration) && self.registrations[registration].generation == generation;
                if is_current { self.activate(registration, true) } else { None }
            }
            MailKind::ActivationAgain => {
                let newest = (0..self.registrations.len())
                    .rev()
                    .find(|other| self.registrations[*other].address == to && self.is_open(*other));
                match newest {
                    Some(registration) => self.activate(registration, false),
                    None => self.instead(to)?,
                }
            }
            MailKind::Invited { invitation, generation } => {
                let invited = &self.invitations[invitation];
                if invited.pending && invited.generation == generation { self.invite(invitation) } else { None }
            }
            MailKind::Granted { invitation } => {
                let account = self.invitations[invitation].account.filter(|account| !self.accounts[*account].erased);
                account.map(|_| Mail::new(to, "access granted", Vec::new()))
            }
            // To the person who has the address by now.
            MailKind::SignedIn { .. } => {
                let account = self.owner(to).filter(|owner| self.active(*owner).is_some())?;
                self.reportable(account, to, "signed in")
            }
            MailKind::Recovery { queued } => match self.owner(to) {
                Some(account) => {
                    let found = self.active(account).filter(|account| queued >= account.since)?;
                    Some(self.recovery(account, found, "reset"))
                }
                None => self.open_invitation(to).and_then(|invitation| self.invite(invitation)),
            },
            MailKind::ResetOf { account, generation, about } => {
                let found = self.active(account).filter(|account| account.generation == generation)?;
                Some(self.recovery(account, found, about))
            }
            MailKind::Temporary { account } => self.reportable(account, to, "temporary password"),
            MailKind::Changed { account, by_link: false } => self.reportable(account, to, "password changed"),
            MailKind::Changed { account, by_link: true } => self.reportable(account, to, "password reset"),
            MailKind::Answered { account, is_first: true } => self.reportable(account, to, "security questions set"),
            MailKind::Answered { account, is_first: false } => self.reportable(account, to, "security questions changed"),
            MailKind::Reported { account, about } => (!self.accounts[account].erased).then(|| Mail::new(to, about, Vec::new())),
            MailKind::MoveUndone { change } => {
                let is_gone = self.moves[change].state == MoveState::Gone;
                (!is_gone).then(|| Mail::new(to, "address undone", Vec::new()))
            }
            MailKind::ToConfirm { change } => {
                let asked = &self.moves[change];
                let link = Link::new(About::Confirmation(change), (asked.generation, to), asked.ends);
                let is_anybodys = self.owner(to).is_some() || !self.is_free(to, asked.account);
                (self.waits(change) && !is_anybodys).then(|| Mail::new(to, "confirm address", vec![link]))
            }
            MailKind::Announced { change } => {
                let asked = &self.moves[change];
                self.active(asked.account)?;
                let holds = !matches!(asked.state, MoveState::Undone | MoveState::Gone);
                holds.then(|| Mail::new(to, "address announced", vec![self.undo(change)]))
            }
            MailKind::Moved { change } => {
                let done = &self.moves[change];
                self.active(done.account)?;
                let links = if to == done.from { vec![self.undo(change)] } else { Vec::new() };
                (done.state == MoveState::Confirmed).then(|| Mail::new(to, "address changed", links))
            }
            MailKind::Leaves { account } => self.active(account)?.leaving.map(|_| Mail::new(to, "deletion requested", Vec::new())),
            MailKind::Stays { account, with_address } => {
                let stays = self.active(account)?.leaving.is_none();
                let about = if with_address { "deletion undone with the address" } else { "deletion undone" };
                stays.then(|| Mail::new(to, about, Vec::new()))
            }
        }
    }

    fn recovery(&self, at: usize, account: &Account, about: &'static str) -> Mail {
        let bound = (account.generation, account.address);
        let recovery = Link::new(About::Recovery(at), bound, self.now + HOUR);
        let report = Link::new(About::ResetReport(at), bound, self.now + 30 * DAY);
        Mail::new(account.address, about, vec![recovery, report])
    }

    fn reportable(&self, at: usize, to: Address, about: &'static str) -> Option<Mail> {
        let account = self.active(at)?;
        let report = Link::new(About::ChangeReport(at), (account.generation, to), self.now + 30 * DAY);
        Some(Mail::new(to, about, vec![report]))
    }

    fn undo(&self, change: usize) -> Link {
        let asked = &self.moves[change];
        Link::new(About::Undo(change), (asked.generation, asked.from), asked.undo_ends)
    }

    fn open_invitation(&self, address: Address) -> Option<usize> {
        (0..self.invitations.len()).rev().find(|at| self.invitations[*at].address == address && self.is_pending(*at))
    }

    /// The mail of an invitation; the account that has its address is asked to sign in, where it may take it.
    fn invite(&mut self, at: usize) -> Option<Mail> {
        let to = self.invitations[at].address;
        let account = self.owner(to).map(|owner| &self.accounts[owner]).filter(|account| account.invited);
        if account.is_some_and(|account| !account.active) {
            return None;
        }
        let about = if account.is_some() { "access offered" } else { "invitation" };
        let now = self.now;
        let invited = &mut self.invitations[at];
        if std::mem::take(&mut invited.waits_for_sending) {
            invited.ends = now + 7 * DAY;
        }
        let link = Link::new(About::Invitation(at), (invited.generation, to), invited.ends);
        (invited.ends > now).then(|| Mail::new(to, about, vec![link]))
    }

    /// The mail in whose place no activation mail goes out, if any; `None` where one does.
    fn instead(&mut self, address: Address) -> Option<Option<Mail>> {
        if let Some(owner) = self.owner(address) {
            return Some(self.active(owner).map(|_| Mail::new(address, "already registered", Vec::new())));
        }
        self.open_invitation(address).map(|invitation| self.invite(invitation))
    }

    fn activate(&mut self, at: usize, by_flow: bool) -> Option<Mail> {
        let (now, to) = (self.now, self.registrations[at].address);
        let registration = &mut self.registrations[at];
        let link = Link::new(About::Registration(at), (registration.generation, to), now + DAY);
        if by_flow {
            (registration.code, registration.tries) = (Some(Code { text: None, ends: now + 10 * MINUTE }), 0);
        }
        // Whatever follows, so that nobody can tell by it what did.
        registration.ends = registration.ends.max(now + DAY);
        if let Some(instead) = self.instead(to) {
            return instead;
        }
        Some(Mail { code_for: by_flow.then_some(at), ..Mail::new(to, "activation", vec![link]) })
    }
}

impl Pair {
    pub(super) async fn delivers(&mut self) {
        // What the operator hears of accepted invitations brings no link.
        let is_of_them = |mail: &Email| !matches!(mail.content, EmailContent::Invitation(InvitationEmail::Accepted { .. }));
        let before = self.world.kit().mailer.mails().len();
        while self.world.works_the_outbox_off().await.unwrap().claimed > 0 {}
        let mut sent = self.world.kit().mailer.mails().split_off(before);
        sent.retain(is_of_them);
        let mails = self.model.deliver();
        let found = sent.iter().map(|mail| (mail.to.as_str(), about(mail))).collect::<Vec<_>>();
        let expected = mails.iter().map(|mail| (mail.to, mail.about)).collect::<Vec<_>>();
        assert_eq!(sorted(found), sorted(expected), "what was mailed");
        for mail in mails {
            // Two messages of one time are in no order, but they go to different people.
            let which = sent.iter().position(|one| (one.to.as_str(), about(one)) == (mail.to, mail.about));
            let one = sent.remove(which.unwrap());
            let (secrets, code) = brought(one.content);
            assert_eq!((secrets.len(), code.is_some()), (mail.links.len(), mail.code_for.is_some()), "{}", mail.about);
            self.links.extend(secrets);
            self.model.links.extend(mail.links);
            if let (Some(at), Some(text)) = (mail.code_for, code) {
                let registration = &mut self.model.registrations[at];
                registration.mailed.push(text.clone());
                registration.code.as_mut().unwrap().text = Some(text);
            }
        }
    }
}

fn sorted<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    items.sort();
    items
}

/// The secrets and the code in a mail.
fn brought(content: EmailContent) -> (Vec<TokenSecret>, Option<String>) {
    match content {
        EmailContent::Registration(RegistrationEmail::Activation { link, code, .. }) => {
            (link.into_iter().map(|(secret, _)| secret).collect(), code.map(|(code, _)| code.expose().to_owned()))
        }
        EmailContent::Password(PasswordEmail::Reset { secret, report, .. }) => (vec![secret, report], None),
        EmailContent::Invitation(InvitationEmail::Invited { secret, .. })
        | EmailContent::Invitation(InvitationEmail::AccessOffered { secret, .. })
        | EmailContent::EmailChange(EmailChangeEmail::Confirmation { secret, .. }) => (vec![secret], None),
        EmailContent::Password(PasswordEmail::Temporary { report, .. })
        | EmailContent::Password(PasswordEmail::Changed { report, .. })
        | EmailContent::Account(AccountEmail::SecurityQuestionsChanged { report, .. })
        | EmailContent::Account(AccountEmail::SignedIn { report, .. }) => (vec![report], None),
        EmailContent::EmailChange(EmailChangeEmail::Announced { undo, .. }) => (vec![undo], None),
        EmailContent::EmailChange(EmailChangeEmail::Changed { undo, .. }) => {
            (undo.into_iter().map(|(undo, _)| undo).collect(), None)
        }
        _ => (Vec::new(), None),
    }
}
