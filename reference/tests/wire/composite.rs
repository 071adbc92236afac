//! Checksums of multipart uploads: COMPOSITE and FULL_OBJECT (CHK-115..126).

use crate::keys::A;
use crate::s3::S3;
use crate::upload::Upload;

/// The parts, their CRC32 and SHA-256, and those of the whole; computed elsewhere.
const PARTS: [(&str, &str, &str); 2] = [
    (
        "twenty bytes or more of part one",
        "zP1Qig==",
        "L3YXODz0GR0smd6LDVFturqrxoiagDRNY3jpncrVrIA=",
    ),
    (
        "the last",
        "BwaF0A==",
        "gqYF/WkgZM6FPCIvg4v4t+WEPepuUIeKEr/MKFgijCE=",
    ),
];
const WHOLE_CRC32: &str = "Y8H6aA==";
const COMPOSITE_CRC32: &str = "4yeMHQ==";
const COMPOSITE_SHA256: &str = "smdN4QMREARtaznKkQEFHkX7ZYIaJSHBL/1aSd2v3u0=";

fn upload<'a>(s3: &'a S3, headers: &[(&str, &str)], part_header: Option<&str>) -> Upload<'a> {
    let mut upload = s3.upload_with("doc", Some(A), headers);
    for (index, (body, crc32, sha256)) in PARTS.into_iter().enumerate() {
        let number = index as u16 + 1;
        let part = upload.part(number, body).sse_c(&A);
        let (part, more) = match part_header {
            Some("x-amz-checksum-crc32") => (
                part.header("x-amz-checksum-crc32", crc32),
                format!("<ChecksumCRC32>{crc32}</ChecksumCRC32>"),
            ),
            Some(name) => (
                part.header(name, sha256),
                format!("<ChecksumSHA256>{sha256}</ChecksumSHA256>"),
            ),
            None => (part, String::new()),
        };
        let etag = part.ok(200).etag();
        upload.list(number, &etag, &more);
    }
    upload
}

const SHA256: &[(&str, &str)] = &[("x-amz-checksum-algorithm", "SHA256")];
const FULL_CRC32: &[(&str, &str)] = &[
    ("x-amz-checksum-algorithm", "CRC32"),
    ("x-amz-checksum-type", "FULL_OBJECT"),
];

fn sha256(s3: &S3) -> Upload<'_> {
    upload(s3, SHA256, Some("x-amz-checksum-sha256"))
}

/// CHK-122, MPU-014: the value ends in the number of parts, but for GetObjectAttributes.
#[test]
fn a_composite() {
    let s3 = S3::new();
    let answer = sha256(&s3).complete().sse_c(&A).ok(200);
    assert_eq!(
        answer.must("ChecksumSHA256"),
        format!("{COMPOSITE_SHA256}-2")
    );
    assert_eq!(answer.must("ChecksumType"), "COMPOSITE");
    let read = s3
        .get("doc")
        .sse_c(&A)
        .header("x-amz-checksum-mode", "ENABLED")
        .ok(200);
    read.has_header("x-amz-checksum-sha256", &format!("{COMPOSITE_SHA256}-2"));
    read.has_header("x-amz-checksum-type", "COMPOSITE");
    let attributes = s3.get("doc?attributes").sse_c(&A);
    let attributes = attributes
        .header("x-amz-object-attributes", "Checksum,ObjectParts")
        .ok(200);
    let sums = attributes.elements("ChecksumSHA256");
    assert_eq!(
        sums,
        [COMPOSITE_SHA256, PARTS[0].2, PARTS[1].2],
        "{attributes}"
    );
    assert_eq!(attributes.elements("PartNumber"), ["1", "2"]);
    assert_eq!(attributes.elements("Size"), ["32", "8"]);
    assert_eq!(attributes.must("IsTruncated"), "false");
    let copy = s3.copy("doc", "copy").source_sse_c(&A).ok(200);
    assert_eq!(
        copy.must("ChecksumType"),
        "FULL_OBJECT",
        "CPY-103: computed anew"
    );
}

/// ATT-102: pages of parts.
#[test]
fn pages_of_parts() {
    let s3 = S3::new();
    sha256(&s3).complete().sse_c(&A).ok(200);
    let ask = || {
        s3.get("doc?attributes")
            .sse_c(&A)
            .header("x-amz-object-attributes", "ObjectParts")
    };
    let first = ask().header("x-amz-max-parts", "1").ok(200);
    assert_eq!(first.elements("PartNumber"), ["1"]);
    assert_eq!(
        [
            first.must("IsTruncated"),
            first.must("NextPartNumberMarker")
        ],
        ["true", "1"]
    );
    let second = ask().header("x-amz-part-number-marker", "1").ok(200);
    assert_eq!(second.elements("PartNumber"), ["2"]);
    assert_eq!(second.must("IsTruncated"), "false");
}

