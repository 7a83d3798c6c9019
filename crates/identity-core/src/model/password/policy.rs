use std::fmt::Write as _;

use super::{AcceptedPassword, Candidate, CommonWords, ContextWords, Measured, Rule, RuleId, Score, Strength};

/// The least score that a password needs without a common word, where the policy demands less of the whole.
const LEAST_SCORE: Score = 2;

crate::value::vocabulary! {
    /// Where a policy's rules come from.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Preset {
        /// The common rules: 8 characters, four kinds of characters, nothing personal or common.
        Classic = "classic",
        /// NIST SP 800-63B-4 §3.1.1.2: 15 characters, no rules of composition, a blocklist on the whole password.
        Nist = "nist",
    }
}

/// How personal and common words are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocklist {
    /// Anywhere in the password: personal words of three letters and more, common words of four and more.
    Contains,
    /// As the whole password.
    Whole,
}

/// What is known of a candidate beyond its text.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// What the meter found.
    pub measured: Measured,
    /// It is one of the person's last passwords.
    pub reused: bool,
    /// It is known from a breach.
    pub breached: bool,
}

impl Evidence {
    /// What is known of a password that was drawn at random just now.
    #[must_use]
    pub fn of_random() -> Self {
        Self {
            measured: Measured { strength: Strength { score: 4, ..Strength::default() }, ..Measured::default() },
            ..Self::default()
        }
    }
}

/// One set of rules for every path that sets a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// The preset that the rules started from.
    pub preset: Preset,
    /// The least number of characters (Unicode code points after NFKC).
    pub min_length: u32,
    /// Whether an uppercase letter (Unicode `Lu`) is needed.
    pub uppercase: bool,
    /// Whether a lowercase letter (Unicode `Ll`) is needed.
    pub lowercase: bool,
    /// Whether a digit (Unicode `Nd`) is needed.
    pub digit: bool,
    /// Whether a character of any other kind is needed.
    pub special: bool,
    /// How personal and common words are looked for.
    pub blocklist: Blocklist,
    /// How many of the last passwords are refused; 0 for none.
    pub history: u32,
    /// The least score, from 0 (no demand) to 4.
    pub min_score: Score,
    /// Whether passwords that are known from breaches are refused.
    pub breached: bool,
}

impl PasswordPolicy {
    /// The rules of a preset.
    #[must_use]
    pub const fn preset(preset: Preset) -> Self {
        match preset {
            Preset::Classic => Self {
                preset,
                min_length: 8,
                uppercase: true,
                lowercase: true,
                digit: true,
                special: true,
                blocklist: Blocklist::Contains,
                history: 5,
                min_score: 2,
                breached: false,
            },
            Preset::Nist => Self {
                preset,
                min_length: 15,
                uppercase: false,
                lowercase: false,
                digit: false,
                special: false,
                blocklist: Blocklist::Whole,
                history: 0,
                min_score: 2,
                breached: false,
            },
        }
    }

