//! A reference S3 server for SSE-C: what right looks like, for suites, fuzzers and the authors of
//! clients. It keeps Amazon S3's rules, codes and order of checks, seals every object, and is
//! real enough that stock clients work against it.
//!
//! - [`start`] listens on https and http; [`Reference::service`] answers without sockets.
//! - [`Config`] takes the seams: clock, randomness, the home of bodies, and layers around the
//!   [`service`] and its handler.
//! - [`ssec::rules`] is the heart: ordered tables of what refuses an SSE-C request.
//!
//! ```no_run
//! # async fn doc() -> std::io::Result<()> {
//! let handle = ssec_reference::start(ssec_reference::Config::default()).await?;
//! println!("{} trusts {}", handle.https_url(), handle.ca_pem());
//! handle.stop().await;
//! # Ok(())
//! # }
//! ```

mod app;
mod authorize;
mod base64_array;
pub mod body;
mod checksums;
pub mod clock;
pub mod conditions;
mod config;
pub mod copy_source;
pub mod date;
mod door;
mod encryption;
pub mod error;
mod front;
pub mod head;
pub mod headers;
mod metadata;
mod ops;
pub mod payload;
pub mod policy;
pub mod post;
pub mod random;
pub mod range;
mod read;
mod reference;
mod respond;
pub mod route;
pub mod seal;
mod server;
pub mod service;
pub mod sigv4;
pub mod ssec;
pub mod store;
mod tls;
mod write;
pub mod xml;

pub use config::{Config, PART_LEN_MIN};
pub use reference::{Handle, Reference, start};
