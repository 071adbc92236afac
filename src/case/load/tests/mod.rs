//! The loader, through one door: YAML in, what it means or the exact message out.

mod refusals;

use super::{Corpus, Library};
use crate::case::call::{ByteRange, Call, HeaderEdit, Payload};
use crate::case::data::{Body, Piece};
use crate::case::error::Source;
use crate::case::expect::{Matcher, Status};
use crate::case::place::Place;
use crate::case::triple::{KeyHeader, KeyMd5Header, KeyName, Triple};
use crate::case::value::{Ref, RefField, Value};
use crate::case::{Bucket, Control, Trial};

const RULES: &str = "\
format: 1
rules:
  - { id: PUT-001, says: s, evidence: inferred, impact: interop, sources: [{ what: reading, where: x, read: 2026-11-23 }] }
  - { id: PUT-002, says: s, evidence: inferred, impact: interop, sources: [{ what: reading, where: x, read: 2026-11-23 }] }
";

fn load(text: &str) -> Result<Corpus, String> {
    let retired = "format: 1\nretired: [{ id: old, because: it was wrong }]\n";
    let sources = [
        Source::new("put/t.yaml", text),
        Source::new("rules/put.yaml", RULES),
        Source::new("retired.yaml", retired),
    ];
    let corpus = Library::from_sources(sources).load();
    corpus.map_err(|errors| {
        errors
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    })
}

/// A file of one case with these fields and steps.
fn case(fields: &str, steps: &str) -> String {
    let indent = |text: &str, by: &str| {
        text.lines()
            .map(|line| format!("{by}{line}\n"))
            .collect::<String>()
    };
    format!(
        "format: 1\nabout: x\ncases:\n  - id: a-case\n    title: t\n    rules: [PUT-001]\n{}    steps:\n{}",
        indent(fields, "    "),
        indent(steps, "      ")
    )
}

fn trials(fields: &str, steps: &str) -> Vec<Trial> {
    let corpus = load(&case(fields, steps)).unwrap_or_else(|errors| panic!("{errors}"));
    corpus.trials().cloned().collect()
}

/// The defective request and what changed, of a PUT with these fields.
fn defective(step: &str) -> (Call, Vec<String>) {
    let step = format!(
        "- put: {{ object: doc, {step}, expect: {{ status: 400, error: InvalidArgument }} }}"
    );
    let mut trial = trials("", &step).remove(0);
    let step = trial.steps.remove(0);
    (step.defective.expect("it has a defect"), step.defects)
}

fn key(letter: char) -> KeyName {
    KeyName::new(letter).expect("it is a letter")
}

#[test]
fn a_step_is_read_into_a_request_and_an_expectation() {
    let trial = trials(
        "data: { doc: 1KiB }\nbucket: versioned",
        "- put: { object: doc, body: doc, sse_c: A, as: put, expect: ok }\n\
         - get:\n    object: doc\n    version: $put\n    sse_c: A\n    range: 100-199\n    headers: { If-Match: $put.etag, X-A: [a, b], X-B: null }\n    \
         expect: { status: 206, body: { slice: doc, from: 100, to: 199 }, headers: { ETag: { not: $put.etag }, x-amz-a: absent } }",
    )
    .remove(0);
    assert_eq!(trial.name, "put/t/a-case");
    assert_eq!(trial.bucket, Bucket::Versioned);
    assert_eq!(trial.needs, ["versioning"]);
    let get = &trial.steps[1];
    assert_eq!(
        get.place,
        Place {
            line: 11,
            column: 9
        }
    );
    assert_eq!(get.call.sse_c, Some(Triple::of(key('A'))));
    assert_eq!(get.call.range, Some(ByteRange::Between(100, 199)));
    let answer = |field| {
        Value::Ref(Ref {
            name: "put".into(),
            field,
        })
    };
    assert_eq!(get.call.version, Some(answer(RefField::VersionId)));
    let header = |name: &str, values| HeaderEdit {
        name: name.into(),
        values,
    };
    let twice = vec![Value::Text("a".into()), Value::Text("b".into())];
    assert_eq!(
        get.call.headers,
        [
            header("If-Match", vec![answer(RefField::Etag)]),
            header("X-A", twice),
            header("X-B", vec![])
        ]
    );
    let expect = get.expect.as_ref().expect("it expects something");
    assert_eq!(expect.status.value, Status::Exactly(206));
    assert_eq!(
        expect.body.as_ref().map(|body| &body.value),
        Some(&Body::Data(vec![Piece {
            name: "doc".into(),
            slice: Some((100, 199)),
        }]))
    );
    assert_eq!(
        expect.headers[0].value.matcher,
        Matcher::Not(answer(RefField::Etag))
    );
    assert_eq!(expect.headers[1].value.matcher, Matcher::Absent);
    assert_eq!(expect.headers[1].place.line, 17);
}

