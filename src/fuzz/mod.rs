//! Fuzzing with a model as the judge: draws operations, plays them against an endpoint, and shrinks what does not
//! hold to a case.
//!
//! ```text
//! generate → model (steps with S3's answers) → play (send, check) → novelty → shrink → export (a YAML case)
//! ```
//!
//! Nothing here opens a socket or prints: an [`Endpoint`] answers, and events tell.

mod dice;
mod export;
mod fields;
mod finding;
pub mod generate;
mod oracle;
mod play;
mod shrink;
mod yaml;

pub use dice::Dice;
pub use export::{case, file_name};
pub use finding::{Bucket, Finding};
pub use play::{CASE, Endpoint, NoAnswer, Played, Sight, Stage, play};
pub use shrink::shrink;
