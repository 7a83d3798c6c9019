//! What a flow decided, as values: changes that carry their guards, and sets of them that hold or fail as one.

mod order;
mod rejection;

pub use order::{Phase, Rank, Row};
pub use rejection::{CommitError, Entity, Rejection, Unavailable};

use crate::{
    model::{
        access::{Role, Subscription},
        account::{Account, Picture},
        audit::AuditEvent,
        company::Company,
        email_change::EmailChange,
        invitation::Invitation,
        link::Token,
        onboarding::Onboarding,
        outbox::{DeliveryOutcome, OutboxMessage},
        password::{Password, PasswordHash, RetiredPassword},
        question::SecurityAnswer,
        registration::{IssuedCode, Registration},
        session::Session,
        terms::{TermsAcceptance, TermsVersion},
        throttle::{Bucket, Rate, Throttle},
    },
    value::{
        AccountId, ChangeSetId, EmailAddress, EmailChangeId, InvitationId, LeaseTicket, OutboxMessageId, QuestionKey,
        RegistrationId, RoleKey, SessionId, SubscriptionKey, Timestamp, TokenDigest, TokenId,
    },
};

/// One change of one row. The guard beside each is evaluated in the statement that writes, never in an earlier read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Guard: the id is free.
    OpenCompany(Company),
    /// Writes the company's name, and whether it is trusted. Guard: the stored version is the one before `version`.
    ReviseCompany(Company),
    /// Guard: the key is free.
    DefineRole(Role),
    /// Writes all but the key. Guard: the stored version is the one before `version`.
    ReviseRole(Role),
    /// Writes nothing. Guard: the role is there in this version, until the commit is over.
    RequireRole {
        /// The role.
        key: RoleKey,
        /// The version it was read in.
        version: u32,
    },
    /// Guard: the key is free.
    DefineSubscription(Subscription),
    /// Writes all but the key. Guard: the stored version is the one before `version`.
    ReviseSubscription(Subscription),
    /// Writes nothing. Guard: the subscription is there in this version, until the commit is over.
    RequireSubscription {
        /// The subscription.
        key: SubscriptionKey,
        /// The version it was read in.
        version: u32,
    },
    /// Guard: the number is free.
    PublishTerms(TermsVersion),
    /// Writes nothing. Guard: the account is there in this version, until the commit is over.
    RequireAccount {
        /// The account.
        id: AccountId,
        /// The version it was read in.
        version: u32,
    },
    /// Writes nothing. Guard: the account is there in this epoch of its sessions, until the commit is over.
    RequireSessionEpoch {
        /// The account.
        id: AccountId,
        /// The epoch it was read in.
        epoch: u32,
    },
    /// Guards: the id is free; no account has the canonical address; the company is there. Who opens an account holds a link that was
    /// mailed to its address, so that it is theirs even where an undo would have given it back to an account that had it before.
    OpenAccount {
        /// The account.
        account: Account,
        /// Its password.
        password: Password,
        /// Who gave it its roles and subscriptions; `None` for the installation itself.
        granted_by: Option<AccountId>,
    },
    /// Writes names, language, state, roles, subscriptions, required actions, recovery, epoch of sessions and deletion. Guard: the stored version is
    /// the one before `version`.
    ReviseAccount {
        /// The account as it is to be.
        account: Account,
        /// Who gave it the roles and subscriptions that it did not have before.
        by: Option<AccountId>,
    },
    /// Replaces a hash by one of the same password under better parameters. Guard: the stored hash is `from`.
    Rehash {
        /// The account.
        id: AccountId,
        /// The hash that was verified.
        from: PasswordHash,
        /// The hash that takes its place.
        to: PasswordHash,
    },
    /// Puts another password in the place of the one that is there. Guard: the stored hash is `from`.
    SetPassword {
        /// The account.
        id: AccountId,
        /// The hash that was read.
        from: PasswordHash,
        /// What takes its place.
        to: Password,
    },
    /// Keeps a password that was replaced, and of all those of the account only the newest `keep`. Guards: the id is free; the
    /// account is there.
    RetirePassword {
        /// The password.
        retired: RetiredPassword,
        /// How many are kept, this one included.
        keep: u32,
    },
    /// Guard: not yet accepted by that account.
    AcceptTerms(TermsAcceptance),
    /// Guards: the id and the flow are free.
    OpenRegistration(Registration),
    /// Writes all but the code and how often one was tried. Guard: the stored version is the one before `version`.
    AdvanceRegistration(Registration),
    /// Puts another code, or none, in the place of the one that is there; it has not been tried yet. Guard: the stored code is
    /// `from`.
    ReplaceCode {
        /// The registration.
        id: RegistrationId,
        /// The hash of the code that was read, if there was one.
        from: Option<PasswordHash>,
        /// What takes its place.
        to: Option<IssuedCode>,
    },
    /// Counts that a code is tried, whether or not there is one. Guard: the registration is there, and codes were tried fewer than
    /// `limit` times since the last was put there.
    TryCode {
        /// The registration.
        id: RegistrationId,
        /// How often one may be tried.
        limit: u32,
    },
    /// Guards: the id is free; no pending invitation of that company has the same address; the company is there.
    IssueInvitation(Invitation),
    /// Writes all but the first opening. Guard: the stored version is the one before `version`.
    AdvanceInvitation(Invitation),
    /// Notes the first opening. Later ones change nothing and are no rejection. Guard: the invitation is there.
    RecordFirstOpen {
        /// The invitation.
        id: InvitationId,
        /// When it was opened.
        at: Timestamp,
    },
    /// Guards: the id and the digest are free.
    IssueToken(Token),
    /// Guard: unspent, and not expired at `at`.
    SpendToken {
        /// The link.
        id: TokenId,
        /// When it is used.
        at: Timestamp,
    },
    /// Moves the end of a link. Guard: unspent.
    ExtendToken {
        /// The link.
        id: TokenId,
        /// Its new end.
        expires_at: Timestamp,
    },
    /// Guards: the id and the digest are free; the account is there.
    StartSession(Session),
    /// Notes a use. Guard: the session is there.
    TouchSession {
        /// The session.
        id: SessionId,
        /// When it was used.
        at: Timestamp,
    },
    /// Guard: the session is there.
    EndSession(SessionId),
    /// Ends every session of an account; that there is none is no rejection. The account's epoch is raised beside it, by
    /// [`Change::ReviseAccount`]: a session that another process starts at the same moment is dead, too.
    EndSessions(AccountId),
    /// Ends every session of an account but one; that there is none is no rejection.
    EndOtherSessions {
        /// The account.
        account: AccountId,
        /// The session that stays.
        keep: SessionId,
        /// The account's epoch from now on, which the session that stays is in.
        epoch: u32,
    },
    /// Consumes a permit of a bucket. Guard: it has one left at `at`.
    ConsumePermit {
        /// The bucket.
        bucket: Bucket,
        /// How many permits it has.
        rate: Rate,
        /// When.
        at: Timestamp,
    },
    /// Writes how a bucket of attempts stands. Guard: it stands as it was read, or is not there where it was not.
    CountAttempt {
        /// The bucket.
        bucket: Bucket,
        /// How it was read.
        from: Option<Throttle>,
        /// How it is to stand.
        to: Throttle,
    },
    /// Writes how a bucket is to stand, however it stood.
    ResetBucket {
        /// The bucket.
        bucket: Bucket,
        /// How it is to stand.
        to: Throttle,
    },
    /// Empties a bucket; that there is none is no rejection.
    EmptyBucket(Bucket),
    /// Guard: the id is free.
    QueueMessage(OutboxMessage),
    /// Guard: leased under this ticket.
    SettleMessage {
        /// The notice.
        id: OutboxMessageId,
        /// The claim under which it was worked on.
        ticket: LeaseTicket,
        /// When.
        at: Timestamp,
        /// What became of it.
        outcome: DeliveryOutcome,
    },
    /// Guard: the id is free.
    Record(AuditEvent),
    /// Gives an account another address. Guards: the stored address is `from`; no other account has `to`, nor can have it
    /// back by an undo.
    ChangeEmail {
        /// The account.
        id: AccountId,
        /// The address that was read.
        from: EmailAddress,
        /// What takes its place.
        to: EmailAddress,
    },
    /// Guards: the id is free; no other change of the account is pending; the account is there.
    OpenEmailChange(EmailChange),
    /// Writes the state, and until when it can be undone. Guard: the stored version is the one before `version`.
    AdvanceEmailChange(EmailChange),
    /// Undoes a change of address, and every one of the account that was asked for after it; that there is none is no rejection.
    UndoEmailChanges {
        /// The account.
        account: AccountId,
        /// The first of them.
        since: EmailChangeId,
    },
    /// Notes that the password was said again, and puts another secret in the place of the session's. Guard: the stored digest is
    /// `from`.
    ConfirmReauthentication {
        /// The session.
        id: SessionId,
        /// The digest that was read.
        from: TokenDigest,
        /// What takes its place; the same where the secret stays.
        to: TokenDigest,
        /// When.
        at: Timestamp,
    },
    /// Puts a picture in the place of the one that the account has, if it has one. Guards: the name is free; the account is there.
    StorePicture(Picture),
    /// Takes the picture of an account away; that there is none is no rejection.
    RemovePicture(AccountId),
    /// Guards: the account has none yet; the account is there.
    OpenOnboarding(Onboarding),
    /// Writes all of it. Guard: the stored version is the one before `version`.
    AdvanceOnboarding(Onboarding),
    /// Puts security answers in the place of all that an account has; none takes them away. Guards: the account is there, where there
    /// are answers; no question has two.
    SetAnswers {
        /// The account.
        account: AccountId,
        /// Its answers, to a question each.
        answers: Vec<SecurityAnswer>,
    },
    /// Notes that a security question was answered. Guard: the stored hash is `from`.
    NoteAnswer {
        /// The account.
        account: AccountId,
        /// The question.
        question: QuestionKey,
        /// The hash that was verified.
        from: PasswordHash,
        /// When.
        at: Timestamp,
    },
    /// Erases an account: it and whatever belongs to it, every message and link to its addresses, the names and addresses in
    /// invitations to it, and of the events about it every value and salt. Its addresses are the one it has, those that its changes
    /// moved it from, and those that the log tells it had ([`Action::OF_ADDRESSES_HAD`](crate::model::audit::Action::OF_ADDRESSES_HAD)), but
    /// for what is another account's by now. Of an address that it asked for and never had, the mails go that failed. What stays is a
    /// [`Tombstone`](crate::model::privacy::Tombstone), and of other rows what names nobody. Guard: the account is there in this version, and its deletion is due at `at`.
    EraseAccount {
        /// The account.
        id: AccountId,
        /// The version it was read in.
        version: u32,
        /// When.
        at: Timestamp,
    },
}

