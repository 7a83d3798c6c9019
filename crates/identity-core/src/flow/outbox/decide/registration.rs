//! Mails about registrations.

use super::{Decider, Decision, Undecided};
use crate::{
    change::{Change, LinkChange, RegistrationChange},
    flow::registration::{activation, admit},
    model::{
        account::Account,
        audit::Subject,
        invitation::Invitation,
        link::Generation,
        outbox::{EmailContent, RegistrationEmail, RegistrationMail},
        registration::{IssuedCode, Registration, RegistrationState},
    },
    value::{RegistrationId, TokenKind},
};

/// What counts the mails that follow from a sign-up.
const KIND: &str = "activation";

/// What an address has already.
enum Instead {
    Account(Box<Account>),
    Invitation(Box<Invitation>),
}

impl Decider<'_> {
    pub(super) async fn about_registration(&self, kind: RegistrationMail) -> Result<Decision, Undecided> {
        match kind {
            RegistrationMail::Activation { registration, generation } => self.activation(registration, generation).await,
            RegistrationMail::ActivationAgain => self.activation_again().await,
            RegistrationMail::Waits { registration } => self.registration_waits(registration).await,
            RegistrationMail::Approved { registration } => self.registration_approved(registration).await,
            RegistrationMail::Rejected { registration } => self.registration_rejected(registration).await,
        }
    }

    /// Somebody signed up, or asked for the mail again by the flow of the sign-up.
    async fn activation(&self, id: RegistrationId, generation: Generation) -> Result<Decision, Undecided> {
        let found = self.ports.store.registration(id).await?;
        let Some(found) = found.filter(|found| found.is_open(self.now) && found.generation == generation) else {
            return Ok(Decision::Drop);
        };
        if admit(self.ports, &self.settings.registration, &found.email).is_err() {
            return Ok(Decision::Drop);
        }
        self.activate(&found, true).await
    }

    /// Somebody who knows the address asked for the mail again.
    async fn activation_again(&self) -> Result<Decision, Undecided> {
        let email = &self.message.to;
        if admit(self.ports, &self.settings.registration, email).is_err() {
            return Ok(Decision::Drop);
        }
        match self.ports.store.newest_registration(email.canonical(), RegistrationState::Requested, self.now).await? {
            Some(found) => self.activate(&found, false).await,
            None => match self.instead(email.canonical()).await? {
                Some(instead) => self.send_instead(instead, self.permit(KIND, email)).await,
                None => Ok(Decision::Drop),
            },
        }
    }

    async fn activate(&self, registration: &Registration, by_flow: bool) -> Result<Decision, Undecided> {
        let settings = &self.settings.registration;
        let ids = self.ids();
        let instead = self.instead(registration.email.canonical()).await?;
        let code = if by_flow && settings.verification.has_code() {
            let code = ids.code()?;
            let hash = self.ports.hasher.hash_code(&code, ids.salt()?).await?;
            Some((code, IssuedCode { hash, expires_at: settings.code_lifetime.from(self.now) }))
        } else {
            None
        };
        let is_sent = instead.is_none() && settings.verification.has_link();
        let link = if is_sent { Some(ids.secret(TokenKind::Activation)?) } else { None };
        let lifetime_ends = settings.lifetime.from(self.now);
        let Ok(next) = registration.sending(lifetime_ends) else { return Ok(Decision::Drop) };
        // The same is written whatever follows, and a code minted: nobody can tell by the sign-up's page, or by trying codes, which
        // mail went out.
        let minted = code.as_ref().map(|(_, issued)| {
            Change::Registration(RegistrationChange::ReplaceCode {
                id: registration.id,
                from: registration.code.as_ref().map(|code| code.hash.clone()),
                to: Some(issued.clone()),
            })
        });
        let issued = link.as_ref().map(|link| Change::Link(LinkChange::Issue(activation(registration, link, settings, self.now))));
        let changes = [Change::Registration(RegistrationChange::Advance(next))].into_iter().chain(minted).chain(issued);
        let changes = changes.chain(self.permit(KIND, &registration.email)).collect();
        if !self.commit(Subject::Registration(registration.id), changes).await? {
            return Ok(Decision::Drop);
        }
        match instead {
            Some(instead) => self.send_instead(instead, None).await,
            None if link.is_none() && code.is_none() => Ok(Decision::Drop),
            None => {
                let content = EmailContent::Registration(RegistrationEmail::Activation {
                    link: link.map(|link| (link, lifetime_ends)),
                    code: code.map(|(code, issued)| (code, issued.expires_at)),
                });
                Ok(self.mail_to(registration.email.clone(), registration.language.clone(), content))
            }
        }
    }

    /// What an address has in whose place no activation mail goes out.
    async fn instead(&self, canonical: &str) -> Result<Option<Instead>, Undecided> {
        if let Some(account) = self.ports.store.account_by_address(canonical).await? {
            return Ok(Some(Instead::Account(Box::new(account))));
        }
        let invitation = self.ports.store.open_invitation(canonical, self.now).await?;
        Ok(invitation.map(|invitation| Instead::Invitation(Box::new(invitation))))
    }

    async fn send_instead(&self, instead: Instead, permit: Option<Change>) -> Result<Decision, Undecided> {
        match instead {
            Instead::Account(account) => {
                let has_permit =
                    permit.is_none() || self.commit(Subject::Account(account.id), permit.into_iter().collect()).await?;
                if !has_permit || !account.is_active() {
                    return Ok(Decision::Drop);
                }
                let content =
                    EmailContent::Registration(RegistrationEmail::AlreadyRegistered { first_name: account.first_name.clone() });
                Ok(self.mail_at(account.email.clone(), &account, content))
            }
            Instead::Invitation(invitation) => self.invite(&invitation, permit).await,
        }
    }

    async fn registration_waits(&self, id: RegistrationId) -> Result<Decision, Undecided> {
        let found = self.ports.store.registration(id).await?;
        let found = found.filter(|found| found.state == RegistrationState::AwaitingApproval);
        let asked = self.reader().await?.filter(|asked| asked.is_active() && asked.is_operator());
        let Some((found, asked)) = found.zip(asked) else { return Ok(Decision::Drop) };
        let (name, address, company) = (found.full_name(), found.email, found.company_name);
        Ok(self.mail_for(&asked, EmailContent::Registration(RegistrationEmail::Waits { name, address, company })))
    }

    async fn registration_approved(&self, id: RegistrationId) -> Result<Decision, Undecided> {
        let found = self.ports.store.registration(id).await?;
        let Some(found) = found.filter(|found| found.state == RegistrationState::Completed) else { return Ok(Decision::Drop) };
        let content = EmailContent::Registration(RegistrationEmail::Approved { first_name: found.first_name });
        Ok(match self.reader().await? {
            Some(reader) => self.mail_for(&reader, content),
            None => self.mail_to(self.message.to.clone(), self.message.language.clone(), content),
        })
    }

    async fn registration_rejected(&self, id: RegistrationId) -> Result<Decision, Undecided> {
        let found = self.ports.store.registration(id).await?.filter(|found| found.state == RegistrationState::Rejected);
        // A person who is in by another registration is not told that they are not.
        let is_in = self.ports.store.account_by_address(self.message.to.canonical()).await?.is_some();
        Ok(match found.filter(|_| !is_in) {
            Some(found) => {
                let content = EmailContent::Registration(RegistrationEmail::Rejected { first_name: found.first_name });
                self.mail_to(self.message.to.clone(), self.message.language.clone(), content)
            }
            None => Decision::Drop,
        })
    }
}
