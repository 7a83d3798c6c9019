use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// The password is longer than [`Candidate::MAX_BYTES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("use at most {} bytes", Candidate::MAX_BYTES)]
pub struct PasswordTooLong;

/// A password as somebody typed it: normalised to NFKC (NIST SP 800-63B-4 §3.1.1.2) and otherwise untouched, never trimmed,
/// never cut.
#[derive(Clone)]
pub struct Candidate(Zeroizing<String>);

/// The characters of a group of a generated password.
const GROUP: usize = 4;

impl Candidate {
    /// The most bytes, before and after normalisation. A longer password is refused before any work is done for it.
    pub const MAX_BYTES: usize = 1024;

    /// Takes what was typed.
    ///
    /// # Errors
    /// [`PasswordTooLong`] over [`MAX_BYTES`](Self::MAX_BYTES).
    pub fn new(typed: &str) -> Result<Self, PasswordTooLong> {
        if typed.len() > Self::MAX_BYTES {
            return Err(PasswordTooLong);
        }
        // Room for the longest outcome of NFKC that is accepted, so that growing leaves no copy behind.
        let mut normal = Zeroizing::new(String::with_capacity(Self::MAX_BYTES));
        for character in typed.nfkc() {
            if normal.len() + character.len_utf8() > Self::MAX_BYTES {
                return Err(PasswordTooLong);
            }
            normal.push(character);
        }
        Ok(Self(normal))
    }

    /// The digits of a number, with as many in front as are needed.
    pub(crate) fn of_digits(number: u64, digits: usize) -> Self {
        let mut text = Zeroizing::new(String::with_capacity(Self::MAX_BYTES));
        text.push_str(&format!("{number:0digits$}"));
        Self(text)
    }

    /// How many random bytes a generated password of at least so many characters is made from.
    pub(crate) fn generated_from(min_length: u32) -> usize {
        let characters = usize::try_from(min_length).unwrap_or(Self::MAX_BYTES).clamp(24, Self::MAX_BYTES / 2);
        // Every group but the last brings a dash with it.
        (characters + 1).div_ceil(GROUP + 1) * GROUP
    }

    /// A password of groups such as `Kd7f`, from random bytes, without characters that look alike: every group holds a capital and
    /// small letters and a digit (about 16.7 bits), and a dash stands between two.
    pub(crate) fn generated(random: &[u8]) -> Self {
        const CAPITALS: &[u8; 24] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
        const SMALL: &[u8; 24] = b"abcdefghijkmnpqrstuvwxyz";
        const DIGITS: &[u8; 8] = b"23456789";
        let pick = |alphabet: &'static [u8], byte: u8| alphabet.get(usize::from(byte) % alphabet.len()).copied().map(char::from);
        let mut text = Zeroizing::new(String::with_capacity(Self::MAX_BYTES));
        for (at, group) in random.chunks_exact(GROUP).enumerate() {
            if at > 0 {
                text.push('-');
            }
            for (alphabet, byte) in [CAPITALS.as_slice(), SMALL, DIGITS, SMALL].into_iter().zip(group) {
                text.extend(pick(alphabet, *byte));
            }
        }
        Self(text)
    }

    /// The normalised text, for the adapters that hash and measure it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether two candidates are the same, compared in full whatever they hold.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let (one, two) = (self.0.as_bytes(), other.0.as_bytes());
        one.len() == two.len() && one.iter().zip(two).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
    }
}

impl fmt::Debug for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Candidate(…)")
    }
}

/// A password that the policy accepted. Nothing else makes one, so nothing unjudged is ever hashed.
#[derive(Debug)]
pub struct AcceptedPassword(pub(super) Candidate);

impl AcceptedPassword {
    /// The normalised text, for the adapter that hashes it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// A password hash as a PHC string.
#[derive(Clone)]
pub struct PasswordHash(SecretString);

impl PasswordHash {
    /// A PHC string, from the hasher or read back from where it was kept.
    #[must_use]
    pub fn from_phc(phc: String) -> Self {
        Self(SecretString::from(phc))
    }

    /// The PHC string.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// Hashes are compared to tell rows apart, never to check a password.
impl PartialEq for PasswordHash {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for PasswordHash {}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_password_typed_on_two_devices_is_one_password() {
        let composed = Candidate::new("Pässwörd ﬁ").unwrap();
        let decomposed = Candidate::new("Pa\u{308}sswo\u{308}rd fi").unwrap();
        assert!(composed.is_same(&decomposed));
    }

    #[test]
    fn nothing_is_trimmed_or_cut() {
        for (one, other) in [("secret", "secret "), ("secret", " secret"), ("secret", "Secret"), ("a\0b", "a")] {
            assert!(!Candidate::new(one).unwrap().is_same(&Candidate::new(other).unwrap()));
        }
    }

    #[test]
    fn over_1024_bytes_is_refused_before_and_after_normalisation() {
        assert!(Candidate::new(&"a".repeat(1024)).is_ok());
        assert_eq!(Candidate::new(&"a".repeat(1025)).unwrap_err(), PasswordTooLong);
        assert_eq!(Candidate::new(&"\u{fdfa}".repeat(300)).unwrap_err(), PasswordTooLong);
    }

    #[test]
    fn debug_output_holds_no_password() {
        assert_eq!(format!("{:?}", Candidate::new("hunter2").unwrap()), "Candidate(…)");
        assert_eq!(format!("{:?}", PasswordHash::from_phc("$argon2id$x".to_owned())), "PasswordHash(…)");
    }
}
