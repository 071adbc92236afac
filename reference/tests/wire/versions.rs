//! Versions: each its own key, markers, the null version (VER, and what of GET and HEA needs them).

use crate::keys::{A, B, C};
use crate::s3::{Ask, S3};
use crate::table::{Row, Table, Wanted, any, bare, echo, refused, row};
use crate::texts;

/// `doc` has three versions, A, B and without SSE-C, then a marker; `one` is current under A.
fn setup() -> S3 {
    let s3 = S3::new();
    s3.versioning("Enabled");
    for (name, key) in [("a", Some(&A)), ("b", Some(&B)), ("plain", None)] {
        let answer = s3.store("doc", name, key);
        s3.note(name, answer.header("x-amz-version-id").unwrap());
    }
    let deleted = s3.delete("doc").ok(204);
    deleted.has_header("x-amz-delete-marker", "true");
    s3.note("marker", deleted.header("x-amz-version-id").unwrap());
    s3.store("one", "one", Some(&A));
    let gone = s3.store("one", "gone", Some(&A));
    let gone = gone.header("x-amz-version-id").unwrap();
    s3.note("gone", gone);
    s3.delete(&format!("one?versionId={gone}")).ok(204);
    s3
}

fn version<'a>(s3: &'a S3, method: &str, name: &str) -> Ask<'a> {
    s3.object(method, &format!("doc?versionId={}", s3.noted(name)))
}

fn source<'a>(s3: &'a S3, key: &str, version: &str) -> Ask<'a> {
    s3.copy(&format!("{key}?versionId={version}"), "copy")
}

#[rustfmt::skip]
pub(crate) fn refusals() -> Vec<Row> {
    let marker = || refused(405, "MethodNotAllowed").says("The specified method is not allowed against this resource.")
        .with("Method", "GET").with("ResourceType", "DeleteMarker")
        .header("allow", "DELETE").header("x-amz-delete-marker", "true");
    let no_id = |value| refused(400, "InvalidArgument").says("Invalid version id specified")
        .argument("versionId").value(value);
    let gone = || refused(404, "NoSuchVersion").says("The specified version does not exist.")
        .with("Key", "one").with_some("VersionId");
    let wrong_key = || refused(403, "AccessDenied").says(texts::WRONG_KEY);
    vec![
        row("GET-024", "the current version is a marker", |s3| s3.get("doc"), {
            refused(404, "NoSuchKey").says(texts::NO_SUCH_KEY).with("Key", "doc").header("x-amz-delete-marker", "true")
        }),
        row("GET-024", "a marker, and a key", |s3| s3.get("doc").sse_c(&A), refused(404, "NoSuchKey")),
        row("GET-025", "a marker by its id", |s3| version(s3, "GET", "marker"), marker()),
        row("VER-006", "a marker by its id, and a key", |s3| version(s3, "GET", "marker").sse_c(&A), marker()),
        row("GET-026", "A's version with B", |s3| version(s3, "GET", "a").sse_c(&B), wrong_key()),
        row("GET-026", "B's version with A", |s3| version(s3, "GET", "b").sse_c(&A), wrong_key()),
        row("GET-026", "A's version without a key", |s3| version(s3, "GET", "a"), {
            refused(400, "InvalidRequest").says(texts::KEY_NEEDED)
        }),
        row("GET-009", "the plain version with A", |s3| version(s3, "GET", "plain").sse_c(&A), {
            refused(400, "InvalidRequest").says(texts::NOT_APPLICABLE)
        }),
        row("HEA-007", "the current version is a marker", |s3| s3.head("doc"), bare(404).header("x-amz-delete-marker", "true")),
        row("HEA-007", "a marker by its id", |s3| version(s3, "HEAD", "marker"), bare(405).header("allow", "DELETE")),
        row("ATT-005", "the current version is a marker", |s3| {
            s3.get("doc?attributes").header("x-amz-object-attributes", "ETag")
        }, refused(404, "NoSuchKey")),
        row("ATT-005", "a marker by its id", |s3| {
            s3.get(&format!("doc?attributes&versionId={}", s3.noted("marker"))).header("x-amz-object-attributes", "ETag")
        }, refused(405, "MethodNotAllowed")),
        row("VER-001", "GET", |s3| s3.get("doc?versionId=AAAA").sse_c(&A), no_id("AAAA")),
        row("VER-001", "GET of zeros", |s3| s3.get("doc?versionId=00000000000000000000000000000000"), {
            no_id("00000000000000000000000000000000")
        }),
        row("VER-001", "DELETE", |s3| s3.delete("doc?versionId=AAAA"), no_id("AAAA")),
        row("VER-002", "GET", |s3| s3.get(&format!("one?versionId={}", s3.noted("gone"))).sse_c(&A), gone()),
        row("VER-002", "HEAD", |s3| s3.head(&format!("one?versionId={}", s3.noted("gone"))).sse_c(&A), bare(404)),
        row("VER-006", "the ACL of a marker", |s3| s3.get(&format!("doc?acl&versionId={}", s3.noted("marker"))), {
            refused(405, "MethodNotAllowed").with("ResourceType", "DeleteMarker").header("allow", "DELETE")
        }),
        row("VER-007", "copy of no version id", |s3| source(s3, "doc", "AAAA").source_sse_c(&A), {
            refused(400, "InvalidArgument").any_argument()
        }),
        row("VER-007", "copy of a version that is gone", |s3| source(s3, "one", &s3.noted("gone")).source_sse_c(&A), {
            refused(404, "NoSuchVersion")
        }),
        row("VER-007", "copy of a marker", |s3| source(s3, "doc", &s3.noted("marker")), refused(400, "InvalidRequest")),
        row("VER-007", "copy where a marker is current", |s3| s3.copy("doc", "copy").source_sse_c(&A), refused(404, "NoSuchKey")),
        row("CPY-006", "copy of A's version with B", |s3| source(s3, "doc", &s3.noted("a")).source_sse_c(&B), {
            refused(400, "InvalidRequest").says(texts::NOT_ORIGINAL)
        }),
        row("VER-008", "lower case", |s3| {
            s3.bucket("PUT", "?versioning").body("<VersioningConfiguration><Status>enabled</Status></VersioningConfiguration>")
        }, refused(400, "MalformedXML").says(texts::MALFORMED_XML)),
        row("VER-008", "no status", |s3| s3.bucket("PUT", "?versioning").body("<VersioningConfiguration/>"), {
            refused(400, "IllegalVersioningConfigurationException").says("The Versioning element must be specified")
        }),
    ]
}

