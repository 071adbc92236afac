//! In which way a case is not as S3 does, in the words that a baseline pins.

use crate::event::CaseResult;
use crate::verdict::{Check, Finding, Role, Verdict};

/// What is pinned of a case to which no answer came.
pub(super) const NO_ANSWER: &str = "no-answer";
/// What is pinned of a target that takes keys and drops them.
pub(super) const IGNORED: &str = "ignored";

/// Every gravest finding of a case: by the answer where it is about acceptance or refusal, else by its check.
/// A `pass` or `skip` has none.
pub(super) fn pins(case: &CaseResult) -> Vec<String> {
    match case.raw {
        Verdict::Pass | Verdict::Skip => Vec::new(),
        Verdict::Unproven => {
            let status = case.answers.last().filter(|answer| answer.status.is_some());
            vec![status.map_or_else(|| NO_ANSWER.to_owned(), crate::verdict::Answer::brief)]
        }
        Verdict::Deviates | Verdict::Fail => of_findings(case),
    }
}

fn of_findings(case: &CaseResult) -> Vec<String> {
    let gravest = case.findings.iter().map(|finding| finding.grade).max();
    let mut pins = Vec::new();
    for finding in &case.findings {
        let pin = of_finding(case, finding);
        if Some(finding.grade) == gravest && !pins.contains(&pin) {
            pins.push(pin);
        }
    }
    pins
}

fn of_finding(case: &CaseResult, finding: &Finding) -> String {
    let of_step = || {
        case.answers
            .iter()
            .filter(|answer| answer.step == finding.step)
    };
    let answer = match finding.check {
        Check::Accepted | Check::Refused | Check::Stricter | Check::Status | Check::Code => {
            of_step().find(|answer| answer.role == Role::Step)
        }
        // It may be the control that broke the server.
        Check::ServerError => {
            of_step().find(|answer| answer.status.is_some_and(|status| status >= 500))
        }
        _ => None,
    };
    answer.map_or_else(
        || finding.check.as_str().to_owned(),
        crate::verdict::Answer::brief,
    )
}

/// Whether a text can be pinned: `STATUS[ Code]`, a check's name, or a word of this module.
pub(super) fn is_pin(text: &str) -> bool {
    let (status, code) = text.split_once(' ').unwrap_or((text, "Code"));
    let is_answer = status.len() == 3
        && status.bytes().all(|byte| byte.is_ascii_digit())
        && !code.is_empty()
        && code
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-_:".contains(&byte));
    is_answer || words().any(|word| word == text)
}

/// The words that can be pinned.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    let checks = Check::ALL.iter().map(|check| check.as_str());
    checks.chain([NO_ANSWER, IGNORED])
}
