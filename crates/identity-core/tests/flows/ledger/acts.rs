//! What people do.

use proptest::prelude::*;

use super::{DAY, HOUR, MINUTE, PEOPLE};

#[derive(Clone, Copy, Debug)]
pub(super) enum Guess {
    /// The code that was mailed last.
    Newest,
    /// The code that was mailed first.
    Oldest,
    /// None that was ever mailed.
    Wrong,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    SignUp { person: usize },
    AskAgainByFlow { registration: usize },
    AskAgainByAddress { person: usize },
    Deliver,
    TypeCode { registration: usize, guess: Guess },
    Complete { link: usize },
    Forget { person: usize },
    Reset { link: usize },
    Report { link: usize },
    LogIn { person: usize, right: bool },
    Change { session: usize, right: bool },
    MailReset { person: usize },
    SetTemporary { person: usize },
    Switch { person: usize, on: bool },
    Pass { seconds: i64 },
    Sweep,
}

pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let person = || 0..PEOPLE.len();
    let which = || 0..64_usize;
    // Most acts are on what is newest.
    let link = || prop_oneof![2 => Just(usize::MAX), 3 => which()];
    let guess = prop_oneof![4 => Just(Guess::Newest), 1 => Just(Guess::Oldest), 2 => Just(Guess::Wrong)];
    let seconds = prop_oneof![
        3 => Just(1),
        3 => Just(10 * MINUTE),
        3 => Just(HOUR - 2),
        2 => Just(HOUR),
        2 => Just(DAY),
        1 => Just(30 * DAY),
    ];
    let step = prop_oneof![
        4 => person().prop_map(|person| Step::SignUp { person }),
        2 => link().prop_map(|registration| Step::AskAgainByFlow { registration }),
        1 => person().prop_map(|person| Step::AskAgainByAddress { person }),
        10 => Just(Step::Deliver),
        4 => (link(), guess).prop_map(|(registration, guess)| Step::TypeCode { registration, guess }),
        6 => link().prop_map(|link| Step::Complete { link }),
        4 => person().prop_map(|person| Step::Forget { person }),
        6 => link().prop_map(|link| Step::Reset { link }),
        4 => link().prop_map(|link| Step::Report { link }),
        4 => (person(), prop::bool::weighted(0.8)).prop_map(|(person, right)| Step::LogIn { person, right }),
        2 => (link(), prop::bool::weighted(0.8)).prop_map(|(session, right)| Step::Change { session, right }),
        2 => person().prop_map(|person| Step::MailReset { person }),
        2 => person().prop_map(|person| Step::SetTemporary { person }),
        2 => (person(), prop::bool::weighted(0.6)).prop_map(|(person, on)| Step::Switch { person, on }),
        4 => seconds.prop_map(|seconds| Step::Pass { seconds }),
        1 => Just(Step::Sweep),
    ];
    prop::collection::vec(step, 1..60)
}
