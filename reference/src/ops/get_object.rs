//! GetObject and HeadObject: one path, with or without the bytes.

use std::sync::Arc;

use http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, ETAG, LAST_MODIFIED, RANGE};

use crate::app::App;
use crate::authorize;
use crate::date;
use crate::door::{self, Knock, Opened, Selection};
use crate::encryption;
use crate::error::{Code, S3Error, S3Result};
use crate::head::Head;
use crate::headers as name;
use crate::read;
use crate::respond::{self, set};
use crate::service::{Call, Response};
use crate::store::Versioning;

/// Query parameters that replace headers of the answer (API reference, GetObject).
const OVERRIDES: &[(&str, &str)] = &[
    ("response-cache-control", "cache-control"),
    ("response-content-disposition", "content-disposition"),
    ("response-content-encoding", "content-encoding"),
    ("response-content-language", "content-language"),
    ("response-content-type", "content-type"),
    ("response-expires", "expires"),
];

/// GetObject.
pub(super) async fn get(app: &App, call: Call) -> S3Result<Response> {
    let (opened, mut response) = open(app, &call)?;
    for (parameter, header) in OVERRIDES {
        if let Some(value) = call.head.query.get(parameter) {
            set(&mut response, header, value);
        }
    }
    *response.body_mut() = read::body(Arc::new(opened), app.cipher()).await?;
    Ok(response)
}

/// HeadObject.
pub(super) fn head(app: &App, call: &Call) -> S3Result<Response> {
    open(app, call).map(|(_, response)| response)
}

fn open(app: &App, call: &Call) -> S3Result<(Opened, Response)> {
    let head = &call.head;
    let bucket = authorize::admit(app, call)?;
    let opened = door::open(app, &Knock::of_read(head, selection(head)?))?;
    let mut response = answer(app, head, &opened)?;
    if bucket.versioning != Versioning::Unversioned {
        set(
            &mut response,
            name::VERSION_ID,
            opened.version().id.as_str(),
        );
    }
    Ok((opened, response))
}

/// `Range` or `partNumber`, not both (MPU-113).
fn selection(head: &Head) -> S3Result<Selection> {
    let range = head.header(RANGE.as_str());
    match (range, head.query.get("partNumber")) {
        (Some(_), Some(_)) => Err(S3Error::new(
            Code::InvalidRequest,
            "Cannot specify both Range header and partNumber query parameter",
        )),
        (Some(range), None) => Ok(Selection::Range(range)),
        (None, Some(text)) => part_number(text).map(Selection::Part),
        (None, None) => Ok(Selection::Whole),
    }
}

/// A part number, 1 to 10,000 (MPU-106).
///
/// # Errors
/// `InvalidArgument` for anything else.
pub(super) fn part_number(text: &str) -> S3Result<u16> {
    match text.parse() {
        Ok(number) if (1..=crate::store::limits::PARTS_MAX).contains(&number) => Ok(number),
        _ => Err(S3Error::new(
            Code::InvalidArgument,
            "Part number must be an integer between 1 and 10000, inclusive",
        )
        .with("ArgumentName", "partNumber")
        .with("ArgumentValue", text)),
    }
}

/// The head of the answer; everything in it was unlocked by the door.
fn answer(app: &App, head: &Head, opened: &Opened) -> S3Result<Response> {
    let (record, selected) = (opened.record()?, opened.selected);
    let mut response = respond::empty(if selected.partial { 206 } else { 200 });
    for (name, value) in &record.head.headers {
        set(&mut response, name, value);
    }
    set(&mut response, ACCEPT_RANGES.as_str(), "bytes");
    set(
        &mut response,
        CONTENT_LENGTH.as_str(),
        &selected.len.to_string(),
    );
    set(
        &mut response,
        ETAG.as_str(),
        &format!("\"{}\"", record.etag),
    );
    set(
        &mut response,
        LAST_MODIFIED.as_str(),
        &date::http(opened.version().last_modified),
    );
    if let Some(range) = selected.range {
        set(
            &mut response,
            CONTENT_RANGE.as_str(),
            &range.content_range(),
        );
    }
    if record.head.storage_class != "STANDARD" {
        set(
            &mut response,
            name::STORAGE_CLASS,
            &record.head.storage_class,
        );
    }
    if !record.head.tags.is_empty() {
        set(
            &mut response,
            name::TAGGING_COUNT,
            &record.head.tags.len().to_string(),
        );
    }
    if let (Some(_), Some(count)) = (selected.part, record.parts_count()) {
        set(&mut response, name::MP_PARTS_COUNT, &count.to_string());
    }
    let key_md5 = opened.key_md5.as_deref();
    encryption::show(&mut response, app, &record.head.encryption, key_md5);
    show_checksum(head, opened, &mut response);
    Ok(response)
}

/// Checksums are shown when asked for, and only with the whole they cover (GET-028..030, CHK-121).
fn show_checksum(head: &Head, opened: &Opened, response: &mut Response) {
    let asked = head
        .header(name::CHECKSUM_MODE)
        .is_some_and(|mode| mode == "ENABLED");
    let whole = opened.selected.range.is_none_or(|range| range.is_whole());
    if let Some(kept) = opened.checksum().filter(|_| asked && whole) {
        kept.show(response);
    }
}
