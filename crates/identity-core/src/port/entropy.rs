use zeroize::Zeroizing;

use crate::{
    audit::FreshEvent,
    change::Unavailable,
    password::Candidate,
    registration::Code,
    value::{
        AccountId, ChangeSetId, CompanyId, EmailChangeId, EventId, InvitationId, LeaseTicket, NoticeId, RegistrationId,
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

/// An id type that can be minted.
pub trait MintId {
    /// Mints an id from a time and random bytes.
    fn mint(now: Timestamp, random: &[u8; 10]) -> Self;
}

macro_rules! mintable {
    ($($id:ident),+) => {$(
        impl MintId for $id {
            fn mint(now: Timestamp, random: &[u8; 10]) -> Self {
                Self::mint(now, random)
            }
        }
    )+};
}

mintable!(
    AccountId,
    ChangeSetId,
    CompanyId,
    EventId,
    InvitationId,
    LeaseTicket,
    NoticeId,
    RegistrationId,
    RetiredPasswordId,
    SessionId,
    EmailChangeId
);

/// Draws the fresh values of one flow, all at one time.
pub struct Draw<'a> {
    now: Timestamp,
    entropy: &'a dyn Entropy,
}

impl<'a> Draw<'a> {
    /// Draws from `entropy`, as of `now`.
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

    /// A fresh id.
    ///
    /// # Errors
    /// [`EntropyError`]; see [`Entropy::fill`].
    pub fn id<I: MintId>(&self) -> Result<I, EntropyError> {
        Ok(I::mint(self.now, &self.bytes()?))
    }

    /// A fresh secret.
    ///
    /// # Errors
    /// [`EntropyError`]; see [`Entropy::fill`].
    pub fn secret(&self, kind: TokenKind) -> Result<TokenSecret, EntropyError> {
        let mut bytes = Zeroizing::new([0; 32]);
        self.entropy.fill(bytes.as_mut_slice())?;
        Ok(TokenSecret::from_entropy(kind, bytes))
    }

    /// A fresh salt of 16 bytes, for a password hash or a personal field.
    ///
    /// # Errors
    /// [`EntropyError`]; see [`Entropy::fill`].
    pub fn salt(&self) -> Result<[u8; 16], EntropyError> {
        self.bytes()
    }

    /// A fresh code of 8 digits.
    ///
    /// # Errors
    /// [`EntropyError`]; see [`Entropy::fill`].
    pub fn code(&self) -> Result<Code, EntropyError> {
        Ok(Code::from_entropy(self.bytes()?))
    }

    /// A fresh password for somebody who is to replace it at once: see [`Candidate::generated`].
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
    pub fn event(&self) -> Result<FreshEvent, EntropyError> {
        Ok(FreshEvent { id: self.id()?, salts: [self.salt()?, self.salt()?, self.salt()?] })
    }
}
