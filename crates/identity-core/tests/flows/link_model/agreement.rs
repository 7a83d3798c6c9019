//! Whether what is kept is what the model says.

use std::collections::BTreeMap;

use identity_core::{
    change::{Change, LinkChange},
    model::{
        account::{AccountState, RequiredAction},
        registration::RegistrationState,
    },
};

use super::{model::ADDRESSES, pair::Pair};

impl Pair {
    pub(super) async fn agrees(&self) {
        self.accounts_agree().await;
        self.addresses_agree().await;
        self.registrations_agree().await;
        self.sessions_agree().await;
        for link in 0..self.links.len() {
            self.opens_its_own_door_alone(link).await;
        }
    }

    async fn accounts_agree(&self) {
        for (id, expected) in self.accounts.iter().zip(&self.model.accounts) {
            let found = self.world.store().credential(*id).await.unwrap();
            assert_eq!(found.is_none(), expected.erased, "{expected:?}");
            let Some(found) = found else { continue };
            let answers = self.world.store().security_answers(*id).await.unwrap();
            assert_eq!(
                (
                    found.account.email.as_str(),
                    found.account.state == AccountState::Active,
                    found.account.required_actions.contains(&RequiredAction::ChangePassword),
                    (found.account.recovery.generation, found.account.recovery.since),
                    (found.password.hash.expose(), found.password.ends_at),
                    found.account.deletion.map(|deletion| deletion.erase_at),
                    answers.first().map(|answer| answer.set_at),
                ),
                (
                    expected.address,
                    expected.active,
                    expected.required,
                    (expected.generation, self.time(expected.since)),
                    (format!("plain${}", expected.password).as_str(), expected.password_ends.map(|ends| self.time(ends))),
                    expected.leaving.map(|leaving| self.time(leaving.erased)),
                    expected.answered.map(|at| self.time(at)),
                ),
            );
        }
    }

    /// Who is let in by an address.
    async fn addresses_agree(&self) {
        for address in ADDRESSES {
            let found = self.world.store().login_candidate(&address.to_lowercase()).await.unwrap();
            let expected = self.model.owner(address).map(|owner| self.accounts[owner]);
            assert_eq!(found.map(|found| found.account.id), expected, "{address}");
        }
    }

    async fn registrations_agree(&self) {
        for (flow, expected) in self.flows.iter().zip(&self.model.registrations) {
            let found = self.world.store().registration_by_flow(&flow.digest()).await.unwrap();
            assert_eq!(found.is_none(), expected.gone, "{expected:?}");
            let Some(found) = found else { continue };
            assert_eq!(
                (found.state == RegistrationState::Completed, found.generation, found.expires_at, found.code_tries),
                (expected.completed, expected.generation, self.time(expected.ends), expected.tries)
            );
        }
    }

    /// Who is signed in, and which address each of them is shown as asked for.
    async fn sessions_agree(&self) {
        for session in 0..self.sessions.len() {
            let found = self.world.session(&self.sessions[session]).await;
            assert_eq!(found.is_some(), self.model.is_signed_in(session), "session {session}");
            let Some(found) = found else { continue };
            let account = self.model.sessions[session].account;
            assert_eq!(found.account.id, self.accounts[account]);
            let Some(user) = self.user(session).await else { continue };
            let waits = self.world.flows().pending_email_change.find(&user).await.unwrap();
            let expected = self.model.waiting_move(account).map(|at| self.model.moves[at].to);
            assert_eq!(waits.as_ref().map(|waits| waits.to.as_str()), expected);
        }
    }

    /// Each link was used at most once, and each account was opened by what the model says.
    pub(super) fn nothing_happened_twice(&self) {
        let mut spent = BTreeMap::new();
        for change in self.world.changes() {
            if let Change::Link(LinkChange::Spend { id, .. }) = change {
                *spent.entry(id).or_insert(0) += 1;
            }
        }
        for (secret, link) in self.links.iter().zip(&self.model.links) {
            assert_eq!(spent.get(&secret.id()).copied().unwrap_or_default(), i32::from(link.used), "{link:?}");
        }
        // The operator and the administrator were there before.
        assert_eq!(self.world.accounts_opened(), self.model.accounts.len() + 2);
    }
}
