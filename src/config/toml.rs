//! TOML to tree: the only file that names the TOML crate.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::case::error::{CaseError, Source};
use crate::case::node::{Node, Tree};
use crate::case::place::Place;

/// The longest file that is read, in bytes.
const FILE_LEN_MAX: usize = 256 * 1024;

/// The tree of a TOML document; numbers, booleans and dates are scalars by their text.
///
/// # Errors
/// The first thing that is no TOML.
pub(super) fn parse(source: &Source) -> Result<Node, CaseError> {
    let text = &*source.text;
    if text.len() > FILE_LEN_MAX {
        return Err(source.error_of_file(format!("is longer than {FILE_LEN_MAX} bytes")));
    }
    let document = DeTable::parse(text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        source.error(
            place(text, span.start),
            width(text, &span),
            format!("this is not TOML: {}", error.message()),
        )
    })?;
    let span = document.span();
    Ok(table(text, &span, document.get_ref()))
}

fn table(text: &str, span: &Range<usize>, table: &DeTable<'_>) -> Node {
    let mut entries: Vec<(Node, Node)> = table
        .iter()
        .map(|(name, found)| {
            let key = node(text, &name.span(), Tree::Scalar(name.get_ref().to_string()));
            (key, value(text, &found.span(), found.get_ref()))
        })
        .collect();
    entries.sort_by_key(|(key, _)| key.place);
    node(text, span, Tree::Map(entries))
}

fn value(text: &str, span: &Range<usize>, found: &DeValue<'_>) -> Node {
    let scalar = |value: String| node(text, span, Tree::Scalar(value));
    match found {
        DeValue::String(value) => scalar(value.to_string()),
        DeValue::Integer(value) => scalar(value.to_string()),
        DeValue::Float(value) => scalar(value.to_string()),
        DeValue::Boolean(value) => scalar(value.to_string()),
        DeValue::Datetime(value) => scalar(value.to_string()),
        DeValue::Array(items) => {
            let items = items
                .iter()
                .map(|item| value(text, &item.span(), item.get_ref()));
            node(text, span, Tree::List(items.collect()))
        }
        DeValue::Table(entries) => table(text, span, entries),
    }
}

fn node(text: &str, span: &Range<usize>, value: Tree) -> Node {
    Node {
        place: place(text, span.start),
        width: width(text, span),
        value,
    }
}

/// Line and column of a byte.
fn place(text: &str, at: usize) -> Place {
    let before = text.get(..at).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    Place {
        line: before.matches('\n').count() as u32 + 1,
        column: line.chars().count() as u32 + 1,
    }
}

/// Characters of the first line that a span covers.
fn width(text: &str, span: &Range<usize>) -> u32 {
    let covered = text.get(span.clone()).unwrap_or_default();
    let first = covered.lines().next().unwrap_or_default();
    (first.chars().count() as u32).max(1)
}
