//! What the cases appeal to: the rules of S3 with their sources, the public bugs, the retired ids.
//! Knows no cases.

mod read;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::case::Place;

/// All rules, bugs and retired ids.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    rules: BTreeMap<String, Rule>,
    bugs: BTreeMap<String, Bug>,
    retired: BTreeMap<String, String>,
}

/// One rule: one thing that S3 does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// For ever, such as `PUT-001`.
    pub id: String,
    /// One sentence.
    pub says: String,
    /// How it is known.
    pub evidence: Evidence,
    /// How many sources of that kind are independent of each other: different repositories.
    pub witnesses: usize,
    /// Where it is known from.
    pub sources: Vec<Citation>,
    /// What is at stake.
    pub impact: Impact,
    /// Why no case holds a target to it, if none does.
    pub untested: Option<String>,
    /// The file.
    pub file: Arc<str>,
    /// Where its `id` stands.
    pub place: Place,
}

impl Rule {
    /// Whether a finding against it, if only about exactness, is a note that never gates: the
    /// rule is inferred, or a single party observed it.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        match self.evidence {
            Evidence::Inferred => true,
            Evidence::Observed => self.witnesses < 2,
            Evidence::Recorded | Evidence::Documented => false,
        }
    }

    /// The evidence in words: `recorded twice`, `documented`.
    #[must_use]
    pub fn evidence_in_words(&self) -> String {
        match (self.evidence, self.witnesses) {
            (Evidence::Recorded | Evidence::Observed, 1) => {
                format!("{} once", self.evidence.name())
            }
            (Evidence::Recorded | Evidence::Observed, 2) => {
                format!("{} twice", self.evidence.name())
            }
            (Evidence::Recorded | Evidence::Observed, more) if more > 2 => {
                format!("{} {more} times", self.evidence.name())
            }
            _ => self.evidence.name().to_owned(),
        }
    }
}

/// How a rule is known. Ordered: the weakest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// Our reading of what is known.
    Inferred,
    /// Bug reports or other suites say so of S3.
    Observed,
    /// AWS says so.
    Documented,
    /// An answer of S3 was recorded and published.
    Recorded,
}

/// The names of the evidence.
pub const EVIDENCE: &[(&str, Evidence)] = &[
    ("recorded", Evidence::Recorded),
    ("documented", Evidence::Documented),
    ("observed", Evidence::Observed),
    ("inferred", Evidence::Inferred),
];

impl Evidence {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        EVIDENCE
            .iter()
            .find(|(_, evidence)| *evidence == self)
            .map_or("", |(name, _)| name)
    }
}

/// What is at stake when a rule is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Impact {
    /// Somebody learns a customer key.
    KeyLeak,
    /// Somebody reads data without the key.
    DataLeak,
    /// Data is lost or comes back wrong.
    DataLoss,
    /// Data cannot leave without trouble.
    LockIn,
    /// A correct client does not work.
    Interop,
}

/// The names of the impacts.
pub const IMPACTS: &[(&str, Impact)] = &[
    ("key-leak", Impact::KeyLeak),
    ("data-leak", Impact::DataLeak),
    ("data-loss", Impact::DataLoss),
    ("lock-in", Impact::LockIn),
    ("interop", Impact::Interop),
];

impl Impact {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        IMPACTS
            .iter()
            .find(|(_, impact)| *impact == self)
            .map_or("", |(name, _)| name)
    }

    /// Whether a violation is unsafe and not only inexact.
    #[must_use]
    pub fn is_unsafe(self) -> bool {
        matches!(self, Self::KeyLeak | Self::DataLeak | Self::DataLoss)
    }
}

/// A source of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// What kind of source, one of [`CITATIONS`].
    pub what: String,
    /// Where it is.
    pub at: String,
    /// The day on which it was read.
    pub read: String,
}

impl Citation {
    /// Who says so: the repository or the site, without the place in it.
    fn witness(&self) -> &str {
        self.at.split([' ', '#', '@']).next().unwrap_or_default()
    }
}

/// The kinds of sources: the evidence that each can give, and what it is.
pub const CITATIONS: &[(&str, &str)] = &[
    ("recording", "an answer of S3, published"),
    ("documentation", "AWS documentation or the API model"),
    ("report", "an issue or a commit that says what S3 does"),
    ("suite", "a test suite that is run against S3"),
    (
        "measurement",
        "arithmetic on published answers, done again for this project",
    ),
    ("implementation", "a server written after S3"),
    ("reading", "our own conclusion"),
];

/// A public bug that cases catch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bug {
    /// For ever, such as `B-013`.
    pub id: String,
    /// Which software.
    pub server: String,
    /// What it concerns.
    pub area: String,
    /// What happened, in a sentence or two.
    pub story: String,
    /// Where that is told.
    pub sources: Vec<String>,
    /// Where its `id` stands.
    pub place: Place,
}

impl Catalogue {
    /// The rule of that id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.get(id)
    }

    /// All rules by id.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values()
    }

    /// The bug of that id.
    #[must_use]
    pub fn bug(&self, id: &str) -> Option<&Bug> {
        self.bugs.get(id)
    }

    /// All bugs by id.
    pub fn bugs(&self) -> impl Iterator<Item = &Bug> {
        self.bugs.values()
    }

    /// Why that case id is retired, if it is.
    #[must_use]
    pub fn retired(&self, id: &str) -> Option<&str> {
        self.retired.get(id).map(String::as_str)
    }
}
