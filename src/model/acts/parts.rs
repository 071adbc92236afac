//! UploadPart and UploadPartCopy.

use super::uploads::{chosen, elsewhere, look, number, of_upload};
use super::write;
use crate::case::call::{ByteRange, Call};
use crate::case::expect::Matcher;
use crate::case::triple::Triple;
use crate::case::verb::Verb;
use crate::model::content::Content;
use crate::model::defect::Defect;
use crate::model::op::Op;
use crate::model::refusal::{Carrier, Reason, Stage};
use crate::model::script::{Aim, Answer, Asked, Holds, Move, Takes, expectation};
use crate::model::world::{Found, Origin, Part, Stored, Upload, World, object_name};

const OF_PART: &[Defect] = &[
    Defect::Http,
    Defect::Signature,
    Defect::Anonymous,
    Defect::UnsignedAlgorithm,
    Defect::ContentMd5,
    Defect::Checksum,
    Defect::PayloadHash,
    Defect::Truncated,
    Defect::PartZero,
    Defect::NoSuchUpload,
    Defect::Reordered,
    Defect::Capitals,
    Defect::UnsignedPayload,
    Defect::Streaming,
    Defect::Trailer,
];
const OF_PART_COPY: &[Defect] = &[
    Defect::Http,
    Defect::Signature,
    Defect::Anonymous,
    Defect::PartZero,
    Defect::NoSuchUpload,
];

pub(super) fn upload(world: &mut World, op: &Op) -> Vec<Move> {
    let Some(index) = chosen(world, op) else {
        return Vec::new();
    };
    let upload = world.uploads[index].clone();
    let content = world.datum(world.scale.part(op.size));
    let name = world.next_name();
    let call = Call {
        part: Some(number(op).to_string()),
        body: Some(content.body()),
        sse_c: upload.key.map(Triple::of),
        ..of_upload(&upload)
    };
    let asked = Asked {
        verb: Verb::UploadPart,
        spoilt: elsewhere(&call, op),
        call,
        takes: Takes {
            triple: Some((Carrier::Part, Holds::of(upload.key))),
            source: None,
            own: OF_PART,
            body: content.len(),
        },
        reasons: blocked(world, &upload),
        answer: Answer {
            rule: if upload.key.is_some() {
                "MPU-003"
            } else {
                "MPU-107"
            },
            status: 200,
            headers: vec![expectation("ETag", Matcher::Present)],
            ..Answer::default()
        },
        aim: Aim {
            key: upload.key,
            plaintext: Some(content.clone()),
            entitled: true,
            origin: Origin::Parts,
        },
    };
    take(
        world,
        op,
        index,
        asked,
        Part {
            maker: name,
            content,
        },
    )
}

pub(super) fn copy(world: &mut World, op: &Op) -> Vec<Move> {
    let Some(index) = chosen(world, op) else {
        return Vec::new();
    };
    let upload = world.uploads[index].clone();
    let (id, found) = world.find(op.source_slot(), op.size / 4);
    let Found::Object(_, source) = found else {
        return Vec::new();
    };
    let source = source.clone();
    let Some((range, copied)) = excerpt(op, &source) else {
        return Vec::new();
    };
    let mut reasons = blocked(world, &upload);
    reasons.extend(beyond(copied.as_ref()));
    let name = world.next_name();
    let call = Call {
        part: Some(number(op).to_string()),
        from: Some(object_name(op.source_slot())),
        source_version: id,
        range,
        sse_c: upload.key.map(Triple::of),
        source_sse_c: source.key.map(Triple::of),
        ..of_upload(&upload)
    };
    let asked = Asked {
        verb: Verb::UploadPartCopy,
        spoilt: elsewhere(&call, op),
        call,
        takes: Takes {
            triple: Some((Carrier::Part, Holds::of(upload.key))),
            source: Some((Carrier::PartSource, Holds::of(source.key))),
            own: OF_PART_COPY,
            body: 0,
        },
        reasons,
        answer: Answer {
            rule: "MPU-021",
            status: 200,
            xml: vec![expectation("ETag", Matcher::Present)],
            ..Answer::default()
        },
        aim: aim(&upload, copied.clone()),
    };
    let content = copied.unwrap_or_default();
    take(
        world,
        op,
        index,
        asked,
        Part {
            maker: name,
            content,
        },
    )
}

/// A range that the source does not have.
fn beyond(copied: Option<&Content>) -> Option<Reason> {
    let reason = Reason::new(Stage::Range, "MPU-115", 400, "InvalidArgument");
    copied.is_none().then_some(reason)
}

fn aim(upload: &Upload, plaintext: Option<Content>) -> Aim {
    Aim {
        key: upload.key,
        plaintext,
        entitled: true,
        origin: Origin::Parts,
    }
}

/// The range of the source, and its bytes if it is within; `None`: an empty source, of which nothing is known.
fn excerpt(op: &Op, source: &Stored) -> Option<(Option<ByteRange>, Option<Content>)> {
    let len = source.content.len();
    let last = len.checked_sub(1)?;
    let (first, to) = match op.size % 4 {
        0 => return Some((None, Some(source.content.clone()))),
        1 => (0, last),
        2 => (len / 3, (len / 3).max(len * 2 / 3).min(last)),
        _ => (0, len),
    };
    let within = (to <= last).then(|| source.content.slice(first, to));
    Some((Some(ByteRange::Between(first, to)), within))
}

/// The part is there, or it is not and the upload is what it was.
fn take(world: &mut World, op: &Op, index: usize, asked: Asked, part: Part) -> Vec<Move> {
    let (asked, done) = world.ask(asked, op.defect);
    if done {
        world.uploads[index].parts.insert(number(op), part);
        return vec![asked];
    }
    let look = look(world, index);
    vec![asked, look]
}

fn blocked(world: &World, upload: &Upload) -> Vec<Reason> {
    write::blocked(world, upload.key)
        .into_iter()
        .map(|reason| Reason {
            rule: "MPU-025",
            ..reason
        })
        .collect()
}
