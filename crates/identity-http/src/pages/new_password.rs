//! The fields of a new password, its rules beside them: the same on every page that sets one.

use std::collections::BTreeMap;

use identity_core::{
    flow::{password::Unacceptable, submission::Refusal},
    model::password::{Advice, Blocklist, ContextWords, Rule, RuleId},
};
use serde::Serialize;

use crate::{app::App, text::Texts, web::form::FormState};

/// A rule as the list shows it.
pub(crate) struct RuleView {
    pub(crate) id: &'static str,
    pub(crate) text: String,
    /// Whether it holds, where the last password was judged by it.
    pub(crate) holds: Option<bool>,
}

/// What the fields are shown with.
pub(crate) struct NewPasswordView {
    pub(crate) rules: Vec<RuleView>,
    /// Whether the last password was typed twice alike, where one was.
    pub(crate) confirmed: Option<bool>,
    /// The value of the `passwordrules` attribute.
    pub(crate) attribute: String,
    pub(crate) min_length: u32,
    /// The words that a script sends with what is typed, to have it judged: a list as JSON.
    pub(crate) words: String,
    /// Words for the scores from 0 to 4: a list as JSON.
    pub(crate) scores: String,
    /// What would make a password better, by the ids of the API: an object as JSON.
    pub(crate) advice: String,
    pub(crate) label: String,
    pub(crate) confirmation_label: String,
}

/// Whose password it is: of somebody who had one before, or of somebody who is new.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    New,
    Known,
}

impl NewPasswordView {
    pub(super) fn of(app: &App, texts: &Texts, owner: Owner, words: &ContextWords, judged: Option<&Unacceptable>) -> Self {
        let policy = &app.settings().password_policy;
        let is_shown = |id: RuleId| match id {
            // Nobody types so much.
            RuleId::MaxLength => false,
            RuleId::NotReused => owner == Owner::Known,
            _ => true,
        };
        let text = |rule: Rule| match (rule.id, policy.blocklist) {
            (RuleId::NotCommon, Blocklist::Contains) => texts.get("rule-not_common-inside"),
            _ => texts.rule(rule.id, rule.number),
        };
        let holds = |id: RuleId| match judged {
            Some(judged) if judged.password.contains(&id) => Some(false),
            // Not every way asks for it.
            Some(_) if id != RuleId::NotReused => Some(true),
            _ => None,
        };
        let rules = policy.rules().into_iter().filter(|rule| is_shown(rule.id));
        let rules = rules.map(|rule| RuleView { id: rule.id.as_str(), text: text(rule), holds: holds(rule.id) });
        let scores = (0..=4_u8).map(|score| texts.get(&format!("strength-{score}"))).collect::<Vec<_>>();
        let advice = Advice::ALL.map(|advice| (advice.as_str(), texts.get(&format!("advice-{}", advice.as_str()))));
        let (label, confirmation_label) = match owner {
            Owner::New => ("password", "password-confirmation"),
            Owner::Known => ("new-password", "new-password-confirmation"),
        };
        Self {
            rules: rules.collect(),
            confirmed: judged.map(|judged| !judged.confirmation),
            attribute: policy.password_rules_attribute(),
            min_length: policy.min_length,
            words: json(&words.as_slice()),
            scores: json(&scores),
            advice: json(&BTreeMap::from(advice)),
            label: texts.get(label),
            confirmation_label: texts.get(confirmation_label),
        }
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// What was judged of a password on a page with other fields: nothing where the fields could not be read.
pub(super) fn judged(refusal: &Refusal, filled: &FormState) -> Option<Unacceptable> {
    let Refusal { password, confirmation, .. } = refusal;
    let is_read = filled.error("password").is_none() || !password.is_empty();
    is_read.then(|| Unacceptable { password: password.clone(), confirmation: *confirmation })
}

/// Says what a flow found wrong.
pub(super) fn say_what_is_wrong(filled: &mut FormState, texts: &Texts, broken: &[RuleId], confirmation: bool) {
    // The rules are listed below the field, and marked there: several are not told a second time.
    match broken {
        [] => {}
        [only] => filled.wrong("password", texts.get(&format!("wrong-{}", only.as_str()))),
        several => {
            filled.wrong("password", texts.counted("wrong-several", u32::try_from(several.len()).unwrap_or(u32::MAX)));
        }
    }
    if confirmation {
        filled.wrong("password_confirmation", texts.get("password-confirmation-form"));
    }
}
