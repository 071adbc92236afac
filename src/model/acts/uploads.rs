//! CreateMultipartUpload, CompleteMultipartUpload, AbortMultipartUpload, ListParts.

use super::{read, write};
use crate::case::call::{Call, PartEntry};
use crate::case::data::Body;
use crate::case::expect::Matcher;
use crate::case::triple::{KeyName, Triple};
use crate::case::value::{RefField, Value};
use crate::case::verb::Verb;
use crate::model::content::Content;
use crate::model::defect::{Defect, Flaw};
use crate::model::op::Op;
use crate::model::refusal::{Carrier, Reason, Stage};
use crate::model::script::{Aim, Answer, Asked, Holds, Move, Takes, expectation};
use crate::model::world::{Origin, Part, Stored, Upload, World, answer_field, key_of, object_name};

const OF_START: &[Defect] = &[
    Defect::Http,
    Defect::Signature,
    Defect::Anonymous,
    Defect::UnsignedAlgorithm,
    Defect::Sse,
    Defect::SseKms,
    Defect::Reordered,
    Defect::Capitals,
];
const OF_COMPLETE: &[Defect] = &[
    Defect::Signature,
    Defect::Anonymous,
    Defect::NoSuchUpload,
    Defect::Descending,
    Defect::PartEtag,
    Defect::NoParts,
];
const OF_ABORT: &[Defect] = &[Defect::Signature, Defect::Anonymous, Defect::NoSuchUpload];

pub(super) fn start(world: &mut World, op: &Op) -> Vec<Move> {
    let key = key_of(op.key);
    let name = world.next_name();
    let asked = Asked {
        verb: Verb::StartUpload,
        call: Call {
            object: Some(object_name(op.slot())),
            sse_c: key.map(Triple::of),
            metadata: vec![("fuzz".to_owned(), Value::Text(name.clone()))],
            ..Call::default()
        },
        spoilt: None,
        takes: Takes {
            triple: Some((Carrier::Write, Holds::of(key))),
            source: None,
            own: OF_START,
            body: 0,
        },
        reasons: write::blocked(world, key),
        answer: Answer {
            rule: if key.is_some() { "MPU-001" } else { "MPU-107" },
            status: 200,
            xml: vec![expectation("UploadId", Matcher::Present)],
            ..Answer::default()
        },
        aim: Aim {
            key,
            entitled: true,
            ..Aim::default()
        },
    };
    let (asked, done) = world.ask(asked, op.defect);
    if done {
        world.uploads.push(Upload {
            id: name,
            slot: op.slot(),
            key,
            parts: std::collections::BTreeMap::new(),
            began: world.clock,
        });
    }
    vec![asked]
}

pub(super) fn complete(world: &mut World, op: &Op) -> Vec<Move> {
    let Some(index) = chosen(world, op) else {
        return Vec::new();
    };
    let upload = world.uploads[index].clone();
    let Some(overtaken) = world.is_overtaken(upload.slot, upload.began) else {
        return Vec::new();
    };
    let listed = listed(&upload, op);
    if listed.is_empty() && op.defect != Some(Defect::NoParts) {
        return Vec::new();
    }
    // A key is not needed; if one is shown it must be right (MPU-011 to MPU-013).
    let needs_key = matches!(op.defect, Some(Defect::Triple(_)));
    let shown = upload.key.filter(|_| op.key % 2 == 1 || needs_key);
    let name = world.next_name();
    let call = completion(&upload, &listed, shown);
    let asked = Asked {
        verb: Verb::CompleteUpload,
        spoilt: without_parts(&call, op).or_else(|| elsewhere(&call, op)),
        call,
        takes: Takes {
            triple: Some((Carrier::Complete, Holds::of(shown))),
            source: None,
            own: OF_COMPLETE,
            body: 0,
        },
        reasons: unfit(world, op, &listed),
        answer: Answer {
            rule: if shown.is_some() {
                "MPU-012"
            } else {
                "MPU-011"
            },
            status: 200,
            xml: vec![expectation(
                "ETag",
                Matcher::Like(format!("*-{}*", listed.len())),
            )],
            headers: vec![write::version_header(world)],
            body: None,
        },
        aim: Aim {
            key: upload.key,
            entitled: true,
            origin: Origin::Parts,
            plaintext: None,
        },
    };
    let (asked, done) = world.ask(asked, op.defect);
    if done {
        world.uploads.remove(index);
        if !overtaken {
            finish(world, &upload, &listed, &name);
        }
    }
    write::with_look(world, upload.slot, asked)
}

fn completion(upload: &Upload, listed: &[(u16, Part)], shown: Option<KeyName>) -> Call {
    let entry = |(_, part): &(u16, Part)| PartEntry {
        of: Some(part.maker.clone()),
        ..PartEntry::default()
    };
    Call {
        parts: listed.iter().map(entry).collect(),
        sse_c: shown.map(Triple::of),
        ..of_upload(upload)
    }
}

/// The same request with an empty list (MPU-105), if that is the defect.
fn without_parts(call: &Call, op: &Op) -> Option<Call> {
    (op.defect == Some(Defect::NoParts)).then(|| Call {
        body: Some(Body::Text("<CompleteMultipartUpload/>".to_owned())),
        ..call.clone()
    })
}

