//! Password hashing, password strength, breached passwords, the operating system's entropy and its clock: the adapters of the
//! core's ports.
//!
//! Hashing is Argon2id (RFC 9106), within the limits of OWASP ASVS 5.0 Appendix C, computed on a fixed set of threads that
//! allocate their working memory once.

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
pub use pool::{HashError, HashingPool, MAX_PASSWORD_LEN, PoolConfig, PoolError, Verification};
pub use strength::{MeterConfig, Zxcvbn};
