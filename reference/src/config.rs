//! What a server is made of: addresses, credentials, limits, and the seams for tests.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use crate::clock::{Clock, SystemClock};
use crate::random::{OsRandom, Random};
use crate::seal::{Cipher, SegmentLen};
use crate::service::{HandlerLayer, ServiceLayer};
use crate::sigv4::Credentials;
use crate::store::BodyHome;

/// The smallest part that is not the last, in bytes (S3: 5 MiB).
pub const PART_LEN_MIN: u64 = crate::store::limits::PART_BYTES_MIN;

/// Everything a server can be told. [`Config::default`] is an in-memory server on free ports.
pub struct Config {
    /// Where https listens; port 0 takes a free one.
    pub https: SocketAddr,
    /// Where http listens, if it does; SSE-C is refused there.
    pub http: Option<SocketAddr>,
    /// What virtual-host names end in: `BUCKET.s3.localhost`.
    pub domain: String,
    /// The region of signatures and buckets.
    pub region: String,
    /// The account that owns everything, 12 digits.
    pub account_id: String,
    /// Who may sign.
    pub credentials: Vec<Credentials>,
    /// Buckets that exist from the start.
    pub buckets: Vec<String>,
    /// Where records and sealed bodies are kept; without it, in memory.
    pub data: Option<PathBuf>,
    /// Which AES-256-GCM seals and opens.
    pub cipher: Cipher,
    /// Plaintext bytes in a segment of new objects.
    pub segment_len: SegmentLen,
    /// Bytes of the smallest part that is not the last.
    pub part_len_min: u64,
    /// Whether new buckets block SSE-C, as those of S3 do since April 2026 (BLK-001).
    pub block_sse_c_by_default: bool,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where random bytes come from.
    pub random: Arc<dyn Random>,
    /// Where sealed bodies live; by default in memory, or below [`Config::data`].
    pub bodies: Option<Arc<dyn BodyHome>>,
    /// Wraps the whole service; the first is the outermost.
    pub service_layers: Vec<ServiceLayer>,
    /// Wraps the handler of authenticated requests; the first is the outermost.
    pub handler_layers: Vec<HandlerLayer>,
}

impl Default for Config {
    fn default() -> Self {
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            https: any_port,
            http: Some(any_port),
            domain: "s3.localhost".to_owned(),
            region: "us-east-1".to_owned(),
            account_id: "123456789012".to_owned(),
            credentials: vec![Credentials::new("ssec", "ssec-secret-key")],
            buckets: Vec::new(),
            data: None,
            cipher: Cipher::default(),
            segment_len: SegmentLen::DEFAULT,
            part_len_min: PART_LEN_MIN,
            block_sse_c_by_default: false,
            clock: Arc::new(SystemClock),
            random: Arc::new(OsRandom),
            bodies: None,
            service_layers: Vec::new(),
            handler_layers: Vec::new(),
        }
    }
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config")
            .field("https", &self.https)
            .field("http", &self.http)
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}
