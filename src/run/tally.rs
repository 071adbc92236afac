//! What a run has seen so far, and whether the gate holds: baseline over verdicts, verdicts over the gate.

use std::sync::Arc;

use time::Date;

use super::{NOT_EVIDENCE, Options};
use crate::baseline::{Baseline, today};
use crate::event::{CaseResult, Counts, Ending, Feature, FirstQuestion, SseC, Summary};
use crate::verdict::{Gate, Overlay};

/// What a run has seen so far.
pub(super) struct Tally {
    gate: Gate,
    baseline: Option<Arc<Baseline>>,
    today: Date,
    counts: Counts,
    /// Whether the gate let every case pass so far.
    pub(super) holds: bool,
    sse_c: SseC,
    /// Whether the answer to the first question lets the run pass.
    headline: bool,
}

impl Tally {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            gate: options.gate,
            baseline: options.baseline.clone(),
            today: today(),
            counts: Counts::default(),
            holds: true,
            sse_c: SseC::Unasked,
            headline: true,
        }
    }

    /// The answer to the first question, under the baseline. A target that drops keys fails the run once,
    /// whatever its cases say.
    pub(super) fn first(&mut self, first: &mut FirstQuestion) {
        if let Some(baseline) = &self.baseline {
            baseline.lay_over_first(first, self.today);
        }
        self.sse_c = first.sse_c;
        self.headline = match first.overlay {
            Some(Overlay::Known) => true,
            Some(Overlay::Stale) => false,
            None => first.sse_c != SseC::Ignored,
        };
    }

    /// A case, under the baseline.
    pub(super) fn take(&mut self, case: &mut CaseResult) {
        if self.sse_c == SseC::Ignored {
            case.flags.push(NOT_EVIDENCE.to_owned());
        }
        if let Some(baseline) = &self.baseline {
            baseline.lay_over(case, self.today);
        }
        self.counts.add(case);
        self.holds &= self.gate.holds(case.raw, case.overlay);
    }

    /// The end of it; what the run as a whole knows is filled in by the run.
    pub(super) fn summary(self, ending: Ending, features: Vec<Feature>) -> Summary {
        let complete = matches!(ending, Ending::Complete);
        Summary {
            passed: complete && self.holds && self.headline && self.counts.judged() > 0,
            counts: self.counts,
            gate: self.gate,
            ending,
            sse_c: self.sse_c,
            https_tested: false,
            features,
            requests: 0,
            duration: std::time::Duration::ZERO,
        }
    }
}
