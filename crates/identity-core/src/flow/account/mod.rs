//! Accounts: the persons that are in.

mod disable;
mod edit;
mod list;
mod manage_picture;
pub(crate) mod reach;
mod security;

pub use disable::DisableAccount;
pub use edit::{Edit, EditAccount, EditAccountCommand, EditAccountError, RefusedEdit};
pub use list::{AccountDetails, ListAccounts};
pub use manage_picture::{ManagePicture, RefusedPicture, SetPictureCommand, SetPictureError, UploadPermit};
pub use reach::AdministrationError;
pub use security::AccountSecurity;
