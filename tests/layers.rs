//! The order of the modules: each imports only from those above it, and only `store` and below speak Diesel.

use std::path::{Path, PathBuf};

/// Top-level modules, each importing only from those before it.
const ORDER: [&str; 18] = [
    "domain",
    "simulation",
    "broken",
    "clock",
    "config",
    "figures",
    "schema",
    "db",
    "store",
    "reader",
    "mail",
    "outreach",
    "worker",
    "web",
    "api",
    "server",
    "cli",
    "main",
];
/// The last module that may name Diesel.
const LAST_WITH_SQL: &str = "store";

fn rank(module: &str) -> Option<usize> {
    ORDER.iter().position(|name| *name == module)
}

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The top-level module that a file belongs to: `src/web/desk/page.rs` to `web`.
fn module_of(path: &Path, root: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// The top-level modules that a line of code names after `crate::` (or `makegood::` in the program).
fn named(line: &str) -> impl Iterator<Item = &str> {
    let code = line.split("//").next().unwrap_or_default();
    ["crate::", "makegood::"]
        .into_iter()
        .flat_map(move |prefix| code.split(prefix).skip(1))
        .map(|rest| {
            let end = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            &rest[..end]
        })
}

fn complaints(module: &str, text: &str) -> Vec<String> {
    let own = rank(module);
    let mut complaints = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for other in named(line) {
            if let (Some(own), Some(other_rank)) = (own, rank(other))
                && other_rank > own
            {
                complaints.push(format!("line {}: {module} must not import {other}", number + 1));
            }
        }
        let code = line.split("//").next().unwrap_or_default();
        if own > rank(LAST_WITH_SQL) && (code.contains("diesel::") || code.contains("schema::")) {
            complaints.push(format!("line {}: queries belong in store", number + 1));
        }
    }
    complaints
}

#[test]
fn modules_import_only_from_those_above_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut all = Vec::new();
    for path in files.iter().filter(|path| !path.ends_with("src/lib.rs")) {
        let module = module_of(path, &root);
        assert!(
            rank(&module).is_some(),
            "{module} has no place in the order: add it to tests/layers.rs and src/lib.rs"
        );
        let text = std::fs::read_to_string(path).unwrap();
        all.extend(
            complaints(&module, &text)
                .into_iter()
                .map(|told| format!("{}: {told}", path.display())),
        );
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn an_upward_import_and_a_query_out_of_place_are_found() {
    assert_eq!(complaints("domain", "use crate::store::cases;\n").len(), 1);
    assert_eq!(complaints("web", "use diesel::prelude::*;\n").len(), 1);
    assert!(complaints("web", "use crate::outreach::Office; // not diesel::\n").is_empty());
}
