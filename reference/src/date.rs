//! Dates as S3 writes them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;
use time::macros::format_description;

/// `2026-02-21T10:00:00.000Z`, as listings have it.
pub fn iso8601(at: OffsetDateTime) -> String {
    let format =
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    at.format(format).unwrap_or_default()
}

/// `Sat, 21 Feb 2026 10:00:00 GMT` (RFC 9110 §5.6.7).
pub fn http(at: OffsetDateTime) -> String {
    let seconds = u64::try_from(at.unix_timestamp()).unwrap_or(0);
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
}

/// Reads an HTTP date; what cannot be read is as if it had not been sent.
pub fn parse_http(text: &str) -> Option<OffsetDateTime> {
    let at: SystemTime = httpdate::parse_http_date(text).ok()?;
    let seconds = at.duration_since(UNIX_EPOCH).ok()?.as_secs();
    OffsetDateTime::from_unix_timestamp(i64::try_from(seconds).ok()?).ok()
}
