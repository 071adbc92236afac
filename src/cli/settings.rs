//! Settings of a target from three places: an option wins over the environment (`SSEC_…`), and that over `ssec.toml`.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;
use ssec::case::error::Source;
use ssec::config::{Config, FEATURES, FILE, Section, feature};
use ssec::exit;

use super::corpus::show;
use super::{complain, variable};

/// The longest file of targets that is read, in bytes.
const FILE_LEN_MAX: u64 = 1 << 20;

/// A target of a file, by name.
#[derive(Args)]
pub(super) struct Named {
    /// Take what is not said here from this target of ssec.toml
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// The file of targets (default: ssec.toml)
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// What is known about a target besides its options, and what was taken from where.
#[derive(Default)]
pub(super) struct Settings {
    config: Config,
    section: Section,
    /// Where paths in the file begin.
    folder: PathBuf,
    taken: Vec<String>,
}

/// Where a value comes from.
enum Origin {
    Option,
    Environment(String),
    File(String),
}

impl Named {
    /// The file's settings, if a target of it was named.
    ///
    /// # Errors
    /// When the file cannot be read or has no such target.
    pub(super) fn settings(&self) -> Result<Settings, u8> {
        let usage = |text: &str| complain(exit::USAGE, text);
        let target = self.target.clone().or_else(|| variable("SSEC_TARGET"));
        let Some(name) = target else {
            return match &self.config {
                Some(_) => Err(usage("--config needs --target: which of its targets?")),
                None => Ok(Settings::default()),
            };
        };
        let path = self
            .config
            .clone()
            .or_else(|| variable("SSEC_CONFIG").map(PathBuf::from));
        let path = path.unwrap_or_else(|| PathBuf::from(FILE));
        let text = read(&path)
            .map_err(|error| usage(&format!("cannot read {}: {error}", path.display())))?;
        let source = Source::new(path.to_string_lossy(), text);
        let config = Config::read(&source).map_err(|errors| show(&errors))?;
        let Some(section) = config.target(&name).cloned() else {
            let known: Vec<&str> = config.names().collect();
            return Err(usage(&format!(
                "{} has no target `{name}`; it has: {}",
                path.display(),
                known.join(", ")
            )));
        };
        Ok(Settings {
            config,
            section,
            folder: path.parent().map(Path::to_owned).unwrap_or_default(),
            taken: Vec::new(),
        })
    }
}

fn read(path: &Path) -> std::io::Result<String> {
    if fs::metadata(path)?.len() > FILE_LEN_MAX {
        return Err(std::io::Error::other("larger than 1 MiB"));
    }
    fs::read_to_string(path)
}

impl Settings {
    /// The value of a setting: of its option, else of the environment, else of the file.
    ///
    /// # Errors
    /// When the environment says something that is no such value.
    pub(super) fn take<T>(&mut self, name: &str, option: Option<T>) -> Result<Option<T>, u8>
    where
        T: FromStr<Err: Display> + Display,
    {
        if let Some(value) = option {
            self.note(name, &value, &Origin::Option);
            return Ok(Some(value));
        }
        let Some((text, origin)) = self.find(name) else {
            return Ok(None);
        };
        let value: T = text.parse().map_err(|error| {
            complain(
                exit::USAGE,
                &format!("{}: `{text}`: {error}", origin.name(name)),
            )
        })?;
        self.note(name, &value, &origin);
        Ok(Some(value))
    }

    /// The path that a setting names. Paths in the file begin where the file is.
    pub(super) fn take_path(&mut self, name: &str, option: Option<PathBuf>) -> Option<PathBuf> {
        let (path, origin) = match option {
            Some(path) => (path, Origin::Option),
            None => {
                let (text, origin) = self.find(name)?;
                let in_file = matches!(origin, Origin::File(_));
                let folder = if in_file {
                    self.folder.clone()
                } else {
                    PathBuf::new()
                };
                (folder.join(text), origin)
            }
        };
        self.note(name, &path.display(), &origin);
        Some(path)
    }

    /// Which features the target has, each from where it is said first.
    ///
    /// # Errors
    /// When the environment says something odd.
    pub(super) fn take_features(
        &mut self,
        options: &[(&'static str, bool)],
    ) -> Result<BTreeMap<String, bool>, u8> {
        let name = environment(FEATURES);
        let text = variable(&name).unwrap_or_default();
        let words = text
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty());
        let said: Result<Vec<_>, String> = words.map(feature).collect();
        let said = said.map_err(|error| complain(exit::USAGE, &format!("{name}: {error}")))?;
        let mut found = BTreeMap::new();
        let in_file: Vec<_> = self
            .section
            .features
            .iter()
            .map(|(feature, at)| (*feature, at.value, Origin::File(self.config.at(at.place))))
            .collect();
        let told = |(feature, present): &(&'static str, bool)| (*feature, *present);
        let by_option = options
            .iter()
            .map(told)
            .map(|(feature, present)| (feature, present, Origin::Option));
        let by_environment = said
            .iter()
            .map(told)
            .map(|(feature, present)| (feature, present, Origin::Environment(name.clone())));
        for (feature, present, origin) in by_option.chain(by_environment).chain(in_file) {
            if !found.contains_key(feature) {
                self.note("feature", &format!("{feature}={present}"), &origin);
                found.insert(feature.to_owned(), present);
            }
        }
        Ok(found)
    }

    /// What was taken from where, a line each.
    pub(super) fn told(&self) -> String {
        self.taken.concat()
    }

    fn find(&self, name: &str) -> Option<(String, Origin)> {
        let variable_name = environment(name);
        if let Some(text) = variable(&variable_name) {
            return Some((text, Origin::Environment(variable_name)));
        }
        let at = self.section.settings.get(name)?;
        Some((at.value.clone(), Origin::File(self.config.at(at.place))))
    }

    fn note(&mut self, name: &str, value: &dyn Display, origin: &Origin) {
        self.taken.push(format!(
            "setting {name} = {value} ({})\n",
            origin.name(name)
        ));
    }
}

impl Origin {
    fn name(&self, setting: &str) -> String {
        match self {
            Self::Option => format!("--{setting}"),
            Self::Environment(name) | Self::File(name) => name.clone(),
        }
    }
}

/// The environment's name of a setting: `SSEC_CA_FILE`.
fn environment(setting: &str) -> String {
    format!("SSEC_{}", setting.to_uppercase().replace('-', "_"))
}
