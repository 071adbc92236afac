//! A reference S3 server for SSE-C.

mod base64_array;
pub mod body;
pub mod clock;
pub mod conditions;
pub mod date;
pub mod error;
pub mod head;
pub mod headers;
pub mod payload;
pub mod random;
pub mod range;
pub mod route;
pub mod seal;
pub mod sigv4;
pub mod ssec;
pub mod store;
pub mod xml;
