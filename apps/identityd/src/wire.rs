//! What the configuration says, as `identity` takes it.

use std::{fs::DirBuilder, num::NonZeroUsize, os::unix::fs::DirBuilderExt as _, path::Path};

use anyhow::{Context as _, Error, anyhow};
use identity::{Builder, Identity, StartError};
use identity_core::{model::Settings, value::PublicUrl};
use identity_crypto::{MeterConfig, PoolConfig};
use identity_picture::PicturePoolConfig;
use identity_storage::{DatabaseUrl, Storage};

use crate::{
    breached,
    config::{Config, Transport},
};

/// Everything that one process needs, to be opened or started.
///
/// # Errors
/// [`Error`] says what is in the way.
pub fn builder(config: &Config, public_url: &PublicUrl) -> Result<Builder, Error> {
    make_folder(&config.data_dir)?;
    let breached = breached::open(config)?;
    let (settings, own_url) = (config.settings.clone(), public_url.clone());
    let (proxies, origins) = (config.trusted_proxies.clone(), config.return_to_origins.clone());
    let (cookie_domain, start_url, security_txt) =
        (config.cookie_domain.clone(), config.start_url.clone(), config.security_txt.clone());
    let builder = Identity::builder(&config.settings.product_name, &public_url.to_string())
        .database_url(database_url(config))
        .database_limits(config.database_limits)
        .from(config.mail.from.as_str())
        .from_name(&config.mail.from_name)
        .support(config.mail.support.as_str())
        .hashing(pool_config(config))
        .strength(meter_config(config))
        .pictures(picture_config(config))
        .connections(config.connections)
        .settings(move |all| *all = Settings { public_url: own_url, ..settings })
        .ports(move |ports| ports.breached = breached)
        .http(move |http| {
            http.trusted_proxies = proxies;
            http.cookie_domain = cookie_domain;
            http.return_to_origins = origins;
            http.start_url = start_url;
            http.security_txt = security_txt;
        });
    Ok(match &config.transport {
        Transport::Mailbox => builder.dev_mailbox(config.mailbox_dir()),
        Transport::Smtp(smtp) => builder.smtp((**smtp).clone()),
    })
}

/// An error, under the key of the configuration that it concerns.
pub(crate) fn named(error: StartError) -> Error {
    let (key, source) = match error {
        StartError::Database(source) => ("database.url", source),
        StartError::Mail(source) => ("mail", source),
        StartError::Hashing(source) => ("password.hash", source),
        StartError::Pictures(source) => ("picture.threads", source),
        other => return Error::new(other),
    };
    Error::from_boxed(source).context(key)
}

/// Opens the database that the configuration names.
pub(crate) async fn open_storage(config: &Config) -> Result<Storage, Error> {
    make_folder(&config.data_dir)?;
    Storage::open(&database_url(config), config.database_limits).await.context("database.url")
}

/// Where the database is.
pub(crate) fn database_url(config: &Config) -> DatabaseUrl {
    match &config.database {
        Some(url) => DatabaseUrl::new(url.clone()),
        None => DatabaseUrl::file(config.data_dir.join("identity.db")),
    }
}

fn make_folder(folder: &Path) -> Result<(), Error> {
    let place = folder.display();
    if folder.exists() && !folder.is_dir() {
        return Err(anyhow!("data_dir {place} is a file: name a folder"));
    }
    // What is in there is for this program's user alone.
    DirBuilder::new().recursive(true).mode(0o700).create(folder).context(format!("data_dir {place} cannot be made"))
}

fn pool_config(config: &Config) -> PoolConfig {
    let standard = PoolConfig::default();
    let threads = config.hash_threads.unwrap_or(standard.threads);
    PoolConfig {
        params: config.hash_params,
        peppers: config.peppers.clone(),
        threads,
        queue_len: threads.saturating_mul(NonZeroUsize::MIN.saturating_add(63)),
        max_wait: config.hash_max_wait,
        ..standard
    }
}

fn picture_config(config: &Config) -> PicturePoolConfig {
    let standard = PicturePoolConfig::default();
    PicturePoolConfig { threads: config.picture_threads.unwrap_or(standard.threads), ..standard }
}

/// Passwords are judged where they are about to be hashed: under the same limits.
fn meter_config(config: &Config) -> MeterConfig {
    let standard = MeterConfig::default();
    MeterConfig { at_once: config.hash_threads.unwrap_or(standard.at_once), max_wait: config.hash_max_wait, ..standard }
}
