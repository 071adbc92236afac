//! The mechanics of multipart uploads: numbers, lists, ranges, repeats (MPU-1xx, and what of MPU
//! takes more than one request).

use crate::keys::{A, B};
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

/// MPU-019: MD5 over the parts' binary ETags, and their number, for SSE-C too.
#[test]
fn the_etag_of_an_upload() {
    use md5::{Digest as _, Md5};
    let s3 = setup();
    let answer = complete(&s3, &[("1", &s3.noted("first")), ("2", &s3.noted("last"))]).ok(200);
    let hex = |text: &str| -> Vec<u8> {
        let digit = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
        (0..text.len()).step_by(2).map(digit).collect()
    };
    let digest = Md5::digest([hex(&s3.noted("first")), hex(&s3.noted("last"))].concat());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(answer.must("ETag"), format!("\"{digest}-2\""));
    let read = s3.get("up").sse_c(&A).ok(200);
    assert_eq!(
        (read.etag(), read.body),
        (format!("{digest}-2"), [FIRST, LAST].concat().into())
    );
}

/// MPU-107: any of the parts, gaps in their numbers, a single one of any size.
#[test]
fn a_subset_with_gaps() {
    let s3 = S3::new();
    let mut upload = s3.upload("doc", Some(A));
    for number in [1, 3, 5, 9] {
        upload.add(number, format!("part {number} has twenty bytes and more"));
    }
    upload.parts.remove(1);
    let etag = upload.complete().ok(200).must("ETag");
    assert!(etag.ends_with("-3\""), "{etag}");
    let body = s3.get("doc").sse_c(&A).ok(200).body;
    assert_eq!(
        body,
        [1, 5, 9]
            .map(|n| format!("part {n} has twenty bytes and more"))
            .concat()
    );
    // Parts keep their numbers.
    let part = s3.get("doc?partNumber=5").sse_c(&A).ok(206);
    assert_eq!(part.body, "part 5 has twenty bytes and more");
    s3.get("doc?partNumber=3").sse_c(&A).ok(416);
    let mut small = s3.upload("small", Some(A));
    small.add(7, "x");
    small.complete().ok(200);
    s3.get("small?partNumber=7")
        .sse_c(&A)
        .ok(206)
        .has_header("x-amz-mp-parts-count", "1");
}

/// MPU-003, MPU-103: a part that is uploaded again is sealed anew, and its old ETag is void.
#[test]
fn a_part_again() {
    let s3 = S3::new();
    let mut upload = s3.upload("doc", Some(A));
    upload.add(1, FIRST);
    let before = upload.parts[0].1.clone();
    upload.add(1, FIRST);
    assert_ne!(
        before, upload.parts[0].1,
        "identical parts, different ETags"
    );
    let after = std::mem::replace(&mut upload.parts[0].1, before);
    assert_eq!(upload.complete().ok(400).must("Code"), "InvalidPart");
    upload.parts[0].1 = after;
    upload.complete().ok(200);
}

/// MPU-015, MPU-108: Complete repeated answers the first time's answer, without checksums.
#[test]
fn complete_again() {
    let s3 = S3::new();
    let upload = two_parts(&s3, "doc");
    let etag = upload.complete().sse_c(&A).ok(200).must("ETag");
    let again = upload.complete().sse_c(&A).ok(200);
    again.echoes(&A);
    assert_eq!(
        (again.must("ETag"), again.element("ChecksumType")),
        (etag.clone(), None)
    );
    assert_eq!(upload.complete().ok(200).must("ETag"), etag);
    let wrong = upload.complete().sse_c(&B).ok(400);
    assert_eq!(wrong.must("Code"), "InvalidRequest");
    assert_eq!(
        upload
            .complete()
            .header("if-none-match", "*")
            .ok(200)
            .must("ETag"),
        etag
    );
    assert_eq!(
        upload
            .complete()
            .header("if-match", "\"another\"")
            .ok(200)
            .must("ETag"),
        etag
    );
    let mut other = s3.upload("other", Some(A));
    (other.id, other.parts) = (upload.id.clone(), upload.parts.clone());
    other.complete().ok(404);
    upload.abort().ok(204);
    assert_eq!(
        upload.complete().ok(200).must("ETag"),
        etag,
        "MPU-112: Abort changes nothing"
    );
    s3.store("doc", "overwritten", None);
    assert_eq!(upload.complete().ok(404).must("Code"), "NoSuchUpload");
}

/// MPU-108: another list on a finished upload is as if it were gone.
#[test]
fn complete_again_with_another_list() {
    let s3 = S3::new();
    let mut upload = two_parts(&s3, "doc");
    upload.complete().ok(200);
    upload.parts.pop();
    assert_eq!(upload.complete().ok(404).must("Code"), "NoSuchUpload");
}

/// MPU-013: what was refused was not completed.
#[test]
fn a_wrong_key_completes_nothing() {
    let s3 = S3::new();
    let upload = two_parts(&s3, "doc");
    upload.complete().sse_c(&B).ok(400);
    s3.head("doc").sse_c(&A).ok(404);
    upload.complete().ok(200);
    s3.head("doc").sse_c(&A).ok(200).echoes(&A);
    s3.head("doc").sse_c(&B).ok(403);
    s3.head("doc").ok(400);
}

/// MPU-018: an aborted upload is gone with its parts.
#[test]
fn aborted() {
    let s3 = S3::new();
    let upload = two_parts(&s3, "doc");
    upload.abort().ok(204);
    for gone in [
        upload.list_parts(),
        upload.complete(),
        upload.part(1, "x").sse_c(&A),
        upload.abort(),
    ] {
        assert_eq!(gone.ok(404).must("Code"), "NoSuchUpload");
    }
}

/// MPU-110: a condition at Complete, and the object that was deleted meanwhile.
#[test]
fn conditions_of_complete() {
    let s3 = S3::new();
    s3.store("doc", "there", Some(&A));
    let upload = two_parts(&s3, "doc");
    let refused = upload.complete().header("if-none-match", "*").ok(412);
    assert_eq!(refused.must("Condition"), "If-None-Match");
    upload.complete().header("if-match", "\"another\"").ok(412);
    s3.delete("doc").ok(204);
    let conflict = upload.complete().header("if-none-match", "*").ok(409);
    assert_eq!(conflict.must("Code"), "ConditionalRequestConflict");
    assert_eq!(
        (conflict.must("Condition"), conflict.must("Key")),
        ("If-None-Match".into(), "doc".into())
    );
    upload.complete().header("if-match", "\"any\"").ok(404);
    upload.complete().ok(200);
}

/// MPU-021: the bytes of a copied part, and of a range of one, sealed under the upload's key.
#[test]
fn copied_parts() {
    let s3 = S3::new();
    s3.store("source", "0123456789abcdefghijklmnopqrstuvwxyz", Some(&B));
    let mut upload = s3.upload("doc", Some(A));
    let whole = upload
        .part_copy(1, "source")
        .sse_c(&A)
        .source_sse_c(&B)
        .ok(200)
        .must("ETag");
    let some = upload.part_copy(2, "source").sse_c(&A).source_sse_c(&B);
    let some = some
        .header("x-amz-copy-source-range", "bytes=14-17")
        .ok(200)
        .must("ETag");
    upload.list(1, whole.trim_matches('"'), "");
    upload.list(2, some.trim_matches('"'), "");
    upload.complete().sse_c(&A).ok(200).echoes(&A);
    let body = s3.get("doc").sse_c(&A).ok(200).body;
    assert_eq!(body, "0123456789abcdefghijklmnopqrstuvwxyzefgh");
    s3.get("doc").sse_c(&B).ok(403);
}
