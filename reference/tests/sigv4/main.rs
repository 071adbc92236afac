//! Who is asking: signatures made by others are believed, and everything else is refused as S3
//! refuses it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod header;
mod presigned;
mod vectors;
mod witness;
