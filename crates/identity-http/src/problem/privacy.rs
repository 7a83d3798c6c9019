//! One's own data, and leaving.

use identity_core::flow::privacy::{DeleteAccountError, ExportOwnDataError, UndoDeletionError};

use super::{Problem, ProblemKind};

impl From<ExportOwnDataError> for Problem {
    fn from(error: ExportOwnDataError) -> Self {
        let text = error.to_string();
        match error {
            ExportOwnDataError::NotProved => Self::reauthentication_required(),
            ExportOwnDataError::Conflict => Self::conflict(text),
            ExportOwnDataError::Fault(fault) => fault.into(),
        }
    }
}

impl From<DeleteAccountError> for Problem {
    fn from(error: DeleteAccountError) -> Self {
        let text = error.to_string();
        match error {
            DeleteAccountError::NotProved => Self::reauthentication_required(),
            DeleteAccountError::NotOffered => Self::forbidden(text),
            DeleteAccountError::LastOperator => Self::new(ProblemKind::LastOperator, text),
            DeleteAccountError::Conflict => Self::conflict(text),
            DeleteAccountError::Fault(fault) => fault.into(),
        }
    }
}

impl From<UndoDeletionError> for Problem {
    fn from(error: UndoDeletionError) -> Self {
        let text = error.to_string();
        match error {
            UndoDeletionError::Conflict => Self::conflict(text),
            UndoDeletionError::Fault(fault) => fault.into(),
        }
    }
}
