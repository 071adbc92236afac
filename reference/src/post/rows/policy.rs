//! What the policy of a form allows.

use super::*;

const KEY: &str = "x-amz-server-side-encryption-customer-key";

#[test]
fn pst_001_the_triple_in_fields() {
    let form = Form::signed(&format!(
        r#"["eq", "${KEY}", "c2VjcmV0"], {{"{KEY}-MD5": "bWQ1"}},
           {{"x-amz-server-side-encryption-customer-algorithm": "AES256"}}"#
    ))
    .set("x-amz-server-side-encryption-customer-algorithm", "AES256")
    .set(KEY, "c2VjcmV0")
    .set("x-amz-server-side-encryption-customer-key-MD5", "bWQ1");
    let upload = form.accepted();
    assert_eq!(upload.headers[KEY], "c2VjcmV0");
    assert_eq!(upload.headers[&format!("{KEY}-md5")[..]], "bWQ1");
    let shown = format!("{upload:?}");
    assert!(!shown.contains("c2VjcmV0"), "{shown}");
}

#[test]
fn pst_003_a_field_without_condition() {
    let form = Form::signed("").set("x-amz-meta-a", "1");
    form.refused(
        Code::AccessDenied,
        "Invalid according to Policy: Extra input fields: x-amz-meta-a",
    );
    assert!(Form::signed("").set("X-Ignore-Submit", "1").read().is_ok());
}

