//! Ranges: which are ignored, which are refused, and the bytes of all others, over every size
//! around the borders of segments and parts (RNG).

use crate::keys::{A, B, Key};
use crate::s3::{S3, SEGMENT_LEN};
use crate::table::{Row, Table, echo, refused, row};
use crate::texts;

fn setup() -> S3 {
    let s3 = S3::new();
    s3.store("doc", "0123456789", Some(&A));
    s3.store("empty", "", Some(&A));
    s3
}

#[rustfmt::skip]
pub(crate) fn rows() -> Vec<Row> {
    let whole = || echo(200, &A).body("0123456789").no_header("content-range");
    let some = |range, body| echo(206, &A).header("content-range", range).body(body);
    let beyond = |range| refused(416, "InvalidRange").says(texts::RANGE)
        .with("RangeRequested", range).with("ActualObjectSize", "10");
    vec![
        row("RNG-101", "backwards", |s3| s3.get("doc").sse_c(&A).header("range", "bytes=1-0"), whole()),
        row("RNG-101", "-1-", |s3| s3.get("doc").sse_c(&A).header("range", "bytes=-1-"), whole()),
        row("RNG-101", "0--1", |s3| s3.get("doc").sse_c(&A).header("range", "bytes=0--1"), whole()),
        row("RNG-101", "two ranges", |s3| s3.get("doc").sse_c(&A).header("range", "bytes=0-1,3-4"), whole()),
        row("RNG-101", "a hyphen", |s3| s3.get("doc").sse_c(&A).header("range", "bytes=-"), whole()),
        row("RNG-101", "no unit", |s3| s3.get("doc").sse_c(&A).header("range", "0-1"), whole()),
        row("RNG-102", "an end beyond", |s3| s3.get("doc").sse_c(&A).header("range", "bytes=0-100"), some("bytes 0-9/10", "0123456789")),
        row("RNG-102", "a suffix beyond", |s3| s3.get("doc").sse_c(&A).header("range", "bytes=-15"), some("bytes 0-9/10", "0123456789")),
        row("RNG-103", "a suffix of nothing", |s3| s3.get("doc").sse_c(&A).header("range", "bytes=-0"), beyond("bytes=-0")),
        row("RNG-103", "beyond", |s3| s3.get("doc").sse_c(&A).header("range", "bytes=100-200"), beyond("bytes=100-200")),
        row("RNG-103", "the first byte of none", |s3| s3.get("empty").sse_c(&A).header("range", "bytes=0-0"), {
            refused(416, "InvalidRange").with("ActualObjectSize", "0")
        }),
        row("GET-003", "nothing, another key", |s3| s3.get("empty").sse_c(&B), refused(403, "AccessDenied").says(texts::WRONG_KEY)),
        row("GET-002", "nothing, no key", |s3| s3.get("empty"), refused(400, "InvalidRequest").says(texts::KEY_NEEDED)),
        row("PUT-023", "nothing, the key", |s3| s3.get("empty").sse_c(&A), echo(200, &A).body("").header("content-length", "0")),
    ]
}

#[test]
fn ranges_of_small_objects() {
    Table {
        setup,
        rows: rows(),
        after: |_| {},
    }
    .check();
}

/// Bytes of which no two near each other are alike, or zeros alone.
fn bytes(len: usize, zeros: bool) -> Vec<u8> {
    let byte = |at: usize| {
        if zeros {
            0
        } else {
            (at * 31 + at / 16 * 7 + at / 251) as u8
        }
    };
    (0..len).map(byte).collect()
}

/// Lengths around the borders of segments.
fn lengths() -> Vec<usize> {
    let segment = SEGMENT_LEN as usize;
    let around = |at: usize| [at - 1, at, at + 1];
    [0].into_iter()
        .chain(around(1).into_iter().skip(1))
        .chain([1, 2, 3, 16].into_iter().flat_map(|n| around(n * segment)))
        .collect()
}

/// Offsets near the borders that matter: of segments, of parts, of the object.
fn edges(len: usize, borders: &[usize]) -> Vec<usize> {
    let near = |at: usize| [at.saturating_sub(1), at, at + 1];
    let mut edges: Vec<_> = borders
        .iter()
        .copied()
        .chain([0, len])
        .flat_map(near)
        .collect();
    edges.sort_unstable();
    edges.dedup();
    edges
}

