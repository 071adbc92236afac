//! Probes of uploads in parts.

use super::Probe;
use super::s3::{ALGORITHM, Ask, KEY, KEY_MD5, S3, SSE, bytes, md5};

pub(crate) const PROBES: &[Probe] = &[
    ("create-plain-is-refused", |s3| create(s3).status() == 400),
    ("checksum-missing-on-plain-complete", |s3| {
        let id = s3.create("b/n", None);
        let etag = s3.part("b/n", &id, 1).answer().header("etag");
        let answer = s3.complete("b/n", &id, &[(1, etag)]).answer();
        answer.is_ok() && answer.element("ChecksumCRC64NVME").is_empty()
    }),
    ("part-needs-no-key", |s3| {
        part(s3, Some('A')).status() == 200
    }),
    ("part-takes-any-key", |s3| {
        part(s3, Some('A')).key('B').status() == 200
    }),
    ("part-plain-ignores-triple", |s3| {
        part(s3, None).key('B').status() == 200
    }),
    ("part-takes-missing-md5", |s3| {
        part(s3, Some('A')).key('A').without(KEY_MD5).status() == 200
    }),
    ("part-compares-no-md5", |s3| {
        part(s3, Some('A'))
            .key('A')
            .with(KEY_MD5, &md5("x"))
            .status()
            == 200
    }),
    ("part-other-key-is-403", |s3| {
        part(s3, Some('A')).key('B').status() == 403
    }),
    ("part-echoes-nothing", |s3| {
        let answer = part(s3, Some('A')).key('A').answer();
        answer.is_ok() && !answer.has(KEY_MD5)
    }),
    ("part-stored-though-refused", |s3| {
        let id = s3.create("b/n", Some('A'));
        s3.part("b/n", &id, 1).key('B').status() == 400
            && s3
                .get(&format!("b/n?uploadId={id}"))
                .answer()
                .shows("<Size>3</Size>")
    }),
    ("part-first-attempt-stays", |s3| {
        s3.upload("b/n", &[(1, b"first".to_vec()), (1, b"second".to_vec())]);
        s3.get("b/n").key('A').answer().body == b"first"
    }),
    ("parts-in-order-of-arrival", |s3| {
        let parts = [bytes(2000), bytes(1500)];
        s3.upload("b/n", &[(2, parts[0].clone()), (1, parts[1].clone())]);
        s3.get("b/n").key('A').answer().body == parts.concat()
    }),
    ("create-takes-missing-md5", |s3| {
        create(s3).key('A').without(KEY_MD5).status() == 200
    }),
    ("create-without-key-is-plain", |s3| {
        create(s3).key('A').without(KEY).status() == 200
    }),
    ("create-takes-sse-too", |s3| {
        create(s3).key('A').with(SSE, "AES256").status() == 200
    }),
    ("create-forgets-encryption", |s3| {
        let echoes = create(s3).key('A').answer().has(KEY_MD5);
        s3.upload("b/n", &[(1, b"abc".to_vec())]);
        echoes && s3.get("b/n").answer().body == b"abc"
    }),
    ("create-loses-metadata", |s3| {
        let id = create(s3)
            .key('A')
            .with("x-amz-meta-a", "1")
            .answer()
            .element("UploadId");
        let etag = s3.part("b/n", &id, 1).key('A').answer().header("etag");
        s3.complete("b/n", &id, &[(1, etag)]).answer();
        let answer = s3.get("b/n").key('A').answer();
        answer.is_ok() && !answer.has("x-amz-meta-a")
    }),
    ("multipart-needs-no-key", |s3| {
        s3.get("b/parts").status() == 200 && s3.get("b/doc").status() == 400
    }),
    ("multipart-takes-any-key", |s3| {
        s3.get("b/parts").key('B').status() == 200 && s3.get("b/doc").key('B').status() == 403
    }),
    ("complete-needs-key", |s3| complete(s3, "").status() == 400),
    ("complete-refuses-key", |s3| {
        complete(s3, "").key('A').status() == 400
    }),
    ("complete-takes-any-key", |s3| {
        complete(s3, "").key('B').status() == 200
    }),
    ("complete-done-though-refused", |s3| {
        complete(s3, "").key('B').status() == 400 && s3.get("b/n").key('A').status() == 200
    }),
    ("complete-checksums-need-no-key", |s3| {
        complete(s3, "CRC64NVME").status() == 200
    }),
    ("complete-echoes-nothing", |s3| {
        let answer = complete(s3, "").answer();
        answer.is_ok() && !answer.has(ALGORITHM)
    }),
    ("complete-tells-key-md5", |s3| {
        complete(s3, "").answer().has(KEY_MD5)
    }),
    ("complete-sorts-the-list", |s3| {
        let id = s3.create("b/n", Some('A'));
        let etag = |number| {
            let part = s3.part("b/n", &id, number).key('A').body(bytes(2000));
            (number, part.answer().header("etag"))
        };
        let list = [etag(2), etag(1)];
        s3.complete("b/n", &id, &list).status() == 200
    }),
    ("complete-only-once", |s3| {
        let ask = complete(s3, "");
        ask.clone().status() == 200 && ask.status() == 404
    }),
    ("list-parts-needs-key", |s3| {
        let id = s3.create("b/n", Some('A'));
        s3.get(&format!("b/n?uploadId={id}")).status() == 400
    }),
    ("list-parts-checks-nothing", |s3| {
        let id = create(s3)
            .key('A')
            .with("x-amz-checksum-algorithm", "CRC64NVME");
        let id = id.answer().element("UploadId");
        s3.get(&format!("b/n?uploadId={id}")).status() == 200
    }),
    ("abort-needs-key", |s3| {
        let id = s3.create("b/n", Some('A'));
        s3.delete(&format!("b/n?uploadId={id}")).status() == 400
    }),
    ("part-copy-needs-no-source-key", |s3| {
        part_copy(s3, Some('C')).key('C').status() == 200
    }),
    ("part-copy-takes-any-source-key", |s3| {
        part_copy(s3, Some('C')).key('C').source_key('B').status() == 200
    }),
    ("part-copy-needs-no-key", |s3| {
        part_copy(s3, Some('C')).source_key('A').status() == 200
    }),
    ("part-copy-plain-ignores-triple", |s3| {
        part_copy(s3, None).key('C').source_key('A').status() == 200
    }),
    ("part-copy-takes-missing-md5", |s3| {
        part_copy(s3, Some('C'))
            .key('C')
            .source_key('A')
            .without(KEY_MD5)
            .status()
            == 200
    }),
    ("part-copy-refuses-sse-c-source", |s3| {
        part_copy(s3, Some('C')).key('C').source_key('A').status() == 400
    }),
    ("part-copy-is-shifted", |s3| {
        let id = s3.create("b/n", Some('C'));
        let ask = s3.part_copy("b/doc", "b/n", &id).key('C').source_key('A');
        let backwards = ask.clone().with("x-amz-copy-source-range", "bytes=5-0");
        assert_eq!(backwards.status(), 400);
        let answer = ask.with("x-amz-copy-source-range", "bytes=10-19").answer();
        s3.complete("b/n", &id, &[(1, answer.element("ETag"))])
            .answer();
        s3.get("b/n").key('C').answer().body == bytes(100)[9..19]
    }),
    ("part-copy-forgets-version", |s3| {
        let id = s3.create("b/n", Some('C'));
        let ask = s3
            .part_copy("versioned/doc", "b/n", &id)
            .key('C')
            .source_key('B');
        let answer = ask.answer();
        answer.is_ok() && !answer.has("x-amz-copy-source-version-id")
    }),
    ("part-copy-etag-is-empty", |s3| {
        part_copy(s3, Some('C'))
            .key('C')
            .source_key('A')
            .answer()
            .element("ETag")
            == "\"\""
    }),
    ("block-spares-parts", |s3| {
        let id = blocked_upload(s3);
        s3.part("blocked/n", &id, 1).key('A').status() == 200
            && s3.put("blocked/n").key('A').status() == 403
    }),
    ("block-stops-complete", |s3| {
        super::world::configure(s3, "blocked", "AES256", "NONE");
        let id = s3.create("blocked/n", Some('A'));
        let etag = s3
            .part("blocked/n", &id, 1)
            .key('A')
            .answer()
            .header("etag");
        super::world::configure(s3, "blocked", "AES256", "SSE-C");
        s3.complete("blocked/n", &id, &[(1, etag)]).status() == 403
    }),
    ("block-spares-uploads", |s3| {
        s3.ask("POST", "blocked/n?uploads").key('A').status() == 200
            && s3.put("blocked/n").key('A').status() == 403
    }),
];

