//! A case's table: rows, and `$row.column` put in their place. Knows nothing of what cells mean.

use std::collections::BTreeSet;

use super::reader::{NAME, ROW_NAME, Reader};
use crate::case::node::{Node, Tree};

/// One row.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Its name and where that stands.
    pub(super) name: Option<Node>,
    cells: Vec<(String, Node)>,
}

impl Row {
    /// The row of a case without a table.
    pub(super) fn none() -> Self {
        Self {
            name: None,
            cells: Vec::new(),
        }
    }

    fn cell(&self, column: &str) -> Option<&Node> {
        self.cells
            .iter()
            .find(|(name, _)| name == column)
            .map(|(_, cell)| cell)
    }
}

/// The fields of a table.
pub(crate) const TABLE: &[&str] = &["columns", "rows"];
/// More rows than this are a second case.
const MAX_ROWS: usize = 200;

/// The rows of a table, and its columns but the first, which is the row's name.
pub(super) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Row>> {
    let map = reader.map(node, "`table`", TABLE, TABLE)?;
    let columns = columns(reader, map.get("columns")?)?;
    let rows = reader.list(map.get("rows")?, "`rows`");
    if rows.is_empty() || rows.len() > MAX_ROWS {
        reader.refuse(
            map.get("rows")?,
            format!("a table has 1 to {MAX_ROWS} rows"),
        );
    }
    let mut names = BTreeSet::new();
    let mut read = Vec::new();
    for node in rows {
        let Tree::List(cells) = &node.value else {
            reader.refuse(
                node,
                format!("a row must be a list, and this is {}", node.kind()),
            );
            continue;
        };
        if cells.len() != columns.len() {
            let message = format!(
                "this row has {} cells for {} columns",
                cells.len(),
                columns.len()
            );
            reader.refuse(node, message);
            continue;
        }
        let Some(name) = reader.id(&cells[0], "name of a row", ROW_NAME) else {
            continue;
        };
        if !names.insert(name.clone()) {
            reader.refuse(&cells[0], format!("the row `{name}` is there twice"));
        }
        let cells_by_name = columns.iter().cloned().zip(cells.iter().cloned()).collect();
        read.push(Row {
            name: Some(cells[0].clone()),
            cells: cells_by_name,
        });
    }
    Some(read)
}

fn columns(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<String>> {
    let columns = reader.ids(node, "name of a column", NAME);
    if columns.first().map(String::as_str) != Some("name") || columns.len() < 2 {
        reader.refuse(
            node,
            "the first column is `name`, and one at least follows it",
        );
        return None;
    }
    for (at, column) in columns.iter().enumerate() {
        if columns[..at].contains(column) {
            reader.refuse(node, format!("the column `{column}` is there twice"));
        }
    }
    Some(columns)
}

/// The tree with every `$row.column` replaced by the row's cell, which keeps its own place, so
/// that a caret points at the row.
pub(super) fn fill(
    reader: &mut Reader<'_>,
    node: &Node,
    row: &Row,
    used: &mut BTreeSet<String>,
) -> Node {
    let value = match &node.value {
        Tree::Scalar(text) => match text.strip_prefix("$row.") {
            Some(column) => return cell(reader, node, column, row, used),
            None => return node.clone(),
        },
        Tree::Null => return node.clone(),
        Tree::List(items) => Tree::List(
            items
                .iter()
                .map(|item| fill(reader, item, row, used))
                .collect(),
        ),
        Tree::Map(entries) => Tree::Map(
            entries
                .iter()
                .map(|(key, value)| (key.clone(), fill(reader, value, row, used)))
                .collect(),
        ),
    };
    node.with(value)
}

fn cell(
    reader: &mut Reader<'_>,
    node: &Node,
    column: &str,
    row: &Row,
    used: &mut BTreeSet<String>,
) -> Node {
    if let Some(cell) = row.cell(column) {
        used.insert(column.to_owned());
        return cell.clone();
    }
    let columns = row.cells.iter().map(|(name, _)| name.as_str());
    reader.refuse_word(
        node,
        format!("the table has no column `{column}`"),
        column,
        columns,
    );
    node.with(Tree::Null)
}

/// Refuses columns that nothing uses.
pub(super) fn check_columns(reader: &mut Reader<'_>, table: &Node, used: &BTreeSet<String>) {
    let Some(Tree::List(columns)) = table.get("columns").map(|node| &node.value) else {
        return;
    };
    for column in columns.iter().skip(1) {
        let name = column.scalar().unwrap_or_default();
        if !used.contains(name) {
            reader.refuse_hinting(
                column,
                format!("nothing uses the column `{name}`"),
                format!("use it as $row.{name}, or leave it out"),
            );
        }
    }
}
