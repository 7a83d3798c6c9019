//! Looking at what an activation link offers.

use std::sync::Arc;

use super::link;
use crate::{
    change::Unavailable,
    flow::{Fault, terms},
    model::{Settings, registration::Registration, terms::TermsVersion, throttle::Bucket},
    port::Ports,
    value::{EmailAddress, SignedDuration, Timestamp, TokenSecret},
};

/// What an activation link offers.
#[derive(Clone, Debug)]
pub struct RegistrationPreview {
    /// The registration, as it was typed.
    pub registration: Registration,
    /// The terms to agree to.
    pub terms: TermsVersion,
    /// Whether an operator decides afterwards.
    pub approval: bool,
    /// Until when an account that had the address before can have it back, by the undo of its change. Registering takes the address
    /// from it.
    pub address_undo_until: Option<Timestamp>,
}

/// A sign-up whose mail is on its way.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The address, as it was typed.
    pub email: EmailAddress,
    /// After how long the mail can be asked for again.
    pub again_in: SignedDuration,
}

/// Why there is nothing to see.
#[derive(Debug, thiserror::Error)]
pub enum PreviewRegistrationError {
    /// The link is unknown, expired or used, or nobody can sign up any more: a stranger is not told which.
    #[error("this link does not work any more")]
    DeadLink,
    /// The person behind the address has an account already.
    #[error("this address has an account already")]
    AddressTaken,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(PreviewRegistrationError);

/// Shows what an activation link offers, without a trace.
pub struct PreviewRegistration {
    ports: Ports,
    settings: Arc<Settings>,
}

impl PreviewRegistration {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Where a sign-up stands, for the holder of its flow; `None` where there is none, or it was long ago. The same whatever followed
    /// from it: nobody learns by it whether a mail went out, or whether its person has completed it.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn waiting(&self, flow: &TokenSecret) -> Result<Option<Waiting>, Unavailable> {
        let now = self.ports.clock.now();
        let found = self.ports.store.registration_by_flow(&flow.digest()).await?;
        let lifetime = self.settings.registration.lifetime;
        let Some(found) = found.filter(|found| now < lifetime.from(found.requested_at)) else { return Ok(None) };
        let sent = self.ports.store.throttle(&Bucket::sendings_of(&found.flow)).await?;
        let again_at = sent.map(|sent| sent.free_at).filter(|again_at| now < *again_at);
        Ok(Some(Waiting {
            email: found.email,
            again_in: again_at.map_or(SignedDuration::ZERO, |again_at| again_at.duration_since(now)),
        }))
    }

    /// Looks.
    ///
    /// # Errors
    /// [`PreviewRegistrationError`]
    pub async fn run(&self, secret: &TokenSecret) -> Result<RegistrationPreview, PreviewRegistrationError> {
        let now = self.ports.clock.now();
        let resolved = link::load(&self.ports, secret)
            .await?
            .filter(|resolved| resolved.is_valid(&self.ports, &self.settings, now))
            .ok_or(PreviewRegistrationError::DeadLink)?;
        // Only the person who reads the mail of the address gets here.
        let canonical = resolved.registration.email.canonical();
        if self.ports.store.account_by_address(canonical).await?.is_some() {
            return Err(PreviewRegistrationError::AddressTaken);
        }
        let terms = terms::in_force(&self.ports, now).await?;
        let address_undo_until = self.ports.store.address_undo_until(canonical, None, now).await?;
        let approval = self.settings.registration.approval;
        Ok(RegistrationPreview { registration: resolved.registration, terms, approval, address_undo_until })
    }
}
