//! Which rules a run confirms and which it contradicts: a report carries every answer, so that a run against Amazon
//! S3 itself is a recording.

use std::collections::BTreeMap;

use super::page::{Block, Cell, Page};
use super::read::{Case, Finding, Run};
use crate::catalogue::{Catalogue, Rule};
use crate::verdict::Verdict;

/// What a run says about one rule.
#[derive(Debug, Default)]
pub struct Said<'r> {
    /// Cases that cite it, were judged, and found nothing at all.
    pub confirmed: Vec<&'r str>,
    /// Findings against it, with their cases.
    pub contradicted: Vec<(&'r str, &'r Finding)>,
    /// Cases that cite it and say nothing: skipped, unproven, or cut short by another rule's finding.
    pub silent: Vec<&'r str>,
}

/// What a run says about every rule that its cases cite.
#[must_use]
pub fn said(run: &Run) -> BTreeMap<&str, Said<'_>> {
    let mut rules: BTreeMap<&str, Said<'_>> = BTreeMap::new();
    for case in run.cases.values() {
        for id in &case.rules {
            let said = rules.entry(id).or_default();
            let against = || against(case, id);
            match against().next() {
                Some(_) => said
                    .contradicted
                    .extend(against().map(|finding| (&*case.name, finding))),
                None if case.raw == Verdict::Pass && case.findings.is_empty() => {
                    said.confirmed.push(&case.name);
                }
                None => said.silent.push(&case.name),
            }
        }
    }
    rules
}

fn against<'r>(case: &'r Case, id: &str) -> impl Iterator<Item = &'r Finding> {
    let is_against = move |finding: &&Finding| finding.rule.as_deref() == Some(id);
    case.findings.iter().filter(is_against)
}

/// What a run says about the rules of this version.
#[must_use]
pub fn compare(run: &Run, catalogue: &Catalogue) -> Page {
    let mut page = super::page(format!("The rules of S3 by {}", run.name), &[run]);
    if run.is_no_evidence().is_some() {
        return page;
    }
    if run.target.bundled {
        let no_evidence = "This is a run against the bundled reference, which was written after the rules: it is no evidence of S3.";
        page.blocks.push(Block::Paragraph(no_evidence.to_owned()));
    }
    let rules = said(run);
    let split = |wanted: fn(&Said<'_>) -> bool| {
        let rules = rules.iter().filter(move |(_, said)| wanted(said));
        rules.map(|(id, said)| (*id, said)).collect::<Vec<_>>()
    };
    let contradicted = split(|said| !said.contradicted.is_empty());
    let confirmed = split(|said| said.contradicted.is_empty() && !said.confirmed.is_empty());
    let silent = split(|said| said.contradicted.is_empty() && said.confirmed.is_empty());
    let (weak, firm): (Vec<_>, Vec<_>) = confirmed
        .into_iter()
        .partition(|(id, _)| catalogue.rule(id).is_some_and(Rule::is_weak));
    page.blocks.push(Block::Paragraph(format!(
        "{} confirmed ({} of them weakly known so far), {} contradicted, {} untouched.",
        weak.len() + firm.len(),
        weak.len(),
        contradicted.len(),
        silent.len()
    )));
    page.blocks.extend(against_table(catalogue, &contradicted));
    page.blocks.extend(confirmed_table(catalogue, &weak));
    page.blocks
        .extend(ids("Confirmed, and firm already", &firm));
    page.blocks
        .extend(ids("Untouched: skipped, unproven or not reached", &silent));
    page
}

