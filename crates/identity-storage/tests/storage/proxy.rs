//! A wire between the store and a database server that can be cut.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Passes on everything, until it is told otherwise.
pub(crate) struct Proxy {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    /// The words after which a connection is cut as soon as their answer came.
    cut_after: Mutex<Option<&'static str>>,
    lost: Mutex<usize>,
    /// Raised to cut every connection there is.
    cuts: watch::Sender<u64>,
    /// Raised to pass on nothing more by any connection there is, and not to say so.
    silences: watch::Sender<u64>,
}

impl State {
    /// Whether these bytes hold the words after which a connection is cut; they count once.
    fn is_to_be_cut_after(&self, bytes: &[u8]) -> bool {
        let mut cut_after = lock(&self.cut_after);
        let found = cut_after.is_some_and(|words| bytes.windows(words.len()).any(|window| window == words.as_bytes()));
        if found {
            *cut_after = None;
        }
        found
    }
}

impl Proxy {
    pub(crate) async fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, state, server) = (listener.local_addr().unwrap(), Arc::<State>::default(), server.to_owned());
        let shared = state.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.unwrap();
                tokio::spawn(pass_on(client, server, shared.clone()));
            }
        });
        Self { address, state }
    }

    /// The next time these words are sent to the server, its answer does not come through, and nothing after it.
    pub(crate) fn loses_the_next_answer_to(&self, words: &'static str) {
        *lock(&self.state.lost) = 0;
        *lock(&self.state.cut_after) = Some(words);
    }

    pub(crate) fn answers_lost(&self) -> usize {
        *lock(&self.state.lost)
    }

    /// Cuts every connection there is; new ones can be made.
    pub(crate) async fn breaks_every_connection(&self) {
        self.state.cuts.send_modify(|cuts| *cuts += 1);
        // A task that passes bytes on has seen it after this.
        tokio::task::yield_now().await;
    }

    /// As a firewall that forgot every connection: they stay, and nothing comes through. New ones can be made.
    pub(crate) fn swallows_every_connection(&self) {
        self.state.silences.send_modify(|silences| *silences += 1);
    }
}

fn lock<T>(value: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn pass_on(mut client: TcpStream, mut server: TcpStream, state: Arc<State>) {
    let (mut cuts, mut silences) = (state.cuts.subscribe(), state.silences.subscribe());
    let (mut asked, mut answered) = (vec![0; 65536], vec![0; 65536]);
    let mut is_cut = false;
    loop {
        tokio::select! {
            _ = cuts.changed() => return,
            _ = silences.changed() => std::future::pending().await,
            read = client.read(&mut asked) => {
                let Some(bytes) = read.ok().filter(|read| *read > 0).and_then(|read| asked.get(..read)) else { return };
                is_cut |= state.is_to_be_cut_after(bytes);
                if server.write_all(bytes).await.is_err() { return }
            }
            read = server.read(&mut answered) => {
                let Some(bytes) = read.ok().filter(|read| *read > 0).and_then(|read| answered.get(..read)) else { return };
                if is_cut {
                    *lock(&state.lost) += 1;
                    return;
                }
                if client.write_all(bytes).await.is_err() { return }
            }
        }
    }
}
