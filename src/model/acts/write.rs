//! PutObject, PostObject, DeleteObject.

use super::read;
use crate::case::call::Call;
use crate::case::expect::{Expectation, Matcher};
use crate::case::triple::{KeyName, Triple};
use crate::case::value::Value;
use crate::case::verb::Verb;
use crate::model::content::Content;
use crate::model::defect::Defect;
use crate::model::op::Op;
use crate::model::refusal::{Carrier, Reason, Stage};
use crate::model::script::{Aim, Answer, Asked, Holds, Move, Takes, expectation, is, says};
use crate::model::world::{Origin, Stored, Versioning, World, key_of, object_name};

/// What can be wrong with a write that is signed in a header.
const OF_PUT: &[Defect] = &[
    Defect::Http,
    Defect::Signature,
    Defect::AccessKey,
    Defect::Anonymous,
    Defect::UnsignedAlgorithm,
    Defect::Owner,
    Defect::Sse,
    Defect::SseKms,
    Defect::ContentMd5,
    Defect::Checksum,
    Defect::PayloadHash,
    Defect::Truncated,
    Defect::IfNoneMatch,
    Defect::IfMatch,
    Defect::Reordered,
    Defect::Capitals,
    Defect::UnsignedPayload,
    Defect::Streaming,
    Defect::Trailer,
];

/// What can be wrong with a form.
const OF_POST: &[Defect] = &[Defect::Http, Defect::Signature];

pub(super) fn put(world: &mut World, op: &Op) -> Vec<Move> {
    let key = key_of(op.key);
    let content = world.datum(world.scale.body(op.size));
    let name = world.next_name();
    let mut reasons = blocked(world, key);
    reasons.extend(condition(world, op.slot(), op.defect));
    let asked = Asked {
        verb: Verb::Put,
        call: call(world, op.slot(), key, &content),
        spoilt: None,
        takes: Takes {
            triple: Some((Carrier::Write, Holds::of(key))),
            source: None,
            own: OF_PUT,
            body: content.len(),
        },
        reasons,
        answer: Answer {
            rule: if key.is_some() { "PUT-001" } else { "PUT-026" },
            status: 200,
            headers: written(world, key, &content),
            ..Answer::default()
        },
        aim: aim(key, &content),
    };
    let (asked, done) = world.ask(asked, op.defect);
    if done {
        world.store(
            op.slot(),
            &name,
            world.clock,
            Some(stored(&name, key, content)),
        );
    }
    with_look(world, op.slot(), asked)
}

pub(super) fn post(world: &mut World, op: &Op) -> Vec<Move> {
    let key = key_of(op.key);
    let content = world.datum(world.scale.body(op.size));
    let name = world.next_name();
    let reasons = blocked(world, key)
        .into_iter()
        .map(|reason| Reason {
            rule: "PST-007",
            ..reason
        })
        .collect();
    let asked = Asked {
        verb: Verb::PostForm,
        call: call(world, op.slot(), key, &content),
        spoilt: None,
        takes: Takes {
            triple: Some((Carrier::Form, Holds::of(key))),
            source: None,
            own: OF_POST,
            body: content.len(),
        },
        reasons,
        answer: Answer {
            rule: if key.is_some() { "PST-001" } else { "PST-101" },
            status: 204,
            ..Answer::default()
        },
        aim: aim(key, &content),
    };
    let (asked, done) = world.ask(asked, op.defect);
    if done {
        world.store(
            op.slot(),
            &name,
            world.clock,
            Some(stored(&name, key, content)),
        );
    }
    with_look(world, op.slot(), asked)
}

pub(super) fn delete(world: &mut World, op: &Op) -> Vec<Move> {
    let name = world.next_name();
    let headers = match world.versioning {
        Versioning::Off => Vec::new(),
        Versioning::On => vec![
            says("x-amz-delete-marker", "true"),
            expectation("x-amz-version-id", Matcher::Present),
        ],
        Versioning::Suspended => vec![
            says("x-amz-delete-marker", "true"),
            says("x-amz-version-id", "null"),
        ],
    };
    let asked = deletion(op.slot(), None, headers, "OTH-001");
    let (asked, done) = world.ask(asked, op.defect);
    if done {
        world.delete(op.slot(), &name);
    }
    vec![asked]
}

