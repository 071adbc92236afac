//! A step of a case, and what is known so far, become an unsigned request; pure.
//!
//! Which verb asks for what is one table ([`shape`]); what all verbs share (triples, metadata,
//! checksums, header edits) is added in one place. Nothing here signs or sends.

mod body;
mod bucket;
mod checksum;
mod documents;
mod form;
mod ground;
mod presigned;
mod triple;
mod value;

#[cfg(test)]
mod tests;

pub use body::Bodies;
pub(crate) use documents::NAMESPACE;
pub use ground::{Bindings, Bound, Ground};

use bytes::Bytes;

use crate::case::call::{ByteRange, Call, ChecksumPlace, Listing, Payload, Sign, SignMethod};
use crate::case::value::RefField;
use crate::case::verb::Verb;
use crate::wire::{self, COPY_SOURCE, Framing, Headers, Request};

/// A request that only lacks its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The request.
    pub request: Request,
    /// How it is to be signed.
    pub sign: Sign,
    /// Full key of the object that it is about.
    pub key: Option<String>,
}

/// Why a step cannot become a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// An earlier answer lacks what this step needs of it.
    #[error("the answer `{name}` has no {field}")]
    NoField {
        /// The answer's name.
        name: String,
        /// What it lacks.
        field: String,
    },
    /// A case that was loaded never has this.
    #[error("the case names {0}, which it never defines")]
    Undefined(String),
    /// The step goes over plain http, and the target's http endpoint is not known.
    #[error("needs an http endpoint, none was given")]
    NoHttpEndpoint,
}

/// The request of one step.
///
/// # Errors
/// If it needs something of an earlier answer that was not there, or an http endpoint that was not given.
pub fn plan(
    ground: &Ground<'_>,
    bindings: &Bindings,
    verb: Verb,
    call: &Call,
) -> Result<Planned, PlanError> {
    match verb {
        Verb::PostForm => form::plan(ground, bindings, call),
        Verb::Use => presigned::plan(ground, bindings, call),
        _ => {
            let draft = Draft::new(ground, bindings, verb, call)?;
            draft.finish(ground, bindings, verb, call)
        }
    }
}

/// A request before what all verbs share.
struct Draft {
    method: String,
    /// Name of the object within the case; `None`: the bucket itself.
    object: Option<String>,
    /// Names as they are sent, values unencoded.
    query: Vec<(&'static str, Option<String>)>,
    headers: Headers,
    body: Bytes,
}

impl Draft {
    fn new(
        ground: &Ground<'_>,
        bindings: &Bindings,
        verb: Verb,
        call: &Call,
    ) -> Result<Self, PlanError> {
        let method = shape(verb, call);
        let object = object_of(bindings, verb, call);
        let mut draft = Self {
            method,
            object,
            query: Vec::new(),
            headers: Headers::default(),
            body: Bytes::new(),
        };
        match verb {
            Verb::List => draft.list(ground, call),
            Verb::Attributes => draft.attributes(call),
            Verb::StartUpload => draft.query.push(("uploads", None)),
            Verb::CompleteUpload => draft.body = documents::complete(ground, bindings, call)?,
            Verb::Delete if is_delete_many(call) => draft.delete_many(ground, bindings, call)?,
            Verb::Bucket => bucket::ask(&mut draft, ground, bindings, call)?,
            _ => {}
        }
        if let Some(body) = &call.body {
            draft.body = ground.bodies.of(body);
        }
        if let Some(source) = &call.from {
            draft.copy_source(ground, bindings, call, source)?;
        }
        if let Some(part) = &call.part {
            draft.query.push(("partNumber", Some(part.clone())));
        }
        if let Some(upload) = &call.upload {
            draft
                .query
                .push(("uploadId", Some(ground.value(bindings, upload)?)));
        }
        if let Some(version) = &call.version {
            draft
                .query
                .push(("versionId", Some(ground.value(bindings, version)?)));
        }
        Ok(draft)
    }

    fn list(&mut self, ground: &Ground<'_>, call: &Call) {
        match call.listing.unwrap_or_default() {
            Listing::V1 => {}
            Listing::V2 => self.query.push(("list-type", Some("2".to_owned()))),
            Listing::Versions => self.query.push(("versions", None)),
            Listing::Uploads => self.query.push(("uploads", None)),
        }
        let prefix = ground.key(call.prefix.as_deref().unwrap_or_default());
        self.query.push(("prefix", Some(prefix)));
    }

    fn attributes(&mut self, call: &Call) {
        const ALL: &str = "ETag,Checksum,ObjectParts,StorageClass,ObjectSize";
        self.query.push(("attributes", None));
        let asked = if call.attributes.is_empty() {
            ALL.to_owned()
        } else {
            call.attributes.join(",")
        };
        self.headers.push("x-amz-object-attributes", asked);
    }

    fn delete_many(
        &mut self,
        ground: &Ground<'_>,
        bindings: &Bindings,
        call: &Call,
    ) -> Result<(), PlanError> {
        self.query.push(("delete", None));
        self.body = documents::delete(ground, bindings, &call.objects)?;
        self.headers
            .push("Content-MD5", crate::keys::md5_base64(&self.body));
        Ok(())
    }

