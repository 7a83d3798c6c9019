//! Random bytes from the operating system.

use identity_core::port::{Entropy, EntropyError};

/// The operating system's random generator (`getrandom(2)` on Linux), fit for salts, tokens and keys. Blocks only in early
/// boot, before the kernel's generator is seeded.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(buffer).map_err(|error| EntropyError(Box::new(error)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_differ_each_time() {
        let (mut one, mut other) = ([0; 32], [0; 32]);
        OsEntropy.fill(&mut one).unwrap();
        OsEntropy.fill(&mut other).unwrap();
        assert_ne!(one, other);
        assert_ne!(one, [0; 32]);
    }
}
