//! The configuration: a file, the environment over it, and defaults. Each table has a file here with its keys, their limits and defaults.

mod branding;
mod database;
mod deletion;
mod email_change;
mod fields;
mod http;
mod invitation;
mod log;
mod mail;
mod notifications;
mod onboarding;
mod password;
mod picture;
mod questions;
mod reference;
mod registration;
mod reset;
mod secret;
mod sections;
mod security;
mod session;
mod source;
mod throttle;
mod typed;

use std::{
    net::SocketAddr,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, Error};
use identity::ConnectionLimits;
use identity_core::{model::Settings, value::PublicUrl};
use identity_crypto::{HashParams, Peppers};
use identity_http::{CookieDomain, ReturnToOrigins, SecurityTxt, StartUrl, TrustedProxies};
use identity_mail::MailSettings;
use identity_storage::PoolLimits;
use secrecy::SecretString;

use self::sections::Sections;
pub use self::{
    mail::Transport,
    password::Breaches,
    reference::{json_schema, markdown},
};

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
    /// What every mail says of its sender.
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

impl Config {
    /// Reads the file, if there is one, and the environment.
    ///
    /// # Errors
    /// [`Error`] names the key, where it stands, and what it takes.
    pub fn load(file: Option<&Path>, environment: impl IntoIterator<Item = (String, String)>) -> Result<Self, Error> {
        let default = Path::new("identity.toml");
        let file = file.or_else(|| default.exists().then_some(default));
        Self::of(&source::read(file, environment)?)
    }

    fn of(sections: &Sections) -> Result<Self, Error> {
        let Sections { http, password, mail, .. } = sections;
        let (listen, public_url) = (http.listen(), http.public_url());
        let is_local = public_url.as_ref().is_none_or(|url| !url.is_secure()) && listen.ip().is_loopback();
        let settings = settings(sections)?;
        Ok(Self {
            data_dir: sections.data_dir()?,
            listen,
            trusted_proxies: http.trusted_proxies()?,
            connections: http.connections()?,
            database: sections.database.url()?,
            database_limits: sections.database.limits(),
            transport: mail.transport(is_local)?,
            mail: mail.settings(&settings.product_name)?,
            cookie_domain: sections.session.cookie_domain(public_url.as_ref())?,
            return_to_origins: http.return_to_origins()?,
            start_url: http.start_url(),
            security_txt: sections.security.security_txt()?,
            public_url,
            settings,
            breaches: password.breaches()?,
            hash_params: password.hash_params()?,
            peppers: password.peppers()?,
            hash_threads: password.hash_threads(),
            picture_threads: sections.picture.threads(),
            hash_max_wait: password.hash_max_wait(),
            json_logs: sections.log.is_json(),
        })
    }

    /// The path of the development mailbox.
    #[must_use]
    pub fn mailbox_dir(&self) -> PathBuf {
        self.data_dir.join("mailbox")
    }
}

/// What is set of the domain.
fn settings(sections: &Sections) -> Result<Settings, Error> {
    let provisional = || PublicUrl::parse("http://localhost").context("http.public_url");
    let public_url = sections.http.public_url().map_or_else(provisional, Ok)?;
    let (invitation_lifetime, max_invitation_lifetime) = sections.invitation.lifetimes()?;
    Ok(Settings {
        languages: sections.languages()?,
        invitation_lifetime,
        max_invitation_lifetime,
        session_limits: sections.session.limits(),
        password_policy: sections.password.policy(),
        delivery: sections.mail.delivery(),
        registration: sections.registration.settings(&sections.activation)?,
        fields: fields::fields(&sections.fields)?,
        recovery: sections.reset.settings(),
        email_change: sections.email_change.settings(),
        deletion: sections.deletion.settings(),
        notifications: sections.notifications.kinds()?,
        security_questions: sections.security_questions.settings()?,
        throttle: sections.throttle.settings(sections.http.listen().ip().is_loopback())?,
        onboarding: sections.setup.settings()?,
        ..Settings::new(sections.branding.product_name()?, public_url)
    })
}

