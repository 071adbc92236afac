//! aws-chunked payloads, signed and not, with and without trailers (STR).

use ring::digest::{SHA256, digest};
use ring::hmac::{HMAC_SHA256, Key, sign};

use crate::keys::A;
use crate::s3::{Ask, S3};
use crate::table::{Row, Table, echo, refused, row};

const TRAILER: &str = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
const SIGNED: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";

fn setup() -> S3 {
    let s3 = S3::new();
    s3.store("doc", "what was there before", Some(&A));
    s3
}

fn unchanged(s3: &S3) {
    assert_eq!(
        s3.get("doc").sse_c(&A).ok(200).body,
        "what was there before"
    );
}

/// A framed body of `decoded` bytes, with the CRC32 of the ten digits promised in its trailer.
fn put<'a>(s3: &'a S3, decoded: &str, framed: &str) -> Ask<'a> {
    s3.put("doc", framed.to_owned())
        .sse_c(&A)
        .header("content-encoding", "aws-chunked")
        .header("x-amz-decoded-content-length", decoded)
        .header("x-amz-trailer", "x-amz-checksum-crc32")
        .signing(|signing| signing.payload = TRAILER.to_owned())
}

const GOOD: &str = "a\r\n0123456789\r\n0\r\nx-amz-checksum-crc32:poTHxg==\r\n\r\n";

#[rustfmt::skip]
pub(crate) fn rows() -> Vec<Row> {
    let stored = || echo(200, &A).header("x-amz-checksum-crc32", "poTHxg==");
    let incomplete = || refused(400, "IncompleteBody");
    let trailer = || refused(400, "MalformedTrailerError")
        .says("The request contained trailing data that was not well-formed or did not conform to our published schema.");
    vec![
        row("CHK-001", "one chunk", |s3| put(s3, "10", GOOD), stored()),
        row("STR-001", "a size that is none", |s3| put(s3, "10", "zz\r\n0123456789\r\n0\r\n\r\n"), incomplete()
            .says("The request body terminated unexpectedly")),
        row("STR-001", "no line end", |s3| put(s3, "10", "a\r\n0123456789"), incomplete()),
        row("STR-001", "no end", |s3| put(s3, "10", "a\r\n0123456789\r\n"), incomplete()),
        row("STR-002", "a small chunk before the last", |s3| {
            put(s3, "10", "5\r\n01234\r\n5\r\n56789\r\n0\r\nx-amz-checksum-crc32:poTHxg==\r\n\r\n")
        }, refused(400, "InvalidChunkSizeError").says("Only the last chunk is allowed to have a size less than 8192 bytes")
            .with_some("Chunk").with("BadChunkSize", "5")),
        row("STR-003", "another trailer", |s3| put(s3, "10", "a\r\n0123456789\r\n0\r\nx-amz-checksum-sha1:x\r\n\r\n"), trailer()),
        row("STR-003", "no colon", |s3| put(s3, "10", "a\r\n0123456789\r\n0\r\nx-amz-checksum-crc32\r\n\r\n"), trailer()),
        row("STR-004", "another length", |s3| put(s3, "11", GOOD), incomplete()
            .says("You did not provide the number of bytes specified by the Content-Length HTTP header")
            .with("NumberBytesExpected", "11").with("NumberBytesProvided", "10")),
        row("STR-005", "no length", |s3| put(s3, "many", GOOD), refused(411, "MissingContentLength")
            .says("You must provide the Content-Length HTTP header.")),
        row("CHK-102", "another checksum in the trailer", |s3| {
            put(s3, "10", "a\r\n0123456789\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n")
        }, refused(400, "BadDigest").says("The CRC32 you specified did not match the calculated checksum.")),
    ]
}

#[test]
fn unsigned_chunks() {
    let rows = rows();
    let (good, bad): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.id == "CHK-001");
    Table {
        setup,
        rows: bad,
        after: unchanged,
    }
    .check();
    Table {
        setup,
        rows: good,
        after: |s3| assert_eq!(s3.get("doc").sse_c(&A).ok(200).body, "0123456789"),
    }
    .check();
}