/// One row for each way in which a rule is contradicted.
fn against_table(catalogue: &Catalogue, rules: &[(&str, &Said<'_>)]) -> Vec<Block> {
    let mut rows = Vec::new();
    for (id, said) in rules {
        let mut ways: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for (case, finding) in &said.contradicted {
            let way = (finding.expected.as_str(), finding.got.as_str());
            ways.entry(way).or_default().push(case);
        }
        rows.extend(ways.into_iter().map(|((expected, got), cases)| {
            vec![
                Cell::from(*id),
                evidence(catalogue, id).into(),
                expected.into(),
                Cell::toned("fail", got),
                some(&cases).into(),
                some(&said.confirmed).into(),
                says(catalogue, id).into(),
            ]
        }));
    }
    let columns = [
        "rule",
        "known so far",
        "expected",
        "got",
        "in",
        "agrees in",
        "says",
    ];
    table("Contradicted", &columns, rows)
}

/// The first of these names, and how many more there are.
fn some(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
    }
}

/// Rules whose evidence this run could raise.
fn confirmed_table(catalogue: &Catalogue, rules: &[(&str, &Said<'_>)]) -> Vec<Block> {
    let row = |(id, said): &(&str, &Said<'_>)| {
        vec![
            Cell::from(*id),
            evidence(catalogue, id).into(),
            Cell::toned("pass", some(&said.confirmed)),
            says(catalogue, id).into(),
        ]
    };
    let columns = ["rule", "known so far", "in", "says"];
    let rows = rules.iter().map(row).collect();
    table("Confirmed, and weakly known so far", &columns, rows)
}

fn table(heading: &str, columns: &[&str], rows: Vec<Vec<Cell>>) -> Vec<Block> {
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = columns.iter().map(|name| (*name).to_owned()).collect();
    vec![
        Block::Heading(heading.to_owned()),
        Block::Table(columns, rows),
    ]
}

fn ids(heading: &str, rules: &[(&str, &Said<'_>)]) -> Vec<Block> {
    if rules.is_empty() {
        return Vec::new();
    }
    let ids: Vec<_> = rules.iter().map(|(id, _)| *id).collect();
    vec![
        Block::Heading(heading.to_owned()),
        Block::Paragraph(ids.join(" ")),
    ]
}

fn says<'c>(catalogue: &'c Catalogue, id: &str) -> &'c str {
    catalogue
        .rule(id)
        .map_or("(no rule of this version)", |rule| &rule.says)
}

fn evidence(catalogue: &Catalogue, id: &str) -> String {
    catalogue
        .rule(id)
        .map_or(String::new(), Rule::evidence_in_words)
}

#[cfg(test)]
mod tests {
    use crate::case::load::Library;
    use crate::compare::page::Notation;
    use crate::compare::read::tests::{finding, run};

    use super::*;

    #[test]
    fn a_rule_is_confirmed_contradicted_or_untouched() {
        let mut run = run(
            "aws",
            &[
                ("a/b/good", "pass"),
                ("a/b/bad", "deviates"),
                ("a/b/cut", "fail"),
                ("a/b/not", "skip"),
            ],
        );
        let mut set = |name: &str, rules: &[&str], findings: Vec<Finding>| {
            let case = run.cases.get_mut(name).expect("it is in it");
            case.rules = rules.iter().map(|id| (*id).to_owned()).collect();
            case.findings = findings;
        };
        set("a/b/good", &["GET-003", "GET-007"], Vec::new());
        set("a/b/bad", &["GET-003"], vec![finding("GET-003", "400")]);
        set(
            "a/b/cut",
            &["PUT-001", "PUT-022"],
            vec![finding("PUT-001", "500")],
        );
        set("a/b/not", &["CPY-001"], Vec::new());
        let said = said(&run);
        let count = |id: &str| {
            let said = &said[id];
            (
                said.confirmed.len(),
                said.contradicted.len(),
                said.silent.len(),
            )
        };
        assert_eq!(count("GET-003"), (1, 1, 0));
        assert_eq!(count("GET-007"), (1, 0, 0));
        assert_eq!(count("PUT-001"), (0, 1, 0));
        assert_eq!(count("PUT-022"), (0, 0, 1));
        assert_eq!(count("CPY-001"), (0, 0, 1));
        let catalogue = Library::embedded()
            .load()
            .expect("the cases are right")
            .catalogue;
        let text = compare(&run, &catalogue).write(Notation::Text);
        assert!(
            text.contains("1 confirmed") && text.contains("2 contradicted, 2 untouched"),
            "{text}"
        );
    }

    #[test]
    fn the_reference_and_a_server_without_sse_c_are_no_evidence() {
        let catalogue = Catalogue::default();
        let mut own = run("own", &[("a/b/c", "pass")]);
        own.target.bundled = true;
        let text = compare(&own, &catalogue).write(Notation::Text);
        assert!(text.contains("no evidence of S3"), "{text}");
        own.target.sse_c = crate::event::SseC::Ignored;
        let text = compare(&own, &catalogue).write(Notation::Text);
        assert!(!text.contains("confirmed"), "{text}");
    }
}
