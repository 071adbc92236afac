//! The rows of S3's behaviour about payloads, one test each.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body::Frame;

use super::{Algorithm, Checksum, Limits, Payload, Verified};
use crate::body::{Body, BodyError};
use crate::error::{Code, S3Error, S3Result};
use crate::sigv4::PayloadHash;

mod framing;

/// A request body that comes in the given pieces, or breaks.
struct Pieces(VecDeque<Result<Bytes, BodyError>>);

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        Poll::Ready(self.0.pop_front().map(|piece| piece.map(Frame::data)))
    }
}

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&str, &str)| {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        (name, HeaderValue::from_str(value).unwrap())
    };
    let mut map = HeaderMap::new();
    for (name, value) in pairs.iter().map(pair) {
        map.append(name, value);
    }
    map
}

type Read = S3Result<(Vec<u8>, Verified)>;

fn read_with(
    pairs: &[(&str, &str)],
    hash: &PayloadHash,
    body: Body,
    build: fn(Payload) -> Payload,
) -> Read {
    let payload = Payload::new(&headers(pairs), hash, body, &Limits::default())?;
    let mut payload = build(payload);
    let mut all = Vec::new();
    let read = async {
        while let Some(piece) = payload.next().await {
            all.extend_from_slice(&piece?);
        }
        payload.finish()
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let verified = runtime.block_on(read)?;
    Ok((all, verified))
}

fn plain(pairs: &[(&str, &str)], body: &'static [u8]) -> Read {
    read_with(
        pairs,
        &PayloadHash::Unsigned,
        Body::from_bytes(body),
        |payload| payload,
    )
}

#[track_caller]
fn refused(read: Read, code: Code, message: &str) -> S3Error {
    let error = read.unwrap_err();
    assert_eq!(error.code(), code, "{error}");
    assert!(error.message().contains(message), "{error}");
    error
}

fn element<'a>(error: &'a S3Error, name: &str) -> &'a str {
    &error
        .elements()
        .iter()
        .find(|(given, _)| *given == name)
        .unwrap()
        .1
}

/// CRC32 of "hello", by zlib: 3610a686.
const HELLO_CRC32: &str = "NhCmhg==";

#[test]
fn chk_101_and_103_a_value_that_cannot_be_one() {
    for algorithm in Algorithm::all() {
        for bad in ["", "invalid!", "AAA="] {
            let message = format!("Value for {} header is invalid.", algorithm.header());
            refused(
                plain(&[(algorithm.header(), bad)], b""),
                Code::InvalidRequest,
                &message,
            );
        }
    }
}

#[test]
fn chk_102_a_wrong_value() {
    for algorithm in Algorithm::all() {
        let other = Checksum::of(algorithm, b"other").to_base64();
        let message = format!(
            "The {} you specified did not match the calculated checksum.",
            algorithm.name()
        );
        let pairs = [("content-length", "5"), (algorithm.header(), &other)];
        refused(plain(&pairs, b"hello"), Code::BadDigest, &message);
    }
}

#[test]
fn a_right_value_is_kept() {
    let read = plain(&[("x-amz-checksum-crc32", HELLO_CRC32)], b"hello").unwrap();
    assert_eq!(read.0, b"hello");
    assert_eq!(
        read.1.checksum,
        Checksum::parse(Algorithm::Crc32, HELLO_CRC32)
    );
}

#[test]
fn chk_104_two_values() {
    let pairs = [
        ("x-amz-checksum-crc32", HELLO_CRC32),
        ("x-amz-checksum-sha1", "qvTGHdzF6KLavt4PO0gs2a6pQ00="),
    ];
    refused(
        plain(&pairs, b"hello"),
        Code::InvalidRequest,
        "Expecting a single",
    );
    let twice = [("x-amz-checksum-crc32", HELLO_CRC32); 2];
    refused(
        plain(&twice, b"hello"),
        Code::InvalidRequest,
        "Expecting a single",
    );
}

#[test]
fn chk_105_another_algorithm_named() {
    let pairs = [
        ("x-amz-checksum-crc32", HELLO_CRC32),
        ("x-amz-sdk-checksum-algorithm", "SHA256"),
    ];
    refused(
        plain(&pairs, b"hello"),
        Code::InvalidRequest,
        "x-amz-sdk-checksum-algorithm",
    );
}

/// CHK-002, CHK-106. The check value of CRC-64/NVME (reveng catalogue).
#[test]
fn chk_106_an_algorithm_without_a_value_gets_the_default() {
    let pairs = [("x-amz-sdk-checksum-algorithm", "CRC32")];
    let body = Body::from_bytes(&b"123456789"[..]);
    let read = read_with(&pairs, &PayloadHash::Unsigned, body, |payload| {
        payload.with_default_checksum(Algorithm::Crc64Nvme)
    });
    let expected = Checksum::new(
        Algorithm::Crc64Nvme,
        0xae8b_1486_0a79_9888_u64.to_be_bytes(),
    );
    assert_eq!(read.unwrap().1.checksum, expected);
}

