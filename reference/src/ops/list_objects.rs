//! ListObjects, ListObjectsV2 and ListObjectVersions. Sizes are those of the plaintext, and no
//! customer key is asked for (LST-001).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::app::App;
use crate::authorize;
use crate::date;
use crate::error::{Code, S3Error, S3Result};
use crate::head::Head;
use crate::respond;
use crate::service::{Call, Response};
use crate::store::limits::PAGE_ENTRIES_MAX;
use crate::store::{Facts, Next, Query, Version, VersionId};
use crate::xml::Writer;

/// The largest number that S3 takes for `max-keys`.
const MAX_KEYS_MAX: u64 = i32::MAX as u64;

/// The parameters that all listings share.
pub(super) struct Listing<'a> {
    head: &'a Head,
    pub(super) prefix: &'a str,
    pub(super) delimiter: Option<&'a str>,
    pub(super) max: usize,
    encode: bool,
}

impl<'a> Listing<'a> {
    /// Reads prefix, delimiter, the maximum named `max`, and encoding-type.
    pub(super) fn read(head: &'a Head, max: &'static str) -> S3Result<Self> {
        let wanted = head.query.number(max, MAX_KEYS_MAX)?;
        let encode = match head.query.get("encoding-type") {
            None | Some("") => false,
            Some("url") => true,
            Some(other) => {
                return Err(S3Error::new(
                    Code::InvalidArgument,
                    "Invalid Encoding Method specified in Request",
                )
                .with("ArgumentName", "encoding-type")
                .with("ArgumentValue", other));
            }
        };
        Ok(Self {
            head,
            prefix: head.query.get("prefix").unwrap_or_default(),
            delimiter: head.query.get("delimiter").filter(|text| !text.is_empty()),
            max: wanted.map_or(PAGE_ENTRIES_MAX, |wanted| {
                wanted.min(PAGE_ENTRIES_MAX as u64) as usize
            }),
            encode,
        })
    }

    /// The store's query, going on after a key.
    pub(super) fn query(&self, after: Option<&'a str>) -> Query<'a> {
        Query {
            prefix: self.prefix,
            delimiter: self.delimiter,
            after,
            max: Some(self.max),
        }
    }

    /// A key as `encoding-type` wants it.
    pub(super) fn name(&self, key: &str) -> String {
        if self.encode {
            percent_encode(key)
        } else {
            key.to_owned()
        }
    }

    /// What every listing begins with.
    pub(super) fn begin(&self, writer: &mut Writer, max_name: &'static str) {
        writer.text("Prefix", self.name(self.prefix));
        writer.optional(
            "Delimiter",
            self.delimiter.map(|delimiter| self.name(delimiter)),
        );
        writer.text(max_name, self.max.to_string());
        writer.optional("EncodingType", self.encode.then_some("url"));
    }

    /// The common prefixes.
    pub(super) fn common_prefixes(&self, writer: &mut Writer, prefixes: &[String]) {
        for prefix in prefixes {
            writer
                .open("CommonPrefixes")
                .text("Prefix", self.name(prefix))
                .close();
        }
    }

    /// A query parameter that is not empty.
    pub(super) fn parameter(&self, name: &str) -> Option<&'a str> {
        self.head.query.get(name).filter(|text| !text.is_empty())
    }
}

