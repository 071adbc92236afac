//! Faults of checksums and digests: over which bytes, and whether anybody compares.

use ssec_reference::route::Operation as Op;

use crate::blocks::alters;
use crate::call::{Asked, is_digest, take_body};
use crate::fault::Fault;
use crate::reply::Reply;
use crate::tamper::{answering, around};

const READS: &[Op] = &[Op::GetObject, Op::HeadObject];

fn checksums(reply: &Reply) -> Vec<http::HeaderName> {
    let names = reply.headers.keys().filter(|name| is_digest(name.as_str()));
    names.cloned().collect()
}

/// What is shown is the checksum of other bytes.
pub(crate) fn of_ciphertext() -> Fault {
    alters(READS, |reply, _| {
        for name in checksums(reply) {
            let spoilt = reply.header(name.as_str()).map(other_checksum);
            let spoilt = spoilt.and_then(|text| text.parse().ok());
            if let Some(spoilt) = spoilt {
                reply.headers.insert(name, spoilt);
            }
        }
    })
}

/// The same in the result of a copy.
pub(crate) fn of_ciphertext_in_copies() -> Fault {
    answering(|reply, asked, _| {
        if asked.is(&[Op::CopyObject]) && reply.is_ok() {
            for name in ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] {
                reply.edit_elements(&format!("Checksum{name}"), other_checksum);
            }
        }
    })
}

/// Base64 of as many bytes, of which the first differs.
fn other_checksum(text: &str) -> String {
    let first = if text.starts_with('A') { "B" } else { "A" };
    format!("{first}{}", text.get(1..).unwrap_or_default())
}

/// SSE-C objects show no checksum.
pub(crate) fn are_missing(operations: &'static [Op]) -> Fault {
    alters(operations, |reply, _| {
        for name in checksums(reply) {
            reply.headers.remove(name);
        }
        reply.remove("x-amz-checksum-type");
    })
}

/// A part of the object is answered with the checksum of the whole.
pub(crate) fn shown_with_a_part() -> Fault {
    around(|call, next| {
        Box::pin(async move {
            let mut whole = Asked::of(&call);
            let mut reply = next.call(call).await;
            let is_range = whole.head.headers.remove("range").is_some();
            if reply.status == 206 && is_range && whole.is(READS) {
                let whole = next.ask(&whole).await;
                for name in checksums(&whole) {
                    let value = whole.headers.get(&name).cloned();
                    reply.headers.extend(value.map(|value| (name, value)));
                }
            }
            reply
        })
    })
}

/// With a triple, digests of this name are not compared with the body.
pub(crate) fn are_not_compared(name: &'static str) -> Fault {
    around(move |mut call, next| {
        Box::pin(async move {
            if call.operation != Op::PutObject || Asked::of(&call).triple().is_absent() {
                return next.call(call).await;
            }
            let body = take_body(&mut call).await;
            let mut asked = Asked::of(&call);
            let sent: Vec<_> = asked.head.headers.keys().cloned().collect();
            for header in sent.iter().filter(|header| is_digest(header.as_str())) {
                if header.as_str().starts_with(name) {
                    asked.head.headers.remove(header);
                }
            }
            next.call(asked.again(&body.forgiven())).await
        })
    })
}

/// A body that does not fit its digest is refused once it is stored.
pub(crate) fn refused_but_stored() -> Fault {
    around(|mut call, next| {
        Box::pin(async move {
            if call.operation != Op::PutObject {
                return next.call(call).await;
            }
            let body = take_body(&mut call).await;
            let mut asked = Asked::of(&call);
            let reply = next.call(asked.again(&body)).await;
            asked.forget_digests();
            if reply.code().as_deref() == Some("BadDigest") {
                next.call(asked.again(&body.forgiven())).await;
            }
            reply
        })
    })
}
