//! What the tests need of the machine: a browser that can be driven, a mail server to talk to, proxies, and database servers. What is
//! missing is installed where we may; otherwise the run stops with the one line to type. Nothing is skipped in silence.

use anyhow::{Context as _, Error};
use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::cargo::{output, status};

/// The mail server of the tests runs in the system's Python: a version manager's knows nothing of Debian's modules.
const PYTHON: &str = "/usr/bin/python3";

/// What Debian's PostgreSQL does when it is installed.
const CLUSTERS: &str = "/etc/postgresql-common/createcluster.conf";

/// Where Debian has it; not on everybody's path.
const NGINX: &str = "/usr/sbin/nginx";
const PGBOUNCER: &str = "/usr/sbin/pgbouncer";

/// Packages whose servers start with the machine.
const PROXIES: [&str; 3] = ["nginx", "caddy", "pgbouncer"];

/// What Debian's packages ask before they start a service (101: no).
const POLICY: &str = "/usr/sbin/policy-rc.d";

struct Need {
    package: &'static str,
    present: fn() -> bool,
}

const NEEDS: [Need; 9] = [
    Need { package: "chromium", present: || on_path("chromium") },
    Need { package: "default-jre-headless", present: || on_path("java") },
    Need { package: "chromium-driver", present: || on_path("chromedriver") },
    Need { package: "python3-aiosmtpd", present: || quietly(Command::new(PYTHON).args(["-c", "import aiosmtpd"])) },
    Need { package: "python3-pip", present: || quietly(Command::new(PYTHON).args(["-m", "pip", "--version"])) },
    Need { package: "curl", present: || on_path("curl") },
    Need { package: "nginx", present: || Path::new(NGINX).is_file() },
    Need { package: "pgbouncer", present: || Path::new(PGBOUNCER).is_file() },
    Need { package: "caddy", present: || on_path("caddy") },
];

/// Only screenshots are poorer without it: the tests pass with boxes in place of Arabic letters.
const FONT: Need = Need { package: "fonts-noto-core", present: has_arabic_font };

pub(crate) fn prepare() -> Result<(), Error> {
    packages()?;
    let fetched = identity_testbed::axe_core()
        .and_then(|_| identity_testbed::html_checker())
        .and_then(|_| identity_testbed::common_passwords())
        .and_then(|_| identity_testbed::schemathesis());
    fetched.map(drop).with_context(|| "the tests need more than this machine has")
}

fn packages() -> Result<(), Error> {
    let mut missing = missing();
    if missing.is_empty() && (FONT.present)() {
        return Ok(());
    }
    let may = on_path("apt-get") && is_root();
    if may {
        if !(FONT.present)() {
            missing.push(FONT.package);
        }
        println!("── installing {}", missing.join(", "));
        let installed = install(&missing);
        missing = self::missing();
        if let Err(error) = installed {
            println!("{error:#}");
        }
    }
    if !(FONT.present)() {
        println!("no Arabic font ({}): pages in Arabic are tested all the same, their pictures show boxes", FONT.package);
    }
    if missing.is_empty() { Ok(()) } else { Err(Error::msg(advice(&missing, is_root(), on_path("apt-get")))) }
}

fn missing() -> Vec<&'static str> {
    let programs = NEEDS.iter().filter(|need| !(need.present)()).map(|need| need.package);
    programs.chain(identity_testbed::missing()).collect()
}

fn install(packages: &[&str]) -> Result<(), Error> {
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
        command
    };
    status(apt().arg("update"))?;
    if packages.contains(&"postgresql") {
        no_cluster(Path::new(CLUSTERS)).with_context(|| format!("cannot write {CLUSTERS}"))?;
    }
    // The settings that we just wrote stay, where the package brings its own.
    let installing =
        || status(apt().env("UCF_FORCE_CONFFOLD", "1").args(["install", "-y", "--no-install-recommends"]).args(packages));
    let proxies = packages.iter().filter(|package| PROXIES.contains(package)).collect::<Vec<_>>();
    if proxies.is_empty() {
        return installing();
    }
    // The tests start what they need; nobody asked for a server on port 80, neither now nor when the machine starts again.
    let installed = without_services(Path::new(POLICY), installing)?;
    if on_path("systemctl") {
        quietly(Command::new("systemctl").arg("disable").args(proxies));
    }
    installed
}

