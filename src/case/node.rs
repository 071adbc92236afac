//! A YAML document as a tree whose every node knows its place. Knows nothing of cases.

use super::place::Place;

/// A node of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where it begins.
    pub place: Place,
    /// How many characters of its first line it covers.
    pub width: u32,
    /// What it is.
    pub value: Tree,
}

/// What a node is.
///
/// There are no booleans and no fractions: the format has no field that takes one, and YAML
/// parsers disagree about their spellings. A number is a scalar whose text is a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    /// `null`
    Null,
    /// A scalar, by its text.
    Scalar(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping in the order written, without repeated keys.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// Whether this is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.value == Tree::Null
    }

    /// The text of a scalar.
    #[must_use]
    pub fn scalar(&self) -> Option<&str> {
        match &self.value {
            Tree::Scalar(text) => Some(text),
            Tree::Null | Tree::List(_) | Tree::Map(_) => None,
        }
    }

    /// The entries of a mapping.
    #[must_use]
    pub fn entries(&self) -> Option<&[(Node, Node)]> {
        match &self.value {
            Tree::Map(entries) => Some(entries),
            Tree::Null | Tree::List(_) | Tree::Scalar(_) => None,
        }
    }

    /// The entry of that name in a mapping.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entries()?
            .iter()
            .find(|(key, _)| key.scalar() == Some(name))
            .map(|(_, value)| value)
    }

    /// What it is, in a word, for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.value {
            Tree::Null => "null",
            Tree::Scalar(_) => "text",
            Tree::List(_) => "a list",
            Tree::Map(_) => "a mapping",
        }
    }

    /// The same place with another value.
    #[must_use]
    pub fn with(&self, value: Tree) -> Self {
        Self {
            value,
            ..self.clone_place()
        }
    }

    fn clone_place(&self) -> Self {
        Self {
            place: self.place,
            width: self.width,
            value: Tree::Null,
        }
    }
}