    fn copy_source(
        &mut self,
        ground: &Ground<'_>,
        bindings: &Bindings,
        call: &Call,
        source: &str,
    ) -> Result<(), PlanError> {
        let mut text = format!(
            "{}/{}",
            ground.bucket,
            wire::encode_key(&ground.key(source))
        );
        if let Some(version) = &call.source_version {
            let version = ground.value(bindings, version)?;
            text.extend(["?versionId=", &wire::percent_encode(&version, "")]);
        }
        self.headers.push(COPY_SOURCE, text);
        Ok(())
    }

    /// Adds what all verbs share, and the address.
    fn finish(
        mut self,
        ground: &Ground<'_>,
        bindings: &Bindings,
        verb: Verb,
        call: &Call,
    ) -> Result<Planned, PlanError> {
        triple::add(&mut self.headers, ground, call);
        self.metadata_and_range(ground, bindings, verb, call)?;
        let mut sign = call.sign.clone();
        let mut trailers = Headers::default();
        let summed = Summed {
            ground,
            bindings,
            verb,
            call,
        };
        checksum::add(
            &mut self.headers,
            &mut trailers,
            &mut sign,
            &self.body,
            &summed,
        )?;
        edit(&mut self.headers, ground, bindings, call)?;

        let (scheme, authority, path) = ground.address(self.object.as_deref(), call.wire.http)?;
        let mut request = Request {
            scheme,
            authority,
            method: self.method,
            path,
            query: String::new(),
            headers: self.headers,
            body: self.body,
            trailers,
            framing: framing(call),
        };
        for (name, value) in &self.query {
            request.add_query(name, value.as_deref());
        }
        edit_query(&mut request, ground, bindings, call)?;
        let key = self.object.map(|object| ground.key(&object));
        Ok(Planned { request, sign, key })
    }

    fn metadata_and_range(
        &mut self,
        ground: &Ground<'_>,
        bindings: &Bindings,
        verb: Verb,
        call: &Call,
    ) -> Result<(), PlanError> {
        for (name, value) in &call.metadata {
            let value = ground.value(bindings, value)?;
            self.headers.push(format!("x-amz-meta-{name}"), value);
        }
        if let Some(range) = call.range {
            let of_copy = verb == Verb::UploadPartCopy;
            let header = if of_copy {
                "x-amz-copy-source-range"
            } else {
                "Range"
            };
            self.headers.push(header, range_value(range));
        }
        Ok(())
    }
}

/// What a checksum is computed for.
struct Summed<'a> {
    ground: &'a Ground<'a>,
    bindings: &'a Bindings,
    verb: Verb,
    call: &'a Call,
}

/// The method of every verb.
fn shape(verb: Verb, call: &Call) -> String {
    let fixed = match verb {
        Verb::Put | Verb::Copy | Verb::UploadPart | Verb::UploadPartCopy => "PUT",
        Verb::Get | Verb::List | Verb::Attributes | Verb::ListParts => "GET",
        Verb::Head => "HEAD",
        Verb::Delete if is_delete_many(call) => "POST",
        Verb::Delete | Verb::AbortUpload => "DELETE",
        Verb::StartUpload | Verb::CompleteUpload | Verb::PostForm => "POST",
        Verb::Bucket => bucket::method(call),
        Verb::Presign | Verb::Use | Verb::Raw | Verb::Compare => "GET",
    };
    call.method.clone().unwrap_or_else(|| fixed.to_owned())
}

fn is_delete_many(call: &Call) -> bool {
    call.object.is_none()
}

/// The object of the request: named, or that of the upload it belongs to.
fn object_of(bindings: &Bindings, verb: Verb, call: &Call) -> Option<String> {
    let of_upload = || {
        let reference = call.upload.as_ref().and_then(value::reference)?;
        bindings.get(&reference.name)?.object.clone()
    };
    match verb {
        Verb::List | Verb::Bucket => None,
        _ => call.object.clone().or_else(of_upload),
    }
}

fn range_value(range: ByteRange) -> String {
    match range {
        ByteRange::Between(first, last) => format!("bytes={first}-{last}"),
        ByteRange::From(first) => format!("bytes={first}-"),
        ByteRange::Last(count) => format!("bytes=-{count}"),
    }
}

/// What the case does to header lines by name, after everything else.
fn edit(
    headers: &mut Headers,
    ground: &Ground<'_>,
    bindings: &Bindings,
    call: &Call,
) -> Result<(), PlanError> {
    for edit in &call.headers {
        headers.remove(&edit.name);
        for value in &edit.values {
            headers.push(edit.name.clone(), ground.value(bindings, value)?);
        }
    }
    Ok(())
}

/// Query parameters that the case adds; one without a value has no `=` either.
fn edit_query(
    request: &mut Request,
    ground: &Ground<'_>,
    bindings: &Bindings,
    call: &Call,
) -> Result<(), PlanError> {
    for (name, value) in &call.query {
        let value = ground.value(bindings, value)?;
        let value = (!value.is_empty()).then_some(value.as_str());
        request.add_query(&wire::percent_encode(name, ""), value);
    }
    Ok(())
}

fn framing(call: &Call) -> Framing {
    Framing {
        by_hand: call.wire.is_by_hand(),
        lines: call.wire.lines.clone(),
        first: call.wire.first.clone(),
        stop_after: call.wire.stop_after,
    }
}
