//! Comparing bytes, and saying in a line how they differ.

use crate::keys::contains;

/// So many bytes of an object in an answer are no accident.
const OVERLAP_LEN_MIN: usize = 16;
/// So many of an object's first bytes are looked for.
const OVERLAP_LEN_MAX: usize = 64;

/// How `got` differs from `wanted`, in a line.
pub(super) fn describe(wanted: &[u8], got: &[u8]) -> String {
    let at = wanted.iter().zip(got).position(|(a, b)| a != b);
    match (at, wanted.len().cmp(&got.len())) {
        (Some(at), _) => format!(
            "{} bytes, the first difference at byte {at}{}",
            got.len(),
            excerpt(got)
        ),
        (None, std::cmp::Ordering::Greater) => format!("{} bytes, the rest is missing", got.len()),
        (None, std::cmp::Ordering::Less) => {
            format!("{} bytes, {} too many", got.len(), got.len() - wanted.len())
        }
        (None, std::cmp::Ordering::Equal) => "the same bytes".to_owned(),
    }
}

/// What stands in the body, if it is a text such as an error document.
fn excerpt(got: &[u8]) -> String {
    const LEN: usize = 60;
    let head = &got[..got.len().min(LEN)];
    match std::str::from_utf8(head) {
        Ok(text) if head.first() == Some(&b'<') => format!(": {}", text.escape_debug()),
        _ => String::new(),
    }
}

/// Whether an answer holds bytes of an object: a piece of it, or its beginning.
#[must_use]
pub fn overlaps(answer: &[u8], plaintext: &[u8]) -> bool {
    if answer.len() < OVERLAP_LEN_MIN || plaintext.len() < OVERLAP_LEN_MIN {
        return false;
    }
    contains(plaintext, answer)
        || contains(answer, &plaintext[..plaintext.len().min(OVERLAP_LEN_MAX)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_how_bytes_differ() {
        for (wanted, got, expected) in [
            ("abc", "abd", "3 bytes, the first difference at byte 2"),
            ("abc", "ab", "2 bytes, the rest is missing"),
            ("abc", "abcd", "4 bytes, 1 too many"),
            (
                "abc",
                "<Error>",
                "7 bytes, the first difference at byte 0: <Error>",
            ),
        ] {
            assert_eq!(describe(wanted.as_bytes(), got.as_bytes()), expected);
        }
    }

    #[test]
    fn finds_an_object_in_an_answer() {
        let object: Vec<u8> = (0..=255).collect();
        assert!(overlaps(&object, &object));
        assert!(overlaps(&object[100..120], &object), "a range of it");
        assert!(
            overlaps(&[b"<x>", &object[..64]].concat(), &object),
            "its beginning within an answer"
        );
        assert!(!overlaps(
            b"<Error><Code>AccessDenied</Code></Error>",
            &object
        ));
        assert!(
            !overlaps(&object[..8], &object),
            "too short to mean anything"
        );
    }
}
