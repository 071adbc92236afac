//! The sealed object: how bytes, the keys that open them and small secrets are put away so that
//! nobody reads or changes them unnoticed. Must not know of S3, HTTP or where bytes are kept.
//!
//! The format is specified byte by byte in `docs/object-format.md`, with test vectors.
//!
//! - An [`ObjectKey`] is drawn per write and kept only wrapped, as a [`SealedObjectKey`], under a
//!   key derived from the customer's or the server's key and bound to a [`Binding`].
//! - A [`SealStream`] seals a body under the object key; [`Layout`] says which sealed bytes hold a
//!   range of it, and [`OpenStream`] opens those.
//! - [`seal_blob`] puts small secrets away, bound to whatever its caller says; where that is the
//!   object's [`manifest`], no part of the object can be dropped, repeated or reordered.

mod aead;
mod blob;
mod error;
mod kdf;
mod manifest;
mod object_key;
mod open;
mod range;
mod stream;
#[cfg(test)]
mod vectors;

pub use aead::{Aead, Cipher, KEY_LEN, NONCE_LEN, TAG_LEN};
pub use blob::{BlobKey, open_blob, seal_blob};
pub use error::{OpenError, TooLong};
pub use manifest::{manifest, part_manifest};
pub use object_key::{Binding, ObjectKey, SealedObjectKey, WrappingKey};
pub use open::{OpenStream, SegmentReader};
pub use range::{Layout, Slice, split};
pub use stream::{SealStream, SealedStream, SegmentLen, StreamHeader};
