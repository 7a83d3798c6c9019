//! What was typed into a form, kept for the page that offers to send it again.

use std::sync::{Arc, OnceLock};

/// What may stand on a page again of the form of a request, once that was read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Typed(Arc<OnceLock<Kept>>);

/// The fields of a form that may stand on a page.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) fields: Vec<(String, String)>,
    /// Whether there were others, which may not.
    pub(crate) leaves_out: bool,
}

impl Typed {
    pub(crate) fn keep(&self, fields: &[(String, String)]) {
        let open = fields.iter().filter(|(name, _)| !is_secret(name)).cloned().collect::<Vec<_>>();
        let leaves_out = open.len() < fields.len();
        self.0.get_or_init(|| Kept { fields: open, leaves_out });
    }

    pub(crate) fn kept(&self) -> Option<&Kept> {
        self.0.get()
    }
}

/// Whether a field holds what no page may hold: passwords, codes, and answers to security questions.
pub(super) fn is_secret(field: &str) -> bool {
    let last = field.rsplit('.').next().unwrap_or_default();
    // An operator's own field may be called by any name.
    !field.starts_with("fields.") && (last == "code" || last.contains("password") || last.contains("answer"))
}
