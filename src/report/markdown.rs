//! The report for a summary page, such as the one of a GitHub job: the two answers, areas by verdict, what is
//! unsafe first and folded, and what to do next.

use std::fmt::Write as _;

use super::escape::{fenced, html, markdown};
use super::human::{self, explain};
use super::judgement::{Judgement, Tally};
use super::record::{Record, gate_word};
use crate::case::load::Corpus;
use crate::event::{CaseResult, Counts, Ending};
use crate::verdict::Verdict;

/// GitHub drops a step's summary that is longer than 1 MiB; what is left is for tables and headings.
const DETAILS_LEN_MAX: usize = 900 * 1024;

/// The whole run; ends with a line feed.
#[must_use]
pub fn document(record: &Record, corpus: &Corpus) -> String {
    let mut text = head(record);
    text.push_str(&areas(record));
    text.push_str(&causes(record));
    let differing = record.differing();
    let mut room = DETAILS_LEN_MAX;
    for (title, verdict) in [
        ("Unsafe or broken", Verdict::Fail),
        ("Unproven", Verdict::Unproven),
        ("Not exact", Verdict::Deviates),
    ] {
        let cases: Vec<_> = differing
            .iter()
            .filter(|case| case.raw == verdict)
            .collect();
        text.push_str(&section(title, &cases, corpus, &mut room));
    }
    text.push_str(&skipped(record));
    text.push_str(&next(record, differing.first()));
    text + &foot(record)
}

fn head(record: &Record) -> String {
    let (summary, target) = (&record.summary, &record.started.target);
    let tally = Tally::of(record.cases.iter().map(|case| case.raw));
    let safe = tally.safe(summary.sse_c, summary.https_tested);
    let exact = tally.exact(summary.sse_c);
    let endpoint = if target.bundled {
        "the bundled reference".to_owned()
    } else {
        markdown(&target.endpoint)
    };
    let mut text = format!("## SSE-C on {endpoint}\n\n");
    if let Ending::Preflight(why) = &summary.ending {
        let _ = writeln!(text, "**The target cannot be tested:** {}\n", markdown(why));
        return text;
    }
    text.push_str("| | |\n|---|---|\n");
    row(&mut text, "Is it safe?", &answer(&safe));
    row(&mut text, "Is it exact?", &answer(&exact));
    row(&mut text, "Gate", &gate(record));
    if let Some(first) = &record.first_question {
        let said = format!("{}: {}", first.sse_c.as_str(), first.because);
        row(&mut text, "SSE-C", &markdown(&said));
    }
    let tested = if summary.https_tested {
        "tested"
    } else {
        "**NOT TESTED** (no http endpoint was named)"
    };
    row(&mut text, "Https rule", tested);
    text + "\n"
}

fn row(text: &mut String, name: &str, value: &str) {
    let _ = writeln!(text, "| {name} | {value} |");
}

fn answer(judgement: &Judgement) -> String {
    let word = format!("**{}**", judgement.word());
    match judgement.because() {
        "" => word,
        because => format!("{word}: {}", markdown(because)),
    }
}

fn gate(record: &Record) -> String {
    let held = if record.summary.passed {
        "holds"
    } else {
        "**fails**"
    };
    let ended = match &record.summary.ending {
        Ending::Complete | Ending::FirstQuestion | Ending::Preflight(_) => "",
        Ending::TargetDied => "; the target stopped answering in mid-run",
        Ending::Interrupted => "; interrupted",
        Ending::FailFast => "; stopped at the first failure",
    };
    format!("`{}` {held}{ended}", gate_word(record.summary.gate))
}

/// Areas by verdict; verdicts that no case has are left out.
fn areas(record: &Record) -> String {
    let areas = record.areas();
    if areas.is_empty() {
        return String::new();
    }
    let total = record.summary.counts;
    let columns: Vec<_> = COLUMNS.iter().filter(|(_, of)| of(&total) > 0).collect();
    let mut text = String::from("| area |");
    for (name, _) in &columns {
        let _ = write!(text, " {name} |");
    }
    text.push_str("\n|---|");
    text.push_str(&"---:|".repeat(columns.len()));
    text.push('\n');
    for (area, counts) in areas.iter().chain([&("**all**", total)]) {
        let _ = write!(text, "| {area} |");
        for (_, of) in &columns {
            match of(counts) {
                0 => text.push_str(" |"),
                count => {
                    let _ = write!(text, " {count} |");
                }
            }
        }
        text.push('\n');
    }
    text + "\n"
}

