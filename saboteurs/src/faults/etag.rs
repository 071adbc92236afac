//! Faults of ETags. A false ETag is kept up everywhere: answers show it, conditions may name it.

use std::sync::{Arc, Mutex, PoisonError};

use md5::{Digest as _, Md5};
use ssec_reference::route::Operation as Op;
use ssec_reference::service::Call;

use crate::blocks::alters;
use crate::call::{Asked, READS, set, take_body};
use crate::fault::Fault;
use crate::reply::Reply;
use crate::tamper::{answering, around};
use crate::triple::Triple;

/// True and false ETags, without quotes.
type Aliases = Arc<Mutex<Vec<(String, String)>>>;

/// Objects that are put where `when` says so show the ETag that `make` makes of plaintext and
/// triple.
pub(crate) fn shows(when: fn(&Asked) -> bool, make: fn(&[u8], &Triple) -> String) -> Fault {
    let aliases = Aliases::default();
    around(move |mut call, next| {
        let aliases = aliases.clone();
        Box::pin(async move {
            let asked = Asked::of(&call);
            undo(&mut call, &aliases);
            let triple = asked.triple();
            if !asked.is(&[Op::PutObject]) || !when(&asked) {
                let mut reply = next.call(call).await;
                show(&mut reply, &aliases);
                return reply;
            }
            let body = take_body(&mut call).await;
            let mut reply = next.call(Asked::of(&call).again(&body)).await;
            if let Some(etag) = reply.header("etag").filter(|_| reply.is_ok()) {
                let alias = (
                    etag.trim_matches('"').to_owned(),
                    make(&body.bytes, &triple),
                );
                lock(&aliases).push(alias);
            }
            show(&mut reply, &aliases);
            reply
        })
    })
}

/// Lower-case hex of an MD5.
pub(crate) fn md5_hex(bytes: &[u8]) -> String {
    Md5::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn lock(aliases: &Aliases) -> std::sync::MutexGuard<'_, Vec<(String, String)>> {
    aliases.lock().unwrap_or_else(PoisonError::into_inner)
}

fn show(reply: &mut Reply, aliases: &Aliases) {
    for (etag, alias) in lock(aliases).iter() {
        let header = reply.header("etag").map(|text| text.replace(etag, alias));
        if let Some(header) = header {
            reply.set("etag", &header);
        }
        let text = std::str::from_utf8(&reply.body).ok();
        let text = text.filter(|text| reply.is_xml() && text.contains(etag.as_str()));
        if let Some(text) = text.map(|text| text.replace(etag, alias)) {
            reply.set_body(text);
        }
    }
}

/// Puts the true ETags into the conditions of a call.
fn undo(call: &mut Call, aliases: &Aliases) {
    const CONDITIONS: &[&str] = &[
        "if-match",
        "if-none-match",
        "x-amz-copy-source-if-match",
        "x-amz-copy-source-if-none-match",
    ];
    for name in CONDITIONS {
        let Some(sent) = call.head.header(name) else {
            continue;
        };
        let aliases = lock(aliases);
        let named = aliases
            .iter()
            .filter(|(_, alias)| sent.contains(alias.as_str()));
        let named: Vec<_> = named.map(|(etag, _)| format!("\"{etag}\"")).collect();
        if !named.is_empty() {
            set(&mut call.head.headers, name, &named.join(", "));
        }
    }
}

/// HEAD shows another ETag than the write did.
pub(crate) fn differs_on_head() -> Fault {
    alters(&[Op::HeadObject], |reply, _| {
        let text = reply.header("etag").unwrap_or_default();
        let turned: String = text.chars().rev().collect();
        reply.set("etag", &turned);
    })
}

/// Listings show another ETag than the write did.
pub(crate) fn differs_in_listings() -> Fault {
    const LISTINGS: &[Op] = &[Op::ListObjects, Op::ListObjectsV2, Op::ListObjectVersions];
    answering(|reply, asked, _| {
        if asked.is(LISTINGS) && reply.is_ok() {
            reply.edit_elements("ETag", |text| {
                let digits = text.trim_matches(|c: char| !c.is_ascii_hexdigit());
                let turned: String = digits.chars().rev().collect();
                text.replace(digits, &turned)
            });
        }
    })
}

/// The quotes are missing.
pub(crate) fn is_bare() -> Fault {
    const SHOW: &[Op] = &[Op::PutObject, Op::GetObject, Op::HeadObject];
    alters(SHOW, |reply, _| {
        let bare = reply.header("etag").map(|text| text.replace('"', ""));
        reply.set("etag", &bare.unwrap_or_default());
    })
}

/// The ETag of an object in parts is not made of those of its parts.
pub(crate) fn of_parts_is_random() -> Fault {
    fn spoil(text: &str) -> String {
        match text.rsplit_once('-') {
            Some((digits, count)) => {
                let turned: String = digits
                    .chars()
                    .map(|c| {
                        if c == '0' {
                            '1'
                        } else if c == '1' {
                            '0'
                        } else {
                            c
                        }
                    })
                    .map(|c| {
                        if c == 'a' {
                            'b'
                        } else if c == 'b' {
                            'a'
                        } else {
                            c
                        }
                    })
                    .collect();
                format!("{turned}-{count}")
            }
            None => text.to_owned(),
        }
    }
    answering(|reply, asked, _| {
        if asked.is(&[Op::CompleteMultipartUpload]) && reply.is_ok() {
            reply.edit_elements("ETag", spoil);
        } else if asked.is(READS) && reply.is_ok() {
            let spoilt = reply.header("etag").map(spoil);
            if let Some(spoilt) = spoilt {
                reply.set("etag", &spoilt);
            }
        }
    })
}
