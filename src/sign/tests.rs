//! Published examples of S3's own documentation; AWS's signer does the arithmetic, these hold the dialect.

use bytes::Bytes;
use time::macros::datetime;

use super::*;
use crate::wire::{Framing, Headers, Scheme};

/// The credentials of every example in the Amazon S3 API Reference.
fn signer(credentials: &Credentials) -> Signer<'_> {
    Signer {
        credentials,
        region: "us-east-1",
        now: datetime!(2013-05-24 00:00 UTC).into(),
    }
}

fn credentials() -> Credentials {
    Credentials::new(
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        None,
    )
}

fn request(
    method: &str,
    authority: &str,
    path: &str,
    query: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Request {
    Request {
        scheme: Scheme::Https,
        authority: authority.to_owned(),
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: Bytes::copy_from_slice(body.as_bytes()),
        trailers: Headers::default(),
        framing: Framing::default(),
    }
}

const EXAMPLE_HOST: &str = "examplebucket.s3.amazonaws.com";

fn check(request: Request, how: &Sign, expected_signature: &str) -> Request {
    let credentials = credentials();
    let signed = signer(&credentials).sign(request, how).unwrap();
    let authorization = signed.headers.get("authorization").unwrap();
    assert!(
        authorization.ends_with(&format!("Signature={expected_signature}")),
        "{authorization}"
    );
    signed
}

/// "Signature Calculations for the Authorization Header: Transferring Payload in a Single Chunk", examples.
#[test]
fn signs_as_the_documentation_does() {
    check(
        request(
            "GET",
            EXAMPLE_HOST,
            "/test.txt",
            "",
            &[("Range", "bytes=0-9")],
            "",
        ),
        &Sign::default(),
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    );
    check(
        request(
            "PUT",
            EXAMPLE_HOST,
            "/test%24file.text",
            "",
            &[
                ("Date", "Fri, 24 May 2013 00:00:00 GMT"),
                ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ],
            "Welcome to Amazon S3.",
        ),
        &Sign::default(),
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    );
    check(
        request("GET", EXAMPLE_HOST, "/", "lifecycle", &[], ""),
        &Sign::default(),
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    );
    check(
        request("GET", EXAMPLE_HOST, "/", "max-keys=2&prefix=J", &[], ""),
        &Sign::default(),
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    );
}

/// "… Transferring Payload in Multiple Chunks (Chunked Upload)": the example of 66560 times `a`, whose
/// chunk size is also ours.
#[test]
fn chunks_are_signed_as_the_documentation_does() {
    let body = "a".repeat(66_560);
    let headers = [
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ("Content-Length", "66824"),
    ];
    let put = request(
        "PUT",
        "s3.amazonaws.com",
        "/examplebucket/chunkObject.txt",
        "",
        &headers,
        &body,
    );
    let how = Sign {
        payload: Payload::Streaming,
        ..Sign::default()
    };
    let signed = check(
        put,
        &how,
        "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
    );
    let text = String::from_utf8(signed.body.to_vec()).unwrap();
    let heads: Vec<_> = text
        .split("\r\n")
        .filter(|line| line.contains(";chunk-signature="))
        .collect();
    assert_eq!(
        heads,
        [
            "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
            "400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
            "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
        ]
    );
    assert_eq!(signed.body.len(), 66_824);
}

/// "Authenticating Requests: Using Query Parameters", example.
#[test]
fn presigns_as_the_documentation_does() {
    let credentials = credentials();
    let get = request("GET", EXAMPLE_HOST, "/test.txt", "", &[], "");
    let url = signer(&credentials)
        .presign(&get, &Sign::default(), 86_400)
        .unwrap();
    assert!(
        url.contains(
            "X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
        ),
        "{url}"
    );
    assert!(
        url.contains("X-Amz-SignedHeaders=host&") || url.contains("X-Amz-SignedHeaders=host"),
        "{url}"
    );
}

/// "Example: Browser-Based Upload using HTTP POST (Using AWS Signature Version 4)" gives the fields.
#[test]
fn a_form_names_its_scope_and_signs_its_policy() {
    let credentials = credentials();
    let signer = Signer {
        now: datetime!(2015-12-29 00:00 UTC).into(),
        ..signer(&credentials)
    };
    let how = Sign::default();
    assert_eq!(
        signer.form_fields(&how),
        [
            ("x-amz-algorithm", "AWS4-HMAC-SHA256".to_owned()),
            (
                "x-amz-credential",
                "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request".to_owned()
            ),
            ("x-amz-date", "20151229T000000Z".to_owned()),
        ]
    );
    let (name, signature) = signer.form_signature("cG9saWN5", &how).unwrap();
    assert_eq!((name, signature.len()), ("x-amz-signature", 64));
}

/// "Signing and Authenticating REST Requests (AWS Signature Version 2)", "Object PUT" gives the shape.
#[test]
fn version_2_is_a_header_of_its_own() {
    let credentials = credentials();
    let how = Sign {
        method: SignMethod::V2,
        ..Sign::default()
    };
    let signed = signer(&credentials)
        .sign(request("GET", EXAMPLE_HOST, "/x", "", &[], ""), &how)
        .unwrap();
    assert!(
        signed
            .headers
            .get("authorization")
            .unwrap()
            .starts_with("AWS AKIAIOSFODNN7EXAMPLE:")
    );
    assert_eq!(
        signed.headers.get("date"),
        Some("Fri, 24 May 2013 00:00:00 GMT")
    );
}

#[test]
fn faults_change_what_they_name_and_nothing_else() {
    let credentials = credentials();
    let sign = |how: &Sign| {
        let signed = signer(&credentials).sign(
            request("GET", EXAMPLE_HOST, "/x", "", &[("x-amz-a", "1")], ""),
            how,
        );
        signed.unwrap().headers
    };
    let authorization = |how: &Sign| sign(how).get("authorization").unwrap().to_owned();
    let right = authorization(&Sign::default());
    let spoilt = authorization(&Sign {
        corrupt: Some(Corrupt::Signature),
        ..Sign::default()
    });
    assert_eq!(right[..right.len() - 1], spoilt[..spoilt.len() - 1]);
    assert_ne!(right, spoilt);
    let stranger = authorization(&Sign {
        corrupt: Some(Corrupt::AccessKey),
        ..Sign::default()
    });
    assert!(
        stranger.contains("Credential=AKIAIOSFODNN7EXAMPLEX/"),
        "{stranger}"
    );
    let abroad = authorization(&Sign {
        corrupt: Some(Corrupt::Region),
        ..Sign::default()
    });
    assert!(abroad.contains("/eu-nowhere-9/s3/"), "{abroad}");
    let partly = authorization(&Sign {
        unsigned: vec!["X-Amz-A".to_owned()],
        ..Sign::default()
    });
    assert!(
        right.contains("x-amz-a") && !partly.contains("x-amz-a;"),
        "{partly}"
    );
    let late = sign(&Sign {
        skew: -3600,
        ..Sign::default()
    });
    assert_eq!(late.get("x-amz-date"), Some("20130523T230000Z"));
    assert_eq!(
        sign(&Sign {
            method: SignMethod::None,
            ..Sign::default()
        })
        .get("authorization"),
        None
    );
}

#[test]
fn trailers_follow_the_last_chunk() {
    let credentials = credentials();
    let mut put = request("PUT", EXAMPLE_HOST, "/x", "", &[], "hello");
    put.trailers.push("x-amz-checksum-crc32", "NhCmhg==");
    let how = Sign {
        payload: Payload::UnsignedTrailer,
        ..Sign::default()
    };
    let signed = signer(&credentials).sign(put.clone(), &how).unwrap();
    assert_eq!(
        &signed.body[..],
        b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"
    );
    assert_eq!(
        signed.headers.get("x-amz-content-sha256"),
        Some("STREAMING-UNSIGNED-PAYLOAD-TRAILER")
    );
    assert_eq!(
        signed.headers.get("x-amz-trailer"),
        Some("x-amz-checksum-crc32")
    );
    assert_eq!(
        signed.headers.get("x-amz-decoded-content-length"),
        Some("5")
    );
    assert_eq!(signed.headers.get("content-encoding"), Some("aws-chunked"));
    let how = Sign {
        payload: Payload::StreamingTrailer,
        ..Sign::default()
    };
    let signed = signer(&credentials).sign(put, &how).unwrap();
    let text = String::from_utf8(signed.body.to_vec()).unwrap();
    assert!(
        text.contains("\r\nx-amz-checksum-crc32:NhCmhg==\r\nx-amz-trailer-signature:"),
        "{text}"
    );
}

#[test]
fn what_http_cannot_carry_is_an_error() {
    let credentials = credentials();
    let signed = signer(&credentials).sign(
        request("GET", EXAMPLE_HOST, "/x", "", &[("a", "\n")], ""),
        &Sign::default(),
    );
    assert!(signed.is_err());
}
