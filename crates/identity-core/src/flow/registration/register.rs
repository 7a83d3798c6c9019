//! Signing up, and asking for the mail again. Neither looks an account up: the worker decides what mail follows.

use std::sync::Arc;

use super::admit;
use crate::{
    change::{AuditChange, Change, ChangeSet, CommitError, OutboxChange, RegistrationChange, Rejection, Unavailable},
    flow::{
        Fault,
        throttle::{RateLimitedAction, RateLimits},
    },
    model::{
        Settings,
        audit::{Action, Actor, AuditEvent, Subject},
        custom_field::{FieldPlace, RawInput, WrongAnswer},
        outbox::{MailKind, OutboxMessage, RegistrationMail},
        registration::{NotAdmitted, Registration, RegistrationState},
        session::Client,
    },
    port::{IdSource, Ports},
    value::{CompanyName, CountryCode, EmailAddress, Language, PersonName, TokenKind, TokenSecret},
};

/// What somebody submits who wants to sign up.
#[derive(Debug)]
pub struct RegisterCommand {
    /// The address.
    pub email: EmailAddress,
    /// First name.
    pub first_name: PersonName,
    /// Last name.
    pub last_name: PersonName,
    /// The name of the new company.
    pub company_name: CompanyName,
    /// Where the company is.
    pub country: CountryCode,
    /// The language to write in; the installation's where nothing is said, or nothing that it speaks.
    pub language: Option<Language>,
    /// What was answered to the fields that the operator asks for.
    pub fields: RawInput,
    /// Where the request came from.
    pub client: Client,
}

