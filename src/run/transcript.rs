//! What went over the wire, readable: requests, answers, no credentials and no signatures. Customer keys of the
//! run are in it; they are throwaway.

use super::session::{Failure, Notes, Session};
use crate::plan::Planned;
use crate::redact::Redactor;
use crate::verdict::Role;
use crate::wire::{Headers, Request, Response};

/// Longer bodies are not shown, nor such as are no text.
const BODY_LEN_MAX: usize = 4 * 1024;

/// Every exchange of one case.
#[derive(Debug, Default)]
pub(super) struct Transcript(String);

impl Transcript {
    /// An empty one, if somebody wants it.
    pub(super) fn wanted(session: &Session) -> Option<Self> {
        session.options.transcripts.then(Self::default)
    }

    pub(super) fn into_text(self) -> String {
        self.0
    }

    /// Adds an exchange: the step's index and verb, and why it was sent.
    pub(super) fn push(
        &mut self,
        session: &Session,
        (index, verb, role): (usize, &str, Role),
        planned: &Planned,
        notes: &Notes,
        result: &Result<Response, Failure>,
    ) {
        let why = match role {
            Role::Step => "as written",
            Role::Control => "control: the request without its defect",
            Role::Setup => "set-up",
            Role::Look => "look: the object after a refused write",
        };
        let mut text = format!("### {}. {verb} ({why})\n", index + 1);
        let sent = notes.sent.as_ref().unwrap_or(&planned.request);
        request(&mut text, planned, sent);
        if notes.repeated > 0 {
            text.push_str(&format!("* repeated {} times\n", notes.repeated));
        }
        match result {
            Ok(response) => answer(&mut text, response),
            Err(failure) => text.push_str(&format!("* no answer: {failure}\n")),
        }
        text.push('\n');
        let text = session.redactor.text(&text);
        self.0.push_str(&signatures(sent).text(&text));
    }
}

/// What was sent; the payload before it was cut into signed chunks.
fn request(text: &mut String, planned: &Planned, sent: &Request) {
    let scheme = sent.scheme.as_str();
    text.push_str(&format!("> {} {} HTTP/1.1\n", sent.method, sent.target()));
    text.push_str(&format!("> host: {}   ({scheme})\n", sent.authority));
    headers(text, '>', &sent.headers);
    for line in &sent.framing.lines {
        text.push_str(&format!("> {line}\n"));
    }
    if let Some(stop) = sent.framing.stop_after {
        text.push_str(&format!("* cut after {stop} bytes of the body\n"));
    }
    body(text, '>', &planned.request.body);
}

fn answer(text: &mut String, response: &Response) {
    text.push_str(&format!("< {}\n", response.status));
    headers(text, '<', &response.headers);
    body(text, '<', &response.body);
}

fn headers(text: &mut String, margin: char, headers: &Headers) {
    for (name, value) in headers.iter() {
        text.push_str(&format!("{margin} {name}: {value}\n"));
    }
}

fn body(text: &mut String, margin: char, body: &[u8]) {
    if body.is_empty() {
        return;
    }
    text.push_str(&format!("{margin}\n"));
    match std::str::from_utf8(body) {
        Ok(readable) if body.len() <= BODY_LEN_MAX && !readable.contains('\0') => {
            for line in readable.lines() {
                text.push_str(&format!("{margin} {line}\n"));
            }
        }
        _ => text.push_str(&format!("{margin} [{} bytes]\n", body.len())),
    }
}

/// Takes the signatures of a request out of any text, wherever they are: header, URL or form.
///
/// A base64 policy goes with them: it may hold a session token.
pub(super) fn signatures(request: &Request) -> Redactor {
    let mut found = Vec::new();
    for value in request.headers.all("authorization") {
        let v4 = value.split("Signature=").nth(1);
        let v2 = value
            .strip_prefix("AWS ")
            .and_then(|rest| rest.rsplit(':').next());
        found.extend(
            v4.or(v2)
                .map(|rest| rest.split(',').next().unwrap_or(rest).trim().to_owned()),
        );
    }
    for pair in request.query.split('&') {
        if let Some((name, value)) = pair.split_once('=')
            && ["x-amz-signature", "signature"].contains(&name.to_ascii_lowercase().as_str())
        {
            found.push(decoded(value));
            found.push(value.to_owned());
        }
    }
    found.extend(fields(&request.body));
    Redactor::new(found.iter().map(String::as_str))
}

/// The values of a form that must not be shown.
fn fields(body: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(&body[..body.len().min(16 * 1024)]);
    let value = |name: &str| {
        let (_, rest) = text.split_once(&format!("name=\"{name}\"\r\n\r\n"))?;
        rest.split("\r\n").next().map(str::to_owned)
    };
    ["x-amz-signature", "signature", "policy"]
        .into_iter()
        .filter_map(value)
        .collect()
}

/// Percent-decoded, as far as it is text.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = (*first == b'%').then(|| tail.get(..2)).flatten();
        let byte = escaped
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Framing, Scheme};

    fn request(query: &str, authorization: &str, body: &str) -> Request {
        let mut headers = Headers::default();
        if !authorization.is_empty() {
            headers.push("Authorization", authorization);
        }
        Request {
            scheme: Scheme::Https,
            authority: "h".to_owned(),
            method: "GET".to_owned(),
            path: "/".to_owned(),
            query: query.to_owned(),
            headers,
            body: body.to_owned().into(),
            trailers: Headers::default(),
            framing: Framing::default(),
        }
    }

    #[test]
    fn signatures_go_wherever_they_are_repeated() {
        for (request, text, expected) in [
            (
                request(
                    "",
                    "AWS4-HMAC-SHA256 Credential=c, SignedHeaders=h, Signature=0123456789abcdef",
                    "",
                ),
                "<SignatureProvided>0123456789abcdef</SignatureProvided>",
                "<SignatureProvided>[redacted]</SignatureProvided>",
            ),
            (
                request("", "AWS somebody:abc/defgh+i=", ""),
                "abc/defgh+i= and abc%2Fdefgh%2Bi%3D",
                "[redacted] and [redacted]",
            ),
            (
                request("a=b&Signature=abc%2fdefgh%2Bi%3D", "", ""),
                "?Signature=abc%2fdefgh%2Bi%3D abc/defgh+i=",
                "?Signature=[redacted] [redacted]",
            ),
            (
                request(
                    "",
                    "",
                    "--x\r\ncontent-disposition: form-data; name=\"policy\"\r\n\r\neyJhIjoxfQ==\r\n--x--",
                ),
                "policy eyJhIjoxfQ==",
                "policy [redacted]",
            ),
        ] {
            assert_eq!(signatures(&request).text(text), expected);
        }
    }
}
