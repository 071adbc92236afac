//! What changed between two runs of one server.

use std::collections::BTreeSet;

use super::page::{Block, Cell, Page};
use super::read::{Case, Run};
use super::side_by_side::in_case;
use crate::verdict::Verdict;

/// What became of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Its verdict is graver.
    Worse,
    /// Its verdict is less grave.
    Better,
    /// The verdict is the same, the difference another.
    Other,
    /// Only the later run has it.
    New,
    /// Only the earlier run has it.
    Gone,
}

impl Change {
    const ALL: [Self; 5] = [
        Self::Worse,
        Self::Better,
        Self::Other,
        Self::New,
        Self::Gone,
    ];

    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Worse => "worse",
            Self::Better => "better",
            Self::Other => "other",
            Self::New => "new",
            Self::Gone => "gone",
        }
    }
}

/// What became of a case; `None` if nothing did.
#[must_use]
pub fn change(before: Option<&Case>, after: Option<&Case>) -> Option<Change> {
    match (before, after) {
        (None, None) => None,
        (None, Some(_)) => Some(Change::New),
        (Some(_), None) => Some(Change::Gone),
        (Some(before), Some(after)) => match gravity(after.raw).cmp(&gravity(before.raw)) {
            std::cmp::Ordering::Greater => Some(Change::Worse),
            std::cmp::Ordering::Less => Some(Change::Better),
            std::cmp::Ordering::Equal => (before.got() != after.got()).then_some(Change::Other),
        },
    }
}

/// The verdicts from the best to the worst. A skipped case is worse than one that passed: it proves nothing.
const fn gravity(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Pass => 0,
        Verdict::Skip => 1,
        Verdict::Deviates => 2,
        Verdict::Unproven => 3,
        Verdict::Fail => 4,
    }
}

/// What changed from the first run to the second, the worst first.
#[must_use]
pub fn compare(before: &Run, after: &Run) -> Page {
    let title = format!("From {} to {}", before.name, after.name);
    let mut page = super::page(title, &[before, after]);
    let names: BTreeSet<_> = before.cases.keys().chain(after.cases.keys()).collect();
    let pair = |name: &String| (before.cases.get(name), after.cases.get(name));
    let mut changed: Vec<_> = names
        .iter()
        .filter_map(|name| {
            let (before, after) = pair(name);
            change(before, after).map(|change| (change, *name))
        })
        .collect();
    changed.sort();
    let counts = Change::ALL.into_iter().filter_map(|change| {
        let count = changed.iter().filter(|(other, _)| *other == change).count();
        (count > 0).then(|| format!("{count} {}", change.as_str()))
    });
    let counts: Vec<_> = counts.collect();
    page.blocks.push(Block::Paragraph(match counts.is_empty() {
        true => format!("Nothing changed in {} cases.", names.len()),
        false => format!("{} of {} cases.", counts.join(", "), names.len()),
    }));
    if changed.is_empty() {
        return page;
    }
    let rows = changed.into_iter().map(|(change, name)| {
        let (before, after) = pair(name);
        let word = Cell::toned(change.as_str(), change.as_str());
        vec![name.as_str().into(), word, in_case(before), in_case(after)]
    });
    let columns = ["case", "change", &before.name, &after.name];
    page.blocks.push(Block::Table(
        columns.map(str::to_owned).to_vec(),
        rows.collect(),
    ));
    page
}

#[cfg(test)]
mod tests {
    use crate::compare::page::Notation;
    use crate::compare::read::tests::run;

    use super::*;

    #[test]
    fn the_worst_comes_first_and_what_is_equal_is_left_out() {
        let before = run(
            "before",
            &[
                ("a/b/same", "fail"),
                ("a/b/fixed", "fail"),
                ("a/b/lost", "pass"),
                ("a/b/old", "pass"),
            ],
        );
        let after = run(
            "after",
            &[
                ("a/b/same", "fail"),
                ("a/b/fixed", "pass"),
                ("a/b/lost", "skip"),
                ("a/b/fresh", "deviates"),
            ],
        );
        assert_eq!(
            compare(&before, &after).write(Notation::Text),
            "From before to after\n\
             1 worse, 1 better, 1 new, 1 gone of 5 cases.\n\
             case       change  before  after\n\
             a/b/lost   worse   pass    skip\n\
             a/b/fixed  better  fail    pass\n\
             a/b/fresh  new     —       deviates\n\
             a/b/old    gone    pass    —\n"
        );
        let same = compare(&before, &before).write(Notation::Text);
        assert_eq!(same, "From before to before\nNothing changed in 4 cases.\n");
    }

    #[test]
    fn another_answer_with_the_same_verdict_is_a_change() {
        let mut before = run("before", &[("a/b/c", "fail")]);
        let mut after = before.clone();
        let case = |run: &mut Run, got: &str| {
            let case = run.cases.get_mut("a/b/c").expect("it is in it");
            case.findings = vec![crate::compare::read::tests::finding("GET-003", got)];
        };
        case(&mut before, "200");
        case(&mut after, "404");
        let of = |run: &Run| run.cases.get("a/b/c").cloned();
        assert_eq!(
            change(of(&before).as_ref(), of(&after).as_ref()),
            Some(Change::Other)
        );
        assert_eq!(change(of(&after).as_ref(), of(&after).as_ref()), None);
    }
}
