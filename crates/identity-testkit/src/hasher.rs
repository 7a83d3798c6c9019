//! A hasher without cost, for tests that are about something else.

use async_trait::async_trait;
use identity_core::{
    model::{
        password::{AcceptedPassword, Candidate, PasswordHash},
        question::AcceptedAnswer,
        registration::Code,
    },
    port::{PasswordHasher, PasswordVerification, WorkError},
};

use crate::Faults;

/// "Hashes" to `plain$…`; the contract of hashers but for their cost. Hashes that start with `old$` count as outdated.
#[derive(Clone, Debug, Default)]
pub struct PlainHasher {
    faults: Faults,
}

impl PlainHasher {
    /// Fails when `faults` says so, and counts its calls there.
    #[must_use]
    pub const fn with_faults(faults: Faults) -> Self {
        Self { faults }
    }
}

#[async_trait]
impl PasswordHasher for PlainHasher {
    async fn hash(&self, password: &AcceptedPassword, _salt: [u8; 16]) -> Result<PasswordHash, WorkError> {
        self.faults.port("hash")?;
        Ok(PasswordHash::from_phc(format!("plain${}", password.expose())))
    }

    async fn rehash(&self, verified: &Candidate, _salt: [u8; 16]) -> Result<PasswordHash, WorkError> {
        self.faults.port("hash")?;
        Ok(PasswordHash::from_phc(format!("plain${}", verified.expose())))
    }

    async fn hash_code(&self, code: &Code, _salt: [u8; 16]) -> Result<PasswordHash, WorkError> {
        self.faults.port("hash")?;
        Ok(PasswordHash::from_phc(format!("plain${}", code.expose())))
    }

    async fn hash_answer(&self, answer: &AcceptedAnswer, _salt: [u8; 16]) -> Result<PasswordHash, WorkError> {
        self.faults.port("hash")?;
        Ok(PasswordHash::from_phc(format!("plain${}", answer.expose())))
    }

    async fn verify(&self, candidate: &Candidate, stored: Option<&PasswordHash>) -> Result<PasswordVerification, WorkError> {
        self.faults.port("verify")?;
        let Some((kind, text)) = stored.and_then(|stored| stored.expose().split_once('$')) else {
            return Ok(PasswordVerification::Differs);
        };
        Ok(if text == candidate.expose() {
            PasswordVerification::Matches { outdated: kind == "old" }
        } else {
            PasswordVerification::Differs
        })
    }
}
