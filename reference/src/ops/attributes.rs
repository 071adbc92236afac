//! GetObjectAttributes: needs the key of an SSE-C object like any other read.

use http::header::LAST_MODIFIED;

use crate::app::App;
use crate::authorize;
use crate::date;
use crate::door::{self, Knock, Opened, Selection};
use crate::error::{Code, S3Error, S3Result};
use crate::head::Head;
use crate::headers as name;
use crate::respond::{self, set};
use crate::service::{Call, Response};
use crate::store::limits::PAGE_ENTRIES_MAX;
use crate::store::{ChecksumType, Versioning};
use crate::xml::Writer;

/// What can be asked for (ATT-101: the case of letters counts).
const ATTRIBUTES: &[&str] = &[
    "ETag",
    "Checksum",
    "ObjectParts",
    "StorageClass",
    "ObjectSize",
];

/// GetObjectAttributes.
pub(super) fn get(app: &App, call: &Call) -> S3Result<Response> {
    let head = &call.head;
    let bucket = authorize::admit(app, call)?;
    let asked = asked(head)?;
    let page = PartPage::read(head)?;
    let opened = door::open(app, &Knock::of_read(head, Selection::Whole))?;
    let mut response = respond::xml(200, document(app, &opened, &asked, page)?);
    set(
        &mut response,
        LAST_MODIFIED.as_str(),
        &date::http(opened.version().last_modified),
    );
    if bucket.versioning != Versioning::Unversioned {
        set(
            &mut response,
            name::VERSION_ID,
            opened.version().id.as_str(),
        );
    }
    Ok(response)
}

fn asked(head: &Head) -> S3Result<Vec<String>> {
    let Some(text) = head.header(name::OBJECT_ATTRIBUTES) else {
        return Err(S3Error::new(
            Code::InvalidRequest,
            "The x-amz-object-attributes header specifying the attributes to be retrieved is \
             either missing or empty",
        ));
    };
    text.split(',')
        .map(|word| {
            let word = word.trim();
            if ATTRIBUTES.contains(&word) {
                return Ok(word.to_owned());
            }
            Err(
                S3Error::new(Code::InvalidArgument, "Invalid attribute name specified.")
                    .with("ArgumentName", name::OBJECT_ATTRIBUTES)
                    .with("ArgumentValue", word),
            )
        })
        .collect()
}

/// Which parts of a COMPOSITE object are shown (ATT-102).
#[derive(Clone, Copy)]
struct PartPage {
    max: usize,
    marker: u16,
}

impl PartPage {
    fn read(head: &Head) -> S3Result<Self> {
        let number = |header: &'static str| match head.header(header) {
            None => Ok(None),
            Some(text) => text.parse::<u16>().map(Some).map_err(|_| {
                S3Error::new(
                    Code::InvalidArgument,
                    format!("Provided {header} not an integer or within integer range"),
                )
                .with("ArgumentName", header)
                .with("ArgumentValue", text)
            }),
        };
        let max = number("x-amz-max-parts")?;
        Ok(Self {
            max: max.map_or(PAGE_ENTRIES_MAX, |max| {
                usize::from(max).min(PAGE_ENTRIES_MAX)
            }),
            marker: number("x-amz-part-number-marker")?.unwrap_or(0),
        })
    }
}

fn document(app: &App, opened: &Opened, asked: &[String], page: PartPage) -> S3Result<Writer> {
    let record = opened.record()?;
    let wants = |attribute: &str| asked.iter().any(|word| word == attribute);
    let mut writer = Writer::document("GetObjectAttributesResponse");
    if wants("ETag") {
        writer.text("ETag", &record.etag);
    }
    if let Some(kept) = opened.checksum().filter(|_| wants("Checksum")) {
        writer.open("Checksum");
        writer.text(
            kept.checksum.algorithm().element(),
            kept.checksum.to_base64(),
        );
        writer.text("ChecksumType", kept.kind.as_str()).close();
    }
    if wants("ObjectParts") && record.parts_count().is_some() {
        parts(app, opened, page, &mut writer)?;
    }
    if wants("StorageClass") {
        writer.text("StorageClass", &record.head.storage_class);
    }
    if wants("ObjectSize") {
        writer.text("ObjectSize", record.size.to_string());
    }
    Ok(writer)
}

/// Only a COMPOSITE object lists its parts; others tell their number (ATT-102).
fn parts(app: &App, opened: &Opened, page: PartPage, writer: &mut Writer) -> S3Result<()> {
    let record = opened.record()?;
    writer.open("ObjectParts");
    let is_composite = opened
        .checksum()
        .is_some_and(|kept| kept.kind == ChecksumType::Composite);
    if is_composite {
        let after: Vec<_> = record
            .parts
            .iter()
            .filter(|part| part.number > page.marker)
            .collect();
        let shown = &after[..after.len().min(page.max)];
        writer.text("IsTruncated", (shown.len() < after.len()).to_string());
        writer.text("MaxParts", page.max.to_string());
        let last = shown.last().map_or(page.marker, |part| part.number);
        writer.text("NextPartNumberMarker", last.to_string());
        writer.text("PartNumberMarker", page.marker.to_string());
        for part in shown {
            writer
                .open("Part")
                .text("PartNumber", part.number.to_string());
            writer.text("Size", part.size.to_string());
            if let Some(kept) = opened.part_checksum(app, part)? {
                writer.text(
                    kept.checksum.algorithm().element(),
                    kept.checksum.to_base64(),
                );
            }
            writer.close();
        }
    }
    writer
        .text("PartsCount", record.parts.len().to_string())
        .close();
    Ok(())
}