/// Several chunks, and the framing is no encoding of the object.
#[test]
fn a_large_body_in_chunks() {
    let s3 = setup();
    let chunk = "0123456789abcdef".repeat(1024);
    let framed = format!("4000\r\n{chunk}\r\n4000\r\n{chunk}\r\n3\r\nend\r\n0\r\n\r\n");
    let put = s3
        .put("new", framed)
        .sse_c(&A)
        .header("content-encoding", "aws-chunked,gzip");
    let put = put.header("x-amz-decoded-content-length", "32771");
    put.signing(|signing| signing.payload = TRAILER.to_owned())
        .ok(200);
    let answer = s3.get("new").sse_c(&A).ok(200);
    assert_eq!(answer.body, [&*chunk, &*chunk, "end"].concat());
    answer.has_header("content-encoding", "gzip");
}

/// Chunk signatures as the API reference describes them ("Signature calculations: transferring
/// payload in multiple chunks"), chained from the signature of the head.
struct Chain {
    key: Key,
    date: String,
    scope: String,
    previous: String,
}

impl Chain {
    /// Continues the chain whose head carries these headers.
    fn after(headers: &[(String, String)]) -> Self {
        let header = |name: &str| {
            headers
                .iter()
                .find(|(given, _)| given == name)
                .unwrap()
                .1
                .clone()
        };
        let (date, authorization) = (header("x-amz-date"), header("authorization"));
        let day = date[..8].to_owned();
        let steps = [day.as_str(), "us-east-1", "s3", "aws4_request"];
        let secret = b"AWS4ssec-secret-key".to_vec();
        let key = steps.iter().fold(secret, |key, step| {
            sign(&Key::new(HMAC_SHA256, &key), step.as_bytes())
                .as_ref()
                .to_vec()
        });
        Self {
            key: Key::new(HMAC_SHA256, &key),
            date,
            scope: format!("{day}/us-east-1/s3/aws4_request"),
            previous: authorization.split("Signature=").nth(1).unwrap().to_owned(),
        }
    }

    fn chunk(&mut self, data: &str) -> String {
        let hash = |bytes: &[u8]| hex(digest(&SHA256, bytes).as_ref());
        let text = format!(
            "AWS4-HMAC-SHA256-PAYLOAD\n{}\n{}\n{}\n{}\n{}",
            self.date,
            self.scope,
            self.previous,
            hash(b""),
            hash(data.as_bytes())
        );
        self.previous = hex(sign(&self.key, text.as_bytes()).as_ref());
        format!(
            "{:x};chunk-signature={}\r\n{data}\r\n",
            data.len(),
            self.previous
        )
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A body of signed chunks, changed after signing.
fn signed_chunks<'a>(s3: &'a S3, data: &str, change: fn(String) -> String) -> Ask<'a> {
    let put = s3
        .put("doc", "")
        .sse_c(&A)
        .header("x-amz-decoded-content-length", &data.len().to_string());
    let put = put.signing(|signing| signing.payload = SIGNED.to_owned());
    let data = data.to_owned();
    put.framed(move |headers| {
        let mut chain = Chain::after(headers);
        let body = chain.chunk(&data);
        change(body + &chain.chunk(""))
    })
}

#[test]
fn signed_chunks_are_verified() {
    let s3 = setup();
    signed_chunks(&s3, "0123456789", |body| body)
        .ok(200)
        .echoes(&A);
    assert_eq!(s3.get("doc").sse_c(&A).ok(200).body, "0123456789");
    let refused = signed_chunks(&s3, "0123456789", |body| {
        body.replace("0123456789", "9876543210")
    })
    .ok(403);
    assert_eq!(refused.must("Code"), "SignatureDoesNotMatch");
    let unsigned = signed_chunks(&s3, "0123456789", |body| {
        body.replace(";chunk-signature=", ";chunk-sig=")
    })
    .ok(400);
    assert_eq!(unsigned.must("Code"), "IncompleteBody", "STR-001");
    let cut = signed_chunks(&s3, "0123456789", |body| {
        body[..body.rfind("0;").unwrap()].to_owned()
    })
    .ok(400);
    assert_eq!(cut.must("Code"), "IncompleteBody", "STR-001");
    assert_eq!(s3.get("doc").sse_c(&A).ok(200).body, "0123456789");
}
