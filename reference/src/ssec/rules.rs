//! The rules that refuse an SSE-C request, as ordered tables: the order **is** S3's precedence
//! of errors, and each line names the rule of the suite's catalogue that it keeps.
//!
//! Pure: a table is walked over the facts of one request and the first refusal is the answer.

use super::{KeyVerifier, Triple};
use crate::error::{Code, S3Error, S3Result};
use crate::head::Transport;
use crate::headers::SSE;

/// What is known of a request when a table is walked; each table reads what its stage knows.
#[derive(Default)]
#[expect(
    missing_debug_implementations,
    reason = "the customer key is in the triple"
)]
pub struct Facts<'a> {
    /// The listener.
    pub transport: Option<Transport>,
    /// The SSE-C headers of the side in question.
    pub triple: Option<&'a Triple>,
    /// The value of a header that asks for a server-held key, if one was sent.
    pub other_encryption: Option<&'a str>,
    /// The object or upload is SSE-C: its verifier.
    pub verifier: Option<&'a KeyVerifier>,
    /// The upload was created with a checksum algorithm.
    pub upload_has_checksum: bool,
    /// What the `If-*` headers say, judged already.
    pub condition: Option<S3Error>,
    /// What `Range` or `partNumber` says, judged already.
    pub range: Option<S3Error>,
}

/// One rule: its id in the catalogue, and the refusal if the facts break it.
#[derive(Debug)]
pub struct Rule {
    /// The id, such as `PUT-014`.
    pub id: &'static str,
    refuse: fn(&Facts<'_>) -> Option<S3Error>,
}

const fn rule(id: &'static str, refuse: fn(&Facts<'_>) -> Option<S3Error>) -> Rule {
    Rule { id, refuse }
}

/// Before anything is looked up: SSE-C is for TLS alone, even for what does not exist.
pub const ADMISSION: &[Rule] = &[rule("GET-037", tls_only)];

/// A triple that is to encrypt: PutObject, CreateMultipartUpload, UploadPart, the target of copies.
pub const WRITE: &[Rule] = &[
    rule("PUT-017", no_other_encryption),
    rule("PUT-005", algorithm_sent),
    rule("PUT-002", algorithm_is_aes256),
    rule("PUT-008", key_sent),
    rule("PUT-011", key_is_base64),
    rule("PUT-010", key_md5_sent),
    rule("PUT-014", key_md5_matches),
    rule("PUT-013", key_is_256_bits),
];

/// GetObject, HeadObject, GetObjectAttributes, once the object is known to exist.
pub const READ: &[Rule] = &[
    rule("GET-010", no_encryption_header),
    rule("GET-002", triple_needed),
    rule("GET-009", triple_not_applicable),
    rule("GET-032", algorithm_sent),
    rule("GET-004", algorithm_is_aes256),
    rule("GET-031", key_sent),
    rule("GET-034", key_is_base64),
    rule("GET-006", key_md5_matches),
    rule("GET-017", conditions_hold),
    rule("GET-014", range_is_satisfiable),
    rule("GET-003", key_proves),
];

/// The source of CopyObject and UploadPartCopy: conditions first, and a wrong key is a 400.
pub const COPY_SOURCE: &[Rule] = &[
    rule("CPY-017", conditions_hold),
    rule("CPY-005", triple_needed),
    rule("CPY-010", triple_not_applicable),
    rule("CPY-007", algorithm_sent),
    rule("CPY-007", algorithm_is_aes256),
    rule("CPY-005", key_sent),
    rule("CPY-014", key_is_base64),
    rule("CPY-014", key_md5_matches),
    rule("CPY-006", key_was_used_originally),
];

/// A part's triple against its upload, after [`WRITE`].
pub const PART: &[Rule] = &[
    rule("MPU-004", part_matches_upload),
    rule("MPU-006", key_was_used_originally),
];

/// CompleteMultipartUpload of an SSE-C upload: the key may stay away unless checksums need it.
pub const COMPLETE: &[Rule] = &[
    rule("MPU-014", key_needed_for_checksums),
    rule("MPU-014", algorithm_is_aes256),
    rule("MPU-014", key_sent_for_checksums),
    rule("MPU-013", key_is_base64),
    rule("MPU-013", key_md5_matches),
    rule("MPU-013", key_was_used_originally),
];

