//! What is asked all the time, over a database of ten thousand accounts and over one of many more.

use std::{
    error::Error,
    sync::Arc,
    time::{Duration, Instant},
};

use identity_core::model::invitation::InvitationState;
use identity_core::{
    model::{access::Scope, password::PasswordHash},
    port::{AccountReads as _, Clock as _, InvitationFilter, InvitationQuery, InvitationReads as _, SessionReads as _},
    value::{InvitationId, Timestamp, TokenDigest},
};
use identity_storage::{
    DatabaseUrl, PoolLimits, Storage,
    testing::{Population, populate},
};
use identity_testkit::ManualClock;

use crate::{
    Ran,
    figure::{hammer, median, note, print},
    place::{Kind, TempStore, kinds},
};

const SMALL: u64 = 10_000;
const LARGE: u64 = 1_000_000;
const LARGEST: u64 = 10_000_000;
const LASTING: Duration = Duration::from_millis(700);
const ROUNDS: usize = 3;

/// A database with so many people.
struct Grown {
    storage: Storage,
    population: Arc<Population>,
    _place: TempStore,
}

type Failure = Box<dyn Error + Send + Sync>;

async fn grown(kind: Kind, accounts: u64) -> Result<Grown, Failure> {
    let place = TempStore::fresh(kind).await?;
    let url = DatabaseUrl::new(place.url.clone().into());
    let storage = Storage::open(&url, PoolLimits::default()).await?;
    storage.migrate().await?;
    let now = ManualClock::default().now();
    let population = Population { accounts, password: PasswordHash::from_phc("plain$secret".to_owned()), now };
    let started = Instant::now();
    populate(&url, &population).await?;
    note(
        &format!("growth: {kind}, {accounts} accounts and their history written in"),
        &format!("{:.0} s", started.elapsed().as_secs_f64()),
    );
    Ok(Grown { storage, population: Arc::new(population), _place: place })
}

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    Login,
    Session,
    Search,
    FirstPage,
    LastPage,
    LastPagePending,
}

impl Question {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Login, "login look-up"),
        (Self::Session, "session check"),
        (Self::Search, "search by address"),
        (Self::FirstPage, "first page of a list"),
        (Self::LastPage, "last page of a list"),
        (Self::LastPagePending, "last page of what is pending"),
    ];
}

const ACCEPTED: InvitationFilter = InvitationFilter::Ended(InvitationState::Accepted);

fn page(filter: InvitationFilter, now: Timestamp, after: Option<InvitationId>, address_prefix: Option<String>) -> InvitationQuery {
    InvitationQuery { scope: Scope::Everywhere, filter: Some(filter), address_prefix, now, after, limit: 25 }
}

async fn ask(storage: &Storage, population: &Population, question: Question, number: u64) -> Result<(), Failure> {
    // Another person each time, in no order.
    let person = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) % population.accounts;
    let found = match question {
        Question::Login => storage.login_candidate(&Population::address(person)).await?.is_some(),
        Question::Session => {
            storage.session_by_digest(&TokenDigest::from_bytes(Population::session_digest(person))).await?.is_some()
        }
        Question::Search => {
            let address = Population::address(person);
            !storage.invitations(&page(ACCEPTED, population.now, None, Some(address))).await?.items.is_empty()
        }
        Question::FirstPage => !storage.invitations(&page(ACCEPTED, population.now, None, None)).await?.items.is_empty(),
        Question::LastPage => {
            let after = InvitationId::from_uuid(population.invitation_id(25));
            !storage.invitations(&page(ACCEPTED, population.now, Some(after), None)).await?.items.is_empty()
        }
        Question::LastPagePending => {
            // Every twentieth person's guest is waiting; what is too late lies among them.
            let after = InvitationId::from_uuid(population.invitation_id(200));
            !storage.invitations(&page(InvitationFilter::Pending, population.now, Some(after), None)).await?.items.is_empty()
        }
    };
    if found { Ok(()) } else { Err("nobody was found".into()) }
}

async fn p99(grown: &Grown, question: Question) -> Result<f64, Failure> {
    let (storage, population) = (grown.storage.clone(), grown.population.clone());
    let run = hammer(1, LASTING, move |number| {
        let (storage, population) = (storage.clone(), population.clone());
        async move { ask(&storage, &population, question, number).await }
    });
    Ok(run.await?.percentile(0.99))
}

pub(crate) async fn run(soak: bool) -> Ran {
    for kind in kinds() {
        let small = grown(kind, SMALL).await?;
        let large = grown(kind, if soak { LARGEST } else { LARGE }).await?;
        let times = large.population.accounts / SMALL;
        for (question, name) in Question::ALL {
            let (mut of_small, mut of_large) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                of_small.push(p99(&small, question).await?);
                of_large.push(p99(&large, question).await?);
            }
            let (before, after) = (median(&mut of_small), median(&mut of_large));
            let ratio = after / before;
            let value = format!("{before:.2}, {after:.2} ms: {ratio:.2}");
            print(&format!("growth: {kind}, p99 of {name}, {times} x the accounts"), &value, "<= 1.3", ratio <= 1.3);
        }
    }
    Ok(())
}
