#![doc = include_str!("../README.md")]

mod breached;
mod clock;
mod entropy;
mod hasher;
mod params;
mod pepper;
mod pool;
mod strength;

pub use breached::{
    BreachFile, BreachFileError, BuildError, Built, LineFault, PWNED_PASSWORDS, RangeError, RangeService, RangeSetupError,
};
pub use clock::SystemClock;
pub use entropy::OsEntropy;
pub use hasher::Argon2Hasher;
pub use params::{HashParams, OUTPUT_LEN, ParamsError, SALT_LEN};
pub use pepper::{Peppers, PeppersError};
pub use pool::{HashError, HashingPool, MAX_PASSWORD_LEN, PasswordVerification, PoolConfig, PoolError};
pub use strength::{MeterConfig, Zxcvbn};
