//! One door: a verb and a call become a request, written out line by line.

mod headers;
mod others;
mod uploads;

use super::*;
use crate::case::call::{
    BucketAsk, Checksum, Condition, FormPolicy, HeaderEdit, ObjectEntry, PartEntry, Statement, Wire,
};
use crate::case::data::{Body, Content, Datum};
use crate::case::triple::{KeyHeader, KeyMd5Header, KeyName, Triple};
use crate::case::value::{ChecksumAlgorithm, Ref, Value};
use crate::keys::Seed;
use crate::target::{Addressing, Credentials, Target};
use crate::wire::Response;

/// A body whose digests are published: `123456789`, as in the CRC catalogue.
const BODY: &str = "123456789";

fn key(letter: char) -> Triple {
    Triple::of(KeyName::new(letter).unwrap())
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn doc() -> Call {
    Call {
        object: Some("doc".to_owned()),
        ..Call::default()
    }
}

fn answered(headers: &[(&str, &str)], body: &str) -> Bound {
    let lines = headers.iter();
    let response = Response {
        status: 200,
        headers: lines
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: Bytes::copy_from_slice(body.as_bytes()),
    };
    Bound {
        response: Some(response),
        object: Some("doc".to_owned()),
        part: Some("7".to_owned()),
        url: None,
    }
}

fn bindings() -> Bindings {
    let mut bindings = Bindings::default();
    bindings.insert("up", answered(&[], "<R><UploadId>U/1</UploadId></R>"));
    let etag = ("ETag", "\"e\"");
    let crc = ("x-amz-checksum-crc32", "y/Q5Jg==");
    bindings.insert(
        "part",
        answered(&[etag, crc, ("x-amz-version-id", "v1")], ""),
    );
    bindings.insert("copied", answered(&[], "<R><ETag>&quot;c&quot;</ETag></R>"));
    let url = Some((
        "PUT".to_owned(),
        "https://h:1/b/run/case/doc?X-Amz-Signature=s".to_owned(),
    ));
    bindings.insert(
        "link",
        Bound {
            url,
            object: Some("doc".to_owned()),
            ..Bound::default()
        },
    );
    bindings
}

/// The request of a call: request line, headers, and the body where it is text.
fn written(verb: Verb, call: &Call, addressing: Addressing) -> Result<String, PlanError> {
    let credentials = Credentials::new("AKIDEXAMPLE", "secret", None);
    let mut target = Target::new("https://h:1".parse().unwrap(), credentials);
    target.addressing = addressing;
    let seed = Seed::new("plan");
    let data = [Datum {
        name: "doc".to_owned(),
        content: Content::Text(BODY.to_owned()),
    }];
    let bodies = Bodies::new(&seed, "case", &data);
    let ground = Ground {
        target: &target,
        bucket: "b",
        prefix: "run/case/",
        case: "case",
        seed: &seed,
        bodies: &bodies,
        now: time::macros::datetime!(2026-11-23 10:00 UTC).into(),
    };
    let Planned { request, .. } = plan(&ground, &bindings(), verb, call)?;
    let mut lines = vec![format!("{} {}", request.method, request.url())];
    for (name, value) in request.headers.iter() {
        let value = ["A", "B"].iter().fold(value.to_owned(), |value, name| {
            let key = seed.customer_key("case", name);
            let value = value.replace(&key.base64(), &format!("<key {name}>"));
            value.replace(&key.md5_base64(), &format!("<md5 {name}>"))
        });
        lines.push(format!("{name}: {value}"));
    }
    for (name, value) in request.trailers.iter() {
        lines.push(format!("trailer {name}: {value}"));
    }
    lines.push(String::from_utf8_lossy(&request.body).into_owned());
    Ok(lines.join("\n").trim_end().to_owned())
}

fn check(verb: Verb, call: &Call, expected: &str) {
    let expected: Vec<_> = expected.lines().map(str::trim_start).collect();
    let got = written(verb, call, Addressing::Path).unwrap();
    assert_eq!(got.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn objects() {
    let put = Call {
        body: Some(Body::Text(BODY.to_owned())),
        sse_c: Some(key('A')),
        metadata: vec![("a".to_owned(), text("1"))],
        ..doc()
    };
    check(
        Verb::Put,
        &put,
        "PUT https://h:1/b/run/case/doc
         x-amz-server-side-encryption-customer-algorithm: AES256
         x-amz-server-side-encryption-customer-key: <key A>
         x-amz-server-side-encryption-customer-key-MD5: <md5 A>
         x-amz-meta-a: 1
         123456789",
    );
    let get = Call {
        range: Some(ByteRange::Last(5)),
        version: Some(text("v&1")),
        ..doc()
    };
    check(
        Verb::Get,
        &get,
        "GET https://h:1/b/run/case/doc?versionId=v%261\nRange: bytes=-5",
    );
    check(Verb::Head, &doc(), "HEAD https://h:1/b/run/case/doc");
    check(Verb::Delete, &doc(), "DELETE https://h:1/b/run/case/doc");
    let attributes = Call {
        attributes: vec!["ETag".to_owned()],
        ..doc()
    };
    check(
        Verb::Attributes,
        &attributes,
        "GET https://h:1/b/run/case/doc?attributes\nx-amz-object-attributes: ETag",
    );
    let many = Call {
        objects: vec![ObjectEntry {
            object: "a&b".to_owned(),
            version: Some(text("v")),
        }],
        ..Call::default()
    };
    check(
        Verb::Delete,
        &many,
        "POST https://h:1/b?delete
         Content-MD5: ZeK5Bw9jyWJkbICye/xt5g==
         <Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>run/case/a&amp;b</Key><VersionId>v</VersionId></Object></Delete>",
    );
}

#[test]
fn copies_and_lists() {
    let copy = Call {
        from: Some("a b".to_owned()),
        source_version: Some(text("v/1")),
        source_sse_c: Some(key('B')),
        ..doc()
    };
    check(
        Verb::Copy,
        &copy,
        "PUT https://h:1/b/run/case/doc
         x-amz-copy-source: b/run/case/a%20b?versionId=v%2F1
         x-amz-copy-source-server-side-encryption-customer-algorithm: AES256
         x-amz-copy-source-server-side-encryption-customer-key: <key B>
         x-amz-copy-source-server-side-encryption-customer-key-MD5: <md5 B>",
    );
    for (listing, expected) in [
        (Listing::V1, "GET https://h:1/b?prefix=run%2Fcase%2F"),
        (
            Listing::V2,
            "GET https://h:1/b?list-type=2&prefix=run%2Fcase%2F",
        ),
        (
            Listing::Versions,
            "GET https://h:1/b?versions&prefix=run%2Fcase%2F",
        ),
        (
            Listing::Uploads,
            "GET https://h:1/b?uploads&prefix=run%2Fcase%2F",
        ),
    ] {
        check(
            Verb::List,
            &Call {
                listing: Some(listing),
                ..Call::default()
            },
            expected,
        );
    }
}
