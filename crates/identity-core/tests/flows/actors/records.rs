//! What is kept, and what came of it.

use identity_core::{
    change::{AccountChange, AuditChange, Change, ChangeSet, LinkChange, PasswordChange, SessionChange},
    model::{
        account::Account,
        audit::{Action, AuditEvent},
        invitation::Invitation,
        link::Token,
        password::PasswordHash,
    },
    value::{InvitationId, TokenSecret},
};
use identity_testkit::Fixture;

use super::{Visitor, World, address, role};
use crate::stage::only_counts;

impl World {
    pub(crate) async fn find_account(&self, email: &str) -> Option<Account> {
        self.store().account_by_address(address(email).canonical()).await.unwrap()
    }

    pub(crate) async fn account(&self, email: &str) -> Account {
        self.find_account(email).await.expect("an account")
    }

    pub(crate) async fn invitation(&self, id: InvitationId) -> Invitation {
        self.store().invitation(id).await.unwrap().expect("an invitation")
    }

    pub(crate) async fn entry(&self, link: &TokenSecret) -> Token {
        self.store().token_by_digest(&link.digest()).await.unwrap().expect("a stored link")
    }

    pub(crate) async fn hash_of(&self, email: &str) -> PasswordHash {
        self.store().login_candidate(email).await.unwrap().expect("an account").password.hash
    }

    /// The hash of that account's password, as if it had been made under older parameters.
    pub(crate) async fn has_an_old_hash(&self, email: &str) {
        let (account, from) = (self.account(email).await, self.hash_of(email).await);
        let to = PasswordHash::from_phc(from.expose().replacen("plain$", "old$", 1));
        self.commits(vec![Change::Password(PasswordChange::Rehash { id: account.id, from, to })]).await;
    }

    /// Another system takes an account's roles away.
    pub(crate) async fn strips(&self, email: &str) {
        self.keeps_only([], email).await;
    }

    /// Another system takes all roles of an account away but these.
    pub(crate) async fn keeps_only<const N: usize>(&self, roles: [&str; N], email: &str) {
        let account = self.account(email).await.with_roles(roles.map(role).into());
        self.commits(vec![Change::Account(AccountChange::Revise { account, by: None })]).await;
    }

    /// Stores a link that no worker made.
    pub(crate) async fn forges(&self, entry: Token) -> Visitor {
        let mut bytes = [0; 32];
        self.kit().ports.entropy.fill(&mut bytes).unwrap();
        let secret = TokenSecret::from_entropy(entry.subject.kind(), bytes.into());
        self.commits(vec![Change::Link(LinkChange::Issue(Token { id: secret.id(), digest: secret.digest(), ..entry }))]).await;
        self.visitor(&secret).from("eve@example.net")
    }

    pub(crate) async fn commits(&self, changes: Vec<Change>) {
        let seed = 1000 + self.stage().committed().len() as u64;
        Fixture::new(self.kit().ports.store.clone(), seed).commit(changes).await;
    }

    /// Every change set that was applied so far, but those that only count how often something is tried.
    pub(crate) fn history(&self) -> Vec<ChangeSet> {
        self.stage().committed().into_iter().filter(|set| !only_counts(set)).collect()
    }

    /// Every change that was applied so far.
    pub(crate) fn changes(&self) -> Vec<Change> {
        self.history().iter().flat_map(|set| set.changes().to_vec()).collect()
    }

    /// What the audit trail says of an action.
    pub(crate) fn recorded(&self, action: Action) -> Vec<AuditEvent> {
        let events = self.changes().into_iter().filter_map(|change| match change {
            Change::Audit(AuditChange::Record(event)) => Some(event),
            _ => None,
        });
        events.filter(|event| event.action == action).collect()
    }

    /// How many accounts were ever opened.
    pub(crate) fn accounts_opened(&self) -> usize {
        self.changes().iter().filter(|change| matches!(change, Change::Account(AccountChange::Open { .. }))).count()
    }

    /// How many sessions were ever started.
    pub(crate) fn sessions_started(&self) -> usize {
        self.changes().iter().filter(|change| matches!(change, Change::Session(SessionChange::Start(_)))).count()
    }
}
