//! Relative links of a document lead to something. Anchors and addresses elsewhere are not followed.

use std::path::{Path, PathBuf};

/// `exists` is asked about paths seen from the project's root.
pub(super) fn check(file: &Path, text: &str, exists: impl Fn(&Path) -> bool) -> Vec<String> {
    let mut problems = Vec::new();
    let mut in_fence = false;
    for (line, number) in text.lines().zip(1..) {
        if line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~") {
            in_fence = !in_fence;
        } else if !in_fence {
            let dead = targets(line).into_iter().filter(|target| path(file, target).is_some_and(|path| !exists(&path)));
            problems.extend(dead.map(|target| format!("{}:{number}: the link to `{target}` leads nowhere", file.display())));
        }
    }
    problems
}

/// What `[text](target)`, `![text](target "title")` and `[name]: target` point at, outside of code.
fn targets(line: &str) -> Vec<String> {
    let prose = line.split('`').step_by(2).collect::<Vec<_>>().join("``");
    let inline = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    let defined = prose.trim_start().strip_prefix('[').and_then(|rest| rest.split_once("]: ")).map(|(_, target)| target);
    let bare = |target: &str| target.trim().split(' ').next().unwrap_or_default().trim_matches(['<', '>']).to_owned();
    inline.chain(defined).map(bare).collect()
}

/// Where the target lies, seen from the root; nothing where it is not ours to follow.
fn path(file: &Path, target: &str) -> Option<PathBuf> {
    let place = target.split(['#', '?']).next().unwrap_or_default();
    let is_elsewhere = place.starts_with("//") || place.split('/').next().is_some_and(|first| first.contains(':'));
    if place.is_empty() || is_elsewhere {
        return None;
    }
    Some(match place.strip_prefix('/') {
        Some(from_root) => PathBuf::from(from_root),
        None => file.parent().unwrap_or(Path::new("")).join(place),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dead(line: &str) -> Vec<String> {
        check(Path::new("docs/a.md"), line, |path| path == "docs/b.md" || path == "docs/../README.md" || path == "LICENSE")
    }

    #[test]
    fn links_that_lead_somewhere_pass() {
        for line in [
            "see [b](b.md), [a part](b.md#part), [above](../README.md \"title\") and [root](/LICENSE)",
            "[elsewhere](https://example.org/x), [mail](mailto:a@example.org), [here](#part), <https://example.org>",
            "`[code](gone.md)` and `](`",
            "```\n[fenced](gone.md)\n```",
            "[ref]: b.md",
        ] {
            assert_eq!(dead(line), [""; 0], "{line}");
        }
    }

    #[test]
    fn links_that_lead_nowhere_are_told() {
        assert_eq!(dead("\n[b](b.md) [c](c.md#x)"), ["docs/a.md:2: the link to `c.md#x` leads nowhere"]);
        assert_eq!(dead("[`code`](gone.md)").len(), 1);
        assert_eq!(dead("[ref]: gone.md").len(), 1);
        assert_eq!(dead("![picture](p.png)").len(), 1);
    }
}
