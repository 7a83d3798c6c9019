//! The resolved graph of `cargo metadata`, with normal dependencies only.

use anyhow::{Error, anyhow};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

pub(super) struct Graph {
    root: String,
    members: BTreeSet<String>,
    crates: BTreeMap<String, Crate>,
}

pub(super) struct Crate {
    id: String,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) features: Vec<String>,
    manifest: String,
    normal: Vec<String>,
}

impl Graph {
    pub(super) fn parse(metadata: &Value) -> Result<Self, Error> {
        let mut crates = BTreeMap::new();
        for package in list(metadata, "/packages")? {
            let id = text(package, "/id")?;
            let (name, version, manifest) = (text(package, "/name")?, text(package, "/version")?, text(package, "/manifest_path")?);
            crates.insert(id.clone(), Crate { id, name, version, manifest, features: Vec::new(), normal: Vec::new() });
        }
        for node in list(metadata, "/resolve/nodes")? {
            let id = text(node, "/id")?;
            let found = crates.get_mut(&id).ok_or_else(|| anyhow!("cargo metadata resolves {id}, but does not describe it"))?;
            found.features = strings(node, "/features")?;
            for dependency in list(node, "/deps")? {
                if list(dependency, "/dep_kinds")?.iter().any(|kind| kind.get("kind").is_some_and(Value::is_null)) {
                    found.normal.push(text(dependency, "/pkg")?);
                }
            }
        }
        let members = strings(metadata, "/workspace_members")?.into_iter().collect();
        Ok(Self { root: text(metadata, "/workspace_root")?, members, crates })
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Crate> {
        self.crates.values()
    }

    pub(super) fn members(&self) -> impl Iterator<Item = &Crate> {
        self.crates.values().filter(|one| self.is_member(one))
    }

    pub(super) fn member(&self, name: &str) -> Option<&Crate> {
        self.members().find(|member| member.name == name)
    }

    pub(super) fn is_member(&self, one: &Crate) -> bool {
        self.members.contains(&one.id)
    }

    /// The crate's manifest, seen from the root.
    pub(super) fn relative<'a>(&self, one: &'a Crate) -> &'a str {
        one.manifest.strip_prefix(&self.root).map_or(one.manifest.as_str(), |rest| rest.trim_start_matches(['/', '\\']))
    }

    pub(super) fn dependencies<'a>(&'a self, one: &'a Crate) -> impl Iterator<Item = &'a Crate> {
        one.normal.iter().filter_map(|id| self.crates.get(id))
    }

    /// For each crate that this one reaches, one shortest path to it, nearest first.
    pub(super) fn chains<'a>(&'a self, from: &'a Crate) -> Vec<Vec<&'a Crate>> {
        let mut seen = BTreeSet::from([from.id.as_str()]);
        let mut waiting = VecDeque::from([vec![from]]);
        let mut found = Vec::new();
        while let Some(chain) = waiting.pop_front() {
            for next in chain.last().into_iter().flat_map(|last| self.dependencies(last)) {
                if seen.insert(&next.id) {
                    let longer: Vec<&Crate> = chain.iter().copied().chain([next]).collect();
                    found.push(longer.clone());
                    waiting.push_back(longer);
                }
            }
        }
        found
    }
}

fn list<'a>(value: &'a Value, at: &str) -> Result<&'a Vec<Value>, Error> {
    value.pointer(at).and_then(Value::as_array).ok_or_else(|| anyhow!("cargo metadata has no list at {at}"))
}

fn text(value: &Value, at: &str) -> Result<String, Error> {
    value.pointer(at).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| anyhow!("cargo metadata has no text at {at}"))
}

fn strings(value: &Value, at: &str) -> Result<Vec<String>, Error> {
    list(value, at)?.iter().map(|one| text(one, "")).collect()
}
