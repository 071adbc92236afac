//! What is wrong in a case file, and where: the line, a caret, what is allowed, what was meant.

use std::fmt;
use std::sync::Arc;

use super::place::Place;

/// One mistake in a case file.
///
/// Its `Display` is the whole message with the line and a caret under the place; it ends without
/// a line feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseError {
    /// The file as its reader named it.
    pub file: String,
    /// Where; line 0 if it is about the file as a whole.
    pub place: Place,
    /// How many characters the caret covers.
    pub width: u32,
    /// The line at that place, without its line feed.
    pub line: String,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What would be right: `did you mean …`, `allowed: …`.
    pub hints: Vec<String>,
}

impl CaseError {
    /// Adds a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds the allowed words, and the one that was probably meant.
    #[must_use]
    pub fn allowed<'a>(mut self, found: &str, words: impl IntoIterator<Item = &'a str>) -> Self {
        let words: Vec<&str> = words.into_iter().collect();
        if let Some(word) = nearest(found, &words) {
            self.hints.push(format!("did you mean `{word}`?"));
        }
        if !words.is_empty() && words.len() <= MAX_LISTED {
            self.hints.push(format!("allowed: {}", words.join(", ")));
        }
        self
    }
}

impl fmt::Display for CaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.line == 0 {
            write!(f, "{}: {}", self.file, self.message)?;
            return self
                .hints
                .iter()
                .try_for_each(|hint| write!(f, "\n  = {hint}"));
        }
        let number = self.place.line.to_string();
        let margin = " ".repeat(number.len());
        writeln!(f, "{}:{}: {}", self.file, self.place, self.message)?;
        writeln!(f, "{margin} |")?;
        writeln!(f, "{number} | {}", self.line)?;
        let indent: String = self
            .line
            .chars()
            .take(self.place.column.saturating_sub(1) as usize)
            .map(blank)
            .collect();
        write!(
            f,
            "{margin} | {indent}{}",
            "^".repeat(self.width.max(1) as usize)
        )?;
        self.hints
            .iter()
            .try_for_each(|hint| write!(f, "\n{margin} = {hint}"))
    }
}

impl std::error::Error for CaseError {}

/// How many allowed words are listed; a longer list helps nobody.
const MAX_LISTED: usize = 40;

/// A tab stays a tab, so that the caret stands right whatever a tab's width is.
fn blank(character: char) -> char {
    if character == '\t' { '\t' } else { ' ' }
}

/// A file that is being read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name in messages, such as `cases/put/headers.yaml`.
    pub path: String,
    /// Its text.
    pub text: Arc<str>,
}

impl Source {
    /// A source of that name and text.
    #[must_use]
    pub fn new(path: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
        }
    }

    /// A mistake at a place of this file.
    #[must_use]
    pub fn error(&self, place: Place, width: u32, message: impl Into<String>) -> CaseError {
        let line = line_of(&self.text, place.line);
        let room = (line.chars().count() as u32).saturating_sub(place.column.saturating_sub(1));
        CaseError {
            file: self.path.clone(),
            place,
            width: width.min(room).max(1),
            line: line.to_owned(),
            message: message.into(),
            hints: Vec::new(),
        }
    }

    /// A mistake of the file as a whole.
    #[must_use]
    pub fn error_of_file(&self, message: impl Into<String>) -> CaseError {
        CaseError {
            line: String::new(),
            ..self.error(Place::default(), 1, message)
        }
    }
}

/// The line of that number, from 1, without its line feed.
#[must_use]
pub fn line_of(text: &str, number: u32) -> &str {
    let index = (number as usize).saturating_sub(1);
    text.lines().nth(index).unwrap_or_default()
}

/// The word that was probably meant, if one is near enough.
#[must_use]
pub fn nearest<'a>(found: &str, words: &[&'a str]) -> Option<&'a str> {
    let found = found.to_lowercase().replace('-', "_");
    let limit = (found.chars().count() / 3).max(1);
    words
        .iter()
        .map(|word| {
            (
                distance(&found, &word.to_lowercase().replace('-', "_")),
                *word,
            )
        })
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// Edit distance in which two neighbours swapped count as one edit.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_place_and_never_leaves_the_line() {
        let source = Source::new("cases/put/a.yaml", "format: 1\n\tséance: 12\n");
        let error = source
            .error(
                Place {
                    line: 2,
                    column: 10,
                },
                99,
                "no such thing",
            )
            .hint("think");
        assert_eq!(
            error.to_string(),
            "cases/put/a.yaml:2:10: no such thing\n  |\n2 | \tséance: 12\n  | \t        ^^\n  = think"
        );
    }

    #[test]
    fn a_file_without_a_place_is_named_alone() {
        let error = Source::new("x.yaml", "")
            .error_of_file("is empty")
            .hint("write something");
        assert_eq!(error.to_string(), "x.yaml: is empty\n  = write something");
    }

    #[test]
    fn the_nearest_word_is_found_only_when_it_is_near() {
        let words = ["sse_c", "source_sse_c", "object", "body"];
        for (found, meant) in [
            ("ssec", Some("sse_c")),
            ("sse-c", Some("sse_c")),
            ("obejct", Some("object")),
            ("source_ssec", Some("source_sse_c")),
            ("zebra", None),
            ("", None),
        ] {
            assert_eq!(nearest(found, &words), meant, "{found}");
        }
    }
}
