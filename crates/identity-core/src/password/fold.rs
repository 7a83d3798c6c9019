//! Folding: what a guesser sees in a password.

use unicode_normalization::UnicodeNormalization;

/// Letters that look alike become one: `1`, `l`, `!`, `|` and `i` are all `i`. For comparing two folded texts.
pub(crate) fn fold(text: &str) -> String {
    lower(text).chars().map(|character| if character == 'l' { 'i' } else { unmask(character, 'i') }).collect()
}

/// The words that a password may stand for once digits and specials at both ends are taken off and look-alike characters
/// are read as the letters they stand for. Lower case.
#[must_use]
pub fn stem(password: &str) -> Vec<String> {
    let lower = lower(password);
    let mut stems = Vec::new();
    // Trimmed before unmasking (Passw0rd1! is passw0rd) and after (1l1y is no lily, $ecret is secret).
    for text in [
        lower.trim_matches(|character: char| !character.is_alphabetic()),
        lower.trim_end_matches(|character: char| !character.is_alphabetic()),
        &lower,
    ] {
        for one in ['i', 'l'] {
            let word = text.chars().map(|character| unmask(character, one)).collect::<String>();
            let word = word.trim_matches(|character: char| !character.is_alphabetic()).to_owned();
            if word.chars().count() >= 3 && !stems.contains(&word) {
                stems.push(word);
            }
        }
    }
    stems
}

fn lower(text: &str) -> String {
    // Diacritics go too: pässword is guessed like password.
    text.to_lowercase().nfkd().filter(|character| !unicode_normalization::char::is_combining_mark(*character)).collect()
}

const fn unmask(character: char, one: char) -> char {
    match character {
        '0' => 'o',
        '1' | '!' | '|' => one,
        '2' => 'z',
        '3' | '€' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '6' | '9' => 'g',
        '7' | '+' => 't',
        '8' => 'b',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dressed_up_word_is_that_word() {
        for (password, word) in [
            ("P@ssw0rd123!", "password"),
            ("!!Dragon1", "dragon"),
            ("$unsh1ne", "sunshine"),
            ("L3tm31n2024?", "letmein"),
            ("Pässwörd1", "password"),
            ("we1come!", "welcome"),
        ] {
            assert!(stem(password).iter().any(|stem| stem == word), "{password}: {:?}", stem(password));
        }
    }

    #[test]
    fn folded_texts_meet_whatever_their_spelling() {
        assert_eq!(fold("L0ve1ace"), fold("lovelace"));
        assert_eq!(fold("LOVEIACE"), fold("lovelace"));
    }
}
