//! `cargo xtask ci`: everything that must hold before a change goes in.

use crate::cargo::{Workspace, status};
use crate::parts::Parts;
use crate::test::{self, Options};
use anyhow::Error;

pub(crate) fn run(workspace: &Workspace, options: Options) -> Result<(), Error> {
    test::prepare(options)?;
    let mut parts = Parts::default();
    parts.run("formatting", || status(&mut workspace.cargo(["fmt", "--all", "--check"])));
    parts.run("clippy", || {
        // Warnings are denied behind `--`: in RUSTFLAGS they would have every crate built again.
        status(&mut workspace.cargo(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
    });
    parts.run("documentation", || status(workspace.cargo(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings")));
    test::checks(workspace, &mut parts);
    if workspace.has("deny") {
        parts.run("cargo deny", || status(&mut workspace.cargo(["deny", "check", "bans", "licenses", "sources"])));
    } else {
        parts.not_run("cargo deny", "cargo-deny is not installed; `cargo install --locked cargo-deny` brings it");
    }
    test::suite(workspace, options, &mut parts);
    test::release(workspace, options, &mut parts);
    options.finish(parts)
}
