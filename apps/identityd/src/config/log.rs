//! `[log]`: what the program logs, to standard error.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::typed::{Text, TextValue, one_of, words};

/// The log, to standard error. `RUST_LOG` filters it.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct Log {
    /// Lines of text, or JSON lines.
    format: Text<Format>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Text,
    Json,
}

words! {
    Format: "text" => Self::Text, "json" => Self::Json;
}

impl Default for Log {
    fn default() -> Self {
        Self { format: Text(Format::Text) }
    }
}

impl Log {
    pub(super) fn is_json(&self) -> bool {
        self.format.0 == Format::Json
    }
}
