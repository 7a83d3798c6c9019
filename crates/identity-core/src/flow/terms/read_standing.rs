//! Reading how an account stands to the terms.

use crate::{
    change::Unavailable,
    model::terms::TermsStanding,
    port::Ports,
    value::{AccountId, Timestamp},
};

/// An account that is not there has accepted nothing.
pub(crate) async fn terms_standing(ports: &Ports, account: AccountId, now: Timestamp) -> Result<TermsStanding, Unavailable> {
    let in_force = ports.store.terms_schedule(now).await?;
    Ok(TermsStanding { in_force, accepted: ports.store.newest_acceptance(account).await? })
}
