//! Where the target's credentials come from: the environment or an AWS profile, never the command line.
//!
//! Of AWS's two files it reads what is written in them: keys, token, region. Whatever would have to be fetched
//! first (SSO, roles, processes) is left to the AWS CLI, and said; see `docs/decisions/0010-aws-profiles.md`.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::variable;

/// The longest file that is read, in bytes.
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
    #[error("there is no profile `{profile}` (there are: {})", or_none(known))]
    UnknownProfile { profile: String, known: Vec<String> },
    #[error("profile `{profile}` has no {field}")]
    Incomplete {
        profile: String,
        field: &'static str,
    },
    #[error(
        "profile `{profile}` fetches its credentials ({field}); let the AWS CLI do that: \
         eval \"$(aws configure export-credentials --profile {profile} --format env)\""
    )]
    Fetched {
        profile: String,
        field: &'static str,
    },
    #[error("cannot read {}: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
}

/// Fields that say where credentials would have to be fetched.
const FETCHED: &[&str] = &[
    "sso_session",
    "sso_start_url",
    "role_arn",
    "credential_process",
    "web_identity_token_file",
    "login_session",
];

/// Finds credentials as AWS's own tools do: `--profile` first, then the environment, then `AWS_PROFILE` or `default`.
///
/// # Errors
/// When nothing is found, or when what is found is incomplete.
pub(super) fn find(profile: Option<&str>) -> Result<Found, CredentialsError> {
    if let Some(name) = profile {
        return pick(name, profiles()?);
    }
    if let Some(found) = from_environment(variable)? {
        return Ok(found);
    }
    let named = variable("AWS_PROFILE");
    let profiles = profiles()?;
    if named.is_none() && !profiles.contains_key("default") {
        return Err(CredentialsError::None);
    }
    pick(named.as_deref().unwrap_or("default"), profiles)
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

/// Profiles by name, their fields by name.
type Profiles = BTreeMap<String, BTreeMap<String, String>>;

/// The profiles of both files; what the credentials file says wins.
fn profiles() -> Result<Profiles, CredentialsError> {
    let path = |name: &str, file: &str| {
        let home = || env::home_dir().map(|home| home.join(".aws").join(file));
        variable(name).map(PathBuf::from).or_else(home)
    };
    let mut profiles = Profiles::new();
    for (path, of_section) in [
        (
            path("AWS_CONFIG_FILE", "config"),
            of_config as fn(&str) -> Option<&str>,
        ),
        (
            path("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
            of_credentials,
        ),
    ] {
        if let Some(path) = path.filter(|path| path.exists()) {
            add(&mut profiles, &read(&path)?, of_section);
        }
    }
    Ok(profiles)
}

/// The profile of a section of the config file, which has sections for other things too.
fn of_config(section: &str) -> Option<&str> {
    match section.strip_prefix("profile ") {
        Some(name) => Some(name.trim()),
        None => (section == "default").then_some(section),
    }
}

/// The profile of a section of the credentials file, which has no others.
const fn of_credentials(section: &str) -> Option<&str> {
    Some(section)
}

fn read(path: &Path) -> Result<String, CredentialsError> {
    let unreadable = |source| CredentialsError::Unreadable {
        path: path.to_owned(),
        source,
    };
    if fs::metadata(path).map_err(unreadable)?.len() > FILE_LEN_MAX {
        return Err(unreadable(io::Error::other("larger than 1 MiB")));
    }
    fs::read_to_string(path).map_err(unreadable)
}

/// The credentials of a profile.
fn pick(profile: &str, mut profiles: Profiles) -> Result<Found, CredentialsError> {
    let Some(mut fields) = profiles.remove(profile) else {
        return Err(CredentialsError::UnknownProfile {
            profile: profile.to_owned(),
            known: profiles.into_keys().collect(),
        });
    };
    let fetched = FETCHED.iter().find(|field| fields.contains_key(**field));
    let mut take = |field: &'static str| match (fields.remove(field), fetched) {
        (Some(value), _) => Ok(value),
        (None, Some(by)) => Err(CredentialsError::Fetched {
            profile: profile.to_owned(),
            field: by,
        }),
        (None, None) => Err(CredentialsError::Incomplete {
            profile: profile.to_owned(),
            field,
        }),
    };
    Ok(Found {
        access_key_id: take("aws_access_key_id")?,
        secret_access_key: take("aws_secret_access_key")?,
        session_token: take("aws_session_token").ok(),
        region: take("region").ok(),
    })
}

/// Adds a file's sections, as AWS's tools read them: `#` and `;` begin a comment, also behind a value and a space;
/// indented lines belong to the field above them, and none of those is ours.
fn add(profiles: &mut Profiles, text: &str, of_section: fn(&str) -> Option<&str>) {
    let mut current = None;
    for line in text.lines() {
        if line.starts_with(['#', ';', ' ', '\t']) {
            continue;
        }
        let line = without_comment(line);
        let section = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        if let Some(section) = section {
            current = of_section(section.trim()).map(str::to_owned);
            if let Some(name) = &current {
                profiles.entry(name.clone()).or_default();
            }
        } else if let (Some(name), Some((field, value))) = (&current, line.split_once('=')) {
            let fields = profiles.entry(name.clone()).or_default();
            fields.insert(field.trim().to_ascii_lowercase(), value.trim().to_owned());
        }
    }
}

fn without_comment(line: &str) -> &str {
    let ends = [" #", " ;", "\t#", "\t;"]
        .iter()
        .filter_map(|mark| line.find(mark));
    line[..ends.min().unwrap_or(line.len())].trim_end()
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

    const CREDENTIALS: &str = "\
# a comment
[default]
aws_access_key_id = AK1
aws_secret_access_key=SK1==  # behind a value

[ other ]
AWS_ACCESS_KEY_ID = AK2
aws_secret_access_key = SK2
aws_session_token = T2
region = eu-west-1

[half]
aws_access_key_id = AK3
";

    const CONFIG: &str = "\
[default]
region = us-west-2
[profile other]
region = overruled
[profile whole]
aws_access_key_id = AK4
aws_secret_access_key = SK4#4
s3 =
    region = nested
[profile sso]
sso_session = work
region = us-east-2
[sso-session work]
sso_region = us-east-1
[stray]
aws_access_key_id = AK5
";

    /// What a profile gives, as `id/secret/token/region`, or the error.
    fn check(profile: &str, expected: &str) {
        let mut profiles = Profiles::new();
        add(&mut profiles, CONFIG, of_config);
        add(&mut profiles, CREDENTIALS, of_credentials);
        let got = match pick(profile, profiles) {
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
    fn profiles_are_of_both_files() {
        check("other", "AK2/SK2/T2/eu-west-1");
        check("whole", "AK4/SK4#4//");
        check("half", "profile `half` has no aws_secret_access_key");
        check(
            "stray",
            "there is no profile `stray` (there are: default, half, other, sso, whole)",
        );
        check(
            "sso",
            "profile `sso` fetches its credentials (sso_session); let the AWS CLI do that: \
             eval \"$(aws configure export-credentials --profile sso --format env)\"",
        );
    }

    #[test]
    fn a_file_that_says_nothing_overrules_nothing() {
        let mut profiles = Profiles::new();
        add(&mut profiles, CONFIG, of_config);
        add(&mut profiles, CREDENTIALS, of_credentials);
        let found = pick("default", profiles).ok();
        assert_eq!(
            found.and_then(|found| found.region).as_deref(),
            Some("us-west-2")
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
