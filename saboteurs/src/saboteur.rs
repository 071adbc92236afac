//! What is said of a saboteur: its name, its sentence, where it belongs and what it endangers.

use crate::fault::{Fault, Seam};

/// The areas that cases and saboteurs are sorted into.
pub const AREAS: &[&str] = &[
    "put",
    "get",
    "head",
    "range",
    "etag",
    "https",
    "multipart",
    "copy",
    "post",
    "presign",
    "versions",
    "checksums",
    "conditional",
    "attributes",
    "listing",
    "policy",
    "blocking",
    "precedence",
    "secrecy",
];

/// One fault, and what is to be known of it.
pub struct Saboteur {
    /// What it is called, in kebab case, for ever.
    pub name: &'static str,
    /// The fault in one sentence.
    pub says: &'static str,
    /// One of [`AREAS`].
    pub area: &'static str,
    /// The worst that comes of it.
    pub impact: Impact,
    /// Public bugs (`B-…`) and faults one line away in public code (`F-…`) that it stands for.
    pub bugs: &'static [&'static str],
    /// Who can notice.
    pub group: Group,
    /// Whether it takes the large objects of a full run to notice.
    pub needs_full_depth: bool,
    pub(crate) make: fn() -> Fault,
}

/// The worst that comes of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Impact {
    /// Somebody learns a customer key.
    KeyLeak,
    /// Somebody reads what he has no key for, or it is not encrypted at all.
    DataLeak,
    /// Bytes are lost, wrong, or sealed under a key that nobody has.
    DataLoss,
    /// Something that must work without a key, or in spite of a setting, does not.
    LockIn,
    /// Clients of S3 trip over it.
    Interop,
}

impl Impact {
    /// The word as the rules of a catalogue have it, such as `data-leak`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::KeyLeak => "key-leak",
            Self::DataLeak => "data-leak",
            Self::DataLoss => "data-loss",
            Self::LockIn => "lock-in",
            Self::Interop => "interop",
        }
    }
}

/// Who can notice a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// A client.
    Wire,
    /// Somebody who looks at disks and logs.
    AtRest,
    /// Everybody at once: broken so thoroughly that it proves nothing of a single case.
    Headline,
}

impl Group {
    /// The word for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wire => "wire",
            Self::AtRest => "at-rest",
            Self::Headline => "headline",
        }
    }
}

impl Saboteur {
    /// The outermost seam it is made at.
    pub fn seam(&self) -> Seam {
        self.fault().seam()
    }

    pub(crate) fn fault(&self) -> Fault {
        (self.make)()
    }
}

impl std::fmt::Debug for Saboteur {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Saboteur({})", self.name)
    }
}
