//! Faults of reads: whom they answer, and with which bytes.

use ssec_reference::headers as name;
use ssec_reference::route::Operation as Op;

use crate::blocks::{alters, has_other_key, needs_no_key, takes_any_key, unlocks};
use crate::call::Asked;
use crate::fault::Fault;
use crate::memory::Memory;
use crate::outside;
use crate::reply::Reply;
use crate::tamper::{answering, around, asking};
use crate::triple::Triple;

const GET: &[Op] = &[Op::GetObject];

/// A wrong key opens the object, and what comes out is garbage.
pub(crate) fn wrong_key_is_garbage() -> Fault {
    garbles(has_other_key).and(takes_any_key(GET))
}

/// Without a key the stored bytes are handed out.
pub(crate) fn no_key_is_ciphertext() -> Fault {
    garbles(|asked, memory| asked.triple().is_absent() && memory.is_sse_c(asked))
        .and(needs_no_key(GET))
}

fn garbles(when: fn(&Asked, &Memory) -> bool) -> Fault {
    answering(move |reply, asked, memory| {
        if asked.is(GET) && reply.is_ok() && when(asked, memory) {
            reply.garble(0);
        }
    })
}

/// A triple for an object that is not SSE-C is not looked at.
pub(crate) fn plain_ignores_triple(operations: &'static [Op]) -> Fault {
    asking(move |call, memory| {
        let asked = Asked::of(call);
        if asked.is(operations) && memory.is_plain(&asked) {
            Triple::default().write(&mut call.head.headers, ssec_reference::ssec::Side::Object);
        }
    })
}

/// Whether a triple is whole but for its key-MD5.
pub(crate) fn lacks_md5(triple: &Triple) -> bool {
    triple.algorithm.is_some() && triple.key.is_some() && triple.key_md5.is_none()
}

/// The key-MD5 is compared with one that was kept, and the key is not asked for.
pub(crate) fn md5_stands_for_key() -> Fault {
    unlocks(|asked, memory| {
        let (sent, right) = (asked.triple(), memory.right_triple(asked));
        asked.is(crate::call::READS)
            && sent.key.is_none()
            && sent.key_md5.is_some()
            && right.is_some_and(|right| right.key_md5 == sent.key_md5)
    })
}

/// A triple of which a part is missing counts as none.
pub(crate) fn half_triple_is_none() -> Fault {
    asking(|call, _| {
        let triple = Asked::of(call).triple();
        if GET.contains(&call.operation) && (triple.algorithm.is_none() || triple.key.is_none()) {
            Triple::default().write(&mut call.head.headers, ssec_reference::ssec::Side::Object);
        }
    })
}

/// A refusal repeats the triple as a success does.
pub(crate) fn echoes_on_refusals() -> Fault {
    answering(|reply, asked, _| {
        let triple = asked.triple();
        if let (Some(key_md5), false) = (triple.key_md5, reply.is_ok()) {
            reply.set(name::SSEC_ALGORITHM, "AES256");
            reply.set(name::SSEC_KEY_MD5, &key_md5);
        }
    })
}

/// The answer stops in the middle.
pub(crate) fn ends_early() -> Fault {
    alters(GET, |reply, _| {
        if reply.body.len() > 1 {
            reply.body.truncate(reply.body.len() / 2);
            reply.breaks_off = true;
        }
    })
}

/// The last segment is not sent, and not counted.
pub(crate) fn loses_last_segment() -> Fault {
    alters(GET, |reply, _| {
        if reply.status == 200 && reply.body.len() > SEGMENT_LEN {
            let kept = (reply.body.len() - 1) / SEGMENT_LEN * SEGMENT_LEN;
            reply.set_body(reply.body.slice(..kept));
        }
    })
}

/// Bytes in a segment.
pub(crate) const SEGMENT_LEN: usize = 65_536;

/// Bytes behind an offset of the object are garbage.
pub(crate) fn garbled_behind(offset: usize) -> Fault {
    alters(GET, move |reply, _| {
        let first = first_byte(reply);
        reply.garble(offset.saturating_sub(first));
    })
}

/// Where in its object the body of an answer begins.
pub(crate) fn first_byte(reply: &Reply) -> usize {
    content_range(reply).map_or(0, |(first, ..)| first as usize)
}

/// First and last byte, and length of the whole.
pub(crate) fn content_range(reply: &Reply) -> Option<(u64, u64, u64)> {
    let text = reply.header("content-range")?.strip_prefix("bytes ")?;
    let (range, total) = text.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()?, total.parse().ok()?))
}

/// User metadata is not kept with an SSE-C object.
pub(crate) fn loses_metadata(operations: &'static [Op]) -> Fault {
    asking(move |call, _| {
        if operations.contains(&call.operation) && !Asked::of(call).triple().is_absent() {
            let names: Vec<_> = call.head.headers.keys().cloned().collect();
            for name in names {
                if name.as_str().starts_with(name::META_PREFIX) {
                    call.head.headers.remove(name);
                }
            }
        }
    })
}

/// A refused read tells what a success would: ETag, length, times, metadata.
pub(crate) fn refusal_tells(operation: Op) -> Fault {
    around(move |call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            let mut reply = next.call(call).await;
            if asked.operation != operation || !matches!(reply.status, 400 | 403) {
                return reply;
            }
            let mut head = asked.other(Op::HeadObject);
            if let Some(triple) = next.memory.right_triple(&head) {
                triple.write(&mut head.head.headers, ssec_reference::ssec::Side::Object);
            }
            let told = next.ask(&head).await;
            for (name, value) in told.headers.iter().filter(|_| told.is_ok()) {
                let is_shown = name == "etag"
                    || name == "last-modified"
                    || name.as_str().starts_with(name::META_PREFIX)
                    || (name == "content-length" && operation == Op::HeadObject);
                if is_shown {
                    reply.headers.insert(name, value.clone());
                }
            }
            reply
        })
    })
}

/// A torrent is what a reader with the right key would get.
pub(crate) fn torrent() -> Fault {
    let unseen = outside::asking(|parts, front| {
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let renamed = query.replace("torrent", TORRENT);
        if renamed != query && parts.method == http::Method::GET && front.is_signed(parts, None) {
            outside::set_query(parts, &renamed);
            front.resign(parts);
        }
    });
    unseen.and(unlocks(|asked, _| asked.head.query.has(TORRENT)))
}

/// A parameter that the reference does not know, and so does not see.
const TORRENT: &str = "x-t";
