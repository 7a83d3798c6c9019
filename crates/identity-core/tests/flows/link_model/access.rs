//! Passwords, sessions, and what ends them.

use identity_core::{
    flow::recovery::{ReportError, ResetError},
    model::recovery::Reported,
    value::AccountId,
};

use super::{
    DAY, HOUR,
    acts::Said,
    links::About,
    mails::MailKind,
    model::{Address, Model, Session},
    pair::{LONGEST_SESSION, Pair},
};
use crate::{
    questions::ANSWERS,
    visitors::{WRONG, another},
};

#[derive(Debug, PartialEq, Eq)]
enum Reset {
    Done,
    AnswerNeeded,
    Dead,
}

impl Model {
    fn log_in(&mut self, address: Address, password: &str) -> bool {
        let now = self.now;
        let Some(at) = self.owner(address) else { return false };
        let Some(account) = self.active_mut(at) else { return false };
        if account.password != password || account.password_ends.is_some_and(|ends| now >= ends) {
            return false;
        }
        let mut ends = now + LONGEST_SESSION;
        // A temporary password is used up, and bounds the session.
        if let Some(until) = account.password_ends {
            (account.password_ends, ends) = (Some(now), ends.min(until));
        }
        self.sessions.push(Session { account: at, ended: false, ends });
        self.tell(at, MailKind::SignedIn { session: self.sessions.len() - 1 });
        true
    }

    fn change_password(&mut self, session: usize, password: String) {
        let (account, now) = (self.sessions[session].account, self.now);
        self.accounts[account].choose(password, now);
        self.end_sessions(account, Some(session));
        self.tell(account, MailKind::Changed { account, by_link: false });
    }

    /// Answers all security questions.
    fn answer(&mut self, session: usize) {
        let account = self.sessions[session].account;
        let is_first = self.accounts[account].answered.replace(self.now).is_none();
        self.tell(account, MailKind::Answered { account, is_first });
    }

    fn reset(&mut self, link: usize, password: String, answers: bool) -> Reset {
        let recovery = |about| if let About::Recovery(of) = about { Some(of) } else { None };
        let Some(account) = self.behind(link, recovery) else { return Reset::Dead };
        if self.accounts[account].answered.is_some() && !answers {
            return Reset::AnswerNeeded;
        }
        self.links[link].used = true;
        let now = self.now;
        self.accounts[account].choose(password, now);
        self.end_sessions(account, None);
        self.tell(account, MailKind::Changed { account, by_link: true });
        Reset::Done
    }

    fn report(&mut self, link: usize) -> Option<Reported> {
        let reported = |about| match about {
            About::ResetReport(of) | About::ChangeReport(of) => Some(of),
            _ => None,
        };
        let account = self.behind(link, reported)?;
        self.links[link].used = true;
        let now = self.now;
        let reported = if matches!(self.links[link].about, About::ResetReport(_)) { Reported::Reset } else { Reported::Change };
        let about = match reported {
            Reported::Reset => {
                self.accounts[account].end_links(now);
                "reset reported"
            }
            Reported::Change => {
                self.accounts[account].end_access(now, 30 * DAY);
                self.end_sessions(account, None);
                let generation = self.accounts[account].generation;
                self.tell(account, MailKind::ResetOf { account, generation, about: "reset after a report" });
                "access reported"
            }
        };
        self.tell_who_administers(account, MailKind::Reported { account, about });
        Some(reported)
    }

    fn mail_reset(&mut self, account: usize) -> bool {
        let now = self.now;
        let Some(found) = self.active_mut(account) else { return false };
        found.end_links(now);
        let generation = found.generation;
        self.tell(account, MailKind::ResetOf { account, generation, about: "reset" });
        true
    }

    fn set_temporary(&mut self, account: usize, password: String) {
        let now = self.now;
        let found = &mut self.accounts[account];
        found.choose(password, now);
        (found.required, found.password_ends) = (true, Some(now + HOUR));
        self.end_sessions(account, None);
        self.tell(account, MailKind::Temporary { account });
    }

    /// Disables or enables; whether there is such an account.
    fn switch(&mut self, account: usize, on: bool) -> bool {
        let now = self.now;
        let found = &mut self.accounts[account];
        if found.erased {
            return false;
        }
        if found.active != on {
            found.active = on;
            found.end_links(now);
            if !on {
                self.end_sessions(account, None);
            }
        }
        true
    }
}

