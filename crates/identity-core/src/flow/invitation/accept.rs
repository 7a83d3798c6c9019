//! Registering by invitation.

use std::{ops::ControlFlow, sync::Arc};

use super::link;
use crate::{
    change::{
        AccountChange, AuditChange, Change, ChangeSet, CommitError, CompanyChange, InvitationChange, LinkChange, OutboxChange,
        Rejection, TermsChange, Unavailable,
    },
    flow::{
        Fault,
        retry::retry_from,
        session::attempt,
        submission::{self, Judged, Refusal, Submission},
        terms,
        throttle::{RateLimitedAction, RateLimits},
    },
    model::{
        Settings,
        account::{Account, CustomFieldValues, NewAccount},
        audit::{Action, Actor, AuditEvent, NewEventIds, Subject},
        company::Company,
        custom_field::{FieldPlace, RawInput},
        invitation::NotPending,
        outbox::{InvitationMail, MailKind, OutboxMessage},
        password::{AcceptedPassword, Candidate, Password, PasswordHash},
        session::Client,
        terms::{TermsAcceptance, TermsNumber, TermsVersion, text_hash},
    },
    port::{IdSource, Ports},
    value::{
        AccountId, CompanyId, CompanyName, EmailAddress, Language, OutboxMessageId, PersonName, TimeZone, Timestamp, TokenKind,
        TokenSecret,
    },
};

/// What the invitee submits.
#[derive(Debug)]
pub struct AcceptCommand {
    /// The secret of the link.
    pub secret: TokenSecret,
    /// The address; only of the first operator, ignored where the invitation names one.
    pub email: Option<EmailAddress>,
    /// The first company's name; only of the first operator.
    pub company_name: Option<CompanyName>,
    /// First name.
    pub first_name: PersonName,
    /// Last name.
    pub last_name: PersonName,
    /// The password.
    pub password: Candidate,
    /// The password again.
    pub password_confirmation: Candidate,
    /// The version of the terms that was shown and agreed to.
    pub accepted_terms: Option<TermsNumber>,
    /// The language of the page; the invitation's where nothing is said.
    pub language: Option<Language>,
    /// The time zone of the person's clocks, as the browser says it; `UTC` where nothing is said.
    pub time_zone: Option<TimeZone>,
    /// What was answered to the fields that the operator asks for.
    pub fields: RawInput,
    /// Where the request came from.
    pub client: Client,
}

impl AcceptCommand {
    /// Accepts an invitation under this name with this password, typed once, and with nothing else said. The terms have to be accepted too:
    /// set `accepted_terms`.
    #[must_use]
    pub fn new(secret: TokenSecret, (first_name, last_name): (PersonName, PersonName), password: Candidate) -> Self {
        Self {
            secret,
            email: None,
            company_name: None,
            first_name,
            last_name,
            password_confirmation: password.clone(),
            password,
            accepted_terms: None,
            language: None,
            time_zone: None,
            fields: RawInput::new(),
            client: Client::default(),
        }
    }
}

/// The account is open. Nobody is signed in by it.
#[derive(Debug)]
pub struct AcceptDone {
    /// The account.
    pub account: Account,
    /// For the browser to keep: its first login is no news.
    pub device: TokenSecret,
}

/// Why no account was opened.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// The link is unknown, expired, used, revoked or replaced: a stranger is not told which.
    #[error("this link does not work any more")]
    DeadLink,
    /// The invited address has an account.
    #[error("this address has an account already")]
    AddressTaken,
    /// Something in the submission has to be mended.
    #[error("the submission was refused")]
    Refused(Refusal),
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(AcceptError);

impl From<NotPending> for AcceptError {
    fn from(_: NotPending) -> Self {
        Self::DeadLink
    }
}

/// Registers an invitee: the account with the invitation's roles and subscriptions, the acceptance of the terms and the end of
/// the invitation are one commit.
pub struct Accept {
    ports: Ports,
    settings: Arc<Settings>,
}

struct NewIds {
    account: AccountId,
    company: CompanyId,
    created: NewEventIds,
    agreed: NewEventIds,
    message: OutboxMessageId,
}

