//! Rows by the million, as years of use would leave them.

use identity_core::{
    model::{account::AccountState, password::PasswordHash},
    value::{PictureName, Timestamp},
};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ActiveValue::Set, ConnectionTrait as _, DatabaseTransaction, DbErr, EntityTrait,
    TransactionTrait as _,
};
use uuid::{Builder, Uuid};

use crate::{
    DatabaseUrl, StorageError,
    access::ROLE,
    convert::micros,
    entity::rows::{
        acceptances, accounts, audit_events, audit_personal, change_sets, companies, email_changes, invitations, links, listed,
        notices, pictures, registrations, retired_passwords, security_answers, sessions, setups, throttles,
    },
    open::write_connections,
};

/// How many people, and how they can be found again. Every one of them was invited, registered and is signed in; a company has a
/// hundred, the first of them administers it, and the very first is an operator. Every twentieth invited somebody who has not
/// answered, every fiftieth somebody who was too late. Every fifth had another password before, and each has a counter of the
/// passwords that were tried. Every tenth had signed up first; every twentieth told somebody of it who has not come back yet, every
/// fortieth somebody who waits to be let in. Every fourth had another address before.
/// fortieth somebody who waits to be let in. Every fourth has a picture.
#[derive(Clone, Debug)]
pub struct Population {
    /// How many accounts.
    pub accounts: u64,
    /// The password of each.
    pub password: PasswordHash,
    /// The time that all of it ends at: one account a second before it.
    pub now: Timestamp,
}

/// The tables whose statistics decide how a statement is answered.
const GROWING: &[&str] = &[
    "accounts",
    "grants",
    "invitations",
    "links",
    "notices",
    "sessions",
    "companies",
    "change_sets",
    "audit_events",
    "registrations",
    "retired_passwords",
    "throttles",
    "email_changes",
    "pictures",
    "setups",
    "security_answers",
];

/// How many accounts one transaction writes.
const CHUNK: u64 = 500;
/// How many people a company has.
const IN_COMPANY: u64 = 100;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// Adds them to a migrated database in which they are not yet, and has the database look at what it has now.
///
/// # Errors
/// [`StorageError`]; some of them may be there.
pub async fn populate(url: &DatabaseUrl, population: &Population) -> Result<(), StorageError> {
    populate_unseen(url, population).await?;
    analyse(url).await
}

/// As [`populate`], and tells the database nothing of it: it has no statistics, or those that it has made by itself.
///
/// # Errors
/// As [`populate`].
pub async fn populate_unseen(url: &DatabaseUrl, population: &Population) -> Result<(), StorageError> {
    let connection = write_connections(url, 1).await?;
    let failed = StorageError::Migration;
    let mut from = 0;
    while from < population.accounts {
        let to = population.accounts.min(from + CHUNK);
        let transaction = connection.begin().await.map_err(failed)?;
        population.write(&transaction, from..to).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        from = to;
    }
    connection.close().await.map_err(failed)
}

/// Has a database look at what it has now.
///
/// # Errors
/// [`StorageError`]
pub async fn analyse(url: &DatabaseUrl) -> Result<(), StorageError> {
    let connection = write_connections(url, 1).await?;
    let failed = StorageError::Migration;
    for table in GROWING {
        let analyse = match connection.get_database_backend() {
            sea_orm::DbBackend::MySql => "ANALYZE TABLE",
            _ => "ANALYZE",
        };
        connection.execute_unprepared(&format!("{analyse} {table}")).await.map_err(failed)?;
    }
    connection.close().await.map_err(failed)
}

/// What an id is of: ids of one person differ by it.
#[derive(Clone, Copy)]
enum Of {
    Company,
    Account,
    Invitation,
    Waiting,
    Late,
    Link,
    OutboxMessage,
    Session,
    Event,
    Set,
    SignedUp,
    Requested,
    Applied,
    Retired,
    Throttle,
    EmailChange,
    Picture,
}

impl Population {
    /// The address of the n-th person.
    #[must_use]
    pub fn address(n: u64) -> String {
        format!("person{n}@company{}.example", n / IN_COMPANY)
    }

    /// The digest of the n-th person's session.
    #[must_use]
    pub fn session_digest(n: u64) -> [u8; 32] {
        digest(Of::Session, n)
    }

    /// The digest of a link that nobody has used yet; every twentieth person sent one.
    #[must_use]
    pub fn waiting_digest(n: u64) -> [u8; 32] {
        digest(Of::Waiting, n / 20 * 20)
    }

