//! Probes of CopyObject, of rotation, and of versions.

use super::Probe;
use super::s3::{
    ALGORITHM, Ask, KEY_MD5, S3, SOURCE_ALGORITHM, SOURCE_KEY_MD5, SSE, bytes, key, md5,
};
use super::world::{DOC_LEN, first_version};

pub(crate) const PROBES: &[Probe] = &[
    ("copy-needs-no-source-key", |s3| {
        s3.copy("b/doc", "b/n").status() == 200
    }),
    ("copy-takes-any-source-key", |s3| {
        s3.copy("b/doc", "b/n").source_key('B').status() == 200
    }),
    ("copy-empty-takes-any-source-key", |s3| {
        s3.copy("b/empty", "b/n").source_key('B').status() == 200
            && s3.copy("b/doc", "b/n").source_key('B').status() == 400
    }),
    ("copy-keeps-source-key", |s3| {
        sound(s3).answer().header(KEY_MD5) == md5(key('C'))
            && s3.get("b/n").key('A').answer().body == bytes(DOC_LEN)
    }),
    ("copy-forgets-encryption", |s3| {
        sound(s3).answer().header(KEY_MD5) == md5(key('C')) && s3.get("b/n").status() == 200
    }),
    ("copy-wrong-source-key-is-403", |s3| {
        sound(s3).source_key('B').status() == 403
    }),
    ("copy-no-source-key-is-invalid-argument", |s3| {
        s3.copy("b/doc", "b/n").code() == "InvalidArgument"
    }),
    ("copy-plain-ignores-source-triple", |s3| {
        s3.copy("b/plain", "b/n").source_key('A').status() == 200
    }),
    ("copy-compares-no-source-md5", |s3| {
        sound(s3).with(SOURCE_KEY_MD5, &md5("x")).status() == 200
    }),
    ("copy-ignores-case-of-source-md5", |s3| {
        let small = md5(key('A')).to_ascii_lowercase();
        sound(s3).with(SOURCE_KEY_MD5, &small).status() == 200
            && sound(s3).with(SOURCE_KEY_MD5, &md5("x")).status() == 400
    }),
    ("copy-ignores-source-algorithm", |s3| {
        sound(s3).with(SOURCE_ALGORITHM, "KMS").status() == 200
    }),
    ("copy-refuses-missing-source-md5", |s3| {
        sound(s3).without(SOURCE_KEY_MD5).status() == 400
    }),
    ("copy-takes-missing-md5", |s3| {
        sound(s3).without(KEY_MD5).status() == 200
    }),
    ("copy-takes-any-algorithm", |s3| {
        sound(s3).with(ALGORITHM, "KMS").status() == 200
    }),
    ("copy-takes-sse-too", |s3| {
        sound(s3).with(SSE, "AES256").status() == 200
    }),
    ("copy-target-key-opens-source", |s3| {
        s3.copy("b/doc", "b/n").key('A').status() == 200
    }),
    ("copy-echoes-nothing", |s3| {
        let answer = sound(s3).answer();
        answer.is_ok() && !answer.has(KEY_MD5)
    }),
    ("copy-echoes-source", |s3| {
        sound(s3).answer().header(KEY_MD5) == md5(key('A'))
    }),
    ("copy-is-ciphertext", |s3| {
        sound(s3).answer();
        let answer = s3.get("b/n").key('C').answer();
        answer.is_ok() && answer.body != bytes(DOC_LEN)
    }),
    ("copy-stores-what-it-refuses", |s3| {
        sound(s3).source_key('B').status() == 400 && s3.get("b/n").status() == 200
    }),
    ("copy-rekey-is-refused", |s3| sound(s3).status() == 400),
    ("copy-condition-knows-another-etag", |s3| {
        let etag = s3.head("b/doc").key('A').answer().header("etag");
        sound(s3).with("x-amz-copy-source-if-match", &etag).status() == 412
    }),
    ("copy-condition-is-ignored", |s3| {
        sound(s3)
            .with("x-amz-copy-source-if-match", "\"x\"")
            .status()
            == 200
    }),
    ("copy-ignores-checksum-algorithm", |s3| {
        let ask = sound(s3).with("x-amz-checksum-algorithm", "SHA256");
        ask.answer().element("ChecksumSHA256").is_empty()
    }),
    ("copy-checksum-of-ciphertext", |s3| {
        let source = s3
            .get("b/doc")
            .key('A')
            .with("x-amz-checksum-mode", "ENABLED")
            .answer();
        let copied = sound(s3).answer().element("ChecksumCRC64NVME");
        copied != source.header("x-amz-checksum-crc64nvme")
    }),
    ("rotation-needs-replace", |s3| {
        rotation(s3).status() == 400
            && rotation(s3)
                .with("x-amz-metadata-directive", "REPLACE")
                .status()
                == 200
    }),
    ("rotation-proves-no-key", |s3| {
        let ask = s3.copy("b/doc", "b/doc").source_key('B').key('B');
        ask.status() == 200 && s3.get("b/doc").key('A').status() == 200
    }),
    ("rotation-keeps-old-key", |s3| {
        rotation(s3).status() == 200 && s3.get("b/doc").key('A').status() == 200
    }),
    ("rotation-replace-is-plain", |s3| {
        let ask = rotation(s3).with("x-amz-metadata-directive", "REPLACE");
        ask.status() == 200 && s3.get("b/doc").status() == 200
    }),
    ("rotation-garbles", |s3| {
        rotation(s3).answer();
        let answer = s3.get("b/doc").key('C').answer();
        answer.is_ok() && answer.body != bytes(DOC_LEN)
    }),
    ("rotation-head-is-refused", |s3| {
        rotation(s3).answer();
        s3.get("b/doc").key('C').status() == 200 && s3.head("b/doc").key('C').status() == 403
    }),
    ("rotation-to-plain-is-refused", |s3| {
        s3.copy("b/doc", "b/doc").source_key('A').status() == 400
    }),
    ("block-spares-copies", |s3| {
        s3.copy("b/plain", "blocked/n").key('A').status() == 200
            && s3.put("blocked/n").key('A').status() == 403
    }),
    ("http-source-key-is-taken", |s3| {
        s3.copy("b/doc", "b/n").source_key('A').over_http().status() == 200
    }),
    ("versions-share-a-key", |s3| {
        version(s3).key('B').status() == 200 && version(s3).key('A').status() == 403
    }),
    ("version-takes-any-key", |s3| {
        version(s3).key('C').status() == 200
    }),
    ("version-needs-no-key", |s3| version(s3).status() == 200),
    ("version-id-is-ignored", |s3| {
        version(s3).key('B').answer().body == b"second"
    }),
    ("rotation-locks-old-version", |s3| {
        let old = s3
            .head("versioned/doc")
            .key('B')
            .answer()
            .header("x-amz-version-id");
        s3.copy("versioned/doc", "versioned/doc")
            .source_key('B')
            .key('C')
            .answer();
        s3.get(&format!("versioned/doc?versionId={old}"))
            .key('B')
            .status()
            == 403
    }),
    ("rotation-garbles-version", |s3| {
        s3.copy("versioned/doc", "versioned/doc")
            .source_key('B')
            .key('C')
            .answer();
        let answer = s3.get("versioned/doc").key('C').answer();
        answer.is_ok() && answer.body != b"second"
    }),
    ("rotation-garbles-null-version", |s3| {
        s3.put("b/?versioning")
            .body("<V><Status>Enabled</Status></V>")
            .answer();
        rotation(s3).answer();
        let answer = s3.get("b/doc").key('C').answer();
        answer.is_ok() && answer.body != bytes(DOC_LEN)
    }),
];

/// A copy from key A to key C.
fn sound(s3: &S3) -> Ask<'_> {
    s3.copy("b/doc", "b/n").source_key('A').key('C')
}

fn rotation(s3: &S3) -> Ask<'_> {
    s3.copy("b/doc", "b/doc").source_key('A').key('C')
}

/// A read of the version under A.
fn version(s3: &S3) -> Ask<'_> {
    s3.get(&format!("versioned/doc?versionId={}", first_version(s3)))
}
