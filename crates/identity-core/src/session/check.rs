use super::SignedIn;
use crate::{
    change::{Change, ChangeSet, CommitError, Unavailable},
    port::{Draw, Ports},
    value::TokenSecret,
};

/// Finds out who is signed in. State is read at every check: what was revoked, disabled or changed counts at once.
pub struct CheckSession {
    ports: Ports,
}

impl CheckSession {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// The live session of an active account, or `None`. Its use is noted, at most once a minute.
    ///
    /// # Errors
    /// [`Unavailable`]; nobody is signed in then.
    pub async fn run(&self, secret: &TokenSecret) -> Result<Option<SignedIn>, Unavailable> {
        let now = self.ports.clock.now();
        let found = self.ports.store.session_by_digest(&secret.digest()).await?;
        let Some(signed_in) = found.filter(|found| found.is_valid(now)) else {
            return Ok(None);
        };
        if signed_in.session.is_touch_due(now) {
            let draw = Draw::new(now, self.ports.entropy.as_ref());
            let used = Change::TouchSession { id: signed_in.session.id, at: now };
            match self.ports.store.commit(&ChangeSet::new(draw.id()?, now, vec![used])?).await {
                Ok(()) => {}
                Err(CommitError::Rejected(_)) => return Ok(None),
                Err(CommitError::Unavailable(error)) => return Err(error),
            }
        }
        Ok(Some(signed_in))
    }
}