/// ListParts of an SSE-C upload: without a checksum algorithm the headers are not looked at.
pub const LIST_PARTS: &[Rule] = &[
    rule("MPU-010", key_needed_for_checksums),
    rule("MPU-010", algorithm_is_aes256),
    rule("MPU-010", key_sent_for_checksums),
    rule("MPU-010", key_is_base64),
    rule("MPU-010", key_md5_matches),
    rule("MPU-010", key_was_used_originally),
];

/// The first refusal of `table`, in its order.
///
/// # Errors
/// What S3 answers to these facts.
pub fn decide(table: &[Rule], facts: &Facts<'_>) -> S3Result<()> {
    table
        .iter()
        .find_map(|rule| (rule.refuse)(facts))
        .map_or(Ok(()), Err)
}

/// Proof that whoever reads an object may: its key was presented, or it needs none.
///
/// The store gives a record up against it alone, and [`prove`] alone makes it, so a read that
/// forgot to check the key does not compile.
#[derive(Debug)]
pub struct KeyProof(());

/// Walks `table`, which must know the object's verifier, and proves the reader's key.
///
/// # Errors
/// As [`decide`].
pub fn prove(table: &[Rule], facts: &Facts<'_>) -> S3Result<KeyProof> {
    decide(table, facts)?;
    // No table of reads ends without this; one that did would refuse here.
    key_proves(facts).map_or(Ok(KeyProof(())), Err)
}

/// The longest text of a non-base64 key that is echoed back: too short to hold a secret.
const KEY_ECHO_LEN_MAX: usize = 16;

fn tls_only(facts: &Facts<'_>) -> Option<S3Error> {
    (facts.transport == Some(Transport::Plain) && sent(facts)).then(|| {
        argument(
            Code::InvalidArgument,
            "Requests specifying Server Side Encryption with Customer provided keys must be made \
             over a secure connection.",
        )
    })
}

fn no_other_encryption(facts: &Facts<'_>) -> Option<S3Error> {
    let other = facts.other_encryption.filter(|_| sent(facts))?;
    let message = "Server Side Encryption with Customer provided key is incompatible with the \
                   encryption method specified";
    Some(argument(Code::InvalidArgument, message).with("ArgumentValue", other))
}

fn no_encryption_header(facts: &Facts<'_>) -> Option<S3Error> {
    let other = facts.other_encryption?;
    let message = "x-amz-server-side-encryption header is not supported for this operation.";
    Some(argument(Code::InvalidArgument, message).with("ArgumentValue", other))
}

fn algorithm_sent(facts: &Facts<'_>) -> Option<S3Error> {
    (sent(facts) && facts.triple?.algorithm().is_none()).then(|| {
        argument(
            Code::InvalidArgument,
            "Requests specifying Server Side Encryption with Customer provided keys must provide \
             a valid encryption algorithm.",
        )
    })
}

fn algorithm_is_aes256(facts: &Facts<'_>) -> Option<S3Error> {
    let given = facts.triple?.algorithm()?;
    let code = Code::InvalidEncryptionAlgorithmError;
    (given != "AES256").then(|| argument(code, code.message()).with("ArgumentValue", given))
}

fn key_sent(facts: &Facts<'_>) -> Option<S3Error> {
    (sent(facts) && !facts.triple?.has_key()).then(|| {
        argument(
            Code::InvalidArgument,
            "Requests specifying Server Side Encryption with Customer provided keys must provide \
             an appropriate secret key.",
        )
    })
}

fn key_is_base64(facts: &Facts<'_>) -> Option<S3Error> {
    let triple = facts.triple.filter(|triple| triple.has_key())?;
    if triple.key_bytes().is_some() {
        return None;
    }
    let error = invalid_key();
    let text = triple.key_text();
    // S3 echoes the text whatever it is; what could be a key with a slip in it is not echoed here.
    Some(if text.len() <= KEY_ECHO_LEN_MAX {
        error.with("ArgumentValue", text)
    } else {
        error
    })
}

