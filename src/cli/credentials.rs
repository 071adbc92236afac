//! Where the target's credentials come from: the environment or an AWS profile, never the command line.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::variable;

/// The longest credentials file that is read, in bytes.
const FILE_LEN_MAX: u64 = 1 << 20;

/// Credentials as found, and where. No `Debug`: the secret has no way into an output.
pub(super) struct Found {
    pub(super) access_key_id: String,
    pub(super) secret_access_key: String,
    pub(super) session_token: Option<String>,
    /// The profile's region, when it names one.
    pub(super) region: Option<String>,
}

/// Why there are no credentials.
#[derive(Debug, thiserror::Error)]
pub(super) enum CredentialsError {
    #[error(
        "no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with --profile"
    )]
    None,
    #[error("AWS_ACCESS_KEY_ID is set but AWS_SECRET_ACCESS_KEY is not")]
    NoSecret,
    #[error("profile `{profile}` is not in {} (it has: {})", path.display(), or_none(known))]
    UnknownProfile {
        profile: String,
        path: PathBuf,
        known: Vec<String>,
    },
    #[error("profile `{profile}` in {} has no {field}", path.display())]
    Incomplete {
        profile: String,
        path: PathBuf,
        field: &'static str,
    },
    #[error("cannot read {}: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
}

/// Finds credentials as AWS's own tools do: `--profile` first, then the environment, then `AWS_PROFILE` or `default`.
///
/// # Errors
/// When nothing is found, or when what is found is incomplete.
pub(super) fn find(profile: Option<&str>) -> Result<Found, CredentialsError> {
    match profile {
        Some(name) => from_profile(name, &credentials_path()?),
        None => match from_environment(variable)? {
            Some(found) => Ok(found),
            None => from_default_profile(),
        },
    }
}

fn from_environment(
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<Found>, CredentialsError> {
    let Some(access_key_id) = variable("AWS_ACCESS_KEY_ID") else {
        return Ok(None);
    };
    let secret_access_key = variable("AWS_SECRET_ACCESS_KEY").ok_or(CredentialsError::NoSecret)?;
    let session_token = variable("AWS_SESSION_TOKEN");
    Ok(Some(Found {
        access_key_id,
        secret_access_key,
        session_token,
        region: None,
    }))
}

fn from_default_profile() -> Result<Found, CredentialsError> {
    let named = variable("AWS_PROFILE");
    let path = credentials_path()?;
    if named.is_none() && !path.exists() {
        return Err(CredentialsError::None);
    }
    from_profile(named.as_deref().unwrap_or("default"), &path)
}

fn from_profile(profile: &str, path: &Path) -> Result<Found, CredentialsError> {
    let unreadable = |source| CredentialsError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let len = fs::metadata(path).map_err(unreadable)?.len();
    if len > FILE_LEN_MAX {
        return Err(unreadable(io::Error::other("larger than 1 MiB")));
    }
    pick(
        profile,
        path,
        &fs::read_to_string(path).map_err(unreadable)?,
    )
}

/// The named section of an AWS credentials file as credentials.
fn pick(profile: &str, path: &Path, text: &str) -> Result<Found, CredentialsError> {
    let mut sections = parse_ini(text);
    let Some(mut section) = sections.remove(profile) else {
        return Err(CredentialsError::UnknownProfile {
            profile: profile.to_owned(),
            path: path.to_owned(),
            known: sections.into_keys().collect(),
        });
    };
    let mut take = |field: &'static str| {
        section
            .remove(field)
            .ok_or_else(|| CredentialsError::Incomplete {
                profile: profile.to_owned(),
                path: path.to_owned(),
                field,
            })
    };
    Ok(Found {
        access_key_id: take("aws_access_key_id")?,
        secret_access_key: take("aws_secret_access_key")?,
        session_token: take("aws_session_token").ok(),
        region: take("region").ok(),
    })
}

type Sections = BTreeMap<String, BTreeMap<String, String>>;

/// Sections and their `name = value` lines; `#` and `;` start a comment line, as in AWS's files.
fn parse_ini(text: &str) -> Sections {
    let mut sections = Sections::new();
    let mut current = None;
    for line in text.lines().map(str::trim) {
        if line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            let name = name.trim();
            let name = name
                .strip_prefix("profile ")
                .unwrap_or(name)
                .trim()
                .to_owned();
            sections.entry(name.clone()).or_default();
            current = Some(name);
        } else if let (Some(section), Some((name, value))) = (&current, line.split_once('=')) {
            let entries = sections.entry(section.clone()).or_default();
            entries.insert(name.trim().to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    sections
}

fn credentials_path() -> Result<PathBuf, CredentialsError> {
    if let Some(path) = variable("AWS_SHARED_CREDENTIALS_FILE") {
        return Ok(path.into());
    }
    let home = env::home_dir().ok_or(CredentialsError::None)?;
    Ok(home.join(".aws").join("credentials"))
}

fn or_none(names: &[String]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
# a comment
[default]
aws_access_key_id = AK1
aws_secret_access_key=SK1==

[ other ]
AWS_ACCESS_KEY_ID = AK2
aws_secret_access_key = SK2
aws_session_token = T2
region = eu-west-1

[half]
aws_access_key_id = AK3
";

    /// What a profile of `FILE` gives, as `id/secret/token/region`, or the error.
    fn check(profile: &str, expected: &str) {
        let got = match pick(profile, Path::new("FILE"), FILE) {
            Ok(found) => [
                found.access_key_id,
                found.secret_access_key,
                found.session_token.unwrap_or_default(),
                found.region.unwrap_or_default(),
            ]
            .join("/"),
            Err(error) => error.to_string(),
        };
        assert_eq!(got, expected);
    }

    #[test]
    fn profiles() {
        check("default", "AK1/SK1==//");
        check("other", "AK2/SK2/T2/eu-west-1");
        check(
            "half",
            "profile `half` in FILE has no aws_secret_access_key",
        );
        check(
            "none",
            "profile `none` is not in FILE (it has: default, half, other)",
        );
    }

    #[test]
    fn environment_needs_both_halves() {
        let half = from_environment(|name| (name == "AWS_ACCESS_KEY_ID").then(|| "AK".to_owned()));
        assert!(matches!(half, Err(CredentialsError::NoSecret)));
        assert!(matches!(from_environment(|_| None), Ok(None)));
        let both = from_environment(|name| name.starts_with("AWS_").then(|| name.to_owned()));
        let found = both
            .ok()
            .flatten()
            .map(|found| (found.access_key_id, found.session_token));
        assert_eq!(
            found,
            Some((
                "AWS_ACCESS_KEY_ID".to_owned(),
                Some("AWS_SESSION_TOKEN".to_owned())
            ))
        );
    }
}
