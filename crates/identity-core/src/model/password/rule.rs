crate::value::vocabulary! {
    /// The stable name of a rule.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum RuleId {
        /// Too few characters.
        MinLength = "min_length",
        /// Too many bytes.
        MaxLength = "max_length",
        /// No uppercase letter.
        Uppercase = "uppercase",
        /// No lowercase letter.
        Lowercase = "lowercase",
        /// No digit.
        Digit = "digit",
        /// No special character.
        Special = "special",
        /// Holds, or is, the person's name, address, company, or the product's name.
        NotPersonal = "not_personal",
        /// Is a common word or password, dressed up or not.
        NotCommon = "not_common",
        /// Is one of the person's last passwords.
        NotReused = "not_reused",
        /// Too easily guessed.
        Strength = "strength",
        /// Known from a breach.
        NotBreached = "not_breached",
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
