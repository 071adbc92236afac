//! Probes of what is broken thoroughly.

use super::Probe;
use super::s3::KEY_MD5;

pub(crate) const PROBES: &[Probe] = &[
    ("always-403", |s3| {
        s3.get("b/plain").status() == 403
            && s3.put("b/n").code() == "AccessDenied"
            && s3.get("b/").status() == 200
    }),
    ("always-200", |s3| {
        s3.get("b/doc").key('B').status() == 200
            && s3.get("b/none").status() == 200
            && s3.put("b/n").key('A').over_http().status() == 200
    }),
    ("ignores-sse-c", |s3| {
        let answer = s3.put("b/n").key('A').over_http().answer();
        answer.is_ok() && !answer.has(KEY_MD5) && s3.get("b/doc").status() == 200
    }),
];
