//! The pages of the project say what is so: links lead somewhere, the map names every module, exit codes are listed.

use std::fs;
use std::path::{Path, PathBuf};

use ssec::exit;

const PAGES: &[&str] = &[
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
];

#[test]
fn every_relative_link_leads_somewhere() {
    let mut dead = Vec::new();
    for page in pages() {
        let text = read(&page);
        let folder = page.parent().expect("a page is in a folder");
        for link in links(&text) {
            let path = link.split('#').next().unwrap_or_default();
            let elsewhere = link.contains("://") || link.starts_with('#');
            if !elsewhere && !folder.join(path).exists() {
                dead.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(dead.is_empty(), "\n{}", dead.join("\n"));
}

#[test]
fn the_map_names_every_module_of_the_suite() {
    let map = read(&root().join("docs/architecture.md"));
    let crate_root = read(&root().join("src/lib.rs"));
    let modules = crate_root
        .lines()
        .filter_map(|line| line.split_once("mod ")?.1.strip_suffix(';'));
    let missing: Vec<_> = modules
        .filter(|module| !map.contains(&format!("`{module}`")))
        .collect();
    assert!(
        missing.is_empty(),
        "docs/architecture.md does not name {missing:?}"
    );
}

#[test]
fn the_readme_lists_every_exit_code() {
    let readme = read(&root().join("README.md"));
    let codes = [
        exit::OK,
        exit::GATE_FAILED,
        exit::USAGE,
        exit::PREFLIGHT,
        exit::NOTHING_RAN,
        exit::INTERNAL,
        exit::INTERRUPTED,
    ];
    for code in codes {
        assert!(
            readme.contains(&format!("\n| {code} | ")),
            "{code} is not in the README"
        );
    }
}

#[test]
fn links_are_found() {
    assert_eq!(
        links("a [b](c.md) ![d](e/f.png#g) `[no](h)`"),
        ["c.md", "e/f.png#g", "h"]
    );
}

/// The targets of Markdown links.
fn links(text: &str) -> Vec<&str> {
    let ends = text.split("](").skip(1);
    ends.filter_map(|rest| rest.split(')').next()).collect()
}

fn pages() -> Vec<PathBuf> {
    let docs = fs::read_dir(root().join("docs")).expect("docs/ can be listed");
    let decisions =
        fs::read_dir(root().join("docs/decisions")).expect("docs/decisions/ can be listed");
    let written = docs
        .chain(decisions)
        .map(|entry| entry.expect("an entry can be read").path());
    let written =
        written.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    PAGES
        .iter()
        .map(|page| root().join(page))
        .chain(written)
        .collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
