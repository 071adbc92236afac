//! Conditional requests (RFC 9110 §13) as S3 judges them: reads, copy sources and writes.

use http::HeaderMap;
use time::OffsetDateTime;

use crate::date;
use crate::error::{Code, S3Error, S3Result};
use crate::head::header;

/// The four conditions of a read or of a copy source.
#[derive(Debug, Default)]
pub struct ReadConditions {
    if_match: Option<String>,
    if_none_match: Option<String>,
    if_modified_since: Option<OffsetDateTime>,
    if_unmodified_since: Option<OffsetDateTime>,
    is_copy_source: bool,
}

/// Names of the headers and of `<Condition>`, for reads and for copy sources.
const READ: [&str; 4] = [
    "If-Match",
    "If-None-Match",
    "If-Modified-Since",
    "If-Unmodified-Since",
];
const COPY_SOURCE: [&str; 4] = [
    "x-amz-copy-source-If-Match",
    "x-amz-copy-source-If-None-Match",
    "x-amz-copy-source-If-Modified-Since",
    "x-amz-copy-source-If-Unmodified-Since",
];

impl ReadConditions {
    /// The conditions on what GetObject, HeadObject and the like read.
    pub fn of_read(headers: &HeaderMap) -> Self {
        Self::read(headers, READ, false)
    }

    /// The conditions on the source of a copy, which never answer 304 (CND-106).
    pub fn of_copy_source(headers: &HeaderMap) -> Self {
        Self::read(headers, COPY_SOURCE, true)
    }

    fn read(headers: &HeaderMap, names: [&str; 4], is_copy_source: bool) -> Self {
        let text = |name: &str| header(headers, &name.to_ascii_lowercase());
        let date = |name: &str| text(name).and_then(|text| date::parse_http(&text));
        Self {
            if_match: text(names[0]),
            if_none_match: text(names[1]),
            if_modified_since: date(names[2]),
            if_unmodified_since: date(names[3]),
            is_copy_source,
        }
    }

    /// The refusal, if a condition does not hold: `PreconditionFailed`, or `NotModified` for reads.
    pub fn judge(
        &self,
        etag: &str,
        modified: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Option<S3Error> {
        let modified = modified.replace_nanosecond(0).unwrap_or(modified);
        let changed_since = |at: OffsetDateTime| modified > at;
        let failed = match &self.if_match {
            Some(list) if !matches(list, etag) => Some(0),
            Some(_) => None,
            None => self
                .if_unmodified_since
                .filter(|at| changed_since(*at))
                .map(|_| 3),
        };
        if let Some(index) = failed {
            return Some(self.failed(index));
        }
        let unchanged = match &self.if_none_match {
            Some(list) => matches(list, etag).then_some(1),
            // A date in the future says nothing (CND-105).
            None => self
                .if_modified_since
                .filter(|at| *at <= now && !changed_since(*at))
                .map(|_| 2),
        };
        let index = unchanged?;
        Some(if self.is_copy_source {
            self.failed(index)
        } else {
            S3Error::from(Code::NotModified)
        })
    }

    fn failed(&self, index: usize) -> S3Error {
        let names = if self.is_copy_source {
            COPY_SOURCE
        } else {
            READ
        };
        S3Error::from(Code::PreconditionFailed).with("Condition", names[index])
    }
}

/// What a write demands of the object it replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteCondition {
    /// Nothing.
    None,
    /// `If-None-Match: *`: there must be no such object.
    Absent,
    /// `If-Match`: the object must be there with this ETag.
    Etag(String),
}

