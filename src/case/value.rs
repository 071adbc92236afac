//! Text that a case puts into a header, a query or a form field, or expects in an answer.

use super::triple::KeyName;

/// One text, written out or computed when the request is planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// As written.
    Text(String),
    /// `$name.field`: taken from an earlier answer.
    Ref(Ref),
    /// `{key: A}`: the base64 of a customer key.
    Key(KeyName),
    /// `{key_md5: A}`: the base64 of the MD5 of a customer key.
    KeyMd5(KeyName),
    /// `{md5_of: doc}`: the base64 of the MD5 of a datum, as in `Content-MD5`.
    Md5Of(String),
    /// `{etag_of: doc}`: the MD5 of a datum in hexadecimal and quotes, the ETag that an SSE-C
    /// object must not have.
    EtagOf(String),
    /// `{checksum_of: doc, algorithm: CRC32}`: the base64 of a datum's checksum.
    ChecksumOf(String, ChecksumAlgorithm),
    /// `{object: doc}`: the full key of an object of this case, as a listing shows it.
    ObjectKey(String),
    /// `{time: -1h}`: an HTTP date (RFC 9110 §5.6.7) so many seconds after now; negative: before.
    Time(i64),
}

/// `$name.field`: part of the answer that an earlier step named with `as:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ref {
    /// The name that the step gave its answer.
    pub name: String,
    /// Which part of the answer.
    pub field: RefField,
}

/// The parts of an answer that can be referred to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefField {
    /// `etag`: the header `ETag`, else the first element `<ETag>` of the body.
    Etag,
    /// `version_id`: the header `x-amz-version-id`.
    VersionId,
    /// `upload_id`: the element `<UploadId>`.
    UploadId,
    /// `url`: the presigned URL that `presign` made.
    Url,
    /// Any other field is the name of a header, in lower case: `$put.last-modified`.
    Header(String),
}

/// The flexible checksum algorithms of S3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChecksumAlgorithm {
    /// CRC-32 (ISO-HDLC).
    Crc32,
    /// CRC-32C (Castagnoli).
    Crc32c,
    /// CRC-64/NVME.
    Crc64Nvme,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
}

/// The names of the checksum algorithms as S3 writes them.
pub const CHECKSUM_ALGORITHMS: &[(&str, ChecksumAlgorithm)] = &[
    ("CRC32", ChecksumAlgorithm::Crc32),
    ("CRC32C", ChecksumAlgorithm::Crc32c),
    ("CRC64NVME", ChecksumAlgorithm::Crc64Nvme),
    ("SHA1", ChecksumAlgorithm::Sha1),
    ("SHA256", ChecksumAlgorithm::Sha256),
];

impl ChecksumAlgorithm {
    /// The name as S3 writes it in values and XML, upper case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }
}