fn key_md5_sent(facts: &Facts<'_>) -> Option<S3Error> {
    (sent(facts) && !facts.triple?.has_key_md5()).then(|| {
        argument(
            Code::InvalidArgument,
            "Requests specifying Server Side Encryption with Customer provided keys must provide \
             the client calculated MD5 of the secret key.",
        )
    })
}

fn key_md5_matches(facts: &Facts<'_>) -> Option<S3Error> {
    let triple = facts
        .triple
        .filter(|triple| triple.has_key_md5() && triple.has_key())?;
    (!triple.key_md5_matches()).then(|| {
        argument(
            Code::InvalidArgument,
            "The calculated MD5 hash of the key did not match the hash that was provided.",
        )
    })
}

fn key_is_256_bits(facts: &Facts<'_>) -> Option<S3Error> {
    let triple = facts.triple.filter(|triple| triple.has_key())?;
    triple.customer_key().is_none().then(invalid_key)
}

fn triple_needed(facts: &Facts<'_>) -> Option<S3Error> {
    (facts.verifier.is_some() && !sent(facts)).then(|| {
        S3Error::new(
            Code::InvalidRequest,
            "The object was stored using a form of Server Side Encryption. The correct \
             parameters must be provided to retrieve the object.",
        )
    })
}

fn triple_not_applicable(facts: &Facts<'_>) -> Option<S3Error> {
    (facts.verifier.is_none() && sent(facts)).then(|| {
        S3Error::new(
            Code::InvalidRequest,
            "The encryption parameters are not applicable to this object.",
        )
    })
}

fn conditions_hold(facts: &Facts<'_>) -> Option<S3Error> {
    facts.condition.clone()
}

fn range_is_satisfiable(facts: &Facts<'_>) -> Option<S3Error> {
    facts.range.clone()
}

fn key_proves(facts: &Facts<'_>) -> Option<S3Error> {
    (!proven(facts)).then(|| {
        S3Error::new(
            Code::AccessDenied,
            "Requests specifying Server Side Encryption with Customer provided keys must provide \
             the correct secret key.",
        )
    })
}

fn key_was_used_originally(facts: &Facts<'_>) -> Option<S3Error> {
    let given = facts.triple.is_some_and(Triple::has_key);
    (given && !proven(facts)).then(|| {
        S3Error::new(
            Code::InvalidRequest,
            "The provided encryption parameters did not match the ones used originally.",
        )
    })
}

fn part_matches_upload(facts: &Facts<'_>) -> Option<S3Error> {
    (facts.verifier.is_some() != sent(facts)).then(|| {
        S3Error::new(
            Code::InvalidRequest,
            "The multipart upload initiate requested encryption. Subsequent part requests must \
             include the appropriate encryption parameters.",
        )
    })
}

fn key_needed_for_checksums(facts: &Facts<'_>) -> Option<S3Error> {
    (facts.upload_has_checksum && facts.verifier.is_some() && !sent(facts)).then(|| {
        S3Error::new(
            Code::InvalidRequest,
            "The object was stored using a form of Server Side Encryption. Correct SSE-C request \
             parameters are required for this request when specifying checksums for each part.",
        )
    })
}

fn key_sent_for_checksums(facts: &Facts<'_>) -> Option<S3Error> {
    key_sent(facts).filter(|_| facts.upload_has_checksum)
}

fn sent(facts: &Facts<'_>) -> bool {
    facts.triple.is_some_and(|triple| !triple.is_absent())
}

/// An object without a verifier needs no proof.
fn proven(facts: &Facts<'_>) -> bool {
    facts.verifier.is_none_or(|verifier| {
        facts
            .triple
            .and_then(Triple::customer_key)
            .is_some_and(|customer_key| verifier.verifies(&customer_key))
    })
}

fn invalid_key() -> S3Error {
    argument(
        Code::InvalidArgument,
        "The secret key was invalid for the specified algorithm.",
    )
}

/// Every refusal of a triple names this one argument, for copy sources too.
fn argument(code: Code, message: &'static str) -> S3Error {
    S3Error::new(code, message).with("ArgumentName", SSE)
}