#[test]
fn refused_versions() {
    Table {
        setup,
        rows: refusals(),
        after: |_| {},
    }
    .check();
}

#[rustfmt::skip]
pub(crate) fn successes() -> Vec<Row> {
    let some_id = |wanted: Wanted| wanted.some_header("x-amz-version-id");
    vec![
        row("GET-026", "A's version with A", |s3| version(s3, "GET", "a").sse_c(&A), some_id(echo(200, &A)).body("a")),
        row("GET-026", "B's version with B", |s3| version(s3, "GET", "b").sse_c(&B), some_id(echo(200, &B)).body("b")),
        row("GET-026", "HEAD of A's version", |s3| version(s3, "HEAD", "a").sse_c(&A), some_id(echo(200, &A))),
        row("VER-002", "DELETE of a version that is gone", |s3| s3.delete(&format!("one?versionId={}", s3.noted("gone"))), {
            some_id(any(204))
        }),
        row("OTH-001", "DELETE without a key", |s3| s3.delete("one"), some_id(any(204)).header("x-amz-delete-marker", "true")),
        row("CPY-002", "copy of A's version", |s3| source(s3, "doc", &s3.noted("a")).source_sse_c(&A).sse_c(&C), {
            some_id(echo(200, &C)).some_header("x-amz-copy-source-version-id")
        }),
        row("PUT-026", "a version under another key", |s3| s3.put("one", "x").sse_c(&B), some_id(echo(200, &B))),
    ]
}

#[test]
fn accepted_versions() {
    Table {
        setup,
        rows: successes(),
        after: |_| {},
    }
    .check();
}

