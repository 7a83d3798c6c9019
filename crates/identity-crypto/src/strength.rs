//! How hard a password is to guess: zxcvbn, which looks for dictionary words, names, dates, keyboard runs and repeats.

mod words;

use std::{num::NonZeroUsize, sync::Arc, thread, time::Duration};

use async_trait::async_trait;
use identity_core::{
    change::Unavailable,
    model::password::{Advice, Candidate, Measured, Readings, Strength},
    port::{StrengthMeter, WorkError},
    value::SignedDuration,
};
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};
use zeroize::Zeroizing;
use zxcvbn::{
    feedback::{Suggestion, Warning},
    matching::patterns::MatchPattern,
};

/// Only this many characters of a password, and of each word, are looked at: the work grows faster than the length, so that a
/// contrived password of 100 characters takes 300 ms and one of 40 takes 50 ms. A longer password is never easier to guess
/// than its beginning, so the cap errs on the safe side.
pub(crate) const MAX_CHARS: usize = 40;

/// Only this many words are looked at, for the same reason.
const MAX_WORDS: usize = 16;

/// No longer guess is looked up as a word, in characters: no dictionary has longer words, and a contrived guess of this length takes
/// 20 ms.
const MAX_WORD_CHARS: usize = 24;

/// Only this many guesses with digits in them are: few of zxcvbn's words have any.
const MAX_MIXED: usize = 4;

/// How many passwords a [`Zxcvbn`] measures.
#[derive(Clone, Copy, Debug)]
pub struct MeterConfig {
    /// How many at a time. By default one per core.
    pub at_once: NonZeroUsize,
    /// How many more may wait. By default 64 for each that is measured.
    pub waiting: usize,
    /// How long one may wait before its caller gets [`WorkError::Busy`]. By default 2 seconds.
    pub max_wait: Duration,
}

impl Default for MeterConfig {
    fn default() -> Self {
        let at_once = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self { at_once, waiting: at_once.get().saturating_mul(64), max_wait: Duration::from_secs(2) }
    }
}

/// Measures by zxcvbn, away from the threads that serve requests and a limited number at a time. An ordinary password takes a
/// millisecond or two; the worst contrived one of `cargo xtask bench policy` took 0.36 seconds in a build for development.
#[derive(Clone, Debug)]
pub struct Zxcvbn {
    /// The holder of one waits or is measured.
    places: Arc<Semaphore>,
    /// The holder of one is measured.
    turns: Arc<Semaphore>,
    max_wait: Duration,
}

impl Zxcvbn {
    /// A meter of these limits.
    #[must_use]
    pub fn new(config: MeterConfig) -> Self {
        let at_once = config.at_once.get().min(Semaphore::MAX_PERMITS);
        let places = at_once.saturating_add(config.waiting).min(Semaphore::MAX_PERMITS);
        Self { places: Arc::new(Semaphore::new(places)), turns: Arc::new(Semaphore::new(at_once)), max_wait: config.max_wait }
    }

    /// Does work in its turn. The turn belongs to the work: a client that hangs up frees nothing early.
    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, WorkError> {
        let busy = || WorkError::Busy { retry_after: SignedDuration::from_secs(1) };
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| busy())?;
        let turn = timeout(self.max_wait, Arc::clone(&self.turns).acquire_owned()).await.map_err(|_| busy())?;
        let held = (place, turn);
        let work = move || {
            let done = work();
            drop(held);
            done
        };
        Ok(spawn_blocking(work).await.map_err(|error| Unavailable::new("password strength", error))?)
    }
}

impl Default for Zxcvbn {
    fn default() -> Self {
        Self::new(MeterConfig::default())
    }
}

#[async_trait]
impl StrengthMeter for Zxcvbn {
    async fn measure(&self, candidate: &Candidate, words: &[String], readings: &Readings) -> Result<Measured, WorkError> {
        let beginning = Zeroizing::new(first_chars(candidate.expose()).to_owned());
        let readings = readings.clone();
        let words = words.to_vec();
        self.in_turn(move || measured(&beginning, &words, &readings)).await
    }
}

fn measured(password: &str, words: &[String], readings: &Readings) -> Measured {
    Measured {
        strength: strength(password, words),
        is_common: is_common(readings.whole()),
        inside: words::inside(readings.texts().iter().map(|text| first_chars(text))),
    }
}

fn strength(password: &str, words: &[String]) -> Strength {
    let words = words.iter().map(|word| first_chars(word)).filter(|word| !word.is_empty()).take(MAX_WORDS).collect::<Vec<_>>();
    let entropy = zxcvbn::zxcvbn(first_chars(password), &words);
    let mut advice = entropy.feedback().map_or_else(Vec::new, |feedback| {
        let warning = feedback.warning().map(advice_of_warning);
        warning.into_iter().chain(feedback.suggestions().iter().copied().map(advice_of_suggestion)).collect()
    });
    advice.sort();
    advice.dedup();
    Strength { score: entropy.score().into(), advice }
}

