//! How hard a password is to guess: zxcvbn, which looks for dictionary words, names, dates, keyboard runs and repeats.

use identity_core::{
    password::Candidate,
    port::{Advice, Strength, StrengthMeter},
};
use zxcvbn::{
    feedback::{Suggestion, Warning},
    matching::patterns::MatchPattern,
};

/// Only this many characters of a password, and of each word, are looked at: the work grows faster than the length, so that a
/// contrived password of 100 characters takes 300 ms and one of 40 takes 50 ms. A longer password is never easier to guess
/// than its beginning, so the cap errs on the safe side.
const MAX_CHARS: usize = 40;

/// Only this many words are looked at, for the same reason.
const MAX_WORDS: usize = 16;

/// Measures by zxcvbn. An ordinary password takes about a millisecond, the worst contrived one some 50.
#[derive(Clone, Copy, Debug, Default)]
pub struct Zxcvbn;

impl StrengthMeter for Zxcvbn {
    fn measure(&self, candidate: &Candidate, words: &[String]) -> Strength {
        let words = words.iter().map(|word| first_chars(word)).filter(|word| !word.is_empty()).take(MAX_WORDS).collect::<Vec<_>>();
        let entropy = zxcvbn::zxcvbn(first_chars(candidate.expose()), &words);
        let mut advice = entropy.feedback().map_or_else(Vec::new, |feedback| {
            let warning = feedback.warning().map(advice_of_warning);
            warning.into_iter().chain(feedback.suggestions().iter().copied().map(advice_of_suggestion)).collect()
        });
        advice.sort();
        advice.dedup();
        Strength { score: entropy.score().into(), advice }
    }

    fn is_common(&self, word: &str) -> bool {
        if word.chars().count() > MAX_CHARS {
            return false;
        }
        // One match of one dictionary that covers the whole word.
        matches!(zxcvbn::zxcvbn(word, &[]).sequence(), [only] if matches!(only.pattern, MatchPattern::Dictionary(_)))
    }
}

fn first_chars(text: &str) -> &str {
    text.char_indices().nth(MAX_CHARS).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

// Both without a catch-all: a new variant of zxcvbn must not compile until it has its advice.
const fn advice_of_warning(warning: Warning) -> Advice {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess => Advice::AvoidKeyRows,
        Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => Advice::AvoidRepeats,
        Warning::ThisIsATop10Password
        | Warning::ThisIsATop100Password
        | Warning::ThisIsACommonPassword
        | Warning::ThisIsSimilarToACommonlyUsedPassword
        | Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
        | Warning::CommonNamesAndSurnamesAreEasyToGuess => Advice::AvoidCommon,
        Warning::SequencesLikeAbcAreEasyToGuess => Advice::AvoidSequences,
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => Advice::AvoidDates,
        Warning::AWordByItselfIsEasyToGuess => Advice::AddWords,
    }
}

const fn advice_of_suggestion(suggestion: Suggestion) -> Advice {
    match suggestion {
        Suggestion::UseAFewWordsAvoidCommonPhrases | Suggestion::NoNeedForSymbolsDigitsOrUppercaseLetters => Advice::UseWords,
        Suggestion::AddAnotherWordOrTwo => Advice::AddWords,
        Suggestion::CapitalizationDoesntHelpVeryMuch => Advice::CapitalsHelpLittle,
        Suggestion::AllUppercaseIsAlmostAsEasyToGuessAsAllLowercase => Advice::AllCapitalsHelpLittle,
        Suggestion::ReversedWordsArentMuchHarderToGuess => Advice::ReversedHelpsLittle,
        Suggestion::PredictableSubstitutionsDontHelpVeryMuch => Advice::SubstitutionsHelpLittle,
        Suggestion::UseALongerKeyboardPatternWithMoreTurns => Advice::AvoidKeyRows,
        Suggestion::AvoidRepeatedWordsAndCharacters => Advice::AvoidRepeats,
        Suggestion::AvoidSequences => Advice::AvoidSequences,
        Suggestion::AvoidRecentYears
        | Suggestion::AvoidYearsThatAreAssociatedWithYou
        | Suggestion::AvoidDatesAndYearsThatAreAssociatedWithYou => Advice::AvoidDates,
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "the texts sliced here are ASCII")]
mod tests {
    use identity_core::password::{Evidence, PasswordPolicy, PersonalWords, Preset, RuleId};

    use super::*;

    fn measure(password: &str, words: &[&str]) -> Strength {
        let words = words.iter().map(ToString::to_string).collect::<Vec<_>>();
        Zxcvbn.measure(&Candidate::new(password).unwrap(), &words)
    }

    #[test]
    fn scores_and_advises() {
        assert_eq!((measure("password", &[]).score, measure("plinth gargoyle mackerel oboe", &[]).score), (0, 4));
        assert!(measure("password", &[]).advice.contains(&Advice::AvoidCommon));
        assert!(measure("zbigniewowicz", &["Zbigniewowicz"]).score < measure("zbigniewowicz", &[]).score);
    }

    #[test]
    fn only_the_beginning_counts() {
        let long = "4@8({[</3&#!1/|0$5+7%2/".repeat(30);
        assert_eq!(measure(&long, &[&long]), measure(&long[..MAX_CHARS], &[&long[..MAX_CHARS]]));
    }

    #[test]
    fn common_words_are_known() {
        for word in ["password", "dragon", "letmein", "iloveyou", "welcome"] {
            assert!(Zxcvbn.is_common(word), "{word}");
        }
        for word in ["plinthgargoyle", "xq"] {
            assert!(!Zxcvbn.is_common(word), "{word}");
        }
    }

    /// Whatever common word is dressed up until it has all four kinds of characters, the default policy sees through it.
    #[test]
    fn dressed_up_common_passwords_are_refused() {
        let common = [
            "password", "monkey", "dragon", "sunshine", "princess", "football", "iloveyou", "superman", "jennifer", "letmein",
            "michael", "shadow", "master", "killer", "baseball", "welcome", "starwars", "computer", "whatever", "freedom",
        ];
        let dress: [fn(&str) -> String; 5] = [
            |word| format!("{}{}1!", &word[..1].to_uppercase(), &word[1..]),
            |word| format!("{}{}2024!", &word[..1], word[1..].to_uppercase()),
            |word| format!("!!{}{}99", &word[..1].to_uppercase(), word[1..].replace('o', "0")),
            |word| format!("{}{}123#", &word[..1].to_uppercase(), word[1..].replace('e', "3")),
            |word| format!("1{}{}$", &word[..1].to_uppercase(), word[1..].replace('i', "1")),
        ];
        let policy = PasswordPolicy::preset(Preset::Classic);
        let refused = |password: &str| {
            let broken =
                policy.broken_rules(&Candidate::new(password).unwrap(), &PersonalWords::default(), Evidence::default(), &Zxcvbn);
            broken.contains(&RuleId::NotCommon) || broken.contains(&RuleId::Strength)
        };
        let passed = common
            .iter()
            .flat_map(|word| dress.iter().map(|dress| dress(word)))
            .filter(|password| !refused(password))
            .collect::<Vec<_>>();
        assert!(passed.is_empty(), "{passed:?}");
    }
}
