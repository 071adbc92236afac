//! Texts that are written out, taken from an earlier answer, or computed.

use std::time::{Duration, SystemTime};

use time::OffsetDateTime;
use time::macros::format_description;

use super::checksum::checksum_base64;
use super::{Bindings, Bound, Ground, PlanError, RefField};
use crate::case::value::{Ref, Value};
use crate::{keys, xml};

impl Ground<'_> {
    /// The text of a value.
    ///
    /// # Errors
    /// If it comes out of an answer that lacks it.
    pub fn value(&self, bindings: &Bindings, value: &Value) -> Result<String, PlanError> {
        let datum = |name: &str| {
            self.bodies
                .get(name)
                .ok_or_else(|| PlanError::Undefined(name.to_owned()))
        };
        Ok(match value {
            Value::Text(text) => text.clone(),
            Value::Ref(reference) => resolve(bindings, reference)?,
            Value::Key(name) => self.customer_key(*name).base64(),
            Value::KeyMd5(name) => self.customer_key(*name).md5_base64(),
            Value::Md5Of(name) => keys::md5_base64(datum(name)?),
            Value::EtagOf(name) => format!("\"{}\"", keys::md5_hex(datum(name)?)),
            Value::ChecksumOf(name, algorithm) => checksum_base64(*algorithm, datum(name)?),
            Value::ObjectKey(object) => self.key(object),
            Value::Time(seconds) => http_date(self.now, *seconds),
        })
    }
}

/// The reference that a value is, if it is one.
pub(super) const fn reference(value: &Value) -> Option<&Ref> {
    match value {
        Value::Ref(reference) => Some(reference),
        _ => None,
    }
}

fn resolve(bindings: &Bindings, reference: &Ref) -> Result<String, PlanError> {
    let bound = bindings
        .get(&reference.name)
        .ok_or_else(|| PlanError::Undefined(reference.name.clone()))?;
    field(bound, &reference.field).ok_or_else(|| PlanError::NoField {
        name: reference.name.clone(),
        field: field_name(&reference.field).to_owned(),
    })
}

fn field(bound: &Bound, field: &RefField) -> Option<String> {
    if *field == RefField::Url {
        return bound.url.as_ref().map(|(_, url)| url.clone());
    }
    let response = bound.response.as_ref()?;
    let header = |name| response.header(name).map(str::to_owned);
    let element = |name| {
        xml::parse(&response.body)
            .ok()?
            .find(name)
            .map(str::to_owned)
    };
    match field {
        RefField::Etag => header("etag").or_else(|| element("ETag")),
        RefField::VersionId => header("x-amz-version-id"),
        RefField::UploadId => element("UploadId"),
        RefField::Header(name) => header(name),
        RefField::Url => None,
    }
}

fn field_name(field: &RefField) -> &str {
    match field {
        RefField::Etag => "ETag",
        RefField::VersionId => "x-amz-version-id",
        RefField::UploadId => "UploadId",
        RefField::Url => "URL",
        RefField::Header(name) => name,
    }
}

/// An HTTP date (RFC 9110 §5.6.7) so many seconds after `now`.
fn http_date(now: SystemTime, seconds: i64) -> String {
    let distance = Duration::from_secs(seconds.unsigned_abs());
    let time = if seconds < 0 {
        now - distance
    } else {
        now + distance
    };
    let form = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    OffsetDateTime::from(time).format(form).unwrap_or_default()
}
