//! A reference S3 server for SSE-C.

pub mod body;
pub mod clock;
pub mod error;
pub mod payload;
pub mod random;
pub mod sigv4;