fn percent_encode(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~/*".contains(&byte);
    text.bytes()
        .map(|byte| {
            if keep(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// ListObjects.
pub(super) fn v1(app: &App, call: &Call) -> S3Result<Response> {
    authorize::admit(app, call)?;
    let listing = Listing::read(&call.head, "max-keys")?;
    let marker = listing.parameter("marker");
    let page = app
        .store()
        .list_objects(call.head.bucket(), listing.query(marker))?;
    let mut writer = Writer::document("ListBucketResult");
    writer.text("Name", call.head.bucket());
    listing.begin(&mut writer, "MaxKeys");
    writer.text("Marker", listing.name(marker.unwrap_or_default()));
    writer.text("IsTruncated", page.next.is_some().to_string());
    if let (Some(next), Some(_)) = (&page.next, listing.delimiter) {
        writer.text("NextMarker", listing.name(&next.key));
    }
    for version in &page.items {
        object(app, &mut writer, &listing, version, true);
    }
    listing.common_prefixes(&mut writer, &page.common_prefixes);
    Ok(respond::xml(200, writer))
}

/// ListObjectsV2.
pub(super) fn v2(app: &App, call: &Call) -> S3Result<Response> {
    authorize::admit(app, call)?;
    let listing = Listing::read(&call.head, "max-keys")?;
    let token = listing.parameter("continuation-token");
    let start_after = listing.parameter("start-after");
    let resumed = token.map(read_token).transpose()?;
    let after = resumed.as_deref().or(start_after);
    let query = Query {
        after,
        ..listing.query(None)
    };
    let page = app.store().list_objects(call.head.bucket(), query)?;
    let mut writer = Writer::document("ListBucketResult");
    writer.text("Name", call.head.bucket());
    listing.begin(&mut writer, "MaxKeys");
    writer.text(
        "KeyCount",
        (page.items.len() + page.common_prefixes.len()).to_string(),
    );
    writer.optional("StartAfter", start_after.map(|text| listing.name(text)));
    writer.optional("ContinuationToken", token);
    writer.text("IsTruncated", page.next.is_some().to_string());
    writer.optional("NextContinuationToken", page.next.as_ref().map(make_token));
    let owner = call.head.query.get("fetch-owner") == Some("true");
    for version in &page.items {
        object(app, &mut writer, &listing, version, owner);
    }
    listing.common_prefixes(&mut writer, &page.common_prefixes);
    Ok(respond::xml(200, writer))
}

fn make_token(next: &Next) -> String {
    URL_SAFE_NO_PAD.encode(&next.key)
}

fn read_token(token: &str) -> S3Result<String> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| {
            S3Error::new(
                Code::InvalidArgument,
                "The continuation token provided is incorrect",
            )
            .with("ArgumentName", "continuation-token")
        })
}

fn object(app: &App, writer: &mut Writer, listing: &Listing<'_>, version: &Version, owner: bool) {
    let Some(facts) = version.facts() else { return };
    writer
        .open("Contents")
        .text("Key", listing.name(&version.key));
    describe(writer, version, facts);
    if owner {
        writer
            .open("Owner")
            .text("ID", &app.settings().account_id)
            .close();
    }
    writer.close();
}

fn describe(writer: &mut Writer, version: &Version, facts: Facts<'_>) {
    writer.text("LastModified", date::iso8601(version.last_modified));
    writer.text("ETag", format!("\"{}\"", facts.etag()));
    if let Some(checksum) = facts.checksum() {
        writer.text("ChecksumAlgorithm", checksum.algorithm.name());
        writer.text("ChecksumType", checksum.kind.as_str());
    }
    writer.text("Size", facts.size().to_string());
    writer.text("StorageClass", facts.storage_class());
}

/// ListObjectVersions.
pub(super) fn versions(app: &App, call: &Call) -> S3Result<Response> {
    authorize::admit(app, call)?;
    let listing = Listing::read(&call.head, "max-keys")?;
    let key_marker = listing.parameter("key-marker");
    let id_marker = listing.parameter("version-id-marker");
    if let (None, Some(text)) = (key_marker, id_marker) {
        return Err(S3Error::new(
            Code::InvalidArgument,
            "A version-id marker cannot be specified without a key marker.",
        )
        .with("ArgumentName", "version-id-marker")
        .with("ArgumentValue", text));
    }
    let after = id_marker.map(VersionId::parse).transpose()?;
    let page = app.store().list_versions(
        call.head.bucket(),
        listing.query(key_marker),
        after.as_ref(),
    )?;
    let mut writer = Writer::document("ListVersionsResult");
    writer.text("Name", call.head.bucket());
    listing.begin(&mut writer, "MaxKeys");
    writer.text("KeyMarker", listing.name(key_marker.unwrap_or_default()));
    writer.text("VersionIdMarker", id_marker.unwrap_or_default());
    writer.text("IsTruncated", page.next.is_some().to_string());
    if let Some(next) = &page.next {
        writer.text("NextKeyMarker", listing.name(&next.key));
        writer.optional("NextVersionIdMarker", next.id.as_ref());
    }
    for (version, is_latest) in &page.items {
        version_entry(app, &mut writer, &listing, version, *is_latest);
    }
    listing.common_prefixes(&mut writer, &page.common_prefixes);
    Ok(respond::xml(200, writer))
}

fn version_entry(
    app: &App,
    writer: &mut Writer,
    listing: &Listing<'_>,
    version: &Version,
    is_latest: bool,
) {
    let facts = version.facts();
    writer.open(if facts.is_some() {
        "Version"
    } else {
        "DeleteMarker"
    });
    writer
        .text("Key", listing.name(&version.key))
        .text("VersionId", version.id.as_str());
    writer.text("IsLatest", is_latest.to_string());
    match facts {
        Some(facts) => describe(writer, version, facts),
        None => {
            writer.text("LastModified", date::iso8601(version.last_modified));
        }
    }
    writer
        .open("Owner")
        .text("ID", &app.settings().account_id)
        .close();
    writer.close();
}
