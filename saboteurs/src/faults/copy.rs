//! Faults of copies: two triples that must be told apart, and bytes that change hands.

use ssec_reference::headers as name;
use ssec_reference::route::Operation as Op;
use ssec_reference::ssec::Side;

use super::put::len;
use crate::blocks::{ask_with, echo, has_other_source_key, refuses};
use crate::call::{Asked, COPIES};
use crate::fault::Fault;
use crate::reply::Reply;
use crate::tamper::{answering, around, asking};
use crate::triple::Triple;

const COPY: &[Op] = &[Op::CopyObject];

/// Whether a copy is a rotation: onto itself, from one key to another.
pub(crate) fn is_rotation(asked: &Asked) -> bool {
    asked.is_onto_itself() && !asked.triple().is_absent() && !asked.source_triple().is_absent()
}

/// The target's triple of a sound copy gives way to another, and the answer hides it.
pub(crate) fn seals_otherwise(when: fn(&Asked) -> bool, instead: fn(&Asked) -> Triple) -> Fault {
    around(move |mut call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            let triple = asked.triple();
            let sound = triple.is_well_formed()
                && triple.key_md5.is_some()
                && asked.header(name::SSE).is_none();
            if !asked.is(COPY) || !sound || !when(&asked) {
                return next.call(call).await;
            }
            instead(&asked).write(&mut call.head.headers, Side::Object);
            let mut reply = next.call(call).await;
            if reply.is_ok() {
                reply.remove(name::SSE);
                echo(&mut reply, &triple);
            }
            reply
        })
    })
}

/// The key of an empty source is not proved.
pub(crate) fn empty_source_unlocks() -> Fault {
    around(|mut call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            if asked.is(COPIES) && has_other_source_key(&asked, &next.memory) {
                let mut head = asked.other(Op::HeadObject);
                if let Some(source) = asked.source() {
                    head.head.bucket = Some(source.bucket);
                    head.head.key = Some(source.key);
                }
                if len(next, &head).await == Some(0) {
                    next.memory.unlock_source(&mut call);
                }
            }
            next.call(call).await
        })
    })
}

/// A source triple for a source that is not SSE-C is not looked at.
pub(crate) fn plain_source_ignores_triple() -> Fault {
    asking(|call, memory| {
        let asked = Asked::of(call);
        let right = memory
            .right_source_triple(&asked)
            .filter(|_| asked.is(COPIES));
        if right.is_some_and(|right| right.is_absent()) {
            Triple::default().write(&mut call.head.headers, Side::CopySource);
        }
    })
}

/// Where no source triple is sent, the target's stands for it.
pub(crate) fn target_key_opens_source() -> Fault {
    asking(|call, memory| {
        let asked = Asked::of(call);
        let right = memory.right_source_triple(&asked);
        let is_sse_c = right.is_some_and(|right| !right.is_absent());
        if asked.is(COPIES) && is_sse_c && asked.source_triple().is_absent() {
            asked
                .triple()
                .write(&mut call.head.headers, Side::CopySource);
        }
    })
}

/// What was written where `when` says so is read as garbage.
pub(crate) fn garbles(when: fn(&Asked, &Reply) -> bool) -> Fault {
    const WRITES: &[Op] = &[Op::PutObject, Op::CopyObject, Op::CompleteMultipartUpload];
    answering(move |reply, asked, memory| {
        let version = reply.header(name::VERSION_ID).unwrap_or("null");
        let note = format!("{}/{} {version}", asked.head.bucket(), asked.head.key());
        if asked.is(WRITES) && reply.is_ok() {
            let state = if when(asked, reply) { "garbled" } else { "" };
            memory.note(note, state);
        } else if asked.is(&[Op::GetObject])
            && reply.is_ok()
            && memory.noted(&note).as_deref() == Some("garbled")
        {
            reply.garble(0);
        }
    })
}

/// A copy between different objects into SSE-C.
pub(crate) fn is_into_sse_c(asked: &Asked, _: &Reply) -> bool {
    asked.is(COPY) && !asked.triple().is_absent() && !asked.is_onto_itself()
}

/// A rotation of a version called null, once the bucket has versions.
pub(crate) fn is_rotation_of_null(asked: &Asked, reply: &Reply) -> bool {
    is_rotation(asked)
        && reply.header(name::COPY_SOURCE_VERSION_ID) == Some("null")
        && reply
            .header(name::VERSION_ID)
            .is_some_and(|version| version != "null")
}

/// A rotation that makes a new version.
pub(crate) fn is_rotation_of_version(asked: &Asked, reply: &Reply) -> bool {
    is_rotation(asked) && reply.header(name::VERSION_ID).is_some()
}

/// A rotation to the same key changes nothing, so nobody proves the key.
pub(crate) fn same_key_is_no_rotation() -> Fault {
    around(|mut call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            let sent = asked.triple();
            let same = is_rotation(&asked) && sent.key == asked.source_triple().key;
            if !same || !has_other_source_key(&asked, &next.memory) {
                return next.call(call).await;
            }
            next.memory.unlock_source(&mut call);
            Triple::of_source(&call.head.headers).write(&mut call.head.headers, Side::Object);
            let mut reply = next.call(call).await;
            echo(&mut reply, &sent);
            reply
        })
    })
}

/// A rotation must say REPLACE.
pub(crate) fn rotation_needs_replace() -> Fault {
    refuses(
        |asked, _| {
            let directive = asked.header(name::METADATA_DIRECTIVE);
            is_rotation(asked) && directive.as_deref() != Some("REPLACE")
        },
        400,
        "InvalidRequest",
    )
}

/// A copy onto itself that asks for no SSE-C is refused.
pub(crate) fn decrypting_in_place_is_refused() -> Fault {
    refuses(
        |asked, _| {
            let (target, source) = (asked.triple(), asked.source_triple());
            asked.is_onto_itself() && target.is_absent() && !source.is_absent()
        },
        400,
        "InvalidRequest",
    )
}

/// A copy's condition is held against an ETag that nobody was shown.
pub(crate) fn condition_knows_another_etag() -> Fault {
    asking(|call, memory| {
        let asked = Asked::of(call);
        let right = memory.right_source_triple(&asked);
        let condition = asked.header("x-amz-copy-source-if-match");
        if asked.is(COPIES) && condition.is_some() && right.is_some_and(|right| !right.is_absent())
        {
            ask_with(call, "x-amz-copy-source-if-match", "\"another\"");
        }
    })
}

/// A refused copy is made all the same, without encryption.
pub(crate) fn refused_but_copied() -> Fault {
    around(|call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            let reply = next.call(call).await;
            if asked.is(COPY) && reply.status == 400 && !asked.is_onto_itself() {
                let mut copy = asked.other(Op::CopyObject);
                if let Some(source) = asked.header(name::COPY_SOURCE) {
                    copy = copy.with(name::COPY_SOURCE, &source);
                }
                let mut copy = copy.bare();
                next.memory.unlock_source(&mut copy);
                next.call(copy).await;
            }
            reply
        })
    })
}
