//! Looking at what a link offers.

use std::collections::BTreeSet;

use super::link;
use crate::{
    change::{Change, ChangeSet, CommitError, InvitationChange, Unavailable},
    flow::{Fault, terms},
    model::terms::TermsVersion,
    port::{IdSource, Ports},
    value::{CompanyName, EmailAddress, Language, PersonName, RoleKey, SubscriptionKey, Timestamp, TokenSecret},
};

/// What a link offers.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The invited address; `None` in the invitation of the first operator, who says it.
    pub email: Option<EmailAddress>,
    /// First name, as far as the inviter knew it.
    pub first_name: Option<PersonName>,
    /// Last name, as far as the inviter knew it.
    pub last_name: Option<PersonName>,
    /// The inviting company.
    pub company: Option<CompanyName>,
    /// The inviter's full name.
    pub inviter: Option<String>,
    /// The language of the invitation.
    pub language: Language,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
    /// The terms to agree to.
    pub terms: TermsVersion,
    /// The roles that it gives.
    pub roles: BTreeSet<RoleKey>,
    /// The subscriptions that it gives.
    pub subscriptions: BTreeSet<SubscriptionKey>,
    /// How it can be accepted.
    pub way: Way,
    /// Until when an account that had the address before can have it back, by the undo of its change. Registering takes the address
    /// from it.
    pub address_undo_until: Option<Timestamp>,
}

crate::value::vocabulary! {
    /// How an invitation can be accepted: the holder of its link has its address, and may know.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Way {
        /// Nobody has an account with the address: by registering.
        Register = "register",
        /// The address has an account of that company: by signing in with it and agreeing.
        SignIn = "sign_in",
        /// The address has an account of another company: an account belongs to one, so there is no way.
        Elsewhere = "elsewhere",
    }
}

/// Who sent an invitation, as its mail said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitedBy {
    /// The inviter's full name.
    pub inviter: String,
    /// The company that the person is invited to.
    pub company: CompanyName,
}

/// Why there is nothing to see.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// The link is unknown, expired, used, revoked or replaced: a stranger is not told which. Its holder, who had the mail that says so, is
    /// told who sent the invitation: see [`PreviewInvitation::invited_by`].
    #[error("this link does not work any more")]
    DeadLink(Option<InvitedBy>),
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(PreviewError);

/// Shows what a link offers, and changes nothing but the time of the first opening.
pub struct PreviewInvitation {
    ports: Ports,
}

impl PreviewInvitation {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Looks, without a trace.
    ///
    /// # Errors
    /// [`PreviewError`]
    pub async fn run(&self, secret: &TokenSecret) -> Result<Preview, PreviewError> {
        Ok(self.look(secret).await?.1)
    }

    /// Looks, and notes when that is the first time.
    ///
    /// # Errors
    /// [`PreviewError`]
    pub async fn open(&self, secret: &TokenSecret) -> Result<Preview, PreviewError> {
        let (resolved, preview) = self.look(secret).await?;
        if resolved.invitation.opened_at.is_none() {
            let now = self.ports.clock.now();
            let ids = IdSource::new(now, self.ports.entropy.as_ref());
            let noted = Change::Invitation(InvitationChange::RecordFirstOpen { id: resolved.invitation.id, at: now });
            let set = ChangeSet::new(ids.id()?, now, vec![noted]).map_err(Unavailable::from)?;
            match self.ports.store.commit(&set).await {
                // Gone in the meantime: there is nothing left to note.
                Ok(()) | Err(CommitError::Rejected(_)) => {}
                Err(CommitError::Unavailable(error)) => return Err(error.into()),
            }
        }
        Ok(preview)
    }

    /// Who sent the invitation of a link, also of one that is dead: its holder had the mail that says so. `None` where the link never
    /// was, where it is for the first operator, or where the inviter's account is gone.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn invited_by(&self, secret: &TokenSecret) -> Result<Option<InvitedBy>, Unavailable> {
        Ok(link::load(&self.ports, secret).await?.as_ref().and_then(invited_by))
    }

    async fn look(&self, secret: &TokenSecret) -> Result<(link::ResolvedInvitationLink, Preview), PreviewError> {
        let now = self.ports.clock.now();
        let resolved = link::load(&self.ports, secret).await?.ok_or(PreviewError::DeadLink(None))?;
        if !resolved.is_valid(now) {
            return Err(PreviewError::DeadLink(invited_by(&resolved)));
        }
        let terms = terms::in_force(&self.ports, now).await?;
        let address = resolved.invitation.email.as_ref();
        let (account, address_undo_until) = match address {
            Some(address) => {
                let (store, canonical) = (&self.ports.store, address.canonical());
                (store.account_by_address(canonical).await?, store.address_undo_until(canonical, None, now).await?)
            }
            None => (None, None),
        };
        let way = match account {
            None => Way::Register,
            Some(account) if Some(account.company) == resolved.invitation.company => Way::SignIn,
            Some(_) => Way::Elsewhere,
        };
        let preview = Preview {
            email: resolved.invitation.email.clone(),
            first_name: resolved.invitation.first_name.clone(),
            last_name: resolved.invitation.last_name.clone(),
            company: resolved.company.as_ref().map(|company| company.name.clone()),
            inviter: resolved.inviter.as_ref().map(crate::model::account::Account::full_name),
            language: resolved.invitation.language.clone(),
            expires_at: resolved.invitation.expires_at,
            terms,
            roles: resolved.invitation.roles.clone(),
            subscriptions: resolved.invitation.subscriptions.clone(),
            way,
            address_undo_until,
        };
        Ok((resolved, preview))
    }
}

fn invited_by(resolved: &link::ResolvedInvitationLink) -> Option<InvitedBy> {
    if resolved.token.sent_to != resolved.invitation.email {
        return None;
    }
    let (inviter, company) = (resolved.inviter.as_ref()?, resolved.company.as_ref()?);
    Some(InvitedBy { inviter: inviter.full_name(), company: company.name.clone() })
}
