//! A mail server of another make, with a certificate authority of its own.

use std::{
    net::{IpAddr, Ipv4Addr},
    path::Path,
    process::Stdio,
    time::Duration,
};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, SanType,
};
use serde_json::Value;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::timeout,
};

use super::{Mail, Server, eventually};

const USER: &str = "mailer";
const PASSWORD: &str = "p@ss:word/1";

/// A mail server; it ends with the test.
pub(crate) struct Peer {
    _process: Child,
    folder: TempDir,
    port: u16,
}

/// A message as it was handed over.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) mail: Mail,
    /// Whether the server took it, who it was from and to, the version of TLS, who had logged in.
    pub(crate) envelope: Value,
}

/// Settings, by their dotted keys.
pub(crate) type Settings = Vec<(&'static str, String)>;

impl Peer {
    /// Starts one with the script's options.
    pub(crate) async fn start(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        certificates(folder.path());
        let mut command = Command::new("/usr/bin/python3");
        command.args(["-c", include_str!("../smtp_peer.py"), "--user", USER, "--password", PASSWORD]);
        command.arg("--out").arg(folder.path()).arg("--cert").arg(path("server.pem")).arg("--key").arg(path("server.key"));
        // Her own login is told to the operator by mail as well: no test is about that.
        command.args(["--aside", "ada@acme.example"]).args(options).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let needed = "no mail server for tests: run `apt-get install python3-aiosmtpd`, or cargo xtask test, which does";
        let mut process = command.spawn().expect(needed);
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let line = timeout(Duration::from_secs(20), lines.next_line()).await.expect("it listens within 20 seconds").unwrap();
        let port = line.as_deref().and_then(|line| line.strip_prefix("port ")).expect(needed).parse().unwrap();
        Self { _process: process, folder, port }
    }

    /// What a server needs to send mail through it.
    pub(crate) fn settings(&self) -> Settings {
        self.settings_with(&format!("smtp://{}@127.0.0.1:{}?tls=required", login(PASSWORD), self.port))
    }

    /// The same where TLS comes first.
    pub(crate) fn settings_with_implicit_tls(&self) -> Settings {
        self.settings_with(&format!("smtps://{}@localhost:{}", login(PASSWORD), self.port))
    }

    /// The same with a password that is not right.
    pub(crate) fn settings_with_wrong_password(&self) -> Settings {
        self.settings_with(&format!("smtp://{}@127.0.0.1:{}?tls=required", login("other"), self.port))
    }

    fn settings_with(&self, url: &str) -> Settings {
        let mut settings = sending_by(url);
        settings.push(("mail.smtp.ca_file", self.folder.path().join("ca.pem").display().to_string()));
        settings
    }

    /// What happened, a line each.
    pub(crate) fn events(&self) -> Vec<String> {
        let events = std::fs::read_to_string(self.folder.path().join("events.txt")).unwrap_or_default();
        events.lines().map(str::to_owned).collect()
    }

    /// How often something happened that starts like this.
    pub(crate) fn count(&self, event: &str) -> usize {
        self.events().iter().filter(|line| line.starts_with(event)).count()
    }

    /// The messages that were handed over, taken or not, in their order.
    pub(crate) fn received(&self) -> Vec<Received> {
        let numbers = (1..).map(|number| self.folder.path().join(format!("{number:04}.json")));
        let whole = numbers.map_while(|path| std::fs::read(&path).ok().map(|rest| (path, rest)));
        let received = whole.map(|(path, rest)| Received {
            mail: Mail::parse(&std::fs::read(path.with_extension("eml")).unwrap()),
            envelope: serde_json::from_slice(&rest).unwrap(),
        });
        received.collect()
    }

    /// The n-th message (from 1), once it is there.
    pub(crate) async fn nth(&self, n: usize) -> Received {
        eventually("a message", async || self.received().into_iter().nth(n - 1)).await
    }
}

fn login(password: &str) -> String {
    let encoded = password
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") });
    format!("{USER}:{}", encoded.collect::<String>())
}

/// What a server needs to send mail by a URL.
pub(crate) fn sending_by(url: &str) -> Settings {
    vec![
        ("mail.transport", "smtp".to_owned()),
        ("mail.smtp.url", url.to_owned()),
        ("mail.from", "id@acme.example".to_owned()),
        ("mail.support", "help@acme.example".to_owned()),
    ]
}

/// The settings as they are given to the program.
pub(crate) fn pairs(settings: &Settings) -> Vec<(&str, &str)> {
    settings.iter().map(|(key, value)| (*key, value.as_str())).collect()
}

impl Server {
    /// A fresh server with settings of a mail server.
    pub(crate) async fn sending(settings: &Settings) -> Self {
        Self::with(&pairs(settings)).await
    }
}

/// An authority (ca.pem) and a certificate of it for this machine (server.pem, server.key).
fn certificates(folder: &Path) {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.distinguished_name.push(DnType::CommonName, "Test authority");
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let mut server = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    server.subject_alt_names.push(SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    server.distinguished_name.push(DnType::CommonName, "localhost");
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    server.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate().unwrap();
    let certificate = server.signed_by(&key, &authority).unwrap();
    for (name, text) in [("ca.pem", authority.pem()), ("server.pem", certificate.pem()), ("server.key", key.serialize_pem())] {
        std::fs::write(folder.join(name), text).unwrap();
    }
}
