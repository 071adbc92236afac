//! Each thing that lint says, provoked once.

use super::*;

const TITLE: &str = "An object is returned to whoever has its key";

/// What lint says of a case, with these lines in place of its last step.
fn check(area: &str, title: &str, fields: &str, step: &str, expected: &[&str]) {
    let text = format!(
        "format: 1\nabout: x\ncases:\n  - id: a-case\n    title: {title}\n    rules: [PUT-001]\n{fields}    steps:\n      - {step}\n"
    );
    let rule = |id: &str, evidence: &str, more: &str| {
        format!(
            "  - id: {id}\n    says: s\n    evidence: {evidence}\n    impact: interop\n{more}    \
             sources: [{{ what: recording, where: x, read: 2026-11-23 }}]\n"
        )
    };
    let rules = format!("format: 1\nrules:\n{}", rule("PUT-001", "recorded", ""));
    let more = format!(
        "format: 1\nrules:\n{}{}",
        rule("GET-001", "inferred", "    untested: because\n"),
        rule("GET-002", "inferred", "")
    );
    let mut sources = vec![
        Source::new(format!("{area}/t.yaml"), text),
        Source::new("rules/put.yaml", rules),
    ];
    if area == "get" {
        sources.push(Source::new("rules/get.yaml", more));
    }
    let errors = lint(&Library::from_sources(sources));
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    assert_eq!(messages, expected, "{fields}{step}");
}

const GOOD: &str = "head: { object: a, sse_c: A, expect: ok }";

#[test]
fn a_good_case_is_left_alone() {
    check("put", TITLE, "", GOOD, &[]);
}

#[test]
fn rules_without_a_case_are_found() {
    let messages = ["no case holds a target to GET-002"];
    check("get", TITLE, "", GOOD, &messages);
    let cited = "head: { object: a, sse_c: A, rules: [GET-001, GET-002], expect: ok }";
    check(
        "get",
        TITLE,
        "",
        cited,
        &["GET-001 has a case, and says that it is untested"],
    );
}

#[test]
fn folders_and_titles_are_legible() {
    check("pot", TITLE, "", GOOD, &["`pot` is no area"]);
    check(
        "put",
        "Too short",
        "",
        GOOD,
        &["the title of `a-case` has 9 characters, not 20 to 140"],
    );
    let dotted = format!("{TITLE}.");
    check(
        "put",
        &dotted,
        "",
        GOOD,
        &["the title of `a-case` ends with a full stop"],
    );
    let small = TITLE.to_lowercase();
    check(
        "put",
        &small,
        "",
        GOOD,
        &["the title of `a-case` does not begin with a capital"],
    );
}

#[test]
fn one_defect_to_a_case_unless_it_says_so() {
    let two = |but: &str| {
        format!(
            "put: {{ object: a, sse_c: A, but: {{ {but} }}, expect: {{ status: 400, error: InvalidArgument }} }}"
        )
    };
    let message = ["`but` changes 2 things, and the case says `faults: 1`"];
    for but in [
        "sse_c: { md5: B }, object: b",
        "sse_c: { key: { bytes: 3 }, md5: omit }",
        "headers: { A: b, C: d }",
    ] {
        check("put", TITLE, "", &two(but), &message);
        check("put", TITLE, "    faults: 2\n", &two(but), &[]);
    }
    check(
        "put",
        TITLE,
        "",
        &two("sse_c: { key: omit, algorithm: omit }"),
        &[],
    );
}

#[test]
fn refused_is_for_what_nobody_has_seen() {
    let vague = "put: { object: a, sse_c: A, but: { sse_c: { md5: B } }, expect: refused }";
    let message = "`refused` is for rules whose answer nobody has seen, and PUT-001 is not one";
    check("put", TITLE, "", vague, &[message]);
}

#[test]
fn bodies_have_their_limits() {
    let put = "put: { object: a, body: doc, expect: ok }";
    let message = "a body of 131073 bytes in a quick run, which takes up to 131072";
    check(
        "put",
        TITLE,
        "    data: { doc: 131073B }\n",
        put,
        &[message],
    );
    check(
        "put",
        TITLE,
        "    depth: full\n    data: { doc: 131073B }\n",
        put,
        &[],
    );
    let message = "22020096 bytes of data, more than 20971520";
    check(
        "put",
        TITLE,
        "    depth: full\n    data: { doc: 21MiB }\n",
        put,
        &[message],
    );
}

#[test]
fn literal_keys_are_found() {
    let put = |key: &str| {
        format!("put: {{ object: a, sse_c: {{ key: {{ text: '{key}' }} }}, expect: ok }}")
    };
    // The key of ceph/s3-tests, which is public.
    let key = put("pO3upElrwuEXSoFwCfnZPdSsmt/xWeFa0N9KgDijwVs=");
    check("put", TITLE, "", &key, &["this could be a customer key"]);
    check(
        "put",
        TITLE,
        "",
        &put("dW5wYWRkZWQgdW5wYWRkZWQgdW5wYWRkZWQgdW5wYWQ"),
        &[],
    );
    check("put", TITLE, "", &put("cG8zdXBFbHJ3dUVYU29Gd0Nmbg=="), &[]);
}

#[test]
fn long_files_are_split() {
    let steps = format!("{GOOD}\n      - ").repeat(150);
    check(
        "put",
        TITLE,
        "",
        &format!("{steps}{GOOD}"),
        &["has 158 lines, more than 150"],
    );
}
