//! The report for a browser: one file that asks nobody for anything, with everything that went over the wire.
//!
//! What targets answer is in it, and nobody vouches for that: every text is escaped, and the page allows itself no
//! script, style or request but its own, by hash.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::escape::html;
use super::human;
use super::judgement::{Judgement, Tally};
use super::markdown::{COLUMNS, leftovers};
use super::record::{Record, gate_word};
use crate::case::load::Corpus;
use crate::event::{CaseResult, Counts, Ending};
use crate::verdict::Verdict;

mod case;

pub(crate) const STYLE: &str = include_str!("html/report.css");
const SCRIPT: &str = include_str!("html/report.js");

/// The whole run as a page.
#[must_use]
pub fn document(record: &Record, corpus: &Corpus) -> String {
    let title = format!("SSE-C on {}", endpoint(record));
    let mut body = head(record, &title);
    if record.cases.is_empty() {
        return page(&title, STYLE, "", &body);
    }
    body.insert_str(0, "<a class=\"jump\" href=\"#cases\">To the cases</a>\n");
    body.push_str("<main>\n");
    body.push_str(&list("Causes", &human::Causes::told(record.cases.iter())));
    body.push_str(&areas(record));
    body.push_str(&filter(record));
    body.push_str(&cases(record, corpus));
    body.push_str("</main>\n");
    page(&title, STYLE, SCRIPT, &body)
}

/// A page that holds its style and its script and allows no others.
pub(crate) fn page(title: &str, style: &str, script: &str, body: &str) -> String {
    let hash = |text: &str| {
        let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
        format!("'sha256-{}'", BASE64_STANDARD.encode(digest))
    };
    let policy = format!(
        "default-src 'none'; style-src {}; script-src {}; img-src data:; base-uri 'none'; form-action 'none'",
        hash(style),
        hash(script)
    );
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <link rel=\"icon\" href=\"data:,\">\n<title>{}</title>\n\
         <style>{style}</style>\n</head>\n<body>\n{body}<script>{script}</script>\n</body>\n</html>\n",
        html(title)
    )
}

fn endpoint(record: &Record) -> &str {
    let target = &record.started.target;
    if target.bundled {
        "the bundled reference"
    } else {
        &target.endpoint
    }
}

fn head(record: &Record, title: &str) -> String {
    let mut text = format!("<header>\n<h1>{}</h1>\n", html(title));
    if let Ending::Preflight(why) = &record.summary.ending {
        let _ = writeln!(
            text,
            "<p class=\"answer no\"><strong>The target cannot be tested:</strong> {}</p>",
            html(why)
        );
    } else {
        text.push_str(&answers(record));
    }
    text.push_str(&next(record));
    text.push_str(&facts(record));
    text + "</header>\n"
}

fn answers(record: &Record) -> String {
    let summary = &record.summary;
    let tally = Tally::of(record.cases.iter().map(|case| case.raw));
    let gate = Judgement::Yes(String::new());
    let gate_failed = Judgement::No(String::new());
    let level = format!("Does the gate “{}” hold?", gate_word(summary.gate));
    let rows = [
        (
            "Is it safe?",
            tally.safe(summary.sse_c, summary.https_tested),
        ),
        ("Is it exact?", tally.exact(summary.sse_c)),
        (&*level, if summary.passed { gate } else { gate_failed }),
    ];
    let mut text = String::from("<dl class=\"answers\">\n");
    for (question, answer) in rows {
        let class = match answer {
            Judgement::Yes(_) => "yes",
            Judgement::No(_) => "no",
            Judgement::Open(_) => "open",
        };
        let _ = writeln!(
            text,
            "<div class=\"answer {class}\"><dt>{}</dt><dd><strong>{}</strong> {}</dd></div>",
            html(question),
            answer.word(),
            html(answer.because())
        );
    }
    text + "</dl>\n"
}

/// What to do next.
fn next(record: &Record) -> String {
    let worst = record.differing();
    let mut steps = human::next_steps(&record.summary, worst.first());
    steps.extend(leftovers(record));
    list("Next", &steps)
}

/// Lines under a heading, if there are any.
fn list(heading: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let items = lines.iter();
    let items: String = items
        .map(|line| format!("<li>{}</li>\n", html(line)))
        .collect();
    format!("<h2>{heading}</h2>\n<ul>\n{items}</ul>\n")
}

