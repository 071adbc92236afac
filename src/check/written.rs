//! What the author wrote: Code, headers, XML elements, bytes.

use super::status::ErrorDocument;
use super::{Difference, Question, body as bytes, matcher};
use crate::case::expect::{Expectation, Status};
use crate::case::place::At;
use crate::keys::contains;
use crate::verdict::Check;
use crate::wire::Response;
use crate::xml;

/// `<Code>`; an answer without an error document is another check's business.
pub(super) fn code(
    question: &Question<'_>,
    response: &Response,
    document: Option<&ErrorDocument>,
) -> Option<Difference> {
    let (expected, document) = (question.expect.error.as_ref()?, document?);
    (document.code != expected.value).then(|| {
        let wanted = format!("{} {}", expected_status(question, response), expected.value);
        let got = format!("{} {}", response.status, document.code);
        Difference::new(Check::Code, expected.place, wanted, got)
    })
}

fn expected_status(question: &Question<'_>, response: &Response) -> u16 {
    match question.expect.status.value {
        Status::Exactly(status) => status,
        _ => response.status,
    }
}

pub(super) fn headers(question: &Question<'_>, response: &Response) -> Vec<Difference> {
    let one = |expectation: &At<Expectation>| {
        let found: Vec<_> = response.headers.all(&expectation.value.name).collect();
        differs(question, expectation, &found, Check::Header)
    };
    question.expect.headers.iter().filter_map(one).collect()
}

/// Elements of an XML answer. HEAD has no body to look into.
pub(super) fn elements(question: &Question<'_>, response: &Response) -> Vec<Difference> {
    if question.expect.xml.is_empty() || question.method == "HEAD" {
        return Vec::new();
    }
    let root = match xml::parse(&response.body) {
        Ok(root) => root,
        Err(error) => {
            let place = question.expect.xml[0].place;
            return vec![Difference::new(
                Check::Field,
                place,
                "an XML document",
                error.to_string(),
            )];
        }
    };
    let one = |expectation: &At<Expectation>| {
        differs(
            question,
            expectation,
            &root.texts(&expectation.value.name),
            Check::Field,
        )
    };
    question.expect.xml.iter().filter_map(one).collect()
}

fn differs(
    question: &Question<'_>,
    expectation: &At<Expectation>,
    found: &[&str],
    check: Check,
) -> Option<Difference> {
    let At {
        value: Expectation { name, matcher },
        place,
    } = expectation;
    let resolved = match matcher::resolve(matcher, question.value) {
        Ok(resolved) => resolved,
        Err(missing) => {
            return Some(Difference::new(
                check,
                *place,
                format!("{name}: something to compare with"),
                missing,
            ));
        }
    };
    let expected = matcher::violated(&resolved, found)?;
    let got = if found.is_empty() {
        "absent".to_owned()
    } else {
        found.join(", ")
    };
    Some(Difference::new(
        check,
        *place,
        format!("{name}: {expected}"),
        format!("{name}: {got}"),
    ))
}

/// The object's bytes. A server that answers with the whole object where S3 gives a range, or the reverse,
/// has another status, and not other bytes.
pub(super) fn body(question: &Question<'_>, response: &Response) -> Option<Difference> {
    let expected = question.expect.body.as_ref()?;
    let wanted = question.bodies.of(&expected.value);
    let status = question.expect.status.value;
    let other_status = matches!(status, Status::Exactly(status) if status != response.status);
    let is_piece = question
        .plaintext
        .is_some_and(|plaintext| !response.body.is_empty() && contains(plaintext, &response.body));
    if question.method == "HEAD" || wanted == response.body || (other_status && is_piece) {
        return None;
    }
    let got = bytes::describe(&wanted, &response.body);
    Some(Difference::new(
        Check::Bytes,
        expected.place,
        format!("{} bytes as stored", wanted.len()),
        got,
    ))
}
