//! `ssec explain`: a rule, a case or a public bug: what it says, why, where it is known from, who covers it.

use std::fmt::Write as _;

use clap::Args;
use ssec::case::error::{line_of, nearest};
use ssec::case::load::Corpus;
use ssec::case::{Case, CaseFile};
use ssec::catalogue::{Bug, Rule};
use ssec::exit;

use super::corpus::From;
use super::{complain, print};

/// Explain a rule, a case, a bug or a saboteur
#[derive(Args)]
pub(super) struct Explain {
    /// The id of a rule (GET-003), a case (get-with-another-key), a bug (B-019) or a saboteur (head-takes-any-key)
    id: String,
    #[command(flatten)]
    from: From,
}

pub(super) fn explain(arguments: &Explain) -> u8 {
    let corpus = match arguments.from.load() {
        Ok(corpus) => corpus,
        Err(code) => return code,
    };
    match text(&corpus, &arguments.id) {
        Some(text) => {
            print(&text);
            exit::OK
        }
        None => complain(exit::USAGE, &unknown(&corpus, &arguments.id)),
    }
}

fn text(corpus: &Corpus, id: &str) -> Option<String> {
    if let Some(rule) = corpus.catalogue.rule(id) {
        return Some(of_rule(corpus, rule));
    }
    if let Some(bug) = corpus.catalogue.bug(id) {
        return Some(of_bug(corpus, bug));
    }
    if let Some((file, case)) = cases(corpus).find(|(_, case)| names(case, id)) {
        return Some(of_case(corpus, file, case));
    }
    if let Some(because) = corpus.catalogue.retired(id) {
        return Some(format!("{id} is a retired case: {because}\n"));
    }
    of_saboteur(corpus, id)
}

fn of_rule(corpus: &Corpus, rule: &Rule) -> String {
    let mut text = format!("{}: {}\n\n", rule.id, rule.says);
    let _ = writeln!(text, "  impact    {}", rule.impact.name());
    let _ = writeln!(text, "  evidence  {}", rule.evidence_in_words());
    if rule.is_weak() {
        text.push_str("            a deviation from it is a note and gates nobody's server\n");
    }
    for source in &rule.sources {
        let _ = writeln!(
            text,
            "  source    {}: {} (read {})",
            source.what, source.at, source.read
        );
    }
    if let Some(reason) = &rule.untested {
        let _ = writeln!(text, "  untested  {reason}");
    }
    for (_, case) in cases(corpus).filter(|(_, case)| cites(case, &rule.id)) {
        let _ = writeln!(text, "  case      {}: {}", case.id, case.title);
    }
    let _ = writeln!(text, "  stands in {}:{}", rule.file, rule.place);
    text
}

/// A saboteur: its fault, what is at stake, and the bugs that it stands for.
#[cfg(feature = "bundled")]
fn of_saboteur(corpus: &Corpus, id: &str) -> Option<String> {
    let saboteur = ssec::bundled::saboteur(id)?;
    let mut text = format!("{}: {}\n\n", saboteur.name, saboteur.says);
    let _ = writeln!(text, "  area      {}", saboteur.area);
    let _ = writeln!(text, "  impact    {}", saboteur.impact.as_str());
    let _ = writeln!(text, "  seen on   {}", saboteur.group.as_str());
    let _ = writeln!(text, "  made at   {}", saboteur.seam().as_str());
    for id in saboteur.bugs {
        let story = corpus.catalogue.bug(id).map_or("", |bug| &bug.story);
        let _ = writeln!(text, "  bug       {id}: {story}");
    }
    let _ = writeln!(text, "  serve it  ssec serve --sabotage {}", saboteur.name);
    let _ = writeln!(
        text,
        "  catch it  ssec selftest --saboteur {}",
        saboteur.name
    );
    Some(text)
}

#[cfg(not(feature = "bundled"))]
fn of_saboteur(_: &Corpus, _: &str) -> Option<String> {
    None
}

