//! Rows for tests: valid, and unlike each other.

use std::{collections::BTreeSet, sync::Arc};

use identity_core::{
    change::{AccountChange, Change, ChangeSet, CommitError, CompanyChange},
    model::{
        account::{Account, AccountState, CustomFieldValues, Preferences, Profile, Recovery},
        audit::{Action, Actor, AuditEvent, NewEventIds, Subject},
        company::Company,
        email_change::{EmailChange, EmailChangeState},
        invitation::{Invitation, InvitationState},
        link::{Generation, LinkPurpose, Token},
        outbox::{InvitationMail, MailKind, OutboxMessage},
        password::{Password, PasswordHash},
        question::SecurityAnswer,
        recovery::{CheckMethod, IdentityCheck},
        registration::{Registration, RegistrationState},
        session::{Client, Session, SessionLimits},
    },
    port::{Clock as _, GenerateId, IdSource, Store},
    value::{
        AccountId, Answer, CompanyId, CompanyName, CountryCode, EmailAddress, FieldKey, InvitationId, Language, Lifetime,
        NotificationKey, PersonName, PhoneNumber, PictureName, ProfileText, QuestionKey, TimeZone, Timestamp, TokenKind,
        TokenSecret,
    },
};

use crate::{ManualClock, SeededEntropy};

/// Makes rows, and commits them to a store.
pub struct Fixture {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The time of every row.
    pub now: Timestamp,
    entropy: SeededEntropy,
}

