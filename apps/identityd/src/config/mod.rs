//! The configuration: a file, the environment over it, and what holds where neither says anything.

mod deletion;
mod fields;
mod hosts;
mod keys;
mod limits;
mod notifications;
mod onboarding;
mod questions;
mod registration;
mod values;

use std::{
    net::{SocketAddr, ToSocketAddrs as _},
    num::NonZeroUsize,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, Error, anyhow};
use identity::ConnectionLimits;
use identity_core::{
    model::{
        Settings,
        email_change::EmailChangeSettings,
        outbox::DeliveryLimits,
        password::{Blocklist, PasswordPolicy, Preset},
        session::SessionLimits,
    },
    value::{EmailAddress, Language, Lifetime, PublicUrl},
};
use identity_crypto::{HashParams, PWNED_PASSWORDS, Peppers, PoolConfig};
use identity_http::{CookieDomain, ReturnToOrigins, SecurityTxt, StartUrl, TrustedProxies};
use identity_mail::{MailSettings, SmtpSettings};
use identity_storage::PoolLimits;
use secrecy::SecretString;

pub use self::keys::{KEYS, Key, Kind};
use self::values::Values;

/// Where mail goes.
#[derive(Clone, Debug)]
pub enum Transport {
    /// Into files, for development.
    Mailbox,
    /// To an SMTP server.
    Smtp(Box<SmtpSettings>),
}

/// Who knows passwords from breaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Breaches {
    /// Nobody: they are not refused.
    Off,
    /// A range service at this address.
    Range(String),
    /// A file that `identityd breached-passwords` made.
    File(PathBuf),
}

/// The configuration of one process.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where files are kept.
    pub data_dir: PathBuf,
    /// What is listened on.
    pub listen: SocketAddr,
    /// The address that people reach it at; what is listened on where nothing is said.
    pub public_url: Option<PublicUrl>,
    /// Whose word on the client's address counts.
    pub trusted_proxies: TrustedProxies,
    /// What connections may cost.
    pub connections: ConnectionLimits,
    /// The database; an SQLite file in `data_dir` where nothing is said.
    pub database: Option<SecretString>,
    /// How much of a database server is used.
    pub database_limits: PoolLimits,
    /// Where mail goes.
    pub transport: Transport,
    /// What every letter says of its sender.
    pub mail: MailSettings,
    /// What is set of the domain. Its public address stands for the real one until it is known what is listened on.
    pub settings: Settings,
    /// Who knows passwords from breaches.
    pub breaches: Breaches,
    /// What hashing a password costs.
    pub hash_params: HashParams,
    /// Keys outside of the database that hashes take in.
    pub peppers: Peppers,
    /// How many threads hash; as many as there are cores where nothing is said.
    pub hash_threads: Option<NonZeroUsize>,
    /// How many threads make pictures fit; one where nothing is said.
    pub picture_threads: Option<NonZeroUsize>,
    /// How long a password waits to be hashed.
    pub hash_max_wait: Duration,
    /// Whether logs are JSON lines.
    pub json_logs: bool,
    /// The domain whose hosts share the session's cookie.
    pub cookie_domain: Option<CookieDomain>,
    /// Where else than to our own pages a login may lead.
    pub return_to_origins: ReturnToOrigins,
    /// Where a login leads that nothing was asked for with.
    pub start_url: Option<StartUrl>,
    /// Whom to tell of a weakness.
    pub security_txt: Option<SecurityTxt>,
}

/// The languages that the program has texts in.
const SPOKEN: [&str; 2] = ["en", "ar"];

impl Config {
    /// Reads the file, if there is one, and the environment.
    ///
    /// # Errors
    /// [`Error`] names the key and what it takes.
    pub fn load(file: Option<&Path>, environment: impl IntoIterator<Item = (String, String)>) -> Result<Self, Error> {
        let mut values = Values::default();
        let default = Path::new("identity.toml");
        match file {
            Some(file) => values.read_file(file)?,
            None if default.exists() => values.read_file(default)?,
            None => {}
        }
        values.read_environment(environment)?;
        Self::from_values(&values)
    }