    /// The id of the n-th person's account.
    #[must_use]
    pub fn account_id(&self, n: u64) -> Uuid {
        self.id(Of::Account, n)
    }

    /// The id of the n-th person's company.
    #[must_use]
    pub fn company_id(&self, n: u64) -> Uuid {
        self.id(Of::Company, n / IN_COMPANY * IN_COMPANY)
    }

    /// The id of the invitation that the n-th person came by.
    #[must_use]
    pub fn invitation_id(&self, n: u64) -> Uuid {
        self.id(Of::Invitation, n)
    }

    /// The id of the registration of somebody whom the n-th person, or one shortly before, told of it.
    #[must_use]
    pub fn requested_id(&self, n: u64) -> Uuid {
        self.id(Of::Requested, n / 20 * 20)
    }

    /// The address of that somebody.
    #[must_use]
    pub fn requested_address(n: u64) -> String {
        Self::address_of(Of::Requested, n / 20 * 20)
    }

    /// The digest of the flow of that registration.
    #[must_use]
    pub fn requested_flow(n: u64) -> [u8; 32] {
        digest(Of::Requested, n / 20 * 20)
    }

    /// The bucket in which the passwords are counted that were tried for the n-th person.
    #[must_use]
    pub fn bucket(n: u64) -> [u8; 32] {
        digest(Of::Throttle, n)
    }

    /// The name of the picture of the n-th person, or of one shortly before.
    #[must_use]
    pub fn picture(n: u64) -> PictureName {
        let name = digest(Of::Picture, n / 4 * 4).first_chunk().copied();
        PictureName::from_bytes(name.unwrap_or_default())
    }

    /// The address of a registration's person.
    fn address_of(of: Of, n: u64) -> String {
        let who = match of {
            Of::Requested => "requested",
            Of::Applied => "applied",
            _ => "",
        };
        format!("{who}{}", Self::address(n))
    }

    /// When the n-th person came, in microseconds.
    fn at(&self, n: u64) -> i64 {
        let before = i64::try_from(self.accounts.saturating_sub(n)).unwrap_or(i64::MAX);
        micros(self.now).saturating_sub(before.saturating_mul(SECOND))
    }

    fn id(&self, of: Of, n: u64) -> Uuid {
        let millis = u64::try_from(self.at(n) / 1000).unwrap_or_default();
        let [a, b, c, d, e, f, g, h] = spread(n, of as u64).to_be_bytes();
        Builder::from_unix_timestamp_millis(millis, &[a, b, c, d, e, f, g, h, of as u8, 0]).into_uuid()
    }

    async fn write(&self, transaction: &DatabaseTransaction, people: std::ops::Range<u64>) -> Result<(), DbErr> {
        let all = || people.clone();
        let every = |step: u64| all().filter(move |n| n % step == 0);
        insert::<companies::Entity, _>(transaction, every(IN_COMPANY).map(|n| self.company(n))).await?;
        insert::<accounts::Entity, _>(transaction, all().map(|n| self.account(n))).await?;
        let administering = every(IN_COMPANY).map(|n| self.grant(n, "company_administrator"));
        let operating = every(u64::MAX).map(|n| self.grant(n, "operator"));
        insert::<listed::Entity, _>(transaction, all().map(|n| self.grant(n, "editor")).chain(administering).chain(operating))
            .await?;
        insert::<acceptances::Entity, _>(transaction, all().map(|n| self.acceptance(n))).await?;
        let waiting = every(20).map(|n| self.waiting(n, Of::Waiting, micros(self.now) + 7 * DAY));
        let late = every(50).map(|n| self.waiting(n, Of::Late, self.at(n) - DAY));
        insert::<invitations::Entity, _>(transaction, all().map(|n| self.accepted(n)).chain(waiting).chain(late)).await?;
        let signed_up = every(10).map(|n| self.registration(n, Of::SignedUp, "completed"));
        let requested = every(20).map(|n| self.registration(n, Of::Requested, "requested"));
        let applied = every(40).map(|n| self.applied(n));
        insert::<registrations::Entity, _>(transaction, signed_up.chain(requested).chain(applied)).await?;
        insert::<retired_passwords::Entity, _>(transaction, every(5).map(|n| self.retired(n))).await?;
        insert::<email_changes::Entity, _>(transaction, every(4).map(|n| self.email_change(n))).await?;
        insert::<throttles::Entity, _>(transaction, all().map(|n| self.throttle(n))).await?;
        insert::<pictures::Entity, _>(transaction, every(4).map(|n| self.stored_picture(n))).await?;
        insert::<setups::Entity, _>(transaction, all().map(|n| self.onboarding(n))).await?;
        let answers = every(3).flat_map(|n| ["pet", "street", "book"].map(|question| self.security_answer(n, question)));
        insert::<security_answers::Entity, _>(transaction, answers).await?;
        let unused = every(20).map(|n| self.link(n, Of::Waiting, None));
        let used = all().map(|n| self.link(n, Of::Link, Some(self.at(n))));
        insert::<links::Entity, _>(transaction, used.chain(unused)).await?;
        insert::<notices::Entity, _>(transaction, all().map(|n| self.message(n))).await?;
        insert::<sessions::Entity, _>(transaction, all().map(|n| self.session(n))).await?;
        insert::<audit_events::Entity, _>(transaction, all().map(|n| self.event(n))).await?;
        insert::<audit_personal::Entity, _>(transaction, all().map(|n| self.personal(n))).await?;
        insert::<change_sets::Entity, _>(transaction, all().map(|n| self.change_set(n))).await
    }

