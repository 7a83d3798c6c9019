//! The parts of a run: each is timed, a failing one stops nothing, and a table closes the run.

use anyhow::{Error, anyhow};
use std::time::{Duration, Instant};

#[derive(Default)]
pub(crate) struct Parts {
    rows: Vec<(String, End, Duration)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Passed,
    Failed,
    NotRun,
}

impl Parts {
    pub(crate) fn run(&mut self, name: &str, part: impl FnOnce() -> Result<(), Error>) {
        println!("\n── {name}");
        let started = now();
        let ended = part();
        let took = started.elapsed();
        let end = match ended {
            Ok(()) => End::Passed,
            Err(error) => {
                println!("{name} failed: {error:#}");
                End::Failed
            }
        };
        self.rows.push((name.to_owned(), end, took));
    }

    pub(crate) fn not_run(&mut self, name: &str, why: &str) {
        println!("\n── {name}\nnot run: {why}");
        self.rows.push((name.to_owned(), End::NotRun, Duration::ZERO));
    }

    /// Prints the table, and fails where a part did.
    pub(crate) fn finish(self) -> Result<(), Error> {
        println!("\n{}", table(&self.rows));
        let failed: Vec<&str> = self.rows.iter().filter(|row| row.1 == End::Failed).map(|row| row.0.as_str()).collect();
        if failed.is_empty() { Ok(()) } else { Err(anyhow!("failed: {}", failed.join(", "))) }
    }
}

fn table(rows: &[(String, End, Duration)]) -> String {
    let width = rows.iter().map(|row| row.0.chars().count()).max().unwrap_or_default().max("total".len());
    let total = rows.iter().map(|row| row.2).sum();
    let mut lines: Vec<String> = rows
        .iter()
        .map(|(name, end, took)| match end {
            End::Passed => format!("{name:width$}  passed   {:>12}", span(*took)),
            End::Failed => format!("{name:width$}  FAILED   {:>12}", span(*took)),
            End::NotRun => format!("{name:width$}  not run"),
        })
        .collect();
    lines.push(format!("{:width$}           {:>12}", "total", span(total)));
    lines.join("\n")
}

fn span(took: Duration) -> String {
    let seconds = took.as_secs();
    if seconds < 60 { format!("{:.1} s", took.as_secs_f64()) } else { format!("{} min {:02} s", seconds / 60, seconds % 60) }
}

#[expect(clippy::disallowed_methods, reason = "xtask times its own parts; no port of the domain is in reach")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_part_stops_nothing_and_fails_the_run() {
        let mut parts = Parts::default();
        let mut ran = false;
        parts.run("first", || Err(anyhow!("no")));
        parts.not_run("second", "not here");
        parts.run("third", || {
            ran = true;
            Ok(())
        });
        assert!(ran);
        assert_eq!(format!("{:#}", parts.finish().unwrap_err()), "failed: first");
    }

    #[test]
    fn parts_that_pass_pass_together() {
        let mut parts = Parts::default();
        parts.run("first", || Ok(()));
        parts.not_run("second", "not here");
        assert!(parts.finish().is_ok());
    }

    #[test]
    fn the_table_shows_each_part_and_the_total() {
        let rows = [
            ("layers".to_owned(), End::Passed, Duration::from_millis(500)),
            ("tests".to_owned(), End::Failed, Duration::from_secs(125)),
            ("deny".to_owned(), End::NotRun, Duration::ZERO),
        ];
        let expected = "layers  passed          0.5 s\n\
                        tests   FAILED     2 min 05 s\n\
                        deny    not run\n\
                        total              2 min 05 s";
        assert_eq!(table(&rows), expected);
    }
}
