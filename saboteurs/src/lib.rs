//! Saboteurs: the reference S3 server with exactly one fault each, to prove that a conformance
//! suite would notice.
//!
//! A saboteur is made at one of the reference's seams (its service, its handler, its home of
//! bodies, its randomness), so the reference itself carries no test hooks. [`all`] is a flat
//! table to be proof-read; [`apply`] puts saboteurs into a [`Config`].
//!
//! ```
//! let config = ssec_saboteurs::apply(ssec_reference::Config::default(), &["head-takes-any-key"])?;
//! let broken = ssec_reference::Reference::open(config);
//! assert!(broken.is_ok());
//! # Ok::<(), ssec_saboteurs::UnknownSaboteur>(())
//! ```
//!
//! Saboteurs keep customer keys, and hold whole bodies in memory: they are for tests, never for
//! service.

mod blocks;
mod call;
mod fault;
mod faults;
mod memory;
mod outside;
mod reply;
mod saboteur;
mod table;
mod tamper;
mod triple;

use ssec_reference::Config;

pub use fault::Seam;
pub use saboteur::{AREAS, Group, Impact, Saboteur};

/// All saboteurs, by area and name as the table has them.
pub fn all() -> &'static [Saboteur] {
    table::TABLE
}

/// The saboteur of this name.
pub fn find(name: &str) -> Option<&'static Saboteur> {
    all().iter().find(|saboteur| saboteur.name == name)
}

/// Puts saboteurs into a configuration; the first is the outermost.
///
/// # Errors
/// When there is no saboteur of one of these names.
pub fn apply(mut config: Config, names: &[&str]) -> Result<Config, UnknownSaboteur> {
    for name in names {
        let saboteur = find(name).ok_or_else(|| UnknownSaboteur((*name).to_owned()))?;
        saboteur.fault().fit(&mut config);
    }
    Ok(config)
}

/// There is no saboteur of this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownSaboteur(pub String);

impl std::fmt::Display for UnknownSaboteur {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "there is no saboteur `{}`", self.0)
    }
}

impl std::error::Error for UnknownSaboteur {}
