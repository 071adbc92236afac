//! Reads a case file: its cases, their tables, their names.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::composites::{datum_name, size};
use super::names::Used;
use super::reader::{CASE_ID, Map, Reader};
use super::table::{self, Row};
use crate::case::call::BucketAsk;
use crate::case::data::{Content, Datum, FILLS, Fill};
use crate::case::error::{CaseError, Source};
use crate::case::node::{Node, Tree};
use crate::case::{Bucket, Case, CaseFile, Control, Depth, Step, Trial, feature, yaml};
use crate::catalogue::Catalogue;

/// The version of the format that is read.
pub const FORMAT: &str = "1";

/// The fields of a case file.
pub(crate) const FILE: &[&str] = &["format", "about", "cases"];
/// The fields of a case.
pub(crate) const CASE: &[&str] = &[
    "id", "title", "note", "rules", "catches", "needs", "bucket", "depth", "faults", "data",
    "table", "steps",
];
/// The fields of a datum that is not just a size.
pub(crate) const DATUM: &[&str] = &["text", "size", "fill"];

/// The names of the buckets.
pub(crate) const BUCKETS: &[(&str, Bucket)] = &[
    ("shared", Bucket::Shared),
    ("versioned", Bucket::Versioned),
    ("blocked", Bucket::Blocked),
    ("own", Bucket::Own),
    ("new", Bucket::New),
];

/// The names of the depths.
pub(crate) const DEPTHS: &[(&str, Depth)] = &[("quick", Depth::Quick), ("full", Depth::Full)];

/// The cases of a file, or everything that is wrong with it.
pub(super) fn read_file(
    source: &Source,
    area: &str,
    topic: &str,
    catalogue: &Catalogue,
) -> Result<CaseFile, Vec<CaseError>> {
    let root = yaml::parse(source).map_err(|error| vec![*error])?;
    let mut reader = Reader::with_catalogue(source, catalogue);
    let file = FileReader {
        reader: &mut reader,
        source,
        area,
        topic,
        catalogue,
    }
    .file(&root);
    match file {
        Some(file) if reader.is_clean() => Ok(file),
        _ => Err(reader.into_errors()),
    }
}

/// Notes a wrong `format`.
pub(crate) fn check_format(reader: &mut Reader<'_>, map: Map<'_>) {
    if let Some(node) = map
        .get("format")
        .filter(|node| node.scalar() != Some(FORMAT))
    {
        reader.refuse(node, format!("this program reads format {FORMAT}"));
    }
}

struct FileReader<'r, 's> {
    reader: &'r mut Reader<'s>,
    source: &'s Source,
    area: &'s str,
    topic: &'s str,
    catalogue: &'s Catalogue,
}

impl FileReader<'_, '_> {
    fn file(&mut self, root: &Node) -> Option<CaseFile> {
        let map = self.reader.map(root, "a case file", FILE, FILE)?;
        check_format(self.reader, map);
        let about = map
            .get("about")
            .and_then(|node| self.reader.sentence(node, "`about`"));
        let nodes = map
            .get("cases")
            .map(|node| self.reader.list(node, "`cases`"))
            .unwrap_or_default();
        let cases = nodes
            .into_iter()
            .filter_map(|node| self.case(node))
            .collect();
        Some(CaseFile {
            path: self.source.path.clone(),
            text: Arc::clone(&self.source.text),
            area: self.area.to_owned(),
            topic: self.topic.to_owned(),
            about: about?,
            cases,
        })
    }

    fn case(&mut self, node: &Node) -> Option<Case> {
        let map = self
            .reader
            .map(node, "a case", CASE, &["id", "title", "rules", "steps"])?;
        let id_node = map.get("id")?;
        let id = self.reader.id(id_node, "id of a case", CASE_ID);
        if let Some(because) = id.as_ref().and_then(|id| self.catalogue.retired(id)) {
            self.reader
                .refuse_hinting(id_node, "this id is retired", format!("because {because}"));
        }
        let title = map
            .get("title")
            .and_then(|node| self.reader.sentence(node, "`title`"));
        let note = map
            .get("note")
            .and_then(|node| self.reader.sentence(node, "`note`"));
        let rows = match map.get("table") {
            Some(table) => table::read(self.reader, table)?,
            None => vec![Row::none()],
        };
        let head = Head {
            id: id?,
            title: title?,
            id_node,
        };
        let mut used = Used::default();
        let trials = rows
            .iter()
            .filter_map(|row| self.trial(&head, map, row, &mut used))
            .collect();
        if let Some(table) = map.get("table") {
            table::check_columns(self.reader, table, &used.columns);
        }
        used.check(self.reader);
        Some(Case {
            id: head.id,
            title: head.title,
            note,
            place: id_node.place,
            trials,
        })
    }