/// OTH-001: a marker removed brings the object back, for its key alone.
#[test]
fn a_marker_is_taken_away() {
    let s3 = setup();
    let answer = version(&s3, "DELETE", "marker").ok(204);
    answer
        .has_header("x-amz-delete-marker", "true")
        .has_header("x-amz-version-id", &s3.noted("marker"));
    assert_eq!(s3.get("doc").ok(200).body, "plain");
    version(&s3, "DELETE", "plain")
        .ok(204)
        .lacks_header("x-amz-delete-marker");
    assert_eq!(s3.get("doc").sse_c(&B).ok(200).body, "b");
    s3.get("doc").sse_c(&A).ok(403);
}

/// VER-003: a bucket that was never versioned says no version ids, and knows `null`.
#[test]
fn never_versioned() {
    let s3 = S3::new();
    s3.store("doc", "x", Some(&A))
        .lacks_header("x-amz-version-id");
    for target in ["doc", "doc?versionId=null"] {
        s3.get(target)
            .sse_c(&A)
            .ok(200)
            .lacks_header("x-amz-version-id");
        s3.head(target)
            .sse_c(&A)
            .ok(200)
            .lacks_header("x-amz-version-id");
    }
    s3.versioning("Enabled");
    for target in ["doc", "doc?versionId=null"] {
        s3.get(target)
            .sse_c(&A)
            .ok(200)
            .has_header("x-amz-version-id", "null");
        s3.head(target)
            .sse_c(&A)
            .ok(200)
            .has_header("x-amz-version-id", "null");
    }
}

/// VER-004, VER-005: a suspended bucket writes and deletes the null version.
#[test]
fn suspended() {
    let s3 = S3::new();
    s3.versioning("Enabled");
    let kept = s3
        .store("doc", "kept", Some(&A))
        .header("x-amz-version-id")
        .unwrap()
        .to_owned();
    s3.versioning("Suspended");
    s3.put("doc", "null")
        .sse_c(&B)
        .ok(200)
        .lacks_header("x-amz-version-id");
    s3.get("doc")
        .sse_c(&B)
        .ok(200)
        .has_header("x-amz-version-id", "null");
    let deleted = s3.delete("doc").ok(204);
    deleted
        .has_header("x-amz-delete-marker", "true")
        .has_header("x-amz-version-id", "null");
    s3.get("doc?versionId=null").sse_c(&B).ok(405);
    assert_eq!(
        s3.get(&format!("doc?versionId={kept}"))
            .sse_c(&A)
            .ok(200)
            .body,
        "kept"
    );
}

/// VER-009: a later write wins over the Complete of an earlier upload; its repeat finds nothing.
#[test]
fn an_upload_that_began_before_a_later_write() {
    let s3 = S3::new();
    let mut upload = s3.upload("doc", Some(A));
    upload.add(1, "the upload");
    s3.store("doc", "the later write", Some(&B));
    upload.complete().ok(200).must("ETag");
    assert_eq!(s3.get("doc").sse_c(&B).ok(200).body, "the later write");
    assert_eq!(upload.complete().ok(404).must("Code"), "NoSuchUpload");
}

/// GET-026 among many: every version opens with its own key alone, by part and by range too.
#[test]
fn every_version_its_own_key() {
    let s3 = S3::new();
    s3.versioning("Enabled");
    let keys = [A, B, C];
    let ids: Vec<_> = keys
        .iter()
        .enumerate()
        .map(|(index, key)| {
            let answer = s3.store("doc", &format!("version {index} of the object"), Some(key));
            answer.header("x-amz-version-id").unwrap().to_owned()
        })
        .collect();
    for (at, id) in ids.iter().enumerate() {
        for (tried, key) in keys.iter().enumerate() {
            let status = if at == tried { 206 } else { 403 };
            s3.get(&format!("doc?versionId={id}&partNumber=1"))
                .sse_c(key)
                .ok(status);
            let range = s3
                .get(&format!("doc?versionId={id}"))
                .sse_c(key)
                .header("range", "bytes=8-17");
            let range = range.ok(status);
            if at == tried {
                assert_eq!(range.body, format!("{at} of the o"));
            }
        }
    }
}
