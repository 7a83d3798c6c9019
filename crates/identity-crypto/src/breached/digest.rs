//! What sources of breached passwords go by.

use identity_core::model::password::Candidate;
use sha1::{Digest as _, Sha1};
use zeroize::Zeroizing;

/// How many hexadecimal digits of a digest name its range.
const PREFIX_LEN: usize = 5;

/// The SHA-1 of a password, which is as good as the password to a person who can guess: it is neither shown nor logged. It has no
/// `Debug` for that reason.
pub(super) struct Digest(Zeroizing<[u8; 20]>);

impl Digest {
    /// The digest of a password's UTF-8.
    pub(super) fn of(candidate: &Candidate) -> Self {
        Self(Zeroizing::new(Sha1::digest(candidate.expose().as_bytes()).into()))
    }

    /// Its 40 capital hexadecimal digits, apart: the 5 that may leave this process, and the 35 that may not.
    pub(super) fn halves(&self) -> (String, Zeroizing<String>) {
        let mut digits = self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|digit| {
            let digit = char::from_digit(u32::from(digit), 16)?;
            Some(digit.to_ascii_uppercase())
        });
        let prefix = digits.by_ref().take(PREFIX_LEN).collect();
        // Room for all of them, so that growing leaves no copy behind.
        let mut suffix = Zeroizing::new(String::with_capacity(2 * self.0.len()));
        suffix.extend(digits);
        (prefix, suffix)
    }

    /// Its first 8 bytes as a number that sorts as they do.
    pub(super) fn key(&self) -> u64 {
        self.0.iter().take(8).fold(0, |key, byte| key << 8 | u64::from(*byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_sha_1_that_the_data_holds() {
        let digest = Digest::of(&Candidate::new("password").unwrap());
        let (prefix, suffix) = digest.halves();
        assert_eq!((prefix.as_str(), suffix.as_str()), ("5BAA6", "1E4C9B93F3F0682250B6CF8331B7EE68FD8"));
        assert_eq!(digest.key(), 0x5BAA_61E4_C9B9_3F3F);
    }
}
