//! What the findings of a run have in common: one mistake of a server shows in many cases.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::event::CaseResult;
use crate::report::style::{Style, Tone};
use crate::verdict::{Check, Finding, Grade, Verdict};

use super::failure::label;

/// Causes that are listed.
const CAUSES_MAX: usize = 10;
/// Fewer cases than this need no summary of their causes.
const CASES_MIN: usize = 5;

/// A rule that is broken in one way.
type Cause = (Check, Option<String>);

/// Causes by the cases they show in.
#[derive(Default)]
pub(in crate::report) struct Causes {
    cases: HashMap<Cause, Seen>,
    total: usize,
}

struct Seen {
    grade: Grade,
    cases: usize,
    example: String,
}

impl Causes {
    /// Takes in the findings of one case; notes are none.
    pub(super) fn add(&mut self, case: &CaseResult) {
        let findings = || {
            case.findings
                .iter()
                .filter(|finding| finding.grade > Grade::Note)
        };
        self.total += usize::from(findings().next().is_some());
        let mut told = HashSet::new();
        for finding in findings() {
            if !told.insert(cause(finding)) {
                continue;
            }
            let seen = self.cases.entry(cause(finding)).or_insert_with(|| Seen {
                grade: finding.grade,
                cases: 0,
                example: case.id.clone(),
            });
            seen.grade = seen.grade.max(finding.grade);
            seen.cases += 1;
        }
    }

    /// The gravest and commonest causes, one line each.
    pub(super) fn text(&self, style: Style) -> String {
        if self.total < CASES_MIN {
            return String::new();
        }
        let causes = self.sorted();
        let mut text = String::new();
        for ((check, rule), seen) in causes.iter().take(CAUSES_MAX) {
            let tone = if seen.grade == Grade::Fail {
                Tone::Bad
            } else {
                Tone::Warning
            };
            let rule = rule
                .as_deref()
                .map_or(String::new(), |rule| format!(" ({rule})"));
            let what = style.paint(tone, label(*check));
            let cases = if seen.cases == 1 { "case" } else { "cases" };
            text.push_str(&format!(
                "cause   {:4} {cases}: {what}{rule}, such as {}\n",
                seen.cases, seen.example
            ));
        }
        if causes.len() > CAUSES_MAX {
            text.push_str(&format!("        and {} more\n", causes.len() - CAUSES_MAX));
        }
        text
    }

    /// The gravest and commonest causes of these cases, a line each.
    pub(in crate::report) fn told<'c>(cases: impl Iterator<Item = &'c CaseResult>) -> Vec<String> {
        let mut causes = Self::default();
        cases.for_each(|case| causes.add(case));
        if causes.total < CASES_MIN {
            return Vec::new();
        }
        let lines = causes.sorted().into_iter().take(CAUSES_MAX);
        let line = |((check, rule), seen): (&Cause, &Seen)| {
            let cases = if seen.cases == 1 { "case" } else { "cases" };
            let rule = rule
                .as_deref()
                .map_or(String::new(), |rule| format!(" ({rule})"));
            let (what, example) = (label(*check), &seen.example);
            format!("{} {cases}: {what}{rule}, such as {example}", seen.cases)
        };
        lines.map(line).collect()
    }

    fn sorted(&self) -> Vec<(&Cause, &Seen)> {
        let mut causes: Vec<_> = self.cases.iter().collect();
        causes.sort_by_key(|((check, rule), seen)| {
            (
                Reverse(seen.grade),
                Reverse(seen.cases),
                check.as_str(),
                rule.clone(),
            )
        });
        causes
    }
}

/// The cases to show in full: the gravest first, and one of every cause before a second of any.
pub(in crate::report) fn varied(cases: &mut [CaseResult]) {
    cases.sort_by(|a, b| (gravity(a), &a.name).cmp(&(gravity(b), &b.name)));
    let mut told = HashSet::new();
    let mut firsts = HashSet::new();
    for case in cases.iter() {
        let worst = case.findings.iter().max_by_key(|finding| finding.grade);
        if told.insert(worst.map(cause)) {
            firsts.insert(case.name.clone());
        }
    }
    cases.sort_by_cached_key(|case| {
        (
            gravity(case),
            !firsts.contains(&case.name),
            case.name.clone(),
        )
    });
}

fn cause(finding: &Finding) -> Cause {
    (finding.check, finding.rule.clone())
}

/// The order in which cases are shown in full.
const fn gravity(case: &CaseResult) -> u8 {
    match case.raw {
        Verdict::Fail => 0,
        Verdict::Unproven => 1,
        Verdict::Deviates => 2,
        Verdict::Pass | Verdict::Skip => 3,
    }
}
