//! What holds for every answer, whatever the author wrote.

use super::status::ErrorDocument;
use super::{Difference, Question, overlaps};
use crate::case::verb::Verb;
use crate::keys::md5_hex;
use crate::verdict::Check;
use crate::wire::{Response, SSE, SSE_C_ALGORITHM, SSE_C_KEY_MD5};
use crate::xml;

/// The rule that an SSE-C object's ETag is no MD5.
const ETAG_RULE: &str = "ETG-001";

/// The rule that not even the canonical request in an error shows a key.
const ECHO_RULE: &str = "SEC-006";
/// What an answer to a wrong signature shows of the request (AWS, SignatureDoesNotMatch).
const REQUEST_SHOWN: &[&str] = &[
    "CanonicalRequest",
    "CanonicalRequestBytes",
    "StringToSign",
    "StringToSignBytes",
];

/// No customer key of the run comes back, in whatever encoding. The object's own bytes are not searched.
pub(super) fn secrecy(question: &Question<'_>, response: &Response) -> Option<Difference> {
    let place = question.expect.place;
    let found = |what: String| {
        Difference::new(
            Check::KeyInAnswer,
            place,
            "no customer key in any answer",
            what,
        )
    };
    for (name, value) in response.headers.iter() {
        if let Some(form) = question.needles.find(value.as_bytes()) {
            return Some(found(format!(
                "a customer key ({form}) in the header {name}"
            )));
        }
    }
    if question
        .plaintext
        .is_some_and(|plaintext| *plaintext == response.body)
    {
        return None;
    }
    let form = question.needles.find(&response.body)?;
    let what = format!("a customer key ({form}) in the body");
    if is_echo(question, response) {
        let expected = "no customer key in the canonical request that is shown";
        return Some(Difference {
            rule: Some(ECHO_RULE),
            ..Difference::new(Check::KeyEchoed, place, expected, what)
        });
    }
    Some(found(what))
}

/// Whether the only keys in an answer are in the request that an answer to a wrong signature shows.
fn is_echo(question: &Question<'_>, response: &Response) -> bool {
    let Ok(root) = xml::parse(&response.body) else {
        return false;
    };
    let shows = root.text_at("Code") == Some("SignatureDoesNotMatch");
    let elsewhere = root.children.iter().any(|child| {
        !REQUEST_SHOWN.contains(&child.name.as_str())
            && question.needles.find(child.text.as_bytes()).is_some()
    });
    shows && !elsewhere
}

/// Who has not shown the object's key gets none of its bytes.
pub(super) fn plaintext(question: &Question<'_>, response: &Response) -> Option<Difference> {
    let plaintext = question.plaintext.filter(|_| !question.entitled)?;
    overlaps(&response.body, plaintext).then(|| {
        let got = format!("{} with bytes of the object", response.status);
        Difference::new(
            Check::PlaintextInAnswer,
            question.expect.status.place,
            "nothing of the object without its key",
            got,
        )
    })
}

/// An error is an XML document with a Code, and a body is as long as it says.
pub(super) fn well_formed(
    question: &Question<'_>,
    response: &Response,
    document: Option<&ErrorDocument>,
) -> Option<Difference> {
    let place = question.expect.place;
    if question.method == "HEAD" || response.status == 304 || response.status == 204 {
        return None;
    }
    if response.status >= 400 && document.is_none() {
        let got = match xml::parse(&response.body) {
            _ if response.body.is_empty() => "no body".to_owned(),
            Ok(root) => format!("a document <{}> without a Code", root.name),
            Err(error) => error.to_string(),
        };
        return Some(Difference::new(
            Check::ErrorDocument,
            place,
            "an XML error document with a Code",
            got,
        ));
    }
    let announced = response.header("content-length")?.trim();
    let length = response.body.len().to_string();
    (announced != length).then(|| {
        Difference::new(
            Check::Length,
            place,
            format!("Content-Length: {length}"),
            announced.to_owned(),
        )
    })
}

/// Which of the two echo headers a verb's success has where the object is SSE-C.
const fn echoes(verb: Verb, has_triple: bool) -> (bool, bool) {
    match verb {
        Verb::Put
        | Verb::Get
        | Verb::Head
        | Verb::Copy
        | Verb::StartUpload
        | Verb::UploadPart
        | Verb::UploadPartCopy
        | Verb::Use => (true, true),
        // Without a triple S3 names the algorithm only.
        Verb::CompleteUpload => (true, has_triple),
        Verb::Delete
        | Verb::List
        | Verb::Attributes
        | Verb::AbortUpload
        | Verb::ListParts
        | Verb::PostForm
        | Verb::Presign
        | Verb::Bucket
        | Verb::Compare
        | Verb::Raw => (false, false),
    }
}

/// The echo of the triple, no other encryption, and an ETag that is no MD5. Headers about which the author
/// wrote something are the author's.
pub(super) fn sse_c(question: &Question<'_>, response: &Response) -> Vec<Difference> {
    let Some(key_md5) = question.key_md5 else {
        return Vec::new();
    };
    let (algorithm, md5) = match question.about_echo {
        true => echoes(question.verb, question.has_triple),
        false => (false, false),
    };
    let mut found = Vec::new();
    for (name, expected, wanted) in [
        (SSE_C_ALGORITHM, Some("AES256"), algorithm),
        (SSE_C_KEY_MD5, Some(key_md5), md5),
        (SSE, None, algorithm),
    ] {
        let is_written = question
            .expect
            .headers
            .iter()
            .any(|header| header.value.name.eq_ignore_ascii_case(name));
        let got = response.header(name);
        if wanted && !is_written && got != expected {
            let text = |value: Option<&str>| format!("{name}: {}", value.unwrap_or("absent"));
            found.push(Difference::new(
                Check::Header,
                question.expect.place,
                text(expected),
                text(got),
            ));
        }
    }
    found.extend(etag(question, response));
    found
}

fn etag(question: &Question<'_>, response: &Response) -> Option<Difference> {
    let plaintext = question.plaintext.filter(|_| question.about_etags)?;
    let in_body = || {
        xml::parse(&response.body)
            .ok()?
            .find("ETag")
            .map(|etag| etag.trim_matches('"').to_owned())
    };
    let etag = match question.verb {
        Verb::Put | Verb::Get | Verb::Head | Verb::UploadPart | Verb::Use => {
            response.etag()?.to_owned()
        }
        Verb::Copy => in_body()?,
        _ => return None,
    };
    etag.eq_ignore_ascii_case(&md5_hex(plaintext))
        .then(|| Difference {
            rule: Some(ETAG_RULE),
            ..Difference::new(
                Check::EtagIsMd5,
                question.expect.place,
                "an ETag that is not the MD5 of the plaintext",
                format!("ETag: {etag}, the MD5 of the plaintext"),
            )
        })
}