    fn from_values(values: &Values) -> Result<Self, Error> {
        let public_url = values.parsed("http.public_url", PublicUrl::parse)?;
        let listen = values.parsed("http.listen", listened)?.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        let transport = transport(values, public_url.as_ref(), listen)?;
        let settings = settings(values, public_url.as_ref(), listen)?;
        let proxies = values.list("http.trusted_proxies").unwrap_or_default();
        Ok(Self {
            data_dir: data_dir(values)?,
            listen,
            trusted_proxies: TrustedProxies::parse(proxies.iter().map(String::as_str))
                .map_err(|text| anyhow!("http.trusted_proxies: {text:?} is neither an address nor a network such as 10.0.0.0/8"))?,
            connections: connections(values)?,
            database: values.text("database.url").map(SecretString::from),
            database_limits: database_limits(values)?,
            mail: mail(values, &transport)?,
            transport,
            cookie_domain: hosts::cookie_domain(values, public_url.as_ref())?,
            return_to_origins: hosts::return_to_origins(values)?,
            start_url: hosts::start_url(values)?,
            security_txt: hosts::security_txt(values)?,
            public_url,
            settings,
            breaches: breaches(values)?,
            hash_params: HashParams::new(
                values.number("password.hash.memory_kib")?.unwrap_or(19_456),
                values.number("password.hash.iterations")?.unwrap_or(2),
                1,
            )
            .context("password.hash")?,
            peppers: values.parsed("password.peppers", Peppers::parse)?.unwrap_or_default(),
            hash_threads: threads(values, "password.hash.threads")?,
            picture_threads: threads(values, "picture.threads")?,
            hash_max_wait: values
                .parsed("password.hash.max_wait", Lifetime::parse)?
                .map_or(PoolConfig::default().max_wait, |wait| Duration::from_secs(wait.as_seconds().unsigned_abs())),
            json_logs: match values.word("log.format", "text").as_str() {
                "text" => false,
                "json" => true,
                _ => return Err(anyhow!("log.format: use text or json")),
            },
        })
    }

    /// The path of the development mailbox.
    #[must_use]
    pub fn mailbox_dir(&self) -> PathBuf {
        self.data_dir.join("mailbox")
    }
}

/// What is set of the domain; where nothing is said, what [`Settings::new`] says.
fn settings(values: &Values, public_url: Option<&PublicUrl>, listen: SocketAddr) -> Result<Settings, Error> {
    let provisional = || PublicUrl::parse("http://localhost").context("http.public_url");
    let standard = Settings::new(product_name(values)?, public_url.cloned().map_or_else(provisional, Ok)?);
    let lifetime = |key, default| Ok::<_, Error>(values.parsed(key, Lifetime::parse)?.unwrap_or(default));
    let (sessions, email_change) = (standard.session_limits, standard.email_change);
    let settings = Settings {
        languages: languages(values)?,
        invitation_lifetime: lifetime("invitation.expires_in", standard.invitation_lifetime)?,
        max_invitation_lifetime: lifetime("invitation.max_expires_in", standard.max_invitation_lifetime)?,
        session_limits: SessionLimits {
            idle: lifetime("session.idle", sessions.idle)?,
            absolute: lifetime("session.absolute", sessions.absolute)?,
            remember: lifetime("session.remember", sessions.remember)?,
            reauthenticate_after: lifetime("session.reauthenticate_after", sessions.reauthenticate_after)?,
        },
        password_policy: password_policy(values)?,
        delivery: DeliveryLimits { lease: lifetime("mail.lease", standard.delivery.lease)?, ..standard.delivery },
        registration: registration::registration(values)?,
        fields: fields::fields(values)?,
        recovery: registration::recovery(values)?,
        email_change: EmailChangeSettings {
            lifetime: lifetime("email_change.expires_in", email_change.lifetime)?,
            undo_lifetime: lifetime("email_change.undo_expires_in", email_change.undo_lifetime)?,
        },
        deletion: deletion::deletion(values)?,
        notifications: notifications::kinds(values)?,
        security_questions: questions::questions(values)?,
        throttle: limits::throttle(values, listen.ip().is_loopback())?,
        onboarding: onboarding::onboarding(values)?,
        ..standard
    };
    if settings.invitation_lifetime > settings.max_invitation_lifetime {
        return Err(anyhow!("invitation.expires_in is longer than invitation.max_expires_in"));
    }
    Ok(settings)
}

