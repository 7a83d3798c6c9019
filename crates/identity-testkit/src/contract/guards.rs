//! Every guard, and the rejection it answers with.

use std::sync::Arc;

use identity_core::{
    change::{
        AccountChange, AuditChange, Change, CompanyChange, Entity, InvitationChange, LinkChange, OutboxChange, PasswordChange,
        Rejection, RoleChange, SessionChange, SubscriptionChange, TermsChange,
    },
    model::{
        access::{GrantableBy, Role, Subscription},
        account::AccountState,
        password::PasswordHash,
        terms::{TermsAcceptance, TermsVersion},
    },
    port::Store,
    value::{AccessText, CompanyName, Language, RoleKey, SubscriptionKey, TokenKind},
};

use super::atomic::rejection;
use crate::Fixture;

/// Commits one change that its guard refuses.
pub(super) async fn refused(fixture: &Fixture, change: Change, expected: Rejection) {
    let text = format!("{change:?}");
    assert_eq!(rejection(&fixture.try_commit(vec![change]).await), expected, "{text}");
}

/// What has an identity is there once.
#[expect(clippy::unwrap_used, reason = "fixed texts that parse")]
pub async fn ids_keys_and_numbers_are_taken_once(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 11);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let text = |text| AccessText::parse(text).unwrap();
    let role = Role {
        key: RoleKey::parse("editor").unwrap(),
        name: text("Editor"),
        description: None,
        grantable_by: GrantableBy::Administrator,
        version: 1,
    };
    let subscription = Subscription {
        key: SubscriptionKey::parse("pro").unwrap(),
        name: text("Pro"),
        description: Some(text("Everything")),
        grantable_by: GrantableBy::Operator,
        version: 1,
    };
    let terms = TermsVersion {
        number: 1,
        effective_at: fixture.now,
        grace: None,
        texts: [(Language::english(), "Text".to_owned())].into(),
    };
    let acceptance =
        TermsAcceptance { account: ada.id, number: 1, language: Language::english(), text_hash: [1; 32], accepted_at: fixture.now };
    let invitation = fixture.invitation(company.id, ada.id, "grace@example.org");
    let token = fixture.token(invitation.id, 1);
    let other_name_same_digest =
        identity_core::model::link::Token { id: fixture.secret(TokenKind::Invitation).id(), ..token.clone() };
    let session = fixture.session(ada.id);
    let same_digest = identity_core::model::session::Session { id: fixture.id(), ..session.clone() };
    let (message, event) = (fixture.message(invitation.id), fixture.event());
    for (change, entity) in [
        (Change::Role(RoleChange::Define(role.clone())), Entity::Role),
        (Change::Subscription(SubscriptionChange::Define(subscription.clone())), Entity::Subscription),
        (Change::Terms(TermsChange::Publish(terms)), Entity::Terms),
        (Change::Terms(TermsChange::Accept(acceptance)), Entity::Acceptance),
        (Change::Link(LinkChange::Issue(token)), Entity::Token),
        (Change::Session(SessionChange::Start(session)), Entity::Session),
        (Change::Outbox(OutboxChange::Queue(message)), Entity::OutboxMessage),
        (Change::Audit(AuditChange::Record(event)), Entity::Event),
    ] {
        fixture.commit(vec![change.clone()]).await;
        refused(&fixture, change, Rejection::Exists(entity)).await;
    }
    refused(&fixture, Change::Company(CompanyChange::Open(company)), Rejection::Exists(Entity::Company)).await;
    refused(&fixture, Change::Link(LinkChange::Issue(other_name_same_digest)), Rejection::Exists(Entity::Token)).await;
    refused(&fixture, Change::Session(SessionChange::Start(same_digest)), Rejection::Exists(Entity::Session)).await;
    let unknown = Role { key: RoleKey::parse("nobody").unwrap(), version: 2, ..role };
    refused(&fixture, Change::Role(RoleChange::Revise(unknown)), Rejection::Changed(Entity::Role)).await;
    let unknown = Subscription { key: SubscriptionKey::parse("none").unwrap(), version: 2, ..subscription };
    refused(&fixture, Change::Subscription(SubscriptionChange::Revise(unknown)), Rejection::Changed(Entity::Subscription)).await;
}

/// One address, one account, in whatever company and spelling.
pub async fn an_address_has_one_account(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 12);
    let (company, _) = fixture.inhabited("Ada@Example.org").await;
    let other = fixture.company();
    fixture.commit(vec![Change::Company(CompanyChange::Open(other.clone()))]).await;
    for company in [company.id, other.id] {
        let twin = fixture.account(company, "aDa@example.ORG");
        refused(&fixture, fixture.open(&twin), Rejection::AddressTaken).await;
    }
}

