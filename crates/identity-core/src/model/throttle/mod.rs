//! Throttles: how often something may be tried, counted in the store so that every replica counts together, and before the work
//! that they bound.

mod pace;

pub use pace::{Locked, LoginPace};

use std::net::IpAddr;

use sha2::{Digest as _, Sha256};

use crate::{
    model::session::Client,
    value::{AccountId, EmailAddress, SignedDuration, Timestamp, TokenDigest, TokenSecret},
};

/// What is counted together: the digest of its kind and of whom it is about, so that the counters themselves name nobody.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bucket([u8; 32]);

impl Bucket {
    pub(crate) fn of(kind: &str, key: &[u8]) -> Self {
        Self(Sha256::new().chain_update(kind).chain_update([0]).chain_update(key).finalize().into())
    }

    /// Passwords tried for an address, whether or not it has an account.
    #[must_use]
    pub fn logins_of(address: &EmailAddress) -> Self {
        Self::of("logins", address.canonical().as_bytes())
    }

    /// Passwords tried for an address by a browser that somebody signed in with before.
    #[must_use]
    pub fn logins_by(device: &TokenSecret, address: &EmailAddress) -> Self {
        Self::of("device", &[device.digest().as_bytes().as_slice(), address.canonical().as_bytes()].concat())
    }

    /// Passwords tried by somebody who is signed in.
    #[must_use]
    pub fn changes_of(account: AccountId) -> Self {
        Self::of("changes", account.as_uuid().as_bytes())
    }

    /// Requests of one kind for an address.
    #[must_use]
    pub fn requests_for(kind: &str, address: &EmailAddress) -> Self {
        Self::of(&format!("requests {kind}"), address.canonical().as_bytes())
    }

    /// Mails of one kind to an address that a stranger can cause.
    #[must_use]
    pub fn mails_to(kind: &str, address: &EmailAddress) -> Self {
        Self::of(&format!("mails {kind}"), address.canonical().as_bytes())
    }

    /// Mails that the holder of a flow asks for.
    #[must_use]
    pub fn sendings_of(flow: &TokenDigest) -> Self {
        Self::of("flow", flow.as_bytes())
    }

    /// Requests of one kind from the network of a client: its IPv4 address, or the first 64 bits of its IPv6 address, which one
    /// customer has for themselves.
    #[must_use]
    pub fn network(kind: &str, client: &Client) -> Option<Self> {
        let kind = format!("network {kind}");
        client.address.map(|address| match address.to_canonical() {
            IpAddr::V4(address) => Self::of(&kind, &address.octets()),
            IpAddr::V6(address) => Self::of(&kind, address.octets().split_at(8).0),
        })
    }

    /// A bucket read back from where it was kept.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bucket(…)")
    }
}

/// How often something may happen: `burst` times at once, and once more each time `every` has gone by (the generic cell rate
/// algorithm).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How often at once; at least 1.
    pub burst: u32,
    /// After how long once more.
    pub every: SignedDuration,
}

impl Rate {
    /// So many in a stretch of time, all of them at once if need be. Rounded down to microseconds: what every store keeps.
    #[must_use]
    pub fn per(count: u32, time: SignedDuration) -> Self {
        let burst = count.max(1);
        let micros = i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
        Self { burst, every: SignedDuration::from_micros(micros / i64::from(burst)) }
    }

    /// How far a bucket may run ahead of the time for one more to be let in.
    #[must_use]
    pub fn tolerance(&self) -> SignedDuration {
        self.every.saturating_mul(i32::try_from(self.burst.saturating_sub(1)).unwrap_or(i32::MAX))
    }
}

/// What a bucket holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Throttle {
    /// RateLimits: until when the bucket has run ahead. Passwords: before this time none is tried.
    pub free_at: Timestamp,
    /// Passwords tried in a row without success, the one under way included.
    pub failures: u32,
    /// From then on it counts as nothing, and may be swept.
    pub expires_at: Timestamp,
}

impl Throttle {
    /// The bucket after one more permit; `None` where there is none left.
    #[must_use]
    pub fn turned(stored: Option<&Self>, at: Timestamp, rate: &Rate) -> Option<Self> {
        let ahead = stored.map_or(at, |stored| stored.free_at.max(at));
        if ahead.duration_since(at) > rate.tolerance() {
            return None;
        }
        let free_at = ahead.checked_add(rate.every).unwrap_or(Timestamp::MAX);
        Some(Self { free_at, failures: 0, expires_at: free_at })
    }
}

/// Every limit of an installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThrottleSettings {
    /// Whether anything is counted at all; off only where nobody else can connect.
    pub enabled: bool,
    /// Logins from one network.
    pub logins_per_network: Rate,
    /// Sign-ups from one network, sending again included.
    pub sign_ups_per_network: Rate,
    /// Forgotten passwords from one network.
    pub recoveries_per_network: Rate,
    /// Uses of links and codes from one network.
    pub links_per_network: Rate,
    /// Passwords judged for one network without setting any.
    pub checks_per_network: Rate,
    /// Requests of one kind for one address.
    pub requests_per_address: Rate,
    /// Mails of one kind to one address that a stranger can cause.
    pub mails_per_address: Rate,
    /// Mails to one address that administrators send: invitations and links to a new password.
    pub administrators_mails_per_address: Rate,
    /// Mails that the holder of the flow of a sign-up asks for, the first one included.
    pub mails_per_flow: Rate,
    /// Invitations by one administrator.
    pub invitations_per_account: Rate,
    /// Invitations by all administrators of a company that no operator trusts yet, sending again included.
    pub invitations_per_untrusted_company: Rate,
    /// Passwords tried for one address.
    pub login: LoginPace,
    /// How often a code may be tried.
    pub code_tries: u32,
    /// Requests for another address by one account.
    pub email_changes_per_account: Rate,
    /// Pictures uploaded by one person.
    pub pictures_per_account: Rate,
    /// Exports of one person's data.
    pub exports_per_account: Rate,
}

impl Default for ThrottleSettings {
    fn default() -> Self {
        let (minute, hour) = (SignedDuration::from_mins(1), SignedDuration::from_hours(1));
        Self {
            enabled: true,
            logins_per_network: Rate::per(30, minute),
            sign_ups_per_network: Rate::per(10, hour),
            recoveries_per_network: Rate::per(10, hour),
            links_per_network: Rate::per(60, minute),
            checks_per_network: Rate::per(120, minute),
            requests_per_address: Rate::per(10, hour),
            mails_per_address: Rate::per(3, hour),
            administrators_mails_per_address: Rate::per(20, hour),
            mails_per_flow: Rate::per(1, minute),
            invitations_per_account: Rate::per(1000, hour),
            invitations_per_untrusted_company: Rate::per(10, SignedDuration::from_hours(24)),
            login: LoginPace::default(),
            code_tries: 5,
            email_changes_per_account: Rate::per(10, hour),
            pictures_per_account: Rate::per(20, hour),
            exports_per_account: Rate::per(5, hour),
        }
    }
}
