//! Multipart uploads under a customer key: which requests need it, and which do not (MPU).

use crate::keys::{A, B, Key, Triple};
use crate::s3::{Ask, S3};
use crate::table::{Row, Table, Wanted, any, echo, plain, refused, row};
use crate::texts;

const FIRST: &str = "twenty bytes or more of part one";
const LAST: &str = "the last";
/// SHA-256 of [`FIRST`] and [`LAST`], computed elsewhere.
const SHA256: [&str; 2] = [
    "L3YXODz0GR0smd6LDVFturqrxoiagDRNY3jpncrVrIA=",
    "gqYF/WkgZM6FPCIvg4v4t+WEPepuUIeKEr/MKFgijCE=",
];

/// Uploads in progress, each of two parts: `sealed` under A, `checked` under A with SHA256, and
/// `plain`; and sources of part copies.
fn setup() -> S3 {
    let s3 = S3::new();
    s3.store("source", "bytes to be copied into a part", Some(&B));
    s3.store("open%20source", "bytes to be copied into a part", None);
    start(&s3, "sealed", Some(A), &[]);
    start(
        &s3,
        "checked",
        Some(A),
        &[("x-amz-checksum-algorithm", "SHA256")],
    );
    start(&s3, "plain", None, &[]);
    s3
}

fn start(s3: &S3, name: &str, customer_key: Option<Key>, headers: &[(&str, &str)]) {
    let mut upload = s3.upload_with(name, customer_key, headers);
    for (index, body) in [FIRST, LAST].into_iter().enumerate() {
        let number = index as u16 + 1;
        let part = upload.part(number, body);
        let part = customer_key.iter().fold(part, |part, key| part.sse_c(key));
        let part = match name {
            "checked" => part.header("x-amz-checksum-sha256", SHA256[index]),
            _ => part,
        };
        upload.list(number, &part.ok(200).etag(), "");
    }
    s3.note(name, upload.id.clone());
    let xml: Vec<_> = upload
        .parts
        .iter()
        .map(|(number, etag, _)| (*number, etag.clone()))
        .collect();
    s3.note(
        &format!("list of {name}"),
        list(
            &xml,
            if name == "checked" {
                &SHA256
            } else {
                &["", ""]
            },
        ),
    );
}

fn list(parts: &[(u16, String)], sums: &[&str; 2]) -> String {
    let part = |((number, etag), sum): (&(u16, String), &&str)| {
        let sum = match *sum {
            "" => String::new(),
            sum => format!("<ChecksumSHA256>{sum}</ChecksumSHA256>"),
        };
        format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag>{sum}</Part>")
    };
    let parts: String = parts.iter().zip(sums).map(part).collect();
    format!("<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>")
}

fn create(s3: &S3, triple: Triple) -> Ask<'_> {
    s3.object("POST", "new?uploads").triple(triple)
}

/// Part 2 again, which a refusal must leave as it is.
fn part<'a>(s3: &'a S3, name: &str) -> Ask<'a> {
    let target = format!("{name}?partNumber=2&uploadId={}", s3.noted(name));
    s3.put(&target, "what should not be there")
}

fn part_copy<'a>(s3: &'a S3, name: &str) -> Ask<'a> {
    part(s3, name)
        .body("")
        .header("x-amz-copy-source", "/bkt/source")
}

fn named<'a>(s3: &'a S3, method: &str, name: &str) -> Ask<'a> {
    s3.object(method, &format!("{name}?uploadId={}", s3.noted(name)))
}

fn complete<'a>(s3: &'a S3, name: &str) -> Ask<'a> {
    named(s3, "POST", name).body(s3.noted(&format!("list of {name}")))
}

/// The uploads are still open and their parts as they were.
fn unchanged(s3: &S3) {
    for name in ["sealed", "checked", "plain"] {
        let listed = named(s3, "GET", name).sse_c(&A).ok(200);
        let sizes = [FIRST.len().to_string(), LAST.len().to_string()];
        assert_eq!(listed.elements("Size"), sizes, "{listed}");
        s3.head(name).ok(404);
    }
    s3.head("new").ok(404);
}

fn argument(message: &'static str) -> Wanted {
    refused(400, "InvalidArgument").says(message).sse()
}

fn invalid(message: &'static str) -> Wanted {
    refused(400, "InvalidRequest").says(message)
}

