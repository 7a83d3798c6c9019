//! A server of one's own: the real binary, a port and a folder that nobody else has.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader},
    process::{Child, Command},
    time::timeout,
};

use super::{Api, Mail, mail};

/// A server that runs, and ends with the test.
pub(crate) struct Server {
    child: Child,
    folder: TempDir,
    settings: Vec<(String, String)>,
    /// What it listens on: `http://127.0.0.1:PORT`.
    pub(crate) url: String,
    /// The first administrator's link, if one was printed at this start.
    pub(crate) first_operator_link: Option<String>,
}

/// What a server is started with where a test says nothing else. All requests of a test come from one network: what is counted by
/// network is far away, unless the test is about that.
const DEFAULTS: [(&str, &str); 7] = [
    ("http.listen", "127.0.0.1:0"),
    ("throttle.login.per_network", "100000/PT1M"),
    ("throttle.sign_up.per_network", "100000/PT1M"),
    ("throttle.recovery.per_network", "100000/PT1M"),
    ("throttle.link.per_network", "100000/PT1M"),
    // However slow the machine is.
    ("password.hash.max_wait", "PT20S"),
    // A login leads to where it was wanted at once.
    ("setup.enabled", "false"),
];

/// The program under test.
pub(crate) fn program() -> PathBuf {
    if let Some(path) = std::env::var_os("IDENTITYD_BIN") {
        return PathBuf::from(path);
    }
    let built = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("identityd");
    assert!(built.exists(), "{} is not there: run cargo build -p identityd, or cargo xtask test", built.display());
    built
}

/// The program, with nothing in its environment but these settings (by their keys, or `RUST_LOG`) and a data folder.
pub(crate) fn command(data_dir: &Path, settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(program());
    command.env_clear().current_dir(data_dir).env("IDENTITY_DATA_DIR", data_dir).stdin(Stdio::null()).kill_on_drop(true);
    for (key, value) in settings {
        if *key == "RUST_LOG" {
            command.env(key, value);
            continue;
        }
        command.env(format!("IDENTITY_{}", key.to_uppercase().replace('.', "__")), value);
    }
    command
}

impl Server {
    /// A fresh server.
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// A fresh server with settings, by their dotted keys.
    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect::<Vec<_>>();
        for (key, value) in DEFAULTS {
            if !settings.iter().any(|(set, _)| set == key) {
                settings.push((key.to_owned(), value.to_owned()));
            }
        }
        let (child, url, first_operator_link) = launch(folder.path(), &settings).await;
        Self { child, folder, settings, url, first_operator_link }
    }

    /// Its data folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id().unwrap()
    }

    /// A client of its API.
    pub(crate) fn api(&self) -> Api {
        Api::new(&self.url)
    }

    /// Kills it without a word.
    pub(crate) async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Tells it to stop, and answers how it ended.
    pub(crate) async fn terminate(&mut self) -> std::process::ExitStatus {
        let id = rustix::process::Pid::from_raw(i32::try_from(self.child.id().unwrap()).unwrap()).unwrap();
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        timeout(Duration::from_secs(35), self.child.wait()).await.expect("it ends when it is told to").unwrap()
    }

    /// Sets something for the next start.
    pub(crate) fn set(&mut self, key: &str, value: &str) {
        self.settings.retain(|(set, _)| set != key);
        self.settings.push((key.to_owned(), value.to_owned()));
    }

    /// Starts it again over the same data.
    pub(crate) async fn restart(&mut self) {
        let (child, url, first_operator_link) = launch(self.folder.path(), &self.settings).await;
        (self.child, self.url, self.first_operator_link) = (child, url, first_operator_link);
    }

    /// Its log, once these words are in it: lines are written after the answer that they speak of.
    pub(crate) async fn log_with(&self, words: &str) -> String {
        super::eventually(&format!("a line of the log with \"{words}\""), async || {
            Some(log_of(self.folder())).filter(|log| log.contains(words))
        })
        .await
    }

    /// The mails in its development mailbox, oldest first, but those that follow from every login in a new browser and from every accepted invitation.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        let is_news = |mail: &Mail| NEWS.iter().any(|words| mail.subject.contains(words));
        self.every_mail().into_iter().filter(|mail| !is_news(mail)).collect()
    }

    /// All of them.
    pub(crate) fn every_mail(&self) -> Vec<Mail> {
        mail::in_folder(&self.folder.path().join("mailbox"))
    }

    /// The newest mail to an address, once it is there.
    pub(crate) async fn mail_to(&self, address: &str) -> Mail {
        self.nth_mail_to(address, 1).await
    }

    /// The newest mail to an address whose subject holds these words, once it is there.
    pub(crate) async fn mail_about(&self, address: &str, words: &str) -> Mail {
        super::eventually(words, async || {
            self.every_mail().into_iter().rev().find(|mail| mail.to == address && mail.subject.contains(words))
        })
        .await
    }

    /// The n-th mail to an address (from 1), once it is there.
    pub(crate) async fn nth_mail_to(&self, address: &str, n: usize) -> Mail {
        super::eventually("a mail", async || {
            let mut mails = self.mails().into_iter().filter(|mail| mail.to == address);
            mails.nth(n - 1)
        })
        .await
    }
}

/// Words of the subjects that tests of other things look past.
const NEWS: [&str; 4] = ["New sign-in", "has accepted your invitation", "تسجيل دخول جديد", "قُبلت دعوتك"];

async fn launch(folder: &Path, settings: &[(String, String)]) -> (Child, String, Option<String>) {
    let settings = settings.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect::<Vec<_>>();
    let log = std::fs::OpenOptions::new().create(true).append(true).open(folder.join("log.txt")).unwrap();
    let mut child = command(folder, &settings).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let (mut url, mut first_operator_link) = (None, None);
    // The link of the first operator is the last line, and not there when there is an operator: so a short silence ends the reading.
    while let Ok(Ok(Some(line))) =
        timeout(if url.is_none() { Duration::from_secs(20) } else { Duration::from_millis(300) }, lines.next_line()).await
    {
        if let Some(listening) = line.strip_prefix("Listening on ") {
            url = Some(listening.to_owned());
        }
        if let Some(link) = line.strip_prefix("First administrator: ") {
            first_operator_link = Some(link.to_owned());
            break;
        }
    }
    let mut rest = lines.into_inner();
    tokio::spawn(async move {
        let mut sink = Vec::new();
        rest.read_to_end(&mut sink).await
    });
    (child, url.unwrap_or_else(|| panic!("the server did not start: {}", log_of(folder))), first_operator_link)
}

fn log_of(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("log.txt")).unwrap_or_default()
}
