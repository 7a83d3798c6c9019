//! Codes: 8 digits that a mail brings and a page takes.

use std::fmt;

use crate::{
    model::password::{Candidate, PasswordHash},
    value::{Timestamp, digit, is_grouping},
};

/// A code of 8 digits (27 bits: ASVS 5.0 V6.5.4 asks for 20).
#[derive(Clone)]
pub struct Code(Candidate);

impl Code {
    /// How many digits.
    pub const DIGITS: usize = 8;

    /// A code from 8 random bytes.
    #[must_use]
    pub(crate) fn from_entropy(bytes: [u8; 8]) -> Self {
        Self(Candidate::of_digits(u64::from_be_bytes(bytes) % 100_000_000, Self::DIGITS))
    }

    /// Reads what somebody typed, in the digits of any script; what only groups them counts as nothing. `None` where it is no code.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let digits = typed.chars().filter(|character| !is_grouping(*character));
        let digits = digits.take(Self::DIGITS + 1).map(digit).collect::<Option<Vec<_>>>()?;
        if digits.len() != Self::DIGITS {
            return None;
        }
        let number = digits.iter().fold(0_u64, |number, digit| number * 10 + u64::from(*digit));
        Some(Self(Candidate::of_digits(number, Self::DIGITS)))
    }

    /// For the adapter that verifies codes as passwords.
    pub(crate) fn into_candidate(self) -> Candidate {
        self.0
    }

    /// The digits, for the mail and for the adapter that hashes them.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

/// What is kept of a code that was mailed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct IssuedCode {
    /// Its hash.
    pub hash: PasswordHash,
    /// Until when it works.
    pub expires_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_grouped() {
        for typed in [
            "01234567",
            "0123 4567",
            " 01-23-45-67 ",
            "0123\u{a0}4567",
            "0123–4567\r\n",
            "\u{202a}0123.4567\u{202c}",
            "٠١٢٣٤٥٦٧",
            "۰۱۲۳ ۴۵۶۷",
            "０１２３４５６７",
            "०१२३४५६७",
        ] {
            assert_eq!(Code::parse(typed).unwrap().expose(), "01234567", "{typed:?}");
        }
        for typed in ["", "1234567", "123456789", "0123456x", "١٢٣٤٥٦٧"] {
            assert!(Code::parse(typed).is_none(), "{typed:?}");
        }
    }

    #[test]
    fn every_code_has_eight_digits() {
        assert_eq!(Code::from_entropy([0; 8]).expose(), "00000000");
        assert_eq!(Code::from_entropy([0xff; 8]).expose().len(), 8);
        assert_eq!(format!("{:?}", Code::from_entropy([7; 8])), "Code(…)");
    }
}
