//! Who may sign up with which address.

use crate::{
    model::registration::{NotAdmitted, RegistrationSettings},
    port::Ports,
    value::EmailAddress,
};

/// Whether an address may be signed up with.
///
/// # Errors
/// [`NotAdmitted`]
pub(crate) fn admit(ports: &Ports, settings: &RegistrationSettings, email: &EmailAddress) -> Result<(), NotAdmitted> {
    settings.admits(email, ports.disposable.is_disposable(email.domain()))
}
