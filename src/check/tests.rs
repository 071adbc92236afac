//! One door: a question about SSE-C, an answer, and the checks that must find something.

use super::*;
use crate::case::data::{Body, Piece};
use crate::case::expect::{Expectation, Matcher, Status};
use crate::case::place::At;
use crate::keys::{CustomerKey, Seed, md5_hex};
use crate::wire::Headers;

const BODY: &str = "thirty-two bytes of plain text!!";

fn customer_key() -> CustomerKey {
    Seed::new("check").customer_key("case", "A")
}

fn at<T>(value: T) -> At<T> {
    At {
        value,
        place: Place::default(),
    }
}

fn expect(status: Status) -> Expect {
    Expect {
        place: Place::default(),
        status: at(status),
        error: None,
        message: None,
        headers: Vec::new(),
        body: None,
        xml: Vec::new(),
    }
}

fn refused(status: u16, code: &str) -> Expect {
    Expect {
        error: Some(at(code.to_owned())),
        ..expect(Status::Exactly(status))
    }
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let headers: Headers = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Response {
        status,
        headers,
        body: Bytes::copy_from_slice(body.as_bytes()),
    }
}

fn error(status: u16, code: &str) -> Response {
    answer(
        status,
        &[],
        &format!("<Error><Code>{code}</Code><Message>m</Message></Error>"),
    )
}

/// What a GET of an SSE-C object with that expectation finds in an answer.
struct Asked {
    expect: Expect,
    verb: Verb,
    unusual: bool,
    setup: bool,
    entitled: bool,
}

fn asked(expect: Expect) -> Asked {
    Asked {
        expect,
        verb: Verb::Get,
        unusual: false,
        setup: false,
        entitled: true,
    }
}

impl Asked {
    fn check(&self, answer: &Response, expected: &[Check]) {
        let key = customer_key();
        let md5 = key.md5_base64();
        let mut needles = Needles::default();
        needles.add(&key);
        let data = [crate::case::data::Datum {
            name: "doc".to_owned(),
            content: crate::case::data::Content::Text(BODY.to_owned()),
        }];
        let bodies = Bodies::new(&Seed::new("check"), "case", &data);
        let plaintext = Bytes::from_static(BODY.as_bytes());
        let question = Question {
            verb: self.verb,
            method: if self.verb == Verb::Head {
                "HEAD"
            } else {
                "GET"
            },
            expect: &self.expect,
            value: &|value| match value {
                Value::Text(text) => Ok(text.clone()),
                _ => Err("no".to_owned()),
            },
            bodies: &bodies,
            unusual: self.unusual,
            setup: self.setup,
            about_etags: true,
            about_echo: true,
            key_md5: Some(&md5),
            has_triple: true,
            plaintext: Some(&plaintext),
            entitled: self.entitled,
            needles: &needles,
        };
        let found = check(&question, answer);
        let checks: Vec<_> = found.iter().map(|difference| difference.check).collect();
        assert_eq!(checks, expected, "{found:?}");
    }
}

