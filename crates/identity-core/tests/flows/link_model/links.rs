//! Links in the model, and the rule by which each opens something.

use super::model::{Address, Model, MoveState};

/// What a link is about, by its place in the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    Registration(usize),
    Invitation(usize),
    Recovery(usize),
    ResetReport(usize),
    ChangeReport(usize),
    Confirmation(usize),
    Undo(usize),
}

/// What links are used at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DoorTo {
    Registration,
    Invitation,
    Recovery,
    Report,
    Confirmation,
    Undo,
}

impl DoorTo {
    pub(super) const ALL: [Self; 6] =
        [Self::Registration, Self::Invitation, Self::Recovery, Self::Report, Self::Confirmation, Self::Undo];
}

impl About {
    pub(super) const fn invitation(self) -> Option<usize> {
        if let Self::Invitation(at) = self { Some(at) } else { None }
    }

    pub(super) const fn door(self) -> DoorTo {
        match self {
            Self::Registration(_) => DoorTo::Registration,
            Self::Invitation(_) => DoorTo::Invitation,
            Self::Recovery(_) => DoorTo::Recovery,
            Self::ResetReport(_) | Self::ChangeReport(_) => DoorTo::Report,
            Self::Confirmation(_) => DoorTo::Confirmation,
            Self::Undo(_) => DoorTo::Undo,
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) about: About,
    pub(super) generation: u32,
    pub(super) to: Address,
    pub(super) ends: i64,
    pub(super) used: bool,
}

impl Link {
    pub(super) const fn new(about: About, (generation, to): (u32, Address), ends: i64) -> Self {
        Self { about, generation, to, ends, used: false }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    Open,
    /// The link counts, and the address is somebody's.
    Taken,
    Shut,
}

impl Model {
    /// Whether a link counts at its own door; at every other it never does.
    pub(super) fn counts(&self, link: &Link) -> bool {
        let by_its_rule = match link.about {
            About::Registration(at) => self.is_open(at) && self.registrations[at].generation == link.generation,
            About::Invitation(at) => self.is_pending(at) && self.invitations[at].generation == link.generation,
            About::Recovery(of) => {
                let is_current =
                    |account: &super::model::Account| (account.generation, account.address) == (link.generation, link.to);
                self.active(of).is_some_and(is_current)
            }
            // No change of the account ends them, or an attacker would make one.
            About::ResetReport(of) | About::ChangeReport(of) => !self.accounts[of].erased,
            About::Confirmation(at) => self.waits(at),
            About::Undo(at) => {
                let change = &self.moves[at];
                !matches!(change.state, MoveState::Undone | MoveState::Gone) && self.active(change.account).is_some()
            }
        };
        !link.used && self.now < link.ends && by_its_rule
    }

    /// What a person who looks is shown.
    pub(super) fn shows(&self, link: &Link) -> Door {
        match link.about {
            _ if !self.counts(link) => Door::Shut,
            About::Registration(at) if self.owner(self.registrations[at].address).is_some() => Door::Taken,
            _ => Door::Open,
        }
    }

    /// The place of what a link leads to, where that is what the caller asks about and the link counts there.
    pub(super) fn behind(&self, link: usize, place: impl Fn(About) -> Option<usize>) -> Option<usize> {
        let link = &self.links[link];
        place(link.about).filter(|_| self.counts(link))
    }
}
