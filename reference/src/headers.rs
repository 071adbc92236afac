//! The names of the headers S3 speaks, once each.

/// `AES256` or `aws:kms`: encryption with a key the server holds.
pub const SSE: &str = "x-amz-server-side-encryption";
/// The KMS key of `aws:kms`.
pub const SSE_KMS_KEY_ID: &str = "x-amz-server-side-encryption-aws-kms-key-id";
/// The encryption context of `aws:kms`.
pub const SSE_CONTEXT: &str = "x-amz-server-side-encryption-context";
/// Whether a bucket key is used with `aws:kms`.
pub const SSE_BUCKET_KEY: &str = "x-amz-server-side-encryption-bucket-key-enabled";
/// SSE-C: always `AES256`.
pub const SSEC_ALGORITHM: &str = "x-amz-server-side-encryption-customer-algorithm";
/// SSE-C: the customer key, base64.
pub const SSEC_KEY: &str = "x-amz-server-side-encryption-customer-key";
/// SSE-C: base64 of the MD5 of the customer key.
pub const SSEC_KEY_MD5: &str = "x-amz-server-side-encryption-customer-key-md5";
/// The copy source's SSE-C algorithm.
pub const COPY_SSEC_ALGORITHM: &str = "x-amz-copy-source-server-side-encryption-customer-algorithm";
/// The copy source's customer key.
pub const COPY_SSEC_KEY: &str = "x-amz-copy-source-server-side-encryption-customer-key";
/// The MD5 of the copy source's customer key.
pub const COPY_SSEC_KEY_MD5: &str = "x-amz-copy-source-server-side-encryption-customer-key-md5";

/// `bucket/key[?versionId=…]` to copy from.
pub const COPY_SOURCE: &str = "x-amz-copy-source";
/// `bytes=first-last` of the source of UploadPartCopy.
pub const COPY_SOURCE_RANGE: &str = "x-amz-copy-source-range";
/// The version that a copy read.
pub const COPY_SOURCE_VERSION_ID: &str = "x-amz-copy-source-version-id";
/// `COPY` or `REPLACE`.
pub const METADATA_DIRECTIVE: &str = "x-amz-metadata-directive";
/// `COPY` or `REPLACE`.
pub const TAGGING_DIRECTIVE: &str = "x-amz-tagging-directive";
/// Tags of a new object, as a query string.
pub const TAGGING: &str = "x-amz-tagging";
/// How many tags an object has.
pub const TAGGING_COUNT: &str = "x-amz-tagging-count";
/// The version an answer speaks of.
pub const VERSION_ID: &str = "x-amz-version-id";
/// The answer speaks of a delete marker.
pub const DELETE_MARKER: &str = "x-amz-delete-marker";
/// The storage class.
pub const STORAGE_CLASS: &str = "x-amz-storage-class";
/// The account that must own the bucket.
pub const EXPECTED_BUCKET_OWNER: &str = "x-amz-expected-bucket-owner";
/// The account that must own the bucket of the copy source.
pub const SOURCE_EXPECTED_BUCKET_OWNER: &str = "x-amz-source-expected-bucket-owner";
/// `ENABLED`: the answer to GET and HEAD shows checksums.
pub const CHECKSUM_MODE: &str = "x-amz-checksum-mode";
/// The algorithm of a multipart upload or of a copy.
pub const CHECKSUM_ALGORITHM: &str = "x-amz-checksum-algorithm";
/// `FULL_OBJECT` or `COMPOSITE`.
pub const CHECKSUM_TYPE: &str = "x-amz-checksum-type";
/// The size a completed upload must have.
pub const MP_OBJECT_SIZE: &str = "x-amz-mp-object-size";
/// How many parts an object has.
pub const MP_PARTS_COUNT: &str = "x-amz-mp-parts-count";
/// Which attributes GetObjectAttributes shows.
pub const OBJECT_ATTRIBUTES: &str = "x-amz-object-attributes";
/// The region of a bucket.
pub const BUCKET_REGION: &str = "x-amz-bucket-region";
/// The id of an answer.
pub const REQUEST_ID: &str = "x-amz-request-id";
/// The second id of an answer.
pub const ID_2: &str = "x-amz-id-2";
/// Where an object without a web page would redirect to.
pub const WEBSITE_REDIRECT: &str = "x-amz-website-redirect-location";
/// What user metadata begins with.
pub const META_PREFIX: &str = "x-amz-meta-";