/// An address and a port; a name such as `localhost` is looked up.
fn listened(text: &str) -> Result<SocketAddr, String> {
    const FORM: &str = "use an address and a port, such as 127.0.0.1:8080, [::1]:8080 or localhost:8080";
    let refused = || match text.trim().parse::<u16>().or_else(|_| text.trim().trim_start_matches(':').parse()) {
        Ok(port) => format!("{FORM}; for port {port} of every interface write 0.0.0.0:{port}"),
        Err(_) => FORM.to_owned(),
    };
    let mut found = text.trim().to_socket_addrs().map_err(|_| refused())?;
    found.next().ok_or_else(refused)
}

fn data_dir(values: &Values) -> Result<PathBuf, Error> {
    let text = values.text("data_dir").unwrap_or("./data");
    // A shell would have replaced it; here it would be a folder of that name.
    if text == "~" || text.starts_with("~/") {
        return Err(anyhow!("data_dir: write the whole path, since ~ stands for your home folder in a shell only"));
    }
    if text.trim().is_empty() {
        return Err(anyhow!("data_dir: name a folder, such as /var/lib/identity"));
    }
    Ok(PathBuf::from(text))
}

fn database_limits(values: &Values) -> Result<PoolLimits, Error> {
    let standard = PoolLimits::default();
    match values.number("database.max_connections")? {
        None => Ok(standard),
        Some(max_connections @ 1..=1000) => Ok(PoolLimits { max_connections }),
        Some(_) => Err(anyhow!("database.max_connections: use a number from 1 to 1000")),
    }
}

fn connections(values: &Values) -> Result<ConnectionLimits, Error> {
    let standard = ConnectionLimits::default();
    let most = match values.number("http.max_connections")? {
        Some(most) => most,
        None => u32::try_from(standard.most).context("http.max_connections")?,
    };
    if !(1..=1_000_000).contains(&most) {
        return Err(anyhow!("http.max_connections: use a number from 1 to 1000000"));
    }
    // Half, so that one network does not keep everybody else out; a browser has several connections.
    let share = values.number("http.max_connections_per_network")?.unwrap_or(most.div_ceil(2).max(16).min(most));
    if !(1..=most).contains(&share) {
        return Err(anyhow!("http.max_connections_per_network: use a number from 1 to {most}, http.max_connections"));
    }
    let seconds = |key, default| -> Result<Duration, Error> {
        let lifetime = values.parsed(key, Lifetime::parse)?;
        Ok(lifetime.map_or(default, |lifetime| Duration::from_secs(lifetime.as_seconds().unsigned_abs())))
    };
    Ok(ConnectionLimits {
        most: usize::try_from(most).context("http.max_connections")?,
        share: usize::try_from(share).context("http.max_connections_per_network")?,
        head: seconds("http.head_timeout", standard.head)?,
        write: seconds("http.write_timeout", standard.write)?,
        drain: seconds("http.drain", standard.drain)?,
    })
}

