//! Random sequences of acts against the flows and against a small pure model: both agree after every act.

use std::collections::{BTreeMap, BTreeSet};

use identity_core::{
    change::{AccountChange, Change},
    flow::invitation::{AcceptAccessError, AcceptError, PreviewError},
    model::{
        invitation::InvitationState,
        link::LinkPurpose,
        outbox::{Email, retry_after},
    },
    value::{CompanyId, InvitationId, SignedDuration, Timestamp, TokenSecret},
};
use proptest::prelude::*;

use crate::{
    actors::{ADMINISTRATOR, Admin, OPERATOR, Wanted, World, link_in},
    stage::Weather,
};

const PEOPLE: [&str; 3] = ["grace@example.org", "hedy@example.net", "Ida@example.com"];
const LONGEST_HOURS: i64 = 30 * 24;

/// An operator, or the company administrator of the first company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inviter {
    Ada,
    Carl,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Invite { by: Inviter, person: usize, elsewhere: bool, reserved_role: bool, hours: i64 },
    Resend { by: Inviter, invitation: usize },
    Revoke { by: Inviter, invitation: usize },
    MoveEnd { by: Inviter, invitation: usize, hours: i64 },
    Deliver(Weather),
    Open { link: usize },
    Accept { link: usize },
    Take { link: usize },
    Decline { link: usize },
    AskForANewOne { link: usize },
    Pass { seconds: i64 },
    SwitchCarl { on: bool },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let by = || prop_oneof![Just(Inviter::Ada), Just(Inviter::Carl)];
    let which = || 0..64_usize;
    let hours = || prop_oneof![1..72_i64, Just(LONGEST_HOURS)];
    let rarely = || prop::bool::weighted(0.2);
    let seconds = prop_oneof![Just(1_i64), Just(15), Just(60), (1..96_i64).prop_map(|hours| hours * 3600)];
    let step = prop_oneof![
        4 => (by(), 0..PEOPLE.len(), rarely(), rarely(), hours()).prop_map(|(by, person, elsewhere, reserved_role, hours)| {
            Step::Invite { by, person, elsewhere, reserved_role, hours }
        }),
        2 => (by(), which()).prop_map(|(by, invitation)| Step::Resend { by, invitation }),
        1 => (by(), which()).prop_map(|(by, invitation)| Step::Revoke { by, invitation }),
        2 => (by(), which(), prop_oneof![hours(), Just(0), Just(LONGEST_HOURS + 1)])
            .prop_map(|(by, invitation, hours)| Step::MoveEnd { by, invitation, hours }),
        5 => prop_oneof![3 => Just(Weather::Fair), 1 => Just(Weather::Storm), 1 => Just(Weather::Refusal)].prop_map(Step::Deliver),
        1 => which().prop_map(|link| Step::Open { link }),
        3 => which().prop_map(|link| Step::Accept { link }),
        3 => which().prop_map(|link| Step::Take { link }),
        1 => which().prop_map(|link| Step::Decline { link }),
        1 => which().prop_map(|link| Step::AskForANewOne { link }),
        3 => seconds.prop_map(|seconds| Step::Pass { seconds }),
        2 => any::<bool>().prop_map(|on| Step::SwitchCarl { on }),
    ];
    prop::collection::vec(step, 1..40)
}

// The model: times are seconds since the start.

#[derive(Clone, Debug)]
struct Invited {
    person: usize,
    elsewhere: bool,
    reserved_role: bool,
    inviter: Inviter,
    lifetime: i64,
    waits_for_sending: bool,
    ends: i64,
    state: InvitationState,
    generation: u32,
    opened: Option<i64>,
}

impl Invited {
    fn end(&mut self, state: InvitationState) {
        self.state = state;
        self.generation += 1;
    }

