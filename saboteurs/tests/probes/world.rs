//! What every probe finds: a few objects in four buckets.

use ssec_reference::Config;

use super::s3::{S3, bytes};

/// Bytes of the smallest part that is not the last.
pub(crate) const PART_LEN_MIN: u64 = 1024;
/// Bytes of `b/doc`.
pub(crate) const DOC_LEN: usize = 150_000;
/// Bytes of the parts 2 and 5 of `b/parts`.
pub(crate) const PART_LENS: [usize; 2] = [6_001, 3_000];

/// A server that is right but for small parts.
pub(crate) fn config() -> Config {
    let names = ["b", "versioned", "blocked", "kms"];
    Config {
        buckets: names.map(str::to_owned).to_vec(),
        part_len_min: PART_LEN_MIN,
        block_sse_c_by_default: true,
        ..Config::default()
    }
}

/// - `b/doc` and `b/empty` under key A, `b/plain`, `b/parts` of the parts 2 and 5 under A
/// - `versioned/doc` under A and then under B
/// - `blocked/doc` under A, in a bucket that blocks SSE-C now
/// - `kms`, whose default is SSE-KMS
pub(crate) fn fill(s3: &S3) {
    for bucket in ["b", "versioned", "blocked"] {
        configure(s3, bucket, "", "NONE");
    }
    s3.put("b/doc")
        .key('A')
        .with("x-amz-meta-note", "secret")
        .body(bytes(DOC_LEN))
        .answer();
    s3.put("b/empty").key('A').body("").answer();
    s3.put("b/plain").body("0123456789").answer();
    let [two, five] = PART_LENS.map(bytes);
    s3.upload("b/parts", &[(2, two), (5, five)]);
    let enabled = "<V><Status>Enabled</Status></V>";
    s3.put("versioned/?versioning").body(enabled).answer();
    s3.put("versioned/doc").key('A').body("first").answer();
    s3.put("versioned/doc").key('B').body("second").answer();
    s3.put("blocked/doc").key('A').answer();
    configure(s3, "blocked", "AES256", "SSE-C");
    configure(s3, "kms", "aws:kms", "NONE");
}

/// Sets default encryption, unless it is "", and blocked types of a bucket.
pub(crate) fn configure(s3: &S3, bucket: &str, default: &str, blocked: &str) {
    let default = match default {
        "" => String::new(),
        named => format!(
            "<ApplyServerSideEncryptionByDefault><SSEAlgorithm>{named}</SSEAlgorithm>\
             </ApplyServerSideEncryptionByDefault>"
        ),
    };
    let document = format!(
        "<S xmlns=\"x\"><Rule>{default}<BlockedEncryptionTypes><EncryptionType>{blocked}\
         </EncryptionType></BlockedEncryptionTypes></Rule></S>"
    );
    let ask = s3.put(&format!("{bucket}/?encryption"));
    ask.body(document).answer();
}

/// The id of the version of `versioned/doc` under A.
pub(crate) fn first_version(s3: &S3) -> String {
    let text = s3.get("versioned/?versions").answer().text();
    let ids = text.split("<VersionId>").skip(1);
    let ids = ids.filter_map(|rest| rest.split_once("</VersionId>"));
    ids.map(|(id, _)| id.to_owned()).last().unwrap_or_default()
}
