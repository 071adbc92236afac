//! Servers beside each other: by area, and case by case where they differ.

use std::collections::BTreeSet;

use super::page::{Block, Cell, Page};
use super::read::{Case, Run};
use crate::report::judgement::{Judgement, Tally};
use crate::verdict::Verdict;

/// Everything about these runs, one column each.
#[must_use]
pub fn compare(runs: &[Run]) -> Page {
    let all: Vec<_> = runs.iter().collect();
    let mut page = super::page("SSE-C side by side", &all);
    page.blocks.extend([
        Block::Heading("Servers".to_owned()),
        servers(runs),
        Block::Heading("Areas".to_owned()),
        areas(runs),
    ]);
    page.blocks.extend(differences(runs));
    page
}

/// The two answers and the counts of each server.
fn servers(runs: &[Run]) -> Block {
    let columns = [
        "server",
        "endpoint",
        "safe",
        "exact",
        "fail",
        "unproven",
        "deviates",
        "pass",
        "skip",
        "https rule",
        "suite",
    ];
    let row = |run: &Run| {
        let (tally, target) = (run.tally(), &run.target);
        let endpoint = if target.bundled {
            "bundled"
        } else {
            &target.endpoint
        };
        vec![
            run.name.clone().into(),
            endpoint.into(),
            answer(&tally.safe(target.sse_c, target.https_tested)),
            answer(&tally.exact(target.sse_c)),
            count("fail", tally.fail),
            count("unproven", tally.unproven),
            count("deviates", tally.deviates),
            count("pass", tally.pass),
            count("skip", tally.skip),
            (if target.https_tested {
                "tested"
            } else {
                "NOT TESTED"
            })
            .into(),
            run.suite.version.clone().into(),
        ]
    };
    Block::Table(
        columns.map(str::to_owned).to_vec(),
        runs.iter().map(row).collect(),
    )
}

fn answer(judgement: &Judgement) -> Cell {
    let tone = match judgement {
        Judgement::Yes(_) => "pass",
        Judgement::No(_) => "fail",
        Judgement::Open(_) => "unproven",
    };
    Cell::toned(tone, judgement.word())
}

fn count(tone: &'static str, count: usize) -> Cell {
    match count {
        0 => "".into(),
        count => Cell::toned(tone, count.to_string()),
    }
}

/// Areas by servers.
fn areas(runs: &[Run]) -> Block {
    let cases = runs.iter().flat_map(|run| run.cases.values());
    let areas: BTreeSet<_> = cases.map(Case::area).collect();
    let cell = |area: &str, run: &Run| {
        let cases = run.cases.values().filter(|case| case.area() == area);
        in_area(&Tally::of(cases.map(|case| case.raw)))
    };
    let row = |area: &&str| {
        let cells = runs.iter().map(|run| cell(area, run));
        [Cell::from(*area)].into_iter().chain(cells).collect()
    };
    Block::Table(columns("area", runs), areas.iter().map(row).collect())
}

/// How many of the judged cases pass, and what the others are.
fn in_area(tally: &Tally) -> Cell {
    let judged = tally.pass + tally.deviates + tally.fail + tally.unproven;
    let (tone, others) = match (judged, tally) {
        (0, Tally { skip: 0, .. }) => return "—".into(),
        (0, _) => return Cell::toned("skip", "skipped"),
        (_, tally) if tally.fail > 0 => ("fail", format!(", {} fail", tally.fail)),
        (_, tally) if tally.unproven > 0 => ("unproven", format!(", {} unproven", tally.unproven)),
        (_, tally) if tally.deviates > 0 => ("deviates", String::new()),
        _ => ("pass", String::new()),
    };
    Cell::toned(tone, format!("{}/{judged}{others}", tally.pass))
}

/// Cases in which not all servers do the same.
fn differences(runs: &[Run]) -> Vec<Block> {
    let names: BTreeSet<_> = runs.iter().flat_map(|run| run.cases.keys()).collect();
    let cases = |name: &String| {
        runs.iter()
            .map(|run| run.cases.get(name))
            .collect::<Vec<_>>()
    };
    let rows: Vec<Vec<Cell>> = names
        .iter()
        .map(|name| (name, cases(name)))
        .filter(|(_, cases)| cases.iter().any(|case| outcome(*case) != outcome(cases[0])))
        .map(|(name, cases)| {
            let cells = cases.into_iter().map(in_case);
            [Cell::from(name.as_str())]
                .into_iter()
                .chain(cells)
                .collect()
        })
        .collect();
    if runs.len() < 2 {
        return Vec::new();
    }
    let heading = format!("Cases where they differ: {} of {}", rows.len(), names.len());
    let mut blocks = vec![Block::Heading(heading)];
    if !rows.is_empty() {
        blocks.push(Block::Table(columns("case", runs), rows));
    }
    blocks
}

/// What has to be equal for two servers to do the same.
fn outcome(case: Option<&Case>) -> Option<(Verdict, Option<&str>)> {
    case.map(|case| (case.raw, case.got()))
}

/// Verdict and what was got, in a few words.
pub(super) fn in_case(case: Option<&Case>) -> Cell {
    let Some(case) = case else {
        return "—".into();
    };
    let word = case.raw.as_str();
    match case.got() {
        Some(got) => Cell::toned(word, format!("{word}: {got}")),
        None => Cell::toned(word, word),
    }
}

fn columns(first: &str, runs: &[Run]) -> Vec<String> {
    let names = runs.iter().map(|run| run.name.clone());
    [first.to_owned()].into_iter().chain(names).collect()
}

#[cfg(test)]
mod tests {
    use crate::compare::page::Notation;
    use crate::compare::read::tests::run;

    use super::*;

    #[test]
    fn servers_areas_and_cases_that_differ() {
        let one = run(
            "one",
            &[
                ("get/a/x", "pass"),
                ("get/a/y", "fail"),
                ("put/a/z", "skip"),
            ],
        );
        let two = run("two", &[("get/a/x", "pass"), ("get/a/y", "deviates")]);
        let text = compare(&[one, two]).write(Notation::Text);
        let expected = "\
SSE-C side by side

Servers
server  endpoint     safe  exact  fail  unproven  deviates  pass  skip  https rule  suite
one     https://one  no    no     1                         1     1     tested      0.1.0
two     https://two  yes   no                     1         1           tested      0.1.0

Areas
area  one          two
get   1/2, 1 fail  1/2
put   skipped      —

Cases where they differ: 2 of 3
case     one   two
get/a/y  fail  deviates
put/a/z  skip  —
";
        assert_eq!(text, expected);
    }

    #[test]
    fn what_is_no_evidence_is_said_first() {
        let mut moto = run("moto", &[("get/a/x", "pass")]);
        moto.target.sse_c = crate::event::SseC::Ignored;
        moto.suite.version = "0.2.0".to_owned();
        let text = compare(&[moto, run("two", &[])]).write(Notation::Text);
        assert!(
            text.contains("different versions of the suite (0.1.0, 0.2.0)"),
            "{text}"
        );
        assert!(
            text.contains("moto: the target takes customer keys and drops them"),
            "{text}"
        );
    }
}
