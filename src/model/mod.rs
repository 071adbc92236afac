//! A model of S3 without ciphers and without sockets: lists of operations become the steps of a case, each with
//! what S3 answers to it.
//!
//! ```text
//! Op (small numbers) → World (what is there) → refusal (what S3 refuses, and how) → Step (request and answer)
//! ```
//!
//! Written from the published recordings and documents that the rules cite; no code of the reference is in it,
//! and none of it is in the reference. A sequence that finds something is a case that wrote itself.

mod acts;
mod content;
pub mod defect;
pub mod invariants;
pub mod op;
mod refusal;
mod scale;
mod script;
mod world;

pub use content::Content;
pub use defect::{Defect, Flaw};
pub use op::{ACTS, Act, Field, OBJECTS, Op};
pub use scale::{EXCERPTS, Scale};
pub use script::{Aim, Move, Script};
pub use world::{Origin, World};
