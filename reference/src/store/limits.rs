//! How much the store takes: named constants with their units and sources.

/// Buckets of one account (AWS: "Amazon S3 quotas", general purpose buckets, default since 2024-11).
pub const BUCKETS_MAX: usize = 10_000;

/// Bytes of an object's key in UTF-8 (AWS: "Naming Amazon S3 objects").
pub const KEY_BYTES_MAX: usize = 1024;

/// Highest part number, and most parts of one upload (AWS: "Amazon S3 multipart upload limits").
pub const PARTS_MAX: u16 = 10_000;

/// Plaintext bytes of the smallest part that is not the last: 5 MiB (AWS: same page).
pub const PART_BYTES_MIN: u64 = 5 << 20;

/// Plaintext bytes of the largest part, and of the largest single PutObject: 5 GiB (AWS: same page).
pub const PART_BYTES_MAX: u64 = 5 << 30;

/// Bytes of user metadata, names and values together, in a PutObject (AWS: "Working with object metadata").
pub const USER_METADATA_BYTES_MAX: usize = 2 * 1024;

/// Tags of one object (AWS: "Categorizing your storage using tags").
pub const TAGS_MAX: usize = 10;

/// Characters of a tag's key (AWS: same page).
pub const TAG_KEY_CHARS_MAX: usize = 128;

/// Characters of a tag's value (AWS: same page).
pub const TAG_VALUE_CHARS_MAX: usize = 256;

/// Entries of one page of a listing, and keys of one DeleteObjects (AWS: API reference).
pub const PAGE_ENTRIES_MAX: usize = 1000;

/// Bytes of a bucket policy: 20 KiB (AWS: "Bucket policies", limits).
pub const POLICY_BYTES_MAX: usize = 20 * 1024;

/// Bytes of one record file on disk: an object of 10,000 parts stays far below.
pub(super) const RECORD_BYTES_MAX: u64 = 64 << 20;
