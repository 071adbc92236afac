//! The messages of S3, each as its source quotes it; written here a second time on purpose.

/// localstack/localstack @8b9a79f0 put-obj-sse-c-wrong-algo (PUT-002).
pub(crate) const ALGORITHM: &str =
    "The Encryption request you specified is not valid. Supported value: AES256.";
/// localstack/localstack put-obj-sse-c-no-algo (PUT-005).
pub(crate) const NO_ALGORITHM: &str = "Requests specifying Server Side Encryption with Customer \
     provided keys must provide a valid encryption algorithm.";
/// localstack/localstack put-obj-sse-c-no-key (PUT-008).
pub(crate) const NO_KEY: &str = "Requests specifying Server Side Encryption with Customer provided \
     keys must provide an appropriate secret key.";
/// minio/minio cmd/api-errors.go and the error table of IBM COS; S3's own is not recorded (PUT-010).
pub(crate) const NO_MD5: &str = "Requests specifying Server Side Encryption with Customer provided \
     keys must provide the client calculated MD5 of the secret key.";
/// localstack/localstack put-obj-sse-c-wrong-key-size (PUT-013).
pub(crate) const KEY_LENGTH: &str = "The secret key was invalid for the specified algorithm.";
/// localstack/localstack put-obj-sse-c-bad-md5 (PUT-014).
pub(crate) const MD5_MISMATCH: &str =
    "The calculated MD5 hash of the key did not match the hash that was provided.";
/// localstack/localstack both-encryption (PUT-017); without a final dot.
pub(crate) const INCOMPATIBLE: &str = "Server Side Encryption with Customer provided key is \
     incompatible with the encryption method specified";
/// MinIO, IBM COS and IONOS, after the pattern of S3's text for KMS (PUT-022, TLS-001).
pub(crate) const NOT_SECURE: &str = "Requests specifying Server Side Encryption with Customer \
     provided keys must be made over a secure connection.";
/// localstack/localstack get-obj-no-sse-c (GET-002).
pub(crate) const KEY_NEEDED: &str = "The object was stored using a form of Server Side Encryption. \
     The correct parameters must be provided to retrieve the object.";
/// localstack/localstack get-obj-sse-c-wrong-key (GET-003).
pub(crate) const WRONG_KEY: &str = "Requests specifying Server Side Encryption with Customer \
     provided keys must provide the correct secret key.";
/// boto/boto3#982, aws/aws-sdk-go#2724 (GET-009).
pub(crate) const NOT_APPLICABLE: &str =
    "The encryption parameters are not applicable to this object.";
/// apache/arrow-rs#6260 (GET-010).
pub(crate) const NOT_ON_READS: &str =
    "x-amz-server-side-encryption header is not supported for this operation.";
/// minio/minio#5625, localstack/localstack (CPY-006, MPU-006).
pub(crate) const NOT_ORIGINAL: &str =
    "The provided encryption parameters did not match the ones used originally.";
/// localstack/localstack (CPY-012).
pub(crate) const SELF_COPY: &str = "This copy request is illegal because it is trying to copy an \
     object to itself without changing the object's metadata, storage class, website redirect \
     location or encryption attributes.";
/// localstack/localstack (MPU-004).
pub(crate) const PART_ENCRYPTION: &str = "The multipart upload initiate requested encryption. \
     Subsequent part requests must include the appropriate encryption parameters.";
/// Tail in apache/hadoop RequestFactoryImpl (MPU-014).
pub(crate) const KEY_FOR_CHECKSUMS: &str = "The object was stored using a form of Server Side \
     Encryption. Correct SSE-C request parameters are required for this request when specifying \
     checksums for each part.";
/// localstack/localstack (CND-101).
pub(crate) const PRECONDITION: &str =
    "At least one of the pre-conditions you specified did not hold";
/// localstack/localstack (CND-103).
pub(crate) const NOT_IMPLEMENTED: &str =
    "A header you provided implies functionality that is not implemented";
/// localstack/localstack (ENC-006).
pub(crate) const NO_SUCH_KEY: &str = "The specified key does not exist.";
/// localstack/localstack test_get_object_range (RNG-103).
pub(crate) const RANGE: &str = "The requested range is not satisfiable";
/// localstack/localstack (MPU-101).
pub(crate) const NO_SUCH_UPLOAD: &str = "The specified upload does not exist. The upload ID may be \
     invalid, or the upload may have been aborted or completed.";
/// localstack/localstack (MPU-103); two spaces.
pub(crate) const INVALID_PART: &str = "One or more of the specified parts could not be found.  The \
     part may not have been uploaded, or the specified entity tag may not match the part's entity \
     tag.";
/// localstack/localstack (MPU-106).
pub(crate) const PART_NUMBER: &str =
    "Part number must be an integer between 1 and 10000, inclusive";
/// localstack/localstack (ENC-002); without a final dot.
pub(crate) const MALFORMED_XML: &str =
    "The XML you provided was not well-formed or did not validate against our published schema";
/// localstack/localstack presigned snapshots (PRE-003).
pub(crate) const UNSIGNED_HEADERS: &str =
    "There were headers present in the request which were not signed";
/// aws/aws-sdk-js#896 (PRE-005).
pub(crate) const SIGNATURE: &str = "The request signature we calculated does not match the \
     signature you provided. Check your key and signing method.";
