//! `[picture]`: what making pictures fit may cost.

use std::num::NonZeroUsize;

use identity_picture::PicturePoolConfig;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::typed::Number;

/// Pictures of people. See [pictures](operating.md#pictures).
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct Picture {
    /// Threads that make pictures fit, each with up to 192 MiB.
    threads: Number<1, 256>,
}

impl Default for Picture {
    fn default() -> Self {
        Self { threads: Number::new(PicturePoolConfig::default().threads.get()) }
    }
}

impl Picture {
    pub(super) fn threads(&self) -> Option<NonZeroUsize> {
        self.threads.as_count()
    }
}
