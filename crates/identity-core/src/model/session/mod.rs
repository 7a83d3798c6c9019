//! Sessions: who is signed in, and until when.

mod user;

pub use user::{CurrentUser, PendingUser};

use std::net::IpAddr;

use crate::{
    model::account::Account,
    value::{AccountId, Lifetime, SessionId, SignedDuration, Timestamp, TokenDigest},
};

/// How long sessions last.
#[derive(Clone, Copy, Debug)]
pub struct SessionLimits {
    /// Unused for so long, a session ends.
    pub idle: Lifetime,
    /// However much it is used, a session ends after so long.
    pub absolute: Lifetime,
    /// "Stay signed in": both limits are this long instead.
    pub remember: Lifetime,
    /// How long after the password was said something sensitive may be done without saying it again.
    pub reauthenticate_after: Lifetime,
}

/// 30 minutes of no use, 12 hours in all; 14 days for "stay signed in"; 5 minutes until the password is asked for again.
impl Default for SessionLimits {
    fn default() -> Self {
        Self {
            idle: Lifetime::of_minutes(30),
            absolute: Lifetime::of_hours(12),
            remember: Lifetime::of_days(14),
            reauthenticate_after: Lifetime::of_minutes(5),
        }
    }
}

/// Where a request came from, as far as it is kept with a session or an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Client {
    /// The network address.
    pub address: Option<IpAddr>,
    /// The `User-Agent`, at most [`Client::MAX_DEVICE`] characters.
    pub device: Option<String>,
}

impl Client {
    /// The most characters kept of a `User-Agent`.
    pub const MAX_DEVICE: usize = 300;

    /// A client; the `User-Agent` is cut to [`Client::MAX_DEVICE`] characters and cleaned of control characters.
    #[must_use]
    pub fn new(address: Option<IpAddr>, user_agent: Option<&str>) -> Self {
        let device = user_agent
            .map(|text| text.chars().filter(|character| !character.is_control()).take(Self::MAX_DEVICE).collect::<String>());
        Self { address, device: device.filter(|text| !text.is_empty()) }
    }
}

/// A session. Its secret is with the client; here is only the digest.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Session {
    /// The session's id; not secret.
    pub id: SessionId,
    /// The digest of its secret.
    pub digest: TokenDigest,
    /// Whose it is.
    pub account: AccountId,
    /// When it was started.
    pub started_at: Timestamp,
    /// The last known use; written at most once a minute.
    pub used_at: Timestamp,
    /// Unused for so long, it ends.
    pub idle: Lifetime,
    /// It ends then at the latest.
    pub expires_at: Timestamp,
    /// Whether "stay signed in" was chosen.
    pub remembered: bool,
    /// Where it was started.
    pub client: Client,
    /// When its person last said the password.
    pub proved_at: Timestamp,
    /// The epoch of its account's sessions in which it counts.
    pub epoch: u32,
}

impl Session {
    /// A new session under the limits.
    #[must_use]
    pub fn start(
        id: SessionId,
        digest: TokenDigest,
        (account, epoch): (AccountId, u32),
        now: Timestamp,
        (limits, remembered): (&SessionLimits, bool),
        client: Client,
    ) -> Self {
        let (idle, whole) = if remembered { (limits.remember, limits.remember) } else { (limits.idle, limits.absolute) };
        Self {
            id,
            digest,
            account,
            started_at: now,
            used_at: now,
            idle,
            expires_at: whole.from(now),
            remembered,
            client,
            proved_at: now,
            epoch,
        }
    }

    /// The same session under another secret, as it has to be where its account's rights change.
    #[must_use]
    pub fn renewed(&self, id: SessionId, digest: TokenDigest, now: Timestamp) -> Self {
        Self { id, digest, used_at: now, ..self.clone() }
    }

    /// Whether the session still counts at a time.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires_at && now < self.idle.from(self.used_at)
    }

    /// Whether its person said the password not long ago.
    #[must_use]
    pub fn is_proved(&self, limits: &SessionLimits, now: Timestamp) -> bool {
        now < limits.reauthenticate_after.from(self.proved_at)
    }

    /// Whether its last use is due to be written again.
    #[must_use]
    pub fn is_touch_due(&self, now: Timestamp) -> bool {
        now.duration_since(self.used_at) >= SignedDuration::from_mins(1)
    }
}

/// A live session and the account it belongs to, as of one read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// Its account.
    pub account: Account,
}

impl SignedIn {
    /// Whether the session counts at a time: alive, of an active account, and of the epoch that this account is in.
    #[must_use]
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.session.is_live(now) && self.account.is_active() && self.session.epoch == self.account.session_epoch
    }
}
