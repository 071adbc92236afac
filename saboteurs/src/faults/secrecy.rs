//! Faults that show a customer key, or what it protects, to somebody.

use ssec_reference::headers as name;
use ssec_reference::route::Operation as Op;
use ssec_reference::service::Request;

use crate::blocks::{ask_with, refuses};
use crate::call::Asked;
use crate::fault::Fault;
use crate::outside;
use crate::reply::Reply;
use crate::tamper::{answering, asking};
use crate::triple::Triple;

fn key_of(asked: &Asked) -> Option<String> {
    asked.triple().key.or(asked.source_triple().key)
}

/// Successes repeat all three headers, the key among them.
pub(crate) fn key_is_echoed() -> Fault {
    answering(|reply, asked, _| {
        if let Some(key) = key_of(asked).filter(|_| reply.is_ok()) {
            reply.set(name::SSEC_KEY, &key);
        }
    })
}

/// An answer carries the key in hexadecimal, for whoever debugs.
pub(crate) fn key_is_in_a_debug_header() -> Fault {
    answering(|reply, asked, _| {
        if let Some(bytes) = asked.triple().key_bytes().filter(|_| reply.is_ok()) {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            reply.set("x-amz-debug", &format!("sse-c;{hex}"));
        }
    })
}

/// A refusal says which key it refuses.
pub(crate) fn key_is_in_refusals() -> Fault {
    answering(|reply, asked, _| {
        if let Some(key) = key_of(asked).filter(|_| !reply.is_ok() && !reply.body.is_empty()) {
            reply.edit_elements("Message", |text| format!("{text} ({key})"));
        }
    })
}

/// Every header of a write is kept as metadata, and shown to whoever reads.
pub(crate) fn key_becomes_metadata() -> Fault {
    asking(|call, _| {
        const WRITES: &[Op] = &[Op::PutObject, Op::CreateMultipartUpload];
        let key = Asked::of(call)
            .triple()
            .key
            .filter(|_| WRITES.contains(&call.operation));
        if let Some(key) = key {
            ask_with(call, "x-amz-meta-customer-key", &key);
        }
    })
}

/// Listings show the key that an object was put with.
pub(crate) fn key_is_in_listings() -> Fault {
    answering(|reply, asked, memory| {
        let place = format!("keys of {}", asked.head.bucket());
        if asked.is(&[Op::PutObject]) && reply.is_ok() {
            if let Some(key) = key_of(asked) {
                memory.note(place, key);
            }
        } else if asked.is(&[Op::ListObjects, Op::ListObjectsV2, Op::ListObjectVersions])
            && let Some(key) = memory.noted(&place)
        {
            reply.edit_elements("StorageClass", |text| {
                format!("{text}</StorageClass><CustomerKey>{key}</CustomerKey><StorageClass>")
            });
        }
    })
}

/// A signature that does not match is explained with the canonical request as it is.
pub(crate) fn key_is_in_canonical_requests() -> Fault {
    outside::around(|request, front| {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let triple = Triple::of(&parts.headers);
            let source = Triple::of_source(&parts.headers);
            let key = triple.key.or(source.key);
            let response = front.call(Request::from_parts(parts, body)).await;
            let Some(key) = key.filter(|_| response.status() == 403) else {
                return response;
            };
            let mut reply = Reply::read(response).await;
            reply.edit_elements("CanonicalRequest", |text| {
                text.lines()
                    .map(|line| match line.split_once("customer-key:") {
                        Some((name, _)) => format!("{name}customer-key:{key}\n"),
                        None => format!("{line}\n"),
                    })
                    .collect()
            });
            reply.into_response()
        })
    })
}

/// Two key headers bring the server down.
pub(crate) fn two_keys_are_a_crash() -> Fault {
    refuses(
        |asked, _| asked.head.headers.get_all(name::SSEC_KEY).iter().count() > 1,
        500,
        "InternalError",
    )
}

/// A malformed triple is refused by a page for people.
pub(crate) fn refusals_are_pages() -> Fault {
    answering(|reply, asked, _| {
        let refused = !reply.is_ok() && !reply.body.is_empty();
        if refused && !asked.triple().is_absent() {
            reply.set("content-type", "text/html");
            reply.set_body("<html><body>Bad Request<br></body></html>");
        }
    })
}