    fn role(&self) -> &'static str {
        if self.reserved_role { "auditor" } else { "editor" }
    }

    fn is_pending(&self) -> bool {
        self.state == InvitationState::Pending
    }

    fn is_visible_to(&self, who: Inviter) -> bool {
        who == Inviter::Ada || !self.elsewhere
    }
}

#[derive(Clone, Debug)]
struct Link {
    invitation: usize,
    generation: u32,
}

#[derive(Clone, Debug)]
struct Mail {
    invitation: usize,
    generation: u32,
    due: i64,
    attempts: u32,
}

#[derive(Debug, PartialEq, Eq)]
enum Door {
    Opened,
    Closed,
    Taken,
    /// The account is in another company.
    Elsewhere,
}

#[derive(Debug, Default)]
struct Model {
    now: i64,
    carl_is_off: bool,
    invitations: Vec<Invited>,
    links: Vec<Link>,
    outbox: Vec<Mail>,
    /// Whether each person's account is elsewhere.
    accounts: BTreeMap<usize, bool>,
    /// What each person's account may do.
    rights: BTreeMap<usize, BTreeSet<&'static str>>,
    /// How often an account that was there got more.
    taken: usize,
}

impl Model {
    fn can_act(&self, who: Inviter) -> bool {
        who == Inviter::Ada || !self.carl_is_off
    }

    fn queue(&mut self, invitation: usize) {
        let generation = self.invitations[invitation].generation;
        self.outbox.push(Mail { invitation, generation, due: self.now, attempts: 0 });
    }

    fn invite(&mut self, by: Inviter, invited: Invited) -> bool {
        let may = self.can_act(by) && (by == Inviter::Ada || !(invited.elsewhere || invited.reserved_role));
        if !may {
            return false;
        }
        let same =
            |other: &&mut Invited| other.is_pending() && (other.person, other.elsewhere) == (invited.person, invited.elsewhere);
        if let Some(older) = self.invitations.iter_mut().find(same) {
            older.end(InvitationState::Superseded);
        }
        self.invitations.push(invited);
        self.queue(self.invitations.len() - 1);
        true
    }

    /// The invitation, where that administrator can do something with it.
    fn manageable(&mut self, by: Inviter, at: usize) -> Option<&mut Invited> {
        let can_act = self.can_act(by);
        Some(&mut self.invitations[at]).filter(|invited| can_act && invited.is_visible_to(by) && invited.is_pending())
    }

    fn resend(&mut self, by: Inviter, at: usize) -> bool {
        let now = self.now;
        let Some(invited) = self.manageable(by, at).filter(|invited| by == Inviter::Ada || !invited.reserved_role) else {
            return false;
        };
        invited.generation += 1;
        invited.inviter = by;
        invited.waits_for_sending = true;
        invited.ends = now + invited.lifetime;
        self.queue(at);
        true
    }

    fn revoke(&mut self, by: Inviter, at: usize) -> bool {
        self.manageable(by, at).map(|invited| invited.end(InvitationState::Revoked)).is_some()
    }

    fn move_end(&mut self, by: Inviter, at: usize, hours: i64) -> bool {
        let ends = self.now + hours * 3600;
        let Some(invited) = self.manageable(by, at).filter(|_| (1..=LONGEST_HOURS).contains(&hours)) else { return false };
        invited.ends = ends;
        invited.waits_for_sending = false;
        true
    }

    /// Works the outbox off; answers which invitations were mailed.
    fn deliver(&mut self, weather: Weather) -> Vec<usize> {
        let (now, mut mailed) = (self.now, Vec::new());
        let (due, mut waiting): (Vec<_>, Vec<_>) = std::mem::take(&mut self.outbox).into_iter().partition(|mail| mail.due <= now);
        for mail in due {
            let carl_is_off = self.carl_is_off;
            let invited = &mut self.invitations[mail.invitation];
            let counts = invited.is_pending() && invited.generation == mail.generation;
            if !counts || (invited.inviter == Inviter::Carl && carl_is_off) {
                continue;
            }
            if std::mem::take(&mut invited.waits_for_sending) {
                invited.ends = now + invited.lifetime;
            }
            if invited.ends <= now {
                continue;
            }
            let attempts = mail.attempts + 1;
            match weather {
                Weather::Fair => mailed.push(mail.invitation),
                Weather::Storm if attempts < 5 => {
                    waiting.push(Mail { due: now + retry_after(attempts).as_secs(), attempts, ..mail });
                }
                Weather::Storm | Weather::Refusal => {}
            }
        }
        self.outbox = waiting;
        mailed
    }

