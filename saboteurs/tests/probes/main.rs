//! Every saboteur is seen by a probe that does not see anything on the reference itself.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod at_rest;
mod copy;
mod facts;
mod form;
mod headline;

mod multipart;
mod order;
mod reads;
mod s3;
mod settings;
mod table;
mod world;
mod writes;

use s3::S3;

/// A saboteur's name, and whether its fault shows.
type Probe = (&'static str, fn(&S3) -> bool);

fn probes() -> impl Iterator<Item = &'static Probe> {
    [
        writes::PROBES,
        reads::PROBES,
        facts::PROBES,
        order::PROBES,
        multipart::PROBES,
        copy::PROBES,
        settings::PROBES,
        form::PROBES,
        headline::PROBES,
    ]
    .into_iter()
    .flatten()
}

fn world(name: Option<&str>) -> S3 {
    let names: Vec<_> = name.into_iter().collect();
    let s3 = S3::open(ssec_saboteurs::apply(world::config(), &names).unwrap());
    world::fill(&s3);
    s3
}

#[test]
fn every_fault_shows_on_its_saboteur_and_not_on_the_reference() {
    let mut failed = Vec::new();
    for (name, probe) in probes() {
        if !probe(&world(Some(name))) {
            failed.push(format!("{name}: the fault does not show"));
        }
        if probe(&world(None)) {
            failed.push(format!("{name}: the probe sees the fault on the reference"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Faults that spare no object of a kind, and one that would fill the log of this test.
const NOT_QUIET: &[&str] = &[
    "get-ends-early",
    "get-garbles-everything",
    "plain-needs-a-key",
    "key-is-logged",
];

#[test]
fn what_a_fault_does_not_touch_works() {
    let all = ssec_saboteurs::all().iter();
    let quiet = all.filter(|saboteur| {
        saboteur.group != ssec_saboteurs::Group::Headline && !NOT_QUIET.contains(&saboteur.name)
    });
    for saboteur in quiet {
        let s3 = world(Some(saboteur.name));
        let put = s3.put("b/ordinary").body("plain").status();
        let got = s3.get("b/ordinary").answer();
        assert_eq!(
            (put, got.status, &got.body[..]),
            (200, 200, &b"plain"[..]),
            "{saboteur:?}"
        );
        let put = s3.put("b/sealed").key('C').body("sealed").status();
        let got = s3.get("b/sealed").key('C').answer();
        assert_eq!(
            (put, got.status, &got.body[..]),
            (200, 200, &b"sealed"[..]),
            "{saboteur:?}"
        );
    }
}

#[test]
fn every_saboteur_has_one_probe() {
    let mut probed: Vec<_> = probes().map(|(name, _)| *name).collect();
    probed.extend(at_rest::PROBED);
    let mut names: Vec<_> = ssec_saboteurs::all()
        .iter()
        .map(|saboteur| saboteur.name)
        .collect();
    probed.sort_unstable();
    names.sort_unstable();
    assert_eq!(probed, names);
}