    fn company(&self, n: u64) -> companies::ActiveModel {
        companies::ActiveModel {
            id: Set(self.company_id(n)),
            name: Set(format!("Company {}", n / IN_COMPANY)),
            created_at: Set(self.at(n)),
            is_trusted: Set(Some(true)),
            version: Set(1),
        }
    }

    fn account(&self, n: u64) -> accounts::ActiveModel {
        accounts::ActiveModel {
            id: Set(self.account_id(n)),
            company_id: Set(self.company_id(n)),
            address: Set(Self::address(n)),
            canonical: Set(Self::address(n).into_bytes()),
            first_name: Set("Ada".to_owned()),
            last_name: Set(format!("Person {n}")),
            language: Set("en".to_owned()),
            phone: Set(None),
            department: Set(None),
            job_title: Set(None),
            picture: Set(None),
            answers: Set(None),
            time_zone: Set("UTC".to_owned()),
            silenced: Set(String::new()),
            state: Set(AccountState::Active.as_str().to_owned()),
            password: Set(self.password.expose().to_owned()),
            password_set_at: Set(Some(self.at(n))),
            password_ends_at: Set(None),
            required_actions: Set(String::new()),
            recovery_generation: Set(1),
            session_epoch: Set(None),
            recovery_since: Set(self.at(n)),
            deletion_requested_at: Set(None),
            erase_at: Set(None),
            created_at: Set(self.at(n)),
            version: Set(1),
        }
    }

    fn grant(&self, n: u64, role: &str) -> listed::ActiveModel {
        listed::ActiveModel {
            account_id: Set(self.account_id(n)),
            kind: Set(ROLE.to_owned()),
            entry: Set(role.as_bytes().to_vec()),
            granted_by: Set(None),
            granted_at: Set(self.at(n)),
            company_id: Set(Some(self.company_id(n))),
            state: Set(Some(AccountState::Active.as_str().to_owned())),
            canonical: Set(Some(Self::address(n).into_bytes())),
        }
    }

    fn acceptance(&self, n: u64) -> acceptances::ActiveModel {
        acceptances::ActiveModel {
            account_id: Set(self.account_id(n)),
            number: Set(1),
            language: Set("en".to_owned()),
            text_hash: Set(vec![7; 32]),
            accepted_at: Set(self.at(n)),
        }
    }

    fn accepted(&self, n: u64) -> invitations::ActiveModel {
        let address = Self::address(n);
        invitations::ActiveModel {
            id: Set(self.invitation_id(n)),
            company_id: Set(Some(self.company_id(n))),
            inviter_id: Set(Some(self.account_id(n / IN_COMPANY * IN_COMPANY))),
            canonical: Set(Some(address.clone().into_bytes())),
            address: Set(Some(address)),
            pending_for: Set(None),
            first_name: Set(Some("Ada".to_owned())),
            last_name: Set(None),
            roles: Set("editor".to_owned()),
            subscriptions: Set(String::new()),
            language: Set("en".to_owned()),
            note: Set(None),
            lifetime_seconds: Set(7 * 86_400),
            starts_at_sending: Set(false),
            expires_at: Set(self.at(n) + 7 * DAY),
            state: Set("accepted".to_owned()),
            generation: Set(2),
            created_at: Set(self.at(n)),
            opened_at: Set(Some(self.at(n))),
            renewal_requested_at: Set(None),
            account_id: Set(Some(self.account_id(n))),
            version: Set(3),
        }
    }

