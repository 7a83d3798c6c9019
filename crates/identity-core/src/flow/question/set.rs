//! Answering one's own security questions.

use std::sync::Arc;

use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, CommitError, OutboxChange, QuestionChange},
    flow::{Fault, session::attempt},
    model::{
        Settings,
        audit::{Action, Actor, AuditEvent, Subject},
        outbox::{AccountMail, MailKind, OutboxMessage},
        question::{AcceptedAnswer, AnswerFault, GivenAnswer, Person, RefusedAnswers, SecurityAnswer, SecurityQuestions, validate},
        session::{Client, SignedIn},
    },
    port::{AccountWithPassword, IdSource, PasswordVerification, Ports},
    value::{QuestionKey, Timestamp},
};

/// What a signed-in person submits.
#[derive(Debug)]
pub struct SetSecurityAnswersCommand {
    /// All answers, in the order in which they are to be asked for.
    pub answers: Vec<GivenAnswer>,
    /// Where the request came from.
    pub client: Client,
}

/// Why no answer was set.
#[derive(Debug, thiserror::Error)]
pub enum SetSecurityAnswersError {
    /// There are no security questions here.
    #[error("there are no security questions here")]
    Off,
    /// The password was not said lately.
    #[error("say the password again first")]
    NotProved,
    /// Answers have to be mended.
    #[error("answers were refused")]
    Refused(RefusedAnswers),
    /// The account changed in the meantime.
    #[error("the account has just been changed: sign in again")]
    Conflict,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(SetSecurityAnswersError);

/// Sets the answers of the person who is signed in and said the password lately. They take the place of all that there were; the person is
/// told by mail.
pub struct SetSecurityAnswers {
    ports: Ports,
    settings: Arc<Settings>,
}

impl SetSecurityAnswers {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Whether the answers may be set without saying the password again.
    #[must_use]
    pub fn is_proved(&self, signed_in: &SignedIn) -> bool {
        signed_in.session.is_proved(&self.settings.session_limits, self.ports.clock.now())
    }

    /// Sets them.
    ///
    /// # Errors
    /// [`SetSecurityAnswersError`]; nothing was changed.
    pub async fn run(&self, signed_in: &SignedIn, command: SetSecurityAnswersCommand) -> Result<(), SetSecurityAnswersError> {
        let now = self.ports.clock.now();
        let questions = self.settings.security_questions.as_ref().ok_or(SetSecurityAnswersError::Off)?;
        if !self.is_proved(signed_in) {
            return Err(SetSecurityAnswersError::NotProved);
        }
        let found = self.ports.store.credential(signed_in.account.id).await?;
        let owner = found.filter(|owner| owner.account.is_active()).ok_or(SetSecurityAnswersError::Conflict)?;
        let accepted = self.judged(questions, &owner, &command.answers).await?;
        // The password must not be an answer, which tells the holder of the session whether a guess at it is right: it counts as an
        // attempt, and setting answers makes it no success.
        attempt::reserve_for_session(&self.ports, &self.settings, signed_in, now).await?;
        self.compared_to_password(&owner, &command.answers).await?;
        let answers = self.hashed(&owner, accepted, now).await?;
        // Whatever changes them raises the account's version, so none appear or go before the commit.
        let is_first = self.ports.store.security_answers(owner.account.id).await?.is_empty();
        let set = self.decided(&owner, (answers, is_first), &command.client, now)?;
        match self.ports.store.commit(&set).await {
            Ok(()) => Ok(()),
            Err(CommitError::Rejected(_)) => Err(SetSecurityAnswersError::Conflict),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }

    async fn judged(
        &self,
        questions: &SecurityQuestions,
        owner: &AccountWithPassword,
        given: &[GivenAnswer],
    ) -> Result<Vec<(QuestionKey, AcceptedAnswer)>, SetSecurityAnswersError> {
        let company = self.ports.store.company(owner.account.company).await?;
        let person = Person {
            account: &owner.account,
            company: company.as_ref().map(|company| &company.name),
            product: &self.settings.product_name,
        };
        validate(questions, given, &person).map_err(SetSecurityAnswersError::Refused)
    }

    async fn compared_to_password(
        &self,
        owner: &AccountWithPassword,
        given: &[GivenAnswer],
    ) -> Result<(), SetSecurityAnswersError> {
        let mut refused = RefusedAnswers::default();
        for (at, one) in given.iter().enumerate() {
            for spelling in one.answer.spellings() {
                let verified = self.ports.hasher.verify(spelling, Some(&owner.password.hash)).await?;
                if verified != PasswordVerification::Differs {
                    refused.faults.push((at, AnswerFault::Password));
                    break;
                }
            }
        }
        if refused.faults.is_empty() { Ok(()) } else { Err(SetSecurityAnswersError::Refused(refused)) }
    }

    async fn hashed(
        &self,
        owner: &AccountWithPassword,
        accepted: Vec<(QuestionKey, AcceptedAnswer)>,
        now: Timestamp,
    ) -> Result<Vec<SecurityAnswer>, SetSecurityAnswersError> {
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let mut answers = Vec::new();
        for (place, (question, answer)) in (0..).zip(accepted) {
            let hash = self.ports.hasher.hash_answer(&answer, ids.salt()?).await?;
            answers.push(SecurityAnswer { account: owner.account.id, question, hash, place, set_at: now, given_at: None });
        }
        Ok(answers)
    }

    fn decided(
        &self,
        owner: &AccountWithPassword,
        (answers, is_first): (Vec<SecurityAnswer>, bool),
        client: &Client,
        now: Timestamp,
    ) -> Result<ChangeSet, SetSecurityAnswersError> {
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let account = &owner.account;
        let id = account.id;
        let event = ids.event()?;
        let recorded = AuditEvent::new(&event, now, Action::SecurityQuestionsChanged, Actor::Account(id), Subject::Account(id));
        let recorded = recorded.concerning(&event, &account.email).from_client(&event, client);
        let kind = match is_first {
            true => MailKind::Account(AccountMail::SecurityQuestionsSet { account: id }),
            false => MailKind::Account(AccountMail::SecurityQuestionsChanged { account: id }),
        };
        let told = OutboxMessage::queue(ids.id()?, account.email.clone(), account.language.clone(), kind, now);
        let changes = vec![
            Change::Account(AccountChange::Revise { account: account.with_questions_answered(), by: None }),
            Change::Question(QuestionChange::SetAnswers { account: id, answers }),
            Change::Outbox(OutboxChange::Queue(told)),
            Change::Audit(AuditChange::Record(recorded)),
        ];
        Ok(ChangeSet::new(ids.id()?, now, changes)?)
    }
}