/// A triple in words: algorithm, key, MD5; `-` is not sent.
fn in_words(triple: &Triple) -> String {
    let algorithm = triple.algorithm.as_deref().unwrap_or("-");
    let key = match &triple.key {
        KeyHeader::Named(name) => name.to_string(),
        KeyHeader::Text(text) => format!("'{text}'"),
        KeyHeader::Bytes(len) => format!("{len}B"),
        KeyHeader::Omit => "-".to_owned(),
    };
    let key_md5 = match &triple.key_md5 {
        KeyMd5Header::Of(name) => format!("of-{name}"),
        KeyMd5Header::OfSent => "of-sent".to_owned(),
        KeyMd5Header::Text(text) => format!("'{text}'"),
        KeyMd5Header::Bytes(len) => format!("{len}B"),
        KeyMd5Header::Omit => "-".to_owned(),
    };
    format!("{algorithm} {key} {key_md5}")
}

#[test]
fn a_triple_in_but_merges_as_the_format_says() {
    for (but, sent, changed) in [
        ("B", "AES256 B of-B", "sse_c"),
        ("{ key: B }", "AES256 B of-B", "sse_c.key"),
        ("{ md5: B }", "AES256 A of-B", "sse_c.md5"),
        ("{ md5: omit }", "AES256 A -", "sse_c.md5"),
        ("{ md5: { bytes: 15 } }", "AES256 A 15B", "sse_c.md5"),
        ("{ key: omit }", "AES256 - of-A", "sse_c.key"),
        ("{ key: null }", "AES256 - of-A", "sse_c.key"),
        (
            "{ key: omit, md5: omit }",
            "AES256 - -",
            "sse_c.key sse_c.md5",
        ),
        ("{ key: { bytes: 31 } }", "AES256 31B of-sent", "sse_c.key"),
        (
            "{ key: { text: '' }, md5: A }",
            "AES256 '' of-A",
            "sse_c.key",
        ),
        ("{ algorithm: omit }", "- A of-A", "sse_c.algorithm"),
        ("{ algorithm: '' }", " A of-A", "sse_c.algorithm"),
    ] {
        let (call, defects) = defective(&format!("sse_c: A, but: {{ sse_c: {but} }}"));
        let triple = call.sse_c.expect("a triple is sent");
        assert_eq!(in_words(&triple), sent, "{but}");
        assert_eq!(defects.join(" "), changed, "{but}");
    }
    assert_eq!(defective("sse_c: A, but: { sse_c: null }").0.sse_c, None);
}

#[test]
fn an_md5_that_the_step_states_stays() {
    let (call, _) = defective("sse_c: { key: A, md5: B }, but: { sse_c: { key: C } }");
    assert_eq!(
        call.sse_c.map(|triple| triple.key_md5),
        Some(KeyMd5Header::Of(key('B')))
    );
}

#[test]
fn other_fields_in_but_merge_name_by_name_or_are_replaced() {
    let (call, defects) = defective(
        "headers: { X-A: one, X-B: two }, sign: { skew: +20m }, metadata: { m: one }, \
         but: { headers: { x-a: three, X-B: null }, sign: { payload: unsigned }, metadata: { m: null, n: two }, object: other }",
    );
    let header = |name: &str, values| HeaderEdit {
        name: name.into(),
        values,
    };
    assert_eq!(
        call.headers,
        [
            header("x-a", vec![Value::Text("three".into())]),
            header("X-B", vec![])
        ]
    );
    assert_eq!(
        (call.sign.skew, call.sign.payload),
        (1200, Payload::Unsigned)
    );
    assert_eq!(call.metadata, [("n".to_owned(), Value::Text("two".into()))]);
    assert_eq!(call.object.as_deref(), Some("other"));
    assert_eq!(
        defects,
        [
            "headers.x-a",
            "headers.X-B",
            "sign.payload",
            "metadata.m",
            "metadata.n",
            "object"
        ]
    );
}

