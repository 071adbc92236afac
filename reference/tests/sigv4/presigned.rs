//! The rows of S3's behaviour about presigned URLs, one test each.

use http::request::Parts;
use ssec_reference::error::Code;
use ssec_reference::sigv4::PayloadHash;

use crate::witness::*;

#[test]
fn pre_001_all_three_signed_and_sent() {
    assert!(now(&get(&[ALGORITHM, KEY, KEY_MD5], presigned())).is_ok());
}

#[test]
fn pre_002_only_the_algorithm_signed() {
    let parts = with(with(get(&[ALGORITHM], presigned()), KEY), KEY_MD5);
    assert!(now(&with(parts, SOURCE_KEY)).is_ok());
}

#[test]
fn pre_003_the_algorithm_must_be_signed() {
    let parts = with(with(with(get(&[], presigned()), ALGORITHM), KEY), KEY_MD5);
    let error = refused(now(&parts), Code::AccessDenied, UNSIGNED_HEADERS);
    assert_eq!(element(&error, "HeadersNotSigned"), ALGORITHM.0);
}

#[test]
fn pre_004_pre_108_unsigned_headers_are_listed() {
    let parts = get(&[], presigned());
    let parts = with(
        with(parts, ("x-amz-decoded-content-length", "1")),
        ("x-amz-date", "x"),
    );
    let parts = with(parts, ("x-amz-content-sha256", "UNSIGNED-PAYLOAD"));
    let error = refused(now(&parts), Code::AccessDenied, UNSIGNED_HEADERS);
    let listed = "x-amz-date, x-amz-decoded-content-length";
    assert_eq!(element(&error, "HeadersNotSigned"), listed);
}

#[test]
fn pre_005_a_signed_header_missing_or_different() {
    let parts = get(&[ALGORITHM, KEY, KEY_MD5], presigned());
    refused(
        now(&without(parts.clone(), KEY.0)),
        Code::SignatureDoesNotMatch,
        "does not match",
    );
    let other = with(without(parts, KEY.0), (KEY.0, "b3RoZXI="));
    refused(now(&other), Code::SignatureDoesNotMatch, "does not match");
}

#[test]
fn pre_008_version_2_is_refused_and_the_leak_is_named() {
    let query = "?AWSAccessKeyId=AK&Signature=x%3D&Expires=1";
    let parts = retarget(get(&[], How::default()), |target| {
        format!("{target}{query}")
    });
    let parts = without(parts, "authorization");
    let error = refused(
        now(&parts),
        Code::InvalidRequest,
        "signature_version='s3v4'",
    );
    assert!(!error.message().contains("disclosed"));
    let parts = retarget(parts, |target| format!("{target}&{}=c2VjcmV0", KEY.0));
    let error = refused(
        now(&parts),
        Code::InvalidRequest,
        "consider that key disclosed",
    );
    assert!(!error.message().contains("c2VjcmV0"));
}

#[test]
fn pre_101_expired() {
    let parts = get(&[], presigned());
    assert!(at(&parts, NOW_S + 3600).is_ok());
    let error = refused(
        at(&parts, NOW_S + 3601),
        Code::AccessDenied,
        "Request has expired",
    );
    assert_eq!(element(&error, "X-Amz-Expires"), "3600");
    assert_eq!(element(&error, "Expires"), "2013-05-24T01:00:00Z");
    assert_eq!(element(&error, "ServerTime"), "2013-05-24T01:00:01Z");
}

#[test]
fn pre_103_a_parameter_missing() {
    for name in [
        "Algorithm",
        "Credential",
        "Signature",
        "Date",
        "SignedHeaders",
        "Expires",
    ] {
        let parts = retarget(get(&[], presigned()), |target| {
            target.replacen(&format!("X-Amz-{name}="), "x=", 1)
        });
        let code = Code::AuthorizationQueryParametersError;
        refused(
            now(&parts),
            code,
            "Query-string authentication version 4 requires",
        );
    }
    let parts = without(get(&[], How::default()), "authorization");
    let parts = retarget(parts, |target| {
        format!("{target}?AWSAccessKeyId=AK&Signature=x")
    });
    refused(
        now(&parts),
        Code::AccessDenied,
        "requires the Signature, Expires and AWSAccessKeyId",
    );
}

