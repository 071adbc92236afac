//! The names that a case defines and uses: none may dangle, none may be idle.

use std::collections::BTreeSet;

use super::reader::{NameKind, Reader, Use};
use crate::case::node::Node;

/// The names of a case: defined in any row, used in any row.
#[derive(Debug, Default)]
pub(super) struct Used {
    pub(super) columns: BTreeSet<String>,
    data: Vec<(String, Node)>,
    used_data: BTreeSet<String>,
    pub(super) answers: Vec<(String, Node)>,
    pub(super) used_answers: BTreeSet<String>,
    /// The data of the row that is being read.
    current: BTreeSet<String>,
}

impl Used {
    /// Begins a row with these data.
    pub(super) fn define_data(&mut self, node: Option<&Node>) {
        let entries = node.and_then(Node::entries).unwrap_or_default();
        self.current = entries
            .iter()
            .filter_map(|(key, _)| key.scalar())
            .map(str::to_owned)
            .collect();
        self.data.extend(
            entries
                .iter()
                .filter_map(|(key, _)| Some((key.scalar()?.to_owned(), key.clone()))),
        );
    }

    /// Takes the names that a step used and refuses those that mean nothing.
    pub(super) fn take(&mut self, reader: &mut Reader<'_>, answers: &BTreeSet<String>) {
        for Use { kind, name, node } in std::mem::take(&mut reader.uses) {
            let (known, used, what) = match kind {
                NameKind::Datum => (&self.current, &mut self.used_data, "datum"),
                NameKind::Answer => (answers, &mut self.used_answers, "earlier answer"),
            };
            if !known.contains(&name) {
                let names: Vec<&str> = known.iter().map(String::as_str).collect();
                reader.refuse_word(&node, format!("there is no {what} `{name}`"), &name, names);
            }
            used.insert(name);
        }
    }

    /// Refuses names that nothing uses.
    pub(super) fn check(&self, reader: &mut Reader<'_>) {
        for (name, node) in self
            .data
            .iter()
            .filter(|(name, _)| !self.used_data.contains(name))
        {
            reader.refuse(node, format!("nothing uses the datum `{name}`"));
        }
        for (name, node) in self
            .answers
            .iter()
            .filter(|(name, _)| !self.used_answers.contains(name))
        {
            reader.refuse(node, format!("nothing uses the answer `{name}`"));
        }
    }
}
