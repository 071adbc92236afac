//! The report for people: first what is tested, then every case that is not as S3 does, last what to do next.

use std::collections::BTreeMap;

use crate::case::load::Corpus;
use crate::event::{CaseResult, Cleanup, Event, Summary};
use crate::report::Settings;
use crate::report::style::{Style, Tone};
use crate::verdict::{Gate, Verdict};

mod causes;
mod end;
pub(super) mod failure;
mod head;
mod slowest;
#[cfg(test)]
mod tests;

pub(super) use causes::{Causes, varied};
use end::Next;
pub(super) use end::next_steps;
pub(super) use head::brief;
use slowest::Slowest;

/// Failures that are shown in full when nobody asked for all of them with `-v`.
const BLOCKS_MAX: usize = 20;

/// Turns events into text.
pub struct Human<'a> {
    style: Style,
    verbosity: u8,
    corpus: &'a Corpus,
    gate: Gate,
    /// Cases to be shown in full at the end.
    blocks: Vec<CaseResult>,
    /// Skipped cases by reason.
    skipped: BTreeMap<String, usize>,
    causes: Causes,
    slowest: Slowest,
    accept: Option<String>,
    cleanup: Cleanup,
}

impl<'a> Human<'a> {
    /// A report in this style.
    #[must_use]
    pub fn new(style: Style, settings: &Settings<'a>) -> Self {
        Self {
            style,
            verbosity: settings.verbosity,
            corpus: settings.corpus,
            gate: Gate::Safe,
            blocks: Vec::new(),
            skipped: BTreeMap::new(),
            causes: Causes::default(),
            slowest: Slowest::default(),
            accept: settings.accept.clone(),
            cleanup: Cleanup::default(),
        }
    }

    /// What there is to print after this event.
    pub fn event(&mut self, event: &Event) -> String {
        match event {
            Event::RunStarted(started) => {
                self.gate = started.gate;
                head::started(self.style, started)
            }
            Event::FirstQuestion(first) => head::first_question(self.style, first),
            Event::Feature(feature) if self.verbosity > 0 => head::feature(self.style, feature),
            Event::Feature(_) | Event::CaseStarted { .. } => String::new(),
            Event::CaseFinished(case) => self.case(case),
            Event::TargetDied { error } => {
                let text = format!("the target stopped answering: {error}");
                self.style.paint(Tone::Bad, &text) + "\n"
            }
            Event::Cleaned(cleanup) => {
                self.cleanup = Cleanup::clone(cleanup);
                String::new()
            }
            Event::RunFinished(summary) => self.finish(summary),
        }
    }

    fn case(&mut self, case: &CaseResult) -> String {
        if case.raw == Verdict::Skip {
            let reason = case.reason.clone().unwrap_or_default();
            *self.skipped.entry(reason).or_default() += 1;
        }
        self.causes.add(case);
        self.slowest.add(case);
        let explained = !case.findings.is_empty() || case.raw == Verdict::Unproven;
        let gates = !self.gate.holds(case.raw, case.overlay);
        if explained && (gates || self.verbosity > 0) {
            self.blocks.push(case.clone());
        }
        let flaky = case.flags.iter().any(|flag| flag == "flaky");
        let quiet = matches!(case.verdict(), "pass" | "skip" | "known") && !flaky;
        if quiet && self.verbosity == 0 {
            return String::new();
        }
        let mut text = head::case(self.style, case);
        if self.verbosity > 1 {
            text.push_str(&failure::answers(self.style, case));
        }
        text
    }

    fn finish(&mut self, summary: &Summary) -> String {
        varied(&mut self.blocks);
        let shown = match self.verbosity {
            0 => self.blocks.len().min(BLOCKS_MAX),
            _ => self.blocks.len(),
        };
        let mut text = String::new();
        for case in &self.blocks[..shown] {
            text.push('\n');
            text.push_str(&failure::block(self.style, self.corpus, case));
        }
        if shown < self.blocks.len() {
            let all = self.blocks.len();
            text.push_str(&format!(
                "\n{shown} of {all} shown in full; all of them with -v\n"
            ));
        }
        text.push('\n');
        text.push_str(&self.causes.text(self.style));
        if self.verbosity > 0 {
            text.push_str(&self.slowest.text());
        }
        let next = Next {
            worst: self.blocks.first(),
            accept: self.accept.as_deref(),
        };
        text + &end::screen(self.style, summary, &self.cleanup, &self.skipped, &next)
    }
}

/// Everything about one case that is not as S3 does, without colour.
#[must_use]
pub fn explain(case: &CaseResult, corpus: &Corpus) -> String {
    failure::block(Style::PLAIN, corpus, case)
}

impl std::fmt::Debug for Human<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Human({} blocks)", self.blocks.len())
    }
}

/// The tone of a verdict's word.
fn tone(case: &CaseResult) -> Tone {
    match case.verdict() {
        "pass" => Tone::Good,
        "fail" | "unproven" | "stale" => Tone::Bad,
        "deviates" => Tone::Warning,
        _ => Tone::Faint,
    }
}
