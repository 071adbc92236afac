//! What a corpus owes its readers beyond being loadable: coverage, honesty, size, legibility.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::case::error::{CaseError, Source};
use crate::case::expect::Status;
use crate::case::load::{Corpus, Library};
use crate::case::place::Place;
use crate::case::{CaseFile, Depth, Expect, Step, Trial};
use crate::catalogue::{Catalogue, Evidence};

/// The areas, which are the folders of `cases/`.
pub const AREAS: &[&str] = &[
    "put",
    "get",
    "head",
    "range",
    "etag",
    "https",
    "multipart",
    "copy",
    "post",
    "presign",
    "versions",
    "checksums",
    "conditional",
    "attributes",
    "listing",
    "policy",
    "blocking",
    "precedence",
    "secrecy",
];

/// The most lines of a case file.
const MAX_LINES: usize = 150;
/// The most bytes that the data of one trial may have.
const MAX_TRIAL_BYTES: u64 = 20 * 1024 * 1024;
/// The largest datum of a trial that is in quick runs, unless it uploads parts.
const MAX_QUICK_BYTES: u64 = 128 * 1024;
/// The length of a title, in characters.
const TITLE_CHARS: std::ops::RangeInclusive<usize> = 20..=140;

/// Everything that is wrong with these files; the whole corpus is held to cover its rules.
#[must_use]
pub fn lint(library: &Library) -> Vec<CaseError> {
    let corpus = match library.load() {
        Ok(corpus) => corpus,
        Err(errors) => return errors,
    };
    let mut errors: Vec<CaseError> = corpus
        .files
        .iter()
        .flat_map(|file| lint_file(file, &corpus.catalogue))
        .collect();
    errors.extend(library.case_sources().flat_map(secrets));
    for source in library.rule_sources() {
        errors.extend(lint_rules(source, &corpus));
    }
    errors
}

fn lint_file(file: &CaseFile, catalogue: &Catalogue) -> Vec<CaseError> {
    let source = Source {
        path: file.path.clone(),
        text: file.text.clone(),
    };
    let mut errors = Vec::new();
    if !AREAS.contains(&file.area.as_str()) {
        errors.push(
            source
                .error_of_file(format!("`{}` is no area", file.area))
                .allowed(&file.area, AREAS.iter().copied()),
        );
    }
    let lines = file.text.lines().count();
    if lines > MAX_LINES {
        errors.push(
            source
                .error_of_file(format!("has {lines} lines, more than {MAX_LINES}"))
                .hint("split the topic"),
        );
    }
    for case in &file.cases {
        if let Some(message) = title_fault(&case.title) {
            errors.push(source.error(
                case.place,
                1,
                format!("the title of `{}` {message}", case.id),
            ));
        }
        if let Some(error) = faults_error(&source, case.place, &case.trials) {
            errors.push(error);
        }
        for trial in &case.trials {
            errors.extend(lint_trial(&source, trial, catalogue));
        }
    }
    errors.dedup();
    errors
}

fn title_fault(title: &str) -> Option<String> {
    let chars = title.chars().count();
    if !TITLE_CHARS.contains(&chars) {
        return Some(format!(
            "has {chars} characters, not {} to {}",
            TITLE_CHARS.start(),
            TITLE_CHARS.end()
        ));
    }
    if title.starts_with(char::is_lowercase) {
        return Some("does not begin with a capital".to_owned());
    }
    title
        .ends_with('.')
        .then(|| "ends with a full stop".to_owned())
}

/// `faults` says how many things `but` changes at most.
fn faults_error(source: &Source, place: Place, trials: &[Trial]) -> Option<CaseError> {
    let stated = trials.first()?.faults;
    let found = trials
        .iter()
        .flat_map(|trial| &trial.steps)
        .map(faults)
        .max()
        .unwrap_or_default()
        .max(1);
    (stated < found).then(|| {
        let message = format!("`but` changes {found} things, and the case says `faults: {stated}`");
        source
            .error(place, 1, message)
            .hint("one defect to a case, unless it is about the order of checks")
    })
}