#[test]
fn pre_104_a_credential_encoded_twice() {
    let parts = retarget(get(&[], presigned()), |target| {
        target.replace("%2F", "%252F")
    });
    let code = Code::AuthorizationQueryParametersError;
    refused(
        now(&parts),
        code,
        "Error parsing the X-Amz-Credential parameter; the Credential is",
    );
}

#[test]
fn pre_105_the_answer_shows_both_texts() {
    let parts = get(
        &[],
        How {
            secret: "another",
            ..presigned()
        },
    );
    let error = refused(now(&parts), Code::SignatureDoesNotMatch, "does not match");
    assert_eq!(element(&error, "AWSAccessKeyId"), ACCESS_KEY_ID);
    assert_eq!(element(&error, "SignatureProvided").len(), 64);
    let to_sign = element(&error, "StringToSign");
    assert!(to_sign.starts_with("AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/s3/"));
    assert!(element(&error, "StringToSignBytes").starts_with("41 57 53 34 2d"));
    assert!(element(&error, "CanonicalRequest").starts_with("GET\n/key\nX-Amz-Algorithm="));
    assert!(element(&error, "CanonicalRequestBytes").starts_with("47 45 54 0a 2f 6b 65 79"));
}

#[test]
fn pre_106_a_signed_header_with_a_value_is_not_sent() {
    let parts = get(&[("x-amz-meta-foo", "bar")], presigned());
    refused(
        now(&without(parts, "x-amz-meta-foo")),
        Code::SignatureDoesNotMatch,
        "",
    );
}

#[test]
fn pre_107_unsigned_headers_come_before_the_signature() {
    let parts = without(
        get(&[("x-amz-meta-foo", "bar")], presigned()),
        "x-amz-meta-foo",
    );
    let parts = with(parts, ("x-amz-meta-wrong", "bar"));
    let error = refused(now(&parts), Code::AccessDenied, UNSIGNED_HEADERS);
    assert_eq!(element(&error, "HeadersNotSigned"), "x-amz-meta-wrong");
}

#[test]
fn pre_109_other_headers_may_stay_unsigned() {
    let parts = with(get(&[], presigned()), ("content-type", "text/plain"));
    assert!(now(&with(parts, ("amz-sdk-request", "attempt=1"))).is_ok());
}

/// A URL that signs a header which is then sent in the query, too.
fn in_both(name: &'static str, query: &str, header: &str) -> Parts {
    let target = format!("/key?{name}={query}");
    with(
        without(signed("GET", &target, &[(name, query)], presigned()), name),
        (name, header),
    )
}

/// Recorded for `x-amz-checksum-mode`, which AWS's Rust signer never signs on a presigned URL.
#[test]
fn pre_110_the_query_is_what_was_signed() {
    let signed_as_header = signed(
        "GET",
        "/key?x-amz-meta-a=2",
        &[("x-amz-meta-a", "1")],
        presigned(),
    );
    refused(now(&signed_as_header), Code::SignatureDoesNotMatch, "");
}

/// As above: recorded for `x-amz-checksum-mode`.
#[test]
fn pre_111_in_both_places_with_equal_values() {
    assert!(now(&in_both("x-amz-meta-a", "1", "1")).is_ok());
    let payer = in_both("x-amz-request-payer", "requester", "requester");
    refused(now(&payer), Code::InvalidArgument, "");
    let owner = in_both(
        "x-amz-expected-bucket-owner",
        "111122223333",
        "111122223333",
    );
    let code = Code::InvalidBucketOwnerAWSAccountID;
    refused(
        now(&owner),
        code,
        "as either a header or parameter, not both",
    );
}

#[test]
fn pre_112_another_header_than_the_query_is_a_duplicate() {
    let parts = in_both("x-amz-request-payer", "requester", "tampered");
    refused(now(&parts), Code::InvalidArgument, "");
    let parts = in_both("x-amz-meta-a", "1", "2");
    refused(now(&parts), Code::InvalidArgument, "");
}

#[test]
fn pre_112_a_customer_key_is_never_taken_from_the_query() {
    let parts = in_both(KEY.0, KEY.1, "b3RoZXI=");
    refused(now(&parts), Code::SignatureDoesNotMatch, "");
}

