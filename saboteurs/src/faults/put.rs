//! Faults of writes: what is stored though it was refused, and under which key.

use ssec_reference::headers as name;
use ssec_reference::route::Operation as Op;

use crate::blocks::{echo, refuses};
use crate::call::{Asked, take_body};
use crate::fault::Fault;
use crate::reply::Reply;
use crate::tamper::{Next, around, asking};

/// A refused PutObject stores its body all the same, without encryption.
pub(crate) fn refused_but_stored() -> Fault {
    around(|mut call, next| {
        Box::pin(async move {
            if call.operation != Op::PutObject {
                return next.call(call).await;
            }
            let body = take_body(&mut call).await;
            let asked = Asked::of(&call);
            let reply = next.call(asked.again(&body)).await;
            if reply.status == 400 && !asked.triple().is_absent() {
                next.call(asked.other(Op::PutObject).again(&body)).await;
            }
            reply
        })
    })
}

/// A refused PutObject takes away what was there.
pub(crate) fn refused_and_deleted() -> Fault {
    around(|call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            let reply = next.call(call).await;
            if asked.is(&[Op::PutObject]) && reply.status == 400 && !asked.triple().is_absent() {
                next.ask(&asked.other(Op::DeleteObject)).await;
            }
            reply
        })
    })
}

/// Whoever overwrites an SSE-C object must prove its key.
pub(crate) fn overwriting_needs_old_key() -> Fault {
    refuses(
        |asked, memory| {
            let right = memory.right_triple(asked);
            asked.is(&[Op::PutObject])
                && right.is_some_and(|right| !right.is_absent() && right.key != asked.triple().key)
        },
        403,
        "AccessDenied",
    )
}

/// Headers of other encryption beside a triple are not seen.
pub(crate) fn drops_beside_triple(
    operations: &'static [Op],
    names: &'static [&'static str],
) -> Fault {
    asking(move |call, _| {
        if operations.contains(&call.operation) && !Asked::of(call).triple().is_absent() {
            for name in names {
                call.head.headers.remove(*name);
            }
        }
    })
}

/// A triple beside `x-amz-server-side-encryption` is not seen.
pub(crate) fn sse_wins() -> Fault {
    asking(|call, _| {
        if call.operation == Op::PutObject && call.head.header(name::SSE).is_some() {
            crate::triple::Triple::default()
                .write(&mut call.head.headers, ssec_reference::ssec::Side::Object);
        }
    })
}

/// A default that a bucket was given is put into the request, where it then conflicts with the
/// triple.
pub(crate) fn default_encryption_conflicts() -> Fault {
    around(|mut call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            let note = format!("default of {}", asked.head.bucket());
            if asked.is(&[Op::PutBucketEncryption]) {
                let body = take_body(&mut call).await;
                if body.text().contains("<SSEAlgorithm>") {
                    next.memory.note(note, "given");
                }
                return next.call(asked.again(&body)).await;
            }
            let is_write = asked.is(&[Op::PutObject]) && !asked.triple().is_absent();
            if is_write && next.memory.noted(&note).is_some() {
                return Reply::error(400, "InvalidArgument");
            }
            next.call(call).await
        })
    })
}

/// Empty objects are read without proof of the key, where `when` says so.
pub(crate) fn empty_unlocks(operations: &'static [Op], when: fn(&Asked, &Next) -> bool) -> Fault {
    around(move |mut call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            if !asked.is(operations) || !when(&asked, next) || len(next, &asked).await != Some(0) {
                return next.call(call).await;
            }
            next.memory.unlock(&mut call);
            let mut reply = next.call(call).await;
            echo(&mut reply, &asked.triple());
            reply
        })
    })
}

/// How long the object of a call is, or one of its parts.
pub(crate) async fn len(next: &Next, asked: &Asked) -> Option<u64> {
    let mut head = asked.other(Op::HeadObject);
    for name in ["versionId", "partNumber"] {
        if let Some(value) = asked.head.query.get(name) {
            head.head.query.set(name, value);
        }
    }
    next.memory
        .right_triple(&head)?
        .write(&mut head.head.headers, ssec_reference::ssec::Side::Object);
    let reply = next.ask(&head).await;
    let text = reply.header("content-length").filter(|_| reply.is_ok());
    text?.parse().ok()
}