fn of_bug(corpus: &Corpus, bug: &Bug) -> String {
    let mut text = format!(
        "{} ({}, {}): {}\n\n",
        bug.id, bug.server, bug.area, bug.story
    );
    for source in &bug.sources {
        let _ = writeln!(text, "  source    {source}");
    }
    for (_, case) in cases(corpus).filter(|(_, case)| catches(case, &bug.id)) {
        let _ = writeln!(text, "  caught by {}: {}", case.id, case.title);
    }
    text
}

fn of_case(corpus: &Corpus, file: &CaseFile, case: &Case) -> String {
    let mut text = format!(
        "{}/{}/{}: {}\n\n",
        file.area, file.topic, case.id, case.title
    );
    if let Some(note) = &case.note {
        let _ = writeln!(text, "  note      {note}");
    }
    let first = case.trials.first();
    for id in first.map_or(&[][..], |trial| &trial.rules) {
        let rule = corpus.catalogue.rule(id);
        let says = rule.map_or("", |rule| rule.says.as_str());
        let known =
            rule.map(|rule| format!("{}, {}", rule.impact.name(), rule.evidence_in_words()));
        let _ = writeln!(
            text,
            "  rule      {id}: {says} ({})",
            known.unwrap_or_default()
        );
    }
    for id in first.map_or(&[][..], |trial| &trial.catches) {
        let story = corpus
            .catalogue
            .bug(id)
            .map_or("", |bug| bug.story.as_str());
        let _ = writeln!(text, "  catches   {id}: {story}");
    }
    for need in first.map_or(&[][..], |trial| &trial.needs) {
        let _ = writeln!(text, "  needs     {need}");
    }
    let rows: Vec<_> = case
        .trials
        .iter()
        .filter_map(|trial| trial.row.as_deref())
        .collect();
    if !rows.is_empty() {
        let _ = writeln!(text, "  rows      {}", rows.join(", "));
    }
    let _ = writeln!(text, "  stands in {}:{}\n", file.path, case.place);
    text + &yaml(file, case)
}

/// The case as its author wrote it: up to the next case of the file.
fn yaml(file: &CaseFile, case: &Case) -> String {
    let start = case.place.line;
    let next = file
        .cases
        .iter()
        .map(|other| other.place.line)
        .filter(|line| *line > start)
        .min();
    let end = next.unwrap_or(file.text.lines().count() as u32 + 1);
    let lines: Vec<_> = (start..end)
        .map(|number| line_of(&file.text, number))
        .collect();
    lines.join("\n").trim_end().to_owned() + "\n"
}

fn unknown(corpus: &Corpus, id: &str) -> String {
    let mut known: Vec<&str> = corpus
        .catalogue
        .rules()
        .map(|rule| rule.id.as_str())
        .collect();
    known.extend(corpus.catalogue.bugs().map(|bug| bug.id.as_str()));
    known.extend(cases(corpus).map(|(_, case)| case.id.as_str()));
    let hint =
        nearest(id, &known).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    format!("`{id}` is no rule, case or bug{hint}")
}

fn cases(corpus: &Corpus) -> impl Iterator<Item = (&CaseFile, &Case)> {
    corpus
        .files
        .iter()
        .flat_map(|file| file.cases.iter().map(move |case| (file, case)))
}

/// Whether this is the id of the case, or the name of one of its trials.
fn names(case: &Case, id: &str) -> bool {
    case.id == id
        || case
            .trials
            .iter()
            .any(|trial| trial.name == id || short(trial) == id)
}

/// The name of a trial without area and topic.
fn short(trial: &ssec::case::Trial) -> &str {
    let path_end = trial.name.find('[').unwrap_or(trial.name.len());
    let start = trial.name[..path_end].rfind('/').map_or(0, |at| at + 1);
    &trial.name[start..]
}

fn cites(case: &Case, rule: &str) -> bool {
    case.trials
        .iter()
        .any(|trial| trial.rules.iter().any(|id| id == rule))
}

fn catches(case: &Case, bug: &str) -> bool {
    case.trials
        .iter()
        .any(|trial| trial.catches.iter().any(|id| id == bug))
}
