//! Codes: 8 digits that a mail brings and a page takes.

use std::{fmt, sync::Arc};

use super::{Registration, RegistrationSettings};
use crate::{
    audit::{Action, Actor, AuditEvent, Subject},
    change::{Change, ChangeSet, CommitError, Unavailable},
    link::{LinkPurpose, Token},
    password::{Candidate, PasswordHash},
    port::{IdSource, Ports},
    session::Client,
    settings::Settings,
    throttle::{RateLimitedAction, RateLimits},
    value::{SignedDuration, Timestamp, TokenKind, TokenSecret, digit, is_grouping},
};

/// A code of 8 digits (27 bits: ASVS 5.0 V6.5.4 asks for 20).
#[derive(Clone)]
pub struct Code(Candidate);

impl Code {
    /// How many digits.
    pub const DIGITS: usize = 8;

    /// A code from 8 random bytes.
    #[must_use]
    pub(crate) fn from_entropy(bytes: [u8; 8]) -> Self {
        Self(Candidate::of_digits(u64::from_be_bytes(bytes) % 100_000_000, Self::DIGITS))
    }

    /// Reads what somebody typed, in the digits of any script; what only groups them counts as nothing. `None` where it is no code.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let digits = typed.chars().filter(|character| !is_grouping(*character));
        let digits = digits.take(Self::DIGITS + 1).map(digit).collect::<Option<Vec<_>>>()?;
        if digits.len() != Self::DIGITS {
            return None;
        }
        let number = digits.iter().fold(0_u64, |number, digit| number * 10 + u64::from(*digit));
        Some(Self(Candidate::of_digits(number, Self::DIGITS)))
    }

    /// The digits, for the mail and for the adapter that hashes them.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

/// What is kept of a code that was mailed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedCode {
    /// Its hash.
    pub hash: PasswordHash,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// Why a code let nobody on.
#[derive(Debug, thiserror::Error)]
pub enum VerifyCodeError {
    /// The code is not the one that was mailed last, or is over, or was tried too often: nobody is told which.
    #[error("this code does not work: look for the newest mail, or ask for another one")]
    Wrong,
    /// Too many requests from this network.
    #[error("too many requests: try again in {retry_after:#}")]
    Throttled {
        /// When trying again makes sense.
        retry_after: SignedDuration,
    },
    /// Too many codes and passwords are being verified.
    #[error("too busy: try again in {retry_after:#}")]
    Busy {
        /// When trying again makes sense.
        retry_after: SignedDuration,
    },
    /// A part of the system could not do its work.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

crate::error::busy_from!(VerifyCodeError);
crate::error::throttled_from!(VerifyCodeError);

/// Exchanges a code for what a mailed link carries. Every path counts the try, and verifies once.
pub struct VerifyCode {
    ports: Ports,
    settings: Arc<Settings>,
}

impl VerifyCode {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Verifies; answers the secret of an activation link.
    ///
    /// # Errors
    /// [`VerifyCodeError`]; the try is counted, and nothing else was changed.
    pub async fn run(&self, flow: &TokenSecret, typed: &str, client: &Client) -> Result<TokenSecret, VerifyCodeError> {
        let now = self.ports.clock.now();
        RateLimits::of(RateLimitedAction::Link, client, &self.settings.throttle).consume(&self.ports, now).await?;
        let found = self.ports.store.registration_by_flow(&flow.digest()).await?;
        let may_try = self.count(found.as_ref(), now).await?;
        let code = Code::parse(typed);
        let issued = found.as_ref().and_then(|found| found.code.as_ref());
        let live = issued.filter(|issued| may_try && code.is_some() && now < issued.expires_at);
        // What is no code is verified all the same, against nothing.
        let candidate = code.map_or_else(|| Candidate::of_digits(0, Code::DIGITS), |code| code.0);
        let verified = self.ports.hasher.verify(&candidate, live.map(|live| &live.hash)).await?;
        let (Some(registration), Some(live), crate::port::Verification::Matches { .. }) = (&found, live, verified) else {
            return Err(VerifyCodeError::Wrong);
        };
        if !registration.is_open(now) {
            return Err(VerifyCodeError::Wrong);
        }
        self.exchange(registration, live, client, now).await
    }

    /// Counts the try, in a commit of the same form whether there is a registration or a code or not.
    async fn count(&self, found: Option<&Registration>, now: Timestamp) -> Result<bool, VerifyCodeError> {
        let limit = self.settings.throttle.code_tries;
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let tried = found.map(|found| Change::TryCode { id: found.id, limit });
        let set = ChangeSet::new(ids.id()?, now, tried.into_iter().collect())?;
        match self.ports.store.commit(&set).await {
            Ok(()) => Ok(found.is_some()),
            Err(CommitError::Rejected(_)) => Ok(false),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }

    async fn exchange(
        &self,
        registration: &Registration,
        used: &IssuedCode,
        client: &Client,
        now: Timestamp,
    ) -> Result<TokenSecret, VerifyCodeError> {
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let secret = ids.secret(TokenKind::Activation)?;
        let event = ids.event()?;
        let recorded =
            AuditEvent::new(&event, now, Action::RegistrationVerified, Actor::Anonymous, Subject::Registration(registration.id))
                .from_client(&event, client);
        let changes = vec![
            Change::ReplaceCode { id: registration.id, from: Some(used.hash.clone()), to: None },
            Change::IssueToken(activation(registration, &secret, &self.settings.registration, now)),
            Change::Record(recorded),
        ];
        match self.ports.store.commit(&ChangeSet::new(ids.id()?, now, changes)?).await {
            Ok(()) => Ok(secret),
            // Used by another request of this moment.
            Err(CommitError::Rejected(_)) => Err(VerifyCodeError::Wrong),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }
}

/// The entry of a link that activates a registration.
pub(crate) fn activation(
    registration: &Registration,
    secret: &TokenSecret,
    settings: &RegistrationSettings,
    now: Timestamp,
) -> Token {
    Token {
        id: secret.id(),
        digest: secret.digest(),
        subject: LinkPurpose::Registration(registration.id),
        generation: registration.generation,
        sent_to: Some(registration.email.clone()),
        issued_at: now,
        expires_at: settings.lifetime.from(now),
        spent_at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_grouped() {
        for typed in [
            "01234567",
            "0123 4567",
            " 01-23-45-67 ",
            "0123\u{a0}4567",
            "0123–4567\r\n",
            "\u{202a}0123.4567\u{202c}",
            "٠١٢٣٤٥٦٧",
            "۰۱۲۳ ۴۵۶۷",
            "０１２３４５６７",
            "०१२३४५६७",
        ] {
            assert_eq!(Code::parse(typed).unwrap().expose(), "01234567", "{typed:?}");
        }
        for typed in ["", "1234567", "123456789", "0123456x", "١٢٣٤٥٦٧"] {
            assert!(Code::parse(typed).is_none(), "{typed:?}");
        }
    }

    #[test]
    fn every_code_has_eight_digits() {
        assert_eq!(Code::from_entropy([0; 8]).expose(), "00000000");
        assert_eq!(Code::from_entropy([0xff; 8]).expose().len(), 8);
        assert_eq!(format!("{:?}", Code::from_entropy([7; 8])), "Code(…)");
    }
}
