//! Where a database is.

use std::path::PathBuf;

use ::url::Url;
use sea_orm::DbErr;
use secrecy::{ExposeSecret as _, SecretString};

use crate::error::StorageError;

/// Where a database is. May hold credentials, so it is never shown.
#[derive(Clone, Debug)]
pub struct DatabaseUrl(Written);

#[derive(Clone, Debug)]
enum Written {
    Url(SecretString),
    File(PathBuf),
}

/// What a URL leads to.
pub(super) enum DatabasePlace {
    /// A file.
    Sqlite(PathBuf),
    /// A server.
    Postgres(Server),
    /// A server, or a cluster, that speaks MySQL's protocol.
    MySql(Server),
}

/// A server's database.
pub(super) struct Server {
    /// The URL as the driver reads it.
    pub(super) url: SecretString,
    /// The same without credentials.
    pub(super) shown: String,
}

impl Server {
    pub(super) fn failed(&self, source: DbErr) -> StorageError {
        StorageError::Open { place: self.shown.clone(), source }
    }
}

impl DatabaseUrl {
    /// A URL: `sqlite:///absolute/path`, `sqlite://relative/path`, `postgres://user:password@host:5432/name` or
    /// `mysql://user:password@host:3306/name` (`mariadb://` is the same). What the drivers take behind a `?`, such as
    /// `sslmode=verify-full` or `ssl-mode=VERIFY_IDENTITY`, may stand there.
    #[must_use]
    pub const fn new(url: SecretString) -> Self {
        Self(Written::Url(url))
    }

    /// An SQLite file, whatever characters its path has.
    #[must_use]
    pub const fn file(path: PathBuf) -> Self {
        Self(Written::File(path))
    }

    /// Whether there is a file for [`Storage::open`](crate::Storage::open) to open, or none is needed; where not, it would be created.
    #[must_use]
    pub fn is_there(&self) -> bool {
        !matches!(self.place(), Ok(DatabasePlace::Sqlite(path)) if !path.exists())
    }

    pub(super) fn place(&self) -> Result<DatabasePlace, StorageError> {
        let text = match &self.0 {
            Written::Url(url) => url.expose_secret(),
            Written::File(path) => return Ok(DatabasePlace::Sqlite(path.clone())),
        };
        let (scheme, rest) = text.split_once(':').ok_or(StorageError::UnknownKind)?;
        match scheme {
            "sqlite" => {
                let path = rest.strip_prefix("//").unwrap_or(rest);
                if path.starts_with(":memory:") {
                    return Err(StorageError::BadUrl(
                        "SQLite keeps everything in a file: name one, as in sqlite:///var/lib/identity.db",
                    ));
                }
                Ok(DatabasePlace::Sqlite(PathBuf::from(path.split('?').next().unwrap_or(path))))
            }
            "postgres" | "postgresql" => Ok(DatabasePlace::Postgres(server("postgres", text)?)),
            "mysql" | "mariadb" => Ok(DatabasePlace::MySql(server("mysql", text)?)),
            _ => Err(StorageError::UnknownKind),
        }
    }
}

fn server(scheme: &str, text: &str) -> Result<Server, StorageError> {
    let bad = StorageError::BadUrl;
    let url = Url::parse(text).map_err(|_| bad("it is no URL; what is not a letter or a digit in a password is written as %XX"))?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or(bad("name a host"))?;
    let name = url.path().trim_start_matches('/');
    if name.is_empty() || name.contains('/') {
        return Err(bad("name a database behind the host, as in //host/name"));
    }
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let shown = format!("{scheme}://{host}{port}/{name}");
    let rest = text.split_once(':').map_or("", |(_, rest)| rest);
    Ok(Server { url: format!("{scheme}:{rest}").into(), shown })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(url: &str) -> Result<DatabasePlace, StorageError> {
        DatabaseUrl::new(url.into()).place()
    }

    #[test]
    fn the_scheme_decides() {
        let Ok(DatabasePlace::Sqlite(path)) = place("sqlite:///var/lib/id.db?mode=rwc") else { panic!("no file") };
        assert_eq!(path, PathBuf::from("/var/lib/id.db"));
        for scheme in ["postgres", "postgresql"] {
            let Ok(DatabasePlace::Postgres(server)) =
                place(&format!("{scheme}://id:canary@db.example:5433/identity?sslmode=require"))
            else {
                panic!("no PostgreSQL")
            };
            assert_eq!(server.shown, "postgres://db.example:5433/identity");
        }
        for scheme in ["mysql", "mariadb"] {
            let Ok(DatabasePlace::MySql(server)) = place(&format!("{scheme}://id:canary@db.example/identity")) else {
                panic!("no MySQL")
            };
            assert_eq!(server.shown, "mysql://db.example/identity");
            assert_eq!(server.url.expose_secret(), "mysql://id:canary@db.example/identity");
        }
    }

    #[test]
    fn a_file_may_have_any_name() {
        let path = PathBuf::from("/srv/what? 100% #1/identity.db");
        let Ok(DatabasePlace::Sqlite(read)) = DatabaseUrl::file(path.clone()).place() else { panic!("no file") };
        assert_eq!(read, path);
    }

    #[test]
    fn what_cannot_be_read_is_said_without_its_password() {
        for url in [
            "postgres://id:canary@/identity",
            "postgres://id:canary@db",
            "mysql://id:canary@db/",
            "mysql://id:canary@d b/x",
            "oracle://id:canary@db/x",
            "sqlite::memory:",
            "canary",
        ] {
            let Err(error) = place(url) else { panic!("{url} leads somewhere") };
            assert!(!error.to_string().contains("canary"), "{error}");
        }
    }
}
