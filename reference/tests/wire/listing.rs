//! What needs no key: listings, deletes, tags; and what nobody may read off them (LST, OTH, ETG).

use crate::keys::{A, B, OBJECT_SIDE};
use crate::s3::S3;
use crate::table::{Row, Table, any, plain, refused, row};

fn setup() -> S3 {
    let s3 = S3::new();
    s3.store("doc", "0123456789", Some(&A));
    s3
}

#[rustfmt::skip]
pub(crate) fn rows() -> Vec<Row> {
    let listed = || plain(200).with("Key", "doc").with("Size", "10").with_some("ETag")
        .without("ServerSideEncryption").without("SSECustomerAlgorithm");
    vec![
        row("LST-001", "ListObjects", |s3| s3.bucket("GET", ""), listed()),
        row("LST-001", "ListObjectsV2", |s3| s3.bucket("GET", "?list-type=2"), listed()),
        row("LST-001", "ListObjectVersions", |s3| s3.bucket("GET", "?versions"), listed().with("VersionId", "null")),
        row("OTH-001", "DeleteObject", |s3| s3.delete("doc"), any(204)),
        row("OTH-001", "DeleteObject with another key", |s3| s3.delete("doc").sse_c(&B), any(204)),
        row("OTH-001", "DeleteObjects", |s3| {
            s3.bucket("POST", "?delete").body("<Delete><Object><Key>doc</Key></Object></Delete>")
                .header("content-md5", "q/0ug/FZkdAqYOImIWbG8A==")
        }, plain(200).with("Key", "doc").without("Code")),
        row("OTH-002", "GetObjectTagging", |s3| s3.get("doc?tagging"), plain(200)),
        row("OTH-002", "PutObjectTagging", |s3| {
            s3.put("doc?tagging", "<Tagging><TagSet><Tag><Key>colour</Key><Value>blue</Value></Tag></TagSet></Tagging>")
        }, any(200)),
        row("OTH-003", "GetObjectAcl", |s3| s3.get("doc?acl"), plain(200).with("Permission", "FULL_CONTROL")),
        row("OTH-007", "SelectObjectContent", |s3| s3.object("POST", "doc?select&select-type=2").sse_c(&A).body("<x/>"), {
            refused(501, "NotImplemented")
        }),
        row("OTH-008", "GetObjectTorrent", |s3| s3.get("doc?torrent"), refused(405, "MethodNotAllowed")),
        row("ENC-007", "a preflight", |s3| {
            s3.object("OPTIONS", "doc").header("origin", "https://example.com").header("access-control-request-method", "GET")
        }, refused(403, "AccessForbidden").with("Method", "GET").with("ResourceType", "BUCKET")),
    ]
}

#[test]
fn without_a_key() {
    Table {
        setup,
        rows: rows(),
        after: |_| {},
    }
    .check();
}

/// OTH-002: tags need no key to be written, and none to be read; OTH-013: HEAD still does.
#[test]
fn tags_are_not_under_the_key() {
    let s3 = setup();
    let tags =
        "<Tagging><TagSet><Tag><Key>colour</Key><Value>blue</Value></Tag></TagSet></Tagging>";
    s3.put("doc?tagging", tags).ok(200);
    assert_eq!(s3.get("doc?tagging").ok(200).elements("Value"), ["blue"]);
    s3.head("doc")
        .sse_c(&A)
        .ok(200)
        .has_header("x-amz-tagging-count", "1");
    s3.head("doc").ok(400).lacks_header("x-amz-tagging-count");
    assert_eq!(
        s3.get("doc").sse_c(&A).ok(200).etag(),
        s3.noted("etag of doc")
    );
}

/// User metadata is not encrypted on S3, but whoever asks for it needs the key (OTH-013).
#[test]
fn metadata_needs_the_key() {
    let s3 = S3::new();
    s3.put("doc", "x")
        .sse_c(&A)
        .header("x-amz-meta-colour", "blue")
        .ok(200);
    for ask in [s3.get("doc"), s3.head("doc")] {
        ask.clone()
            .sse_c(&A)
            .ok(200)
            .has_header("x-amz-meta-colour", "blue");
        ask.clone()
            .ok(400)
            .lacks_header("x-amz-meta-colour")
            .lacks_header("content-disposition");
        ask.sse_c(&B)
            .ok(403)
            .lacks_header("x-amz-meta-colour")
            .lacks_header("last-modified");
    }
}

/// ETG-001: 32 hexadecimal digits that are not the MD5 and not the same twice.
#[test]
fn an_etag_says_nothing() {
    let s3 = S3::new();
    // MD5 of "0123456789", computed elsewhere.
    let md5 = "781e5e245d69b566979b86e28d23f2c7";
    let etags: Vec<_> = ["a", "b", "a"]
        .map(|key| s3.store(key, "0123456789", Some(&A)).etag())
        .into();
    for etag in &etags {
        assert!(
            etag.len() == 32 && etag.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{etag}"
        );
        assert_ne!(etag, md5);
    }
    assert!(etags[0] != etags[1] && etags[0] != etags[2], "{etags:?}");
    assert_eq!(
        s3.store("plain", "0123456789", None).etag(),
        md5,
        "without SSE-C it is the MD5"
    );
}

/// ETG-002: one ETag, wherever it is shown.
#[test]
fn one_etag_everywhere() {
    let s3 = setup();
    let etag = s3.noted("etag of doc");
    let quoted = format!("\"{etag}\"");
    assert_eq!(s3.get("doc").sse_c(&A).ok(200).etag(), etag);
    assert_eq!(s3.head("doc").sse_c(&A).ok(200).etag(), etag);
    for query in ["", "?list-type=2", "?versions"] {
        assert_eq!(
            s3.bucket("GET", query).ok(200).must("ETag"),
            quoted,
            "{query}"
        );
    }
    s3.get("doc").sse_c(&A).header("if-match", &quoted).ok(200);
}

/// OTH-015 is not known; here the headers are ignored where the API has no members for them.
#[test]
fn headers_where_they_mean_nothing() {
    let s3 = setup();
    for ask in [
        s3.get("doc?tagging"),
        s3.get("doc?acl"),
        s3.bucket("GET", "?list-type=2"),
        s3.bucket("HEAD", ""),
    ] {
        let answer = ask.header(OBJECT_SIDE[0], "KMS").ok(200);
        answer.echoes_nothing();
    }
}
