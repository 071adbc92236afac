//! The table itself: names, areas, bugs, and how it is asked.

use std::collections::HashSet;

use ssec_reference::Config;
use ssec_saboteurs::{AREAS, Group, Seam, UnknownSaboteur, all, apply, find};

#[test]
fn names_are_unique_and_in_kebab_case() {
    let mut seen = HashSet::new();
    for saboteur in all() {
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(saboteur.name.chars().all(kebab), "{saboteur:?}");
        assert!(seen.insert(saboteur.name), "{saboteur:?} is there twice");
    }
}

#[test]
fn every_fault_is_one_sentence_of_its_own() {
    let mut seen = HashSet::new();
    for saboteur in all() {
        let says = saboteur.says;
        assert!(
            says.ends_with('.') && says.chars().next().is_some_and(char::is_uppercase),
            "{says}"
        );
        assert!(seen.insert(says), "{says}");
    }
}

#[test]
fn every_area_has_a_saboteur_and_every_saboteur_an_area() {
    let used: HashSet<_> = all().iter().map(|saboteur| saboteur.area).collect();
    assert_eq!(used, AREAS.iter().copied().collect());
}

#[test]
fn every_bug_is_in_the_catalogue() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../cases/bugs.yaml");
    let catalogue = std::fs::read_to_string(path).unwrap();
    let known: HashSet<_> = catalogue
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- id: "))
        .collect();
    for saboteur in all() {
        for bug in saboteur.bugs {
            assert!(known.contains(bug), "{saboteur:?} stands for {bug}");
        }
    }
}

#[test]
fn groups_and_seams_are_what_they_are_called() {
    let of = |name| find(name).map(|saboteur| (saboteur.group, saboteur.seam()));
    assert_eq!(of("head-takes-any-key"), Some((Group::Wire, Seam::Handler)));
    assert_eq!(of("http-is-taken"), Some((Group::Wire, Seam::Service)));
    assert_eq!(
        of("randomness-starts-over"),
        Some((Group::AtRest, Seam::Random))
    );
    assert_eq!(
        of("deleted-bytes-stay"),
        Some((Group::AtRest, Seam::Bodies))
    );
    assert_eq!(of("always-403"), Some((Group::Headline, Seam::Handler)));
}

#[test]
fn an_unknown_name_is_refused() {
    let refused = apply(Config::default(), &["head-takes-any-key", "nobody"]);
    assert_eq!(refused.err(), Some(UnknownSaboteur("nobody".to_owned())));
}

#[test]
fn two_saboteurs_are_two_faults() {
    let names = ["head-takes-any-key", "put-echoes-nothing"];
    let config = apply(super::world::config(), &names).unwrap();
    let s3 = super::s3::S3::open(config);
    super::world::fill(&s3);
    assert_eq!(s3.head("b/doc").key('B').status(), 200);
    assert!(!s3.put("b/new").key('A').answer().has(super::s3::KEY_MD5));
    assert_eq!(s3.get("b/doc").key('B').status(), 403);
}
