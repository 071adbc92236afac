//! Trees to plain values: the one place that says what is wrong with a node.
//!
//! Every reading function returns `None` after it has noted what is wrong, so that one pass over
//! a file finds all of its mistakes.

use std::str::FromStr;

use crate::case::error::{CaseError, Source};
use crate::case::node::{Node, Tree};
use crate::case::place::At;
use crate::catalogue::Catalogue;

/// Reads nodes of one file and notes mistakes.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    source: &'a Source,
    catalogue: Option<&'a Catalogue>,
    errors: Vec<CaseError>,
    noted: usize,
    /// The data and answers that were named, for the check of names.
    pub(super) uses: Vec<Use>,
}

/// A name that was used where it stands.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub(super) kind: NameKind,
    pub(super) name: String,
    pub(super) node: Node,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NameKind {
    /// An entry of `data:`.
    Datum,
    /// An answer that a step named with `as:`.
    Answer,
}

/// More mistakes than this are not listed for one file.
const MAX_ERRORS: usize = 50;

impl<'a> Reader<'a> {
    /// A reader of that file.
    pub(crate) fn new(source: &'a Source) -> Self {
        Self {
            source,
            catalogue: None,
            errors: Vec::new(),
            noted: 0,
            uses: Vec::new(),
        }
    }

    /// A reader that knows the rules and bugs that the file may name.
    pub(super) fn with_catalogue(source: &'a Source, catalogue: &'a Catalogue) -> Self {
        Self {
            catalogue: Some(catalogue),
            ..Self::new(source)
        }
    }

    /// The file's name.
    pub(crate) fn path(&self) -> &str {
        &self.source.path
    }

    /// What was wrong, in the order of the file.
    pub(crate) fn into_errors(mut self) -> Vec<CaseError> {
        self.errors.sort_by_key(|error| error.place);
        self.errors
    }

    /// Whether anything was wrong so far.
    pub(crate) fn is_clean(&self) -> bool {
        self.errors.is_empty()
    }

    /// Notes a mistake.
    pub(crate) fn refuse(&mut self, node: &Node, message: impl Into<String>) {
        self.note(self.source.error(node.place, node.width, message));
    }

    /// Notes a mistake and what would be right.
    pub(crate) fn refuse_hinting(
        &mut self,
        node: &Node,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.note(
            self.source
                .error(node.place, node.width, message)
                .hint(hint),
        );
    }