    /// The rules in force, in the order they are shown.
    #[must_use]
    pub fn rules(&self) -> Vec<Rule> {
        let plain = |id, on: bool| on.then_some(Rule { id, number: None });
        let numbered = |id, number: u32, on: bool| on.then_some(Rule { id, number: Some(number) });
        [
            numbered(RuleId::MinLength, self.min_length, true),
            numbered(RuleId::MaxLength, u32::try_from(Candidate::MAX_BYTES).unwrap_or(u32::MAX), true),
            plain(RuleId::Uppercase, self.uppercase),
            plain(RuleId::Lowercase, self.lowercase),
            plain(RuleId::Digit, self.digit),
            plain(RuleId::Special, self.special),
            plain(RuleId::NotPersonal, true),
            plain(RuleId::NotCommon, true),
            numbered(RuleId::NotReused, self.history, self.history > 0),
            numbered(RuleId::Strength, u32::from(self.min_score), self.min_score > 0),
            plain(RuleId::NotBreached, self.breached),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The value of the `passwordrules` attribute, from which password managers make passwords.
    #[must_use]
    pub fn password_rules_attribute(&self) -> String {
        let mut rules = format!("minlength: {};", self.min_length);
        for (class, needed) in
            [("lower", self.lowercase), ("upper", self.uppercase), ("digit", self.digit), ("special", self.special)]
        {
            if needed {
                let _ = write!(rules, " required: {class};");
            }
        }
        if !(self.lowercase || self.uppercase || self.digit || self.special) {
            rules.push_str(" allowed: ascii-printable;");
        }
        rules
    }

    /// Judges a candidate by every rule.
    ///
    /// # Errors
    /// All broken rules at once, in the order of [`rules`](Self::rules).
    pub fn validate(
        &self,
        candidate: Candidate,
        words: &ContextWords,
        evidence: &Evidence,
    ) -> Result<AcceptedPassword, Vec<RuleId>> {
        let broken = self.broken_rules(&candidate, words, evidence);
        if broken.is_empty() { Ok(AcceptedPassword(candidate)) } else { Err(broken) }
    }

    /// The rules that a candidate breaks, in the order of [`rules`](Self::rules).
    #[must_use]
    pub fn broken_rules(&self, candidate: &Candidate, words: &ContextWords, evidence: &Evidence) -> Vec<RuleId> {
        let text = candidate.expose();
        let kinds = Kinds::of(text);
        let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let personal = match self.blocklist {
            Blocklist::Contains => {
                let inside = evidence.measured.inside.as_ref();
                words.occur_in(text, inside.map_or(&[], |inside| inside.words.as_slice()))
            }
            Blocklist::Whole => words.are(text),
        };
        [
            (RuleId::MinLength, length < self.min_length),
            (RuleId::Uppercase, self.uppercase && !kinds.upper),
            (RuleId::Lowercase, self.lowercase && !kinds.lower),
            (RuleId::Digit, self.digit && !kinds.digit),
            (RuleId::Special, self.special && !kinds.special),
            (RuleId::NotPersonal, personal),
            (RuleId::NotCommon, self.is_common(&evidence.measured)),
            (RuleId::NotReused, evidence.reused),
            (RuleId::Strength, evidence.measured.strength.score < self.min_score),
            (RuleId::NotBreached, self.breached && evidence.breached),
        ]
        .into_iter()
        .filter_map(|(id, broken)| broken.then_some(id))
        .collect()
    }

    /// A password may hold common words if it is still hard to guess without whichever one of them.
    fn is_common(&self, measured: &Measured) -> bool {
        let needed = self.min_score.max(LEAST_SCORE);
        let is_carried_by = |inside: &CommonWords| inside.without_one < needed;
        measured.is_common || self.blocklist == Blocklist::Contains && measured.inside.as_ref().is_some_and(is_carried_by)
    }
}

#[derive(Default)]
struct Kinds {
    upper: bool,
    lower: bool,
    digit: bool,
    special: bool,
}

impl Kinds {
    fn of(text: &str) -> Self {
        text.chars().fold(Self::default(), |mut kinds, character| {
            if character.is_uppercase() {
                kinds.upper = true;
            } else if character.is_lowercase() {
                kinds.lower = true;
            } else if character.is_numeric() {
                kinds.digit = true;
            } else {
                kinds.special = true;
            }
            kinds
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::value::{EmailAddress, PersonName};

    /// What a meter finds that knows one word and thinks everything else strong.
    fn evidence(password: &str) -> Evidence {
        let score = if password.contains("weak") { 1 } else { 4 };
        let is_common = crate::model::password::Readings::of(password).whole().iter().any(|word| word == "password");
        let strength = Strength { score, ..Strength::default() };
        Evidence { measured: Measured { strength, is_common, inside: None }, ..Evidence::default() }
    }

    fn words() -> ContextWords {
        let name = |text| PersonName::parse(text).unwrap();
        ContextWords::collect(
            &EmailAddress::parse("ada.byron@example.org").unwrap(),
            [&name("Ada"), &name("Lovelace")],
            None,
            "Identity",
        )
    }

    fn broken(policy: &PasswordPolicy, password: &str) -> Vec<RuleId> {
        policy.broken_rules(&Candidate::new(password).unwrap(), &words(), &evidence(password))
    }

    #[test]
    fn classic_names_every_missing_kind() {
        let policy = PasswordPolicy::preset(Preset::Classic);
        for mask in 0..16_u8 {
            let kinds = [
                (1, "QWERTZU", RuleId::Uppercase),
                (2, "qwrtzup", RuleId::Lowercase),
                (4, "2946028", RuleId::Digit),
                (8, "-_?&%,#", RuleId::Special),
            ];
            let password = kinds.iter().filter(|(bit, ..)| mask & bit != 0).map(|(_, text, _)| *text).collect::<String>();
            let missing = kinds.iter().filter(|(bit, ..)| mask & bit == 0).map(|(.., id)| *id).collect::<Vec<_>>();
            let mut found = broken(&policy, &password);
            found.retain(|id| *id != RuleId::MinLength);
            assert_eq!(found, missing, "{password:?}");
        }
    }

    #[test]
    fn length_counts_code_points() {
        let policy = PasswordPolicy {
            uppercase: false,
            lowercase: false,
            digit: false,
            special: false,
            ..PasswordPolicy::preset(Preset::Classic)
        };
        assert_eq!(broken(&policy, "𝒙𝒚q🦀🦀🦀🦀"), [RuleId::MinLength]);
        assert_eq!(broken(&policy, "𝒙𝒚q🦀🦀🦀🦀🦀"), []);
        let nist = PasswordPolicy::preset(Preset::Nist);
        assert_eq!(broken(&nist, &"r".repeat(14)), [RuleId::MinLength]);
        assert_eq!(broken(&nist, &"r".repeat(15)), []);
    }

    #[test]
    fn all_broken_rules_come_at_once() {
        let policy = PasswordPolicy::preset(Preset::Classic);
        assert_eq!(
            broken(&policy, "byron"),
            [RuleId::MinLength, RuleId::Uppercase, RuleId::Digit, RuleId::Special, RuleId::NotPersonal]
        );
        assert_eq!(broken(&policy, "P@ssw0rd1"), [RuleId::NotCommon]);
        assert_eq!(broken(&policy, "so-weak-2-X"), [RuleId::Strength]);
    }

    #[test]
    fn whole_mode_lets_a_personal_word_be_a_part() {
        let policy = PasswordPolicy { min_length: 4, ..PasswordPolicy::preset(Preset::Nist) };
        assert_eq!(broken(&policy, "l0veLACE"), [RuleId::NotPersonal]);
        assert_eq!(broken(&policy, "lovelace in the rain"), []);
    }

    #[test]
    fn common_words_inside_are_judged_by_what_is_left_without_them() {
        let broken_with = |policy: &PasswordPolicy, without_one| {
            let inside = Some(CommonWords { words: vec!["mackerel".to_owned()], without_one });
            let strength = Strength { score: 4, ..Strength::default() };
            let evidence = Evidence { measured: Measured { strength, is_common: false, inside }, ..Evidence::default() };
            policy.broken_rules(&Candidate::new("Zr7-mnbvq!").unwrap(), &words(), &evidence) == [RuleId::NotCommon]
        };
        let classic = PasswordPolicy::preset(Preset::Classic);
        assert!(broken_with(&classic, 1));
        assert!(!broken_with(&classic, 2), "what is left is strong");
        assert!(broken_with(&PasswordPolicy { min_score: 3, ..classic.clone() }, 2));
        assert!(broken_with(&PasswordPolicy { min_score: 0, ..classic }, 1), "the rule is there without that of strength");
        let nist = PasswordPolicy { min_length: 8, ..PasswordPolicy::preset(Preset::Nist) };
        assert!(!broken_with(&nist, 0), "whole passwords alone");
    }

    #[test]
    fn evidence_breaks_its_rule() {
        let policy = PasswordPolicy { breached: true, ..PasswordPolicy::preset(Preset::Classic) };
        let password = "Zr7-mnbvq!";
        let evidence = Evidence { reused: true, breached: true, ..evidence(password) };
        let broken = policy.broken_rules(&Candidate::new(password).unwrap(), &words(), &evidence);
        assert_eq!(broken, [RuleId::NotReused, RuleId::NotBreached]);
    }

    /// Makes a password as a manager does from the attribute: the kinds it requires, printable ASCII, the least length.
    fn from_attribute(attribute: &str, picks: &[u8]) -> String {
        let least =
            attribute.split(';').find_map(|part| part.trim().strip_prefix("minlength: ")).unwrap().parse::<usize>().unwrap();
        let classes: [(&str, &[u8]); 4] = [
            ("lower", b"abcdefghijklmnopqrstuvwxyz"),
            ("upper", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            ("digit", b"0123456789"),
            ("special", b"-().&@?'#,/\"+ !$%*_;:=<>[]{}^~|\\`"),
        ];
        let required = classes.iter().filter(|(name, _)| attribute.contains(&format!("required: {name}"))).collect::<Vec<_>>();
        let used = if required.is_empty() { classes.iter().collect() } else { required };
        (0..least.max(used.len()))
            .map(|at| {
                let alphabet = used[at % used.len()].1;
                char::from(alphabet[usize::from(picks[at % picks.len()]) % alphabet.len()])
            })
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]
        #[test]
        fn a_password_made_from_the_attribute_keeps_every_rule_of_form(picks in proptest::collection::vec(any::<u8>(), 15..40), nist in any::<bool>()) {
            let policy = PasswordPolicy::preset(if nist { Preset::Nist } else { Preset::Classic });
            let password = from_attribute(&policy.password_rules_attribute(), &picks);
            let mut found = broken(&policy, &password);
            // Three letters of a name may stand in any random text.
            found.retain(|id| *id != RuleId::NotPersonal);
            prop_assert!(found.is_empty(), "{password:?} breaks {found:?}");
        }

        #[test]
        fn a_personal_word_is_found_however_it_is_dressed(before in "[ -~]{0,8}", after in "[ -~]{0,8}", mask in any::<u16>()) {
            let dressed = "lovelace".chars().enumerate().map(|(at, plain)| match (mask >> (2 * at) & 3, plain) {
                (1, plain) => plain.to_ascii_uppercase(),
                (2, 'o') => '0',
                (2, 'e') => '3',
                (2, 'a') => '@',
                (2, 'l') => '1',
                (_, plain) => plain,
            }).collect::<String>();
            let policy = PasswordPolicy::preset(Preset::Classic);
            let password = [before, dressed, after].concat();
            prop_assert!(broken(&policy, &password).contains(&RuleId::NotPersonal));
        }
    }
}
