//! Events that may be shown: without credentials, which are looked for before any notation escapes them, and without
//! the control characters by which an answer could steer the reader's terminal.

use crate::event::{CaseResult, Cleanup, Ending, Event, Feature, FirstQuestion, Summary};
use crate::redact::Redactor;
use crate::verdict::{Answer, Finding};

/// The same event with every text that came from the target, or is about it, cleaned.
pub(super) fn cleaned(event: &Event, redactor: &Redactor) -> Event {
    let clean = Clean(redactor);
    match event {
        Event::FirstQuestion(first) => {
            Event::FirstQuestion(Box::new(clean.first_question(FirstQuestion::clone(first))))
        }
        Event::Feature(feature) => Event::Feature(clean.feature(feature.clone())),
        Event::CaseFinished(case) => {
            Event::CaseFinished(Box::new(clean.case(CaseResult::clone(case))))
        }
        Event::TargetDied { error } => Event::TargetDied {
            error: clean.text(error),
        },
        Event::Cleaned(cleanup) => Event::Cleaned(Box::new(clean.cleanup(Cleanup::clone(cleanup)))),
        Event::RunFinished(summary) => {
            Event::RunFinished(Box::new(clean.summary(Summary::clone(summary))))
        }
        // What the suite itself says before it hears anything.
        Event::RunStarted(_) | Event::CaseStarted { .. } => event.clone(),
    }
}

struct Clean<'a>(&'a Redactor);

impl Clean<'_> {
    fn text(&self, text: &str) -> String {
        without_controls(&self.0.text(text))
    }

    fn case(&self, case: CaseResult) -> CaseResult {
        let findings = case.findings.into_iter();
        let answers = case.answers.into_iter();
        CaseResult {
            reason: case.reason.map(|reason| self.text(&reason)),
            findings: findings.map(|finding| self.finding(finding)).collect(),
            answers: answers.map(|answer| self.answer(answer)).collect(),
            ..case
        }
    }

    fn finding(&self, finding: Finding) -> Finding {
        Finding {
            expected: self.text(&finding.expected),
            got: self.text(&finding.got),
            ..finding
        }
    }

    fn answer(&self, answer: Answer) -> Answer {
        let headers = answer.headers.into_iter();
        Answer {
            request: self.text(&answer.request),
            code: answer.code.map(|code| self.text(&code)),
            message: answer.message.map(|message| self.text(&message)),
            headers: headers
                .map(|(name, value)| (self.text(&name), self.text(&value)))
                .collect(),
            error: answer.error.map(|error| self.text(&error)),
            curl: self.text(&answer.curl),
            ..answer
        }
    }

    fn first_question(&self, first: FirstQuestion) -> FirstQuestion {
        let answers = first.answers.into_iter();
        FirstQuestion {
            because: self.text(&first.because),
            remedy: first.remedy.map(|remedy| self.text(&remedy)),
            answers: answers.map(|answer| self.answer(answer)).collect(),
            ..first
        }
    }

    fn feature(&self, feature: Feature) -> Feature {
        Feature {
            because: self.text(&feature.because),
            ..feature
        }
    }

    fn cleanup(&self, cleanup: Cleanup) -> Cleanup {
        let leftovers = cleanup.leftovers.into_iter();
        Cleanup {
            leftovers: leftovers.map(|leftover| self.text(&leftover)).collect(),
            ..cleanup
        }
    }

    fn summary(&self, summary: Summary) -> Summary {
        let features = summary.features.into_iter();
        Summary {
            ending: match summary.ending {
                Ending::Preflight(reason) => Ending::Preflight(self.text(&reason)),
                other => other,
            },
            features: features.map(|feature| self.feature(feature)).collect(),
            ..summary
        }
    }
}

/// The text with a mark in place of every control character but line feeds and tabs.
pub(crate) fn without_controls(text: &str) -> String {
    let shown = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    let mark = |c| if shown(c) { c } else { '\u{fffd}' };
    text.chars().map(mark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_cannot_steer_the_terminal() {
        assert_eq!(
            without_controls("a\u{1b}[2J\r\u{9b}b\n\tc"),
            "a\u{fffd}[2J\u{fffd}\u{fffd}b\n\tc"
        );
    }
}
