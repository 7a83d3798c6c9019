//! What went wrong, in a line for whoever ran the command, and what lies under it.

use std::error::Error;
use std::fmt;

#[derive(Debug)]
pub(crate) struct Trouble {
    said: String,
    under: Option<Box<dyn Error>>,
}

impl Trouble {
    pub(crate) fn new(said: impl Into<String>) -> Self {
        Self { said: said.into(), under: None }
    }

    pub(crate) fn over(said: impl Into<String>, under: impl Into<Box<dyn Error>>) -> Self {
        Self { said: said.into(), under: Some(under.into()) }
    }

    /// The line with all that lies under it.
    pub(crate) fn chain(&self) -> String {
        let mut line = self.said.clone();
        let mut next = self.source();
        while let Some(error) = next {
            line.push_str(": ");
            line.push_str(&error.to_string());
            next = error.source();
        }
        line
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.said)
    }
}

impl Error for Trouble {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.under.as_deref()
    }
}
