//! SSE-C itself: the triple of headers, the customer key, and the ordered rules that refuse.
//!
//! Knows nothing of HTTP bodies, stores or ciphers.

pub mod key;
pub mod rules;
pub mod triple;

pub use key::{CustomerKey, KeyVerifier, ServerKey};
pub use rules::KeyProof;
pub use triple::{Side, Triple};
