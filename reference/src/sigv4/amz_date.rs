//! The times of signatures: `YYYYMMDDTHHMMSSZ`, and the ISO form S3 shows in its errors.

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

const BASIC: &[BorrowedFormatItem<'static>] =
    format_description!("[year][month][day]T[hour][minute][second]Z");
const EXTENDED: &[BorrowedFormatItem<'static>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");

/// Reads `YYYYMMDDTHHMMSSZ`.
pub(super) fn parse(text: &str) -> Option<OffsetDateTime> {
    let exact = text.len() == 16;
    PrimitiveDateTime::parse(text, BASIC)
        .ok()
        .filter(|_| exact)
        .map(PrimitiveDateTime::assume_utc)
}

/// Writes `YYYYMMDDTHHMMSSZ`.
pub(super) fn basic(at: OffsetDateTime) -> String {
    at.format(BASIC).unwrap_or_default()
}

/// Writes `YYYY-MM-DDTHH:MM:SSZ`.
pub(super) fn extended(at: OffsetDateTime) -> String {
    at.format(EXTENDED).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms() {
        let at = parse("20130524T000102Z").unwrap();
        assert_eq!(basic(at), "20130524T000102Z");
        assert_eq!(extended(at), "2013-05-24T00:01:02Z");
    }

    #[test]
    fn other_forms_are_refused() {
        for bad in [
            "",
            "20130524",
            "2013-05-24T00:01:02Z",
            "20131324T000102Z",
            "20130524T000102",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
