//! The working memory of one hashing thread.

use std::collections::TryReserveError;

use argon2::Block;
use secrecy::zeroize::Zeroize;

/// Blocks of 1 KiB, allocated and touched once, reused by every hash of the thread. NewIds pages for
/// every hash would cost a page fault per 4 KiB and a lock in the kernel that all threads share.
pub(super) struct Scratch {
    blocks: Vec<Block>,
}

impl Scratch {
    /// `len` blocks, all resident from now on.
    pub(super) fn new(len: usize) -> Result<Self, TryReserveError> {
        Ok(Self { blocks: zeroed(len)? })
    }

    /// Runs `f` on `len` blocks. When that is more than the thread owns (a stored hash with larger
    /// parameters), a temporary allocation serves this one call and goes back to the system, and
    /// the thread's own blocks stay: a large hash cannot leave a thread without memory.
    pub(super) fn with<R>(&mut self, len: usize, f: impl FnOnce(&mut [Block]) -> R) -> Result<R, TryReserveError> {
        if let Some(blocks) = self.blocks.get_mut(..len) {
            return Ok(f(blocks));
        }
        let mut larger = Self::new(len)?;
        Ok(f(&mut larger.blocks))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What a hash leaves behind lets a guess be checked for the price of a few blocks, not all.
        // Between hashes the next one overwrites it; wiping there as well would cost some percent.
        self.blocks.iter_mut().for_each(Zeroize::zeroize);
    }
}

fn zeroed(len: usize) -> Result<Vec<Block>, TryReserveError> {
    let mut blocks = Vec::new();
    // `vec![…]` would abort the process when there is no memory.
    blocks.try_reserve_exact(len)?;
    blocks.resize(len, Block::new());
    Ok(blocks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_larger_call_leaves_the_own_blocks_alone() {
        let mut scratch = Scratch::new(16).unwrap();
        let own = scratch.with(16, |b| b.as_ptr()).unwrap();
        let (ptr, len) = scratch.with(64, |b| (b.as_ptr(), b.len())).unwrap();
        assert_ne!(ptr, own);
        assert_eq!(len, 64);
        assert_eq!(scratch.with(8, |b| (b.as_ptr(), b.len())).unwrap(), (own, 8));
        assert_eq!(scratch.blocks.capacity(), 16);
        assert!(scratch.with(usize::MAX / 1024, |_| ()).is_err());
    }
}
