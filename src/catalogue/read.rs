//! Reads the files of the catalogue.

use std::sync::Arc;

use super::{Bug, CITATIONS, Catalogue, Citation, EVIDENCE, Evidence, IMPACTS, Rule};
use crate::case::error::{CaseError, Source};
use crate::case::load::{CASE_ID, Map, RULE_ID, Reader, check_format};
use crate::case::node::Node;
use crate::case::yaml;

impl Catalogue {
    /// Adds the rules of a file.
    ///
    /// # Errors
    /// Everything that is wrong with the file.
    pub fn add_rules(&mut self, source: &Source) -> Result<(), Vec<CaseError>> {
        read_list(source, "rules", |reader, node| {
            let rule = rule(reader, node)?;
            if let Some(first) = self.rules.get(&rule.id) {
                let hint = format!("the other one is at {}:{}", first.file, first.place);
                reader.refuse_hinting(node, format!("the rule {} is there twice", rule.id), hint);
            }
            self.rules.insert(rule.id.clone(), rule);
            Some(())
        })
    }

    /// Adds the bugs of a file.
    ///
    /// # Errors
    /// Everything that is wrong with the file.
    pub fn add_bugs(&mut self, source: &Source) -> Result<(), Vec<CaseError>> {
        read_list(source, "bugs", |reader, node| {
            let bug = bug(reader, node)?;
            if self.bugs.contains_key(&bug.id) {
                reader.refuse(node, format!("the bug {} is there twice", bug.id));
            }
            self.bugs.insert(bug.id.clone(), bug);
            Some(())
        })
    }

    /// Adds the retired case ids of a file.
    ///
    /// # Errors
    /// Everything that is wrong with the file.
    pub fn add_retired(&mut self, source: &Source) -> Result<(), Vec<CaseError>> {
        read_list(source, "retired", |reader, node| {
            let map = reader.map(node, "a retired id", RETIRED, RETIRED)?;
            let id = reader.id(map.get("id")?, "id of a case", CASE_ID)?;
            let because = reader.sentence(map.get("because")?, "`because`")?;
            self.retired.insert(id, because);
            Some(())
        })
    }
}

const RULE: &[&str] = &["id", "says", "evidence", "impact", "sources", "untested"];
const CITATION: &[&str] = &["what", "where", "read"];
const BUG: &[&str] = &["id", "server", "area", "story", "sources"];
const RETIRED: &[&str] = &["id", "because"];

