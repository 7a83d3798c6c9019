//! What people do, in any order. Some of it follows from each other more often than by chance, and what comes between is chance.

use proptest::{prelude::*, strategy::BoxedStrategy};

use super::{DAY, HOUR, MINUTE, model::ADDRESSES};

#[derive(Clone, Copy, Debug)]
pub(super) enum Guess {
    /// The code that was mailed last.
    Newest,
    /// The code that was mailed first.
    Oldest,
    /// None that was ever mailed.
    Wrong,
}

/// Which link somebody uses.
#[derive(Clone, Copy, Debug)]
pub(super) enum Which {
    /// The newest of its kind.
    Newest,
    /// Any of its kind.
    Any(usize),
    /// Any at all.
    Stray(usize),
}

/// Which password somebody says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Said {
    /// That of the account.
    Right,
    /// The one before.
    Former,
    /// Nobody's.
    Wrong,
}

/// Which registration, account or session that lives.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Newest,
    At(usize),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    SignUp { address: usize },
    AskAgainByFlow { registration: Place },
    AskAgainByAddress { address: usize },
    TypeCode { registration: Place, guess: Guess },
    Complete { link: Which },
    Invite { address: usize },
    Register { link: Which },
    TakeAccess { link: Which, session: Place },
    Deliver,
    LogIn { account: Place, elsewhere: Option<usize>, said: Said },
    LogOut { session: Place },
    ChangePassword { session: Place, right: bool },
    Answer { session: Place },
    Forget { address: usize },
    Reset { link: Which, answers: bool },
    Report { link: Which },
    MailReset { account: Place },
    SetTemporary { account: Place },
    Switch { account: Place, on: bool },
    AskForAddress { session: Place, address: usize, right: bool },
    TakeBack { session: Place },
    Confirm { link: Which },
    Undo { link: Which },
    Leave { session: Place },
    Stay { session: Place },
    Erase,
    Pass { seconds: i64 },
    PassToTheEnd { link: Place, early: bool },
    Sweep,
}

pub(super) fn acts() -> impl Strategy<Value = Vec<Act>> {
    let some = prop_oneof![
        8 => act().prop_map(|act| vec![act]),
        1 => joining(),
        4 => moving(),
        1 => moving_to_one_address(),
        1 => handing_on(),
        1 => forgetting(),
        1 => leaving(),
        1 => offering(),
    ];
    prop::collection::vec(some, 1..20).prop_map(|some| some.concat())
}

fn address() -> std::ops::Range<usize> {
    0..ADDRESSES.len()
}

/// Most acts are on what is newest.
fn place() -> impl Strategy<Value = Place> {
    prop_oneof![2 => Just(Place::Newest), 3 => (0..64_usize).prop_map(Place::At)]
}

fn which() -> impl Strategy<Value = Which> {
    prop_oneof![5 => Just(Which::Newest), 4 => (0..64_usize).prop_map(Which::Any), 1 => (0..64_usize).prop_map(Which::Stray)]
}

fn said() -> impl Strategy<Value = Said> {
    prop_oneof![7 => Just(Said::Right), 2 => Just(Said::Former), 1 => Just(Said::Wrong)]
}

fn act() -> BoxedStrategy<Act> {
    let mostly = || prop::bool::weighted(0.8);
    let guess = prop_oneof![4 => Just(Guess::Newest), 1 => Just(Guess::Oldest), 2 => Just(Guess::Wrong)];
    let seconds = prop_oneof![
        3 => Just(1),
        3 => Just(10 * MINUTE),
        3 => Just(HOUR - 2),
        2 => Just(HOUR),
        2 => Just(DAY),
        2 => Just(7 * DAY),
        1 => Just(30 * DAY),
    ];
    let elsewhere = prop::option::weighted(0.2, address());
    prop_oneof![
        3 => address().prop_map(|address| Act::SignUp { address }),
        1 => place().prop_map(|registration| Act::AskAgainByFlow { registration }),
        1 => address().prop_map(|address| Act::AskAgainByAddress { address }),
        2 => (place(), guess).prop_map(|(registration, guess)| Act::TypeCode { registration, guess }),
        3 => which().prop_map(|link| Act::Complete { link }),
        3 => address().prop_map(|address| Act::Invite { address }),
        3 => which().prop_map(|link| Act::Register { link }),
        2 => (which(), place()).prop_map(|(link, session)| Act::TakeAccess { link, session }),
        10 => Just(Act::Deliver),
        4 => (place(), elsewhere, said()).prop_map(|(account, elsewhere, said)| Act::LogIn { account, elsewhere, said }),
        1 => place().prop_map(|session| Act::LogOut { session }),
        2 => (place(), mostly()).prop_map(|(session, right)| Act::ChangePassword { session, right }),
        1 => place().prop_map(|session| Act::Answer { session }),
        3 => address().prop_map(|address| Act::Forget { address }),
        4 => (which(), mostly()).prop_map(|(link, answers)| Act::Reset { link, answers }),
        3 => which().prop_map(|link| Act::Report { link }),
        1 => place().prop_map(|account| Act::MailReset { account }),
        1 => place().prop_map(|account| Act::SetTemporary { account }),
        2 => (place(), prop::bool::weighted(0.6)).prop_map(|(account, on)| Act::Switch { account, on }),
        4 => (place(), address(), mostly())
            .prop_map(|(session, address, right)| Act::AskForAddress { session, address, right }),
        1 => place().prop_map(|session| Act::TakeBack { session }),
        4 => which().prop_map(|link| Act::Confirm { link }),
        4 => which().prop_map(|link| Act::Undo { link }),
        1 => place().prop_map(|session| Act::Leave { session }),
        1 => place().prop_map(|session| Act::Stay { session }),
        1 => Just(Act::Erase),
        3 => seconds.prop_map(|seconds| Act::Pass { seconds }),
        3 => (place(), any::<bool>()).prop_map(|(link, early)| Act::PassToTheEnd { link, early }),
        1 => Just(Act::Sweep),
    ]
    .boxed()
}

