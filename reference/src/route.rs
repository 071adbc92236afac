//! Which S3 operation a request is: one table from method, scope and sub-resource.

use http::Method;

use crate::error::{Code, S3Error, S3Result};
use crate::head::Head;
use crate::headers::COPY_SOURCE;

macro_rules! operations {
    ($($operation:ident)*) => {
        /// The S3 operations this server knows, by their API names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Operation { $(#[doc = concat!("`", stringify!($operation), "`")] $operation,)* }

        impl Operation {
            /// The API name.
            pub fn name(self) -> &'static str {
                match self { $(Self::$operation => stringify!($operation),)* }
            }
        }
    };
}

operations! {
    ListBuckets
    CreateBucket HeadBucket DeleteBucket GetBucketLocation
    GetBucketVersioning PutBucketVersioning
    GetBucketEncryption PutBucketEncryption DeleteBucketEncryption
    GetBucketPolicy PutBucketPolicy DeleteBucketPolicy
    GetBucketAcl GetBucketTagging
    ListObjects ListObjectsV2 ListObjectVersions ListMultipartUploads
    DeleteObjects PostObject
    PutObject GetObject HeadObject DeleteObject CopyObject GetObjectAttributes
    GetObjectTagging PutObjectTagging DeleteObjectTagging
    GetObjectAcl PutObjectAcl
    CreateMultipartUpload UploadPart UploadPartCopy CompleteMultipartUpload
    AbortMultipartUpload ListParts
}

use Operation as Op;

/// The operations that take the SSE-C headers (the API's request models; PostObject by its form).
const TAKES_SSE_C: &[Operation] = &[
    Op::PutObject,
    Op::GetObject,
    Op::HeadObject,
    Op::CopyObject,
    Op::GetObjectAttributes,
    Op::CreateMultipartUpload,
    Op::UploadPart,
    Op::UploadPartCopy,
    Op::CompleteMultipartUpload,
    Op::ListParts,
];

