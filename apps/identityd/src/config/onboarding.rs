//! `[setup]`: the steps of a first login.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Error, anyhow};
use identity_core::{
    model::onboarding::{BuiltInStep, DeclaredStep, OnboardingSettings, Tutorial},
    value::{Language, PublicUrl, StepKey},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    fields::translated,
    typed::{List, Tables, Text},
};

/// The steps of a first login. See [the first login](operating.md#the-first-login).
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct Setup {
    /// Whether a first login leads through these steps.
    enabled: bool,
    /// Built-in steps that are left out.
    left_out: List<Text<BuiltInStep>>,
    /// The folder with the pages of the tutorial. Without it there is no such step.
    #[schemars(with = "Option<Text<String>>")]
    tutorial: Option<PathBuf>,
    /// Steps of your own service, at most 20.
    steps: Tables<Step>,
}

/// A step of your own service.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
struct Step {
    /// The name for programs.
    key: String,
    /// What pages call it, by language: `{ en = "Your team" }`.
    label: BTreeMap<String, String>,
    /// Its page: an https address, or a path such as `/team`.
    href: String,
}

impl Default for Setup {
    fn default() -> Self {
        Self { enabled: OnboardingSettings::default().enabled, left_out: List::default(), tutorial: None, steps: Tables::default() }
    }
}

/// The most bytes of a page of the tutorial.
const MAX_PAGE: usize = 100_000;

impl Setup {
    pub(super) fn settings(&self) -> Result<OnboardingSettings, Error> {
        Ok(OnboardingSettings {
            enabled: self.enabled,
            left_out: self.left_out.0.iter().map(|Text(step)| *step).collect(),
            tutorial: self.tutorial.as_deref().map_or_else(|| Ok(Tutorial::default()), tutorial)?,
            declared: self.declared()?,
        })
    }

    fn declared(&self) -> Result<Vec<DeclaredStep>, Error> {
        if self.steps.0.len() > OnboardingSettings::MAX_DECLARED {
            return Err(anyhow!("setup.steps: at most {} can be declared", OnboardingSettings::MAX_DECLARED));
        }
        let mut keys = BTreeSet::new();
        let step = |declared: &Step| {
            let place = format!("setup.steps, {}", declared.key);
            let error = |said: &str| anyhow!("{place}: {said}");
            let key = StepKey::parse(&declared.key).context(place.clone())?;
            if BuiltInStep::parse(key.as_str()).is_some() || !keys.insert(key.clone()) {
                return Err(error("there is a step with this key already"));
            }
            let label = translated(&declared.label, &place)?;
            let label = label.ok_or_else(|| error("label: say what it is called, such as { en = \"Your team\" }"))?;
            if !is_page(&declared.href) {
                return Err(error("href: use an address such as https://app.example.org/team, or a path such as /team"));
            }
            Ok(DeclaredStep { key, label, href: declared.href.clone() })
        };
        self.steps.0.iter().map(step).collect()
    }
}

/// An `https` address, or a path of this host's.
fn is_page(href: &str) -> bool {
    let is_plain = href.len() <= 2000 && href.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_path = href.starts_with('/') && !href.starts_with("//");
    let is_address = || {
        let host = href.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
        host.is_some_and(|host| PublicUrl::parse(&format!("https://{host}")).is_ok())
    };
    is_plain && (is_path || is_address())
}

/// The pages of a folder: `en/1.md`, `en/2.md`, `ar/1.md`.
fn tutorial(folder: &Path) -> Result<Tutorial, Error> {
    let mut pages = BTreeMap::new();
    for (name, path) in listed(folder)? {
        let place = || format!("setup.tutorial: {} has to be a folder named by a language, such as en", path.display());
        if !path.is_dir() {
            return Err(Error::msg(place()));
        }
        let language = Language::parse(&name).context(place())?;
        pages.insert(language, in_one_language(&path)?);
    }
    let tutorial = Tutorial::new(pages);
    if tutorial.is_empty() {
        let folder = folder.display();
        return Err(anyhow!("setup.tutorial: there is no page in {folder}: write {folder}/en/1.md"));
    }
    Ok(tutorial)
}

fn in_one_language(folder: &Path) -> Result<Vec<String>, Error> {
    let mut pages = Vec::new();
    for (name, path) in listed(folder)? {
        let place = path.display();
        let stem = name.strip_suffix(".md").ok_or_else(|| anyhow!("setup.tutorial: {place} has to end in .md"))?;
        let text = fs::read_to_string(&path).context(format!("setup.tutorial: {place} cannot be read"))?;
        if text.trim().is_empty() || text.len() > MAX_PAGE {
            return Err(anyhow!("setup.tutorial: {place} has to hold 1 to {MAX_PAGE} bytes of Markdown"));
        }
        // 2 comes before 10, and a name after every number.
        let number = stem.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap_or(u64::MAX);
        pages.push((number, name, text));
    }
    if pages.len() > Tutorial::MAX_PAGES {
        let (folder, most) = (folder.display(), Tutorial::MAX_PAGES);
        return Err(anyhow!("setup.tutorial: there are more than {most} pages in {folder}"));
    }
    pages.sort();
    Ok(pages.into_iter().map(|(_, _, text)| text).collect())
}