/// As much of it as comes to pass, with something that may come between.
fn as_far_as_it_goes(story: impl Strategy<Value = Vec<Act>>, least: usize, all: usize) -> impl Strategy<Value = Vec<Act>> {
    let between = prop::option::weighted(0.6, (0..all, act()));
    // Seldom less than that; but a failure is shown with as little as it takes.
    let length = prop_oneof![1 => 0..least, 20 => least..=all];
    (story, length, between).prop_map(|(mut story, length, between)| {
        story.truncate(length);
        if let Some((before, act)) = between {
            story.insert(before.min(story.len()), act);
        }
        story
    })
}

fn joining() -> impl Strategy<Value = Vec<Act>> {
    let link = Which::Newest;
    let story = (address(), any::<bool>()).prop_map(move |(address, invited)| {
        if invited {
            vec![Act::Invite { address }, Act::Deliver, Act::Register { link }]
        } else {
            vec![Act::SignUp { address }, Act::Deliver, Act::Complete { link }]
        }
    });
    as_far_as_it_goes(story, 2, 3)
}

fn log_in(account: Place) -> Act {
    Act::LogIn { account, elsewhere: None, said: Said::Right }
}

fn moving() -> impl Strategy<Value = Vec<Act>> {
    let story = (place(), address(), which(), which()).prop_map(|(account, address, confirmed, undone)| {
        let asking = Act::AskForAddress { session: Place::Newest, address, right: true };
        let (confirming, undoing) = (Act::Confirm { link: confirmed }, Act::Undo { link: undone });
        vec![log_in(account), asking, Act::Deliver, confirming, Act::Deliver, undoing]
    });
    as_far_as_it_goes(story, 3, 6)
}

/// Two ask for the same address, and both get a link.
fn moving_to_one_address() -> impl Strategy<Value = Vec<Act>> {
    let story = (address(), which(), which()).prop_map(|(address, first, second)| {
        let asking = Act::AskForAddress { session: Place::Newest, address, right: true };
        let both = vec![log_in(Place::At(0)), asking, log_in(Place::At(1)), asking, Act::Deliver];
        let used = [Act::Confirm { link: first }, Act::Confirm { link: second }, Act::Deliver, Act::Undo { link: first }];
        [both, used.to_vec()].concat()
    });
    as_far_as_it_goes(story, 7, 9)
}

/// One of the first two moves away, and the other to where the first was, at the end of the undo or a second too early.
fn handing_on() -> impl Strategy<Value = Vec<Act>> {
    let story = (0..2_usize, 2..ADDRESSES.len(), any::<bool>()).prop_map(|(account, address, early)| {
        let link = Which::Newest;
        let asking = |address| Act::AskForAddress { session: Place::Newest, address, right: true };
        let moving =
            |account, address| vec![log_in(Place::At(account)), asking(address), Act::Deliver, Act::Confirm { link }, Act::Deliver];
        let waiting = vec![Act::PassToTheEnd { link: Place::Newest, early }];
        [moving(account, address), waiting, moving(1 - account, account)].concat()
    });
    as_far_as_it_goes(story, 10, 11)
}

/// An account that is there is invited, and agrees.
fn offering() -> impl Strategy<Value = Vec<Act>> {
    let story = (place(), address()).prop_map(|(account, address)| {
        let taking = Act::TakeAccess { link: Which::Newest, session: Place::Newest };
        vec![log_in(account), Act::Invite { address }, Act::Deliver, taking]
    });
    as_far_as_it_goes(story, 3, 4)
}

fn forgetting() -> impl Strategy<Value = Vec<Act>> {
    let story = (address(), any::<bool>()).prop_map(|(address, is_somebody_else)| {
        let link = Which::Newest;
        let answer = if is_somebody_else { Act::Report { link } } else { Act::Reset { link, answers: true } };
        vec![Act::Forget { address }, Act::Deliver, answer]
    });
    as_far_as_it_goes(story, 2, 3)
}

fn leaving() -> impl Strategy<Value = Vec<Act>> {
    let story = place().prop_map(|account| {
        vec![log_in(account), Act::Leave { session: Place::Newest }, Act::Deliver, Act::Pass { seconds: DAY }, Act::Erase]
    });
    as_far_as_it_goes(story, 3, 5)
}
