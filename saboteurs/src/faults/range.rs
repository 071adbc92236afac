//! Faults of ranges and part numbers: which bytes an answer holds, and what it says of them.

use http::header::RANGE;
use ssec_reference::route::Operation as Op;

use super::get::{SEGMENT_LEN, content_range, first_byte};
use super::put::len;
use crate::blocks::{alters, sealed_len};
use crate::call::Asked;
use crate::fault::Fault;
use crate::tamper::{Next, answering, around, asking};

const GET: &[Op] = &[Op::GetObject];

/// Another slice of the object is sent; `says_so` if its `Content-Range` is right for it.
pub(crate) fn reslices(slice: fn(u64, u64) -> (u64, u64), says_so: bool) -> Fault {
    around(move |call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            let mut reply = next.call(call).await;
            let range = content_range(&reply).filter(|_| asked.header("range").is_some());
            let Some((first, last, total)) = range.filter(|_| asked.is(GET)) else {
                return reply;
            };
            let mut whole = asked.clone();
            whole.head.headers.remove(RANGE);
            let whole = next.ask(&whole).await;
            let (first, last) = slice(first, last);
            if let Some(bytes) = whole
                .body
                .get(first as usize..=last.min(total - 1) as usize)
            {
                reply.set_body(bytes.to_vec());
            }
            if says_so {
                reply.set("content-range", &format!("bytes {first}-{last}/{total}"));
            }
            reply
        })
    })
}

/// The `Range` of a GET is read in another way; `None` as if there were none.
pub(crate) fn rereads(read: fn(&str) -> Option<String>) -> Fault {
    asking(move |call, _| {
        let text = call
            .head
            .header("range")
            .filter(|_| call.operation == Op::GetObject);
        let Some(text) = text else { return };
        call.head.headers.remove(RANGE);
        if let Some(text) = read(&text) {
            crate::blocks::ask_with(call, "range", &text);
        }
    })
}

/// `bytes=-N` as if it were the first N bytes.
pub(crate) fn suffix_from_start(text: &str) -> Option<String> {
    let suffix = text
        .strip_prefix("bytes=-")
        .and_then(|text| text.parse::<u64>().ok());
    Some(match suffix.filter(|len| *len > 0) {
        Some(len) => format!("bytes=0-{}", len - 1),
        None => text.to_owned(),
    })
}

/// `bytes=-0` as if nothing were asked.
pub(crate) fn zero_suffix_is_none(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| text != "bytes=-0")
}

/// A range that does not begin with the object is deciphered from the wrong start.
pub(crate) fn garbled_off_start() -> Fault {
    alters(GET, |reply, _| {
        if first_byte(reply) > 0 {
            reply.garble(0);
        }
    })
}

/// A range that runs from one segment into the next is garbage behind the edge.
pub(crate) fn garbled_behind_edge() -> Fault {
    alters(GET, |reply, _| {
        if reply.status == 206 {
            let first = first_byte(reply);
            let edge = (first / SEGMENT_LEN + 1) * SEGMENT_LEN;
            reply.garble(edge - first);
        }
    })
}

/// The head of a 206 is right, and no byte follows.
pub(crate) fn empty_body() -> Fault {
    alters(GET, |reply, _| {
        if reply.status == 206 {
            reply.body.clear();
            reply.breaks_off = true;
        }
    })
}

/// `Content-Range` counts the sealed bytes.
pub(crate) fn total_of_ciphertext() -> Fault {
    alters(GET, |reply, _| {
        if let Some((first, last, total)) = content_range(reply) {
            let total = sealed_len(total);
            reply.set("content-range", &format!("bytes {first}-{last}/{total}"));
        }
    })
}

/// A range that reaches past the end cannot be satisfied.
pub(crate) fn past_end_is_refused() -> Fault {
    answering(|reply, asked, _| {
        let text = asked.header("range").filter(|_| asked.is(GET));
        let last = text.and_then(|text| text.rsplit_once('-')?.1.parse::<u64>().ok());
        if let (Some(last), Some((.., total))) = (last, content_range(reply))
            && last >= total
        {
            reply.become_error(416, "InvalidRange", false);
        }
    })
}

/// A range that cannot be satisfied is the whole object.
pub(crate) fn unsatisfiable_is_whole() -> Fault {
    around(|call, next| {
        Box::pin(async move {
            let mut asked = Asked::of(&call);
            let reply = next.call(call).await;
            let is_range = asked.is(GET) && asked.head.headers.remove(RANGE).is_some();
            if is_range && reply.status == 416 {
                return next.ask(&asked).await;
            }
            reply
        })
    })
}

/// A range of an object that is not SSE-C must begin with it.
pub(crate) fn plain_is_refused() -> Fault {
    answering(|reply, asked, memory| {
        if asked.is(GET) && memory.is_plain(asked) && first_byte(reply) > 0 {
            reply.become_error(416, "InvalidRange", false);
        }
    })
}

/// `partNumber` is not seen.
pub(crate) fn part_number_is_ignored(operation: Op) -> Fault {
    asking(move |call, _| {
        if call.operation == operation {
            call.head.query.remove("partNumber");
        }
    })
}

/// A part that is asked for by its number comes as it is stored.
pub(crate) fn part_is_ciphertext() -> Fault {
    alters(GET, |reply, asked| {
        if asked.head.query.has("partNumber") {
            reply.garble(0);
        }
    })
}

/// Behind the first part everything is deciphered with the wrong start, unless the part is made
/// of whole blocks of 4096 bytes.
pub(crate) fn garbled_behind_first_part() -> Fault {
    around(|call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            let mut reply = next.call(call).await;
            if !asked.is(GET) || !reply.is_ok() || !next.memory.is_multipart(&asked) {
                return reply;
            }
            let edge = first_part_len(next, asked).await.unwrap_or(0) as usize;
            if !edge.is_multiple_of(4096) {
                let first = first_byte(&reply);
                reply.garble(edge.saturating_sub(first));
            }
            reply
        })
    })
}

/// How long the first part is; its number is not far from 1.
async fn first_part_len(next: &Next, mut asked: Asked) -> Option<u64> {
    for number in 1..=16 {
        asked.head.query.set("partNumber", &number.to_string());
        if let Some(len) = len(next, &asked).await {
            return Some(len);
        }
    }
    None
}
