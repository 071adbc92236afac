//! Buckets that block SSE-C, and the configuration that says so (BLK, ENC).

use ssec_reference::Config;

use crate::keys::{A, B};
use crate::s3::{Ask, S3};
use crate::table::{Row, Table, any, bare, echo, plain, refused, row};
use crate::texts;

const NONE: &str = "<EncryptionType>NONE</EncryptionType>";
const SSE_C: &str = "<EncryptionType>SSE-C</EncryptionType>";
const AES256: &str = "<ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>\
    </ApplyServerSideEncryptionByDefault>";

/// A server whose new buckets block SSE-C. `doc` was stored under A and `up` begun before the
/// bucket blocked it.
fn setup() -> S3 {
    let s3 = S3::with(Config {
        block_sse_c_by_default: true,
        ..S3::config()
    });
    configure(&s3, &blocked(NONE)).ok(200);
    s3.store("doc", "0123456789", Some(&A));
    s3.store("plain", "0123456789", None);
    let mut upload = s3.upload("up", Some(A));
    upload.add(1, "part one");
    s3.note("up", upload.id.clone());
    s3.note("part", upload.parts[0].1.clone());
    configure(&s3, &blocked(SSE_C)).ok(200);
    s3
}

fn blocked(types: &str) -> String {
    format!("<Rule><BlockedEncryptionTypes>{types}</BlockedEncryptionTypes></Rule>")
}

fn configure<'a>(s3: &'a S3, rules: &str) -> Ask<'a> {
    let xml =
        format!("<ServerSideEncryptionConfiguration>{rules}</ServerSideEncryptionConfiguration>");
    s3.bucket("PUT", "?encryption").body(xml)
}

/// The bucket blocks SSE-C as before.
fn unchanged(s3: &S3) {
    s3.put("new", "x").sse_c(&A).ok(403);
    s3.head("new").ok(404);
    assert_eq!(s3.get("doc").sse_c(&A).ok(200).body, "0123456789");
}

fn complete(s3: &S3) -> Ask<'_> {
    let part = format!(
        "<Part><PartNumber>1</PartNumber><ETag>{}</ETag></Part>",
        s3.noted("part")
    );
    let list = format!("<CompleteMultipartUpload>{part}</CompleteMultipartUpload>");
    s3.object("POST", &format!("up?uploadId={}", s3.noted("up")))
        .body(list)
}

