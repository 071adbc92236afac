//! PutObject: which triples are accepted, and how the others are refused (PUT).

use crate::keys::{A, B, Triple};
use crate::s3::{Ask, S3};
use crate::table::{Row, Table, Wanted, echo, plain, refused, row};
use crate::texts;

const BEFORE: &str = "what was there before";

fn setup() -> S3 {
    let s3 = S3::new();
    s3.store("doc", BEFORE, Some(&A));
    s3
}

/// The object is as it was, and still opens with its key alone.
fn unchanged(s3: &S3) {
    let answer = s3.get("doc").sse_c(&A).ok(200);
    assert_eq!(answer.body, BEFORE);
    assert_eq!(answer.etag(), s3.noted("etag of doc"));
}

/// The write that every refused row spoils in one place.
fn put(s3: &S3, triple: Triple) -> Ask<'_> {
    s3.put("doc", "what should not be there").triple(triple)
}

fn argument(message: &'static str) -> Wanted {
    refused(400, "InvalidArgument").says(message).sse()
}

fn algorithm(value: &'static str) -> Wanted {
    let refused = refused(400, "InvalidEncryptionAlgorithmError");
    refused.says(texts::ALGORITHM).sse().value(value)
}

fn conflict(value: &'static str) -> Wanted {
    argument(texts::INCOMPATIBLE).value(value)
}

#[rustfmt::skip]
pub(crate) fn refusals() -> Vec<Row> {
    // Where no source quotes the text, the code and the argument are all that is held.
    let unquoted = || refused(400, "InvalidArgument").sse();
    vec![
        row("PUT-002", "KMS", |s3| put(s3, A.triple().algorithm("KMS")), algorithm("KMS")),
        row("PUT-002", "aws:kms", |s3| put(s3, A.triple().algorithm("aws:kms")), algorithm("aws:kms")),
        row("PUT-002", "AES251", |s3| put(s3, A.triple().algorithm("AES251")), algorithm("AES251")),
        row("PUT-003", "aes256", |s3| put(s3, A.triple().algorithm("aes256")), algorithm("aes256")),
        row("PUT-004", "empty algorithm", |s3| put(s3, A.triple().algorithm("")), algorithm("")),
        row("PUT-005", "no algorithm", |s3| put(s3, A.triple().no_algorithm()), argument(texts::NO_ALGORITHM)),
        row("PUT-006", "key only", |s3| put(s3, A.triple().no_algorithm().no_md5()), unquoted()),
        row("PUT-007", "MD5 only", |s3| put(s3, A.triple().no_algorithm().no_key()), unquoted()),
        row("PUT-008", "no key", |s3| put(s3, A.triple().no_key()), argument(texts::NO_KEY)),
        row("PUT-009", "algorithm only", |s3| put(s3, A.triple().no_key().no_md5()), argument(texts::NO_KEY)),
        row("PUT-010", "no MD5", |s3| put(s3, A.triple().no_md5()), argument(texts::NO_MD5)),
        row("PUT-011", "key not base64", |s3| put(s3, A.triple().key("!!!")), unquoted().value("!!!")),
        row("PUT-012", "empty key", |s3| put(s3, A.triple().key("")), unquoted().any_value()),
        row("PUT-012", "empty key, its MD5", |s3| put(s3, Triple::of_len(0)), unquoted().any_value()),
        row("PUT-013", "3 bytes", |s3| put(s3, Triple::of_len(3)), argument(texts::KEY_LENGTH)),
        row("PUT-013", "10 bytes", |s3| put(s3, Triple::of_len(10)), argument(texts::KEY_LENGTH)),
        row("PUT-013", "16 bytes", |s3| put(s3, Triple::of_len(16)), argument(texts::KEY_LENGTH)),
        row("PUT-013", "24 bytes", |s3| put(s3, Triple::of_len(24)), argument(texts::KEY_LENGTH)),
        row("PUT-013", "31 bytes", |s3| put(s3, Triple::of_len(31)), argument(texts::KEY_LENGTH)),
        row("PUT-013", "33 bytes", |s3| put(s3, Triple::of_len(33)), argument(texts::KEY_LENGTH)),
        row("PUT-013", "44 bytes", |s3| put(s3, Triple::of_len(44)), argument(texts::KEY_LENGTH)),
        row("PUT-013", "64 bytes", |s3| put(s3, Triple::of_len(64)), argument(texts::KEY_LENGTH)),
        row("PUT-014", "another MD5", |s3| put(s3, A.triple().md5(&B.md5())), argument(texts::MD5_MISMATCH)),
        row("PUT-015", "24 bytes, another MD5", |s3| put(s3, Triple::of_len(24).md5(&A.md5())), argument(texts::MD5_MISMATCH)),
        row("PUT-016", "MD5 not base64", |s3| put(s3, A.triple().md5("!!!")), argument(texts::MD5_MISMATCH)),
        row("PUT-016", "MD5 no base64 either", |s3| put(s3, A.triple().md5("invalid")), unquoted()),
        row("PUT-016", "empty MD5", |s3| put(s3, A.triple().md5("")), unquoted()),
        row("PUT-016", "MD5 of 15 bytes", |s3| put(s3, A.triple().md5_of_len(15)), unquoted()),
        row("PUT-016", "MD5 of 17 bytes", |s3| put(s3, A.triple().md5_of_len(17)), unquoted()),
        row("PUT-017", "SSE-S3 too", |s3| put(s3, A.triple()).header("x-amz-server-side-encryption", "AES256"), conflict("AES256")),
        row("PUT-018", "SSE-KMS too", |s3| put(s3, A.triple()).header("x-amz-server-side-encryption", "aws:kms"), conflict("aws:kms")),
        row("PUT-019", "a KMS key too", |s3| {
            put(s3, A.triple()).header("x-amz-server-side-encryption-aws-kms-key-id", "alias/a")
        }, conflict("alias/a")),
        row("PUT-020", "a KMS context too", |s3| {
            put(s3, A.triple()).header("x-amz-server-side-encryption-context", "e30=")
        }, conflict("e30=")),
        row("PUT-021", "SSE-S3 too, algorithm KMS", |s3| {
            put(s3, A.triple().algorithm("KMS")).header("x-amz-server-side-encryption", "AES256")
        }, conflict("AES256")),
        row("PUT-022", "http", |s3| put(s3, A.triple()).plain_http(), argument(texts::NOT_SECURE)),
        row("PUT-024", "If-None-Match", |s3| put(s3, A.triple()).header("if-none-match", "*"), {
            refused(412, "PreconditionFailed").says(texts::PRECONDITION).with("Condition", "If-None-Match")
        }),
        row("PUT-025", "the key twice", |s3| {
            put(s3, A.triple()).header("x-amz-server-side-encryption-customer-key", &B.base64())
        }, unquoted()),
        row("PUT-025", "the algorithm twice", |s3| {
            put(s3, A.triple()).header("x-amz-server-side-encryption-customer-algorithm", "AES256")
        }, algorithm("AES256,AES256")),
        row("PUT-027", "another Content-MD5", |s3| {
            put(s3, A.triple()).header("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==")
        }, refused(400, "BadDigest")),
    ]
}

