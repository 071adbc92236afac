//! Faults of uploads in parts: which parts are taken, and in which order they end up.

use ssec_reference::headers as name;
use ssec_reference::route::Operation as Op;
use ssec_reference::ssec::Side;
use ssec_reference::xml::{Element, Writer};

use crate::blocks::{echo, has_other_key};
use crate::call::{Asked, PARTS, take_body};
use crate::fault::Fault;
use crate::memory::Memory;
use crate::reply::Reply;
use crate::tamper::{answering, around, asking};
use crate::triple::Triple;

/// The upload or object is SSE-C, and no triple was sent.
pub(crate) fn lacks_key(asked: &Asked, memory: &Memory) -> bool {
    asked.triple().is_absent() && memory.is_sse_c(asked)
}

/// What CreateMultipartUpload was told of encryption is forgotten; parts are taken with a triple
/// and stored without.
pub(crate) fn forgets_encryption() -> Fault {
    around(|mut call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            let triple = asked.triple();
            let upload = asked.head.query.get("uploadId").map(upload_note);
            let creates = asked.is(&[Op::CreateMultipartUpload]) && triple.is_well_formed();
            let adds = upload.is_some_and(|upload| next.memory.noted(&upload).is_some());
            if creates || adds {
                Triple::default().write(&mut call.head.headers, Side::Object);
            }
            let mut reply = next.call(call).await;
            if creates || adds {
                reply.remove(name::SSE);
                echo(&mut reply, &triple);
            }
            if let Some(id) = reply.element("UploadId").filter(|_| creates) {
                next.memory.note(upload_note(&id), "forgotten");
            }
            reply
        })
    })
}

fn upload_note(id: &str) -> String {
    format!("upload {id}")
}

/// Parts stand in the order in which they came, whatever their numbers.
pub(crate) fn in_order_of_arrival() -> Fault {
    around(|mut call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            let id = asked
                .head
                .query
                .get("uploadId")
                .unwrap_or_default()
                .to_owned();
            if asked.is(PARTS) {
                let number = asked.head.query.get("partNumber").unwrap_or_default();
                if number.parse::<u16>().is_ok_and(|number| number > 0) {
                    let place = place_of(&next.memory, &id, number);
                    call.head.query.set("partNumber", &place);
                }
                return next.call(call).await;
            }
            if !asked.is(&[Op::CompleteMultipartUpload]) {
                return next.call(call).await;
            }
            let body = take_body(&mut call).await;
            let bytes = edit_list(&body.bytes, |parts| {
                for part in parts.iter_mut() {
                    let place = next
                        .memory
                        .noted(&place_note(&id, &number_of(part).to_string()));
                    set_number(part, place.as_deref().unwrap_or("9999"));
                }
                parts.sort_by_key(number_of);
            });
            call.head.headers.remove("content-md5");
            next.call(Asked::of(&call).again(&body.edited(bytes))).await
        })
    })
}

fn place_note(id: &str, number: &str) -> String {
    format!("place {id} {number}")
}

/// The place of a part: that of its first arrival.
fn place_of(memory: &Memory, id: &str, number: &str) -> String {
    let note = place_note(id, number);
    memory.noted(&note).unwrap_or_else(|| {
        let count = memory.noted(&format!("places {id}"));
        let place = count.and_then(|text| text.parse::<u16>().ok()).unwrap_or(0) + 1;
        memory.note(format!("places {id}"), place.to_string());
        memory.note(note, place.to_string());
        place.to_string()
    })
}

/// A part list out of order is put in order.
pub(crate) fn sorts_the_list() -> Fault {
    around(|mut call, next| {
        Box::pin(async move {
            if call.operation != Op::CompleteMultipartUpload {
                return next.call(call).await;
            }
            let body = take_body(&mut call).await;
            let bytes = sorted(&body.bytes);
            call.head.headers.remove("content-md5");
            next.call(Asked::of(&call).again(&body.edited(bytes))).await
        })
    })
}

fn sorted(body: &[u8]) -> bytes::Bytes {
    let Ok(mut root) = Element::parse(body) else {
        return body.to_vec().into();
    };
    root.children.sort_by_key(number_of);
    root.children.dedup_by_key(|part| number_of(part));
    write(&root)
}

/// Edits an ascending part list; others are left to be refused.
fn edit_list(body: &[u8], edit: impl FnOnce(&mut Vec<Element>)) -> bytes::Bytes {
    match Element::parse(body) {
        Ok(mut root)
            if root
                .children
                .is_sorted_by(|a, b| number_of(a) < number_of(b)) =>
        {
            edit(&mut root.children);
            write(&root)
        }
        _ => body.to_vec().into(),
    }
}

fn write(root: &Element) -> bytes::Bytes {
    let mut writer = Writer::document("CompleteMultipartUpload");
    for part in &root.children {
        writer.open("Part");
        for child in &part.children {
            writer.text(&child.name, &child.text);
        }
        writer.close();
    }
    writer.finish().into()
}

