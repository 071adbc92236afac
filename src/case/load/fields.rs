//! The fields of a request, one row each: what it is for authors, its shape for the schema, and
//! how it is read. Which verb takes which field is in `verb.rs`.

use super::composites::{
    ASKS, LISTINGS, checksum, form_policy, headers, object_entry, optional_values, part_entry,
    sign, statement, values, wire,
};
use super::reader::Reader;
use crate::case::call::Call;
use crate::case::node::Node;
use crate::case::value::RefField;

/// A field of a request: a row of [`FIELDS`].
#[derive(Clone, Copy, Debug)]
pub struct FieldSpec {
    /// As it is written.
    pub name: &'static str,
    /// What it is for.
    pub says: &'static str,
    /// Its shape, by the name of a definition in the schema.
    pub shape: &'static str,
    /// Reads it into the call.
    pub(super) read: fn(&mut Reader<'_>, &Node, &mut Call),
}

macro_rules! fields {
    ($($name:literal $shape:literal $says:literal $read:expr;)*) => {
        /// Every field of a request.
        pub const FIELDS: &[FieldSpec] =
            &[$(FieldSpec { name: $name, says: $says, shape: $shape, read: $read }),*];
    };
}

fields! {
    "object"  "text"  "the object, by a name of the case"
        |r, n, c| c.object = r.text(n, "an object's name");
    "from"  "text"  "the source object of a copy"
        |r, n, c| c.from = r.text(n, "an object's name");
    "version"  "value"  "`versionId` of the object: `$name` or text"
        |r, n, c| c.version = r.value_with(n, Some(RefField::VersionId));
    "source_version"  "value"  "`versionId` of the source: `$name` or text"
        |r, n, c| c.source_version = r.value_with(n, Some(RefField::VersionId));
    "sse_c"  "triple"  "the triple of the object"
        |r, n, c| c.sse_c = r.triple(n);
    "source_sse_c"  "triple"  "the triple of the source of a copy"
        |r, n, c| c.source_sse_c = r.triple(n);
    "body"  "body"  "the body that is sent"
        |r, n, c| c.body = r.body(n);
    "range"  "range"  "`Range`, or `x-amz-copy-source-range`"
        |r, n, c| c.range = r.range(n);
    "upload"  "value"  "the upload: `$name` or a literal id (then with `object`)"
        |r, n, c| c.upload = r.value_with(n, Some(RefField::UploadId));
    "part"  "text"  "`partNumber`, sent as written"
        |r, n, c| c.part = r.text(n, "a part number");
    "parts"  "parts"  "what completes the upload: `$name` of each part, or `{of, part, etag, checksum}`"
        |r, n, c| c.parts = r.list(n, "`parts`").into_iter().filter_map(|item| part_entry(r, item)).collect();
    "checksum"  "checksum"  "a flexible checksum: an algorithm, or `{algorithm, value, in}`"
        |r, n, c| c.checksum = checksum(r, n);
    "metadata"  "values"  "user metadata, without `x-amz-meta-`"
        |r, n, c| c.metadata = values(r, n, "`metadata`");
    "attributes"  "texts"  "what GetObjectAttributes asks for; all, if it is not said"
        |r, n, c| c.attributes = r.texts(n, "an attribute");
    "objects"  "objects"  "what DeleteObjects lists: a name, or `{object, version}`"
        |r, n, c| c.objects = r.list(n, "`objects`").into_iter().filter_map(|item| object_entry(r, item)).collect();
    "listing"  "listing"  "which listing: v2 (if it is not said), v1, versions or uploads"
        |r, n, c| c.listing = r.word(n, "listing", LISTINGS);
    "prefix"  "text"  "the listing's prefix below the case's own"
        |r, n, c| c.prefix = r.text(n, "a prefix");
    "headers"  "headers"  "headers set; sent twice (a list); or not sent (null)"
        |r, n, c| c.headers = headers(r, n);
    "query"  "values"  "query parameters added"
        |r, n, c| c.query = values(r, n, "`query`");
    "method"  "text"  "the HTTP method"
        |r, n, c| c.method = r.text(n, "a method");
    "url"  "value"  "the presigned URL: `$name`"
        |r, n, c| c.url = r.value_with(n, Some(RefField::Url));
    "expires"  "time"  "how long the URL or the policy holds; 300s if it is not said"
        |r, n, c| c.expires = r.seconds(n);
    "fields"  "optional_values"  "form fields added, or (null) left out"
        |r, n, c| c.fields = optional_values(r, n, "`fields`");
    "filename"  "text"  "the file name of the form's file part"
        |r, n, c| c.filename = r.text(n, "a file name");
    "policy"  "form_policy"  "how the form's policy differs from one that fits: `{conditions, length}`"
        |r, n, c| c.policy = form_policy(r, n);
    "ask"  "ask"  "what is asked of the bucket"
        |r, n, c| c.ask = r.word(n, "bucket operation", ASKS);
    "statements"  "statements"  "a bucket policy: `{effect, action, conditions}` each"
        |r, n, c| c.statements = r.list(n, "`statements`").into_iter().filter_map(|item| statement(r, item)).collect();
    "blocked"  "texts"  "`BlockedEncryptionTypes`: NONE or SSE-C"
        |r, n, c| c.blocked = Some(r.texts(n, "an encryption type"));
    "default_encryption"  "text"  "`SSEAlgorithm` of the bucket's default"
        |r, n, c| c.default_encryption = r.text(n, "an algorithm");
    "versioning"  "text"  "`Status` of the bucket's versioning: Enabled or Suspended"
        |r, n, c| c.versioning = r.text(n, "a status");
    "same"  "value_list"  "values that must be the same"
        |r, n, c| c.same = r.list(n, "`same`").into_iter().filter_map(|item| r.value(item)).collect();
    "different"  "value_list"  "values that must all differ"
        |r, n, c| c.different = r.list(n, "`different`").into_iter().filter_map(|item| r.value(item)).collect();
    "sign"  "sign"  "how the request is signed: header, none, v2, or `{unsigned, corrupt, skew, payload}`"
        |r, n, c| c.sign = sign(r, n);
    "wire"  "wire"  "what no client library would send: `{scheme, lines, first, stop_after}`"
        |r, n, c| c.wire = wire(r, n);
}

/// The row of that name.
pub(super) fn field(name: &str) -> Option<&'static FieldSpec> {
    FIELDS.iter().find(|field| field.name == name)
}
