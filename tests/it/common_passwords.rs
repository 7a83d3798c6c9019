//! The three thousand most common passwords, dressed up until they keep every rule that is about characters alone.

use std::{fs, time::Duration};

use identity_core::{
    password::{Candidate, Evidence, PasswordPolicy, PersonalWords, Preset, RuleId, stem},
    port::StrengthMeter as _,
};
use identity_crypto::{MeterConfig, Zxcvbn};
use tokio::task::JoinSet;

const WORDS: usize = 3000;

/// How people get a password past rules.
fn dressed(word: &str) -> [String; 6] {
    let mut characters = word.chars();
    let capital = characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).collect::<String>();
    [
        format!("{capital}1!"),
        format!("{capital}2024!"),
        format!("!!{}99", capital.replace('o', "0")),
        format!("{}123#", capital.replace('e', "3")),
        format!("1{}$", capital.replace('i', "1")),
        format!("Aa{word}!"),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_three_thousand_common_passwords_dressed_up_the_default_policy_lets_less_than_one_in_a_hundred_pass() {
    let policy = PasswordPolicy::preset(Preset::Classic);
    let broken = move |password: &str, evidence: &Evidence| {
        policy.broken_rules(&Candidate::new(password).unwrap(), &PersonalWords::default(), evidence)
    };
    let list = fs::read_to_string(identity_testbed::common_passwords().unwrap()).unwrap();
    let all = list.lines().take(WORDS).flat_map(dressed);
    let refuses = [RuleId::NotCommon, RuleId::Strength];
    // What is refused without being known as common says nothing here.
    let is_conformant = |password: &String| broken(password, &Evidence::default()).iter().all(|rule| refuses.contains(rule));
    let conformant = all.filter(is_conformant).collect::<Vec<_>>();
    assert!(conformant.len() > 2 * WORDS, "only {} keep the other rules", conformant.len());

    let meter =
        Zxcvbn::new(MeterConfig { waiting: conformant.len(), max_wait: Duration::from_secs(240), ..MeterConfig::default() });
    let mut measuring = JoinSet::new();
    for password in conformant.iter().cloned() {
        let meter = meter.clone();
        measuring.spawn(async move {
            let measured = meter.measure(&Candidate::new(&password).unwrap(), &[], &stem(&password)).await.unwrap();
            (password, Evidence { measured, ..Evidence::default() })
        });
    }
    let mut passed = Vec::new();
    while let Some(measured) = measuring.join_next().await {
        let (password, evidence) = measured.unwrap();
        if !broken(&password, &evidence).iter().any(|rule| refuses.contains(rule)) {
            passed.push(password);
        }
    }
    let share = passed.len() * 100;
    assert!(share < conformant.len(), "{} of {} pass: {passed:?}", passed.len(), conformant.len());
}
