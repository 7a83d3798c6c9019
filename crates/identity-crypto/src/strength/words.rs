//! Common words inside a password, and how hard it is to guess without them.

use std::{cmp::Reverse, ops::Range};

use identity_core::model::password::{CommonWords, Score};
use zeroize::Zeroizing;
use zxcvbn::matching::patterns::MatchPattern;

/// The least characters of a common word.
const MIN_WORD: usize = 4;

/// The least characters of a common password that is no word, such as `1q2w3e`: shorter ones stand in random passwords by chance.
const MIN_MIXED: usize = 6;

/// The most characters that are looked up as one: next to no entry of the list is longer.
const MAX_WORD: usize = 20;

/// The most guesses that a word takes, as a power of ten: the list has a hundred thousand entries.
const MAX_GUESSES: f64 = 5.0;

/// From so many guesses on, as powers of ten, a score is the next one (zxcvbn's scores).
const SCORES: [f64; 4] = [3.0, 6.0, 8.0, 10.0];

/// How many characters words cover, and how many words they are.
type Cover = (usize, Reverse<usize>);

const NOTHING: Cover = (0, Reverse(0));

/// A text, character by character.
type Text = Zeroizing<Vec<char>>;

/// A common word, and where it stands.
struct Word {
    place: Range<usize>,
    text: Zeroizing<String>,
    /// It was typed like that, at most with digits for letters within it: no mark between two words was read as a letter.
    is_plain: bool,
}

/// Whether a lower-case text stands in the list of the hundred thousand most common passwords.
pub(super) fn is_listed(text: &str) -> bool {
    passwords::analyzer::is_common_password(text)
}

/// The common words in a password, given in readings of equally many characters, the first of them as it was typed. Words are the
/// entries of the list of common passwords that are letters alone, and zxcvbn's words and names: 92,158 of four letters and more. Of
/// the list's other entries those of six characters and more count too.
pub(super) fn inside<'a>(texts: impl Iterator<Item = &'a str>) -> Option<CommonWords> {
    let texts = texts.map(|text| Text::new(text.chars().collect())).collect::<Vec<_>>();
    let plain = texts.first()?;
    let mut found = texts.iter().flat_map(|text| listed(text, plain).chain(known(text, plain))).collect::<Vec<_>>();
    found.sort_by_key(|word| (word.place.end, word.place.start, !word.is_plain));
    found.dedup_by(|one, other| one.place == other.place);
    if found.is_empty() {
        return None;
    }
    let all = apart(&found.iter().collect::<Vec<_>>());
    let phrase = apart(&found.iter().filter(|word| word.is_plain).collect::<Vec<_>>());
    let mut left = independent(&phrase).map(|word| guesses(word).min(MAX_GUESSES)).collect::<Vec<_>>();
    left.sort_by(f64::total_cmp);
    left.pop();
    let words = all.iter().map(|word| word.text.to_string()).collect();
    let removed = all.into_iter().chain(phrase).collect::<Vec<_>>();
    Some(CommonWords { words, without_one: score(guesses_without(plain, &removed, &left)) })
}

/// The words that make a passphrase: each once, and none that is only a part of another.
fn independent<'a>(phrase: &[&'a Word]) -> impl Iterator<Item = &'a str> {
    let letters = |word: &str| word.chars().filter(|character| character.is_alphabetic()).collect::<String>();
    let all = phrase.iter().map(|word| Zeroizing::new(letters(&word.text))).collect::<Vec<_>>();
    let is_part = move |at: usize, word: &str| {
        let own = Zeroizing::new(letters(word));
        all.iter().enumerate().any(|(other, longer)| other != at && longer.contains(own.as_str()) && (*longer != own || other < at))
    };
    let words = phrase.iter().map(|word| word.text.as_str()).enumerate().collect::<Vec<_>>();
    words.into_iter().filter(move |(at, word)| !is_part(*at, word)).map(|(_, word)| word)
}

