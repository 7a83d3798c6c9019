//! Passwords from breaches: which source is asked, and how the file for one of them is made.

use std::{
    fs::File,
    io::{BufRead, BufReader, stdin},
    path::Path,
    sync::Arc,
};

use anyhow::{Context as _, Error};
use identity_core::port::{BreachedPasswords, NoBreachData};
use identity_crypto::{BreachFile, RangeService};

use crate::{
    config::{Breaches, Config},
    say::say,
};

/// How services know who asks.
const USER_AGENT: &str = concat!("identityd/", env!("CARGO_PKG_VERSION"));

/// The source that the configuration names.
pub(crate) fn open(config: &Config) -> Result<Arc<dyn BreachedPasswords>, Error> {
    Ok(match &config.breaches {
        Breaches::Off => Arc::new(NoBreachData),
        Breaches::Range(url) => Arc::new(range(url)?),
        Breaches::File(path) => Arc::new(file(path)?),
    })
}

fn range(url: &str) -> Result<RangeService, Error> {
    RangeService::new(url, USER_AGENT).context("password.breached.url")
}

fn file(path: &Path) -> Result<BreachFile, Error> {
    BreachFile::open(path).context(format!("password.breached.file {}", path.display()))
}

/// What the doctor says of the source, if there is one. A service is asked for a password that it must know.
pub(crate) async fn check(config: &Config) -> Option<Result<String, Error>> {
    match &config.breaches {
        Breaches::Off => None,
        Breaches::Range(url) => Some(match range(url) {
            Ok(service) => match service.check().await {
                Ok(()) => Ok(format!("{url} knows breached passwords")),
                Err(error) => Err(Error::new(error).context(format!("password.breached.url {url}: breached passwords pass"))),
            },
            Err(error) => Err(error),
        }),
        Breaches::File(path) => Some(file(path).map(|file| format!("{} breached passwords are known", file.count()))),
    }
}

/// Makes the file for `password.breached.source = "file"`. `-` is the standard input.
pub(crate) fn make(from: &Path, to: &Path, min_count: u64) -> Result<(), Error> {
    let place = from.display();
    let lines: Box<dyn BufRead> = if from == Path::new("-") {
        Box::new(stdin().lock())
    } else {
        Box::new(BufReader::with_capacity(1 << 20, File::open(from).context(format!("--from {place} cannot be read"))?))
    };
    let to_place = to.display();
    let built = BreachFile::build(lines, to, min_count).context(format!("{to_place} was not made from {place}"))?;
    say(&format!("Kept {} of {} passwords in {to_place}", built.kept, built.lines));
    Ok(())
}

#[cfg(test)]
mod tests {
    use identity_core::model::password::Candidate;

    use super::*;
    use crate::say::one_line;

    fn config(pairs: &[(&str, &str)]) -> Config {
        let pairs = pairs.iter().map(|(name, value)| (format!("IDENTITY_PASSWORD__BREACHED__{name}"), (*value).to_owned()));
        Config::load(Some(Path::new("/dev/null")), pairs).unwrap()
    }

    #[tokio::test]
    async fn the_file_that_was_made_is_the_one_that_is_asked() {
        let folder = tempfile::tempdir().unwrap();
        let (text, made) = (folder.path().join("pwned.txt"), folder.path().join("breached.bin"));
        let config = config(&[("SOURCE", "file"), ("FILE", made.to_str().unwrap())]);
        assert!(config.settings.password_policy.breached);
        let missing = one_line(&check(&config).await.unwrap().unwrap_err());
        assert!(missing.contains("password.breached.file") && missing.contains("cannot be read"), "{missing}");
        assert!(open(&config).is_err());
        std::fs::write(&text, "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:7\nnonsense\n").unwrap();
        let error = one_line(&make(&text, &made, 1).unwrap_err());
        assert!(error.contains("line 2 is not 40 hexadecimal digits"), "{error}");
        std::fs::write(&text, "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:7\n").unwrap();
        make(&text, &made, 1).unwrap();
        assert_eq!(check(&config).await.unwrap().unwrap(), "1 breached passwords are known");
        assert!(open(&config).unwrap().is_breached(&Candidate::new("password").unwrap()).await);
    }

    #[tokio::test]
    async fn a_service_that_is_not_there_keeps_nobody_from_starting() {
        let config = config(&[("SOURCE", "range"), ("URL", "http://127.0.0.1:9/range/")]);
        assert!(!open(&config).unwrap().is_breached(&Candidate::new("password").unwrap()).await);
        let unreachable = one_line(&check(&config).await.unwrap().unwrap_err());
        assert!(unreachable.contains("cannot be reached"), "{unreachable}");
    }

    #[tokio::test]
    async fn nobody_is_asked_by_default() {
        let config = config(&[]);
        assert!(!config.settings.password_policy.breached && check(&config).await.is_none());
    }
}
