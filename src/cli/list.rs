//! `ssec list`: which cases there are, or which rules and who covers them. Nothing is sent.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::Args;
use ssec::case::Trial;
use ssec::case::load::Corpus;
use ssec::exit;

use super::corpus::{Filter, From};
use super::{estimate, print};

/// Show cases, or rules with the cases that cover them
#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    from: From,
    /// Show the rules that the selected cases hold a target to, and those that no case covers
    #[arg(long = "rules")]
    as_rules: bool,
    /// Show the saboteurs: what each has for a fault
    #[cfg(feature = "bundled")]
    #[arg(long = "saboteurs", conflicts_with = "as_rules")]
    as_saboteurs: bool,
}

pub(super) fn list(arguments: &List) -> u8 {
    #[cfg(feature = "bundled")]
    if arguments.as_saboteurs {
        print(&saboteurs());
        return exit::OK;
    }
    let listed = arguments.from.load().and_then(|corpus| {
        let trials = arguments.filter.choose(&corpus)?;
        Ok(if arguments.as_rules {
            rules(&corpus, &trials)
        } else {
            cases(&trials)
        })
    });
    match listed {
        Ok(text) => {
            print(&text);
            exit::OK
        }
        Err(code) => code,
    }
}

/// One line per saboteur: its area, what is at stake, its name and its fault.
#[cfg(feature = "bundled")]
fn saboteurs() -> String {
    let all = ssec::bundled::saboteurs();
    let mut text = String::new();
    for saboteur in all {
        let _ = writeln!(
            text,
            "{:12} {:9} {:38} {}",
            saboteur.area,
            saboteur.impact.as_str(),
            saboteur.name,
            saboteur.says
        );
    }
    let _ = writeln!(text, "{} saboteurs", all.len());
    text
}

/// One line per trial: its name and what it says.
fn cases(trials: &[&Trial]) -> String {
    let width = trials
        .iter()
        .map(|trial| trial.name.len())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for trial in trials {
        let _ = writeln!(text, "{:width$}  {}", trial.name, trial.title);
    }
    text + &estimate::said(trials)
}

/// One line per rule: how it is known, what is at stake, how many trials cover it.
fn rules(corpus: &Corpus, trials: &[&Trial]) -> String {
    let mut covered: BTreeMap<&str, usize> = BTreeMap::new();
    for rule in trials.iter().flat_map(|trial| &trial.rules) {
        *covered.entry(rule).or_default() += 1;
    }
    let mut text = String::new();
    let mut uncovered = 0;
    for rule in corpus.catalogue.rules() {
        let cases = covered.get(rule.id.as_str()).copied().unwrap_or(0);
        let coverage = match (cases, &rule.untested) {
            (0, Some(reason)) => format!("untested: {reason}"),
            (0, None) => {
                uncovered += 1;
                "no case".to_owned()
            }
            (1, _) => "1 case".to_owned(),
            (many, _) => format!("{many} cases"),
        };
        let (evidence, impact) = (rule.evidence_in_words(), rule.impact.name());
        let _ = writeln!(
            text,
            "{:8} {evidence:17} {impact:9} {coverage:9} {}",
            rule.id, rule.says
        );
    }
    let _ = writeln!(
        text,
        "{} rules, {uncovered} without a case",
        corpus.catalogue.rules().count()
    );
    text
}
