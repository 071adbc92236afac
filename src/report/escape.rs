//! Text that means itself in another notation; what the text says is not its business.

/// Text within HTML, as content or as an attribute's value in double quotes.
#[must_use]
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // No character of HTML (https://html.spec.whatwg.org/#preprocessing-the-input-stream).
            c if c.is_control() && !matches!(c, '\n' | '\t') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Text within one line of markdown, a cell of a table included.
#[must_use]
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '<' | '>' => out.push_str(&html(c.encode_utf8(&mut [0; 4]))),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' => out.extend(['\\', c]),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A block of text that markdown leaves alone, whatever is in it.
#[must_use]
pub fn fenced(text: &str) -> String {
    let runs = text.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0).max(2) + 1);
    format!("{fence}text\n{}\n{fence}\n", text.trim_end_matches('\n'))
}

/// The message of a workflow command of GitHub Actions: `::error::MESSAGE`
/// (<https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts>).
#[must_use]
pub fn github_message(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property of such a command: `::error file=VALUE::`.
#[must_use]
pub fn github_property(text: &str) -> String {
    github_message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_has_no_markup_in_it() {
        assert_eq!(
            html("<a href=\"x\">'&'\u{1b}</a>\n"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;\u{fffd}&lt;/a&gt;\n"
        );
    }

    #[test]
    fn markdown_means_itself() {
        assert_eq!(
            markdown("a|b\n*<c>*' `d` [e](f)"),
            "a\\|b \\*&lt;c&gt;\\*' \\`d\\` \\[e\\](f)"
        );
    }

    #[test]
    fn a_fence_is_longer_than_any_in_the_text() {
        assert_eq!(fenced("x\n"), "```text\nx\n```\n");
        assert_eq!(fenced("a ```` b"), "`````text\na ```` b\n`````\n");
    }

    #[test]
    fn a_workflow_command_cannot_be_broken_out_of() {
        assert_eq!(
            github_message("100%\r\n::error::x"),
            "100%25%0D%0A::error::x"
        );
        assert_eq!(github_property("a:b,c%"), "a%3Ab%2Cc%25");
    }
}
