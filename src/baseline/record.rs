//! Keeps of a run what a baseline needs of it.

use super::FIRST_QUESTION;
use super::pin::{IGNORED, pins};
use crate::event::{CaseResult, Event, FirstQuestion, Sink, SseC};
use crate::verdict::Verdict;

/// Listens to a run.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    pub(super) seen: Vec<Seen>,
}

/// A case as it turned out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) case: String,
    pub(super) verdict: Verdict,
    pub(super) got: Vec<String>,
}

impl From<&CaseResult> for Seen {
    fn from(case: &CaseResult) -> Self {
        Self {
            case: case.name.clone(),
            verdict: case.raw,
            got: pins(case),
        }
    }
}

impl From<&FirstQuestion> for Seen {
    fn from(first: &FirstQuestion) -> Self {
        let ignored = first.sse_c == SseC::Ignored;
        Self {
            case: FIRST_QUESTION.to_owned(),
            verdict: if ignored {
                Verdict::Fail
            } else {
                Verdict::Pass
            },
            got: ignored.then(|| IGNORED.to_owned()).into_iter().collect(),
        }
    }
}

impl Sink for Recorder {
    fn event(&mut self, event: &Event) {
        match event {
            Event::CaseFinished(case) => self.seen.push(Seen::from(&**case)),
            Event::FirstQuestion(first) => self.seen.push(Seen::from(&**first)),
            _ => {}
        }
    }
}
