//! Normalized passwords, and the words that a password may be a variant of.

use std::ops::RangeInclusive;

use unicode_normalization::UnicodeNormalization;

/// How long a variant is, in characters: shorter ones are in every list by chance, longer ones in none.
const VARIANT: RangeInclusive<usize> = 3..=40;

/// How many characters at each end may be an affix, one by one. All of them together always may.
const MAX_AFFIX: usize = 8;

/// Letters that look alike become one: `1`, `l`, `!`, `|` and `i` are all `i`. For comparing two normalized texts.
pub(crate) fn normalize(text: &str) -> String {
    lower(text).chars().map(|character| if character == 'l' { 'i' } else { unmask(character, 'i') }).collect()
}

/// The words that a password may be made of. Its affixes are removed step by step: digits, specials, and a doubled letter such as `Aa` at the
/// beginning. What is left is taken as it is, with one look-alike character read as its letter, and with all of them. Lower case, 3 to 40
/// characters each, the shortest first, some thousand at most.
pub(super) fn variants(password: &str) -> Vec<String> {
    let lower = lower(password);
    let squeezed = squeeze(&lower);
    let mut variants = Vec::new();
    for bare in without_affixes(&lower).into_iter().chain(without_affixes(&squeezed)) {
        variants.push(bare.to_owned());
        for one in ['i', 'l'] {
            // Without affixes before this (Passw0rd1! is passw0rd) and after it ($ecret! is secret).
            let read = bare.chars().map(|character| unmask(character, one)).collect::<String>();
            variants.push(read.trim_matches(is_affix).to_owned());
            // L0ve4ever is love4ever, and Gr0up2010 is group2010.
            for mask in bare.chars().filter(|character| unmask(*character, one) != *character) {
                let read = unmask(mask, one).to_string();
                variants.extend([bare.replace(mask, &read), bare.replacen(mask, &read, 1)]);
            }
        }
    }
    variants.retain(|variants| VARIANT.contains(&variants.chars().count()));
    variants.sort_by(|one, other| one.len().cmp(&other.len()).then_with(|| one.cmp(other)));
    variants.dedup();
    variants
}

/// The text without what may stand between its letters: p-a-s-s-w-o-r-d is password.
pub(super) fn squeeze(text: &str) -> String {
    text.chars().filter(|character| character.is_alphanumeric()).collect()
}

fn is_affix(character: char) -> bool {
    !character.is_alphabetic()
}

/// What may be left of a text without its affixes. Where there is no letter, digits are no affix: parts of a long number are in every list.
fn without_affixes(text: &str) -> Vec<&str> {
    let has_letters = text.chars().any(char::is_alphabetic);
    let is_affix = |character: char| if has_letters { is_affix(character) } else { !character.is_alphanumeric() };
    let starts =
        text.char_indices().take_while(|(_, character)| is_affix(*character)).map(|(at, character)| at + character.len_utf8());
    let doubled = text.chars().zip(text.chars().skip(1)).next().filter(|(first, second)| first == second && first.is_alphabetic());
    let after_doubled = doubled.map(|(letter, _)| 2 * letter.len_utf8());
    let starts = [0].into_iter().chain(starts.take(MAX_AFFIX)).chain(after_doubled).collect::<Vec<_>>();
    let ends = text.char_indices().rev().take_while(|(_, character)| is_affix(*character)).map(|(at, _)| at);
    let ends = [text.len()].into_iter().chain(ends.take(MAX_AFFIX)).collect::<Vec<_>>();
    starts
        .iter()
        .flat_map(|start| ends.iter().filter_map(move |end| text.get(*start..*end)))
        .chain([text.trim_matches(is_affix)])
        .filter(|bare| VARIANT.contains(&bare.chars().count()))
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
    fn a_word_with_affixes_is_that_word() {
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
            assert!(variants(password).iter().any(|variants| variants == word), "{password}: {:?}", variants(password));
        }
    }

    #[test]
    fn a_number_is_not_taken_apart() {
        assert!(variants("123456789123456!").contains(&"123456789123456".to_owned()));
        let variants = variants("839201749302817");
        assert!(variants.iter().all(|variants| variants.len() == 15), "{variants:?}");
    }

    #[test]
    fn a_password_of_any_length_and_affixes_has_a_bounded_number_of_variants() {
        let masked = "01!2|3@4a01!|23456789@$+€b4@3|2!10".to_owned();
        for password in [masked, "1!".repeat(500), "Aa".repeat(500), format!("12345678901{}!!!!!!!!!!!!", "a0b1c2d3e4".repeat(2))] {
            let variants = variants(&password);
            assert!(variants.len() < 10_000, "{}", variants.len());
            assert!(variants.iter().all(|variants| VARIANT.contains(&variants.chars().count())));
        }
    }

    #[test]
    fn normalized_texts_meet_whatever_their_spelling() {
        assert_eq!(normalize("L0ve1ace"), normalize("lovelace"));
        assert_eq!(normalize("LOVEIACE"), normalize("lovelace"));
    }
}
