//! Counting that a password is tried, before it is verified.

use crate::{
    change::{Change, ChangeSet, CommitError, ContradictingChanges, Entity, Rejection, ThrottleChange, Unavailable},
    flow::{
        Fault,
        retry::retry,
        throttle::{RateLimitedAction, RateLimits},
    },
    model::{
        Settings,
        account::Account,
        session::{Client, SignedIn},
        throttle::{Bucket, Locked, LoginPace},
    },
    port::{EntropyError, IdSource, Ports},
    value::{EmailAddress, SignedDuration, Timestamp, TokenSecret},
};

/// What somebody is told who may not try before the password is reset.
const LOCKED_FOR_LONG: SignedDuration = SignedDuration::from_mins(15);

/// An attempt that was counted: as a failure, until it has succeeded.
pub(crate) enum Attempt {
    /// Nothing is counted.
    Uncounted,
    /// By the address, or by the account of the person who is signed in.
    Counted(Bucket),
    /// By a browser that somebody signed in with before: what others try for the address does not lock this one out.
    Trusted(Bucket),
    /// By the account, and with the passwords tried for its address.
    Answer { account: Bucket, address: Bucket },
}

impl Attempt {
    /// The changes that make it a success.
    pub(crate) fn succeeded(&self, now: Timestamp) -> Vec<Change> {
        match self {
            Self::Uncounted => Vec::new(),
            Self::Counted(bucket) => vec![Change::Throttle(ThrottleChange::Empty(*bucket))],
            Self::Answer { account, address } => {
                vec![Change::Throttle(ThrottleChange::Empty(*account)), Change::Throttle(ThrottleChange::Empty(*address))]
            }
            Self::Trusted(bucket) => vec![Change::Throttle(ThrottleChange::Reset { bucket: *bucket, to: LoginPace::fresh(now) })],
        }
    }

    /// Whether the browser is not known, where browsers are told apart.
    pub(crate) const fn is_unknown(&self) -> bool {
        matches!(self, Self::Counted(_))
    }

    /// Whether the browser is known already.
    pub(crate) const fn is_trusted(&self) -> bool {
        matches!(self, Self::Trusted(_))
    }
}

/// What makes a browser known at its logins with an address, where browsers are told apart: its person has just proved the address, or
/// said the password. What others try for the address does not lock it out, and its login is no news.
pub(crate) fn known(settings: &Settings, device: &TokenSecret, email: &EmailAddress, now: Timestamp) -> Option<Change> {
    let bucket = || Bucket::logins_by(device, email);
    settings.throttle.enabled.then(|| Change::Throttle(ThrottleChange::Reset { bucket: bucket(), to: LoginPace::fresh(now) }))
}

/// Why an attempt is not made.
pub(crate) enum NotReserved {
    /// Too many before it failed.
    Locked { retry_after: SignedDuration },
    /// The network has no permit left, or nothing can be counted.
    Fault(Fault),
}

crate::flow::error::fault_from!(NotReserved: Fault, Unavailable, EntropyError, ContradictingChanges);

impl From<NotReserved> for Fault {
    fn from(refused: NotReserved) -> Self {
        match refused {
            NotReserved::Locked { retry_after } => Self::RateLimited { retry_after },
            NotReserved::Fault(fault) => fault,
        }
    }
}

/// Counts a login.
pub(crate) async fn reserve(
    ports: &Ports,
    settings: &Settings,
    (email, device): (&EmailAddress, Option<&TokenSecret>),
    client: &Client,
    now: Timestamp,
) -> Result<Attempt, NotReserved> {
    if !settings.throttle.enabled {
        return Ok(Attempt::Uncounted);
    }
    let limits = RateLimits::of(RateLimitedAction::LogIn, client, &settings.throttle);
    let known = match device.map(|device| Bucket::logins_by(device, email)) {
        Some(bucket) => ports.store.throttle(&bucket).await?.filter(|stored| now < stored.expires_at).map(|_| bucket),
        None => None,
    };
    let attempt = known.map_or_else(|| Attempt::Counted(Bucket::logins_of(email)), Attempt::Trusted);
    count(ports, &settings.throttle.login, attempt, &limits, now).await
}