fn transport(values: &Values, public_url: Option<&PublicUrl>, listen: SocketAddr) -> Result<Transport, Error> {
    match values.word("mail.transport", "mailbox").as_str() {
        "mailbox" => {
            let is_local = public_url.is_none_or(|url| !url.is_secure()) && listen.ip().is_loopback();
            if is_local {
                Ok(Transport::Mailbox)
            } else {
                Err(anyhow!(
                    "mail.transport: the development mailbox shows every mail to everybody; with a public address, or an http.listen that is not the loopback, use smtp"
                ))
            }
        }
        "smtp" => {
            let url =
                values.text("mail.smtp.url").ok_or_else(|| anyhow!("mail.smtp.url is needed for mail.transport = \"smtp\""))?;
            let mut settings = SmtpSettings::parse(url).context("mail.smtp.url")?;
            if let Some(path) = values.text("mail.smtp.ca_file") {
                settings.extra_roots = Some(std::fs::read(path).context(format!("mail.smtp.ca_file {path} cannot be read"))?);
            }
            Ok(Transport::Smtp(Box::new(settings)))
        }
        _ => Err(anyhow!("mail.transport: use mailbox or smtp")),
    }
}

fn mail(values: &Values, transport: &Transport) -> Result<MailSettings, Error> {
    let from = match (values.parsed("mail.from", EmailAddress::parse)?, transport) {
        (Some(from), _) => from,
        (None, Transport::Mailbox) => EmailAddress::parse("identity@example.invalid").context("mail.from")?,
        (None, Transport::Smtp(_)) => return Err(anyhow!("mail.from is needed for mail.transport = \"smtp\"")),
    };
    let support = values.parsed("mail.support", EmailAddress::parse)?.unwrap_or_else(|| from.clone());
    let from_name = match values.text("mail.from_name") {
        Some(name) if name.chars().any(char::is_control) => {
            return Err(anyhow!("mail.from_name: leave out control characters"));
        }
        Some(name) => name.to_owned(),
        None => product_name(values)?,
    };
    Ok(MailSettings { from, from_name, support })
}

fn threads(values: &Values, key: &str) -> Result<Option<NonZeroUsize>, Error> {
    let refused = || anyhow!("{key}: use a number from 1 to 256");
    let read = |threads| match threads {
        1..=256 => usize::try_from(threads).ok().and_then(NonZeroUsize::new).ok_or_else(refused),
        _ => Err(refused()),
    };
    values.number(key)?.map(read).transpose()
}

fn product_name(values: &Values) -> Result<String, Error> {
    let name = values.text("branding.product_name").unwrap_or("Identity");
    if name.trim().is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) {
        return Err(anyhow!("branding.product_name: use 1 to 60 characters on one line"));
    }
    Ok(name.to_owned())
}

fn languages(values: &Values) -> Result<Vec<Language>, Error> {
    let wanted = values.list("languages").unwrap_or_else(|| SPOKEN.map(str::to_owned).to_vec());
    let unknown = |tag: &String| !SPOKEN.contains(&tag.as_str());
    let is_twice = wanted.iter().enumerate().any(|(at, tag)| wanted.iter().take(at).any(|earlier| earlier == tag));
    if wanted.is_empty() || is_twice || wanted.iter().any(unknown) {
        return Err(anyhow!("languages: choose from {}, each once", SPOKEN.join(", ")));
    }
    wanted.iter().map(|tag| Language::parse(tag).context("languages")).collect()
}

fn breaches(values: &Values) -> Result<Breaches, Error> {
    match values.word("password.breached.source", "off").as_str() {
        "off" => Ok(Breaches::Off),
        "range" => Ok(Breaches::Range(values.text("password.breached.url").unwrap_or(PWNED_PASSWORDS).to_owned())),
        "file" => {
            let file = values.text("password.breached.file");
            let file = file.ok_or_else(|| anyhow!("password.breached.file is needed for password.breached.source = \"file\""))?;
            Ok(Breaches::File(PathBuf::from(file)))
        }
        _ => Err(anyhow!("password.breached.source: use off, range or file")),
    }
}

