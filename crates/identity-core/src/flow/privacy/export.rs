//! Taking one's own data along.

use std::{fmt, sync::Arc};

use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, CommitError, Unavailable},
    flow::{
        Fault,
        throttle::{RateLimitedAction, RateLimits},
    },
    model::{
        Settings,
        account::{Account, Picture},
        audit::{Action, Actor, AuditEvent, OwnEvent, Subject},
        email_change::EmailChange,
        invitation::Invitation,
        onboarding::Onboarding,
        session::{Client, CurrentUser, Session},
        terms::TermsAcceptance,
    },
    port::{IdSource, Ports},
    value::{AccountId, CompanyName, QuestionKey, SessionId, Timestamp},
};

/// Rows in each part of a list that is read.
const PART: u16 = 200;

/// A session as its person takes it along: nothing that it could be used by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptSession {
    /// Its id; not secret.
    pub id: SessionId,
    /// When it was started.
    pub started_at: Timestamp,
    /// When it was last used.
    pub used_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// Whether "stay signed in" was chosen.
    pub remembered: bool,
    /// Where it was started.
    pub client: Client,
}

impl From<Session> for KeptSession {
    fn from(session: Session) -> Self {
        let Session { id, started_at, used_at, expires_at, remembered, client, .. } = session;
        Self { id, started_at, used_at, expires_at, remembered, client }
    }
}

/// What is kept of a person. No secret, no hash of a password, and nothing of anybody else.
#[derive(Clone, PartialEq, Eq)]
pub struct OwnData {
    /// When it was collected.
    pub collected_at: Timestamp,
    /// The account, with profile, preferences, answers, roles and subscriptions.
    pub account: Account,
    /// The name of the company that it belongs to.
    pub company: Option<CompanyName>,
    /// When the password was chosen.
    pub password_set_at: Timestamp,
    /// The picture.
    pub picture: Option<Picture>,
    /// The sessions that have not ended.
    pub sessions: Vec<KeptSession>,
    /// The security events, newest first.
    pub events: Vec<OwnEvent>,
    /// The terms that were accepted, oldest first.
    pub terms: Vec<TermsAcceptance>,
    /// The invitations that the person got.
    pub invitations_received: Vec<Invitation>,
    /// The invitations that the person sent. Whom they invited is for others to say.
    pub invitations_sent: Vec<Invitation>,
    /// The change of address that waits.
    pub email_change: Option<EmailChange>,
    /// How far the first login has come.
    pub onboarding: Option<Onboarding>,
    /// The security questions that are answered, and since when.
    pub security_questions: Vec<(QuestionKey, Timestamp)>,
}

impl fmt::Debug for OwnData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OwnData({})", self.account.id)
    }
}

/// Why nothing was collected.
#[derive(Debug, thiserror::Error)]
pub enum ExportOwnDataError {
    /// The password has to be said again before.
    #[error("say your password again first")]
    NotProved,
    /// The account changed in the meantime, or is gone.
    #[error("the account has just been changed: try again")]
    Conflict,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(ExportOwnDataError);

/// Collects what is kept of the person who is signed in. It asks for the password of a moment ago: the person who finds an open session
/// does not get all of it at once.
pub struct ExportOwnData {
    ports: Ports,
    settings: Arc<Settings>,
}

impl ExportOwnData {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Collects, and records that it was.
    ///
    /// # Errors
    /// [`ExportOwnDataError`]
    pub async fn run(&self, user: &CurrentUser, client: &Client) -> Result<OwnData, ExportOwnDataError> {
        let now = self.ports.clock.now();
        if !user.session.is_proved(&self.settings.session_limits, now) {
            return Err(ExportOwnDataError::NotProved);
        }
        let id = user.account.id;
        RateLimits::of(RateLimitedAction::Export(id), client, &self.settings.throttle).consume(&self.ports, now).await?;
        let collected = self.collect(id, now).await?;
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let event = ids.event()?;
        let recorded = AuditEvent::new(&event, now, Action::OwnDataExported, Actor::Account(id), Subject::Account(id))
            .from_client(&event, client);
        // What was read before is given away only while the account is as it was.
        let required = Change::Account(AccountChange::Require { id, version: collected.account.version });
        match self
            .ports
            .store
            .commit(&ChangeSet::new(ids.id()?, now, vec![required, Change::Audit(AuditChange::Record(recorded))])?)
            .await
        {
            Ok(()) => Ok(collected),
            Err(CommitError::Rejected(_)) => Err(ExportOwnDataError::Conflict),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }

    async fn collect(&self, id: AccountId, now: Timestamp) -> Result<OwnData, ExportOwnDataError> {
        let store = &self.ports.store;
        let owner = store.credential(id).await?.filter(|owner| owner.account.is_active()).ok_or(ExportOwnDataError::Conflict)?;
        let account = owner.account;
        let picture = match &account.profile.picture {
            Some(name) => store.picture(name).await?,
            None => None,
        };
        Ok(OwnData {
            collected_at: now,
            company: store.company(account.company).await?.map(|company| company.name),
            password_set_at: owner.password.set_at,
            picture,
            sessions: store.sessions_of(id, now).await?.into_iter().map(KeptSession::from).collect(),
            events: self.events(id).await?,
            terms: store.acceptances_of(id).await?,
            invitations_received: store.invitations_received(id, account.email.canonical()).await?,
            invitations_sent: self.invitations_sent(id).await?,
            email_change: store.pending_email_change(id).await?,
            onboarding: store.onboarding(id).await?,
            security_questions: self.security_questions(id).await?,
            account,
        })
    }

    async fn security_questions(&self, id: AccountId) -> Result<Vec<(QuestionKey, Timestamp)>, Unavailable> {
        let answers = self.ports.store.security_answers(id).await?;
        Ok(answers.into_iter().map(|answer| (answer.question, answer.set_at)).collect())
    }

    async fn events(&self, id: AccountId) -> Result<Vec<OwnEvent>, Unavailable> {
        let mut events = Vec::new();
        let mut after = None;
        loop {
            let part = self.ports.store.events_of(id, after, PART).await?;
            events.extend(part.items);
            after = part.next;
            if after.is_none() {
                return Ok(events);
            }
        }
    }

    async fn invitations_sent(&self, id: AccountId) -> Result<Vec<Invitation>, Unavailable> {
        let mut invitations = Vec::new();
        let mut after = None;
        loop {
            let part = self.ports.store.invitations_sent(id, after, PART).await?;
            invitations.extend(part.items);
            after = part.next;
            if after.is_none() {
                return Ok(invitations);
            }
        }
    }
}
