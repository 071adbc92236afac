//! What is under test, as the arguments and the environment say it.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::{fmt, fs, io};

use clap::{Args, ValueEnum};
use ssec::exit;
use ssec::target::{Addressing, Credentials, Endpoint, Target, Trust};

use super::settings::Settings;
use super::{complain, credentials, variable};

/// The largest file of certificates that is read, in bytes.
const CA_FILE_LEN_MAX: u64 = 1 << 20;

/// How to reach a server and as whom.
#[derive(Args)]
pub(super) struct Connection {
    /// Signing region (default: that of the profile or of AWS_REGION, else us-east-1)
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Whether the bucket's name goes into the path (the default) or in front of the host
    #[arg(long, value_enum)]
    addressing: Option<Style>,
    /// Trust the certificates in this PEM file, and no others
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Accept any certificate
    #[arg(long, conflicts_with = "ca_file")]
    insecure: bool,
    /// Take credentials from this profile of the AWS credentials file, not from the environment
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Style {
    Path,
    Virtual,
}

impl FromStr for Style {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        <Self as ValueEnum>::from_str(text, false)
    }
}

impl fmt::Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Path => "path",
            Self::Virtual => "virtual",
        })
    }
}

impl Connection {
    /// Where the bucket's name goes.
    ///
    /// # Errors
    /// When the environment says something else than `path` or `virtual`.
    pub(super) fn addressing(&self, settings: &mut Settings) -> Result<Addressing, u8> {
        Ok(match settings.take("addressing", self.addressing)? {
            Some(Style::Virtual) => Addressing::Virtual,
            Some(Style::Path) | None => Addressing::Path,
        })
    }

    /// The first option that says nothing about the reference in this binary, if one was given.
    #[cfg(feature = "bundled")]
    pub(super) fn idle_option(&self) -> Option<&'static str> {
        let given = [
            (self.region.is_some(), "--region"),
            (self.ca_file.is_some(), "--ca-file"),
            (self.insecure, "--insecure"),
            (self.profile.is_some(), "--profile"),
        ];
        given
            .into_iter()
            .find_map(|(given, name)| given.then_some(name))
    }

    /// The server at this endpoint.
    ///
    /// # Errors
    /// When a file cannot be read or there are no credentials; the code to exit with.
    pub(super) fn target(&self, endpoint: Endpoint, settings: &mut Settings) -> Result<Target, u8> {
        let usage = |text: String| complain(exit::USAGE, &text);
        let profile = settings.take("profile", self.profile.clone())?;
        let found =
            credentials::find(profile.as_deref()).map_err(|error| usage(error.to_string()))?;
        let credentials = Credentials::new(
            found.access_key_id,
            found.secret_access_key,
            found.session_token,
        );
        let mut target = Target::new(endpoint, credentials);
        let region = settings
            .take("region", self.region.clone())?
            .or(found.region);
        let region = region
            .or_else(|| variable("AWS_REGION"))
            .or_else(|| variable("AWS_DEFAULT_REGION"));
        if let Some(region) = region {
            target.region = region;
        }
        target.addressing = self.addressing(settings)?;
        target.trust = self.trust(settings)?;
        Ok(target)
    }

    /// Whom to trust; options about it go before everything that is said elsewhere.
    fn trust(&self, settings: &mut Settings) -> Result<Trust, u8> {
        let insecure = self.insecure.then_some(true);
        if self.ca_file.is_none() && settings.take("insecure", insecure)? == Some(true) {
            return Ok(Trust::Insecure);
        }
        match settings.take_path("ca-file", self.ca_file.clone()) {
            None => Ok(Trust::System),
            Some(path) => certificates(&path).map(Trust::Pem).map_err(|error| {
                let text = format!("cannot read {}: {error}", path.display());
                complain(exit::USAGE, &text)
            }),
        }
    }
}

fn certificates(path: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(path)?.len() > CA_FILE_LEN_MAX {
        return Err(io::Error::other("larger than 1 MiB"));
    }
    fs::read(path)
}
