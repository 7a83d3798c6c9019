//! Countries, by their codes.

use std::{fmt, str::FromStr};

use rust_iso3166::CountryCode as Assigned;

/// The text is no country code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a country is one of the codes of ISO 3166-1, two capital letters such as DE")]
pub struct CountryError;

/// A country or region that has a code in ISO 3166-1 (alpha-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode(&'static str);

impl CountryCode {
    /// Reads two capital letters.
    ///
    /// # Errors
    /// [`CountryError`] for anything else, and for letters that stand for no country.
    pub fn parse(text: &str) -> Result<Self, CountryError> {
        rust_iso3166::from_alpha2(text).map(|found| Self(found.alpha2)).ok_or(CountryError)
    }

    /// Every country, in no order that a reader would expect.
    pub fn all() -> impl Iterator<Item = Self> {
        rust_iso3166::ALL.iter().map(|found: &Assigned| Self(found.alpha2))
    }

    /// The two letters.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        self.0
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl FromStr for CountryCode {
    type Err = CountryError;

    fn from_str(text: &str) -> Result<Self, CountryError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_codes_that_are_assigned_and_nothing_else() {
        for code in CountryCode::all() {
            assert_eq!(CountryCode::parse(code.as_str()), Ok(code));
        }
        assert!(CountryCode::all().count() > 240);
        for text in ["", "D", "de", "DEU", "ZZ", "EU", "UK", "D E", "ＤＥ"] {
            assert_eq!(CountryCode::parse(text), Err(CountryError), "{text:?}");
        }
    }
}
