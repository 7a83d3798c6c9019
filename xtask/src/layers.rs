//! `cargo xtask layers`: who may depend on whom (normal dependencies, as cargo resolves them), which floor of a crate uses which, which
//! files import each other in a circle, what each manifest inherits from the workspace, and which dependency nothing uses. Each violation is one line that says what to change.

mod circles;
mod files;
mod floors;
mod graph;
mod imports;
mod manifest;
#[cfg(test)]
mod tests;
mod unused;

use anyhow::{Error, anyhow};
use std::collections::BTreeSet;

use self::graph::{Crate, Graph};
use self::imports::Files;
use crate::cargo::{Workspace, output};

const CORE: &str = "identity-core";
const HTTP: &str = "identity-http";
const STORAGE: &str = "identity-storage";
/// xtask starts its servers, and must stay light to build.
const TESTBED: &str = "identity-testbed";
/// Wires the core and the adapters, and may know them all.
const UMBRELLA: &str = "identity";

/// The crates around the core: of ours each knows the core alone.
const ADAPTERS: &[&str] =
    &["identity-crypto", STORAGE, "identity-mail", "identity-phone", "identity-picture", HTTP, "identity-testkit"];

/// The sources in which no two files import each other in a circle.
const WITHOUT_CIRCLES: [&str; 5] = [
    floors::HTTP.sources,
    "crates/identity-mail/src",
    "crates/identity-phone/src",
    "crates/identity-picture/src",
    "apps/identityd/src",
];

/// What the core must not even reach: runtimes, I/O, adapters' libraries, sources of randomness.
const NOT_IN_CORE: [&str; 9] = ["tokio", "sea-orm", "axum", "reqwest", "lettre", "argon2", "zxcvbn", "rand", "getrandom"];

/// How many crates the core may bring to a host that embeds it.
const CORE_LIMIT: usize = 60;

pub(crate) fn run(workspace: &Workspace) -> Result<(), Error> {
    let graph = Graph::parse(&workspace.metadata([])?)?;
    let mut violations = check(&graph);
    for member in graph.members() {
        let file = graph.relative(member);
        violations.extend(manifest::check(file, &workspace.read(file)?));
        violations.extend(unused::check(workspace, file)?);
    }
    for floors in [floors::CORE, floors::HTTP] {
        violations.extend(floors.check(&Files::of(workspace, floors.sources)?));
    }
    for sources in WITHOUT_CIRCLES {
        violations.extend(circles::check(&Files::of(workspace, sources)?));
    }
    let size = core_size(workspace)?;
    println!("{CORE}: {size} crates in its tree, the limit is {CORE_LIMIT}");
    if size > CORE_LIMIT {
        violations.push(format!("{CORE} brings {size} crates: drop a dependency or a feature until there are {CORE_LIMIT}"));
    }
    for violation in &violations {
        println!("{violation}");
    }
    match violations.len() {
        0 => Ok(()),
        one_or_more => Err(anyhow!("{one_or_more} violation(s) of the layers")),
    }
}

fn check(graph: &Graph) -> Vec<String> {
    let mut violations = layered(graph);
    if let Some(core) = graph.member(CORE) {
        violations.extend(pure(graph, core));
    }
    for adapter in ADAPTERS.iter().filter_map(|name| graph.member(name)) {
        violations.extend(apart(graph, adapter));
    }
    if let Some(testbed) = graph.member(TESTBED) {
        violations.extend(alone(graph, testbed));
    }
    violations.extend(graph.all().filter_map(one_provider));
    violations
}

