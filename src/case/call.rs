//! One request as a case describes it. Says what is asked, not how that looks on the wire.

use super::data::Body;
use super::triple::Triple;
use super::value::{ChecksumAlgorithm, Value};

/// One S3 request, every field of every verb. Which verb takes which field is in
/// [`VERBS`](super::verb::VERBS); a loaded call has only fields that its verb takes.
///
/// A field that is `None` or empty is not sent or takes the default that is given with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// The object, by a name of the case; its full key is made by the runner. Other cases
    /// never meet it.
    pub object: Option<String>,
    /// The source object of a copy.
    pub from: Option<String>,
    /// `versionId` of the object.
    pub version: Option<Value>,
    /// `versionId` of the source of a copy.
    pub source_version: Option<Value>,
    /// The object's triple.
    pub sse_c: Option<Triple>,
    /// The copy source's triple.
    pub source_sse_c: Option<Triple>,
    /// The request's body. Verbs that build a body (complete_upload, delete, bucket) send this
    /// one in its place.
    pub body: Option<Body>,
    /// `Range`, or `x-amz-copy-source-range` of upload_part_copy.
    pub range: Option<ByteRange>,
    /// The upload, by the answer that started it or by a literal id.
    pub upload: Option<Value>,
    /// `partNumber`, sent as written: also out of range or no number at all.
    pub part: Option<String>,
    /// What complete_upload lists.
    pub parts: Vec<PartEntry>,
    /// A flexible checksum: of the body (put, upload_part, post_form), or the upload's algorithm
    /// (start_upload), or that of the listed parts (complete_upload).
    pub checksum: Option<Checksum>,
    /// User metadata, without the prefix `x-amz-meta-`.
    pub metadata: Vec<(String, Value)>,
    /// What GetObjectAttributes asks for; empty: ETag, Checksum, ObjectParts, StorageClass and
    /// ObjectSize.
    pub attributes: Vec<String>,
    /// What DeleteObjects lists; empty: DeleteObject of `object`.
    pub objects: Vec<ObjectEntry>,
    /// Which listing `list` asks for.
    pub listing: Option<Listing>,
    /// `prefix` of a listing, below the case's own prefix, which is the default.
    pub prefix: Option<String>,
    /// Header lines set, repeated or taken away, in the order written. Names keep the case in
    /// which they are written.
    pub headers: Vec<HeaderEdit>,
    /// Query parameters added, in the order written.
    pub query: Vec<(String, Value)>,
    /// The method of `raw`, `presign` and `use`.
    pub method: Option<String>,
    /// The presigned URL that `use` calls.
    pub url: Option<Value>,
    /// How long a presigned URL or a form's policy holds, in seconds; negative: it expired so
    /// many seconds ago. Default 300.
    pub expires: Option<i64>,
    /// Fields of a form besides those the verb makes, in the order written; `None` takes away one
    /// that the verb makes.
    pub fields: Vec<(String, Option<Value>)>,
    /// The name of the form's file part; `None`: the object's name.
    pub filename: Option<String>,
    /// How the form's policy document differs from one that fits the form.
    pub policy: FormPolicy,
    /// What `bucket` asks for.
    pub ask: Option<BucketAsk>,
    /// Statements of a bucket policy.
    pub statements: Vec<Statement>,
    /// `BlockedEncryptionTypes` of put_encryption; `None`: the element is left out.
    pub blocked: Option<Vec<String>>,
    /// `SSEAlgorithm` of put_encryption; `None`: the element is left out.
    pub default_encryption: Option<String>,
    /// `Status` of put_versioning: `Enabled` or `Suspended`.
    pub versioning: Option<String>,
    /// Values that `compare` holds to be all the same.
    pub same: Vec<Value>,
    /// Values that `compare` holds to be all different.
    pub different: Vec<Value>,
    /// How the request is signed.
    pub sign: Sign,
    /// What happens to the bytes after signing.
    pub wire: Wire,
}

/// A byte range, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteRange {
    /// `100-199`
    Between(u64, u64),
    /// `100-`
    From(u64),
    /// `-100`: the last so many bytes.
    Last(u64),
}

/// An entry of the list that completes an upload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartEntry {
    /// The answer of upload_part or upload_part_copy that gives what is not said here.
    pub of: Option<String>,
    /// `PartNumber`, if not that of the answer.
    pub part: Option<String>,
    /// `ETag`, if not that of the answer.
    pub etag: Option<Value>,
    /// The part's checksum, if not that of the answer. Sent only if the call has a `checksum`.
    pub checksum: Option<Value>,
}

/// A flexible checksum of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checksum {
    /// The algorithm.
    pub algorithm: ChecksumAlgorithm,
    /// The value sent, if not the right one.
    pub value: Option<Value>,
    /// Where it travels.
    pub place: ChecksumPlace,
}

