//! Every setting of a target: one table of what it is called and what it takes.

use std::fmt;
use std::str::FromStr;

use crate::case::feature;
use crate::run::Rate;
use crate::target::Endpoint;

/// The table of features within a target.
pub const FEATURES: &str = "features";

/// How it is said that a target has a feature or not.
pub(super) const ANSWERS: &[(&str, bool)] = &[
    ("yes", true),
    ("no", false),
    ("true", true),
    ("false", false),
];

/// Something that can be set for a target: in a file, as `SSEC_NAME` in the environment, or by an option.
#[derive(Clone, Copy)]
pub struct Setting {
    /// Its name in files; options have the same.
    pub name: &'static str,
    /// What it says about the target.
    pub says: &'static str,
    /// Why a text is no value of it.
    pub(super) check: fn(&str) -> Result<(), String>,
}

/// Every setting, in the order in which they are explained. There is none for a secret.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "endpoint",
        says: "where it listens: https://host[:port]",
        check: is::<Endpoint>,
    },
    Setting {
        name: "http-endpoint",
        says: "where it listens without TLS, to test that keys are refused there",
        check: is::<Endpoint>,
    },
    Setting {
        name: "region",
        says: "the region to sign for",
        check: is::<String>,
    },
    Setting {
        name: "addressing",
        says: "where the bucket's name goes: path or virtual",
        check: |text| one_of(text, &["path", "virtual"]),
    },
    Setting {
        name: "ca-file",
        says: "the certificates to trust, PEM",
        check: is::<String>,
    },
    Setting {
        name: "insecure",
        says: "true: any certificate is accepted",
        check: is::<bool>,
    },
    Setting {
        name: "profile",
        says: "the AWS profile with the credentials",
        check: is::<String>,
    },
    Setting {
        name: "bucket",
        says: "a bucket that exists; nothing else in it is touched",
        check: is::<String>,
    },
    Setting {
        name: "gate",
        says: "what fails a run: safe or exact",
        check: |text| one_of(text, &["safe", "exact"]),
    },
    Setting {
        name: "baseline",
        says: "the file of what is accepted for now",
        check: is::<String>,
    },
    Setting {
        name: "rate",
        says: "requests per second at most: 20/s",
        check: is::<Rate>,
    },
    Setting {
        name: "jobs",
        says: "cases at a time, 1 to 256",
        check: is::<Width>,
    },
    Setting {
        name: "timeout",
        says: "seconds that a request may take, 1 to 3600",
        check: is::<Seconds>,
    },
    Setting {
        name: "retries",
        says: "how often a request is repeated that did not get through, 0 to 10",
        check: is::<Retries>,
    },
];

impl fmt::Debug for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// `NAME=yes` or `NAME=no` as a feature of a target.
///
/// # Errors
/// When there is no such feature, or another word is there.
pub fn feature(text: &str) -> Result<(&'static str, bool), String> {
    let (name, answer) = text
        .split_once('=')
        .ok_or("a feature is NAME=yes or NAME=no")?;
    let feature = feature::find(name).ok_or_else(|| {
        let known: Vec<&str> = feature::FEATURES
            .iter()
            .map(|feature| feature.name)
            .collect();
        format!(
            "there is no feature `{name}`; there are: {}",
            known.join(", ")
        )
    })?;
    let answer = ANSWERS.iter().find(|(word, _)| *word == answer);
    let (_, present) = answer.ok_or_else(|| format!("`{name}` is yes or no"))?;
    Ok((feature.name, *present))
}

/// Numbers that have to be within bounds.
macro_rules! bounded {
    ($($(#[$doc:meta])* $name:ident: $least:literal..=$most:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(pub u16);

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                within(text, $least, $most).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    )*};
}

bounded! {
    /// Cases at a time.
    Width: 1..=256;
    /// Seconds that a request may take.
    Seconds: 1..=3600;
    /// How often a request is repeated that did not get through.
    Retries: 0..=10;
}

fn within(text: &str, least: u16, most: u16) -> Result<u16, String> {
    text.parse()
        .ok()
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| format!("a number from {least} to {most}"))
}

fn is<T: FromStr<Err: fmt::Display>>(text: &str) -> Result<(), String> {
    text.parse::<T>()
        .map(|_| ())
        .map_err(|error| error.to_string())
}

fn one_of(text: &str, words: &[&str]) -> Result<(), String> {
    let known = words.contains(&text);
    known.then_some(()).ok_or_else(|| words.join(" or "))
}
