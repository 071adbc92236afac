//! What the loader refuses, word for word.

use super::{case, load};

/// The message of the one mistake of a file, from its second line on: the file is always the same.
fn refused(fields: &str, steps: &str, expected: &str) {
    let error = load(&case(fields, steps)).expect_err(expected);
    assert_eq!(error, expected, "\n{error}");
}

#[test]
fn unknown_words_are_refused_with_what_was_meant() {
    refused(
        "data: { doc: 1KiB }",
        "- put: { object: doc, body: doc, sse-c: A, expect: ok }",
        "put/t.yaml:9:40: `put` has no field `sse-c`\n  |\n\
         9 |       - put: { object: doc, body: doc, sse-c: A, expect: ok }\n  |                                        ^^^^^\n  \
         = did you mean `sse_c`?\n  \
         = allowed: object, body, sse_c, checksum, metadata, headers, query, sign, wire, but, control, because, expect, as, rules",
    );
    refused(
        "",
        "- pit: { object: doc, expect: ok }",
        "put/t.yaml:8:9: there is no verb `pit`\n  |\n8 |       - pit: { object: doc, expect: ok }\n  |         ^^^\n  \
         = did you mean `put`?\n  = allowed: put, get, head, delete, copy, list, attributes, start_upload, upload_part, \
         upload_part_copy, complete_upload, abort_upload, list_parts, post_form, presign, use, bucket, compare, raw",
    );
    refused(
        "needs: [mulitpart]",
        "- put: { object: doc, expect: ok }",
        "put/t.yaml:7:13: there is no feature `mulitpart`\n  |\n7 |     needs: [mulitpart]\n  |             ^^^^^^^^^\n  \
         = did you mean `multipart`?\n  = allowed: acl, archive, attributes, blocked-by-default, blocking, bucket-encryption, buckets, checksums, \
         conditional-writes, copy, http, multipart, policy, post-form, presign, tagging, versioning",
    );
    refused(
        "",
        "- put: { object: doc, sse_c: AB, expect: ok }",
        "put/t.yaml:8:36: `AB` is no name of a key\n  |\n8 |       - put: { object: doc, sse_c: AB, expect: ok }\n  |                                    ^^\n  \
         = a key is one capital, A to Z",
    );
}

#[test]
fn what_is_wrong_in_a_request_is_not_said_again_of_its_defect() {
    refused(
        "",
        "- put: { object: doc, ssec: A, but: { sse_c: { md5: omit } }, expect: { status: 400 } }",
        "put/t.yaml:8:29: `put` has no field `ssec`\n  |\n8 |       - put: { object: doc, ssec: A, but: { sse_c: { md5: omit } }, expect: { status: 400 } }\n  \
         |                             ^^^^\n  = did you mean `sse_c`?\n  \
         = allowed: object, body, sse_c, checksum, metadata, headers, query, sign, wire, but, control, because, expect, as, rules",
    );
}

#[test]
fn names_that_mean_nothing_or_are_not_used_are_refused() {
    refused(
        "data: { doc: 1B, other: 1B }",
        "- put: { object: doc, body: dco, as: put, expect: ok }\n- get: { object: doc, version: $pot, expect: { status: 200, body: doc } }",
        "put/t.yaml:7:22: nothing uses the datum `other`\n  |\n7 |     data: { doc: 1B, other: 1B }\n  |                      ^^^^^\n\
         put/t.yaml:9:9: nothing uses the answer `put`\n  |\n9 |       - put: { object: doc, body: dco, as: put, expect: ok }\n  |         ^\n\
         put/t.yaml:9:35: there is no datum `dco`\n  |\n9 |       - put: { object: doc, body: dco, as: put, expect: ok }\n  |                                   ^^^\n  \
         = did you mean `doc`?\n  = allowed: doc, other\n\
         put/t.yaml:10:38: there is no earlier answer `pot`\n   |\n10 |       - get: { object: doc, version: $pot, expect: { status: 200, body: doc } }\n   |                                      ^^^^\n   \
         = did you mean `put`?\n   = allowed: put",
    );
    refused(
        "table: { columns: [name, key], rows: [[one, A]] }",
        "- put: { object: doc, sse_c: $row.kye, expect: ok }",
        "put/t.yaml:7:30: nothing uses the column `key`\n  |\n7 |     table: { columns: [name, key], rows: [[one, A]] }\n  |                              ^^^\n  \
         = use it as $row.key, or leave it out\n\
         put/t.yaml:9:36: the table has no column `kye`\n  |\n9 |       - put: { object: doc, sse_c: $row.kye, expect: ok }\n  |                                    ^^^^^^^^\n  \
         = did you mean `key`?\n  = allowed: name, key",
    );
}

