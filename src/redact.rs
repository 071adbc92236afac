//! Takes secret values out of any text; knows nothing of what the text is for.

use std::borrow::Cow;

/// What stands where a credential was.
const REPLACEMENT: &str = "[redacted]";

/// Secrets shorter than this are redacted only where they stand alone, so that a secret such as `test` does not
/// tear ordinary words apart.
const SUBSTRING_LEN_MIN: usize = 8;

/// Replaces the values it was made with, raw and percent-encoded.
#[derive(Clone, Default)]
pub(crate) struct Redactor {
    /// Longest first: a secret that contains another must go whole.
    secrets: Vec<String>,
}

impl Redactor {
    /// A redactor for these secret values (secret access key, session token); empty ones are ignored.
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut values = Vec::new();
        for secret in secrets.into_iter().filter(|secret| !secret.is_empty()) {
            let encoded = percent_encoded(secret);
            if encoded != secret {
                values.push(encoded);
            }
            values.push(secret.to_owned());
        }
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self { secrets: values }
    }

    /// The text without the secrets.
    pub(crate) fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(text);
        for secret in &self.secrets {
            if text.contains(secret.as_str()) {
                text = Cow::Owned(replaced(&text, secret));
            }
        }
        text
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Redactor({} values)", self.secrets.len())
    }
}

fn replaced(text: &str, secret: &str) -> String {
    if secret.len() >= SUBSTRING_LEN_MIN {
        return text.replace(secret, REPLACEMENT);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(secret) {
        let (before, after) = (&rest[..at], &rest[at + secret.len()..]);
        let joined = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || "-_.".contains(c));
        let previous = before.chars().next_back().or(out.chars().next_back());
        let alone = !joined(previous) && !joined(after.chars().next());
        out.push_str(before);
        out.push_str(if alone { REPLACEMENT } else { secret });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// RFC 3986 percent-encoding of everything but the unreserved characters.
fn percent_encoded(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(secrets: &[&str], text: &str, expected: &str) {
        assert_eq!(Redactor::new(secrets.iter().copied()).text(text), expected);
    }

    #[test]
    fn long_secrets_go_wherever_they_are() {
        check(&["abcd/efgh+"], "x=abcd/efgh+y", "x=[redacted]y");
        check(&["abcd/efgh+"], "x=abcd%2Fefgh%2B", "x=[redacted]");
        check(&["12345678", "012345678"], "012345678", "[redacted]");
    }

    #[test]
    fn short_secrets_go_where_they_stand_alone() {
        check(
            &["test"],
            "user:test@ tests latest test",
            "user:[redacted]@ tests latest [redacted]",
        );
        check(&["aa"], "aaa aa", "aaa [redacted]");
    }

    #[test]
    fn no_secret_changes_nothing() {
        check(&[""], "text", "text");
        assert_eq!(
            format!("{:?}", Redactor::new(["secret-value"])),
            "Redactor(1 values)"
        );
    }
}
