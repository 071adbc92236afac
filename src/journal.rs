//! What a run creates on somebody's endpoint, written down before it is asked for, so that all of it can be
//! removed even after a crash. It knows no requests.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// A journal of more lines is none of ours.
const LINES_MAX: usize = 1_000_000;
/// Longest line that is read: a key has at most 1024 bytes.
const LINE_LEN_MAX: u64 = 16 * 1024;

/// Something on the endpoint that would not be there without the run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Entry {
    /// A bucket that the run made.
    Bucket {
        /// Its name.
        bucket: String,
    },
    /// An object that the run wrote, or wanted to.
    Object {
        /// Its bucket.
        bucket: String,
        /// Its full key.
        key: String,
    },
    /// A version or a delete marker.
    Version {
        /// Its bucket.
        bucket: String,
        /// Its full key.
        key: String,
        /// Its id.
        version: String,
    },
    /// A multipart upload.
    Upload {
        /// Its bucket.
        bucket: String,
        /// The full key of its object.
        key: String,
        /// Its id.
        upload: String,
    },
}

/// Where a journal's entries are: enough to find them again, nothing secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// `ssec.journal/1`
    pub schema: String,
    /// The endpoint's URL.
    pub endpoint: String,
    /// Signing region.
    pub region: String,
    /// `path` or `virtual`.
    pub addressing: String,
    /// The run.
    pub run_id: String,
}

/// The schema of the first line.
pub const SCHEMA: &str = "ssec.journal/1";

/// The journal of a run that goes on.
#[derive(Debug)]
pub struct Journal {
    path: Option<PathBuf>,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    file: Option<File>,
    entries: Vec<Entry>,
    known: HashSet<Entry>,
}

impl Journal {
    /// A journal in a new file below `dir`; without one, in memory only.
    ///
    /// # Errors
    /// If the folder or the file cannot be made.
    pub fn create(dir: Option<&Path>, head: &Head) -> io::Result<Self> {
        let Some(dir) = dir else {
            return Ok(Self {
                path: None,
                inner: Mutex::default(),
            });
        };
        std::fs::create_dir_all(dir)?;
        let path = dir.join(format!("{}.journal", head.run_id));
        let mut file = OpenOptions::new()
            .create_new(true)
            .append(true)
            .open(&path)?;
        writeln!(file, "{}", serde_json::to_string(head)?)?;
        Ok(Self {
            path: Some(path),
            inner: Mutex::new(Inner {
                file: Some(file),
                ..Inner::default()
            }),
        })
    }

    /// Reads what a crashed run left.
    ///
    /// # Errors
    /// If the file cannot be read or is no journal.
    pub fn read(path: &Path) -> io::Result<(Head, Vec<Entry>)> {
        let mut lines = Lines(BufReader::new(File::open(path)?));
        let odd = |error: serde_json::Error| io::Error::new(io::ErrorKind::InvalidData, error);
        let first = lines
            .next_line()?
            .ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        let head: Head = serde_json::from_str(&first).map_err(odd)?;
        if head.schema != SCHEMA {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("not a {SCHEMA}"),
            ));
        }
        let mut entries = Vec::new();
        while let Some(line) = lines.next_line()? {
            match serde_json::from_str(&line) {
                Ok(entry) => entries.push(entry),
                // The last line of a crashed run may be half written; what it was about was not sent.
                Err(_) if lines.0.fill_buf()?.is_empty() => break,
                Err(error) => return Err(odd(error)),
            }
            if entries.len() > LINES_MAX {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "too many lines"));
            }
        }
        Ok((head, entries))
    }

    /// Writes an entry down; call it before the request is sent. An entry is written once: says whether it
    /// is new.
    ///
    /// # Errors
    /// If the file cannot be written: then the request must not be sent.
    pub fn add(&self, entry: Entry) -> io::Result<bool> {
        let mut inner = self.lock();
        if !inner.known.insert(entry.clone()) {
            return Ok(false);
        }
        if let Some(file) = &mut inner.file {
            writeln!(file, "{}", serde_json::to_string(&entry)?)?;
        }
        inner.entries.push(entry);
        Ok(true)
    }

    /// Takes back what was not created after all. The file keeps it: after a crash one asks in vain.
    pub fn take_back(&self, entry: &Entry) {
        let mut inner = self.lock();
        if let Some(at) = inner.entries.iter().rposition(|known| known == entry) {
            inner.entries.swap_remove(at);
            inner.known.remove(entry);
        }
    }

    /// Everything so far.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.lock().entries.clone()
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Begins anew with `kept`: everything else was removed.
    ///
    /// # Errors
    /// If the file cannot be written: then the old one is still there.
    pub fn settle(&self, kept: &[Entry]) -> io::Result<()> {
        let mut inner = self.lock();
        if let (Some(path), Some(_)) = (&self.path, &inner.file) {
            let new = path.with_extension("journal.new");
            let mut text = first_line(path)?;
            for entry in kept {
                text.push_str(&serde_json::to_string(entry)?);
                text.push('\n');
            }
            std::fs::write(&new, text)?;
            std::fs::rename(&new, path)?;
            inner.file = Some(OpenOptions::new().append(true).open(path)?);
        }
        inner.entries = kept.to_vec();
        inner.known = kept.iter().cloned().collect();
        Ok(())
    }

    /// Removes the file: nothing is left to clean.
    ///
    /// # Errors
    /// If the file cannot be removed.
    pub fn close(&self) -> io::Result<()> {
        self.path.as_ref().map_or(Ok(()), std::fs::remove_file)
    }

    /// A panic elsewhere leaves the entries as they are: they are still what was created.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A journal's head, with the end of its line.
