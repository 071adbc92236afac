//! What a target may lack, by the names that cases use in `needs:`.

use super::call::{BucketAsk, Call};
use super::verb::Verb;
use super::{Bucket, Step};

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
        name: "blocked-by-default",
        says: "new buckets block SSE-C, as those of S3 do since April 2026",
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

/// The features that a trial needs by what it does: by its bucket and its steps.
#[must_use]
pub fn implied(bucket: Bucket, steps: &[Step]) -> Vec<&'static str> {
    let calls = steps.iter().map(|step| (step.verb, step.asked()));
    let mut implied: Vec<&'static str> =
        calls.flat_map(|(verb, call)| of_call(verb, call)).collect();
    implied.extend(match bucket {
        Bucket::Shared => None,
        Bucket::Versioned => Some("versioning"),
        Bucket::Blocked => Some("blocking"),
        Bucket::Own | Bucket::New => Some("buckets"),
    });
    implied.sort_unstable();
    implied.dedup();
    implied
}

fn of_call(verb: Verb, call: &Call) -> Vec<&'static str> {
    let mut features = Vec::new();
    match verb {
        Verb::Copy => features.push("copy"),
        Verb::UploadPartCopy => features.extend(["copy", "multipart"]),
        Verb::StartUpload
        | Verb::UploadPart
        | Verb::CompleteUpload
        | Verb::AbortUpload
        | Verb::ListParts => {
            features.push("multipart");
        }
        Verb::Attributes => features.push("attributes"),
        Verb::PostForm => features.push("post-form"),
        Verb::Presign | Verb::Use => features.push("presign"),
        Verb::Bucket => features.extend(call.ask.and_then(|ask| of_ask(ask, call))),
        Verb::Put
        | Verb::Get
        | Verb::Head
        | Verb::Delete
        | Verb::List
        | Verb::Compare
        | Verb::Raw => {}
    }
    features.extend(call.checksum.as_ref().map(|_| "checksums"));
    features.extend(call.wire.http.then_some("http"));
    features
}

fn of_ask(ask: BucketAsk, call: &Call) -> Option<&'static str> {
    match ask {
        BucketAsk::Head | BucketAsk::GetLocation => None,
        BucketAsk::GetVersioning | BucketAsk::PutVersioning => Some("versioning"),
        BucketAsk::PutEncryption if call.blocked.is_some() => Some("blocking"),
        BucketAsk::GetEncryption | BucketAsk::PutEncryption | BucketAsk::DeleteEncryption => {
            Some("bucket-encryption")
        }
        BucketAsk::GetPolicy | BucketAsk::PutPolicy | BucketAsk::DeletePolicy => Some("policy"),
    }
}

/// The feature of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Feature> {
    FEATURES.iter().find(|feature| feature.name == name)
}
