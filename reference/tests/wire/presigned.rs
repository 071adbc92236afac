//! Presigned URLs and signatures, through the whole server (PRE, SIG).

use crate::keys::{A, B, OBJECT_SIDE, Triple};
use crate::s3::{Ask, S3};
use crate::sign::Sign;
use crate::table::{Row, Table, bare, echo, plain, refused, row};
use crate::texts;

fn setup() -> S3 {
    let s3 = S3::new();
    s3.store("doc", "0123456789", Some(&A));
    s3.store("plain", "0123456789", None);
    s3
}

fn unchanged(s3: &S3) {
    s3.head("new").ok(404);
    assert_eq!(s3.get("doc").sse_c(&A).ok(200).body, "0123456789");
}

/// A presigned read whose URL signs all three headers.
fn get(s3: &S3, triple: Triple) -> Ask<'_> {
    s3.get("doc").triple(triple).presigned(60)
}

/// Adds the headers after signing.
fn unsigned(ask: Ask<'_>, triple: Triple) -> Ask<'_> {
    let pairs = OBJECT_SIDE.into_iter().zip(triple.0);
    pairs.fold(ask, |ask, (name, value)| match value {
        Some(value) => ask.unsigned(name, &value),
        None => ask,
    })
}

/// Signs the algorithm alone; key and key-MD5 travel unsigned (PRE-002).
fn algorithm_alone<'a>(ask: Ask<'a>, key: &crate::keys::Key) -> Ask<'a> {
    let ask = ask.header(OBJECT_SIDE[0], "AES256").presigned(60);
    unsigned(ask, key.triple().no_algorithm())
}

fn query(key: &str) -> String {
    let [algorithm, key_name, md5] = OBJECT_SIDE;
    let escaped = |text: String| {
        text.replace('+', "%2B")
            .replace('/', "%2F")
            .replace('=', "%3D")
    };
    format!(
        "{key}?{algorithm}=AES256&{key_name}={}&{md5}={}",
        escaped(A.base64()),
        escaped(A.md5())
    )
}

#[rustfmt::skip]
pub(crate) fn refusals() -> Vec<Row> {
    let not_signed = |names| refused(403, "AccessDenied").says(texts::UNSIGNED_HEADERS).with("HeadersNotSigned", names);
    let mismatch = || refused(403, "SignatureDoesNotMatch").says(texts::SIGNATURE).with("AWSAccessKeyId", "ssec")
        .with_some("StringToSign").with_some("SignatureProvided").with_some("CanonicalRequest");
    let query_error = || refused(400, "AuthorizationQueryParametersError");
    vec![
        row("PRE-003", "the algorithm unsigned", |s3| unsigned(s3.get("doc").presigned(60), A.triple()), {
            not_signed("x-amz-server-side-encryption-customer-algorithm")
        }),
        row("PRE-004", "another header unsigned", |s3| get(s3, A.triple()).unsigned("x-amz-meta-b", "c").unsigned("x-amz-meta-a", "b"), {
            not_signed("x-amz-meta-a, x-amz-meta-b")
        }),
        row("PRE-005", "another key than was signed", |s3| {
            get(s3, A.triple()).signing(|s| s.secret = "another".into())
        }, mismatch()),
        row("PRE-006", "no header, none signed", |s3| s3.get("doc").presigned(60), {
            refused(400, "InvalidRequest").says(texts::KEY_NEEDED)
        }),
        row("PRE-123", "the triple in the query alone", |s3| s3.get(&query("doc")).presigned(60), {
            refused(400, "InvalidRequest").says(texts::KEY_NEEDED)
        }),
        row("PRE-101", "expired", |s3| get(s3, A.triple()).signing(|s| s.age_s = 120), {
            refused(403, "AccessDenied").says("Request has expired").with("X-Amz-Expires", "60")
                .with_some("Expires").with_some("ServerTime")
        }),
        row("PRE-103", "no date", |s3| s3.get("doc?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a&X-Amz-Signature=b&\
            X-Amz-SignedHeaders=host&X-Amz-Expires=60").anonymous(), {
            query_error().says("Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, \
                X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.")
        }),
        row("PRE-130", "longer than a week", |s3| s3.get("plain").presigned(604_801), query_error()),
        row("PRE-105", "another secret", |s3| s3.get("plain").presigned(60).signing(|s| s.secret = "another".into()), mismatch()),
        row("PRE-116", "another owner in the query", |s3| s3.get("plain?x-amz-expected-bucket-owner=999999999999").presigned(60), {
            refused(403, "AccessDenied")
        }),
        row("PRE-118", "anonymous", |s3| s3.get("plain").anonymous(), refused(403, "AccessDenied").says("Access Denied")),
        row("PRE-118", "anonymous, with a key", |s3| unsigned(s3.get("doc").anonymous(), A.triple()), refused(403, "AccessDenied")),
        row("GET-003", "another key, signed", |s3| get(s3, B.triple()), refused(403, "AccessDenied").says(texts::WRONG_KEY)),
        row("GET-003", "another key, unsigned", |s3| algorithm_alone(s3.get("doc"), &B), {
            refused(403, "AccessDenied").says(texts::WRONG_KEY)
        }),
        row("GET-037", "http", |s3| get(s3, A.triple()).plain_http(), {
            refused(400, "InvalidArgument").says(texts::NOT_SECURE).sse()
        }),
        row("PUT-010", "PUT without MD5", |s3| s3.put("new", "x").triple(A.triple().no_md5()).presigned(60), {
            refused(400, "InvalidArgument").says(texts::NO_MD5).sse()
        }),
        row("PRE-009", "header signature: key and MD5 unsigned", |s3| unsigned(s3.get("doc").header(OBJECT_SIDE[0], "AES256"), A.triple().no_algorithm()), {
            not_signed("x-amz-server-side-encryption-customer-key, x-amz-server-side-encryption-customer-key-md5")
        }),
        row("SIG-004", "an hour old", |s3| s3.get("doc").sse_c(&A).signing(|s| s.age_s = 3600), {
            refused(403, "RequestTimeTooSkewed").with("MaxAllowedSkewMilliseconds", "900000").with_some("RequestTime").with_some("ServerTime")
                .says("The difference between the request time and the current time is too large.")
        }),
        row("SIG-012", "SigV2 in the header", |s3| s3.get("doc").anonymous().header("authorization", "AWS ssec:c2lnbmF0dXJl"), {
            refused(400, "InvalidRequest")
        }),
        row("SIG-012", "SigV2 in the query", |s3| {
            s3.get("doc?AWSAccessKeyId=ssec&Signature=c2ln&Expires=99999999999").anonymous()
        }, refused(400, "InvalidRequest")),
        row("SIG-016", "anonymous Create", |s3| s3.object("POST", "new?uploads").anonymous(), refused(403, "AccessDenied")),
    ]
}

