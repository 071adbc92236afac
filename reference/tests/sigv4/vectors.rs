//! Signatures that others made: AWS's documented examples, and AWS's signer as a witness.

use bytes::Bytes;
use http::request::Parts;
use proptest::prelude::*;
use ssec_reference::body::Body;
use ssec_reference::error::Code;
use ssec_reference::payload::{Limits, Payload};
use ssec_reference::sigv4::{Credentials, Identity, Method, PayloadHash, resign};
use time::OffsetDateTime;

use crate::witness::{ACCESS_KEY_ID, HOST, How, NOW_S, SECRET, at, now, presigned, signed};

const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn request(method: &str, target: &str, lines: &[(&str, &str)]) -> Parts {
    let mut request = http::Request::builder().method(method).uri(target);
    for (name, value) in lines {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap().into_parts().0
}

fn authorization(signed_headers: &str, signature: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential={ACCESS_KEY_ID}/20130524/us-east-1/s3/aws4_request,\
         SignedHeaders={signed_headers},Signature={signature}"
    )
}

/// AWS, "Signature calculations for the Authorization header: transferring payload in a single
/// chunk", its four examples.
#[test]
fn documented_examples_of_the_authorization_header() {
    let check = |method, target, payload, more: &[(&str, &str)], names, signature| {
        let authorization = authorization(names, signature);
        let mut lines = vec![
            ("host", HOST),
            ("x-amz-date", "20130524T000000Z"),
            ("x-amz-content-sha256", payload),
            ("authorization", authorization.as_str()),
        ];
        lines.extend_from_slice(more);
        let identity = now(&request(method, target, &lines));
        let known = identity.as_ref().ok().and_then(Identity::access_key_id);
        assert_eq!(
            known,
            Some(ACCESS_KEY_ID),
            "{method} {target}: {:?}",
            identity.as_ref().err()
        );
    };
    check(
        "GET",
        "/test.txt",
        EMPTY,
        &[("range", "bytes=0-9")],
        "host;range;x-amz-content-sha256;x-amz-date",
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    );
    check(
        "PUT",
        "/test$file.text",
        "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
        &[
            ("date", "Fri, 24 May 2013 00:00:00 GMT"),
            ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ],
        "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    );
    check(
        "GET",
        "/?lifecycle",
        EMPTY,
        &[],
        "host;x-amz-content-sha256;x-amz-date",
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    );
    check(
        "GET",
        "/?max-keys=2&prefix=J",
        EMPTY,
        &[],
        "host;x-amz-content-sha256;x-amz-date",
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    );
}

/// AWS, "Authenticating requests: using query parameters", its example.
#[test]
fn documented_example_of_a_presigned_url() {
    let target = "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=\
                  AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
                  &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
                  &X-Amz-Signature=\
                  aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
    let parts = request("GET", target, &[("host", HOST)]);
    let Ok(Identity::Signed(signed)) = at(&parts, NOW_S + 86_400) else {
        panic!("refused")
    };
    assert_eq!(signed.method, Method::Query);
    assert!(matches!(signed.payload, PayloadHash::Unsigned));
    assert_eq!(
        at(&parts, NOW_S + 86_401).unwrap_err().code(),
        Code::AccessDenied
    );
}

const CHUNKS: [&str; 3] = [
    "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
    "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
    "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
];
const CHUNKS_BEFORE_TRAILER: [&str; 3] = [
    "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
    "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
    "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
];
const TRAILER: &str = "x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:\
                       d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n";

/// 66,560 bytes of "a" in chunks of 64 KiB and 1 KiB, as in the documented examples.
fn framed(signatures: [&str; 3], trailer: &str) -> String {
    let [first, second, last] = signatures;
    format!(
        "10000;chunk-signature={first}\r\n{}\r\n400;chunk-signature={second}\r\n{}\r\n\
         0;chunk-signature={last}\r\n{trailer}\r\n",
        "a".repeat(65_536),
        "a".repeat(1024),
    )
}

fn streamed(trailer: bool) -> Parts {
    let names = if trailer {
        "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;\
         x-amz-storage-class;x-amz-trailer"
    } else {
        "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;\
         x-amz-decoded-content-length;x-amz-storage-class"
    };
    let authorization = authorization(
        names,
        if trailer {
            "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"
        } else {
            "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
        },
    );
    let mut lines = vec![
        ("host", "s3.amazonaws.com"),
        ("x-amz-date", "20130524T000000Z"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ("authorization", authorization.as_str()),
        ("content-encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", "66560"),
        ("content-length", "66824"),
    ];
    lines.push(if trailer {
        (
            "x-amz-content-sha256",
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        )
    } else {
        ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
    });
    if trailer {
        lines.push(("x-amz-trailer", "x-amz-checksum-crc32c"));
    }
    request("PUT", "/examplebucket/chunkObject.txt", &lines)
}

fn read(parts: &Parts, body: String) -> Result<u64, Code> {
    let identity = now(parts).unwrap();
    let body = Body::from_bytes(Bytes::from(body));
    let mut payload =
        Payload::new(&parts.headers, identity.payload(), body, &Limits::default()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let verified = runtime.block_on(async {
        while let Some(piece) = payload.next().await {
            piece?;
        }
        payload.finish()
    });
    verified
        .map(|verified| verified.length)
        .map_err(|error| error.code())
}

/// AWS, "Signature calculations for the Authorization header: transferring payload in multiple
/// chunks", its example, and the one "with trailing headers".
#[test]
fn documented_examples_of_signed_chunks() {
    assert_eq!(read(&streamed(false), framed(CHUNKS, "")), Ok(66_560));
    assert_eq!(
        read(&streamed(true), framed(CHUNKS_BEFORE_TRAILER, TRAILER)),
        Ok(66_560)
    );
}

#[test]
fn a_tampered_stream_is_refused() {
    let mismatch = Err(Code::SignatureDoesNotMatch);
    let whole = framed(CHUNKS, "");
    assert_eq!(
        read(&streamed(false), whole.replacen("aaaa", "aaab", 1)),
        mismatch
    );
    for at in 0..3 {
        let mut signatures = CHUNKS;
        signatures[at] = CHUNKS[(at + 1) % 3];
        assert_eq!(
            read(&streamed(false), framed(signatures, "")),
            mismatch,
            "chunk {at}"
        );
    }
    let cut = whole.len() - framed([""; 3], "").len() / 60;
    assert_eq!(
        read(&streamed(false), whole[..cut].to_owned()),
        Err(Code::IncompleteBody)
    );
    let unsigned = whole.replacen(";chunk-signature=", ";", 1);
    assert_eq!(read(&streamed(false), unsigned), Err(Code::IncompleteBody));
    assert_eq!(
        read(&streamed(false), framed(CHUNKS, TRAILER)),
        Err(Code::MalformedTrailerError)
    );
}

#[test]
fn a_tampered_trailer_is_refused() {
    let read = |trailer: &str| read(&streamed(true), framed(CHUNKS_BEFORE_TRAILER, trailer));
    assert_eq!(
        read(&TRAILER.replace("d81f", "d81e")),
        Err(Code::SignatureDoesNotMatch)
    );
    assert_eq!(
        read(&TRAILER.replace("sOO8/Q", "AAAAAA")),
        Err(Code::SignatureDoesNotMatch)
    );
    let (line, _) = TRAILER.split_at(TRAILER.find("x-amz-trailer-signature").unwrap());
    assert_eq!(read(line), Err(Code::MalformedTrailerError));
    assert_eq!(read(""), Err(Code::MalformedTrailerError));
}

/// What clients do to names, values and keys, signed by AWS's signer in both ways.
#[test]
fn aws_signer_is_understood() {
    let headers = [
        ("x-amz-meta-spaces", "  a   b  c "),
        ("x-amz-server-side-encryption-customer-algorithm", "AES256"),
        ("x-amz-server-side-encryption-customer-key", "AAAA"),
        ("x-amz-server-side-encryption-customer-key-MD5", "BBBB"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("if-match", "\"etag\""),
    ];
    for target in [
        "/",
        "/key",
        "/a//b/../c/./",
        "/%20a%2Bb~/%C3%A9",
        "/key?uploads",
        "/key?uploads=",
        "/key?uploadId=b%2F%3D&partNumber=1&x-id=UploadPart",
        "/?list-type=2&prefix=a%20b&delimiter=%2F&prefix-=1",
    ] {
        for how in [
            How::default(),
            How {
                payload: EMPTY,
                ..How::default()
            },
        ] {
            let parts = signed("PUT", target, &headers, how);
            assert!(now(&parts).is_ok(), "{target}: {:?}", now(&parts).err());
        }
    }
    for target in ["/", "/%20a%2Bb~/%C3%A9", "/key?partNumber=1&uploadId=b"] {
        let parts = signed("GET", target, &headers, presigned());
        assert!(now(&parts).is_ok(), "{target}: {:?}", now(&parts).err());
    }
}

#[test]
fn what_was_signed_anew_is_accepted() {
    let headers = [("x-amz-meta-a", "1"), ("content-type", "text/plain")];
    let mut parts = signed("PUT", "/key?uploads", &headers, How::default());
    parts
        .headers
        .insert("x-amz-meta-a", http::HeaderValue::from_static("2"));
    assert_eq!(now(&parts).unwrap_err().code(), Code::SignatureDoesNotMatch);
    let credentials = Credentials::new(ACCESS_KEY_ID, SECRET);
    let time = OffsetDateTime::from_unix_timestamp(i64::try_from(NOW_S).unwrap()).unwrap();
    resign(&mut parts, &credentials, "us-east-1", time);
    assert!(now(&parts).is_ok());
}

proptest! {
    /// Whatever the key, the query and the values, AWS's signer and we agree.
    #[test]
    fn any_request_of_aws_signer_is_understood(
        key in "[a-zA-Z0-9._~/-]{0,20}",
        name in "[a-z][a-z-]{0,8}",
        value in "[a-zA-Z0-9._~-]{0,12}",
        meta in "[!-~]([ -~\t]{0,20}[!-~])?",
    ) {
        let target = format!("/{key}?{name}={value}&uploads");
        let headers = [("x-amz-meta-x", meta.as_str())];
        let parts = signed("GET", &target, &headers, How::default());
        prop_assert!(now(&parts).is_ok(), "{:?}", now(&parts).err());
        let parts = signed("GET", &target, &headers, presigned());
        prop_assert!(now(&parts).is_ok(), "{:?}", now(&parts).err());
    }

    /// Nothing in a head makes us panic, and nothing but a signature makes us believe.
    #[test]
    fn garbage_is_refused_without_a_panic(
        value in "[ -~]{0,80}",
        query in "[!-\"$-~]{0,80}",
        date in "[ -~]{0,20}",
    ) {
        let Ok(uri) = format!("/?{query}").parse::<http::Uri>() else { return Ok(()) };
        let value = format!("AWS4-HMAC-SHA256 {value}");
        let request = http::Request::builder()
            .uri(uri)
            .header("authorization", value)
            .header("x-amz-date", date);
        prop_assert!(now(&request.body(()).unwrap().into_parts().0).is_err());
    }
}