    fn trial(
        &mut self,
        head: &Head<'_>,
        map: Map<'_>,
        row: &Row,
        used: &mut Used,
    ) -> Option<Trial> {
        let filled = self.fill(map, row, &mut used.columns);
        let map = Map { node: &filled };
        let reader = &mut *self.reader;
        used.define_data(map.get("data"));
        let own_rules = rules(reader, map);
        let steps = steps(reader, map.get("steps")?, &own_rules, used);
        let bucket = word(reader, map, "bucket", BUCKETS);
        if !matches!(bucket, Bucket::Own | Bucket::New) {
            refuse_changes(reader, map, &steps);
        }
        let row_name = row
            .name
            .as_ref()
            .and_then(|name| name.scalar())
            .map(str::to_owned);
        Some(Trial {
            name: name(self.area, self.topic, &head.id, row_name.as_deref()),
            id: head.id.clone(),
            title: head.title.clone(),
            area: self.area.to_owned(),
            file: Arc::from(self.source.path.as_str()),
            text: Arc::clone(&self.source.text),
            place: row.name.as_ref().unwrap_or(head.id_node).place,
            row: row_name,
            rules: all_rules(own_rules, &steps),
            catches: map
                .get("catches")
                .map(|node| reader.bugs(node))
                .unwrap_or_default(),
            needs: with_implied(needs(reader, map), bucket, &steps),
            bucket,
            depth: word(reader, map, "depth", DEPTHS),
            faults: map
                .get("faults")
                .and_then(|node| reader.number(node, "`faults`"))
                .unwrap_or(1),
            data: data(reader, map),
            steps,
        })
    }

    /// The case with the row's cells in their places. What is not the row's stays as it is.
    fn fill(&mut self, map: Map<'_>, row: &Row, used: &mut BTreeSet<String>) -> Node {
        let entries = map.node.entries().unwrap_or_default();
        let filled = entries.iter().map(|(key, value)| match key.scalar() {
            Some("id" | "title" | "note" | "table") => (key.clone(), value.clone()),
            _ => (key.clone(), table::fill(self.reader, value, row, used)),
        });
        let filled = filled.collect();
        map.node.with(Tree::Map(filled))
    }
}

/// What all trials of a case share.
struct Head<'n> {
    id: String,
    title: String,
    id_node: &'n Node,
}

/// `area/topic/id[row]`
fn name(area: &str, topic: &str, id: &str, row: Option<&str>) -> String {
    match row {
        Some(row) => format!("{area}/{topic}/{id}[{row}]"),
        None => format!("{area}/{topic}/{id}"),
    }
}

/// The features that a case names, and those that its steps use.
fn with_implied(mut needs: Vec<String>, bucket: Bucket, steps: &[Step]) -> Vec<String> {
    for feature in feature::implied(bucket, steps) {
        if !needs.iter().any(|need| need == feature) {
            needs.push(feature.to_owned());
        }
    }
    needs
}

/// A bucket that other cases use keeps its configuration.
fn refuse_changes(reader: &mut Reader<'_>, map: Map<'_>, steps: &[Step]) {
    let changes = |step: &&Step| step.call.ask.is_some_and(BucketAsk::changes);
    if let (Some(_), Some(node)) = (steps.iter().find(changes), map.get("steps")) {
        let node = map.get("bucket").unwrap_or(node);
        reader.refuse_hinting(
            node,
            "a case that changes its bucket needs one of its own",
            "bucket: own",
        );
    }
}

/// The rules of a case, and those that only its steps cite.
fn all_rules(mut rules: Vec<String>, steps: &[Step]) -> Vec<String> {
    for rule in steps.iter().flat_map(|step| &step.rules) {
        if !rules.contains(rule) {
            rules.push(rule.clone());
        }
    }
    rules
}

