//! CopyObject: two triples, and a source that is refused in other words than a read (CPY).

use crate::keys::{A, B, C, Triple};
use crate::s3::{Ask, BUCKET, S3};
use crate::table::{Row, Table, Wanted, echo, plain, refused, row};
use crate::texts;

const BODY: &str = "0123456789";
/// MD5 of [`BODY`].
const BODY_MD5: &str = "781e5e245d69b566979b86e28d23f2c7";
/// CRC-64/NVME of [`BODY`], computed elsewhere.
const BODY_CRC64: &str = "Ffmx7kz9nB0=";

fn setup() -> S3 {
    let s3 = S3::new();
    s3.store("sealed", BODY, Some(&A));
    s3.store("plain", BODY, None);
    s3.store("target", "what was there before", Some(&C));
    s3
}

/// The target is as it was.
fn unchanged(s3: &S3) {
    assert_eq!(
        s3.get("target").sse_c(&C).ok(200).body,
        "what was there before"
    );
    assert_eq!(s3.get("sealed").sse_c(&A).ok(200).body, BODY);
}

/// A copy of the SSE-C object with this triple for its source.
fn from(s3: &S3, triple: Triple) -> Ask<'_> {
    s3.copy("sealed", "target").source_triple(triple)
}

/// A copy of the SSE-C object, its source right, to an object under this triple.
fn to(s3: &S3, triple: Triple) -> Ask<'_> {
    s3.copy("sealed", "target").source_sse_c(&A).triple(triple)
}

fn rotate(s3: &S3) -> Ask<'_> {
    s3.copy("sealed", "sealed").source_sse_c(&A)
}

fn argument(message: &'static str) -> Wanted {
    refused(400, "InvalidArgument").says(message).sse()
}

fn invalid(message: &'static str) -> Wanted {
    refused(400, "InvalidRequest").says(message)
}

fn algorithm(value: &'static str) -> Wanted {
    refused(400, "InvalidEncryptionAlgorithmError")
        .says(texts::ALGORITHM)
        .sse()
        .value(value)
}