fn echo() -> [(&'static str, String); 3] {
    [
        (
            "x-amz-server-side-encryption-customer-algorithm",
            "AES256".to_owned(),
        ),
        (
            "x-amz-server-side-encryption-customer-key-md5",
            customer_key().md5_base64(),
        ),
        ("etag", "\"0123456789abcdef0123456789abcdef\"".to_owned()),
    ]
}

fn right(status: u16, body: &str) -> Response {
    let echo = echo();
    let headers: Vec<_> = echo
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    answer(status, &headers, body)
}

fn with_body() -> Expect {
    Expect {
        body: Some(at(Body::Data(vec![Piece::whole("doc")]))),
        ..expect(Status::Exactly(200))
    }
}

#[test]
fn what_s3_does_is_no_finding() {
    asked(with_body()).check(&right(200, BODY), &[]);
    asked(refused(403, "AccessDenied")).check(&error(403, "AccessDenied"), &[]);
    asked(expect(Status::Refused)).check(&error(409, "Whatever"), &[]);
    asked(expect(Status::Exactly(304))).check(&answer(304, &[], ""), &[]);
}

#[test]
fn accepting_and_refusing_are_told_apart() {
    let wrong_key = || Asked {
        entitled: false,
        unusual: true,
        ..asked(refused(403, "AccessDenied"))
    };
    wrong_key().check(
        &right(200, BODY),
        &[Check::Accepted, Check::PlaintextInAnswer],
    );
    wrong_key().check(
        &right(200, "other bytes that are not the object"),
        &[Check::Accepted],
    );
    wrong_key().check(&error(400, "AccessDenied"), &[Check::Status]);
    wrong_key().check(&error(403, "Forbidden"), &[Check::Code]);
    wrong_key().check(&error(400, "InvalidRequest"), &[Check::Status, Check::Code]);
    Asked {
        unusual: true,
        ..asked(Expect {
            xml: vec![at(Expectation {
                name: "ArgumentName".to_owned(),
                matcher: Matcher::Present,
            })],
            ..refused(400, "InvalidArgument")
        })
    }
    .check(&error(400, "InvalidRequest"), &[Check::Code]);
    wrong_key().check(&error(500, "InternalError"), &[Check::ServerError]);
    asked(with_body()).check(&error(403, "AccessDenied"), &[Check::Refused]);
    Asked {
        unusual: true,
        ..asked(with_body())
    }
    .check(&error(400, "InvalidArgument"), &[Check::Stricter]);
    asked(expect(Status::Exactly(304))).check(&error(403, "AccessDenied"), &[Check::Stricter]);
    asked(expect(Status::Exactly(304))).check(&right(200, BODY), &[Check::Accepted]);
}

#[test]
fn bytes_are_compared() {
    asked(with_body()).check(
        &right(200, "thirty-two bytes of plain text?!"),
        &[Check::Bytes],
    );
    asked(with_body()).check(&right(200, ""), &[Check::Bytes]);
    let slice = Body::Data(vec![Piece {
        name: "doc".to_owned(),
        slice: Some((0, 9)),
    }]);
    let range = || Expect {
        body: Some(at(slice.clone())),
        ..expect(Status::Exactly(206))
    };
    asked(range()).check(&right(206, &BODY[..10]), &[]);
    asked(range()).check(&right(200, BODY), &[Check::Status]);
    asked(range()).check(&right(200, ""), &[Check::Status, Check::Bytes]);
    asked(with_body()).check(&right(206, &BODY[..10]), &[Check::Status]);
    asked(range()).check(&right(206, BODY), &[Check::Bytes]);
}

#[test]
fn every_success_echoes_the_triple_and_no_other_encryption() {
    let missing = [Check::Header, Check::Header];
    asked(with_body()).check(&answer(200, &[], BODY), &missing);
    Asked {
        setup: true,
        ..asked(with_body())
    }
    .check(&answer(200, &[], BODY), &[]);
    let mut twice = right(200, BODY);
    twice.headers.push("x-amz-server-side-encryption", "AES256");
    asked(with_body()).check(&twice, &[Check::Header]);
    let mut md5 = right(200, BODY);
    md5.headers
        .set("ETag", format!("\"{}\"", md5_hex(BODY.as_bytes())));
    asked(with_body()).check(&md5, &[Check::EtagIsMd5]);
}

#[test]
fn no_answer_holds_a_key() {
    let mut header = right(200, BODY);
    header.headers.push("x-debug", customer_key().base64());
    asked(with_body()).check(&header, &[Check::KeyInAnswer]);
    let body = format!(
        "<Error><Code>AccessDenied</Code><Key>{}</Key></Error>",
        customer_key().base64()
    );
    asked(refused(403, "AccessDenied")).check(&answer(403, &[], &body), &[Check::KeyInAnswer]);
    Asked {
        setup: true,
        ..asked(with_body())
    }
    .check(&header, &[Check::KeyInAnswer]);
}

#[test]
fn a_key_in_the_request_that_an_error_shows_is_an_echo() {
    let shown = |element: &str| {
        let body = format!(
            "<Error><Code>SignatureDoesNotMatch</Code><{element}>x:{}</{element}></Error>",
            customer_key().base64()
        );
        answer(403, &[], &body)
    };
    let asked = || asked(refused(403, "SignatureDoesNotMatch"));
    asked().check(&shown("CanonicalRequest"), &[Check::KeyEchoed]);
    asked().check(&shown("StringToSign"), &[Check::KeyEchoed]);
    asked().check(&shown("Message"), &[Check::KeyInAnswer]);
}

#[test]
fn errors_are_documents() {
    for body in [
        "",
        "no",
        "<html></html>",
        "<Error></Error>",
        "<Error><Code>x</Error>",
    ] {
        asked(refused(403, "AccessDenied")).check(&answer(403, &[], body), &[Check::ErrorDocument]);
    }
    Asked {
        verb: Verb::Head,
        ..asked(refused(403, "AccessDenied"))
    }
    .check(&answer(403, &[], ""), &[]);
    asked(with_body()).check(
        &{
            let mut short = right(200, BODY);
            short.headers.push("content-length", "99");
            short
        },
        &[Check::Length],
    );
}

#[test]
fn headers_and_elements_are_compared() {
    let with = |matcher: Matcher| Expect {
        headers: vec![at(Expectation {
            name: "X-A".to_owned(),
            matcher,
        })],
        ..expect(Status::Ok)
    };
    let mut answer = right(200, "<R><C><S>1</S></C></R>");
    answer.headers.push("x-a", "1");
    let is = |text: &str| Matcher::Is(Value::Text(text.to_owned()));
    asked(with(is("1"))).check(&answer, &[]);
    asked(with(is("2"))).check(&answer, &[Check::Header]);
    asked(with(Matcher::Absent)).check(&answer, &[Check::Header]);
    let element = |path: &str, matcher: Matcher| Expect {
        xml: vec![at(Expectation {
            name: path.to_owned(),
            matcher,
        })],
        ..expect(Status::Ok)
    };
    asked(element("C/S", is("1"))).check(&answer, &[]);
    asked(element("C/S", is("2"))).check(&answer, &[Check::Field]);
    asked(element("C/T", Matcher::Absent)).check(&answer, &[]);
    asked(element("C/S", is("1"))).check(&right(200, "no XML at all, but a body"), &[Check::Field]);
}
