//! What a link opens: one place decides whether an invitation's link still counts.

use super::grant::RolesAndSubscriptions;
use crate::{
    change::{AccountChange, Change, Unavailable},
    model::{
        access::Administrator,
        account::Account,
        company::Company,
        invitation::Invitation,
        link::{LinkPurpose, Token},
    },
    port::Ports,
    value::{Timestamp, TokenSecret},
};

/// Everything that a link leads to, as it was read.
pub(super) struct ResolvedInvitationLink {
    pub(super) token: Token,
    pub(super) invitation: Invitation,
    pub(super) inviter: Option<Account>,
    pub(super) company: Option<Company>,
    access: RolesAndSubscriptions,
}

/// Reads what a link leads to; `None` where it leads nowhere.
pub(super) async fn load(ports: &Ports, secret: &TokenSecret) -> Result<Option<ResolvedInvitationLink>, Unavailable> {
    let store = &ports.store;
    let Some(token) = store.token_by_digest(&secret.digest()).await? else { return Ok(None) };
    let LinkPurpose::Invitation(id) = token.subject else { return Ok(None) };
    let Some(invitation) = store.invitation(id).await? else { return Ok(None) };
    let inviter = match invitation.inviter {
        Some(id) => store.account(id).await?,
        None => None,
    };
    let company = match invitation.company {
        Some(id) => store.company(id).await?,
        None => None,
    };
    let access = RolesAndSubscriptions::load(ports).await?;
    Ok(Some(ResolvedInvitationLink { token, invitation, inviter, company, access }))
}

impl ResolvedInvitationLink {
    /// Whether the link counts: unspent, unexpired, of the current generation, its invitation open, and its inviter still
    /// in a position to grant what it carries.
    pub(super) fn is_valid(&self, now: Timestamp) -> bool {
        self.token.is_live(now)
            && self.token.generation == self.invitation.generation
            && self.token.sent_to == self.invitation.email
            && self.invitation.is_open(now)
            && self.is_granted()
    }

    fn is_granted(&self) -> bool {
        let Some(company) = self.invitation.company else {
            // The invitation of the first operator comes from the person who runs the installation.
            return self.invitation.id == Invitation::SET_UP;
        };
        let Some(inviter) = self.inviter.as_ref().and_then(Administrator::by_roles) else { return false };
        inviter.may_administer(company) && self.access.grants(&self.invitation.roles, &self.invitation.subscriptions, &inviter)
    }

    /// The guards of a commit that lets somebody in by this link: whatever its counting stands on is still as it was read.
    pub(super) fn required(&self) -> Vec<Change> {
        // The invitation of the first operator has no inviter.
        let Some(inviter) = &self.inviter else { return Vec::new() };
        let mut required = self.access.required(&self.invitation.roles, &self.invitation.subscriptions);
        required.push(Change::Account(AccountChange::Require { id: inviter.id, version: inviter.version }));
        required
    }
}
