//! Accepting an invitation with an account that is there.

use std::sync::Arc;

use super::link;
use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, InvitationChange, LinkChange, OutboxChange, SessionChange},
    flow::{
        Fault,
        retry::{retry, taken},
        terms::{self, agreed},
        throttle::{RateLimitedAction, RateLimits},
    },
    model::{
        Settings,
        account::Account,
        audit::{Action, Actor, AuditEvent, NewEventIds, Subject},
        invitation::NotPending,
        outbox::{InvitationMail, MailKind, OutboxMessage},
        session::{Client, CurrentUser, Session},
        terms::{TermsAcceptance, TermsNumber, TermsVersion},
    },
    port::{IdSource, Ports},
    value::{ChangeSetId, OutboxMessageId, SessionId, Timestamp, TokenKind, TokenSecret},
};

/// What a signed-in invitee agrees to.
#[derive(Debug)]
pub struct AcceptAccessCommand {
    /// The secret of the link.
    pub secret: TokenSecret,
    /// The version of the terms that was shown and agreed to; needed only where the account has not accepted the one in force.
    pub accepted_terms: Option<TermsNumber>,
    /// Where the request came from.
    pub client: Client,
}

/// What came of it. The session has another secret: an older one is worth no more than the rights it was given for.
#[derive(Debug)]
pub struct AcceptedAccess {
    /// The account, with what the invitation gives.
    pub account: Account,
    /// The session's new secret, for the client alone.
    pub secret: TokenSecret,
    /// The session.
    pub session: Session,
}

/// Why nothing was granted.
#[derive(Debug, thiserror::Error)]
pub enum AcceptAccessError {
    /// The link is unknown, expired, used, revoked or replaced: a stranger is not told which.
    #[error("this link does not work any more")]
    DeadLink,
    /// The invitation is for another address than that of the account.
    #[error("sign in with the address that was invited")]
    WrongAccount,
    /// The account belongs to another company.
    #[error("your account belongs to another company: have another address invited")]
    OtherCompany,
    /// The terms in force were neither accepted before nor now.
    #[error("accept the terms in force")]
    Terms,
    /// Something has to be done first, or the session has ended.
    #[error("the account has just been changed: sign in again")]
    Conflict,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(AcceptAccessError);

impl From<NotPending> for AcceptAccessError {
    fn from(_: NotPending) -> Self {
        Self::DeadLink
    }
}

/// Gives an account what an invitation carries: the roles and subscriptions, the end of the invitation, the acceptance of the terms
/// and the session's new secret are one commit.
pub struct AcceptAccess {
    ports: Ports,
    settings: Arc<Settings>,
}

struct NewIds {
    set: ChangeSetId,
    session: SessionId,
    secret: TokenSecret,
    message: OutboxMessageId,
    granted: NewEventIds,
    agreed: NewEventIds,
}

/// What the decision is made from.
struct State {
    resolved: link::ResolvedInvitationLink,
    account: Account,
    terms: TermsVersion,
    accepted: Option<TermsAcceptance>,
}

impl AcceptAccess {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Accepts.
    ///
    /// # Errors
    /// [`AcceptAccessError`]; nothing was changed, and the link still works unless it is dead.
    pub async fn run(&self, user: &CurrentUser, command: AcceptAccessCommand) -> Result<AcceptedAccess, AcceptAccessError> {
        let now = self.ports.clock.now();
        RateLimits::of(RateLimitedAction::Link, &command.client, &self.settings.throttle).consume(&self.ports, now).await?;
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        retry(AcceptAccessError::Conflict, || async {
            let state = self.load(user, &command.secret, now).await?;
            let fresh = NewIds {
                set: ids.id()?,
                session: ids.id()?,
                secret: ids.secret(TokenKind::Session)?,
                message: ids.id()?,
                granted: ids.event()?,
                agreed: ids.event()?,
            };
            let (account, session, set) = decide(&state, &user.session, &command, now, &fresh)?;
            // Something it stood on has changed: what the link leads to now decides.
            taken(self.ports.store.commit(&set).await, AcceptedAccess { account, secret: fresh.secret, session })
        })
        .await
    }

    async fn load(&self, user: &CurrentUser, secret: &TokenSecret, now: Timestamp) -> Result<State, AcceptAccessError> {
        let store = &self.ports.store;
        let found = link::load(&self.ports, secret).await?.filter(|resolved| resolved.is_valid(now));
        let resolved = found.ok_or(AcceptAccessError::DeadLink)?;
        let id = user.account.id;
        // A person who has something to do first does that first.
        let account =
            store.account(id).await?.filter(|account| self.settings.may_go_on(account)).ok_or(AcceptAccessError::Conflict)?;
        let terms = terms::in_force(&self.ports, now).await?;
        Ok(State { resolved, account, terms, accepted: store.newest_acceptance(id).await? })
    }
}

fn decide(
    state: &State,
    session: &Session,
    command: &AcceptAccessCommand,
    now: Timestamp,
    fresh: &NewIds,
) -> Result<(Account, Session, ChangeSet), AcceptAccessError> {
    let State { resolved, account, terms, accepted } = state;
    let invitation = &resolved.invitation;
    if invitation.email.as_ref().is_none_or(|invited| invited.canonical() != account.email.canonical()) {
        return Err(AcceptAccessError::WrongAccount);
    }
    if invitation.company != Some(account.company) {
        return Err(AcceptAccessError::OtherCompany);
    }
    let has_accepted = accepted.as_ref().is_some_and(|accepted| accepted.number >= terms.number);
    if !has_accepted && command.accepted_terms != Some(terms.number) {
        return Err(AcceptAccessError::Terms);
    }
    let next = account.with_access(&invitation.roles, &invitation.subscriptions);
    let renewed = session.renewed(fresh.session, fresh.secret.digest(), now);
    let event =
        AuditEvent::new(&fresh.granted, now, Action::AccessGranted, Actor::Account(account.id), Subject::Invitation(invitation.id));
    let kind = MailKind::Invitation(InvitationMail::AccessGranted { invitation: invitation.id });
    let told = OutboxMessage::queue(fresh.message, account.email.clone(), account.language.clone(), kind, now);
    let mut changes = vec![
        Change::Invitation(InvitationChange::Advance(invitation.accepted(account.id)?)),
        Change::Link(LinkChange::Spend { id: resolved.token.id, at: now }),
        Change::Account(AccountChange::Revise { account: next.clone(), by: invitation.inviter }),
        Change::Session(SessionChange::End(session.id)),
        Change::Session(SessionChange::Start(renewed.clone())),
        Change::Outbox(OutboxChange::Queue(told)),
        Change::Audit(AuditChange::Record(
            event.concerning(&fresh.granted, &account.email).from_client(&fresh.granted, &command.client),
        )),
    ];
    if !has_accepted {
        changes.extend(agreed(account, terms, &command.client, now, &fresh.agreed)?);
    }
    // The inviter is still who he was; where that is the invitee, who sent it again, the account's own version says so.
    let required = resolved.required().into_iter();
    changes.extend(
        required.filter(|change| !matches!(change, Change::Account(AccountChange::Require { id, .. }) if *id == account.id)),
    );
    Ok((next, renewed, ChangeSet::new(fresh.set, now, changes)?))
}
