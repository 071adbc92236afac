//! The verbs of the format: which operation of S3 each one is and which fields it takes.

/// An S3 verb that a step can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the table below says what each verb does")]
pub enum Verb {
    Put,
    Get,
    Head,
    Delete,
    Copy,
    List,
    Attributes,
    StartUpload,
    UploadPart,
    UploadPartCopy,
    CompleteUpload,
    AbortUpload,
    ListParts,
    PostForm,
    Presign,
    Use,
    Bucket,
    Compare,
    Raw,
}

impl Verb {
    /// The verb's row of the table.
    #[must_use]
    pub fn spec(self) -> &'static VerbSpec {
        // The table has a row for each variant, in their order; a test holds it.
        &VERBS[self as usize]
    }

    /// The verb as it is written in a case.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.spec().name
    }
}

/// One verb: a row of [`VERBS`].
#[derive(Clone, Copy, Debug)]
pub struct VerbSpec {
    /// The verb.
    pub verb: Verb,
    /// As it is written in a case.
    pub name: &'static str,
    /// The operation of the S3 API.
    pub operation: &'static str,
    /// What kind of thing it does.
    pub kind: Kind,
    /// Fields of the call that must be there.
    pub required: &'static [&'static str],
    /// Fields of the call that may be there.
    pub optional: &'static [&'static str],
}

/// What a verb does, which decides how its control is made and where the look goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Reads: its control is the same request on the same object.
    Read,
    /// Writes an object: its control writes a sibling, the look reads the object.
    Write,
    /// Writes a part: its control takes another part number, the look lists the parts.
    Part,
    /// Ends or removes something, or may do anything: only a later step can be its control.
    Other,
    /// Sends nothing (presign, compare).
    Local,
}

/// Fields that any verb takes that sends a request.
pub const COMMON: &[&str] = &["headers", "query", "sign", "wire"];

/// Fields of a step that are not of the call.
pub const STEP: &[&str] = &["but", "control", "because", "expect", "as", "rules"];

macro_rules! verbs {
    ($($verb:ident $name:literal $operation:literal $kind:ident [$($required:literal)*] [$($optional:literal)*];)*) => {
        /// Every verb, in the order of [`Verb`].
        pub const VERBS: &[VerbSpec] = &[$(VerbSpec {
            verb: Verb::$verb,
            name: $name,
            operation: $operation,
            kind: Kind::$kind,
            required: &[$($required),*],
            optional: &[$($optional),*],
        }),*];
    };
}

verbs! {
    Put            "put"              "PutObject"               Write ["object"]                 ["body" "sse_c" "checksum" "metadata"];
    Get            "get"              "GetObject"               Read  ["object"]                 ["version" "sse_c" "range" "part"];
    Head           "head"             "HeadObject"              Read  ["object"]                 ["version" "sse_c" "range" "part"];
    Delete         "delete"           "DeleteObject or DeleteObjects" Other []                   ["object" "version" "objects" "body" "sse_c"];
    Copy           "copy"             "CopyObject"              Write ["object" "from"]          ["source_version" "sse_c" "source_sse_c" "checksum" "metadata"];
    List           "list"             "ListObjectsV2, ListObjects, ListObjectVersions or ListMultipartUploads" Read [] ["listing" "prefix" "sse_c"];
    Attributes     "attributes"       "GetObjectAttributes"     Read  ["object"]                 ["version" "sse_c" "attributes"];
    StartUpload    "start_upload"     "CreateMultipartUpload"   Write ["object"]                 ["sse_c" "checksum" "metadata"];
    UploadPart     "upload_part"      "UploadPart"              Part  ["upload" "part"]          ["object" "body" "sse_c" "checksum"];
    UploadPartCopy "upload_part_copy" "UploadPartCopy"          Part  ["upload" "part" "from"]   ["object" "source_version" "range" "sse_c" "source_sse_c"];
    CompleteUpload "complete_upload"  "CompleteMultipartUpload" Other ["upload"]                 ["object" "parts" "body" "sse_c" "checksum"];
    AbortUpload    "abort_upload"     "AbortMultipartUpload"    Other ["upload"]                 ["object" "sse_c"];
    ListParts      "list_parts"       "ListParts"               Read  ["upload"]                 ["object" "sse_c"];
    PostForm       "post_form"        "PostObject"              Write ["object"]                 ["body" "sse_c" "checksum" "metadata" "fields" "filename" "policy" "expires"];
    Presign        "presign"          "a presigned URL"         Local ["method" "object"]        ["version" "upload" "part" "sse_c" "checksum" "expires" "headers" "query" "sign"];
    Use            "use"              "the request of a presigned URL" Other ["url"]             ["method" "body" "sse_c" "checksum" "range"];
    Bucket         "bucket"           "a bucket operation"      Other ["ask"]                    ["body" "statements" "blocked" "default_encryption" "versioning" "sse_c"];
    Compare        "compare"          "nothing: compares values" Local []                        ["same" "different"];
    Raw            "raw"              "any"                     Other ["method"]                 ["object" "version" "body" "sse_c" "source_sse_c" "checksum"];
}
