//! The body of a browser upload, taken apart.

use bytes::Bytes;
use ssec_reference::headers as name;

use crate::triple::Triple;

/// Fields in their order, and the file.
pub(crate) struct Form {
    parts: Vec<Part>,
}

struct Part {
    head: String,
    body: Bytes,
}

impl Form {
    /// Reads a form; `None` if it is none.
    pub(crate) fn read(content_type: &str, body: &Bytes) -> Option<Self> {
        let boundary = content_type
            .split_once("boundary=")?
            .1
            .trim_matches('"')
            .to_owned();
        let edge = format!("--{boundary}");
        let mut parts = Vec::new();
        let mut at = find(body, edge.as_bytes(), 0)? + edge.len();
        while body.get(at..at + 2) == Some(b"\r\n") {
            let end = find(body, format!("\r\n{edge}").as_bytes(), at)?;
            let blank = find(body, b"\r\n\r\n", at)?;
            parts.push(Part {
                head: String::from_utf8(body.get(at + 2..blank)?.to_vec()).ok()?,
                body: body.slice((blank + 4).min(end)..end),
            });
            at = end + 2 + edge.len();
        }
        Some(Self { parts })
    }

    /// The text of a field.
    pub(crate) fn field(&self, field: &str) -> Option<String> {
        let part = self.parts.iter().find(|part| part.is(field))?;
        String::from_utf8(part.body.to_vec()).ok()
    }

    /// The file.
    pub(crate) fn file(&self) -> Bytes {
        let part = self.parts.iter().find(|part| part.is("file"));
        part.map(|part| part.body.clone()).unwrap_or_default()
    }

    /// The three fields.
    pub(crate) fn triple(&self) -> Triple {
        Triple {
            algorithm: self.field(name::SSEC_ALGORITHM),
            key: self.field(name::SSEC_KEY),
            key_md5: self.field(name::SSEC_KEY_MD5),
        }
    }
}

impl Part {
    fn is(&self, field: &str) -> bool {
        let wanted = format!("name=\"{}\"", field.to_ascii_lowercase());
        self.head
            .to_ascii_lowercase()
            .contains(&format!(" {wanted}"))
    }
}

fn find(haystack: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    let rest = haystack.get(from..)?;
    let found = rest
        .windows(needle.len())
        .position(|window| window == needle);
    found.map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_file_are_found() {
        let text = "--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n--b\r\n\
                    Content-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n\
                    one\r\ntwo\r\n--b--\r\n";
        let body = Bytes::from(text);
        let form = Form::read("multipart/form-data; boundary=b", &body).unwrap();
        assert_eq!(form.field("KEY").as_deref(), Some("k"));
        assert_eq!(&form.file()[..], b"one\r\ntwo");
        assert_eq!(form.field("name"), None);
        assert!(Form::read("text/plain", &body).is_none());
    }
}
