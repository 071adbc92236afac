//! The faults that take more than a line of the table, by area.

pub(crate) mod at_rest;
pub(crate) mod blocking;
pub(crate) mod checksums;
pub(crate) mod copy;
pub(crate) mod etag;
pub(crate) mod form;
pub(crate) mod get;
pub(crate) mod headline;
pub(crate) mod https;
pub(crate) mod multipart;
pub(crate) mod policy;
pub(crate) mod post;
pub(crate) mod precedence;
pub(crate) mod presign;
pub(crate) mod put;
pub(crate) mod range;
pub(crate) mod secrecy;
pub(crate) mod versions;
