//! The last screen: the counts, whether the gate holds, and what to do next.

use std::collections::BTreeMap;

use crate::event::{CaseResult, Cleanup, Counts, Ending, SseC, Summary};
use crate::report::style::{Style, Tone};
use crate::verdict::{Gate, Verdict};

/// Things left on the target that are listed.
const LEFTOVERS_MAX: usize = 20;
/// Reasons for skipped cases that are listed.
const REASONS_MAX: usize = 8;

/// What to look at next.
pub(super) struct Next<'a> {
    /// The gravest case.
    pub(super) worst: Option<&'a CaseResult>,
    /// The command line that accepts the run as baseline.
    pub(super) accept: Option<&'a str>,
}

/// Only what a whole run found can be accepted.
fn may_be_accepted(summary: &Summary) -> bool {
    summary.ending == Ending::Complete && !summary.passed && summary.counts.judged() > 0
}

/// Everything that is printed once the run is over.
pub(super) fn screen(
    style: Style,
    summary: &Summary,
    cleanup: &Cleanup,
    skipped: &BTreeMap<String, usize>,
    next: &Next<'_>,
) -> String {
    let mut text = String::new();
    if let Ending::Preflight(reason) = &summary.ending {
        let unusable = format!("the target cannot be tested: {reason}");
        text.push_str(&style.paint(Tone::Bad, &unusable));
        return text + "\n" + &leftovers(style, cleanup);
    }
    for (reason, count) in skipped.iter().take(REASONS_MAX) {
        text.push_str(&style.paragraph("skipped ", &format!("{count}: {reason}")));
    }
    if skipped.len() > REASONS_MAX {
        text.push_str(&format!(
            "skipped for {} more reasons\n",
            skipped.len() - REASONS_MAX
        ));
    }
    if summary.ending != Ending::FirstQuestion {
        text.push_str(&style.paragraph("result  ", &counted(summary)));
    }
    text.push_str(&gate(style, summary));
    for step in next_steps(summary, next.worst) {
        text.push_str(&style.paragraph("next    ", &step));
    }
    if let Some(command) = next.accept.filter(|_| may_be_accepted(summary)) {
        // A command is for pasting: it is not broken into lines.
        text.push_str(&format!("accept  as baseline: {command}\n"));
    }
    text + &leftovers(style, cleanup)
}

fn counted(summary: &Summary) -> String {
    let Counts {
        pass,
        deviates,
        fail,
        unproven,
        skip,
        known,
        stale,
        notes,
    } = summary.counts;
    let words = [
        (pass, "pass"),
        (deviates, "deviate"),
        (fail, "fail"),
        (unproven, "unproven"),
        (skip, "skipped"),
        (known, "known"),
        (stale, "stale"),
    ];
    let total: usize = words.iter().map(|(count, _)| count).sum();
    let mut parts: Vec<_> = words
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if notes > 0 {
        parts.push(format!(
            "{notes} {}",
            if notes == 1 { "note" } else { "notes" }
        ));
    }
    format!(
        "{total} cases in {:.2} s, {} requests: {}",
        summary.duration.as_secs_f64(),
        summary.requests,
        if parts.is_empty() {
            "nothing ran".to_owned()
        } else {
            parts.join(", ")
        }
    )
}

fn gate(style: Style, summary: &Summary) -> String {
    let level = match summary.gate {
        Gate::Safe => "safe",
        Gate::Exact => "exact",
    };
    let held = if summary.passed {
        style.paint(Tone::Good, "holds")
    } else {
        style.paint(Tone::Bad, "FAILS")
    };
    let ended = match &summary.ending {
        Ending::Complete | Ending::Preflight(_) => "",
        Ending::FirstQuestion => return String::new(),
        Ending::TargetDied => " (the target stopped answering in mid-run)",
        Ending::Interrupted => " (interrupted)",
        Ending::FailFast => " (stopped at the first failure)",
    };
    format!("gate    {level}: {held}{ended}\n")
}

/// What somebody who sees only this screen should do.
pub(in crate::report) fn next_steps(summary: &Summary, worst: Option<&CaseResult>) -> Vec<String> {
    let counts = &summary.counts;
    let mut steps = Vec::new();
    if summary.sse_c == SseC::Ignored {
        steps.push(
            "the target takes customer keys and drops them: nothing that passed is evidence of SSE-C".to_owned(),
        );
    }
    let mut parts = Vec::new();
    if counts.fail > 0 {
        parts.push(format!("{} unsafe or broken", counts.fail));
    }
    if counts.deviates > 0 {
        parts.push(format!("{} not exact", counts.deviates));
    }
    if counts.unproven > 0 {
        parts.push(format!("{} unproven", counts.unproven));
    }
    if counts.stale > 0 {
        parts.push(format!(
            "{} stale: better than the baseline lists, or over",
            counts.stale
        ));
    }
    if !summary.https_tested && counts.judged() > 0 {
        parts.push("https not tested (--http-endpoint URL)".to_owned());
    }
    if !parts.is_empty() {
        steps.push(parts.join(", "));
    }
    if counts.judged() == 0 && summary.ending == Ending::Complete {
        steps.push("no case was judged; `ssec list` shows what can be selected".to_owned());
    }
    if let Some(case) = worst.filter(|case| case.raw != Verdict::Pass) {
        steps.push(format!("why it matters: ssec explain {}", case.id));
    }
    steps
}

fn leftovers(style: Style, cleanup: &Cleanup) -> String {
    if cleanup.kept {
        return "kept    the objects of this run, as asked\n".to_owned();
    }
    if cleanup.leftovers.is_empty() {
        return String::new();
    }
    let loud = format!(
        "LEFT ON THE TARGET: {} that could not be removed",
        cleanup.leftovers.len()
    );
    let mut text = style.paint(Tone::Bad, &loud) + "\n";
    for leftover in cleanup.leftovers.iter().take(LEFTOVERS_MAX) {
        text.push_str(&style.paragraph("        ", leftover));
    }
    if let Some(more) = cleanup.leftovers.len().checked_sub(LEFTOVERS_MAX + 1) {
        text.push_str(&format!("        and {} more\n", more + 1));
    }
    if let Some(journal) = &cleanup.journal {
        text.push_str(&format!(
            "        remove them with: ssec clean {}\n",
            journal.display()
        ));
    }
    text
}