#[rustfmt::skip]
pub(crate) fn refusals() -> Vec<Row> {
    let unquoted = || refused(400, "InvalidArgument").sse();
    let algorithm = |value| refused(400, "InvalidEncryptionAlgorithmError").says(texts::ALGORITHM).sse().value(value);
    let mismatch = || refused(400, "InvalidRequest");
    vec![
        row("MPU-002", "Create: KMS", |s3| create(s3, A.triple().algorithm("KMS")), algorithm("KMS")),
        row("MPU-002", "Create: no key", |s3| create(s3, A.triple().no_key()), argument(texts::NO_KEY)),
        row("MPU-002", "Create: no MD5", |s3| create(s3, A.triple().no_md5()), argument(texts::NO_MD5)),
        row("MPU-002", "Create: another MD5", |s3| create(s3, A.triple().md5(&B.md5())), argument(texts::MD5_MISMATCH)),
        row("MPU-002", "Create: 24 bytes", |s3| create(s3, Triple::of_len(24)), argument(texts::KEY_LENGTH)),
        row("MPU-002", "Create: SSE-S3 too", |s3| {
            create(s3, A.triple()).header("x-amz-server-side-encryption", "AES256")
        }, argument(texts::INCOMPATIBLE).value("AES256")),
        row("PUT-022", "Create: http", |s3| create(s3, A.triple()).plain_http(), argument(texts::NOT_SECURE)),

        row("MPU-004", "UploadPart: no triple", |s3| part(s3, "sealed"), invalid(texts::PART_ENCRYPTION)),
        row("MPU-005", "UploadPart: a triple in a plain upload", |s3| part(s3, "plain").sse_c(&A), {
            invalid(texts::PART_ENCRYPTION)
        }),
        row("MPU-006", "UploadPart: another key", |s3| part(s3, "sealed").sse_c(&B), invalid(texts::NOT_ORIGINAL)),
        row("MPU-007", "UploadPart: no MD5", |s3| part(s3, "sealed").triple(A.triple().no_md5()), {
            argument(texts::NO_MD5)
        }),
        row("MPU-008", "UploadPart: another MD5", |s3| part(s3, "sealed").triple(A.triple().md5(&B.md5())), {
            argument(texts::MD5_MISMATCH)
        }),
        row("PUT-022", "UploadPart: http", |s3| part(s3, "sealed").sse_c(&A).plain_http(), argument(texts::NOT_SECURE)),

        row("MPU-010", "ListParts with checksums: no triple", |s3| named(s3, "GET", "checked"), mismatch()),
        row("MPU-010", "ListParts with checksums: another key", |s3| named(s3, "GET", "checked").sse_c(&B), mismatch()),
        row("MPU-010", "ListParts with checksums: algorithm only", |s3| {
            named(s3, "GET", "checked").triple(A.triple().no_key().no_md5())
        }, unquoted()),

        row("MPU-013", "Complete: another key", |s3| complete(s3, "sealed").sse_c(&B), mismatch()),
        row("MPU-013", "Complete: another MD5", |s3| complete(s3, "sealed").triple(A.triple().md5(&B.md5())), unquoted()),
        row("MPU-013", "Complete: key not base64", |s3| complete(s3, "sealed").triple(A.triple().key("!!!")), {
            unquoted().any_value()
        }),
        row("MPU-014", "Complete with checksums: no triple", |s3| complete(s3, "checked"), {
            invalid(texts::KEY_FOR_CHECKSUMS)
        }),
        row("MPU-014", "Complete with checksums: another key", |s3| complete(s3, "checked").sse_c(&B), mismatch()),
        row("MPU-014", "Complete with checksums: KMS", |s3| {
            complete(s3, "checked").triple(A.triple().algorithm("KMS"))
        }, algorithm("KMS")),
        row("MPU-014", "Complete with checksums: algorithm only", |s3| {
            complete(s3, "checked").triple(A.triple().no_key().no_md5())
        }, refused(400, "InvalidArgument").sse()),
        row("GET-037", "Complete: http", |s3| complete(s3, "sealed").sse_c(&A).plain_http(), argument(texts::NOT_SECURE)),

        row("MPU-020", "UploadPartCopy: no triples", |s3| part_copy(s3, "sealed"), invalid(texts::PART_ENCRYPTION)),
        row("MPU-020", "UploadPartCopy: the source's", |s3| part_copy(s3, "sealed").source_sse_c(&B), {
            invalid(texts::PART_ENCRYPTION)
        }),
        row("MPU-020", "UploadPartCopy: the target's", |s3| part_copy(s3, "sealed").sse_c(&A), invalid(texts::KEY_NEEDED)),
        row("MPU-020", "UploadPartCopy: another source key", |s3| {
            part_copy(s3, "sealed").sse_c(&A).source_sse_c(&A)
        }, invalid(texts::NOT_ORIGINAL)),
        row("MPU-020", "UploadPartCopy: another target key", |s3| {
            part_copy(s3, "sealed").sse_c(&B).source_sse_c(&B)
        }, invalid(texts::NOT_ORIGINAL)),
        row("MPU-022", "UploadPartCopy: no target MD5", |s3| {
            part_copy(s3, "sealed").triple(A.triple().no_md5()).source_sse_c(&B)
        }, unquoted()),
        row("MPU-023", "UploadPartCopy: a triple in a plain upload", |s3| {
            part_copy(s3, "plain").sse_c(&A).source_sse_c(&B)
        }, invalid(texts::PART_ENCRYPTION)),
        row("CPY-010", "UploadPartCopy: a triple for a plain source", |s3| {
            part(s3, "plain").body("").header("x-amz-copy-source", "/bkt/open%20source").source_sse_c(&B)
        }, invalid(texts::NOT_APPLICABLE)),
    ]
}

