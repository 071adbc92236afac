//! Where case files come from: the binary, a folder or a single file.

use std::collections::BTreeMap;
use std::ffi::OsStr;
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
        Self::sorted(sources)
    }

    /// The cases of a folder or of one file. Rules, bugs and retired ids that the folder does not
    /// bring along are those that this version carries.
    ///
    /// # Errors
    /// What could not be read.
    pub fn from_path(path: &Path) -> Result<Self, CaseError> {
        let mut sources = Vec::new();
        walk(path, 0, &mut sources).map_err(|(path, error)| cannot_read(&path, &error))?;
        let mut found = Self::sorted(sources.into_iter());
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
        Self::sorted(sources.into_iter())
    }

    /// Sorts files by what their path says. Baselines are no cases.
    fn sorted(sources: impl Iterator<Item = Source>) -> Self {
        let mut library = Self {
            cases: Vec::new(),
            has_own_rules: true,
            rules: Vec::new(),
            bugs: Vec::new(),
            retired: Vec::new(),
        };
        for source in sources {
            let (folder, topic) = folder_and_stem(Path::new(&source.path));
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

/// The name of a file's folder, and its own without the ending.
fn folder_and_stem(path: &Path) -> (String, String) {
    let text = |name: Option<&OsStr>| name.unwrap_or_default().to_string_lossy().into_owned();
    let stem = text(path.file_stem());
    if let Some(folder) = path.parent().and_then(Path::file_name) {
        return (text(Some(folder)), stem);
    }
    // A bare file name: its folder is where the program was started.
    let absolute = std::path::absolute(path).unwrap_or_default();
    (text(absolute.parent().and_then(Path::file_name)), stem)
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

#[cfg(test)]
mod tests {
    use super::*;

    const CASE: &str = "format: 1\nabout: x\ncases:\n  - id: mine\n    title: t\n    rules: [PUT-001]\n    \
                        steps:\n      - head: { object: a, sse_c: A, expect: ok }\n";

    /// A folder of these files, by path.
    fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
        let root = std::env::temp_dir().join(format!("ssec-library-{}-{name}", std::process::id()));
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("a file is in a folder"))
                .expect("it can be made");
            fs::write(path, text).expect("it can be written");
        }
        root
    }

    fn names(library: &Library) -> Vec<String> {
        let corpus = library
            .load()
            .unwrap_or_else(|errors| panic!("{}", errors[0]));
        corpus.trials().map(|trial| trial.name.clone()).collect()
    }

    #[test]
    fn the_embedded_cases_load_and_stand_in_their_order() {
        let names = names(&Library::embedded());
        assert!(names.len() > 100, "{}", names.len());
        assert!(
            names
                .iter()
                .any(|name| name == "put/stored/put-get-roundtrip")
        );
    }

    #[test]
    fn a_folder_is_read_with_the_embedded_rules_unless_it_brings_its_own() {
        let plain = folder(
            "plain",
            &[
                ("mine/own.yaml", CASE),
                ("baselines/x.yaml", "nonsense"),
                ("a.txt", "x"),
            ],
        );
        let library = Library::from_path(&plain).expect("it can be read");
        assert_eq!(names(&library), ["mine/own/mine"]);
        assert_eq!(library.rule_sources().count(), 0);
        let file = Library::from_path(&plain.join("mine/own.yaml")).expect("it can be read");
        assert_eq!(names(&file), ["mine/own/mine"]);

        let rules = "format: 1\nrules: []\n";
        let own = folder("own", &[("mine/own.yaml", CASE), ("rules/put.yaml", rules)]);
        let errors = Library::from_path(&own)
            .expect("it can be read")
            .load()
            .expect_err("no rules");
        assert_eq!(errors[0].message, "there is no rule PUT-001");
        for root in [plain, own] {
            fs::remove_dir_all(root).expect("it was just made");
        }
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let error = Library::from_path(Path::new("no/such/folder")).expect_err("it is not there");
        assert!(
            error
                .to_string()
                .starts_with("no/such/folder: cannot be read: "),
            "{error}"
        );
        let long = "# ".to_owned() + &"x".repeat(MAX_FILE_BYTES);
        let root = folder("long", &[("put/long.yaml", &long)]);
        let error = Library::from_path(&root).expect_err("it is too long");
        assert!(
            error.to_string().ends_with("longer than 262144 bytes"),
            "{error}"
        );
        fs::remove_dir_all(root).expect("it was just made");
    }
}
