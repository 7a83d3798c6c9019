//! Setting the password, which lets the person in or asks for approval.

use std::{ops::ControlFlow, sync::Arc};

use super::{
    link,
    open::{NewAccountIds, opened},
};
use crate::{
    change::{AuditChange, Change, ChangeSet, CommitError, LinkChange, OutboxChange, RegistrationChange, Rejection, Unavailable},
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
        account::Account,
        audit::{Action, Actor, AuditEvent, NewEventIds, Subject},
        custom_field::{FieldPlace, RawInput},
        outbox::{MailKind, OutboxMessage, RegistrationMail},
        password::{Candidate, PasswordHash},
        registration::{Application, Over, Registration},
        session::Client,
        terms::{TermsNumber, TermsVersion, text_hash},
    },
    port::{EntropyError, IdSource, Ports},
    value::{
        CompanyName, CountryCode, Language, OutboxMessageId, PersonName, RoleKey, TimeZone, Timestamp, TokenKind, TokenSecret,
    },
};

/// What the person behind the address submits. Names that are not given stay as they were typed at the sign-up.
#[derive(Debug)]
pub struct CompleteCommand {
    /// The secret of the link.
    pub secret: TokenSecret,
    /// First name.
    pub first_name: Option<PersonName>,
    /// Last name.
    pub last_name: Option<PersonName>,
    /// The name of the new company.
    pub company_name: Option<CompanyName>,
    /// Where the company is.
    pub country: Option<CountryCode>,
    /// The password.
    pub password: Candidate,
    /// The password again.
    pub password_confirmation: Candidate,
    /// The version of the terms that was shown and agreed to.
    pub accepted_terms: Option<TermsNumber>,
    /// The language of the page; the registration's where nothing is said.
    pub language: Option<Language>,
    /// The time zone of the person's clocks, as the browser says it; `UTC` where nothing is said.
    pub time_zone: Option<TimeZone>,
    /// What is answered to the fields that the operator asks for, all of them; what the sign-up said where nothing is given.
    pub fields: Option<RawInput>,
    /// Where the request came from.
    pub client: Client,
}

/// How a completed registration ends.
#[derive(Debug)]
pub enum Completed {
    /// The person is in.
    Account(Box<Account>),
    /// An operator decides.
    AwaitingApproval,
}

/// The registration is complete. Nobody is signed in by it.
#[derive(Debug)]
pub struct CompleteDone {
    /// Whether the account is open, or an operator decides.
    pub completed: Completed,
    /// For the browser to keep: its first login is no news.
    pub device: TokenSecret,
}

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
pub enum CompleteError {
    /// The link is unknown, expired or used, or nobody can sign up any more: a stranger is not told which.
    #[error("this link does not work any more")]
    DeadLink,
    /// The person behind the address has an account already.
    #[error("this address has an account already")]
    AddressTaken,
    /// Something in the submission has to be mended.
    #[error("the submission was refused")]
    Refused(Refusal),
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(CompleteError);

impl From<Over> for CompleteError {
    fn from(_: Over) -> Self {
        Self::DeadLink
    }
}

/// The most operators that are told of somebody who waits.
const TOLD: u16 = 20;

/// Completes a registration: a new company with its person as the administrator, the acceptance of the terms and the end of the
/// registration are one commit. Equal names never join anybody to a company that exists.
pub struct CompleteRegistration {
    ports: Ports,
    settings: Arc<Settings>,
}

/// A submission that is good in itself.
struct Validated {
    registration: Registration,
    hash: PasswordHash,
    terms: TermsVersion,
    language: Language,
    time_zone: TimeZone,
}

impl CompleteRegistration {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Completes.
    ///
    /// # Errors
    /// [`CompleteError`]; nothing was changed, and the link still works unless it is dead.
    pub async fn run(&self, command: CompleteCommand) -> Result<CompleteDone, CompleteError> {
        let now = self.ports.clock.now();
        RateLimits::of(RateLimitedAction::Link, &command.client, &self.settings.throttle).consume(&self.ports, now).await?;
        let resolved = self.live(&command.secret, now).await?;
        if self.ports.store.account_by_address(resolved.registration.email.canonical()).await?.is_some() {
            return Err(CompleteError::AddressTaken);
        }
        let terms = terms::in_force(&self.ports, now).await?;
        let (secret, client) = (command.secret.clone(), command.client.clone());
        let judged = self.validate(command, &resolved.registration, terms, now).await?;
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let device = ids.secret(TokenKind::Device)?;
        let (judged, secret, client, ids, device) = (&judged, &secret, &client, &ids, &device);
        retry_from(resolved, CompleteError::DeadLink, |resolved| async move {
            let next = if self.settings.registration.approval {
                Next::Ask(self.operators_to_tell(ids).await?, ids.event()?)
            } else {
                Next::Open(NewAccountIds::generate(ids)?)
            };
            let (completed, mut changes) = decide(&self.settings, &resolved, judged, next, client, now)?;
            changes.extend(attempt::known(&self.settings, device, &resolved.registration.email, now));
            match self.ports.store.commit(&ChangeSet::new(ids.id()?, now, changes)?).await {
                Ok(()) => Ok(ControlFlow::Break(CompleteDone { completed, device: device.clone() })),
                Err(CommitError::Rejected(Rejection::AddressTaken)) => Err(CompleteError::AddressTaken),
                // Something it stood on has changed: what the link leads to now decides.
                Err(CommitError::Rejected(_)) => Ok(ControlFlow::Continue(self.live(secret, now).await?)),
                Err(CommitError::Unavailable(error)) => Err(error.into()),
            }
        })
        .await
    }

