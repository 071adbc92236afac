//! Who notices whom: the kill matrix as values, and what it says of the suite. Pure.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::bundled::{Group, Saboteur};
use crate::event::CaseResult;
use crate::verdict::{Grade, Verdict};

/// Every saboteur that was tried, and who noticed.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// One row per saboteur.
    pub rows: Vec<Row>,
    /// The cases that every saboteur met, and that pass on the reference.
    pub judged: Vec<String>,
    /// The cases that do not pass on the reference: they prove nothing here.
    pub unsound: Vec<String>,
    /// Wall time.
    pub duration: Duration,
}

/// One saboteur, and who noticed.
#[derive(Clone, Debug)]
pub struct Row {
    /// The saboteur.
    pub saboteur: &'static Saboteur,
    /// The cases that pass on the reference and do not here.
    pub kills: Vec<Kill>,
    /// The cases that know nothing here although they pass on the reference.
    pub undecided: Vec<String>,
    /// Wall time.
    pub duration: Duration,
}

/// A case that noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kill {
    /// `area/topic/id[row]`.
    pub case: String,
    /// `fail` or `deviates`.
    pub verdict: Verdict,
    /// The rules that its findings name.
    pub rules: BTreeSet<String>,
}

impl Kill {
    pub(super) fn of(case: &CaseResult) -> Self {
        let findings = case
            .findings
            .iter()
            .filter(|finding| finding.grade != Grade::Note);
        Self {
            case: case.name.clone(),
            verdict: case.raw,
            rules: findings
                .filter_map(|finding| finding.rule.clone())
                .collect(),
        }
    }

    /// The area of the case.
    #[must_use]
    pub fn area(&self) -> &str {
        self.case.split('/').next().unwrap_or_default()
    }
}

impl Row {
    /// The cases of the saboteur's own area that noticed.
    pub fn own(&self) -> impl Iterator<Item = &Kill> {
        let kills = self.kills.iter();
        kills.filter(|kill| kill.area() == self.saboteur.area)
    }

    /// Whether clients can notice it, and none of the cases did.
    #[must_use]
    pub fn survives(&self) -> bool {
        self.saboteur.group == Group::Wire && self.kills.is_empty()
    }
}

impl Matrix {
    /// The saboteurs that nobody noticed.
    pub fn survivors(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.survives())
    }

    /// The cases that noticed no saboteur. The thorough ones, whom everybody notices, do not count.
    #[must_use]
    pub fn idle(&self) -> Vec<&str> {
        let wire = self
            .rows
            .iter()
            .filter(|row| row.saboteur.group == Group::Wire);
        let busy: BTreeSet<&str> = wire
            .flat_map(|row| &row.kills)
            .map(|kill| kill.case.as_str())
            .collect();
        let judged = self.judged.iter().map(String::as_str);
        judged.filter(|name| !busy.contains(name)).collect()
    }

    /// The cases without whom these saboteurs would survive.
    #[must_use]
    pub fn indispensable(&self) -> Vec<(&str, &'static str)> {
        let alone = self
            .rows
            .iter()
            .filter_map(|row| match row.kills.as_slice() {
                [only] if row.saboteur.group == Group::Wire => {
                    Some((only.case.as_str(), row.saboteur.name))
                }
                _ => None,
            });
        alone.collect()
    }
}
