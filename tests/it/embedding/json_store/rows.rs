//! The rows: the core's own types, each under a mirror of its fields that stops compiling when one is added, and a few of this
//! store's own.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    sync::Arc,
};

use identity_core::{
    change::Entity,
    model::{
        access::{GrantableBy, Role, Subscription},
        account::{Account, AccountState, Deletion, Picture, Preferences, Profile, Recovery, RequiredAction},
        audit::{Actor, AuditEvent, Subject},
        company::Company,
        email_change::{EmailChange, EmailChangeState},
        invitation::{Invitation, InvitationState},
        link::{LinkPurpose, Token},
        onboarding::{ClosedStep, Closing, Onboarding},
        outbox::{MailKind, OutboxMessage, OutboxMessageState},
        password::{Password, PasswordHash, RetiredPassword},
        privacy::Tombstone,
        question::SecurityAnswer,
        registration::{Application, IssuedCode, Registration, RegistrationState},
        session::{Client, Session},
        terms::{TermsAcceptance, TermsVersion},
        throttle::{Bucket, Throttle},
    },
    value::{
        AccountId, Answer, CatalogueText, ChangeSetId, CompanyId, CompanyName, CountryCode, EmailAddress, EmailChangeId, EventId,
        FieldKey, InvitationId, Language, LeaseTicket, Lifetime, Note, NotificationKey, OutboxMessageId, PersonName, PhoneNumber,
        PictureName, ProfileText, QuestionKey, RegistrationId, RetiredPasswordId, RoleKey, SessionId, StepKey, SubscriptionKey,
        TimeZone, Timestamp, TokenDigest, TokenId,
    },
};
use serde::{Deserialize, Serialize};

use super::{
    kept::{self, Kept, by_serde},
    table::Row,
};