#[test]
fn chk_107_content_md5_that_is_none() {
    for bad in [
        "",
        "notbase64!",
        "AAAA",
        "XUFAKrxLKna5cZ2REBfFkg",
        "XUFAKrxLKna5cZ2REBfFkgAA",
    ] {
        let error = refused(
            plain(&[("content-md5", bad)], b"hello"),
            Code::InvalidDigest,
            "",
        );
        assert_eq!(element(&error, "Content-MD5"), bad);
    }
}

/// MD5 of "hello" is 5d41402abc4b2a76b9719d911017c592 (RFC 1321's algorithm, by md5sum).
#[test]
fn chk_108_a_wrong_content_md5() {
    let right = "XUFAKrxLKna5cZ2REBfFkg==";
    let md5 = plain(&[("content-md5", right)], b"hello")
        .unwrap()
        .1
        .md5
        .unwrap();
    assert_eq!(md5[..2], [0x5d, 0x41]);
    let wrong = [("content-md5", "AAAAAAAAAAAAAAAAAAAAAA==")];
    let error = refused(plain(&wrong, b"hello"), Code::BadDigest, "The Content-MD5");
    assert_eq!(element(&error, "CalculatedDigest"), right);
    assert_eq!(element(&error, "ExpectedDigest"), "0".repeat(32));
    let body = Body::from_bytes(&b"hello"[..]);
    let of_part = read_with(&wrong, &PayloadHash::Unsigned, body, Payload::of_part);
    let error = refused(of_part, Code::BadDigest, "");
    assert_eq!(
        element(&error, "ExpectedDigest"),
        "AAAAAAAAAAAAAAAAAAAAAA=="
    );
}

#[test]
fn sig_014_another_sha256() {
    let hash = PayloadHash::Sha256([0; 32]);
    let read = read_with(&[], &hash, Body::from_bytes(&b"hello"[..]), |payload| {
        payload
    });
    let error = refused(read, Code::XAmzContentSHA256Mismatch, "");
    assert_eq!(
        element(&error, "ClientComputedContentSHA256"),
        "0".repeat(64)
    );
    // sha256sum of "hello"
    assert!(element(&error, "S3ComputedContentSHA256").starts_with("2cf24dba5fb0a30e"));
}

#[test]
fn chk_118_the_checksum_of_complete_is_not_of_its_xml() {
    let pairs = [("x-amz-checksum-crc32", "AAAAAA==")];
    let body = || Body::from_bytes(&b"<xml/>"[..]);
    let read = |build| read_with(&pairs, &PayloadHash::Unsigned, body(), build);
    refused(read(|payload| payload), Code::BadDigest, "");
    assert!(read(Payload::without_checksum).is_ok());
}

#[test]
fn a_body_of_unknown_length_is_not_implemented() {
    let error = refused(
        plain(&[("transfer-encoding", "chunked")], b"hello"),
        Code::NotImplemented,
        "functionality that is not implemented",
    );
    assert_eq!(element(&error, "Header"), "Transfer-Encoding");
    assert_eq!(plain(&[], b"").unwrap().1.length, 0);
}

#[test]
fn a_body_beyond_the_limit_is_refused_by_its_length() {
    let error = refused(
        plain(&[("content-length", "5368709121")], b""),
        Code::EntityTooLarge,
        "",
    );
    assert_eq!(element(&error, "MaxSizeAllowed"), "5368709120");
}

#[test]
fn a_body_that_breaks_off_is_never_whole() {
    let broken = |error: BodyError| {
        let pieces = VecDeque::from([Ok(Bytes::from_static(b"hel")), Err(error)]);
        let body = Body::stream(Pieces(pieces));
        let pairs = [("content-length", "5")];
        read_with(&pairs, &PayloadHash::Unsigned, body, |payload| payload)
    };
    let error = refused(
        broken("gone".into()),
        Code::IncompleteBody,
        "You did not provide",
    );
    assert_eq!(element(&error, "NumberBytesProvided"), "3");
    let slow = std::io::Error::from(std::io::ErrorKind::TimedOut);
    refused(broken(slow.into()), Code::RequestTimeout, "timeout period");
    refused(
        plain(&[("content-length", "6")], b"hello"),
        Code::IncompleteBody,
        "",
    );
    refused(
        plain(&[("content-length", "4")], b"hello"),
        Code::IncompleteBody,
        "",
    );
}

#[test]
fn a_payload_that_nobody_read_is_not_whole() {
    let body = Body::from_bytes(&b"hello"[..]);
    let payload = Payload::new(
        &HeaderMap::new(),
        &PayloadHash::Unsigned,
        body,
        &Limits::default(),
    );
    assert_eq!(
        payload.unwrap().finish().unwrap_err().code(),
        Code::IncompleteBody
    );
}

#[tokio::test]
async fn a_collected_payload_has_a_limit() {
    let collect = async |limit_bytes| {
        let body = Body::from_bytes(&b"<xml/>"[..]);
        let limits = Limits::default();
        Payload::new(&HeaderMap::new(), &PayloadHash::Unsigned, body, &limits)
            .unwrap()
            .collect(limit_bytes)
            .await
    };
    assert_eq!(collect(6).await.unwrap(), "<xml/>");
    assert_eq!(
        collect(5).await.unwrap_err().code(),
        Code::MaxMessageLengthExceeded
    );
}