    fn works(&self, link: &Link) -> bool {
        let invited = &self.invitations[link.invitation];
        invited.is_pending()
            && link.generation == invited.generation
            && self.now < invited.ends
            && (invited.inviter == Inviter::Ada || !self.carl_is_off)
    }

    fn open(&mut self, at: usize) -> bool {
        let link = &self.links[at];
        let (works, invitation) = (self.works(link), link.invitation);
        if works {
            self.invitations[invitation].opened.get_or_insert(self.now);
        }
        works
    }

    fn accept(&mut self, at: usize) -> Door {
        let link = &self.links[at];
        if !self.works(link) {
            return Door::Closed;
        }
        let invited = &mut self.invitations[link.invitation];
        if self.accounts.contains_key(&invited.person) {
            return Door::Taken;
        }
        invited.end(InvitationState::Accepted);
        self.accounts.insert(invited.person, invited.elsewhere);
        self.rights.insert(invited.person, [invited.role()].into());
        Door::Opened
    }

    /// The person signs in and agrees.
    fn take(&mut self, at: usize) -> Door {
        let link = &self.links[at];
        if !self.works(link) {
            return Door::Closed;
        }
        let invited = &mut self.invitations[link.invitation];
        if self.accounts.get(&invited.person) != Some(&invited.elsewhere) {
            return Door::Elsewhere;
        }
        invited.end(InvitationState::Accepted);
        self.rights.entry(invited.person).or_default().insert(invited.role());
        self.taken += 1;
        Door::Opened
    }

    fn decline(&mut self, at: usize) -> bool {
        let link = &self.links[at];
        let (works, invitation) = (self.works(link), link.invitation);
        if works {
            self.invitations[invitation].end(InvitationState::Declined);
        }
        works
    }
}

/// The flows and the model, side by side.
struct Pair {
    world: World,
    model: Model,
    start: Timestamp,
    home: CompanyId,
    elsewhere: CompanyId,
    ids: Vec<InvitationId>,
    secrets: Vec<TokenSecret>,
}

impl Pair {
    async fn new() -> Self {
        let world = World::new().await;
        let elsewhere = world.operator().await.opens_company("Elsewhere").await.id;
        let (start, home) = (world.now(), world.account(OPERATOR).await.company);
        Self { world, model: Model::default(), start, home, elsewhere, ids: Vec::new(), secrets: Vec::new() }
    }

    async fn admin(&self, who: Inviter) -> Option<Admin> {
        match who {
            Inviter::Ada => Some(self.world.operator().await),
            Inviter::Carl if self.model.carl_is_off => None,
            Inviter::Carl => Some(self.world.administrator().await),
        }
    }

    fn time(&self, seconds: i64) -> Timestamp {
        self.start + SignedDuration::from_secs(seconds)
    }