#[rustfmt::skip]
pub(crate) fn refusals() -> Vec<Row> {
    // The ARNs are this server's; the words are those that CloudTrail recorded.
    let block = || refused(403, "AccessDenied");
    let argument = || refused(400, "InvalidArgument").sse();
    let list = || refused(400, "InvalidArgument").any_argument();
    let malformed = || refused(400, "MalformedXML").says(texts::MALFORMED_XML);
    vec![
        row("BLK-002", "PutObject", |s3| s3.put("new", "x").sse_c(&A), block().says(
            "User: arn:aws:iam::123456789012:user/ssec is not authorized to perform: s3:PutObject on resource: \
             \"arn:aws:s3:::bkt/new\" because this bucket has blocked upload requests that specify Server Side \
             Encryption with Customer provided keys (SSE-C). Please specify a different server-side encryption type.")),
        row("BLK-002", "over an SSE-C object", |s3| s3.put("doc", "x").sse_c(&A), block()),
        row("MPU-025", "Create", |s3| s3.object("POST", "new?uploads").sse_c(&A), block()),
        row("MPU-025", "UploadPart", |s3| {
            s3.put(&format!("up?partNumber=2&uploadId={}", s3.noted("up")), "x").sse_c(&A)
        }, block()),
        row("MPU-025", "UploadPartCopy", |s3| {
            s3.object("PUT", &format!("up?partNumber=2&uploadId={}", s3.noted("up"))).sse_c(&A)
                .header("x-amz-copy-source", "/bkt/plain")
        }, block()),
        row("CPY-016", "CopyObject", |s3| s3.copy("plain", "new").sse_c(&A), block()),
        row("CPY-016", "CopyObject onto itself", |s3| s3.copy("doc", "doc").source_sse_c(&A).sse_c(&B), block()),
        row("BLK-011", "another MD5", |s3| s3.put("new", "x").triple(A.triple().md5(&B.md5())), argument().says(texts::MD5_MISMATCH)),
        row("BLK-011", "no key", |s3| s3.put("new", "x").triple(A.triple().no_key()), argument().says(texts::NO_KEY)),
        row("BLK-011", "aes256", |s3| s3.put("new", "x").triple(A.triple().algorithm("aes256")), {
            refused(400, "InvalidEncryptionAlgorithmError").sse().value("aes256")
        }),
        row("GET-037", "http, no such object", |s3| s3.get("none").sse_c(&A).plain_http(), argument().says(texts::NOT_SECURE)),
        row("ORD-001", "http, no key", |s3| s3.put("new", "x").triple(A.triple().no_key()).plain_http(), argument()),
        row("BLK-008", "an empty list", |s3| configure(s3, &blocked("")), list()),
        row("BLK-008", "NONE twice", |s3| configure(s3, &blocked(&[NONE, NONE].concat())), list()),
        row("BLK-008", "SSE-C twice", |s3| configure(s3, &blocked(&[SSE_C, SSE_C].concat())), list()),
        row("BLK-008", "both", |s3| configure(s3, &blocked(&[NONE, SSE_C].concat())), list()),
        row("BLK-009", "AES256", |s3| configure(s3, &blocked("<EncryptionType>AES256</EncryptionType>")), malformed()),
        row("BLK-009", "another word", |s3| configure(s3, &blocked("<EncryptionType>sse-c</EncryptionType>")), malformed()),
        row("ENC-001", "GET of no bucket", |s3| s3.ask("GET", "/nobucket?encryption"), {
            refused(404, "NoSuchBucket").says("The specified bucket does not exist").with("BucketName", "nobucket")
        }),
        row("ENC-001", "PUT of no bucket", |s3| s3.ask("PUT", "/nobucket?encryption").body("<x/>"), refused(404, "NoSuchBucket")),
        row("ENC-001", "DELETE of no bucket", |s3| s3.ask("DELETE", "/nobucket?encryption"), refused(404, "NoSuchBucket")),
        row("ENC-002", "no rule", |s3| configure(s3, ""), malformed()),
        row("ENC-002", "two rules", |s3| configure(s3, "<Rule/><Rule/>"), malformed()),
        row("ENC-003", "AES256 with a KMS key", |s3| configure(s3, "<Rule><ApplyServerSideEncryptionByDefault>\
            <SSEAlgorithm>AES256</SSEAlgorithm><KMSMasterKeyID>k</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></Rule>"), {
            refused(400, "InvalidArgument").argument("ApplyServerSideEncryptionByDefault")
                .says("a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse")
        }),
        row("ENC-005", "an unknown child", |s3| configure(s3, "<Rule><Colour/></Rule>"), malformed()),
        row("POL-006", "another owner", |s3| s3.put("new", "x").header("x-amz-expected-bucket-owner", "999999999999"), {
            refused(403, "AccessDenied")
        }),
        row("ORD-006", "another owner, no key", |s3| {
            s3.put("new", "x").triple(A.triple().no_key()).header("x-amz-expected-bucket-owner", "999999999999")
        }, refused(403, "AccessDenied")),
    ]
}

#[test]
fn refused_by_the_block() {
    Table {
        setup,
        rows: refusals(),
        after: unchanged,
    }
    .check();
}

