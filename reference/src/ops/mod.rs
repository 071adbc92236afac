//! The operations: each decides by the head, then opens or seals, then answers.
//!
//! The only place where rules, seal and store meet.

mod acl;
mod attributes;
mod bucket;
mod bucket_encryption;
mod bucket_policy;
mod copy_object;
mod delete_object;
mod get_object;
mod list_objects;
mod multipart;
mod post_object;
mod put_object;
mod tagging;

pub(crate) use bucket::new_bucket;

use std::sync::Arc;

use crate::app::App;
use crate::error::S3Result;
use crate::respond::{self, Ids};
use crate::route::Operation as Op;
use crate::service::{Answer, Call, Handler, Response};

/// The longest XML or JSON body of a request, in bytes (CompleteMultipartUpload of 10,000 parts
/// with checksums is the largest).
const DOCUMENT_LEN_MAX: usize = 4 * 1024 * 1024;

/// Carries out authenticated requests.
pub(crate) struct Operations {
    pub(crate) app: Arc<App>,
}

impl Handler for Operations {
    fn handle(&self, call: Call) -> Answer<'_> {
        Box::pin(async {
            let method = call.head.method.clone();
            match self.carry_out(call).await {
                Ok(response) => response,
                Err(error) => {
                    let ids = Ids::new(self.app.random());
                    let mut response = respond::error(&error, &method, &ids);
                    ids.sign(&mut response);
                    response
                }
            }
        })
    }
}

impl Operations {
    async fn carry_out(&self, call: Call) -> S3Result<Response> {
        let app = &*self.app;
        match call.operation {
            Op::ListBuckets => bucket::list(app, &call),
            Op::CreateBucket => bucket::create(app, call).await,
            Op::HeadBucket => bucket::head(app, &call),
            Op::DeleteBucket => bucket::delete(app, &call),
            Op::GetBucketLocation => bucket::location(app, &call),
            Op::GetBucketVersioning => bucket::get_versioning(app, &call),
            Op::PutBucketVersioning => bucket::put_versioning(app, call).await,
            Op::GetBucketEncryption => bucket_encryption::get(app, &call),
            Op::PutBucketEncryption => bucket_encryption::put(app, call).await,
            Op::DeleteBucketEncryption => bucket_encryption::delete(app, &call),
            Op::GetBucketPolicy => bucket_policy::get(app, &call),
            Op::PutBucketPolicy => bucket_policy::put(app, call).await,
            Op::DeleteBucketPolicy => bucket_policy::delete(app, &call),
            Op::ListObjects => list_objects::v1(app, &call),
            Op::ListObjectsV2 => list_objects::v2(app, &call),
            Op::ListObjectVersions => list_objects::versions(app, &call),
            Op::DeleteObjects => delete_object::many(app, call).await,
            Op::PostObject => post_object::post(app, call).await,
            Op::PutObject => put_object::put(app, call).await,
            Op::GetObject => get_object::get(app, call).await,
            Op::HeadObject => get_object::head(app, &call),
            Op::DeleteObject => delete_object::one(app, &call),
            Op::CopyObject => copy_object::copy(app, call).await,
            Op::CreateMultipartUpload => multipart::create(app, &call),
            Op::UploadPart => multipart::upload_part(app, call).await,
            Op::UploadPartCopy => multipart::upload_part_copy(app, call).await,
            Op::CompleteMultipartUpload => multipart::complete(app, call).await,
            Op::AbortMultipartUpload => multipart::abort(app, &call),
            Op::ListParts => multipart::list_parts(app, &call),
            Op::ListMultipartUploads => multipart::list_uploads(app, &call),
            Op::GetObjectAttributes => attributes::get(app, &call),
            Op::GetObjectTagging => tagging::get(app, &call),
            Op::PutObjectTagging => tagging::put(app, call).await,
            Op::DeleteObjectTagging => tagging::delete(app, &call),
            Op::GetObjectAcl | Op::GetBucketAcl => acl::get(app, &call),
            Op::PutObjectAcl => acl::put(app, &call),
            Op::GetBucketTagging => tagging::of_bucket(app, &call),
        }
    }
}
