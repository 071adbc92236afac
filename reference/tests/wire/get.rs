//! GetObject: whose key reads, and in which order reads are refused (GET).

use crate::keys::{A, B, Triple};
use crate::s3::{Ask, S3};
use crate::table::{Row, Table, Wanted, bare, echo, plain, refused, row};
use crate::texts;

fn setup() -> S3 {
    let s3 = S3::new();
    s3.store("doc", "0123456789", Some(&A));
    s3.store("plain", "0123456789", None);
    s3
}

fn get(s3: &S3, triple: Triple) -> Ask<'_> {
    s3.get("doc").triple(triple)
}

/// A read on the condition that the object is another than it is.
fn if_other(s3: &S3, triple: Triple) -> Ask<'_> {
    get(s3, triple).header("if-none-match", &s3.noted("etag of doc"))
}

fn argument(message: &'static str) -> Wanted {
    refused(400, "InvalidArgument").says(message).sse()
}

fn key_needed() -> Wanted {
    refused(400, "InvalidRequest").says(texts::KEY_NEEDED)
}

fn wrong_key() -> Wanted {
    refused(403, "AccessDenied").says(texts::WRONG_KEY)
}

fn not_applicable() -> Wanted {
    refused(400, "InvalidRequest").says(texts::NOT_APPLICABLE)
}

fn algorithm(value: &'static str) -> Wanted {
    refused(400, "InvalidEncryptionAlgorithmError")
        .says(texts::ALGORITHM)
        .sse()
        .value(value)
}

fn range() -> Wanted {
    refused(416, "InvalidRange")
        .says(texts::RANGE)
        .with("ActualObjectSize", "10")
}

#[rustfmt::skip]
pub(crate) fn refusals() -> Vec<Row> {
    let unquoted = || refused(400, "InvalidArgument").sse();
    let part = || refused(416, "InvalidPartNumber");
    vec![
        row("GET-002", "no triple", |s3| s3.get("doc"), key_needed()),
        row("GET-003", "another key", |s3| get(s3, B.triple()), wrong_key()),
        row("GET-003", "another key, no MD5", |s3| get(s3, B.triple().no_md5()), wrong_key()),
        row("GET-004", "KMS", |s3| get(s3, A.triple().algorithm("KMS")), algorithm("KMS")),
        row("GET-004", "aes256", |s3| get(s3, A.triple().algorithm("aes256")), algorithm("aes256")),
        row("GET-005", "3 bytes", |s3| get(s3, Triple::of_len(3)), wrong_key()),
        row("GET-005", "44 bytes", |s3| get(s3, Triple::of_len(44)), wrong_key()),
        row("GET-006", "another MD5", |s3| get(s3, A.triple().md5(&B.md5())), argument(texts::MD5_MISMATCH)),
        row("GET-007", "MD5 not base64", |s3| get(s3, A.triple().md5("!!!")), unquoted()),
        row("GET-009", "a triple for a plain object", |s3| s3.get("plain").sse_c(&A), not_applicable()),
        row("GET-009", "a malformed one", |s3| s3.get("plain").triple(A.triple().md5("!!!")), not_applicable()),
        row("GET-010", "SSE-S3", |s3| get(s3, A.triple()).header("x-amz-server-side-encryption", "AES256"), {
            argument(texts::NOT_ON_READS).any_value()
        }),
        row("GET-010", "SSE-S3 of a plain object", |s3| {
            s3.get("plain").header("x-amz-server-side-encryption", "AES256")
        }, argument(texts::NOT_ON_READS).any_value()),
        row("GET-012", "range, no key", |s3| s3.get("doc").header("range", "bytes=2-5"), key_needed()),
        row("GET-012", "range beyond, no key", |s3| s3.get("doc").header("range", "bytes=99-"), key_needed()),
        row("GET-013", "range, another key", |s3| get(s3, B.triple()).header("range", "bytes=2-5"), wrong_key()),
        row("GET-014", "range beyond, another key", |s3| get(s3, B.triple()).header("range", "bytes=99-"), range()),
        row("GET-015", "range beyond", |s3| get(s3, A.triple()).header("range", "bytes=99-"), {
            range().with("RangeRequested", "bytes=99-")
        }),
        row("GET-018", "If-None-Match, no key", |s3| {
            s3.get("doc").header("if-none-match", &s3.noted("etag of doc"))
        }, key_needed()),
        row("GET-019", "If-Match of another", |s3| get(s3, A.triple()).header("if-match", "\"another\""), {
            refused(412, "PreconditionFailed").says(texts::PRECONDITION).with("Condition", "If-Match")
        }),
        row("GET-020", "If-Match of another, another key", |s3| {
            get(s3, B.triple()).header("if-match", "\"another\"")
        }, refused(412, "PreconditionFailed")),
        row("GET-022", "part 2 of one", |s3| s3.get("doc?partNumber=2").sse_c(&A), part()),
        row("GET-023", "part 1, no key", |s3| s3.get("doc?partNumber=1"), key_needed()),
        row("GET-023", "part 2, no key", |s3| s3.get("doc?partNumber=2"), key_needed()),
        row("GET-024", "no such object", |s3| s3.get("none"), {
            refused(404, "NoSuchKey").says(texts::NO_SUCH_KEY).with("Key", "none")
        }),
        row("GET-024", "no such object, a key", |s3| s3.get("none").sse_c(&A), {
            refused(404, "NoSuchKey").says(texts::NO_SUCH_KEY).with("Key", "none")
        }),
        row("GET-031", "algorithm only", |s3| get(s3, A.triple().no_key().no_md5()), unquoted()),
        row("GET-032", "key only", |s3| get(s3, A.triple().no_algorithm().no_md5()), unquoted()),
        row("GET-033", "AES128", |s3| get(s3, A.triple().algorithm("AES128")), algorithm("AES128")),
        row("GET-034", "key not base64", |s3| get(s3, A.triple().key("!!!")), unquoted().value("!!!")),
        row("GET-035", "If-None-Match, algorithm only", |s3| if_other(s3, A.triple().no_key().no_md5()), unquoted()),
        row("GET-035", "If-None-Match, key only", |s3| if_other(s3, A.triple().no_algorithm().no_md5()), unquoted()),
        row("GET-035", "If-None-Match, another MD5", |s3| if_other(s3, A.triple().md5(&B.md5())), unquoted()),
        row("GET-035", "If-None-Match, key not base64", |s3| if_other(s3, A.triple().key("!!!")), unquoted().any_value()),
        row("GET-037", "http", |s3| get(s3, A.triple()).plain_http(), argument(texts::NOT_SECURE)),
        row("GET-037", "http, no such object", |s3| s3.get("none").sse_c(&A).plain_http(), argument(texts::NOT_SECURE)),
        row("GET-038", "part 1, another key", |s3| s3.get("doc?partNumber=1").sse_c(&B), wrong_key()),
        row("GET-038", "part 2, another key", |s3| s3.get("doc?partNumber=2").sse_c(&B), part()),
    ]
}