/// The pieces of a text that stand in the list.
fn listed<'a>(text: &'a Text, plain: &'a Text) -> impl Iterator<Item = Word> {
    let places =
        (0..text.len()).flat_map(|start| (start + MIN_WORD..=(start + MAX_WORD).min(text.len())).map(move |end| start..end));
    places.filter_map(|place| {
        let characters = text.get(place.clone())?;
        let is_word = characters.iter().all(|character| character.is_alphabetic());
        let is_plain = is_plain(plain, &place);
        let text = Zeroizing::new(characters.iter().collect::<String>());
        ((is_word || characters.len() >= MIN_MIXED) && is_listed(&text)).then_some(Word { place, text, is_plain })
    })
}

/// The words that zxcvbn knows in the runs of letters of a text.
fn known<'a>(text: &'a Text, plain: &'a Text) -> impl Iterator<Item = Word> {
    let runs = runs(text).into_iter().filter(|run| run.len() >= MIN_WORD);
    runs.flat_map(|run| {
        let letters = text.get(run.clone()).unwrap_or_default();
        let letters = Zeroizing::new(letters.iter().filter(|letter| letter.is_alphabetic()).collect::<String>());
        let is_whole = letters.chars().count() == run.len();
        let entropy = is_whole.then(|| zxcvbn::zxcvbn(&letters, &[]));
        let found = entropy.into_iter().flat_map(|entropy| entropy.sequence().to_vec());
        found
            .filter(|found| matches!(found.pattern, MatchPattern::Dictionary(_)) && found.j + 1 - found.i >= MIN_WORD)
            .map(|found| {
                let place = run.start + found.i..run.start + found.j + 1;
                Word { is_plain: is_plain(plain, &place), place, text: Zeroizing::new(found.token) }
            })
            .collect::<Vec<_>>()
    })
}

fn is_plain(plain: &Text, place: &Range<usize>) -> bool {
    plain.get(place.clone()).is_some_and(|typed| {
        let ends = [typed.first(), typed.last()];
        ends.into_iter().flatten().all(|end| end.is_alphabetic()) && typed.iter().all(|character| character.is_alphanumeric())
    })
}

/// Runs of letters, of digits and of others.
fn runs(text: &[char]) -> Vec<Range<usize>> {
    let kind = |character: &char| (character.is_alphabetic(), character.is_numeric());
    let mut start = 0;
    text.chunk_by(|one, next| kind(one) == kind(next))
        .map(|run| {
            let place = start..start + run.len();
            start = place.end;
            place
        })
        .collect()
}

/// Those of some words, sorted by their ends, that cover the most of the password without overlapping, and the fewest that do.
fn apart<'a>(found: &[&'a Word]) -> Vec<&'a Word> {
    // What the words up to each of them cover at best, and the last of the words that do.
    let mut best = Vec::<(Cover, Option<usize>)>::new();
    let before = found.iter().map(|word| found.partition_point(|other| other.place.end <= word.place.start)).collect::<Vec<_>>();
    for (at, (word, before)) in found.iter().zip(&before).enumerate() {
        let (covered, Reverse(words)) = before.checked_sub(1).and_then(|last| best.get(last)).map_or(NOTHING, |(cover, _)| *cover);
        let with = ((covered + word.place.len(), Reverse(words + 1)), Some(at));
        let without = best.last().copied().unwrap_or((NOTHING, None));
        best.push(if with.0 > without.0 { with } else { without });
    }
    let mut kept = Vec::new();
    let mut upto = found.len();
    while let Some(last) = upto.checked_sub(1).and_then(|at| best.get(at)).and_then(|(_, last)| *last) {
        kept.extend(found.get(last).copied());
        upto = before.get(last).copied().unwrap_or_default();
    }
    kept.reverse();
    kept
}

