use identity_core::{flow::password::Assessment, model::password};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Secret, schema};

/// A rule for passwords.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Rule {
    /// Its stable id.
    id: &'static str,
    /// Its number, where it has one: characters, bytes, passwords, or the least score.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u32>,
}

/// The rules for passwords.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PasswordPolicy {
    /// The preset that the rules started from: `classic` or `nist`.
    preset: &'static str,
    /// Every rule in force.
    rules: Vec<Rule>,
    /// The value of the `passwordrules` attribute.
    password_rules: String,
}

impl From<&password::PasswordPolicy> for PasswordPolicy {
    fn from(policy: &password::PasswordPolicy) -> Self {
        Self {
            preset: policy.preset.as_str(),
            rules: policy.rules().iter().map(|rule| Rule { id: rule.id.as_str(), number: rule.number }).collect(),
            password_rules: policy.password_rules_attribute(),
        }
    }
}

/// A password to be judged, and whose it is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckPassword {
    /// The password, at most 1024 bytes.
    #[schema(value_type = schema::Password)]
    pub(crate) password: Secret,
    /// The person's address.
    pub(crate) email: Option<String>,
    /// The person's first name.
    pub(crate) first_name: Option<String>,
    /// The person's last name.
    pub(crate) last_name: Option<String>,
    /// The person's company.
    pub(crate) company_name: Option<String>,
    /// Other words of the person that the password must not be made of. The first 32 are looked at.
    #[serde(default)]
    pub(crate) words: Vec<String>,
}

/// How strong a password is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Strength {
    /// From 0 (guessed at once) to 4 (very hard to guess).
    pub(crate) score: u8,
    /// What would make it better, by stable ids.
    pub(crate) advice: Vec<&'static str>,
}

/// A judged password.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckedPassword {
    /// Whether it would be accepted.
    pub(crate) accepted: bool,
    /// The ids of the rules that it breaks.
    pub(crate) broken_rules: Vec<&'static str>,
    /// How strong it is.
    pub(crate) strength: Strength,
}

impl From<Assessment> for CheckedPassword {
    fn from(assessment: Assessment) -> Self {
        let Assessment { broken, strength } = assessment;
        Self {
            accepted: broken.is_empty(),
            broken_rules: broken.iter().map(|rule| rule.as_str()).collect(),
            strength: Strength { score: strength.score, advice: strength.advice.iter().map(|advice| advice.as_str()).collect() },
        }
    }
}
