//! The corpus keeps its own promises: it loads, lint has nothing to say, and it is as large and as
//! cheap as it claims.

use std::collections::BTreeSet;
use std::path::Path;

use ssec::case::error::CaseError;
use ssec::case::lint::{AREAS, lint};
use ssec::case::load::{Corpus, Library};
use ssec::catalogue::Evidence;

fn corpus() -> Corpus {
    Library::embedded()
        .load()
        .unwrap_or_else(|errors| panic!("{}", in_lines(&errors)))
}

fn in_lines(errors: &[CaseError]) -> String {
    errors.iter().map(|error| format!("{error}\n\n")).collect()
}

#[test]
fn lint_has_nothing_to_say() {
    let library = Library::from_path(Path::new("cases")).expect("the folder is there");
    let errors = lint(&library);
    assert!(errors.is_empty(), "\n{}", in_lines(&errors));
}

#[test]
fn every_area_has_cases_and_every_rule_a_case_or_a_reason() {
    let corpus = corpus();
    let areas: BTreeSet<&str> = corpus.files.iter().map(|file| file.area.as_str()).collect();
    assert_eq!(areas, AREAS.iter().copied().collect());
    let tested = corpus
        .catalogue
        .rules()
        .filter(|rule| rule.untested.is_none())
        .count();
    assert!(tested >= 220, "{tested} rules have cases");
    assert!(
        corpus.trials().count() >= 500,
        "{} trials",
        corpus.trials().count()
    );
}

#[test]
fn no_two_trials_have_the_same_name() {
    let corpus = corpus();
    let mut names = BTreeSet::new();
    for trial in corpus.trials() {
        assert!(names.insert(&trial.name), "{} is there twice", trial.name);
    }
}

#[test]
fn every_public_bug_that_is_listed_is_caught_by_a_case() {
    let corpus = corpus();
    let caught: BTreeSet<&str> = corpus
        .trials()
        .flat_map(|trial| &trial.catches)
        .map(String::as_str)
        .collect();
    let missed: Vec<&str> = corpus
        .catalogue
        .bugs()
        .map(|bug| bug.id.as_str())
        .filter(|id| !caught.contains(id))
        .collect();
    assert!(missed.is_empty(), "no case catches {missed:?}");
}

#[test]
fn most_rules_were_recorded_from_s3() {
    let corpus = corpus();
    let recorded = corpus
        .catalogue
        .rules()
        .filter(|rule| rule.evidence == Evidence::Recorded)
        .count();
    let all = corpus.catalogue.rules().count();
    assert!(recorded * 2 > all, "{recorded} of {all} rules are recorded");
}

#[test]
fn one_trial_is_loaded_by_its_name_alone() {
    let library = Library::embedded();
    let name = "put/stored/put-get-roundtrip";
    let corpus = library
        .load_trial(name)
        .unwrap_or_else(|errors| panic!("{}", in_lines(&errors)));
    let names: Vec<&str> = corpus.trials().map(|trial| trial.name.as_str()).collect();
    assert_eq!(names, [name]);
    assert_eq!(corpus.files.len(), 1);
}
