//! Taking away what has lapsed.

use std::sync::Arc;

use crate::{
    change::Unavailable,
    model::Settings,
    port::{Ports, Sweep},
    value::{SignedDuration, Timestamp},
};

/// How long a link stays after its end, so that an old one can still ask for a new invitation.
const LINKS_STAY: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long a registration stays after its end, so that its page can still say what became of it.
const REGISTRATIONS_STAY: SignedDuration = SignedDuration::from_hours(24);
/// How long the id of a change set stays: an answer that was lost is asked for again within minutes, not days.
const CHANGE_SETS_STAY: SignedDuration = SignedDuration::from_hours(24);
/// How long a message stays after it was settled, so that the person who misses a mail can be told what became of it. It stays longer where
/// an invitation may: how its mail went is shown beside it.
const MESSAGES_STAY: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Takes away what nobody asks for any more: sessions and throttles at their end, registrations a day and
/// links a month after theirs, ids of change sets after a day, messages 90 days after they were settled.
/// To be run every so often, in one process or in several.
pub struct SweepLapsed {
    ports: Ports,
    settings: Arc<Settings>,
}

impl SweepLapsed {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Sweeps; answers how many rows went.
    ///
    /// # Errors
    /// [`Unavailable`]; what was taken away before stays away.
    pub async fn run(&self) -> Result<u64, Unavailable> {
        let now = self.ports.clock.now();
        let ago = |duration| now.checked_sub(duration).unwrap_or(Timestamp::MIN);
        let longest = SignedDuration::from_secs(self.settings.max_invitation_lifetime.as_seconds());
        let messages_stay = MESSAGES_STAY.max(longest.saturating_add(LINKS_STAY));
        let sweep = Sweep {
            sessions_before: now,
            links_before: ago(LINKS_STAY),
            change_sets_before: ago(CHANGE_SETS_STAY),
            registrations_before: ago(REGISTRATIONS_STAY),
            throttles_before: now,
            email_changes_before: ago(LINKS_STAY),
            messages_before: ago(messages_stay),
        };
        self.ports.store.sweep(&sweep).await
    }
}
