use crate::value::PhoneNumber;

/// Knows how phone numbers are made up, country by country.
pub trait PhoneNumbers: Send + Sync {
    /// The number that somebody typed in its international form, with `+` or `00` in front, however it is grouped; `None` where
    /// there can be no such number.
    fn read(&self, typed: &str) -> Option<PhoneNumber>;

    /// The number as people read it, in groups: `+49 30 123456`.
    fn grouped(&self, number: &PhoneNumber) -> String;
}