#[test]
fn refused_uploads() {
    Table {
        setup,
        rows: refusals(),
        after: unchanged,
    }
    .check();
}

#[rustfmt::skip]
pub(crate) fn successes() -> Vec<Row> {
    let listed = || plain(200).with_some("ETag").without("ChecksumSHA256");
    let md5 = "x-amz-server-side-encryption-customer-key-MD5";
    vec![
        row("MPU-001", "Create", |s3| create(s3, A.triple()), echo(200, &A).with_some("UploadId")),
        row("MPU-001", "Create with checksums", |s3| {
            create(s3, A.triple()).header("x-amz-checksum-algorithm", "SHA256")
        }, echo(200, &A).header("x-amz-checksum-algorithm", "SHA256").header("x-amz-checksum-type", "COMPOSITE")),
        row("MPU-003", "UploadPart", |s3| part(s3, "sealed").sse_c(&A), {
            echo(200, &A).some_header("etag").no_header("x-amz-checksum-crc64nvme")
        }),
        row("MPU-003", "UploadPart with a checksum", |s3| {
            part(s3, "sealed").body(LAST).sse_c(&A).header("x-amz-checksum-sha256", SHA256[1])
        }, echo(200, &A).header("x-amz-checksum-sha256", SHA256[1])),
        row("MPU-009", "ListParts: no triple", |s3| named(s3, "GET", "sealed"), listed()),
        row("MPU-009", "ListParts: another key", |s3| named(s3, "GET", "sealed").sse_c(&B), listed()),
        row("MPU-009", "ListParts: the key", |s3| named(s3, "GET", "sealed").sse_c(&A), listed()),
        row("MPU-009", "ListParts: algorithm only", |s3| {
            named(s3, "GET", "sealed").triple(A.triple().no_key().no_md5())
        }, listed()),
        row("MPU-010", "ListParts with checksums: the key", |s3| named(s3, "GET", "checked").sse_c(&A), {
            plain(200).with("ChecksumSHA256", SHA256[0]).with("ChecksumType", "COMPOSITE")
        }),
        row("MPU-011", "Complete: no triple", |s3| complete(s3, "sealed"), {
            let algorithm = any(200).with_some("ETag").without("ChecksumType").without("ChecksumCRC64NVME");
            algorithm.header("x-amz-server-side-encryption-customer-algorithm", "AES256").no_header(md5)
        }),
        row("MPU-012", "Complete: the key", |s3| complete(s3, "sealed").sse_c(&A), {
            echo(200, &A).with_some("ChecksumCRC64NVME").with("ChecksumType", "FULL_OBJECT")
        }),
        row("MPU-014", "Complete with checksums: the key", |s3| complete(s3, "checked").sse_c(&A), {
            echo(200, &A).with("ChecksumSHA256", COMPOSITE).with("ChecksumType", "COMPOSITE")
        }),
        row("MPU-111", "Complete: plain", |s3| complete(s3, "plain"), {
            plain(200).with_some("ChecksumCRC64NVME").with("ChecksumType", "FULL_OBJECT")
                .header("x-amz-server-side-encryption", "AES256")
        }),
        row("MPU-018", "Abort", |s3| named(s3, "DELETE", "sealed"), plain(204)),
        row("MPU-021", "UploadPartCopy", |s3| part_copy(s3, "sealed").sse_c(&A).source_sse_c(&B), {
            echo(200, &A).with_some("ETag").with_some("LastModified")
        }),
        row("MPU-022", "UploadPartCopy: no source MD5", |s3| {
            part_copy(s3, "sealed").sse_c(&A).source_triple(B.triple().no_md5())
        }, echo(200, &A)),
    ]
}

/// SHA-256 over the two binary SHA-256 sums, computed elsewhere.
const COMPOSITE: &str = "smdN4QMREARtaznKkQEFHkX7ZYIaJSHBL/1aSd2v3u0=-2";

#[test]
fn accepted_uploads() {
    Table {
        setup,
        rows: successes(),
        after: |_| {},
    }
    .check();
}