#[test]
fn refused_writes() {
    Table {
        setup,
        rows: refusals(),
        after: unchanged,
    }
    .check();
}

#[rustfmt::skip]
pub(crate) fn successes() -> Vec<Row> {
    let stored = || echo(200, &A).some_header("etag").no_header("x-amz-version-id");
    vec![
        row("PUT-001", "the right triple", |s3| s3.put("new", "x").sse_c(&A), stored()),
        row("PUT-022", "http without SSE-C", |s3| s3.put("new", "x").plain_http(), plain(200)),
        row("PUT-023", "no bytes", |s3| s3.put("new", "").sse_c(&A), stored()),
        row("PUT-024", "If-None-Match of what is not there", |s3| {
            s3.put("new", "x").sse_c(&A).header("if-none-match", "*")
        }, stored()),
        row("PUT-026", "over another key's object", |s3| s3.put("doc", "x").sse_c(&B), echo(200, &B)),
        row("PUT-026", "over an SSE-C object, without", |s3| s3.put("doc", "x"), {
            plain(200).header("x-amz-server-side-encryption", "AES256")
        }),
        row("PUT-027", "its Content-MD5", |s3| {
            s3.put("new", "x").sse_c(&A).header("content-md5", "ndTkYSaMgDT1yFZOFVxnpg==")
        }, stored()),
        row("OTH-006", "a storage class", |s3| {
            s3.put("new", "x").sse_c(&A).header("x-amz-storage-class", "INTELLIGENT_TIERING")
        }, stored()),
    ]
}

#[test]
fn accepted_writes() {
    Table {
        setup,
        rows: successes(),
        after: |_| {},
    }
    .check();
}
