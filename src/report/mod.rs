//! Renders the events of a run for people and machines; it cannot influence the run.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::str::FromStr;

use crate::case::load::Corpus;
use crate::event::{Event, Sink};
use crate::redact::Redactor;
use crate::target::Credentials;

pub(crate) mod cleaned;
pub mod escape;
pub mod github;
pub mod html;
pub mod human;
pub mod json;
pub mod judgement;
pub mod junit;
pub mod markdown;
mod progress;
pub mod record;
mod style;
mod traces;

pub use progress::Progress;
use record::{Record, Recorder};
pub use style::Style;
pub use traces::Traces;

/// The forms a report can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Human,
    /// For machines, schema [`json::SCHEMA`].
    Json,
    /// For CI servers that show test results.
    Junit,
    /// For a summary page, such as GitHub's step summary.
    Markdown,
    /// Workflow commands of GitHub Actions: annotations that point into the YAML.
    Github,
    /// One file for a browser.
    Html,
}

/// The names of the forms.
pub const FORMATS: &[(&str, Format)] = &[
    ("human", Format::Human),
    ("json", Format::Json),
    ("junit", Format::Junit),
    ("markdown", Format::Markdown),
    ("github", Format::Github),
    ("html", Format::Html),
];

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
        match FORMATS.iter().find(|(known, _)| *known == name) {
            Some(&(_, format)) => Ok(Self { format, path }),
            None => {
                let names: Vec<_> = FORMATS.iter().map(|(name, _)| *name).collect();
                Err(format!(
                    "unknown format `{name}`; there are: {}",
                    names.join(", ")
                ))
            }
        }
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
    redactor: Redactor,
    error: Option<io::Error>,
}

struct Output<'a> {
    renderer: Renderer<'a>,
    writer: Box<dyn Write + Send + 'a>,
}

enum Renderer<'a> {
    /// Prints as the run goes on.
    Human(Box<human::Human<'a>>),
    /// Is written once everything is known.
    AtEnd(Box<AtEnd<'a>>),
}

struct AtEnd<'a> {
    recorder: Recorder,
    write: fn(&Record, &Corpus) -> String,
    corpus: &'a Corpus,
}

impl<'a> Renderer<'a> {
    fn new(format: Format, style: Style, settings: &Settings<'a>) -> Self {
        let at_end = |write| {
            Self::AtEnd(Box::new(AtEnd {
                recorder: Recorder::default(),
                write,
                corpus: settings.corpus,
            }))
        };
        match format {
            Format::Human => Self::Human(Box::new(human::Human::new(style, settings))),
            Format::Json => at_end(|record, _| json::document(record)),
            Format::Junit => at_end(junit::document),
            Format::Markdown => at_end(markdown::document),
            Format::Github => at_end(github::commands),
            Format::Html => at_end(html::document),
        }
    }

    /// What there is to write after this event.
    fn event(&mut self, event: &Event) -> String {
        match self {
            Self::Human(human) => human.event(event),
            Self::AtEnd(at_end) => {
                let record = at_end.recorder.event(event);
                record.map_or(String::new(), |record| {
                    (at_end.write)(&record, at_end.corpus)
                })
            }
        }
    }
}

impl<'a> Reports<'a> {
    /// Opens every output; files are created now, so that a bad path is known before anything is sent.
    ///
    /// # Errors
    /// When a file cannot be created, with its path.
    pub fn open(specs: &[Spec], settings: &Settings<'a>) -> io::Result<Self> {
        let mut reports = Self {
            outputs: Vec::new(),
            redactor: settings.credentials.redactor(),
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
            redactor: settings.credentials.redactor(),
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
        let renderer = Renderer::new(format, style, settings);
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
        let event = cleaned::cleaned(event, &self.redactor);
        for output in &mut self.outputs {
            let text = output.renderer.event(&event);
            if text.is_empty() {
                continue;
            }
            let written = output
                .writer
                .write_all(self.redactor.text(&text).as_bytes())
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
        check("html=r.html", Ok((Format::Html, Some("r.html"))));
        let all = "unknown format `xml`; there are: human, json, junit, markdown, github, html";
        check("xml", Err(all));
    }
}
