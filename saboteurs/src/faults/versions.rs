//! Faults of versions: each has a key of its own, and keeps it.

use ssec_reference::headers as name;
use ssec_reference::route::Operation as Op;
use ssec_reference::xml::{Element, Writer};

use crate::blocks::{refuses, unlocks};
use crate::call::{Asked, READS, take_body};
use crate::fault::Fault;
use crate::memory::Memory;
use crate::reply::Reply;
use crate::tamper::{answering, around, asking};
use crate::triple::Triple;

/// The latest version's triple, when another version is asked for.
fn latest(asked: &Asked, memory: &Memory) -> Option<Triple> {
    asked
        .head
        .query
        .get("versionId")
        .filter(|_| asked.is(READS))?;
    memory.triple(asked.head.bucket(), asked.head.key(), None)
}

/// Every version answers to the key of the latest.
pub(crate) fn share_the_latest_key() -> Fault {
    let wrong = refuses(
        |asked, memory| {
            let latest = latest(asked, memory).filter(|latest| !latest.is_absent());
            let own = memory.right_triple(asked).filter(|own| !own.is_absent());
            let sent = asked.triple();
            matches!((latest, own), (Some(latest), Some(own)) if latest != own && sent == own)
        },
        403,
        "AccessDenied",
    );
    wrong.and(unlocks(|asked, memory| {
        let latest = latest(asked, memory).filter(|latest| !latest.is_absent());
        memory.is_sse_c(asked) && latest.is_some_and(|latest| latest == asked.triple())
    }))
}

/// `versionId` is not seen by reads.
pub(crate) fn id_is_ignored() -> Fault {
    asking(|call, _| {
        if READS.contains(&call.operation) {
            call.head.query.remove("versionId");
        }
    })
}

/// When an object gets another key by a copy onto itself, the version before loses its own.
pub(crate) fn rotation_locks_old_version() -> Fault {
    answering(|reply, asked, memory| {
        let version = asked.head.query.get("versionId").unwrap_or_default();
        if asked.is(READS) && reply.is_ok() && memory.noted(&note(asked, version)).is_some() {
            reply.become_error(403, "AccessDenied", asked.operation == Op::HeadObject);
        }
        if asked.is_onto_itself() && reply.is_ok() && !asked.triple().is_absent() {
            let old = reply
                .header(name::COPY_SOURCE_VERSION_ID)
                .unwrap_or_default();
            memory.note(note(asked, old), "locked");
        }
    })
}

/// After a copy onto itself HEAD knows the old key only.
pub(crate) fn rotation_locks_head() -> Fault {
    answering(|reply, asked, memory| {
        let note = note(asked, "head");
        if asked.is(&[Op::CopyObject, Op::PutObject]) && reply.is_ok() {
            let old = Some(asked.source_triple()).filter(|_| asked.is_onto_itself());
            let old = old.and_then(|old| {
                old.key
                    .filter(|key| asked.triple().key.as_ref() != Some(key))
            });
            memory.note(note, old.unwrap_or_default());
        } else if asked.is(&[Op::HeadObject]) && reply.is_ok() {
            let old = memory.noted(&note).filter(|old| !old.is_empty());
            if old.is_some_and(|old| asked.triple().key.as_ref() != Some(&old)) {
                reply.become_error(403, "AccessDenied", true);
            }
        }
    })
}

fn note(asked: &Asked, version: &str) -> String {
    format!("{}/{} {version}", asked.head.bucket(), asked.head.key())
}

/// DeleteObjects says of SSE-C objects that it lacks their keys.
pub(crate) fn delete_many_needs_keys() -> Fault {
    around(|mut call, next| {
        Box::pin(async move {
            if call.operation != Op::DeleteObjects {
                return next.call(call).await;
            }
            let body = take_body(&mut call).await;
            let asked = Asked::of(&call);
            let root = Element::parse(&body.bytes).unwrap_or_default();
            let keys = root
                .all("Object")
                .filter_map(|object| object.text_of("Key"));
            let locked = keys.filter(|key| {
                let triple = next.memory.triple(asked.head.bucket(), key, None);
                triple.is_some_and(|triple| !triple.is_absent())
            });
            let locked: Vec<_> = locked.collect();
            if locked.is_empty() {
                return next.call(asked.again(&body)).await;
            }
            let mut writer = Writer::document("DeleteResult");
            for key in locked {
                writer
                    .open("Error")
                    .text("Key", key)
                    .text("Code", "InvalidRequest")
                    .close();
            }
            let mut reply = Reply::empty(200);
            reply.set("content-type", "application/xml");
            reply.set_body(writer.finish());
            reply
        })
    })
}
