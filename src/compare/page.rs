//! A page of headings, paragraphs and tables in three notations; what is on it is not its business.

use std::path::PathBuf;
use std::str::FromStr;

use crate::report::cleaned::without_controls;
use crate::report::escape;
use crate::report::html;

/// What a page says, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its heading.
    pub title: String,
    /// What follows.
    pub blocks: Vec<Block>,
}

/// One piece of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Paragraph(String),
    /// A table: its columns, and its rows with as many cells.
    Table(Vec<String>, Vec<Vec<Cell>>),
}

/// One cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its text.
    pub text: String,
    /// The verdict or change that it is about; gives it a colour where there are colours.
    pub tone: &'static str,
}

impl Cell {
    /// Text in the tone of a verdict or a change.
    pub fn toned(tone: &'static str, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            tone,
        }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::toned("", text)
    }
}

/// How a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// For a terminal.
    Text,
    /// For a document.
    Markdown,
    /// For a browser, in one file.
    Html,
}

/// The names of the notations.
const NOTATIONS: &[(&str, Notation)] = &[
    ("text", Notation::Text),
    ("markdown", Notation::Markdown),
    ("html", Notation::Html),
];

/// `NOTATION` or `NOTATION=PATH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// How it is written.
    pub notation: Notation,
    /// The file; standard output when there is none.
    pub path: Option<PathBuf>,
}

impl FromStr for Spec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, path) = match text.split_once('=') {
            Some((_, "")) => return Err("the path after `=` is empty".to_owned()),
            Some((name, path)) => (name, Some(PathBuf::from(path))),
            None => (text, None),
        };
        match NOTATIONS.iter().find(|(known, _)| *known == name) {
            Some(&(_, notation)) => Ok(Self { notation, path }),
            None => Err(format!(
                "unknown format `{name}`; there are: text, markdown, html"
            )),
        }
    }
}

impl Page {
    /// The page in this notation; ends with a line feed.
    #[must_use]
    pub fn write(&self, notation: Notation) -> String {
        match notation {
            Notation::Text => self.text(),
            Notation::Markdown => self.markdown(),
            Notation::Html => self.html(),
        }
    }

    fn text(&self) -> String {
        let mut out = format!("{}\n", self.title);
        for block in &self.blocks {
            match block {
                Block::Heading(heading) => out.push_str(&format!("\n{heading}\n")),
                Block::Paragraph(text) => out.push_str(&format!("{text}\n")),
                Block::Table(columns, rows) => out.push_str(&aligned(columns, rows)),
            }
        }
        without_controls(&out)
    }

    fn markdown(&self) -> String {
        let mut out = format!("# {}\n", escape::markdown(&self.title));
        for block in &self.blocks {
            out.push('\n');
            match block {
                Block::Heading(heading) => {
                    out.push_str(&format!("## {}\n", escape::markdown(heading)));
                }
                Block::Paragraph(text) => out.push_str(&format!("{}\n", escape::markdown(text))),
                Block::Table(columns, rows) => {
                    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
                    let heads = columns.iter().map(|name| escape::markdown(name));
                    out.push_str(&line(heads.collect()));
                    out.push_str(&format!("|{}\n", "---|".repeat(columns.len())));
                    for row in rows {
                        let cells = row.iter().map(|cell| escape::markdown(&cell.text));
                        out.push_str(&line(cells.collect()));
                    }
                }
            }
        }
        out
    }

    fn html(&self) -> String {
        let mut body = format!("<h1>{}</h1>\n", escape::html(&self.title));
        for block in &self.blocks {
            match block {
                Block::Heading(heading) => {
                    body.push_str(&format!("<h2>{}</h2>\n", escape::html(heading)));
                }
                Block::Paragraph(text) => {
                    body.push_str(&format!("<p>{}</p>\n", escape::html(text)));
                }
                Block::Table(columns, rows) => body.push_str(&table(columns, rows)),
            }
        }
        html::page(&self.title, html::STYLE, "", &body)
    }
}

/// Columns side by side, each as wide as its widest cell.
fn aligned(columns: &[String], rows: &[Vec<Cell>]) -> String {
    let heads: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut lines = vec![heads];
    lines.extend(
        rows.iter()
            .map(|row| row.iter().map(|cell| cell.text.as_str()).collect()),
    );
    let width = |column: usize| {
        let widths = lines.iter().filter_map(|line| line.get(column));
        widths.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<_> = (0..columns.len()).map(width).collect();
    let mut out = String::new();
    for line in &lines {
        let cells = line.iter().zip(&widths);
        let padded: Vec<_> = cells
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        out.push_str(padded.join("  ").trim_end());
        out.push('\n');
    }
    out
}

fn table(columns: &[String], rows: &[Vec<Cell>]) -> String {
    let heads: String = columns
        .iter()
        .map(|name| {
            format!(
                "<th scope=\"col\" class=\"text\">{}</th>",
                escape::html(name)
            )
        })
        .collect();
    let mut out =
        format!("<div class=\"wide\"><table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for (index, cell) in row.iter().enumerate() {
            let text = escape::html(&cell.text);
            out.push_str(&match (index, cell.tone) {
                (0, _) => format!("<th scope=\"row\">{text}</th>"),
                (_, "") => format!("<td class=\"text\">{text}</td>"),
                (_, tone) => format!("<td class=\"text {tone}\">{text}</td>"),
            });
        }
        out.push_str("</tr>\n");
    }
    out + "</tbody>\n</table></div>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Page {
        Page {
            title: "A <b> and a|b".to_owned(),
            blocks: vec![
                Block::Paragraph("Said.".to_owned()),
                Block::Heading("Areas".to_owned()),
                Block::Table(
                    vec!["area".to_owned(), "é".to_owned()],
                    vec![vec!["get".into(), Cell::toned("fail", "2 fail")]],
                ),
            ],
        }
    }

    #[test]
    fn three_notations() {
        assert_eq!(
            page().write(Notation::Text),
            "A <b> and a|b\nSaid.\n\nAreas\narea  é\nget   2 fail\n"
        );
        assert_eq!(
            page().write(Notation::Markdown),
            "# A &lt;b&gt; and a\\|b\n\nSaid.\n\n## Areas\n\n| area | é |\n|---|---|\n| get | 2 fail |\n"
        );
        let html = page().write(Notation::Html);
        for expected in [
            "<h1>A &lt;b&gt; and a|b</h1>",
            "<th scope=\"row\">get</th><td class=\"text fail\">2 fail</td>",
            "default-src 'none'",
        ] {
            assert!(html.contains(expected), "{expected}\n{html}");
        }
    }

    #[test]
    fn specs() {
        let html = "html=a=b.html".parse::<Spec>().expect("it is one");
        assert_eq!(
            (html.notation, html.path),
            (Notation::Html, Some("a=b.html".into()))
        );
        assert!("html=".parse::<Spec>().is_err());
        let error = "json".parse::<Spec>().expect_err("there is none");
        assert_eq!(
            error,
            "unknown format `json`; there are: text, markdown, html"
        );
    }
}