#[test]
fn pre_118_a_partial_signature_is_never_anonymous() {
    for query in [
        "X-Amz-Signature=0",
        "x-amz-signature=0",
        "X-Amz-Credential=a",
        "Signature=x",
    ] {
        let bare = http::Request::builder()
            .uri(format!("/key?{query}"))
            .body(())
            .unwrap();
        assert!(now(&bare.into_parts().0).is_err(), "{query}");
    }
}

#[test]
fn pre_120_a_signed_name_may_come_in_the_query_alone() {
    let name = "x-amz-server-side-encryption";
    let target = format!("/key?{name}=AES256");
    let parts = signed("PUT", &target, &[(name, "AES256")], presigned());
    assert!(now(&parts).is_ok());
    assert!(now(&without(parts, name)).is_ok());
}

#[test]
fn pre_130_pre_141_bounds_of_the_life() {
    let code = Code::AuthorizationQueryParametersError;
    for (value, message) in [
        ("604801", "must be less than 604800 seconds"),
        (
            "99999999999999999999999999",
            "must be less than 604800 seconds",
        ),
        ("-1", "X-Amz-Expires must be non-negative"),
        ("1h", "X-Amz-Expires should be a number"),
        ("+1", "X-Amz-Expires should be a number"),
    ] {
        let parts = retarget(get(&[], presigned()), |target| {
            target.replace("X-Amz-Expires=3600", &format!("X-Amz-Expires={value}"))
        });
        // A plus sign in a query is a space.
        refused(now(&parts), code, message);
    }
}

#[test]
fn pre_140_another_algorithm() {
    let parts = retarget(get(&[], presigned()), |target| {
        target.replace("HMAC-SHA256", "RSA")
    });
    let code = Code::AuthorizationQueryParametersError;
    refused(
        now(&parts),
        code,
        "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256",
    );
}

#[test]
fn pre_142_another_day() {
    let parts = retarget(get(&[], presigned()), |target| {
        target.replace("X-Amz-Date=20130524", "X-Amz-Date=20130525")
    });
    let code = Code::AuthorizationQueryParametersError;
    refused(now(&parts), code, "Invalid credential date \"20130524\"");
}

#[test]
fn pre_143_a_date_of_another_form() {
    let parts = retarget(get(&[], presigned()), |target| {
        target.replace("X-Amz-Date=20130524T000000Z", "X-Amz-Date=2013-05-24")
    });
    refused(
        now(&parts),
        Code::AuthorizationQueryParametersError,
        "ISO8601 Long Format",
    );
}

#[test]
fn pre_144_not_yet_valid() {
    let parts = get(
        &[],
        How {
            at_s: NOW_S + 1000,
            ..presigned()
        },
    );
    refused(now(&parts), Code::AccessDenied, "Request is not valid yet.");
    assert!(
        now(&get(
            &[],
            How {
                at_s: NOW_S + 800,
                ..presigned()
            }
        ))
        .is_ok()
    );
}

#[test]
fn pre_146_a_signed_name_without_header_is_empty() {
    let parts = get(&[("x-amz-meta-empty", "")], presigned());
    assert!(now(&without(parts, "x-amz-meta-empty")).is_ok());
}

#[test]
fn the_payload_hash_of_a_presigned_url() {
    let hash = |target: &str, header: Option<(&'static str, &str)>, payload| {
        let parts = signed(
            "PUT",
            target,
            &[],
            How {
                payload,
                ..presigned()
            },
        );
        let parts = header.map_or(parts.clone(), |header| with(parts, header));
        now(&parts).map(|identity| identity.payload().clone())
    };
    let unsigned = "UNSIGNED-PAYLOAD";
    assert!(matches!(
        hash("/key", None, unsigned),
        Ok(PayloadHash::Unsigned)
    ));
    let trailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
    let header = Some(("x-amz-content-sha256", trailer));
    assert!(matches!(
        hash("/key", header, trailer),
        Ok(PayloadHash::StreamingUnsignedTrailer)
    ));
    let target = format!("/key?X-Amz-Content-Sha256={unsigned}");
    assert!(matches!(
        hash(&target, None, unsigned),
        Ok(PayloadHash::Unsigned)
    ));
}