#[rustfmt::skip]
pub(crate) fn refusals() -> Vec<Row> {
    let unquoted = || refused(400, "InvalidArgument").sse();
    let precondition = |condition| {
        refused(412, "PreconditionFailed").says(texts::PRECONDITION).with("Condition", condition)
    };
    let not_implemented = |header| refused(501, "NotImplemented").says(texts::NOT_IMPLEMENTED).with("Header", header);
    vec![
        row("CPY-005", "no source triple", |s3| s3.copy("sealed", "target"), invalid(texts::KEY_NEEDED)),
        row("CPY-005", "the target's alone", |s3| s3.copy("sealed", "target").sse_c(&A), invalid(texts::KEY_NEEDED)),
        row("CPY-006", "another key", |s3| from(s3, B.triple()), invalid(texts::NOT_ORIGINAL)),
        row("CPY-006", "another key, the target's right", |s3| from(s3, B.triple()).sse_c(&A), invalid(texts::NOT_ORIGINAL)),
        row("CPY-007", "source: KMS", |s3| from(s3, A.triple().algorithm("KMS")), algorithm("KMS")),
        row("CPY-007", "source: no algorithm", |s3| from(s3, A.triple().no_algorithm()), unquoted()),
        row("CPY-008", "target: KMS", |s3| to(s3, B.triple().algorithm("KMS")), algorithm("KMS")),
        row("CPY-009", "SSE-S3 too", |s3| to(s3, B.triple()).header("x-amz-server-side-encryption", "AES256"), {
            argument(texts::INCOMPATIBLE).value("AES256")
        }),
        row("CPY-010", "a triple for a plain source", |s3| s3.copy("plain", "target").source_sse_c(&A), {
            invalid(texts::NOT_APPLICABLE)
        }),
        row("CPY-012", "onto itself, plain", |s3| s3.copy("plain", "plain"), invalid(texts::SELF_COPY)),
        row("CPY-014", "source: another MD5", |s3| from(s3, A.triple().md5(&B.md5())), unquoted()),
        row("CPY-014", "source: key not base64", |s3| from(s3, A.triple().key("!!!")), unquoted().any_value()),
        row("CPY-014", "source: no key", |s3| from(s3, A.triple().no_key()), unquoted()),
        row("CPY-015", "target: no MD5", |s3| to(s3, B.triple().no_md5()), unquoted()),
        row("PUT-013", "target: 24 bytes", |s3| to(s3, Triple::of_len(24)), argument(texts::KEY_LENGTH)),
        row("PUT-014", "target: another MD5", |s3| to(s3, B.triple().md5(&A.md5())), argument(texts::MD5_MISMATCH)),
        row("CPY-017", "condition, another key", |s3| {
            from(s3, B.triple()).header("x-amz-copy-source-if-match", "\"another\"")
        }, precondition("x-amz-copy-source-If-Match")),
        row("CND-106", "If-Match", |s3| {
            from(s3, A.triple()).header("x-amz-copy-source-if-match", "\"another\"")
        }, precondition("x-amz-copy-source-If-Match")),
        row("CND-106", "If-None-Match", |s3| {
            from(s3, A.triple()).header("x-amz-copy-source-if-none-match", &s3.noted("etag of sealed"))
        }, precondition("x-amz-copy-source-If-None-Match")),
        row("CND-106", "If-Unmodified-Since", |s3| {
            from(s3, A.triple()).header("x-amz-copy-source-if-unmodified-since", "Fri, 01 Jan 2021 00:00:00 GMT")
        }, precondition("x-amz-copy-source-If-Unmodified-Since")),
        row("CND-101", "target: If-None-Match", |s3| from(s3, A.triple()).header("if-none-match", "*"), {
            precondition("If-None-Match")
        }),
        row("CND-102", "target: If-Match", |s3| from(s3, A.triple()).header("if-match", "\"another\""), {
            precondition("If-Match")
        }),
        row("CND-102", "target: If-Match, absent", |s3| {
            s3.copy("sealed", "none").source_sse_c(&A).header("if-match", "\"another\"")
        }, refused(404, "NoSuchKey").with("Key", "none")),
        row("CND-103", "target: If-None-Match of an ETag", |s3| from(s3, A.triple()).header("if-none-match", "\"e\""), {
            not_implemented("If-None-Match")
        }),
        row("CND-107", "the target's condition before the source", |s3| {
            s3.copy("none", "target").header("if-none-match", "*")
        }, precondition("If-None-Match")),
        row("VER-007", "no such source", |s3| s3.copy("none", "target"), refused(404, "NoSuchKey")),
        row("GET-037", "http, the source's triple", |s3| from(s3, A.triple()).plain_http(), argument(texts::NOT_SECURE)),
        row("PUT-022", "http, the target's triple", |s3| s3.copy("plain", "target").sse_c(&A).plain_http(), {
            argument(texts::NOT_SECURE)
        }),
        row("POL-006", "another owner of the source", |s3| {
            from(s3, A.triple()).header("x-amz-source-expected-bucket-owner", "999999999999")
        }, refused(403, "AccessDenied")),
    ]
}

#[test]
fn refused_copies() {
    Table {
        setup,
        rows: refusals(),
        after: unchanged,
    }
    .check();
}