impl Pair {
    pub(super) async fn logs_in(&mut self, account: usize, elsewhere: Option<Address>, said: Said) {
        let known = &self.model.accounts[account];
        let address = elsewhere.unwrap_or(known.address);
        let password = match said {
            Said::Right => Some(known.password.clone()),
            Said::Former => known.former.clone(),
            Said::Wrong => None,
        };
        self.tries(address, &password.unwrap_or_else(|| WRONG.to_owned())).await;
    }

    async fn tries(&mut self, address: Address, password: &str) {
        let signed_in = self.world.guesses(address, password).await;
        assert_eq!(signed_in.is_ok(), self.model.log_in(address, password), "{address} {password}: {signed_in:?}");
        self.sessions.extend(signed_in.map(|signed_in| signed_in.secret));
    }

    /// Every address with every password that was chosen or shown.
    pub(super) async fn a_person_who_knows_the_password_and_the_address_is_let_in(&mut self) {
        let known = self.model.accounts.iter().flat_map(|account| [Some(&account.password), account.former.as_ref()]);
        let known = known.flatten().cloned().collect::<Vec<_>>();
        for address in super::model::ADDRESSES {
            for password in &known {
                self.tries(address, password).await;
            }
        }
    }

    pub(super) async fn logs_out(&mut self, session: usize) {
        let signed_in = self.signed_in(session).await;
        self.world.flows().log_out.run(&signed_in).await.unwrap();
        self.model.sessions[session].ended = true;
    }

    pub(super) async fn changes_password(&mut self, session: usize, right: bool) {
        let signed_in = self.signed_in(session).await;
        let current = if right { self.password_of(session) } else { WRONG.to_owned() };
        let password = self.fresh_password();
        let changed = self.world.changes_password_of(&signed_in, &current, &password).await;
        assert_eq!(changed.is_ok(), right, "{changed:?}");
        if right {
            self.model.change_password(session, password);
        }
    }

    pub(super) async fn answers(&mut self, session: usize) {
        let signed_in = self.signed_in(session).await;
        self.world.answers(&signed_in, &ANSWERS).await.unwrap();
        self.model.answer(session);
    }

    pub(super) async fn forgets(&mut self, address: Address) {
        self.world.forgets(address).await.unwrap();
        self.model.outbox.push((address, MailKind::Recovery { queued: self.model.now }));
    }

    pub(super) async fn resets(&mut self, link: usize, answers: bool) {
        let password = self.fresh_password();
        let mut reset = self.world.resets(&self.links[link], &password).await;
        if let (Err(ResetError::AnswerNeeded(question)), true) = (&reset, answers) {
            let answer = ANSWERS.iter().find(|(key, _)| *key == question.key.as_str()).map(|(_, answer)| *answer);
            reset = self.world.resets_answering(&self.links[link], &password, answer).await;
        }
        let done = match reset {
            Ok(_) => Reset::Done,
            Err(ResetError::AnswerNeeded(_)) => Reset::AnswerNeeded,
            Err(ResetError::DeadLink) => Reset::Dead,
            Err(other) => panic!("{other:?}"),
        };
        assert_eq!(done, self.model.reset(link, password, answers));
    }

    pub(super) async fn reports(&mut self, link: usize) {
        let answer = self.world.reports(&self.links[link]).await;
        assert!(matches!(answer, Ok(_) | Err(ReportError::DeadLink)), "{answer:?}");
        assert_eq!(answer.ok(), self.model.report(link));
    }

    pub(super) async fn mails_a_reset(&mut self, account: usize) {
        let mailed = self.world.operator().await.mails_a_reset(self.accounts[account]).await;
        assert_eq!(mailed.is_ok(), self.model.mail_reset(account), "{mailed:?}");
    }

    pub(super) async fn sets_a_temporary_password(&mut self, account: usize) {
        let set = self.world.operator().await.sets_a_temporary_password(self.accounts[account]).await;
        assert_eq!(set.is_ok(), self.model.active(account).is_some(), "{set:?}");
        if let Ok(shown) = set {
            self.model.set_temporary(account, shown);
        }
    }

    pub(super) async fn switches(&mut self, account: usize, on: bool) {
        let (ada, id): (_, AccountId) = (self.world.operator().await, self.accounts[account]);
        let switched = if on { ada.enables(id).await } else { ada.disables(id).await };
        assert_eq!(switched.is_ok(), self.model.switch(account, on), "{switched:?}");
    }

    pub(super) fn password_of(&self, session: usize) -> String {
        self.model.accounts[self.model.sessions[session].account].password.clone()
    }

    pub(super) fn fresh_password(&mut self) -> String {
        self.passwords += 1;
        another(self.passwords)
    }
}
