//! What administrators do.

use std::collections::BTreeMap;

use identity_core::{
    flow::{
        Flows,
        access::{AccessCommand, AccessError, DefineEntry, Entry},
        account::AdministrationError,
        company::{CompanyCommand, CompanyError},
        invitation::{InviteError, ManageError},
        terms::{PublishTermsCommand, PublishTermsError},
    },
    model::{
        access::{Administrator, GrantableBy, Operator},
        account::{Account, AccountState},
        company::Company,
        invitation::Invitation,
        session::CurrentUser,
        terms::TermsVersion,
    },
    port::{InvitationFilter, InvitationSummary},
    value::{AccessText, AccountId, CompanyName, InvitationId, Language, Lifetime, SubscriptionKey, Timestamp},
};

use super::{Wanted, World, role};

/// An administrator, as he was when the test met him.
#[derive(Clone)]
pub(crate) struct Admin {
    pub(super) user: CurrentUser,
    pub(super) proof: Administrator,
    pub(super) world: World,
}

impl Admin {
    fn flows(&self) -> &Flows {
        self.world.flows()
    }

    pub(crate) fn account(&self) -> &Account {
        self.proof.account()
    }

    pub(crate) fn as_operator(&self) -> Operator {
        Operator::of(&self.user).expect("an operator")
    }

    pub(crate) async fn invites(&self, wanted: impl Into<Wanted>) -> Result<Invitation, InviteError> {
        self.flows().invite.run(&self.proof, &wanted.into().command).await
    }

    pub(crate) async fn resends(&self, id: InvitationId) -> Result<Invitation, ManageError> {
        self.flows().resend.run(&self.proof, id).await
    }

    pub(crate) async fn revokes(&self, id: InvitationId) -> Result<Invitation, ManageError> {
        self.flows().revoke.run(&self.proof, id).await
    }

    pub(crate) async fn moves_the_end(&self, id: InvitationId, end: Timestamp) -> Result<Invitation, ManageError> {
        self.flows().change_expiry.run(&self.proof, id, end).await
    }

    pub(crate) async fn sees(&self, id: InvitationId) -> Option<InvitationSummary> {
        self.flows().list_invitations.one(&self.proof, id).await.unwrap().map(|(summary, _)| summary)
    }

    /// The addresses in the list, newest first.
    pub(crate) async fn lists(&self, filter: Option<InvitationFilter>) -> Vec<String> {
        let (page, _) = self.flows().list_invitations.run(&self.proof, filter, None, (None, 200)).await.unwrap();
        page.items.into_iter().filter_map(|summary| Some(summary.invitation.email?.as_str().to_owned())).collect()
    }

    pub(crate) async fn disables(&self, id: AccountId) -> Result<Account, AdministrationError> {
        self.flows().disable_account.run(&self.proof, id, AccountState::Disabled).await
    }

    pub(crate) async fn enables(&self, id: AccountId) -> Result<Account, AdministrationError> {
        self.flows().disable_account.run(&self.proof, id, AccountState::Active).await
    }

    pub(crate) async fn opens_company(&self, name: &str) -> Company {
        self.tries_to_open_company(name).await.unwrap()
    }

    pub(crate) async fn tries_to_open_company(&self, name: &str) -> Result<Company, CompanyError> {
        let name = CompanyName::parse(name).unwrap();
        self.flows().companies.run(&self.proof, CompanyCommand::Open(name)).await
    }

    pub(crate) async fn defines_role(&self, key: &str, grantable_by: GrantableBy) {
        self.defines(DefineEntry::Role(role(key)), grantable_by).await;
    }

    pub(crate) async fn defines_subscription(&self, key: &str, grantable_by: GrantableBy) {
        self.defines(DefineEntry::Subscription(SubscriptionKey::parse(key).unwrap()), grantable_by).await;
    }

    async fn defines(&self, entry: DefineEntry, grantable_by: GrantableBy) {
        self.flows().access.define(&self.as_operator(), entry_command(entry, grantable_by)).await.unwrap();
    }

    /// From now on only operators grant that role.
    pub(crate) async fn reserves_role(&self, key: &str) {
        let command = entry_command(DefineEntry::Role(role(key)), GrantableBy::Operator);
        self.flows().access.revise(&self.as_operator(), command).await.unwrap();
    }

    /// The role is called something else, and granted by the same people.
    pub(crate) async fn renames_role(&self, key: &str) {
        self.tries_to_rename_role(key).await.unwrap();
    }

    pub(crate) async fn tries_to_rename_role(&self, key: &str) -> Result<Entry, AccessError> {
        let command = entry_command(DefineEntry::Role(role(key)), GrantableBy::Administrator);
        self.flows().access.revise(&self.as_operator(), command).await
    }

    pub(crate) async fn publishes_terms(&self, text: &str) -> TermsVersion {
        self.tries_to_publish_terms(text).await.unwrap()
    }

    pub(crate) async fn tries_to_publish_terms(&self, text: &str) -> Result<TermsVersion, PublishTermsError> {
        let texts = BTreeMap::from([(Language::english(), text.to_owned())]);
        self.flows().terms.run(&self.as_operator(), PublishTermsCommand { effective_at: None, grace: None, texts }).await
    }

    /// Publishes terms that one may go on without for so long.
    pub(crate) async fn publishes_terms_with(&self, text: &str, effective_at: Option<Timestamp>, grace: &str) -> TermsVersion {
        let texts = BTreeMap::from([(Language::english(), text.to_owned())]);
        let command = PublishTermsCommand { effective_at, grace: Lifetime::parse(grace).ok(), texts };
        self.flows().terms.run(&self.as_operator(), command).await.unwrap()
    }

    pub(crate) const fn world(&self) -> &World {
        &self.world
    }

    pub(crate) fn proof(&self) -> &Administrator {
        &self.proof
    }
}

pub(crate) fn entry_command(entry: DefineEntry, grantable_by: GrantableBy) -> AccessCommand {
    AccessCommand { entry, name: AccessText::parse("An entry").unwrap(), description: None, grantable_by }
}
