//! `leak`: whether the time of an answer tells who has an account. Pairs of requests that differ in that alone, in random order,
//! on a quiet machine: the difference with its interval, and how well one could tell the two apart (AUC, 0.5 for not at all).

use std::{
    error::Error,
    time::{Duration, Instant},
};

use identity_storage::testing::Population;

use crate::{
    Ran,
    figure::{note, print},
    http::{Connection, post},
    place::{Kind, TempStore, kinds},
    seed::people,
    subject::launch,
};

/// As many as are needed for the interval to be narrow, three times.
const PAIRS: u64 = 300;
const ROUNDS: u64 = 3;
/// Each address is asked about at most once a path.
const ACCOUNTS: u64 = PAIRS * ROUNDS;
/// Between two requests, so that none waits for the other's mail or sweep.
const REST: Duration = Duration::from_millis(15);

/// What strangers may ask.
#[derive(Clone, Copy)]
enum Path {
    LogIn,
    SignUp,
    Forgot,
    Resend,
}

impl Path {
    const ALL: [Self; 4] = [Self::LogIn, Self::SignUp, Self::Forgot, Self::Resend];

    fn name(self) -> &'static str {
        match self {
            Self::LogIn => "login, wrong password",
            Self::SignUp => "sign-up",
            Self::Forgot => "forgot password",
            Self::Resend => "resend",
        }
    }

    /// A request of its own for each number: one password under one salt would be one computation, which takes its own time by chance.
    fn request(self, email: &str, n: u64) -> Vec<u8> {
        match self {
            Self::LogIn => post("/api/v1/sessions", &format!(r#"{{"email":"{email}","password":"Not-the-one-{n:04}"}}"#)),
            Self::SignUp => post(
                "/api/v1/registrations",
                &format!(r#"{{"first_name":"Grace","last_name":"Hopper","company_name":"Navy","country":"US","email":"{email}"}}"#),
            ),
            Self::Forgot => post("/api/v1/password-resets", &format!(r#"{{"email":"{email}"}}"#)),
            Self::Resend => post("/api/v1/registrations/resend", &format!(r#"{{"email":"{email}"}}"#)),
        }
    }
}

pub(crate) async fn run() -> Ran {
    for kind in kinds() {
        on(kind).await?;
    }
    Ok(())
}

async fn on(kind: Kind) -> Ran {
    let place = TempStore::fresh(kind).await?;
    people(&place.url, ACCOUNTS).await?;
    let folder = tempfile::tempdir()?;
    let (mut child, _lines, address) = launch(&folder, &place).await?;
    let mut connection = Connection::open(address).await?;
    // The first requests open what is opened once.
    for path in Path::ALL {
        for n in 0..10 {
            connection.send(&path.request(&format!("warm{n}@nowhere.example"), n)).await?;
        }
    }
    for path in Path::ALL {
        for round in 0..ROUNDS {
            measure(&mut connection, kind, path, round).await?;
        }
    }
    child.kill().await?;
    Ok(())
}

async fn measure(connection: &mut Connection, kind: Kind, path: Path, round: u64) -> Result<(), Box<dyn Error + Send + Sync>> {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    let mut same = true;
    for pair in 0..PAIRS {
        let n = round * PAIRS + pair;
        // As long as the known one, so that nothing else differs.
        let there = Population::address(n);
        let absent = there.replacen("person", "nobody", 1);
        let mut answers = Vec::new();
        // Which comes first is as random as a digest of the number.
        let known_first = n.wrapping_mul(0x9E37_79B9_7F4A_7C15).count_ones().is_multiple_of(2);
        for is_known in [known_first, !known_first] {
            let request = path.request(if is_known { &there } else { &absent }, n);
            tokio::time::sleep(REST).await;
            let before = Instant::now();
            let status = connection.send(&request).await?;
            let took = before.elapsed().as_secs_f64() * 1000.0;
            if is_known {
                known.push(took);
            } else {
                unknown.push(took);
            }
            answers.push((status, shape(&connection.text())));
        }
        same &= matches!(answers.as_slice(), [one, other] if one == other);
    }
    let (mean, half) = interval(&known, &unknown);
    let auc = auc(&known, &unknown);
    let name = format!("leak: {kind}, {}, round {}", path.name(), round + 1);
    note(&format!("{name}, medians known, unknown, ms"), &format!("{:.3}, {:.3}", median(&known), median(&unknown)));
    print(&format!("{name}, difference of the means, 95 %"), &format!("{mean:+.3} ± {half:.3} ms"), "holds 0", mean.abs() <= half);
    print(&format!("{name}, AUC"), &format!("{auc:.3}"), "0.46–0.54", (0.46..=0.54).contains(&auc));
    print(&format!("{name}, same status, same length of body"), if same { "yes" } else { "no" }, "yes", same);
    Ok(())
}

/// What can be seen of a body: its length, without what is random in each.
fn shape(text: &str) -> usize {
    let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    body.trim_end_matches('\0').find('\0').unwrap_or_else(|| body.trim_end_matches('\0').len())
}

fn median(values: &[f64]) -> f64 {
    crate::figure::median(&mut values.to_vec())
}

#[expect(clippy::cast_precision_loss, reason = "statistics of a few hundred values")]
fn moments(values: impl Iterator<Item = f64> + Clone) -> (f64, f64, f64) {
    let count = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / count;
    let variance = values.map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (mean, variance, count)
}

/// The mean of the paired differences and the half width of its 95 % interval. The slowest twentieth of the pairs is left out: there
/// the machine was busy with something else.
fn interval(known: &[f64], unknown: &[f64]) -> (f64, f64) {
    let mut pairs = known.iter().zip(unknown).map(|(known, unknown)| (known.max(*unknown), known - unknown)).collect::<Vec<_>>();
    pairs.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    let kept = pairs.len() - pairs.len() / 20;
    let (mean, variance, count) = moments(pairs.iter().take(kept).map(|(_, difference)| *difference));
    (mean, 1.96 * (variance / count).sqrt())
}

/// The share of all pairs of a known and an unknown one in which the known one took longer.
#[expect(clippy::cast_precision_loss, reason = "statistics of a few hundred values")]
fn auc(known: &[f64], unknown: &[f64]) -> f64 {
    let wins = known.iter().flat_map(|known| unknown.iter().map(move |unknown| known.total_cmp(unknown)));
    let sum = wins.map(|order| f64::from(i8::from(order.is_gt()) * 2 + i8::from(order.is_eq())) / 2.0).sum::<f64>();
    sum / (known.len() as f64 * unknown.len() as f64)
}
