//! The core's password hasher, over the pool.

use async_trait::async_trait;
use identity_core::{
    change::Unavailable,
    model::{
        password::{AcceptedPassword, Candidate, PasswordHash},
        question::AcceptedAnswer,
        registration::Code,
    },
    port::{self, PasswordHasher},
    value::SignedDuration,
};
use secrecy::SecretSlice;

use crate::pool::{HashError, HashingPool, PasswordVerification};

/// Argon2id on a [`HashingPool`].
#[derive(Debug)]
pub struct Argon2Hasher(HashingPool);

impl Argon2Hasher {
    /// Hashes on this pool.
    #[must_use]
    pub const fn new(pool: HashingPool) -> Self {
        Self(pool)
    }

    async fn hash_text(&self, text: &str, salt: [u8; 16]) -> Result<PasswordHash, port::WorkError> {
        let phc = self.0.hash(secret(text), salt).await.map_err(translate)?;
        Ok(PasswordHash::from_phc(phc))
    }
}

/// A copy of exactly the length, so that no spare capacity is left unwiped.
fn secret(text: &str) -> SecretSlice<u8> {
    SecretSlice::from(text.as_bytes().to_vec())
}

fn translate(error: HashError) -> port::WorkError {
    match error {
        HashError::Busy { retry_after } => {
            port::WorkError::Busy { retry_after: SignedDuration::try_from(retry_after).unwrap_or(SignedDuration::from_secs(1)) }
        }
        other => port::WorkError::Unavailable(Unavailable::new("password hashing", other)),
    }
}

#[async_trait]
impl PasswordHasher for Argon2Hasher {
    async fn hash(&self, password: &AcceptedPassword, salt: [u8; 16]) -> Result<PasswordHash, port::WorkError> {
        self.hash_text(password.expose(), salt).await
    }

    async fn rehash(&self, verified: &Candidate, salt: [u8; 16]) -> Result<PasswordHash, port::WorkError> {
        self.hash_text(verified.expose(), salt).await
    }

    async fn hash_code(&self, code: &Code, salt: [u8; 16]) -> Result<PasswordHash, port::WorkError> {
        self.hash_text(code.expose(), salt).await
    }

    async fn hash_answer(&self, answer: &AcceptedAnswer, salt: [u8; 16]) -> Result<PasswordHash, port::WorkError> {
        self.hash_text(answer.expose(), salt).await
    }

    async fn verify(
        &self,
        candidate: &Candidate,
        stored: Option<&PasswordHash>,
    ) -> Result<port::PasswordVerification, port::WorkError> {
        match self.0.verify(secret(candidate.expose()), stored.map(PasswordHash::expose)).await.map_err(translate)? {
            PasswordVerification::Matches { outdated } => Ok(port::PasswordVerification::Matches { outdated }),
            PasswordVerification::Differs => Ok(port::PasswordVerification::Differs),
        }
    }

    fn can_compare(&self, stored: &PasswordHash) -> bool {
        self.0.can_compare(stored.expose())
    }
}