#[test]
fn a_table_makes_a_trial_of_each_row_and_null_is_not_sent() {
    let trials = trials(
        "table:\n  columns: [name, key, status, rule]\n  rows:\n    - [none, null, 200, PUT-001]\n    - [b, { key: B, md5: omit }, 400, PUT-002]",
        "- put: { object: doc, sse_c: $row.key, rules: [$row.rule], control: none, because: b, expect: { status: $row.status } }",
    );
    assert_eq!(trials[0].name, "put/t/a-case[none]");
    assert_eq!(trials[0].steps[0].call.sse_c, None);
    assert_eq!(trials[0].rules, ["PUT-001"]);
    assert_eq!(
        trials[1].steps[0]
            .call
            .sse_c
            .as_ref()
            .map(|triple| &triple.key_md5),
        Some(&KeyMd5Header::Omit)
    );
    assert_eq!(trials[1].rules, ["PUT-001", "PUT-002"]);
    let status = &trials[1].steps[0]
        .expect
        .as_ref()
        .expect("it expects something")
        .status;
    assert_eq!(
        (status.value, status.place),
        (
            Status::Exactly(400),
            Place {
                line: 11,
                column: 38
            }
        ),
        "the cell's place"
    );
}

#[test]
fn every_refusal_has_a_control_or_says_why_not() {
    let steps = "\
- put: { object: doc, sse_c: A, but: { sse_c: null }, expect: { status: 403 } }
- get: { object: doc, expect: { status: 404 } }
- put: { object: doc, control: { after: $later }, expect: { status: 403 } }
- put: { object: doc, control: none, because: it cannot, expect: { status: 403 } }
- put: { object: doc, as: later, expect: ok }
- get: { object: doc, but: { headers: { If-None-Match: '*' } }, expect: { status: 304 } }";
    let trial = trials("", steps).remove(0);
    let controls: Vec<&Control> = trial.steps.iter().map(|step| &step.control).collect();
    let because = "it cannot".to_owned();
    assert_eq!(
        controls,
        [
            &Control::WithoutDefect,
            &Control::Unneeded,
            &Control::After("later".into()),
            &Control::Impossible { because },
            &Control::Unneeded,
            &Control::Unneeded,
        ]
    );
}

#[test]
fn one_trial_is_loaded_without_its_neighbours() {
    let broken = Source::new("put/broken.yaml", "nonsense");
    let good = Source::new("put/t.yaml", case("", "- put: { object: a, expect: ok }"));
    let library = Library::from_sources([broken, good, Source::new("rules/put.yaml", RULES)]);
    let corpus = library
        .load_trial("put/t/a-case")
        .expect("its file is good");
    assert_eq!(corpus.trials().count(), 1);
    assert!(library.load().is_err());
}

/// A file with most of what the format has.
const RICH: &str = include_str!("rich.yaml");

#[test]
fn the_rich_file_is_right_before_it_is_spoilt() {
    let corpus = load(RICH).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(corpus.trials().count(), 3);
}

proptest::proptest! {
    /// Whatever stands in a file, it is read or refused, and the refusal can be shown.
    #[test]
    fn spoilt_files_are_read_or_refused(
        at in 0..RICH.len(),
        removed in 0_usize..12,
        added in "[ \\n\\-:,{}$'\"a-zA0é!&*#|>%@`]{0,6}",
    ) {
        let at = (0..=at).rev().find(|at| RICH.is_char_boundary(*at)).unwrap_or(0);
        let end = (at + removed..=RICH.len()).find(|end| RICH.is_char_boundary(*end)).unwrap_or(RICH.len());
        let spoilt = format!("{}{added}{}", &RICH[..at], &RICH[end..]);
        if let Err(errors) = load(&spoilt) {
            proptest::prop_assert!(!errors.is_empty());
        }
    }
}