/// What is wrong with a list of parts.
fn unfit(world: &World, op: &Op, listed: &[(u16, Part)]) -> Vec<Reason> {
    let is = |rule, code| vec![Reason::new(Stage::Parts, rule, 400, code)];
    let small = listed.split_last().is_some_and(|(_, but_last)| {
        but_last
            .iter()
            .any(|(_, part)| part.content.len() < world.scale.part_min)
    });
    let mut reasons = match op.defect {
        Some(Defect::Descending) if listed.len() > 1 => is("MPU-102", "InvalidPartOrder"),
        Some(Defect::PartEtag) => is("MPU-103", "InvalidPart"),
        Some(Defect::NoParts) => return is("MPU-105", "MalformedXML"),
        _ => Vec::new(),
    };
    if small {
        reasons.extend(is("MPU-104", "EntityTooSmall"));
    }
    reasons
}

/// All parts, or all but the first: a subset is allowed (MPU-107).
fn listed(upload: &Upload, op: &Op) -> Vec<(u16, Part)> {
    let skipped = usize::from(op.size % 4 == 3 && upload.parts.len() > 1);
    let parts = upload.parts.iter().skip(skipped);
    parts
        .map(|(number, part)| (*number, part.clone()))
        .collect()
}

fn finish(world: &mut World, upload: &Upload, listed: &[(u16, Part)], name: &str) {
    let stored = Stored {
        key: upload.key,
        content: Content::joined(listed.iter().map(|(_, part)| part.content.clone())),
        parts: listed.iter().map(|(_, part)| part.content.len()).collect(),
        maker: name.to_owned(),
        note: upload.id.clone(),
        origin: Origin::Parts,
    };
    world.store(upload.slot, name, upload.began, Some(stored));
}

pub(super) fn abort(world: &mut World, op: &Op) -> Vec<Move> {
    let Some(index) = chosen(world, op) else {
        return Vec::new();
    };
    let upload = world.uploads[index].clone();
    let call = of_upload(&upload);
    let asked = Asked {
        verb: Verb::AbortUpload,
        spoilt: elsewhere(&call, op),
        call,
        takes: Takes {
            triple: None,
            source: None,
            own: OF_ABORT,
            body: 0,
        },
        reasons: Vec::new(),
        answer: Answer {
            rule: "MPU-018",
            status: 204,
            ..Answer::default()
        },
        aim: Aim::default(),
    };
    let (asked, done) = world.ask(asked, op.defect);
    if done {
        world.uploads.remove(index);
    }
    vec![asked]
}

/// ListParts does not look at the triple of an upload without checksums (MPU-009).
pub(super) fn list_parts(world: &mut World, op: &Op) -> Vec<Move> {
    let Some(index) = chosen(world, op) else {
        return Vec::new();
    };
    let upload = world.uploads[index].clone();
    let mut asked = listing(&upload);
    asked.call.sse_c = key_of(op.key)
        .filter(|_| upload.key.is_some())
        .map(Triple::of);
    asked.spoilt = elsewhere(&asked.call, op);
    asked.takes.own = OF_ABORT;
    let defect = op
        .defect
        .filter(|defect| !matches!(defect, Defect::Triple(Flaw::Stray)));
    vec![world.ask(asked, defect).0]
}

/// What an upload is after a part that was refused: what it was before.
pub(super) fn look(world: &mut World, index: usize) -> Move {
    let upload = world.uploads[index].clone();
    let mut asked = listing(&upload);
    asked.call.sse_c = upload.key.map(Triple::of);
    let (look, _) = world.ask(asked, None);
    Move {
        is_look: true,
        ..look
    }
}

fn listing(upload: &Upload) -> Asked {
    let numbers = upload
        .parts
        .keys()
        .map(|number| Value::Text(number.to_string()));
    let sizes = upload
        .parts
        .values()
        .map(|part| Value::Text(part.content.len().to_string()));
    let column = |name: &str, values: Vec<Value>| {
        let matcher = if values.is_empty() {
            Matcher::Absent
        } else {
            Matcher::Are(values)
        };
        expectation(name, matcher)
    };
    Asked {
        verb: Verb::ListParts,
        call: of_upload(upload),
        spoilt: None,
        takes: read::takes(Carrier::Read, None, &[]),
        reasons: Vec::new(),
        answer: Answer {
            rule: "MPU-009",
            status: 200,
            xml: vec![
                column("Part/PartNumber", numbers.collect()),
                column("Part/Size", sizes.collect()),
            ],
            ..Answer::default()
        },
        aim: Aim::default(),
    }
}

/// A request about an upload.
pub(super) fn of_upload(upload: &Upload) -> Call {
    Call {
        object: Some(object_name(upload.slot)),
        upload: Some(answer_field(&upload.id, RefField::UploadId)),
        ..Call::default()
    }
}

/// The same request about an upload that is not there, if that is the defect.
pub(super) fn elsewhere(call: &Call, op: &Op) -> Option<Call> {
    (op.defect == Some(Defect::NoSuchUpload)).then(|| Call {
        upload: Some(Value::Text("no-such-upload".to_owned())),
        ..call.clone()
    })
}

/// One of the uploads.
pub(super) fn chosen(world: &World, op: &Op) -> Option<usize> {
    let uploads = world.uploads.len();
    (uploads > 0).then(|| usize::from(op.handle) % uploads)
}

/// The number of a part.
pub(super) fn number(op: &Op) -> u16 {
    u16::from(op.range % 3) + 1
}