#[test]
fn refused_reads() {
    Table {
        setup,
        rows: refusals(),
        after: |_| {},
    }
    .check();
}

#[rustfmt::skip]
pub(crate) fn successes() -> Vec<Row> {
    let part = |range| echo(206, &A).header("content-range", range);
    let crc64 = |wanted: Wanted| {
        // CRC-64/NVME of "0123456789", computed elsewhere.
        wanted.header("x-amz-checksum-crc64nvme", "Ffmx7kz9nB0=").header("x-amz-checksum-type", "FULL_OBJECT")
    };
    let no_checksum = |wanted: Wanted| wanted.no_header("x-amz-checksum-crc64nvme").no_header("x-amz-checksum-type");
    vec![
        row("GET-001", "the right triple", |s3| get(s3, A.triple()), {
            echo(200, &A).body("0123456789").header("accept-ranges", "bytes").header("content-length", "10")
                .some_header("last-modified").header("content-type", "binary/octet-stream")
        }),
        row("GET-008", "no MD5", |s3| get(s3, A.triple().no_md5()), echo(200, &A).body("0123456789")),
        row("GET-011", "range", |s3| get(s3, A.triple()).header("range", "bytes=2-5"), {
            part("bytes 2-5/10").body("2345").header("content-length", "4")
        }),
        row("GET-016", "If-None-Match", |s3| if_other(s3, A.triple()), bare(304).body("")),
        row("GET-017", "If-None-Match, another key", |s3| if_other(s3, B.triple()), bare(304).body("")),
        row("GET-021", "part 1 of one", |s3| s3.get("doc?partNumber=1").sse_c(&A), {
            part("bytes 0-9/10").body("0123456789").no_header("x-amz-mp-parts-count")
        }),
        row("GET-028", "checksum mode", |s3| get(s3, A.triple()).header("x-amz-checksum-mode", "ENABLED"), {
            crc64(echo(200, &A))
        }),
        row("GET-029", "no checksum mode", |s3| get(s3, A.triple()), no_checksum(echo(200, &A))),
        row("GET-030", "checksum mode, range", |s3| {
            get(s3, A.triple()).header("x-amz-checksum-mode", "ENABLED").header("range", "bytes=2-5")
        }, no_checksum(part("bytes 2-5/10"))),
        row("CHK-121", "checksum mode, range of the whole", |s3| {
            get(s3, A.triple()).header("x-amz-checksum-mode", "ENABLED").header("range", "bytes=0-100")
        }, crc64(part("bytes 0-9/10"))),
        row("CHK-121", "checksum mode, suffix of the whole", |s3| {
            get(s3, A.triple()).header("x-amz-checksum-mode", "ENABLED").header("range", "bytes=-15")
        }, crc64(part("bytes 0-9/10"))),
        row("OTH-011", "a plain object", |s3| s3.get("plain"), {
            plain(200).header("x-amz-server-side-encryption", "AES256").body("0123456789")
        }),
        row("GET-037", "http without SSE-C", |s3| s3.get("plain").plain_http(), plain(200)),
    ]
}

#[test]
fn accepted_reads() {
    Table {
        setup,
        rows: successes(),
        after: |_| {},
    }
    .check();
}
