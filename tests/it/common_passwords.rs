//! What the default policy makes of common passwords that are dressed up until they keep every rule about characters alone, and of
//! random passphrases and passwords. `cargo xtask bench policy` measures more of each.

use std::{fs, time::Duration};

use identity_core::{
    model::password::{Candidate, ContextWords, Evidence, PasswordPolicy, Preset, Readings, RuleId},
    port::StrengthMeter as _,
};
use identity_crypto::{MeterConfig, Zxcvbn};
use identity_testbed::{common_passwords, dressed, generated, passphrase_words, passphrases};
use passwords::analyzer::is_common_password;
use tokio::task::JoinSet;

/// How many of the most common passwords have to be refused (ASVS 5.0 V6.2.4).
const MOST_COMMON: usize = 3000;
const DRESSED: usize = 6000;
const RANDOM: usize = 1000;

/// Which of some passwords break a rule, and which break none.
async fn judged(passwords: impl Iterator<Item = String>) -> (Vec<String>, Vec<String>) {
    let waiting = MeterConfig { waiting: 1 << 20, max_wait: Duration::from_secs(240), ..MeterConfig::default() };
    let meter = Zxcvbn::new(waiting);
    let mut judging = JoinSet::new();
    for password in passwords {
        let meter = meter.clone();
        judging.spawn(async move {
            let candidate = Candidate::new(&password).unwrap();
            let measured = meter.measure(&candidate, &[], &Readings::of(&password)).await.unwrap();
            let evidence = Evidence { measured, ..Evidence::default() };
            (broken(&password, &evidence).is_empty(), password)
        });
    }
    let (passed, refused) = judging.join_all().await.into_iter().partition::<Vec<_>, _>(|(passes, _)| *passes);
    let passwords = |judged: Vec<(bool, String)>| judged.into_iter().map(|(_, password)| password).collect();
    (passwords(passed), passwords(refused))
}

fn broken(password: &str, evidence: &Evidence) -> Vec<RuleId> {
    let policy = PasswordPolicy::preset(Preset::Classic);
    policy.broken_rules(&Candidate::new(password).unwrap(), &ContextWords::default(), evidence)
}

#[track_caller]
fn at_most_one_in(many: usize, wrong: &[String], of: usize) {
    assert!(wrong.len() * many <= of, "{} of {of}: {wrong:?}", wrong.len());
}

/// Of some passwords, dressed up, those that pass, and of how many.
async fn dressed_up<'a>(words: impl Iterator<Item = &'a str>) -> (Vec<String>, usize) {
    // What is refused without being known as common says nothing here.
    let is_conformant = |password: &String| broken(password, &Evidence::of_random()).is_empty();
    let words = words.filter(|word| word.chars().count() >= 4);
    let all = words.flat_map(dressed).filter(is_conformant).collect::<Vec<_>>();
    let sample = all.iter().step_by((all.len() / DRESSED).max(1)).cloned().collect::<Vec<_>>();
    let of = sample.len();
    (judged(sample.into_iter()).await.0, of)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_the_common_passwords_of_its_list_dressed_up_the_default_policy_lets_at_most_one_in_200_pass() {
    let list = fs::read_to_string(common_passwords().unwrap()).unwrap();
    let (passed, of) = dressed_up(list.lines().filter(|word| is_common_password(word.to_lowercase()))).await;
    assert!(of >= DRESSED);
    at_most_one_in(200, &passed, of);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_the_most_common_passwords_dressed_up_the_default_policy_lets_about_one_in_a_hundred_pass() {
    let list = fs::read_to_string(common_passwords().unwrap()).unwrap();
    let (passed, of) = dressed_up(list.lines().take(MOST_COMMON)).await;
    // What is left are entries that no list of ours has, such as "fqrg7cs493".
    at_most_one_in(80, &passed, of);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_random_passphrases_and_passwords_the_default_policy_refuses_at_most_one_in_200() {
    let list = fs::read_to_string(passphrase_words().unwrap()).unwrap();
    let words = list.lines().filter_map(|line| line.split_whitespace().last()).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words.len(), 7776);
    at_most_one_in(200, &judged(passphrases(&words).take(RANDOM)).await.1, RANDOM);
    at_most_one_in(200, &judged(generated().take(RANDOM)).await.1, RANDOM);
}
