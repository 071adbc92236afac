//! What S3 answers, row by row: each row names the rule it holds the reference to, and what is
//! expected of it comes from the sources of that rule, never from what the reference answers.
//!
//! There are no sockets: requests are signed by AWS's own signer and handed to the service.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod answer;
mod keys;
mod s3;
mod sign;
mod table;
mod texts;
mod upload;
mod xml;

mod attributes;
mod copy;
mod get;
mod head;
mod multipart;
mod put;
