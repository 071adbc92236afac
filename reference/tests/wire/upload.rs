//! Multipart uploads as a client makes them, for the tests of several areas.

use bytes::Bytes;

use crate::keys::Key;
use crate::s3::{Ask, S3};

/// An upload in progress.
pub(crate) struct Upload<'a> {
    s3: &'a S3,
    key: String,
    pub(crate) id: String,
    customer_key: Option<Key>,
    /// What Complete will list: number, ETag, further XML.
    pub(crate) parts: Vec<(u16, String, String)>,
}

impl S3 {
    /// Starts an upload; headers are checked by the tests of CreateMultipartUpload.
    pub(crate) fn upload(&self, key: &str, customer_key: Option<Key>) -> Upload<'_> {
        self.upload_with(key, customer_key, &[])
    }

    /// The same with further headers, such as a checksum algorithm.
    pub(crate) fn upload_with(
        &self,
        key: &str,
        customer_key: Option<Key>,
        headers: &[(&str, &str)],
    ) -> Upload<'_> {
        let create = self.object("POST", &format!("{key}?uploads"));
        let create = with_key(create, customer_key);
        let create = headers
            .iter()
            .fold(create, |ask, (name, value)| ask.header(name, value));
        Upload {
            s3: self,
            key: key.to_owned(),
            id: create.ok(200).must("UploadId"),
            customer_key,
            parts: Vec::new(),
        }
    }
}

impl Upload<'_> {
    /// UploadPart without a triple.
    pub(crate) fn part(&self, number: u16, body: impl Into<Bytes>) -> Ask<'_> {
        self.numbered(number).body(body)
    }

    /// UploadPartCopy without triples.
    pub(crate) fn part_copy(&self, number: u16, source: &str) -> Ask<'_> {
        self.numbered(number)
            .header("x-amz-copy-source", &format!("/bkt/{source}"))
    }

    fn numbered(&self, number: u16) -> Ask<'_> {
        let target = format!("{}?partNumber={number}&uploadId={}", self.key, self.id);
        self.s3.object("PUT", &target)
    }

    /// Uploads a part with the upload's key, to be listed by Complete.
    pub(crate) fn add(&mut self, number: u16, body: impl Into<Bytes>) {
        let etag = with_key(self.part(number, body), self.customer_key)
            .ok(200)
            .etag();
        self.list(number, &etag, "");
    }

    /// Lists a part, in place of an earlier one of its number.
    pub(crate) fn list(&mut self, number: u16, etag: &str, more: &str) {
        self.parts.retain(|(given, ..)| *given != number);
        self.parts.push((number, etag.to_owned(), more.to_owned()));
    }

    /// CompleteMultipartUpload without a triple.
    pub(crate) fn complete(&self) -> Ask<'_> {
        let part = |(number, etag, more): &(u16, String, String)| {
            format!("<Part><PartNumber>{number}</PartNumber><ETag>\"{etag}\"</ETag>{more}</Part>")
        };
        let parts: String = self.parts.iter().map(part).collect();
        self.complete_with(format!(
            "<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>"
        ))
    }

    pub(crate) fn complete_with(&self, xml: impl Into<Bytes>) -> Ask<'_> {
        self.named("POST", "").body(xml)
    }

    pub(crate) fn abort(&self) -> Ask<'_> {
        self.named("DELETE", "")
    }

    /// ListParts without a triple.
    pub(crate) fn list_parts(&self) -> Ask<'_> {
        self.named("GET", "")
    }

    /// A request about the upload, with a further query.
    pub(crate) fn named(&self, method: &str, query: &str) -> Ask<'_> {
        self.s3
            .object(method, &format!("{}?uploadId={}{query}", self.key, self.id))
    }
}

fn with_key<'a>(ask: Ask<'a>, customer_key: Option<Key>) -> Ask<'a> {
    match customer_key {
        Some(customer_key) => ask.sse_c(&customer_key),
        None => ask,
    }
}