    /// The operators who hear of somebody who waits, each with the id of a message.
    async fn operators_to_tell(&self, ids: &IdSource<'_>) -> Result<Vec<(Account, OutboxMessageId)>, CompleteError> {
        let operators = self.ports.store.accounts_with_role(&RoleKey::operator(), None, TOLD).await?;
        Ok(operators.into_iter().map(|operator| Ok((operator, ids.id()?))).collect::<Result<_, EntropyError>>()?)
    }

    async fn live(&self, secret: &TokenSecret, now: Timestamp) -> Result<link::ResolvedRegistrationLink, CompleteError> {
        let resolved = link::load(&self.ports, secret).await?;
        resolved.filter(|resolved| resolved.is_valid(&self.ports, &self.settings, now)).ok_or(CompleteError::DeadLink)
    }

    /// Says what has to be mended of a submission that can't be read as a whole: nothing of it is kept.
    ///
    /// # Errors
    /// [`CompleteError`]
    pub async fn check(&self, secret: &TokenSecret, submission: Submission, client: &Client) -> Result<Refusal, CompleteError> {
        let now = self.ports.clock.now();
        RateLimits::of(RateLimitedAction::Link, client, &self.settings.throttle).consume(&self.ports, now).await?;
        let resolved = self.live(secret, now).await?;
        let terms = terms::in_force(&self.ports, now).await?;
        Ok(self.judge(submission, &resolved.registration, &terms).await?.refusal)
    }

    async fn judge(&self, submission: Submission, typed: &Registration, terms: &TermsVersion) -> Result<Judged, CompleteError> {
        let answers = match &submission.fields {
            Some(typed) => self.settings.fields.validate(FieldPlace::Registration, typed),
            None => Ok(typed.answers.clone()),
        };
        let submission = Submission {
            email: Some(typed.email.clone()),
            first_name: submission.first_name.or_else(|| Some(typed.first_name.clone())),
            last_name: submission.last_name.or_else(|| Some(typed.last_name.clone())),
            company_name: submission.company_name.or_else(|| Some(typed.company_name.clone())),
            ..submission
        };
        Ok(submission::judge(&self.ports, &self.settings, submission, answers, terms.number).await?)
    }

