//! Keys of roles and subscriptions, among others: short, lower-case, the same in tables, requests and CSV files.

use std::{fmt, str::FromStr};

/// The text is no key: 1 to 64 of `a`–`z`, `0`–`9`, `_`, `-`, starting with a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key has 1 to 64 characters of a-z, 0-9, _ and -, and starts with a letter")]
pub struct KeyError;

fn is_key(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-')
}

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Parses a key.
            ///
            /// # Errors
            /// [`KeyError`] where the text has another form.
            pub fn parse(text: &str) -> Result<Self, KeyError> {
                if is_key(text) { Ok(Self(text.to_owned())) } else { Err(KeyError) }
            }

            /// The key as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = KeyError;

            fn from_str(text: &str) -> Result<Self, KeyError> {
                Self::parse(text)
            }
        }
    )+};
}

keys! {
    /// Names a role.
    RoleKey,
    /// Names a subscription.
    SubscriptionKey,
    /// Names a field that the operator asks people for.
    FieldKey,
    /// Names a kind of notifications that a person may switch off.
    NotificationKey,
    /// Names a step of a first login.
    StepKey,
    /// Names a security question.
    QuestionKey,
}

impl RoleKey {
    /// The role of the people who run the installation. It may do everything, everywhere.
    #[must_use]
    pub fn operator() -> Self {
        Self("operator".to_owned())
    }

    /// The role of the people who administer one company.
    #[must_use]
    pub fn company_administrator() -> Self {
        Self("company_administrator".to_owned())
    }
}

impl NotificationKey {
    /// The key of a built-in kind, by its word.
    pub(crate) fn built_in(word: &'static str) -> Self {
        Self(word.to_owned())
    }
}

impl StepKey {
    /// The key of a built-in step, by its word.
    pub(crate) fn built_in(word: &'static str) -> Self {
        Self(word.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_one_narrow_form() {
        for good in ["a", "operator", "power-bi_2"] {
            assert_eq!(RoleKey::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "A", "1a", "a b", "ä", "_a", &"a".repeat(65)] {
            assert_eq!(RoleKey::parse(bad), Err(KeyError), "{bad:?}");
        }
    }
}