pub(super) fn delete_version(world: &mut World, op: &Op) -> Vec<Move> {
    let versions = world.versions(op.slot());
    if versions.is_empty() || world.versioning == Versioning::Off {
        return Vec::new();
    }
    let index = usize::from(op.handle) % versions.len();
    let version = &versions[index];
    let mut headers = vec![is("x-amz-version-id", version.id_value())];
    if version.stored.is_none() {
        headers.push(says("x-amz-delete-marker", "true"));
    }
    let asked = deletion(op.slot(), Some(version.id_value()), headers, "OTH-001");
    let (asked, done) = world.ask(asked, op.defect);
    if done {
        world.remove(op.slot(), index);
    }
    vec![asked]
}

fn deletion(
    slot: usize,
    version: Option<Value>,
    headers: Vec<Expectation>,
    rule: &'static str,
) -> Asked {
    Asked {
        verb: Verb::Delete,
        call: Call {
            object: Some(object_name(slot)),
            version,
            ..Call::default()
        },
        spoilt: None,
        takes: Takes {
            triple: None,
            source: None,
            own: &[Defect::Signature, Defect::Anonymous],
            body: 0,
        },
        reasons: Vec::new(),
        answer: Answer {
            rule,
            status: 204,
            headers,
            ..Answer::default()
        },
        aim: Aim::default(),
    }
}

/// A write of these bytes, marked by the name of its answer.
pub(super) fn call(world: &World, slot: usize, key: Option<KeyName>, content: &Content) -> Call {
    Call {
        object: Some(object_name(slot)),
        body: Some(content.body()),
        sse_c: key.map(Triple::of),
        metadata: vec![("fuzz".to_owned(), Value::Text(world.next_name()))],
        ..Call::default()
    }
}

/// What an object's write says about it.
pub(super) fn aim(key: Option<KeyName>, content: &Content) -> Aim {
    Aim {
        key,
        plaintext: Some(content.clone()),
        entitled: true,
        origin: Origin::Put,
    }
}

/// The headers of a success: a version id where there are versions, an MD5 as ETag where there is no key.
pub(super) fn written(world: &World, key: Option<KeyName>, content: &Content) -> Vec<Expectation> {
    let mut headers = vec![version_header(world)];
    if let (None, Some(datum)) = (key, content.datum()) {
        headers.push(is("ETag", Value::EtagOf(datum.to_owned())));
    }
    headers
}

/// `x-amz-version-id` of a success: only where versioning is enabled (VER-004).
pub(super) fn version_header(world: &World) -> Expectation {
    let matcher = match world.versioning {
        Versioning::On => Matcher::Present,
        Versioning::Off | Versioning::Suspended => Matcher::Absent,
    };
    expectation("x-amz-version-id", matcher)
}

/// What a write stores, marked by the name of its answer.
pub(super) fn stored(name: &str, key: Option<KeyName>, content: Content) -> Stored {
    Stored {
        key,
        content,
        parts: Vec::new(),
        maker: name.to_owned(),
        note: name.to_owned(),
        origin: Origin::Put,
    }
}

/// A bucket that blocks SSE-C refuses whatever would be stored under a customer key.
pub(super) fn blocked(world: &World, key: Option<KeyName>) -> Vec<Reason> {
    let refused = world.blocked && key.is_some();
    let reason = Reason::new(Stage::Block, "BLK-002", 403, "AccessDenied");
    refused.then_some(reason).into_iter().collect()
}

/// What a conditional write meets.
pub(super) fn condition(world: &World, slot: usize, defect: Option<Defect>) -> Option<Reason> {
    let exists = world.latest(slot).is_some();
    let failed = |rule| {
        Some(Reason::new(
            Stage::Condition,
            rule,
            412,
            "PreconditionFailed",
        ))
    };
    match (defect?, exists) {
        (Defect::IfNoneMatch, true) => failed("CND-101"),
        (Defect::IfMatch, true) => failed("CND-102"),
        (Defect::IfMatch, false) => {
            Some(Reason::new(Stage::Condition, "CND-102", 404, "NoSuchKey"))
        }
        _ => None,
    }
}

/// After a refused write, a look at the object: it is what it was.
pub(super) fn with_look(world: &mut World, slot: usize, asked: Move) -> Vec<Move> {
    let refused = asked
        .step
        .expect
        .as_ref()
        .is_some_and(|expect| expect.is_refusal());
    let mut moves = vec![asked];
    if refused {
        let look = read::look(world, slot);
        moves.push(look);
    }
    moves
}
