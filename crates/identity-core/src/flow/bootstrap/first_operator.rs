//! The link of the first operator.

use std::{collections::BTreeSet, sync::Arc};

use crate::{
    change::{AuditChange, Change, ChangeSet, CommitError, InvitationChange, LinkChange},
    flow::{Fault, retry::retry},
    model::{
        Settings,
        audit::{Action, Actor, AuditEvent, Subject},
        invitation::{Invitation, InvitationState},
        link::{LinkPurpose, Token},
    },
    port::{IdSource, Ports},
    value::{RoleKey, Timestamp, TokenKind, TokenSecret},
};

/// Why there is no link.
#[derive(Debug, thiserror::Error)]
pub enum FirstOperatorError {
    /// Another process made one at the same time; its link counts.
    #[error("another process has just made a link for the first operator: use that one, or try again")]
    Conflict,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(FirstOperatorError);

/// Makes the link by which the first operator registers, while there is none. Older links die.
pub struct FirstOperator {
    ports: Ports,
    settings: Arc<Settings>,
}

impl FirstOperator {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// The secret of a fresh link; `None` where an active account holds the role of an operator.
    ///
    /// # Errors
    /// [`FirstOperatorError`]; older links still work.
    pub async fn run(&self) -> Result<Option<TokenSecret>, FirstOperatorError> {
        retry(FirstOperatorError::Conflict, || async {
            match self.once().await {
                // Another process that starts was faster, or the first operator registered this very moment.
                Err(FirstOperatorError::Conflict) => Ok(None),
                ended => ended.map(Some),
            }
        })
        .await
    }

    async fn once(&self) -> Result<Option<TokenSecret>, FirstOperatorError> {
        // In this order: an operator who registers in between is seen, or has changed what stood.
        let standing = self.ports.store.invitation(Invitation::SET_UP).await?;
        if self.ports.store.first_account_with_role(&RoleKey::operator(), None).await?.is_some() {
            return Ok(None);
        }
        let now = self.ports.clock.now();
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let secret = ids.secret(TokenKind::Invitation)?;
        let (invitation, change) = match standing {
            Some(standing) => {
                let next = standing.reopened_for_set_up(now);
                (next.clone(), Change::Invitation(InvitationChange::Advance(next)))
            }
            None => {
                let first = self.first(now);
                (first.clone(), Change::Invitation(InvitationChange::Issue(first)))
            }
        };
        let token = Token {
            id: secret.id(),
            digest: secret.digest(),
            subject: LinkPurpose::Invitation(invitation.id),
            generation: invitation.generation,
            sent_to: None,
            issued_at: now,
            expires_at: invitation.expires_at,
            spent_at: None,
        };
        let event = ids.event()?;
        let recorded =
            AuditEvent::new(&event, now, Action::FirstOperatorLinkCreated, Actor::System, Subject::Invitation(invitation.id));
        let set = ChangeSet::new(
            ids.id()?,
            now,
            vec![change, Change::Link(LinkChange::Issue(token)), Change::Audit(AuditChange::Record(recorded))],
        )?;
        match self.ports.store.commit(&set).await {
            Ok(()) => Ok(Some(secret)),
            Err(CommitError::Rejected(_)) => Err(FirstOperatorError::Conflict),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }

    fn first(&self, now: Timestamp) -> Invitation {
        let lifetime = self.settings.invitation_lifetime;
        Invitation {
            id: Invitation::SET_UP,
            company: None,
            inviter: None,
            email: None,
            first_name: None,
            last_name: None,
            roles: BTreeSet::from([RoleKey::operator()]),
            subscriptions: BTreeSet::new(),
            language: self.settings.default_language(),
            note: None,
            lifetime,
            starts_at_sending: false,
            expires_at: lifetime.from(now),
            state: InvitationState::Pending,
            generation: 1,
            created_at: now,
            opened_at: None,
            renewal_requested_at: None,
            account: None,
            version: 1,
        }
    }
}