/// What is in a folder, but for what is hidden.
fn listed(folder: &Path) -> Result<Vec<(String, PathBuf)>, Error> {
    let place = || format!("setup.tutorial: {} cannot be read", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).context(place())? {
        let entry = entry.context(place())?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            found.push((name, entry.path()));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::one_line;

    fn read(text: &str) -> Result<OnboardingSettings, String> {
        crate::config::tests::sections(text).and_then(|sections| sections.setup.settings().map_err(|error| one_line(&error)))
    }

    #[test]
    fn steps_are_declared_in_tables_and_left_out_by_name() {
        let set = read(
            r#"
            [setup]
            left_out = ["picture"]

            [[setup.steps]]
            key = "team"
            label = { en = "Your team", ar = "فريقك" }
            href = "https://app.example.org/team?from=setup"

            [[setup.steps]]
            key = "tour"
            label = { en = "A tour" }
            href = "/app/tour"
            "#,
        )
        .unwrap();
        assert!(set.enabled && set.tutorial.is_empty());
        assert_eq!(set.left_out, [BuiltInStep::Picture].into());
        let [team, tour] = set.declared.as_slice() else { panic!("{set:?}") };
        assert_eq!((team.key.as_str(), team.label.for_reader(&Language::parse("ar").unwrap())), ("team", "فريقك"));
        assert_eq!(tour.href, "/app/tour");
        assert!(!read("[setup]\nenabled = false").unwrap().enabled);
        assert_eq!(read("").unwrap(), OnboardingSettings::default());
    }

    #[test]
    fn what_cannot_be_a_step_is_refused_by_name() {
        let step = |key: &str, label: &str, href: &str| {
            format!("[[setup.steps]]\nkey = {key:?}\nlabel = {{ {label} }}\nhref = {href:?}\n")
        };
        let (label, href) = ("en = \"Team\"", "/team");
        let mut bad = vec![
            ("[setup]\nleft_out = [\"team\"]".to_owned(), "setup.left_out"),
            (step("Team", label, href), "Team"),
            (step("profile", label, href), "already"),
            (format!("{}{}", step("team", label, href), step("team", label, href)), "already"),
            (step("team", "", href), "label"),
            (format!("{}hint = 1", step("team", label, href)), "hint"),
            ("[[setup.steps]]\nkey = \"team\"".to_owned(), "number 1"),
        ];
        for href in
            ["", "team", "//evil.example", "javascript:alert(1)", "http://app.example.org", "https://ada@x.example", "/a b", "/\\x"]
        {
            bad.push((step("team", label, href), "href"));
        }
        for (text, said) in bad {
            let error = read(&text).unwrap_err();
            assert!(error.contains("setup") && error.contains(said) && !error.contains('\n'), "{text}: {error}");
        }
    }

    #[test]
    fn the_tutorial_is_read_in_the_order_of_its_names() {
        let folder = tempfile::tempdir().unwrap();
        let text = format!("[setup]\ntutorial = {:?}", folder.path().display().to_string());
        let refused = |said: &str| {
            let error = read(&text).unwrap_err();
            assert!(error.starts_with("setup.tutorial") && error.contains(said), "{error}");
        };
        refused("no page in");
        for language in ["en", "ar"] {
            fs::create_dir(folder.path().join(language)).unwrap();
        }
        for name in ["10", "2", "1-hello", "end", "2b"] {
            fs::write(folder.path().join(format!("en/{name}.md")), name).unwrap();
        }
        fs::write(folder.path().join("ar/.hidden"), "").unwrap();
        let tutorial = read(&text).unwrap().tutorial;
        for language in ["en", "ar"] {
            let pages = tutorial.for_reader(&Language::parse(language).unwrap()).unwrap().1.to_vec();
            assert_eq!(pages, ["1-hello", "2", "2b", "10", "end"], "a language without pages is not there");
        }
        for (file, holds, said) in [("ar/1.md", " \n", "1 to"), ("ar/1.txt", "x", "end in .md"), ("README.md", "x", "folder")] {
            let file = folder.path().join(file);
            fs::write(&file, holds).unwrap();
            refused(said);
            fs::remove_file(file).unwrap();
        }
        fs::create_dir(folder.path().join("english!")).unwrap();
        refused("english!");
        assert!(read("[setup]\ntutorial = \"/no/such/folder\"").unwrap_err().contains("/no/such/folder cannot be read"));
    }
}