/// What ran against what.
fn facts(record: &Record) -> String {
    let (suite, target) = (&record.started.suite, &record.started.target);
    let summary = &record.summary;
    let https = match (&target.http_endpoint, summary.https_tested) {
        (Some(http), true) => format!("tested at {http}"),
        (None, true) => "tested".to_owned(),
        (_, false) => "NOT TESTED: no http endpoint was named".to_owned(),
    };
    let sse_c = record
        .first_question
        .as_ref()
        .map_or(summary.sse_c.as_str().to_owned(), |first| {
            format!("{}: {}", first.sse_c.as_str(), first.because)
        });
    let ran = format!(
        "{} cases, {} requests, {:.2} s",
        record.cases.len(),
        summary.requests,
        summary.duration.as_secs_f64()
    );
    let target = format!(
        "{} (region {}, {}-style)",
        target.endpoint, target.region, target.addressing
    );
    let suite = format!(
        "ssec {}, seed {}, run {}",
        suite.version, suite.seed, suite.run_id
    );
    let mut text =
        String::from("<details class=\"facts\"><summary>About this run</summary>\n<dl>\n");
    for (name, value) in [
        ("Target", target),
        ("SSE-C", sse_c),
        ("Https rule", https),
        ("Ran", ran),
        ("Suite", suite),
    ] {
        let _ = writeln!(text, "<dt>{name}</dt><dd>{}</dd>", html(&value));
    }
    for feature in &summary.features {
        let present = if feature.present { "yes" } else { "no" };
        let _ = writeln!(
            text,
            "<dt>{}</dt><dd>{present} ({})</dd>",
            html(&feature.name),
            html(&feature.because)
        );
    }
    text + "</dl>\n</details>\n"
}

/// Areas by verdict; a number is a button that shows its cases.
fn areas(record: &Record) -> String {
    let areas = record.areas();
    if areas.is_empty() {
        return String::new();
    }
    let total = record.summary.counts;
    let columns: Vec<_> = COLUMNS.iter().filter(|(_, of)| of(&total) > 0).collect();
    let mut text = String::from(
        "<h2>Areas</h2>\n<div class=\"wide\"><table class=\"areas\">\n<thead><tr><th scope=\"col\">area</th>",
    );
    for (name, _) in &columns {
        let _ = write!(text, "<th scope=\"col\">{name}</th>");
    }
    text.push_str("</tr></thead>\n<tbody>\n");
    for (area, counts) in &areas {
        let _ = write!(text, "<tr><th scope=\"row\">{}</th>", html(area));
        for (verdict, of) in &columns {
            text.push_str(&cell(area, verdict, of(counts)));
        }
        text.push_str("</tr>\n");
    }
    text.push_str("</tbody>\n<tfoot><tr><th scope=\"row\">all</th>");
    for (verdict, of) in &columns {
        text.push_str(&cell("", verdict, of(&total)));
    }
    text + "</tr></tfoot>\n</table></div>\n"
}

fn cell(area: &str, verdict: &str, count: usize) -> String {
    match (count, verdict) {
        (0, _) => "<td></td>".to_owned(),
        (_, "notes") => format!("<td>{count}</td>"),
        _ => format!(
            "<td class=\"{verdict}\"><button type=\"button\" data-area=\"{}\" data-verdict=\"{verdict}\">{count}</button></td>",
            html(area)
        ),
    }
}

/// The filter: hidden where no script runs, for then every case is shown.
fn filter(record: &Record) -> String {
    let counts = record.summary.counts;
    let differs = |counts: &Counts| counts.judged() > counts.pass;
    let mut text = String::from(
        "<h2 id=\"cases\">Cases</h2>\n<form id=\"filter\" role=\"search\" hidden>\n\
         <label>Text <input type=\"search\" name=\"text\" autocomplete=\"off\" \
         placeholder=\"name, rule, header, …  ( / )\"></label>\n\
         <label>Area <select name=\"area\"><option value=\"\">all</option>",
    );
    for (area, _) in record.areas() {
        let area = html(area);
        let _ = write!(text, "<option value=\"{area}\">{area}</option>");
    }
    text.push_str("</select></label>\n<fieldset><legend>Verdict</legend>");
    let verdicts = COLUMNS.iter().filter(|(name, _)| *name != "notes");
    for (name, of) in verdicts.filter(|(_, of)| of(&counts) > 0) {
        let quiet = matches!(*name, "pass" | "skip" | "known");
        let checked = if quiet && differs(&counts) {
            ""
        } else {
            " checked"
        };
        let _ = write!(
            text,
            "<label class=\"{name}\"><input type=\"checkbox\" name=\"verdict\" value=\"{name}\"{checked}> {name} {}</label>",
            of(&counts)
        );
    }
    text + "</fieldset>\n<button type=\"button\" id=\"unfold\">Open all shown</button>\n\
            <output id=\"shown\" aria-live=\"polite\"></output>\n</form>\n"
}

/// Every case: those that differ first, the gravest before the others.
fn cases(record: &Record, corpus: &Corpus) -> String {
    let differing = record.differing();
    let rest = record.cases.iter().filter(|case| {
        let quiet = matches!(case.raw, Verdict::Pass | Verdict::Skip);
        quiet && !differing.iter().any(|other| other.name == case.name)
    });
    let mut text = String::from("<ol class=\"cases\">\n");
    let all: Vec<&CaseResult> = differing.iter().chain(rest).collect();
    for case in all {
        text.push_str(&case::item(corpus, case));
    }
    text + "</ol>\n"
}
