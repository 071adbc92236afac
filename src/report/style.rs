//! Colour and width of a terminal; knows nothing of what is printed.

use std::env;

/// How text looks where it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    colour: bool,
    /// Columns to wrap prose at; `None` where lines may be of any length.
    width: Option<usize>,
}

/// The meaning of a piece of text, which has a colour where there are colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As it should be.
    Good,
    /// Not as it should be, but bearable.
    Warning,
    /// Unsafe or broken.
    Bad,
    /// Headings.
    Strong,
    /// Of lesser interest.
    Faint,
}

/// Narrower terminals are treated as this wide.
const WIDTH_MIN: usize = 40;

impl Style {
    /// For files and pipes: no colour, no wrapping.
    pub const PLAIN: Self = Self {
        colour: false,
        width: None,
    };

    /// For standard output: colour and wrapping on a terminal only, and no colour if `NO_COLOR` is set to anything
    /// (<https://no-color.org>) or the terminal is `dumb`.
    #[must_use]
    pub fn detect(terminal: bool) -> Self {
        if !terminal {
            return Self::PLAIN;
        }
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Self {
            colour: !set("NO_COLOR") && !dumb,
            width: width.map(|width| width.max(WIDTH_MIN)),
        }
    }

    /// No colour, wrapped at this many columns.
    #[must_use]
    pub const fn wrapped(width: usize) -> Self {
        Self {
            colour: false,
            width: Some(width),
        }
    }

    /// The text in the colour of its meaning.
    #[must_use]
    pub fn paint(self, tone: Tone, text: &str) -> String {
        if !self.colour {
            return text.to_owned();
        }
        let code = match tone {
            Tone::Good => "32",
            Tone::Warning => "33",
            Tone::Bad => "1;31",
            Tone::Strong => "1",
            Tone::Faint => "2",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }

    /// `label` followed by prose that is wrapped and indented below its first word.
    #[must_use]
    pub fn paragraph(self, label: &str, text: &str) -> String {
        let indent = label.chars().count();
        let width = self.width.unwrap_or(usize::MAX).saturating_sub(indent);
        let mut out = label.to_owned();
        let mut column = 0;
        for word in text.split_whitespace() {
            let len = word.chars().count();
            if column > 0 && column + 1 + len > width {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', indent));
                column = 0;
            }
            if column > 0 {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += len;
        }
        out.push('\n');
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_wrapped_below_its_first_word() {
        assert_eq!(
            Style::wrapped(20).paragraph("  rule  ", "one two three four-five-six"),
            "  rule  one two\n        three\n        four-five-six\n"
        );
        assert_eq!(Style::PLAIN.paragraph("a ", "b  c\nd"), "a b c d\n");
    }

    #[test]
    fn plain_text_has_no_escapes() {
        assert_eq!(Style::PLAIN.paint(Tone::Bad, "x"), "x");
        let coloured = Style {
            colour: true,
            width: None,
        };
        assert_eq!(coloured.paint(Tone::Bad, "x"), "\x1b[1;31mx\x1b[0m");
    }
}
