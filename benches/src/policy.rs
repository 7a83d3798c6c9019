//! What the default policy lets pass of what it should refuse, and refuses of what it should let pass, and what judging costs.

use std::{
    fs,
    num::NonZeroUsize,
    sync::Arc,
    time::{Duration, Instant},
};

use identity_core::{
    model::password::{Candidate, ContextWords, Evidence, PasswordPolicy, Preset, Readings, RuleId},
    port::StrengthMeter as _,
};
use identity_crypto::{MeterConfig, Zxcvbn};
use identity_testbed::{common_passwords, dressed, generated, passphrase_words, passphrases};
use passwords::analyzer::is_common_password;
use tokio::task::JoinSet;

use crate::{Ran, figure};

/// How many dressed-up passwords are judged: every so many-th of all of them.
const DRESSED: usize = 60_000;
const RANDOM: usize = 10_000;
/// The share of each that may be judged wrongly, in percent.
const WRONG: f64 = 0.5;

pub(crate) async fn run() -> Ran {
    let list = fs::read_to_string(common_passwords()?)?;
    // What no list of ours has, such as "fqrg7cs493", looks like a password that a machine drew.
    let is_ours = |word: &&str| is_common_password(word.to_lowercase());
    let words = || list.lines().filter(|word| word.chars().count() >= 4);
    for (name, words) in [
        ("the common passwords that the policy's list has", words().filter(is_ours).collect::<Vec<_>>()),
        ("the 3,000 most common passwords", words().take(3000).collect()),
        ("all common passwords of another list", words().collect()),
    ] {
        let all = words.into_iter().flat_map(dressed).filter(|password| is_conformant(password)).collect::<Vec<_>>();
        let step = (all.len() / DRESSED).max(1);
        let common = all.into_iter().step_by(step).collect::<Vec<_>>();
        let passed = judged(common.clone()).await?.into_iter().filter(|(_, broken)| broken.is_empty()).collect::<Vec<_>>();
        print(&format!("{name}, dressed up, that pass"), &passed, common.len());
    }

    let list = fs::read_to_string(passphrase_words()?)?;
    let words = list.lines().filter_map(|line| line.split_whitespace().last()).map(str::to_owned).collect::<Vec<_>>();
    for (name, random) in [
        ("random passphrases of four words that are refused", passphrases(&words).take(RANDOM).collect::<Vec<_>>()),
        ("generated passwords of 12 characters that are refused", generated().take(RANDOM).collect()),
    ] {
        let refused = judged(random).await?.into_iter().filter(|(_, broken)| !broken.is_empty()).collect::<Vec<_>>();
        print(name, &refused, RANDOM);
    }
    cost().await
}

fn print(name: &str, wrong: &[(String, Vec<RuleId>)], of: usize) {
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    let share = wrong.len() as f64 * 100.0 / of as f64;
    figure::print(&format!("{name}, of {of}"), &format!("{share:.2} %"), "<= 0.5 %", share <= WRONG);
    let examples =
        wrong.iter().step_by((wrong.len() / 80).max(1)).take(80).map(|(password, _)| password.as_str()).collect::<Vec<_>>();
    if !examples.is_empty() {
        figure::note(&format!("  such as {}", examples.join("  ")), "");
    }
}

/// Whether it keeps the rules that are about characters alone: what is refused by those says nothing here.
fn is_conformant(password: &str) -> bool {
    Candidate::new(password).is_ok_and(|candidate| {
        PasswordPolicy::preset(Preset::Classic).broken_rules(&candidate, &somebody(), &Evidence::of_random()).is_empty()
    })
}

fn somebody() -> ContextWords {
    let mut words = ContextWords::default();
    ["grace.hopper", "Grace", "Hopper", "Initech", "Identity"].iter().for_each(|text| words.add(text));
    words
}

/// Judges passwords as every flow does, and says which rules each breaks.
async fn judged(passwords: Vec<String>) -> Result<Vec<(String, Vec<RuleId>)>, Box<dyn std::error::Error + Send + Sync>> {
    let meter = Arc::new(meter(passwords.len()));
    let mut judging = JoinSet::new();
    for password in passwords {
        let meter = Arc::clone(&meter);
        judging.spawn(async move {
            let candidate = Candidate::new(&password)?;
            let words = somebody();
            let measured = meter.measure(&candidate, words.as_slice(), &Readings::of(&password)).await?;
            let evidence = Evidence { measured, ..Evidence::default() };
            let broken = PasswordPolicy::preset(Preset::Classic).broken_rules(&candidate, &words, &evidence);
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>((password, broken))
        });
    }
    judging.join_all().await.into_iter().collect()
}

fn meter(waiting: usize) -> Zxcvbn {
    Zxcvbn::new(MeterConfig { waiting, max_wait: Duration::from_secs(3600), ..MeterConfig::default() })
}

/// What one judgement takes, alone on the machine: of ordinary passwords and of ones contrived to take long.
async fn cost() -> Ran {
    let meter = Zxcvbn::new(MeterConfig { at_once: NonZeroUsize::MIN, waiting: 0, max_wait: Duration::from_secs(1) });
    for (name, goal, passwords) in [
        ("judging an ordinary password, median", 10.0, generated().take(500).collect::<Vec<_>>()),
        ("judging a contrived password, the slowest", 1000.0, contrived()),
    ] {
        let is_ordinary = passwords.len() > 100;
        let mut took = Vec::new();
        for password in passwords {
            let before = Instant::now();
            meter.measure(&Candidate::new(&password)?, somebody().as_slice(), &Readings::of(&password)).await?;
            took.push(before.elapsed().as_secs_f64() * 1000.0);
        }
        let median = figure::median(&mut took);
        let value = if is_ordinary { median } else { took.last().copied().unwrap_or_default() };
        figure::print(name, &format!("{value:.1} ms"), &format!("<= {goal} ms"), value <= goal);
    }
    Ok(())
}

fn contrived() -> Vec<String> {
    vec![
        "4@8({[</3&#!1/|0$5+7%2/".repeat(40),
        "password".repeat(128),
        "1!".repeat(500),
        format!("12345678901{}!!!!!!!!!!!!", "a0b1c2d3e4".repeat(2)),
        "01!2|3@4a01!|23456789@$+€b4@3|2!10".to_owned(),
        "abcdefghijklmnopqrstuvwxyz".repeat(30),
        "loveloveLOVE".repeat(80),
    ]
}
