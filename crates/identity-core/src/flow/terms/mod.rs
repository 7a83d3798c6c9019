//! Terms and conditions, in versions.

mod accept;
mod in_force;
mod publish;
mod read_standing;

pub(crate) use accept::agreed;
pub use accept::{AcceptTerms, AcceptTermsCommand, AcceptTermsError};
pub(crate) use in_force::in_force;
pub use publish::{PublishTerms, PublishTermsCommand, PublishTermsError};
pub(crate) use read_standing::terms_standing;
