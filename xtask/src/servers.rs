//! The database servers that tests and benchmarks find in their environment: one of each kind, for all of them.

use anyhow::{Context as _, Error};
use std::io;
use std::process::Command;

use identity_testbed::{DatabaseServer, Kind, TestbedError};

use crate::parts::Parts;

/// Those that run. They end with this, or with xtask, however that ends.
#[derive(Default)]
pub(crate) struct Servers {
    running: Vec<(Kind, DatabaseServer)>,
}

impl Servers {
    /// Each start is a part of the run. One that fails stops nothing: its tests say that they were told of no server.
    pub(crate) fn start(parts: &mut Parts) -> Self {
        let mut servers = Self::default();
        for kind in Kind::ALL {
            parts.run(&kind.to_string(), || servers.add(kind));
        }
        servers
    }

    /// For benchmarks, which measure what can be measured here.
    pub(crate) fn start_those_installed() -> Result<Self, Error> {
        let (mut servers, missing) = (Self::default(), identity_testbed::missing());
        for kind in Kind::ALL {
            if missing.contains(&kind.package()) {
                println!("nothing is measured over {kind}: {}", TestbedError::NotInstalled { kind });
            } else {
                servers.add(kind)?;
            }
        }
        Ok(servers)
    }

    fn add(&mut self, kind: Kind) -> Result<(), Error> {
        let server = DatabaseServer::start(kind).with_context(|| format!("there is no {kind}"))?;
        self.running.push((kind, server));
        Ok(())
    }

    /// Tells a command of each kind where it is, or takes out what the caller's environment says of it.
    pub(crate) fn tell(&self, command: &mut Command) {
        for kind in Kind::ALL {
            match self.running.iter().find(|(one, _)| *one == kind) {
                Some((_, server)) => command.env(kind.variable(), server.url()),
                None => command.env_remove(kind.variable()),
            };
        }
    }
}

/// `cargo xtask servers`: what to type into the shell that runs tests by hand, and then nothing until this is to end. Ctrl-C needs
/// no handling: the servers end with this process.
pub(crate) fn hold() -> Result<(), Error> {
    let mut servers = Servers::default();
    for kind in Kind::ALL {
        servers.add(kind)?;
    }
    for (kind, server) in &servers.running {
        println!("export {}={}", kind.variable(), server.url());
    }
    io::copy(&mut io::stdin().lock(), &mut io::sink()).with_context(|| "cannot wait for the end of input")?;
    Ok(())
}
