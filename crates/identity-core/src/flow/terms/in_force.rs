//! The version of the terms that counts now.

use crate::{change::Unavailable, model::terms::TermsVersion, port::Ports, value::Timestamp};

/// The terms in force.
///
/// # Errors
/// [`Unavailable`] also where there are none: an installation publishes a first version when it is prepared.
pub(crate) async fn in_force(ports: &Ports, now: Timestamp) -> Result<TermsVersion, Unavailable> {
    ports.store.terms_in_force(now).await?.ok_or_else(|| Unavailable::new("terms", "no terms are in force"))
}
