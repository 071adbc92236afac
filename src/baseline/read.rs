//! Reads a baseline as strictly as a case file: what is wrong is shown where it stands.

use std::collections::BTreeMap;

use time::Date;

use super::pin::{is_pin, words};
use super::{Baseline, DATE, Entry, FIRST_QUESTION, overlay};
use crate::case::error::{CaseError, Source};
use crate::case::load::{Corpus, Map, Reader, check_format};
use crate::case::node::{Node, Tree};
use crate::case::yaml;
use crate::verdict::Verdict;

/// The list of a baseline.
pub(super) const ENTRIES: &str = "entries";
const FILE: &[&str] = &["format", "about", ENTRIES];
const ENTRY: &[&str] = &["case", "verdict", "got", "reason", "issue", "until"];
const VERDICTS: &[(&str, Verdict)] = &[
    ("deviates", Verdict::Deviates),
    ("fail", Verdict::Fail),
    ("unproven", Verdict::Unproven),
];

impl Baseline {
    /// Reads a baseline; every case that it lists has to be one of the corpus.
    ///
    /// # Errors
    /// Everything that is wrong with the file, cases that there are no more among it.
    pub fn read(source: &Source, corpus: &Corpus) -> Result<Self, Vec<CaseError>> {
        let root = yaml::parse(source).map_err(|error| vec![*error])?;
        let mut reader = Reader::new(source);
        let (mut about, mut entries): (_, Vec<Entry>) = (None, Vec::new());
        if let Some(map) = reader.map(&root, "a baseline", FILE, FILE) {
            check_format(&mut reader, map);
            about = map
                .get("about")
                .and_then(|node| reader.sentence(node, "`about`"));
            let nodes = map
                .get(ENTRIES)
                .map(|node| reader.list(node, "the entries"));
            for node in nodes.unwrap_or_default() {
                let Some(entry) = entry(&mut reader, node, corpus) else {
                    continue;
                };
                if entries.iter().any(|known| known.case == entry.case) {
                    reader.refuse(node, format!("{} is listed twice", entry.case));
                }
                entries.push(entry);
            }
        }
        if reader.is_clean() {
            Ok(Self {
                source: source.clone(),
                about: about.unwrap_or_default(),
                entries,
            })
        } else {
            Err(reader.into_errors())
        }
    }
}

fn entry(reader: &mut Reader<'_>, node: &Node, corpus: &Corpus) -> Option<Entry> {
    let map = reader.map(node, "an entry", ENTRY, &ENTRY[..4])?;
    let case = map.get("case").and_then(|node| case(reader, node, corpus));
    let verdict = map
        .get("verdict")
        .and_then(|node| reader.word(node, "verdict of an entry", VERDICTS));
    let got = map.get("got").and_then(|node| got(reader, node));
    let mut sentence = |name: &str| {
        let node = map.get(name)?;
        reader.sentence(node, &format!("`{name}`"))
    };
    let (reason, issue) = (sentence("reason"), sentence("issue"));
    let until = map.get("until").and_then(|node| date(reader, node));
    if verdict == Some(Verdict::Fail) {
        must_end(reader, node, map);
    }
    let entry = Entry {
        case: case?,
        verdict: verdict?,
        got: got?,
        reason: reason?,
        issue,
        until,
        place: node.place,
    };
    if entry.case == FIRST_QUESTION && !overlay::is_first_question(&entry) {
        let hint = "verdict: fail, got: ignored";
        reader.refuse_hinting(node, "the first question can be accepted in one way", hint);
    }
    Some(entry)
}

/// Nothing unsafe or broken is accepted for ever.
fn must_end(reader: &mut Reader<'_>, node: &Node, map: Map<'_>) {
    for name in ["issue", "until"] {
        if map.get(name).is_none() {
            let hint = "who works on it, and until when may it be so?";
            reader.refuse_hinting(node, format!("a `fail` needs the field `{name}`"), hint);
        }
    }
}

/// The whole name of the trial that is listed by its whole name, or by `id[row]`.
fn case(reader: &mut Reader<'_>, node: &Node, corpus: &Corpus) -> Option<String> {
    let text = reader.text(node, "a case")?;
    if text == FIRST_QUESTION {
        return Some(text);
    }
    let mut short: BTreeMap<String, &str> = BTreeMap::new();
    for trial in corpus.trials() {
        if trial.name == text {
            return Some(text);
        }
        let row = trial.row.as_ref().map(|row| format!("[{row}]"));
        short.insert(trial.id.clone() + &row.unwrap_or_default(), &trial.name);
    }
    if let Some(name) = short.get(&text) {
        return Some((*name).to_owned());
    }
    refuse_case(
        reader,
        node,
        &text,
        corpus,
        short.keys().map(String::as_str),
    );
    None
}

fn refuse_case<'a>(
    reader: &mut Reader<'_>,
    node: &Node,
    text: &str,
    corpus: &'a Corpus,
    short: impl Iterator<Item = &'a str> + Clone,
) {
    let id = text.rsplit('/').next().unwrap_or(text);
    let id = id.split('[').next().unwrap_or(id);
    let rows: Vec<&str> = short
        .clone()
        .filter(|name| {
            name.strip_prefix(id)
                .is_some_and(|rest| rest.starts_with('['))
        })
        .collect();
    let message = format!("there is no case {text}");
    if let Some(because) = corpus.catalogue.retired(id) {
        reader.refuse_hinting(node, message, format!("it was retired: {because}"));
    } else if rows.is_empty() {
        let full = corpus.trials().map(|trial| trial.name.as_str());
        reader.refuse_word(node, message, text, short.chain(full));
    } else {
        reader.refuse_word(node, message, text, rows);
    }
}

/// One way to fail, or a list of them.
fn got(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<String>> {
    let nodes = match &node.value {
        Tree::List(_) => reader.list(node, "`got`"),
        Tree::Null | Tree::Scalar(_) | Tree::Map(_) => vec![node],
    };
    let mut got = Vec::new();
    for node in nodes {
        let text = reader.text(node, "`got`")?;
        if !is_pin(&text) {
            let message = format!("`{text}` is neither `STATUS Code` nor the name of a check");
            reader.refuse_word(node, message, &text, words());
        }
        got.push(text);
    }
    if got.is_empty() {
        reader.refuse(node, "`got` must say something");
    }
    Some(got)
}

fn date(reader: &mut Reader<'_>, node: &Node) -> Option<Date> {
    let text = reader.text(node, "`until`")?;
    let date = Date::parse(&text, DATE).ok();
    if date.is_none() {
        reader.refuse_hinting(node, format!("`{text}` is no date"), "such as 2026-12-31");
    }
    date
}
