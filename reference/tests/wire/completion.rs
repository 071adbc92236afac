//! Uploads from their first part to their end: what becomes of them, and of their repeats (MPU).

use crate::keys::{A, B};
use crate::s3::S3;
use crate::upload::Upload;

const FIRST: &str = "twenty bytes or more of part one";
const LAST: &str = "the last";

fn two_parts<'a>(s3: &'a S3, key: &str) -> Upload<'a> {
    let mut upload = s3.upload(key, Some(A));
    upload.add(1, FIRST);
    upload.add(2, LAST);
    upload
}

/// MPU-019: MD5 over the parts' binary ETags, and their number, for SSE-C too.
#[test]
fn the_etag_of_an_upload() {
    use md5::{Digest as _, Md5};
    let s3 = S3::new();
    let upload = two_parts(&s3, "doc");
    let answer = upload.complete().ok(200);
    let hex = |text: &str| -> Vec<u8> {
        let digit = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
        (0..text.len()).step_by(2).map(digit).collect()
    };
    let etags: Vec<_> = upload.parts.iter().map(|(_, etag, _)| hex(etag)).collect();
    let digest = Md5::digest(etags.concat());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(answer.must("ETag"), format!("\"{digest}-2\""));
    let read = s3.get("doc").sse_c(&A).ok(200);
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
