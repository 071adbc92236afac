//! Two faults in one request: which of them is answered (ORD).

use crate::keys::{A, B};
use crate::s3::{Ask, S3};
use crate::table::{Row, Table, bare, refused, row};
use crate::texts;

fn setup() -> S3 {
    let s3 = S3::new();
    s3.store("doc", "0123456789", Some(&A));
    s3.store("plain", "0123456789", None);
    let mut upload = s3.upload_with("up", Some(A), &[("x-amz-checksum-algorithm", "CRC64NVME")]);
    upload.add(1, "part one");
    s3.note("up", upload.id);
    s3
}

fn get(s3: &S3) -> Ask<'_> {
    s3.get("doc").sse_c(&B)
}

#[rustfmt::skip]
pub(crate) fn rows() -> Vec<Row> {
    let argument = |message| refused(400, "InvalidArgument").sse().says(message);
    let key_needed = || refused(400, "InvalidRequest").says(texts::KEY_NEEDED);
    vec![
        row("ORD-002", "SSE-S3 too, a bad algorithm", |s3| {
            s3.put("new", "x").triple(A.triple().algorithm("KMS")).header("x-amz-server-side-encryption", "AES256")
        }, argument(texts::INCOMPATIBLE).value("AES256")),
        row("ORD-003", "another MD5, a short key", |s3| s3.put("new", "x").triple(crate::keys::Triple::of_len(16).md5(&A.md5())), {
            argument(texts::MD5_MISMATCH)
        }),
        row("ORD-007", "another key, a range beyond", |s3| get(s3).header("range", "bytes=99-"), refused(416, "InvalidRange")),
        row("ORD-008", "another key, If-None-Match", |s3| get(s3).header("if-none-match", &s3.noted("etag of doc")), bare(304)),
        row("ORD-009", "no key, If-None-Match", |s3| s3.get("doc").header("if-none-match", &s3.noted("etag of doc")), key_needed()),
        row("ORD-009", "no key, a range beyond", |s3| s3.get("doc").header("range", "bytes=99-"), key_needed()),
        row("ORD-010", "another MD5, If-None-Match", |s3| {
            s3.get("doc").triple(A.triple().md5(&B.md5())).header("if-none-match", &s3.noted("etag of doc"))
        }, argument(texts::MD5_MISMATCH)),
        row("ORD-011", "no such object, a key", |s3| s3.get("none").sse_c(&B), refused(404, "NoSuchKey")),
        row("ORD-012", "another key, no such part", |s3| {
            s3.object("POST", &format!("up?uploadId={}", s3.noted("up"))).sse_c(&B)
                .body("<CompleteMultipartUpload><Part><PartNumber>9</PartNumber><ETag>e</ETag></Part></CompleteMultipartUpload>")
        }, refused(400, "InvalidRequest")),
        row("ORD-013", "http, no such object", |s3| s3.get("none").sse_c(&A).plain_http(), argument(texts::NOT_SECURE)),
        row("SIG-001", "an unsigned header, a wrong signature", |s3| {
            get(s3).unsigned("x-amz-meta-a", "b").signing(|signing| signing.secret = "another".to_owned())
        }, refused(403, "AccessDenied").says(texts::UNSIGNED_HEADERS).with("HeadersNotSigned", "x-amz-meta-a")),
        row("SIG-001", "a wrong signature, another owner", |s3| {
            get(s3).header("x-amz-expected-bucket-owner", "1").signing(|signing| signing.secret = "another".to_owned())
        }, refused(403, "SignatureDoesNotMatch").says(texts::SIGNATURE)),
        row("CPY-104", "a bad target triple, another source key", |s3| {
            s3.copy("doc", "new").source_sse_c(&B).triple(A.triple().no_md5())
        }, refused(400, "InvalidArgument").sse()),
        row("CPY-104", "no such source, a bad target triple", |s3| s3.copy("none", "new").triple(A.triple().no_md5()), {
            refused(400, "InvalidArgument").sse()
        }),
        row("CPY-105", "part copy: another target key, another source key", |s3| {
            let target = format!("up?partNumber=2&uploadId={}", s3.noted("up"));
            s3.object("PUT", &target).sse_c(&B).header("x-amz-copy-source", "/bkt/doc").source_triple(B.triple().no_key())
        }, refused(400, "InvalidRequest").says(texts::NOT_ORIGINAL)),
    ]
}

#[test]
fn which_fault_is_answered() {
    Table {
        setup,
        rows: rows(),
        after: |s3| {
            s3.head("new").ok(404);
        },
    }
    .check();
}