fn password_policy(values: &Values) -> Result<PasswordPolicy, Error> {
    let preset =
        Preset::parse(&values.word("password.preset", "classic")).ok_or_else(|| anyhow!("password.preset: use classic or nist"))?;
    let rules = PasswordPolicy::preset(preset);
    let policy = PasswordPolicy {
        preset,
        min_length: values.number("password.min_length")?.unwrap_or(rules.min_length),
        uppercase: values.switch("password.uppercase").unwrap_or(rules.uppercase),
        lowercase: values.switch("password.lowercase").unwrap_or(rules.lowercase),
        digit: values.switch("password.digit").unwrap_or(rules.digit),
        special: values.switch("password.special").unwrap_or(rules.special),
        blocklist: match values.text("password.blocklist").map(str::to_ascii_lowercase).as_deref() {
            None => rules.blocklist,
            Some("contains") => Blocklist::Contains,
            Some("whole") => Blocklist::Whole,
            Some(_) => return Err(anyhow!("password.blocklist: use contains or whole")),
        },
        history: match values.number("password.history")? {
            None => rules.history,
            Some(history @ 0..=24) => history,
            Some(_) => return Err(anyhow!("password.history: use a number from 0 to 24; each costs a computation")),
        },
        min_score: match values.number("password.min_score")? {
            None => rules.min_score,
            Some(score @ 0..=4) => u8::try_from(score).context("password.min_score")?,
            Some(_) => return Err(anyhow!("password.min_score: use a number from 0 to 4")),
        },
        breached: breaches(values)? != Breaches::Off,
    };
    if !(8..=64).contains(&policy.min_length) {
        return Err(anyhow!("password.min_length: use a number from 8 to 64 (NIST SP 800-63B-4)"));
    }
    Ok(policy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::one_line;

    fn load(pairs: &[(&str, &str)]) -> Result<Config, String> {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::load(Some(Path::new("/dev/null")), pairs).map_err(|error| one_line(&error))
    }

    #[test]
    fn everything_has_a_default() {
        let config = load(&[]).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!((config.settings.invitation_lifetime.to_string(), config.hash_params.memory_kib()), ("P7D".to_owned(), 19_456));
    }

    #[test]
    fn what_is_wrong_is_said_by_the_name_of_its_key() {
        for (name, value, said) in [
            ("IDENTITY_HTTP__LISTEN", "here", "http.listen"),
            ("IDENTITY_HTTP__LISTEN", "8080", "0.0.0.0:8080"),
            ("IDENTITY_HTTP__LISTEN", ":8080", "0.0.0.0:8080"),
            ("IDENTITY_DATA_DIR", "~/identity", "whole path"),
            ("IDENTITY_HTTP__MAX_CONNECTIONS_PER_NETWORK", "2000", "http.max_connections_per_network"),
            ("IDENTITY_HTTP_LISTEN", "127.0.0.1:1", "IDENTITY_HTTP_LISTEN"),
            ("IDENTITY_HTTP__PUBLIC_URL", "http://id.example.org", "http.public_url"),
            ("IDENTITY_HTTP__LISTNE", "127.0.0.1:1", "IDENTITY_HTTP__LISTNE"),
            ("IDENTITY_PASSWORD__HASH__MEMORY_KIB", "4096", "password.hash"),
            ("IDENTITY_PASSWORD__MIN_LENGTH", "seven", "password.min_length"),
            ("IDENTITY_PASSWORD__MIN_LENGTH", "4", "password.min_length"),
            ("IDENTITY_PASSWORD__UPPERCASE", "perhaps", "password.uppercase"),
            ("IDENTITY_PASSWORD__BREACHED__SOURCE", "cloud", "password.breached.source"),
            ("IDENTITY_PASSWORD__BREACHED__SOURCE", "file", "password.breached.file"),
            ("IDENTITY_MAIL__TRANSPORT", "smtp", "mail.smtp.url"),
            ("IDENTITY_SESSION__IDLE", "30m", "session.idle"),
            ("IDENTITY_LANGUAGES", "en,xx", "languages"),
            ("IDENTITY_LANGUAGES", "en,en", "languages"),
            ("IDENTITY_PASSWORD__HASH__THREADS", "0", "password.hash.threads"),
            ("IDENTITY_HTTP__LISTEN", "0.0.0.0:8080", "mail.transport"),
            ("IDENTITY_HTTP__TRUSTED_PROXIES", "10.0.0.0/99", "http.trusted_proxies"),
            ("IDENTITY_DATABASE__URL_FILE", "/no/such/file", "database.url"),
            ("IDENTITY_SESSION__COOKIE_DOMAIN", "example.org", "session.cookie_domain needs http.public_url"),
            ("IDENTITY_HTTP__RETURN_TO_ORIGINS", "https://app.example.org/path", "http.return_to_origins"),
            ("IDENTITY_HTTP__RETURN_TO_ORIGINS", "http://app.example.org", "http.return_to_origins"),
            ("IDENTITY_HTTP__START_URL", "app.example.org", "http.start_url"),
            ("IDENTITY_HTTP__START_URL", "http://app.example.org/", "http.start_url"),
            ("IDENTITY_SECURITY__CONTACT", "mailto:security@example.org", "security.expires"),
            ("IDENTITY_SECURITY__EXPIRES", "2027-01-01T00:00:00Z", "security.contact"),
            ("IDENTITY_SECURITY__EXPIRES", "tomorrow", "security.expires"),
            ("IDENTITY_DELETION__GRACE", "a month", "deletion.grace"),
            ("IDENTITY_DELETION__ENABLED", "perhaps", "deletion.enabled"),
            ("IDENTITY_THROTTLE__EXPORT__PER_ACCOUNT", "5", "throttle.export.per_account"),
        ] {
            let error = load(&[(name, value)]).unwrap_err();
            assert!(error.contains(said), "{name}={value}: {error}");
        }
        assert!(load(&[("IDENTITY_HTTP__PUBLIC_URL", "https://id.example.org")]).unwrap_err().contains("mail.transport"));
    }

    #[test]
    fn what_is_meant_is_taken() {
        let config = load(&[
            ("IDENTITY_HTTP__LISTEN", "localhost:8080"),
            ("IDENTITY_HTTP__PUBLIC_URL", ""),
            ("IDENTITY_DATABASE__URL", " "),
            ("IDENTITY_PASSWORD__UPPERCASE", "FALSE"),
            ("IDENTITY_DELETION__ENABLED", "off"),
            ("IDENTITY_DATABASE__MAX_CONNECTIONS", " 8 "),
            ("IDENTITY_DATA_DIR", "/srv/what? 100% #1"),
            ("IDENTITY_REGISTRATION__MODE", " Open"),
            ("IDENTITY_SESSION__IDLE", "PT30M "),
            ("IDENTITY_MAIL__FROM", "\"Identity, Inc.\" <no-reply@example.org>"),
            ("IDENTITY_HTTP__TRUSTED_PROXIES", "10.0.0.0/255.0.0.0; [::1]"),
        ])
        .unwrap();
        assert!(config.listen.ip().is_loopback() && config.public_url.is_none() && config.database.is_none());
        assert!(!config.settings.password_policy.uppercase && !config.settings.deletion.enabled);
        assert_eq!(config.database_limits.max_connections, 8);
        assert_eq!(config.data_dir, Path::new("/srv/what? 100% #1"));
    }

    #[test]
    fn variables_that_kubernetes_and_docker_set_for_a_service_of_the_name_are_left_alone() {
        for (name, value) in [
            ("IDENTITY_SERVICE_HOST", "10.3.2.1"),
            ("IDENTITY_SERVICE_PORT", "8080"),
            ("IDENTITY_SERVICE_PORT_HTTP", "8080"),
            ("IDENTITY_PORT", "tcp://10.3.2.1:8080"),
            ("IDENTITY_PORT_8080_TCP", "tcp://10.3.2.1:8080"),
            ("IDENTITY_PORT_8080_TCP_PROTO", "tcp"),
            ("IDENTITY_PORT_8080_TCP_PORT", "8080"),
            ("IDENTITY_PORT_8080_TCP_ADDR", "10.3.2.1"),
            ("IDENTITY_POSTGRES_SERVICE_HOST", "10.3.2.2"),
            ("IDENTITY_POSTGRES_PORT_5432_TCP_ADDR", "10.3.2.2"),
            ("IDENTITY_DB_RW_SERVICE_PORT_POSTGRES", "5432"),
            ("IDENTITY_PORT_53_UDP", "udp://10.3.2.1:53"),
        ] {
            assert!(load(&[(name, value)]).is_ok(), "{name}");
        }
        for name in ["IDENTITY_PORTS", "IDENTITY_HTTP_PORT_NUMBER", "IDENTITY_SERVICE"] {
            assert!(load(&[(name, "1")]).unwrap_err().contains(name), "{name}");
        }
    }

    #[test]
    fn the_session_is_shared_with_the_domain_that_the_public_address_is_in() {
        let shared = |domain| {
            load(&[("IDENTITY_HTTP__PUBLIC_URL", "http://id.sso.localhost:8080"), ("IDENTITY_SESSION__COOKIE_DOMAIN", domain)])
        };
        assert_eq!(shared("sso.localhost").unwrap().cookie_domain.unwrap().as_str(), "sso.localhost");
        for other in ["localhost", "app.sso.localhost", "example.org"] {
            assert!(shared(other).unwrap_err().contains("session.cookie_domain"), "{other}");
        }
    }

    #[test]
    fn an_account_stays_for_a_month_or_as_long_as_is_said() {
        let grace = |pairs: &[_]| load(pairs).unwrap().settings.deletion.grace.map(|grace| grace.to_string());
        assert_eq!(grace(&[]).as_deref(), Some("P30D"));
        assert_eq!(grace(&[("IDENTITY_DELETION__GRACE", "P7D")]).as_deref(), Some("P7D"));
        assert_eq!(grace(&[("IDENTITY_DELETION__GRACE", "P0D")]), None);
        assert!(
            load(&[]).unwrap().settings.deletion.enabled
                && !load(&[("IDENTITY_DELETION__ENABLED", "false")]).unwrap().settings.deletion.enabled
        );
    }

    #[test]
    fn secrets_come_from_files_too() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("url");
        std::fs::write(&file, "smtp://ada:secret@mail.example.org:587?tls=required\n").unwrap();
        let config = load(&[
            ("IDENTITY_MAIL__TRANSPORT", "smtp"),
            ("IDENTITY_MAIL__SMTP__URL_FILE", file.to_str().unwrap()),
            ("IDENTITY_MAIL__FROM", "id@example.org"),
        ]);
        let Transport::Smtp(smtp) = config.unwrap().transport else { panic!("not SMTP") };
        assert_eq!(smtp.host, "mail.example.org");
        assert!(!format!("{smtp:?}").contains("secret"));
    }

    #[test]
    fn unknown_keys_of_a_file_are_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("identity.toml");
        for (text, said) in [
            ("[http]\nlistne = \"x\"", "http.listne"),
            ("colour = 1", "colour"),
            ("[http]\nlisten = 8080", "http.listen"),
            ("[http", "identity.toml"),
            ("[mail]\n\nsmtp.url = \"smtp://ada:canary@host", "line 3"),
            ("http = 1", "http"),
        ] {
            std::fs::write(&file, text).unwrap();
            let error = one_line(&Config::load(Some(&file), []).unwrap_err());
            assert!(error.contains(said) && !error.contains('\n') && !error.contains("canary"), "{text}: {error}");
        }
        std::fs::write(&file, "languages = [\"ar\"]\n[password]\nmin_length = 12\nuppercase = false").unwrap();
        let config = Config::load(Some(&file), [("IDENTITY_PASSWORD__MIN_LENGTH".to_owned(), "14".to_owned())]).unwrap();
        assert_eq!((config.settings.password_policy.min_length, config.settings.password_policy.uppercase), (14, false));
        assert_eq!(config.settings.languages, [Language::parse("ar").unwrap()]);
    }
}