    fn waiting(&self, n: u64, of: Of, expires_at: i64) -> invitations::ActiveModel {
        let address = format!("{}{}", if matches!(of, Of::Late) { "late" } else { "waiting" }, Self::address(n));
        let pending_for = [self.company_id(n).as_bytes().as_slice(), address.as_bytes()].concat();
        invitations::ActiveModel {
            id: Set(self.id(of, n)),
            canonical: Set(Some(address.clone().into_bytes())),
            address: Set(Some(address)),
            pending_for: Set(Some(pending_for)),
            expires_at: Set(expires_at),
            state: Set("pending".to_owned()),
            generation: Set(1),
            opened_at: Set(None),
            account_id: Set(None),
            version: Set(2),
            ..self.accepted(n)
        }
    }

    fn registration(&self, n: u64, of: Of, state: &str) -> registrations::ActiveModel {
        let address = Self::address_of(of, n);
        registrations::ActiveModel {
            id: Set(self.id(of, n)),
            flow: Set(digest(of, n).to_vec()),
            canonical: Set(address.clone().into_bytes()),
            address: Set(address),
            first_name: Set("Ada".to_owned()),
            last_name: Set(format!("Person {n}")),
            company_name: Set(format!("Company {}", n / IN_COMPANY)),
            country: Set("DE".to_owned()),
            language: Set("en".to_owned()),
            answers: Set(None),
            state: Set(state.to_owned()),
            generation: Set(1),
            code_hash: Set(None),
            code_expires_at: Set(None),
            code_tries: Set(0),
            password: Set(None),
            terms_number: Set(None),
            terms_language: Set(None),
            text_hash: Set(None),
            time_zone: Set(None),
            submitted_at: Set(None),
            account_id: Set(matches!(of, Of::SignedUp).then(|| self.account_id(n))),
            requested_at: Set(self.at(n)),
            expires_at: Set(micros(self.now) + DAY),
            version: Set(1),
        }
    }

    fn applied(&self, n: u64) -> registrations::ActiveModel {
        registrations::ActiveModel {
            password: Set(Some(self.password.expose().to_owned())),
            terms_number: Set(Some(1)),
            terms_language: Set(Some("en".to_owned())),
            text_hash: Set(Some(vec![7; 32])),
            time_zone: Set(Some("Europe/London".to_owned())),
            submitted_at: Set(Some(self.at(n))),
            expires_at: Set(micros(self.now) + 30 * DAY),
            version: Set(2),
            ..self.registration(n, Of::Applied, "awaiting_approval")
        }
    }

    fn retired(&self, n: u64) -> retired_passwords::ActiveModel {
        retired_passwords::ActiveModel {
            id: Set(self.id(Of::Retired, n)),
            account_id: Set(self.account_id(n)),
            hash: Set(self.password.expose().to_owned()),
            retired_at: Set(self.at(n)),
        }
    }

    fn email_change(&self, n: u64) -> email_changes::ActiveModel {
        email_changes::ActiveModel {
            id: Set(self.id(Of::EmailChange, n)),
            account_id: Set(self.account_id(n)),
            pending_for: Set(None),
            from_address: Set(format!("before.{}", Self::address(n))),
            from_canonical: Set(format!("before.{}", Self::address(n)).into_bytes()),
            to_address: Set(Self::address(n)),
            state: Set("confirmed".to_owned()),
            generation: Set(1),
            session_id: Set(self.id(Of::Session, n)),
            requested_at: Set(self.at(n)),
            expires_at: Set(self.at(n) + DAY),
            undo_until: Set(micros(self.now) + 7 * DAY),
            version: Set(2),
        }
    }
    fn security_answer(&self, n: u64, question: &str) -> security_answers::ActiveModel {
        security_answers::ActiveModel {
            account_id: Set(self.account_id(n)),
            question: Set(question.into()),
            hash: Set(format!("plain${question}")),
            place: Set(0),
            set_at: Set(self.at(n)),
            given_at: Set(None),
        }
    }

    fn stored_picture(&self, n: u64) -> pictures::ActiveModel {
        pictures::ActiveModel {
            name: Set(Self::picture(n).as_str().into()),
            account_id: Set(self.account_id(n)),
            bytes: Set(vec![7; 64]),
            created_at: Set(self.at(n)),
        }
    }

    fn onboarding(&self, n: u64) -> setups::ActiveModel {
        setups::ActiveModel {
            account_id: Set(self.account_id(n)),
            steps: Set(format!("profile done {}", self.at(n))),
            finished_at: Set(Some(self.at(n))),
            version: Set(1),
        }
    }