/// Whether one of these lower-case texts stands in a list: the hundred thousand most common passwords, or zxcvbn's words and names.
fn is_common(guesses: &[String]) -> bool {
    let (letters, mixed): (Vec<_>, Vec<_>) = guesses.iter().partition(|guess| guess.chars().all(char::is_alphabetic));
    let mut words = letters.into_iter().take(MAX_WORDS).chain(mixed.into_iter().take(MAX_MIXED));
    guesses.iter().any(|guess| words::is_listed(guess)) || words.any(|guess| is_word(guess))
}

/// Whether one match in one of zxcvbn's dictionaries covers the whole word.
fn is_word(word: &str) -> bool {
    word.chars().count() <= MAX_WORD_CHARS
        && matches!(zxcvbn::zxcvbn(word, &[]).sequence(), [only] if matches!(only.pattern, MatchPattern::Dictionary(_)))
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
    use identity_core::model::password::{ContextWords, Evidence, PasswordPolicy, Preset, RuleId};
    use tokio::{sync::oneshot, task::yield_now};

    use super::*;

    fn measure(password: &str, words: &[&str]) -> Strength {
        let words = words.iter().map(ToString::to_string).collect::<Vec<_>>();
        strength(password, &words)
    }

    fn meter(at_once: usize, waiting: usize, max_wait: Duration) -> Zxcvbn {
        Zxcvbn::new(MeterConfig { at_once: NonZeroUsize::new(at_once).unwrap(), waiting, max_wait })
    }

    /// Consumes a permit that lasts until its end is sent.
    async fn occupy(meter: &Zxcvbn) -> oneshot::Sender<()> {
        let (end, ended) = oneshot::channel::<()>();
        let (begin, begun) = oneshot::channel();
        let meter = meter.clone();
        tokio::spawn(async move {
            let work = move || {
                begin.send(()).unwrap();
                ended.blocking_recv()
            };
            meter.in_turn(work).await.unwrap().unwrap();
        });
        begun.await.unwrap();
        end
    }

    #[track_caller]
    fn is_busy<T: std::fmt::Debug>(result: &Result<T, WorkError>) {
        assert!(matches!(result, Err(WorkError::Busy { .. })), "{result:?}");
    }

    #[tokio::test]
    async fn a_caller_who_finds_every_place_taken_is_told_at_once() {
        let meter = meter(1, 1, Duration::from_secs(3600));
        let end = occupy(&meter).await;
        let waiting = tokio::spawn({
            let meter = meter.clone();
            async move { meter.in_turn(|| 7).await }
        });
        while meter.places.available_permits() > 0 {
            yield_now().await;
        }
        is_busy(&meter.in_turn(|| ()).await);
        end.send(()).unwrap();
        assert_eq!(waiting.await.unwrap().unwrap(), 7);
        assert_eq!(meter.in_turn(|| 8).await.unwrap(), 8);
    }

    #[tokio::test]
    async fn a_caller_who_waits_too_long_is_told_so_and_gives_the_place_back() {
        let meter = meter(1, 1, Duration::from_millis(20));
        let end = occupy(&meter).await;
        is_busy(&meter.in_turn(|| ()).await);
        is_busy(&meter.in_turn(|| ()).await);
        end.send(()).unwrap();
        assert_eq!(meter.in_turn(|| 9).await.unwrap(), 9);
    }

    #[tokio::test]
    async fn a_client_that_hangs_up_frees_no_turn() {
        let meter = meter(1, 0, Duration::from_secs(3600));
        let (end, ended) = oneshot::channel::<()>();
        let (begin, begun) = oneshot::channel();
        let hanging_up = tokio::spawn({
            let meter = meter.clone();
            async move {
                meter
                    .in_turn(move || {
                        begin.send(()).unwrap();
                        ended.blocking_recv()
                    })
                    .await
            }
        });
        begun.await.unwrap();
        hanging_up.abort();
        assert!(hanging_up.await.unwrap_err().is_cancelled());
        is_busy(&meter.in_turn(|| ()).await);
        end.send(()).unwrap();
        while meter.places.available_permits() == 0 {
            yield_now().await;
        }
        meter.in_turn(|| ()).await.unwrap();
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
    fn a_word_is_known_however_many_of_its_letters_are_masked() {
        for password in ["7r4n5p0r7s99", "$0m3th1ng!"] {
            assert!(is_common(Readings::of(password).whole()), "{password}");
        }
    }

    #[test]
    fn common_words_are_known() {
        for word in ["password", "dragon", "letmein", "iloveyou", "welcome", "1q2w3e4r", "qwer1234"] {
            assert!(is_common(&[word.to_owned()]), "{word}");
        }
        for word in ["plinthgargoyle", "xq"] {
            assert!(!is_common(&[word.to_owned()]), "{word}");
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
            let evidence = Evidence { measured: measured(password, &[], &Readings::of(password)), ..Evidence::default() };
            let broken = policy.broken_rules(&Candidate::new(password).unwrap(), &ContextWords::default(), &evidence);
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