/// Two changes of a set concern one row: their order would decide the outcome.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("two changes of one set concern the same row: {0:?}")]
pub struct ContradictingChanges(pub Row);

/// Changes that are applied together or not at all, in one order that every adapter keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeSet {
    id: ChangeSetId,
    at: Timestamp,
    changes: Vec<Change>,
}

impl ChangeSet {
    /// A set, sorted so that concurrent sets touch shared rows in one order: guards and updates first, then inserts
    /// with parents before children, deletions last in reverse; by entity and id within each.
    ///
    /// # Errors
    /// [`ContradictingChanges`] where two changes concern one row.
    pub fn new(id: ChangeSetId, at: Timestamp, mut changes: Vec<Change>) -> Result<Self, ContradictingChanges> {
        changes.sort_by_cached_key(|change| (change.phase(), change.place()));
        let mut rows = changes.iter().map(Change::row).collect::<Vec<_>>();
        rows.sort();
        if let Some(twice) = rows.windows(2).find_map(|pair| match pair {
            [one, other] if one == other => Some(one.clone()),
            _ => None,
        }) {
            return Err(ContradictingChanges(twice));
        }
        Ok(Self { id, at, changes })
    }

    /// The set's id: its commit stores it, so that applying the set again answers what the first application answered.
    #[must_use]
    pub const fn id(&self) -> ChangeSetId {
        self.id
    }

    /// When it was decided.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The changes, in the order to apply them.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }
}
