//! Checksums and Content-MD5 over the plaintext, SSE-C or not (CHK).

use crate::keys::A;
use crate::s3::{Ask, S3};
use crate::table::{Row, Table, Wanted, echo, refused, row};

const BODY: &str = "0123456789";
/// Header, name in messages, checksum of [`BODY`], of nothing; computed elsewhere.
const SUMS: [(&str, &str, &str, &str); 5] = [
    ("x-amz-checksum-crc32", "CRC32", "poTHxg==", "AAAAAA=="),
    ("x-amz-checksum-crc32c", "CRC32C", "KAwGng==", "AAAAAA=="),
    (
        "x-amz-checksum-crc64nvme",
        "CRC64NVME",
        "Ffmx7kz9nB0=",
        "AAAAAAAAAAA=",
    ),
    (
        "x-amz-checksum-sha1",
        "SHA1",
        "h6zsF82dzSCnFsws9nQXtxyKcBY=",
        "2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
    ),
    (
        "x-amz-checksum-sha256",
        "SHA256",
        "hNiYd/DUBB77a/kaFvAkjy/Vc+avBcGflr7bn4gveII=",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    ),
];

fn setup() -> S3 {
    let s3 = S3::new();
    s3.store("doc", "what was there before", Some(&A));
    let upload = s3.upload("up", Some(A));
    s3.note("plain upload", upload.id);
    let sha256 = [("x-amz-checksum-algorithm", "SHA256")];
    s3.note("sha256 upload", s3.upload_with("up", Some(A), &sha256).id);
    let whole = [
        ("x-amz-checksum-algorithm", "CRC32"),
        ("x-amz-checksum-type", "FULL_OBJECT"),
    ];
    s3.note("crc32 upload", s3.upload_with("up", Some(A), &whole).id);
    s3
}

fn unchanged(s3: &S3) {
    assert_eq!(
        s3.get("doc").sse_c(&A).ok(200).body,
        "what was there before"
    );
    for upload in ["plain upload", "sha256 upload", "crc32 upload"] {
        let listed = s3
            .get(&format!("up?uploadId={}", s3.noted(upload)))
            .sse_c(&A)
            .ok(200);
        assert_eq!(listed.element("Part"), None);
        assert_eq!(listed.elements("ETag").len(), 0, "{listed}");
    }
}

fn put(s3: &S3) -> Ask<'_> {
    s3.put("doc", BODY).sse_c(&A)
}

fn part<'a>(s3: &'a S3, upload: &str) -> Ask<'a> {
    let target = format!("up?partNumber=1&uploadId={}", s3.noted(upload));
    s3.put(&target, BODY).sse_c(&A)
}

fn create(s3: &S3) -> Ask<'_> {
    s3.object("POST", "new?uploads").sse_c(&A)
}

fn invalid(message: &'static str) -> Wanted {
    refused(400, "InvalidRequest").says(message)
}

