//! Whether a header, or an element, is what the author wrote.

use crate::case::expect::Matcher;
use crate::case::value::Value;

/// A matcher whose values are texts.
pub(super) enum Resolved {
    Are(Vec<String>),
    Present,
    Absent,
    Not(String),
    Like(String),
    Count(usize),
}

/// Makes texts of computed values, or says what is missing for it.
pub(super) fn resolve(
    matcher: &Matcher,
    value: &dyn Fn(&Value) -> Result<String, String>,
) -> Result<Resolved, String> {
    Ok(match matcher {
        Matcher::Is(one) => Resolved::Are(vec![value(one)?]),
        Matcher::Are(many) => Resolved::Are(many.iter().map(value).collect::<Result<_, _>>()?),
        Matcher::Present => Resolved::Present,
        Matcher::Absent => Resolved::Absent,
        Matcher::Not(other) => Resolved::Not(value(other)?),
        Matcher::Like(pattern) => Resolved::Like(pattern.clone()),
        Matcher::Count(count) => Resolved::Count(usize::try_from(*count).unwrap_or(usize::MAX)),
    })
}

/// What was expected, if `found` is something else.
pub(super) fn violated(matcher: &Resolved, found: &[&str]) -> Option<String> {
    let (holds, expected) = match matcher {
        Resolved::Are(values) => (found == values, values.join(", ")),
        Resolved::Present => (!found.is_empty(), "present".to_owned()),
        Resolved::Absent => (found.is_empty(), "absent".to_owned()),
        Resolved::Not(other) => (
            !found.is_empty() && !found.contains(&other.as_str()),
            format!("not {other}"),
        ),
        Resolved::Like(pattern) => (
            matches!(found, [one] if is_like(pattern, one)),
            format!("like {pattern}"),
        ),
        Resolved::Count(count) => (found.len() == *count, format!("{count} times")),
    };
    (!holds).then_some(expected)
}

/// Whether `text` fits a pattern in which `*` stands for any text.
fn is_like(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(head) else {
        return false;
    };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let tail = pieces.pop().unwrap_or_default();
    for piece in pieces {
        match text.find(piece) {
            Some(at) => text = &text[at + piece.len()..],
            None => return false,
        }
    }
    text.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, text, expected) in [
            ("bytes 0-9/*", "bytes 0-9/100", true),
            ("bytes 0-9/*", "bytes 0-8/100", false),
            ("*", "", true),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "acb", false),
            ("a*a", "a", false),
            ("*-2\"", "\"0123-2\"", true),
            ("plain", "plain", true),
            ("plain", "plainer", false),
        ] {
            assert_eq!(is_like(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn matchers() {
        let check = |matcher: Resolved, found: &[&str], holds: bool| {
            assert_eq!(violated(&matcher, found).is_none(), holds, "{found:?}");
        };
        let are = |values: &[&str]| {
            Resolved::Are(values.iter().map(|value| (*value).to_owned()).collect())
        };
        check(are(&["1"]), &["1"], true);
        check(are(&["1"]), &["1", "1"], false);
        check(are(&["1"]), &[], false);
        check(are(&["1", "2"]), &["1", "2"], true);
        check(are(&["1", "2"]), &["2", "1"], false);
        check(Resolved::Present, &[""], true);
        check(Resolved::Present, &[], false);
        check(Resolved::Absent, &[], true);
        check(Resolved::Absent, &[""], false);
        check(Resolved::Not("1".to_owned()), &["2"], true);
        check(Resolved::Not("1".to_owned()), &["1"], false);
        check(Resolved::Not("1".to_owned()), &[], false);
        check(Resolved::Count(2), &["a", "b"], true);
        check(Resolved::Count(0), &["a"], false);
    }
}
