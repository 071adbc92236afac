//! Faults of signatures: what they cover, and what is taken though they do not cover it.

use http::header::AUTHORIZATION;
use http::request::Parts;
use ssec_reference::headers as name;
use ssec_reference::sigv4::{Identity, Method};
use time::OffsetDateTime;
use time::macros::format_description;

use crate::blocks::ask_with;
use crate::fault::Fault;
use crate::outside::{self, Front};
use crate::reply::Reply;
use crate::tamper::{around, asking};

/// Headers of these names may travel unsigned.
pub(crate) fn unsigned_is_taken(names: &'static [&'static str]) -> Fault {
    outside::asking(move |parts, front| {
        if front.is_signed(parts, None) {
            return;
        }
        let mut bare = parts.clone();
        for name in names {
            bare.headers.remove(*name);
        }
        if front.is_signed(&bare, None) {
            front.resign(parts);
        }
    })
}

/// Any header may travel unsigned.
pub(crate) fn anything_unsigned_is_taken() -> Fault {
    outside::asking(|parts, front| {
        if front.is_signed(parts, None) || !parts.headers.contains_key(AUTHORIZATION) {
            return;
        }
        let signed = signed_headers(parts);
        let mut bare = parts.clone();
        let names: Vec<_> = bare.headers.keys().cloned().collect();
        for name in names {
            if name.as_str().starts_with("x-amz-")
                && !signed.iter().any(|signed| name == signed.as_str())
            {
                bare.headers.remove(name);
            }
        }
        if front.is_signed(&bare, None) {
            front.resign(parts);
        }
    })
}

fn signed_headers(parts: &Parts) -> Vec<String> {
    let header = parts
        .headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let list = header.and_then(|text| text.split_once("SignedHeaders="));
    let list = list
        .and_then(|(_, rest)| rest.split(',').next())
        .unwrap_or_default();
    list.split(';').map(str::to_owned).collect()
}

fn is_presigned(parts: &Parts) -> bool {
    parts
        .uri
        .query()
        .is_some_and(|query| query.contains("X-Amz-Signature="))
}

/// The signature of a URL is not checked where `when` says so.
pub(crate) fn signature_is_believed(when: fn(&Parts, &Front) -> bool) -> Fault {
    outside::asking(move |parts, front| {
        if is_presigned(parts) && when(parts, front) {
            front.resign(parts);
        }
    })
}

/// A customer header that was signed is not sent.
pub(crate) fn lacks_a_signed_header(parts: &Parts, _: &Front) -> bool {
    let query = parts.uri.query().unwrap_or_default();
    let list = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("X-Amz-SignedHeaders="));
    let list = list
        .unwrap_or_default()
        .to_ascii_lowercase()
        .replace("%3b", ";");
    let mut customers = list.split(';').filter(|name| name.contains("-customer-"));
    customers.any(|name| !parts.headers.contains_key(name))
}

/// The URL was good when it was signed.
pub(crate) fn was_good_once(parts: &Parts, front: &Front) -> bool {
    let query = parts.uri.query().unwrap_or_default();
    let date = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("X-Amz-Date="));
    let at = date.and_then(read_date);
    !front.is_signed(parts, None) && front.is_signed(parts, at.or(Some(OffsetDateTime::UNIX_EPOCH)))
}

/// A signature is good at the time that it names.
pub(crate) fn any_time_is_taken() -> Fault {
    outside::asking(|parts, front| {
        let date = parts
            .headers
            .get("x-amz-date")
            .and_then(|value| value.to_str().ok());
        let at = date.and_then(read_date);
        if at.is_some() && !front.is_signed(parts, None) && front.is_signed(parts, at) {
            front.resign(parts);
        }
    })
}

/// Nobody's requests are the owner's.
pub(crate) fn anonymous_is_owner() -> Fault {
    outside::asking(|parts, front| {
        let is_signed = parts.headers.contains_key(AUTHORIZATION) || is_presigned(parts);
        if !is_signed && parts.method != http::Method::POST {
            front.resign(parts);
        }
    })
}

fn read_date(text: &str) -> Option<OffsetDateTime> {
    let format = format_description!("[year][month][day]T[hour][minute][second]Z");
    let at = time::PrimitiveDateTime::parse(text, &format).ok();
    at.map(time::PrimitiveDateTime::assume_utc)
}

/// The triple may stand in the query.
pub(crate) fn query_is_taken() -> Fault {
    asking(|call, _| {
        for name in [name::SSEC_ALGORITHM, name::SSEC_KEY, name::SSEC_KEY_MD5] {
            let query = &call.head.query;
            let as_documented = name.replace("-md5", "-MD5");
            let value = query.get(name).or_else(|| query.get(&as_documented));
            let value = value.filter(|_| !call.head.headers.contains_key(name));
            if let Some(value) = value.map(str::to_owned) {
                ask_with(call, name, &value);
            }
        }
    })
}

/// Key and key-MD5, too, must be signed into a URL.
pub(crate) fn key_must_be_signed() -> Fault {
    around(|call, next| {
        let is_missed = matches!(&call.identity, Identity::Signed(signed)
            if signed.method == Method::Query
                && call.head.headers.contains_key(name::SSEC_KEY)
                && !signed.signed_headers.iter().any(|signed| signed == name::SSEC_KEY));
        if is_missed {
            return Box::pin(std::future::ready(Reply::error(403, "AccessDenied")));
        }
        Box::pin(next.call(call))
    })
}