/// Where a checksum travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChecksumPlace {
    /// In a header (a field, in a form).
    #[default]
    Header,
    /// In a trailer after an aws-chunked body.
    Trailer,
}

/// An entry of DeleteObjects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectEntry {
    /// The object.
    pub object: String,
    /// Its version.
    pub version: Option<Value>,
}

/// The listings of a bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Listing {
    /// ListObjects.
    V1,
    /// ListObjectsV2.
    #[default]
    V2,
    /// ListObjectVersions.
    Versions,
    /// ListMultipartUploads.
    Uploads,
}

/// What a case does to one header of the request that the verb makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderEdit {
    /// Its name, in the case in which it is sent.
    pub name: String,
    /// The values: one line each. None: a header that the verb would send is not sent.
    pub values: Vec<Value>,
}

/// How a form's policy document differs from one that fits the form exactly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormPolicy {
    /// Conditions that differ, by field name.
    pub conditions: Vec<(String, Condition)>,
    /// `content-length-range`, in bytes.
    pub length: Option<(u64, u64)>,
}

/// The condition of a form's policy on one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// `null`: the policy does not name the field.
    Unnamed,
    /// The field must have this value.
    Equals(Value),
    /// `{starts_with: …}`
    StartsWith(Value),
}

/// What the verb `bucket` can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BucketAsk {
    /// HeadBucket.
    Head,
    /// GetBucketLocation.
    GetLocation,
    /// GetBucketVersioning.
    GetVersioning,
    /// PutBucketVersioning.
    PutVersioning,
    /// GetBucketEncryption.
    GetEncryption,
    /// PutBucketEncryption.
    PutEncryption,
    /// DeleteBucketEncryption.
    DeleteEncryption,
    /// GetBucketPolicy.
    GetPolicy,
    /// PutBucketPolicy.
    PutPolicy,
    /// DeleteBucketPolicy.
    DeletePolicy,
}

impl BucketAsk {
    /// Whether it changes the bucket.
    #[must_use]
    pub fn changes(self) -> bool {
        match self {
            Self::Head
            | Self::GetLocation
            | Self::GetVersioning
            | Self::GetEncryption
            | Self::GetPolicy => false,
            Self::PutVersioning
            | Self::PutEncryption
            | Self::DeleteEncryption
            | Self::PutPolicy
            | Self::DeletePolicy => true,
        }
    }
}

/// One statement of a bucket policy. `Resource` is always the case's objects in its bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// `Effect`: `Deny` or `Allow`.
    pub effect: String,
    /// `Action`, such as `s3:PutObject`.
    pub action: String,
    /// `Condition`: operator, condition key, values.
    pub conditions: Vec<(String, String, Vec<Value>)>,
}

/// How a request is signed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sign {
    /// Whether and how.
    pub method: SignMethod,
    /// Headers that are sent without being signed, by name in lower case.
    pub unsigned: Vec<String>,
    /// What is spoilt after signing.
    pub corrupt: Option<Corrupt>,
    /// Seconds by which the signing clock is fast; negative: slow.
    pub skew: i64,
    /// How the body is signed.
    pub payload: Payload,
}

/// Whether and how a request is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignMethod {
    /// SigV4: in the header `Authorization`; presign in the query, post_form in the fields.
    #[default]
    V4,
    /// SigV2, for the refusals of it.
    V2,
    /// Not signed.
    None,
}

/// What is spoilt in a signed request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corrupt {
    /// One hexadecimal digit of the signature.
    Signature,
    /// The access key id.
    AccessKey,
    /// The region of the credential scope.
    Region,
}

/// How the body of a signed request is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Payload {
    /// By its SHA-256.
    #[default]
    Hash,
    /// `UNSIGNED-PAYLOAD`
    Unsigned,
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD`
    Streaming,
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER`
    StreamingTrailer,
    /// `STREAMING-UNSIGNED-PAYLOAD-TRAILER`
    UnsignedTrailer,
    /// The SHA-256 of other bytes.
    WrongHash,
}

/// What happens to a request after signing, that no client library would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wire {
    /// Send over plain http.
    pub http: bool,
    /// Header lines added as they stand, unsigned.
    pub lines: Vec<String>,
    /// Names of headers that are sent first, in this order.
    pub first: Vec<String>,
    /// So many bytes of the body are sent, then the connection is closed for writing.
    pub stop_after: Option<u64>,
}

impl Wire {
    /// Whether an ordinary client could not send this.
    #[must_use]
    pub fn is_by_hand(&self) -> bool {
        !self.lines.is_empty() || !self.first.is_empty() || self.stop_after.is_some()
    }
}
