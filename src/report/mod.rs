//! Renders the events of a run for people and machines; it cannot influence the run.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::str::FromStr;

use crate::case::load::Corpus;
use crate::event::{Event, Sink};
use crate::target::Credentials;

pub mod human;
pub mod json;
mod style;

pub use style::Style;

/// The forms a report can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Human,
    /// For machines, schema [`json::SCHEMA`].
    Json,
}

/// `FORMAT` or `FORMAT=PATH`: one report and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// The form.
    pub format: Format,
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
        let format = match name {
            "human" => Format::Human,
            "json" => Format::Json,
            _ => return Err(format!("unknown format `{name}`; there are: human, json")),
        };
        Ok(Self { format, path })
    }
}

/// What all reports of one run share.
pub struct Settings<'a> {
    /// 0: cases that are not `pass`; 1: every case and every message; 2: every answer.
    pub verbosity: u8,
    /// What must not be in any output; it is taken out by value.
    pub credentials: Credentials,
    /// Rules and lines of case files.
    pub corpus: &'a Corpus,
    /// The command line that accepts what a run found as its baseline, where there is one.
    pub accept: Option<String>,
}

impl std::fmt::Debug for Settings<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("verbosity", &self.verbosity)
            .finish_non_exhaustive()
    }
}

/// All reports of one run, as one receiver of events.
pub struct Reports<'a> {
    outputs: Vec<Output<'a>>,
    credentials: Credentials,
    error: Option<io::Error>,
}

struct Output<'a> {
    renderer: Renderer<'a>,
    writer: Box<dyn Write + Send + 'a>,
}

enum Renderer<'a> {
    Human(Box<human::Human<'a>>),
    Json(Box<json::Json>),
}

impl<'a> Reports<'a> {
    /// Opens every output; files are created now, so that a bad path is known before anything is sent.
    ///
    /// # Errors
    /// When a file cannot be created, with its path.
    pub fn open(specs: &[Spec], settings: &Settings<'a>) -> io::Result<Self> {
        let mut reports = Self {
            outputs: Vec::new(),
            credentials: settings.credentials.clone(),
            error: None,
        };
        for spec in specs {
            let (writer, style): (Box<dyn Write + Send>, Style) = match &spec.path {
                Some(path) => {
                    let named = |error| io::Error::other(format!("{}: {error}", path.display()));
                    (Box::new(File::create(path).map_err(named)?), Style::PLAIN)
                }
                None => {
                    let stdout = io::stdout();
                    let style = Style::detect(stdout.is_terminal());
                    (Box::new(stdout), style)
                }
            };
            reports.push(spec.format, writer, style, settings);
        }
        Ok(reports)
    }

    /// One report into any writer.
    pub fn to_writer(
        format: Format,
        writer: impl Write + Send + 'a,
        style: Style,
        settings: &Settings<'a>,
    ) -> Self {
        let mut reports = Self {
            outputs: Vec::new(),
            credentials: settings.credentials.clone(),
            error: None,
        };
        reports.push(format, Box::new(writer), style, settings);
        reports
    }

    fn push(
        &mut self,
        format: Format,
        writer: Box<dyn Write + Send + 'a>,
        style: Style,
        settings: &Settings<'a>,
    ) {
        let renderer = match format {
            Format::Human => Renderer::Human(Box::new(human::Human::new(style, settings))),
            Format::Json => Renderer::Json(Box::default()),
        };
        self.outputs.push(Output { renderer, writer });
    }

    /// The first error of any output, if there was one.
    ///
    /// # Errors
    /// That error. A reader that closed its end of a pipe is none.
    pub fn finish(self) -> io::Result<()> {
        match self.error {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
            _ => Ok(()),
        }
    }
}

impl Sink for Reports<'_> {
    fn event(&mut self, event: &Event) {
        for output in &mut self.outputs {
            let text = match &mut output.renderer {
                Renderer::Human(human) => human.event(event),
                Renderer::Json(json) => json.event(event).unwrap_or_default(),
            };
            if text.is_empty() {
                continue;
            }
            let written = output
                .writer
                .write_all(self.credentials.redact(&text).as_bytes())
                .and_then(|()| output.writer.flush());
            if let Err(error) = written {
                self.error.get_or_insert(error);
            }
        }
    }
}

impl std::fmt::Debug for Reports<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reports({} outputs)", self.outputs.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<(Format, Option<&str>), &str>) {
        let expected = expected
            .map(|(format, path)| Spec {
                format,
                path: path.map(PathBuf::from),
            })
            .map_err(str::to_owned);
        assert_eq!(text.parse::<Spec>(), expected);
    }

    #[test]
    fn specs() {
        check("human", Ok((Format::Human, None)));
        check("json=a=b.json", Ok((Format::Json, Some("a=b.json"))));
        check("json=", Err("the path after `=` is empty"));
        check("xml", Err("unknown format `xml`; there are: human, json"));
    }
}
