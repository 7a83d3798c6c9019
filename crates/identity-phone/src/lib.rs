#![doc = include_str!("../README.md")]

use identity_core::{
    port::PhoneNumbers,
    value::{PhoneNumber, with_ascii_digits},
};
use phonenumber::Mode;

/// The longest text that is looked at: a number has at most 15 digits, the rest is what people put between them.
const LONGEST: usize = 64;

/// Knows the numbering plans of all countries.
#[derive(Clone, Copy, Debug, Default)]
pub struct NumberingPlans;

impl PhoneNumbers for NumberingPlans {
    fn read(&self, typed: &str) -> Option<PhoneNumber> {
        let typed = western(typed.trim());
        // Letters are for extensions and for words on keypads: neither is kept.
        if typed.len() > LONGEST || typed.chars().any(char::is_alphabetic) {
            return None;
        }
        let international = typed.strip_prefix("00").map_or_else(|| typed.clone(), |rest| format!("+{rest}"));
        if !international.starts_with('+') {
            return None;
        }
        let number = phonenumber::parse(None, &international).ok()?;
        if !number.is_valid() || number.extension().is_some() {
            return None;
        }
        PhoneNumber::parse(&number.format().mode(Mode::E164).to_string()).ok()
    }

    fn grouped(&self, number: &PhoneNumber) -> String {
        let parsed = phonenumber::parse(None, number.as_str());
        parsed.map_or_else(|_| number.to_string(), |parsed| parsed.format().mode(Mode::International).to_string())
    }
}

/// The text with the digits of any script as those of the international form, and without marks that nobody sees, which come along
/// when a number is copied from a page that runs from right to left.
fn western(text: &str) -> String {
    let is_seen = |character: &char| !matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    with_ascii_digits(text).chars().filter(is_seen).map(|character| if character == '\u{ff0b}' { '+' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(typed: &str) -> Option<String> {
        NumberingPlans.read(typed).map(|number| number.to_string())
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (typed, kept) in [
            ("+49 30 123456", "+4930123456"),
            (" 0049 (30) 12-34-56 ", "+4930123456"),
            ("+49 (0)30 123456", "+4930123456"),
            ("+1 (415) 555-2671", "+14155552671"),
            ("+966 50 123 4567", "+966501234567"),
            ("\u{200e}+\u{669}\u{666}\u{666} \u{665}\u{660} \u{661}\u{662}\u{663} \u{664}\u{665}\u{666}\u{667}", "+966501234567"),
            ("+39 06 698 82", "+390669882"),
        ] {
            assert_eq!(read(typed).as_deref(), Some(kept), "{typed}");
        }
    }

    #[test]
    fn what_can_be_no_number_is_none() {
        for typed in [
            "",
            "+",
            "030 123456",
            "12345",
            "+49",
            "+49 1",
            "+999 123456789",
            "+1 555",
            "call me",
            "+49 30 123456 ext. 7",
            "+1 800 FLOWERS",
            "+49 30 123456; +49 30 123457",
            "<script>",
            "tel:+4930123456",
            "+49\u{0}30123456",
        ] {
            assert_eq!(read(typed), None, "{typed}");
        }
        assert_eq!(read(&"+49".repeat(10_000)), None);
    }

    #[test]
    fn numbers_are_shown_in_groups() {
        for (kept, shown) in
            [("+4930123456", "+49 30 123456"), ("+14155552671", "+1 415-555-2671"), ("+966501234567", "+966 50 123 4567")]
        {
            assert_eq!(NumberingPlans.grouped(&PhoneNumber::parse(kept).unwrap()), shown);
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_is_too_much(typed in "[+0-9٠-٩ ()/.;=a-zé-]{0,70}") {
            if let Some(number) = NumberingPlans.read(&typed) {
                prop_assert_eq!(NumberingPlans.read(&NumberingPlans.grouped(&number)), Some(number));
            }
        }

        #[test]
        fn every_number_can_be_shown(digits in "[1-9][0-9]{4,14}") {
            let number = PhoneNumber::parse(&format!("+{digits}")).unwrap();
            prop_assert!(NumberingPlans.grouped(&number).starts_with('+'));
        }
    }
}
