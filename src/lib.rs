//! `ssec` judges how an S3 endpoint does server-side encryption with customer-provided keys (SSE-C).
//!
//! A case is YAML: requests, and what Amazon S3 answers to them, with the rule and the source that say so.
//! The suite signs and sends those requests, compares the answers, and gives every case one verdict.
//!
//! # From a case to its verdict
//!
//! ```text
//! case (load → select) → plan → sign → transport → check → verdict → event → report
//! ```
//!
//! Each room takes a value and returns a value. Sockets are opened in `transport` only; the YAML crate is
//! named in `case::yaml` only; the runner prints nothing, it emits [`event`]s that [`report`] renders.
//! `docs/architecture.md` is the map, and `tests/architecture.rs` holds these arrows.
//!
//! # As a library
//!
//! What to judge is a [`Target`], what to judge it by is a corpus of cases, and [`run()`] does it. To have the
//! whole suite in the `cargo test` of a server, see [`harness`].
//!
//! ```
//! # #[cfg(feature = "bundled")] {
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! use ssec::case::load::Library;
//! use ssec::event::Event;
//! use ssec::keys::Seed;
//! use ssec::run::Options;
//! use ssec::target::{Credentials, Trust};
//! use ssec::{Target, bundled};
//!
//! // Any server will do: this one is in the same process.
//! let server = bundled::start(bundled::Options::default()).await.unwrap();
//! let credentials = Credentials::new(bundled::ACCESS_KEY_ID, bundled::SECRET_ACCESS_KEY, None);
//! let mut target = Target::new(server.https_url().parse().unwrap(), credentials);
//! target.trust = Trust::Pem(server.ca_pem().into());
//!
//! // Some cases; all of them would be `corpus.trials().cloned().collect()`.
//! let corpus = Library::embedded().load().unwrap();
//! let trials: Vec<_> = corpus.trials().filter(|trial| trial.id == "get-with-another-key").cloned().collect();
//!
//! // A run tells what happens by events; `report::Reports` is a sink that writes reports.
//! let mut failures = Vec::new();
//! let mut sink = |event: &Event| {
//!     if let Event::CaseFinished(case) = event && !case.findings.is_empty() {
//!         failures.push(case.name.clone());
//!     }
//! };
//! let summary = ssec::run(&target, Options::new(Seed::new("doc")), &corpus.catalogue, &trials, &mut sink).await;
//! assert!(summary.passed && failures.is_empty());
//! # })
//! # }
//! ```
//!
//! # Features
//!
//! `harness` (on by default) is [`harness`]. `bundled` (on by default, needed by the binary's `serve` and by
//! `run` without an endpoint) brings the reference server along. It is named in one file and shares no code with the suite: header names, error
//! codes and signatures are written twice on purpose, so that a mistake in one is seen by the other.

pub mod baseline;
#[cfg(feature = "bundled")]
pub mod bundled;
pub mod case;
pub mod catalogue;
pub mod check;
pub mod compare;
pub mod config;
pub mod estimate;
pub mod event;
pub mod exit;
pub mod fuzz;
#[cfg(feature = "harness")]
pub mod harness;
pub mod journal;
pub mod keys;
pub mod model;
pub mod plan;
mod redact;
pub mod report;
pub mod run;
pub mod select;
#[cfg(feature = "bundled")]
pub mod selftest;
pub mod sign;
pub mod target;
pub mod transport;
pub mod verdict;
pub mod wire;
pub mod xml;

pub use run::run;
pub use target::Target;