/// Counts that somebody who is signed in says the password again.
pub(crate) async fn reserve_for_session(
    ports: &Ports,
    settings: &Settings,
    signed_in: &SignedIn,
    now: Timestamp,
) -> Result<Attempt, Fault> {
    if !settings.throttle.enabled {
        return Ok(Attempt::Uncounted);
    }
    let attempt = Attempt::Counted(Bucket::changes_of(signed_in.account.id));
    Ok(count(ports, &settings.throttle.login, attempt, &RateLimits::none(), now).await?)
}

/// Counts that the answer to a security question is given for an account: with the passwords that are said again by the person who is
/// signed in, which no stranger counts up. Wrong answers keep strangers' passwords out as well; what strangers tried bars no answer, or
/// they would take the recovery away, too.
pub(crate) async fn reserve_for_answer(
    ports: &Ports,
    settings: &Settings,
    account: &Account,
    now: Timestamp,
) -> Result<Attempt, Fault> {
    if !settings.throttle.enabled {
        return Ok(Attempt::Uncounted);
    }
    let pace = &settings.throttle.login;
    let (own, address) = (Bucket::changes_of(account.id), Bucket::logins_of(&account.email));
    let lost = Fault::RateLimited { retry_after: pace.first_pause };
    retry(lost, || async {
        let (from, of_address) = (ports.store.throttle(&own).await?, ports.store.throttle(&address).await?);
        let to = pace.attempt(from.as_ref(), now).map_err(|locked| refused(locked, now))?;
        let mut changes = vec![Change::Throttle(ThrottleChange::CountAttempt { bucket: own, from, to })];
        if let Ok(to) = pace.attempt(of_address.as_ref(), now) {
            changes.push(Change::Throttle(ThrottleChange::CountAttempt { bucket: address, from: of_address, to }));
        }
        let ids = IdSource::new(now, ports.entropy.as_ref());
        match ports.store.commit(&ChangeSet::new(ids.id()?, now, changes)?).await {
            Ok(()) => Ok(Some(Attempt::Answer { account: own, address })),
            // Another attempt was counted at the same time: this one comes after it.
            Err(CommitError::Rejected(Rejection::Changed(Entity::Throttle))) => Ok(None),
            Err(CommitError::Rejected(rejection)) => Err(Unavailable::new("throttle", rejection).into()),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    })
    .await
}

fn refused(locked: Locked, now: Timestamp) -> NotReserved {
    NotReserved::Locked { retry_after: locked.until.map_or(LOCKED_FOR_LONG, |until| until.duration_since(now)) }
}

async fn count(
    ports: &Ports,
    pace: &LoginPace,
    attempt: Attempt,
    limits: &RateLimits,
    now: Timestamp,
) -> Result<Attempt, NotReserved> {
    let bucket = match &attempt {
        Attempt::Uncounted | Attempt::Answer { .. } => return Ok(attempt),
        Attempt::Counted(bucket) | Attempt::Trusted(bucket) => *bucket,
    };
    let lost = NotReserved::Locked { retry_after: pace.first_pause };
    retry(lost, || async {
        let from = ports.store.throttle(&bucket).await?;
        let to = pace.attempt(from.as_ref(), now).map_err(|locked| refused(locked, now))?;
        let ids = IdSource::new(now, ports.entropy.as_ref());
        let counted = Change::Throttle(ThrottleChange::CountAttempt { bucket, from, to });
        let changes = limits.changes(now).chain([counted]).collect();
        match ports.store.commit(&ChangeSet::new(ids.id()?, now, changes)?).await {
            Ok(()) => Ok(Some(())),
            // Another attempt was counted at the same time: this one comes after it.
            Err(CommitError::Rejected(Rejection::Changed(Entity::Throttle))) => Ok(None),
            Err(CommitError::Rejected(Rejection::Throttled)) => Err(limits.exceeded(ports, now).await?.into()),
            Err(CommitError::Rejected(rejection)) => Err(Unavailable::new("throttle", rejection).into()),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    })
    .await?;
    Ok(attempt)
}
