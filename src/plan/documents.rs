//! XML that requests carry: the parts of an upload, the objects to delete.

use bytes::Bytes;

use super::{Bindings, Ground, PlanError, RefField};
use crate::case::call::{Call, ObjectEntry, PartEntry};
use crate::case::value::{Ref, Value};
use crate::xml::escape;

/// The namespace of S3's documents.
pub(crate) const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

/// The list that completes an upload.
pub(super) fn complete(
    ground: &Ground<'_>,
    bindings: &Bindings,
    call: &Call,
) -> Result<Bytes, PlanError> {
    let mut xml = format!("<CompleteMultipartUpload xmlns=\"{NAMESPACE}\">");
    for entry in &call.parts {
        xml.push_str("<Part>");
        let mut element =
            |name: &str, text: &str| xml.push_str(&format!("<{name}>{}</{name}>", escape(text)));
        element("PartNumber", &part_number(bindings, entry)?);
        element(
            "ETag",
            &part_text(ground, bindings, entry, entry.etag.as_ref(), RefField::Etag)?,
        );
        if let Some(checksum) = &call.checksum {
            let header =
                RefField::Header(super::checksum::header_name(checksum.algorithm).to_owned());
            let value = part_text(ground, bindings, entry, entry.checksum.as_ref(), header)?;
            element(&format!("Checksum{}", checksum.algorithm.name()), &value);
        }
        xml.push_str("</Part>");
    }
    xml.push_str("</CompleteMultipartUpload>");
    Ok(xml.into())
}

fn part_number(bindings: &Bindings, entry: &PartEntry) -> Result<String, PlanError> {
    let of_answer = || bindings.get(entry.of.as_deref()?)?.part.clone();
    entry
        .part
        .clone()
        .or_else(of_answer)
        .ok_or_else(|| PlanError::Undefined("a part without a number".to_owned()))
}

/// What the entry says, else what the answer of its part says.
fn part_text(
    ground: &Ground<'_>,
    bindings: &Bindings,
    entry: &PartEntry,
    said: Option<&Value>,
    field: RefField,
) -> Result<String, PlanError> {
    match (said, &entry.of) {
        (Some(value), _) => ground.value(bindings, value),
        (None, Some(name)) => ground.value(
            bindings,
            &Value::Ref(Ref {
                name: name.clone(),
                field,
            }),
        ),
        (None, None) => Ok(String::new()),
    }
}

/// The list of DeleteObjects.
pub(super) fn delete(
    ground: &Ground<'_>,
    bindings: &Bindings,
    objects: &[ObjectEntry],
) -> Result<Bytes, PlanError> {
    let mut xml = format!("<Delete xmlns=\"{NAMESPACE}\">");
    for entry in objects {
        xml.push_str(&format!(
            "<Object><Key>{}</Key>",
            escape(&ground.key(&entry.object))
        ));
        if let Some(version) = &entry.version {
            let version = ground.value(bindings, version)?;
            xml.push_str(&format!("<VersionId>{}</VersionId>", escape(&version)));
        }
        xml.push_str("</Object>");
    }
    xml.push_str("</Delete>");
    Ok(xml.into())
}