/// Reads the one list of a file.
fn read_list(
    source: &Source,
    list: &str,
    mut read: impl FnMut(&mut Reader<'_>, &Node) -> Option<()>,
) -> Result<(), Vec<CaseError>> {
    let root = yaml::parse(source).map_err(|error| vec![*error])?;
    let mut reader = Reader::new(source);
    if let Some(map) = reader.map(
        &root,
        "this file",
        &["format", "about", list],
        &["format", list],
    ) {
        check_format(&mut reader, map);
        for node in map
            .get(list)
            .map(|node| reader.list(node, list))
            .unwrap_or_default()
        {
            read(&mut reader, node);
        }
    }
    if reader.is_clean() {
        Ok(())
    } else {
        Err(reader.into_errors())
    }
}

fn rule(reader: &mut Reader<'_>, node: &Node) -> Option<Rule> {
    let map = reader.map(node, "a rule", RULE, &RULE[..5])?;
    let id_node = map.get("id")?;
    let id = reader.id(id_node, "id of a rule", RULE_ID);
    let says = map
        .get("says")
        .and_then(|node| reader.sentence(node, "`says`"));
    let evidence = map
        .get("evidence")
        .and_then(|node| reader.word(node, "evidence", EVIDENCE));
    let impact = map
        .get("impact")
        .and_then(|node| reader.word(node, "impact", IMPACTS));
    let untested = map
        .get("untested")
        .and_then(|node| reader.sentence(node, "`untested`"));
    let sources = citations(reader, map);
    let (id, evidence) = (id?, evidence?);
    let witnesses = witnesses(evidence, &sources);
    if witnesses == 0 {
        reader.refuse(
            id_node,
            format!(
                "{id} is {}, and no source of that kind is given",
                evidence.name()
            ),
        );
    }
    let file = Arc::from(reader.path());
    Some(Rule {
        id,
        says: says?,
        evidence,
        witnesses,
        sources,
        impact: impact?,
        untested,
        file,
        place: id_node.place,
    })
}

/// How many independent sources give this evidence.
fn witnesses(evidence: Evidence, sources: &[Citation]) -> usize {
    let gives = |what: &str| match evidence {
        Evidence::Recorded => what == "recording",
        Evidence::Documented => what == "documentation",
        Evidence::Observed => what != "reading" && what != "implementation",
        Evidence::Inferred => true,
    };
    let mut names: Vec<&str> = sources
        .iter()
        .filter(|source| gives(&source.what))
        .map(Citation::witness)
        .collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}

fn citations(reader: &mut Reader<'_>, map: Map<'_>) -> Vec<Citation> {
    let nodes = map
        .get("sources")
        .map(|node| reader.list(node, "`sources`"))
        .unwrap_or_default();
    nodes
        .into_iter()
        .filter_map(|node| citation(reader, node))
        .collect()
}

fn citation(reader: &mut Reader<'_>, node: &Node) -> Option<Citation> {
    let map = reader.map(node, "a source", CITATION, CITATION)?;
    let kinds: Vec<(&str, &str)> = CITATIONS.iter().map(|(name, _)| (*name, *name)).collect();
    let what = reader.word(map.get("what")?, "kind of source", &kinds)?;
    let at = reader.sentence(map.get("where")?, "`where`")?;
    let read = reader.text(map.get("read")?, "`read`")?;
    if !is_day(&read) {
        reader.refuse_hinting(
            map.get("read")?,
            format!("`{read}` is no day"),
            "such as 2026-11-23",
        );
    }
    Some(Citation {
        what: what.to_owned(),
        at,
        read,
    })
}

fn is_day(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [4, 2, 2]
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn bug(reader: &mut Reader<'_>, node: &Node) -> Option<Bug> {
    let map = reader.map(node, "a bug", BUG, BUG)?;
    let id_node = map.get("id")?;
    let id = reader.id(id_node, "id of a bug", RULE_ID)?;
    let server = reader.sentence(map.get("server")?, "`server`")?;
    let area = reader.text(map.get("area")?, "`area`")?;
    let story = reader.sentence(map.get("story")?, "`story`")?;
    let sources = map
        .get("sources")
        .map(|node| reader.texts(node, "a source"))
        .unwrap_or_default();
    if sources.is_empty() {
        reader.refuse(node, format!("{id} needs a source"));
    }
    Some(Bug {
        id,
        server,
        area,
        story,
        sources,
        place: id_node.place,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Result<Catalogue, String> {
        let mut catalogue = Catalogue::default();
        match catalogue.add_rules(&Source::new("rules/put.yaml", text)) {
            Ok(()) => Ok(catalogue),
            Err(errors) => Err(errors
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n")),
        }
    }

    const RULE: &str = "\
format: 1
rules:
  - id: PUT-001
    says: It works.
    evidence: recorded
    impact: data-leak
    sources:
      - { what: recording, where: 'a/b @1 x.json #1', read: 2026-11-23 }
      - { what: recording, where: 'a/b @1 y.json', read: 2026-11-23 }
      - { what: recording, where: 'c/d @2 z.json', read: 2026-11-23 }
      - { what: report, where: 'e/f#12', read: 2026-11-23 }
";

    #[test]
    fn recordings_of_one_repository_are_one_witness() {
        let catalogue = rules(RULE).expect("it is a catalogue");
        let rule = catalogue.rule("PUT-001").expect("it is there");
        assert_eq!(rule.witnesses, 2);
        assert_eq!(rule.evidence_in_words(), "recorded twice");
        assert!(!rule.is_weak());
    }

    #[test]
    fn one_observer_is_weak_and_two_are_not() {
        let observed = RULE.replace("evidence: recorded", "evidence: observed");
        assert!(
            !rules(&observed)
                .expect("it is a catalogue")
                .rule("PUT-001")
                .expect("it is there")
                .is_weak()
        );
        let one: String = observed
            .lines()
            .filter(|line| !line.contains("what: recording"))
            .map(|line| format!("{line}\n"))
            .collect();
        assert!(
            rules(&one)
                .expect("it is a catalogue")
                .rule("PUT-001")
                .expect("it is there")
                .is_weak()
        );
    }

    #[test]
    fn evidence_without_its_kind_of_source_is_refused() {
        let wrong = RULE.replace("evidence: recorded", "evidence: documented");
        assert_eq!(
            rules(&wrong).expect_err("no documentation is cited"),
            "rules/put.yaml:3:9: PUT-001 is documented, and no source of that kind is given\n  |\n\
             3 |   - id: PUT-001\n  |         ^^^^^^^"
        );
    }

    #[test]
    fn a_rule_is_there_once() {
        let again: String = RULE
            .lines()
            .skip(2)
            .map(|line| format!("{line}\n"))
            .collect();
        let error = rules(&format!("{RULE}{again}")).expect_err("it is there twice");
        assert!(
            error.starts_with("rules/put.yaml:12:5: the rule PUT-001 is there twice"),
            "{error}"
        );
        assert!(
            error.ends_with("= the other one is at rules/put.yaml:3:9"),
            "{error}"
        );
    }
}