#[rustfmt::skip]
pub(crate) fn successes() -> Vec<Row> {
    let read = || echo(200, &A).body("0123456789");
    vec![
        row("BLK-001", "the configuration", |s3| s3.bucket("GET", "?encryption"), {
            plain(200).with("SSEAlgorithm", "AES256").with("BucketKeyEnabled", "false").with("EncryptionType", "SSE-C")
        }),
        row("BLK-010", "GET", |s3| s3.get("doc").sse_c(&A), read()),
        row("BLK-010", "HEAD", |s3| s3.head("doc").sse_c(&A), echo(200, &A)),
        row("BLK-010", "a copy out of SSE-C", |s3| s3.copy("doc", "new").source_sse_c(&A), plain(200)),
        row("BLK-010", "a plain write", |s3| s3.put("new", "x"), plain(200)),
        row("BLK-012", "Complete", complete, any(200).with_some("ETag")),
        row("MPU-026", "Complete with the key", |s3| complete(s3).sse_c(&A), echo(200, &A)),
        row("BLK-012", "Abort", |s3| s3.delete(&format!("up?uploadId={}", s3.noted("up"))), bare(204)),
        row("MPU-018", "ListParts", |s3| s3.get(&format!("up?uploadId={}", s3.noted("up"))), plain(200)),
        row("ENC-005", "another root, BucketKeyEnabled TRUE", |s3| {
            s3.bucket("PUT", "?encryption").body("<Anything><Rule><BucketKeyEnabled>TRUE</BucketKeyEnabled></Rule></Anything>")
        }, bare(200)),
        row("POL-006", "the owner", |s3| s3.put("new", "x").header("x-amz-expected-bucket-owner", "123456789012"), plain(200)),
    ]
}

#[test]
fn accepted_despite_the_block() {
    Table {
        setup,
        rows: successes(),
        after: |_| {},
    }
    .check();
}

/// What each configuration leaves behind, from a bucket that does not block.
#[test]
fn what_blocks_again() {
    let kms = AES256.replace("AES256", "aws:kms");
    let check = |id: &str, rules: Option<&str>, default: &str, status: u16| {
        let s3 = setup();
        configure(&s3, &blocked(NONE)).ok(200);
        s3.put("new", "x").sse_c(&A).ok(200);
        match rules {
            Some(rules) => configure(&s3, rules).ok(200),
            None => s3.bucket("DELETE", "?encryption").ok(204),
        };
        let written = s3.put("new", "x").sse_c(&A).send();
        assert_eq!(written.status, status, "{id}: {written}");
        let shown = s3.bucket("GET", "?encryption").ok(200);
        let types = if status == 200 { "NONE" } else { "SSE-C" };
        assert_eq!(
            (shown.must("SSEAlgorithm"), shown.must("EncryptionType")),
            (default.into(), types.into()),
            "{id}"
        );
    };
    check("BLK-003", Some(&blocked(NONE)), "AES256", 200);
    check(
        "BLK-004",
        Some(&format!("<Rule>{AES256}</Rule>")),
        "AES256",
        403,
    );
    check(
        "BLK-004",
        Some(&format!("<Rule>{kms}</Rule>")),
        "aws:kms",
        403,
    );
    check("BLK-005", Some(&blocked(NONE)), "AES256", 200);
    check("BLK-006", Some("<Rule/>"), "AES256", 403);
    check("BLK-007", None, "AES256", 403);
}

/// ENC-004: deleting twice is as deleting once.
#[test]
fn deleting_the_configuration_twice() {
    let s3 = setup();
    s3.bucket("DELETE", "?encryption").ok(204);
    s3.bucket("DELETE", "?encryption").ok(204);
    assert_eq!(
        s3.bucket("GET", "?encryption").ok(200).must("SSEAlgorithm"),
        "AES256"
    );
}

/// The object of an upload that the block overtook is whole, and opens with its key (MPU-026).
#[test]
fn an_upload_that_the_block_overtook() {
    let s3 = setup();
    complete(&s3).ok(200);
    assert_eq!(s3.get("up").sse_c(&A).ok(200).body, "part one");
}
