//! Self-registration: how a person gets in without being invited, where that is allowed.

mod admit;
mod complete;
mod decide;
mod link;
mod open;
mod preview;
mod register;
mod verify_code;

pub(crate) use admit::admit;
pub use complete::{CompleteCommand, CompleteDone, CompleteError, CompleteRegistration, Completed};
pub use decide::{DecideRegistration, DecisionError};
pub use preview::{PreviewRegistration, PreviewRegistrationError, RegistrationPreview, Waiting};
pub use register::{Register, RegisterCommand, RegisterError, ResendActivation};
pub(crate) use verify_code::activation;
pub use verify_code::{VerifyCode, VerifyCodeError};
