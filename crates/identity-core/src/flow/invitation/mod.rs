//! Invitations: how a person is let in by somebody who may.

mod accept;
mod accept_access;
mod change_expiry;
mod decline;
mod grant;
mod invite;
mod link;
mod list;
mod manage;
mod preview;
mod renewal;
mod resend;
mod revoke;

pub use accept::{Accept, AcceptCommand, AcceptDone, AcceptError};
pub use accept_access::{AcceptAccess, AcceptAccessCommand, AcceptAccessError, AcceptedAccess};
pub use change_expiry::ChangeExpiry;
pub use decline::{Decline, DeclineError};
pub use invite::{Invite, InviteCommand, InviteError};
pub use list::ListInvitations;
pub use manage::ManageError;
pub use preview::{InvitedBy, Preview, PreviewError, PreviewInvitation, Way};
pub use renewal::RequestRenewal;
pub use resend::Resend;
pub use revoke::Revoke;