    async fn validate(
        &self,
        command: CompleteCommand,
        typed: &Registration,
        terms: TermsVersion,
        now: Timestamp,
    ) -> Result<Validated, CompleteError> {
        let language = command.language.and_then(|language| self.settings.spoken(&language));
        let registration = Registration {
            first_name: command.first_name.unwrap_or_else(|| typed.first_name.clone()),
            last_name: command.last_name.unwrap_or_else(|| typed.last_name.clone()),
            company_name: command.company_name.unwrap_or_else(|| typed.company_name.clone()),
            country: command.country.unwrap_or(typed.country),
            language: language.unwrap_or_else(|| typed.language.clone()),
            ..typed.clone()
        };
        let submission = Submission {
            email: None,
            first_name: Some(registration.first_name.clone()),
            last_name: Some(registration.last_name.clone()),
            company_name: Some(registration.company_name.clone()),
            password: Some(command.password),
            password_confirmation: Some(command.password_confirmation),
            accepted_terms: command.accepted_terms,
            fields: command.fields,
        };
        let judged = self.judge(submission, typed, &terms).await?;
        match judged.password {
            Some(accepted) if judged.refusal == Refusal::default() => {
                let salt = IdSource::new(now, self.ports.entropy.as_ref()).salt()?;
                let hash = self.ports.hasher.hash(&accepted, salt).await?;
                let language = registration.language.clone();
                let registration = Registration { answers: judged.answers, ..registration };
                Ok(Validated { registration, hash, terms, language, time_zone: command.time_zone.unwrap_or_default() })
            }
            _ => Err(CompleteError::Refused(judged.refusal)),
        }
    }
}

/// What the settings say comes next, with what is generated for it.
enum Next {
    /// The person is in.
    Open(NewAccountIds),
    /// An operator decides: these are told.
    Ask(Vec<(Account, OutboxMessageId)>, NewEventIds),
}

fn decide(
    settings: &Settings,
    resolved: &link::ResolvedRegistrationLink,
    judged: &Validated,
    next: Next,
    client: &Client,
    now: Timestamp,
) -> Result<(Completed, Vec<Change>), CompleteError> {
    let current = &resolved.registration;
    let registration = Registration {
        version: current.version,
        generation: current.generation,
        expires_at: current.expires_at,
        ..judged.registration.clone()
    };
    let application = application(judged, now)?;
    let (completed, mut changes) = match next {
        Next::Open(fresh) => {
            let (account, mut changes) = opened(&registration, &application, None, now, &fresh);
            let created = AuditEvent::new(
                &fresh.created,
                now,
                Action::UserCreated,
                Actor::Account(account.id),
                Subject::Registration(registration.id),
            )
            .concerning(&fresh.created, &account.email)
            .from_client(&fresh.created, client);
            changes.push(Change::Audit(AuditChange::Record(created)));
            changes.push(Change::Registration(RegistrationChange::Advance(registration.completed(account.id)?)));
            (Completed::Account(Box::new(account)), changes)
        }
        Next::Ask(operators, event) => {
            let expires_at = settings.registration.approval_lifetime.from(now);
            let recorded = AuditEvent::new(
                &event,
                now,
                Action::RegistrationCompleted,
                Actor::Anonymous,
                Subject::Registration(registration.id),
            )
            .concerning(&event, &registration.email)
            .from_client(&event, client);
            let mut changes = vec![
                Change::Registration(RegistrationChange::Advance(registration.applied(application, expires_at)?)),
                Change::Audit(AuditChange::Record(recorded)),
            ];
            let kind = MailKind::Registration(RegistrationMail::Waits { registration: registration.id });
            changes.extend(operators.into_iter().map(|(operator, message)| {
                Change::Outbox(OutboxChange::Queue(OutboxMessage::queue(message, operator.email, operator.language, kind, now)))
            }));
            (Completed::AwaitingApproval, changes)
        }
    };
    changes.push(Change::Link(LinkChange::Spend { id: resolved.token.id, at: now }));
    Ok((completed, changes))
}

fn application(judged: &Validated, now: Timestamp) -> Result<Application, CompleteError> {
    let (language, text) =
        judged.terms.text_for(&judged.language).ok_or_else(|| Unavailable::new("terms", "the terms have no text"))?;
    Ok(Application {
        password: judged.hash.clone(),
        terms: judged.terms.number,
        terms_language: language.clone(),
        text_hash: text_hash(text),
        time_zone: judged.time_zone.clone(),
        submitted_at: now,
    })
}
