//! The building blocks that most saboteurs are made of.

use ssec_reference::headers as name;
use ssec_reference::route::Operation as Op;
use ssec_reference::service::Call;
use ssec_reference::ssec::Side;

use crate::call::{Asked, set};
use crate::fault::Fault;
use crate::memory::Memory;
use crate::reply::Reply;
use crate::tamper::{answering, around, asking};
use crate::triple::{Triple, md5_base64};

/// Some operations mend a triple that they should refuse.
pub(crate) fn mends(operations: &'static [Op], mend: fn(&mut Triple)) -> Fault {
    asking(move |call, _| {
        if operations.contains(&call.operation) {
            mend_side(call, Side::Object, mend);
        }
    })
}

/// Some copies mend a source triple that they should refuse.
pub(crate) fn mends_source(operations: &'static [Op], mend: fn(&mut Triple)) -> Fault {
    asking(move |call, _| {
        if operations.contains(&call.operation) {
            mend_side(call, Side::CopySource, mend);
        }
    })
}

fn mend_side(call: &mut Call, side: Side, mend: fn(&mut Triple)) {
    let mut triple = Triple::read(&call.head.headers, side);
    mend(&mut triple);
    triple.write(&mut call.head.headers, side);
}

/// Where `when` says so no key is proved: the right one is taken instead of what was sent, which
/// is echoed.
pub(crate) fn unlocks(when: impl Fn(&Asked, &Memory) -> bool + Send + Sync + 'static) -> Fault {
    let when = std::sync::Arc::new(when);
    around(move |mut call, next| {
        let when = when.clone();
        Box::pin(async move {
            let asked = Asked::of(&call);
            if !when(&asked, &next.memory) {
                return next.call(call).await;
            }
            next.memory.unlock(&mut call);
            let mut reply = next.call(call).await;
            echo(&mut reply, &asked.triple());
            reply
        })
    })
}

/// Whoever sends a well-formed triple is let in.
pub(crate) fn takes_any_key(operations: &'static [Op]) -> Fault {
    unlocks(move |asked, memory| asked.is(operations) && has_other_key(asked, memory))
}

/// Whoever sends no triple is let in.
pub(crate) fn needs_no_key(operations: &'static [Op]) -> Fault {
    unlocks(move |asked, _| asked.is(operations) && asked.triple().is_absent())
}

/// An SSE-C object is asked for with a well-formed triple of another key.
pub(crate) fn has_other_key(asked: &Asked, memory: &Memory) -> bool {
    let sent = asked.triple();
    let right = memory.right_triple(asked);
    sent.is_well_formed() && right.is_some_and(|right| !right.is_absent() && right.key != sent.key)
}

/// A copy's source is asked for with a well-formed triple of another key.
pub(crate) fn has_other_source_key(asked: &Asked, memory: &Memory) -> bool {
    let sent = asked.source_triple();
    let right = memory.right_source_triple(asked);
    sent.is_well_formed() && right.is_some_and(|right| !right.is_absent() && right.key != sent.key)
}

/// Where `when` says so no key of a copy's source is proved.
pub(crate) fn unlocks_source(when: fn(&Asked, &Memory) -> bool) -> Fault {
    asking(move |call, memory| {
        if when(&Asked::of(call), memory) {
            memory.unlock_source(call);
        }
    })
}

/// Some refusals have another status and Code.
pub(crate) fn recodes(
    when: impl Fn(&Reply, &Asked, &Memory) -> bool + Send + Sync + 'static,
    status: u16,
    code: &'static str,
) -> Fault {
    answering(move |reply, asked, memory| {
        if !reply.is_ok() && when(reply, asked, memory) {
            reply.status = status;
            reply.edit_elements_if_any("Code", code);
        }
    })
}

/// Some requests are refused that should not be.
pub(crate) fn refuses(
    when: impl Fn(&Asked, &Memory) -> bool + Send + Sync + 'static,
    status: u16,
    code: &'static str,
) -> Fault {
    let when = std::sync::Arc::new(when);
    around(move |call, next| {
        let asked = Asked::of(&call);
        if !when(&asked, &next.memory) {
            return Box::pin(next.call(call));
        }
        let mut reply = Reply::error(status, code);
        if asked.is(&[Op::HeadObject]) {
            reply.become_error(status, code, true);
        }
        Box::pin(std::future::ready(reply))
    })
}

/// Successes of some operations are altered where the request or the object is SSE-C.
pub(crate) fn alters(
    operations: &'static [Op],
    alter: impl Fn(&mut Reply, &Asked) + Send + Sync + 'static,
) -> Fault {
    answering(move |reply, asked, _| {
        if asked.is(operations) && reply.is_ok() && reply.header(name::SSEC_ALGORITHM).is_some() {
            alter(reply, asked);
        }
    })
}

/// The answer repeats this triple, or none.
pub(crate) fn echo(reply: &mut Reply, triple: &Triple) {
    reply.remove(name::SSEC_KEY_MD5);
    reply.remove(name::SSEC_ALGORITHM);
    let bytes = triple.key_bytes().filter(|_| reply.is_ok());
    if let Some(bytes) = bytes {
        reply.set(name::SSEC_ALGORITHM, "AES256");
        reply.set(name::SSEC_KEY_MD5, &md5_base64(&bytes));
    }
}

/// The answer repeats no triple.
pub(crate) fn no_echo(reply: &mut Reply, _: &Asked) {
    reply.remove(name::SSEC_KEY_MD5);
    reply.remove(name::SSEC_ALGORITHM);
}

/// Sets a header of a call.
pub(crate) fn ask_with(call: &mut Call, name: &'static str, value: &str) {
    set(&mut call.head.headers, name, value);
}

/// Some operations are asked with this header, whatever was sent.
pub(crate) fn asks_with(
    operations: &'static [Op],
    name: &'static str,
    value: &'static str,
) -> Fault {
    asking(move |call, _| {
        if operations.contains(&call.operation) {
            ask_with(call, name, value);
        }
    })
}

/// Where `when` says so this header is another.
pub(crate) fn asks_with_if(
    when: fn(&Asked) -> bool,
    name: &'static str,
    value: &'static str,
) -> Fault {
    asking(move |call, _| {
        if when(&Asked::of(call)) {
            ask_with(call, name, value);
        }
    })
}

/// Some operations do not see these headers.
pub(crate) fn asks_without(operations: &'static [Op], names: &'static [&'static str]) -> Fault {
    asking(move |call, _| {
        if operations.contains(&call.operation) {
            for name in names {
                call.head.headers.remove(*name);
            }
        }
    })
}

/// As [`unlocks`], for operations that repeat no triple.
pub(crate) fn unlocks_quietly(when: fn(&Asked, &Memory) -> bool) -> Fault {
    asking(move |call, memory| {
        if when(&Asked::of(call), memory) {
            memory.unlock(call);
        }
    })
}

/// How long sealed bytes are that hold so many plaintext bytes: a tag per segment of 64 KiB.
pub(crate) fn sealed_len(len: u64) -> u64 {
    len + 16 * len.div_ceil(65_536).max(1)
}

/// The same in an answer.
pub(crate) fn sealed_text(len: &str) -> String {
    len.parse()
        .map_or_else(|_| len.to_owned(), |len| sealed_len(len).to_string())
}
