//! The security question that stands before a new password.

use crate::{
    change::Unavailable,
    model::{
        Settings,
        account::Account,
        question::{AskedQuestion, SecurityAnswer, asked},
    },
    port::Ports,
    value::Language,
};

/// What an account is asked, in somebody's language, and the answer that is kept; `None` where nothing is asked, or nothing was
/// answered.
pub(super) async fn asked_of(
    ports: &Ports,
    settings: &Settings,
    account: &Account,
    language: &Language,
) -> Result<Option<(AskedQuestion, SecurityAnswer)>, Unavailable> {
    let Some(questions) = &settings.security_questions else { return Ok(None) };
    let kept = ports.store.security_answers(account.id).await?;
    let kept = asked(questions, &kept);
    Ok(kept.and_then(|kept| Some((AskedQuestion::of(questions, kept, language)?, kept.clone()))))
}