/// Fields of a case, its steps, and the message.
const IMPOSSIBLE: &[(&str, &str, &str)] = &[
    (
        "",
        "- head: { object: a, expect: { status: 400, error: X12 } }",
        "the answer to HEAD has no body, so no `error`",
    ),
    (
        "",
        "- put: { object: a, expect: { status: ok, error: Abc } }",
        "an `error` goes with its exact `status`",
    ),
    (
        "",
        "- put: { object: a, but: { object: null }, expect: ok }",
        "`put` needs the field `object`",
    ),
    (
        "",
        "- put: { object: a, but: { object: a }, expect: ok }",
        "`but` changes nothing",
    ),
    (
        "",
        "- put: { object: a, because: x, expect: ok }",
        "`because` goes with `control: none`",
    ),
    (
        "",
        "- put: { object: a, control: none, expect: { status: 403 } }",
        "`control: none` needs the field `because`",
    ),
    (
        "",
        "- put: { object: a, control: { after: $b }, expect: { status: 403 } }",
        "no later step that succeeds is named `b`",
    ),
    (
        "",
        "- put: { object: a, expect: { status: 403 } }",
        "a refusal proves nothing without a control",
    ),
    (
        "",
        "- delete: { object: a, but: { object: b }, expect: { status: 403 } }",
        "a refusal proves nothing without a control",
    ),
    ("", "- put: { object: a }", "`put` needs the field `expect`"),
    (
        "",
        "- put: { expect: ok }",
        "`put` needs the field `object`",
    ),
    (
        "",
        "- put: { object: null, expect: ok }",
        "`put` needs the field `object`",
    ),
    (
        "",
        "- put: { object: a, sse_c: { key: omit }, expect: ok }",
        "a triple without a key needs the field `md5`",
    ),
    (
        "",
        "- put: { object: a, sse_c: { md5: A }, expect: ok }",
        "a triple needs the field `key`, and there is no correct one before it",
    ),
    (
        "",
        "- put: { object: a, expect: { status: 99 } }",
        "`99` is no status from 200 to 599",
    ),
    (
        "",
        "- get: { object: a, range: 9-1, expect: ok }",
        "`9-1` is no range",
    ),
    (
        "",
        "- bucket: { ask: delete_policy, expect: ok }",
        "a case that changes its bucket needs one of its own",
    ),
    (
        "",
        "- compare: { same: [a, b], expect: ok }",
        "`compare` has no field `expect`",
    ),
    (
        "data: { doc: 65MiB }",
        "- put: { object: a, body: doc, expect: ok }",
        "`65MiB` is no size",
    ),
    (
        "data: { doc: 10 }",
        "- put: { object: a, body: doc, expect: ok }",
        "`10` is no size",
    ),
    (
        "data: { Doc: 10B }",
        "- put: { object: a, expect: ok }",
        "`Doc` is no name of a datum",
    ),
    (
        "",
        "- put: { object: a, headers: { 'a b': c }, expect: ok }",
        "`a b` is no header's name",
    ),
    (
        "",
        "- get: { object: a, version: $x, expect: ok }",
        "there is no earlier answer `x`",
    ),
    (
        "",
        "- put: { object: a, as: x, expect: ok }\n- put: { object: a, headers: { If-Match: $x.etga }, expect: ok }",
        "an answer has no field `etga`",
    ),
    (
        "table: { columns: [name, a], rows: [[x, 1, 2]] }",
        "- put: { object: $row.a, expect: ok }",
        "this row has 3 cells for 2 columns",
    ),
    (
        "table: { columns: [a, b], rows: [[x, 1]] }",
        "- put: { object: $row.b, expect: ok }",
        "the first column is `name`, and one at least follows it",
    ),
    (
        "table: { columns: [name, a], rows: [[x, 1], [x, 2]] }",
        "- put: { object: $row.a, expect: ok }",
        "the row `x` is there twice",
    ),
];

#[test]
fn what_cannot_be_is_refused() {
    for (fields, steps, message) in IMPOSSIBLE {
        let error = load(&case(fields, steps)).expect_err(message);
        let first = error
            .lines()
            .find(|line| line.starts_with("put/t.yaml:") && line.ends_with(message));
        assert!(first.is_some(), "expected: {message}\n{error}");
    }
}

#[test]
fn ids_are_unique_and_for_ever() {
    let twice = case("", "- put: { object: a, expect: ok }");
    let (_, again) = twice.split_once("cases:\n").expect("it has cases");
    let error = load(&format!("{twice}{again}")).expect_err("the id is there twice");
    assert_eq!(
        error,
        "put/t.yaml:9:9: the id `a-case` is there twice\n  |\n9 |   - id: a-case\n  |         ^^^^^^\n  \
         = the other one is at put/t.yaml:4:9"
    );
    let error = load(&twice.replace("a-case", "old")).expect_err("the id is retired");
    assert!(
        error.contains("this id is retired") && error.ends_with("= because it was wrong"),
        "{error}"
    );
    let error = load(&twice.replace("PUT-001", "PUT-009")).expect_err("the rule is unknown");
    assert!(
        error.contains("put/t.yaml:6:13: there is no rule PUT-009"),
        "{error}"
    );
}
