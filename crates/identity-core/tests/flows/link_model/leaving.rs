//! Deletions, erasures, and what is swept.

use std::collections::BTreeSet;

use super::{
    DAY,
    mails::MailKind,
    model::{Address, Leaving, Model, MoveState},
    pair::{GRACE_OF_DELETION, Pair},
};

impl Model {
    /// Asks for the deletion; asking again moves nothing.
    fn leave(&mut self, session: usize) {
        let (now, account) = (self.now, self.sessions[session].account);
        if self.accounts[account].leaving.is_some() {
            return;
        }
        self.accounts[account].leaving = Some(Leaving { asked: now, erased: now + GRACE_OF_DELETION });
        self.end_sessions(account, Some(session));
        self.tell(account, MailKind::Leaves { account });
    }

    fn stay(&mut self, session: usize) {
        let account = self.sessions[session].account;
        if self.accounts[account].leaving.take().is_some() {
            self.tell(account, MailKind::Stays { account, with_address: false });
        }
    }

    /// Erases the accounts that are due; how many.
    fn erase(&mut self) -> u32 {
        let due = |at: &usize| {
            let account = &self.accounts[*at];
            !account.erased && account.leaving.is_some_and(|leaving| leaving.erased <= self.now)
        };
        let due = (0..self.accounts.len()).filter(due).collect::<Vec<_>>();
        for account in &due {
            self.erase_one(*account);
        }
        u32::try_from(due.len()).unwrap()
    }

    /// With everything that is about the account, or was mailed to an address that it has or had and that is nobody else's by now.
    fn erase_one(&mut self, account: usize) {
        let had = self.accounts[account].had.iter().copied();
        let theirs = had.filter(|address| self.owner(address).is_none_or(|owner| owner == account)).collect::<BTreeSet<_>>();
        self.outbox = std::mem::take(&mut self.outbox)
            .into_iter()
            .filter(|(to, kind)| !theirs.contains(to) && !self.is_of(account, &theirs, *kind))
            .collect();
        for registration in self.registrations.iter_mut().filter(|registration| theirs.contains(registration.address)) {
            registration.gone = true;
        }
        for invitation in &mut self.invitations {
            invitation.pending &= !theirs.contains(invitation.address);
        }
        for change in self.moves.iter_mut().filter(|change| change.account == account) {
            change.state = MoveState::Gone;
        }
        self.end_sessions(account, None);
        self.accounts[account].erased = true;
    }

    /// Whether what waits to be mailed is about an account, for what decides by something else when it is sent.
    fn is_of(&self, account: usize, theirs: &BTreeSet<Address>, kind: MailKind) -> bool {
        match kind {
            MailKind::SignedIn { session } => self.sessions[session].account == account && !self.sessions[session].ended,
            MailKind::Granted { invitation } => {
                let invited = &self.invitations[invitation];
                invited.account == Some(account) || theirs.contains(invited.address)
            }
            _ => false,
        }
    }

    fn sweep(&mut self) {
        let now = self.now;
        for session in &mut self.sessions {
            session.ended |= session.ends < now;
        }
        for registration in &mut self.registrations {
            registration.gone |= registration.ends < now - DAY;
        }
        for change in self.moves.iter_mut().filter(|change| change.undo_ends < now - 30 * DAY) {
            change.state = MoveState::Gone;
        }
    }
}

impl Pair {
    pub(super) async fn leaves(&mut self, session: usize) {
        let Some(user) = self.user(session).await else { return };
        self.world.leaves(&user).await.unwrap();
        self.model.leave(session);
    }

    pub(super) async fn stays(&mut self, session: usize) {
        let Some(user) = self.user(session).await else { return };
        self.world.stays(&user).await.unwrap();
        self.model.stay(session);
    }

    pub(super) async fn erases(&mut self) {
        let erased = self.world.erases().await;
        assert_eq!((erased.accounts, erased.kept), (self.model.erase(), 0));
    }

    pub(super) async fn sweeps(&mut self) {
        self.world.flows().sweep_lapsed.run().await.unwrap();
        self.model.sweep();
    }
}
