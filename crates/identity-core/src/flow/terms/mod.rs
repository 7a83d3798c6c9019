//! Terms and conditions, in versions.

mod accept;
mod publish;
mod read_standing;

pub(crate) use accept::agreed;
pub use accept::{AcceptTerms, AcceptTermsCommand, AcceptTermsError};
pub use publish::{PublishTerms, PublishTermsCommand, PublishTermsError};
pub(crate) use read_standing::terms_standing;