#[rustfmt::skip]
pub(crate) fn refusals() -> Vec<Row> {
    let unquoted = || refused(400, "InvalidRequest");
    let mismatch = |message| refused(400, "BadDigest").says(message);
    let digest = |value| refused(400, "InvalidDigest").says("The Content-MD5 you specified was invalid.")
        .with("Content-MD5", value);
    vec![
        row("CHK-101", "PutObject: not base64", |s3| put(s3).header("x-amz-checksum-crc32", "!!!"), {
            invalid("Value for x-amz-checksum-crc32 header is invalid.")
        }),
        row("CHK-101", "PutObject: the length of another", |s3| put(s3).header("x-amz-checksum-sha256", SUMS[0].2), {
            invalid("Value for x-amz-checksum-sha256 header is invalid.")
        }),
        row("CHK-101", "UploadPart: not base64", |s3| part(s3, "plain upload").header("x-amz-checksum-sha1", "!!!"), {
            invalid("Value for x-amz-checksum-sha1 header is invalid.")
        }),
        row("CHK-102", "CRC32", |s3| put(s3).header(SUMS[0].0, SUMS[0].3), {
            mismatch("The CRC32 you specified did not match the calculated checksum.")
        }),
        row("CHK-102", "CRC32C", |s3| put(s3).header(SUMS[1].0, SUMS[1].3), {
            mismatch("The CRC32C you specified did not match the calculated checksum.")
        }),
        row("CHK-102", "CRC64NVME", |s3| put(s3).header(SUMS[2].0, SUMS[2].3), {
            mismatch("The CRC64NVME you specified did not match the calculated checksum.")
        }),
        row("CHK-102", "SHA1", |s3| put(s3).header(SUMS[3].0, SUMS[3].3), {
            mismatch("The SHA1 you specified did not match the calculated checksum.")
        }),
        row("CHK-102", "SHA256", |s3| put(s3).header(SUMS[4].0, SUMS[4].3), {
            mismatch("The SHA256 you specified did not match the calculated checksum.")
        }),
        row("CHK-102", "UploadPart", |s3| part(s3, "plain upload").header(SUMS[0].0, SUMS[0].3), {
            mismatch("The CRC32 you specified did not match the calculated checksum.")
        }),
        row("CHK-103", "empty", |s3| put(s3).header("x-amz-checksum-crc32", ""), unquoted()),
        row("CHK-103", "empty, and the algorithm", |s3| {
            put(s3).header("x-amz-checksum-crc32", "").header("x-amz-sdk-checksum-algorithm", "CRC32")
        }, unquoted()),
        row("CHK-104", "two", |s3| put(s3).header(SUMS[0].0, SUMS[0].2).header(SUMS[4].0, SUMS[4].2), unquoted()),
        row("CHK-105", "another algorithm is named", |s3| {
            put(s3).header(SUMS[4].0, SUMS[4].2).header("x-amz-sdk-checksum-algorithm", "CRC32")
        }, unquoted()),
        row("CHK-107", "PutObject: not base64", |s3| put(s3).header("content-md5", "!!!"), digest("!!!")),
        row("CHK-107", "PutObject: 4 bytes", |s3| put(s3).header("content-md5", "AAAAAA=="), digest("AAAAAA==")),
        row("CHK-107", "UploadPart: not base64", |s3| part(s3, "plain upload").header("content-md5", "!!!"), digest("!!!")),
        row("CHK-108", "PutObject", |s3| put(s3).header("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg=="), {
            mismatch("The Content-MD5 you specified did not match what we received.")
                .with("ExpectedDigest", "d41d8cd98f00b204e9800998ecf8427e").with("CalculatedDigest", "eB5eJF1ptWaXm4bijSPyxw==")
        }),
        row("CHK-108", "UploadPart", |s3| part(s3, "plain upload").header("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg=="), {
            mismatch("The Content-MD5 you specified did not match what we received.")
                .with("ExpectedDigest", "1B2M2Y8AsgTpgAmY7PhCfg==").with("CalculatedDigest", "eB5eJF1ptWaXm4bijSPyxw==")
        }),
        row("CHK-109", "an unknown algorithm", |s3| create(s3).header("x-amz-checksum-algorithm", "CRC8"), {
            invalid("Checksum algorithm provided is unsupported. Please try again with any of the valid types: \
                     [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]")
        }),
        row("CHK-110", "a type alone", |s3| create(s3).header("x-amz-checksum-type", "COMPOSITE"), {
            invalid("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.")
        }),
        row("CHK-111", "COMPOSITE CRC64NVME", |s3| {
            create(s3).header("x-amz-checksum-algorithm", "CRC64NVME").header("x-amz-checksum-type", "COMPOSITE")
        }, invalid("The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm.")),
        row("CHK-111", "FULL_OBJECT SHA1", |s3| {
            create(s3).header("x-amz-checksum-algorithm", "SHA1").header("x-amz-checksum-type", "FULL_OBJECT")
        }, invalid("The FULL_OBJECT checksum type cannot be used with the sha1 checksum algorithm.")),
        row("CHK-111", "FULL_OBJECT SHA256", |s3| {
            create(s3).header("x-amz-checksum-algorithm", "SHA256").header("x-amz-checksum-type", "FULL_OBJECT")
        }, invalid("The FULL_OBJECT checksum type cannot be used with the sha256 checksum algorithm.")),
        row("CHK-113", "a part of another algorithm", |s3| part(s3, "sha256 upload").header(SUMS[0].0, SUMS[0].2), {
            invalid("Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: crc32")
        }),
        row("CHK-114", "a COMPOSITE part without", |s3| part(s3, "sha256 upload"), unquoted()),
        row("SIG-014", "another payload hash", |s3| put(s3).signing(|signing| signing.payload = "0".repeat(64)), {
            refused(400, "XAmzContentSHA256Mismatch")
                .says("The provided 'x-amz-content-sha256' header does not match what was computed.")
                .with("ClientComputedContentSHA256", &"0".repeat(64))
                .with("S3ComputedContentSHA256", "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882")
        }),
    ]
}