/// How many guesses a password takes, as a power of ten, of which some words are removed and others are left. What stands beside the
/// words counts all at once, or each different run of one kind of characters by itself, whichever of them comes first, if that is easier: zxcvbn
/// alone takes dress such as `-2026-x` for random.
fn guesses_without(plain: &Text, removed: &[&Word], words_left: &[f64]) -> f64 {
    let is_left = |at: usize| !removed.iter().any(|word| word.place.contains(&at));
    let rest = plain.iter().enumerate().filter(|(at, _)| is_left(*at)).map(|(_, character)| *character);
    let rest = Text::new(rest.collect());
    let mut each = runs(&rest).into_iter().filter_map(|run| rest.get(run)).collect::<Vec<_>>();
    each.sort_unstable();
    each.dedup();
    let text = |characters: &[char]| Zeroizing::new(characters.iter().collect::<String>());
    let parts = u32::try_from(each.len() + words_left.len()).map_or(f64::MAX, f64::from).max(1.0);
    let by_runs = each.into_iter().map(|run| guesses(&text(run))).sum::<f64>() + parts.log10();
    by_runs.min(guesses(&text(&rest))) + words_left.iter().sum::<f64>()
}

fn guesses(text: &str) -> f64 {
    if text.is_empty() { 0.0 } else { zxcvbn::zxcvbn(text, &[]).guesses_log10() }
}

fn score(guesses: f64) -> Score {
    SCORES.iter().map(|least| Score::from(guesses > *least)).sum()
}

#[cfg(test)]
mod tests {
    use identity_core::model::password::Readings;

    use super::*;

    fn of(password: &str) -> Option<CommonWords> {
        inside(Readings::of(password).texts().iter().map(String::as_str))
    }

    #[track_caller]
    fn words(password: &str) -> Vec<String> {
        of(password).map(|inside| inside.words.clone()).unwrap_or_default()
    }

    #[test]
    fn words_are_found_wherever_they_stand_and_however_they_are_spelled() {
        for (password, expected) in [
            ("Password~Kq7", vec!["password"]),
            ("Password!Kq7", vec!["password!"]),
            ("Kq7-Password", vec!["password"]),
            ("xW3lc0m3-to7", vec!["w3lc0m3"]),
            ("xM4nd0lin-to7", vec!["mandolin"]),
            ("Kq7$unsh1n3!", vec!["sunsh1n3"]),
            ("Dragon!Flies7", vec!["dragon!", "flies"]),
            ("PÄSSWÖRD~Kq7", vec!["password"]),
            ("Kq-1q2w3e4r5t-Z", vec!["1q2w3e4r5t"]),
            ("zz-Zbigniew-q7", vec!["zbigniew"]),
            ("#A1$2d3#-Kq7z", vec!["a1s2d3"]),
            ("#Film@123-Kq7z", vec!["film@123"]),
        ] {
            assert_eq!(words(password), expected, "{password}");
        }
        assert_eq!(of("Zr7-mnbq!"), None);
        assert_eq!(of(""), None);
    }

    #[test]
    fn what_is_left_is_measured_without_the_word_and_without_dress() {
        for password in [
            "Password!Kq7",
            "Password-2026-x",
            "Welcome!to7",
            "Dragon!Flies7",
            "Monkey#1987#Monkey",
            "Sunshine123!!",
            "shortyShorty1!",
            "Dragon-P@$$w0rd!",
            "Coffee!Table12",
            "Monkey.Banana9",
            "Welcome-Home-1!",
            "Sunshine-Garden-5",
            "Password-dragon-monkey1",
            "Goodmorning_goodmorning1",
            "Paintball1_paintball11",
            "jackjack1Jackjack11!",
            "Minicooper!Kq7",
        ] {
            assert!(of(password).is_some_and(|inside| inside.without_one < 2), "{password}: {:?}", of(password));
        }
        for password in [
            "Kq7zz#Wm2-dragon",
            "mouse8#Tr!vq2Zn",
            "Plinth-gargoyle-mackerel-horse7",
            "Gem-refresh-droop-skylight5",
            "Sloppy-fiction-say-diaphragm5",
            "Walrus-pantry-31",
            "Plinth-gargoyle-7",
            "Tr0ub4dor&Zephyr-91",
            "An0ther&Zebra-77",
        ] {
            assert!(of(password).is_none_or(|inside| inside.without_one >= 2), "{password}: {:?}", of(password));
        }
    }
}
