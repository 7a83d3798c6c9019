//! Messages: what the system has to tell somebody by mail, and how far that has come.

mod decide;
mod deliver;

pub(crate) use decide::RECOVERY as RECOVERY_MAILS;
pub use deliver::{Claim, DeliverOutbox, Delivered};