#[test]
fn refused_checksums() {
    Table {
        setup,
        rows: refusals(),
        after: unchanged,
    }
    .check();
}

#[rustfmt::skip]
pub(crate) fn successes() -> Vec<Row> {
    let kind = |algorithm, kind| echo(200, &A).header("x-amz-checksum-algorithm", algorithm).header("x-amz-checksum-type", kind);
    vec![
        row("CHK-106", "an algorithm alone", |s3| put(s3).header("x-amz-sdk-checksum-algorithm", "CRC32"), {
            echo(200, &A).header("x-amz-checksum-crc64nvme", SUMS[2].2).header("x-amz-checksum-type", "FULL_OBJECT")
        }),
        row("CHK-002", "none", put, echo(200, &A).header("x-amz-checksum-crc64nvme", SUMS[2].2)),
        row("CHK-004", "a part without", |s3| part(s3, "plain upload"), {
            echo(200, &A).no_header("x-amz-checksum-crc64nvme").no_header("x-amz-checksum-type")
        }),
        row("CHK-004", "a part with", |s3| part(s3, "plain upload").header(SUMS[4].0, SUMS[4].2), {
            echo(200, &A).header(SUMS[4].0, SUMS[4].2)
        }),
        row("CHK-114", "a FULL_OBJECT part without", |s3| part(s3, "crc32 upload"), echo(200, &A).header(SUMS[0].0, SUMS[0].2)),
        row("CHK-112", "CRC32", |s3| create(s3).header("x-amz-checksum-algorithm", "CRC32"), kind("CRC32", "COMPOSITE")),
        row("CHK-112", "CRC32C", |s3| create(s3).header("x-amz-checksum-algorithm", "CRC32C"), kind("CRC32C", "COMPOSITE")),
        row("CHK-112", "SHA1", |s3| create(s3).header("x-amz-checksum-algorithm", "SHA1"), kind("SHA1", "COMPOSITE")),
        row("CHK-112", "SHA256", |s3| create(s3).header("x-amz-checksum-algorithm", "SHA256"), kind("SHA256", "COMPOSITE")),
        row("CHK-112", "CRC64NVME", |s3| create(s3).header("x-amz-checksum-algorithm", "CRC64NVME"), {
            kind("CRC64NVME", "FULL_OBJECT")
        }),
    ]
}

#[test]
fn accepted_checksums() {
    Table {
        setup,
        rows: successes(),
        after: |_| {},
    }
    .check();
}

/// CHK-001, CHK-003, CHK-120: a checksum is over the plaintext, and goes through every operation.
#[test]
fn every_algorithm_through_every_operation() {
    for (header, name, sum, _) in SUMS {
        let s3 = S3::new();
        let put = s3.put("doc", BODY).sse_c(&A).header(header, sum).ok(200);
        put.echoes(&A)
            .has_header(header, sum)
            .has_header("x-amz-checksum-type", "FULL_OBJECT");
        for read in [s3.get("doc"), s3.head("doc")] {
            let read = read
                .sse_c(&A)
                .header("x-amz-checksum-mode", "ENABLED")
                .ok(200);
            read.has_header(header, sum);
        }
        s3.get("doc")
            .header("x-amz-checksum-mode", "ENABLED")
            .ok(400)
            .lacks_header(header);
        let attributes = s3.get("doc?attributes").sse_c(&A);
        let attributes = attributes
            .header("x-amz-object-attributes", "Checksum")
            .ok(200);
        assert_eq!(attributes.must(&format!("Checksum{name}")), sum);
        let copy = s3.copy("doc", "copy").source_sse_c(&A).ok(200);
        assert_eq!(copy.must(&format!("Checksum{name}")), sum, "CHK-003");
    }
}