/// Every crate under `crates/` has a layer, and every layer its crates: a crate that is renamed escapes no rule.
fn layered(graph: &Graph) -> Vec<String> {
    let named: BTreeSet<&str> = ADAPTERS.iter().copied().chain([CORE, UMBRELLA]).collect();
    let gone = named.iter().filter(|name| graph.member(name).is_none());
    let gone = gone.map(|name| format!("the workspace has no {name}: rename it in xtask/src/layers.rs too"));
    let unnamed =
        graph.members().filter(|member| graph.relative(member).starts_with("crates/") && !named.contains(member.name.as_str()));
    let unnamed = unnamed.map(|member| format!("{} is in no layer: name it in xtask/src/layers.rs", graph.relative(member)));
    gone.chain(unnamed).collect()
}

/// The core reaches none of ours and nothing that does I/O, waits, or is random.
fn pure(graph: &Graph, core: &Crate) -> Vec<String> {
    graph
        .chains(core)
        .into_iter()
        .filter_map(|chain| {
            let [_, first, ..] = chain.as_slice() else { return None };
            let last = chain.last()?;
            if !graph.is_member(last) && !NOT_IN_CORE.contains(&last.name.as_str()) {
                return None;
            }
            let manifest = graph.relative(core);
            Some(if chain.len() == 2 {
                format!("{CORE} depends on {}: remove it from [dependencies] in {manifest}", last.name)
            } else {
                let path = named(&chain);
                format!(
                    "{CORE} reaches {} ({path}): switch off what brings it, or remove {} from {manifest}",
                    last.name, first.name
                )
            })
        })
        .collect()
}

/// An adapter knows the core and no other crate of ours; the pages and the API reach storage on no path at all.
fn apart(graph: &Graph, adapter: &Crate) -> Vec<String> {
    let mut violations = Vec::new();
    for other in graph.dependencies(adapter).filter(|other| graph.is_member(other) && other.name != CORE) {
        let (name, manifest) = (&other.name, graph.relative(adapter));
        violations.push(format!(
            "{} depends on {name}: of ours it may know {CORE} alone; remove {name} from [dependencies] in {manifest} and wire it in apps/",
            adapter.name
        ));
    }
    if adapter.name == HTTP {
        let indirect = graph.chains(adapter).into_iter().filter(|chain| chain.len() > 2);
        for chain in indirect.filter(|chain| chain.last().is_some_and(|last| last.name == STORAGE)) {
            violations
                .push(format!("{HTTP} reaches {STORAGE} ({}): cut that path, it reads through the ports of {CORE}", named(&chain)));
        }
    }
    violations
}

/// The servers of tests know nothing of what is tested over them.
fn alone(graph: &Graph, testbed: &Crate) -> Vec<String> {
    let ours = graph.dependencies(testbed).filter(|other| graph.is_member(other));
    ours.map(|other| {
        let (name, manifest) = (&other.name, graph.relative(testbed));
        format!("{TESTBED} depends on {name}: it may know none of ours; remove {name} from [dependencies] in {manifest}")
    })
    .collect()
}

/// rustls with two providers panics at the first connection, since it cannot choose.
fn one_provider(one: &Crate) -> Option<String> {
    let has = |feature: &str| one.features.iter().any(|active| active == feature);
    (one.name == "rustls" && has("ring") && (has("aws-lc-rs") || has("aws_lc_rs"))).then(|| {
        format!(
            "rustls {} has both ring and aws-lc-rs: keep ring, and switch off the default features of what brings the other \
             (`cargo tree --workspace -e features -i rustls` shows it)",
            one.version
        )
    })
}

fn named(chain: &[&Crate]) -> String {
    chain.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(" → ")
}

/// Counted as a host that embeds the core alone gets it on this platform. The graph of the workspace is larger: it
/// knows all platforms, and the features that other members switch on.
fn core_size(workspace: &Workspace) -> Result<usize, Error> {
    let arguments = ["tree", "--package", CORE, "--edges", "normal", "--prefix", "none", "--format", "{p}", "--no-dedupe"];
    let listed = output(&mut workspace.cargo(arguments.into_iter().chain(workspace.locked())))?;
    let crates: BTreeSet<&str> = listed.lines().filter(|line| !line.is_empty()).collect();
    Ok(crates.len())
}
