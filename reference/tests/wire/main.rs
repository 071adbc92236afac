//! What S3 answers, row by row: each row names the rule it holds the reference to, and what is
//! expected of it comes from the sources of that rule, never from what the reference answers.
//!
//! There are no sockets: requests are signed by AWS's own signer and handed to the service.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod answer;
mod keys;
mod ranges;
mod s3;
mod sign;
mod streaming;
mod table;
mod texts;
mod upload;
mod versions;
mod xml;

mod attributes;
mod blocking;
mod checksums;
mod completion;
mod composite;
mod conditions;
mod copy;
mod coverage;
mod form;
mod get;
mod head;
mod listing;
mod multipart;
mod order;
mod parts;
mod policy;
mod post;
mod presigned;
mod put;
