//! Status and error Code: accepted or refused, and how.

use super::Difference;
use crate::case::expect::{Expect, Status};
use crate::verdict::Check;
use crate::wire::Response;
use crate::xml;

/// How a status compares.
pub(super) struct Comparison {
    /// Accepted where S3 accepts, or refused where S3 refuses: the rest of the answer can be compared.
    pub(super) same_kind: bool,
    pub(super) difference: Option<Difference>,
}

/// What kind of answer a status is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Accepted,
    /// 3xx: S3 answers so to conditional reads.
    Elsewhere,
    Refused,
    Broken,
}

const fn kind(status: u16) -> Kind {
    match status {
        200..300 => Kind::Accepted,
        300..400 => Kind::Elsewhere,
        400..500 => Kind::Refused,
        _ => Kind::Broken,
    }
}

/// The table of what a status means where S3 answers another one.
pub(super) fn compare(expect: &Expect, unusual: bool, got: u16) -> Comparison {
    let (expected, name) = match expect.status.value {
        Status::Ok => (Kind::Accepted, "a 2xx".to_owned()),
        Status::Refused => (Kind::Refused, "a refusal (4xx)".to_owned()),
        Status::Exactly(status) => (kind(status), described(expect, status)),
    };
    let exactly = match expect.status.value {
        Status::Exactly(status) => got == status,
        Status::Ok | Status::Refused => kind(got) == expected,
    };
    let found = match (expected, kind(got)) {
        _ if exactly => None,
        (_, Kind::Broken) => Some(Check::ServerError),
        (Kind::Refused | Kind::Broken | Kind::Elsewhere, Kind::Accepted) => Some(Check::Accepted),
        (Kind::Accepted, Kind::Refused) if !unusual => Some(Check::Refused),
        (Kind::Accepted | Kind::Elsewhere, Kind::Refused) => Some(Check::Stricter),
        _ => Some(Check::Status),
    };
    Comparison {
        same_kind: exactly || kind(got) == expected,
        difference: found
            .map(|check| Difference::new(check, expect.status.place, name, got.to_string())),
    }
}

fn described(expect: &Expect, status: u16) -> String {
    match &expect.error {
        Some(code) => format!("{status} {}", code.value),
        None => status.to_string(),
    }
}

/// S3's error document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorDocument {
    /// `<Code>`
    pub code: String,
    /// `<Message>`
    pub message: Option<String>,
}

/// The error document of an answer, if it is one: answers to HEAD have none.
#[must_use]
pub fn error_document(method: &str, response: &Response) -> Option<ErrorDocument> {
    if response.status < 300 || method == "HEAD" || response.body.is_empty() {
        return None;
    }
    let root = xml::parse(&response.body).ok()?;
    let error = if root.name == "Error" {
        &root
    } else {
        root.children.iter().find(|child| child.name == "Error")?
    };
    Some(ErrorDocument {
        code: error.text_at("Code")?.trim().to_owned(),
        message: error.text_at("Message").map(str::to_owned),
    })
}
