//! Probes of what answers show: ETags, sizes, keys.

use super::Probe;
use super::s3::{ALGORITHM, KEY, KEY_MD5, S3, base64, bytes, key};
use super::world::{DOC_LEN, PART_LENS};

/// The MD5 of `abc`, and of the key A.
const MD5_OF_ABC: &str = "\"900150983cd24fb0d6963f7d28e17f72\"";

pub(crate) const PROBES: &[Probe] = &[
    ("etag-of-plain-is-random", |s3| {
        s3.put("b/n").answer().header("etag") != MD5_OF_ABC
    }),
    ("etag-is-md5", |s3| {
        let etag = s3.put("b/n").key('A').answer().header("etag");
        let ask = || s3.get("b/n").key('A').with("if-match", MD5_OF_ABC);
        etag == MD5_OF_ABC && ask().status() == 200 && shown(s3) == MD5_OF_ABC
    }),
    ("etag-repeats", |s3| {
        let [first, second] = [(); 2].map(|()| s3.put("b/n").key('A').answer().header("etag"));
        first == second && first != MD5_OF_ABC
    }),
    ("etag-is-key-md5", |s3| {
        let [first, second] = ["b/n", "b/m"].map(|at| s3.put(at).key('A').body(at).answer());
        first.header("etag") == second.header("etag")
    }),
    ("etag-differs-on-head", |s3| {
        let etag = |answer: super::s3::Answer| answer.header("etag");
        etag(s3.head("b/doc").key('A').answer()) != etag(s3.get("b/doc").key('A').answer())
    }),
    ("etag-differs-in-listings", |s3| {
        let etag = s3.get("b/doc").key('A').answer().header("etag");
        !s3.get("b/").answer().shows(etag.trim_matches('"'))
    }),
    ("etag-is-bare", |s3| {
        !s3.put("b/n")
            .key('A')
            .answer()
            .header("etag")
            .starts_with('"')
    }),
    ("etag-of-parts-is-random", |s3| {
        let shown = s3.head("b/parts").key('A').answer().header("etag");
        !s3.get("b/").answer().shows(shown.trim_matches('"'))
    }),
    ("listing-shows-sealed-sizes", |s3| {
        !s3.get("b/")
            .answer()
            .shows(&format!("<Size>{DOC_LEN}</Size>"))
    }),
    ("list-parts-shows-sealed-sizes", |s3| {
        let id = s3.create("b/n", Some('A'));
        s3.part("b/n", &id, 1).key('A').answer();
        s3.get(&format!("b/n?uploadId={id}"))
            .answer()
            .element("Size")
            != "3"
    }),
    ("delete-needs-key", |s3| {
        s3.delete("b/doc").status() == 400 && s3.delete("b/plain").status() == 204
    }),
    ("delete-many-refuses-sse-c", |s3| {
        let list = "<Delete><Object><Key>doc</Key></Object></Delete>";
        let ask = s3.ask("POST", "b/?delete").body(list);
        ask.answer().element("Code") == "InvalidRequest" && s3.get("b/doc").key('A').status() == 200
    }),
    ("tagging-needs-key", |s3| {
        s3.get("b/doc?tagging").status() == 400 && s3.get("b/plain?tagging").status() == 200
    }),
    ("acl-needs-key", |s3| s3.get("b/doc?acl").status() == 400),
    ("stray-triple-crashes", |s3| {
        s3.get("b/").key('A').status() == 500
    }),
    ("key-is-echoed", |s3| {
        s3.get("b/doc").key('A').answer().header(KEY) == base64(key('A'))
    }),
    ("key-in-a-debug-header", |s3| {
        s3.get("b/doc").key('A').answer().shows("41414141")
    }),
    ("key-in-refusals", |s3| {
        s3.get("b/doc").key('B').answer().shows(&base64(key('B')))
    }),
    ("key-becomes-metadata", |s3| {
        s3.get("b/doc")
            .key('A')
            .answer()
            .header("x-amz-meta-customer-key")
            == base64(key('A'))
    }),
    ("key-in-listings", |s3| {
        s3.get("b/").answer().shows(&base64(key('A')))
    }),
    ("key-in-signature-errors", |s3| {
        let ask = s3
            .get("b/doc")
            .presigned(false)
            .key('A')
            .with("x-amz-meta-a", "1");
        let spoilt = ask.spoiled().answer();
        spoilt.element("Code") == "SignatureDoesNotMatch" && spoilt.shows(&base64(key('A')))
    }),
    ("refusals-echo-the-triple", |s3| {
        s3.get("b/doc").key('B').answer().has(KEY_MD5)
    }),
    ("refused-get-tells", |s3| {
        s3.get("b/doc").answer().has("x-amz-meta-note")
    }),
    ("refused-head-tells", |s3| {
        s3.head("b/doc").answer().header("content-length") == DOC_LEN.to_string()
    }),
    ("refusals-are-pages", |s3| {
        let answer = s3.put("b/n").key('A').with(ALGORITHM, "KMS").answer();
        answer.header("content-type") == "text/html"
    }),
    ("parts-garbled-behind-first", |s3| {
        let body = s3.get("b/parts").key('A').answer().body;
        body[..PART_LENS[0]] == bytes(PART_LENS[0]) && body[PART_LENS[0]..] != bytes(PART_LENS[1])
    }),
];

/// The ETag that the listing of `b/n` shows.
fn shown(s3: &S3) -> String {
    s3.get("b/?list-type=2&prefix=n").answer().element("ETag")
}
