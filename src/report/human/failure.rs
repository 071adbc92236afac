//! One case in full: the line of YAML with a caret, expected and got, the control, the rule, a line that pastes.

use crate::case::Place;
use crate::case::error::Source;
use crate::case::load::Corpus;
use crate::catalogue::Rule;
use crate::event::CaseResult;
use crate::report::style::{Style, Tone};
use crate::verdict::{Answer, Check, Finding, Grade, Role, Verdict};

use super::tone;

/// Everything about one case.
pub(super) fn block(style: Style, corpus: &Corpus, case: &CaseResult) -> String {
    let verdict = style.paint(tone(case), &format!("{}:", case.verdict()));
    let name = style.paint(Tone::Strong, &case.name);
    let mut text = format!("{verdict} {name}\n{}", style.paragraph("  ", &case.title));
    let mut told = None;
    for finding in &case.findings {
        let place = Place {
            line: finding.line.max(1),
            column: finding.column.max(1),
        };
        text.push_str(&snippet(corpus, case, place, caption(finding)));
        text.push_str(&difference(style, case, finding));
        if finding.rule.is_some() && finding.rule != told {
            told.clone_from(&finding.rule);
            let rule = finding
                .rule
                .as_deref()
                .and_then(|id| corpus.catalogue.rule(id));
            text.push_str(&rule.map(|rule| cited(style, rule)).unwrap_or_default());
        }
    }
    if case.raw == Verdict::Unproven {
        text.push_str(&unproven(style, corpus, case));
    }
    text + &repeat(style, case)
}

/// Why nothing is known about a case.
fn unproven(style: Style, corpus: &Corpus, case: &CaseResult) -> String {
    let place = Place {
        line: case.line,
        column: 1,
    };
    let mut text = snippet(corpus, case, place, "nothing is known about this case");
    text.push_str(&item(
        style,
        "reason",
        case.reason.as_deref().unwrap_or("none given"),
    ));
    if let Some(answer) = case.answers.last() {
        let last = format!("{} {}", role(answer.role).trim_end(), exchange(answer));
        text.push_str(&item(style, "answer", &last));
    }
    text
}

/// Every answer of a case, one line each.
pub(super) fn answers(style: Style, case: &CaseResult) -> String {
    let mut text = String::new();
    for answer in &case.answers {
        let line = format!("          {} {}", role(answer.role), exchange(answer));
        text.push_str(&style.paint(Tone::Faint, &line));
        text.push('\n');
    }
    text
}

/// The line of the case file that the target does not live up to, with a caret under it.
pub(in crate::report) fn snippet(
    corpus: &Corpus,
    case: &CaseResult,
    place: Place,
    label: &str,
) -> String {
    let Some(file) = corpus.files.iter().find(|file| file.path == case.file) else {
        return format!("  {}:{place}: {label}\n", case.file);
    };
    let source = Source::new(&*file.path, file.text.clone());
    let text = source.error(place, u32::MAX, label).to_string();
    text.lines().map(|line| format!("  {line}\n")).collect()
}

/// What was expected, what came, and what the same request gave without its defect.
fn difference(style: Style, case: &CaseResult, finding: &Finding) -> String {
    let mut text = item(style, "expected", &finding.expected);
    text.push_str(&item(style, "got", &finding.got));
    let of = |role| {
        case.answers
            .iter()
            .find(|answer| answer.step == finding.step && answer.role == role)
    };
    if let Some(answer) = of(Role::Step) {
        text.push_str(&item(style, "answer", &exchange(answer)));
    }
    if finding.check == Check::Look
        && let Some(answer) = of(Role::Look)
    {
        text.push_str(&item(style, "look", &exchange(answer)));
    }
    if let Some(answer) = of(Role::Control) {
        text.push_str(&item(
            style,
            "control",
            &format!("without the defect: {}", exchange(answer)),
        ));
    } else if case.flags.iter().any(|flag| flag == "no-control") {
        let because = case.reason.as_deref().unwrap_or("none can exist");
        text.push_str(&item(style, "control", &format!("none, because {because}")));
    }
    text
}

/// A rule in a sentence, what its violation means, and where it is known from.
fn cited(style: Style, rule: &Rule) -> String {
    let impact = format!(
        "{} (the rule is {})",
        rule.impact.name(),
        rule.evidence_in_words()
    );
    let mut text = item(style, "rule", &format!("{}: {}", rule.id, rule.says));
    text.push_str(&item(style, "impact", &impact));
    for source in &rule.sources {
        text.push_str(&item(
            style,
            "source",
            &format!("{}: {}", source.what, source.at),
        ));
    }
    text
}

/// The command line that repeats the first request that went wrong.
fn repeat(style: Style, case: &CaseResult) -> String {
    let answer = match case.findings.first() {
        Some(finding) => case
            .answers
            .iter()
            .find(|answer| answer.step == finding.step && answer.role == Role::Step),
        None => case.answers.last(),
    };
    match answer {
        Some(answer) if !answer.curl.is_empty() => {
            let curl = answer.curl.replace('\n', "\n     ");
            format!(
                "{}\n     {curl}\n",
                style.paint(Tone::Faint, "   = repeat:")
            )
        }
        _ => String::new(),
    }
}

fn item(style: Style, name: &str, value: &str) -> String {
    let label = format!("   = {:<10}", format!("{name}:"));
    let text = style.paragraph(&label, value);
    text.replacen(&label, &style.paint(Tone::Faint, &label), 1)
}

/// A request and its answer in one line.
pub(in crate::report) fn exchange(answer: &Answer) -> String {
    let message = answer.message.as_ref().map(|text| format!(" “{text}”"));
    format!(
        "{} -> {}{}",
        answer.request,
        answer.brief(),
        message.unwrap_or_default()
    )
}

const fn role(role: Role) -> &'static str {
    match role {
        Role::Step => "step   ",
        Role::Control => "control",
        Role::Look => "look   ",
        Role::Setup => "set-up ",
    }
}

/// The difference in a few words, beside the caret.
pub(in crate::report) fn caption(finding: &Finding) -> &'static str {
    match finding.grade {
        Grade::Note => "not as S3 does, as far as is known (a note: it does not gate)",
        Grade::Deviates | Grade::Fail => label(finding.check),
    }
}

/// What a check found, in a few words.
pub(in crate::report) const fn label(check: Check) -> &'static str {
    match check {
        Check::Accepted => "accepted what S3 refuses",
        Check::Refused => "refused what S3 accepts",
        Check::Stricter => "refused what S3 tolerates",
        Check::Status => "another status than S3's",
        Check::Code => "another error code than S3's",
        Check::Header => "another header than S3's",
        Check::Bytes => "other bytes than were stored",
        Check::Field => "another field in the answer than S3's",
        Check::ErrorDocument => "an error without S3's XML document",
        Check::Length => "Content-Length is not the length of the body",
        Check::ServerError => "the server broke",
        Check::KeyInAnswer => "a customer key is in the answer",
        Check::KeyEchoed => "a customer key is in the request that an error shows",
        Check::PlaintextInAnswer => "the object's bytes are in an answer that refuses them",
        Check::EtagIsMd5 => "the ETag is the MD5 of the plaintext",
        Check::Look => "the refused request changed the object",
        Check::Compare => "the answers are not related as on S3",
    }
}
