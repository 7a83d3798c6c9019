//! Ordinary work for a long time, beside clients who want to keep everybody out, with a log that cannot be written.

use std::{
    error::Error,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use identity_storage::testing::Population;
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpSocket, TcpStream},
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    Ran,
    figure::{note, percentile, print},
    http::{Connection, get, post},
    place::{Kind, kinds},
    subject::{Subject, log_in_request},
};

/// How many clients do each kind of honest work, and how long each of them thinks in between.
const HONEST: u8 = 4;
const THOUGHT: Duration = Duration::from_millis(25);
/// How many connections each kind of attacker holds, over ten addresses; the one network alone holds more.
const HELD: u16 = 300;
const OF_ONE_NETWORK: u16 = 2000;
/// How long an attacker waits before the next byte, and before it comes again.
const SLOW: Duration = Duration::from_secs(3);
/// How long somebody waits for an answer.
const PATIENCE: Duration = Duration::from_secs(30);
const PEOPLE: u64 = 64;
const GOAL_MS: f64 = 50.0;

type Failure = Box<dyn Error + Send + Sync>;

/// What became of the honest requests of one kind.
#[derive(Default)]
struct Tally {
    answered: AtomicU64,
    /// Answered "come again later".
    busy: AtomicU64,
    unanswered: AtomicU64,
}

#[derive(Clone, Copy)]
enum Work {
    Checks,
    Logins,
    Pages,
    Resets,
}

impl Work {
    const ALL: [Self; 4] = [Self::Checks, Self::Logins, Self::Pages, Self::Resets];