/// Does something while no package starts a service. A policy that is there already is somebody's, and stays.
fn without_services<T>(policy: &Path, act: impl FnOnce() -> T) -> Result<T, Error> {
    let failed = |error| Error::new(error).context(format!("cannot write {}", policy.display()));
    let ours = match OpenOptions::new().write(true).create_new(true).mode(0o755).open(policy) {
        Ok(mut file) => file.write_all(b"#!/bin/sh\nexit 101\n").map(|()| true).map_err(failed)?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
        Err(error) => return Err(failed(error)),
    };
    let done = act();
    if ours {
        fs::remove_file(policy).map_err(failed)?;
    }
    Ok(done)
}

/// Debian's package makes a cluster of its own and starts it; the tests make theirs, and nobody asked for another. Settings that
/// are there already are somebody's, and stay.
fn no_cluster(settings: &Path) -> io::Result<()> {
    if let Some(folder) = settings.parent() {
        fs::create_dir_all(folder)?;
    }
    match OpenOptions::new().write(true).create_new(true).open(settings) {
        Ok(mut file) => file.write_all(b"create_main_cluster = false\n"),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// The one line to type.
fn advice(packages: &[&str], root: bool, apt: bool) -> String {
    let packages = packages.join(" ");
    let sudo = if root { "" } else { "sudo " };
    let line = format!("{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {packages}");
    if apt {
        format!("the tests need more of this machine, run: {line}")
    } else {
        format!("install what Debian calls {packages}; there: {line}")
    }
}

fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn on_path(program: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

fn quietly(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|ended| ended.success())
}

fn has_arabic_font() -> bool {
    let listed = on_path("fc-list")
        && output(Command::new("fc-list").args([":lang=ar", "family"])).is_ok_and(|fonts| !fonts.trim().is_empty());
    listed || ["/usr/share/fonts", "/usr/local/share/fonts"].iter().any(|folder| names_arabic(Path::new(folder)))
}

/// Where fontconfig's own program is not installed, the files' names tell.
fn names_arabic(folder: &Path) -> bool {
    let Ok(entries) = folder.read_dir() else { return false };
    entries.flatten().any(|entry| {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder { names_arabic(&entry.path()) } else { entry.file_name().to_string_lossy().contains("Arabic") }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_advice_is_one_line_to_type() {
        let line = advice(&["chromium", "chromium-driver"], false, true);
        assert!(line.ends_with("sudo apt-get update && sudo apt-get install -y --no-install-recommends chromium chromium-driver"));
        assert_eq!(line.lines().count(), 1);
        assert!(!advice(&["chromium"], true, true).contains("sudo"));
        assert!(advice(&["chromium"], false, false).starts_with("install what Debian calls chromium;"));
    }

    #[test]
    fn settings_of_clusters_are_written_once() {
        let folder = env::temp_dir().join(format!("identity-xtask-{}", std::process::id()));
        let settings = folder.join("createcluster.conf");
        no_cluster(&settings).unwrap();
        assert_eq!(fs::read_to_string(&settings).unwrap(), "create_main_cluster = false\n");
        fs::write(&settings, "somebody's").unwrap();
        no_cluster(&settings).unwrap();
        assert_eq!(fs::read_to_string(&settings).unwrap(), "somebody's");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn no_service_is_started_while_packages_are_installed_and_the_policy_goes_again() {
        let policy = env::temp_dir().join(format!("identity-xtask-policy-{}", std::process::id()));
        let said = without_services(&policy, || Command::new(&policy).status().unwrap().code()).unwrap();
        assert_eq!(said, Some(101));
        assert!(!policy.exists());
        fs::write(&policy, "somebody's").unwrap();
        without_services(&policy, || ()).unwrap();
        assert_eq!(fs::read_to_string(&policy).unwrap(), "somebody's");
        fs::remove_file(policy).unwrap();
    }

    #[test]
    fn programs_are_looked_for_on_the_path() {
        assert!(on_path("sh"));
        assert!(!on_path("no-such-program-anywhere"));
    }
}
