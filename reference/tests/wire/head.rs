//! HeadObject: the answers of GetObject without their bodies (HEA).

use crate::keys::{A, B, Triple};
use crate::s3::S3;
use crate::table::{Row, Table, bare, echo, row};

fn setup() -> S3 {
    let s3 = S3::new();
    s3.store("doc", "0123456789", Some(&A));
    s3.store("plain", "0123456789", None);
    s3
}

#[rustfmt::skip]
pub(crate) fn rows() -> Vec<Row> {
    let whole = || echo(200, &A).header("content-length", "10").header("accept-ranges", "bytes");
    vec![
        row("HEA-001", "the right triple", |s3| s3.head("doc").sse_c(&A), whole().some_header("etag")),
        row("HEA-002", "no triple", |s3| s3.head("doc"), bare(400)),
        row("HEA-003", "another key", |s3| s3.head("doc").sse_c(&B), bare(403)),
        row("HEA-003", "44 bytes", |s3| s3.head("doc").triple(Triple::of_len(44)), bare(403)),
        row("HEA-004", "KMS", |s3| s3.head("doc").triple(A.triple().algorithm("KMS")), bare(400)),
        row("HEA-005", "a triple for a plain object", |s3| s3.head("plain").sse_c(&A), bare(400)),
        row("HEA-006", "range, no key", |s3| s3.head("doc").header("range", "bytes=2-5"), bare(400)),
        row("HEA-006", "range beyond, no key", |s3| s3.head("doc").header("range", "bytes=99-"), bare(400)),
        row("HEA-006", "range", |s3| s3.head("doc").sse_c(&A).header("range", "bytes=2-5"), {
            echo(206, &A).header("content-range", "bytes 2-5/10").header("content-length", "4")
        }),
        row("HEA-007", "no such object", |s3| s3.head("none").sse_c(&A), bare(404)),
        row("HEA-009", "no MD5", |s3| s3.head("doc").triple(A.triple().no_md5()), whole()),
        row("HEA-010", "range beyond", |s3| s3.head("doc").sse_c(&A).header("range", "bytes=99-"), bare(416)),
        row("HEA-010", "range beyond, another key", |s3| s3.head("doc").sse_c(&B).header("range", "bytes=99-"), bare(416)),
        row("HEA-010", "range, another key", |s3| s3.head("doc").sse_c(&B).header("range", "bytes=2-5"), bare(403)),
        row("GET-037", "http", |s3| s3.head("doc").sse_c(&A).plain_http(), bare(400)),
    ]
}

#[test]
fn head_object() {
    Table {
        setup,
        rows: rows(),
        after: |_| {},
    }
    .check();
}

/// HEA-001: HEAD says what GET says.
#[test]
fn the_same_headers_as_get() {
    let s3 = setup();
    let (get, head) = (
        s3.get("doc").sse_c(&A).ok(200),
        s3.head("doc").sse_c(&A).ok(200),
    );
    for name in [
        "etag",
        "last-modified",
        "content-type",
        "content-length",
        "accept-ranges",
    ] {
        assert_eq!(get.header(name), head.header(name), "{name}");
        assert!(get.header(name).is_some(), "{name}");
    }
}