    const fn name(self) -> &'static str {
        match self {
            Self::Checks => "session checks",
            Self::Logins => "logins",
            Self::Pages => "pages",
            Self::Resets => "forgotten passwords",
        }
    }

    fn request(self, who: u64, token: &str) -> Vec<u8> {
        let address = Population::address(who % PEOPLE);
        match self {
            Self::Checks => get("/api/v1/sessions/current", Some(token)),
            Self::Logins => log_in_request(&address),
            Self::Pages => get("/login", None),
            Self::Resets => post("/api/v1/password-resets", &format!(r#"{{"email":"{address}"}}"#)),
        }
    }
}

#[derive(Clone, Copy)]
enum Attack {
    ReadsNothing,
    SendsABodySlowly,
    SendsAHeadSlowly,
    HoldsTheConnection,
}

impl Attack {
    const ALL: [(Self, u8, u16); 4] = [
        (Self::ReadsNothing, 10, HELD),
        (Self::SendsABodySlowly, 11, HELD),
        (Self::SendsAHeadSlowly, 12, HELD),
        (Self::HoldsTheConnection, 13, OF_ONE_NETWORK),
    ];

    /// Until the server ends it.
    async fn go_on(self, mut stream: TcpStream) -> std::io::Result<()> {
        match self {
            Self::ReadsNothing => loop {
                stream.write_all(b"GET /login HTTP/1.1\r\nhost: localhost\r\n\r\n").await?;
            },
            Self::SendsABodySlowly => {
                stream.write_all(b"POST /login HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9000\r\n\r\n").await?;
                trickle(&mut stream).await
            }
            Self::SendsAHeadSlowly => {
                stream.write_all(b"GET /login HTTP/1.1\r\nx: ").await?;
                trickle(&mut stream).await
            }
            Self::HoldsTheConnection => stream.readable().await,
        }
    }
}

async fn trickle(stream: &mut TcpStream) -> std::io::Result<()> {
    loop {
        stream.write_all(b"x").await?;
        sleep(SLOW).await;
    }
}

/// `soak [MINUTES]`
pub(crate) async fn run(arguments: &[String]) -> Ran {
    let minutes = match arguments {
        [] => 10,
        [minutes] => minutes.parse()?,
        _ => return Err("soak takes a number of minutes".into()),
    };
    for kind in kinds() {
        on(kind, Duration::from_secs(minutes * 60)).await?;
    }
    Ok(())
}

async fn on(kind: Kind, lasting: Duration) -> Ran {
    let subject = Subject::start_without_room_for_a_log(kind, PEOPLE).await?;
    let token = subject.log_in(&Population::address(0)).await?;
    let until = Instant::now() + lasting;
    let mut attacks = JoinSet::new();
    for (attack, net, held) in Attack::ALL {
        for number in 0..held {
            // The one network has one address.
            let from = Ipv4Addr::new(127, 0, net, if held == OF_ONE_NETWORK { 1 } else { u8::try_from(number % 10)? + 1 });
            attacks.spawn(attacked(attack, from, subject.address, until));
        }
    }
    let tallies: Arc<[Tally; Work::ALL.len()]> = Arc::default();
    let mut honest = JoinSet::new();
    for (at, work) in Work::ALL.into_iter().enumerate() {
        for client in 0..HONEST {
            let from = Ipv4Addr::new(127, 0, 1, u8::try_from(at)? * HONEST + client + 1);
            let (tallies, token, address) = (tallies.clone(), token.clone(), subject.address);
            honest.spawn(async move {
                let mut client = Client { from, address, connection: None };
                let mut latencies = Vec::new();
                for number in u64::from(client.from.octets()[3]).. {
                    if Instant::now() >= until {
                        break;
                    }
                    let before = Instant::now();
                    let answer = timeout(PATIENCE, client.ask(&work.request(number, &token))).await;
                    let Some(tally) = tallies.get(at) else { break };
                    let count = match answer {
                        Ok(Ok(503)) => &tally.busy,
                        Ok(Ok(_)) => &tally.answered,
                        _ => &tally.unanswered,
                    };
                    count.fetch_add(1, Ordering::Relaxed);
                    latencies.push(before.elapsed());
                    sleep(THOUGHT).await;
                }
                (at, latencies)
            });
        }
    }
    let mut most = 0.0_f64;
    while Instant::now() < until {
        sleep(Duration::from_secs(1)).await;
        most = most.max(subject.resident()?);
    }
    let mut latencies: [Vec<Duration>; Work::ALL.len()] = Default::default();
    for (at, of_client) in honest.join_all().await {
        latencies.get_mut(at).ok_or("no such work")?.extend(of_client);
    }
    attacks.abort_all();
    for ((work, tally), latencies) in Work::ALL.into_iter().zip(tallies.iter()).zip(&mut latencies) {
        latencies.sort_unstable();
        let (name, unanswered) = (work.name(), tally.unanswered.load(Ordering::Relaxed));
        let p99 = percentile(latencies, 0.99);
        note(
            &format!("soak: {kind}, {name}: answered, busy, p50, p99"),
            &format!(
                "{}, {}, {:.1} ms, {p99:.1} ms",
                tally.answered.load(Ordering::Relaxed),
                tally.busy.load(Ordering::Relaxed),
                percentile(latencies, 0.5),
            ),
        );
        print(&format!("soak: {kind}, {name} without an answer"), &unanswered.to_string(), "0", unanswered == 0);
        if matches!(work, Work::Checks) {
            print(&format!("soak: {kind}, {name}, p99"), &format!("{p99:.1} ms"), "<= 50 ms", p99 <= GOAL_MS);
        }
    }
    let bound = stated_bound()?;
    print(&format!("soak: {kind}, memory at most"), &format!("{most:.0} MiB"), &format!("<= {bound:.0} MiB"), most <= bound);
    Ok(())
}

/// What `docs/operating.md` adds up for the default settings, in MiB.
fn stated_bound() -> Result<f64, Failure> {
    let cores = f64::from(u32::try_from(std::thread::available_parallelism()?.get())?);
    Ok(100.0 + 19.0 * cores + 96.0 + 16.0 * 6.0 + 192.0 + 2.0)
}

async fn attacked(attack: Attack, from: Ipv4Addr, address: SocketAddr, until: Instant) {
    while Instant::now() < until {
        if let Ok(stream) = attackers_stream(from, address).await {
            // How it ended does not matter: it comes again.
            let _ = attack.go_on(stream).await;
        }
        sleep(SLOW).await;
    }
}

/// It takes little before it has to be read.
async fn attackers_stream(from: Ipv4Addr, address: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(2048)?;
    socket.bind((from, 0).into())?;
    socket.connect(address).await
}

/// Keeps its connection, as a browser does, and comes with another where that was closed while nothing was asked.
struct Client {
    from: Ipv4Addr,
    address: SocketAddr,
    connection: Option<Connection>,
}

impl Client {
    async fn ask(&mut self, request: &[u8]) -> Result<u16, Failure> {
        if let Some(mut kept) = self.connection.take()
            && let Ok(status) = kept.send(request).await
        {
            self.connection = Some(kept);
            return Ok(status);
        }
        let mut fresh = Connection::open_from(self.from, self.address).await?;
        let status = fresh.send(request).await?;
        self.connection = Some(fresh);
        Ok(status)
    }
}
