//! Buckets, addresses, forms, and what cannot be planned.

use super::*;

#[test]
fn buckets() {
    let ask = |ask| Call {
        ask: Some(ask),
        ..Call::default()
    };
    check(Verb::Bucket, &ask(BucketAsk::Head), "HEAD https://h:1/b");
    check(
        Verb::Bucket,
        &ask(BucketAsk::DeleteEncryption),
        "DELETE https://h:1/b?encryption",
    );
    let body = |call: &Call| {
        let got = written(Verb::Bucket, call, Addressing::Path).unwrap();
        got.lines().last().unwrap_or_default().to_owned()
    };
    let blocked = Call {
        blocked: Some(vec!["NONE".to_owned()]),
        ..ask(BucketAsk::PutEncryption)
    };
    assert!(body(&blocked).contains(
        "<Rule><BlockedEncryptionTypes><EncryptionType>NONE</EncryptionType></BlockedEncryptionTypes></Rule>"
    ));
    let statement = Statement {
        effect: "Deny".to_owned(),
        action: "s3:PutObject".to_owned(),
        conditions: vec![("Null".to_owned(), "s3:x".to_owned(), vec![text("true")])],
    };
    let policy = body(&Call {
        statements: vec![statement],
        ..ask(BucketAsk::PutPolicy)
    });
    let policy: serde_json::Value = serde_json::from_str(&policy).unwrap();
    assert_eq!(
        policy["Statement"][0]["Resource"],
        "arn:aws:s3:::b/run/case/*"
    );
    assert_eq!(
        policy["Statement"][0]["Condition"]["Null"]["s3:x"][0],
        "true"
    );
}

#[test]
fn addresses() {
    let virtually = |verb, call: &Call| written(verb, call, Addressing::Virtual).unwrap();
    assert_eq!(
        virtually(Verb::Get, &doc()),
        "GET https://b.h:1/run/case/doc"
    );
    assert_eq!(
        virtually(Verb::List, &Call::default()),
        "GET https://b.h:1/?list-type=2&prefix=run%2Fcase%2F"
    );
    let http = Call {
        wire: Wire {
            http: true,
            ..Wire::default()
        },
        ..doc()
    };
    assert_eq!(
        written(Verb::Get, &http, Addressing::Path),
        Err(PlanError::NoHttpEndpoint)
    );
    let link = Value::Ref(Ref {
        name: "link".to_owned(),
        field: RefField::Url,
    });
    let used = Call {
        url: Some(link),
        ..Call::default()
    };
    check(
        Verb::Use,
        &used,
        "PUT https://h:1/b/run/case/doc?X-Amz-Signature=s",
    );
}

/// AWS, "POST Object": the file comes last, and the policy is base64.
#[test]
fn forms() {
    use base64::Engine as _;
    let call = Call {
        body: Some(Body::Text(BODY.to_owned())),
        sse_c: Some(key('A')),
        fields: vec![
            ("policy-less".to_owned(), Some(text("x"))),
            ("x-amz-date".to_owned(), None),
        ],
        policy: FormPolicy {
            conditions: vec![
                ("key".to_owned(), Condition::StartsWith(text("run/"))),
                ("policy-less".to_owned(), Condition::Unnamed),
            ],
            length: Some((1, 9)),
        },
        ..doc()
    };
    let form = written(Verb::PostForm, &call, Addressing::Path).unwrap();
    assert!(form.starts_with("POST https://h:1/b\nContent-Type: multipart/form-data; boundary="));
    let names: Vec<_> = form
        .lines()
        .filter_map(|line| line.strip_prefix("Content-Disposition: form-data; name=\""))
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert_eq!(names.first(), Some(&"key"));
    assert_eq!(names.last(), Some(&"file"));
    assert!(!names.contains(&"x-amz-date") && names.contains(&"policy-less"));
    let lines: Vec<_> = form.lines().collect();
    let at = lines
        .iter()
        .position(|line| line.contains("name=\"policy\""))
        .unwrap();
    let policy = base64::engine::general_purpose::STANDARD
        .decode(lines[at + 2])
        .unwrap();
    let policy: serde_json::Value = serde_json::from_slice(&policy).unwrap();
    assert_eq!(policy["expiration"], "2026-11-23T10:05:00.000Z");
    let conditions = policy["conditions"].as_array().unwrap();
    let has = |condition: serde_json::Value| conditions.contains(&condition);
    assert!(has(serde_json::json!({ "bucket": "b" })));
    assert!(has(serde_json::json!(["starts-with", "$key", "run/"])));
    assert!(has(serde_json::json!(["content-length-range", 1, 9])));
    assert!(!policy.to_string().contains("policy-less"));
}

#[test]
fn what_an_answer_lacks_is_named() {
    let version = Value::Ref(Ref {
        name: "up".to_owned(),
        field: RefField::VersionId,
    });
    let call = Call {
        version: Some(version),
        ..doc()
    };
    let expected = PlanError::NoField {
        name: "up".to_owned(),
        field: "x-amz-version-id".to_owned(),
    };
    assert_eq!(written(Verb::Get, &call, Addressing::Path), Err(expected));
}
