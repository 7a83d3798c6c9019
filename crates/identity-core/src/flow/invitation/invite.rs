//! Issuing an invitation.

use std::collections::BTreeSet;

use super::grant::RolesAndSubscriptions;
use crate::{
    change::{
        AccountChange, AuditChange, Change, ChangeSet, CommitError, Entity, InvitationChange, OutboxChange, Rejection, Unavailable,
    },
    flow::{
        Fault,
        retry::retry,
        throttle::{RateLimitedAction, RateLimits},
    },
    model::{
        Settings,
        access::Administrator,
        account::Account,
        audit::{Action, Actor, AuditEvent, NewEventIds, Subject},
        company::Company,
        invitation::{Invitation, InvitationState, NotPending},
        outbox::{InvitationMail, MailKind, OutboxMessage},
        session::Client,
    },
    port::{IdSource, Ports},
    value::{
        ChangeSetId, CompanyId, EmailAddress, InvitationId, Language, Lifetime, Note, OutboxMessageId, PersonName, RoleKey,
        SubscriptionKey, Timestamp,
    },
};

/// Whom to invite, to what.
#[derive(Clone, Debug)]
pub struct InviteCommand {
    /// Who is invited.
    pub email: EmailAddress,
    /// First name, if known.
    pub first_name: Option<PersonName>,
    /// Last name, if known.
    pub last_name: Option<PersonName>,
    /// The roles to give.
    pub roles: BTreeSet<RoleKey>,
    /// The subscriptions to give.
    pub subscriptions: BTreeSet<SubscriptionKey>,
    /// The language to write in; the installation's first where nothing is said.
    pub language: Option<Language>,
    /// The company; the inviter's own where nothing is said.
    pub company: Option<CompanyId>,
    /// How long the invitation lasts; the installation's default where nothing is said.
    pub lifetime: Option<Lifetime>,
    /// A few personal words.
    pub note: Option<Note>,
}

impl InviteCommand {
    /// Invites this address, with nothing else said.
    #[must_use]
    pub const fn new(email: EmailAddress) -> Self {
        Self {
            email,
            first_name: None,
            last_name: None,
            roles: BTreeSet::new(),
            subscriptions: BTreeSet::new(),
            language: None,
            company: None,
            lifetime: None,
            note: None,
        }
    }
}

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// The company does not exist, or the inviter may not act in it.
    #[error("there is no such company")]
    UnknownCompany,
    /// Roles that do not exist or that the inviter may not grant.
    #[error("you cannot grant these roles: {}", list(.0))]
    Roles(Vec<RoleKey>),
    /// Subscriptions that do not exist or that the inviter may not grant.
    #[error("you cannot grant these subscriptions: {}", list(.0))]
    Subscriptions(Vec<SubscriptionKey>),
    /// Pages and mails do not exist in that language.
    #[error("the language is not one of this installation")]
    Language,
    /// The invitation would last too long.
    #[error("an invitation lasts at most {0}")]
    Lifetime(Lifetime),
    /// The address is the inviter's own.
    #[error("you cannot invite yourself")]
    OwnAddress,
    /// The address has an account of that company, which is disabled.
    #[error("this person's account is disabled: enable it instead")]
    AccountDisabled,
    /// No operator trusts the company yet, and the invitation carries a note.
    #[error("your company is new: leave the note out until the operator trusts the company")]
    Note,
    /// The inviter's account or the pending invitation changed in the meantime.
    #[error("this has just been changed by somebody else: try again")]
    Conflict,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

fn list<T: std::fmt::Display>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

crate::flow::error::fault_from!(InviteError);

/// The outcome cannot be reached from a pending invitation that is not pending: the store was asked for pending ones.
impl From<NotPending> for InviteError {
    fn from(_: NotPending) -> Self {
        Self::Conflict
    }
}

/// What the decision is made from.
struct State {
    company: Option<Company>,
    pending: Option<Invitation>,
    account: Option<Account>,
    access: RolesAndSubscriptions,
}

impl State {
    fn limits(&self, inviter: &Administrator, settings: &Settings) -> RateLimits {
        match &self.company {
            Some(company) => limits_of(company, inviter, settings),
            None => RateLimits::none(),
        }
    }
}

/// The permits that an invitation of a company takes in its commit, beside those of its inviter.
pub(super) fn limits_of(company: &Company, inviter: &Administrator, settings: &Settings) -> RateLimits {
    if company.bounds_invitations_by(inviter) {
        RateLimits::of(RateLimitedAction::InviteToUntrusted(company.id), &Client::default(), &settings.throttle)
    } else {
        RateLimits::none()
    }
}

struct NewIds {
    set: ChangeSetId,
    invitation: InvitationId,
    message: OutboxMessageId,
    issued: NewEventIds,
    superseded: NewEventIds,
}

/// Issues an invitation and queues its mail. Whether the address has an account elsewhere decides nothing: the answer tells nobody, and
/// what the link leads to is decided when it is opened. A pending invitation of the same company for the same address is superseded.
pub struct Invite {
    ports: Ports,
    settings: std::sync::Arc<Settings>,
}

