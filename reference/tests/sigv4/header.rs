//! The rows of S3's behaviour about the Authorization header, and about both ways of signing.

use http::request::Parts;
use ssec_reference::error::Code;
use ssec_reference::sigv4::{Credentials, Scope};

use crate::witness::*;

#[test]
fn pre_009_pre_145_header_authentication_signs_every_amz_header() {
    let error = refused(
        now(&with(with(get(&[ALGORITHM], How::default()), KEY), KEY_MD5)),
        Code::AccessDenied,
        UNSIGNED_HEADERS,
    );
    assert_eq!(
        element(&error, "HeadersNotSigned"),
        format!("{}, {}", KEY.0, KEY_MD5.0)
    );
}

#[test]
fn no_answer_carries_a_customer_key() {
    let headers = [ALGORITHM, KEY, KEY_MD5, SOURCE_KEY];
    let hex: Vec<String> = KEY.1.bytes().map(|byte| format!("{byte:02x}")).collect();
    for how in [How::default(), presigned()] {
        let query = format!(
            "/key?{}=c2VjcmV0LXNlY3JldA%3D%3D&SSECustomerKey=c291cmNlLWtleQ",
            KEY.0
        );
        let parts = signed(
            "GET",
            &query,
            &headers,
            How {
                secret: "another",
                ..how
            },
        );
        let error = refused(now(&parts), Code::SignatureDoesNotMatch, "");
        let shown = format!("{error} {:?}", error.elements());
        for secret in ["c2VjcmV0", "c291cmNl", &hex.join(" ")] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains(&format!("{}:REDACTED\\n", SOURCE_KEY.0)));
        assert!(shown.contains("bWQ1"), "the MD5 is no secret");
    }
}

#[test]
fn pre_117_pre_131_another_region() {
    let how = How {
        region: "eu-west-1",
        ..How::default()
    };
    let code = Code::AuthorizationHeaderMalformed;
    let message = "the region 'eu-west-1' is wrong; expecting 'us-east-1'";
    let error = refused(now(&get(&[], how)), code, message);
    assert_eq!(element(&error, "Region"), "us-east-1");
    let how = How {
        region: "eu-west-1",
        ..presigned()
    };
    let error = refused(
        now(&get(&[], how)),
        Code::AuthorizationQueryParametersError,
        "is wrong",
    );
    assert_eq!(element(&error, "Region"), "us-east-1");
}

#[test]
fn pre_118_no_signature_is_anonymous() {
    let bare = http::Request::builder()
        .uri("/key?x-id=GetObject")
        .body(())
        .unwrap();
    let identity = now(&bare.into_parts().0).unwrap();
    assert_eq!(identity.access_key_id(), None);
    let parts = without(get(&[], How::default()), "authorization");
    assert_eq!(now(&parts).unwrap().access_key_id(), None);
}

#[test]
fn sig_004_skew() {
    let how = |at_s| How {
        at_s,
        ..How::default()
    };
    assert!(now(&get(&[], how(NOW_S - 900))).is_ok());
    let error = refused(
        now(&get(&[], how(NOW_S - 901))),
        Code::RequestTimeTooSkewed,
        "The difference between the request time and the current time is too large.",
    );
    assert_eq!(element(&error, "RequestTime"), "20130523T234459Z");
    assert_eq!(element(&error, "ServerTime"), "2013-05-24T00:00:00Z");
    assert_eq!(element(&error, "MaxAllowedSkewMilliseconds"), "900000");
    refused(
        now(&get(&[], how(NOW_S + 901))),
        Code::RequestTimeTooSkewed,
        "",
    );
}

#[test]
fn sig_005_no_payload_hash() {
    let parts = without(get(&[], How::default()), "x-amz-content-sha256");
    let message = "Missing required header for this request: x-amz-content-sha256";
    refused(now(&parts), Code::InvalidRequest, message);
}

#[test]
fn sig_013_no_date() {
    let parts = without(get(&[], How::default()), "x-amz-date");
    refused(
        now(&parts),
        Code::AccessDenied,
        "requires a valid Date or x-amz-date header",
    );
}

#[test]
fn sig_015_a_payload_hash_that_is_none() {
    let parts = get(
        &[],
        How {
            payload: "nothing",
            ..How::default()
        },
    );
    let error = refused(
        now(&parts),
        Code::InvalidArgument,
        "x-amz-content-sha256 must be",
    );
    assert_eq!(element(&error, "ArgumentValue"), "nothing");
}

