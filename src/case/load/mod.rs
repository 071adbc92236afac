//! Text to cases: finds the files, reads them, and says everything that is wrong with them.
//!
//! A file is parsed into a tree, each row of a table is put into the tree, and only then is the
//! tree read into plain types: so no type needs to know that a table exists. See
//! `docs/decisions/0004-trees-before-types.md`.

mod cases;
mod composites;
mod expects;
mod fields;
mod library;
mod merge;
mod names;
mod reader;
mod steps;
mod table;
#[cfg(test)]
mod tests;
mod values;

pub use cases::FORMAT;
pub(crate) use cases::{BUCKETS, CASE, DATUM, DEPTHS, FILE, check_format};
pub(crate) use composites::{
    ASKS, CHECKSUM_PLACES, CORRUPTIONS, LISTINGS, PAYLOADS, SCHEMES, SIGN_METHODS, inner,
};
pub(crate) use expects::{EXPECT, MATCHERS, STATUS_WORDS};
pub use fields::{FIELDS, FieldSpec};
pub use library::{Corpus, Library};
pub(crate) use reader::{CASE_ID, Form, Map, RULE_ID, Reader};
pub(crate) use steps::{call_fields, step_fields};
pub(crate) use table::TABLE;
pub(crate) use values::{COMPUTED, TRIPLE};
