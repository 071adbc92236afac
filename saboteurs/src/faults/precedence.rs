//! Faults of order: of two things that are wrong with a request, the other one is told.

use ssec_reference::headers as name;
use ssec_reference::route::Operation as Op;
use ssec_reference::xml::Element;

use super::blocking::is_blocked;
use crate::blocks::{has_other_key, recodes};
use crate::call::{Asked, READS, take_body};
use crate::fault::Fault;
use crate::memory::Memory;
use crate::reply::Reply;
use crate::tamper::{around, asking};

const CONDITIONS: &[&str] = &[
    "if-match",
    "if-none-match",
    "if-modified-since",
    "if-unmodified-since",
];
const RANGE: &[&str] = &["range"];

/// Where `when` says so, a status that a keeper of the right key would get is given at once.
fn told_first(when: fn(&Asked, &Memory) -> bool, statuses: &'static [u16]) -> Fault {
    around(move |call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            if !asked.is(READS) || !when(&asked, &next.memory) {
                return next.call(call).await;
            }
            let mut first = asked.bare();
            next.memory.unlock(&mut first);
            let reply = next.call(first).await;
            if statuses.contains(&reply.status) {
                return reply;
            }
            next.call(call).await
        })
    })
}

fn has(asked: &Asked, names: &[&str]) -> bool {
    names
        .iter()
        .any(|name| asked.head.headers.contains_key(*name))
}

fn is_malformed(asked: &Asked) -> bool {
    let triple = asked.triple();
    !triple.is_absent() && !triple.is_well_formed()
}

/// 304 and 412 before anybody asks for a key.
pub(crate) fn conditions_before_presence() -> Fault {
    told_first(
        |asked, _| asked.triple().is_absent() && has(asked, CONDITIONS),
        &[304, 412],
    )
}

/// 304 and 412 before the form of the triple.
pub(crate) fn conditions_before_syntax() -> Fault {
    told_first(
        |asked, _| is_malformed(asked) && has(asked, CONDITIONS),
        &[304, 412],
    )
}

/// 416 before anybody asks for a key.
pub(crate) fn range_before_presence() -> Fault {
    told_first(
        |asked, _| {
            asked.triple().is_absent() && (has(asked, RANGE) || asked.head.query.has("partNumber"))
        },
        &[416],
    )
}

/// 416 before the form of the triple.
pub(crate) fn range_before_syntax() -> Fault {
    told_first(|asked, _| is_malformed(asked) && has(asked, RANGE), &[416])
}

/// The key is proved before conditions, or before the range, are looked at.
fn proof_before(names: &'static [&'static str]) -> Fault {
    asking(move |call, memory| {
        let asked = Asked::of(call);
        if asked.is(READS) && has_other_key(&asked, memory) {
            for name in names {
                call.head.headers.remove(*name);
            }
            if names == RANGE {
                call.head.query.remove("partNumber");
            }
        }
    })
}

/// 403 instead of 304 and 412.
pub(crate) fn proof_before_conditions() -> Fault {
    proof_before(CONDITIONS)
}

/// 403 instead of 416.
pub(crate) fn proof_before_range() -> Fault {
    proof_before(RANGE)
}

/// A malformed triple meets something else first, where `first` says so.
fn before_syntax(
    operations: &'static [Op],
    first: for<'a> fn(&'a Asked, &'a crate::tamper::Next) -> Found<'a>,
) -> Fault {
    around(move |call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            let incomplete = !asked.triple().is_absent() && asked.triple().key_md5.is_none();
            let concerned = asked.is(operations) && (is_malformed(&asked) || incomplete);
            if concerned && first(&asked, next).await {
                return Reply::error(403, "AccessDenied");
            }
            next.call(call).await
        })
    })
}

type Found<'a> = std::pin::Pin<Box<dyn Future<Output = bool> + Send + 'a>>;

/// The block of the bucket before the form of the triple.
pub(crate) fn block_before_syntax() -> Fault {
    before_syntax(&[Op::PutObject], |asked, next| {
        Box::pin(is_blocked(next, asked))
    })
}

/// The policy of the bucket before the form of the triple.
pub(crate) fn policy_before_syntax() -> Fault {
    before_syntax(&[Op::PutObject], |asked, next| {
        Box::pin(async {
            let policy = next.ask(&asked.of_bucket(Op::GetBucketPolicy)).await;
            policy.is_ok() && String::from_utf8_lossy(&policy.body).contains("Deny")
        })
    })
}

/// The form of the triple before the owner of the bucket.
pub(crate) fn syntax_before_owner() -> Fault {
    around(|mut call, next| {
        Box::pin(async move {
            let owner = call.head.headers.remove(name::EXPECTED_BUCKET_OWNER);
            let asked = Asked::of(&call);
            // A triple that is sure to be refused, so that nothing is stored.
            if owner.is_some() && asked.is(&[Op::PutObject]) && is_malformed(&asked) {
                return next.call(call).await;
            }
            if let Some(owner) = owner {
                call.head.headers.insert(name::EXPECTED_BUCKET_OWNER, owner);
            }
            next.call(call).await
        })
    })
}

/// The algorithm before the conflict with other encryption.
pub(crate) fn algorithm_before_conflict() -> Fault {
    asking(|call, _| {
        let algorithm = Asked::of(call).triple().algorithm;
        if algorithm.is_some_and(|algorithm| algorithm != "AES256") {
            call.head.headers.remove(name::SSE);
        }
    })
}

/// An object that does not exist is refused to whoever brings a key.
pub(crate) fn key_before_existence() -> Fault {
    recodes(
        |reply, asked, _| {
            let code = reply.code();
            let is_missing = code.is_none_or(|code| code == "NoSuchKey") && reply.status == 404;
            asked.is(READS) && is_missing && !asked.triple().is_absent()
        },
        403,
        "AccessDenied",
    )
}

/// The list of parts before the key of the upload.
pub(crate) fn parts_before_key() -> Fault {
    around(|mut call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            let wrong = has_other_key(&asked, &next.memory);
            if !asked.is(&[Op::CompleteMultipartUpload]) || !wrong {
                return next.call(call).await;
            }
            let body = take_body(&mut call).await;
            let mut list = asked.other(Op::ListParts);
            let upload_id = asked.head.query.get("uploadId").unwrap_or_default();
            list.head.query.set("uploadId", upload_id);
            let mut list = list.bare();
            next.memory.unlock(&mut list);
            let list = next.call(list).await;
            if list.is_ok() && !fits(&body.bytes, &list) {
                return Reply::error(400, "InvalidPart");
            }
            next.call(asked.again(&body)).await
        })
    })
}

/// Whether every part of a list is there, and no checksum is named that is not.
fn fits(body: &[u8], list: &Reply) -> bool {
    let there = String::from_utf8_lossy(&list.body);
    let Ok(root) = Element::parse(body) else {
        return true;
    };
    let texts = root.all("Part").flat_map(|part| &part.children);
    texts
        .filter(|child| child.name != "PartNumber")
        .all(|child| there.contains(child.text.trim_matches('"')))
}

/// The body is held against its digests before anybody looks at the triple.
pub(crate) fn body_before_syntax() -> Fault {
    around(|mut call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            if !asked.is(&[Op::PutObject]) || !is_malformed(&asked) {
                return next.call(call).await;
            }
            let body = take_body(&mut call).await;
            if body.fault() == Some("BadDigest") {
                return Reply::error(400, "BadDigest");
            }
            next.call(asked.again(&body)).await
        })
    })
}
