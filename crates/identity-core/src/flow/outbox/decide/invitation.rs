//! Mails about invitations.

use std::collections::BTreeSet;

use super::{Decider, Decision, Undecided};
use crate::{
    change::{Change, InvitationChange, LinkChange},
    model::{
        access::Administrator,
        audit::Subject,
        invitation::{Invitation, InvitationState},
        link::{Generation, LinkPurpose},
        outbox::{EmailContent, InvitationEmail, InvitationMail},
    },
    value::{AccessText, InvitationId, RoleKey, SubscriptionKey, TokenKind},
};

impl Decider<'_> {
    pub(super) async fn about_invitation(&self, kind: InvitationMail) -> Result<Decision, Undecided> {
        match kind {
            InvitationMail::Invited { invitation, generation } => self.invitation(invitation, generation).await,
            InvitationMail::RenewalRequested { invitation } => self.renewal(invitation).await,
            InvitationMail::AccessGranted { invitation } => self.access_granted(invitation).await,
            InvitationMail::Accepted { invitation } => self.accepted(invitation).await,
        }
    }

    async fn invitation(&self, id: InvitationId, generation: Generation) -> Result<Decision, Undecided> {
        let found = self.ports.store.invitation(id).await?;
        let current = |found: &Invitation| found.state == InvitationState::Pending && found.generation == generation;
        match found.filter(current) {
            Some(found) => {
                let permit = found.email.as_ref().and_then(|email| self.administrators_permit(email));
                self.invite(&found, permit).await
            }
            None => Ok(Decision::Drop),
        }
    }

    /// The mail of an invitation, with a link of its own. The permit is of the person who caused the mail.
    pub(super) async fn invite(&self, invitation: &Invitation, permit: Option<Change>) -> Result<Decision, Undecided> {
        let store = &self.ports.store;
        let (Some(company), Some(inviter), Some(email)) = (invitation.company, invitation.inviter, &invitation.email) else {
            return Ok(Decision::Drop);
        };
        let (Some(company), Some(inviter)) = (store.company(company).await?, store.account(inviter).await?) else {
            return Ok(Decision::Drop);
        };
        // An inviter who was disabled or demoted since leaves no working invitation behind.
        if !Administrator::by_roles(&inviter).is_some_and(|inviter| inviter.may_administer(company.id)) {
            return Ok(Decision::Drop);
        }
        // Who has an account there is asked to sign in and agree; where that is switched off, nobody could.
        let account = store.account_by_address(email.canonical()).await?.filter(|account| account.company == company.id);
        if account.as_ref().is_some_and(|account| !account.is_active()) {
            return Ok(Decision::Drop);
        }
        let offered = match &account {
            Some(_) => self.names(&invitation.roles, &invitation.subscriptions).await?,
            None => Vec::new(),
        };
        let Some(next) = invitation.sending(self.now).ok().filter(|next| next.expires_at > self.now) else {
            return Ok(Decision::Drop);
        };
        let secret = self.ids().secret(TokenKind::Invitation)?;
        let expires_at = next.expires_at;
        let subject = (LinkPurpose::Invitation(invitation.id), invitation.generation);
        let token = self.token(&secret, subject, email, expires_at);
        let changes = [Change::Invitation(InvitationChange::Advance(next)), Change::Link(LinkChange::Issue(token))]
            .into_iter()
            .chain(permit)
            .collect();
        if !self.commit(Subject::Invitation(invitation.id), changes).await? {
            return Ok(Decision::Drop);
        }
        let inviter_name = inviter.full_name();
        // A person whom no operator knows could write anything as a name.
        let first_name = invitation.first_name.clone().filter(|_| company.is_trusted);
        let (company, note) = (company.name, invitation.note.clone());
        Ok(match account {
            Some(account) => {
                let content = EmailContent::Invitation(InvitationEmail::AccessOffered {
                    first_name: account.first_name.clone(),
                    inviter: inviter_name,
                    inviter_address: inviter.email,
                    company,
                    offered,
                    note,
                    secret,
                    expires_at,
                });
                self.mail_at(email.clone(), &account, content)
            }
            None => {
                let content = EmailContent::Invitation(InvitationEmail::Invited {
                    first_name,
                    inviter: inviter_name,
                    inviter_address: inviter.email,
                    company,
                    note,
                    secret,
                    expires_at,
                });
                self.mail_to(email.clone(), invitation.language.clone(), content)
            }
        })
    }

    /// What roles and subscriptions are called.
    async fn names(
        &self,
        roles: &BTreeSet<RoleKey>,
        subscriptions: &BTreeSet<SubscriptionKey>,
    ) -> Result<Vec<AccessText>, Undecided> {
        let store = &self.ports.store;
        let named = store.roles().await?.into_iter().filter(|role| roles.contains(&role.key)).map(|role| role.name);
        let subscribed = store.subscriptions().await?.into_iter().filter(|entry| subscriptions.contains(&entry.key));
        Ok(named.chain(subscribed.map(|entry| entry.name)).collect())
    }

    async fn access_granted(&self, id: InvitationId) -> Result<Decision, Undecided> {
        let store = &self.ports.store;
        let Some(invitation) = store.invitation(id).await? else { return Ok(Decision::Drop) };
        let (Some(account), Some(inviter)) = (invitation.account, invitation.inviter) else { return Ok(Decision::Drop) };
        let (Some(account), Some(inviter)) = (store.account(account).await?, store.account(inviter).await?) else {
            return Ok(Decision::Drop);
        };
        let granted = self.names(&invitation.roles, &invitation.subscriptions).await?;
        let granted_at = self.message.queued_at;
        let (first_name, inviter) = (account.first_name.clone(), inviter.full_name());
        Ok(self.mail_for(
            &account,
            EmailContent::Invitation(InvitationEmail::AccessGranted { first_name, inviter, granted, granted_at }),
        ))
    }

    async fn renewal(&self, id: InvitationId) -> Result<Decision, Undecided> {
        let store = &self.ports.store;
        let Some(invitation) = store.invitation(id).await? else { return Ok(Decision::Drop) };
        let (Some(company), Some(invitee)) = (invitation.company, invitation.email) else { return Ok(Decision::Drop) };
        let (Some(company), Some(asked)) = (store.company(company).await?, self.reader().await?) else { return Ok(Decision::Drop) };
        // Somebody who was disabled or demoted since cannot invite any more, and learns nothing.
        if !Administrator::by_roles(&asked).is_some_and(|asked| asked.may_administer(company.id)) {
            return Ok(Decision::Drop);
        }
        Ok(self.mail_for(&asked, EmailContent::Invitation(InvitationEmail::RenewalRequested { invitee, company: company.name })))
    }

    /// To the inviter, as long as they may see who is in.
    async fn accepted(&self, id: InvitationId) -> Result<Decision, Undecided> {
        let store = &self.ports.store;
        let Some(invitation) = store.invitation(id).await? else { return Ok(Decision::Drop) };
        let (Some(company), Some(opened)) = (invitation.company, invitation.account) else { return Ok(Decision::Drop) };
        let (Some(company), Some(person)) = (store.company(company).await?, store.account(opened).await?) else {
            return Ok(Decision::Drop);
        };
        let Some(inviter) = self.reader().await? else { return Ok(Decision::Drop) };
        if !Administrator::by_roles(&inviter).is_some_and(|inviter| inviter.may_administer(company.id)) {
            return Ok(Decision::Drop);
        }
        let content = EmailContent::Invitation(InvitationEmail::Accepted {
            name: person.full_name(),
            address: person.email,
            company: company.name,
        });
        Ok(self.mail_for(&inviter, content))
    }
}
