//! GetObject, HeadObject, GetObjectAttributes.

use crate::case::call::{Call, HeaderEdit};
use crate::case::expect::{Expectation, Matcher};
use crate::case::triple::{KeyName, Triple};
use crate::case::value::Value;
use crate::case::verb::Verb;
use crate::model::defect::Defect;
use crate::model::op::Op;
use crate::model::refusal::{Carrier, Reason, Stage};
use crate::model::scale::{Excerpt, within};
use crate::model::script::{Aim, Answer, Asked, Holds, Move, Takes, expectation, is, says};
use crate::model::world::{Found, Stored, Version, Versioning, World, object_name};

/// What can be wrong with a read.
const OF_READ: &[Defect] = &[
    Defect::Http,
    Defect::Signature,
    Defect::AccessKey,
    Defect::Anonymous,
    Defect::UnsignedAlgorithm,
    Defect::Owner,
    Defect::IfMatch,
    Defect::NotModified,
    Defect::BadVersion,
    Defect::Reordered,
    Defect::Capitals,
];

/// What can be wrong with GetObjectAttributes.
const OF_ATTRIBUTES: &[Defect] = &[Defect::Signature, Defect::Anonymous];

/// GET or HEAD of a version or a part of one.
pub(super) fn read(world: &mut World, op: &Op, verb: Verb) -> Vec<Move> {
    let (id, found) = world.find(op.slot(), op.handle);
    let asked = match found {
        Found::Object(version, stored) => of_object(world, op, verb, id, (version, stored)),
        Found::Nothing => of_nothing(op, verb),
        Found::Marker => of_marker(op, verb, id, "GET-025"),
    };
    let defect = op.defect.filter(|_| matches!(found, Found::Object(..)));
    vec![world.ask(asked, defect).0]
}

pub(super) fn attributes(world: &mut World, op: &Op) -> Vec<Move> {
    let (id, found) = world.find(op.slot(), op.handle);
    let asked = match found {
        Found::Nothing => of_nothing(op, Verb::Attributes),
        Found::Marker => of_marker(op, Verb::Attributes, id, "ATT-005"),
        Found::Object(_, stored) => {
            let mut xml = vec![says("ObjectSize", stored.content.len().to_string())];
            if stored.parts.is_empty() {
                xml.push(expectation("ObjectParts", Matcher::Absent));
            } else {
                xml.push(says(
                    "ObjectParts/PartsCount",
                    stored.parts.len().to_string(),
                ));
            }
            Asked {
                verb: Verb::Attributes,
                call: Call {
                    version: id,
                    ..opening(op.slot(), stored.key)
                },
                spoilt: None,
                takes: takes(Carrier::Attributes, stored.key, OF_ATTRIBUTES),
                reasons: Vec::new(),
                answer: Answer {
                    rule: "ATT-001",
                    status: 200,
                    xml,
                    ..Answer::default()
                },
                aim: aim(stored),
            }
        }
    };
    let defect = op.defect.filter(|_| matches!(found, Found::Object(..)));
    vec![world.ask(asked, defect).0]
}

/// What an object is after a write that was refused: what it was before.
pub(super) fn look(world: &mut World, slot: usize) -> Move {
    let asked = match world.latest(slot) {
        None => of_nothing(&at(slot), Verb::Get),
        Some(stored) => Asked {
            verb: Verb::Get,
            call: opening(slot, stored.key),
            spoilt: None,
            takes: takes(Carrier::Read, stored.key, &[]),
            reasons: Vec::new(),
            answer: Answer {
                rule: "SEC-004",
                status: 200,
                headers: vec![says("x-amz-meta-fuzz", stored.note.clone())],
                body: Some(stored.content.clone()),
                ..Answer::default()
            },
            aim: aim(stored),
        },
    };
    let (look, _) = world.ask(asked, None);
    Move {
        is_look: true,
        ..look
    }
}

fn at(slot: usize) -> Op {
    Op {
        object: u8::try_from(slot).unwrap_or_default(),
        ..Op::default()
    }
}

fn of_object(
    world: &World,
    op: &Op,
    verb: Verb,
    id: Option<Value>,
    (version, stored): (&Version, &Stored),
) -> Asked {
    let len = stored.content.len();
    let mut excerpt = Excerpt::of(op.range, len, &stored.parts, world.scale.segment);
    let nonsense = excerpt == Excerpt::Nonsense;
    // A range with a 304, and nonsense with HEAD, are not recorded.
    if op.defect == Some(Defect::NotModified) || (nonsense && verb == Verb::Head) {
        excerpt = Excerpt::All;
    }
    let mut call = Call {
        version: id,
        ..opening(op.slot(), stored.key)
    };
    ask_for(&mut call, excerpt);
    let mut reasons = Vec::new();
    let mut spoilt = None;
    match op.defect {
        Some(Defect::IfMatch) => {
            let reason = Reason::new(Stage::Condition, "CND-104", 412, "PreconditionFailed");
            reasons.push(reason);
        }
        Some(Defect::NotModified) => {
            let mut conditional = call.clone();
            conditional.headers.push(HeaderEdit {
                name: "If-None-Match".to_owned(),
                values: vec![stored.etag()],
            });
            spoilt = Some(conditional);
            reasons.push(Reason::new(Stage::Condition, "GET-016", 304, ""));
        }
        _ => {}
    }
    let (answer, range) = excerpted(world, version, stored, excerpt, verb);
    reasons.extend(range);
    Asked {
        verb,
        call,
        spoilt,
        takes: takes(Carrier::Read, stored.key, OF_READ),
        reasons,
        answer,
        aim: aim(stored),
    }
}

