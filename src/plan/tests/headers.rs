//! Triples, header edits, checksums.

use super::*;

#[test]
fn malformed_triples() {
    let sent = |triple: Triple| {
        let call = Call {
            sse_c: Some(triple),
            ..doc()
        };
        let got = written(Verb::Get, &call, Addressing::Path).unwrap();
        let headers = got.lines().skip(1);
        let values = headers.filter_map(|line| line.rsplit_once("customer-"));
        values
            .map(|(_, value)| value.to_owned())
            .collect::<Vec<_>>()
    };
    let a = || key('A');
    let no_md5 = Triple {
        key_md5: KeyMd5Header::Omit,
        ..a()
    };
    assert_eq!(sent(no_md5), ["algorithm: AES256", "key: <key A>"]);
    let of_other = Triple {
        key_md5: KeyMd5Header::Of(KeyName::new('B').unwrap()),
        ..a()
    };
    assert_eq!(sent(of_other)[2], "key-MD5: <md5 B>");
    let not_base64 = Triple {
        key: KeyHeader::Text("!!!".to_owned()),
        key_md5: KeyMd5Header::OfSent,
        ..a()
    };
    // MD5 of the three characters themselves, by md5sum(1).
    assert_eq!(
        sent(not_base64)[1..],
        ["key: !!!", "key-MD5: bdB1VW7/qm5/Hj47qf3F+g=="]
    );
    let empty = Triple {
        algorithm: Some(String::new()),
        key: KeyHeader::Omit,
        key_md5: KeyMd5Header::Text("x".to_owned()),
    };
    assert_eq!(sent(empty), ["algorithm: ", "key-MD5: x"]);
    let short = Triple {
        key: KeyHeader::Bytes(3),
        key_md5: KeyMd5Header::OfSent,
        ..a()
    };
    assert_eq!(
        sent(short)[1].len(),
        "key: ".len() + 4,
        "three bytes are four base64 digits"
    );
}

#[test]
fn edits_come_last_and_checksums_are_computed() {
    let edit = |name: &str, values: &[&str]| HeaderEdit {
        name: name.to_owned(),
        values: values.iter().map(|value| text(value)).collect(),
    };
    let checksum = |place, value| Checksum {
        algorithm: ChecksumAlgorithm::Crc32,
        value,
        place,
    };
    let call = Call {
        body: Some(Body::Text(BODY.to_owned())),
        headers: vec![edit("X-Twice", &["1", "2"]), edit("range", &[])],
        range: Some(ByteRange::From(1)),
        query: vec![("x-id".to_owned(), text("PutObject"))],
        checksum: Some(checksum(ChecksumPlace::Header, None)),
        ..doc()
    };
    check(
        Verb::Raw,
        &Call {
            method: Some("PATCH".to_owned()),
            ..call.clone()
        },
        "PATCH https://h:1/b/run/case/doc?x-id=PutObject
         x-amz-checksum-crc32: y/Q5Jg==
         X-Twice: 1
         X-Twice: 2
         123456789",
    );
    let trailing = Call {
        checksum: Some(checksum(ChecksumPlace::Trailer, Some(text("wrong")))),
        headers: Vec::new(),
        query: Vec::new(),
        range: None,
        ..call
    };
    check(
        Verb::Put,
        &trailing,
        "PUT https://h:1/b/run/case/doc
         trailer x-amz-checksum-crc32: wrong
         123456789",
    );
}