/// How many things are wrong with a defective request. Header lines of a triple that are left out
/// are one thing together: an incomplete triple.
fn faults(step: &Step) -> usize {
    let is_left_out = |defect: &&String| {
        let call = step.defective.as_ref();
        match (defect.split_once('.'), call) {
            (Some(("sse_c", part)), Some(call)) => {
                call.sse_c.as_ref().is_some_and(|triple| triple.lacks(part))
            }
            (Some(("source_sse_c", part)), Some(call)) => call
                .source_sse_c
                .as_ref()
                .is_some_and(|triple| triple.lacks(part)),
            _ => false,
        }
    };
    let incomplete: BTreeSet<&str> = step
        .defects
        .iter()
        .filter(is_left_out)
        .filter_map(|defect| Some(defect.split_once('.')?.0))
        .collect();
    step.defects
        .iter()
        .filter(|defect| !is_left_out(defect))
        .count()
        + incomplete.len()
}

fn lint_trial(source: &Source, trial: &Trial, catalogue: &Catalogue) -> Vec<CaseError> {
    let mut errors = Vec::new();
    let total: u64 = trial.data.iter().map(|datum| datum.content.len()).sum();
    if total > MAX_TRIAL_BYTES {
        errors.push(source.error(
            trial.place,
            1,
            format!("{total} bytes of data, more than {MAX_TRIAL_BYTES}"),
        ));
    }
    let largest = trial
        .data
        .iter()
        .map(|datum| datum.content.len())
        .max()
        .unwrap_or_default();
    let is_multipart = trial.needs.iter().any(|need| need == "multipart");
    if trial.depth == Depth::Quick && largest > MAX_QUICK_BYTES && !is_multipart {
        let message = format!(
            "a body of {largest} bytes in a quick run, which takes up to {MAX_QUICK_BYTES}"
        );
        errors.push(source.error(trial.place, 1, message).hint("depth: full"));
    }
    errors.extend(
        trial
            .steps
            .iter()
            .filter_map(|step| vague(source, step, catalogue)),
    );
    errors
}

/// `refused` is for rules whose exact answer nobody has seen.
fn vague(source: &Source, step: &Step, catalogue: &Catalogue) -> Option<CaseError> {
    let Expect { status, .. } = step.expect.as_ref()?;
    let known = step.rules.iter().find(|id| {
        catalogue
            .rule(id)
            .is_some_and(|rule| matches!(rule.evidence, Evidence::Recorded | Evidence::Observed))
    })?;
    (status.value == Status::Refused).then(|| {
        let message =
            format!("`refused` is for rules whose answer nobody has seen, and {known} is not one");
        source
            .error(status.place, 1, message)
            .hint("write the status and the error, or cite the rule elsewhere")
    })
}

/// Text that could be a customer key: base64 of 32 bytes.
fn secrets(source: &Source) -> Vec<CaseError> {
    let mut errors = Vec::new();
    for (number, line) in (1_u32..).zip(source.text.lines()) {
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || "+/=".contains(letter);
        for word in line
            .split(|letter| !is_part(letter))
            .filter(|word| is_like_a_key(word))
        {
            let column = line
                .find(word)
                .map_or(1, |at| line[..at].chars().count() as u32 + 1);
            let error = source.error(
                Place {
                    line: number,
                    column,
                },
                word.len() as u32,
                "this could be a customer key",
            );
            errors.push(
                error.hint("keys are named A to Z; their bytes are derived when a run begins"),
            );
        }
    }
    errors
}

/// Whether this is base64 of 32 bytes. Bytes that are all readable text are no key but a
/// stand-in for one.
fn is_like_a_key(word: &str) -> bool {
    let bytes = STANDARD_NO_PAD.decode(word.trim_end_matches('='));
    bytes.is_ok_and(|bytes| {
        bytes.len() == 32 && !bytes.iter().all(|byte| (b' '..=b'~').contains(byte))
    })
}

/// Every rule has a case or says why not, and not both.
fn lint_rules(source: &Source, corpus: &Corpus) -> Vec<CaseError> {
    let cited: BTreeSet<&str> = corpus
        .trials()
        .flat_map(|trial| &trial.rules)
        .map(String::as_str)
        .collect();
    let mut errors = Vec::new();
    for rule in corpus
        .catalogue
        .rules()
        .filter(|rule| *rule.file == *source.path)
    {
        let width = rule.id.len() as u32;
        match (cited.contains(rule.id.as_str()), &rule.untested) {
            (false, None) => errors.push(
                source
                    .error(
                        rule.place,
                        width,
                        format!("no case holds a target to {}", rule.id),
                    )
                    .hint("write one, or `untested: reason`"),
            ),
            (true, Some(_)) => {
                errors.push(source.error(
                    rule.place,
                    width,
                    format!("{} has a case, and says that it is untested", rule.id),
                ));
            }
            _ => {}
        }
    }
    errors
}