    /// Notes a word that is none of the allowed ones.
    pub(crate) fn refuse_word<'w>(
        &mut self,
        node: &Node,
        message: impl Into<String>,
        found: &str,
        allowed: impl IntoIterator<Item = &'w str>,
    ) {
        self.note(
            self.source
                .error(node.place, node.width, message)
                .allowed(found, allowed),
        );
    }

    /// How often a mistake was noted so far, repetitions included.
    pub(super) fn noted(&self) -> usize {
        self.noted
    }

    fn note(&mut self, error: CaseError) {
        self.noted += 1;
        // The rows of a table repeat what is wrong outside of it.
        let is_new = !self
            .errors
            .iter()
            .any(|old| old.place == error.place && old.message == error.message);
        if is_new && self.errors.len() < MAX_ERRORS {
            self.errors.push(error);
        }
    }

    /// A mapping with these fields and no others.
    pub(crate) fn map<'n>(
        &mut self,
        node: &'n Node,
        what: &str,
        allowed: &[&str],
        required: &[&str],
    ) -> Option<Map<'n>> {
        let entries = self.entries(node, what)?;
        for (key, _) in entries {
            let name = key.scalar().unwrap_or_default();
            if !allowed.contains(&name) {
                self.refuse_word(
                    key,
                    format!("{what} has no field `{name}`"),
                    name,
                    allowed.iter().copied(),
                );
            }
        }
        let map = Map { node };
        for name in required {
            if map.get(name).is_none() {
                self.refuse(node, format!("{what} needs the field `{name}`"));
            }
        }
        Some(map)
    }

    /// The entries of a mapping with free names.
    pub(crate) fn entries<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n [(Node, Node)]> {
        let entries = node.entries();
        if entries.is_none() {
            self.refuse(
                node,
                format!("{what} must be a mapping, and this is {}", node.kind()),
            );
        }
        entries
    }

    /// The items of a list. Items that are `null` are not there.
    pub(crate) fn list<'n>(&mut self, node: &'n Node, what: &str) -> Vec<&'n Node> {
        if let Tree::List(items) = &node.value {
            return items.iter().filter(|item| !item.is_null()).collect();
        }
        self.refuse(
            node,
            format!("{what} must be a list, and this is {}", node.kind()),
        );
        Vec::new()
    }

    /// A scalar's text.
    pub(crate) fn text(&mut self, node: &Node, what: &str) -> Option<String> {
        let text = node.scalar().map(str::to_owned);
        if text.is_none() {
            self.refuse(
                node,
                format!("{what} must be text, and this is {}", node.kind()),
            );
        }
        text
    }

    /// A sentence: text that is not empty and stands on one line.
    pub(crate) fn sentence(&mut self, node: &Node, what: &str) -> Option<String> {
        let text = self.text(node, what)?;
        if text.trim().is_empty() {
            self.refuse(node, format!("{what} must say something"));
        }
        Some(text.trim_end().to_owned())
    }

    /// A number.
    pub(crate) fn number<T: FromStr>(&mut self, node: &Node, what: &str) -> Option<T> {
        let text = self.text(node, what)?;
        let number = text.parse().ok();
        if number.is_none() {
            self.refuse(
                node,
                format!("{what} must be a number, and this is `{text}`"),
            );
        }
        number
    }

    /// One of these words, as what it stands for.
    pub(crate) fn word<T: Copy>(
        &mut self,
        node: &Node,
        what: &str,
        table: &[(&str, T)],
    ) -> Option<T> {
        let text = self.text(node, what)?;
        let found = table
            .iter()
            .find(|(word, _)| *word == text)
            .map(|(_, value)| *value);
        if found.is_none() {
            let words = table.iter().map(|(word, _)| *word);
            self.refuse_word(node, format!("`{text}` is no {what}"), &text, words);
        }
        found
    }

    /// Texts of a list.
    pub(crate) fn texts(&mut self, node: &Node, what: &str) -> Vec<String> {
        self.list(node, what)
            .into_iter()
            .filter_map(|item| self.text(item, what))
            .collect()
    }

    /// The ids of rules that there are.
    pub(super) fn rules(&mut self, node: &Node) -> Vec<String> {
        self.known_ids(node, "rule", |catalogue, id| catalogue.rule(id).is_some())
    }

    /// The ids of bugs that there are.
    pub(super) fn bugs(&mut self, node: &Node) -> Vec<String> {
        self.known_ids(node, "bug", |catalogue, id| catalogue.bug(id).is_some())
    }

    fn known_ids(
        &mut self,
        node: &Node,
        what: &str,
        is_known: fn(&Catalogue, &str) -> bool,
    ) -> Vec<String> {
        let mut ids = Vec::new();
        for item in self.list(node, &format!("a {what}")) {
            let Some(id) = self.id(item, &format!("id of a {what}"), RULE_ID) else {
                continue;
            };
            if self
                .catalogue
                .is_some_and(|catalogue| !is_known(catalogue, &id))
            {
                self.refuse(item, format!("there is no {what} {id}"));
            }
            ids.push(id);
        }
        ids
    }

    /// Texts of a list that all have a certain form, such as rule ids.
    pub(crate) fn ids(&mut self, node: &Node, what: &str, form: Form) -> Vec<String> {
        let items = self.list(node, what);
        items
            .into_iter()
            .filter_map(|item| self.id(item, what, form))
            .collect()
    }

    /// A text of a certain form.
    pub(crate) fn id(&mut self, node: &Node, what: &str, form: Form) -> Option<String> {
        let text = self.text(node, what)?;
        if (form.is_met)(&text) {
            return Some(text);
        }
        self.refuse_hinting(node, format!("`{text}` is no {what}"), form.says);
        None
    }
}

/// The form of a name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    is_met: fn(&str) -> bool,
    says: &'static str,
}

impl Form {
    /// A form, and how it is described to somebody who missed it.
    pub(crate) const fn new(is_met: fn(&str) -> bool, says: &'static str) -> Self {
        Self { is_met, says }
    }
}

/// `put-get-roundtrip`
pub(crate) const CASE_ID: Form = Form {
    is_met: |text| {
        text.len() <= 64
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.split('-').all(|part| {
                !part.is_empty()
                    && part
                        .bytes()
                        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            })
    },
    says: "lower-case words and numbers joined by `-`, at most 64 characters",
};

/// `A->B`, `no-key`, `bytes=0-`
pub(crate) const ROW_NAME: Form = Form {
    is_met: |text| {
        !text.is_empty()
            && text.len() <= 48
            && text
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !b"[]/*?".contains(&byte))
    },
    says: "visible ASCII without spaces and without `[ ] / * ?`, at most 48 characters",
};

/// `doc`, `part_1`
pub(crate) const NAME: Form = Form {
    is_met: |text| {
        text.len() <= 32
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    },
    says: "lower-case letters, digits and `_`, at most 32 characters",
};

/// `PUT-001`, `B-013`
pub(crate) const RULE_ID: Form = Form {
    is_met: |text| {
        text.split_once('-').is_some_and(|(area, number)| {
            (1..=3).contains(&area.len())
                && area.bytes().all(|byte| byte.is_ascii_uppercase())
                && number.len() == 3
                && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    },
    says: "capitals, `-` and three digits, such as PUT-001",
};

/// A mapping whose fields are known to be allowed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Map<'n> {
    /// The mapping itself.
    pub(crate) node: &'n Node,
}

impl<'n> Map<'n> {
    /// The field of that name; a field that is `null` is not there.
    pub(crate) fn get(self, name: &str) -> Option<&'n Node> {
        self.node.get(name).filter(|node| !node.is_null())
    }
}

/// A value and the place of its node.
pub(crate) fn at<T>(node: &Node, value: T) -> At<T> {
    At {
        value,
        place: node.place,
    }
}
