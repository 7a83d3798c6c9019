//! Whole numbers. JSON has one type of numbers, and 3.0 is a whole one (JSON Schema 2020-12 §6.1.1, RFC 8259 §6).

use serde::{Deserialize, Deserializer, de::Error as _};

#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Whole(i64),
    Float(f64),
}

impl Number {
    fn whole<E: serde::de::Error>(self) -> Result<i64, E> {
        match self {
            Self::Whole(number) => Ok(number),
            // Up to 2^53 each whole number is a float of its own.
            #[expect(clippy::cast_possible_truncation, reason = "it is whole and far below the limit of i64")]
            Self::Float(number) if number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0 => Ok(number as i64),
            Self::Float(_) => Err(E::custom("not a whole number")),
        }
    }
}

/// A whole number.
pub(super) fn signed<'de, D: Deserializer<'de>>(source: D) -> Result<i64, D::Error> {
    Number::deserialize(source)?.whole()
}

/// The number of a version.
pub(super) fn version<'de, D: Deserializer<'de>>(source: D) -> Result<u32, D::Error> {
    signed(source)?.try_into().map_err(D::Error::custom)
}

/// The number of a version, or `null`.
pub(crate) fn optional_version<'de, D: Deserializer<'de>>(source: D) -> Result<Option<u32>, D::Error> {
    let number = Option::<Number>::deserialize(source)?.map(Number::whole).transpose()?;
    number.map(TryInto::try_into).transpose().map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Body {
        #[serde(default, deserialize_with = "optional_version")]
        version: Option<u32>,
    }

    fn read(text: &str) -> Result<Option<u32>, String> {
        serde_json::from_str::<Body>(text).map(|body| body.version).map_err(|error| error.to_string())
    }

    #[test]
    fn a_float_without_a_fraction_is_a_whole_number() {
        assert_eq!(read("{\"version\": 3}"), Ok(Some(3)));
        assert_eq!(read("{\"version\": 3.0}"), Ok(Some(3)));
        assert_eq!(read("{\"version\": 4294967295}"), Ok(Some(u32::MAX)));
        assert_eq!(read("{\"version\": null}"), Ok(None));
        assert_eq!(read("{}"), Ok(None));
        for other in ["3.5", "-1", "4294967296", "1e300", "\"3\"", "true"] {
            assert!(read(&format!("{{\"version\": {other}}}")).is_err(), "{other}");
        }
    }
}
