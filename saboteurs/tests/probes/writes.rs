//! Probes of PutObject, of its digests and conditions.

use super::Probe;
use super::s3::{ALGORITHM, KEY, KEY_MD5, S3, SSE, base64, key, md5};

pub(crate) const PROBES: &[Probe] = &[
    ("plain-names-no-encryption", |s3| {
        let answer = s3.put("b/n").answer();
        answer.is_ok() && !answer.has(SSE)
    }),
    ("put-takes-missing-md5", |s3| {
        s3.put("b/n").key('A').without(KEY_MD5).status() == 200
    }),
    ("put-compares-no-md5", |s3| {
        s3.put("b/n").key('A').with(KEY_MD5, &md5("x")).status() == 200
    }),
    ("put-takes-any-key-length", |s3| {
        s3.put("b/n").key_bytes(&[1; 31]).status() == 200
    }),
    ("put-takes-broken-base64", |s3| {
        s3.put("b/n").key('A').with(KEY, "!!!").status() == 200
    }),
    ("put-takes-other-base64", |s3| {
        s3.put("b/n")
            .key('A')
            .with(KEY, base64(key('A')).trim_end_matches('='))
            .status()
            == 200
    }),
    ("put-crashes-on-broken-base64", |s3| {
        s3.put("b/n").key('A').with(KEY, "!!!").status() == 500
    }),
    ("put-takes-any-algorithm", |s3| {
        s3.put("b/n").key('A').with(ALGORITHM, "KMS").status() == 200
    }),
    ("put-takes-lower-case-algorithm", |s3| {
        s3.put("b/n").key('A').with(ALGORITHM, "aes256").status() == 200
    }),
    ("put-takes-empty-algorithm", |s3| {
        s3.put("b/n").key('A').with(ALGORITHM, "").status() == 200
    }),
    ("put-takes-missing-algorithm", |s3| {
        s3.put("b/n").key('A').without(ALGORITHM).status() == 200
            && s3.get("b/n").key('A').status() == 200
    }),
    ("put-without-algorithm-is-plain", |s3| {
        s3.put("b/n").key('A').without(ALGORITHM).status() == 200 && s3.get("b/n").status() == 200
    }),
    ("put-without-key-is-plain", |s3| {
        s3.put("b/n").key('A').without(KEY).status() == 200 && s3.get("b/n").status() == 200
    }),
    ("put-ignores-lone-md5", |s3| {
        s3.put("b/n").with(KEY_MD5, &md5("x")).status() == 200
    }),
    ("put-takes-sse-too", |s3| {
        s3.put("b/n").key('A').with(SSE, "AES256").status() == 200
            && s3.get("b/n").key('A').status() == 200
    }),
    ("put-takes-kms-details-too", |s3| {
        s3.put("b/n")
            .key('A')
            .with("x-amz-server-side-encryption-aws-kms-key-id", "k")
            .status()
            == 200
    }),
    ("put-prefers-sse", |s3| {
        s3.put("b/n").key('A').with(SSE, "AES256").status() == 200 && s3.get("b/n").status() == 200
    }),
    ("put-refuses-with-403", |s3| {
        s3.put("b/n").key('A').without(KEY).code() == "AccessDenied"
    }),
    ("put-refuses-with-invalid-request", |s3| {
        s3.put("b/n").key('A').without(KEY).code() == "InvalidRequest"
    }),
    ("put-calls-algorithm-an-argument", |s3| {
        s3.put("b/n").key('A').with(ALGORITHM, "KMS").code() == "InvalidArgument"
    }),
    ("put-names-another-argument", |s3| {
        s3.put("b/n")
            .key('A')
            .without(KEY)
            .answer()
            .element("ArgumentName")
            == KEY
    }),
    ("put-echoes-nothing", |s3| {
        let answer = s3.put("b/n").key('A').answer();
        answer.is_ok() && !answer.has(ALGORITHM) && !answer.has(KEY_MD5)
    }),
    ("put-echoes-no-md5", |s3| {
        let answer = s3.put("b/n").key('A').answer();
        answer.has(ALGORITHM) && !answer.has(KEY_MD5)
    }),
    ("put-echoes-another-md5", |s3| {
        let answer = s3.put("b/n").key('A').answer();
        answer.is_ok() && answer.header(KEY_MD5) != md5(key('A'))
    }),
    ("put-names-sse-s3", |s3| {
        s3.put("b/n").key('A').answer().header(SSE) == "AES256"
    }),
    ("put-stores-what-it-refuses", |s3| {
        s3.put("b/n").key('A').without(KEY).status() == 400 && s3.get("b/n").status() == 200
    }),
    ("put-deletes-what-it-refuses", |s3| {
        s3.put("b/doc").key('A').without(KEY).status() == 400
            && s3.get("b/doc").key('A').status() == 404
    }),
    ("put-overwrite-needs-old-key", |s3| {
        s3.put("b/doc").key('B').status() == 403 && s3.put("b/doc").key('A').status() == 200
    }),
    ("put-overwrite-keeps-old-key", |s3| {
        s3.put("b/doc").key('B').answer().header(KEY_MD5) == md5(key('B'))
            && s3.get("b/doc").key('A').answer().body == b"abc"
    }),
    ("put-empty-is-plain", |s3| {
        s3.get("b/empty").status() == 200
            && s3.head("b/empty").status() == 200
            && s3.get("b/doc").status() == 400
    }),
    ("put-chunked-crashes", |s3| chunked(s3) == 500),
    ("put-default-encryption-conflicts", |s3| {
        s3.put("kms/n").key('A').status() == 400 && s3.put("kms/n").status() == 200
    }),
    ("checksum-missing-on-put", |s3| {
        let answer = s3.put("b/n").key('A').answer();
        answer.is_ok() && !answer.has("x-amz-checksum-crc64nvme")
    }),
    ("checksum-is-not-compared", |s3| {
        s3.put("b/n")
            .key('A')
            .with("x-amz-checksum-crc32", "AAAAAA==")
            .status()
            == 200
    }),
    ("content-md5-is-not-compared", |s3| {
        s3.put("b/n")
            .key('A')
            .with("content-md5", &md5("x"))
            .status()
            == 200
    }),
    ("bad-digest-is-stored", |s3| {
        s3.put("b/n").key('A').with("content-md5", &md5("x")).code() == "BadDigest"
            && s3.get("b/n").key('A').status() == 200
    }),
    ("write-condition-is-ignored", |s3| {
        s3.put("b/doc").key('A').with("if-none-match", "*").status() == 200
    }),
    ("block-is-not-enforced", |s3| {
        s3.put("blocked/n").key('A').status() == 200
    }),
    ("http-is-taken", |s3| {
        s3.put("b/n").key('A').over_http().status() == 200
    }),
    ("http-forwarded-is-believed", |s3| {
        let ask = s3.put("b/n").key('A').over_http();
        ask.clone().status() == 400 && ask.with("x-forwarded-proto", "https").status() == 200
    }),
    ("http-is-an-invalid-request", |s3| {
        s3.put("b/n").key('A').over_http().code() == "InvalidRequest"
    }),
    ("http-stores-what-it-refuses", |s3| {
        s3.put("b/n").key('A').over_http().status() == 400 && s3.get("b/n").key('A').status() == 200
    }),
];

/// The status of an upload in unsigned chunks.
fn chunked(s3: &S3) -> u16 {
    let ask = s3.put("b/n").key('A').body("3\r\nabc\r\n0\r\n\r\n");
    let ask = ask.with("x-amz-decoded-content-length", "3");
    let ask = ask.with("content-encoding", "aws-chunked");
    ask.payload("STREAMING-UNSIGNED-PAYLOAD-TRAILER").status()
}
