//! The bodies of a case: what is sent and what must come back, by name.

/// A named body of a case (`data:`). Its bytes are derived from the run's seed, the case and the
/// name, so that they are the same for whoever repeats the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Datum {
    /// Its name.
    pub name: String,
    /// What it consists of.
    pub content: Content,
}

/// What a datum consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// This text.
    Text(String),
    /// So many bytes, filled in this way.
    Filled {
        /// Length in bytes.
        size: u64,
        /// How the bytes are made.
        fill: Fill,
    },
}

impl Content {
    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        match self {
            Self::Text(text) => text.len() as u64,
            Self::Filled { size, .. } => *size,
        }
    }

    /// Whether there are no bytes at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// How the bytes of a datum are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// Derived pseudo-random bytes (the default).
    Random,
    /// All bytes zero: what a missing or misused nonce would show.
    Zeros,
    /// A short line of readable text, derived and repeated: plaintext that can be searched for.
    Marker,
}

/// The names of the fills.
pub const FILLS: &[(&str, Fill)] = &[
    ("random", Fill::Random),
    ("zeros", Fill::Zeros),
    ("marker", Fill::Marker),
];

/// A body as a step sends it or expects it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// `empty`: no bytes.
    Empty,
    /// `doc`, `{slice: …}`, or a list of such: data one after the other.
    Data(Vec<Piece>),
    /// `{text: …}`: this text as it stands; for hand-written XML and JSON.
    Text(String),
}

/// A datum, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The datum.
    pub name: String,
    /// `{slice: doc, from: 100, to: 199}`: first and last byte, both included as in a `Range`;
    /// `None`: all of it.
    pub slice: Option<(u64, u64)>,
}

impl Piece {
    /// All of a datum.
    pub fn whole(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            slice: None,
        }
    }
}
