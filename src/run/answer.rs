//! An exchange as reports carry it: without credentials, and with a command line that repeats it.

use super::session::{Failure, Notes, Session};
use super::transcript::signatures;
use crate::case::call::{Sign, SignMethod};
use crate::check::error_document;
use crate::plan::Planned;
use crate::target::Trust;
use crate::verdict::{Answer, Role};
use crate::wire::{Request, Response};

/// Longer texts are not put on a command line.
const INLINE_LEN_MAX: usize = 2048;

/// What reports carry of one exchange.
pub(super) fn answer(
    session: &Session,
    step: usize,
    role: Role,
    planned: &Planned,
    notes: &Notes,
    result: Result<&Response, &Failure>,
) -> Answer {
    let request = &planned.request;
    let signatures = signatures(notes.sent.as_ref().unwrap_or(request));
    let clean = |text: &str| {
        let text = session.redactor.text(text);
        signatures.text(&text).into_owned()
    };
    let document = result
        .ok()
        .and_then(|response| error_document(&request.method, response));
    let headers = result
        .into_iter()
        .flat_map(|response| response.headers.iter());
    Answer {
        step,
        role,
        request: clean(&format!("{} {}", request.method, request.target())),
        status: result.ok().map(|response| response.status),
        code: document.as_ref().map(|document| clean(&document.code)),
        message: document
            .and_then(|document| document.message)
            .map(|message| clean(&message)),
        headers: headers
            .map(|(name, value)| (name.to_owned(), clean(value)))
            .collect(),
        error: result.err().map(|failure| clean(&failure.to_string())),
        curl: clean(&curl(session, request, &planned.sign)),
    }
}

/// A command line that sends the same request; credentials come from the environment, the customer keys
/// of the run are in it.
fn curl(session: &Session, request: &Request, sign: &Sign) -> String {
    let mut line = String::new();
    let body = (!request.body.is_empty()).then(|| data(request));
    if let Some((Some(pipe), _)) = &body {
        line.push_str(pipe);
    }
    line.push_str("curl -sS -i -g --path-as-is");
    match session.target.trust {
        Trust::System => {}
        Trust::Pem(_) => line.push_str(" --cacert \"$AWS_CA_BUNDLE\""),
        Trust::Insecure => line.push_str(" -k"),
    }
    if sign.method != SignMethod::None {
        let region = &session.target.region;
        line.push_str(&format!(
            " --aws-sigv4 'aws:amz:{region}:s3' -u \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\" \
             -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD'"
        ));
        if session.target.credentials.session_token().is_some() {
            line.push_str(" -H \"x-amz-security-token: $AWS_SESSION_TOKEN\"");
        }
    }
    line.push_str(match request.method.as_str() {
        "GET" => "",
        "HEAD" => " -I",
        _ => " -X ",
    });
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        line.push_str(&request.method);
    }
    if body.is_some() && request.headers.get("content-type").is_none() {
        line.push_str(" -H 'Content-Type:'");
    }
    for (name, value) in request.headers.iter() {
        // curl leaves out `Name:` and sends `Name;` as an empty header.
        let header = if value.is_empty() {
            format!("{name};")
        } else {
            format!("{name}: {value}")
        };
        line.push_str(&format!(" -H {}", quote(&header)));
    }
    if let Some((_, data)) = body {
        line.push_str(&data);
    }
    line.push(' ');
    line.push_str(&quote(&request.url()));
    line
}

/// How the body gets into curl: as it stands, or as so many bytes of a stand-in.
fn data(request: &Request) -> (Option<String>, String) {
    match std::str::from_utf8(&request.body) {
        Ok(text) if text.len() <= INLINE_LEN_MAX && !text.contains('\0') => {
            (None, format!(" --data-binary {}", quote(text)))
        }
        _ => (
            Some(format!("head -c {} /dev/zero | ", request.body.len())),
            " --data-binary @-".to_owned(),
        ),
    }
}

/// One word of a POSIX shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_the_shell() {
        for (text, expected) in [
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("$x `y`", "'$x `y`'"),
        ] {
            assert_eq!(quote(text), expected);
        }
    }
}
