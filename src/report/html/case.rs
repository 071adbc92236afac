//! One case on the page: the verdict in a line, and unfolded everything that led to it.

use std::fmt::Write as _;

use crate::case::Place;
use crate::case::load::Corpus;
use crate::event::CaseResult;
use crate::report::escape::html;
use crate::report::human::{self, failure};
use crate::report::record::area_of;
use crate::verdict::{Answer, Finding, Role, Verdict};

/// A case as an item of the list.
pub(super) fn item(corpus: &Corpus, case: &CaseResult) -> String {
    let verdict = case.verdict();
    let quiet = case.findings.is_empty() && case.raw != Verdict::Unproven;
    let mut text = format!(
        "<li data-area=\"{}\" data-verdict=\"{verdict}\"><details id=\"{}\">\n\
         <summary><span class=\"verdict {verdict}\">{verdict}</span> <code>{}</code>{} \
         <span class=\"brief\">{}</span></summary>\n<p class=\"title\">{}</p>\n",
        html(area_of(case)),
        html(&case.name),
        html(&case.name),
        flags(case),
        html(&human::brief(case)),
        html(&case.title),
    );
    if quiet {
        text.push_str(&rules(corpus, case));
        text.push_str(&exchanges_in_brief(case));
    } else {
        text.push_str(&reason(corpus, case));
        for finding in &case.findings {
            text.push_str(&difference(corpus, case, finding));
        }
        text.push_str(&exchanges(case));
    }
    let _ = writeln!(
        text,
        "<p class=\"foot\"><code>ssec explain {}</code> · {}:{} · {} ms</p>",
        html(&case.id),
        html(&case.file),
        case.line,
        case.duration.as_millis()
    );
    text + "</details></li>\n"
}

fn flags(case: &CaseResult) -> String {
    let flags = case.flags.iter();
    flags
        .map(|flag| format!(" <span class=\"flag\">{}</span>", html(flag)))
        .collect()
}

/// Why nothing is known about a case.
fn reason(corpus: &Corpus, case: &CaseResult) -> String {
    if case.raw != Verdict::Unproven {
        return String::new();
    }
    let place = Place {
        line: case.line,
        column: 1,
    };
    let label = "nothing is known about this case";
    format!(
        "<p class=\"reason\">{}</p>\n<pre>{}</pre>\n",
        html(case.reason.as_deref().unwrap_or(label)),
        html(&failure::snippet(corpus, case, place, label))
    )
}

/// One finding: the line of YAML, expected against got, the control, the rule.
fn difference(corpus: &Corpus, case: &CaseResult, finding: &Finding) -> String {
    let place = Place {
        line: finding.line.max(1),
        column: finding.column.max(1),
    };
    let caption = failure::caption(finding);
    let snippet = failure::snippet(corpus, case, place, caption);
    let mut text = format!(
        "<section class=\"finding\">\n<h3>{}</h3>\n<pre>{}</pre>\n<dl>\n",
        html(caption),
        html(&snippet)
    );
    let mut entry = |name: &str, value: &str| {
        let _ = writeln!(text, "<dt>{name}</dt><dd>{}</dd>", html(value));
    };
    entry("expected", &finding.expected);
    entry("got", &finding.got);
    let control = case
        .answers
        .iter()
        .find(|answer| answer.step == finding.step && answer.role == Role::Control);
    if let Some(answer) = control {
        let without = format!("without the defect: {}", failure::exchange(answer));
        entry("control", &without);
    } else if case.flags.iter().any(|flag| flag == "no-control") {
        let because = case.reason.as_deref().unwrap_or("none can exist");
        entry("control", &format!("none, because {because}"));
    }
    let rule = finding
        .rule
        .as_deref()
        .and_then(|id| corpus.catalogue.rule(id));
    if let Some(rule) = rule {
        entry("rule", &format!("{}: {}", rule.id, rule.says));
        let known = rule.evidence_in_words();
        entry(
            "impact",
            &format!("{} (the rule is {known})", rule.impact.name()),
        );
        for source in &rule.sources {
            entry("source", &format!("{}: {}", source.what, source.at));
        }
    }
    text + "</dl>\n</section>\n"
}

/// The rules that a case holds a target to.
fn rules(corpus: &Corpus, case: &CaseResult) -> String {
    let rules = case.rules.iter();
    let rules = rules.filter_map(|id| corpus.catalogue.rule(id));
    let entries: String = rules
        .map(|rule| format!("<dt>{}</dt><dd>{}</dd>\n", html(&rule.id), html(&rule.says)))
        .collect();
    format!("<dl>\n{entries}</dl>\n")
}

/// Requests and answers, one line each.
fn exchanges_in_brief(case: &CaseResult) -> String {
    let lines = case.answers.iter();
    let lines = lines.map(|answer| {
        let line = format!("{:<7} {}\n", role(answer.role), failure::exchange(answer));
        html(&line)
    });
    let lines: String = lines.collect();
    match lines.is_empty() {
        true => String::new(),
        false => format!("<pre>{lines}</pre>\n"),
    }
}

/// Requests as command lines that repeat them, and their answers with all headers.
fn exchanges(case: &CaseResult) -> String {
    let mut text = String::new();
    for answer in &case.answers {
        let concerned = case.findings.iter().any(|finding| {
            finding.step == answer.step && matches!(answer.role, Role::Step | Role::Look)
        });
        let open = if concerned { " open" } else { "" };
        let _ = writeln!(
            text,
            "<details class=\"exchange\"{open}><summary><span class=\"role\">step {}{}</span> <code>{}</code></summary>",
            answer.step + 1,
            match answer.role {
                Role::Step => String::new(),
                other => format!(", {}", role(other)),
            },
            html(&failure::exchange(answer))
        );
        if !answer.curl.is_empty() {
            let _ = writeln!(text, "<pre class=\"curl\">{}</pre>", html(&answer.curl));
        }
        let _ = writeln!(text, "<pre>{}</pre>\n</details>", html(&response(answer)));
    }
    text
}

/// The head of a response as it came, and what its error document says.
fn response(answer: &Answer) -> String {
    let mut text = match (answer.status, &answer.error) {
        (Some(status), _) => format!("HTTP {status}\n"),
        (None, error) => format!("{}\n", error.as_deref().unwrap_or("no answer")),
    };
    for (name, value) in &answer.headers {
        let _ = writeln!(text, "{name}: {value}");
    }
    for (name, value) in [("Code", &answer.code), ("Message", &answer.message)] {
        if let Some(value) = value {
            let _ = write!(text, "\n<{name}>{value}</{name}>");
        }
    }
    text.trim_end().to_owned()
}

const fn role(role: Role) -> &'static str {
    match role {
        Role::Step => "step",
        Role::Control => "control",
        Role::Look => "look",
        Role::Setup => "set-up",
    }
}
