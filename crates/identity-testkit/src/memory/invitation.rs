//! The rows of invitations.

use async_trait::async_trait;
use identity_core::{
    change::{Entity, InvitationChange, Rejection, Unavailable},
    model::{
        access::Scope,
        invitation::{Invitation, InvitationState},
        outbox::{InvitationMail, MailKind},
    },
    port::{Cursor, Delivery, InvitationFilter, InvitationQuery, InvitationReads, InvitationSummary, Page},
    value::{AccountId, CompanyId, InvitationId, Timestamp},
};

use super::{MemoryStore, Persist, guard::insert, state::State};

impl State {
    pub(super) fn apply_to_invitation(&mut self, change: &InvitationChange) -> Result<(), Rejection> {
        match change.clone() {
            InvitationChange::Issue(invitation) => {
                self.invitation_is_possible(&invitation)?;
                insert(&mut self.invitations, invitation.id, invitation, Entity::Invitation)
            }
            InvitationChange::Advance(next) => self.advance_invitation(next),
            InvitationChange::RecordFirstOpen { id, at } => {
                let invitation = self.invitations.get_mut(&id).ok_or(Rejection::Changed(Entity::Invitation))?;
                invitation.opened_at.get_or_insert(at);
                Ok(())
            }
        }
    }

    fn invitation_is_possible(&self, invitation: &Invitation) -> Result<(), Rejection> {
        if let Some((company, email)) = invitation.company.zip(invitation.email.as_ref()) {
            let same = |other: &Invitation| {
                other.state == InvitationState::Pending
                    && other.company == Some(company)
                    && other.email.as_ref().is_some_and(|other| other.canonical() == email.canonical())
            };
            if self.invitations.values().any(same) {
                return Err(Rejection::InvitationPending);
            }
        }
        if invitation.company.is_none_or(|company| self.companies.contains_key(&company)) {
            Ok(())
        } else {
            Err(Rejection::Orphaned(Entity::Invitation))
        }
    }

    fn advance_invitation(&mut self, next: Invitation) -> Result<(), Rejection> {
        let before = next.version.saturating_sub(1);
        let stored = self
            .invitations
            .get_mut(&next.id)
            .filter(|stored| stored.version == before)
            .ok_or(Rejection::Changed(Entity::Invitation))?;
        *stored = Invitation { opened_at: stored.opened_at, ..next };
        Ok(())
    }

    fn summary(&self, invitation: &Invitation) -> InvitationSummary {
        let newest = self
            .messages
            .values()
            .rev()
            .find(|message| matches!(message.kind, MailKind::Invitation(InvitationMail::Invited { invitation: about, .. }) if about == invitation.id));
        InvitationSummary {
            invitation: invitation.clone(),
            delivery: newest.map(|message| Delivery {
                message: message.id,
                state: message.state.clone(),
                attempts: message.attempts,
                last_error: message.last_error.clone(),
                settled_at: message.settled_at,
            }),
        }
    }
}

fn is_asked_for(invitation: &Invitation, query: &InvitationQuery) -> bool {
    let in_scope = match query.scope {
        Scope::Everywhere => invitation.company.is_some(),
        Scope::Company(company) => invitation.company == Some(company),
    };
    let in_filter = match query.filter {
        None => true,
        Some(InvitationFilter::Pending) => invitation.is_open(query.now),
        Some(InvitationFilter::Expired) => invitation.is_expired(query.now),
        Some(InvitationFilter::Ended(state)) => invitation.state == state,
    };
    let by_address = query
        .address_prefix
        .as_ref()
        .is_none_or(|prefix| invitation.email.as_ref().is_some_and(|email| email.canonical().starts_with(prefix.as_str())));
    in_scope && in_filter && by_address
}

/// In the order of the list, what comes after the cursor.
fn listed<'a>(asked_for: impl DoubleEndedIterator<Item = &'a Invitation>, query: &InvitationQuery) -> Vec<&'a Invitation> {
    if query.address_prefix.is_none() {
        return asked_for.rev().filter(|invitation| query.after.is_none_or(|after| invitation.id < after)).collect();
    }
    let mut by_address = asked_for.collect::<Vec<_>>();
    // Oldest first as they come, which a stable order keeps.
    by_address.sort_by_key(|invitation| invitation.email.as_ref().map(|email| email.canonical().to_owned()));
    match query.after {
        None => by_address,
        Some(after) => by_address.into_iter().skip_while(|invitation| invitation.id != after).skip(1).collect(),
    }
}

#[async_trait]
impl<P: Persist> InvitationReads for MemoryStore<P> {
    async fn invitation(&self, id: InvitationId) -> Result<Option<Invitation>, Unavailable> {
        Ok(self.read("invitation")?.invitations.get(&id).cloned())
    }

    async fn invitation_summary(&self, id: InvitationId) -> Result<Option<InvitationSummary>, Unavailable> {
        let state = self.read("invitation_summary")?;
        Ok(state.invitations.get(&id).map(|invitation| state.summary(invitation)))
    }

    async fn pending_invitation(&self, company: CompanyId, canonical: &str) -> Result<Option<Invitation>, Unavailable> {
        let is_it = |invitation: &&Invitation| {
            invitation.state == InvitationState::Pending
                && invitation.company == Some(company)
                && invitation.email.as_ref().is_some_and(|email| email.canonical() == canonical)
        };
        Ok(self.read("pending_invitation")?.invitations.values().find(is_it).cloned())
    }

    async fn open_invitation(&self, canonical: &str, now: Timestamp) -> Result<Option<Invitation>, Unavailable> {
        let is_it = |invitation: &&Invitation| {
            invitation.is_open(now) && invitation.email.as_ref().is_some_and(|email| email.canonical() == canonical)
        };
        Ok(self.read("open_invitation")?.invitations.values().rev().find(is_it).cloned())
    }

    async fn invitations(&self, query: &InvitationQuery) -> Result<Page<InvitationSummary, InvitationId>, Unavailable> {
        let state = self.read("invitations")?;
        let asked_for = state.invitations.values().filter(|invitation| is_asked_for(invitation, query));
        let mut found = listed(asked_for, query).into_iter();
        let items = found.by_ref().take(query.limit.into()).map(|invitation| state.summary(invitation)).collect::<Vec<_>>();
        let next = found.next().and(items.last()).map(|summary| summary.invitation.id);
        Ok(Page { items, next })
    }

    async fn invitations_received(&self, account: AccountId, canonical: &str) -> Result<Vec<Invitation>, Unavailable> {
        let is_one = |invitation: &&Invitation| {
            invitation.account == Some(account) || invitation.email.as_ref().is_some_and(|email| email.canonical() == canonical)
        };
        Ok(self.read("invitations_received")?.invitations.values().filter(is_one).cloned().collect())
    }

    async fn invitations_sent(
        &self,
        inviter: AccountId,
        after: Cursor<InvitationId>,
        limit: u16,
    ) -> Result<Page<Invitation, InvitationId>, Unavailable> {
        let state = self.read("invitations_sent")?;
        let sent = state.invitations.values().rev().filter(|invitation| invitation.inviter == Some(inviter));
        let mut found = sent.filter(|invitation| after.is_none_or(|after| invitation.id < after));
        let items = found.by_ref().take(limit.into()).cloned().collect::<Vec<_>>();
        let next = found.next().and(items.last()).map(|invitation| invitation.id);
        Ok(Page { items, next })
    }
}
