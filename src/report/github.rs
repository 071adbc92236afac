//! Workflow commands of GitHub Actions: an annotation per case, pointing at the line of YAML that the target does
//! not live up to.
//!
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>

use super::escape::{github_message, github_property};
use super::human::{self, failure};
use super::judgement::cases;
use super::record::{Record, reason_of};
use crate::case::load::Corpus;
use crate::event::{CaseResult, Ending, SseC};
use crate::verdict::{Finding, Overlay, Verdict};

/// GitHub shows no more annotations of one kind and step.
const ANNOTATIONS_MAX: usize = 10;

/// All annotations, one line each; nothing if there is nothing to say.
#[must_use]
pub fn commands(record: &Record, corpus: &Corpus) -> String {
    let mut annotations = about_the_target(record);
    annotations.extend(stale(record));
    annotations.extend(
        record
            .differing()
            .iter()
            .filter(|case| case.overlay.is_none())
            .map(|case| about_case(record, corpus, case)),
    );
    let text = |level| limited(level, &annotations);
    [Level::Error, Level::Warning, Level::Notice]
        .into_iter()
        .map(text)
        .collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    /// It fails the gate.
    Error,
    /// It differs and does not gate.
    Warning,
    /// It should be known.
    Notice,
}

impl Level {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

struct Annotation {
    level: Level,
    /// File, line and column in it; 0 where there is none.
    place: Option<(String, u32, u32)>,
    title: String,
    message: String,
}

impl Annotation {
    fn of_run(level: Level, title: &str, message: impl Into<String>) -> Self {
        Self {
            level,
            place: None,
            title: title.to_owned(),
            message: message.into(),
        }
    }

    fn line(&self) -> String {
        let mut properties = Vec::new();
        if let Some((file, line, column)) = &self.place {
            properties.push(format!("file={}", github_property(file)));
            for (name, number) in [("line", line), ("col", column)] {
                if *number > 0 {
                    properties.push(format!("{name}={number}"));
                }
            }
        }
        properties.push(format!("title={}", github_property(&self.title)));
        let (level, message) = (self.level.as_str(), github_message(&self.message));
        format!("::{level} {}::{message}\n", properties.join(","))
    }
}

/// The annotations of one level; the last of too many says how many there are.
fn limited(level: Level, annotations: &[Annotation]) -> String {
    let ours: Vec<_> = annotations
        .iter()
        .filter(|annotation| annotation.level == level)
        .collect();
    if ours.len() <= ANNOTATIONS_MAX {
        return ours.into_iter().map(Annotation::line).collect();
    }
    let shown = ANNOTATIONS_MAX - 1;
    let more = format!(
        "{} more; the other reports of this run have them all",
        ours.len() - shown
    );
    let last = Annotation::of_run(level, "ssec", more);
    let lines = ours[..shown].iter().map(|annotation| annotation.line());
    lines.chain([last.line()]).collect()
}

/// What is to be said about the run as a whole.
fn about_the_target(record: &Record) -> Vec<Annotation> {
    let summary = &record.summary;
    let error = |title: &str, message: &str| Annotation::of_run(Level::Error, title, message);
    let mut found = Vec::new();
    match &summary.ending {
        Ending::Preflight(why) => found.push(error("the target cannot be tested", why)),
        Ending::TargetDied => {
            let why = record.died.as_deref().unwrap_or("no reason is known");
            found.push(error("the target stopped answering in mid-run", why));
        }
        Ending::Interrupted => found.push(error("ssec", "the run was interrupted")),
        Ending::Complete | Ending::FirstQuestion | Ending::FailFast => {}
    }
    let because = record.first_question.as_ref().map(|first| &*first.because);
    if let SseC::Ignored | SseC::Blocked | SseC::Unsupported = summary.sse_c {
        let title = format!("SSE-C {}", summary.sse_c.as_str());
        found.push(error(&title, because.unwrap_or_default()));
    }
    if !summary.https_tested && summary.counts.judged() > 0 {
        found.push(Annotation::of_run(
            Level::Notice,
            "https rule NOT TESTED",
            "whether customer keys are refused over plain http is unknown: no http endpoint was named",
        ));
    }
    if !record.cleanup.leftovers.is_empty() {
        let left = record.cleanup.leftovers.join("\n");
        found.push(Annotation::of_run(
            Level::Warning,
            "left on the target",
            left,
        ));
    }
    found
}

/// Entries of a baseline that the target has outgrown.
fn stale(record: &Record) -> Vec<Annotation> {
    let stale: Vec<_> = record
        .cases
        .iter()
        .filter(|case| case.overlay == Some(Overlay::Stale))
        .map(|case| case.name.as_str())
        .collect();
    if stale.is_empty() {
        return Vec::new();
    }
    let title = format!("the baseline is stale for {}", cases(stale.len()));
    vec![Annotation::of_run(Level::Error, &title, stale.join("\n"))]
}

fn about_case(record: &Record, corpus: &Corpus, case: &CaseResult) -> Annotation {
    let level = if record.gates(case) {
        Level::Error
    } else {
        Level::Warning
    };
    let worst = case.findings.iter().max_by_key(|finding| finding.grade);
    let (place, message) = match worst {
        Some(finding) if case.raw != Verdict::Unproven => {
            ((finding.line, finding.column), told(corpus, case, finding))
        }
        _ => ((case.line, 0), reason_of(case).to_owned()),
    };
    Annotation {
        level,
        place: Some((case.file.clone(), place.0, place.1)),
        title: format!("{}: {}", case.verdict(), case.name),
        message,
    }
}

/// The finding in a few lines.
fn told(corpus: &Corpus, case: &CaseResult, finding: &Finding) -> String {
    let mut text = format!(
        "{}\n{}\nexpected {}, got {}",
        case.title,
        failure::caption(finding),
        finding.expected,
        finding.got
    );
    let rule = finding
        .rule
        .as_deref()
        .and_then(|id| corpus.catalogue.rule(id));
    if let Some(rule) = rule {
        let (impact, known) = (rule.impact.name(), rule.evidence_in_words());
        text.push_str(&format!("\n{}: {} ({impact}; {known})", rule.id, rule.says));
    }
    if case.findings.len() > 1 {
        text.push_str(&format!("\n{}", human::brief(case)));
    }
    text + &format!("\nssec explain {}", case.id)
}
