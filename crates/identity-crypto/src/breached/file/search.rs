//! Finding a number among many sorted ones that cost a read each.

use std::{io, ops::Range};

/// How many entries are read at a time: 4 KiB of them.
const BLOCK: u64 = 512;

/// Digests are spread evenly, so that a number tells its place: guesses come within a block after two or three. Where that many
/// have failed the entries are not what they should be, and every other guess is the middle.
const GUESSES: u32 = 4;

/// Whether a key is among `count` entries, of which `read` gives those of a range, ascending.
pub(super) fn contains(count: u64, key: u64, mut read: impl FnMut(Range<u64>) -> io::Result<Vec<u64>>) -> io::Result<bool> {
    // The key, if it is there, is at left..right, and is least at least and most at most.
    let (mut left, mut right) = (0, count);
    let (mut least, mut most) = (0, u64::MAX);
    let mut guesses = 0;
    while left < right {
        let length = right - left;
        let offset = if guesses < GUESSES || guesses % 2 == 0 { proportion(key, least, most, length) } else { length / 2 };
        guesses += 1;
        let start = (left + offset).saturating_sub(BLOCK / 2).max(left);
        let end = start.saturating_add(BLOCK).min(right);
        let block = read(start..end)?;
        let (Some(first), Some(last)) = (block.first(), block.last()) else { return Ok(false) };
        if key < *first {
            (right, most) = (start, *first);
        } else if key > *last {
            (left, least) = (end, *last);
        } else {
            return Ok(block.binary_search(&key).is_ok());
        }
    }
    Ok(false)
}

/// How far into `length` a key lies by its value, less than `length`.
fn proportion(key: u64, least: u64, most: u64, length: u64) -> u64 {
    let span = u128::from(most.saturating_sub(least)) + 1;
    let place = u128::from(key.saturating_sub(least)) * u128::from(length) / span;
    u64::try_from(place).unwrap_or(u64::MAX).min(length.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether it is there, and in how many reads.
    fn find(entries: &[u64], key: u64) -> (bool, u32) {
        let mut reads = 0;
        let found = contains(entries.len() as u64, key, |range| {
            reads += 1;
            Ok(entries[usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()].to_vec())
        });
        (found.unwrap(), reads)
    }

    #[test]
    fn evenly_spread_entries_take_few_reads() {
        // The multiples of an odd number of this size are as good as drawn.
        let mut entries = (1..=1_000_000_u64).map(|at| at.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ at).collect::<Vec<_>>();
        entries.sort_unstable();
        for key in entries.iter().step_by(997) {
            let (found, reads) = find(&entries, *key);
            assert!(found && reads <= 4, "{key}: {reads}");
        }
    }

    #[test]
    fn crowded_entries_take_no_more_than_halving_twice() {
        let mut entries = (0..200_000).chain([u64::MAX / 2, u64::MAX]).collect::<Vec<u64>>();
        entries.extend((1..60).map(|power| 1 << power));
        entries.sort_unstable();
        entries.dedup();
        for key in entries.iter().step_by(61).chain(&[u64::MAX]) {
            let (found, reads) = find(&entries, *key);
            assert!(found && reads <= 24, "{key}: {reads}");
        }
        assert!(!find(&entries, u64::MAX - 1).0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn finds_what_is_there_and_nothing_else(
            entries in proptest::collection::btree_set(prop_oneof![any::<u64>(), 0..5000_u64], 0..3000),
            keys in proptest::collection::vec(prop_oneof![any::<u64>(), 0..5000_u64], 1..50),
        ) {
            let sorted = entries.iter().copied().collect::<Vec<_>>();
            for key in keys.iter().chain(sorted.iter().step_by(50)).chain(sorted.first()).chain(sorted.last()) {
                prop_assert_eq!(find(&sorted, *key).0, entries.contains(key));
            }
        }
    }
}
