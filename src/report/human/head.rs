//! What is printed while a run goes on: the target, the answer to the first question, one line per case.

use crate::event::{CaseResult, Feature, FirstQuestion, RunStarted, SseC};
use crate::report::style::{Style, Tone};
use crate::verdict::Overlay;

use super::tone;

/// The suite and the target.
pub(super) fn started(style: Style, started: &RunStarted) -> String {
    let suite = &started.suite;
    let target = &started.target;
    let mut text = format!(
        "{} {} cases, {} at a time, seed {}\n",
        style.paint(Tone::Strong, &format!("ssec {}:", suite.version)),
        suite.selected,
        suite.jobs,
        suite.seed,
    );
    let which = if target.bundled {
        "the bundled reference server, "
    } else {
        ""
    };
    text.push_str(&style.paragraph(
        "target  ",
        &format!(
            "{} ({which}region {}, {}-style)",
            target.endpoint, target.region, target.addressing
        ),
    ));
    if let Some(http) = &target.http_endpoint {
        text.push_str(&format!("http    {http}\n"));
    }
    text
}

/// The headline of the run, and whether the https rule is tested.
pub(super) fn first_question(style: Style, first: &FirstQuestion) -> String {
    let tone = match first.sse_c {
        SseC::Supported => Tone::Good,
        SseC::Unasked => Tone::Warning,
        SseC::Ignored | SseC::Blocked | SseC::Unsupported => Tone::Bad,
    };
    let word = first.sse_c.as_str();
    let mut text = style
        .paragraph("SSE-C   ", &format!("{word}: {}", first.because))
        .replacen(word, &style.paint(tone, word), 1);
    match first.overlay {
        Some(Overlay::Known) => text.push_str("        known: the baseline accepts it for now\n"),
        Some(Overlay::Stale) => text.push_str("        stale: the baseline has to change\n"),
        None => {}
    }
    if first.unblocked {
        text.push_str(
            "        the run's bucket blocked SSE-C, as new buckets on S3 do; it was unblocked\n",
        );
    }
    if let Some(remedy) = &first.remedy {
        text.push_str(&style.paragraph("        ", remedy));
    }
    if !first.https_tested {
        let untested = style.paint(Tone::Warning, "https rule NOT TESTED");
        text.push_str(&format!("https   {untested}: no http endpoint was named\n"));
    }
    text
}

/// A feature that turned out to be there or not.
pub(super) fn feature(style: Style, feature: &Feature) -> String {
    let present = if feature.present { "yes" } else { "no" };
    let text = format!("{}: {present} ({})", feature.name, feature.because);
    style.paragraph("feature ", &text)
}

/// One line per case: verdict, name, and in a few words why it is not `pass`.
pub(super) fn case(style: Style, case: &CaseResult) -> String {
    let verdict = style.paint(tone(case), &format!("{:<8}", case.verdict()));
    let mut line = format!("{verdict}  {}", case.name);
    let brief = brief(case);
    if !brief.is_empty() {
        line.push_str(&format!("  {brief}"));
    }
    for flag in &case.flags {
        line.push_str(&style.paint(Tone::Faint, &format!("  [{flag}]")));
    }
    line.push('\n');
    line
}

/// In a few words why a case is not `pass`; nothing if there is nothing to say.
pub(in crate::report) fn brief(case: &CaseResult) -> String {
    let stale = case.overlay == Some(Overlay::Stale);
    let Some(finding) = case.findings.first().filter(|_| !stale) else {
        return case.reason.clone().unwrap_or_default();
    };
    let (check, expected, got) = (finding.check.as_str(), &finding.expected, &finding.got);
    let more = match case.findings.len() - 1 {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    format!("{check}: expected {expected}, got {got}{more}")
}
