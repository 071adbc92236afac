//! The mechanics of multipart uploads: numbers, lists, ranges (MPU-1xx).

use crate::keys::A;
use crate::s3::{Ask, S3};
use crate::table::{Row, Table, echo, plain, refused, row};
use crate::texts;
use crate::upload::Upload;

const FIRST: &str = "twenty bytes or more of part one";
const LAST: &str = "the last";

/// `doc` is an SSE-C object of two parts, `up` an upload in progress of the same.
fn setup() -> S3 {
    let s3 = S3::new();
    s3.store("source", "0123456789", None);
    two_parts(&s3, "doc").complete().ok(200);
    let upload = two_parts(&s3, "up");
    s3.note("up", upload.id.clone());
    s3.note("first", upload.parts[0].1.clone());
    s3.note("last", upload.parts[1].1.clone());
    s3
}

fn two_parts<'a>(s3: &'a S3, key: &str) -> Upload<'a> {
    let mut upload = s3.upload(key, Some(A));
    upload.add(1, FIRST);
    upload.add(2, LAST);
    upload
}

fn up<'a>(s3: &'a S3, method: &str, query: &str) -> Ask<'a> {
    s3.object(method, &format!("up?uploadId={}{query}", s3.noted("up")))
}

/// Complete with this list of numbers and ETags.
fn complete<'a>(s3: &'a S3, list: &[(&str, &str)]) -> Ask<'a> {
    let part = |(number, etag): &(&str, &str)| {
        format!("<Part><PartNumber>{number}</PartNumber><ETag>\"{etag}\"</ETag></Part>")
    };
    let parts: String = list.iter().map(part).collect();
    up(s3, "POST", "").body(format!(
        "<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>"
    ))
}

fn unchanged(s3: &S3) {
    let listed = up(s3, "GET", "").ok(200).elements("ETag");
    let etags = [s3.noted("first"), s3.noted("last")].map(|etag| format!("\"{etag}\""));
    // One row uploads a third part before it is refused.
    assert_eq!(listed[..2], etags);
    s3.head("up").ok(404);
}

const NO_UPLOAD: &str = "bm8gc3VjaCB1cGxvYWQ";

#[rustfmt::skip]
pub(crate) fn refusals() -> Vec<Row> {
    let gone = || refused(404, "NoSuchUpload").says(texts::NO_SUCH_UPLOAD).with("UploadId", NO_UPLOAD);
    let number = |value| refused(400, "InvalidArgument").says(texts::PART_NUMBER).argument("partNumber").value(value);
    let order = || refused(400, "InvalidPartOrder").with_some("UploadId");
    let invalid_part = |n| refused(400, "InvalidPart").says(texts::INVALID_PART).with("PartNumber", n).with_some("UploadId");
    let copy_range = |value| refused(400, "InvalidArgument").argument("x-amz-copy-source-range").value(value)
        .says("The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the \
               zero-based offsets of the first and last bytes to copy");
    let not_implemented = |header| refused(501, "NotImplemented").says(texts::NOT_IMPLEMENTED).with("Header", header);
    vec![
        row("MPU-101", "UploadPart", |s3| s3.put(&format!("up?partNumber=1&uploadId={NO_UPLOAD}"), "x").sse_c(&A), gone()),
        row("MPU-101", "Complete", |s3| {
            s3.object("POST", &format!("up?uploadId={NO_UPLOAD}"))
                .body("<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>e</ETag></Part></CompleteMultipartUpload>")
        }, gone()),
        row("MPU-101", "Abort", |s3| s3.delete(&format!("up?uploadId={NO_UPLOAD}")), gone()),
        row("MPU-101", "ListParts", |s3| s3.get(&format!("up?uploadId={NO_UPLOAD}")), gone()),
        row("MPU-101", "another key's upload", |s3| s3.get(&format!("other?uploadId={}", s3.noted("up"))), {
            refused(404, "NoSuchUpload")
        }),
        row("MPU-102", "descending", |s3| complete(s3, &[("2", &s3.noted("last")), ("1", &s3.noted("first"))]), order()),
        row("MPU-102", "twice", |s3| complete(s3, &[("1", &s3.noted("first")), ("1", &s3.noted("first"))]), order()),
        row("MPU-103", "a part that is not there", |s3| complete(s3, &[("1", &s3.noted("first")), ("3", "e")]), {
            invalid_part("3").with("ETag", "e")
        }),
        row("MPU-103", "another ETag", |s3| complete(s3, &[("1", &s3.noted("last"))]), invalid_part("1")),
        row("MPU-104", "a small part", |s3| {
            let small = up(s3, "PUT", "&partNumber=2").body("nineteen characters").sse_c(&A).ok(200).etag();
            let last = up(s3, "PUT", "&partNumber=3").body("x").sse_c(&A).ok(200).etag();
            s3.note("last", small.clone());
            up(s3, "POST", "").body(format!(
                "<CompleteMultipartUpload><Part><PartNumber>2</PartNumber><ETag>{small}</ETag></Part>\
                 <Part><PartNumber>3</PartNumber><ETag>{last}</ETag></Part></CompleteMultipartUpload>"
            ))
        }, {
            refused(400, "EntityTooSmall").says("Your proposed upload is smaller than the minimum allowed size")
                .with("PartNumber", "2").with("ProposedSize", "19").with("MinSizeAllowed", "20").with_some("ETag")
        }),
        row("MPU-105", "no body", |s3| up(s3, "POST", ""), {
            refused(400, "InvalidRequest").says("You must specify at least one part")
        }),
        row("MPU-105", "an empty list", |s3| up(s3, "POST", "").body("<CompleteMultipartUpload/>"), {
            refused(400, "MalformedXML").says(texts::MALFORMED_XML)
        }),
        row("MPU-106", "part 0", |s3| up(s3, "PUT", "&partNumber=0").sse_c(&A), number("0")),
        row("MPU-106", "part -1", |s3| up(s3, "PUT", "&partNumber=-1").sse_c(&A), number("-1")),
        row("MPU-106", "part 10001", |s3| up(s3, "PUT", "&partNumber=10001").sse_c(&A), number("10001")),
        row("MPU-109", "If-Match: *", |s3| complete(s3, &[("1", "e")]).header("if-match", "*"), not_implemented("If-Match")),
        row("MPU-109", "both conditions, no upload", |s3| {
            s3.object("POST", &format!("up?uploadId={NO_UPLOAD}")).body("<CompleteMultipartUpload/>")
                .header("if-match", "\"e\"").header("if-none-match", "*")
        }, not_implemented("If-Match,If-None-Match")),
        row("MPU-113", "part 3 of 2", |s3| s3.get("doc?partNumber=3").sse_c(&A), refused(416, "InvalidPartNumber")),
        row("MPU-113", "part 0", |s3| s3.get("doc?partNumber=0").sse_c(&A), {
            refused(400, "InvalidArgument").argument("partNumber").value("0")
        }),
        row("MPU-113", "part 10001", |s3| s3.get("doc?partNumber=10001").sse_c(&A), {
            refused(400, "InvalidArgument").argument("partNumber").value("10001")
        }),
        row("MPU-113", "part abc", |s3| s3.get("doc?partNumber=abc").sse_c(&A), {
            refused(400, "InvalidArgument").argument("partNumber").value("abc")
        }),
        row("MPU-113", "a range too", |s3| s3.get("doc?partNumber=0").sse_c(&A).header("range", "bytes=0-1"), {
            refused(400, "InvalidRequest")
        }),
        row("MPU-114", "no prefix", |s3| copy(s3, "0-8"), copy_range("0-8")),
        row("MPU-114", "backwards", |s3| copy(s3, "bytes=1-0"), copy_range("bytes=1-0")),
        row("MPU-114", "a suffix", |s3| copy(s3, "bytes=-2"), copy_range("bytes=-2")),
        row("MPU-114", "open", |s3| copy(s3, "bytes=1-"), copy_range("bytes=1-")),
        row("MPU-114", "a list", |s3| copy(s3, "bytes=0-1,3-4"), copy_range("bytes=0-1,3-4")),
        row("MPU-115", "an end beyond", |s3| copy(s3, "bytes=0-10"), {
            refused(400, "InvalidArgument").says("Range specified is not valid for source object of size: 10")
                .argument("x-amz-copy-source-range").value("bytes=0-10")
        }),
        row("MPU-115", "wholly beyond", |s3| copy(s3, "bytes=10-12"), {
            refused(400, "InvalidRequest").says("The specified copy range is invalid for the source object size")
        }),
        row("MPU-116", "max-parts", |s3| up(s3, "GET", "&max-parts=many"), {
            refused(400, "InvalidArgument").argument("max-parts").value("many")
        }),
        row("MPU-116", "part-number-marker", |s3| up(s3, "GET", "&part-number-marker=x"), {
            refused(400, "InvalidArgument").argument("part-number-marker").value("x")
        }),
        row("CHK-124", "ListParts of a finished upload", |s3| {
            let done = two_parts(s3, "other");
            done.complete().ok(200);
            s3.get(&format!("other?uploadId={}", done.id))
        }, refused(404, "NoSuchUpload")),
    ]
}

