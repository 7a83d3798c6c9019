//! Accounts: the persons that are in.

mod edit;
mod list;
mod manage_picture;
mod protect;
pub(crate) mod reach;
mod switch;

pub use edit::{Edit, EditAccount, EditAccountCommand, EditAccountError, RefusedEdit};
pub use list::{AccountDetails, ListAccounts};
pub use manage_picture::{ManagePicture, RefusedPicture, SetPictureCommand, SetPictureError, UploadPermit};
pub use protect::ProtectAccount;
pub use reach::AdministrationError;
pub use switch::SwitchAccount;
