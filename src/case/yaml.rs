//! Text to tree: the only file that names the YAML crate.
//!
//! Takes a small, portable part of YAML: no anchors, aliases, tags, merge keys or second
//! documents, and no scalar that YAML 1.1 and 1.2 read differently, so that a file is the same
//! tree in every parser. `tests/portability.rs` holds it.

use std::collections::HashSet;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span};

use super::error::{CaseError, Source};
use super::node::{Node, Tree};
use super::place::Place;

/// The longest file that is read, in bytes.
pub const MAX_FILE_BYTES: usize = 256 * 1024;
/// The deepest nesting of lists and mappings.
const MAX_DEPTH: usize = 24;

/// The tree of a YAML document.
///
/// # Errors
/// The first thing that is no YAML, or is YAML that the format does without.
pub fn parse(source: &Source) -> Result<Node, Box<CaseError>> {
    if source.text.len() > MAX_FILE_BYTES {
        return Err(Box::new(
            source.error_of_file(format!("is longer than {MAX_FILE_BYTES} bytes")),
        ));
    }
    let options = granit_parser::options! {
        emit_comments: false,
        disallow_directives: true,
        strict_indentation: true,
    };
    let mut builder = Builder {
        source,
        open: Vec::new(),
        root: None,
    };
    for event in Parser::new_from_str_with_options(&source.text, options) {
        let (event, span) = event.map_err(|error| builder.not_yaml(&error))?;
        builder.take(event, &span)?;
    }
    builder
        .root
        .ok_or_else(|| Box::new(source.error_of_file("is empty")))
}

/// Builds the tree from the parser's events.
struct Builder<'a> {
    source: &'a Source,
    open: Vec<Open>,
    root: Option<Node>,
}

/// A list or a mapping that is not closed yet.
struct Open {
    place: Place,
    is_map: bool,
    /// Of a mapping: the key whose value comes next.
    key: Option<Node>,
    keys: HashSet<String>,
    list: Vec<Node>,
    map: Vec<(Node, Node)>,
}

