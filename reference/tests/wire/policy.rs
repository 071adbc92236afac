//! Bucket policies whose conditions name SSE-C (POL).

use crate::keys::{A, B};
use crate::s3::{Ask, S3};
use crate::table::{Row, Table, any, echo, plain, refused, row};
use crate::texts;

const ALGORITHM: &str = "s3:x-amz-server-side-encryption-customer-algorithm";

/// Denies PutObject on every object where the condition holds.
fn deny(condition: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Deny", "Principal": "*",
        "Action": "s3:PutObject", "Resource": "arn:aws:s3:::bkt/*", "Condition": {condition}}}]}}"#
    )
}

fn policy<'a>(s3: &'a S3, text: &str) -> Ask<'a> {
    s3.bucket("PUT", "?policy").body(text.to_owned())
}

/// An SSE-C object and an upload in progress, then the policy.
fn under(condition: &str) -> S3 {
    let s3 = S3::new();
    s3.store("doc", "0123456789", Some(&A));
    let mut upload = s3.upload("up", Some(A));
    upload.add(1, "part one");
    s3.note("up", upload.id.clone());
    s3.note("part", upload.parts[0].1.clone());
    policy(&s3, &deny(condition)).ok(204);
    s3
}

/// SSE-C is required.
fn required() -> S3 {
    under(&format!(r#"{{"Null": {{"{ALGORITHM}": "true"}}}}"#))
}

/// SSE-C is forbidden.
fn forbidden() -> S3 {
    under(&format!(
        r#"{{"StringEquals": {{"{ALGORITHM}": "AES256"}}}}"#
    ))
}

/// A named SSE-S3 is forbidden.
fn no_sse_s3() -> S3 {
    under(r#"{"StringEquals": {"s3:x-amz-server-side-encryption": "AES256"}}"#)
}

fn unchanged(s3: &S3) {
    s3.head("new").ok(404);
    s3.head("up").ok(404);
    assert_eq!(s3.get("doc").sse_c(&A).ok(200).body, "0123456789");
}

fn put(s3: &S3) -> Ask<'_> {
    s3.put("new", "x")
}

fn put_sse_s3(s3: &S3) -> Ask<'_> {
    put(s3).header("x-amz-server-side-encryption", "AES256")
}

fn complete(s3: &S3) -> Ask<'_> {
    let part = format!(
        "<Part><PartNumber>1</PartNumber><ETag>{}</ETag></Part>",
        s3.noted("part")
    );
    let list = format!("<CompleteMultipartUpload>{part}</CompleteMultipartUpload>");
    s3.object("POST", &format!("up?uploadId={}", s3.noted("up")))
        .body(list)
}

#[rustfmt::skip]
pub(crate) fn refused_where_required() -> Vec<Row> {
    let denied = || refused(403, "AccessDenied");
    vec![
        row("POL-001", "PutObject without", put, denied()),
        row("POL-001", "PutObject with SSE-S3", put_sse_s3, denied()),
        row("POL-001", "CopyObject without", |s3| s3.copy("doc", "new").source_sse_c(&A), denied()),
        row("POL-001", "Create without", |s3| s3.object("POST", "new?uploads"), denied()),
        row("MPU-017", "Complete without", complete, denied()),
    ]
}

