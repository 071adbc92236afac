//! GetObjectAttributes: refused like other reads, quoted unlike them (ATT).

use crate::keys::{A, B, Triple};
use crate::s3::{Ask, S3};
use crate::table::{Row, Table, echo, plain, refused, row};
use crate::texts;

fn setup() -> S3 {
    let s3 = S3::new();
    s3.store("doc", "0123456789", Some(&A));
    s3.store("plain", "0123456789", None);
    s3
}

fn attributes<'a>(s3: &'a S3, key: &str, asked: &str) -> Ask<'a> {
    s3.get(&format!("{key}?attributes"))
        .header("x-amz-object-attributes", asked)
}

fn size(s3: &S3, triple: Triple) -> Ask<'_> {
    attributes(s3, "doc", "ETag,ObjectSize").triple(triple)
}

#[rustfmt::skip]
pub(crate) fn rows() -> Vec<Row> {
    let found = || plain(200).with("ObjectSize", "10").some_header("last-modified");
    let word = |value| refused(400, "InvalidArgument").argument("x-amz-object-attributes").value(value);
    let unquoted = || refused(400, "InvalidArgument").sse();
    let algorithm = refused(400, "InvalidEncryptionAlgorithmError");
    vec![
        // The output of this operation has no members for the echo (OTH-014).
        row("ATT-001", "the right triple", |s3| size(s3, A.triple()), found().with_some("ETag").without("StorageClass")),
        row("ATT-002", "no triple", |s3| attributes(s3, "doc", "ETag"), {
            refused(400, "InvalidRequest").says(texts::KEY_NEEDED)
        }),
        row("ATT-003", "another key", |s3| size(s3, B.triple()), refused(403, "AccessDenied").says(texts::WRONG_KEY)),
        row("ATT-003", "3 bytes", |s3| size(s3, Triple::of_len(3)), refused(403, "AccessDenied")),
        row("ATT-004", "KMS", |s3| size(s3, A.triple().algorithm("KMS")), {
            algorithm.says(texts::ALGORITHM).sse().value("KMS")
        }),
        row("ATT-005", "no such object", |s3| attributes(s3, "none", "ETag").sse_c(&A), refused(404, "NoSuchKey")),
        row("ATT-006", "no MD5", |s3| attributes(s3, "doc", "Checksum,ObjectSize").triple(A.triple().no_md5()), {
            found().with("ChecksumType", "FULL_OBJECT").with("ChecksumCRC64NVME", "Ffmx7kz9nB0=")
        }),
        row("GET-031", "algorithm only", |s3| size(s3, A.triple().no_key().no_md5()), unquoted()),
        row("GET-006", "another MD5", |s3| size(s3, A.triple().md5(&B.md5())), unquoted().says(texts::MD5_MISMATCH)),
        row("GET-009", "a triple for a plain object", |s3| attributes(s3, "plain", "ETag").sse_c(&A), {
            refused(400, "InvalidRequest").says(texts::NOT_APPLICABLE)
        }),
        row("GET-037", "http", |s3| size(s3, A.triple()).plain_http(), unquoted().says(texts::NOT_SECURE)),
        row("ATT-101", "nothing asked", |s3| s3.get("doc?attributes").sse_c(&A), refused(400, "InvalidRequest")),
        row("ATT-101", "empty", |s3| attributes(s3, "doc", "").sse_c(&A), word("")),
        row("ATT-101", "unknown word", |s3| attributes(s3, "doc", "ETag,Colour").sse_c(&A), word("Colour")),
        row("ATT-101", "lower case", |s3| attributes(s3, "doc", "etag").sse_c(&A), word("etag")),
        row("ATT-102", "ObjectParts of a single PUT", |s3| attributes(s3, "doc", "ObjectParts,ObjectSize").sse_c(&A), {
            found().without("PartsCount").without("ETag").without("ChecksumType")
        }),
        row("ATT-102", "max-parts is no number", |s3| {
            attributes(s3, "doc", "ObjectParts").sse_c(&A).header("x-amz-max-parts", "many")
        }, refused(400, "InvalidArgument").argument("x-amz-max-parts").value("many")),
    ]
}

#[test]
fn get_object_attributes() {
    Table {
        setup,
        rows: rows(),
        after: |_| {},
    }
    .check();
}

/// ETG-003: without quotes, here alone.
#[test]
fn the_etag_is_not_quoted() {
    let s3 = setup();
    let answer = size(&s3, A.triple()).ok(200);
    assert_eq!(answer.must("ETag"), s3.noted("etag of doc"));
}

/// HEAD echoes what GetObjectAttributes has no words for.
#[test]
fn the_object_is_the_same() {
    let s3 = setup();
    Table {
        setup,
        rows: vec![row(
            "ATT-001",
            "HEAD",
            |s3| s3.head("doc").sse_c(&A),
            echo(200, &A),
        )],
        after: |_| {},
    }
    .check();
    size(&s3, A.triple()).ok(200).echoes_nothing();
}
