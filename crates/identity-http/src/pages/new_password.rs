//! The fields of a new password, its rules beside them: the same on every page that sets one.

use identity_core::{
    password::{Candidate, PersonalWords, RuleId},
    port::WorkError,
    value::{CompanyName, EmailAddress},
};

use crate::{
    app::App,
    text::Texts,
    web::form::{Filled, Form},
};

/// A rule as the list shows it.
pub(crate) struct RuleView {
    pub(crate) id: &'static str,
    pub(crate) text: String,
    pub(crate) broken: bool,
}

/// What the fields are shown with.
pub(crate) struct NewPasswordView {
    pub(crate) rules: Vec<RuleView>,
    /// The value of the `passwordrules` attribute.
    pub(crate) attribute: String,
    pub(crate) min_length: u32,
    /// The words that a script looks for while typing, as JSON.
    pub(crate) words: String,
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
    pub(super) fn of(app: &App, texts: &Texts, owner: Owner, words: &PersonalWords, broken: &[RuleId]) -> Self {
        let policy = &app.settings().password_policy;
        let is_shown = |id: RuleId| match id {
            // Nobody types so much.
            RuleId::MaxLength => false,
            RuleId::NotReused => owner == Owner::Known,
            _ => true,
        };
        let rules = policy.rules().into_iter().filter(|rule| is_shown(rule.id)).map(|rule| RuleView {
            id: rule.id.as_str(),
            text: texts.rule(rule.id, rule.number),
            broken: broken.contains(&rule.id),
        });
        let (label, confirmation_label) = match owner {
            Owner::New => ("password", "password-confirmation"),
            Owner::Known => ("new-password", "new-password-confirmation"),
        };
        Self {
            rules: rules.collect(),
            attribute: policy.password_rules_attribute(),
            min_length: policy.min_length,
            words: serde_json::to_string(words.as_slice()).unwrap_or_default(),
            label: texts.get(label),
            confirmation_label: texts.get(confirmation_label),
        }
    }
}

/// Reads both fields; says what is wrong with them that no policy has to be asked for.
pub(super) fn read(filled: &mut Filled, form: &Form, texts: &Texts) -> Option<(Candidate, Candidate)> {
    let too_long = |_| texts.rule(RuleId::MaxLength, u32::try_from(Candidate::MAX_BYTES).ok());
    let password = filled.read("password", Candidate::new(form.get("password")), too_long);
    let confirmation = filled.read("password_confirmation", Candidate::new(form.get("password_confirmation")), too_long);
    password.zip(confirmation)
}

/// The rules that a password breaks, whatever the names are that were typed with it.
pub(super) async fn broken_rules(
    app: &App,
    password: &Candidate,
    form: &Form,
    email: Option<&EmailAddress>,
    company: Option<&CompanyName>,
) -> Result<Vec<RuleId>, WorkError> {
    let mut words = PersonalWords::default();
    let local_part = email.and_then(|email| email.as_str().split('@').next());
    let own = [local_part, Some(form.get("first_name")), Some(form.get("last_name")), company.map(CompanyName::as_str)];
    own.into_iter().flatten().for_each(|text| words.add(text));
    words.add(&app.settings().product_name);
    Ok(app.flows().assess_password.run(password, &words).await?.broken)
}

/// Says what a flow found wrong.
pub(super) fn say_what_is_wrong(filled: &mut Filled, texts: &Texts, broken: &[RuleId], confirmation: bool) {
    if !broken.is_empty() {
        let broken = broken.iter().map(|rule| texts.get(&format!("wrong-{}", rule.as_str())));
        filled.wrong("password", broken.collect::<Vec<_>>().join(" "));
    }
    if confirmation {
        filled.wrong("password_confirmation", texts.get("password-confirmation-form"));
    }
}