/// CHK-115..117, CHK-119: what Complete says must be what was uploaded.
#[test]
fn refused_composites() {
    let s3 = S3::new();
    let mut up = sha256(&s3);
    let refused = |up: &Upload<'_>, code: &str, message: &str| {
        let answer = up.complete().sse_c(&A).ok(400);
        assert_eq!(
            (
                answer.must("Code").as_str(),
                answer.must("Message").as_str()
            ),
            (code, message)
        );
    };
    let whole = up.parts.clone();
    let first = |up: &mut Upload<'_>, more: &str| up.parts[0].2 = more.to_owned();
    first(&mut up, "");
    refused(
        &up,
        "InvalidRequest",
        "The upload was created using a sha256 checksum. The complete request must include \
        the checksum for each part. It was missing for part 1 in the request.",
    );
    first(
        &mut up,
        &format!("<ChecksumSHA256>{}</ChecksumSHA256>", PARTS[1].2),
    );
    refused(&up, "InvalidPart", crate::texts::INVALID_PART);
    first(
        &mut up,
        &format!("<ChecksumCRC32>{}</ChecksumCRC32>", PARTS[0].1),
    );
    let other = up.complete().sse_c(&A).ok(400);
    assert_eq!(other.must("Code"), "BadDigest");
    up.parts = whole;
    let other = up
        .complete()
        .sse_c(&A)
        .header("x-amz-checksum-type", "FULL_OBJECT")
        .ok(400);
    assert_eq!(other.must("Code"), "InvalidRequest");
    assert_eq!(
        other.must("Message"),
        "The upload was created using the COMPOSITE checksum mode. The complete request \
        must use the same checksum mode."
    );
    let size = up
        .complete()
        .sse_c(&A)
        .header("x-amz-mp-object-size", "5")
        .ok(400);
    assert_eq!(size.must("Code"), "InvalidRequest");
    assert_eq!(
        size.must("Message"),
        "The provided 'x-amz-mp-object-size' header value 5 does not match what was computed: 40"
    );
    up.complete()
        .sse_c(&A)
        .header("x-amz-mp-object-size", "40")
        .ok(200);
}

/// CHK-117: of an upload that named no algorithm, the type is `null`.
#[test]
fn a_type_at_complete_alone() {
    let s3 = S3::new();
    let up = upload(&s3, &[], None);
    let answer = up
        .complete()
        .sse_c(&A)
        .header("x-amz-checksum-type", "FULL_OBJECT")
        .ok(400);
    assert_eq!(
        answer.must("Message"),
        "The upload was created using the null checksum mode. The complete request must \
        use the same checksum mode."
    );
}

/// CHK-118, CHK-126: the checksum of the whole, from parts with and without their own.
#[test]
fn a_full_object() {
    for part_header in [None, Some("x-amz-checksum-crc32")] {
        let s3 = S3::new();
        let up = upload(&s3, FULL_CRC32, part_header);
        let refused = up
            .complete()
            .sse_c(&A)
            .header("x-amz-checksum-crc32", COMPOSITE_CRC32)
            .ok(400);
        assert_eq!(refused.must("Code"), "BadDigest");
        assert_eq!(
            refused.must("Message"),
            "The crc32 you specified did not match the calculated checksum."
        );
        let answer = up
            .complete()
            .sse_c(&A)
            .header("x-amz-checksum-crc32", WHOLE_CRC32)
            .ok(200);
        assert_eq!(answer.must("ChecksumCRC32"), WHOLE_CRC32);
        assert_eq!(answer.must("ChecksumType"), "FULL_OBJECT");
    }
}

/// CHK-125, MPU-016: a list with checksums, though Create named no algorithm; the key comes first.
#[test]
fn checksums_nobody_asked_for() {
    let s3 = S3::new();
    let up = upload(&s3, &[], Some("x-amz-checksum-sha256"));
    assert_eq!(up.complete().ok(400).must("Code"), "InvalidPart");
    assert_eq!(up.complete().sse_c(&A).ok(400).must("Code"), "InvalidPart");
    assert_eq!(
        up.complete().sse_c(&crate::keys::B).ok(400).must("Code"),
        "InvalidRequest"
    );
    // CHK-113: the part's checksum was echoed, and is not listed.
    assert_eq!(up.list_parts().ok(200).element("ChecksumSHA256"), None);
}
