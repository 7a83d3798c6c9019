//! Cost parameters of Argon2id.

use argon2::Params;
use thiserror::Error;

/// Length of a new hash, in bytes (RFC 9106 §4: a 256-bit tag).
pub const OUTPUT_LEN: usize = 32;

/// Length of a new salt, in bytes (RFC 9106 §4: 128 bits; NIST SP 800-63B-4 asks for 32 bits or
/// more).
pub const SALT_LEN: usize = 16;

/// The smallest acceptable `(iterations, memory in KiB)` pairs: OWASP ASVS 5.0 Appendix C,
/// "Approved Password Hashing Algorithms", which agrees with the OWASP Password Storage Cheat Sheet.
const FLOOR: [(u32, u32); 3] = [(1, 47_104), (2, 19_456), (3, 12_288)];

/// What one hash costs: memory, passes over it, and lanes.
///
/// A value of this type is always within the limits, so holding one is the proof. The default is
/// 19 456 KiB, 2 iterations, 1 lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HashParams {
    memory_kib: u32,
    iterations: u32,
    lanes: u32,
}

/// Why parameters were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ParamsError {
    /// Too cheap for OWASP ASVS 5.0 Appendix C.
    #[error(
        "{memory_kib} KiB with {iterations} iteration(s) is too cheap: at least 47104 KiB with 1, \
         19456 KiB with 2, or 12288 KiB with 3 or more (ASVS 5.0 Appendix C)"
    )]
    BelowFloor {
        /// The memory asked for, in KiB.
        memory_kib: u32,
        /// The iterations asked for.
        iterations: u32,
    },
    /// More memory than [`HashParams::MAX_MEMORY_KIB`].
    #[error("{0} KiB of memory is more than the limit of {max} KiB", max = HashParams::MAX_MEMORY_KIB)]
    TooMuchMemory(u32),
    /// More iterations than [`HashParams::MAX_ITERATIONS`].
    #[error("{0} iterations is more than the limit of {max}", max = HashParams::MAX_ITERATIONS)]
    TooManyIterations(u32),
    /// No lane, or more than [`HashParams::MAX_LANES`].
    #[error("{0} lanes is outside 1 to {max}", max = HashParams::MAX_LANES)]
    LanesOutOfRange(u32),
}

impl HashParams {
    /// Upper limit of the memory of one hash, in KiB (1 GiB).
    pub const MAX_MEMORY_KIB: u32 = 1024 * 1024;
    /// Upper limit of the iterations.
    pub const MAX_ITERATIONS: u32 = 16;
    /// Upper limit of the lanes. They are computed one after the other by the one thread that runs
    /// the hash, so more than one only makes sense to match another system.
    pub const MAX_LANES: u32 = 64;

    /// Parameters within the limits.
    ///
    /// # Errors
    /// [`ParamsError::BelowFloor`] under ASVS 5.0 Appendix C, and the other variants over the upper
    /// limits of this type.
    pub const fn new(memory_kib: u32, iterations: u32, lanes: u32) -> Result<Self, ParamsError> {
        if memory_kib > Self::MAX_MEMORY_KIB {
            return Err(ParamsError::TooMuchMemory(memory_kib));
        }
        if iterations > Self::MAX_ITERATIONS {
            return Err(ParamsError::TooManyIterations(iterations));
        }
        if lanes == 0 || lanes > Self::MAX_LANES {
            return Err(ParamsError::LanesOutOfRange(lanes));
        }
        let [(t1, m1), (t2, m2), (t3, m3)] = FLOOR;
        let acceptable = (iterations >= t1 && memory_kib >= m1)
            || (iterations >= t2 && memory_kib >= m2)
            || (iterations >= t3 && memory_kib >= m3);
        if !acceptable {
            return Err(ParamsError::BelowFloor { memory_kib, iterations });
        }
        Ok(Self { memory_kib, iterations, lanes })
    }

    /// Memory of one hash, in KiB.
    #[must_use]
    pub const fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    #[must_use]
    pub const fn iterations(self) -> u32 {
        self.iterations
    }

    /// Lanes.
    #[must_use]
    pub const fn lanes(self) -> u32 {
        self.lanes
    }

    /// The same for the Argon2 crate. It cannot fail for a value of this type, but its constructor
    /// does not know that.
    pub(crate) fn to_argon2(self) -> Result<Params, argon2::Error> {
        Params::new(self.memory_kib, self.iterations, self.lanes, Some(OUTPUT_LEN))
    }
}

impl Default for HashParams {
    fn default() -> Self {
        let [_, (iterations, memory_kib), _] = FLOOR;
        Self { memory_kib, iterations, lanes: 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_floor_is_asvs_appendix_c() {
        for (m, t) in [(47_104, 1), (19_456, 2), (12_288, 3), (12_288, 16), (1 << 20, 1)] {
            assert!(HashParams::new(m, t, 1).is_ok(), "{m} {t}");
        }
        for (m, t) in [(47_103, 1), (19_455, 2), (12_287, 3), (12_287, 16), (1 << 20, 0)] {
            assert_eq!(HashParams::new(m, t, 1), Err(ParamsError::BelowFloor { memory_kib: m, iterations: t }));
        }
        let message = HashParams::new(1024, 2, 1).err().map(|e| e.to_string());
        assert!(message.is_some_and(|m| m.contains("1024 KiB with 2") && m.contains("ASVS")));
    }

    #[test]
    fn the_upper_limits_hold() {
        assert_eq!(HashParams::new((1 << 20) + 1, 2, 1), Err(ParamsError::TooMuchMemory((1 << 20) + 1)));
        assert_eq!(HashParams::new(19_456, 17, 1), Err(ParamsError::TooManyIterations(17)));
        for lanes in [0, 65] {
            assert_eq!(HashParams::new(19_456, 2, lanes), Err(ParamsError::LanesOutOfRange(lanes)));
        }
        assert!(HashParams::new(12_288, 3, 64).is_ok_and(|p| p.to_argon2().is_ok()));
    }

    #[test]
    fn the_default_is_acceptable() {
        let p = HashParams::default();
        assert_eq!((p.memory_kib(), p.iterations(), p.lanes()), (19_456, 2, 1));
        assert_eq!(HashParams::new(19_456, 2, 1), Ok(p));
    }
}