impl Invite {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: std::sync::Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Invites.
    ///
    /// # Errors
    /// [`InviteError`]; nothing was changed and no mail will be sent.
    pub async fn run(&self, inviter: &Administrator, command: &InviteCommand) -> Result<Invitation, InviteError> {
        let now = self.ports.clock.now();
        let action = RateLimitedAction::Invite(inviter.account().id);
        RateLimits::of(action, &Client::default(), &self.settings.throttle).consume(&self.ports, now).await?;
        retry(InviteError::Conflict, || async {
            let state = self.load(inviter, command).await?;
            let ids = IdSource::new(now, self.ports.entropy.as_ref());
            let fresh = NewIds {
                set: ids.id()?,
                invitation: ids.id()?,
                message: ids.id()?,
                issued: ids.event()?,
                superseded: ids.event()?,
            };
            let limits = state.limits(inviter, &self.settings);
            let (invitation, set) = decide(state, inviter, command, &self.settings, (now, &limits), &fresh)?;
            match self.ports.store.commit(&set).await {
                Ok(()) => Ok(Some(invitation)),
                Err(CommitError::Rejected(Rejection::Throttled)) => Err(limits.exceeded(&self.ports, now).await?.into()),
                // Another administrator was faster with the same address, or an operator with the roles: it is read again.
                Err(CommitError::Rejected(
                    Rejection::InvitationPending | Rejection::Changed(Entity::Invitation | Entity::Role | Entity::Subscription),
                )) => Ok(None),
                Err(CommitError::Rejected(_)) => Err(InviteError::Conflict),
                Err(CommitError::Unavailable(error)) => Err(error.into()),
            }
        })
        .await
    }

    async fn load(&self, inviter: &Administrator, command: &InviteCommand) -> Result<State, Unavailable> {
        let store = &self.ports.store;
        let company = command.company.unwrap_or(inviter.account().company);
        Ok(State {
            company: store.company(company).await?,
            pending: store.pending_invitation(company, command.email.canonical()).await?,
            account: store.account_by_address(command.email.canonical()).await?,
            access: RolesAndSubscriptions::load(&self.ports).await?,
        })
    }
}

fn decide(
    state: State,
    inviter: &Administrator,
    command: &InviteCommand,
    settings: &Settings,
    (now, limits): (Timestamp, &RateLimits),
    fresh: &NewIds,
) -> Result<(Invitation, ChangeSet), InviteError> {
    let company = state.company.filter(|company| inviter.may_administer(company.id)).ok_or(InviteError::UnknownCompany)?;
    let refused = state.access.refused_roles(&command.roles, inviter);
    if !refused.is_empty() {
        return Err(InviteError::Roles(refused));
    }
    let refused = state.access.refused_subscriptions(&command.subscriptions, inviter);
    if !refused.is_empty() {
        return Err(InviteError::Subscriptions(refused));
    }
    let language = match &command.language {
        Some(language) => settings.spoken(language).ok_or(InviteError::Language)?,
        None => settings.default_language(),
    };
    let lifetime = command.lifetime.unwrap_or(settings.invitation_lifetime);
    if lifetime > settings.max_invitation_lifetime {
        return Err(InviteError::Lifetime(settings.max_invitation_lifetime));
    }
    if command.email.canonical() == inviter.account().email.canonical() {
        return Err(InviteError::OwnAddress);
    }
    // Administrators of a company see its accounts: this tells them nothing new.
    if state.account.is_some_and(|account| account.company == company.id && !account.is_active()) {
        return Err(InviteError::AccountDisabled);
    }
    if command.note.is_some() && company.bounds_invitations_by(inviter) {
        return Err(InviteError::Note);
    }
    let actor = inviter.account();
    let invitation = Invitation {
        id: fresh.invitation,
        company: Some(company.id),
        inviter: Some(actor.id),
        email: Some(command.email.clone()),
        first_name: command.first_name.clone(),
        last_name: command.last_name.clone(),
        roles: command.roles.clone(),
        subscriptions: command.subscriptions.clone(),
        language: language.clone(),
        note: command.note.clone(),
        lifetime,
        starts_at_sending: true,
        expires_at: lifetime.from(now),
        state: InvitationState::Pending,
        generation: 1,
        created_at: now,
        opened_at: None,
        renewal_requested_at: None,
        account: None,
        version: 1,
    };
    let kind = MailKind::Invitation(InvitationMail::Invited { invitation: invitation.id, generation: invitation.generation });
    let event = |fresh: &NewEventIds, action, id| {
        AuditEvent::new(fresh, now, action, Actor::Account(actor.id), Subject::Invitation(id)).concerning(fresh, &command.email)
    };
    let mut changes = vec![
        Change::Account(AccountChange::Require { id: actor.id, version: actor.version }),
        Change::Invitation(InvitationChange::Issue(invitation.clone())),
        Change::Outbox(OutboxChange::Queue(OutboxMessage::queue(fresh.message, command.email.clone(), language, kind, now))),
        Change::Audit(AuditChange::Record(event(&fresh.issued, Action::InvitationIssued, invitation.id))),
    ];
    changes.extend(state.access.required(&command.roles, &command.subscriptions));
    changes.extend(limits.changes(now));
    if let Some(older) = state.pending {
        changes.push(Change::Invitation(InvitationChange::Advance(older.superseded()?)));
        changes.push(Change::Audit(AuditChange::Record(event(&fresh.superseded, Action::InvitationSuperseded, older.id))));
    }
    Ok((invitation, ChangeSet::new(fresh.set, now, changes)?))
}
