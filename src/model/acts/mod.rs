//! What each act asks for, what S3 answers, and what is in the bucket then: one file per kind of act.

mod bucket;
mod copy;
mod parts;
mod presigned;
mod read;
mod uploads;
mod write;

use super::op::{Act, Op};
use super::script::Move;
use super::world::World;
use crate::case::Verb;

/// The requests of one operation; none where S3's answer is not known, or there is nothing to do it to.
pub(super) fn act(world: &mut World, op: &Op) -> Vec<Move> {
    match op.act {
        Act::Put => write::put(world, op),
        Act::Post => write::post(world, op),
        Act::Get => read::read(world, op, Verb::Get),
        Act::Head => read::read(world, op, Verb::Head),
        Act::Attributes => read::attributes(world, op),
        Act::Copy => copy::copy(world, op),
        Act::StartUpload => uploads::start(world, op),
        Act::UploadPart => parts::upload(world, op),
        Act::UploadPartCopy => parts::copy(world, op),
        Act::Complete => uploads::complete(world, op),
        Act::Abort => uploads::abort(world, op),
        Act::ListParts => uploads::list_parts(world, op),
        Act::PresignedGet => presigned::get(world, op),
        Act::PresignedPut => presigned::put(world, op),
        Act::Delete => write::delete(world, op),
        Act::DeleteVersion => write::delete_version(world, op),
        Act::List => bucket::list(world, op),
        Act::ListVersions => bucket::list_versions(world, op),
        Act::EnableVersions | Act::SuspendVersions => bucket::versioning(world, op),
        Act::Block | Act::Unblock => bucket::block(world, op),
    }
}
