//! Where case files come from: the binary, a folder or a single file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::cases::read_file;
use crate::case::error::{CaseError, Source};
use crate::case::yaml::MAX_FILE_BYTES;
use crate::case::{CaseFile, Trial};
use crate::catalogue::Catalogue;

/// The case files of this version, by path below `cases/`.
static EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/cases.rs"));

/// More files than this are no case folder.
const MAX_FILES: usize = 2000;
/// Deeper folders than this are no case folder.
const MAX_FOLDERS: usize = 4;

/// Case files and catalogue files, found and not yet read.
#[derive(Clone, Debug)]
pub struct Library {
    cases: Vec<Located>,
    has_own_rules: bool,
    rules: Vec<Source>,
    bugs: Vec<Source>,
    retired: Vec<Source>,
}

/// A case file and what its path says.
#[derive(Clone, Debug)]
struct Located {
    area: String,
    topic: String,
    source: Source,
}

/// Everything that a run can choose from.
#[derive(Clone, Debug)]
pub struct Corpus {
    /// The case files, by path.
    pub files: Vec<CaseFile>,
    /// The rules, bugs and retired ids.
    pub catalogue: Catalogue,
}

impl Corpus {
    /// All trials, in the order of the files.
    pub fn trials(&self) -> impl Iterator<Item = &Trial> {
        self.files
            .iter()
            .flat_map(|file| &file.cases)
            .flat_map(|case| &case.trials)
    }
}

impl Library {
    /// The cases that this version carries.
    #[must_use]
    pub fn embedded() -> Self {
        let sources = EMBEDDED
            .iter()
            .map(|(path, text)| Source::new(format!("cases/{path}"), *text));
        Self::sorted(sources, "cases")
    }

    /// The cases of a folder or of one file. Rules, bugs and retired ids that the folder does not
    /// bring along are those that this version carries.
    ///
    /// # Errors
    /// What could not be read.
    pub fn from_path(path: &Path) -> Result<Self, CaseError> {
        let mut sources = Vec::new();
        walk(path, 0, &mut sources).map_err(|(path, error)| cannot_read(&path, &error))?;
        let mut found = Self::sorted(sources.into_iter(), &path.display().to_string());
        let own = Self::embedded();
        if found.rules.is_empty() {
            found.rules = own.rules;
            found.has_own_rules = false;
        }
        if found.bugs.is_empty() {
            found.bugs = own.bugs;
        }
        found.retired.extend(own.retired);
        Ok(found)
    }

    /// Cases from texts at hand, sorted by their paths: `area/topic.yaml`, `rules/area.yaml`,
    /// `bugs.yaml`, `retired.yaml`. Nothing that this version carries is added.
    #[must_use]
    pub fn from_sources(sources: impl IntoIterator<Item = Source>) -> Self {
        Self::sorted(sources.into_iter(), "cases")
    }

    /// Sorts files by what their path says. Baselines are no cases.
    fn sorted(sources: impl Iterator<Item = Source>, root: &str) -> Self {
        let mut library = Self {
            cases: Vec::new(),
            has_own_rules: true,
            rules: Vec::new(),
            bugs: Vec::new(),
            retired: Vec::new(),
        };
        for source in sources {
            let path = PathBuf::from(&source.path);
            let name = |path: Option<&Path>| {
                path.and_then(Path::file_name)
                    .map(|name| name.to_string_lossy().into_owned())
            };
            let folder = name(path.parent()).unwrap_or_else(|| root.to_owned());
            let topic = path
                .file_stem()
                .map(|stem| stem.to_string_lossy().into_owned())
                .unwrap_or_default();
            match (folder.as_str(), topic.as_str()) {
                ("rules", _) => library.rules.push(source),
                ("baselines", _) => {}
                (_, "bugs") => library.bugs.push(source),
                (_, "retired") => library.retired.push(source),
                _ => library.cases.push(Located {
                    area: folder,
                    topic,
                    source,
                }),
            }
        }
        library
            .cases
            .sort_by(|a, b| a.source.path.cmp(&b.source.path));
        library
    }

    /// The case files, not yet read.
    pub fn case_sources(&self) -> impl Iterator<Item = &Source> {
        self.cases.iter().map(|located| &located.source)
    }

