//! Short texts that people type and other people read.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::value::pasted::{is_direction_mark, is_unseen, trim};

/// Why a text cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("enter a text")]
    Empty,
    /// More characters than fit.
    #[error("use at most {max} characters")]
    TooLong {
        /// The most characters (Unicode code points) that fit.
        max: usize,
    },
    /// A control character, or one that turns the direction of writing.
    #[error("use letters, digits and punctuation, without control characters")]
    Control,
    /// A character that has no place in a name.
    #[error("leave out the character {0}")]
    Forbidden(char),
}

/// Trims, normalises to NFC and checks one text. Space of any width is a space.
fn clean(text: &str, max: usize, allowed: impl Fn(&str) -> Result<(), TextError>) -> Result<String, TextError> {
    // Normalisation costs time by length, so the cap comes first; NFC of a text that fits is at most three times as long.
    if text.len() > max.saturating_mul(16) {
        return Err(TextError::TooLong { max });
    }
    let space = |character: char| if character.is_whitespace() && !breaks_line(character) { ' ' } else { character };
    let clean = trim(text).nfc().map(space).collect::<String>();
    // Nothing but marks that nobody sees is nothing, too.
    if clean.chars().all(is_unseen) {
        return Err(TextError::Empty);
    }
    if clean.chars().count() > max {
        return Err(TextError::TooLong { max });
    }
    allowed(&clean)?;
    Ok(clean)
}

const fn breaks_line(character: char) -> bool {
    matches!(character, '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn one_line(text: &str) -> Result<(), TextError> {
    let is_bad = |character: char| character.is_control() || is_direction_mark(character) || breaks_line(character);
    if text.chars().any(is_bad) { Err(TextError::Control) } else { Ok(()) }
}

/// Names appear in mails to strangers: nothing in them may read as a link or a second address. Passports have names such as
/// "Muthu A/L Raman" and "Ali @ Ahmad", which read as neither.
fn no_link(text: &str) -> Result<(), TextError> {
    one_line(text)?;
    let is_relation = |word: &str| {
        let mut letters = word.chars();
        let parts = (letters.next(), letters.next(), letters.next(), letters.next());
        matches!(parts, (Some(one), Some('/'), Some(other), None) if one.is_alphabetic() && other.is_alphabetic())
    };
    let words = text.split(' ').filter(|word| *word != "@" && !is_relation(word));
    let forbidden = words.flat_map(str::chars).find(|character| matches!(character, '/' | '\\' | ':' | '@' | '<' | '>'));
    forbidden.map_or(Ok(()), |character| Err(TextError::Forbidden(character)))
}

fn many_lines(text: &str) -> Result<(), TextError> {
    text.split('\n').try_for_each(one_line)
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident { max: $max:literal, allowed: $allowed:expr, prepare: $prepare:expr }),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The most characters (Unicode code points).
            pub const MAX: usize = $max;

            /// Trims, normalises to NFC and checks.
            ///
            /// # Errors
            /// [`TextError`] says what to mend.
            pub fn parse(text: &str) -> Result<Self, TextError> {
                let prepare: fn(&str) -> String = $prepare;
                clean(&prepare(text), $max, $allowed).map(Self)
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        /// Hides the text: it may be personal, and debug output ends in logs.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+};
}

texts! {
    /// A first or last name: one line, at most 100 characters, nothing that reads as a link or an address.
    PersonName { max: 100, allowed: no_link, prepare: str::to_owned },
    /// A company's name: one line, at most 200 characters.
    CompanyName { max: 200, allowed: one_line, prepare: str::to_owned },
    /// The name or description of a role or subscription: one line, at most 200 characters.
    AccessText { max: 200, allowed: one_line, prepare: str::to_owned },
    /// What somebody says of themselves, such as a department: one line, at most 100 characters.
    ProfileText { max: 100, allowed: one_line, prepare: str::to_owned },
    /// What somebody answers to a field that the operator asks for: one line, at most 500 characters.
    Answer { max: 500, allowed: one_line, prepare: str::to_owned },
    /// A personal note in an invitation: several lines, at most 1000 characters.
    Note { max: 1000, allowed: many_lines, prepare: |text| text.replace("\r\n", "\n") },
}

impl CompanyName {
    /// A name for a company that nobody has named.
    #[must_use]
    pub fn unnamed() -> Self {
        Self("—".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_composed() {
        assert_eq!(PersonName::parse("  Ada ").unwrap().as_str(), "Ada");
        assert_eq!(PersonName::parse("Zoe\u{308}").unwrap().as_str(), "Zoë");
        assert_eq!(PersonName::parse("\u{202a}Grace\u{a0}Brewster\u{202c}\r\n").unwrap().as_str(), "Grace Brewster", "pasted");
        for real in [
            "O’Brien",
            "María-José",
            "李",
            "J. R. R.",
            "محمد",
            "van der Berg",
            "Muthu A/L Raman",
            "Kaur D/O Singh",
            "Ali @ Ahmad",
            "阿卜杜勒·拉希德",
            "Gal·la",
            "ʻAkahi",
            "N’Golo",
            "می\u{200c}نا",
            "Smith, Jr.",
            "Henry (Hank)",
        ] {
            assert_eq!(PersonName::parse(real).unwrap().as_str(), real);
        }
    }

    #[test]
    fn names_hold_no_links_and_no_control() {
        for (text, error) in [
            ("", TextError::Empty),
            (" \t ", TextError::Empty),
            ("\u{200b}\u{200f}", TextError::Empty),
            ("a\nb", TextError::Control),
            ("a\u{202e}b", TextError::Control),
            ("a\0b", TextError::Control),
            ("http://evil.example", TextError::Forbidden(':')),
            ("a@evil.example", TextError::Forbidden('@')),
            ("a @evil.example", TextError::Forbidden('@')),
            ("t.co/y", TextError::Forbidden('/')),
            ("a//b", TextError::Forbidden('/')),
            ("evil.example/x", TextError::Forbidden('/')),
            (&"x".repeat(101), TextError::TooLong { max: 100 }),
            (&"x".repeat(100_000), TextError::TooLong { max: 100 }),
        ] {
            assert_eq!(PersonName::parse(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn a_company_may_be_an_a_s_and_a_note_may_have_lines() {
        assert_eq!(CompanyName::parse("Novo A/S").unwrap().as_str(), "Novo A/S");
        assert_eq!(Note::parse("Hello,\r\nsee you.").unwrap().as_str(), "Hello,\nsee you.");
        assert_eq!(Note::parse("a\rb"), Err(TextError::Control));
    }
}
