//! Just enough YAML to write a case: mappings and lists in flow style, texts quoted unless they are plain words.

use std::fmt::{self, Display};

/// A node of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Yaml {
    Null,
    /// Written as it is: a word or number of the format.
    Word(String),
    /// Somebody's text: quoted.
    Text(String),
    List(Vec<Yaml>),
    Map(Vec<(String, Yaml)>),
}

impl Yaml {
    pub(super) fn word(word: impl Into<String>) -> Self {
        Self::Word(word.into())
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn map(entries: impl IntoIterator<Item = (&'static str, Yaml)>) -> Self {
        let named = |(name, value): (&'static str, Yaml)| (name.to_owned(), value);
        Self::Map(entries.into_iter().map(named).collect())
    }
}

impl Display for Yaml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Word(word) => f.write_str(word),
            Self::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Self::List(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
            Self::Map(entries) => {
                f.write_str("{ ")?;
                for (index, (name, value)) in entries.iter().enumerate() {
                    write!(f, "{}{name}: {value}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str(" }")
            }
        }
    }
}
