//! Where a run happens: at somebody's endpoint, or at the reference server in this binary.

use clap::Args;
use ssec::exit;
use ssec::target::{Endpoint, Target};

use super::complain;
use super::settings::{Named, Settings};
use super::target::Connection;

/// Where to run.
#[derive(Args)]
pub(super) struct At {
    /// The server under test, such as https://s3.example.com (default: the reference server in this binary)
    #[arg(long, value_name = "URL")]
    endpoint: Option<Endpoint>,
    /// The same server over plain http, to test that it refuses customer keys there
    #[arg(long, value_name = "URL")]
    http_endpoint: Option<Endpoint>,
    /// Work in this bucket, which exists; nothing else in it is touched (default: one made for the run)
    #[arg(long, value_name = "NAME")]
    bucket: Option<String>,
    /// Say that the target has a feature or not, such as copy=no (default: find out); repeatable
    #[arg(long = "feature", value_name = "NAME=yes|no", value_parser = ssec::config::feature)]
    features: Vec<(&'static str, bool)>,
    #[command(flatten)]
    pub(super) named: Named,
    #[command(flatten)]
    connection: Connection,
}

/// The target, and the reference behind it if it is ours.
pub(super) enum Place {
    Remote(Target),
    #[cfg(feature = "bundled")]
    Bundled(ssec::bundled::Bundled),
}

impl Place {
    /// Finds the target; the reference is started.
    ///
    /// # Errors
    /// When something about it is wrong; the code to exit with.
    pub(super) async fn find(at: At, settings: &mut Settings) -> Result<Self, u8> {
        let Some(endpoint) = settings.take("endpoint", at.endpoint.clone())? else {
            return Self::bundled(&at, settings).await;
        };
        let mut target = at.connection.target(endpoint, settings)?;
        target.http_endpoint = settings.take("http-endpoint", at.http_endpoint)?;
        target.bucket = settings.take("bucket", at.bucket)?;
        target.features = settings.take_features(&at.features)?;
        Ok(Self::Remote(target))
    }

    #[cfg(feature = "bundled")]
    async fn bundled(at: &At, settings: &mut Settings) -> Result<Self, u8> {
        let given = [
            (at.http_endpoint.is_some(), "--http-endpoint"),
            (at.bucket.is_some(), "--bucket"),
            (!at.features.is_empty(), "--feature"),
        ];
        let idle = given
            .into_iter()
            .find_map(|(given, name)| given.then_some(name));
        if let Some(option) = idle.or(at.connection.idle_option()) {
            let text = format!("{option} needs --endpoint or --target");
            return Err(complain(exit::USAGE, &text));
        }
        let options = ssec::bundled::Options::to_judge(at.connection.addressing(settings)?);
        ssec::bundled::start(options)
            .await
            .map(Self::Bundled)
            .map_err(|error| {
                complain(
                    exit::INTERNAL,
                    &format!("the reference server does not start: {error}"),
                )
            })
    }

    #[cfg(not(feature = "bundled"))]
    async fn bundled(_: &At, _: &mut Settings) -> Result<Self, u8> {
        Err(complain(
            exit::USAGE,
            "this binary has no reference server; name an --endpoint",
        ))
    }

    /// Whether this is the reference in this binary.
    pub(super) const fn is_bundled(&self) -> bool {
        !matches!(self, Self::Remote(_))
    }

    pub(super) fn target(&self) -> Target {
        match self {
            Self::Remote(target) => target.clone(),
            #[cfg(feature = "bundled")]
            Self::Bundled(server) => server.target(),
        }
    }

    pub(super) async fn stop(self) {
        match self {
            Self::Remote(_) => {}
            #[cfg(feature = "bundled")]
            Self::Bundled(server) => server.stop().await,
        }
    }
}
