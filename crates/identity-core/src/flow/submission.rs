//! What a person submits to open an account. It is judged as a whole, also where not all of it can be read.

use crate::{
    flow::password,
    model::{
        Settings,
        account::CustomFieldValues,
        custom_field::{RawInput, WrongAnswer},
        password::{AcceptedPassword, Candidate, ContextWords, RuleId},
        terms::TermsNumber,
    },
    port::{Ports, WorkError},
    value::{CompanyName, EmailAddress, PersonName},
};

/// A submission, as far as it can be read.
#[derive(Clone, Debug, Default)]
pub struct Submission {
    /// The address.
    pub email: Option<EmailAddress>,
    /// First name.
    pub first_name: Option<PersonName>,
    /// Last name.
    pub last_name: Option<PersonName>,
    /// The name of the company.
    pub company_name: Option<CompanyName>,
    /// The password.
    pub password: Option<Candidate>,
    /// The password again.
    pub password_confirmation: Option<Candidate>,
    /// The version of the terms that was shown and agreed to.
    pub accepted_terms: Option<TermsNumber>,
    /// What was answered to the fields that the operator asks for.
    pub fields: Option<RawInput>,
}

/// What is wrong with a submission, all at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The rules that the password breaks.
    pub password: Vec<RuleId>,
    /// The confirmation is not the password.
    pub confirmation: bool,
    /// The terms in force were not agreed to.
    pub terms: bool,
    /// The first operator needs an address, and none was given.
    pub email: bool,
    /// Answers to the operator's fields that cannot be kept.
    pub fields: Vec<WrongAnswer>,
}

/// What was found of a submission.
pub(crate) struct Judged {
    /// The address of the account to be.
    pub(crate) email: Option<EmailAddress>,
    pub(crate) refusal: Refusal,
    /// The password, where it keeps the rules.
    pub(crate) password: Option<AcceptedPassword>,
    pub(crate) answers: CustomFieldValues,
}

/// Judges what there is of a submission; `answers` is what the operator's fields say of theirs.
pub(crate) async fn judge(
    ports: &Ports,
    settings: &Settings,
    submission: Submission,
    answers: Result<CustomFieldValues, Vec<WrongAnswer>>,
    terms: TermsNumber,
) -> Result<Judged, WorkError> {
    let mut refusal =
        Refusal { terms: submission.accepted_terms != Some(terms), email: submission.email.is_none(), ..Refusal::default() };
    let answers = answers.unwrap_or_else(|wrong| {
        refusal.fields = wrong;
        CustomFieldValues::default()
    });
    let words = words(&submission, settings);
    let Some(password) = submission.password else {
        return Ok(Judged { email: submission.email, refusal, password: None, answers });
    };
    refusal.confirmation = submission.password_confirmation.is_some_and(|confirmation| !password.is_same(&confirmation));
    let evidence = password::evidence(ports, settings, &password, &words).await?;
    let password = settings.password_policy.validate(password, &words, &evidence).map_err(|broken| refusal.password = broken).ok();
    Ok(Judged { email: submission.email, refusal, password, answers })
}

/// The words that the password must not hold.
fn words(submission: &Submission, settings: &Settings) -> ContextWords {
    let mut words = ContextWords::default();
    let names = [&submission.first_name, &submission.last_name].map(|name| name.as_ref().map(PersonName::as_str));
    let email = submission.email.as_ref().map(EmailAddress::local_part);
    let company = submission.company_name.as_ref().map(CompanyName::as_str);
    [email].into_iter().chain(names).chain([company]).flatten().for_each(|text| words.add(text));
    words.add(&settings.product_name);
    words
}