fn number_of(part: &Element) -> u16 {
    let text = part.text_of("PartNumber");
    text.and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn set_number(part: &mut Element, number: &str) {
    let children = part.children.iter_mut();
    for child in children.filter(|child| child.name == "PartNumber") {
        number.clone_into(&mut child.text);
    }
}

/// `partNumber` of a read counts the parts of the object from 1, whatever their numbers.
pub(crate) fn counts_over_gaps() -> Fault {
    around(|mut call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            let note = format!("numbers {}/{}", asked.head.bucket(), asked.head.key());
            let wanted = asked
                .head
                .query
                .get("partNumber")
                .and_then(|text| text.parse().ok());
            if let (Some(wanted), true) = (wanted, asked.is(crate::call::READS)) {
                let numbers = next.memory.noted(&note).unwrap_or_default();
                let mut numbers = numbers.split(',').filter(|number| !number.is_empty());
                if numbers.clone().next().is_some() {
                    let number = numbers
                        .nth(usize::saturating_sub(wanted, 1))
                        .unwrap_or("10000");
                    call.head.query.set("partNumber", number);
                }
                return next.call(call).await;
            }
            if !asked.is(&[Op::CompleteMultipartUpload]) {
                return next.call(call).await;
            }
            let body = take_body(&mut call).await;
            if let Ok(root) = Element::parse(&body.bytes) {
                let numbers: Vec<_> = root
                    .all("Part")
                    .map(|part| number_of(part).to_string())
                    .collect();
                next.memory.note(note, numbers.join(","));
            }
            next.call(asked.again(&body)).await
        })
    })
}

/// A part that is uploaded again is thrown away.
pub(crate) fn keeps_first_attempt() -> Fault {
    around(|mut call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            let query = &asked.head.query;
            let id = query.get("uploadId").unwrap_or_default();
            let number = query.get("partNumber").unwrap_or_default();
            let note = format!("attempt {id} {number}");
            let first = next.memory.noted(&note).filter(|_| asked.is(PARTS));
            if let (Some(etag), Op::UploadPart) = (first, asked.operation) {
                take_body(&mut call).await;
                let mut reply = Reply::empty(200);
                reply.set("etag", &etag);
                echo(&mut reply, &asked.triple());
                return reply;
            }
            let reply = next.call(call).await;
            if let Some(etag) = reply.header("etag").filter(|_| asked.is(PARTS)) {
                next.memory.note(note, etag);
            }
            reply
        })
    })
}

/// A part that is refused for its key is stored all the same.
pub(crate) fn refused_part_is_stored() -> Fault {
    around(|mut call, next| {
        Box::pin(async move {
            if call.operation != Op::UploadPart {
                return next.call(call).await;
            }
            let body = take_body(&mut call).await;
            let asked = Asked::of(&call);
            let reply = next.call(asked.again(&body)).await;
            if reply.status == 400 {
                let mut again = asked.again(&body);
                next.memory.unlock(&mut again);
                next.call(again).await;
            }
            reply
        })
    })
}

/// Complete is refused for its key once it is done.
pub(crate) fn refused_but_completed() -> Fault {
    around(|mut call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            let wrong = has_other_key(&asked, &next.memory);
            if !asked.is(&[Op::CompleteMultipartUpload]) || !wrong {
                return next.call(call).await;
            }
            let body = take_body(&mut call).await;
            let reply = next.call(asked.again(&body)).await;
            let mut again = asked.again(&body);
            next.memory.unlock(&mut again);
            next.call(again).await;
            reply
        })
    })
}

/// Complete without a key answers with the key-MD5 that was kept.
pub(crate) fn complete_tells_md5() -> Fault {
    answering(|reply, asked, memory| {
        if asked.is(&[Op::CompleteMultipartUpload]) && reply.is_ok() {
            let right = memory.right_triple(asked).and_then(|triple| triple.key_md5);
            if let Some(key_md5) = right {
                reply.set(name::SSEC_KEY_MD5, &key_md5);
            }
        }
    })
}

/// The source range of a part begins one byte early.
pub(crate) fn part_copy_is_shifted() -> Fault {
    asking(|call, _| {
        let text = call
            .head
            .header(name::COPY_SOURCE_RANGE)
            .unwrap_or_default();
        let range = text
            .strip_prefix("bytes=")
            .and_then(|text| text.split_once('-'));
        let numbers = range.and_then(|(first, last)| {
            Some((first.parse::<u64>().ok()?, last.parse::<u64>().ok()?))
        });
        if let Some((first, last)) = numbers.filter(|(first, last)| 0 < *first && first <= last) {
            let text = format!("bytes={}-{}", first - 1, last - 1);
            crate::blocks::ask_with(call, name::COPY_SOURCE_RANGE, &text);
        }
    })
}

/// A second Complete of the same upload finds nothing.
pub(crate) fn completes_once() -> Fault {
    around(|call, next| {
        Box::pin(async move {
            let asked = Asked::of(&call);
            let id = asked.head.query.get("uploadId").unwrap_or_default();
            let note = format!("done {id}");
            let completes = asked.is(&[Op::CompleteMultipartUpload]);
            if completes && next.memory.noted(&note).is_some() {
                return Reply::error(404, "NoSuchUpload");
            }
            let reply = next.call(call).await;
            if completes && reply.is_ok() {
                next.memory.note(note, "done");
            }
            reply
        })
    })
}
