//! The rows of S3's behaviour about payloads, one test each, and properties of the framing.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body::Frame;
use proptest::prelude::*;

use super::{Algorithm, Checksum, Limits, Payload, Verified, stored_content_encoding};
use crate::body::{Body, BodyError};
use crate::error::{Code, S3Error, S3Result};
use crate::sigv4::PayloadHash;

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

/// STREAMING-UNSIGNED-PAYLOAD-TRAILER with a CRC32 in the trailer, unless said otherwise.
fn chunked(length: &str, body: impl Into<Bytes>) -> Read {
    let pairs = [
        ("x-amz-decoded-content-length", length),
        ("x-amz-trailer", "x-amz-checksum-crc32"),
    ];
    read_with(
        &pairs,
        &PayloadHash::StreamingUnsignedTrailer,
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
fn shapes_of_stock_clients() {
    let crc = format!("x-amz-checksum-crc32:{HELLO_CRC32}");
    for framed in [
        format!("5\r\nhello\r\n0\r\n{crc}\r\n\r\n"),
        format!("00000005\r\nhello\r\n0\r\n{crc}\n\r\n\r\n"),
        format!("5\r\nhello\r\n0\r\nX-Amz-Checksum-Crc32: {HELLO_CRC32}\r\n\r\n"),
    ] {
        assert_eq!(
            chunked("5", framed.clone()).unwrap().0,
            b"hello",
            "{framed:?}"
        );
    }
    let empty = chunked("0", "0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n").unwrap();
    assert_eq!(empty.1.length, 0);
}

#[test]
fn str_001_framing() {
    let whole = format!("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:{HELLO_CRC32}\r\n\r\n");
    for cut in 0..whole.len() {
        let read = chunked("5", whole[..cut].to_owned());
        assert_eq!(
            read.unwrap_err().code(),
            Code::IncompleteBody,
            "cut at {cut}"
        );
    }
    for bad in [
        "x\r\n",
        "\r\n",
        "5\nhello\r\n",
        "5\r\nhelloX\r\n",
        "-5\r\n",
        "0x5\r\n",
        "+5\r\n",
        "5;a=b\r\nhello\r\n",
        "10000000000000005\r\n",
    ] {
        let read = chunked("5", bad);
        assert_eq!(read.unwrap_err().code(), Code::IncompleteBody, "{bad:?}");
    }
    refused(
        chunked("5", whole + "more"),
        Code::IncompleteBody,
        "terminated unexpectedly",
    );
    refused(
        chunked("5", "1".repeat(5000)),
        Code::IncompleteBody,
        "terminated unexpectedly",
    );
}

#[test]
fn str_002_a_small_chunk_before_another() {
    let body = format!("3e8\r\n{0}\r\n3e8\r\n{0}\r\n0\r\n\r\n", "a".repeat(1000));
    let error = refused(
        chunked("2000", body),
        Code::InvalidChunkSizeError,
        "8192 bytes",
    );
    assert_eq!(element(&error, "Chunk"), "2");
    assert_eq!(element(&error, "BadChunkSize"), "1000");
}

#[test]
fn str_003_trailers() {
    let right = format!("x-amz-checksum-crc32:{HELLO_CRC32}\r\n");
    for bad in [
        String::new(),
        "x-amz-checksum-crc32\r\n".to_owned(),
        format!(":{HELLO_CRC32}\r\n"),
        "x-amz-checksum-sha1:qvTGHdzF6KLavt4PO0gs2a6pQ00=\r\n".to_owned(),
        format!("{right}{right}"),
        format!("{right}x-amz-trailer-signature:00\r\n"),
    ] {
        let body = format!("5\r\nhello\r\n0\r\n{bad}\r\n");
        refused(
            chunked("5", body),
            Code::MalformedTrailerError,
            "not well-formed",
        );
    }
    let bad = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAA\r\n\r\n";
    refused(
        chunked("5", bad),
        Code::InvalidRequest,
        "x-amz-checksum-crc32 trailing header",
    );
    let wrong = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n";
    refused(
        chunked("5", wrong),
        Code::BadDigest,
        "The CRC32 you specified",
    );
}

#[test]
fn str_004_another_decoded_length() {
    let body = format!("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:{HELLO_CRC32}\r\n\r\n");
    for (declared, provided) in [("4", "5"), ("6", "5"), ("0", "5")] {
        let read = chunked(declared, body.clone());
        let error = refused(read, Code::IncompleteBody, "You did not provide");
        assert_eq!(element(&error, "NumberBytesExpected"), declared);
        assert_eq!(element(&error, "NumberBytesProvided"), provided);
    }
}

#[test]
fn str_005_no_decoded_length() {
    for bad in ["", "five", "-1", "+1", "99999999999999999999999"] {
        refused(chunked(bad, "0\r\n\r\n"), Code::MissingContentLength, "");
    }
    let hash = PayloadHash::StreamingUnsignedTrailer;
    let read = read_with(&[], &hash, Body::empty(), |payload| payload);
    refused(read, Code::MissingContentLength, "");
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

#[test]
fn the_framing_is_not_a_content_encoding() {
    let check = |sent: &[(&str, &str)], kept: Option<&str>| {
        assert_eq!(
            stored_content_encoding(&headers(sent)).as_deref(),
            kept,
            "{sent:?}"
        );
    };
    check(&[], None);
    check(&[("content-encoding", "aws-chunked")], None);
    check(&[("content-encoding", "gzip,aws-chunked")], Some("gzip"));
    check(
        &[
            ("content-encoding", "aws-chunked"),
            ("content-encoding", "br"),
        ],
        Some("br"),
    );
}

/// Frames `data` in chunks of the given sizes, the last of what is left.
fn frame(data: &[u8], sizes: &[usize]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = data;
    for size in sizes {
        if rest.len() > *size {
            let (chunk, tail) = rest.split_at(*size);
            out.extend_from_slice(format!("{size:x}\r\n").as_bytes());
            out.extend_from_slice(chunk);
            out.extend_from_slice(b"\r\n");
            rest = tail;
        }
    }
    if !rest.is_empty() {
        out.extend_from_slice(format!("{:X}\r\n", rest.len()).as_bytes());
        out.extend_from_slice(rest);
        out.extend_from_slice(b"\r\n");
    }
    let crc = Checksum::of(Algorithm::Crc32, data).to_base64();
    out.extend_from_slice(format!("0\r\nx-amz-checksum-crc32:{crc}\r\n\r\n").as_bytes());
    out
}

fn in_pieces(framed: &[u8], cuts: &[usize]) -> Body {
    let mut pieces = VecDeque::new();
    let mut rest = framed;
    for cut in cuts {
        let (piece, tail) = rest.split_at((*cut).min(rest.len()));
        pieces.push_back(Ok(Bytes::copy_from_slice(piece)));
        rest = tail;
    }
    pieces.push_back(Ok(Bytes::copy_from_slice(rest)));
    Body::stream(Pieces(pieces))
}

proptest! {
    #[test]
    fn any_chunking_in_any_pieces_decodes_the_same(
        len in 0_usize..70_000,
        sizes in prop::collection::vec(8192_usize..20_000, 0..6),
        cuts in prop::collection::vec(1_usize..30_000, 0..12),
    ) {
        let data: Vec<u8> = (0..len).map(|at| u8::try_from(at % 251).unwrap_or(0)).collect();
        let length = len.to_string();
        let pairs = [
            ("x-amz-decoded-content-length", length.as_str()),
            ("x-amz-trailer", "x-amz-checksum-crc32"),
        ];
        let body = in_pieces(&frame(&data, &sizes), &cuts);
        let hash = PayloadHash::StreamingUnsignedTrailer;
        let read = read_with(&pairs, &hash, body, |payload| payload);
        prop_assert!(read.is_ok_and(|(decoded, _)| decoded == data));
    }

    #[test]
    fn a_flipped_byte_is_never_accepted_as_other_data(at in 0_usize..60, flip in 1_u8..=255) {
        let mut framed = frame(b"hello", &[]);
        let at = at % framed.len();
        framed[at] ^= flip;
        if let Ok((decoded, _)) = chunked("5", framed) {
            prop_assert_eq!(decoded, b"hello");
        }
    }

    #[test]
    fn garbage_is_refused_without_a_panic(
        garbage in prop::collection::vec(any::<u8>(), 0..300),
        length in 0_u64..400,
    ) {
        prop_assert!(chunked(&length.to_string(), garbage).is_err());
    }

    #[test]
    fn lines_of_framing_never_panic(lines in prop::collection::vec("[0-9a-f;:=\r\n x-z]{0,12}", 0..12)) {
        prop_assert!(chunked("5", lines.join("\r\n")).is_err());
    }
}
