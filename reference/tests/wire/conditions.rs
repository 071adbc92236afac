//! Conditions on reads, writes and deletes of SSE-C objects (CND).

use crate::keys::{A, B};
use crate::s3::{Ask, S3};
use crate::table::{Row, Table, Wanted, bare, echo, plain, refused, row};
use crate::texts;

const PAST: &str = "Fri, 01 Jan 2021 00:00:00 GMT";
const FUTURE: &str = "Fri, 01 Jan 2100 00:00:00 GMT";

fn setup() -> S3 {
    let s3 = S3::new();
    s3.store("doc", "0123456789", Some(&A));
    s3
}

fn unchanged(s3: &S3) {
    let answer = s3.get("doc").sse_c(&A).ok(200);
    assert_eq!(
        (answer.etag(), answer.body),
        (s3.noted("etag of doc"), "0123456789".into())
    );
}

fn put(s3: &S3) -> Ask<'_> {
    s3.put("doc", "what should not be there").sse_c(&A)
}

fn get(s3: &S3) -> Ask<'_> {
    s3.get("doc").sse_c(&A)
}

fn head(s3: &S3) -> Ask<'_> {
    s3.head("doc").sse_c(&A)
}

fn failed(condition: &'static str) -> Wanted {
    refused(412, "PreconditionFailed")
        .says(texts::PRECONDITION)
        .with("Condition", condition)
}

fn not_implemented(header: &'static str) -> Wanted {
    refused(501, "NotImplemented")
        .says(texts::NOT_IMPLEMENTED)
        .with("Header", header)
}

#[rustfmt::skip]
pub(crate) fn refusals() -> Vec<Row> {
    let value = "We don't accept the provided value of If-None-Match header for this API";
    let several = "Multiple conditional request headers present in the request";
    vec![
        row("CND-101", "PUT, If-None-Match", |s3| put(s3).header("if-none-match", "*"), failed("If-None-Match")),
        row("CND-102", "PUT, If-Match", |s3| put(s3).header("if-match", "\"another\""), failed("If-Match")),
        row("CND-102", "PUT, If-Match, absent", |s3| s3.put("none", "x").sse_c(&A).header("if-match", "\"e\""), {
            refused(404, "NoSuchKey").says(texts::NO_SUCH_KEY).with("Key", "none")
        }),
        row("CND-103", "PUT, If-None-Match of an ETag", |s3| put(s3).header("if-none-match", "\"e\""), {
            not_implemented("If-None-Match").with("additionalMessage", value)
        }),
        row("CND-103", "PUT, If-Match of any", |s3| put(s3).header("if-match", "*"), not_implemented("If-Match")),
        row("CND-103", "PUT, both", |s3| put(s3).header("if-match", "\"e\"").header("if-none-match", "*"), {
            not_implemented("If-Match,If-None-Match").with("additionalMessage", several)
        }),
        row("CND-104", "GET, If-Match", |s3| get(s3).header("if-match", "\"another\""), failed("If-Match")),
        row("CND-104", "GET, If-Unmodified-Since", |s3| get(s3).header("if-unmodified-since", PAST), failed("If-Unmodified-Since")),
        row("CND-104", "HEAD, If-Match", |s3| head(s3).header("if-match", "\"another\""), bare(412)),
        row("CND-104", "HEAD, If-Unmodified-Since", |s3| head(s3).header("if-unmodified-since", PAST), bare(412)),
        row("GET-019", "GET, If-Match, another key", |s3| {
            s3.get("doc").sse_c(&B).header("if-match", &s3.noted("etag of doc"))
        }, refused(403, "AccessDenied").says(texts::WRONG_KEY)),
        row("CND-108", "DELETE, If-Match", |s3| s3.delete("doc").header("if-match", "\"another\""), failed("If-Match")),
        row("CND-108", "DELETE of a version, If-Match", |s3| s3.delete("doc?versionId=null").header("if-match", "\"e\""), {
            not_implemented("If-Match").with("AdditionalMessage", "Conditional delete operations are not allowed when a \
                version ID is included in the request parameters.")
        }),
    ]
}

#[test]
fn refused_conditions() {
    Table {
        setup,
        rows: refusals(),
        after: unchanged,
    }
    .check();
}

#[rustfmt::skip]
pub(crate) fn successes() -> Vec<Row> {
    let whole = || echo(200, &A).body("0123456789");
    vec![
        row("CND-102", "PUT, If-Match", |s3| put(s3).header("if-match", &format!("\"{}\"", s3.noted("etag of doc"))), echo(200, &A)),
        row("CND-102", "PUT, If-Match without quotes", |s3| put(s3).header("if-match", &s3.noted("etag of doc")), echo(200, &A)),
        row("CND-105", "GET, If-None-Match", |s3| get(s3).header("if-none-match", &s3.noted("etag of doc")), bare(304).body("")),
        row("CND-105", "HEAD, If-None-Match in quotes", |s3| {
            head(s3).header("if-none-match", &format!("\"{}\"", s3.noted("etag of doc")))
        }, bare(304)),
        row("CND-105", "GET, If-Modified-Since now", |s3| {
            let modified = get(s3).ok(200).header("last-modified").unwrap().to_owned();
            get(s3).header("if-modified-since", &modified)
        }, bare(304)),
        row("CND-105", "GET, If-Modified-Since the future", |s3| get(s3).header("if-modified-since", FUTURE), whole()),
        row("CND-105", "GET, If-Modified-Since the past", |s3| get(s3).header("if-modified-since", PAST), whole()),
        row("CND-104", "GET, If-Match", |s3| get(s3).header("if-match", &s3.noted("etag of doc")), whole()),
        row("CND-104", "GET, If-Match of a list", |s3| {
            get(s3).header("if-match", &format!("\"another\", \"{}\"", s3.noted("etag of doc")))
        }, whole()),
        row("CND-108", "DELETE, If-Match", |s3| s3.delete("doc").header("if-match", &s3.noted("etag of doc")), plain(204)),
    ]
}

#[test]
fn accepted_conditions() {
    Table {
        setup,
        rows: successes(),
        after: |_| {},
    }
    .check();
}

/// CND-101: a delete marker as the current version counts as absent.
#[test]
fn a_marker_is_no_object() {
    let s3 = setup();
    s3.versioning("Enabled");
    s3.delete("doc").ok(204);
    put(&s3)
        .header("if-match", &s3.noted("etag of doc"))
        .ok(404);
    put(&s3).header("if-none-match", "*").ok(200);
}
