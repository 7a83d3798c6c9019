//! Looking invitations up.

use crate::{
    change::Unavailable,
    model::{access::Administrator, account::Account, company::Company, invitation::Invitation},
    port::{Cursor, InvitationFilter, InvitationQuery, InvitationSummary, Page, Ports},
    value::{InvitationId, Timestamp},
};

/// Lists the invitations that an administrator may see.
pub struct ListInvitations {
    ports: Ports,
}

impl ListInvitations {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// A part of the list, newest first, and the time it was read at. `limit` is brought between 1 and 200.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn run(
        &self,
        by: &Administrator,
        filter: Option<InvitationFilter>,
        address_prefix: Option<&str>,
        (after, limit): (Cursor<InvitationId>, u16),
    ) -> Result<(Page<InvitationSummary, InvitationId>, Timestamp), Unavailable> {
        let now = self.ports.clock.now();
        let query = InvitationQuery {
            scope: by.scope(),
            filter,
            address_prefix: address_prefix.map(|text| text.trim().to_ascii_lowercase()).filter(|text| !text.is_empty()),
            now,
            after,
            limit: limit.clamp(1, 200),
        };
        Ok((self.ports.store.invitations(&query).await?, now))
    }

    /// One invitation, and the time it was read at.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn one(&self, by: &Administrator, id: InvitationId) -> Result<Option<(InvitationSummary, Timestamp)>, Unavailable> {
        let now = self.ports.clock.now();
        let found = self.ports.store.invitation_summary(id).await?;
        Ok(found
            .filter(|summary| summary.invitation.company.is_some_and(|company| by.may_administer(company)))
            .map(|summary| (summary, now)))
    }

    /// Who sent an invitation, and to which company; nothing where that is not there any more.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn inviter_and_company(&self, invitation: &Invitation) -> Result<(Option<Account>, Option<Company>), Unavailable> {
        let inviter = match invitation.inviter {
            Some(id) => self.ports.store.account(id).await?,
            None => None,
        };
        let company = match invitation.company {
            Some(id) => self.ports.store.company(id).await?,
            None => None,
        };
        Ok((inviter, company))
    }
}