/// Why nobody was signed up.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The address may not be signed up with, free or taken.
    #[error(transparent)]
    NotAdmitted(#[from] NotAdmitted),
    /// Answers to the operator's fields that cannot be kept.
    #[error("something was answered that cannot be kept")]
    Fields(Vec<WrongAnswer>),
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(RegisterError);

/// Signs somebody up. The same work whatever the address: one commit, no look-up.
pub struct Register {
    ports: Ports,
    settings: Arc<Settings>,
}

impl Register {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Says which answers to the operator's fields can't be kept, of a sign-up that can't be read as a whole.
    #[must_use]
    pub fn check(&self, fields: &RawInput) -> Vec<WrongAnswer> {
        self.settings.fields.validate(FieldPlace::Registration, fields).err().unwrap_or_default()
    }

    /// Signs up; answers the flow in which a mailed code can be typed.
    ///
    /// # Errors
    /// [`RegisterError`]; nothing was changed.
    pub async fn run(&self, command: RegisterCommand) -> Result<TokenSecret, RegisterError> {
        let settings = &self.settings;
        admit(&self.ports, &settings.registration, &command.email)?;
        let answers = settings.fields.validate(FieldPlace::Registration, &command.fields).map_err(RegisterError::Fields)?;
        let now = self.ports.clock.now();
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let flow = ids.secret(TokenKind::Flow)?;
        let language =
            command.language.and_then(|language| settings.spoken(&language)).unwrap_or_else(|| settings.default_language());
        let registration = Registration {
            id: ids.id()?,
            flow: flow.digest(),
            email: command.email,
            first_name: command.first_name,
            last_name: command.last_name,
            company_name: command.company_name,
            country: command.country,
            language,
            answers,
            state: RegistrationState::Requested,
            generation: 1,
            code: None,
            code_tries: 0,
            application: None,
            account: None,
            requested_at: now,
            expires_at: settings.registration.lifetime.from(now),
            version: 1,
        };
        let action = RateLimitedAction::SignUpWithFlow(&registration.email, &registration.flow);
        let limits = RateLimits::of(action, &command.client, &settings.throttle);
        let changes = asked(&registration, &ids, &command.client)?;
        let changes = limits.changes(now).chain(changes).chain([Change::Registration(RegistrationChange::Open(registration))]);
        commit(&self.ports, &ChangeSet::new(ids.id()?, now, changes.collect())?, &limits).await?;
        Ok(flow)
    }
}

/// The message and the event of a request for an activation mail.
fn asked(registration: &Registration, ids: &IdSource<'_>, client: &Client) -> Result<[Change; 2], RegisterError> {
    let event = ids.event()?;
    let now = ids.now();
    let recorded =
        AuditEvent::new(&event, now, Action::RegistrationRequested, Actor::Anonymous, Subject::Registration(registration.id))
            .concerning(&event, &registration.email)
            .from_client(&event, client);
    let kind =
        MailKind::Registration(RegistrationMail::Activation { registration: registration.id, generation: registration.generation });
    let message = OutboxMessage::queue(ids.id()?, registration.email.clone(), registration.language.clone(), kind, now);
    Ok([Change::Outbox(OutboxChange::Queue(message)), Change::Audit(AuditChange::Record(recorded))])
}

async fn commit(ports: &Ports, set: &ChangeSet, limits: &RateLimits) -> Result<(), RegisterError> {
    match ports.store.commit(set).await {
        Ok(()) => Ok(()),
        Err(CommitError::Rejected(Rejection::Throttled)) => Err(limits.exceeded(ports, set.at()).await?.into()),
        Err(CommitError::Rejected(rejection)) => Err(Unavailable::new("registration", rejection).into()),
        Err(CommitError::Unavailable(error)) => Err(error.into()),
    }
}

/// Asks for the activation mail again.
pub struct ResendActivation {
    ports: Ports,
    settings: Arc<Settings>,
}

impl ResendActivation {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Asks for it by the holder of the flow of a sign-up: link and code are mailed again, as the installation has it. A flow that
    /// never was, or is over, is answered the same and leads to nothing.
    ///
    /// # Errors
    /// [`RegisterError`]; nothing was changed.
    pub async fn by_flow(&self, flow: &TokenSecret, client: &Client) -> Result<(), RegisterError> {
        let Some(registration) = self.ports.store.registration_by_flow(&flow.digest()).await? else { return Ok(()) };
        admit(&self.ports, &self.settings.registration, &registration.email)?;
        let now = self.ports.clock.now();
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let action = RateLimitedAction::SignUpWithFlow(&registration.email, &registration.flow);
        let limits = RateLimits::of(action, client, &self.settings.throttle);
        let changes = limits.changes(now).chain(asked(&registration, &ids, client)?).collect();
        commit(&self.ports, &ChangeSet::new(ids.id()?, now, changes)?, &limits).await
    }

    /// Asks for it by anybody who knows the address: a link is mailed again where mails carry one. No code, which would take the
    /// place of the one that the person behind the address may be typing.
    ///
    /// # Errors
    /// [`RegisterError`]; nothing was changed.
    pub async fn by_address(&self, email: EmailAddress, language: Option<Language>, client: &Client) -> Result<(), RegisterError> {
        admit(&self.ports, &self.settings.registration, &email)?;
        let now = self.ports.clock.now();
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let limits = RateLimits::of(RateLimitedAction::SignUp(&email), client, &self.settings.throttle);
        let event = ids.event()?;
        let recorded = AuditEvent::new(&event, now, Action::RegistrationRequested, Actor::Anonymous, Subject::Nothing)
            .concerning(&event, &email)
            .from_client(&event, client);
        let language = language.and_then(|language| self.settings.spoken(&language));
        let language = language.unwrap_or_else(|| self.settings.default_language());
        let message =
            OutboxMessage::queue(ids.id()?, email, language, MailKind::Registration(RegistrationMail::ActivationAgain), now);
        let changes = limits
            .changes(now)
            .chain([Change::Outbox(OutboxChange::Queue(message)), Change::Audit(AuditChange::Record(recorded))])
            .collect();
        commit(&self.ports, &ChangeSet::new(ids.id()?, now, changes)?, &limits).await
    }
}
