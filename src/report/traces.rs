//! What went over the wire, a readable file per case; the run hands out the text, here it gets its place.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::event::{CaseResult, Event, Sink};
use crate::target::Credentials;

/// Writes transcripts below a folder: `DIR/area/topic/id[row].http`.
#[derive(Debug)]
pub struct Traces {
    folder: PathBuf,
    credentials: Credentials,
    error: Option<io::Error>,
}

impl Traces {
    /// Makes the folder, so that a bad path is known before anything is sent.
    ///
    /// # Errors
    /// When it cannot be made, with its path.
    pub fn open(folder: PathBuf, credentials: Credentials) -> io::Result<Self> {
        fs::create_dir_all(&folder).map_err(|error| named(&folder, &error))?;
        Ok(Self {
            folder,
            credentials,
            error: None,
        })
    }

    /// The first error, if there was one.
    ///
    /// # Errors
    /// That error.
    pub fn finish(self) -> io::Result<()> {
        self.error.map_or(Ok(()), Err)
    }

    fn write(&mut self, name: &str, text: &str) {
        let path = self.folder.join(file_name(name));
        let text = self.credentials.redact(text);
        let folder = path.parent().unwrap_or(&self.folder);
        let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, text));
        if let Err(error) = written {
            self.error.get_or_insert(named(&path, &error));
        }
    }
}

impl Sink for Traces {
    fn event(&mut self, event: &Event) {
        match event {
            Event::CaseFinished(case) => {
                if let Some(transcript) = &case.transcript {
                    self.write(&case.name, &(head(case) + transcript));
                }
            }
            Event::FirstQuestion(first) => {
                if let Some(transcript) = &first.transcript {
                    let head =
                        format!("# SSE-C is {}: {}\n\n", first.sse_c.as_str(), first.because);
                    self.write("first-question", &(head + transcript));
                }
            }
            _ => {}
        }
    }
}

fn head(case: &CaseResult) -> String {
    let mut text = format!(
        "# {}: {}\n# {}\n# {}:{}\n",
        case.verdict(),
        case.name,
        case.title,
        case.file,
        case.line
    );
    for finding in &case.findings {
        text.push_str(&format!(
            "# step {}: {}: expected {}, got {}\n",
            finding.step + 1,
            finding.check.as_str(),
            finding.expected,
            finding.got
        ));
    }
    text + "\n"
}

/// A case's name as a path: what a file system may not take is percent-encoded.
fn file_name(name: &str) -> String {
    let mut path = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._[]=+,".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("%{byte:02X}"));
        }
    }
    path + ".http"
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::other(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn names_are_paths_on_every_file_system() {
        for (name, expected) in [
            ("get/keys/other[1KiB]", "get/keys/other[1KiB].http"),
            (
                "copy/matrix/copy[A->plain]",
                "copy/matrix/copy[A-%3Eplain].http",
            ),
            ("x/y/z[a:b|\"c\"]", "x/y/z[a%3Ab%7C%22c%22].http"),
        ] {
            assert_eq!(file_name(name), expected);
        }
    }
}