    async fn takes(&mut self, step: Step) {
        let (links, invitations) = (self.secrets.len(), self.ids.len());
        match step {
            Step::Invite { by, person, elsewhere, reserved_role, hours } => {
                self.invites(by, person, (elsewhere, reserved_role), hours).await;
            }
            Step::Resend { by, invitation } if invitations > 0 => {
                let at = invitation % invitations;
                let done = match self.admin(by).await {
                    Some(admin) => admin.resends(self.ids[at]).await.is_ok(),
                    None => false,
                };
                assert_eq!(done, self.model.resend(by, at));
            }
            Step::Revoke { by, invitation } if invitations > 0 => {
                let at = invitation % invitations;
                let done = match self.admin(by).await {
                    Some(admin) => admin.revokes(self.ids[at]).await.is_ok(),
                    None => false,
                };
                assert_eq!(done, self.model.revoke(by, at));
            }
            Step::MoveEnd { by, invitation, hours } if invitations > 0 => {
                let at = invitation % invitations;
                let end = self.time(self.model.now + hours * 3600);
                let done = match self.admin(by).await {
                    Some(admin) => admin.moves_the_end(self.ids[at], end).await.is_ok(),
                    None => false,
                };
                assert_eq!(done, self.model.move_end(by, at, hours));
            }
            Step::Deliver(weather) => self.delivers(weather).await,
            Step::Open { link } if links > 0 => {
                let at = link % links;
                let opened = self.world.visitor(&self.secrets[at]).opens().await;
                assert_eq!(opened.is_ok(), self.model.open(at));
            }
            Step::Accept { link } if links > 0 => {
                let at = link % links;
                let door = match self.world.visitor(&self.secrets[at]).registers().await {
                    Ok(_) => Door::Opened,
                    Err(AcceptError::DeadLink) => Door::Closed,
                    Err(AcceptError::AddressTaken) => Door::Taken,
                    Err(other) => panic!("{other:?}"),
                };
                assert_eq!(door, self.model.accept(at));
            }
            Step::Take { link } if links > 0 => self.takes_access(link % links).await,
            Step::Decline { link } if links > 0 => {
                let at = link % links;
                let declined = self.world.visitor(&self.secrets[at]).declines().await;
                assert_eq!(declined.is_ok(), self.model.decline(at));
            }
            // What a stranger may ask for changes nothing that the model knows.
            Step::AskForANewOne { link } if links > 0 => self.world.visitor(&self.secrets[link % links]).asks_for_a_new_one().await,
            Step::Pass { seconds } => {
                self.model.now += seconds;
                self.world.it_is(self.time(self.model.now));
            }
            Step::SwitchCarl { on } => {
                let (ada, carl) = (self.world.operator().await, self.world.account(ADMINISTRATOR).await.id);
                if on {
                    ada.enables(carl).await.unwrap()
                } else {
                    ada.disables(carl).await.unwrap()
                };
                self.model.carl_is_off = !on;
            }
            // There is no link or invitation yet.
            _ => {}
        }
    }

    /// A person who was invited signs in, where they can, and agrees.
    async fn takes_access(&mut self, at: usize) {
        let person = self.model.invitations[self.model.links[at].invitation].person;
        if !self.model.accounts.contains_key(&person) {
            return;
        }
        let signed_in = self.world.signed_in(PEOPLE[person]).await;
        let door = match self.world.visitor(&self.secrets[at]).takes(&signed_in).await {
            Ok(_) => Door::Opened,
            Err(AcceptAccessError::DeadLink) => Door::Closed,
            Err(AcceptAccessError::OtherCompany) => Door::Elsewhere,
            Err(other) => panic!("{other:?}"),
        };
        assert_eq!(door, self.model.take(at));
    }

    async fn invites(&mut self, by: Inviter, person: usize, (elsewhere, reserved_role): (bool, bool), hours: i64) {
        let company = if elsewhere { self.elsewhere } else { self.home };
        let wanted = Wanted::new(PEOPLE[person]).company(company).lasting(&format!("PT{hours}H"));
        let wanted = wanted.role(if reserved_role { "auditor" } else { "editor" });
        let issued = match self.admin(by).await {
            Some(admin) => admin.invites(wanted).await.ok(),
            None => None,
        };
        let invited = Invited {
            person,
            elsewhere,
            reserved_role,
            inviter: by,
            lifetime: hours * 3600,
            waits_for_sending: true,
            ends: self.model.now + hours * 3600,
            state: InvitationState::Pending,
            generation: 1,
            opened: None,
        };
        assert_eq!(issued.is_some(), self.model.invite(by, invited));
        self.ids.extend(issued.map(|issued| issued.id));
    }

