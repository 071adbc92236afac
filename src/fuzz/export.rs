//! A finding becomes a case file that `ssec run --cases` judges.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::fields::{self, Field};
use super::finding::Finding;
use super::yaml::Yaml;
use crate::case::data::Content;
use crate::case::{Control, Step};
use crate::model::{Op, Scale, Script, invariants};

/// A case file, from its first line to its last.
///
/// The finding is that of the last operation; what only looked is left out, the runner looks itself.
#[must_use]
pub fn case(ops: &[Op], scale: Scale, finding: &Finding, story: &[String]) -> String {
    let script = Script::of(ops, scale);
    let steps: Vec<&Step> = script
        .moves
        .iter()
        .filter(|one| !one.is_look && one.op <= finding.op)
        .map(|one| &one.step)
        .collect();
    let last = steps.len().saturating_sub(1);
    let rendered: Vec<Vec<Field>> = steps
        .iter()
        .enumerate()
        .map(|(index, step)| written(step, index == last, finding))
        .collect();
    let words = words(&rendered);
    let invariant = invariants::find(finding.bucket.invariant);
    let says = invariant.map_or("", |invariant| invariant.says);

    let mut text = String::new();
    for line in story {
        let _ = writeln!(text, "# {line}");
    }
    for op in ops {
        let _ = writeln!(text, "#   {op}");
    }
    let _ = writeln!(text, "# expected {}", one_line(&finding.expected));
    let _ = writeln!(text, "# got      {}", one_line(&finding.got));
    let _ = writeln!(text, "format: 1");
    let _ = writeln!(text, "about: {}", Yaml::text(says));
    let _ = writeln!(text, "cases:");
    let _ = writeln!(text, "  - id: {}", id(finding));
    let _ = writeln!(text, "    title: {}", Yaml::text(title(finding)));
    let _ = writeln!(text, "    rules: [{}]", finding.rule);
    if ops.iter().any(|op| op.act.changes_bucket()) {
        let _ = writeln!(text, "    bucket: own");
    }
    let data = data(&script, &words);
    if !data.is_empty() {
        let _ = writeln!(text, "    data: {}", Yaml::Map(data));
    }
    let _ = writeln!(text, "    steps:");
    for (step, mut fields) in steps.into_iter().zip(rendered) {
        // An answer has a name only where somebody refers to it.
        if let Some(name) = step.name.as_ref().filter(|name| words.contains(*name)) {
            fields.insert(0, ("as".to_owned(), Yaml::word(name)));
        }
        let _ = writeln!(text, "      - {}: {}", step.verb.name(), Yaml::Map(fields));
    }
    text
}

/// What the file is called.
#[must_use]
pub fn file_name(finding: &Finding) -> String {
    format!("{}.yaml", finding.bucket.slug())
}

/// Unique among the findings of a run, and short enough.
fn id(finding: &Finding) -> String {
    let bucket = &finding.bucket;
    let defect = bucket
        .defect
        .map(|defect| format!("-{defect}"))
        .unwrap_or_default();
    let digest = crate::keys::md5_hex(bucket.invariant.as_bytes());
    format!("fuzz-{}{defect}-{}", bucket.act.name(), &digest[..4]).replace(':', "-")
}

fn title(finding: &Finding) -> String {
    format!("Fuzzing found that this does not hold: {}", finding.bucket)
}

fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// The request, and what is expected: of the last step everything, of what leads to it that it works.
fn written(step: &Step, is_last: bool, finding: &Finding) -> Vec<Field> {
    let mut fields = fields::of_step(step);
    if let Control::Impossible { because } = &step.control {
        fields.push(("control".to_owned(), Yaml::word("none")));
        fields.push(("because".to_owned(), Yaml::text(because)));
    }
    let Some(expect) = &step.expect else {
        return fields;
    };
    let leads = !is_last && !expect.is_refusal();
    if !leads && step.rules.first() != Some(&finding.rule) {
        let rules = step.rules.iter().map(Yaml::word).collect();
        fields.push(("rules".to_owned(), Yaml::List(rules)));
    }
    let expect = if leads {
        Yaml::word("ok")
    } else {
        fields::of_expect(expect)
    };
    fields.push(("expect".to_owned(), expect));
    fields
}

/// The bodies that a step names.
fn data(script: &Script, words: &BTreeSet<String>) -> Vec<Field> {
    let used = script
        .world
        .data()
        .iter()
        .filter(|datum| words.contains(&datum.name));
    used.filter_map(|datum| match &datum.content {
        Content::Filled { size, .. } => Some((datum.name.clone(), Yaml::word(format!("{size}B")))),
        Content::Text(_) => None,
    })
    .collect()
}

/// Every word of the steps, references without their field.
fn words(steps: &[Vec<Field>]) -> BTreeSet<String> {
    let texts = steps.iter().flatten().map(|(_, value)| value.to_string());
    let split = |text: String| -> Vec<String> {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric());
        words.map(str::to_owned).collect()
    };
    texts.flat_map(split).collect()
}
