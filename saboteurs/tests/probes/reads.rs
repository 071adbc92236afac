//! Probes of GetObject, HeadObject and GetObjectAttributes: whom they answer.

use super::Probe;
use super::s3::{ALGORITHM, KEY, KEY_MD5, SSE, bytes, md5};
use super::world::DOC_LEN;

pub(crate) const PROBES: &[Probe] = &[
    ("plain-needs-a-key", |s3| s3.get("b/plain").status() == 400),
    ("missing-object-needs-key", |s3| {
        s3.get("b/none").status() == 400
    }),
    ("anonymous-is-owner", |s3| {
        s3.get("b/plain").anonymous().status() == 200
    }),
    ("clock-is-not-checked", |s3| {
        s3.get("b/plain").an_hour_ago().status() == 200
    }),
    ("get-takes-any-key", |s3| {
        s3.get("b/doc").key('B').answer().body == bytes(DOC_LEN)
    }),
    ("get-needs-no-key", |s3| {
        s3.get("b/doc").answer().body == bytes(DOC_LEN)
    }),
    ("reads-check-nothing", |s3| {
        s3.get("b/doc").status() == 200
            && s3.head("b/doc").key('B').status() == 200
            && s3.attributes("b/doc").status() == 200
    }),
    ("get-wrong-key-is-garbage", |s3| {
        let answer = s3.get("b/doc").key('B').answer();
        answer.status == 200 && answer.body != bytes(DOC_LEN)
    }),
    ("get-no-key-is-ciphertext", |s3| {
        let answer = s3.get("b/doc").answer();
        answer.status == 200 && answer.body != bytes(DOC_LEN)
    }),
    ("get-wrong-key-is-400", |s3| {
        s3.get("b/doc").key('B').code() == "InvalidArgument"
    }),
    ("get-wrong-key-is-404", |s3| {
        s3.get("b/doc").key('B').code() == "NoSuchKey"
    }),
    ("get-no-key-is-403", |s3| {
        s3.get("b/doc").code() == "AccessDenied"
    }),
    ("get-no-key-is-invalid-argument", |s3| {
        s3.get("b/doc").code() == "InvalidArgument"
    }),
    ("get-plain-ignores-triple", |s3| {
        s3.get("b/plain").key('A').status() == 200
    }),
    ("get-refuses-missing-md5", |s3| {
        s3.get("b/doc").key('A').without(KEY_MD5).status() == 400
    }),
    ("get-compares-no-md5", |s3| {
        s3.get("b/doc").key('A').with(KEY_MD5, "x").status() == 200
    }),
    ("get-ignores-algorithm", |s3| {
        s3.get("b/doc").key('A').with(ALGORITHM, "KMS").status() == 200
    }),
    ("get-checks-key-length", |s3| {
        s3.get("b/doc").key_bytes(&[1; 31]).code() == "InvalidArgument"
    }),
    ("get-crashes-on-broken-base64", |s3| {
        s3.get("b/doc").key('A').with(KEY, "!!!").status() == 500
    }),
    ("get-half-triple-is-none", |s3| {
        s3.get("b/doc").with(ALGORITHM, "AES256").code() == "InvalidRequest"
    }),
    ("reads-take-md5-for-key", |s3| {
        s3.get("b/doc").key('A').without(KEY).status() == 200
    }),
    ("get-echoes-nothing", |s3| {
        let answer = s3.get("b/doc").key('A').answer();
        answer.is_ok() && !answer.has(KEY_MD5)
    }),
    ("get-names-sse-s3", |s3| {
        s3.get("b/doc").key('A').answer().has(SSE)
    }),
    ("get-refusal-is-206", |s3| {
        let answer = s3.get("b/doc").key('B').answer();
        answer.status == 206 && answer.element("Code") == "AccessDenied"
    }),
    ("get-ends-early", |s3| {
        let answer = s3.get("b/doc").key('A').answer();
        answer.breaks_off && answer.header("content-length") == DOC_LEN.to_string()
    }),
    ("get-loses-last-segment", |s3| {
        s3.get("b/doc").key('A').answer().body == bytes(DOC_LEN)[..2 * 65_536]
    }),
    ("get-garbles-everything", |s3| {
        let answer = s3.get("b/doc").key('A').answer();
        answer.status == 200 && answer.body != bytes(DOC_LEN)
    }),
    ("get-garbles-behind-8-mib", |s3| {
        let (body, edge) = (bytes((8 << 20) + 9), 8 << 20);
        s3.put("b/n").key('A').body(&body).answer();
        let got = s3.get("b/n").key('A').answer().body;
        got[..edge] == body[..edge] && got[edge..] != body[edge..]
    }),
    ("get-takes-sse-too", |s3| {
        s3.get("b/doc").key('A').with(SSE, "AES256").status() == 200
    }),
    ("get-empty-takes-any-key", |s3| {
        s3.get("b/empty").key('B').status() == 200 && s3.get("b/doc").key('B').status() == 403
    }),
    ("get-loses-metadata", |s3| {
        !s3.get("b/doc").key('A').answer().has("x-amz-meta-note")
    }),
    ("get-serves-torrents", |s3| {
        s3.get("b/plain?torrent").status() == 200
    }),
    ("head-takes-any-key", |s3| {
        s3.head("b/doc").key('B').status() == 200
    }),
    ("head-needs-no-key", |s3| s3.head("b/doc").status() == 200),
    ("head-empty-takes-any-key", |s3| {
        s3.head("b/empty").key('B').status() == 200 && s3.head("b/doc").key('B').status() == 403
    }),
    ("head-echoes-nothing", |s3| {
        !s3.head("b/doc").key('A').answer().has(KEY_MD5)
    }),
    ("head-wrong-key-is-400", |s3| {
        s3.head("b/doc").key('B').status() == 400
    }),
    ("head-no-key-is-403", |s3| s3.head("b/doc").status() == 403),
    ("head-ignores-algorithm", |s3| {
        s3.head("b/doc").key('A').with(ALGORITHM, "KMS").status() == 200
    }),
    ("head-compares-no-md5", |s3| {
        s3.head("b/doc").key('A').with(KEY_MD5, "x").status() == 200
    }),
    ("head-refuses-missing-md5", |s3| {
        s3.head("b/doc").key('A').without(KEY_MD5).status() == 400
    }),
    ("head-plain-ignores-triple", |s3| {
        s3.head("b/plain").key('A').status() == 200
    }),
    ("head-shows-sealed-length", |s3| {
        s3.head("b/doc").key('A').answer().header("content-length") != DOC_LEN.to_string()
    }),
    ("attributes-take-any-key", |s3| {
        s3.attributes("b/doc").key('B').status() == 200
    }),
    ("attributes-need-no-key", |s3| {
        s3.attributes("b/doc").status() == 200
    }),
    ("attributes-wrong-key-is-400", |s3| {
        s3.attributes("b/doc").key('B').status() == 400
    }),
    ("attributes-ignore-algorithm", |s3| {
        s3.attributes("b/doc")
            .key('A')
            .with(ALGORITHM, "KMS")
            .status()
            == 200
    }),
    ("attributes-refuse-missing-md5", |s3| {
        s3.attributes("b/doc").key('A').without(KEY_MD5).status() == 400
    }),
    ("attributes-show-sealed-size", |s3| {
        s3.attributes("b/doc")
            .key('A')
            .answer()
            .element("ObjectSize")
            != DOC_LEN.to_string()
    }),
    ("attributes-quote-the-etag", |s3| {
        s3.attributes("b/doc")
            .key('A')
            .answer()
            .element("ETag")
            .starts_with('"')
    }),
    ("http-reads-are-taken", |s3| {
        s3.get("b/doc").key('A').over_http().status() == 200
            && s3.put("b/n").key('A').over_http().status() == 400
    }),
    ("http-looks-for-objects-first", |s3| {
        s3.get("b/none").key('A').over_http().status() == 404
    }),
    ("checksum-of-ciphertext", |s3| {
        let checksum = |ask: super::s3::Ask<'_>| ask.answer().header("x-amz-checksum-crc64nvme");
        let put = checksum(s3.put("b/n").key('A'));
        let got = s3
            .get("b/n")
            .key('A')
            .with("x-amz-checksum-mode", "ENABLED");
        put != checksum(got)
    }),
    ("checksum-is-missing", |s3| {
        let got = s3
            .get("b/doc")
            .key('A')
            .with("x-amz-checksum-mode", "ENABLED");
        !got.answer().has("x-amz-checksum-crc64nvme")
    }),
    ("checksum-is-always-shown", |s3| {
        s3.get("b/doc")
            .key('A')
            .answer()
            .has("x-amz-checksum-crc64nvme")
    }),
    ("checksum-of-whole-on-range", |s3| {
        let got = s3
            .get("b/doc")
            .key('A')
            .with("x-amz-checksum-mode", "ENABLED")
            .range("1-2");
        got.answer().has("x-amz-checksum-crc64nvme")
    }),
    ("two-keys-crash", |s3| {
        s3.get("b/doc").key('A').twice(KEY, &md5("x")).status() == 500
    }),
];
