//! Accepting the terms in force.

use super::{in_force, terms_standing};
use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, TermsChange, Unavailable},
    flow::{
        Fault,
        retry::{retry, taken},
    },
    model::{
        account::{Account, RequiredAction},
        audit::{Action, Actor, AuditEvent, NewEventIds, Subject},
        session::{Client, SignedIn},
        terms::{TermsAcceptance, TermsNumber, TermsStanding, TermsVersion, text_hash},
    },
    port::{IdSource, Ports},
    value::{ChangeSetId, Timestamp},
};

/// What a signed-in person agrees to.
#[derive(Clone, Debug)]
pub struct AcceptTermsCommand {
    /// The version that was shown.
    pub number: TermsNumber,
    /// Where the request came from.
    pub client: Client,
}

/// Why nothing was accepted.
#[derive(Debug, thiserror::Error)]
pub enum AcceptTermsError {
    /// Another version is in force.
    #[error("version {0} of the terms is in force: read it, and accept that one")]
    NotInForce(TermsNumber),
    /// Something else comes first.
    #[error("something else has to be done first")]
    First(RequiredAction),
    /// The account changed in the meantime.
    #[error("the account has just been changed: sign in again")]
    Conflict,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(AcceptTermsError);

/// Accepts the terms in force for the person who is signed in, and says how they stand to them.
pub struct AcceptTerms {
    ports: Ports,
}

struct NewIds {
    set: ChangeSetId,
    event: NewEventIds,
}

impl AcceptTerms {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// How the account stands to the terms.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn standing(&self, signed_in: &SignedIn) -> Result<TermsStanding, Unavailable> {
        terms_standing(&self.ports, signed_in.account.id, self.ports.clock.now()).await
    }

    /// Accepts. Accepted already, they stay accepted as they were.
    ///
    /// # Errors
    /// [`AcceptTermsError`]; nothing was changed.
    pub async fn run(&self, signed_in: &SignedIn, command: &AcceptTermsCommand) -> Result<(), AcceptTermsError> {
        let now = self.ports.clock.now();
        let id = signed_in.account.id;
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        retry(AcceptTermsError::Conflict, || async {
            let store = &self.ports.store;
            let account = store.account(id).await?.filter(Account::is_active).ok_or(AcceptTermsError::Conflict)?;
            let terms = in_force(&self.ports, now).await?;
            let accepted = store.newest_acceptance(id).await?;
            let fresh = NewIds { set: ids.id()?, event: ids.event()? };
            let Some(set) = decide(&account, &terms, accepted.as_ref(), command, now, &fresh)? else { return Ok(Some(())) };
            // Another tab was faster, or something else of the account was changed: it is read again.
            taken(store.commit(&set).await, ())
        })
        .await
    }
}

fn decide(
    account: &Account,
    terms: &TermsVersion,
    accepted: Option<&TermsAcceptance>,
    command: &AcceptTermsCommand,
    now: Timestamp,
    fresh: &NewIds,
) -> Result<Option<ChangeSet>, AcceptTermsError> {
    let is_required = account.required_actions.contains(&RequiredAction::AcceptTerms);
    if let Some(first) = account.required_actions.first().filter(|first| **first < RequiredAction::AcceptTerms) {
        return Err(AcceptTermsError::First(*first));
    }
    if command.number != terms.number {
        return Err(AcceptTermsError::NotInForce(terms.number));
    }
    let is_accepted = accepted.is_some_and(|accepted| accepted.number >= terms.number);
    if is_accepted && !is_required {
        return Ok(None);
    }
    let mut changes = vec![if is_required {
        Change::Account(AccountChange::Revise { account: account.with_terms_accepted(), by: None })
    } else {
        Change::Account(AccountChange::Require { id: account.id, version: account.version })
    }];
    if !is_accepted {
        changes.extend(agreed(account, terms, &command.client, now, &fresh.event)?);
    }
    Ok(Some(ChangeSet::new(fresh.set, now, changes)?))
}

/// The acceptance of what was shown, and its event. The text is that of the account's language, as pages and answers show it.
pub(crate) fn agreed(
    account: &Account,
    terms: &TermsVersion,
    client: &Client,
    now: Timestamp,
    fresh: &NewEventIds,
) -> Result<[Change; 2], Unavailable> {
    let (language, text) = terms.text_for(&account.language).ok_or_else(|| Unavailable::new("terms", "the terms have no text"))?;
    let actor = Actor::Account(account.id);
    let recorded = AuditEvent::new(fresh, now, Action::TermsAccepted, actor, Subject::Entry(terms.number.to_string()));
    Ok([
        Change::Terms(TermsChange::Accept(TermsAcceptance {
            account: account.id,
            number: terms.number,
            language: language.clone(),
            text_hash: text_hash(text),
            accepted_at: now,
        })),
        Change::Audit(AuditChange::Record(recorded.from_client(fresh, client))),
    ])
}