/// Types of the core, each under a mirror of its fields.
macro_rules! mirrors {
    ($(#[$remote:meta] $type:ident as $mirror:ident { $($field:ident: $value:ty),+ $(,)? })+) => {$(
        #[derive(Serialize, Deserialize)]
        #[$remote]
        struct $mirror { $(#[serde(with = "kept")] $field: $value),+ }

        by_serde!($type as $mirror);
    )+};
}

/// Types of this store.
macro_rules! records {
    ($($(#[$doc:meta])* $type:ident { $($field:ident: $value:ty),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Serialize, Deserialize)]
        pub(super) struct $type { $(#[serde(with = "kept")] pub(super) $field: $value),+ }

        by_serde!($type as Self);
    )+};
}

/// Which key tells a row from others, and what a rejection calls it.
macro_rules! rows {
    ($($type:ident: $entity:ident, |$row:ident| $key:expr => $key_type:ty;)+) => {$(
        impl Row for $type {
            type Key = $key_type;
            const ENTITY: Entity = Entity::$entity;

            fn key(&self) -> $key_type {
                let $row = self;
                $key
            }
        }
    )+};
}

mirrors! {
    #[serde(remote = "Company")]
    Company as CompanyMirror { id: CompanyId, name: CompanyName, created_at: Timestamp, is_trusted: bool, version: u32 }

    #[serde(remote = "Role")]
    Role as RoleMirror {
        key: RoleKey,
        name: CatalogueText,
        description: Option<CatalogueText>,
        grantable_by: GrantableBy,
        version: u32,
    }

    #[serde(remote = "Subscription")]
    Subscription as SubscriptionMirror {
        key: SubscriptionKey,
        name: CatalogueText,
        description: Option<CatalogueText>,
        grantable_by: GrantableBy,
        version: u32,
    }

    #[serde(remote = "TermsVersion")]
    TermsVersion as TermsMirror {
        number: u32,
        effective_at: Timestamp,
        grace: Option<Lifetime>,
        texts: BTreeMap<Language, String>,
    }

    #[serde(remote = "TermsAcceptance")]
    TermsAcceptance as AcceptanceMirror {
        account: AccountId,
        number: u32,
        language: Language,
        text_hash: [u8; 32],
        accepted_at: Timestamp,
    }

    #[serde(remote = "Recovery")]
    Recovery as RecoveryMirror { generation: u32, since: Timestamp }

    #[serde(remote = "Deletion")]
    Deletion as DeletionMirror { requested_at: Timestamp, erase_at: Timestamp }

    #[serde(remote = "Tombstone")]
    Tombstone as TombstoneMirror { id: AccountId, company: CompanyId, created_at: Timestamp, erased_at: Timestamp }

    #[serde(remote = "Profile")]
    Profile as ProfileMirror {
        phone: Option<PhoneNumber>,
        department: Option<ProfileText>,
        job_title: Option<ProfileText>,
        picture: Option<PictureName>,
        answers: BTreeMap<FieldKey, Answer>,
    }

    #[serde(remote = "Picture")]
    Picture as PictureMirror { name: PictureName, account: AccountId, bytes: Arc<[u8]>, created_at: Timestamp }

    #[serde(remote = "SecurityAnswer")]
    SecurityAnswer as KeptAnswerMirror {
        account: AccountId,
        question: QuestionKey,
        hash: PasswordHash,
        place: u32,
        set_at: Timestamp,
        given_at: Option<Timestamp>,
    }

    #[serde(remote = "Preferences")]
    Preferences as PreferencesMirror { time_zone: TimeZone, silenced: BTreeSet<NotificationKey> }

    #[serde(remote = "Account")]
    Account as AccountMirror {
        id: AccountId,
        company: CompanyId,
        email: EmailAddress,
        first_name: PersonName,
        last_name: PersonName,
        language: Language,
        profile: Profile,
        preferences: Preferences,
        state: AccountState,
        roles: BTreeSet<RoleKey>,
        subscriptions: BTreeSet<SubscriptionKey>,
        required_actions: BTreeSet<RequiredAction>,
        recovery: Recovery,
        session_epoch: u32,
        deletion: Option<Deletion>,
        created_at: Timestamp,
        version: u32,
    }

    #[serde(remote = "Password")]
    Password as PasswordMirror { hash: PasswordHash, set_at: Timestamp, ends_at: Option<Timestamp> }

    #[serde(remote = "RetiredPassword")]
    RetiredPassword as RetiredPasswordMirror {
        id: RetiredPasswordId,
        account: AccountId,
        hash: PasswordHash,
        retired_at: Timestamp,
    }

    #[serde(remote = "IssuedCode")]
    IssuedCode as IssuedCodeMirror { hash: PasswordHash, expires_at: Timestamp }

    #[serde(remote = "Application")]
    Application as ApplicationMirror {
        password: PasswordHash,
        terms: u32,
        terms_language: Language,
        text_hash: [u8; 32],
        time_zone: TimeZone,
        submitted_at: Timestamp,
    }

    #[serde(remote = "Registration")]
    Registration as RegistrationMirror {
        id: RegistrationId,
        flow: TokenDigest,
        email: EmailAddress,
        first_name: PersonName,
        last_name: PersonName,
        company_name: CompanyName,
        country: CountryCode,
        language: Language,
        answers: BTreeMap<FieldKey, Answer>,
        state: RegistrationState,
        generation: u32,
        code: Option<IssuedCode>,
        code_tries: u32,
        application: Option<Application>,
        account: Option<AccountId>,
        requested_at: Timestamp,
        expires_at: Timestamp,
        version: u32,
    }

    #[serde(remote = "Throttle")]
    Throttle as ThrottleMirror { free_at: Timestamp, failures: u32, expires_at: Timestamp }

    #[serde(remote = "Invitation")]
    Invitation as InvitationMirror {
        id: InvitationId,
        company: Option<CompanyId>,
        inviter: Option<AccountId>,
        email: Option<EmailAddress>,
        first_name: Option<PersonName>,
        last_name: Option<PersonName>,
        roles: BTreeSet<RoleKey>,
        subscriptions: BTreeSet<SubscriptionKey>,
        language: Language,
        note: Option<Note>,
        lifetime: Lifetime,
        starts_at_sending: bool,
        expires_at: Timestamp,
        state: InvitationState,
        generation: u32,
        created_at: Timestamp,
        opened_at: Option<Timestamp>,
        renewal_requested_at: Option<Timestamp>,
        account: Option<AccountId>,
        version: u32,
    }

    #[serde(remote = "Token")]
    Token as TokenMirror {
        id: TokenId,
        digest: TokenDigest,
        subject: LinkPurpose,
        generation: u32,
        sent_to: Option<EmailAddress>,
        issued_at: Timestamp,
        expires_at: Timestamp,
        spent_at: Option<Timestamp>,
    }

    #[serde(remote = "Client")]
    Client as ClientMirror { address: Option<IpAddr>, device: Option<String> }

    #[serde(remote = "Session")]
    Session as SessionMirror {
        id: SessionId,
        digest: TokenDigest,
        account: AccountId,
        started_at: Timestamp,
        used_at: Timestamp,
        idle: Lifetime,
        expires_at: Timestamp,
        remembered: bool,
        client: Client,
        proved_at: Timestamp,
        epoch: u32,
    }

    #[serde(remote = "EmailChange")]
    EmailChange as EmailChangeMirror {
        id: EmailChangeId,
        account: AccountId,
        from: EmailAddress,
        to: EmailAddress,
        state: EmailChangeState,
        generation: u32,
        session: SessionId,
        requested_at: Timestamp,
        expires_at: Timestamp,
        undo_until: Timestamp,
        version: u32,
    }

    #[serde(remote = "OutboxMessage")]
    OutboxMessage as OutboxMessageMirror {
        id: OutboxMessageId,
        to: EmailAddress,
        language: Language,
        topic: MailKind,
        queued_at: Timestamp,
        due_at: Timestamp,
        attempts: u32,
        state: OutboxMessageState,
        last_error: Option<String>,
        settled_at: Option<Timestamp>,
    }

    #[serde(remote = "ClosedStep")]
    ClosedStep as ClosedStepMirror { closing: Closing, at: Timestamp }

    #[serde(remote = "Onboarding")]
    Onboarding as OnboardingMirror {
        account: AccountId,
        steps: BTreeMap<StepKey, ClosedStep>,
        finished_at: Option<Timestamp>,
        version: u32,
    }
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "LinkPurpose", rename_all = "snake_case")]
enum LinkSubjectMirror {
    Invitation(#[serde(with = "kept")] InvitationId),
    Registration(#[serde(with = "kept")] RegistrationId),
    Recovery(#[serde(with = "kept")] AccountId),
    ResetReport(#[serde(with = "kept")] AccountId),
    ChangeReport(#[serde(with = "kept")] AccountId),
    EmailConfirmation(#[serde(with = "kept")] EmailChangeId),
    EmailUndo(#[serde(with = "kept")] EmailChangeId),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "MailKind", rename_all = "snake_case")]
enum MailKindMirror {
    Invitation {
        #[serde(with = "kept")]
        invitation: InvitationId,
        generation: u32,
    },
    RenewalRequested {
        #[serde(with = "kept")]
        invitation: InvitationId,
    },
    Activation {
        #[serde(with = "kept")]
        registration: RegistrationId,
        generation: u32,
    },
    ActivationAgain,
    RegistrationWaits {
        #[serde(with = "kept")]
        registration: RegistrationId,
    },
    RegistrationApproved {
        #[serde(with = "kept")]
        registration: RegistrationId,
    },
    RegistrationRejected {
        #[serde(with = "kept")]
        registration: RegistrationId,
    },
    RecoveryRequested,
    ResetAfterReport {
        #[serde(with = "kept")]
        account: AccountId,
        generation: u32,
    },
    ResetAfterEmailUndo {
        #[serde(with = "kept")]
        account: AccountId,
        generation: u32,
    },
    ResetByAdministrator {
        #[serde(with = "kept")]
        account: AccountId,
        generation: u32,
    },
    TemporaryPassword {
        #[serde(with = "kept")]
        account: AccountId,
    },
    PasswordChangeRequired {
        #[serde(with = "kept")]
        account: AccountId,
    },
    PasswordBreached {
        #[serde(with = "kept")]
        account: AccountId,
    },
    PasswordChanged {
        #[serde(with = "kept")]
        account: AccountId,
    },
    PasswordReset {
        #[serde(with = "kept")]
        account: AccountId,
    },
    ResetReported {
        #[serde(with = "kept")]
        account: AccountId,
    },
    AccessReported {
        #[serde(with = "kept")]
        account: AccountId,
    },
    AccessGranted {
        #[serde(with = "kept")]
        invitation: InvitationId,
    },
    EmailConfirmation {
        #[serde(with = "kept")]
        change: EmailChangeId,
    },
    EmailChangeAnnounced {
        #[serde(with = "kept")]
        change: EmailChangeId,
    },
    EmailChanged {
        #[serde(with = "kept")]
        change: EmailChangeId,
    },
    EmailChangeUndone {
        #[serde(with = "kept")]
        change: EmailChangeId,
    },
    SignedIn {
        #[serde(with = "kept")]
        session: SessionId,
    },
    InvitationAccepted {
        #[serde(with = "kept")]
        invitation: InvitationId,
    },
    SecurityQuestionsSet {
        #[serde(with = "kept")]
        account: AccountId,
    },
    SecurityQuestionsChanged {
        #[serde(with = "kept")]
        account: AccountId,
    },
    DeletionRequested {
        #[serde(with = "kept")]
        account: AccountId,
    },
    DeletionUndone {
        #[serde(with = "kept")]
        account: AccountId,
    },
    DeletionUndoneWithAddress {
        #[serde(with = "kept")]
        account: AccountId,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "OutboxMessageState", rename_all = "snake_case")]
enum OutboxMessageStateMirror {
    Queued,
    Leased(#[serde(with = "kept")] LeaseTicket),
    Sent,
    Failed,
    Dropped,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Actor", rename_all = "snake_case")]
enum ActorMirror {
    System,
    Anonymous,
    Account(#[serde(with = "kept")] AccountId),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Subject", rename_all = "snake_case")]
enum SubjectMirror {
    Nothing,
    Account(#[serde(with = "kept")] AccountId),
    Company(#[serde(with = "kept")] CompanyId),
    Invitation(#[serde(with = "kept")] InvitationId),
    Session(#[serde(with = "kept")] SessionId),
    OutboxMessage(#[serde(with = "kept")] OutboxMessageId),
    Registration(#[serde(with = "kept")] RegistrationId),
    Entry(String),
}

by_serde!(
    LinkPurpose as LinkSubjectMirror,
    MailKind as MailKindMirror,
    OutboxMessageState as OutboxMessageStateMirror,
    Actor as ActorMirror,
    Subject as SubjectMirror,
);

records! {
    /// The id of a set that was committed.
    Applied { id: ChangeSetId, at: Timestamp }

    /// An account's password.
    Credential { account: AccountId, password: Password }

    /// How a bucket stands.
    Counter { bucket: Bucket, throttle: Throttle }

    /// Who gave an account a role or a subscription, and when.
    Grant { account: AccountId, entry: String, by: Option<AccountId>, at: Timestamp }

    /// An event. What it keeps of a person stands beside it: that can be erased, the digest stays.
    Event {
        id: EventId,
        at: Timestamp,
        action: String,
        actor: Actor,
        subject: Subject,
        digests: BTreeMap<String, [u8; 32]>,
        account: Option<AccountId>,
    }

    /// A personal field of an event.
    Personal { event: EventId, kind: String, salt: [u8; 16], value: String }
}

rows! {
    // Never rejected: a set whose id is there is not applied.
    Applied: Event, |row| row.id => ChangeSetId;
    Company: Company, |row| row.id => CompanyId;
    Role: Role, |row| row.key.clone() => RoleKey;
    Subscription: Subscription, |row| row.key.clone() => SubscriptionKey;
    TermsVersion: Terms, |row| row.number => u32;
    TermsAcceptance: Acceptance, |row| (row.account, row.number) => (AccountId, u32);
    Account: Account, |row| row.id => AccountId;
    Credential: Account, |row| row.account => AccountId;
    RetiredPassword: RetiredPassword, |row| row.id => RetiredPasswordId;
    Registration: Registration, |row| row.id => RegistrationId;
    Counter: Throttle, |row| row.bucket => Bucket;
    Grant: Account, |row| (row.account, row.entry.clone()) => (AccountId, String);
    Invitation: Invitation, |row| row.id => InvitationId;
    Token: Token, |row| row.id => TokenId;
    Session: Session, |row| row.id => SessionId;
    OutboxMessage: OutboxMessage, |row| row.id => OutboxMessageId;
    Event: Event, |row| row.id => EventId;
    Personal: Event, |row| (row.event, row.kind.clone()) => (EventId, String);
    EmailChange: EmailChange, |row| row.id => EmailChangeId;
    Picture: Picture, |row| row.name.clone() => PictureName;
    Onboarding: Onboarding, |row| row.account => AccountId;
    SecurityAnswer: SecurityAnswer, |row| (row.account, row.question.clone()) => (AccountId, QuestionKey);
    Tombstone: Account, |row| row.id => AccountId;
}

impl From<&AuditEvent> for Event {
    fn from(event: &AuditEvent) -> Self {
        Self {
            id: event.id,
            at: event.at,
            action: event.action.as_str().to_owned(),
            actor: event.actor,
            subject: event.subject.clone(),
            account: event.security_of(),
            digests: event.personal.iter().map(|field| (field.kind.as_str().to_owned(), field.digest())).collect(),
        }
    }
}