type Step = Result<(), Box<CaseError>>;

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: &Span) -> Step {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_extras(anchor, tag.is_some(), span)?;
                let value = self.scalar(text.into_owned(), style, span)?;
                self.add(
                    Node {
                        place: place(span),
                        width: width(span),
                        value,
                    },
                    span,
                )
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.refuse_extras(anchor, tag.is_some(), span)?;
                self.begin(false, span)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.refuse_extras(anchor, tag.is_some(), span)?;
                self.begin(true, span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(_) | Event::UnresolvedAlias(_) | Event::Anchor(..) => {
                Err(self.error(span, "anchors and aliases are not part of the format"))
            }
            Event::DocumentStart(..) if self.root.is_some() => {
                Err(self.error(span, "a case file is one YAML document"))
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, is_map: bool, span: &Span) -> Step {
        if self.open.len() == MAX_DEPTH {
            return Err(self.error(span, "is nested too deeply"));
        }
        if self
            .open
            .last()
            .is_some_and(|open| open.is_map && open.key.is_none())
        {
            return Err(self.error(span, "a name is expected here, not a list or a mapping"));
        }
        self.open.push(Open {
            place: place(span),
            is_map,
            key: None,
            keys: HashSet::new(),
            list: Vec::new(),
            map: Vec::new(),
        });
        Ok(())
    }

    fn end(&mut self, span: &Span) -> Step {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let value = if open.is_map {
            Tree::Map(open.map)
        } else {
            Tree::List(open.list)
        };
        self.add(
            Node {
                place: open.place,
                width: 1,
                value,
            },
            span,
        )
    }

    /// Puts a finished node where it belongs.
    fn add(&mut self, node: Node, span: &Span) -> Step {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        if !open.is_map {
            open.list.push(node);
        } else if let Some(key) = open.key.take() {
            open.map.push((key, node));
        } else {
            let name = node.scalar().unwrap_or_default().to_owned();
            if name == "<<" || node.is_null() {
                return Err(self.error(span, "a name is expected here"));
            }
            if !open.keys.insert(name.clone()) {
                return Err(self.error(span, format!("`{name}` is there twice")));
            }
            open.key = Some(node);
        }
        Ok(())
    }

    fn scalar(
        &self,
        text: String,
        style: ScalarStyle,
        span: &Span,
    ) -> Result<Tree, Box<CaseError>> {
        if style != ScalarStyle::Plain {
            return Ok(Tree::Scalar(text));
        }
        if text == "null" {
            return Ok(Tree::Null);
        }
        if text.is_empty() || (text == "~" && span.is_empty()) {
            return Err(self
                .error(span, "a value is missing here")
                .map_hint("write null, \"\", {} or []"));
        }
        if is_ambiguous(&text) {
            let message = format!("YAML parsers disagree about `{text}`");
            return Err(self
                .error(span, message)
                .map_hint(format!("write \"{text}\"")));
        }
        Ok(Tree::Scalar(text))
    }

    fn refuse_extras(&self, anchor: usize, tagged: bool, span: &Span) -> Step {
        if anchor != 0 {
            return Err(self.error(span, "anchors and aliases are not part of the format"));
        }
        if tagged {
            let hint = "quote text that begins with `!`";
            return Err(self
                .error(span, "tags are not part of the format")
                .map_hint(hint));
        }
        Ok(())
    }

    fn not_yaml(&self, error: &ScanError) -> Box<CaseError> {
        let mark = error.marker();
        let place = Place {
            line: mark.line() as u32,
            column: mark.col() as u32 + 1,
        };
        Box::new(
            self.source
                .error(place, 1, format!("this is not YAML: {}", error.info())),
        )
    }

    fn error(&self, span: &Span, message: impl Into<String>) -> Box<CaseError> {
        Box::new(self.source.error(place(span), width(span), message))
    }
}

/// Adds a hint to a boxed error.
trait MapHint {
    fn map_hint(self, hint: impl Into<String>) -> Self;
}

impl MapHint for Box<CaseError> {
    fn map_hint(self, hint: impl Into<String>) -> Self {
        Box::new((*self).hint(hint))
    }
}

fn place(span: &Span) -> Place {
    Place {
        line: span.start.line() as u32,
        column: span.start.col() as u32 + 1,
    }
}

fn width(span: &Span) -> u32 {
    if span.start.line() == span.end.line() {
        (span.end.col().saturating_sub(span.start.col())).max(1) as u32
    } else {
        u32::MAX
    }
}

/// Whether some YAML parser reads this plain scalar as something else than another one does:
/// YAML 1.1 has more booleans and bases than YAML 1.2 (§10.3.2). A decimal number without leading
/// zeros is the same to all. Dates are left alone: only parsers of YAML 1.1 make something of
/// them, and then the right thing.
fn is_ambiguous(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "true", "false", "yes", "no", "on", "off", "null", "~", "=", "<<",
    ];
    if WORDS.contains(&text.to_ascii_lowercase().as_str()) {
        return true;
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_decimal = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_decimal {
        let leads_with_zero = digits.starts_with('0') && (digits.len() > 1 || text != digits);
        return text.starts_with('+') || leads_with_zero;
    }
    looks_like_a_number(digits)
}

/// Hexadecimal, octal, fractions, exponents, `1_000`, `10:20` (base 60), `.inf`, `.nan`.
fn looks_like_a_number(digits: &str) -> bool {
    let lower = digits.to_ascii_lowercase();
    if matches!(lower.as_str(), ".inf" | ".nan") {
        return true;
    }
    if let Some(rest) = lower.strip_prefix("0x") {
        return rest
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'_');
    }
    if let Some(rest) = lower
        .strip_prefix("0o")
        .or_else(|| lower.strip_prefix("0b"))
    {
        return rest
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'_');
    }
    lower.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && lower.bytes().any(|byte| byte.is_ascii_digit())
        && (lower
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"._:".contains(&byte))
            || lower.parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let error = parse(&Source::new("t.yaml", text)).expect_err(text);
        assert_eq!(error.to_string(), expected, "{text}");
    }

    #[test]
    fn every_node_knows_its_place() {
        let source = Source::new("t.yaml", "a: 1\nb:\n  - {c: $row.x, d: \"é\"}\n  - null\n");
        let root = parse(&source).expect("it is YAML");
        let list = root.get("b").expect("b is there");
        let Tree::List(items) = &list.value else {
            panic!("b is a list")
        };
        let inner = items[0].get("c").expect("c is there");
        assert_eq!(
            (inner.place, inner.width),
            (Place { line: 3, column: 9 }, 6)
        );
        assert_eq!(inner.scalar(), Some("$row.x"));
        assert_eq!(items[0].place, Place { line: 3, column: 5 });
        assert!(items[1].is_null());
    }

    #[test]
    fn what_the_format_does_without_is_refused_where_it_stands() {
        check(
            "a: 1\na: 2\n",
            "t.yaml:2:1: `a` is there twice\n  |\n2 | a: 2\n  | ^",
        );
        check(
            "a: &x 1\n",
            "t.yaml:1:7: anchors and aliases are not part of the format\n  |\n1 | a: &x 1\n  |       ^",
        );
        check(
            "key: !x y\n",
            "t.yaml:1:9: tags are not part of the format\n  |\n1 | key: !x y\n  |         ^\n  = quote text that begins with `!`",
        );
        check(
            "a: 1\n---\nb: 2\n",
            "t.yaml:2:1: a case file is one YAML document\n  |\n2 | ---\n  | ^^^",
        );
        check("", "t.yaml: is empty");
        check(
            "steps: [a, b\n",
            "t.yaml:1:8: this is not YAML: unclosed bracket '['\n  |\n1 | steps: [a, b\n  |        ^",
        );
    }

    #[test]
    fn a_missing_value_is_said_to_be_missing() {
        check(
            "but:\nx: 1\n",
            "t.yaml:1:4: a value is missing here\n  |\n1 | but:\n  |    ^\n  = write null, \"\", {} or []",
        );
    }

    #[test]
    fn only_scalars_that_all_parsers_read_alike_may_be_plain() {
        for text in [
            "yes", "No", "on", "TRUE", "~", "0123", "+12", "1_000", "0x1F", "0o17", "1.5", "1e3",
            ".inf", "12:30", "=", "Null", "-0",
        ] {
            assert!(is_ambiguous(text), "{text}");
        }
        for text in [
            "0",
            "-1",
            "403",
            "100B",
            "5MiB",
            "100-199",
            "100-",
            "-5",
            "+20m",
            "-1h",
            "300s",
            "AES256",
            "A",
            "N",
            "y",
            "PUT-001",
            "bytes",
            "1KiB",
            "x",
            "a.b",
            "2026-11-23",
            "v1.0-rc",
        ] {
            assert!(!is_ambiguous(text), "{text}");
        }
    }
}