#[test]
fn refused_signatures() {
    Table {
        setup,
        rows: refusals(),
        after: unchanged,
    }
    .check();
}

#[rustfmt::skip]
pub(crate) fn successes() -> Vec<Row> {
    vec![
        row("PRE-001", "GET, all three signed", |s3| get(s3, A.triple()), echo(200, &A).body("0123456789")),
        row("PRE-001", "HEAD, all three signed", |s3| s3.head("doc").sse_c(&A).presigned(60), echo(200, &A)),
        row("PRE-001", "PUT, all three signed", |s3| s3.put("new", "x").sse_c(&A).presigned(60), echo(200, &A)),
        row("PRE-002", "GET, the algorithm signed", |s3| algorithm_alone(s3.get("doc"), &A), echo(200, &A).body("0123456789")),
        row("PRE-002", "PUT, the algorithm signed", |s3| algorithm_alone(s3.put("new", "x"), &A), echo(200, &A)),
        row("PRE-001", "UploadPart", |s3| {
            let upload = s3.upload("up", Some(A));
            s3.put(&format!("up?partNumber=1&uploadId={}", upload.id), "x").sse_c(&A).presigned(60)
        }, echo(200, &A)),
        row("PRE-001", "DELETE", |s3| s3.delete("doc").presigned(60), bare(204)),
        row("PRE-109", "an unsigned Content-Type", |s3| s3.put("new", "x").presigned(60).unsigned("content-type", "a/b"), plain(200)),
        row("PRE-113", "metadata in the query", |s3| s3.put("new?x-amz-meta-colour=blue", "x").presigned(60), plain(200)),
        row("PRE-113", "the owner in the query", |s3| s3.get("plain?x-amz-expected-bucket-owner=123456789012").presigned(60), plain(200)),
        row("PRE-123", "PUT with the triple in the query alone", |s3| s3.put(&query("new"), "x").presigned(60), {
            plain(200).header("x-amz-server-side-encryption", "AES256")
        }),
        row("SIG-013", "unknown parameters are signed and ignored", |s3| {
            s3.get("doc?x-id=GetObject&SSECustomerAlgorithm=AES256").sse_c(&A)
        }, echo(200, &A)),
    ]
}

#[test]
fn accepted_signatures() {
    Table {
        setup,
        rows: successes(),
        after: |_| {},
    }
    .check();
}

/// PRE-113: what a presigned query says is kept with the object.
#[test]
fn metadata_of_a_presigned_put() {
    let s3 = setup();
    s3.put("new?x-amz-meta-colour=blue", "x")
        .sse_c(&A)
        .presigned(60)
        .ok(200);
    s3.get("new")
        .sse_c(&A)
        .ok(200)
        .has_header("x-amz-meta-colour", "blue");
}

/// The answer to SigV2, which boto3 uses to presign for endpoints of one's own, says what to set.
#[test]
fn version_2_is_refused_in_words() {
    let s3 = setup();
    let target = "doc?AWSAccessKeyId=ssec&Signature=c2ln&Expires=99999999999";
    let answer = s3
        .get(target)
        .signing(|signing| signing.how = Sign::Anonymous)
        .ok(400);
    let message = answer.must("Message");
    for word in ["signature_version", "s3v4"] {
        assert!(message.contains(word), "{message}");
    }
}
