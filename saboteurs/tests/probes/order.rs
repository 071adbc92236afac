//! Probes of ranges, part numbers and conditions, and of what is told first.

use super::Probe;
use super::s3::{ALGORITHM, Answer, Ask, KEY, S3, SSE, bytes, md5};
use super::world::{DOC_LEN, PART_LENS};

pub(crate) const PROBES: &[Probe] = &[
    ("range-starts-late", |s3| {
        ranged(s3, "10-19").body == bytes(DOC_LEN)[11..21]
    }),
    ("range-ends-early", |s3| {
        let answer = ranged(s3, "10-19");
        answer.body == bytes(DOC_LEN)[10..19] && answer.header("content-range").contains("10-18/")
    }),
    ("range-suffix-from-start", |s3| {
        ranged(s3, "-10").body == bytes(DOC_LEN)[..10]
    }),
    ("range-zero-suffix-is-whole", |s3| {
        ranged(s3, "-0").status == 200
    }),
    ("range-is-ignored", |s3| ranged(s3, "10-19").status == 200),
    ("range-garbled-off-start", |s3| {
        ranged(s3, "0-9").body == bytes(DOC_LEN)[..10]
            && ranged(s3, "10-19").body != bytes(DOC_LEN)[10..20]
    }),
    ("range-garbled-behind-segment", |s3| {
        ranged(s3, "10-65535").body == bytes(DOC_LEN)[10..65_536]
            && ranged(s3, "10-65536").body != bytes(DOC_LEN)[10..65_537]
    }),
    ("range-is-empty", |s3| {
        let answer = ranged(s3, "10-19");
        answer.status == 206 && answer.body.is_empty()
    }),
    ("range-counts-sealed-bytes", |s3| {
        !ranged(s3, "0-9")
            .header("content-range")
            .ends_with("/150000")
    }),
    ("range-past-end-is-refused", |s3| {
        ranged(s3, "10-150000").status == 416
    }),
    ("range-unsatisfiable-is-whole", |s3| {
        ranged(s3, "150000-").status == 200
    }),
    ("range-unreadable-is-refused", |s3| {
        ranged(s3, "1-2,4-5").status == 416
    }),
    ("range-of-plain-is-refused", |s3| {
        s3.get("b/plain").range("1-2").status() == 416
    }),
    ("range-takes-any-key", |s3| {
        s3.get("b/doc").key('B').range("1-2").status() == 206
            && s3.get("b/doc").key('B').status() == 403
    }),
    ("range-needs-no-key", |s3| {
        s3.get("b/doc").range("1-2").status() == 206
    }),
    ("part-number-needs-no-key", |s3| {
        s3.get("b/doc?partNumber=1").status() == 206
    }),
    ("part-number-takes-any-key", |s3| {
        s3.get("b/doc?partNumber=1").key('B').status() == 206
    }),
    ("part-number-beyond-is-400", |s3| {
        s3.get("b/doc?partNumber=2").key('A').status() == 400
    }),
    ("part-read-is-whole", |s3| {
        s3.get("b/parts?partNumber=2").key('A').status() == 200
    }),
    ("part-head-is-whole", |s3| {
        s3.head("b/parts?partNumber=2").key('A').status() == 200
    }),
    ("part-read-is-ciphertext", |s3| {
        let answer = s3.get("b/parts?partNumber=2").key('A').answer();
        answer.status == 206 && answer.body != bytes(PART_LENS[0])
    }),
    ("parts-counted-over-gaps", |s3| {
        s3.get("b/parts?partNumber=1").key('A').status() == 206
    }),
    ("if-none-match-is-ignored", |s3| {
        with_etag(s3, s3.get("b/doc").key('A'), "if-none-match").status() == 200
    }),
    ("if-match-is-ignored", |s3| {
        s3.get("b/doc").key('A').with("if-match", "\"x\"").status() == 200
    }),
    ("if-match-never-holds", |s3| {
        with_etag(s3, s3.get("b/doc").key('A'), "if-match").status() == 412
    }),
    ("conditions-before-presence", |s3| {
        with_etag(s3, s3.get("b/doc"), "if-none-match").status() == 304
    }),
    ("conditions-before-syntax", |s3| {
        let ask = s3.get("b/doc").key('A').with(ALGORITHM, "KMS");
        with_etag(s3, ask, "if-none-match").status() == 304
    }),
    ("range-before-presence", |s3| {
        s3.get("b/doc").range("150000-").status() == 416
    }),
    ("range-before-syntax", |s3| {
        s3.get("b/doc")
            .key('A')
            .with(KEY, "!!!")
            .range("150000-")
            .status()
            == 416
    }),
    ("proof-before-conditions", |s3| {
        with_etag(s3, s3.get("b/doc").key('B'), "if-none-match").status() == 403
    }),
    ("proof-before-range", |s3| {
        s3.get("b/doc").key('B').range("150000-").status() == 403
    }),
    ("key-before-existence", |s3| {
        s3.get("b/none").key('A').status() == 403
    }),
    ("block-before-syntax", |s3| {
        s3.put("blocked/n").key('A').with(KEY, "!!!").status() == 403
    }),
    ("policy-before-syntax", |s3| {
        super::settings::deny_sse_c(s3);
        s3.put("b/n").key('A').with(ALGORITHM, "KMS").status() == 403
    }),
    ("syntax-before-owner", |s3| {
        let owner = ("x-amz-expected-bucket-owner", "000000000000");
        s3.put("b/n")
            .key('A')
            .with(KEY, "!!!")
            .with(owner.0, owner.1)
            .status()
            == 400
    }),
    ("algorithm-before-conflict", |s3| {
        let ask = s3
            .put("b/n")
            .key('A')
            .with(ALGORITHM, "KMS")
            .with(SSE, "AES256");
        ask.code() == "InvalidEncryptionAlgorithmError"
    }),
    ("parts-before-key", |s3| {
        let id = s3.create("b/n", Some('A'));
        s3.part("b/n", &id, 1).key('A').answer();
        let list = [(1, "none".to_owned())];
        s3.complete("b/n", &id, &list).key('B').code() == "InvalidPart"
    }),
    ("body-before-syntax", |s3| {
        s3.put("b/n")
            .key('A')
            .with(KEY, "!!!")
            .with("content-md5", &md5("x"))
            .code()
            == "BadDigest"
    }),
];

fn ranged(s3: &S3, range: &str) -> Answer {
    s3.get("b/doc").key('A').range(range).answer()
}

fn with_etag<'a>(s3: &S3, ask: Ask<'a>, condition: &str) -> Ask<'a> {
    ask.with(
        condition,
        &s3.head("b/doc").key('A').answer().header("etag"),
    )
}
