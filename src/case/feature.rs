//! What a target may lack, by the names that cases use in `needs:`.

/// A feature of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feature {
    /// As it is written in `needs:` and in a target's `features:`.
    pub name: &'static str,
    /// What it means that a target has it.
    pub says: &'static str,
}

/// Every feature that a case can need.
pub const FEATURES: &[Feature] = &[
    Feature {
        name: "acl",
        says: "GetObjectAcl and PutObjectAcl",
    },
    Feature {
        name: "archive",
        says: "archived storage classes and RestoreObject",
    },
    Feature {
        name: "attributes",
        says: "GetObjectAttributes",
    },
    Feature {
        name: "blocking",
        says: "PutBucketEncryption with BlockedEncryptionTypes",
    },
    Feature {
        name: "bucket-encryption",
        says: "a bucket's default encryption",
    },
    Feature {
        name: "buckets",
        says: "the run may make and remove buckets",
    },
    Feature {
        name: "checksums",
        says: "flexible checksums: CRC32, CRC32C, CRC64NVME, SHA1, SHA256",
    },
    Feature {
        name: "conditional-writes",
        says: "If-None-Match and If-Match on writes",
    },
    Feature {
        name: "copy",
        says: "CopyObject",
    },
    Feature {
        name: "http",
        says: "an endpoint over plain http",
    },
    Feature {
        name: "multipart",
        says: "multipart uploads",
    },
    Feature {
        name: "policy",
        says: "bucket policies",
    },
    Feature {
        name: "post-form",
        says: "uploads by POST form",
    },
    Feature {
        name: "presign",
        says: "presigned URLs",
    },
    Feature {
        name: "tagging",
        says: "object tagging",
    },
    Feature {
        name: "versioning",
        says: "versioned buckets",
    },
];

/// The feature of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Feature> {
    FEATURES.iter().find(|feature| feature.name == name)
}
