//! The flows and the model, side by side.

use identity_core::{
    model::{
        Settings,
        session::{CurrentUser, SignedIn},
        throttle::{LoginPace, Rate, ThrottleSettings},
    },
    value::{AccountId, Lifetime, SignedDuration, Timestamp, TokenSecret},
};

use super::{
    DAY,
    acts::{Act, Place, Which},
    links::DoorTo,
    model::{ADDRESSES, Model},
};
use crate::{actors::World, questions::asking};

pub(super) const LONGEST_SESSION: i64 = 300 * DAY;
pub(super) const GRACE_OF_DELETION: i64 = DAY;

pub(super) struct Pair {
    pub(super) world: World,
    pub(super) model: Model,
    start: Timestamp,
    // By their places in the model.
    pub(super) flows: Vec<TokenSecret>,
    pub(super) links: Vec<TokenSecret>,
    pub(super) sessions: Vec<TokenSecret>,
    pub(super) accounts: Vec<AccountId>,
    pub(super) passwords: usize,
}

/// Throttles and the ends of sessions have tests of their own.
fn settle(settings: &mut Settings) {
    asking(settings);
    let often = Rate::per(1_000_000, SignedDuration::from_hours(1));
    settings.throttle = ThrottleSettings {
        logins_per_network: often,
        sign_ups_per_network: often,
        recoveries_per_network: often,
        links_per_network: often,
        requests_per_address: often,
        mails_per_address: often,
        administrators_mails_per_address: often,
        mails_per_flow: often,
        email_changes_per_account: often,
        login: LoginPace { free: 1_000_000, most: 2_000_000, ..LoginPace::default() },
        ..settings.throttle
    };
    let long = Lifetime::parse("P300D").unwrap();
    let limits = &mut settings.session_limits;
    (limits.idle, limits.absolute, limits.reauthenticate_after) = (long, long, long);
    settings.deletion.grace = Lifetime::parse("P1D").ok();
}

fn at(place: Place, of: usize) -> Option<usize> {
    let newest = of.checked_sub(1)?;
    Some(match place {
        Place::Newest => newest,
        Place::At(place) => place % of,
    })
}

impl Pair {
    /// Two are in: one who signed up, and one who was invited.
    pub(super) async fn new() -> Self {
        let world = World::new().await.under(settle);
        let start = world.now();
        let (flows, links, sessions, accounts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut pair = Self { world, model: Model::default(), start, flows, links, sessions, accounts, passwords: 0 };
        let link = Which::Newest;
        for act in [Act::SignUp { address: 0 }, Act::Deliver, Act::Complete { link }] {
            pair.takes(act).await;
        }
        for act in [Act::Invite { address: 1 }, Act::Deliver, Act::Register { link }] {
            pair.takes(act).await;
        }
        assert_eq!(pair.accounts.len(), 2);
        pair
    }

    pub(super) fn time(&self, seconds: i64) -> Timestamp {
        self.start + SignedDuration::from_secs(seconds)
    }

    /// The person of a session that lives.
    pub(super) async fn signed_in(&self, session: usize) -> SignedIn {
        self.world.session(&self.sessions[session]).await.unwrap()
    }

    /// The same, unless there is something to do first.
    pub(super) async fn user(&self, session: usize) -> Option<CurrentUser> {
        let found = self.world.whoami(&self.sessions[session]).await;
        assert_eq!(found.is_none(), self.model.accounts[self.model.sessions[session].account].required);
        found
    }

    /// Takes an act, where there is what it is on.
    pub(super) async fn takes(&mut self, act: Act) {
        self.acts(act).await;
        // No two acts are at one time, so that what is newest is newest.
        self.model.now += 1;
        self.world.it_is(self.time(self.model.now));
    }

    async fn acts(&mut self, act: Act) -> Option<()> {
        match act {
            Act::SignUp { address } => self.signs_up(ADDRESSES[address]).await,
            Act::AskAgainByFlow { registration } => self.asks_again_by_flow(at(registration, self.flows.len())?).await,
            Act::AskAgainByAddress { address } => self.asks_again_by_address(ADDRESSES[address]).await,
            Act::TypeCode { registration, guess } => self.types(at(registration, self.flows.len())?, guess).await,
            Act::Complete { link } => self.completes(self.link(link, DoorTo::Registration)?).await,
            Act::Invite { address } => self.invites(ADDRESSES[address]).await,
            Act::Register { link } => self.registers(self.link(link, DoorTo::Invitation)?).await,
            Act::TakeAccess { link, session } => {
                self.takes_access(self.link(link, DoorTo::Invitation)?, self.session(session)?).await;
            }
            Act::Deliver => self.delivers().await,
            Act::LogIn { account, elsewhere, said } => {
                self.logs_in(at(account, self.accounts.len())?, elsewhere.map(|address| ADDRESSES[address]), said).await;
            }
            Act::LogOut { session } => self.logs_out(self.session(session)?).await,
            Act::ChangePassword { session, right } => self.changes_password(self.session(session)?, right).await,
            Act::Answer { session } => self.answers(self.session(session)?).await,
            Act::Forget { address } => self.forgets(ADDRESSES[address]).await,
            Act::Reset { link, answers } => self.resets(self.link(link, DoorTo::Recovery)?, answers).await,
            Act::Report { link } => self.reports(self.link(link, DoorTo::Report)?).await,
            Act::MailReset { account } => self.mails_a_reset(at(account, self.accounts.len())?).await,
            Act::SetTemporary { account } => self.sets_a_temporary_password(at(account, self.accounts.len())?).await,
            Act::Switch { account, on } => self.switches(at(account, self.accounts.len())?, on).await,
            Act::AskForAddress { session, address, right } => {
                self.asks_for_address(self.session(session)?, ADDRESSES[address], right).await;
            }
            Act::TakeBack { session } => self.takes_back(self.session(session)?).await,
            Act::Confirm { link } => self.confirms(self.link(link, DoorTo::Confirmation)?).await,
            Act::Undo { link } => self.undoes(self.link(link, DoorTo::Undo)?).await,
            Act::Leave { session } => self.leaves(self.session(session)?).await,
            Act::Stay { session } => self.stays(self.session(session)?).await,
            Act::Erase => self.erases().await,
            Act::Pass { seconds } => self.model.now += seconds,
            // The next act is at the end of a link, or a second before.
            Act::PassToTheEnd { link, early } => {
                let ends = self.model.links.iter().map(|link| link.ends - 1 - i64::from(early));
                let ends = ends.filter(|ends| *ends > self.model.now).collect::<Vec<_>>();
                self.model.now = ends[at(link, ends.len())?];
            }
            Act::Sweep => self.sweeps().await,
        }
        Some(())
    }

    fn link(&self, which: Which, door: DoorTo) -> Option<usize> {
        let links = &self.model.links;
        let of_its_kind = (0..links.len()).filter(|link| links[*link].about.door() == door).collect::<Vec<_>>();
        match which {
            Which::Newest => of_its_kind.last().copied(),
            Which::Any(place) => at(Place::At(place), of_its_kind.len()).map(|at| of_its_kind[at]),
            Which::Stray(place) => at(Place::At(place), links.len()),
        }
    }

    fn session(&self, place: Place) -> Option<usize> {
        let live = (0..self.model.sessions.len()).filter(|session| self.model.is_signed_in(*session)).collect::<Vec<_>>();
        at(place, live.len()).map(|at| live[at])
    }
}
