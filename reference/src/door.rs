//! The one door for reads: GetObject, HeadObject, GetObjectAttributes and the sources of copies
//! all come through [`open`], in S3's order.
//!
//! Before the key is proved only [`Facts`] are to be seen: ETag, size, times, the table of
//! parts. User metadata, checksums and bytes come from [`Opened`], which this file alone makes:
//! the store gives them up against a [`KeyProof`], and nobody else asks for one.

use std::sync::Arc;

use crate::app::App;
use crate::checksums::{self, Kept};
use crate::conditions::ReadConditions;
use crate::error::{Code, S3Error, S3Result};
use crate::head::Head;
use crate::headers as name;
use crate::range::{self, ByteRange};
use crate::seal::{Binding, ObjectKey, WrappingKey, manifest, part_manifest};
use crate::ssec::rules::{self, Rule};
use crate::ssec::{CustomerKey, KeyProof, Side, Triple};
use crate::store::{Facts, ObjectRecord, PartRecord, Version, VersionId};

/// What of an object is to be read.
#[derive(Debug, Default)]
pub(crate) enum Selection {
    /// All of it.
    #[default]
    Whole,
    /// What a `Range` header says.
    Range(String),
    /// One part.
    Part(u16),
}

/// What a read asks for.
pub(crate) struct Knock<'a> {
    pub(crate) bucket: &'a str,
    pub(crate) key: &'a str,
    /// `None`: the current version.
    pub(crate) version_id: Option<&'a str>,
    pub(crate) triple: Triple,
    /// A header that asks a read for encryption (GET-010).
    pub(crate) other_encryption: Option<String>,
    /// [`rules::READ`] or [`rules::COPY_SOURCE`].
    pub(crate) rules: &'static [Rule],
    /// Whether a copy asks, which words one refusal differently (VER-007).
    pub(crate) is_copy_source: bool,
    pub(crate) conditions: ReadConditions,
    pub(crate) selection: Selection,
}

impl<'a> Knock<'a> {
    /// What GetObject, HeadObject and GetObjectAttributes ask for.
    pub(crate) fn of_read(head: &'a Head, selection: Selection) -> Self {
        Self {
            bucket: head.bucket(),
            key: head.key(),
            version_id: head.query.get("versionId"),
            triple: Triple::read(&head.headers, Side::Object),
            other_encryption: head.header(name::SSE),
            rules: rules::READ,
            is_copy_source: false,
            conditions: ReadConditions::of_read(&head.headers),
            selection,
        }
    }
}

/// The bytes that were selected.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Selected {
    /// Offset of the first byte.
    pub(crate) first: u64,
    /// How many.
    pub(crate) len: u64,
    /// `Content-Range`, if the answer is partial.
    pub(crate) range: Option<ByteRange>,
    /// Whether the answer is a 206.
    pub(crate) partial: bool,
    /// The part that was asked for.
    pub(crate) part: Option<u16>,
}

/// An object whose key was proved.
pub(crate) struct Opened {
    version: Arc<Version>,
    proof: KeyProof,
    pub(crate) object_key: ObjectKey,
    checksum: Option<Kept>,
    binding: Binding,
    /// The key-MD5 to echo, computed from the key that was presented.
    pub(crate) key_md5: Option<String>,
    pub(crate) selected: Selected,
}

impl Opened {
    /// The version.
    pub(crate) fn version(&self) -> &Version {
        &self.version
    }

    /// The whole record.
    pub(crate) fn record(&self) -> S3Result<&ObjectRecord> {
        self.version
            .unlock(&self.proof)
            .ok_or_else(|| Code::InternalError.into())
    }

    /// The checksum of one of its parts, if one is kept.
    pub(crate) fn part_checksum(&self, app: &App, part: &PartRecord) -> S3Result<Option<Kept>> {
        let manifest = part_manifest(&self.binding, &part.stream, part.size);
        checksums::open(app, &manifest, &part.sealed_checksums)
    }

    /// The checksum of the object, if one is kept.
    pub(crate) fn checksum(&self) -> Option<&Kept> {
        self.checksum.as_ref()
    }
}