fn copy<'a>(s3: &'a S3, range: &str) -> Ask<'a> {
    let copy = up(s3, "PUT", "&partNumber=3")
        .sse_c(&A)
        .header("x-amz-copy-source", "/bkt/source");
    copy.header("x-amz-copy-source-range", range)
}

#[test]
fn refused_mechanics() {
    Table {
        setup,
        rows: refusals(),
        after: unchanged,
    }
    .check();
}

#[rustfmt::skip]
pub(crate) fn successes() -> Vec<Row> {
    let part = |range, body| echo(206, &A).header("content-range", range).body(body)
        .header("x-amz-mp-parts-count", "2");
    vec![
        row("MPU-024", "part 1", |s3| s3.get("doc?partNumber=1").sse_c(&A), part("bytes 0-31/40", FIRST)),
        row("MPU-024", "part 2", |s3| s3.get("doc?partNumber=2").sse_c(&A), part("bytes 32-39/40", LAST)),
        row("MPU-113", "HEAD of part 2", |s3| s3.head("doc?partNumber=2").sse_c(&A), {
            part("bytes 32-39/40", "").header("content-length", "8")
        }),
        row("MPU-113", "a range over both parts", |s3| s3.get("doc").sse_c(&A).header("range", "bytes=28-35"), {
            echo(206, &A).body(" onethe ").no_header("x-amz-mp-parts-count")
        }),
        row("ATT-102", "PartsCount", |s3| {
            s3.get("doc?attributes").sse_c(&A).header("x-amz-object-attributes", "ObjectParts,ObjectSize")
        }, plain(200).with("PartsCount", "2").with("ObjectSize", "40").without("Part")),
        row("MPU-114", "a range", |s3| copy(s3, "bytes=2-5"), echo(200, &A).with_some("ETag")),
        row("MPU-105", "without quotes", |s3| {
            up(s3, "POST", "").sse_c(&A).body(format!(
                "<CompleteMultipartUpload><Part><ETag>{}</ETag><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>",
                s3.noted("first")
            ))
        }, echo(200, &A)),
    ]
}

#[test]
fn accepted_mechanics() {
    Table {
        setup,
        rows: successes(),
        after: |_| {},
    }
    .check();
}