impl WriteCondition {
    /// Reads `If-Match` and `If-None-Match` of PutObject, CopyObject and Complete (CND-103).
    ///
    /// # Errors
    /// `NotImplemented` for the values S3 does not take on writes.
    pub fn read(headers: &HeaderMap) -> S3Result<Self> {
        let refuse = |name: &'static str, message: &'static str| {
            Err(S3Error::from(Code::NotImplemented)
                .with("Header", name)
                .with("additionalMessage", message))
        };
        let if_match = header(headers, "if-match");
        let if_none_match = header(headers, "if-none-match");
        match (if_match.as_deref(), if_none_match.as_deref()) {
            (None, None) => Ok(Self::None),
            (Some(_), Some(_)) => refuse(
                "If-Match,If-None-Match",
                "Multiple conditional request headers present in the request",
            ),
            (None, Some("*")) => Ok(Self::Absent),
            (None, Some(_)) => refuse(
                "If-None-Match",
                "We don't accept the provided value of If-None-Match header for this API",
            ),
            (Some("*"), None) => refuse(
                "If-Match",
                "We don't accept the provided value of If-Match header for this API",
            ),
            (Some(etag), None) => Ok(Self::Etag(unquoted(etag).to_owned())),
        }
    }

    /// Judges the condition against the current object's ETag; `None`: no object, or a marker.
    ///
    /// # Errors
    /// `PreconditionFailed`, or `NoSuchKey` when `If-Match` meets no object (CND-102).
    pub fn judge(&self, current_etag: Option<&str>, key: &str) -> S3Result<()> {
        let failed =
            |name: &str| Err(S3Error::from(Code::PreconditionFailed).with("Condition", name));
        match (self, current_etag) {
            (Self::Absent, Some(_)) => failed("If-None-Match"),
            (Self::Etag(_), None) => Err(S3Error::from(Code::NoSuchKey).with("Key", key)),
            (Self::Etag(wanted), Some(etag)) if wanted != etag => failed("If-Match"),
            _ => Ok(()),
        }
    }
}

/// Whether a list of entity tags (quotes optional, CND-105) or `*` names `etag`.
fn matches(list: &str, etag: &str) -> bool {
    list.split(',')
        .map(str::trim)
        .any(|given| given == "*" || unquoted(given) == etag)
}

fn unquoted(etag: &str) -> &str {
    let etag = etag.strip_prefix("W/").unwrap_or(etag);
    etag.strip_prefix('"')
        .and_then(|etag| etag.strip_suffix('"'))
        .unwrap_or(etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(pairs: &[(&'static str, &str)]) -> Option<Code> {
        let headers = pairs
            .iter()
            .map(|(name, value)| {
                (
                    http::HeaderName::from_static(name),
                    value.parse::<http::HeaderValue>().unwrap(),
                )
            })
            .collect();
        let modified = date::parse_http("Sat, 21 Feb 2026 10:00:00 GMT").unwrap();
        let now = modified + time::Duration::hours(1);
        ReadConditions::of_read(&headers)
            .judge("e", modified, now)
            .map(|error| error.code())
    }

    #[test]
    fn reads() {
        const SAME: &str = "Sat, 21 Feb 2026 10:00:00 GMT";
        const BEFORE: &str = "Sat, 21 Feb 2026 09:59:59 GMT";
        const FUTURE: &str = "Sun, 21 Feb 2027 10:00:00 GMT";
        let check =
            |pairs: &[(&'static str, &str)], wanted| assert_eq!(judge(pairs), wanted, "{pairs:?}");
        check(&[], None);
        check(&[("if-match", "\"e\"")], None);
        check(&[("if-match", "e")], None);
        check(&[("if-match", "\"x\", \"e\"")], None);
        check(&[("if-match", "*")], None);
        check(&[("if-match", "\"x\"")], Some(Code::PreconditionFailed));
        check(&[("if-none-match", "\"e\"")], Some(Code::NotModified));
        check(&[("if-none-match", "e")], Some(Code::NotModified));
        check(&[("if-none-match", "\"x\"")], None);
        check(&[("if-modified-since", SAME)], Some(Code::NotModified));
        check(&[("if-modified-since", BEFORE)], None);
        check(&[("if-modified-since", FUTURE)], None);
        check(&[("if-unmodified-since", SAME)], None);
        check(
            &[("if-unmodified-since", BEFORE)],
            Some(Code::PreconditionFailed),
        );
        check(&[("if-match", "e"), ("if-unmodified-since", BEFORE)], None);
        check(&[("if-none-match", "x"), ("if-modified-since", SAME)], None);
    }
}