impl Operation {
    /// Whether the operation's request model has the SSE-C headers; elsewhere they are ignored.
    pub fn takes_sse_c(self) -> bool {
        TAKES_SSE_C.contains(&self)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Service,
    Bucket,
    Object,
}

/// Method, scope, the query parameter that selects the row ("" for none), whether the row wants
/// `x-amz-copy-source`, and the operation. The first row that fits is taken.
type Row = (Method, Scope, &'static str, bool, Operation);

#[rustfmt::skip]
const ROUTES: &[Row] = &[
    (Method::GET,    Scope::Service, "",           false, Op::ListBuckets),

    (Method::GET,    Scope::Bucket,  "location",   false, Op::GetBucketLocation),
    (Method::GET,    Scope::Bucket,  "versioning", false, Op::GetBucketVersioning),
    (Method::PUT,    Scope::Bucket,  "versioning", false, Op::PutBucketVersioning),
    (Method::GET,    Scope::Bucket,  "encryption", false, Op::GetBucketEncryption),
    (Method::PUT,    Scope::Bucket,  "encryption", false, Op::PutBucketEncryption),
    (Method::DELETE, Scope::Bucket,  "encryption", false, Op::DeleteBucketEncryption),
    (Method::GET,    Scope::Bucket,  "policy",     false, Op::GetBucketPolicy),
    (Method::PUT,    Scope::Bucket,  "policy",     false, Op::PutBucketPolicy),
    (Method::DELETE, Scope::Bucket,  "policy",     false, Op::DeleteBucketPolicy),
    (Method::GET,    Scope::Bucket,  "acl",        false, Op::GetBucketAcl),
    (Method::GET,    Scope::Bucket,  "tagging",    false, Op::GetBucketTagging),
    (Method::GET,    Scope::Bucket,  "uploads",    false, Op::ListMultipartUploads),
    (Method::GET,    Scope::Bucket,  "versions",   false, Op::ListObjectVersions),
    (Method::GET,    Scope::Bucket,  "list-type",  false, Op::ListObjectsV2),
    (Method::GET,    Scope::Bucket,  "",           false, Op::ListObjects),
    (Method::POST,   Scope::Bucket,  "delete",     false, Op::DeleteObjects),
    (Method::POST,   Scope::Bucket,  "",           false, Op::PostObject),
    (Method::PUT,    Scope::Bucket,  "",           false, Op::CreateBucket),
    (Method::HEAD,   Scope::Bucket,  "",           false, Op::HeadBucket),
    (Method::DELETE, Scope::Bucket,  "",           false, Op::DeleteBucket),

    (Method::GET,    Scope::Object,  "attributes", false, Op::GetObjectAttributes),
    (Method::GET,    Scope::Object,  "tagging",    false, Op::GetObjectTagging),
    (Method::PUT,    Scope::Object,  "tagging",    false, Op::PutObjectTagging),
    (Method::DELETE, Scope::Object,  "tagging",    false, Op::DeleteObjectTagging),
    (Method::GET,    Scope::Object,  "acl",        false, Op::GetObjectAcl),
    (Method::PUT,    Scope::Object,  "acl",        false, Op::PutObjectAcl),
    (Method::GET,    Scope::Object,  "uploadId",   false, Op::ListParts),
    (Method::POST,   Scope::Object,  "uploads",    false, Op::CreateMultipartUpload),
    (Method::POST,   Scope::Object,  "uploadId",   false, Op::CompleteMultipartUpload),
    (Method::DELETE, Scope::Object,  "uploadId",   false, Op::AbortMultipartUpload),
    (Method::PUT,    Scope::Object,  "uploadId",   true,  Op::UploadPartCopy),
    (Method::PUT,    Scope::Object,  "uploadId",   false, Op::UploadPart),
    (Method::PUT,    Scope::Object,  "",           true,  Op::CopyObject),
    (Method::PUT,    Scope::Object,  "",           false, Op::PutObject),
    (Method::GET,    Scope::Object,  "",           false, Op::GetObject),
    (Method::HEAD,   Scope::Object,  "",           false, Op::HeadObject),
    (Method::DELETE, Scope::Object,  "",           false, Op::DeleteObject),
];

/// Sub-resources of S3 that are not served; without this list `PUT /key?retention` would be a
/// PutObject. Parameters that are neither here nor in [`ROUTES`] are signed and ignored.
#[rustfmt::skip]
const NOT_SERVED: &[&str] = &[
    "accelerate", "analytics", "annotations", "cors", "encryption", "intelligent-tiering",
    "inventory", "legal-hold", "lifecycle", "logging", "metadataConfiguration",
    "metadataInventoryTable", "metadataJournalTable", "metadataTable", "metrics", "notification",
    "object-lock", "ownershipControls", "policyStatus", "publicAccessBlock", "renameObject",
    "replication", "requestPayment", "restore", "retention", "select", "session",
    "website", "policy", "tagging", "acl", "uploads", "versioning", "location",
];

/// The operation of a request.
///
/// # Errors
/// `NotImplemented` for a sub-resource that is not served, `MethodNotAllowed` for a method that
/// the resource does not have, `AccessForbidden` for a preflight: no bucket allows it (ENC-007).
pub fn operation(head: &Head) -> S3Result<Operation> {
    if head.method == Method::OPTIONS {
        return Err(S3Error::from(Code::AccessForbidden)
            .with(
                "Method",
                head.header("access-control-request-method")
                    .unwrap_or_default(),
            )
            .with("ResourceType", "BUCKET"));
    }
    if head.query.has("torrent") {
        // Gone from S3, and never there for SSE-C objects (OTH-008).
        return Err(not_allowed(head, Scope::Object));
    }
    let scope = match (&head.bucket, &head.key) {
        (None, _) => Scope::Service,
        (Some(_), None) => Scope::Bucket,
        (Some(_), Some(_)) => Scope::Object,
    };
    let is_copy = head.headers.contains_key(COPY_SOURCE);
    let fits = |(method, at, parameter, copy, _): &&Row| {
        *method == head.method
            && *at == scope
            && (parameter.is_empty() || head.query.has(parameter))
            && (!copy || is_copy)
    };
    let found = ROUTES.iter().find(fits);
    let unserved = |parameter: &&&str| head.query.has(parameter);
    match found {
        Some((.., parameter, _, operation)) => {
            match NOT_SERVED
                .iter()
                .find(unserved)
                .filter(|_| parameter.is_empty())
            {
                Some(parameter) => Err(not_implemented(parameter)),
                None => Ok(*operation),
            }
        }
        None => match NOT_SERVED.iter().find(unserved) {
            Some(parameter) => Err(not_implemented(parameter)),
            None => Err(not_allowed(head, scope)),
        },
    }
}

fn not_allowed(head: &Head, scope: Scope) -> S3Error {
    S3Error::from(Code::MethodNotAllowed)
        .with("Method", head.method.as_str())
        .with("ResourceType", resource_type(scope))
}

fn not_implemented(parameter: &str) -> S3Error {
    S3Error::new(
        Code::NotImplemented,
        format!("The sub-resource `{parameter}` is not served here"),
    )
}

fn resource_type(scope: Scope) -> &'static str {
    match scope {
        Scope::Service => "SERVICE",
        Scope::Bucket => "BUCKET",
        Scope::Object => "OBJECT",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::head::Transport;

    fn route(method: &str, target: &str, copy: bool) -> S3Result<Operation> {
        let mut request = http::Request::builder().method(method).uri(target);
        if copy {
            request = request.header(COPY_SOURCE, "b/k");
        }
        let parts = request.body(()).unwrap().into_parts().0;
        operation(&Head::read(&parts, Transport::Tls, "s3.localhost").unwrap())
    }

    #[test]
    fn every_row_is_reached() {
        for (method, scope, parameter, copy, wanted) in ROUTES {
            let path = match scope {
                Scope::Service => "/",
                Scope::Bucket => "/b",
                Scope::Object => "/b/k",
            };
            for value in ["", "=", "=2"] {
                let target = match *parameter {
                    "" => format!("{path}?x-id=Something"),
                    parameter => format!("{path}?{parameter}{value}&x-id=Something"),
                };
                assert_eq!(
                    route(method.as_str(), &target, *copy).unwrap(),
                    *wanted,
                    "{target}"
                );
            }
        }
    }

    #[test]
    fn what_is_not_served_is_said_to_be() {
        for target in ["/b/k?retention", "/b?cors", "/b/k?select&select-type=2"] {
            for method in ["GET", "PUT", "POST"] {
                let error = route(method, target, false).unwrap_err();
                assert_eq!(error.code(), Code::NotImplemented, "{method} {target}");
            }
        }
        let error = route("GET", "/b/k?torrent", false).unwrap_err();
        assert_eq!(error.code(), Code::MethodNotAllowed);
        let error = route("PATCH", "/b/k", false).unwrap_err();
        assert_eq!(error.code(), Code::MethodNotAllowed);
    }
}
