//! Dependencies that a member names in its manifest and nowhere else. Texts are searched, not Rust: what is named in a comment alone is
//! not found.

use anyhow::Error;
use std::path::Path;

use super::{files::rust_files, manifest::dependencies};
use crate::cargo::Workspace;

pub(super) fn check(workspace: &Workspace, manifest: &str) -> Result<Vec<String>, Error> {
    let folder = workspace.root().join(manifest);
    let folder = folder.parent().unwrap_or(workspace.root());
    let mut code = rust_files(folder)?.iter().map(|file| workspace.read(file)).collect::<Result<Vec<_>, _>>()?;
    // Its examples are compiled as tests.
    let readme = folder.join("README.md");
    if readme.is_file() {
        code.push(workspace.read(&readme)?);
    }
    Ok(unused(manifest, &workspace.read(Path::new(manifest))?, &code))
}

pub(super) fn unused(manifest: &str, text: &str, code: &[String]) -> Vec<String> {
    let named = dependencies(text).into_iter();
    let unused = named.filter(|(name, _)| !code.iter().any(|text| has_word(text, &name.replace('-', "_"))));
    unused.map(|(name, line)| format!("{manifest}:{line}: nothing uses {name}: remove it")).collect()
}

fn has_word(text: &str, word: &str) -> bool {
    let is_part = |character: Option<char>| character.is_some_and(|character| character.is_alphanumeric() || character == '_');
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|after| after.chars().next());
        !is_part(before) && !is_part(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_file_names_is_unused() {
        let manifest = "[dependencies]\nserde_json.workspace = true\nidentity-core.workspace = true\n[dev-dependencies]\nurl.workspace = true\n";
        let code = ["use identity_core::value::CurlyUrl;\nlet serde_jsonify = url::Url::parse(text);".to_owned()];
        assert_eq!(unused("Cargo.toml", manifest, &code), ["Cargo.toml:2: nothing uses serde_json: remove it"]);
    }
}
