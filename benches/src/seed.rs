//! `cargo xtask bench seed URL ACCOUNTS`: a database with the people and the history of years, to look at or to measure by hand.

use std::time::Instant;

use identity_core::{model::password::PasswordHash, port::Clock as _};
use identity_crypto::{HashingPool, PoolConfig, SystemClock};
use identity_storage::{
    DatabaseUrl, PoolLimits, Storage,
    testing::{Population, populate},
};
use secrecy::SecretSlice;

use crate::{Ran, figure::note, subject::PASSWORD};

/// Brings the database up to date, and writes them; everybody has the same password.
pub(crate) async fn run(arguments: &[String]) -> Ran {
    let [url, accounts] = arguments else { return Err("say where and how many: seed sqlite:///path/identity.db 1000000".into()) };
    let accounts = accounts.parse().map_err(|_| format!("{accounts} is no number of accounts"))?;
    let started = Instant::now();
    people(url, accounts).await?;
    note(&format!("seed: {accounts} accounts and their history in"), &format!("{:.0} s", started.elapsed().as_secs_f64()));
    println!("{} is an operator, the password is {PASSWORD}", Population::address(0));
    Ok(())
}

/// Brings a database up to date, and writes so many people who can log in with [`PASSWORD`].
pub(crate) async fn people(url: &str, accounts: u64) -> Ran {
    let url = DatabaseUrl::new(url.to_owned().into());
    let storage = Storage::open(&url, PoolLimits::default()).await?;
    storage.migrate().await?;
    storage.close().await?;
    let pool = HashingPool::new(&PoolConfig::default())?;
    let password = pool.hash(SecretSlice::from(PASSWORD.as_bytes().to_vec()), *b"a salt of 16 byt").await?;
    let population = Population { accounts, password: PasswordHash::from_phc(password), now: SystemClock.now() };
    populate(&url, &population).await?;
    Ok(())
}
