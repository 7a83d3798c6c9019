//! What comes along when people paste, and what keyboards of other scripts write.

/// Characters that leave no mark of their own (Unicode's default ignorables, as far as they are used).
pub(super) const fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
    ) || is_direction_mark(character)
}

/// Characters that turn the direction of writing.
pub(super) const fn is_direction_mark(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text without white space and marks that nobody sees around it: they come along from documents, mails and address books.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|character: char| character.is_whitespace() || is_unseen(character))
}

/// The zeros of the decimal digits of every script in use (Unicode's general category Nd); nine more digits follow each.
const ZEROS: [char; 42] = [
    '0',
    '\u{660}',
    '\u{6f0}',
    '\u{7c0}',
    '\u{966}',
    '\u{9e6}',
    '\u{a66}',
    '\u{ae6}',
    '\u{b66}',
    '\u{be6}',
    '\u{c66}',
    '\u{ce6}',
    '\u{d66}',
    '\u{de6}',
    '\u{e50}',
    '\u{ed0}',
    '\u{f20}',
    '\u{1040}',
    '\u{1090}',
    '\u{17e0}',
    '\u{1810}',
    '\u{1946}',
    '\u{19d0}',
    '\u{1a80}',
    '\u{1a90}',
    '\u{1b50}',
    '\u{1bb0}',
    '\u{1c40}',
    '\u{1c50}',
    '\u{a620}',
    '\u{a8d0}',
    '\u{a900}',
    '\u{a9d0}',
    '\u{a9f0}',
    '\u{aa50}',
    '\u{abf0}',
    '\u{ff10}',
    '\u{1d7ce}',
    '\u{1d7d8}',
    '\u{1d7e2}',
    '\u{1d7ec}',
    '\u{1d7f6}',
];

/// The value of a decimal digit of any script.
pub(crate) fn digit(character: char) -> Option<u32> {
    let point = u32::from(character);
    ZEROS.iter().find_map(|zero| point.checked_sub(u32::from(*zero)).filter(|value| *value <= 9))
}

/// The text with its digits, of whatever script, as ASCII digits.
#[must_use]
pub fn with_ascii_digits(text: &str) -> String {
    let ascii = |character| digit(character).and_then(|value| char::from_digit(value, 10)).unwrap_or(character);
    text.chars().map(ascii).collect()
}

/// Whether a character only groups digits: white space, dashes, dots, marks that nobody sees.
pub(crate) fn is_grouping(character: char) -> bool {
    character.is_whitespace()
        || is_unseen(character)
        || matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '.' | '\u{b7}')
}

/// Full-width letters, digits and signs, as East Asian keyboards write them, in ASCII.
pub(super) fn with_narrow_forms(text: &str) -> String {
    let narrow = |character: char| match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        '\u{3002}' | '\u{ff61}' => '.',
        other => other,
    };
    text.chars().map(narrow).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_script_have_their_value() {
        assert_eq!(with_ascii_digits("١٢٣ ۴۵ ६७ ８９ 𝟘"), "123 45 67 89 0");
        assert_eq!((digit('x'), digit('½'), digit('Ⅷ')), (None, None, None));
    }
}
