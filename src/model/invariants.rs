//! What must hold of any server in any sequence of requests: a flat list to be proof-read, for fuzzing and for
//! `ssec explain`.

/// One invariant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invariant {
    /// For ever, in kebab case.
    pub id: &'static str,
    /// One sentence.
    pub says: &'static str,
    /// From where a violation is seen.
    pub seen: Seen,
    /// Rules of the catalogue that it rests on.
    pub rules: &'static [&'static str],
}

/// From where a violation is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// In answers: `ssec fuzz` looks for it on any endpoint.
    Wire,
    /// In answers to clients at the same time: the tests of this project look for it.
    Race,
    /// In what is stored: the tests of this project look for it in the reference.
    AtRest,
    /// In logs: the tests of this project look for it in the reference.
    Log,
    /// In the harness itself.
    Harness,
}

impl Seen {
    /// A few words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Wire => "answers; `ssec fuzz` looks for it",
            Self::Race => "answers to clients at the same time; not looked for yet",
            Self::AtRest => "what is stored, which no client sees",
            Self::Log => "logs, which no client sees",
            Self::Harness => "the harness itself; its tests look for it",
        }
    }
}

/// The invariant of this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Invariant> {
    INVARIANTS.iter().find(|invariant| invariant.id == id)
}

macro_rules! invariants {
    ($($id:literal $seen:ident $says:literal [$($rule:literal)*];)*) => {
        /// Every invariant: confidentiality, integrity, protocol.
        pub const INVARIANTS: &[Invariant] = &[$(Invariant {
            id: $id,
            says: $says,
            seen: Seen::$seen,
            rules: &[$($rule),*],
        }),*];
    };
}

invariants! {
    "no-plaintext-at-rest" AtRest "The bytes of an object stored with SSE-C are nowhere in the store, not even after an abort." [];
    "no-key-at-rest" AtRest "No customer key is in the store, nor its unsalted hash as the only check value." [];
    "no-key-in-log" Log "No customer key is in a log or an error, in any encoding." ["SEC-001"];
    "no-key-reflected" Wire "No customer key is in any answer, in any encoding." ["SEC-001" "SEC-006"];
    "wrong-key-no-byte" Wire "Who shows another key, or none, gets no byte of the object." ["GET-002" "GET-003" "CPY-005" "CPY-006"];
    "wrong-key-no-metadata" Wire "Who shows another key, or none, learns no ETag, no length and no metadata of the object." ["SEC-003"];
    "no-oracle-on-key" Wire "Every other key is refused in the same words: status, Code and Message." ["GET-003" "GET-005"];
    "ciphertext-differs" AtRest "The same bytes under the same key, stored twice, have no ciphertext block in common." [];
    "failed-write-leaves-nothing" Wire "After a refused write the object, or the upload, is what it was before." ["SEC-004"];
    "https-only" Wire "A request with a customer key over plain http is refused, and nothing of it takes effect." ["PUT-022" "GET-037"];
    "roundtrip" Wire "What was stored with a key is returned with that key, byte for byte, with its length." ["GET-001"];
    "range-is-slice" Wire "A range of an object is those bytes of the whole, and the answer says which." ["GET-011" "GET-015" "RNG-101"];
    "part-number-is-slice" Wire "A read by part number returns that part." ["MPU-113" "GET-021"];
    "parts-irrelevant" Wire "However an object was cut into parts, and in whatever order they were sent, its bytes are the same." ["MPU-028"];
    "copy-is-get" Wire "A copy has the bytes and metadata of its source, whatever the keys of both." ["CPY-001" "CPY-002" "CPY-003"];
    "copy-is-isolated" Wire "What happens to the source of a copy afterwards does not change the copy." ["CPY-002"];
    "rotation" Wire "After a copy onto itself with another key, that key opens the object and the old one does not." ["CPY-011"];
    "upload-part-copy-is-slice" Wire "A part that is copied from a range of an object is those bytes." ["MPU-021"];
    "last-writer" Wire "The latest version is the last accepted write, for reads and listings alike." ["LST-001" "PUT-026"];
    "version-key-binding" Wire "Each version opens with exactly its own key." ["GET-026"];
    "etag-not-md5" Wire "The ETag of an SSE-C object is not the MD5 of its bytes, and is the same wherever it is shown." ["ETG-001" "ETG-002"];
    "metadata-preserved" Wire "User metadata comes back as it was sent, with SSE-C as without." ["GET-001"];
    "plain-twin" Wire "What works without SSE-C works with it, and returns the same bytes." [];
    "tamper-detected" AtRest "Stored data that was changed, cut or swapped is an error, never other bytes." [];
    "never-5xx" Wire "No request makes the server fail." ["SEC-005"];
    "echo-headers" Wire "A success names the algorithm and the MD5 of the key that was used, and no other encryption." ["PUT-001" "GET-001"];
    "error-shape" Wire "A refusal has S3's status and Code, in a well-formed document." ["SEC-005"];
    "error-precedence-stable" Wire "Of two reasons to refuse, the same is given every time." [];
    "header-spelling-irrelevant" Wire "The case and the order of header names, and how the payload is signed, change nothing." ["STR-006"];
    "header-value-strict" Wire "A malformed algorithm, key or key-MD5 is refused alike by every operation." ["PUT-002" "PUT-013" "PUT-014"];
    "monotone-defects" Wire "A request is refused for its defect; without it, it works." [];
    "idempotent-reads" Wire "Reading changes nothing, whatever keys were tried in between." ["GET-001"];
    "all-or-nothing-triple" Wire "A triple is whole or refused (but reads do without the key-MD5)." ["PUT-008" "PUT-010" "GET-008"];
    "no-mixed-sse" Wire "SSE-C together with another server-side encryption is refused." ["PUT-017" "PUT-018"];
    "irrelevant-verbs" Wire "Deletions, listings and aborts need no key." ["OTH-001" "MPU-018" "MPU-009"];
    "signed-or-refused" Wire "A request whose SSE-C headers are not covered by its signature is refused." ["PRE-003" "PRE-005" "PRE-009"];
    "abort-safe" Wire "A body that ends early stores nothing of it." ["STR-001"];
    "concurrent-put" Race "Of writes at the same time exactly one wins, with its own bytes under its own key." ["PUT-026"];
    "resource-bounds" AtRest "Memory is bounded whatever the object's size." [];
    "deterministic-replay" Harness "The same seed gives the same operations." [];
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::case::load::Library;

    #[test]
    fn every_invariant_has_an_id_of_its_own_and_known_rules() {
        let corpus = Library::embedded()
            .load()
            .expect("the embedded cases are right");
        let ids: BTreeSet<_> = INVARIANTS.iter().map(|invariant| invariant.id).collect();
        assert_eq!(ids.len(), INVARIANTS.len());
        for rule in INVARIANTS.iter().flat_map(|invariant| invariant.rules) {
            assert!(corpus.catalogue.rule(rule).is_some(), "{rule}");
        }
    }
}
