//! PostObject: the triple as fields of a form, and the form itself (PST).

use crate::form::{Form, drop_field};
use crate::keys::{A, B, OBJECT_SIDE, Triple};
use crate::s3::S3;
use crate::table::{Row, Table, Wanted, echo, plain, refused, row};
use crate::texts;

fn unchanged(s3: &S3) {
    assert_eq!(
        s3.bucket("GET", "").ok(200).element("Key"),
        None,
        "nothing is stored"
    );
}

fn sealed(triple: Triple) -> Form {
    Form::new("doc").triple(triple)
}

fn without(name: &'static str) -> Wanted {
    refused(400, "InvalidArgument").argument(name).value("")
}

fn denied(message: &'static str) -> Wanted {
    refused(403, "AccessDenied").says(message)
}

#[rustfmt::skip]
pub(crate) fn refusals() -> Vec<Row> {
    let argument = |message| refused(400, "InvalidArgument").says(message).sse();
    let document = || refused(400, "InvalidPolicyDocument");
    vec![
        row("PST-002", "no key", |s3| sealed(A.triple().no_key()).post(s3), argument(texts::NO_KEY)),
        row("PST-002", "no MD5", |s3| sealed(A.triple().no_md5()).post(s3), argument(texts::NO_MD5)),
        row("PST-002", "no algorithm", |s3| sealed(A.triple().no_algorithm()).post(s3), argument(texts::NO_ALGORITHM)),
        row("PST-130", "another MD5", |s3| sealed(A.triple().md5(&B.md5())).post(s3), argument(texts::MD5_MISMATCH)),
        row("PST-130", "16 bytes", |s3| sealed(Triple::of_len(16)).post(s3), argument(texts::KEY_LENGTH)),
        row("PST-130", "KMS", |s3| sealed(A.triple().algorithm("KMS")).post(s3), {
            refused(400, "InvalidEncryptionAlgorithmError").says(texts::ALGORITHM).sse().value("KMS")
        }),
        row("PST-003", "no condition for the MD5", |s3| {
            sealed(A.triple().no_md5()).field(OBJECT_SIDE[2], &A.md5()).post(s3)
        }, refused(403, "AccessDenied")),
        row("PST-003", "no condition for a field", |s3| Form::new("doc").field("x-amz-meta-colour", "blue").post(s3), {
            denied("Invalid according to Policy: Extra input fields: x-amz-meta-colour")
        }),
        row("PST-004", "another MD5 than was agreed", |s3| {
            let form = sealed(A.triple().no_md5()).field(OBJECT_SIDE[2], &A.md5());
            form.condition(&format!(r#"{{"{}": "another"}}"#, OBJECT_SIDE[2])).post(s3)
        }, denied("Invalid according to Policy: Policy Condition failed: [\"eq\", \
            \"$x-amz-server-side-encryption-customer-key-MD5\", \"another\"]")),
        row("PST-006", "http", |s3| sealed(A.triple()).post(s3).plain_http(), argument(texts::NOT_SECURE)),
        row("PST-008", "SSE-S3 too", |s3| sealed(A.triple()).agreed("x-amz-server-side-encryption", "AES256").post(s3), {
            argument(texts::INCOMPATIBLE).value("AES256")
        }),
        row("PST-110", "expired", |s3| Form::new("doc").with(|form| form.expires_s = -1).post(s3), {
            denied("Invalid according to Policy: Policy expired.")
        }),
        row("PST-111", "the policy is altered", |s3| Form::new("doc").with(|form| form.change = |fields| {
            let policy = fields.iter_mut().find(|(name, _)| name == "policy").unwrap();
            policy.1.truncate(policy.1.len() - 2);
        }).post(s3), {
            refused(403, "SignatureDoesNotMatch").says(texts::SIGNATURE).with("AWSAccessKeyId", "ssec")
                .with_some("StringToSign").with_some("SignatureProvided").with_some("StringToSignBytes").without("CanonicalRequest")
        }),
        row("PST-112", "no signature", |s3| {
            Form::new("doc").with(|form| form.change = |fields| drop_field(fields, "x-amz-signature")).post(s3)
        }, without("X-Amz-Signature").says("Bucket POST must contain a field named 'X-Amz-Signature'.  If it is specified, \
            please check the order of the fields.")),
        row("PST-113", "no algorithm, no credential", |s3| Form::new("doc").with(|form| form.change = |fields| {
            drop_field(fields, "x-amz-algorithm");
            drop_field(fields, "x-amz-credential");
        }).post(s3), without("X-Amz-Algorithm").says("Bucket POST must contain a field named 'X-Amz-Algorithm'.  If it is \
            specified, please check the order of the fields.")),
        row("PST-114", "a policy alone", |s3| Form::new("doc").with(|form| form.change = |fields| {
            fields.retain(|(name, _)| name == "key" || name == "policy");
        }).post(s3), denied("Access Denied")),
        row("PST-114", "nothing signed", |s3| Form::new("doc").with(|form| form.signed = false).post(s3), denied("Access Denied")),
        row("PST-115", "no form", |s3| Form::new("doc").with(|form| form.content_type = "text/plain".into()).post(s3), {
            refused(412, "PreconditionFailed").says(texts::PRECONDITION)
                .with("Condition", "Bucket POST must be of the enclosure-type multipart/form-data")
        }),
        row("PST-120", "another value than was agreed", |s3| {
            Form::new("doc").field("x-amz-meta-a", "b").condition(r#"["eq", "$x-amz-meta-a", "c"]"#).post(s3)
        }, denied(r#"Invalid according to Policy: Policy Condition failed: ["eq", "$x-amz-meta-a", "c"]"#)),
        row("PST-121", "a condition without $", |s3| {
            Form::new("doc").field("x-amz-meta-a", "c").condition(r#"["eq", "x-amz-meta-a", "c"]"#).post(s3)
        }, denied(r#"Invalid according to Policy: Policy Condition failed: ["eq", "x-amz-meta-a", "c"]"#)),
        row("PST-122", "another case", |s3| {
            Form::new("doc").field("x-amz-meta-a", "C").condition(r#"["eq", "$x-amz-meta-a", "c"]"#).post(s3)
        }, denied(r#"Invalid according to Policy: Policy Condition failed: ["eq", "$x-amz-meta-a", "c"]"#)),
        row("PST-124", "two properties", |s3| Form::new("doc").condition(r#"{"a": "b", "c": "d"}"#).post(s3), {
            document().says("Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.")
        }),
        row("PST-125", "another start", |s3| {
            Form::new("doc").field("x-amz-meta-a", "blue").condition(r#"["starts-with", "$x-amz-meta-a", "red"]"#).post(s3)
        }, denied(r#"Invalid according to Policy: Policy Condition failed: ["starts-with", "$x-amz-meta-a", "red"]"#)),
        row("PST-126", "too large", |s3| Form::new("doc").condition(r#"["content-length-range", 1, 9]"#).post(s3), {
            refused(400, "EntityTooLarge").says("Your proposed upload exceeds the maximum allowed size")
                .with("ProposedSize", "10").with("MaxSizeAllowed", "9")
        }),
        row("PST-126", "too small", |s3| Form::new("doc").condition(r#"["content-length-range", 11, 99]"#).post(s3), {
            refused(400, "EntityTooSmall").says("Your proposed upload is smaller than the minimum allowed size")
                .with("ProposedSize", "10").with("MinSizeAllowed", "11")
        }),
        row("PST-127", "a range that is none", |s3| Form::new("doc").condition(r#"["content-length-range", "test", 10]"#).post(s3), {
            refused(403, "AccessDenied")
        }),
        row("PST-128", "an unknown storage class", |s3| Form::new("doc").agreed("x-amz-storage-class", "GOLD").post(s3), {
            refused(400, "InvalidStorageClass").says("The storage class you specified is not valid").with("StorageClassRequested", "GOLD")
        }),
        row("PST-129", "tags that are no XML", |s3| Form::new("doc").agreed("tagging", "colour").post(s3), refused(400, "MalformedXML")),
        row("PST-140", "no boundary", |s3| Form::new("doc").with(|form| form.content_type = "multipart/form-data".into()).post(s3), {
            refused(400, "MalformedPOSTRequest")
        }),
        row("PST-141", "no key", |s3| Form::new("doc").with(|form| form.change = |fields| drop_field(fields, "key")).post(s3), {
            refused(400, "InvalidArgument").argument("key").any_value()
        }),
        row("PST-146", "an unknown access key", |s3| Form::new("doc").with(|form| form.change = |fields| {
            let credential = fields.iter_mut().find(|(name, _)| name == "x-amz-credential").unwrap();
            credential.1 = credential.1.replace("ssec/", "other/");
        }).post(s3), refused(403, "InvalidAccessKeyId")),
    ]
}

#[test]
fn refused_forms() {
    Table {
        setup: S3::new,
        rows: refusals(),
        after: unchanged,
    }
    .check();
}

/// PST-007: a block stops forms too.
#[test]
fn a_blocked_bucket() {
    let s3 = S3::with(ssec_reference::Config {
        block_sse_c_by_default: true,
        ..S3::config()
    });
    let answer = sealed(A.triple()).post(&s3).ok(403);
    assert_eq!(answer.must("Code"), "AccessDenied");
    assert!(
        answer
            .must("Message")
            .contains("has blocked upload requests"),
        "{answer}"
    );
    unchanged(&s3);
    Form::new("doc").post(&s3).ok(204);
}

#[rustfmt::skip]
pub(crate) fn successes() -> Vec<Row> {
    let stored = || echo(204, &A).some_header("etag").some_header("location").body("");
    let plainly = || plain(204).some_header("etag").some_header("location")
        .header("x-amz-checksum-crc64nvme", "Ffmx7kz9nB0=").header("x-amz-checksum-type", "FULL_OBJECT");
    vec![
        row("PST-001", "the triple as fields", |s3| sealed(A.triple()).post(s3), stored()),
        row("PST-123", "names of fields in other cases", |s3| {
            let [algorithm, key, md5] = OBJECT_SIDE.map(str::to_uppercase);
            let form = Form::new("doc").field(&algorithm, "AES256").field(&key, &A.base64()).field(&md5, &A.md5());
            let agreed = A.triple();
            OBJECT_SIDE.iter().zip(agreed.0).fold(form, |form, (name, value)| {
                form.condition(&format!(r#"{{"{name}": "{}"}}"#, value.unwrap()))
            }).post(s3)
        }, stored()),
        row("PST-101", "without", |s3| Form::new("doc").post(s3), plainly()),
        row("PST-102", "201", |s3| sealed(A.triple()).agreed("success_action_status", "201").post(s3), {
            echo(201, &A).with("Bucket", "bkt").with("Key", "doc").with_some("ETag").with_some("Location").some_header("location")
        }),
        row("PST-101", "200", |s3| Form::new("doc").agreed("success_action_status", "200").post(s3), plain(200)),
        row("PST-104", "a redirect to no URL", |s3| Form::new("doc").agreed("success_action_redirect", "/relative").post(s3), plain(204)),
        row("PST-106", "a file without a name", |s3| Form::new("doc").with(|form| form.filename = None).post(s3), plain(204)),
        row("PST-125", "the start", |s3| {
            Form::new("doc").field("x-amz-meta-a", "blue").condition(r#"["starts-with", "$x-amz-meta-a", "bl"]"#).post(s3)
        }, plain(204)),
        row("PST-126", "within", |s3| Form::new("doc").condition(r#"["content-length-range", "1", 10]"#).post(s3), plain(204)),
        row("PST-003", "x-ignore-", |s3| Form::new("doc").field("x-ignore-this", "anything").post(s3), plain(204)),
    ]
}

#[test]
fn accepted_forms() {
    Table {
        setup: S3::new,
        rows: successes(),
        after: |s3| {
            s3.bucket("GET", "").ok(200).must("Key");
        },
    }
    .check();
}

/// PST-001: what came by a form is read with its key alone, and its ETag says nothing.
#[test]
fn a_form_is_under_the_key() {
    let s3 = S3::new();
    let etag = sealed(A.triple()).post(&s3).ok(204).etag();
    // MD5 of "0123456789", computed elsewhere.
    assert_ne!(etag, "781e5e245d69b566979b86e28d23f2c7");
    let read = s3.get("doc").sse_c(&A).ok(200);
    assert_eq!(
        (read.body.as_ref(), read.etag()),
        (&b"0123456789"[..], etag)
    );
    s3.get("doc").ok(400);
    s3.get("doc").sse_c(&B).ok(403);
}

/// PST-103: a redirect names bucket, key and ETag.
#[test]
fn redirected() {
    let s3 = S3::new();
    let form = Form::new("a b").agreed("success_action_redirect", "https://example.com/done");
    let answer = form.post(&s3).ok(303);
    let location = answer.header("location").unwrap();
    let wanted = format!(
        "https://example.com/done?bucket=bkt&key=a%20b&etag=%22{}%22",
        answer.etag()
    );
    assert_eq!(location.replace('+', "%20"), wanted);
    assert!(answer.body.is_empty());
}

/// PST-105: the name of the file in the key.
#[test]
fn the_name_of_the_file() {
    let s3 = S3::new();
    Form::new("in/${filename}").post(&s3).ok(204);
    Form::new("as/${filename}")
        .with(|form| form.filename = None)
        .post(&s3)
        .ok(204);
    assert_eq!(
        s3.bucket("GET", "").ok(200).elements("Key"),
        ["as/${filename}", "in/file.txt"]
    );
}

/// PST-147: what stands after the file has no effect; PST-005: nor have headers of the request.
#[test]
fn a_triple_in_the_wrong_place() {
    let s3 = S3::new();
    let after = OBJECT_SIDE.iter().zip(A.triple().0);
    let after = after
        .map(|(name, value)| ((*name).to_owned(), value.unwrap()))
        .collect();
    Form::new("after")
        .with(|form| form.after = after)
        .post(&s3)
        .ok(204)
        .echoes_nothing();
    assert_eq!(s3.get("after").ok(200).body, "0123456789");
    Form::new("headers")
        .post(&s3)
        .sse_c(&A)
        .ok(204)
        .echoes_nothing();
    assert_eq!(s3.get("headers").ok(200).body, "0123456789");
}
