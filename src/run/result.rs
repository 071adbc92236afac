//! A trial's result: everything that was found, under one verdict.

use std::time::{Duration, Instant};

use super::transcript::Transcript;
use super::walk::Walk;
use crate::case::{Control, Trial};
use crate::event::CaseResult;
use crate::verdict::{Stopped, Verdict, decide};

/// A trial that is not run.
pub(super) fn unrun(trial: &Trial, stopped: Stopped) -> CaseResult {
    let (raw, reason) = match stopped {
        Stopped::Skip(reason) => (Verdict::Skip, reason),
        Stopped::Unproven(reason) => (Verdict::Unproven, reason),
    };
    CaseResult {
        name: trial.name.clone(),
        id: trial.id.clone(),
        row: trial.row.clone(),
        title: trial.title.clone(),
        file: trial.file.to_string(),
        line: trial.place.line,
        rules: trial.rules.clone(),
        raw,
        overlay: None,
        flags: Vec::new(),
        reason: Some(reason),
        findings: Vec::new(),
        answers: Vec::new(),
        transcript: None,
        duration: Duration::ZERO,
    }
}

impl Walk<'_> {
    pub(super) fn result(self, stopped: Option<Stopped>, begun: Instant) -> CaseResult {
        let raw = decide(&self.findings, stopped.as_ref());
        let reason = stopped.map(|stopped| match stopped {
            Stopped::Skip(reason) | Stopped::Unproven(reason) => {
                self.session.redactor.text(&reason).into_owned()
            }
        });
        CaseResult {
            raw,
            reason: reason.or_else(|| self.no_control()),
            flags: self.flags,
            findings: self.findings,
            answers: self.answers,
            transcript: self.transcript.map(Transcript::into_text),
            duration: begun.elapsed(),
            ..unrun(self.trial, Stopped::Skip(String::new()))
        }
    }

    /// Why a refusal of the trial has no control.
    fn no_control(&self) -> Option<String> {
        self.trial
            .steps
            .iter()
            .find_map(|step| match &step.control {
                Control::Impossible { because } => Some(because.clone()),
                _ => None,
            })
    }
}
