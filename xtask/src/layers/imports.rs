//! What the files of a crate import from each other. Text is read, not Rust: enough for code that rustfmt has formatted, and it knows the
//! line to name.

use anyhow::Error;
use std::collections::BTreeMap;
use std::path::Path;

use super::files::rust_files;
use crate::cargo::Workspace;

/// The names of a module, from the root of its crate.
pub(super) type Module = Vec<String>;

/// One path that a file names within its crate, from the crate's root.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Import {
    pub(super) line: usize,
    pub(super) path: Module,
    /// It is handed on: `pub use`.
    is_public: bool,
}

/// One file and its imports.
pub(super) struct File {
    /// Its path from the root of the workspace.
    pub(super) shown: String,
    pub(super) module: Module,
    pub(super) imports: Vec<Import>,
    /// The lines that wait: `async` or `.await`.
    pub(super) waits: Vec<usize>,
}

/// The files of a crate, by their modules.
pub(super) struct Files(BTreeMap<Module, File>);

impl Files {
    /// The files under a folder of sources, such as `crates/identity-core/src`.
    pub(super) fn of(workspace: &Workspace, folder: &str) -> Result<Self, Error> {
        let root = workspace.root().join(folder);
        let paths = rust_files(&root)?;
        let modules = paths.iter().map(|path| module_of(path.strip_prefix(&root).unwrap_or(path))).collect::<Vec<_>>();
        let mut files = BTreeMap::new();
        for (path, module) in paths.iter().zip(&modules) {
            let shown = path.strip_prefix(workspace.root()).unwrap_or(path).display().to_string();
            files.insert(module.clone(), File::read(shown, module, &modules, &workspace.read(path)?));
        }
        Ok(Self(files))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &File> {
        self.0.values()
    }

    /// The files that a file imports from, itself left out.
    pub(super) fn imported<'a>(&'a self, file: &'a File) -> Vec<&'a File> {
        let handed_on = |import: &&Import| !(import.is_public && import.path.starts_with(&file.module));
        let targets = file.imports.iter().filter(handed_on).filter_map(|import| self.target(&import.path, 0));
        let mut targets = targets.filter(|target| target.module != file.module && !target.module.is_empty()).collect::<Vec<_>>();
        targets.sort_by(|one, other| one.module.cmp(&other.module));
        targets.dedup_by(|one, other| one.module == other.module);
        targets
    }

    /// The file that declares what a path names, through what other files hand on.
    fn target(&self, path: &[String], steps: usize) -> Option<&File> {
        let length = (0..=path.len()).rev().find(|length| path.get(..*length).is_some_and(|start| self.0.contains_key(start)))?;
        let (module, rest) = path.split_at(length);
        let file = self.0.get(module)?;
        let handed_on =
            rest.first().and_then(|name| file.imports.iter().find(|one| one.is_public && one.path.last() == Some(name)));
        match handed_on {
            Some(import) if steps < 8 => {
                let further = import.path.iter().chain(rest.iter().skip(1)).cloned().collect::<Vec<_>>();
                self.target(&further, steps + 1)
            }
            _ => Some(file),
        }
    }
}

impl File {
    fn read(shown: String, module: &Module, modules: &[Module], text: &str) -> Self {
        let code = code(text);
        let waits = |line: &str| line.contains("async ") || line.contains(".await");
        Self {
            shown,
            module: module.clone(),
            imports: imports(module, modules, &code),
            waits: code.lines().enumerate().filter(|(_, line)| waits(line)).map(|(number, _)| number + 1).collect(),
        }
    }
}

fn module_of(file: &Path) -> Module {
    let mut names = file.with_extension("").iter().map(|name| name.to_string_lossy().into_owned()).collect::<Module>();
    if names.last().is_some_and(|last| last == "mod" || last == "lib") {
        names.pop();
    }
    names
}

/// The text without its comments and its tests, with the same lines.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    let lines = text.lines().map(|line| line.split_once("//").map_or(line, |(code, _)| code));
    lines.collect::<Vec<_>>().join("\n")
}

fn imports(module: &[String], modules: &[Module], code: &str) -> Vec<Import> {
    let mut imports = Vec::new();
    let mut line = 1;
    let mut rest = code;
    while let Some((is_public, before, tree, after)) = next_use(rest) {
        imports.extend(inline(module, before, line));
        line += before.matches('\n').count();
        for (offset, path) in flattened(tree) {
            let lines = tree.get(..offset).map_or(0, |text| text.matches('\n').count());
            imports.extend(absolute(module, modules, &path).map(|path| Import { line: line + lines, path, is_public }));
        }
        line += tree.matches('\n').count();
        rest = after;
    }
    imports.extend(inline(module, rest, line));
    imports
}

/// The next `use …;` at the beginning of a line: whether it hands on, the text before it, its tree, the text after it.
fn next_use(text: &str) -> Option<(bool, &str, &str, &str)> {
    let mut from = 0;
    loop {
        let found = from + text.get(from..)?.find("use ")?;
        let (before, at) = text.split_at(found);
        let start = before.rsplit('\n').next().unwrap_or(before).trim_start();
        if start.is_empty() || start.starts_with("pub") && !start.contains(['=', '{', ';']) {
            let (tree, after) = at.get("use ".len()..)?.split_once(';')?;
            return Some((start.starts_with("pub"), before, tree, after));
        }
        from = found + "use ".len();
    }
}

