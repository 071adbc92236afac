//! CopyObject: opens the source with its key and seals the target with its own.

use std::sync::Arc;

use crate::app::App;
use crate::authorize;
use crate::checksums::Kept;
use crate::conditions::{ReadConditions, WriteCondition};
use crate::copy_source::CopySource;
use crate::date;
use crate::door::{self, Knock, Opened, Selection};
use crate::encryption::Wanted;
use crate::error::{Code, S3Error, S3Result};
use crate::head::Head;
use crate::headers as name;
use crate::metadata;
use crate::payload::Algorithm;
use crate::respond::{self, set};
use crate::service::{Call, Response};
use crate::sigv4::hex;
use crate::ssec::{Side, Triple, rules};
use crate::store::{Bucket, ObjectRecord, VersionId, Versioning};
use crate::write;
use crate::xml::Writer;

use super::put_object::{self, Admitted};

/// What a directive says about metadata or tags.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Directive {
    Copy,
    Replace,
}

/// CopyObject. The order of checks is S3's as far as it is known (CPY-104).
pub(super) async fn copy(app: &App, call: Call) -> S3Result<Response> {
    let head = &call.head;
    metadata::storage_class(&head.headers)?;
    let source = CopySource::read(head)?;
    let directives = (
        directive(head, name::METADATA_DIRECTIVE)?,
        directive(head, name::TAGGING_DIRECTIVE)?,
    );
    let algorithm = requested_algorithm(head)?;
    let bucket = authorize::bucket(app, head)?;
    authorize::expected_owner(app, head, name::SOURCE_EXPECTED_BUCKET_OWNER)?;
    authorize::allow_source(app, &call, &source)?;
    let wanted = Wanted::read(&head.headers, &bucket)?;
    let condition = WriteCondition::read(&head.headers)?;
    put_object::judge_early(app, &bucket, head.key(), &condition)?;
    let opened = open_source(app, head, &source, Selection::Whole)?;
    let sealing = put_object::admit(app, &call, &bucket, wanted)?;
    let admitted = with_source(sealing, opened.record()?, directives);
    changes_something(&bucket, head, &source, &opened, directives.0)?;
    finish(app, &bucket, head, &source, opened, admitted, algorithm).await
}

/// Opens the source of CopyObject or UploadPartCopy: its conditions, then its triple.
pub(super) fn open_source(
    app: &App,
    head: &Head,
    source: &CopySource,
    selection: Selection,
) -> S3Result<Opened> {
    door::open(
        app,
        &Knock {
            bucket: &source.bucket,
            key: &source.key,
            version_id: source.version_id.as_deref(),
            triple: Triple::read(&head.headers, Side::CopySource),
            other_encryption: None,
            rules: rules::COPY_SOURCE,
            is_copy_source: true,
            conditions: ReadConditions::of_copy_source(&head.headers),
            selection,
        },
    )
}

fn directive(head: &Head, header: &'static str) -> S3Result<Directive> {
    match head.header(header).as_deref() {
        None | Some("COPY") => Ok(Directive::Copy),
        Some("REPLACE") => Ok(Directive::Replace),
        Some(other) => Err(
            S3Error::new(Code::InvalidArgument, "Unknown metadata directive.")
                .with("ArgumentName", header)
                .with("ArgumentValue", other),
        ),
    }
}

/// `x-amz-checksum-algorithm` (CHK-109).
pub(super) fn requested_algorithm(head: &Head) -> S3Result<Option<Algorithm>> {
    let Some(text) = head.header(name::CHECKSUM_ALGORITHM) else {
        return Ok(None);
    };
    Algorithm::from_name(&text).map(Some).ok_or_else(|| {
        S3Error::new(
            Code::InvalidRequest,
            "Checksum algorithm provided is unsupported. Please try again with any of the valid \
             types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]",
        )
    })
}