/// A field that is one word of a table, or the default.
fn word<T: Copy + Default>(
    reader: &mut Reader<'_>,
    map: Map<'_>,
    field: &str,
    table: &[(&str, T)],
) -> T {
    let read = map
        .get(field)
        .and_then(|node| reader.word(node, field, table));
    read.unwrap_or_default()
}

fn rules(reader: &mut Reader<'_>, map: Map<'_>) -> Vec<String> {
    let Some(node) = map.get("rules") else {
        return Vec::new();
    };
    let rules = reader.rules(node);
    if rules.is_empty() {
        reader.refuse(node, "a case holds the target to at least one rule");
    }
    rules
}

fn needs(reader: &mut Reader<'_>, map: Map<'_>) -> Vec<String> {
    let Some(node) = map.get("needs") else {
        return Vec::new();
    };
    let names = reader.texts(node, "a feature");
    let items = reader.list(node, "`needs`");
    for (name, item) in names.iter().zip(items) {
        if feature::find(name).is_none() {
            let known = feature::FEATURES.iter().map(|feature| feature.name);
            reader.refuse_word(item, format!("there is no feature `{name}`"), name, known);
        }
    }
    names
}

fn data(reader: &mut Reader<'_>, map: Map<'_>) -> Vec<Datum> {
    let Some(node) = map.get("data") else {
        return Vec::new();
    };
    let mut data = Vec::new();
    for (key, value) in reader.entries(node, "`data`").unwrap_or_default() {
        let (Some(name), Some(content)) = (datum_name(reader, key), content(reader, value)) else {
            continue;
        };
        data.push(Datum { name, content });
    }
    data
}

fn content(reader: &mut Reader<'_>, node: &Node) -> Option<Content> {
    if node.scalar().is_some() {
        return Some(Content::Filled {
            size: size(reader, node)?,
            fill: Fill::Random,
        });
    }
    let map = reader.map(node, "a datum", DATUM, &[])?;
    match (map.get("text"), map.get("size")) {
        (Some(text), None) => Some(Content::Text(reader.text(text, "a text")?)),
        (None, Some(len)) => Some(Content::Filled {
            size: size(reader, len)?,
            fill: map
                .get("fill")
                .map_or(Some(Fill::Random), |fill| reader.word(fill, "fill", FILLS))?,
        }),
        _ => {
            reader.refuse_hinting(
                node,
                "a datum is one of these",
                "a size, {text: …} or {size, fill}",
            );
            None
        }
    }
}

fn steps(reader: &mut Reader<'_>, node: &Node, rules: &[String], used: &mut Used) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut written = BTreeSet::new();
    let mut answers = BTreeSet::new();
    let items = reader.list(node, "`steps`");
    if items.is_empty() {
        reader.refuse(node, "a case has at least one step");
    }
    for item in items {
        let step = reader.step(item, rules, &mut written);
        used.take(reader, &answers);
        let Some(step) = step else { continue };
        if let Some(name) = &step.name {
            used.answers.push((name.clone(), item.clone()));
            if !answers.insert(name.clone()) {
                reader.refuse(item, format!("the answer `{name}` is named twice"));
            }
        }
        steps.push(step);
    }
    check_controls(reader, node, &steps, used);
    steps
}

/// A control that comes later must be there, and must be expected to succeed.
fn check_controls(reader: &mut Reader<'_>, node: &Node, steps: &[Step], used: &mut Used) {
    let items = reader.list(node, "`steps`");
    for (at, step) in steps.iter().enumerate() {
        let Control::After(name) = &step.control else {
            continue;
        };
        used.used_answers.insert(name.clone());
        let later = steps[at + 1..]
            .iter()
            .find(|later| later.name.as_deref() == Some(name));
        let succeeds = later
            .and_then(|later| later.expect.as_ref())
            .is_some_and(|expect| !expect.is_refusal());
        if !succeeds {
            let item = items.get(at).copied().unwrap_or(node);
            reader.refuse(
                item,
                format!("no later step that succeeds is named `{name}`"),
            );
        }
    }
}
