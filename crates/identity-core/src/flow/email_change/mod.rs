//! Changing one's own address: confirmed at the new one before it counts, announced at the old one with a link that undoes it.

mod confirm;
pub(crate) mod link;
mod pending;
mod request;
mod undo;

pub use confirm::{ConfirmEmailChange, EmailChangePreview};
pub use link::EmailChangeLinkError;
pub use pending::PendingEmailChange;
pub use request::{EmailChangeCommand, EmailChangeError, RequestEmailChange};
pub use undo::{UndoEmailChange, UndoPreview};
