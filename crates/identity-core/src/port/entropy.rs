use zeroize::Zeroizing;

use crate::{
    change::Unavailable,
    model::{audit::NewEventIds, password::Candidate, registration::Code},
    value::{
        AccountId, ChangeSetId, CompanyId, EmailChangeId, EventId, InvitationId, LeaseTicket, OutboxMessageId, RegistrationId,
        RetiredPasswordId, SessionId, Timestamp, TokenKind, TokenSecret,
    },
};

/// The random source failed. Nothing may be granted then.
#[derive(Debug, thiserror::Error)]
#[error("the random source failed")]
pub struct EntropyError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

impl From<EntropyError> for Unavailable {
    fn from(error: EntropyError) -> Self {
        Self::new("entropy", error)
    }
}

/// Gives random bytes, fit for secrets.
pub trait Entropy: Send + Sync {
    /// Fills the buffer.
    ///
    /// # Errors
    /// [`EntropyError`] where the source gave nothing; the buffer is then not to be used.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError>;
}

/// An id that is generated.
pub trait GenerateId {
    /// An id of this time and these random bytes.
    fn generate(now: Timestamp, random: &[u8; 10]) -> Self;
}

macro_rules! generated {
    ($($id:ident),+) => {$(
        impl GenerateId for $id {
            fn generate(now: Timestamp, random: &[u8; 10]) -> Self {
                Self::generate(now, random)
            }
        }
    )+};
}

generated!(
    AccountId,
    ChangeSetId,
    CompanyId,
    EventId,
    InvitationId,
    LeaseTicket,
    OutboxMessageId,
    RegistrationId,
    RetiredPasswordId,
    SessionId,
    EmailChangeId
);

/// The new ids, secrets, salts and codes of one flow, all of one time.
pub struct IdSource<'a> {
    now: Timestamp,
    entropy: &'a dyn Entropy,
}

impl<'a> IdSource<'a> {
    /// From `entropy`, as of `now`.
    #[must_use]
    pub const fn new(now: Timestamp, entropy: &'a dyn Entropy) -> Self {
        Self { now, entropy }
    }

    /// As of when.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    fn bytes<const N: usize>(&self) -> Result<[u8; N], EntropyError> {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// A new id.
    ///
    /// # Errors
    /// [`EntropyError`]; see [`Entropy::fill`].
    pub fn id<I: GenerateId>(&self) -> Result<I, EntropyError> {
        Ok(I::generate(self.now, &self.bytes()?))
    }

    /// A new secret.
    ///
    /// # Errors
    /// [`EntropyError`]; see [`Entropy::fill`].
    pub fn secret(&self, kind: TokenKind) -> Result<TokenSecret, EntropyError> {
        let mut bytes = Zeroizing::new([0; 32]);
        self.entropy.fill(bytes.as_mut_slice())?;
        Ok(TokenSecret::from_entropy(kind, bytes))
    }

    /// A new salt of 16 bytes, for a password hash or a personal field.
    ///
    /// # Errors
    /// [`EntropyError`]; see [`Entropy::fill`].
    pub fn salt(&self) -> Result<[u8; 16], EntropyError> {
        self.bytes()
    }

    /// A new code of 8 digits.
    ///
    /// # Errors
    /// [`EntropyError`]; see [`Entropy::fill`].
    pub fn code(&self) -> Result<Code, EntropyError> {
        Ok(Code::from_entropy(self.bytes()?))
    }

    /// A new password for somebody who is to replace it at once.
    ///
    /// # Errors
    /// [`EntropyError`]; see [`Entropy::fill`].
    pub fn temporary_password(&self, min_length: u32) -> Result<Candidate, EntropyError> {
        let mut bytes = Zeroizing::new(vec![0; Candidate::generated_from(min_length)]);
        self.entropy.fill(bytes.as_mut_slice())?;
        Ok(Candidate::generated(&bytes))
    }

    /// What an audit event is made from.
    ///
    /// # Errors
    /// [`EntropyError`]; see [`Entropy::fill`].
    pub fn event(&self) -> Result<NewEventIds, EntropyError> {
        Ok(NewEventIds { id: self.id()?, salts: [self.salt()?, self.salt()?, self.salt()?] })
    }
}