impl Accept {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Registers.
    ///
    /// # Errors
    /// [`AcceptError`]; nothing was changed, and the link still works unless it is dead.
    pub async fn run(&self, command: AcceptCommand) -> Result<AcceptDone, AcceptError> {
        let now = self.ports.clock.now();
        RateLimits::of(RateLimitedAction::Link, &command.client, &self.settings.throttle).consume(&self.ports, now).await?;
        let resolved = self.live(&command.secret, now).await?;
        let terms = terms::in_force(&self.ports, now).await?;
        let judged = self.validate(command, &resolved, terms).await?;
        // Before the costly hash, so that a taken address costs nothing; the commit decides all the same.
        if self.ports.store.account_by_address(judged.email.canonical()).await?.is_some() {
            // A person who was faster with this very link has used it up.
            self.live(&judged.secret, now).await?;
            return Err(AcceptError::AddressTaken);
        }
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let hash = self.ports.hasher.hash(&judged.password, ids.salt()?).await?;
        let device = ids.secret(TokenKind::Device)?;
        let (judged, hash, device, ids) = (&judged, &hash, &device, &ids);
        retry_from(resolved, AcceptError::DeadLink, |resolved| async move {
            let fresh =
                NewIds { account: ids.id()?, company: ids.id()?, created: ids.event()?, agreed: ids.event()?, message: ids.id()? };
            let (account, mut changes) = decide(&resolved, judged, hash, now, &fresh)?;
            changes.extend(attempt::known(&self.settings, device, &account.email, now));
            match self.ports.store.commit(&ChangeSet::new(ids.id()?, now, changes)?).await {
                Ok(()) => Ok(ControlFlow::Break(AcceptDone { account, device: device.clone() })),
                Err(CommitError::Rejected(Rejection::AddressTaken)) => Err(AcceptError::AddressTaken),
                // Something it stood on has changed: what the link leads to now decides.
                Err(CommitError::Rejected(_)) => Ok(ControlFlow::Continue(self.live(&judged.secret, now).await?)),
                Err(CommitError::Unavailable(error)) => Err(error.into()),
            }
        })
        .await
    }

    async fn live(&self, secret: &TokenSecret, now: Timestamp) -> Result<link::ResolvedInvitationLink, AcceptError> {
        link::load(&self.ports, secret).await?.filter(|resolved| resolved.is_valid(now)).ok_or(AcceptError::DeadLink)
    }

    /// Says what has to be mended of a submission that can't be read as a whole: nothing of it is kept.
    ///
    /// # Errors
    /// [`AcceptError`]
    pub async fn check(&self, secret: &TokenSecret, submission: Submission, client: &Client) -> Result<Refusal, AcceptError> {
        let now = self.ports.clock.now();
        RateLimits::of(RateLimitedAction::Link, client, &self.settings.throttle).consume(&self.ports, now).await?;
        let resolved = self.live(secret, now).await?;
        let terms = terms::in_force(&self.ports, now).await?;
        Ok(self.judge(submission, &resolved, &terms).await?.refusal)
    }

    async fn judge(
        &self,
        submission: Submission,
        resolved: &link::ResolvedInvitationLink,
        terms: &TermsVersion,
    ) -> Result<Judged, AcceptError> {
        let company = resolved.company.as_ref().map(|company| company.name.clone());
        let submission = Submission {
            email: resolved.invitation.email.clone().or(submission.email),
            company_name: company.or(submission.company_name),
            ..submission
        };
        let typed = submission.fields.as_ref();
        let answers = self.settings.fields.validate(FieldPlace::Registration, typed.unwrap_or(&RawInput::new()));
        Ok(submission::judge(&self.ports, &self.settings, submission, answers, terms.number).await?)
    }

