//! `ssec.toml`: targets by name, so that nobody types an endpoint twice. It holds no secrets, and knows neither the
//! command line nor the environment.

mod setting;
#[cfg(test)]
mod tests;
mod toml;

use std::collections::BTreeMap;

pub use setting::{FEATURES, Retries, SETTINGS, Seconds, Setting, Width, feature};

use crate::case::error::{CaseError, Source};
use crate::case::load::{Form, Reader};
use crate::case::node::Node;
use crate::case::place::{At, Place};

/// Where targets are looked for unless somebody names another file.
pub const FILE: &str = "ssec.toml";

/// The targets of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    path: String,
    targets: BTreeMap<String, Section>,
}

/// What a file says about a target. Every value is one that its setting takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Settings by name, as they are written.
    pub settings: BTreeMap<&'static str, At<String>>,
    /// Whether the target has a feature, by the feature's name.
    pub features: BTreeMap<&'static str, At<bool>>,
}

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(source: &Source) -> Result<Self, Vec<CaseError>> {
        let root = toml::parse(source).map_err(|error| vec![error])?;
        let mut reader = Reader::new(source);
        let mut config = Self {
            path: source.path.clone(),
            ..Self::default()
        };
        if let Some(map) = reader.map(&root, "this file", &["target"], &["target"]) {
            let targets = map
                .get("target")
                .and_then(|node| reader.entries(node, "`target`"));
            for (name, node) in targets.unwrap_or_default() {
                let target = target(&mut reader, node);
                if let Some(name) = reader.id(name, "name of a target", NAME) {
                    config.targets.insert(name, target);
                }
            }
        }
        if reader.is_clean() {
            Ok(config)
        } else {
            Err(reader.into_errors())
        }
    }

    /// The target of that name.
    #[must_use]
    pub fn target(&self, name: &str) -> Option<&Section> {
        self.targets.get(name)
    }

    /// The names of all targets.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.targets.keys().map(String::as_str)
    }

    /// `FILE:LINE` of a value.
    #[must_use]
    pub fn at(&self, place: Place) -> String {
        format!("{}:{}", self.path, place.line)
    }
}

/// `minio`, `ceph-18.2`
const NAME: Form = Form::new(
    |text| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
    },
    "letters, digits and `-._`",
);

fn target(reader: &mut Reader<'_>, node: &Node) -> Section {
    let mut target = Section::default();
    let allowed: Vec<&str> = SETTINGS
        .iter()
        .map(|setting| setting.name)
        .chain([FEATURES])
        .collect();
    let Some(map) = reader.map(node, "a target", &allowed, &["endpoint"]) else {
        return target;
    };
    for setting in SETTINGS {
        let Some(node) = map.get(setting.name) else {
            continue;
        };
        let Some(text) = reader.text(node, &format!("`{}`", setting.name)) else {
            continue;
        };
        match (setting.check)(&text) {
            Ok(()) => {
                let value = At {
                    value: text,
                    place: node.place,
                };
                target.settings.insert(setting.name, value);
            }
            Err(why) => reader.refuse(node, format!("`{text}` is no {}: {why}", setting.name)),
        }
    }
    if let Some(node) = map.get(FEATURES) {
        target.features = features(reader, node);
    }
    target
}

fn features(reader: &mut Reader<'_>, node: &Node) -> BTreeMap<&'static str, At<bool>> {
    let mut found = BTreeMap::new();
    for (name, node) in reader.entries(node, "`features`").unwrap_or_default() {
        let text = name.scalar().unwrap_or_default();
        let Some(feature) = crate::case::feature::find(text) else {
            let known = crate::case::feature::FEATURES
                .iter()
                .map(|feature| feature.name);
            reader.refuse_word(name, format!("there is no feature `{text}`"), text, known);
            continue;
        };
        let present = reader.word(node, "answer", setting::ANSWERS);
        let place = node.place;
        found.extend(present.map(|value| (feature.name, At { value, place })));
    }
    found
}
