use async_trait::async_trait;

use crate::{
    model::{
        password::{AcceptedPassword, Candidate, PasswordHash},
        question::AcceptedAnswer,
        registration::Code,
    },
    port::WorkError,
};

/// What a verification found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordVerification {
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
    /// [`WorkError`]; nothing was hashed.
    async fn hash(&self, password: &AcceptedPassword, salt: [u8; 16]) -> Result<PasswordHash, WorkError>;

    /// Hashes the password that was just verified again, under today's parameters.
    ///
    /// # Errors
    /// [`WorkError`]; nothing was hashed.
    async fn rehash(&self, verified: &Candidate, salt: [u8; 16]) -> Result<PasswordHash, WorkError>;

    /// Hashes a code as passwords are, with a fresh salt of 16 bytes from [`Entropy`](super::Entropy).
    ///
    /// # Errors
    /// [`WorkError`]; nothing was hashed.
    async fn hash_code(&self, code: &Code, salt: [u8; 16]) -> Result<PasswordHash, WorkError>;

    /// Hashes the answer to a security question as passwords are, with a fresh salt of 16 bytes from [`Entropy`](super::Entropy).
    ///
    /// # Errors
    /// [`WorkError`]; nothing was hashed.
    async fn hash_answer(&self, answer: &AcceptedAnswer, salt: [u8; 16]) -> Result<PasswordHash, WorkError>;

    /// Does exactly one computation whatever is stored: with the stored hash's parameters, or with today's where nothing
    /// is stored, so that nobody can tell by the time it takes whether there is an account.
    ///
    /// # Errors
    /// [`WorkError`]; nothing was compared.
    async fn verify(&self, candidate: &Candidate, stored: Option<&PasswordHash>) -> Result<PasswordVerification, WorkError>;

    /// Whether a stored hash can be compared with anything: not where it took in a key that is not there any more, or is no hash. A
    /// verification against it fails with [`WorkError::Unavailable`], whatever the password.
    fn can_compare(&self, _stored: &PasswordHash) -> bool {
        true
    }
}
