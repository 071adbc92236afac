//! The rows of S3's behaviour about policy conditions, one test each, and the subset's bounds.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::{Ask, Decision, Policy, denied};
use crate::error::Code;
use crate::headers as name;

const USER: &str = "arn:aws:iam::111122223333:user/AKID";

fn parse(statement: &str) -> Result<Policy, Code> {
    let text = format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{statement}]}}");
    Policy::parse(text.as_bytes(), "bucket").map_err(|error| error.code())
}

fn deny_put(condition: &str) -> Policy {
    parse(&format!(
        r#"{{"Sid":"x","Effect":"Deny","Principal":"*","Action":"s3:PutObject",
            "Resource":"arn:aws:s3:::bucket/*","Condition":{condition}}}"#
    ))
    .unwrap()
}

fn decide_as(policy: &Policy, principal: Option<&str>, pairs: &[(&'static str, &str)]) -> Decision {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_str(value).unwrap(),
        );
    }
    policy.decide(&Ask {
        principal,
        action: "s3:PutObject",
        resource: "arn:aws:s3:::bucket/a/b",
        secure: true,
        headers: &headers,
    })
}

fn decide(policy: &Policy, pairs: &[(&'static str, &str)]) -> Decision {
    decide_as(policy, Some(USER), pairs)
}

const SSE_C: &[(&str, &str)] = &[(name::SSEC_ALGORITHM, "AES256")];
const SSE_S3: &[(&str, &str)] = &[(name::SSE, "AES256")];

#[test]
fn pol_001_pol_002_a_bucket_that_demands_sse_c() {
    let policy =
        deny_put(r#"{"Null":{"s3:x-amz-server-side-encryption-customer-algorithm":"true"}}"#);
    assert_eq!(decide(&policy, &[]), Decision::Deny);
    assert_eq!(decide(&policy, SSE_C), Decision::NoMatch);
    let other_way =
        deny_put(r#"{"Null":{"s3:x-amz-server-side-encryption-customer-algorithm":false}}"#);
    assert_eq!(decide(&other_way, &[]), Decision::NoMatch);
    assert_eq!(decide(&other_way, SSE_C), Decision::Deny);
}

#[test]
fn pol_003_a_bucket_that_forbids_sse_c() {
    let policy = deny_put(
        r#"{"StringEquals":{"s3:x-amz-server-side-encryption-customer-algorithm":"AES256"}}"#,
    );
    assert_eq!(decide(&policy, SSE_C), Decision::Deny);
    assert_eq!(decide(&policy, &[]), Decision::NoMatch);
    assert_eq!(decide(&policy, SSE_S3), Decision::NoMatch);
}

#[test]
fn pol_004_the_key_of_sse_s3_is_absent_on_sse_c() {
    let policy = deny_put(r#"{"StringEquals":{"s3:x-amz-server-side-encryption":"AES256"}}"#);
    assert_eq!(decide(&policy, SSE_C), Decision::NoMatch);
    assert_eq!(decide(&policy, &[]), Decision::NoMatch);
    assert_eq!(decide(&policy, SSE_S3), Decision::Deny);
}

#[test]
fn pol_007_the_text_of_a_denial() {
    let headers = HeaderMap::new();
    let ask = Ask {
        principal: Some(USER),
        action: "s3:PutObject",
        resource: "arn:aws:s3:::bucket/a",
        secure: true,
        headers: &headers,
    };
    let error = denied(&ask);
    assert_eq!(error.code(), Code::AccessDenied);
    assert_eq!(
        error.message(),
        "User: arn:aws:iam::111122223333:user/AKID is not authorized to perform: s3:PutObject on \
         resource: \"arn:aws:s3:::bucket/a\" with an explicit deny in a resource-based policy"
    );
    assert_eq!(
        denied(&Ask {
            principal: None,
            ..ask
        })
        .message(),
        "Access Denied"
    );
}

#[test]
fn pol_008_a_customer_key_is_no_condition_key() {
    for key in ["customer-key", "customer-key-MD5", "customer-key-md5"] {
        let condition = format!(r#"{{"Null":{{"s3:x-amz-server-side-encryption-{key}":"true"}}}}"#);
        let refused = parse(&format!(
            r#"{{"Effect":"Deny","Principal":"*","Action":"s3:PutObject",
                "Resource":"arn:aws:s3:::bucket/*","Condition":{condition}}}"#
        ));
        assert_eq!(refused, Err(Code::MalformedPolicy), "{key}");
    }
}

#[test]
fn operators() {
    let check = |condition: &str, on_class: Option<&'static str>, holds: bool| {
        let policy = deny_put(condition);
        let headers: Vec<(&str, &str)> = on_class
            .map(|class| (name::STORAGE_CLASS, class))
            .into_iter()
            .collect();
        let expected = if holds {
            Decision::Deny
        } else {
            Decision::NoMatch
        };
        assert_eq!(
            decide(&policy, &headers),
            expected,
            "{condition} {on_class:?}"
        );
    };
    let of = |operator: &str, value: &str| {
        format!(r#"{{"{operator}":{{"s3:x-amz-storage-class":{value}}}}}"#)
    };
    let some = Some("STANDARD");
    check(&of("StringEquals", r#""standard""#), some, false);
    check(&of("StringEqualsIgnoreCase", r#""standard""#), some, true);
    check(&of("StringEquals", r#"["GLACIER","STANDARD"]"#), some, true);
    check(
        &of("StringNotEquals", r#"["GLACIER","STANDARD"]"#),
        some,
        false,
    );
    check(&of("StringNotEquals", r#""GLACIER""#), some, true);
    check(&of("StringNotEquals", r#""GLACIER""#), None, true);
    check(&of("StringEquals", r#""STANDARD""#), None, false);
    check(&of("StringEqualsIfExists", r#""STANDARD""#), None, true);
    check(&of("StringLike", r#""STAND*""#), some, true);
    check(&of("StringNotLike", r#""STAND*""#), some, false);
    check(&of("Null", "true"), None, true);
    check(&of("Null", "false"), some, true);
    check(r#"{"Bool":{"aws:SecureTransport":"false"}}"#, None, false);
    check(r#"{"Bool":{"aws:SecureTransport":true}}"#, None, true);
    let both =
        r#"{"Null":{"s3:x-amz-storage-class":"true"},"Bool":{"aws:SecureTransport":"false"}}"#;
    check(both, None, false);
}

#[test]
fn a_denial_outweighs_what_is_allowed() {
    let statement = |effect: &str, principal: &str| {
        format!(
            r#"{{"Effect":"{effect}","Principal":{principal},"Action":["s3:GetObject","s3:Put*"],
                "Resource":["arn:aws:s3:::bucket","arn:aws:s3:::bucket/a/?"]}}"#
        )
    };
    let anyone = parse(&statement("Allow", "\"*\"")).unwrap();
    assert_eq!(decide_as(&anyone, None, &[]), Decision::Allow);
    let account = parse(&statement("Allow", r#"{"AWS":["111122223333"]}"#)).unwrap();
    assert_eq!(decide(&account, &[]), Decision::Allow);
    assert_eq!(decide_as(&account, None, &[]), Decision::NoMatch);
    let user = parse(&statement("Allow", &format!(r#"{{"AWS":"{USER}"}}"#))).unwrap();
    assert_eq!(decide(&user, &[]), Decision::Allow);
    assert_eq!(
        decide_as(&user, Some("arn:aws:iam::111122223333:user/B"), &[]),
        Decision::NoMatch
    );
    let both = format!(
        "{},{}",
        statement("Allow", "\"*\""),
        statement("Deny", "\"*\"")
    );
    assert_eq!(decide(&parse(&both).unwrap(), &[]), Decision::Deny);
}

#[test]
fn what_is_not_understood_is_refused() {
    let good =
        r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::bucket/*"}"#;
    assert!(parse(good).is_ok());
    for (from, to) in [
        ("Deny", "deny"),
        ("\"Principal\":\"*\",", ""),
        ("\"*\"", "\"arn:aws:iam::111122223333:user/a\""),
        ("\"*\"", "{\"Service\":\"s3.amazonaws.com\"}"),
        ("\"*\"", "{\"AWS\":\"arn:aws:iam::111122223333:user/*\"}"),
        ("\"*\"", "{\"AWS\":[]}"),
        ("Principal", "NotPrincipal"),
        ("\"s3:*\"", "\"s3:PutObjects\""),
        ("\"s3:*\"", "\"ec2:*\""),
        ("\"s3:*\"", "[]"),
        ("Action", "NotAction"),
        ("bucket/*", "bucket2/*"),
        ("bucket/*", "bucket/${aws:username}"),
        ("Resource", "NotResource"),
        ("\"Effect\"", "\"Effect\":\"Allow\",\"Effect\""),
        (
            "}",
            ",\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"1.2.3.4\"}}}",
        ),
        (
            "}",
            ",\"Condition\":{\"StringEquals\":{\"aws:SourceIp\":\"1.2.3.4\"}}}",
        ),
        (
            "}",
            ",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"no\"}}}",
        ),
        (
            "}",
            ",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":[]}}}",
        ),
        (
            "}",
            ",\"Condition\":{\"ForAnyValue:StringEquals\":{\"s3:x-amz-acl\":\"a\"}}}",
        ),
        (
            "}",
            ",\"Condition\":{\"NullIfExists\":{\"s3:x-amz-acl\":\"true\"}}}",
        ),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from}");
        assert_eq!(parse(&bad), Err(Code::MalformedPolicy), "{bad}");
    }
}

#[test]
fn what_is_no_policy_is_refused() {
    for bad in [
        "",
        "[]",
        " {}",
        "{}",
        "{\"Statement\":[]}",
        "{\"Version\":\"2020-01-01\"}",
        "{,",
    ] {
        let error = Policy::parse(bad.as_bytes(), "bucket").unwrap_err();
        assert_eq!(error.code(), Code::MalformedPolicy, "{bad}");
    }
    let long = format!("{{\"Id\":\"{}\"}}", "x".repeat(super::POLICY_LEN_MAX));
    assert!(Policy::parse(long.as_bytes(), "bucket").is_err());
}
