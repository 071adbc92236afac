//! Starts the reference server inside this process; the one file of the suite that names it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use ssec_reference::{Config, Handle};
pub use ssec_saboteurs::{Group, Impact, Saboteur, all as saboteurs, find as saboteur};

use crate::target::{Addressing, Credentials, Endpoint, Target, Trust};

/// The credentials that the reference accepts unless it is told others; no secret, they stand in the README.
pub const ACCESS_KEY_ID: &str = "ssec";
/// See [`ACCESS_KEY_ID`].
pub const SECRET_ACCESS_KEY: &str = "ssec-secret-key";

/// Which AES-256-GCM the reference seals and opens with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cipher {
    /// The crate `ring`.
    #[default]
    Ring,
    /// The crate `aes-gcm`.
    AesGcm,
}

/// What the reference can be told by somebody who serves it.
#[derive(Clone)]
pub struct Options {
    /// Where https listens; port 0 takes a free one.
    pub https: SocketAddr,
    /// Where plain http listens, if it does; SSE-C is refused there.
    pub http: Option<SocketAddr>,
    /// What virtual-host names end in.
    pub domain: String,
    /// How [`Bundled::target`] is asked for buckets.
    pub addressing: Addressing,
    /// Buckets that exist from the start.
    pub buckets: Vec<String>,
    /// Where objects are kept; in memory without it.
    pub data: Option<PathBuf>,
    /// Which AES-256-GCM.
    pub cipher: Cipher,
    /// Whether new buckets block SSE-C, as S3's do since April 2026.
    pub block_sse_c_by_default: bool,
    /// Names of [`saboteurs`] to break it with.
    pub sabotage: Vec<String>,
    /// Who may sign.
    pub access_key_id: String,
    /// Its secret.
    pub secret_access_key: String,
}

impl Default for Options {
    fn default() -> Self {
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            https: any_port,
            http: Some(any_port),
            domain: "s3.localhost".to_owned(),
            addressing: Addressing::default(),
            buckets: Vec::new(),
            data: None,
            cipher: Cipher::default(),
            block_sse_c_by_default: false,
            sabotage: Vec::new(),
            access_key_id: ACCESS_KEY_ID.to_owned(),
            secret_access_key: SECRET_ACCESS_KEY.to_owned(),
        }
    }
}

impl Options {
    /// The reference as something to judge: like S3 today, new buckets block SSE-C until they are told otherwise.
    #[must_use]
    pub fn to_judge(addressing: Addressing) -> Self {
        Self {
            addressing,
            block_sse_c_by_default: true,
            ..Self::default()
        }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("https", &self.https)
            .field("http", &self.http)
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}

/// A running reference; it stops when this is dropped.
#[derive(Debug)]
pub struct Bundled {
    handle: Handle,
    credentials: Credentials,
    addressing: Addressing,
    domain: String,
}

/// Starts the reference on the current tokio runtime.
///
/// # Errors
/// When an address cannot be bound, the data folder cannot be used, or there is no saboteur of a name.
pub async fn start(options: Options) -> io::Result<Bundled> {
    let credentials = Credentials::new(&options.access_key_id, &options.secret_access_key, None);
    let (addressing, domain) = (options.addressing, options.domain.clone());
    let config = Config {
        https: options.https,
        http: options.http,
        domain: options.domain,
        buckets: options.buckets,
        data: options.data,
        cipher: match options.cipher {
            Cipher::Ring => ssec_reference::seal::Cipher::Ring,
            Cipher::AesGcm => ssec_reference::seal::Cipher::AesGcm,
        },
        block_sse_c_by_default: options.block_sse_c_by_default,
        credentials: vec![ssec_reference::sigv4::Credentials::new(
            options.access_key_id,
            options.secret_access_key,
        )],
        ..Config::default()
    };
    let sabotage: Vec<_> = options.sabotage.iter().map(String::as_str).collect();
    let config = ssec_saboteurs::apply(config, &sabotage).map_err(io::Error::other)?;
    let handle = ssec_reference::start(config).await?;
    Ok(Bundled {
        handle,
        credentials,
        addressing,
        domain,
    })
}

impl Bundled {
    /// The https endpoint.
    #[must_use]
    pub fn https_url(&self) -> String {
        self.handle.https_url()
    }

    /// The http endpoint, if there is one.
    #[must_use]
    pub fn http_url(&self) -> Option<String> {
        self.handle.http_url()
    }

    /// The certificate of the authority that signed the server's, in PEM.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        self.handle.ca_pem()
    }

    /// The reference as something to judge.
    ///
    /// # Panics
    /// Never: the reference's own URLs are endpoints.
    #[must_use]
    pub fn target(&self) -> Target {
        let endpoint = |url: &str| {
            let mut endpoint: Endpoint = url.parse().expect("the reference's URL is an endpoint");
            if self.addressing == Addressing::Virtual {
                // Certificates cover *.DOMAIN, and no wildcard stands right below `localhost`.
                endpoint.host.clone_from(&self.domain);
            }
            endpoint
        };
        let mut target = Target::new(endpoint(&self.https_url()), self.credentials.clone());
        target.http_endpoint = self.http_url().as_deref().map(endpoint);
        target.trust = Trust::Pem(self.ca_pem().as_bytes().to_vec());
        target.addressing = self.addressing;
        target.bundled = true;
        target
    }

    /// Finishes the requests that are being answered and stops.
    pub async fn stop(self) {
        self.handle.stop().await;
    }
}
