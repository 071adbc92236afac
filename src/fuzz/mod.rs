//! Fuzzing with a model as the judge: draws operations, plays them against an endpoint, and shrinks what does not
//! hold to a case.
//!
//! ```text
//! generate → model (steps with S3's answers) → play (send, check) → novelty → shrink → export (a YAML case)
//! ```
//!
//! Nothing here opens a socket or prints: an [`Endpoint`] answers, and events tell.

mod dice;
pub mod event;
mod export;
mod fields;
mod finding;
pub mod generate;
mod hunt;
mod live;
mod novelty;
mod oracle;
mod play;
mod shrink;
mod stage;
mod yaml;

pub use dice::Dice;
pub use export::{case, file_name};
pub use finding::{Bucket, Finding};
pub use hunt::{Budget, hunt};
pub use play::play;
pub use shrink::shrink;
pub use stage::{CASE, Endpoint, NoAnswer, Played, Sight, Stage};
