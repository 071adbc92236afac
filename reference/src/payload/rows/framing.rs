//! The rows about aws-chunked, and properties of its decoder.

use std::collections::VecDeque;

use bytes::Bytes;
use proptest::prelude::*;

use super::{HELLO_CRC32, Pieces, Read, element, headers, read_with, refused};
use crate::body::Body;
use crate::error::Code;
use crate::payload::{Algorithm, Checksum, stored_content_encoding};
use crate::sigv4::PayloadHash;

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
