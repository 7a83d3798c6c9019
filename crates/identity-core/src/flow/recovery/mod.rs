//! Recovery: how a person who cannot sign in gets back in, and says so when it was somebody else.

mod administer;
mod ask;
mod demand;
mod end;
mod link;
mod preview;
mod report;
mod reset;

pub use administer::{AssistedResetError, ResetForSomebody};
pub use ask::{RecoveryError, RequestRecovery};
pub(crate) use end::{access_ended, administrators_told};
pub use preview::{PreviewRecovery, PreviewRecoveryError, RecoveryPreview};
pub use report::{ReportAccess, ReportError, ReportPreview};
pub use reset::{ResetCommand, ResetDone, ResetError, ResetPassword};