    fn throttle(&self, n: u64) -> throttles::ActiveModel {
        throttles::ActiveModel {
            bucket: Set(Self::bucket(n).to_vec()),
            free_at: Set(self.at(n)),
            failures: Set(1),
            expires_at: Set(micros(self.now) + 30 * DAY),
        }
    }

    fn link(&self, n: u64, of: Of, spent_at: Option<i64>) -> links::ActiveModel {
        let invitation = if spent_at.is_some() { Of::Invitation } else { Of::Waiting };
        links::ActiveModel {
            id: Set(self.id(if spent_at.is_some() { Of::Link } else { Of::Waiting }, n)),
            digest: Set(digest(of, n).to_vec()),
            subject_kind: Set("invitation".to_owned()),
            subject_id: Set(self.id(invitation, n)),
            generation: Set(1),
            address: Set(Some(Self::address(n))),
            issued_at: Set(self.at(n)),
            expires_at: Set(micros(self.now) + 7 * DAY),
            spent_at: Set(spent_at),
        }
    }

    fn message(&self, n: u64) -> notices::ActiveModel {
        notices::ActiveModel {
            id: Set(self.id(Of::OutboxMessage, n)),
            address: Set(Self::address(n)),
            canonical: Set(Some(Self::address(n).into_bytes())),
            language: Set("en".to_owned()),
            topic: Set("invitation".to_owned()),
            subject_id: Set(self.invitation_id(n)),
            generation: Set(Some(1)),
            queued_at: Set(self.at(n)),
            due_at: Set(None),
            attempts: Set(1),
            state: Set("sent".to_owned()),
            ticket: Set(None),
            last_error: Set(None),
            settled_at: Set(Some(self.at(n))),
        }
    }

    fn session(&self, n: u64) -> sessions::ActiveModel {
        sessions::ActiveModel {
            id: Set(self.id(Of::Session, n)),
            digest: Set(Self::session_digest(n).to_vec()),
            account_id: Set(self.account_id(n)),
            started_at: Set(self.at(n)),
            used_at: Set(micros(self.now)),
            idle_seconds: Set(14 * 86_400),
            expires_at: Set(micros(self.now) + 14 * DAY),
            remembered: Set(true),
            network: Set(Some("192.0.2.7".to_owned())),
            device: Set(Some("Test/1.0".to_owned())),
            proved_at: Set(Some(self.at(n))),
            epoch: Set(None),
        }
    }

    fn event(&self, n: u64) -> audit_events::ActiveModel {
        audit_events::ActiveModel {
            id: Set(self.id(Of::Event, n)),
            at: Set(self.at(n)),
            action: Set("user_created".to_owned()),
            actor_kind: Set("account".to_owned()),
            actor_id: Set(Some(self.account_id(n))),
            subject_kind: Set("invitation".to_owned()),
            subject_id: Set(Some(self.invitation_id(n).to_string())),
            address_digest: Set(Some(vec![7; 32])),
            network_digest: Set(None),
            identity_check_digest: Set(None),
            account_id: Set(Some(self.account_id(n))),
        }
    }

    fn personal(&self, n: u64) -> audit_personal::ActiveModel {
        audit_personal::ActiveModel {
            event_id: Set(self.id(Of::Event, n)),
            kind: Set("address".to_owned()),
            salt: Set(vec![7; 16]),
            value: Set(Self::address(n)),
        }
    }

    fn change_set(&self, n: u64) -> change_sets::ActiveModel {
        change_sets::ActiveModel { id: Set(self.id(Of::Set, n)), committed_at: Set(self.at(n)) }
    }
}

async fn insert<E, A>(transaction: &DatabaseTransaction, rows: impl Iterator<Item = A>) -> Result<(), DbErr>
where
    E: EntityTrait,
    A: ActiveModelTrait<Entity = E> + ActiveModelBehavior,
{
    let rows = rows.collect::<Vec<_>>();
    if rows.is_empty() {
        return Ok(());
    }
    E::insert_many(rows).exec_without_returning(transaction).await.map(drop)
}

/// A number with no order in it (the finaliser of MurmurHash3), the same at every call.
const fn spread(n: u64, of: u64) -> u64 {
    let mut mixed = n.wrapping_add(of.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    mixed ^ (mixed >> 33)
}

fn digest(of: Of, n: u64) -> [u8; 32] {
    let mut digest = [0; 32];
    for (part, bytes) in digest.chunks_exact_mut(8).enumerate() {
        let part = u64::try_from(part).unwrap_or_default();
        bytes.copy_from_slice(&spread(n, (of as u64) << 8 | part).to_be_bytes());
    }
    digest
}