/// Metadata and tags of the source, unless they are replaced.
fn with_source(
    admitted: Admitted,
    source: &ObjectRecord,
    (metadata, tags): (Directive, Directive),
) -> Admitted {
    Admitted {
        headers: match metadata {
            Directive::Copy => source.head.headers.clone(),
            Directive::Replace => admitted.headers,
        },
        tags: match tags {
            Directive::Copy => source.head.tags.clone(),
            Directive::Replace => admitted.tags,
        },
        ..admitted
    }
}

/// A copy onto itself must change something (CPY-012, CPY-101). Naming any encryption counts,
/// and so do a default encryption that somebody gave the bucket, and taking the object out of SSE-C.
fn changes_something(
    bucket: &Bucket,
    head: &Head,
    source: &CopySource,
    opened: &Opened,
    metadata: Directive,
) -> S3Result<()> {
    const COUNTS: &[&str] = &[
        name::SSE,
        name::SSEC_ALGORITHM,
        name::STORAGE_CLASS,
        name::WEBSITE_REDIRECT,
    ];
    let onto_itself =
        source.bucket == head.bucket() && source.key == head.key() && source.version_id.is_none();
    let changes = metadata == Directive::Replace
        || bucket.encryption.is_explicit
        || opened.key_md5.is_some()
        || COUNTS.iter().any(|name| head.headers.contains_key(*name));
    if !onto_itself || changes {
        return Ok(());
    }
    Err(S3Error::new(
        Code::InvalidRequest,
        "This copy request is illegal because it is trying to copy an object to itself without \
         changing the object's metadata, storage class, website redirect location or encryption \
         attributes.",
    ))
}

async fn finish(
    app: &App,
    bucket: &Bucket,
    head: &Head,
    source: &CopySource,
    opened: Opened,
    admitted: Admitted,
    algorithm: Option<Algorithm>,
) -> S3Result<Response> {
    let kept = opened.checksum().map(|kept| kept.checksum.algorithm());
    let algorithm = algorithm.or(kept).unwrap_or(Algorithm::Crc64Nvme);
    let source_version = source_version(app, source, &opened.version().id);
    let object_key = &admitted.sealing.object_key;
    let copied = write::seal_copy(app, Arc::new(opened), object_key, None, algorithm).await?;
    let etag = match admitted.sealing.key_md5 {
        Some(_) => put_object::opaque_etag(app.random()),
        None => hex::encode(&copied.md5),
    };
    let kept = Kept::full(copied.checksum);
    let record = put_object::record(app, &admitted, copied.stored, etag, Some(&kept));
    let written = put_object::commit(app, bucket, head.key(), record, &admitted.condition)?;
    let mut writer = Writer::document("CopyObjectResult");
    describe(&mut writer, &written.version, Some(&kept));
    let mut response = put_object::written_answer(app, bucket, &admitted.sealing, &written)?;
    respond::fill(&mut response, writer);
    response.headers_mut().remove(http::header::ETAG);
    if let Some(id) = source_version {
        set(&mut response, name::COPY_SOURCE_VERSION_ID, &id);
    }
    Ok(response)
}

/// ETag, time and checksum, as in the results of both copies.
fn describe(writer: &mut Writer, version: &crate::store::Version, kept: Option<&Kept>) {
    let etag = version.facts().map(|facts| facts.etag().to_owned());
    writer.text("LastModified", date::iso8601(version.last_modified));
    writer.text("ETag", format!("\"{}\"", etag.unwrap_or_default()));
    if let Some(kept) = kept {
        writer.text(kept.checksum.algorithm().element(), kept.value());
        writer.text("ChecksumType", kept.kind.as_str());
    }
}

/// The version that was read, said where the source's bucket is or was versioned.
pub(super) fn source_version(app: &App, source: &CopySource, id: &VersionId) -> Option<String> {
    let bucket = app.store().bucket(&source.bucket).ok()?;
    (bucket.versioning != Versioning::Unversioned).then(|| id.as_str().to_owned())
}
