//! Answers that may be somebody else's.

use crate::{
    change::{Change, QuestionChange, Unavailable},
    model::{Settings, account::Account, question::SecurityAnswer},
    port::Ports,
    value::{Lifetime, Timestamp},
};

/// Where a person says that access was another's, answers as young as what can be reported may be that other's: they would keep the
/// person from the link to a new password. Older ones stay, or the person who reads the person's mail could do away with them.
pub(crate) async fn doubtful_forgotten(
    ports: &Ports,
    settings: &Settings,
    account: &Account,
    reported_within: Lifetime,
    now: Timestamp,
) -> Result<Option<Change>, Unavailable> {
    if settings.security_questions.is_none() {
        return Ok(None);
    }
    let kept = ports.store.security_answers(account.id).await?;
    let is_doubtful = |kept: &SecurityAnswer| now <= reported_within.from(kept.set_at);
    Ok(kept
        .iter()
        .any(is_doubtful)
        .then(|| Change::Question(QuestionChange::SetAnswers { account: account.id, answers: Vec::new() })))
}
