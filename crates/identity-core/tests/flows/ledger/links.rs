//! Links in the model, and what they open.

use super::model::Model;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    Registration(usize),
    Recovery(usize),
    ResetReport(usize),
    ChangeReport(usize),
}

#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) about: About,
    pub(super) generation: u32,
    pub(super) ends: i64,
    pub(super) used: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Door {
    Open,
    Taken,
    Shut,
}

impl Model {
    pub(super) fn link(&self, about: About, generation: u32, lasting: i64) -> Link {
        Link { about, generation, ends: self.now + lasting, used: false }
    }

    /// What a link opens at its own flow; at every other it opens nothing.
    pub(super) fn door(&self, link: &Link) -> Door {
        if link.used || self.now >= link.ends {
            return Door::Shut;
        }
        match link.about {
            About::Registration(at) if !self.is_open(at) || self.registrations[at].generation != link.generation => Door::Shut,
            About::Registration(at) if self.people.contains_key(&self.registrations[at].person) => Door::Taken,
            About::Recovery(person) => {
                let person = &self.people[&person];
                if person.active && person.generation == link.generation { Door::Open } else { Door::Shut }
            }
            About::Registration(_) | About::ResetReport(_) | About::ChangeReport(_) => Door::Open,
        }
    }
}
