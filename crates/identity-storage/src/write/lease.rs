//! Claiming notices.

use async_trait::async_trait;
use identity_core::{notice::Notice, port::Lease};
use sea_orm::DatabaseTransaction;

use super::work::{Outcome, Work};
use crate::{error::Failure, outbox};

#[async_trait]
impl Work for Lease {
    type Done = Vec<Notice>;

    async fn perform(&self, transaction: &DatabaseTransaction) -> Result<Outcome<Vec<Notice>>, Failure> {
        let claimed = outbox::claim(transaction, self).await?;
        Ok(if claimed.is_empty() { Outcome::Nothing(claimed) } else { Outcome::Commit(claimed) })
    }
}