    /// The files of rules that came with the cases, and not with this version.
    pub fn rule_sources(&self) -> impl Iterator<Item = &Source> {
        self.rules.iter().filter(|_| self.has_own_rules)
    }

    /// Reads everything.
    ///
    /// # Errors
    /// Everything that is wrong with all of the files, in their order.
    pub fn load(&self) -> Result<Corpus, Vec<CaseError>> {
        self.load_where(|_| true)
    }

    /// Reads only what is needed to run one trial, by its name.
    ///
    /// # Errors
    /// Everything that is wrong with the file that the trial's name points at.
    pub fn load_trial(&self, name: &str) -> Result<Corpus, Vec<CaseError>> {
        let mut corpus = self.load_where(|located| {
            let rest = name
                .strip_prefix(&located.area)
                .and_then(|rest| rest.strip_prefix('/'));
            rest.and_then(|rest| rest.strip_prefix(&located.topic))
                .is_some_and(|rest| rest.starts_with('/'))
        })?;
        for case in corpus.files.iter_mut().flat_map(|file| &mut file.cases) {
            case.trials.retain(|trial| trial.name == name);
        }
        Ok(corpus)
    }

    fn load_where(&self, is_wanted: impl Fn(&Located) -> bool) -> Result<Corpus, Vec<CaseError>> {
        let mut errors = Vec::new();
        let catalogue = self.catalogue(&mut errors);
        let mut files = Vec::new();
        for located in self.cases.iter().filter(|located| is_wanted(located)) {
            match read_file(&located.source, &located.area, &located.topic, &catalogue) {
                Ok(file) => files.push(file),
                Err(wrong) => errors.extend(wrong),
            }
        }
        check_ids(&files, &mut errors);
        if errors.is_empty() {
            Ok(Corpus { files, catalogue })
        } else {
            Err(errors)
        }
    }

    fn catalogue(&self, errors: &mut Vec<CaseError>) -> Catalogue {
        let mut catalogue = Catalogue::default();
        let mut note =
            |result: Result<(), Vec<CaseError>>| errors.extend(result.err().unwrap_or_default());
        self.rules
            .iter()
            .for_each(|source| note(catalogue.add_rules(source)));
        self.bugs
            .iter()
            .for_each(|source| note(catalogue.add_bugs(source)));
        self.retired
            .iter()
            .for_each(|source| note(catalogue.add_retired(source)));
        catalogue
    }
}

/// An id belongs to one case of all files.
fn check_ids(files: &[CaseFile], errors: &mut Vec<CaseError>) {
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    for file in files {
        let source = Source {
            path: file.path.clone(),
            text: file.text.clone(),
        };
        for case in &file.cases {
            let place = format!("{}:{}", file.path, case.place);
            if let Some(first) = seen.insert(&case.id, place) {
                let width = case.id.chars().count() as u32;
                let error = source.error(
                    case.place,
                    width,
                    format!("the id `{}` is there twice", case.id),
                );
                errors.push(error.hint(format!("the other one is at {first}")));
            }
        }
    }
}

/// Reads the YAML files at or below a path.
fn walk(path: &Path, depth: usize, sources: &mut Vec<Source>) -> Result<(), (PathBuf, io::Error)> {
    let failed = |error: io::Error| (path.to_owned(), error);
    if path.is_dir() {
        if depth > MAX_FOLDERS {
            return Err(failed(io::Error::other("folders are nested too deeply")));
        }
        for entry in fs::read_dir(path).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.is_dir()
                || path
                    .extension()
                    .is_some_and(|extension| extension == "yaml")
            {
                walk(&path, depth + 1, sources)?;
            }
        }
        return Ok(());
    }
    if sources.len() == MAX_FILES {
        return Err(failed(io::Error::other(format!(
            "more than {MAX_FILES} files"
        ))));
    }
    let len = fs::metadata(path).map_err(failed)?.len();
    if len > MAX_FILE_BYTES as u64 {
        return Err(failed(io::Error::other(format!(
            "longer than {MAX_FILE_BYTES} bytes"
        ))));
    }
    let text = fs::read_to_string(path).map_err(failed)?;
    sources.push(Source::new(path.display().to_string(), text));
    Ok(())
}

fn cannot_read(path: &Path, error: &io::Error) -> CaseError {
    Source::new(path.display().to_string(), "").error_of_file(format!("cannot be read: {error}"))
}
