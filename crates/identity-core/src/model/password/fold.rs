//! Folding: what a guesser sees in a password.

use std::ops::RangeInclusive;

use unicode_normalization::UnicodeNormalization;

/// How long a stem is, in characters: shorter ones stand in every list by chance, longer ones in none.
const STEM: RangeInclusive<usize> = 3..=40;

/// How many characters at each end may be dress, one by one. All of it together always may.
const MAX_DRESS: usize = 8;

/// Letters that look alike become one: `1`, `l`, `!`, `|` and `i` are all `i`. For comparing two folded texts.
pub(crate) fn fold(text: &str) -> String {
    lower(text).chars().map(|character| if character == 'l' { 'i' } else { unmask(character, 'i') }).collect()
}

/// The words and passwords that a password may be made of: what is left of it once more and more of the dress at its ends is taken
/// off (digits, specials, and a doubled letter such as `Aa` that is there to please a rule), as it is written, with one kind of
/// look-alike characters (or only its first) read as the letter that it stands for, and with all of them. Lower case, 3 to 40
/// characters each, the shortest first, some thousand at most.
pub(super) fn stem(password: &str) -> Vec<String> {
    let lower = lower(password);
    let squeezed = squeeze(&lower);
    let mut stems = Vec::new();
    for bare in undressed(&lower).into_iter().chain(undressed(&squeezed)) {
        stems.push(bare.to_owned());
        for one in ['i', 'l'] {
            // Undressed before this (Passw0rd1! is passw0rd) and after it ($ecret! is secret).
            let read = bare.chars().map(|character| unmask(character, one)).collect::<String>();
            stems.push(read.trim_matches(is_dress).to_owned());
            // L0ve4ever is love4ever, and Gr0up2010 is group2010.
            for mask in bare.chars().filter(|character| unmask(*character, one) != *character) {
                let read = unmask(mask, one).to_string();
                stems.extend([bare.replace(mask, &read), bare.replacen(mask, &read, 1)]);
            }
        }
    }
    stems.retain(|stem| STEM.contains(&stem.chars().count()));
    stems.sort_by(|one, other| one.len().cmp(&other.len()).then_with(|| one.cmp(other)));
    stems.dedup();
    stems
}

/// The text without what may stand between its letters: p-a-s-s-w-o-r-d is password.
pub(super) fn squeeze(text: &str) -> String {
    text.chars().filter(|character| character.is_alphanumeric()).collect()
}

fn is_dress(character: char) -> bool {
    !character.is_alphabetic()
}

/// What may be left of a text without its dress. Where there is no letter, digits are no dress: pieces of a long number would stand in
/// every list.
fn undressed(text: &str) -> Vec<&str> {
    let has_letters = text.chars().any(char::is_alphabetic);
    let is_dress = |character: char| if has_letters { is_dress(character) } else { !character.is_alphanumeric() };
    let starts =
        text.char_indices().take_while(|(_, character)| is_dress(*character)).map(|(at, character)| at + character.len_utf8());
    let doubled = text.chars().zip(text.chars().skip(1)).next().filter(|(first, second)| first == second && first.is_alphabetic());
    let after_doubled = doubled.map(|(letter, _)| 2 * letter.len_utf8());
    let starts = [0].into_iter().chain(starts.take(MAX_DRESS)).chain(after_doubled).collect::<Vec<_>>();
    let ends = text.char_indices().rev().take_while(|(_, character)| is_dress(*character)).map(|(at, _)| at);
    let ends = [text.len()].into_iter().chain(ends.take(MAX_DRESS)).collect::<Vec<_>>();
    starts
        .iter()
        .flat_map(|start| ends.iter().filter_map(move |end| text.get(*start..*end)))
        .chain([text.trim_matches(is_dress)])
        .filter(|bare| STEM.contains(&bare.chars().count()))
        .collect()
}

pub(super) fn lower(text: &str) -> String {
    // Diacritics go too: pässword is guessed like password.
    text.to_lowercase().nfkd().filter(|character| !unicode_normalization::char::is_combining_mark(*character)).collect()
}

pub(super) const fn unmask(character: char, one: char) -> char {
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
            ("Qwer12342024!", "qwer1234"),
            ("Aa1q2w3e4r!", "1q2w3e4r"),
            ("1Zaq12wsx$", "zaq12wsx"),
            ("!!L0ve4ever99", "love4ever"),
            ("P-a-s-s-w-o-r-d-1", "password"),
        ] {
            assert!(stem(password).iter().any(|stem| stem == word), "{password}: {:?}", stem(password));
        }
    }

    #[test]
    fn a_number_is_not_taken_apart() {
        assert!(stem("123456789123456!").contains(&"123456789123456".to_owned()));
        let stems = stem("839201749302817");
        assert!(stems.iter().all(|stem| stem.len() == 15), "{stems:?}");
    }

    #[test]
    fn a_password_of_any_length_and_dress_has_a_bounded_number_of_stems() {
        let masked = "01!2|3@4a01!|23456789@$+€b4@3|2!10".to_owned();
        for password in [masked, "1!".repeat(500), "Aa".repeat(500), format!("12345678901{}!!!!!!!!!!!!", "a0b1c2d3e4".repeat(2))] {
            let stems = stem(&password);
            assert!(stems.len() < 10_000, "{}", stems.len());
            assert!(stems.iter().all(|stem| STEM.contains(&stem.chars().count())));
        }
    }

    #[test]
    fn folded_texts_meet_whatever_their_spelling() {
        assert_eq!(fold("L0ve1ace"), fold("lovelace"));
        assert_eq!(fold("LOVEIACE"), fold("lovelace"));
    }
}