/// Opens an object, or refuses as S3 does.
///
/// # Errors
/// Existence first, then what `knock.rules` refuses, in their order.
pub(crate) fn open(app: &App, knock: &Knock<'_>) -> S3Result<Opened> {
    let version = find(app, knock)?;
    let facts = version.facts().ok_or(Code::InternalError)?;
    let selected = select(&knock.selection, facts);
    let proof = rules::prove(
        knock.rules,
        &rules::Facts {
            triple: Some(&knock.triple),
            other_encryption: knock.other_encryption.as_deref(),
            verifier: facts.verifier(),
            condition: knock
                .conditions
                .judge(facts.etag(), version.last_modified, app.now()),
            range: selected.as_ref().err().cloned(),
            ..rules::Facts::default()
        },
    )?;
    let selected = selected?;
    let customer_key = knock
        .triple
        .customer_key()
        .filter(|_| facts.verifier().is_some());
    let record = version.unlock(&proof).ok_or(Code::InternalError)?;
    let binding = Binding {
        bucket: version.bucket.clone(),
        key: version.key.clone(),
        write_id: record.head.write_id,
    };
    let object_key = unwrap(app, record, &binding, customer_key.as_ref())?;
    let streams = record.parts.iter().map(|part| (&part.stream, part.size));
    let checksum = checksums::open(app, &manifest(&binding, streams), &record.sealed_checksums)?;
    let key_md5 = customer_key.map(|customer_key| customer_key.key_md5());
    Ok(Opened {
        version,
        proof,
        object_key,
        checksum,
        binding,
        key_md5,
        selected,
    })
}

/// What was sealed under a proven key and does not open was tampered with.
fn unwrap(
    app: &App,
    record: &ObjectRecord,
    binding: &Binding,
    customer_key: Option<&CustomerKey>,
) -> S3Result<ObjectKey> {
    let under = match customer_key {
        Some(customer_key) => WrappingKey::Customer(customer_key),
        None => WrappingKey::Server(app.server_key()),
    };
    let unwrapped = record
        .head
        .sealed_object_key
        .unwrap(under, binding, app.cipher());
    unwrapped.map_err(|_| Code::InternalError.into())
}

/// The version that is meant: S3 looks for it before it looks at the headers (GET-024, GET-025).
fn find(app: &App, knock: &Knock<'_>) -> S3Result<Arc<Version>> {
    let wanted = knock.version_id.map(VersionId::parse).transpose()?;
    let version = app
        .store()
        .version(knock.bucket, knock.key, wanted.as_ref())?;
    if !version.is_delete_marker() {
        return Ok(version);
    }
    Err(match wanted {
        Some(_) if knock.is_copy_source => S3Error::new(
            Code::InvalidRequest,
            "The source of a copy request may not specifically refer to a delete marker by \
             version id.",
        ),
        _ => marker(&version, &http::Method::GET, wanted.is_some()),
    })
}

/// The refusal of a delete marker: of the current version it is a 404, asked for by its id a 405
/// (GET-024, GET-025, VER-006).
pub(crate) fn marker(version: &Version, method: &http::Method, by_id: bool) -> S3Error {
    let error = if by_id {
        S3Error::from(Code::MethodNotAllowed)
            .with("Method", method.as_str())
            .with("ResourceType", "DeleteMarker")
            .with_header("allow", "DELETE")
    } else {
        S3Error::from(Code::NoSuchKey).with("Key", version.key.as_str())
    };
    error
        .with_header(name::DELETE_MARKER, "true")
        .with_header(name::VERSION_ID, version.id.as_str())
}

fn select(selection: &Selection, facts: Facts<'_>) -> S3Result<Selected> {
    let total = facts.size();
    let whole = Selected {
        first: 0,
        len: total,
        range: None,
        partial: false,
        part: None,
    };
    match selection {
        Selection::Whole => Ok(whole),
        Selection::Range(header) => Ok(match range::read(Some(header), total)? {
            None => whole,
            Some(range) => Selected {
                first: range.first,
                len: range.byte_count(),
                range: Some(range),
                partial: true,
                part: None,
            },
        }),
        Selection::Part(number) => {
            let (first, len) = part(*number, facts)?;
            let range = (len > 0).then(|| ByteRange {
                first,
                last: first + len - 1,
                total,
            });
            Ok(Selected {
                first,
                len,
                range,
                partial: true,
                part: Some(*number),
            })
        }
    }
}

/// Where the part of this number lies: offset and length in plaintext bytes.
fn part(number: u16, facts: Facts<'_>) -> S3Result<(u64, u64)> {
    let mut first = 0;
    for (at, len) in facts.parts() {
        if at == number {
            return Ok((first, len));
        }
        first += len;
    }
    Err(S3Error::from(Code::InvalidPartNumber)
        .with("PartNumberRequested", number.to_string())
        .with("ActualPartCount", facts.parts().len().to_string()))
}