#[expect(clippy::unwrap_used, reason = "a fixture that cannot be made is a failed test, whose panic names the line")]
impl Fixture {
    /// Rows for a store. `seed` keeps the rows of several fixtures apart.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, seed: u64) -> Self {
        Self { store, now: ManualClock::default().now(), entropy: SeededEntropy::new(seed) }
    }

    fn ids(&self) -> IdSource<'_> {
        IdSource::new(self.now, &self.entropy)
    }

    /// A fresh id.
    #[must_use]
    pub fn id<I: GenerateId>(&self) -> I {
        self.ids().id().unwrap()
    }

    /// A fresh secret.
    #[must_use]
    pub fn secret(&self, kind: TokenKind) -> TokenSecret {
        self.ids().secret(kind).unwrap()
    }

    /// A set of changes under a fresh id.
    #[must_use]
    pub fn set(&self, changes: Vec<Change>) -> ChangeSet {
        ChangeSet::new(self.id(), self.now, changes).unwrap()
    }

    /// Commits changes under a fresh id.
    ///
    /// # Errors
    /// What the store answers.
    pub async fn try_commit(&self, changes: Vec<Change>) -> Result<(), CommitError> {
        self.store.commit(&self.set(changes)).await
    }

    /// Commits changes that must hold.
    pub async fn commit(&self, changes: Vec<Change>) {
        self.try_commit(changes).await.unwrap();
    }

    /// A time so many seconds from now.
    #[must_use]
    pub fn later(&self, seconds: i64) -> Timestamp {
        Lifetime::from_seconds(seconds).unwrap().from(self.now)
    }

    /// A company.
    #[must_use]
    pub fn company(&self) -> Company {
        Company { id: self.id(), name: CompanyName::parse("Acme").unwrap(), created_at: self.now, is_trusted: false, version: 1 }
    }

    /// An account with that address.
    #[must_use]
    pub fn account(&self, company: CompanyId, email: &str) -> Account {
        Account {
            id: self.id(),
            company,
            email: EmailAddress::stored(email).unwrap(),
            first_name: PersonName::parse("Ada").unwrap(),
            last_name: PersonName::parse("Lovelace").unwrap(),
            language: Language::english(),
            profile: Profile::default(),
            preferences: Preferences::default(),
            state: AccountState::Active,
            roles: BTreeSet::new(),
            subscriptions: BTreeSet::new(),
            required_actions: BTreeSet::new(),
            recovery: Recovery { generation: 1, since: self.now },
            deletion: None,
            session_epoch: 0,
            created_at: self.now,
            version: 1,
        }
    }

    /// A profile with everything in it.
    #[must_use]
    pub fn profile(&self) -> Profile {
        let text = |text: &str| Some(ProfileText::parse(text).unwrap());
        let answers = [("cost_center", "4711 = 0815"), ("t-shirt", "č𝒜 مقاس \"L\"")];
        let longest = (FieldKey::parse(&"k".repeat(64)).unwrap(), Answer::parse(&"🦀".repeat(Answer::MAX)).unwrap());
        let answers = answers.map(|(key, answer)| (FieldKey::parse(key).unwrap(), Answer::parse(answer).unwrap()));
        Profile {
            phone: Some(PhoneNumber::parse("+493012345678901").unwrap()),
            department: text(&"研".repeat(ProfileText::MAX)),
            job_title: text("Enchantress of Numbers, 1/2"),
            picture: Some(PictureName::from_bytes([0xfb; 16])),
            answers: answers.into_iter().chain([longest]).collect(),
        }
    }

    /// Preferences with everything in them.
    #[must_use]
    pub fn preferences(&self) -> Preferences {
        let silenced = ["sign_ins", "news"].map(|key| NotificationKey::parse(key).unwrap());
        Preferences { time_zone: TimeZone::parse("America/Argentina/ComodRivadavia").unwrap(), silenced: silenced.into() }
    }

    /// The change that opens an account with the password `secret`.
    #[must_use]
    pub fn open(&self, account: &Account) -> Change {
        Change::Account(AccountChange::Open {
            account: account.clone(),
            password: Password::chosen(PasswordHash::from_phc("plain$secret".to_owned()), self.now),
            granted_by: None,
        })
    }

    /// A company with one account in it, committed.
    pub async fn inhabited(&self, email: &str) -> (Company, Account) {
        let company = self.company();
        let account = self.account(company.id, email);
        self.commit(vec![Change::Company(CompanyChange::Open(company.clone())), self.open(&account)]).await;
        (company, account)
    }

    /// An invitation to a company, for seven days.
    #[must_use]
    pub fn invitation(&self, company: CompanyId, inviter: AccountId, email: &str) -> Invitation {
        let lifetime = Lifetime::parse("P7D").unwrap();
        Invitation {
            id: self.id(),
            company: Some(company),
            inviter: Some(inviter),
            email: Some(EmailAddress::stored(email).unwrap()),
            first_name: None,
            last_name: None,
            roles: BTreeSet::new(),
            subscriptions: BTreeSet::new(),
            language: Language::english(),
            note: None,
            lifetime,
            starts_at_sending: true,
            expires_at: lifetime.from(self.now),
            state: InvitationState::Pending,
            generation: 1,
            created_at: self.now,
            opened_at: None,
            renewal_requested_at: None,
            account: None,
            version: 1,
        }
    }

    /// A link to an invitation, for an hour.
    #[must_use]
    pub fn token(&self, invitation: InvitationId, generation: Generation) -> Token {
        let secret = self.secret(TokenKind::Invitation);
        Token {
            id: secret.id(),
            digest: secret.digest(),
            subject: LinkPurpose::Invitation(invitation),
            generation,
            sent_to: None,
            issued_at: self.now,
            expires_at: self.later(3600),
            spent_at: None,
        }
    }

    /// A session.
    #[must_use]
    pub fn session(&self, account: AccountId) -> Session {
        let lifetime = |text| Lifetime::parse(text).unwrap();
        let limits = SessionLimits {
            idle: lifetime("PT30M"),
            absolute: lifetime("PT12H"),
            remember: lifetime("P14D"),
            reauthenticate_after: lifetime("PT5M"),
        };
        let digest = self.secret(TokenKind::Session).digest();
        let client = Client::new("2001:db8::7".parse().ok(), Some("Test/1.0"));
        Session::start(self.id(), digest, (account, 0), self.now, (&limits, false), client)
    }

    /// A message that is due.
    #[must_use]
    pub fn message(&self, invitation: InvitationId) -> OutboxMessage {
        let to = EmailAddress::parse("grace@example.org").unwrap();
        OutboxMessage::queue(
            self.id(),
            to,
            Language::english(),
            MailKind::Invitation(InvitationMail::Invited { invitation, generation: 1 }),
            self.now,
        )
    }

    /// A change of an account's address that waits.
    #[must_use]
    pub fn email_change(&self, account: &Account, to: &str) -> EmailChange {
        EmailChange {
            id: self.id(),
            account: account.id,
            from: account.email.clone(),
            to: EmailAddress::parse(to).unwrap(),
            state: EmailChangeState::Pending,
            generation: account.recovery.generation,
            session: self.id(),
            requested_at: self.now,
            expires_at: self.later(24 * 3600),
            undo_until: self.later(7 * 24 * 3600),
            version: 1,
        }
    }

    /// A registration, for a day.
    #[must_use]
    pub fn registration(&self, email: &str) -> Registration {
        Registration {
            id: self.id(),
            flow: self.secret(TokenKind::Flow).digest(),
            email: EmailAddress::stored(email).unwrap(),
            first_name: PersonName::parse("Grace").unwrap(),
            last_name: PersonName::parse("Hopper").unwrap(),
            company_name: CompanyName::parse("Navy").unwrap(),
            country: CountryCode::parse("US").unwrap(),
            language: Language::english(),
            answers: CustomFieldValues::new(),
            state: RegistrationState::Requested,
            generation: 1,
            code: None,
            code_tries: 0,
            application: None,
            account: None,
            requested_at: self.now,
            expires_at: self.later(24 * 3600),
            version: 1,
        }
    }

    /// What an event is made from.
    #[must_use]
    pub fn fresh_event(&self) -> NewEventIds {
        self.ids().event().unwrap()
    }

    /// An event with every personal field.
    #[must_use]
    pub fn event(&self) -> AuditEvent {
        let fresh = self.ids().event().unwrap();
        let client = Client::new("192.0.2.7".parse().ok(), None);
        AuditEvent::new(&fresh, self.now, Action::LoginFailed, Actor::Anonymous, Subject::Nothing)
            .concerning(&fresh, &EmailAddress::parse("grace@example.org").unwrap())
            .from_client(&fresh, &client)
            .after_check(&fresh, &IdentityCheck::new(CheckMethod::InPerson, "Shown a badge").unwrap())
    }

    /// The answer of an account to a security question.
    #[must_use]
    pub fn security_answer(&self, account: AccountId, question: &str) -> SecurityAnswer {
        SecurityAnswer {
            account,
            question: QuestionKey::parse(question).unwrap(),
            hash: PasswordHash::from_phc(format!("plain${question}")),
            place: 0,
            set_at: self.now,
            given_at: None,
        }
    }
}