#[test]
fn pst_004_no_refusal_repeats_a_customer_key() {
    let condition = format!(r#"["eq", "${KEY}", "c2VjcmV0"]"#);
    let form = Form::signed(&condition).set(KEY, "b3RoZXI=");
    let error = form.refused(Code::AccessDenied, "Policy Condition failed: [\"eq\", ");
    assert!(error.message().ends_with("\"REDACTED\"]"), "{error}");
    let simple = Form::signed(&format!(r#"{{"{}": "c2VjcmV0"}}"#, KEY.to_uppercase()));
    let error = simple.refused(Code::AccessDenied, "REDACTED");
    assert!(!error.message().contains("c2VjcmV0"), "{error}");

    let policy = form
        .fields
        .iter()
        .find(|(name, _)| name == "Policy")
        .unwrap()
        .1
        .clone();
    for altered in [
        &policy[..],
        &policy[..policy.len() - 2],
        &policy[1..],
        &policy[3..],
    ] {
        let form = form
            .clone()
            .set("Policy", altered)
            .set("X-Amz-Signature", "00");
        let error = form.refused(Code::SignatureDoesNotMatch, "");
        assert_eq!(element(&error, "StringToSign"), "REDACTED");
        assert!(!element(&error, "StringToSignBytes").contains("63 32 56 6a"));
    }
}

#[test]
fn pst_110_expired() {
    let form = Form::with_policy(r#"{"expiration":"2015-12-28T23:59:59Z","conditions":[]}"#);
    form.refused(
        Code::AccessDenied,
        "Invalid according to Policy: Policy expired.",
    );
}

#[test]
fn pst_145_a_signature_older_than_a_week() {
    let read = |now| {
        let body = Body::from_bytes(Form::signed("").body());
        read_at("multipart/form-data; boundary=xX", body, now)
    };
    let week = NOW + time::Duration::days(7);
    assert!(read(week).is_ok());
    let error = read(week + time::Duration::SECOND).unwrap_err();
    assert_eq!(
        error.message(),
        "Invalid according to Policy: Policy expired."
    );
}

fn redirected(condition: &str, url: &str) -> Form {
    Form::signed(condition).set("success_action_redirect", url)
}

#[test]
fn pst_120_pst_122_eq() {
    let condition = r#"["eq","$success_action_redirect","http://localhost.test/random"]"#;
    assert!(
        redirected(condition, "http://localhost.test/random")
            .read()
            .is_ok()
    );
    for other in [
        "http://localhost.test/other",
        "http://LOCALHOST.test/random",
        "",
    ] {
        let failed = r#"Policy Condition failed: ["eq", "$success_action_redirect", "http://localhost.test/random"]"#;
        redirected(condition, other).refused(Code::AccessDenied, failed);
    }
}

#[test]
fn pst_121_a_name_without_dollar() {
    let condition = r#"["eq", "success_action_redirect", "http://localhost.test/random"]"#;
    let form = redirected(condition, "http://localhost.test/random");
    form.refused(
        Code::AccessDenied,
        &format!("Policy Condition failed: {condition}"),
    );
}

#[test]
fn pst_123_names_compare_without_case() {
    let condition = r#"["eq", "$success_Action_REDIRECT", "http://localhost.test/random"]"#;
    assert!(
        redirected(condition, "http://localhost.test/random")
            .read()
            .is_ok()
    );
    let condition = r#"["eq", "$x-amz-meta-test-2", "v"]"#;
    assert!(
        Form::signed(condition)
            .set("x-amz-meta-TEST-2", "v")
            .read()
            .is_ok()
    );
}

#[test]
fn pst_125_starts_with() {
    let condition = r#"["starts-with", "$success_action_redirect", "http://localhost"]"#;
    assert!(
        redirected(condition, "http://localhost.test/random")
            .read()
            .is_ok()
    );
    for other in ["http://other", "HTTP://localhost"] {
        let failed = format!("Policy Condition failed: {condition}");
        redirected(condition, other).refused(Code::AccessDenied, &failed);
    }
}

#[test]
fn pst_127_a_range_that_is_none() {
    let form = Form::signed(r#"["content-length-range","test","10"]"#);
    let failed = r#"Policy Condition failed: ["content-length-range", "test", "10"]"#;
    form.refused(Code::AccessDenied, failed);
}

#[test]
fn pst_131_the_bucket_needs_a_condition() {
    let conditions = r#"["starts-with","$key",""],["starts-with","$x-amz-algorithm",""],
        ["starts-with","$x-amz-credential",""],["starts-with","$x-amz-date",""]"#;
    let document = |more: &str| {
        format!(r#"{{"expiration":"2015-12-30T12:00:00Z","conditions":[{conditions}{more}]}}"#)
    };
    let form = Form::with_policy(&document(""));
    form.refused(Code::AccessDenied, "Extra input fields: bucket");
    let form = Form::with_policy(&document(r#",{"bucket":"another"}"#));
    form.refused(Code::AccessDenied, r#"["eq", "$bucket", "another"]"#);
}

#[test]
fn pst_124_pst_148_faults_of_the_document() {
    let whole = |conditions: &str| {
        format!(r#"{{"expiration":"2015-12-30T12:00:00Z","conditions":{conditions}}}"#)
    };
    for (document, message) in [
        (String::new(), "Expecting '{' but found End-of-Input"),
        ("{".to_owned(), "Invalid JSON."),
        ("[]".to_owned(), "Invalid JSON."),
        (
            r#"{"conditions":[]}"#.to_owned(),
            "Policy missing expiration.",
        ),
        (
            r#"{"expiration":"2015-12-30T12:00:00Z"}"#.to_owned(),
            "Policy missing conditions.",
        ),
        (
            r#"{"expiration":"soon","conditions":[]}"#.to_owned(),
            "Invalid 'expiration' value: 'soon'",
        ),
        (whole("{}"), "Invalid 'conditions' value: must be a List."),
        (
            whole("[1]"),
            "Invalid condition test: must be a List or Object.",
        ),
        (
            whole(r#"[["is","$key","a"]]"#),
            "Invalid Condition: unknown operation 'is'.",
        ),
        (
            whole(r#"[["eq","$key"]]"#),
            "Invalid eq: wrong number of arguments.",
        ),
        (
            whole(r#"[{"key":1}]"#),
            "Invalid Simple-Condition: value must be a string.",
        ),
        (
            whole(r#"[{"acl":"a","key":"b"}]"#),
            "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
        ),
    ] {
        let form = Form::with_policy(&document);
        let error = form.refused(Code::InvalidPolicyDocument, message);
        assert!(error.message().starts_with("Invalid Policy: "), "{error}");
    }
}

#[test]
fn pst_148_a_policy_that_is_no_base64() {
    let scope = Scope::new("20151229", "us-east-1", "s3");
    let signature = hmac::sign(&credentials().signing_key(&scope), b"!!!");
    let form = Form::signed("")
        .set("Policy", "!!!")
        .set("X-Amz-Signature", &hex::encode(signature.as_ref()));
    form.refused(Code::InvalidPolicyDocument, "invalid Base64 encoding.");
}
