/// The stable name of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleId {
    /// Too few characters.
    MinLength,
    /// Too many bytes.
    MaxLength,
    /// No uppercase letter.
    Uppercase,
    /// No lowercase letter.
    Lowercase,
    /// No digit.
    Digit,
    /// No special character.
    Special,
    /// Holds, or is, the person's name, address, company, or the product's name.
    NotPersonal,
    /// Is a common word or password, dressed up or not.
    NotCommon,
    /// Is one of the person's last passwords.
    NotReused,
    /// Too easily guessed.
    Strength,
    /// Known from a breach.
    NotBreached,
}

impl RuleId {
    /// The stable id, the same on pages and in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MinLength => "min_length",
            Self::MaxLength => "max_length",
            Self::Uppercase => "uppercase",
            Self::Lowercase => "lowercase",
            Self::Digit => "digit",
            Self::Special => "special",
            Self::NotPersonal => "not_personal",
            Self::NotCommon => "not_common",
            Self::NotReused => "not_reused",
            Self::Strength => "strength",
            Self::NotBreached => "not_breached",
        }
    }
}

/// A rule of a policy, with its number where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Which rule.
    pub id: RuleId,
    /// Characters for `min_length`, bytes for `max_length`, passwords for `not_reused`, the least score for `strength`.
    pub number: Option<u32>,
}
