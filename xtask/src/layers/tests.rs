//! Each rule fires on a small workspace in which it alone is broken.

use serde_json::{Value, json};

use super::check;
use super::graph::Graph;

/// A workspace in order, changed a little: `(from, to, kind)` are further dependencies, crates that are not
/// there yet come from the registry.
struct Workspace {
    members: Vec<&'static str>,
    dependencies: Vec<(&'static str, &'static str, Option<&'static str>)>,
    features: Vec<(&'static str, Vec<&'static str>)>,
}

const OURS: &[&str] = &[
    "identity-core",
    "identity-crypto",
    "identity-storage",
    "identity-mail",
    "identity-http",
    "identity-testkit",
    "identity-picture",
    "identity-phone",
    "identity",
    "identityd",
];

impl Workspace {
    fn in_order() -> Self {
        let mut dependencies: Vec<_> = OURS.iter().skip(1).map(|one| (*one, "identity-core", None)).collect();
        dependencies.extend(OURS.iter().skip(1).take(6).map(|one| ("identityd", *one, None)));
        dependencies.extend([("identity-core", "uuid", None), ("identity-storage", "sea-orm", None), ("sea-orm", "tokio", None)]);
        dependencies.extend([("identity-core", "identity-testkit", Some("dev")), ("identity-core", "rand", Some("build"))]);
        Self { members: OURS.to_vec(), dependencies, features: vec![("rustls", vec!["ring", "std"])] }
    }

    fn with(mut self, from: &'static str, to: &'static str) -> Self {
        self.dependencies.push((from, to, None));
        self
    }

    fn metadata(&self) -> Value {
        let mut names = self.members.clone();
        names.extend(self.dependencies.iter().flat_map(|(from, to, _)| [*from, *to]));
        names.extend(self.features.iter().map(|(name, _)| *name));
        names.sort_unstable();
        names.dedup();
        let package = |name: &&str| {
            let folder = if *name == "identityd" { "apps" } else { "crates" };
            json!({ "id": format!("{name}#1.0.0"), "name": name, "version": "1.0.0", "manifest_path": format!("/w/{folder}/{name}/Cargo.toml") })
        };
        let node = |name: &&str| {
            let deps = self.dependencies.iter().filter(|(from, _, _)| from == name);
            let deps =
                deps.map(|(_, to, kind)| json!({ "pkg": format!("{to}#1.0.0"), "dep_kinds": [{ "kind": kind, "target": null }] }));
            let features =
                self.features.iter().find(|(one, _)| one == name).map(|(_, features)| features.clone()).unwrap_or_default();
            json!({ "id": format!("{name}#1.0.0"), "deps": deps.collect::<Vec<_>>(), "features": features })
        };
        json!({
            "packages": names.iter().map(package).collect::<Vec<_>>(),
            "workspace_members": self.members.iter().map(|name| format!("{name}#1.0.0")).collect::<Vec<_>>(),
            "workspace_root": "/w",
            "resolve": { "nodes": names.iter().map(node).collect::<Vec<_>>() },
        })
    }

    fn violations(&self) -> Vec<String> {
        check(&Graph::parse(&self.metadata()).unwrap())
    }
}

#[test]
fn a_workspace_in_order_passes() {
    assert_eq!(Workspace::in_order().violations(), [""; 0]);
}

#[test]
fn the_core_takes_no_runtime() {
    let violations = Workspace::in_order().with("identity-core", "tokio").violations();
    assert_eq!(violations, ["identity-core depends on tokio: remove it from [dependencies] in crates/identity-core/Cargo.toml"]);
}

#[test]
fn every_crate_that_the_core_must_not_reach_is_found() {
    for name in super::NOT_IN_CORE {
        let violations = Workspace::in_order().with("identity-core", "between").with("between", name).violations();
        assert!(
            violations.iter().any(|line| line.contains(&format!("reaches {name} (identity-core → between → {name})"))),
            "{violations:?}"
        );
    }
}

#[test]
fn the_core_takes_none_of_ours() {
    let violations = Workspace::in_order().with("identity-core", "identity-mail").violations();
    assert_eq!(
        violations,
        ["identity-core depends on identity-mail: remove it from [dependencies] in crates/identity-core/Cargo.toml"]
    );
}

#[test]
fn adapters_know_the_core_alone() {
    for adapter in super::ADAPTERS {
        let other = if *adapter == "identity-mail" { "identity-crypto" } else { "identity-mail" };
        let violations = Workspace::in_order().with(adapter, other).violations();
        let [line] = violations.as_slice() else { panic!("{violations:?}") };
        assert!(line.starts_with(&format!("{adapter} depends on {other}: of ours it may know identity-core alone")), "{line}");
        assert!(line.contains(&format!("crates/{adapter}/Cargo.toml")), "{line}");
    }
}

#[test]
fn the_testbed_knows_none_of_ours() {
    let mut workspace = Workspace::in_order().with("identity-testbed", "tempfile").with("identity-testbed", "identity-core");
    workspace.members.push("identity-testbed");
    let violations = workspace.violations();
    assert!(violations.iter().any(|line| line.starts_with("identity-testbed depends on identity-core")), "{violations:?}");
    assert!(!violations.iter().any(|line| line.contains("tempfile")), "{violations:?}");
}

#[test]
fn http_reaches_no_storage() {
    let direct = Workspace::in_order().with("identity-http", "identity-storage").violations();
    let [line] = direct.as_slice() else { panic!("{direct:?}") };
    assert!(line.starts_with("identity-http depends on identity-storage"), "{line}");
    let around = Workspace::in_order().with("identity-http", "outsider").with("outsider", "identity-storage").violations();
    let [line] = around.as_slice() else { panic!("{around:?}") };
    assert!(line.starts_with("identity-http reaches identity-storage (identity-http → outsider → identity-storage)"), "{line}");
}

#[test]
fn rustls_has_one_provider() {
    for other in ["aws-lc-rs", "aws_lc_rs"] {
        let mut workspace = Workspace::in_order();
        workspace.features = vec![("rustls", vec!["ring", other])];
        let violations = workspace.violations();
        let [line] = violations.as_slice() else { panic!("{violations:?}") };
        assert!(line.starts_with("rustls 1.0.0 has both ring and aws-lc-rs"), "{line}");
        workspace.features = vec![("rustls", vec![other])];
        assert!(workspace.violations().is_empty());
    }
}

#[test]
fn a_crate_escapes_no_rule_by_its_name() {
    let mut workspace = Workspace::in_order();
    workspace.members.push("identity-new");
    assert_eq!(workspace.violations(), ["crates/identity-new/Cargo.toml is in no layer: name it in xtask/src/layers.rs"]);
    let mut workspace = Workspace::in_order();
    workspace.members.retain(|name| *name != "identity-mail");
    assert_eq!(workspace.violations(), ["the workspace has no identity-mail: rename it in xtask/src/layers.rs too"]);
}

#[test]
fn metadata_without_a_graph_is_no_success() {
    let Err(error) = Graph::parse(&json!({ "packages": [], "resolve": null })) else { panic!("it parsed") };
    assert_eq!(format!("{error:#}"), "cargo metadata has no list at /resolve/nodes");
}
