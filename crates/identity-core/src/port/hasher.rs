use async_trait::async_trait;

use crate::{
    change::Unavailable,
    password::{AcceptedPassword, Candidate, PasswordHash},
    value::SignedDuration,
};

/// Why a password was not hashed or verified. None of these may grant anything.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// More work is waiting than can be done in time.
    #[error("too many passwords are being hashed: try again in {retry_after:#}")]
    Busy {
        /// When trying again makes sense.
        retry_after: SignedDuration,
    },
    /// The hasher could not do its work.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// What a verification found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verification {
    /// The password is the one that was hashed.
    Matches {
        /// Whether its hash was made under other parameters than today's and is to be replaced.
        outdated: bool,
    },
    /// It is not, or there is nothing to compare it to.
    Differs,
}

/// Hashes and verifies passwords, bounded: it never takes more memory or threads than it was given.
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// Hashes an accepted password with a fresh salt of 16 bytes from [`Entropy`](super::Entropy).
    ///
    /// # Errors
    /// [`HashError`]; nothing was hashed.
    async fn hash(&self, password: &AcceptedPassword, salt: [u8; 16]) -> Result<PasswordHash, HashError>;

    /// Hashes the password that was just verified again, under today's parameters.
    ///
    /// # Errors
    /// [`HashError`]; nothing was hashed.
    async fn rehash(&self, verified: &Candidate, salt: [u8; 16]) -> Result<PasswordHash, HashError>;

    /// Does exactly one computation whatever is stored: with the stored hash's parameters, or with today's where nothing
    /// is stored, so that nobody can tell by the time it takes whether there is an account.
    ///
    /// # Errors
    /// [`HashError`]; nothing was compared.
    async fn verify(&self, candidate: &Candidate, stored: Option<&PasswordHash>) -> Result<Verification, HashError>;
}
