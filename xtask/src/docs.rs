//! `cargo xtask docs`: the tests that documents name exist, and so do the files they link to. `--write` first makes
//! the documents that are made of the program; a test of `identityd` holds that they are what it says.

mod links;
mod made;
mod rows;

use anyhow::{Error, anyhow};
use std::path::{Path, PathBuf};

use crate::cargo::Workspace;

/// Documents whose rows name tests.
const TABLES: [&str; 2] = ["docs/features.md", "docs/security.md"];
const README: &str = "README.md";

pub(crate) fn run(workspace: &Workspace, write: bool) -> Result<(), Error> {
    if write {
        made::write(workspace)?;
    }
    let root = workspace.root();
    let mut problems = Vec::new();
    let mut named = 0;
    for file in TABLES.into_iter().chain([README]) {
        if !root.join(file).is_file() {
            problems.push(format!("{file} is missing: write it"));
        }
    }
    for file in TABLES.into_iter().filter(|file| root.join(file).is_file()) {
        let found = rows::check(file, &workspace.read(file)?, |path| std::fs::read_to_string(root.join(path)).ok());
        named += found.named;
        problems.extend(found.problems);
    }
    let documents = documents(root)?;
    for file in &documents {
        problems.extend(links::check(file, &workspace.read(file)?, |path| root.join(path).exists()));
    }
    println!("{named} tests are named in {}; links were followed in {} documents", TABLES.join(" and "), documents.len());
    for problem in &problems {
        println!("{problem}");
    }
    match problems.len() {
        0 => Ok(()),
        one_or_more => Err(anyhow!("{one_or_more} problem(s) in the documents")),
    }
}

/// The README and every document under `docs`, seen from the root.
fn documents(root: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut documents = Vec::new();
    if root.join(README).is_file() {
        documents.push(PathBuf::from(README));
    }
    let mut folders = Vec::from_iter(root.join("docs").is_dir().then(|| PathBuf::from("docs")));
    while let Some(folder) = folders.pop() {
        let failed = |error| Error::new(error).context(format!("cannot list {}", folder.display()));
        for entry in root.join(&folder).read_dir().map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = folder.join(entry.file_name());
            if root.join(&path).is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                documents.push(path);
            }
        }
    }
    documents.sort();
    Ok(documents)
}
