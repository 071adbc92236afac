//! Multipart uploads, and the documents that complete them.

use super::*;

/// The upload's object is that of the answer which started it.
#[test]
fn uploads() {
    let of = |name: &str, field| {
        Value::Ref(Ref {
            name: name.to_owned(),
            field,
        })
    };
    let up = || Call {
        upload: Some(of("up", RefField::UploadId)),
        ..Call::default()
    };
    check(
        Verb::StartUpload,
        &doc(),
        "POST https://h:1/b/run/case/doc?uploads",
    );
    let part = Call {
        part: Some("0".to_owned()),
        ..up()
    };
    check(
        Verb::UploadPart,
        &part,
        "PUT https://h:1/b/run/case/doc?partNumber=0&uploadId=U%2F1",
    );
    let part_copy = Call {
        from: Some("src".to_owned()),
        range: Some(ByteRange::Between(0, 9)),
        ..part
    };
    check(
        Verb::UploadPartCopy,
        &part_copy,
        "PUT https://h:1/b/run/case/doc?partNumber=0&uploadId=U%2F1
         x-amz-copy-source: b/run/case/src
         x-amz-copy-source-range: bytes=0-9",
    );
    check(
        Verb::ListParts,
        &up(),
        "GET https://h:1/b/run/case/doc?uploadId=U%2F1",
    );
    check(
        Verb::AbortUpload,
        &up(),
        "DELETE https://h:1/b/run/case/doc?uploadId=U%2F1",
    );
}

#[test]
fn completions() {
    let of = |name: &str, field| {
        Value::Ref(Ref {
            name: name.to_owned(),
            field,
        })
    };
    let up = || Call {
        upload: Some(of("up", RefField::UploadId)),
        ..Call::default()
    };
    let entry = |of: &str| PartEntry {
        of: Some(of.to_owned()),
        ..PartEntry::default()
    };
    let crc32 = Checksum {
        algorithm: ChecksumAlgorithm::Crc32,
        value: None,
        place: ChecksumPlace::Header,
    };
    let complete = Call {
        parts: vec![entry("part")],
        checksum: Some(crc32),
        ..up()
    };
    check(
        Verb::CompleteUpload,
        &complete,
        "POST https://h:1/b/run/case/doc?uploadId=U%2F1
         <CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Part><PartNumber>7</PartNumber><ETag>&quot;e&quot;</ETag><ChecksumCRC32>y/Q5Jg==</ChecksumCRC32></Part></CompleteMultipartUpload>",
    );
    let copied = Call {
        parts: vec![PartEntry {
            part: Some("9".to_owned()),
            ..entry("copied")
        }],
        ..up()
    };
    check(
        Verb::CompleteUpload,
        &copied,
        "POST https://h:1/b/run/case/doc?uploadId=U%2F1
         <CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Part><PartNumber>9</PartNumber><ETag>&quot;c&quot;</ETag></Part></CompleteMultipartUpload>",
    );
}
