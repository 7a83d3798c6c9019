//! Asking a range service: it learns the first 5 of a digest's 40 hexadecimal digits, and answers all digests that begin so.

mod client;
#[cfg(test)]
mod tests;

use std::error::Error;

use async_trait::async_trait;
use identity_core::{model::password::Candidate, port::BreachedPasswords};
use reqwest::{Client, StatusCode, Url};
use tokio::time::timeout;

use super::{TIME_LIMIT, digest::Digest};

/// The range service of Have I Been Pwned (<https://haveibeenpwned.com/API/v3#PwnedPasswords>), free and without a key.
pub const PWNED_PASSWORDS: &str = "https://api.pwnedpasswords.com/range/";

/// The longest answer, in bytes. One of 2026 has some 2000 lines of 40 bytes.
const MAX_ANSWER_LEN: usize = 1024 * 1024;

/// A range service cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum RangeSetupError {
    /// Neither https nor on this machine, or with a user, a query or a fragment.
    #[error("use an address such as {PWNED_PASSWORDS}: https, or http on the loopback, without a user, a query or a fragment")]
    Url,
    /// The system has no certificates to trust.
    #[error("this system has no certificates of authorities to trust: install ca-certificates")]
    NoRoots,
    /// The provider of cryptography knows no version of TLS.
    #[error("TLS cannot be set up")]
    Tls(#[from] rustls::Error),
    /// The client cannot be made.
    #[error("HTTP cannot be set up")]
    Http(#[from] reqwest::Error),
}

/// A range service did not answer as one does.
#[derive(Debug, thiserror::Error)]
pub enum RangeError {
    /// It could not be reached, or it hung up.
    #[error("the service cannot be reached")]
    Http(#[source] reqwest::Error),
    /// It took longer than a second.
    #[error("the service gave no answer within a second")]
    TooSlow,
    /// It refused, or sent elsewhere.
    #[error("the service answered with status {0}")]
    Status(StatusCode),
    /// It answered more than a range can be.
    #[error("the answer is longer than {MAX_ANSWER_LEN} bytes")]
    TooLong,
    /// It answered something else than a range.
    #[error("the answer is not a range of SHA-1 digests")]
    Form,
    /// It does not know the best known password there is.
    #[error("the service does not know the commonest of passwords")]
    Ignorant,
}

/// Asks a range service of Have I Been Pwned's kind, for a second at most. Answers are padded so that their length tells an
/// onlooker nothing.
#[derive(Clone, Debug)]
pub struct RangeService {
    client: Client,
    base: Url,
}

impl RangeService {
    /// A client of the service at an address, to which the 5 digits are added. It connects when it is first asked. `user_agent`
    /// names the product, as the service demands. Proxies are those of the environment (`HTTPS_PROXY`, `NO_PROXY`).
    ///
    /// # Errors
    /// [`RangeSetupError`] says what is in the way.
    pub fn new(base: &str, user_agent: &str) -> Result<Self, RangeSetupError> {
        let base = client::base(base)?;
        Ok(Self { client: client::client(&base, user_agent)?, base })
    }

    /// Asks for a password that every such service knows.
    ///
    /// # Errors
    /// [`RangeError`] says how the service failed.
    pub async fn check(&self) -> Result<(), RangeError> {
        let known = Candidate::new("password").map_err(|_| RangeError::Ignorant)?;
        if self.ask(&known).await? { Ok(()) } else { Err(RangeError::Ignorant) }
    }

    async fn ask(&self, candidate: &Candidate) -> Result<bool, RangeError> {
        let (prefix, suffix) = Digest::of(candidate).halves();
        let answer = timeout(TIME_LIMIT, self.range(&prefix)).await.map_err(|_| RangeError::TooSlow)??;
        holds(&answer, &suffix)
    }

    /// What the service answers of the digests that begin so.
    async fn range(&self, prefix: &str) -> Result<Vec<u8>, RangeError> {
        // Without the address, for the log: the digits in it are part of a digest.
        let failed = |error: reqwest::Error| RangeError::Http(error.without_url());
        let url = self.base.join(prefix).map_err(|_| RangeError::Form)?;
        let mut response = self.client.get(url).header("Add-Padding", "true").send().await.map_err(failed)?;
        if response.status() != StatusCode::OK {
            return Err(RangeError::Status(response.status()));
        }
        let mut answer = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if answer.len() + chunk.len() > MAX_ANSWER_LEN {
                return Err(RangeError::TooLong);
            }
            answer.extend_from_slice(&chunk);
        }
        Ok(answer)
    }
}

#[async_trait]
impl BreachedPasswords for RangeService {
    async fn is_breached(&self, candidate: &Candidate) -> bool {
        self.ask(candidate).await.unwrap_or_else(|error| {
            tracing::warn!(error = &error as &dyn Error, "a password was not looked for among the breached ones: it passes");
            false
        })
    }
}

/// Whether an answer holds a digest, by its last 35 digits. Lines are `DIGITS:COUNT`; those of count 0 are padding.
fn holds(answer: &[u8], suffix: &str) -> Result<bool, RangeError> {
    let answer = str::from_utf8(answer).map_err(|_| RangeError::Form)?;
    for line in answer.lines() {
        let (digits, count) = line.split_once(':').ok_or(RangeError::Form)?;
        let count = count.trim().parse::<u64>().map_err(|_| RangeError::Form)?;
        if digits.len() != suffix.len() {
            return Err(RangeError::Form);
        }
        if count > 0 && digits.eq_ignore_ascii_case(suffix) {
            return Ok(true);
        }
    }
    // Of every range something is known, so that an empty answer is none.
    if answer.is_empty() { Err(RangeError::Form) } else { Ok(false) }
}
