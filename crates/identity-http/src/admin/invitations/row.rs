//! An invitation, as lists and its own page show it.

use identity_core::{
    port::InvitationSummary,
    value::{InvitationId, PersonName, Timestamp},
};

use super::super::StateView;
use crate::{text::Texts, view::Moment};

/// An invitation as a row of the list.
pub(super) struct Row {
    pub(super) id: InvitationId,
    pub(super) name: Option<String>,
    pub(super) email: String,
    pub(super) state: StateView,
    pub(super) mail: Option<StateView>,
    pub(super) invited: Moment,
    pub(super) opened: Option<Moment>,
}

impl Row {
    pub(super) fn of(summary: &InvitationSummary, now: Timestamp, texts: &Texts) -> Self {
        let invitation = &summary.invitation;
        Self {
            id: invitation.id,
            name: name_of(invitation.first_name.as_ref(), invitation.last_name.as_ref()),
            email: invitation.email.as_ref().map(|email| email.as_str().to_owned()).unwrap_or_default(),
            state: StateView::of(invitation.visible_state(now), texts),
            mail: summary.delivery.as_ref().map(|delivery| StateView::of(delivery.state.as_str(), texts)),
            invited: Moment::of(invitation.created_at, texts),
            opened: invitation.opened_at.map(|at| Moment::of(at, texts)),
        }
    }
}

impl Row {
    /// Whether the mail is still to be sent: its state changes by itself.
    pub(super) fn is_mail_under_way(&self) -> bool {
        self.mail.as_ref().is_some_and(|mail| matches!(mail.class, "queued" | "leased"))
    }
}

fn name_of(first: Option<&PersonName>, last: Option<&PersonName>) -> Option<String> {
    let parts = [first, last].into_iter().flatten().map(PersonName::as_str).collect::<Vec<_>>();
    (!parts.is_empty()).then(|| parts.join(" "))
}