fn create(s3: &S3) -> Ask<'_> {
    s3.ask("POST", "b/n?uploads")
}

fn part(s3: &S3, key: Option<char>) -> Ask<'_> {
    let id = s3.create("b/n", key);
    s3.part("b/n", &id, 1)
}

fn part_copy(s3: &S3, key: Option<char>) -> Ask<'_> {
    let id = s3.create("b/n", key);
    s3.part_copy("b/doc", "b/n", &id)
}

/// Complete of an upload of one part under A, with a checksum algorithm if one is named.
fn complete<'a>(s3: &'a S3, algorithm: &str) -> Ask<'a> {
    let ask = create(s3).key('A');
    let ask = match algorithm {
        "" => ask,
        named => ask.with("x-amz-checksum-algorithm", named),
    };
    let id = ask.answer().element("UploadId");
    let etag = s3.part("b/n", &id, 1).key('A').answer().header("etag");
    s3.complete("b/n", &id, &[(1, etag)])
}

/// An upload that was begun before its bucket blocked SSE-C.
fn blocked_upload(s3: &S3) -> String {
    super::world::configure(s3, "blocked", "AES256", "NONE");
    let id = s3.create("blocked/n", Some('A'));
    super::world::configure(s3, "blocked", "AES256", "SSE-C");
    id
}
