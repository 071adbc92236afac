//! CopyObject, onto another object and onto itself, with every combination of keys.

use super::write;
use crate::case::call::Call;
use crate::case::expect::Matcher;
use crate::case::triple::{KeyName, Triple};
use crate::case::value::Value;
use crate::case::verb::Verb;
use crate::model::defect::Defect;
use crate::model::op::Op;
use crate::model::refusal::{Carrier, Reason, Stage};
use crate::model::script::{Aim, Answer, Asked, Holds, Move, Takes, expectation};
use crate::model::world::{Found, Origin, Stored, World, key_of, object_name};

/// What can be wrong with a copy, besides its triples.
const OF_COPY: &[Defect] = &[
    Defect::Http,
    Defect::Signature,
    Defect::Anonymous,
    Defect::Sse,
    Defect::IfNoneMatch,
    Defect::IfMatch,
    Defect::Reordered,
    Defect::Capitals,
];

pub(super) fn copy(world: &mut World, op: &Op) -> Vec<Move> {
    let (slot, key) = (op.slot(), key_of(op.key));
    let (id, found) = world.find(op.source_slot(), op.handle);
    let source = match found {
        Found::Object(_, stored) => Some(stored.clone()),
        Found::Nothing | Found::Marker => None,
    };
    let mut reasons = Vec::from_iter(missing(found));
    if let Some(source) = &source {
        match is_idle(world, op, source, key, id.as_ref()) {
            None => return Vec::new(),
            Some(true) => reasons.push(Reason::new(Stage::Parts, "CPY-012", 400, "InvalidRequest")),
            Some(false) => {}
        }
    }
    let source_key = source.as_ref().and_then(|source| source.key);
    reasons.extend(write::blocked(world, key).into_iter().map(|reason| Reason {
        rule: "CPY-016",
        ..reason
    }));
    reasons.extend(write::condition(world, slot, op.defect));
    let name = world.next_name();
    let asked = Asked {
        verb: Verb::Copy,
        call: call(op, key, source_key, id),
        spoilt: None,
        takes: Takes {
            triple: Some((Carrier::Write, Holds::of(key))),
            source: source
                .is_some()
                .then(|| (Carrier::Source, Holds::of(source_key))),
            own: OF_COPY,
            body: 0,
        },
        reasons,
        answer: answer(world, op, key, source_key),
        aim: aim(key, source.as_ref()),
    };
    let defect = op.defect.filter(|_| source.is_some());
    let (asked, done) = world.ask(asked, defect);
    if let (true, Some(source)) = (done, source) {
        let stored = copied(op, &name, key, source);
        world.store(slot, &name, world.clock, Some(stored));
    }
    write::with_look(world, slot, asked)
}

fn missing(found: Found<'_>) -> Option<Reason> {
    match found {
        Found::Object(..) => None,
        Found::Nothing => Some(Reason::new(Stage::Existence, "CPY-021", 404, "NoSuchKey")),
        Found::Marker => Some(Reason::new(
            Stage::Existence,
            "VER-007",
            400,
            "InvalidRequest",
        )),
    }
}

/// Whether a copy onto itself changes nothing; `None`: nobody has seen what S3 answers.
fn is_idle(
    world: &World,
    op: &Op,
    source: &Stored,
    key: Option<KeyName>,
    id: Option<&Value>,
) -> Option<bool> {
    if op.slot() != op.source_slot() || id.is_some() || world.default_encryption {
        return Some(false);
    }
    match (source.key, key) {
        (_, Some(_)) => Some(false),
        (Some(_), None) => None,
        (None, None) => Some(true),
    }
}

fn call(op: &Op, key: Option<KeyName>, source_key: Option<KeyName>, id: Option<Value>) -> Call {
    Call {
        object: Some(object_name(op.slot())),
        from: Some(object_name(op.source_slot())),
        source_version: id,
        sse_c: key.map(Triple::of),
        source_sse_c: source_key.map(Triple::of),
        ..Call::default()
    }
}

fn answer(world: &World, op: &Op, key: Option<KeyName>, source_key: Option<KeyName>) -> Answer {
    let is_rotation = op.slot() == op.source_slot() && key.is_some();
    Answer {
        rule: match (source_key, key) {
            (Some(_), Some(_)) if is_rotation => "CPY-011",
            (Some(_), Some(_)) => "CPY-002",
            (None, Some(_)) => "CPY-003",
            (Some(_), None) => "CPY-001",
            (None, None) => "CPY-103",
        },
        status: 200,
        headers: vec![write::version_header(world)],
        xml: vec![expectation("ETag", Matcher::Present)],
        body: None,
    }
}

fn aim(key: Option<KeyName>, source: Option<&Stored>) -> Aim {
    Aim {
        key,
        plaintext: source.map(|source| source.content.clone()),
        entitled: true,
        origin: Origin::Copy,
    }
}

/// A copy is a single object with its source's bytes and metadata.
fn copied(op: &Op, name: &str, key: Option<KeyName>, source: Stored) -> Stored {
    let onto_itself = op.slot() == op.source_slot();
    Stored {
        key,
        parts: Vec::new(),
        maker: name.to_owned(),
        origin: if onto_itself {
            Origin::Rotation
        } else {
            Origin::Copy
        },
        ..source
    }
}