#[rustfmt::skip]
pub(crate) fn successes() -> Vec<Row> {
    let result = |wanted: Wanted| wanted.with("ChecksumCRC64NVME", BODY_CRC64).no_header("x-amz-version-id");
    let server_side = || result(plain(200)).header("x-amz-server-side-encryption", "AES256")
        .with("ETag", &format!("\"{BODY_MD5}\""));
    vec![
        row("CPY-001", "out of SSE-C", |s3| from(s3, A.triple()), server_side()),
        row("CPY-001", "a plain object", |s3| s3.copy("plain", "target"), server_side()),
        row("CPY-002", "the same key", |s3| to(s3, A.triple()), result(echo(200, &A))),
        row("CPY-002", "another key", |s3| to(s3, B.triple()), result(echo(200, &B))),
        row("CPY-003", "into SSE-C", |s3| s3.copy("plain", "target").sse_c(&B), result(echo(200, &B))),
        row("CPY-011", "onto itself, another key", |s3| rotate(s3).sse_c(&B), result(echo(200, &B))),
        row("CPY-102", "onto itself, the same key", |s3| rotate(s3).sse_c(&A), result(echo(200, &A))),
        row("CPY-101", "onto itself, REPLACE", |s3| {
            s3.copy("plain", "plain").header("x-amz-metadata-directive", "REPLACE")
        }, plain(200)),
        row("CPY-101", "onto itself, a storage class", |s3| {
            s3.copy("plain", "plain").header("x-amz-storage-class", "STANDARD")
        }, plain(200)),
        row("CPY-101", "onto itself, SSE-S3", |s3| {
            s3.copy("plain", "plain").header("x-amz-server-side-encryption", "AES256")
        }, plain(200)),
        row("CPY-101", "onto itself, into SSE-C", |s3| s3.copy("plain", "plain").sse_c(&B), echo(200, &B)),
        row("CPY-013", "no source MD5", |s3| from(s3, A.triple().no_md5()), server_side()),
        row("CND-106", "If-Match holds", |s3| {
            from(s3, A.triple()).header("x-amz-copy-source-if-match", &s3.noted("etag of sealed"))
                .header("x-amz-copy-source-if-unmodified-since", "Fri, 01 Jan 2021 00:00:00 GMT")
        }, server_side()),
        row("CND-106", "modified since the future", |s3| {
            from(s3, A.triple()).header("x-amz-copy-source-if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT")
        }, server_side()),
    ]
}

#[test]
fn accepted_copies() {
    Table {
        setup,
        rows: successes(),
        after: |_| {},
    }
    .check();
}

/// CPY-002: the copy opens with its own key and no other, under an ETag of its own.
#[test]
fn a_copy_has_its_own_key() {
    let s3 = setup();
    let copied = to(&s3, B.triple()).ok(200).must("ETag");
    assert_ne!(copied.trim_matches('"'), s3.noted("etag of sealed"));
    assert_ne!(copied.trim_matches('"'), BODY_MD5);
    let read = s3.get("target").sse_c(&B).ok(200);
    assert_eq!(
        (read.body.as_ref(), read.etag()),
        (BODY.as_bytes(), copied.trim_matches('"').to_owned())
    );
    s3.get("target").sse_c(&A).ok(403);
    s3.get("target").ok(400);
    assert_eq!(s3.get("sealed").sse_c(&A).ok(200).body, BODY);
}

/// CPY-011: after a rotation the old key opens nothing.
#[test]
fn a_rotation_shuts_the_old_key_out() {
    let s3 = setup();
    rotate(&s3).sse_c(&B).ok(200);
    assert_eq!(s3.get("sealed").sse_c(&B).ok(200).body, BODY);
    s3.get("sealed").sse_c(&A).ok(403);
}

/// CPY-004: a KMS default of the bucket shows in the answer, and SSE-C overrides it (OTH-011).
#[test]
fn a_copy_takes_the_buckets_default() {
    let s3 = setup();
    let kms = "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>\
        <SSEAlgorithm>aws:kms</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>\
        </ServerSideEncryptionConfiguration>";
    s3.bucket("PUT", "?encryption").body(kms).ok(200);
    let answer = from(&s3, A.triple()).ok(200);
    answer
        .has_header("x-amz-server-side-encryption", "aws:kms")
        .echoes_nothing();
    to(&s3, B.triple()).ok(200).echoes(&B);
}

/// The source may be named with and without its leading slash, and percent-encoded.
#[test]
fn every_spelling_of_the_source() {
    let s3 = setup();
    s3.put("a%20b%2Bc", BODY).sse_c(&A).ok(200);
    for source in ["/bkt/a%20b%2Bc", "bkt/a%20b+c", "bkt%2Fa%20b%2Bc"] {
        let copy = s3
            .object("PUT", "target")
            .header("x-amz-copy-source", source);
        copy.source_sse_c(&A).sse_c(&C).ok(200);
    }
    assert_eq!(BUCKET, "bkt");
}