/// No collation takes two addresses for one.
pub async fn addresses_are_compared_byte_by_byte(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 13);
    let (company, ada) = fixture.inhabited("mike@example.org").await;
    for canonical in [
        "mike@example.org ",
        "MIKE@example.org",
        "mıke@example.org",
        "mìke@example.org",
        "mike@example.org\0",
        "%",
        "_ike@example.org",
    ] {
        assert_eq!(store.account_by_address(canonical).await.ok(), Some(None), "{canonical:?}");
        assert!(store.login_candidate(canonical).await.is_ok_and(|found| found.is_none()), "{canonical:?}");
    }
    let near = fixture.account(company.id, "mike+@example.org");
    fixture.commit(vec![fixture.open(&near)]).await;
    assert_eq!(store.account_by_address("mike@example.org").await.ok().flatten(), Some(ada));
}

/// A second pending invitation waits until the first is over.
pub async fn one_invitation_of_a_company_is_pending_for_an_address(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 14);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let (other, grace) = fixture.inhabited("grace@example.org").await;
    let first = fixture.invitation(company.id, ada.id, "new@example.org");
    fixture.commit(vec![Change::Invitation(InvitationChange::Issue(first.clone()))]).await;
    let second = fixture.invitation(company.id, ada.id, "NEW@example.org");
    refused(&fixture, Change::Invitation(InvitationChange::Issue(second.clone())), Rejection::InvitationPending).await;
    let elsewhere = fixture.invitation(other.id, grace.id, "new@example.org");
    fixture.commit(vec![Change::Invitation(InvitationChange::Issue(elsewhere))]).await;
    let over = first.superseded().ok();
    fixture
        .commit(
            over.map(InvitationChange::Advance)
                .map(Change::Invitation)
                .into_iter()
                .chain([Change::Invitation(InvitationChange::Issue(second.clone()))])
                .collect(),
        )
        .await;
    let pending = store.pending_invitation(company.id, "new@example.org").await.ok().flatten();
    assert_eq!(pending.map(|pending| pending.id), Some(second.id));
}

/// What was decided by an older version is refused.
pub async fn older_versions_are_refused(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 15);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let invitation = fixture.invitation(company.id, ada.id, "grace@example.org");
    fixture.commit(vec![Change::Invitation(InvitationChange::Issue(invitation.clone()))]).await;

    fixture.commit(vec![Change::Account(AccountChange::Require { id: ada.id, version: 1 })]).await;
    let disabled = ada.switched(AccountState::Disabled, fixture.now);
    fixture.commit(vec![Change::Account(AccountChange::Revise { account: disabled.clone(), by: None })]).await;
    let changed = Rejection::Changed(Entity::Account);
    refused(&fixture, Change::Account(AccountChange::Require { id: ada.id, version: 1 }), changed).await;
    refused(&fixture, Change::Account(AccountChange::Require { id: fixture.id(), version: 1 }), changed).await;
    refused(&fixture, Change::Account(AccountChange::Revise { account: disabled, by: None }), changed).await;
    let (from, to) = (PasswordHash::from_phc("plain$other".to_owned()), PasswordHash::from_phc("plain$new".to_owned()));
    refused(&fixture, Change::Password(PasswordChange::Rehash { id: ada.id, from: from.clone(), to: to.clone() }), changed).await;
    let stored = PasswordHash::from_phc("plain$secret".to_owned());
    fixture.commit(vec![Change::Password(PasswordChange::Rehash { id: ada.id, from: stored, to: to.clone() })]).await;
    assert!(store.login_candidate("ada@example.org").await.is_ok_and(|found| found.is_some_and(|found| found.password.hash == to)));

    let revoked = invitation.revoked().ok().map(InvitationChange::Advance).map(Change::Invitation);
    fixture.commit(revoked.clone().into_iter().collect()).await;
    if let Some(change) = revoked {
        refused(&fixture, change, Rejection::Changed(Entity::Invitation)).await;
    }
    let renamed = identity_core::model::company::Company { name: CompanyName::unnamed(), is_trusted: true, version: 2, ..company };
    fixture.commit(vec![Change::Company(CompanyChange::Revise(renamed.clone()))]).await;
    assert_eq!(store.company(renamed.id).await.ok(), Some(Some(renamed.clone())));
    refused(&fixture, Change::Company(CompanyChange::Revise(renamed)), Rejection::Changed(Entity::Company)).await;
    let gone = fixture.session(ada.id).id;
    refused(&fixture, Change::Session(SessionChange::End(gone)), Rejection::Changed(Entity::Session)).await;
    refused(&fixture, Change::Session(SessionChange::Touch { id: gone, at: fixture.now }), Rejection::Changed(Entity::Session))
        .await;
}