fn ask_for(call: &mut Call, excerpt: Excerpt) {
    match excerpt {
        Excerpt::All => {}
        Excerpt::Range(range) => call.range = Some(range),
        Excerpt::Part(number) => call.part = Some(number.to_string()),
        Excerpt::Nonsense => call.headers.push(HeaderEdit {
            name: "Range".to_owned(),
            values: vec![Value::Text("bytes=5-2".to_owned())],
        }),
    }
}

/// The answer to a read of an excerpt, or why there is none.
fn excerpted(
    world: &World,
    version: &Version,
    stored: &Stored,
    excerpt: Excerpt,
    verb: Verb,
) -> (Answer, Option<Reason>) {
    let len = stored.content.len();
    let (part, reason) = match excerpt {
        Excerpt::All | Excerpt::Nonsense => (None, None),
        Excerpt::Range(range) => match within(range, len) {
            Some(part) => (Some(part), None),
            None => (
                None,
                Some(Reason::new(Stage::Range, "GET-015", 416, "InvalidRange")),
            ),
        },
        Excerpt::Part(number) => match part_of(stored, number) {
            Some(part) => (Some(part), None),
            None => {
                let reason = Reason::new(Stage::Range, "GET-022", 416, "InvalidPartNumber");
                (None, Some(reason))
            }
        },
    };
    let mut headers = described(world, version, stored);
    let content = part.map_or_else(
        || stored.content.clone(),
        |(first, last)| stored.content.slice(first, last),
    );
    if let Some((first, last)) = part {
        headers.push(says("Content-Range", format!("bytes {first}-{last}/{len}")));
    }
    if matches!(excerpt, Excerpt::Part(_)) && !stored.parts.is_empty() {
        headers.push(says("x-amz-mp-parts-count", stored.parts.len().to_string()));
    }
    headers.push(says("Content-Length", content.len().to_string()));
    let answer = Answer {
        rule: rule(stored, excerpt, verb),
        status: if part.is_some() { 206 } else { 200 },
        headers,
        body: (verb == Verb::Get).then_some(content),
        ..Answer::default()
    };
    (answer, reason)
}

fn part_of(stored: &Stored, number: u16) -> Option<(u64, u64)> {
    let index = usize::from(number).checked_sub(1)?;
    if stored.parts.is_empty() {
        return (index == 0).then(|| (0, stored.content.len() - 1));
    }
    let before: u64 = stored.parts.iter().take(index).sum();
    let len = *stored.parts.get(index)?;
    Some((before, before + len - 1))
}

/// The rule that a correct read shows.
fn rule(stored: &Stored, excerpt: Excerpt, verb: Verb) -> &'static str {
    match (excerpt, verb, stored.parts.is_empty()) {
        (Excerpt::All, Verb::Head, true) => "HEA-001",
        (Excerpt::All, _, true) => "GET-001",
        (Excerpt::All, _, false) => "MPU-028",
        (Excerpt::Range(_), ..) => "GET-011",
        (Excerpt::Part(_), _, true) => "GET-021",
        (Excerpt::Part(_), _, false) => "MPU-113",
        (Excerpt::Nonsense, ..) => "RNG-101",
    }
}

/// ETag, metadata and version id of an object.
fn described(world: &World, version: &Version, stored: &Stored) -> Vec<Expectation> {
    let id = match world.versioning {
        Versioning::Off => expectation("x-amz-version-id", Matcher::Absent),
        Versioning::On | Versioning::Suspended => is("x-amz-version-id", version.id_value()),
    };
    vec![
        is("ETag", stored.etag()),
        says("x-amz-meta-fuzz", stored.note.clone()),
        id,
    ]
}

fn of_nothing(op: &Op, verb: Verb) -> Asked {
    // With a triple or without one: it is not there (GET-024).
    let key = KeyName::new('A').filter(|_| op.range % 2 == 1);
    let code = (404, "NoSuchKey");
    gone(
        op,
        verb,
        key,
        Reason::new(Stage::Existence, "GET-024", code.0, code.1),
    )
}

fn of_marker(op: &Op, verb: Verb, id: Option<Value>, rule: &'static str) -> Asked {
    let reason = Reason::new(Stage::Existence, rule, 405, "MethodNotAllowed");
    let mut asked = gone(op, verb, None, reason);
    asked.call.version = id;
    asked
}

fn gone(op: &Op, verb: Verb, key: Option<KeyName>, reason: Reason) -> Asked {
    Asked {
        verb,
        call: opening(op.slot(), key),
        spoilt: None,
        takes: takes(Carrier::Read, key, &[]),
        reasons: vec![reason],
        answer: Answer::default(),
        aim: Aim::default(),
    }
}

/// A read with the right triple.
pub(super) fn opening(slot: usize, key: Option<KeyName>) -> Call {
    Call {
        object: Some(object_name(slot)),
        sse_c: key.map(Triple::of),
        ..Call::default()
    }
}

pub(super) fn takes(carrier: Carrier, key: Option<KeyName>, own: &'static [Defect]) -> Takes {
    Takes {
        triple: Some((carrier, Holds::of(key))),
        source: None,
        own,
        body: 0,
    }
}

pub(super) fn aim(stored: &Stored) -> Aim {
    Aim {
        key: stored.key,
        plaintext: Some(stored.content.clone()),
        entitled: true,
        origin: stored.origin,
    }
}
