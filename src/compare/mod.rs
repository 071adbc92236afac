//! Results side by side: reads reports of `ssec run --format json`, sends nothing, knows nothing of how a run goes.
//!
//! Reports are input like any other: they may come from strangers, and what is wrong with one is said, never guessed.

pub mod change;
pub mod page;
pub mod read;
pub mod rules;
pub mod side_by_side;

use page::{Block, Page};
use read::Run;

/// Whether two runs are of one server, as far as their reports tell.
#[must_use]
pub fn is_one_server(a: &Run, b: &Run) -> bool {
    a.target.bundled == b.target.bundled
        && (a.target.bundled || a.target.endpoint == b.target.endpoint)
}

/// What a reader has to know before comparing these runs.
fn warnings(runs: &[&Run]) -> Vec<Block> {
    let mut found = Vec::new();
    let mut versions: Vec<_> = runs.iter().map(|run| run.suite.version.as_str()).collect();
    versions.sort_unstable();
    versions.dedup();
    if versions.len() > 1 {
        let versions = versions.join(", ");
        found.push(Block::Paragraph(format!(
            "The runs are of different versions of the suite ({versions}): a case that only one has may be new."
        )));
    }
    for run in runs {
        if let Some(why) = run.is_no_evidence() {
            found.push(Block::Paragraph(format!("{}: {why}.", run.name)));
        }
    }
    found
}

/// A page about these runs, with what has to be known first.
fn page(title: impl Into<String>, runs: &[&Run]) -> Page {
    Page {
        title: title.into(),
        blocks: warnings(runs),
    }
}