#[cfg(test)]
mod tests {
    use identity_core::value::Language;
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::say::one_line;

    /// What a file of this text says.
    pub(super) fn sections(text: &str) -> Result<Sections, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("identity.toml");
        std::fs::write(&file, text).unwrap();
        source::read(Some(&file), []).map_err(|error| one_line(&error))
    }

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
            ("IDENTITY_PASSWORD__MIN_LENGTH", "8.5", "whole number from 8 to 64"),
            ("IDENTITY_FIELDS", "[{ kye = 1 }]", "kye"),
            ("IDENTITY_DATABASE", "postgres://ada:canary@db/identity", "database (IDENTITY_DATABASE): expected a table"),
            ("IDENTITY_HTTP__HEAD_TIMEOUT", "PT0S", "http.head_timeout"),
            ("IDENTITY_PASSWORD__HASH__MAX_WAIT", "PT0S", "password.hash.max_wait"),
            ("IDENTITY_FIELDS", "[{ label = { en = 'Team' } }]", "key"),
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
            assert!(error.contains(said) && !error.contains("canary"), "{name}={value}: {error}");
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
    fn a_secret_of_the_environment_comes_before_one_of_the_file_whichever_way_each_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let (file, secret) = (folder.path().join("identity.toml"), folder.path().join("secret"));
        std::fs::write(&secret, "sqlite:///of/the/secret.db\n").unwrap();
        let secret = secret.to_str().unwrap();
        let url = |text: &str, variable: &str, value: &str| {
            std::fs::write(&file, text).unwrap();
            let config = Config::load(Some(&file), [(variable.to_owned(), value.to_owned())]);
            config.map(|config| config.database.unwrap().expose_secret().to_owned()).map_err(|error| one_line(&error))
        };
        let (plain, in_file) = ("[database]\nurl = \"sqlite:///plain.db\"", format!("[database]\nurl_file = {secret:?}"));
        assert_eq!(url(plain, "IDENTITY_DATABASE__URL_FILE", secret).unwrap(), "sqlite:///of/the/secret.db");
        assert_eq!(url(&in_file, "IDENTITY_DATABASE__URL", "sqlite:///env.db").unwrap(), "sqlite:///env.db");
        assert_eq!(url(&in_file, "IDENTITY_DATA_DIR", "/data").unwrap(), "sqlite:///of/the/secret.db");
        assert!(url(&format!("{plain}\nurl_file = \"x\""), "IDENTITY_DATA_DIR", "/data").unwrap_err().contains("use one of them"));
    }

    #[test]
    fn unknown_keys_of_a_file_are_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("identity.toml");
        for (text, said) in [
            ("[http]\nlistne = \"x\"", "identity.toml, line 2): there is no such key; http.listen"),
            ("colour = 1", "colour"),
            ("[http]\nlisten = 8080", "http.listen"),
            ("[http", "identity.toml"),
            ("[mail]\n\nsmtp.url = \"smtp://ada:canary@host", "line 3"),
            ("http = 1", "expected a table"),
            ("database = \"postgres://ada:canary@db/identity\"", "database (/"),
            ("[mail]\nsmtp = \"smtp://ada:canary@host\"", "line 2"),
            ("\n[http]\nmax_connections = 99999999999999999999", "line 3"),
            ("[http]\nmax_connections = 1.5", "whole number"),
            ("[mail.smtp]\nurl = [\"smtp://ada:canary@host\"]", "mail.smtp.url"),
            ("[[fields]]\nkey = \"a\"\nlabel = { en = \"A\" }\n\n[[fields]]\nkey = \"b\"\nlabell = 1", "number 2: labell"),
            ("[[fields]]\nlabel = { en = \"A\" }", "key is missing"),
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
