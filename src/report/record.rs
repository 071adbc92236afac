//! A whole run once it is over, for the reports that are written at its end; how they look is not its business.

use crate::event::{CaseResult, Cleanup, Counts, Event, FirstQuestion, RunStarted, Summary};
use crate::verdict::{Gate, Verdict};

/// Everything that a run told.
#[derive(Clone, Debug)]
pub struct Record {
    /// What ran against what.
    pub started: RunStarted,
    /// The answer to the first question, if it was asked.
    pub first_question: Option<FirstQuestion>,
    /// All cases, by name.
    pub cases: Vec<CaseResult>,
    /// What the last connection attempts said, if the target died.
    pub died: Option<String>,
    /// What happened to what the run created.
    pub cleanup: Cleanup,
    /// How it ended.
    pub summary: Summary,
}

impl Record {
    /// Whether a case is among those that fail this run.
    #[must_use]
    pub const fn gates(&self, case: &CaseResult) -> bool {
        !self.summary.gate.holds(case.raw, case.overlay)
    }

    /// Cases that differ from S3 or about which nothing is known: the gravest first, and one of every cause
    /// before a second of any.
    #[must_use]
    pub fn differing(&self) -> Vec<CaseResult> {
        let differs = |case: &&CaseResult| !matches!(case.raw, Verdict::Pass | Verdict::Skip);
        let mut cases: Vec<_> = self.cases.iter().filter(differs).cloned().collect();
        super::human::varied(&mut cases);
        cases
    }

    /// The areas in the order of their names, each with its cases by verdict.
    #[must_use]
    pub fn areas(&self) -> Vec<(&str, Counts)> {
        let mut areas: Vec<(&str, Counts)> = Vec::new();
        for case in &self.cases {
            match areas.iter_mut().find(|(area, _)| *area == area_of(case)) {
                Some((_, counts)) => counts.add(case),
                None => {
                    let mut counts = Counts::default();
                    counts.add(case);
                    areas.push((area_of(case), counts));
                }
            }
        }
        areas
    }

    /// Cases that the target lacks a feature for, by reason.
    #[must_use]
    pub fn skipped(&self) -> Vec<(&str, usize)> {
        let mut reasons = std::collections::BTreeMap::new();
        for case in self.cases.iter().filter(|case| case.raw == Verdict::Skip) {
            *reasons.entry(reason_of(case)).or_default() += 1;
        }
        reasons.into_iter().collect()
    }
}

/// The first word of a case's name.
#[must_use]
pub fn area_of(case: &CaseResult) -> &str {
    case.name.split('/').next().unwrap_or_default()
}

/// Why a case was skipped or is unproven.
pub(super) fn reason_of(case: &CaseResult) -> &str {
    case.reason.as_deref().unwrap_or("no reason was given")
}

/// The gate's word.
pub(super) const fn gate_word(gate: Gate) -> &'static str {
    match gate {
        Gate::Safe => "safe",
        Gate::Exact => "exact",
    }
}

/// Collects events until the last.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    started: Option<RunStarted>,
    first_question: Option<FirstQuestion>,
    cases: Vec<CaseResult>,
    died: Option<String>,
    cleanup: Cleanup,
}

impl Recorder {
    /// Takes one event; the last one yields the record.
    pub(super) fn event(&mut self, event: &Event) -> Option<Record> {
        match event {
            Event::RunStarted(started) => self.started = Some(RunStarted::clone(started)),
            Event::FirstQuestion(first) => {
                self.first_question = Some(FirstQuestion::clone(first));
            }
            Event::CaseFinished(case) => self.cases.push(CaseResult::clone(case)),
            Event::TargetDied { error } => self.died = Some(error.clone()),
            Event::Cleaned(cleanup) => self.cleanup = Cleanup::clone(cleanup),
            Event::RunFinished(summary) => return self.finish(summary),
            Event::Feature(_) | Event::CaseStarted { .. } => {}
        }
        None
    }

    fn finish(&mut self, summary: &Summary) -> Option<Record> {
        let mut cases = std::mem::take(&mut self.cases);
        cases.sort_by(|a, b| a.name.cmp(&b.name));
        Some(Record {
            started: self.started.take()?,
            first_question: self.first_question.take(),
            cases,
            died: self.died.take(),
            cleanup: std::mem::take(&mut self.cleanup),
            summary: summary.clone(),
        })
    }
}
