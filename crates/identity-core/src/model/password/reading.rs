//! What a guesser reads in a password.

use std::fmt;

use zeroize::Zeroize;

use super::normalize::{lower, unmask, variants};

/// The plain texts behind a password, in lower case and without diacritics, for a meter to look up.
#[derive(Clone)]
pub struct Readings {
    whole: Vec<String>,
    texts: Vec<String>,
}

impl Readings {
    /// Reads a password.
    #[must_use]
    pub fn of(password: &str) -> Self {
        Self { whole: variants(password), texts: texts(lower(password)) }
    }

    /// The words and passwords that the whole password may be made of, 3 to 40 characters each, the shortest first, some thousand at
    /// most.
    #[must_use]
    pub fn whole(&self) -> &[String] {
        &self.whole
    }

    /// The whole text, first as it was typed, and then with look-alike characters read as the letters that they stand for: all of them,
    /// the special ones alone, and those with one of the digits (P@ssw0rd99 is password99). At most 15, and all have the same number of
    /// characters, so that a place in one is the same place in the others.
    #[must_use]
    pub fn texts(&self) -> &[String] {
        &self.texts
    }
}

fn texts(plain: String) -> Vec<String> {
    let read = |is_mask: &dyn Fn(char) -> bool, one| {
        plain.chars().map(|character| if is_mask(character) { unmask(character, one) } else { character }).collect::<String>()
    };
    let mut texts = Vec::new();
    for one in ['i', 'l'] {
        texts.push(read(&|_| true, one));
        texts.push(read(&|character| !character.is_ascii_digit(), one));
    }
    for digit in ('0'..='9').filter(|digit| plain.contains(*digit)) {
        texts.push(read(&|character| !character.is_ascii_digit() || character == digit, 'i'));
    }
    texts.retain(|text| *text != plain);
    texts.sort();
    texts.dedup();
    texts.insert(0, plain);
    texts
}

impl Drop for Readings {
    fn drop(&mut self) {
        self.whole.zeroize();
        self.texts.zeroize();
    }
}

impl fmt::Debug for Readings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Readings(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_texts_are_equally_long_and_few_whatever_was_typed() {
        for password in ["P@ssw0rd!", "Pässwörd|1", "ﬀ İ ß 𝒙", "كلمة٣", "0123456789!|@$€+"] {
            let lengths = Readings::of(password).texts().iter().map(|text| text.chars().count()).collect::<Vec<_>>();
            assert!(lengths.len() <= 15 && lengths.iter().all(|length| *length == lengths[0]), "{password}: {lengths:?}");
        }
    }

    #[test]
    fn what_was_typed_comes_first_and_what_it_may_mean_after_it() {
        let readings = Readings::of("We1c0me!");
        assert_eq!(readings.texts()[0], "we1c0me!");
        for meant in ["weicomei", "welcomel", "we1c0mei", "we1comei"] {
            assert!(readings.texts().iter().any(|text| text == meant), "{meant}");
        }
        assert_eq!(Readings::of("plinth").texts(), ["plinth"]);
    }

    #[test]
    fn debug_output_holds_no_password() {
        assert_eq!(format!("{:?}", Readings::of("hunter2")), "Readings(…)");
    }
}
