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
//! # Features
//!
//! `bundled` (on by default, needed by the binary's `serve` and by `run` without an endpoint) brings the
//! reference server along. It is named in one file and shares no code with the suite: header names, error
//! codes and signatures are written twice on purpose, so that a mistake in one is seen by the other.

pub mod baseline;
#[cfg(feature = "bundled")]
pub mod bundled;
pub mod case;
pub mod catalogue;
pub mod check;
pub mod config;
pub mod event;
pub mod exit;
pub mod fuzz;
pub mod journal;
pub mod keys;
pub mod model;
pub mod plan;
mod redact;
pub mod report;
pub mod run;
pub mod select;
pub mod sign;
pub mod target;
pub mod transport;
pub mod verdict;
pub mod wire;
pub mod xml;