#[rustfmt::skip]
pub(crate) fn refused_where_forbidden() -> Vec<Row> {
    let denied = || refused(403, "AccessDenied");
    let argument = || refused(400, "InvalidArgument").sse();
    vec![
        row("POL-003", "PutObject", |s3| put(s3).sse_c(&A), denied()),
        row("POL-007", "PutObject", |s3| put(s3).sse_c(&A), denied().says(
            "User: arn:aws:iam::123456789012:user/ssec is not authorized to perform: s3:PutObject on resource: \
             \"arn:aws:s3:::bkt/new\" with an explicit deny in a resource-based policy")),
        row("POL-003", "UploadPart", |s3| s3.put(&format!("up?partNumber=2&uploadId={}", s3.noted("up")), "x").sse_c(&A), denied()),
        row("POL-005", "another MD5", |s3| put(s3).triple(A.triple().md5(&B.md5())), argument().says(texts::MD5_MISMATCH)),
        row("ORD-005", "no key", |s3| put(s3).triple(A.triple().no_key()), argument().says(texts::NO_KEY)),
        row("POL-005", "aes256", |s3| put(s3).triple(A.triple().algorithm("aes256")), {
            refused(400, "InvalidEncryptionAlgorithmError").sse().value("aes256")
        }),
    ]
}

#[rustfmt::skip]
pub(crate) fn refused_policies() -> Vec<Row> {
    let malformed = || refused(400, "MalformedPolicy");
    vec![
        row("POL-008", "on the key", |s3| {
            policy(s3, &deny(r#"{"StringEquals": {"s3:x-amz-server-side-encryption-customer-key": "x"}}"#))
        }, malformed()),
        row("POL-008", "on its MD5", |s3| {
            policy(s3, &deny(r#"{"Null": {"s3:x-amz-server-side-encryption-customer-key-MD5": "true"}}"#))
        }, malformed()),
        row("POL-008", "no JSON", |s3| policy(s3, "Deny"), malformed()),
    ]
}

#[test]
fn denied() {
    Table {
        setup: required,
        rows: refused_where_required(),
        after: unchanged,
    }
    .check();
    Table {
        setup: forbidden,
        rows: refused_where_forbidden(),
        after: unchanged,
    }
    .check();
    Table {
        setup: S3::new,
        rows: refused_policies(),
        after: |s3| {
            s3.bucket("GET", "?policy").ok(404);
        },
    }
    .check();
    Table {
        setup: no_sse_s3,
        rows: vec![row(
            "POL-004",
            "SSE-S3",
            put_sse_s3,
            refused(403, "AccessDenied"),
        )],
        after: unchanged,
    }
    .check();
}

#[rustfmt::skip]
#[test]
fn allowed() {
    let check = |setup, rows| Table { setup, rows, after: |_| {} }.check();
    check(required, vec![
        row("POL-002", "PutObject with", |s3| put(s3).sse_c(&A), echo(200, &A)),
        row("POL-002", "CopyObject with", |s3| s3.copy("doc", "new").source_sse_c(&A).sse_c(&B), echo(200, &B)),
        row("MPU-017", "Complete with", |s3| complete(s3).sse_c(&A), echo(200, &A)),
        row("MPU-017", "Complete with the algorithm", |s3| {
            complete(s3).header("x-amz-server-side-encryption-customer-algorithm", "AES256")
        }, any(200).with_some("ETag")),
        row("POL-001", "GetObject", |s3| s3.get("doc").sse_c(&A), echo(200, &A)),
    ]);
    check(forbidden, vec![
        row("POL-003", "without", put, plain(200)),
        row("POL-003", "SSE-S3", put_sse_s3, plain(200)),
    ]);
    check(no_sse_s3, vec![
        row("POL-004", "SSE-C", |s3| put(s3).sse_c(&A), echo(200, &A)),
        row("POL-004", "none", put, plain(200)),
    ]);
}

/// What is kept is what was put; without a policy everything signed is allowed again.
#[test]
fn a_policy_is_kept_and_removed() {
    let s3 = forbidden();
    put(&s3).sse_c(&A).ok(403);
    let text = s3.bucket("GET", "?policy").ok(200).body;
    assert!(text.starts_with(b"{") && text.windows(4).any(|window| window == b"Deny"));
    s3.bucket("DELETE", "?policy").ok(204);
    assert_eq!(
        s3.bucket("GET", "?policy").ok(404).must("Code"),
        "NoSuchBucketPolicy"
    );
    put(&s3).sse_c(&A).ok(200);
}