    async fn delivers(&mut self, weather: Weather) {
        self.world.weather(weather);
        let before = self.world.mails().len();
        while self.world.works_the_outbox_off().await.unwrap().claimed > 0 {}
        let mails = self.world.mails().split_off(before);
        let mut mailed = Vec::new();
        for secret in mails.iter().filter_map(|mail: &Email| link_in(mail)) {
            let entry = self.world.entry(&secret).await;
            let LinkPurpose::Invitation(id) = entry.subject else { panic!("{entry:?}") };
            let invitation = self.ids.iter().position(|other| *other == id).expect("an invitation of this test");
            mailed.push(invitation);
            self.model.links.push(Link { invitation, generation: entry.generation });
            self.secrets.push(secret);
        }
        let mut expected = self.model.deliver(weather);
        mailed.sort_unstable();
        expected.sort_unstable();
        assert_eq!(mailed, expected, "which invitations were mailed");
    }

    async fn agrees(&self) {
        for (id, expected) in self.ids.iter().zip(&self.model.invitations) {
            let found = self.world.invitation(*id).await;
            let inviter = if found.inviter == Some(self.world.account(OPERATOR).await.id) { Inviter::Ada } else { Inviter::Carl };
            assert_eq!(
                (found.state, found.generation, found.expires_at, found.starts_at_sending, inviter, found.opened_at),
                (
                    expected.state,
                    expected.generation,
                    self.time(expected.ends),
                    expected.waits_for_sending,
                    expected.inviter,
                    expected.opened.map(|at| self.time(at))
                )
            );
            let account = self.world.find_account(PEOPLE[expected.person]).await;
            let opened = found.account.is_some_and(|opened| account.is_some_and(|account| account.id == opened));
            assert_eq!(
                opened,
                found.state == InvitationState::Accepted,
                "an accepted invitation has its account, and no other has one"
            );
        }
        for (secret, link) in self.secrets.iter().zip(&self.model.links) {
            match self.world.visitor(secret).looks().await {
                Ok(_) => assert!(self.model.works(link), "a dead link works: {link:?}"),
                Err(PreviewError::DeadLink(_)) => assert!(!self.model.works(link), "a link is dead: {link:?}"),
                Err(other) => panic!("{other:?}"),
            }
        }
        for (person, email) in PEOPLE.iter().enumerate() {
            let account = self.world.find_account(email).await;
            let company = account.as_ref().map(|account| account.company == self.elsewhere);
            assert_eq!(company, self.model.accounts.get(&person).copied(), "{email}");
            let roles = account.map(|account| account.roles.iter().map(ToString::to_string).collect::<BTreeSet<_>>());
            let expected = self.model.rights.get(&person).map(|roles| roles.iter().map(ToString::to_string).collect());
            assert_eq!(roles, expected, "{email}");
        }
    }

    /// At most one account was ever opened for an address, and one for each accepted invitation but those that gave an account
    /// more that was there.
    fn opened_no_more_than_was_accepted(&self) {
        let mut opened = BTreeMap::<String, usize>::new();
        for change in self.world.changes() {
            if let Change::Account(AccountChange::Open { account, .. }) = change {
                *opened.entry(account.email.canonical().to_owned()).or_default() += 1;
            }
        }
        assert!(opened.values().all(|count| *count == 1), "{opened:?}");
        // Ada and Carl were there before.
        assert_eq!(
            opened.len() - 2 + self.model.taken,
            self.model.invitations.iter().filter(|invited| invited.state == InvitationState::Accepted).count()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_flows_and_the_model_agree_after_every_act(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut pair = Pair::new().await;
            for step in steps {
                pair.takes(step).await;
                pair.agrees().await;
            }
            pair.opened_no_more_than_was_accepted();
        });
    }
}