/// What is granted is what may be granted until the commit is over.
#[expect(clippy::unwrap_used, reason = "fixed texts that parse")]
pub async fn roles_and_subscriptions_are_as_they_were_read(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 19);
    let name = AccessText::parse("Pro").unwrap();
    // The same key in both lists: each has a version of its own.
    let role = Role {
        key: RoleKey::parse("pro").unwrap(),
        name: name.clone(),
        description: None,
        grantable_by: GrantableBy::Administrator,
        version: 1,
    };
    let subscription = Subscription {
        key: SubscriptionKey::parse("pro").unwrap(),
        name,
        description: None,
        grantable_by: GrantableBy::Administrator,
        version: 1,
    };
    let require_role = |version| Change::Role(RoleChange::Require { key: role.key.clone(), version });
    let require_subscription =
        |version| Change::Subscription(SubscriptionChange::Require { key: subscription.key.clone(), version });
    let (role_changed, subscription_changed) = (Rejection::Changed(Entity::Role), Rejection::Changed(Entity::Subscription));
    fixture.commit(vec![Change::Role(RoleChange::Define(role.clone()))]).await;
    refused(&fixture, require_subscription(1), subscription_changed).await;
    fixture.commit(vec![Change::Subscription(SubscriptionChange::Define(subscription.clone()))]).await;
    fixture.commit(vec![require_role(1), require_subscription(1)]).await;
    let reserved = Role { grantable_by: GrantableBy::Operator, version: 2, ..role.clone() };
    fixture.commit(vec![Change::Role(RoleChange::Revise(reserved.clone()))]).await;
    refused(&fixture, require_role(1), role_changed).await;
    refused(&fixture, Change::Role(RoleChange::Revise(reserved)), role_changed).await;
    fixture.commit(vec![require_role(2), require_subscription(1)]).await;
    let reserved = Subscription { grantable_by: GrantableBy::Operator, version: 2, ..subscription.clone() };
    fixture.commit(vec![Change::Subscription(SubscriptionChange::Revise(reserved.clone()))]).await;
    refused(&fixture, require_subscription(1), subscription_changed).await;
    refused(&fixture, Change::Subscription(SubscriptionChange::Revise(reserved)), subscription_changed).await;
}

/// A link works once, and until its very end.
pub async fn a_link_is_spent_once_and_in_time(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 16);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let invitation = fixture.invitation(company.id, ada.id, "x@example.org").id;
    let (late, good) = (fixture.token(invitation, 1), fixture.token(invitation, 1));
    fixture.commit(vec![Change::Link(LinkChange::Issue(late.clone())), Change::Link(LinkChange::Issue(good.clone()))]).await;
    refused(&fixture, Change::Link(LinkChange::Spend { id: late.id, at: late.expires_at }), Rejection::TokenSpent).await;
    fixture.commit(vec![Change::Link(LinkChange::Extend { id: late.id, expires_at: fixture.later(7200) })]).await;
    fixture.commit(vec![Change::Link(LinkChange::Spend { id: late.id, at: late.expires_at })]).await;
    let last_moment = fixture.later(3599);
    fixture.commit(vec![Change::Link(LinkChange::Spend { id: good.id, at: last_moment })]).await;
    refused(&fixture, Change::Link(LinkChange::Spend { id: good.id, at: fixture.now }), Rejection::TokenSpent).await;
    refused(&fixture, Change::Link(LinkChange::Extend { id: good.id, expires_at: fixture.later(9) }), Rejection::TokenSpent).await;
    let unknown = fixture.token(invitation, 1).id;
    refused(&fixture, Change::Link(LinkChange::Spend { id: unknown, at: fixture.now }), Rejection::TokenSpent).await;
}

/// Nothing belongs to what is not there.
pub async fn children_need_their_parents(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 17);
    let nowhere = fixture.company().id;
    let account = fixture.account(nowhere, "ada@example.org");
    refused(&fixture, fixture.open(&account), Rejection::Orphaned(Entity::Account)).await;
    refused(&fixture, Change::Session(SessionChange::Start(fixture.session(account.id))), Rejection::Orphaned(Entity::Session))
        .await;
    let invitation = fixture.invitation(nowhere, account.id, "grace@example.org");
    refused(&fixture, Change::Invitation(InvitationChange::Issue(invitation)), Rejection::Orphaned(Entity::Invitation)).await;
}

/// The first opening counts; it raises no version and is no conflict for anybody.
pub async fn an_opening_is_noted_once(store: Arc<dyn Store>) {
    let fixture = Fixture::new(store.clone(), 18);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let invitation = fixture.invitation(company.id, ada.id, "grace@example.org");
    fixture.commit(vec![Change::Invitation(InvitationChange::Issue(invitation.clone()))]).await;
    fixture.commit(vec![Change::Invitation(InvitationChange::RecordFirstOpen { id: invitation.id, at: fixture.now })]).await;
    fixture.commit(vec![Change::Invitation(InvitationChange::RecordFirstOpen { id: invitation.id, at: fixture.later(60) })]).await;
    fixture.commit(invitation.revoked().ok().map(InvitationChange::Advance).map(Change::Invitation).into_iter().collect()).await;
    let read = store.invitation(invitation.id).await.ok().flatten();
    assert_eq!(read.and_then(|read| read.opened_at), Some(fixture.now));
    let unknown = fixture.invitation(company.id, ada.id, "x@example.org").id;
    refused(
        &fixture,
        Change::Invitation(InvitationChange::RecordFirstOpen { id: unknown, at: fixture.now }),
        Rejection::Changed(Entity::Invitation),
    )
    .await;
}