/// A verdict's word and its number.
type Column = (&'static str, fn(&Counts) -> usize);

/// Verdicts in the order in which every table shows them.
pub(super) const COLUMNS: &[Column] = &[
    ("fail", |counts| counts.fail),
    ("unproven", |counts| counts.unproven),
    ("stale", |counts| counts.stale),
    ("deviates", |counts| counts.deviates),
    ("known", |counts| counts.known),
    ("pass", |counts| counts.pass),
    ("skip", |counts| counts.skip),
    ("notes", |counts| counts.notes),
];

/// What the findings have in common, where there are many.
fn causes(record: &Record) -> String {
    let causes = human::Causes::told(record.cases.iter());
    if causes.is_empty() {
        return String::new();
    }
    let lines = causes
        .iter()
        .map(|cause| format!("- {}\n", markdown(cause)));
    format!("### Causes\n\n{}\n", lines.collect::<String>())
}

/// Cases under a heading, each folded.
fn section(title: &str, cases: &[&CaseResult], corpus: &Corpus, room: &mut usize) -> String {
    if cases.is_empty() {
        return String::new();
    }
    let mut text = format!("### {title} ({})\n\n", cases.len());
    for (index, case) in cases.iter().enumerate() {
        let folded = folded(case, corpus);
        if folded.len() > *room {
            let _ = writeln!(text, "… and {} more.\n", cases.len() - index);
            break;
        }
        *room -= folded.len();
        text.push_str(&folded);
    }
    text
}

fn folded(case: &CaseResult, corpus: &Corpus) -> String {
    let overlay = case
        .overlay
        .map_or(String::new(), |overlay| format!(" ({})", overlay.as_str()));
    format!(
        "<details><summary><code>{}</code>{overlay} {}</summary>\n\n{}\n</details>\n\n",
        html(&case.name),
        html(&human::brief(case)).replace('\n', " "),
        fenced(&explain(case, corpus)),
    )
}

fn skipped(record: &Record) -> String {
    let skipped = record.skipped();
    if skipped.is_empty() {
        return String::new();
    }
    let total: usize = skipped.iter().map(|(_, count)| count).sum();
    let mut text = format!("<details><summary>Skipped: {total}</summary>\n\n");
    for (reason, count) in skipped {
        let _ = writeln!(text, "- {count}: {}", markdown(reason));
    }
    text + "\n</details>\n\n"
}

fn next(record: &Record, worst: Option<&CaseResult>) -> String {
    let mut steps = human::next_steps(&record.summary, worst);
    steps.extend(leftovers(record));
    if steps.is_empty() {
        return String::new();
    }
    let mut text = String::from("### Next\n\n");
    for step in steps {
        let _ = writeln!(text, "- {}", markdown(&step));
    }
    text + "\n"
}

/// What is left on the target, and how to remove it.
pub(super) fn leftovers(record: &Record) -> Option<String> {
    let cleanup = &record.cleanup;
    if cleanup.leftovers.is_empty() || cleanup.kept {
        return None;
    }
    let mut text = format!("LEFT ON THE TARGET: {}", cleanup.leftovers.join("; "));
    if let Some(journal) = &cleanup.journal {
        let _ = write!(text, "; remove with: ssec clean {}", journal.display());
    }
    Some(text)
}

fn foot(record: &Record) -> String {
    let (suite, summary) = (&record.started.suite, &record.summary);
    format!(
        "<sub>ssec {}, seed {}: {} cases, {} requests, {:.2} s</sub>\n",
        html(&suite.version),
        html(&suite.seed),
        record.cases.len(),
        summary.requests,
        summary.duration.as_secs_f64(),
    )
}
