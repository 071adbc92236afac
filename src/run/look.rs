//! The look: after a refused write the object is what it was, or is still not there; after a refused part
//! the upload lists what it listed.

use super::memory::{Known, Upload};
use super::walk::{Halt, Walk};
use crate::case::Step;
use crate::case::call::Call;
use crate::case::triple::Triple;
use crate::case::verb::Verb;
use crate::check::Difference;
use crate::verdict::{Check, Role, Stopped};
use crate::wire::Response;
use crate::xml;

/// Looks after a refused write; reads and deletions leave nothing to look at.
pub(super) async fn look(walk: &mut Walk<'_>, index: usize, step: &Step) -> Result<(), Halt> {
    match step.verb {
        Verb::UploadPart | Verb::UploadPartCopy => at_parts(walk, index, step).await,
        Verb::Put | Verb::Copy | Verb::PostForm | Verb::CompleteUpload => {
            at_object(walk, index, step).await
        }
        Verb::Use | Verb::Raw if is_write(walk, step) => at_object(walk, index, step).await,
        _ => Ok(()),
    }
}

fn is_write(walk: &Walk<'_>, step: &Step) -> bool {
    let method = walk
        .answers
        .iter()
        .rev()
        .find(|answer| answer.role == Role::Step);
    let whole = step.asked().query.is_empty() && step.asked().upload.is_none();
    method.is_some_and(|answer| {
        answer.request.starts_with("PUT ") && !answer.request.contains("partNumber=")
    }) && whole
}

async fn at_object(walk: &mut Walk<'_>, index: usize, step: &Step) -> Result<(), Halt> {
    let planned = walk.plan(step.verb, step.asked(), &walk.bindings)?;
    let Some(object) = walk.object(&planned) else {
        return Ok(());
    };
    let known = walk.memory.object(&object).clone();
    let sse_c = match &known {
        Known::Unknown => return Ok(()),
        Known::Absent => None,
        Known::Is(stored) => stored.key.map(Triple::of),
    };
    let call = Call {
        object: Some(object),
        sse_c,
        ..Call::default()
    };
    let planned = walk.plan(Verb::Get, &call, &walk.bindings)?;
    let response = walk
        .send(index, Role::Look, &planned)
        .await
        .map_err(|failure| {
            Some(Stopped::Unproven(format!(
                "the look after step {}: {failure}",
                index + 1
            )))
        })?;
    if let Some((expected, got)) = changed(&known, &response) {
        walk.find(index, step, difference(step, expected, got));
    }
    Ok(())
}

/// What was expected and what is there, if these differ.
fn changed(known: &Known, response: &Response) -> Option<(String, String)> {
    match known {
        Known::Unknown => None,
        // Who may not list is told 403 about what is not there.
        Known::Absent if matches!(response.status, 404 | 403) => None,
        Known::Absent => {
            let expected = "nothing stored by a refused write (404)".to_owned();
            Some((expected, format!("{} after the refusal", response.status)))
        }
        Known::Is(stored) if response.is_success() && response.body == stored.bytes => None,
        Known::Is(_) => {
            let expected = "the object as it was before the refused write".to_owned();
            let got = if response.is_success() {
                "other bytes".to_owned()
            } else {
                format!("{}", response.status)
            };
            Some((expected, got))
        }
    }
}

async fn at_parts(walk: &mut Walk<'_>, index: usize, step: &Step) -> Result<(), Halt> {
    let asked = step.asked();
    let open = walk.memory.upload(asked).filter(|upload| !upload.ended);
    let Some(upload) = open.cloned() else {
        return Ok(());
    };
    let call = Call {
        object: asked.object.clone(),
        upload: asked.upload.clone(),
        sse_c: upload.triple.clone(),
        ..Call::default()
    };
    let planned = walk.plan(Verb::ListParts, &call, &walk.bindings)?;
    let response = walk
        .send(index, Role::Look, &planned)
        .await
        .map_err(|failure| {
            Some(Stopped::Unproven(format!(
                "the look after step {}: {failure}",
                index + 1
            )))
        })?;
    let got = match parts(&response) {
        _ if response.status == 404 => "the upload is gone".to_owned(),
        Some(listed) if listed == expected_parts(&upload) => return Ok(()),
        Some(listed) => {
            let listed: Vec<_> = listed
                .iter()
                .map(|(number, etag)| format!("part {number} {etag}"))
                .collect();
            if listed.is_empty() {
                "no parts".to_owned()
            } else {
                listed.join(", ")
            }
        }
        // The target cannot list parts: other cases say so.
        None => {
            walk.flag("no-look");
            return Ok(());
        }
    };
    walk.find(
        index,
        step,
        difference(
            step,
            "the parts that were there before the refused one".to_owned(),
            got,
        ),
    );
    Ok(())
}

/// Part numbers and ETags without quotes, by number.
fn parts(response: &Response) -> Option<Vec<(String, String)>> {
    let root = response
        .is_success()
        .then(|| xml::parse(&response.body).ok())
        .flatten()?;
    let numbers = root.texts("Part/PartNumber").into_iter().map(str::to_owned);
    let etags = root
        .texts("Part/ETag")
        .into_iter()
        .map(|etag| etag.trim_matches('"').to_owned());
    let mut parts: Vec<_> = numbers.zip(etags).collect();
    parts.sort();
    Some(parts)
}

fn expected_parts(upload: &Upload) -> Vec<(String, String)> {
    let parts = upload.parts.iter();
    parts
        .map(|(number, (_, etag))| (number.clone(), etag.clone().unwrap_or_default()))
        .collect()
}

fn difference(step: &Step, expected: String, got: String) -> Difference {
    Difference {
        check: Check::Look,
        expected,
        got,
        place: Walk::place(step),
        rule: None,
    }
}