/// The paths of a tree such as `crate::{a::B, c::{D, e}}`, each with where its last name stands.
fn flattened(tree: &str) -> Vec<(usize, Module)> {
    let mut paths = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut names: Module = Vec::new();
    let mut start = 0;
    for (at, letter) in tree.char_indices().chain([(tree.len(), ',')]) {
        let word = || tree.get(start..at).unwrap_or("").split(" as ").next().unwrap_or("").trim();
        match letter {
            ':' | '{' | ',' | '}' => {
                let is_name = !word().is_empty();
                if is_name {
                    names.push(word().to_owned());
                }
                if letter == '{' {
                    open.push(names.len());
                } else if letter != ':' {
                    let depth = open.last().copied().unwrap_or(0);
                    if is_name {
                        paths.push((start, names.clone()));
                    }
                    names.truncate(depth);
                }
                if letter == '}' {
                    open.pop();
                    names.truncate(open.last().copied().unwrap_or(0));
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    paths
}

/// The paths that stand in code outside of `use`.
fn inline(module: &[String], code: &str, first_line: usize) -> Vec<Import> {
    let mut found = Vec::new();
    for (number, line) in code.lines().enumerate() {
        for word in line.split(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != ':') {
            let names = word.split("::").map(str::to_owned).collect::<Module>();
            let is_within = names.first().is_some_and(|name| name == "crate" || name == "super") && names.len() > 1;
            let path = absolute(module, &[], &names).filter(|_| is_within);
            found.extend(path.map(|path| Import { line: first_line + number, path, is_public: false }));
        }
    }
    found
}

/// A path from the root of the crate; nothing where it leads to another crate.
fn absolute(module: &[String], modules: &[Module], path: &[String]) -> Option<Module> {
    let (first, rest) = path.split_first()?;
    match first.as_str() {
        "crate" => Some(rest.to_vec()),
        "self" => Some([module, rest].concat()),
        "super" => {
            let above = path.iter().take_while(|name| *name == "super").count();
            let kept = module.get(..module.len().checked_sub(above)?)?;
            Some([kept, path.get(above..)?].concat())
        }
        _ => {
            let child = [module, std::slice::from_ref(first)].concat();
            modules.contains(&child).then(|| [module, path].concat())
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn files(texts: &[(&str, &str)]) -> Files {
        let modules = texts.iter().map(|(path, _)| module_of(Path::new(path))).collect::<Vec<_>>();
        let read = texts.iter().zip(&modules);
        let read = read.map(|((path, text), module)| (module.clone(), File::read((*path).to_owned(), module, &modules, text)));
        Files(read.collect())
    }

    fn paths(path: &str, text: &str) -> Vec<String> {
        let files = files(&[("a/mod.rs", ""), ("a/b.rs", ""), (path, text)]);
        let file = files.0.get(&module_of(Path::new(path))).unwrap();
        file.imports.iter().map(|import| format!("{} {}", import.line, import.path.join("::"))).collect()
    }

    #[test]
    fn paths_are_read_from_trees_with_their_lines() {
        let text =
            "use std::fmt;\n\nuse crate::{\n    a::{B, c::D},\n    e::F as G,\n};\nuse super::x;\n\npub(crate) use self::y::Z;\n";
        let within = ["4 a::B", "4 a::c::D", "5 e::F", "7 a::x", "9 a::z::y::Z"];
        assert_eq!(paths("a/z.rs", text), within);
    }

    #[test]
    fn paths_in_code_count_and_those_in_comments_and_tests_do_not() {
        let text =
            "/// crate::x::Y\nfn f() -> crate::g::H {\n    super::b::i()\n}\n\n#[cfg(test)]\nmod tests {\n    use crate::j;\n}\n";
        assert_eq!(paths("a/z.rs", text), ["2 g::H", "3 a::b::i"]);
    }

    #[test]
    fn a_module_names_its_children_without_a_prefix() {
        assert_eq!(paths("a/mod.rs", "mod b;\nuse b::C;\nuse serde::D;\n"), ["2 a::b::C"]);
    }

    #[test]
    fn what_is_handed_on_leads_to_the_file_that_declares_it() {
        let files =
            files(&[("a/mod.rs", "mod b;\npub(crate) use self::b::C;\n"), ("a/b.rs", "struct C;"), ("d.rs", "use crate::a::C;\n")]);
        let imported = |module: &str| {
            let file = files.iter().find(|file| file.shown == module).unwrap();
            files.imported(file).into_iter().map(|file| file.shown.clone()).collect::<Vec<_>>()
        };
        assert_eq!(imported("d.rs"), ["a/b.rs"]);
        assert_eq!(imported("a/mod.rs"), [""; 0], "a module that hands its own children on imports nothing");
    }
}
