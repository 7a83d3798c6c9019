use std::sync::Arc;

use crate::{
    change::{Change, ChangeSet, CommitError, SessionChange, Unavailable},
    model::{
        Settings,
        session::{CurrentUser, SignedIn},
    },
    port::{IdSource, Ports},
    value::TokenSecret,
};

/// Finds out who is logged in. State is read at every check: what was revoked, disabled or changed counts at once.
pub struct CheckSession {
    ports: Ports,
    settings: Arc<Settings>,
}

impl CheckSession {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// The person of a live session of an active account who has nothing to do first, or `None`. The use of the session is noted, at
    /// most once a minute.
    ///
    /// # Errors
    /// [`Unavailable`]; nobody is logged in then.
    pub async fn run(&self, secret: &TokenSecret) -> Result<Option<CurrentUser>, Unavailable> {
        let signed_in = self.signed_in(secret).await?;
        Ok(signed_in.and_then(|signed_in| CurrentUser::of(signed_in, &self.settings).ok()))
    }

    /// The same, whatever its person has to do first: for what leads there, and for logging out.
    ///
    /// # Errors
    /// [`Unavailable`]; nobody is logged in then.
    pub async fn signed_in(&self, secret: &TokenSecret) -> Result<Option<SignedIn>, Unavailable> {
        let now = self.ports.clock.now();
        let found = self.ports.store.session_by_digest(&secret.digest()).await?;
        let Some(signed_in) = found.filter(|found| found.is_valid(now)) else {
            return Ok(None);
        };
        if signed_in.session.is_touch_due(now) {
            let ids = IdSource::new(now, self.ports.entropy.as_ref());
            let used = Change::Session(SessionChange::Touch { id: signed_in.session.id, at: now });
            match self.ports.store.commit(&ChangeSet::new(ids.id()?, now, vec![used])?).await {
                Ok(()) => {}
                Err(CommitError::Rejected(_)) => return Ok(None),
                Err(CommitError::Unavailable(error)) => return Err(error),
            }
        }
        Ok(Some(signed_in))
    }
}
