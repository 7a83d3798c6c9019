//! The page before an act that cannot be taken back, or that others feel at once: it says what follows, and asks.

use askama::Template;

use crate::view::Frame;

/// The part of the console that a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Account,
    Invitations,
    Accounts,
    Registrations,
}

#[derive(Template)]
#[template(path = "confirm.html")]
pub(crate) struct ConfirmPage {
    frame: Frame,
    section: Section,
    /// The page it came from, and what that is called.
    back: (String, String),
    heading: String,
    /// What follows, each in a sentence.
    follows: Vec<String>,
    /// The page that takes the form.
    to: String,
    button: String,
}

impl ConfirmPage {
    /// Of the act with this key of texts: `{key}-heading`, one `{key}-{part}` for each thing that follows, and `{key}-confirm`. `name`
    /// is whom or what it is about.
    pub(crate) fn new(
        frame: &Frame,
        section: Section,
        back: (String, String),
        (key, parts, name): (&str, &[&str], &str),
        to: String,
    ) -> Self {
        let text = |part: &str| frame.ta(&format!("{key}-{part}"), "name", name);
        Self {
            heading: text("heading"),
            follows: parts.iter().map(|part| text(part)).collect(),
            button: text("confirm"),
            frame: frame.clone(),
            section,
            back,
            to,
        }
    }
}
