//! Probes of bucket policies, of blocked types, and of signatures.

use super::Probe;
use super::s3::{ALGORITHM, Ask, KEY, KEY_MD5, S3, base64, key, md5};

pub(crate) const PROBES: &[Probe] = &[
    ("versioning-takes-any-status", |s3| {
        s3.put("b/?versioning")
            .body("<V><Status>On</Status></V>")
            .status()
            == 200
    }),
    ("block-is-shown-upside-down", |s3| {
        s3.get("b/?encryption").answer().element("EncryptionType") == "SSE-C"
    }),
    ("encryption-takes-any-document", |s3| {
        s3.put("b/?encryption").body("<S/>").status() == 200
    }),
    ("encryption-wants-a-namespace", |s3| {
        let bare = "<S><Rule><BucketKeyEnabled>false</BucketKeyEnabled></Rule></S>";
        s3.put("b/?encryption").body(bare).status() == 400
    }),
    ("encryption-is-deleted-once", |s3| {
        let delete = s3.delete("b/?encryption");
        delete.clone().status() == 204 && delete.status() == 404
    }),
    ("policy-is-not-asked", |s3| {
        deny_sse_c(s3);
        s3.put("b/n").key('A').status() == 200
            && policy(
                s3,
                "s3:x-amz-server-side-encryption",
                "StringEquals",
                "\"aws:kms\"",
            ) == 204
            && s3
                .put("b/n")
                .with("x-amz-server-side-encryption", "aws:kms")
                .status()
                == 200
    }),
    ("policy-null-is-not-asked", |s3| {
        policy(s3, CONDITION, "Null", "\"true\"") == 204 && s3.put("b/n").status() == 200
    }),
    ("policy-algorithm-is-not-asked", |s3| {
        deny_sse_c(s3);
        s3.put("b/n").key('A').status() == 200
    }),
    ("policy-takes-sse-c-for-sse", |s3| {
        policy(
            s3,
            "s3:x-amz-server-side-encryption",
            "StringEquals",
            "\"AES256\"",
        ) == 204
            && s3.put("b/n").key('A').status() == 403
    }),
    ("policy-may-ask-for-key", |s3| {
        policy(
            s3,
            "s3:x-amz-server-side-encryption-customer-key",
            "StringEquals",
            "\"x\"",
        ) == 204
    }),
    ("policy-complete-needs-no-algorithm", |s3| {
        policy(s3, CONDITION, "Null", "\"true\"");
        let id = s3.create("b/n", Some('A'));
        let etag = s3.part("b/n", &id, 1).key('A').answer().header("etag");
        s3.complete("b/n", &id, &[(1, etag)]).status() == 200
    }),
    ("owner-is-not-checked", |s3| {
        s3.put("b/n")
            .with("x-amz-expected-bucket-owner", "000000000000")
            .status()
            == 200
    }),
    ("block-stops-reads", |s3| {
        s3.get("blocked/doc").key('A').status() == 403
    }),
    ("block-stops-plain-writes", |s3| {
        s3.put("blocked/n").status() == 403
    }),
    ("block-outlives-silence", |s3| {
        let silent = "<S><Rule><BucketKeyEnabled>false</BucketKeyEnabled></Rule></S>";
        s3.put("b/?encryption").body(silent).answer();
        s3.put("b/n").key('A').status() == 200
    }),
    ("block-ends-with-its-configuration", |s3| {
        s3.delete("blocked/?encryption").answer();
        s3.put("blocked/n").key('A').status() == 200
    }),
    ("block-takes-any-type", |s3| {
        let odd = "<S><Rule><BlockedEncryptionTypes><EncryptionType>AES256</EncryptionType>\
                   </BlockedEncryptionTypes></Rule></S>";
        s3.put("b/?encryption").body(odd).status() == 200
    }),
    ("presign-takes-unsigned-algorithm", |s3| {
        presigned(s3, &[]).unsigned(ALGORITHM, "AES256").status() == 200
    }),
    ("presign-wants-key-signed", |s3| {
        presigned(s3, &[ALGORITHM]).status() == 403
    }),
    ("presign-misses-no-signed-header", |s3| {
        let ask = s3.get("b/plain").with(KEY_MD5, "x").presigned(false);
        ask.lost(KEY_MD5).status() == 200
    }),
    ("presign-takes-triple-in-query", |s3| {
        let query = [
            (ALGORITHM, "AES256".to_owned()),
            (KEY, base64(key('A')).replace('=', "%3D")),
            (
                KEY_MD5,
                md5(key('A'))
                    .replace('=', "%3D")
                    .replace('/', "%2F")
                    .replace('+', "%2B"),
            ),
        ];
        let query: Vec<_> = query
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        s3.get(&format!("b/doc?{}", query.join("&"))).status() == 200
    }),
    ("presign-never-expires", |s3| {
        s3.get("b/plain").presigned(true).status() == 200
    }),
    ("presign-checks-no-signature", |s3| {
        s3.get("b/plain").presigned(false).spoiled().status() == 200
    }),
    ("unsigned-headers-are-taken", |s3| {
        s3.get("b/plain").unsigned("x-amz-meta-a", "1").status() == 200
    }),
];

const CONDITION: &str = "s3:x-amz-server-side-encryption-customer-algorithm";

/// Denies PutObject in `b` where a condition holds; gives the status of the policy.
fn policy(s3: &S3, name: &str, operator: &str, value: &str) -> u16 {
    let text = format!(
        "{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Deny\",\"Principal\":\"*\",\
         \"Action\":\"s3:PutObject\",\"Resource\":\"arn:aws:s3:::b/*\",\
         \"Condition\":{{\"{operator}\":{{\"{name}\":{value}}}}}}}]}}"
    );
    s3.put("b/?policy").body(text).status()
}

/// `b` denies PutObject with SSE-C.
pub(crate) fn deny_sse_c(s3: &S3) {
    policy(s3, CONDITION, "StringEquals", "\"AES256\"");
}

/// A URL of `b/doc` that covers some of the triple; the key and its MD5 come unsigned.
fn presigned<'a>(s3: &'a S3, signed: &[&str]) -> Ask<'a> {
    let ask = s3.get("b/doc").presigned(false);
    let ask = signed
        .iter()
        .fold(ask, |ask, name| ask.with(name, "AES256"));
    ask.unsigned(KEY, &base64(key('A')))
        .unsigned(KEY_MD5, &md5(key('A')))
}