#[test]
fn unknown_access_key() {
    let parts = get(
        &[],
        How {
            access_key_id: "AKIDOTHER",
            ..How::default()
        },
    );
    let error = refused(
        now(&parts),
        Code::InvalidAccessKeyId,
        "does not exist in our records",
    );
    assert_eq!(element(&error, "AWSAccessKeyId"), "AKIDOTHER");
}

#[test]
fn a_session_token_is_unknown_here() {
    let parts = get(&[("x-amz-security-token", "token")], How::default());
    refused(now(&parts), Code::InvalidToken, "");
}

#[test]
fn two_mechanisms_are_one_too_many() {
    let parts = retarget(get(&[], How::default()), |target| {
        format!("{target}?X-Amz-Signature=0")
    });
    refused(
        now(&parts),
        Code::InvalidArgument,
        "Only one auth mechanism allowed",
    );
}

#[test]
fn the_host_must_be_signed() {
    let mut parts = get(&[], How::default());
    let value = parts.headers["authorization"]
        .to_str()
        .unwrap()
        .replace("=host;", "=");
    parts
        .headers
        .insert("authorization", value.parse().unwrap());
    let error = refused(now(&parts), Code::AccessDenied, UNSIGNED_HEADERS);
    assert_eq!(element(&error, "HeadersNotSigned"), "host");
}

#[test]
fn the_order_of_the_list_is_of_no_account() {
    let mut parts = get(&[KEY, KEY_MD5], How::default());
    let listed = parts.headers["authorization"].to_str().unwrap();
    let (sorted, swapped) = orders();
    assert!(listed.contains(&sorted));
    let swapped = listed.replace(&sorted, &swapped);
    parts
        .headers
        .insert("authorization", swapped.parse().unwrap());
    assert!(now(&parts).is_ok());
}

/// curl before 8.10 sorts whole header lines and so signs `…-key-md5:` before `…-key:`
/// (curl/curl#14370); S3 sorts the names and answers SignatureDoesNotMatch.
#[test]
fn who_signs_in_another_order_is_refused() {
    let mut parts = get(
        &[KEY, KEY_MD5],
        How {
            secret: "another",
            ..How::default()
        },
    );
    let told = format!("{}:REDACTED\n", KEY.0);
    let (key, md5) = (
        format!("{}:{}\n", KEY.0, KEY.1),
        format!("{}:{}\n", KEY_MD5.0, KEY_MD5.1),
    );
    let as_s3 = |canonical: &str| canonical.replace(&told, &key);
    let (sorted, swapped) = orders();
    let as_curl = |canonical: &str| {
        as_s3(canonical)
            .replace(&format!("{key}{md5}"), &format!("{md5}{key}"))
            .replace(&sorted, &swapped)
    };
    let unsorted = sign_as_told(&mut parts.clone(), as_curl);
    assert!(now(&sign_as_told(&mut parts, as_s3)).is_ok(), "the control");
    refused(
        now(&unsorted),
        Code::SignatureDoesNotMatch,
        "does not match",
    );
}

fn orders() -> (String, String) {
    (
        format!("{};{}", KEY.0, KEY_MD5.0),
        format!("{};{}", KEY_MD5.0, KEY.0),
    )
}

/// Signs the canonical request that the server shows in its refusal, after `change`.
fn sign_as_told(parts: &mut Parts, change: impl Fn(&str) -> String) -> Parts {
    let error = now(parts).unwrap_err();
    let canonical = change(element(&error, "CanonicalRequest"));
    let hash = ring::digest::digest(&ring::digest::SHA256, canonical.as_bytes());
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let text = format!(
        "AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n{}",
        hex(hash.as_ref())
    );
    let scope = Scope::new("20130524", "us-east-1", "s3");
    let key = Credentials::new(ACCESS_KEY_ID, SECRET).signing_key(&scope);
    let signature = hex(ring::hmac::sign(&key, text.as_bytes()).as_ref());
    let value = parts.headers["authorization"].to_str().unwrap();
    let value = format!(
        "{}Signature={signature}",
        value.split_once("Signature=").unwrap().0
    );
    parts
        .headers
        .insert("authorization", value.parse().unwrap());
    parts.clone()
}