/// Reads every range between two edges and holds it against the plaintext.
fn check_ranges(s3: &S3, key: &str, customer_key: &Key, plaintext: &[u8], borders: &[usize]) {
    let len = plaintext.len();
    for first in edges(len, borders) {
        let open = s3
            .get(key)
            .sse_c(customer_key)
            .header("range", &format!("bytes={first}-"))
            .send();
        if first >= len {
            assert_eq!(open.status, 416, "{first}- of {len}");
            continue;
        }
        assert_eq!(
            (open.status, &*open.body),
            (206, &plaintext[first..]),
            "{first}- of {len}"
        );
        for last in edges(len, borders)
            .into_iter()
            .filter(|last| *last >= first)
        {
            let range = format!("bytes={first}-{last}");
            let answer = s3
                .get(key)
                .sse_c(customer_key)
                .header("range", &range)
                .ok(206);
            let end = last.min(len - 1);
            assert_eq!(answer.body, &plaintext[first..=end], "{range} of {len}");
            answer.has_header("content-range", &format!("bytes {first}-{end}/{len}"));
            answer.has_header("content-length", &(end - first + 1).to_string());
        }
    }
    for suffix in [1, len, len + 1].into_iter().filter(|_| len > 0) {
        let answer = s3
            .get(key)
            .sse_c(customer_key)
            .header("range", &format!("bytes=-{suffix}"))
            .ok(206);
        assert_eq!(
            answer.body,
            &plaintext[len.saturating_sub(suffix)..],
            "-{suffix} of {len}"
        );
    }
}

/// GET-001, GET-011: every length around the borders of segments, every range around them.
#[test]
fn every_length_and_range() {
    for len in lengths() {
        for zeros in [false, true] {
            let s3 = S3::new();
            let plaintext = bytes(len, zeros);
            s3.put("doc", plaintext.clone()).sse_c(&A).ok(200);
            let read = s3.get("doc").sse_c(&A).ok(200);
            assert_eq!(read.body, plaintext, "{len} bytes");
            s3.head("doc")
                .sse_c(&A)
                .ok(200)
                .has_header("content-length", &len.to_string());
            if zeros {
                continue;
            }
            let segment = SEGMENT_LEN as usize;
            let borders = [segment, len / segment * segment];
            check_ranges(&s3, "doc", &A, &plaintext, &borders);
        }
    }
}

/// MPU-024: parts whose lengths are no whole number of segments, every range over their borders.
#[test]
fn every_range_over_parts() {
    for lens in [[20, 21, 1], [32, 33, 0], [47, 20, 16], [48, 48, 48]] {
        let s3 = S3::new();
        let mut upload = s3.upload("doc", Some(A));
        let mut plaintext = Vec::new();
        let mut borders = Vec::new();
        for (index, len) in lens.into_iter().enumerate() {
            let part = bytes(len + index, false)[index..].to_vec();
            upload.add(index as u16 + 1, part.clone());
            plaintext.extend(&part);
            borders.push(plaintext.len());
        }
        upload.complete().ok(200);
        check_ranges(&s3, "doc", &A, &plaintext, &borders);
        let mut from = 0;
        for (index, to) in borders.iter().copied().enumerate() {
            let part = s3
                .get(&format!("doc?partNumber={}", index + 1))
                .sse_c(&A)
                .ok(206);
            assert_eq!(
                part.body,
                &plaintext[from..to],
                "part {} of {lens:?}",
                index + 1
            );
            from = to;
        }
    }
}

/// Large bodies are opened batch by batch: the same bytes, across the borders of batches.
#[test]
fn ranges_of_a_large_object() {
    let s3 = S3::with(ssec_reference::Config {
        buckets: vec![crate::s3::BUCKET.into()],
        ..Default::default()
    });
    let len = 3 * 1024 * 1024 + 17;
    let plaintext = bytes(len, false);
    s3.put("doc", plaintext.clone()).sse_c(&A).ok(200);
    assert!(
        s3.get("doc").sse_c(&A).ok(200).body == plaintext,
        "other bytes"
    );
    for (first, last) in [
        (0, len - 1),
        (65_535, 65_536),
        (1_048_575, 2_097_152),
        (1_000_000, len - 2),
    ] {
        let range = s3
            .get("doc")
            .sse_c(&A)
            .header("range", &format!("bytes={first}-{last}"))
            .ok(206);
        assert!(
            range.body == plaintext[first..=last],
            "other bytes in {first}-{last}"
        );
    }
}