fn first_line(path: &Path) -> io::Result<String> {
    let line = Lines(BufReader::new(File::open(path)?)).next_line()?;
    line.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))
}

/// Lines of bounded length.
struct Lines(BufReader<File>);

impl Lines {
    fn next_line(&mut self) -> io::Result<Option<String>> {
        use std::io::Read as _;
        let mut line = String::new();
        let read = (&mut self.0).take(LINE_LEN_MAX).read_line(&mut line)?;
        Ok((read > 0).then_some(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(run_id: &str) -> Head {
        Head {
            schema: SCHEMA.to_owned(),
            endpoint: "https://h".to_owned(),
            region: "us-east-1".to_owned(),
            addressing: "path".to_owned(),
            run_id: run_id.to_owned(),
        }
    }

    #[test]
    fn what_is_written_is_read_and_half_a_last_line_is_not() {
        let dir = std::env::temp_dir().join(format!("ssec-journal-{}", std::process::id()));
        let journal = Journal::create(Some(&dir), &head("r")).unwrap();
        let bucket = Entry::Bucket {
            bucket: "b".to_owned(),
        };
        let object = Entry::Object {
            bucket: "b".to_owned(),
            key: "k \"\n".to_owned(),
        };
        for entry in [&bucket, &object, &bucket] {
            journal.add(entry.clone()).unwrap();
        }
        let path = journal.path().unwrap().to_owned();
        assert_eq!(
            Journal::read(&path).unwrap(),
            (head("r"), vec![bucket.clone(), object.clone()])
        );
        OpenOptions::new()
            .append(true)
            .open(&path)
            .unwrap()
            .write_all(b"{\"obj")
            .unwrap();
        assert_eq!(
            Journal::read(&path).unwrap().1,
            [bucket.clone(), object.clone()]
        );
        journal.settle(std::slice::from_ref(&bucket)).unwrap();
        assert_eq!(
            Journal::read(&path).unwrap().1,
            std::slice::from_ref(&bucket)
        );
        journal.add(bucket.clone()).unwrap();
        journal.add(object.clone()).unwrap();
        assert_eq!(Journal::read(&path).unwrap().1, [bucket, object]);
        journal.close().unwrap();
        assert!(Journal::read(&path).is_err());
        std::fs::remove_dir_all(&dir).unwrap();
    }

    #[test]
    fn another_file_is_no_journal() {
        let path = std::env::temp_dir().join(format!("ssec-no-journal-{}", std::process::id()));
        std::fs::write(&path, "{\"schema\":\"x\"}\n").unwrap();
        assert!(Journal::read(&path).is_err());
        std::fs::remove_file(&path).unwrap();
    }
}
