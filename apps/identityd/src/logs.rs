//! Structured logs, to standard error. They hold no secret and no address: see docs/operating.md.

use tracing_subscriber::{EnvFilter, fmt};

/// Statements, mail dialogues and connection strings stay out, whatever `RUST_LOG` asks for.
const QUIET: [&str; 6] = ["sea_orm=warn", "sea_orm_migration=warn", "sqlx=warn", "lettre=warn", "hyper=warn", "reqwest=warn"];

/// Starts logging; done twice, the first time counts.
pub(crate) fn start(json: bool) {
    let wanted = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let filter = QUIET.iter().filter_map(|directive| directive.parse().ok()).fold(wanted, EnvFilter::add_directive);
    let logs = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if json { logs.json().try_init() } else { logs.with_ansi(false).with_target(false).try_init() };
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
}