    async fn validate(
        &self,
        command: AcceptCommand,
        resolved: &link::ResolvedInvitationLink,
        terms: TermsVersion,
    ) -> Result<Validated, AcceptError> {
        let submission = Submission {
            email: command.email,
            first_name: Some(command.first_name.clone()),
            last_name: Some(command.last_name.clone()),
            company_name: command.company_name.clone(),
            password: Some(command.password),
            password_confirmation: Some(command.password_confirmation),
            accepted_terms: command.accepted_terms,
            fields: Some(command.fields),
        };
        let judged = self.judge(submission, resolved, &terms).await?;
        match (judged.password, judged.email) {
            (Some(password), Some(email)) if judged.refusal == Refusal::default() => Ok(Validated {
                secret: command.secret,
                email,
                company_name: command.company_name,
                first_name: command.first_name,
                last_name: command.last_name,
                password,
                terms,
                answers: judged.answers,
                time_zone: command.time_zone.unwrap_or_default(),
                language: command
                    .language
                    .and_then(|language| self.settings.spoken(&language))
                    .unwrap_or_else(|| resolved.invitation.language.clone()),
                client: command.client,
            }),
            _ => Err(AcceptError::Refused(judged.refusal)),
        }
    }
}

/// A submission that is good in itself.
struct Validated {
    secret: TokenSecret,
    email: EmailAddress,
    company_name: Option<CompanyName>,
    first_name: PersonName,
    last_name: PersonName,
    password: AcceptedPassword,
    terms: TermsVersion,
    answers: CustomFieldValues,
    language: Language,
    time_zone: TimeZone,
    client: Client,
}

fn decide(
    resolved: &link::ResolvedInvitationLink,
    judged: &Validated,
    hash: &PasswordHash,
    now: Timestamp,
    fresh: &NewIds,
) -> Result<(Account, Vec<Change>), AcceptError> {
    let invitation = &resolved.invitation;
    let new = NewAccount {
        id: fresh.account,
        company: invitation.company.unwrap_or(fresh.company),
        email: judged.email.clone(),
        first_name: judged.first_name.clone(),
        last_name: judged.last_name.clone(),
        language: judged.language.clone(),
        answers: judged.answers.clone(),
        time_zone: judged.time_zone.clone(),
        roles: invitation.roles.clone(),
        subscriptions: invitation.subscriptions.clone(),
    };
    let account = Account::opened(new, now);
    let (language, text) =
        judged.terms.text_for(&judged.language).ok_or_else(|| Unavailable::new("terms", "the terms have no text"))?;
    let actor = Actor::Account(account.id);
    let created = AuditEvent::new(&fresh.created, now, Action::UserCreated, actor, Subject::Invitation(invitation.id))
        .concerning(&fresh.created, &account.email)
        .from_client(&fresh.created, &judged.client);
    let agreed = AuditEvent::new(&fresh.agreed, now, Action::TermsAccepted, actor, Subject::Entry(judged.terms.number.to_string()));
    let mut changes = vec![
        Change::Invitation(InvitationChange::Advance(invitation.accepted(account.id)?)),
        Change::Link(LinkChange::Spend { id: resolved.token.id, at: now }),
        Change::Account(AccountChange::Open {
            account: account.clone(),
            password: Password::chosen(hash.clone(), now),
            granted_by: invitation.inviter,
        }),
        Change::Terms(TermsChange::Accept(TermsAcceptance {
            account: account.id,
            number: judged.terms.number,
            language: language.clone(),
            text_hash: text_hash(text),
            accepted_at: now,
        })),
        Change::Audit(AuditChange::Record(created)),
        Change::Audit(AuditChange::Record(agreed)),
    ];
    // Disabled or demoted since it was read, an inviter lets nobody in.
    changes.extend(resolved.required());
    if let Some(inviter) = &resolved.inviter {
        let kind = MailKind::Invitation(InvitationMail::Accepted { invitation: invitation.id });
        let told = OutboxMessage::queue(fresh.message, inviter.email.clone(), inviter.language.clone(), kind, now);
        changes.push(Change::Outbox(OutboxChange::Queue(told)));
    }
    if invitation.company.is_none() {
        changes.push(Change::Company(CompanyChange::Open(first_company(judged, fresh, now))));
    }
    Ok((account, changes))
}

/// The first company bears the name that was given, else the domain of the first operator's address.
fn first_company(judged: &Validated, fresh: &NewIds, now: Timestamp) -> Company {
    let named = judged.company_name.clone().or_else(|| CompanyName::parse(judged.email.domain()).ok());
    let name = named.unwrap_or_else(CompanyName::unnamed);
    Company { id: fresh.company, name, created_at: now, is_trusted: true, version: 1 }
}
