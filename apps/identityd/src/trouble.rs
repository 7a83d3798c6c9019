//! What is said on one line when something is in the way.

use std::error::Error;

/// Something is in the way; says what, and what to do about it where that is known.
#[derive(Debug)]
pub struct Trouble {
    what: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Trouble {
    /// Something is in the way.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), source: None }
    }

    /// Something is in the way because of something else.
    pub fn because(what: impl Into<String>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { what: what.into(), source: Some(source.into()) }
    }

    /// The trouble and its causes on one line, each said once.
    #[must_use]
    pub fn line(&self) -> String {
        let mut line = self.what.replace('\n', " ");
        let mut cause = self.source.as_deref().map(|source| source as &dyn Error);
        while let Some(error) = cause {
            let text = error.to_string().replace('\n', " ");
            if !line.contains(&text) {
                line = format!("{line}: {text}");
            }
            cause = error.source();
        }
        line
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what)
    }
}

impl Error for Trouble {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// Lets an error say what was being done.
pub(crate) trait While<T> {
    fn during(self, what: impl Into<String>) -> Result<T, Trouble>;
}

impl<T, E: Into<Box<dyn Error + Send + Sync>>> While<T> for Result<T, E> {
    fn during(self, what: impl Into<String>) -> Result<T, Trouble> {
        self.map_err(|error| Trouble::because(what, error))
    }
}
